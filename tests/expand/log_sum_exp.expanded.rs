// What `#[grad]` writes for log_sum_exp.rs.

/// Value and gradient of [`log_sum_exp`].
///
/// Returns (`log_sum_exp(…)`, `d_x` [x.len()]): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = logsumexpᵢ(x[i])
/// d_x[i] = softmaxᵢ(x[i])
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn log_sum_exp_grad(x: &[f64]) -> (f64, ::std::vec::Vec<f64>) {
    let x_len = x.len();
    let mut largest = f64::NEG_INFINITY;
    for i in 0..x_len {
        largest = largest.max(x[i]);
    }
    let t = if largest.abs() == f64::INFINITY { 0.0 } else { largest };
    let mut d_x = ::std::vec![0.0_f64; x_len];
    let mut sum = 0.0_f64;
    for i in 0..x_len {
        let e_2 = (x[i] - t).exp();
        d_x[i] = e_2;
        sum += e_2;
    }
    let t_2 = sum.ln();
    for i in 0..x_len {
        d_x[i] /= sum;
    }
    (t + t_2, d_x)
}
/// Value and gradient of [`naive`].
///
/// Returns (`naive(…)`, `d_x` [x.len()]): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = logsumexpᵢ(x[i])
/// d_x[i] = softmaxᵢ(x[i])
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn naive_grad(x: &[f64]) -> (f64, ::std::vec::Vec<f64>) {
    let x_len = x.len();
    let mut max = f64::NEG_INFINITY;
    for i in 0..x_len {
        max = max.max(x[i]);
    }
    let t = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut d_x = ::std::vec![0.0_f64; x_len];
    let mut sum = 0.0_f64;
    for i in 0..x_len {
        let e_2 = (x[i] - t).exp();
        d_x[i] = e_2;
        sum += e_2;
    }
    let t_2 = sum.ln();
    for i in 0..x_len {
        d_x[i] /= sum;
    }
    (t + t_2, d_x)
}
