// What `#[grad]` writes for mixture.rs.

/// Value and gradient of [`log_likelihood`].
///
/// Returns (`log_likelihood(…)`, (`d_logits` [K], `d_means` [K], `d_log_deviations` [K])): the value, and the partial derivatives of the result.
///
/// Saves `2·K` values of the forward sweep, and `2·K` of one iteration at a time.
///
/// ```text
/// log_weights[i] = log_softmaxᵢ(logits[i])
/// z[i, j] = (x[j] − means[i])·exp(−log_deviations[i])
/// terms[i, j] = log_weights[i] − log_deviations[i] − 0.5·z[i, j]·z[i, j]
/// d_terms[i, j] = softmaxᵢ(terms[i, j])·(1 / len(x))
/// d_log_weights[i] = Σⱼ d_terms[i, j]
/// d_z[i, j] = −d_terms[i, j]·0.5·z[i, j] − d_terms[i, j]·z[i, j]·0.5
/// y = (Σᵢ logsumexpⱼ(terms[i, j])) / len(x) − 0.5·ln(TAU)
/// d_logits[i] = d_log_weights[i] − softmaxᵢ(logits[i])·Σⱼ d_log_weights[j]
/// d_means[i] = Σⱼ (−d_z[i, j]·exp(−log_deviations[i]))
/// d_log_deviations[i] = −d_log_weights[i] − (Σⱼ d_z[i, j]·(x[j] − means[i]))·exp(−log_deviations[i])
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn log_likelihood_grad<const K: usize>(
    x: &[f64],
    logits: &[f64; K],
    means: &[f64; K],
    log_deviations: &[f64; K],
) -> (f64, ([f64; K], [f64; K], [f64; K])) {
    let x_len = x.len();
    let t = x_len as f64;
    let mut e = [0.0_f64; K];
    let mut max = f64::NEG_INFINITY;
    let t_2 = TAU.ln();
    let t_3 = 1.0 / t;
    for k in 0..K {
        e[k] = (-log_deviations[k]).exp();
        max = max.max(logits[k]);
    }
    let t_4 = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e_3 = [0.0_f64; K];
    let mut sum = 0.0_f64;
    for k in 0..K {
        let e_4 = (logits[k] - t_4).exp();
        e_3[k] = e_4;
        sum += e_4;
    }
    let mut buffer = [0.0_f64; K];
    let t_5 = sum.ln();
    for k in 0..K {
        buffer[k] = logits[k] - t_4 - t_5 - log_deviations[k];
    }
    let mut sum_2 = -0.0_f64;
    let mut d_log_weights = [0.0_f64; K];
    let mut sum_3 = [0.0_f64; K];
    let mut d_means = [0.0_f64; K];
    for i in 0..x_len {
        let mut z = [0.0_f64; K];
        let mut max_2 = f64::NEG_INFINITY;
        for k in 0..K {
            let z_2 = (x[i] - means[k]) * e[k];
            z[k] = z_2;
            max_2 = max_2.max(buffer[k] - 0.5 * z_2 * z_2);
        }
        let t_7 = if max_2.abs() == f64::INFINITY { 0.0 } else { max_2 };
        let mut e_5 = [0.0_f64; K];
        let mut sum_4 = 0.0_f64;
        for k in 0..K {
            let terms = buffer[k] - 0.5 * z[k] * z[k];
            let e_6 = (terms - t_7).exp();
            e_5[k] = e_6;
            sum_4 += e_6;
        }
        sum_2 += t_7 + sum_4.ln();
        for k in 0..K {
            let d_terms = e_5[k] / sum_4 * t_3;
            d_log_weights[k] += d_terms;
            let d_z = -(d_terms * (0.5 * z[k])) - d_terms * z[k] * 0.5;
            sum_3[k] += d_z * (x[i] - means[k]);
            d_means[k] -= d_z * e[k];
        }
    }
    let mut sum_5 = 0.0_f64;
    let mut d_log_deviations = [0.0_f64; K];
    let t_10 = sum_2 / t;
    for k in 0..K {
        sum_5 += d_log_weights[k];
        d_log_deviations[k] = -d_log_weights[k] - sum_3[k] * e[k];
    }
    let mut d_logits = [0.0_f64; K];
    for k in 0..K {
        d_logits[k] = d_log_weights[k] - e_3[k] / sum * sum_5;
    }
    (t_10 - 0.5 * t_2, (d_logits, d_means, d_log_deviations))
}
