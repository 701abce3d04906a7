// What `#[grad]` writes for textbook.rs.

/// Value and gradient of [`linear`].
///
/// Returns (`linear(…)`, (`d_w` [HIDDEN × INPUTS], `d_b` [HIDDEN], `d_v` [OUTPUTS × HIDDEN], `d_c` [OUTPUTS])): the value, and the partial derivatives of the result.
///
/// ```text
/// h[i] = (Σⱼ w[i, j]·x[j]) + b[i]
/// y[i] = (Σⱼ v[i, j]·h[j]) + c[i]
/// d_y[i] = 2·(1 / OUTPUTS)·(y[i] − t[i])
/// d_h[i] = Σⱼ d_y[j]·v[j, i]
/// y = (Σᵢ (y[i] − t[i])·(y[i] − t[i])) / OUTPUTS
/// d_w[i, j] = d_h[i]·x[j]
/// d_b[i] = d_h[i]
/// d_v[i, j] = d_y[i]·h[j]
/// d_c[i] = d_y[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn linear_grad(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> (
    f64,
    ([[f64; INPUTS]; HIDDEN], [f64; HIDDEN], [[f64; HIDDEN]; OUTPUTS], [f64; OUTPUTS]),
) {
    let t_2 = OUTPUTS as f64;
    let mut h = [0.0_f64; HIDDEN];
    let t_3 = 1.0 / t_2;
    for i in 0..HIDDEN {
        let mut sum = -0.0_f64;
        for j in 0..INPUTS {
            sum += w[i][j] * x[j];
        }
        let h_2 = sum + b[i];
        h[i] = h_2;
    }
    let mut sum_2 = 0.0_f64;
    let mut d_h = [0.0_f64; HIDDEN];
    let mut d_b = [0.0_f64; HIDDEN];
    let mut d_v = [[0.0_f64; HIDDEN]; OUTPUTS];
    let mut d_c = [0.0_f64; OUTPUTS];
    for k in 0..OUTPUTS {
        let mut sum_3 = -0.0_f64;
        for i in 0..HIDDEN {
            sum_3 += v[k][i] * h[i];
        }
        let y_2 = sum_3 + c[k];
        let t_4 = y_2 - t[k];
        sum_2 += t_4 * t_4;
        let d_y = 2.0 * (t_3 * t_4);
        d_c[k] = d_y;
        for i in 0..HIDDEN {
            let t_5 = d_y * v[k][i];
            d_h[i] += t_5;
            d_b[i] += t_5;
            d_v[k][i] = d_y * h[i];
        }
    }
    let y = sum_2 / t_2;
    let mut d_w = [[0.0_f64; INPUTS]; HIDDEN];
    for i in 0..HIDDEN {
        for j in 0..INPUTS {
            d_w[i][j] = d_h[i] * x[j];
        }
    }
    (y, (d_w, d_b, d_v, d_c))
}
/// Value and gradient of [`logistic`].
///
/// Returns (`logistic(…)`, (`d_w` [HIDDEN × INPUTS], `d_b` [HIDDEN], `d_v` [OUTPUTS × HIDDEN], `d_c` [OUTPUTS])): the value, and the partial derivatives of the result.
///
/// ```text
/// z[i] = (Σⱼ w[i, j]·x[j]) + b[i]
/// h[i] = σ(z[i])
/// y[i] = (Σⱼ v[i, j]·h[j]) + c[i]
/// d_y[i] = 2·(1 / OUTPUTS)·(y[i] − t[i])
/// d_h[i] = Σⱼ d_y[j]·v[j, i]
/// d_z[i] = d_h[i]·h[i]·(1 − h[i])
/// y = (Σᵢ (y[i] − t[i])·(y[i] − t[i])) / OUTPUTS
/// d_w[i, j] = d_z[i]·x[j]
/// d_b[i] = d_z[i]
/// d_v[i, j] = d_y[i]·h[j]
/// d_c[i] = d_y[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn logistic_grad(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> (
    f64,
    ([[f64; INPUTS]; HIDDEN], [f64; HIDDEN], [[f64; HIDDEN]; OUTPUTS], [f64; OUTPUTS]),
) {
    let t_2 = OUTPUTS as f64;
    let mut h = [0.0_f64; HIDDEN];
    let t_3 = 1.0 / t_2;
    for i in 0..HIDDEN {
        let mut sum = -0.0_f64;
        for j in 0..INPUTS {
            sum += w[i][j] * x[j];
        }
        let z = sum + b[i];
        let h_2 = 1.0 / (1.0 + (-z).exp());
        h[i] = h_2;
    }
    let mut sum_2 = 0.0_f64;
    let mut d_h = [0.0_f64; HIDDEN];
    let mut d_v = [[0.0_f64; HIDDEN]; OUTPUTS];
    let mut d_c = [0.0_f64; OUTPUTS];
    for k in 0..OUTPUTS {
        let mut sum_3 = -0.0_f64;
        for i in 0..HIDDEN {
            sum_3 += v[k][i] * h[i];
        }
        let y_2 = sum_3 + c[k];
        let t_4 = y_2 - t[k];
        sum_2 += t_4 * t_4;
        let d_y = 2.0 * (t_3 * t_4);
        d_c[k] = d_y;
        for i in 0..HIDDEN {
            d_h[i] += d_y * v[k][i];
            d_v[k][i] = d_y * h[i];
        }
    }
    let y = sum_2 / t_2;
    let mut d_w = [[0.0_f64; INPUTS]; HIDDEN];
    let mut d_b = [0.0_f64; HIDDEN];
    for i in 0..HIDDEN {
        let d_z = d_h[i] * (h[i] * (1.0 - h[i]));
        d_b[i] = d_z;
        for j in 0..INPUTS {
            d_w[i][j] = d_z * x[j];
        }
    }
    (y, (d_w, d_b, d_v, d_c))
}
/// Value and gradient of [`rectified`].
///
/// Returns (`rectified(…)`, (`d_w` [HIDDEN × INPUTS], `d_b` [HIDDEN], `d_v` [OUTPUTS × HIDDEN], `d_c` [OUTPUTS])): the value, and the partial derivatives of the result.
///
/// ```text
/// z[i] = (Σⱼ w[i, j]·x[j]) + b[i]
/// h[i] = relu(z[i])
/// y[i] = (Σⱼ v[i, j]·h[j]) + c[i]
/// d_y[i] = 2·(1 / OUTPUTS)·(y[i] − t[i])
/// d_h[i] = Σⱼ d_y[j]·v[j, i]
/// d_z[i] = {d_h[i] if h[i] > 0; 0 otherwise}
/// y = (Σᵢ (y[i] − t[i])·(y[i] − t[i])) / OUTPUTS
/// d_w[i, j] = d_z[i]·x[j]
/// d_b[i] = d_z[i]
/// d_v[i, j] = d_y[i]·h[j]
/// d_c[i] = d_y[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn rectified_grad(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> (
    f64,
    ([[f64; INPUTS]; HIDDEN], [f64; HIDDEN], [[f64; HIDDEN]; OUTPUTS], [f64; OUTPUTS]),
) {
    let t_2 = OUTPUTS as f64;
    let mut h = [0.0_f64; HIDDEN];
    let t_3 = 1.0 / t_2;
    for i in 0..HIDDEN {
        let mut sum = -0.0_f64;
        for j in 0..INPUTS {
            sum += w[i][j] * x[j];
        }
        let z = sum + b[i];
        let h_2 = if z < 0.0 { 0.0 } else { z };
        h[i] = h_2;
    }
    let mut sum_2 = 0.0_f64;
    let mut d_h = [0.0_f64; HIDDEN];
    let mut d_v = [[0.0_f64; HIDDEN]; OUTPUTS];
    let mut d_c = [0.0_f64; OUTPUTS];
    for k in 0..OUTPUTS {
        let mut sum_3 = -0.0_f64;
        for i in 0..HIDDEN {
            sum_3 += v[k][i] * h[i];
        }
        let y_2 = sum_3 + c[k];
        let t_4 = y_2 - t[k];
        sum_2 += t_4 * t_4;
        let d_y = 2.0 * (t_3 * t_4);
        d_c[k] = d_y;
        for i in 0..HIDDEN {
            d_h[i] += d_y * v[k][i];
            d_v[k][i] = d_y * h[i];
        }
    }
    let y = sum_2 / t_2;
    let mut d_w = [[0.0_f64; INPUTS]; HIDDEN];
    let mut d_b = [0.0_f64; HIDDEN];
    for i in 0..HIDDEN {
        let d_z = if h[i] > 0.0 { d_h[i] } else { 0.0 };
        d_b[i] = d_z;
        for j in 0..INPUTS {
            d_w[i][j] = d_z * x[j];
        }
    }
    (y, (d_w, d_b, d_v, d_c))
}
