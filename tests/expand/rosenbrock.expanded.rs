// What `#[grad]` writes for rosenbrock.rs.

/// Value and gradient of [`rosenbrock`].
///
/// Returns (`rosenbrock(…)`, (`d_x`, `d_y`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = (1 − x)² + 100·(y − x·x)²
/// d_x = −200·(y − x·x)·x·2 − 2·(1 − x)
/// d_y = 200·(y − x·x)
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn rosenbrock_grad(x: f64, y: f64) -> (f64, (f64, f64)) {
    let t = 1.0 - x;
    let t_2 = y - x * x;
    let d_y = 200.0 * t_2;
    let powi = t.powi(2);
    let powi_2 = t_2.powi(2);
    (powi + 100.0 * powi_2, (-(d_y * x * 2.0) - 2.0 * t, d_y))
}
/// Value and gradient of [`rosenbrock_n`].
///
/// Returns (`rosenbrock_n(…)`, `d_x` [x.len()]): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = Σᵢ ((1 − x[i])² + 100·(x[i + 1] − x[i]·x[i])²)
/// d_x[i + 1] += 200·(x[i + 1] − x[i]·x[i]) for i; d_x[i] += −200·(x[i + 1] − x[i]·x[i])·x[i]·2 − 2·(1 − x[i]) for i
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn rosenbrock_n_grad(x: &[f64]) -> (f64, ::std::vec::Vec<f64>) {
    let x_len = x.len();
    let n = x_len.saturating_sub(1);
    let mut y = -0.0_f64;
    let mut d_x = ::std::vec![0.0_f64; x_len];
    let x_row = &x[x.len().min(1)..][..n];
    let d_x_at = d_x.len().min(1);
    let d_x_row = &mut d_x[d_x_at..][..n];
    for i in 0..n {
        d_x_row[i] += 200.0 * (x_row[i] - x[i] * x[i]);
    }
    let d_x_row_2 = &mut d_x[..n];
    for i in 0..n {
        let t = 1.0 - x[i];
        let t_2 = x_row[i] - x[i] * x[i];
        y += t.powi(2) + 100.0 * t_2.powi(2);
        d_x_row_2[i] += -(200.0 * t_2 * x[i] * 2.0) - 2.0 * t;
    }
    (y, d_x)
}
