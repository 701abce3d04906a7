// What `#[grad]` writes for traced.rs.

/// Value and gradient of [`network`].
///
/// Returns (`network(…)`, `d_w` [axis 0 of w × N × N]): the value, and the partial derivatives of the result.
///
/// ```text
/// z[j, k] = Σₗ w[k, j, l]·a[k, l]
/// a[j, k] = max(z[j, k], 0)
/// p[j] = softmaxⱼ(a[j])
/// d_a[j, k] = d_a[k, j]
/// d_z[j, k] = {d_a[j, k] if z[len(w) − 1 − k, j] > 0; 0 otherwise}
/// y = −(a[i] − logsumexpⱼ(a[j]))
/// d_w[len(w) − 1 − l, j, k] += d_z[j, l]·a[len(w) − 1 − l, k] for j, k, l
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn network_grad<const N: usize>(
    w: &[[[f64; N]; N]],
    x: &[f64; N],
    label: usize,
) -> (f64, ::std::vec::Vec<[[f64; N]; N]>) {
    let w_extent_0 = w.len();
    let mut array = [0.0_f64; N];
    array[label] += -1.0;
    let mut a = [0.0_f64; N];
    for i in 0..N {
        a[i] = x[i];
    }
    let mut z = ::std::vec![0.0_f64; w_extent_0 * N];
    let mut buffer = ::std::vec![0.0_f64; w_extent_0 * N];
    for i in 0..w_extent_0 {
        let mut a_2 = [0.0_f64; N];
        let buffer_row = &mut buffer[i * N..][..N];
        let z_row = &mut z[i * N..][..N];
        for j in 0..N {
            buffer_row[j] = a[j];
            let mut z_2 = -0.0_f64;
            for k in 0..N {
                z_2 += w[i][j][k] * a[k];
            }
            a_2[j] = z_2.max(0.0);
            z_row[j] = z_2;
        }
        for j in 0..N {
            a[j] = a_2[j];
        }
    }
    let mut max = f64::NEG_INFINITY;
    for i in 0..N {
        max = max.max(a[i]);
    }
    let t = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e = [0.0_f64; N];
    let mut sum = 0.0_f64;
    for i in 0..N {
        let e_2 = (a[i] - t).exp();
        e[i] = e_2;
        sum += e_2;
    }
    let t_2 = sum.ln();
    for i in 0..N {
        let p_2 = e[i] / sum;
        array[i] += p_2;
    }
    let mut d_a = [0.0_f64; N];
    for i in 0..N {
        d_a[i] = array[i];
    }
    let mut d_w = ::std::vec![[[0.0_f64; N]; N]; w_extent_0];
    for i in (0..w_extent_0).rev() {
        let mut sum_2 = [0.0_f64; N];
        let z_row_2 = &z[i * N..][..N];
        for j in 0..N {
            let d_z = if z_row_2[j] > 0.0 { d_a[j] } else { 0.0 };
            let buffer_row_2 = &buffer[i * N..][..N];
            for k in 0..N {
                sum_2[k] += d_z * w[i][j][k];
                d_w[i][j][k] = d_z * buffer_row_2[k];
            }
        }
        let mut sum_3 = [0.0_f64; N];
        for j in 0..N {
            sum_3[j] = sum_2[j];
        }
        for j in 0..N {
            d_a[j] = sum_3[j];
        }
    }
    (-(a[label] - (t + t_2)), d_w)
}
/// Value and gradient of [`network`], and how large what it names is.
///
/// Returns (`network(…)`, `d_w` [axis 0 of w × N × N], [`Trace`](grad::health::Trace)): the value, the partial derivatives of the result, and
/// a summary of each of these values and of its cotangent: `z[…]`, `a[…]`, `p`.
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn network_grad_traced<const N: usize>(
    w: &[[[f64; N]; N]],
    x: &[f64; N],
    label: usize,
) -> (f64, ::std::vec::Vec<[[f64; N]; N]>, ::grad::health::Trace) {
    let w_extent_0 = w.len();
    let mut array = [0.0_f64; N];
    array[label] += -1.0;
    let mut a_2 = [0.0_f64; N];
    for i in 0..N {
        a_2[i] = x[i];
    }
    let mut z = ::std::vec![[0.0_f64; N]; w_extent_0];
    let mut buffer = ::std::vec![0.0_f64; w_extent_0 * N];
    let mut a = ::std::vec![[0.0_f64; N]; w_extent_0];
    for i in 0..w_extent_0 {
        let mut a_3 = [0.0_f64; N];
        let buffer_row = &mut buffer[i * N..][..N];
        for j in 0..N {
            buffer_row[j] = a_2[j];
            let mut z_2 = -0.0_f64;
            for k in 0..N {
                z_2 += w[i][j][k] * a_2[k];
            }
            let a_4 = z_2.max(0.0);
            a_3[j] = a_4;
            z[i][j] = z_2;
            a[i][j] = a_4;
        }
        for j in 0..N {
            a_2[j] = a_3[j];
        }
    }
    let mut max = f64::NEG_INFINITY;
    for i in 0..N {
        max = max.max(a_2[i]);
    }
    let t = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e = [0.0_f64; N];
    let mut sum = 0.0_f64;
    for i in 0..N {
        let e_2 = (a_2[i] - t).exp();
        e[i] = e_2;
        sum += e_2;
    }
    let mut p = [0.0_f64; N];
    let t_2 = sum.ln();
    for i in 0..N {
        let p_2 = e[i] / sum;
        array[i] += p_2;
        p[i] = p_2;
    }
    let mut d_p = [0.0_f64; N];
    d_p[label] = -1.0 / p[label];
    let mut d_a_2 = [0.0_f64; N];
    for i in 0..N {
        d_a_2[i] = array[i];
    }
    let mut d_w = ::std::vec![[[0.0_f64; N]; N]; w_extent_0];
    let mut d_z = ::std::vec![[0.0_f64; N]; w_extent_0];
    let mut d_a = ::std::vec![[0.0_f64; N]; w_extent_0];
    for i in (0..w_extent_0).rev() {
        let mut sum_2 = [0.0_f64; N];
        for j in 0..N {
            let d_a_3 = d_a_2[j];
            let d_z_2 = if z[i][j] > 0.0 { d_a_3 } else { 0.0 };
            d_z[i][j] = d_z_2;
            d_a[i][j] = d_a_3;
            let buffer_row_2 = &buffer[i * N..][..N];
            for k in 0..N {
                sum_2[k] += d_z_2 * w[i][j][k];
                d_w[i][j][k] = d_z_2 * buffer_row_2[k];
            }
        }
        let mut sum_3 = [0.0_f64; N];
        for j in 0..N {
            sum_3[j] = sum_2[j];
        }
        for j in 0..N {
            d_a_2[j] = sum_3[j];
        }
    }
    let mut trace = ::grad::health::Trace::new();
    for iteration in 0..z.len() {
        trace.record_at("z", iteration, &z[iteration], &d_z[iteration]);
        trace.record_at("a", iteration, &a[iteration], &d_a[iteration]);
    }
    trace.record("p", &p, &d_p);
    (-(a_2[label] - (t + t_2)), d_w, trace)
}
