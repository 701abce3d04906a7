// What `#[grad]` writes for least_squares.rs.

/// Value and gradient of [`model`].
///
/// Returns (`model(…)`, `d_input` [PARAMETERS]): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// amplitude = input[0]
/// decay = input[1]
/// frequency = input[2]
/// offset = input[3]
/// d_amplitude = cos(frequency·t)·exp(−decay·t)
/// d_decay = −cos(frequency·t)·amplitude·exp(−decay·t)·t
/// d_frequency = −amplitude·exp(−decay·t)·sin(frequency·t)·t
/// y = amplitude·exp(−decay·t)·cos(frequency·t) + offset
/// d_input[3] += 1; d_input[2] += d_frequency; d_input[1] += d_decay; d_input[0] += d_amplitude
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn model_grad(t: f64, input: [f64; PARAMETERS]) -> (f64, [f64; PARAMETERS]) {
    let mut d_input = [0.0_f64; PARAMETERS];
    d_input[3] += 1.0;
    let amplitude = input[0];
    let t_2 = input[2] * t;
    let e = (-(input[1] * t)).exp();
    d_input[2] -= amplitude * e * t_2.sin() * t;
    let t_3 = t_2.cos();
    d_input[1] -= t_3 * amplitude * e * t;
    d_input[0] += t_3 * e;
    (amplitude * e * t_3 + input[3], d_input)
}
