// What `#[grad]` writes for asserted.rs.

/// Value and gradient of [`log_likelihood`].
///
/// Returns (`log_likelihood(…)`, (`d_x` [x.len()], `d_scale`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// i[j] = index[j]
/// sum = Σⱼ ln1p(x[i[j]] / scale)
/// y = sum − len(index)·ln(scale)
/// d_x[i[j]] += (1 / (1 + x[i[j]] / scale)) / scale for j
/// d_scale = (Σⱼ (−(1 / (1 + x[i[j]] / scale))·(x[i[j]] / scale)·(1 / scale))) − len(index) / scale
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn log_likelihood_grad(
    x: &[f64],
    index: &[usize],
    scale: f64,
) -> (f64, (::std::vec::Vec<f64>, f64)) {
    let x_len = x.len();
    let index_len = index.len();
    ::core::assert!(scale > 0.0, "the scale has to be positive, not {}", scale);
    let t = index_len as f64;
    let mut sum = 0.0_f64;
    let mut sum_2 = 0.0_f64;
    let mut d_x = ::std::vec![0.0_f64; x_len];
    let t_3 = 1.0 / scale;
    let t_2 = scale.ln();
    let t_4 = t / scale;
    for i in 0..index_len {
        ::core::assert!(index[i] < x_len, "there is no value {}", index[i]);
        if x[index[i]] < 0.0 {
            ::core::panic!("value {} is negative: {:.3}", index[i], x[index[i]]);
        }
        let t_5 = x[index[i]] / scale;
        sum += t_5.ln_1p();
        let t_6 = 1.0 / (1.0 + t_5);
        sum_2 -= t_6 * (t_5 * t_3);
        d_x[index[i]] += t_6 / scale;
    }
    if ::core::cfg!(debug_assertions) {
        ::core::assert!(sum.abs() < f64::INFINITY, "assertion failed: sum.is_finite()");
    }
    (sum - t * t_2, (d_x, sum_2 - t_4))
}
