// What `#[grad]` writes for cancer.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_w` [FEATURES], `d_b`)): the value, and the partial derivatives of the result.
///
/// ```text
/// z[i] = (Σⱼ x[i, j]·w[j]) + b
/// d_z[i] = −(−1 / len(x))·(σ(z[i]) − y[i])
/// y = −(Σᵢ (−(softplus(z[i]) − z[i]·y[i]))) / len(x)
/// d_w[i] = Σⱼ (−(−1 / len(x))·(σ(z[j]) − y[j])·x[j, i])
/// d_b = Σᵢ d_z[i]
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
    let t_2 = -1.0 / t;
    for i in 0..x_rows {
        let mut sum_2 = -0.0_f64;
        for j in 0..FEATURES {
            sum_2 += x[i][j] * w[j];
        }
        let z = sum_2 + b;
        let e = (-z.abs()).exp();
        sum -= z.max(0.0) - z * y[i] + e.ln_1p();
        let t_3 = if z < 0.0 { e } else { 1.0 };
        let t_5 = t_2 * (t_3 / (1.0 + e) - y[i]);
        d_b -= t_5;
        for j in 0..FEATURES {
            d_w[j] -= t_5 * x[i][j];
        }
    }
    let t_6 = sum / t;
    (-t_6, (d_w, d_b))
}
