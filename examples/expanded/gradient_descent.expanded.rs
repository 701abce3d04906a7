// What `#[grad]` writes for gradient_descent.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_w` [FEATURES], `d_b`)): the value, and the partial derivatives of the result.
///
/// ```text
/// predicted[i] = (Σⱼ x[i, j]·w[j]) + b
/// d_predicted[i] = 2·(1 / len(x))·(predicted[i] − y[i])
/// y = (Σᵢ (predicted[i] − y[i])·(predicted[i] − y[i])) / len(x)
/// d_w[i] = Σⱼ d_predicted[j]·x[j, i]
/// d_b = Σᵢ d_predicted[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    x: &[[f64; FEATURES]],
    y: &[f64],
    w: &[f64; FEATURES],
    b: f64,
) -> (f64, ([f64; FEATURES], f64)) {
    let x_rows = x.len();
    let y_len = y.len();
    ::core::assert!(
        x_rows == y_len, "`loss`: axis 0 of `x` is {} but the length of `y` is {}", x
        .len(), y.len()
    );
    let t = x_rows as f64;
    let mut sum = 0.0_f64;
    let mut d_w = [0.0_f64; FEATURES];
    let mut d_b = 0.0_f64;
    let t_2 = 1.0 / t;
    for i in 0..x_rows {
        let mut sum_2 = -0.0_f64;
        for j in 0..FEATURES {
            sum_2 += x[i][j] * w[j];
        }
        let predicted = sum_2 + b;
        let t_3 = predicted - y[i];
        sum += t_3 * t_3;
        let d_predicted = 2.0 * (t_2 * t_3);
        d_b += d_predicted;
        for j in 0..FEATURES {
            d_w[j] += d_predicted * x[i][j];
        }
    }
    let y_2 = sum / t;
    (y_2, (d_w, d_b))
}
