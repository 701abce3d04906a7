// What `#[grad]` writes for determinant.rs.

/// Value and gradient of [`determinant`].
///
/// Returns (`determinant(…)`, `d_a` [a.len()]): the value, and the partial derivatives of the result.
///
/// Saves `3·n + 2·n·n` values of the forward sweep.
///
/// ```text
/// i[l, p] = l + 1 + p
/// det[l] = −det[l]
/// factor[l, p] = m[l, p, i[l, p]·n + l] / m[l, p, l·n + l]
/// j[l, p] = l + 1 + p
/// k[l] = n − 1 − l
/// d_factor[l, p] = Σ_{q} (−d_m[l, p, q, i[l, p]·n + j[l, q]]·m[k[l], k[l]·n + j[k[l], max(n − (k[l] + 1), 0) − 1 − q]])
/// d_det[l] = {−d_det[l]·m[k[l], k[l]·n + k[l]] if pivot[k[l]] ≠ k[l]; d_det[l]·m[k[l], k[l]·n + k[l]] otherwise}
/// y = det
/// d_a = s0
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
pub fn determinant_grad(a: &[f64], n: usize) -> (f64, ::std::vec::Vec<f64>) {
    let a_len = a.len();
    let mut m = a.to_vec();
    let mut det = 1.0_f64;
    let mut det_2 = ::std::vec![0.0_f64; n];
    let mut pivot = ::std::vec![0usize; n];
    let mut buffer = ::std::vec![0.0_f64; n];
    let mut buffer_2 = ::std::vec![0.0_f64; n * n];
    let mut factor = ::std::vec![0.0_f64; n * n];
    for k in 0..n {
        det_2[k] = det;
        let mut pivot_2 = k;
        for i in 0..n - (k + 1) {
            pivot_2 = if m[(k + 1 + i) * n + k].abs() > m[pivot_2 * n + k].abs() {
                k + 1 + i
            } else {
                pivot_2
            };
        }
        pivot[k] = pivot_2;
        let (t_4, t_5) = if pivot_2 != k { (n, -det) } else { (0, det) };
        for j in 0..t_4 {
            let t_7 = m[k * n + j];
            m[k * n + j] = m[pivot_2 * n + j];
            m[pivot_2 * n + j] = t_7;
        }
        let t_8 = m[k * n + k];
        buffer[k] = t_8;
        let m_row = &m[(k * n + (k + 1)).min(m.len())..][..n - (k + 1)];
        let buffer_2_row = &mut buffer_2[k * n..][..n - (k + 1)];
        buffer_2_row.copy_from_slice(m_row);
        let factor_row = &mut factor[k * n..][..n - (k + 1)];
        for i in 0..n - (k + 1) {
            let factor_2 = m[(k + 1 + i) * n + k] / m[k * n + k];
            factor_row[i] = factor_2;
            let m_at = ((k + 1 + i) * n + (k + 1)).min(m.len());
            let (m_low, m_high) = m.split_at_mut(m_at);
            let m_row_2 = &m_low[(k * n + (k + 1)).min(m_low.len())..][..n - (k + 1)];
            let m_row_3 = &mut m_high[..n - (k + 1)];
            for j in 0..n - (k + 1) {
                m_row_3[j] -= factor_2 * m_row_2[j];
            }
        }
        det = t_5 * t_8;
    }
    let mut d_a = ::std::vec![0.0_f64; a_len];
    let mut d_det = 1.0_f64;
    for i in (0..n).rev() {
        let (t_14, t_15, d_det_2) = if pivot[i] != i {
            (-det_2[i], n, -(d_det * buffer[i]))
        } else {
            (det_2[i], 0, d_det * buffer[i])
        };
        let t_13 = 1.0 / buffer[i];
        let factor_row_2 = &factor[i * n..][..n - (i + 1)];
        for j in (0..n - (i + 1)).rev() {
            let mut d_factor = 0.0_f64;
            let buffer_2_row_2 = &buffer_2[i * n..][..n - (i + 1)];
            let d_a_at = ((i + 1 + j) * n + (i + 1)).min(d_a.len());
            let (d_a_low, d_a_high) = d_a.split_at_mut(d_a_at);
            let d_a_low_at = (i * n + (i + 1)).min(d_a_low.len());
            let d_a_row_2 = &mut d_a_low[d_a_low_at..][..n - (i + 1)];
            let d_a_row = &d_a_high[..n - (i + 1)];
            let mut d_factor_lanes = [0.0_f64; 4];
            for block in 0..(n - (i + 1)) / 4 {
                let d_a_row_part = &d_a_row[4 * block..][..4];
                let buffer_2_row_2_part = &buffer_2_row_2[4 * block..][..4];
                let d_a_row_2_part = &mut d_a_row_2[4 * block..][..4];
                for k in 0..4 {
                    let t_16 = d_a_row_part[k];
                    d_factor_lanes[k] -= t_16 * buffer_2_row_2_part[k];
                    d_a_row_2_part[k] -= t_16 * factor_row_2[j];
                }
            }
            let whole = (n - (i + 1)) / 4 * 4;
            let d_a_row_part_2 = &d_a_row[whole..][..(n - (i + 1)) % 4];
            let buffer_2_row_2_part_2 = &buffer_2_row_2[whole..][..(n - (i + 1)) % 4];
            let d_a_row_2_part_2 = &mut d_a_row_2[whole..][..(n - (i + 1)) % 4];
            for k in 0..(n - (i + 1)) % 4 {
                let t_16 = d_a_row_part_2[k];
                d_factor -= t_16 * buffer_2_row_2_part_2[k];
                d_a_row_2_part_2[k] -= t_16 * factor_row_2[j];
            }
            d_factor
                += d_factor_lanes[0] + d_factor_lanes[1]
                    + (d_factor_lanes[2] + d_factor_lanes[3]);
            d_a[i * n + i] -= d_factor * (factor_row_2[j] * t_13);
            d_a[(i + 1 + j) * n + i] += d_factor / buffer[i];
        }
        d_a[i * n + i] += d_det * t_14;
        for j in (0..t_15).rev() {
            let t_18 = d_a[pivot[i] * n + j];
            d_a[pivot[i] * n + j] = 0.0;
            let t_19 = d_a[i * n + j];
            d_a[i * n + j] = 0.0;
            d_a[pivot[i] * n + j] += t_19;
            d_a[i * n + j] += t_18;
        }
        d_det = d_det_2;
    }
    (det, d_a)
}
