// What `#[grad]` writes for least_squares.rs.

/// Value and pullback of [`residuals`].
///
/// Returns (`residuals(…)`, (`d_amplitude`, `d_decay`, `d_offset`)): the value, and the cotangents of the parameters, given that of the result as the last argument.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y[i] = amplitude·exp(−decay·t[i]) + offset − y[i]
/// d_amplitude = Σᵢ d_y[i]·exp(−decay·t[i])
/// d_decay = Σᵢ (−d_y[i]·amplitude·exp(−decay·t[i])·t[i])
/// d_offset = Σᵢ d_y[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn residuals_vjp(
    t: &[f64],
    y: &[f64],
    amplitude: f64,
    decay: f64,
    offset: f64,
    d_y: &[f64],
) -> (::std::vec::Vec<f64>, (f64, f64, f64)) {
    let t_len = t.len();
    let y_len = y.len();
    ::core::assert!(
        d_y.len() == t_len.min(y_len),
        "`residuals`: axis 0 of the cotangent `d_y` is {} but that of the result is {}",
        d_y.len(), t_len.min(y_len)
    );
    let n = t_len.min(y_len);
    let mut y_2 = ::std::vec![0.0_f64; n];
    let mut d_amplitude = 0.0_f64;
    let mut d_decay = 0.0_f64;
    let mut d_offset = 0.0_f64;
    for i in 0..n {
        let e = (-(decay * t[i])).exp();
        y_2[i] = amplitude * e + offset - y[i];
        d_amplitude += d_y[i] * e;
        d_decay -= d_y[i] * amplitude * e * t[i];
        d_offset += d_y[i];
    }
    (y_2, (d_amplitude, d_decay, d_offset))
}
