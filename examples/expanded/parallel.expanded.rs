// What `#[grad]` writes for parallel.rs.

/// Value and gradient of [`surprise`].
///
/// Returns (`surprise(…)`, (`d_logits` [PARTS], `d_means` [PARTS × DIMENSIONS], `d_log_widths` [PARTS])): the value, and the partial derivatives of the result.
///
/// ```text
/// log_weights[i] = log_softmaxᵢ(logits[i])
/// squares[i, j] = Σₖ (points[j, k] − means[i, k])·(points[j, k] − means[i, k])
/// terms[i, j] = log_weights[i] − 0.5·squares[i, j]·exp(−2·log_widths[i]) − (DIMENSIONS as f64)·log_widths[i]
/// d_terms[i, j] = softmaxᵢ(terms[i, j])·(−1 / len(points))
/// d_log_weights[i] = Σⱼ d_terms[i, j]
/// y = −(Σᵢ logsumexpⱼ(terms[i, j])) / len(points)
/// d_logits[i] = d_log_weights[i] − softmaxᵢ(logits[i])·Σⱼ d_log_weights[j]
/// d_means[i, j] = Σₖ d_terms[i, k]·exp(−2·log_widths[i])·0.5·(points[k, j] − means[i, j])·2
/// d_log_widths[i] = (Σⱼ (−d_terms[i, j]))·(DIMENSIONS as f64) + (Σⱼ (−d_terms[i, j]·0.5·squares[i, j]))·exp(−2·log_widths[i])·(−2)
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn surprise_grad(
    points: &[[f64; DIMENSIONS]],
    logits: &[f64; PARTS],
    means: &[[f64; DIMENSIONS]; PARTS],
    log_widths: &[f64; PARTS],
) -> (f64, ([f64; PARTS], [[f64; DIMENSIONS]; PARTS], [f64; PARTS])) {
    let points_rows = points.len();
    let t = points_rows as f64;
    let mut e = [0.0_f64; PARTS];
    let mut max = f64::NEG_INFINITY;
    let t_2 = -1.0 / t;
    for k in 0..PARTS {
        e[k] = (-2.0 * log_widths[k]).exp();
        max = max.max(logits[k]);
    }
    let t_3 = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e_3 = [0.0_f64; PARTS];
    let mut sum = 0.0_f64;
    for k in 0..PARTS {
        let e_4 = (logits[k] - t_3).exp();
        e_3[k] = e_4;
        sum += e_4;
    }
    let mut log_weights = [0.0_f64; PARTS];
    let t_4 = sum.ln();
    for k in 0..PARTS {
        let log_weights_2 = logits[k] - t_3 - t_4;
        log_weights[k] = log_weights_2;
    }
    let mut sum_2 = -0.0_f64;
    let mut sum_3 = [0.0_f64; PARTS];
    let mut d_log_weights = [0.0_f64; PARTS];
    let mut sum_4 = [0.0_f64; PARTS];
    let mut d_means = [[0.0_f64; DIMENSIONS]; PARTS];
    for i in 0..points_rows {
        let mut squares = [-0.0_f64; PARTS];
        let mut max_2 = f64::NEG_INFINITY;
        for k in 0..PARTS {
            let mut squares_2 = -0.0_f64;
            for j in 0..DIMENSIONS {
                let t_5 = points[i][j] - means[k][j];
                squares_2 += t_5 * t_5;
            }
            squares[k] = squares_2;
            max_2 = max_2
                .max(
                    log_weights[k] - 0.5 * squares_2 * e[k]
                        - (DIMENSIONS as f64) * log_widths[k],
                );
        }
        let t_6 = if max_2.abs() == f64::INFINITY { 0.0 } else { max_2 };
        let mut e_5 = [0.0_f64; PARTS];
        let mut sum_5 = 0.0_f64;
        for k in 0..PARTS {
            let terms = log_weights[k] - 0.5 * squares[k] * e[k]
                - (DIMENSIONS as f64) * log_widths[k];
            let e_6 = (terms - t_6).exp();
            e_5[k] = e_6;
            sum_5 += e_6;
        }
        sum_2 += t_6 + sum_5.ln();
        for k in 0..PARTS {
            let d_terms = e_5[k] / sum_5 * t_2;
            sum_3[k] -= d_terms;
            d_log_weights[k] += d_terms;
            sum_4[k] -= d_terms * (0.5 * squares[k]);
            let t_9 = d_terms * e[k] * 0.5;
            for j in 0..DIMENSIONS {
                d_means[k][j] += t_9 * (points[i][j] - means[k][j]) * 2.0;
            }
        }
    }
    let mut sum_6 = 0.0_f64;
    let mut d_log_widths = [0.0_f64; PARTS];
    let t_10 = sum_2 / t;
    for k in 0..PARTS {
        sum_6 += d_log_weights[k];
        d_log_widths[k] = sum_3[k] * (DIMENSIONS as f64) + sum_4[k] * e[k] * -2.0;
    }
    let mut d_logits = [0.0_f64; PARTS];
    for k in 0..PARTS {
        d_logits[k] = d_log_weights[k] - e_3[k] / sum * sum_6;
    }
    (-t_10, (d_logits, d_means, d_log_widths))
}
