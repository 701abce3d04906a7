// What `#[grad]` writes for piecewise.rs.

/// Value and gradient of [`huber`].
///
/// Returns (`huber(…)`, (`d_x`, `d_delta`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// size = |x|
/// y = {0.5·x·x if size ≤ delta; delta·(size − 0.5·delta) otherwise}
/// d_x = {0.5·x + x·0.5 if size ≤ delta; {delta if x > 0; {−delta if x < 0; 0 otherwise} otherwise} otherwise}
/// d_delta = {0 if size ≤ delta; size − 0.5·delta − delta·0.5 otherwise}
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn huber_grad(x: f64, delta: f64) -> (f64, (f64, f64)) {
    let size = x.abs();
    let (y, d_x, d_delta) = if size <= delta {
        let t = 0.5 * x;
        (t * x, t + x * 0.5, 0.0)
    } else {
        let t_2 = size - 0.5 * delta;
        let open = -delta;
        let open_2 = if x < 0.0 { open } else { 0.0 };
        (delta * t_2, if x > 0.0 { delta } else { open_2 }, t_2 - delta * 0.5)
    };
    (y, (d_x, d_delta))
}
/// Value and gradient of [`basis`].
///
/// Returns (`basis(…)`, `d_x`): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = {1 + 0·x if kind = 0; {x if kind = 1; {1.5·x·x − 0.5 if kind = 2; cos(kind·x) otherwise} otherwise} otherwise}
/// d_x = {{0 if kind = 0; 1 otherwise} if kind = 1; 0 otherwise} + {0 if kind = 2; {0 if kind = 1; {0 if kind = 0; −sin(kind·x)·kind otherwise} otherwise} otherwise} + {{0 if kind = 1; {0 if kind = 0; 1.5·x otherwise} otherwise} if kind = 2; 0 otherwise} + {{0 if kind = 1; {0 if kind = 0; x·1.5 otherwise} otherwise} if kind = 2; 0 otherwise}
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn basis_grad(kind: usize, x: f64) -> (f64, f64) {
    let (y, t_15, t_16, t_17, t_18) = if kind == 0 {
        (1.0 + 0.0 * x, 0.0, 0.0, 0.0, 0.0)
    } else {
        let (t_10, t_11, t_12, t_13, t_14) = if kind == 1 {
            (x, 0.0, 0.0, 0.0, 1.0)
        } else {
            let (t_6, t_7, t_8, t_9) = if kind == 2 {
                let t = 1.5 * x;
                (t * x - 0.5, x * 1.5, t, 0.0)
            } else {
                let t_2 = kind as f64;
                let t_3 = t_2 * x;
                let t_4 = t_3.sin();
                let t_5 = t_3.cos();
                (t_5, 0.0, 0.0, -(t_4 * t_2))
            };
            (t_6, t_7, t_8, t_9, 0.0)
        };
        (t_10, t_11, t_12, t_13, t_14)
    };
    (y, t_18 + t_17 + t_16 + t_15)
}
