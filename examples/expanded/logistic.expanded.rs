// What `#[grad]` writes for logistic.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_weights` [2], `d_bias`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// z[i] = (Σⱼ points[i, j]·weights[j]) + bias
/// d_z[i] = (1 / len(points))·(1 − labels[i]) − (1 / len(points))·σ(−z[i])
/// y = (Σᵢ (softplus(−z[i]) + (1 − labels[i])·z[i])) / len(points)
/// d_weights[i] = Σⱼ d_z[j]·points[j, i]
/// d_bias = Σᵢ d_z[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    points: &[[f64; 2]],
    labels: &[f64],
    weights: &[f64; 2],
    bias: f64,
) -> (f64, ([f64; 2], f64)) {
    let points_rows = points.len();
    let labels_len = labels.len();
    let n = points_rows.min(labels_len);
    let t = points_rows as f64;
    let t_2 = 1.0 / t;
    let mut sum = -0.0_f64;
    let mut d_weights = [0.0_f64; 2];
    let mut d_bias = 0.0_f64;
    for i in 0..n {
        let mut sum_2 = -0.0_f64;
        for j in 0..2 {
            sum_2 += points[i][j] * weights[j];
        }
        let z = sum_2 + bias;
        let e = (-(-z).abs()).exp();
        let t_3 = 1.0 - labels[i];
        sum += (-z).max(0.0) + e.ln_1p() + t_3 * z;
        let t_4 = if -z < 0.0 { e } else { 1.0 };
        let d_z = t_2 * t_3 - t_2 * (t_4 / (1.0 + e));
        d_bias += d_z;
        for j in 0..2 {
            d_weights[j] += d_z * points[i][j];
        }
    }
    (sum / t, (d_weights, d_bias))
}
