// What `#[grad]` writes for layer.rs.

/// Value and pullback of [`layer`].
///
/// Returns (`layer(…)`, (`d_w` [M × N], `d_x` [N], `d_b` [M])): the value, and the cotangents of the parameters, given that of the result as the last argument.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// z[i] = (Σⱼ w[i, j]·x[j]) + b[i]
/// d_z[i] = d_y[i]·σ(z[i])·(1 − σ(z[i]))
/// y[i] = σ(z[i])
/// d_w[i, j] = d_z[i]·x[j]
/// d_x[i] = Σⱼ d_z[j]·w[j, i]
/// d_b[i] = d_z[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn layer_vjp<const M: usize, const N: usize>(
    w: &[[f64; N]; M],
    x: &[f64; N],
    b: &[f64; M],
    d_y: &[f64; M],
) -> ([f64; M], ([[f64; N]; M], [f64; N], [f64; M])) {
    let mut y = [0.0_f64; M];
    let mut d_w = [[0.0_f64; N]; M];
    let mut d_x = [0.0_f64; N];
    let mut d_b = [0.0_f64; M];
    for i in 0..M {
        let mut sum = -0.0_f64;
        for j in 0..N {
            sum += w[i][j] * x[j];
        }
        let z = sum + b[i];
        let t = 1.0 / (1.0 + (-z).exp());
        y[i] = t;
        let d_z = d_y[i] * (t * (1.0 - t));
        d_b[i] = d_z;
        for j in 0..N {
            d_w[i][j] = d_z * x[j];
            d_x[j] += d_z * w[i][j];
        }
    }
    (y, (d_w, d_x, d_b))
}
