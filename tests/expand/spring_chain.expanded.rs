// What `#[grad]` writes for spring_chain.rs.

/// Value and gradient of [`energy`].
///
/// Returns (`energy(…)`, (`d_x` [x.len()], `d_stiffness`)): the value, and the partial derivatives of the result.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// y = Σᵢ 0.5·stiffness·(x[i + 1] − x[i] − 1)²
/// d_x[i] += −0.5·stiffness·2·(x[i + 1] − x[i] − 1) for i; d_x[i + 1] += 0.5·stiffness·2·(x[i + 1] − x[i] − 1) for i
/// d_stiffness = (Σᵢ (x[i + 1] − x[i] − 1)²)·0.5
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn energy_grad(x: &[f64], stiffness: f64) -> (f64, (::std::vec::Vec<f64>, f64)) {
    let x_len = x.len();
    let n = x_len.saturating_sub(1);
    let t = 0.5 * stiffness;
    let mut sum = 0.0_f64;
    let mut y = -0.0_f64;
    let mut d_x = ::std::vec![0.0_f64; x_len];
    let x_row = &x[x.len().min(1)..][..n];
    let d_x_at = d_x.len().min(1);
    let d_x_row = &mut d_x[d_x_at..][..n];
    for i in 0..n {
        d_x_row[i] += t * (2.0 * (x_row[i] - x[i] - 1.0));
    }
    let d_x_row_2 = &mut d_x[..n];
    for i in 0..n {
        let t_2 = x_row[i] - x[i] - 1.0;
        let powi = t_2.powi(2);
        sum += powi;
        y += t * powi;
        d_x_row_2[i] -= t * (2.0 * t_2);
    }
    (y, (d_x, sum * 0.5))
}
