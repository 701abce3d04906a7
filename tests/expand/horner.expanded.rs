// What `#[grad]` writes for horner.rs.

/// Value and gradient of [`polynomial`].
///
/// Returns (`polynomial(…)`, (`d_coefficients` [coefficients.len()], `d_x`)): the value, and the partial derivatives of the result.
///
/// Saves `len(coefficients)` values of the forward sweep.
///
/// ```text
/// d_p[i] = d_p[i]·x
/// y = s0
/// d_coefficients[len(coefficients) − (len(coefficients) − 1 − i + 1)] += d_p[i] for i
/// d_x = Σᵢ d_p[i]·p[len(coefficients) − 1 − i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn polynomial_grad(coefficients: &[f64], x: f64) -> (f64, (::std::vec::Vec<f64>, f64)) {
    let coefficients_len = coefficients.len();
    let mut p = 0.0_f64;
    let mut p_2 = ::std::vec![0.0_f64; coefficients_len];
    for i in 0..coefficients_len {
        p_2[i] = p;
        p = p * x + coefficients[coefficients_len - (i + 1)];
    }
    let mut d_p = 1.0_f64;
    let mut d_coefficients = ::std::vec![0.0_f64; coefficients_len];
    let mut d_x = 0.0_f64;
    for i in (0..coefficients_len).rev() {
        d_coefficients[coefficients_len - (i + 1)] += d_p;
        d_x += d_p * p_2[i];
        d_p *= x;
    }
    (p, (d_coefficients, d_x))
}
