// What `#[grad]` writes for filter_sum.rs.

/// Value and gradient of [`hinge`].
///
/// Returns (`hinge(…)`, (`d_margin` [margin.len()], `d_scale`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = Σᵢ {scale·(1 − margin[i])² if margin[i] < 1; −0 otherwise}
/// d_margin[i] = {−scale·2·(1 − margin[i]) if margin[i] < 1; 0 otherwise}
/// d_scale = Σᵢ {(1 − margin[i])² if margin[i] < 1; 0 otherwise}
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn hinge_grad(margin: &[f64], scale: f64) -> (f64, (::std::vec::Vec<f64>, f64)) {
    let margin_len = margin.len();
    let mut y = -0.0_f64;
    let mut d_margin = ::std::vec![0.0_f64; margin_len];
    let mut d_scale = 0.0_f64;
    for i in 0..margin_len {
        if margin[i] < 1.0 {
            y += scale * (1.0 - margin[i]).powi(2);
        }
        d_margin[i] = if margin[i] < 1.0 {
            -(scale * (2.0 * (1.0 - margin[i])))
        } else {
            0.0
        };
        if margin[i] < 1.0 {
            d_scale += (1.0 - margin[i]).powi(2);
        }
    }
    (y, (d_margin, d_scale))
}
