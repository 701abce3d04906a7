// What `#[grad]` writes for mixture.rs.

/// Value and gradient of [`mixture`].
///
/// Returns (`mixture(…)`, (`d_alphas` [alphas.len()], `d_means` [means.len()], `d_icf` [icf.len()])): the value, and the partial derivatives of the result.
///
/// Saves `len(alphas)` values of the forward sweep, and `3·len(alphas)·d + len(alphas)` of one iteration at a time.
///
/// ```text
/// k = k
/// n = ⌊len(x) / d⌋
/// per = ⌊d·(d + 1) / 2⌋
/// i[j] = d + j
/// d_frobenius = 0.5·gamma·gamma
/// sum[j] = Σₗ icf[j·per + l]
/// centred[j, l, p] = x[p·d + l] − means[j·d + l]
/// product[j, l, p] = diagonals[j·d + l]·centred[j, l, p]
/// at[j] = j·per + d
/// norm[j, l] = Σₚ product[j, l, p]·product[j, l, p]
/// main[j, l] = alphas[j] + sum[j] − 0.5·norm[j, l]
/// frobenius[j] = Σₗ diagonals[j·d + l]·diagonals[j·d + l]
/// prior = Σⱼ (d_frobenius·frobenius[j] − m·sum[j])
/// total = Σⱼ logsumexpₗ(main[j, l])
/// d_main[j, l] = softmaxⱼ(main[j, l])
/// d_product[j, l, p] = −d_main[j, p]·0.5·product[j, p, l]·2
/// d_centred[j, l, p] = Σ_{q} d_product[j, l, i[p, q]]·icf[at[j, l, p, q]]
/// d_sum[j] = (Σₗ d_main[j, l]) − m
/// c[j] = k − 1 − j
/// y = total − n·logsumexpⱼ(alphas[j]) + prior
/// d_alphas[j] = (Σₗ d_main[j, l]) − n·softmaxⱼ(alphas[j])
/// d_means[j·d + p] += −d_centred[j, l, p] for j, l, p; d_means[j·d + l] += Σₚ d_main[j, p]·0.5·product[j, p, l]·2·diagonals[j·d + l] for j, l
/// d_icf[j·per + i[l]] += 2·d_frobenius·icf[j·per + i[l]] for j, l; d_icf[at[j, l, p, q]] += d_product[p, q, i[j, l]]·centred[j, p, q] for j, l, p, q; d_icf[j·per + l] += d_sum[j] for j, l; d_icf[c[j]·per + i[l]] += d_diagonals[j, l, c[j]·d + i[l]]·exp(icf[c[j]·per + i[l]]) for j, l
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
pub fn mixture_grad(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    d: usize,
    gamma: f64,
    m: usize,
) -> (f64, (::std::vec::Vec<f64>, ::std::vec::Vec<f64>, ::std::vec::Vec<f64>)) {
    let alphas_len = alphas.len();
    let means_len = means.len();
    let icf_len = icf.len();
    let x_len = x.len();
    let mut buffer_2 = ::std::vec![0.0_f64; alphas_len * d];
    let mut norm = ::std::vec![0.0_f64; alphas_len];
    let mut at = ::std::vec![0usize; alphas_len * d];
    let mut centred = ::std::vec![0.0_f64; alphas_len * d];
    let mut product = ::std::vec![0.0_f64; d];
    let mut e_2 = ::std::vec![0.0_f64; alphas_len];
    let mut d_product = ::std::vec![0.0_f64; d];
    let d_frobenius = 0.5 * gamma * gamma;
    let t = m as f64;
    let mut diagonals = ::std::vec![0.0_f64; alphas_len * d];
    for c in 0..alphas_len {
        let icf_row = &icf[c * (d * (d + 1) / 2)..][..d];
        let diagonals_row = &mut diagonals[c * d..][..d];
        for i in 0..d {
            diagonals_row[i] = icf_row[i].exp();
        }
    }
    let mut prior = 0.0_f64;
    let mut buffer = ::std::vec![0.0_f64; alphas_len];
    let mut max = f64::NEG_INFINITY;
    let mut d_icf = ::std::vec![0.0_f64; icf_len];
    for c in 0..alphas_len {
        max = max.max(alphas[c]);
        let mut sum = 0.0_f64;
        let mut frobenius = 0.0_f64;
        let icf_row_2 = &icf[c * (d * (d + 1) / 2)..][..d];
        let diagonals_row_2 = &diagonals[c * d..][..d];
        for i in 0..d {
            sum += icf_row_2[i];
            frobenius += diagonals_row_2[i] * diagonals_row_2[i];
        }
        buffer[c] = alphas[c] + sum;
        let mut frobenius_2 = frobenius;
        let icf_row_3 = &icf[(c * (d * (d + 1) / 2) + d)
            .min(icf.len())..][..(d * (d + 1) / 2).saturating_sub(d)];
        let d_icf_at = (c * (d * (d + 1) / 2) + d).min(d_icf.len());
        let d_icf_row = &mut d_icf[d_icf_at..][..(d * (d + 1) / 2).saturating_sub(d)];
        for i in 0..(d * (d + 1) / 2).saturating_sub(d) {
            frobenius_2 += icf_row_3[i] * icf_row_3[i];
            d_icf_row[i] += 2.0 * (d_frobenius * icf_row_3[i]);
        }
        prior += d_frobenius * frobenius_2 - t * sum;
    }
    let t_4 = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut total = 0.0_f64;
    let mut d_alphas = ::std::vec![0.0_f64; alphas_len];
    let mut sum_3 = ::std::vec![0.0_f64; alphas_len * d];
    let mut d_means = ::std::vec![0.0_f64; means_len];
    for p in 0..x_len / d {
        let mut max_2 = f64::NEG_INFINITY;
        for c in 0..alphas_len {
            let x_row = &x[p * d..][..d];
            let means_row = &means[c * d..][..d];
            let diagonals_row_3 = &diagonals[c * d..][..d];
            for i in 0..d {
                let centred_2 = x_row[i] - means_row[i];
                product[i] = diagonals_row_3[i] * centred_2;
            }
            let mut at_2 = c * (d * (d + 1) / 2) + d;
            let at_row = &mut at[c * d..][..d];
            for j in 0..d {
                let centred_3 = x_row[j] - means_row[j];
                at_row[j] = at_2;
                let icf_row_4 = &icf[at_2.min(icf.len())..][..d - (j + 1)];
                let product_at = (j + 1).min(product.len());
                let product_row = &mut product[product_at..][..d - (j + 1)];
                for i in 0..d - (j + 1) {
                    product_row[i] += icf_row_4[i] * centred_3;
                }
                at_2 += d.saturating_sub(j + 1);
            }
            let mut norm_2 = 0.0_f64;
            let buffer_2_row = &mut buffer_2[c * d..][..d];
            for i in 0..d {
                let t_5 = product[i];
                buffer_2_row[i] = t_5;
                norm_2 += t_5 * t_5;
            }
            norm[c] = norm_2;
            max_2 = max_2.max(buffer[c] - 0.5 * norm_2);
            let centred_row = &mut centred[c * d..][..d];
            for j in 0..d {
                let centred_4 = x_row[j] - means_row[j];
                centred_row[j] = centred_4;
            }
        }
        let t_6 = if max_2.abs() == f64::INFINITY { 0.0 } else { max_2 };
        let mut sum_4 = 0.0_f64;
        for c in 0..alphas_len {
            let main = buffer[c] - 0.5 * norm[c];
            let e_3 = (main - t_6).exp();
            e_2[c] = e_3;
            sum_4 += e_3;
        }
        total += t_6 + sum_4.ln();
        for c in 0..alphas_len {
            let d_main = e_2[c] / sum_4;
            d_alphas[c] += d_main;
            let t_8 = d_main * 0.5;
            let buffer_2_row_2 = &buffer_2[c * d..][..d];
            let x_row_4 = &x[p * d..][..d];
            let means_row_4 = &means[c * d..][..d];
            let sum_3_row = &mut sum_3[c * d..][..d];
            let diagonals_row_4 = &diagonals[c * d..][..d];
            let d_means_row = &mut d_means[c * d..][..d];
            for i in 0..d {
                let t_9 = t_8 * buffer_2_row_2[i] * 2.0;
                d_product[i] = -t_9;
                let centred_5 = x_row_4[i] - means_row_4[i];
                sum_3_row[i] -= t_9 * centred_5;
                d_means_row[i] += t_9 * diagonals_row_4[i];
            }
            let at_row_2 = &at[c * d..][..d];
            let centred_row_2 = &centred[c * d..][..d];
            for j in 0..d {
                let mut d_centred = 0.0_f64;
                let d_product_row = &d_product[(j + 1)
                    .min(d_product.len())..][..d - (j + 1)];
                let icf_row_5 = &icf[at_row_2[j].min(icf.len())..][..d - (j + 1)];
                let d_icf_at_2 = at_row_2[j].min(d_icf.len());
                let d_icf_row_2 = &mut d_icf[d_icf_at_2..][..d - (j + 1)];
                let mut d_centred_lanes = [0.0_f64; 4];
                for block in 0..(d - (j + 1)) / 4 {
                    let d_product_row_part = &d_product_row[4 * block..][..4];
                    let icf_row_5_part = &icf_row_5[4 * block..][..4];
                    let d_icf_row_2_part = &mut d_icf_row_2[4 * block..][..4];
                    for i in 0..4 {
                        d_centred_lanes[i] += d_product_row_part[i] * icf_row_5_part[i];
                        d_icf_row_2_part[i] += d_product_row_part[i] * centred_row_2[j];
                    }
                }
                let whole = (d - (j + 1)) / 4 * 4;
                let d_product_row_part_2 = &d_product_row[whole..][..(d - (j + 1)) % 4];
                let icf_row_5_part_2 = &icf_row_5[whole..][..(d - (j + 1)) % 4];
                let d_icf_row_2_part_2 = &mut d_icf_row_2[whole..][..(d - (j + 1)) % 4];
                for i in 0..(d - (j + 1)) % 4 {
                    d_centred += d_product_row_part_2[i] * icf_row_5_part_2[i];
                    d_icf_row_2_part_2[i] += d_product_row_part_2[i] * centred_row_2[j];
                }
                d_centred
                    += d_centred_lanes[0] + d_centred_lanes[1]
                        + (d_centred_lanes[2] + d_centred_lanes[3]);
                d_means_row[j] -= d_centred;
            }
        }
    }
    let mut e_4 = ::std::vec![0.0_f64; alphas_len];
    let mut sum_5 = 0.0_f64;
    let mut array = ::std::vec![0.0_f64; alphas_len * d];
    for c in 0..alphas_len {
        let e_5 = (alphas[c] - t_4).exp();
        e_4[c] = e_5;
        sum_5 += e_5;
        let d_sum = d_alphas[c] - t;
        let diagonals_row_5 = &diagonals[c * d..][..d];
        let sum_3_row_2 = &sum_3[c * d..][..d];
        let array_row = &mut array[c * d..][..d];
        let d_icf_row_3 = &mut d_icf[c * (d * (d + 1) / 2)..][..d];
        for i in 0..d {
            array_row[i] += 2.0 * (d_frobenius * diagonals_row_5[i]) + sum_3_row_2[i];
            d_icf_row_3[i] += d_sum;
        }
    }
    let t_10 = sum_5.ln();
    for i in (0..alphas_len).rev() {
        let array_row_2 = &mut array[i * d..][..d];
        let icf_row_6 = &icf[i * (d * (d + 1) / 2)..][..d];
        let d_icf_row_4 = &mut d_icf[i * (d * (d + 1) / 2)..][..d];
        for j in 0..d {
            d_icf_row_4[j] += array_row_2[j] * icf_row_6[j].exp();
            array_row_2[j] = 0.0;
        }
    }
    for c in 0..alphas_len {
        d_alphas[c] -= (x_len / d) as f64 * (e_4[c] / sum_5);
    }
    (total - (x_len / d) as f64 * (t_4 + t_10) + prior, (d_alphas, d_means, d_icf))
}
