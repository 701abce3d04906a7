// What `#[grad]` writes for xor.rs.

/// Value and gradient of [`surprise`].
///
/// Returns (`surprise(…)`, (`d_w1` [HIDDEN × 2], `d_b1` [HIDDEN], `d_w2` [HIDDEN], `d_b2`)): the value, and the partial derivatives of the result.
///
/// ```text
/// a[i] = tanh(w1[i, 0]·x[0] + w1[i, 1]·x[1] + b1[i])
/// d_a[i] = (σ((Σⱼ a[j]·w2[j]) + b2) − y)·w2[i]
/// y = softplus((Σᵢ a[i]·w2[i]) + b2) − ((Σᵢ a[i]·w2[i]) + b2)·y
/// d_w1[i, 1] += d_a[i]·(1 − a[i]·a[i])·x[1] for i; d_w1[i, 0] += d_a[i]·(1 − a[i]·a[i])·x[0] for i
/// d_b1[i] = d_a[i]·(1 − a[i]·a[i])
/// d_w2[i] = (σ((Σⱼ a[j]·w2[j]) + b2) − y)·a[i]
/// d_b2 = σ((Σᵢ a[i]·w2[i]) + b2) − y
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn surprise_grad(
    x: &[f64; 2],
    y: f64,
    w1: &[[f64; 2]; HIDDEN],
    b1: &[f64; HIDDEN],
    w2: &[f64; HIDDEN],
    b2: f64,
) -> (f64, ([[f64; 2]; HIDDEN], [f64; HIDDEN], [f64; HIDDEN], f64)) {
    let mut a = [0.0_f64; HIDDEN];
    let mut sum = -0.0_f64;
    for i in 0..HIDDEN {
        let a_2 = (w1[i][0] * x[0] + w1[i][1] * x[1] + b1[i]).tanh();
        a[i] = a_2;
        sum += a_2 * w2[i];
    }
    let t = sum + b2;
    let e = (-t.abs()).exp();
    let t_2 = if t < 0.0 { e } else { 1.0 };
    let d_b2 = t_2 / (1.0 + e) - y;
    let mut d_w1 = [[0.0_f64; 2]; HIDDEN];
    let mut d_b1 = [0.0_f64; HIDDEN];
    let mut d_w2 = [0.0_f64; HIDDEN];
    let ln_1p = e.ln_1p();
    for i in 0..HIDDEN {
        let t_4 = d_b2 * w2[i] * (1.0 - a[i] * a[i]);
        d_w1[i][1] += t_4 * x[1];
        d_w1[i][0] += t_4 * x[0];
        d_b1[i] = t_4;
        d_w2[i] = d_b2 * a[i];
    }
    (t.max(0.0) - t * y + ln_1p, (d_w1, d_b1, d_w2, d_b2))
}
