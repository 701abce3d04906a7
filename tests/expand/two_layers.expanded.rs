// What `#[grad]` writes for two_layers.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_w1` [H × I], `d_b1` [H], `d_w2` [O × H], `d_b2` [O])): the value, and the partial derivatives of the result.
///
/// Saves `H + O` values of the forward sweep.
///
/// ```text
/// a1[i] = relu((Σⱼ w1[i, j]·x[j]) + b1[i])
/// z2[i] = (Σⱼ w2[i, j]·a1[j]) + b2[i]
/// d_z2[i] = −y[i] − softmaxᵢ(z2[i])·Σⱼ (−y[j])
/// d_a1[i] = Σⱼ d_z2[j]·w2[j, i]
/// y = −Σᵢ y[i]·log_softmaxᵢ(z2[i])
/// d_w1[i, j] = {d_a1[i] if a1[i] > 0; 0 otherwise}·x[j]
/// d_b1[i] = {d_a1[i] if a1[i] > 0; 0 otherwise}
/// d_w2[i, j] = d_z2[i]·a1[j]
/// d_b2[i] = d_z2[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad<const I: usize, const H: usize, const O: usize>(
    x: &[f32; I],
    y: &[f32; O],
    w1: &[[f32; I]; H],
    b1: &[f32; H],
    w2: &[[f32; H]; O],
    b2: &[f32; O],
) -> (f32, ([[f32; I]; H], [f32; H], [[f32; H]; O], [f32; O])) {
    let mut a1 = [0.0_f32; H];
    for j in 0..H {
        let mut sum = -0.0_f32;
        for i in 0..I {
            sum += w1[j][i] * x[i];
        }
        let t = sum + b1[j];
        let a1_2 = if t < 0.0 { 0.0 } else { t };
        a1[j] = a1_2;
    }
    let mut sum_2 = 0.0_f32;
    let mut z2 = [0.0_f32; O];
    let mut max = f32::NEG_INFINITY;
    for k in 0..O {
        sum_2 -= y[k];
        let mut sum_4 = -0.0_f32;
        for j in 0..H {
            sum_4 += w2[k][j] * a1[j];
        }
        let z2_2 = sum_4 + b2[k];
        z2[k] = z2_2;
        max = max.max(z2_2);
    }
    let t_2 = if max.abs() == f32::INFINITY { 0.0 } else { max };
    let mut e = [0.0_f32; O];
    let mut sum_5 = 0.0_f32;
    for k in 0..O {
        let e_2 = (z2[k] - t_2).exp();
        e[k] = e_2;
        sum_5 += e_2;
    }
    let mut sum_6 = 0.0_f32;
    let mut d_a1 = [0.0_f32; H];
    let mut d_w2 = [[0.0_f32; H]; O];
    let mut d_b2 = [0.0_f32; O];
    let t_3 = sum_5.ln();
    for k in 0..O {
        let t_4 = e[k] / sum_5;
        if y[k] != 0.0 {
            sum_6 += y[k] * (z2[k] - t_2 - t_3);
        }
        let d_z2 = -y[k] - t_4 * sum_2;
        d_b2[k] = d_z2;
        for j in 0..H {
            d_a1[j] += d_z2 * w2[k][j];
            d_w2[k][j] = d_z2 * a1[j];
        }
    }
    let mut d_w1 = [[0.0_f32; I]; H];
    let mut d_b1 = [0.0_f32; H];
    for j in 0..H {
        let t_5 = if a1[j] > 0.0 { d_a1[j] } else { 0.0 };
        d_b1[j] = t_5;
        for i in 0..I {
            d_w1[j][i] = t_5 * x[i];
        }
    }
    (-sum_6, (d_w1, d_b1, d_w2, d_b2))
}
