// What `#[grad]` writes for network.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_first` [WIDTH × PIXELS], `d_hidden` [DEPTH × WIDTH × WIDTH], `d_last` [CLASSES × WIDTH], `d_b_first` [WIDTH], `d_b_hidden` [DEPTH × WIDTH], `d_b_last` [CLASSES])): the value, and the partial derivatives of the result.
///
/// ```text
/// z[i, j] = (Σₖ first[i, k]·x[j, k]) + b_first[i]
/// a[i, j] = {σ(z[i, j]) if activation = 0; {tanh(z[i, j]) if activation = 1; relu(z[i, j]) otherwise} otherwise}
/// total = Σᵢ (−Σⱼ y[i, j]·log_softmaxⱼ(z[i, j]))
/// d_total = 1 / len(x)
/// d_z[i, j] = −d_total·y[j, i] − softmaxᵢ(z[i, j])·Σₖ (−d_total·y[j, k])
/// l[i] = DEPTH − 1 − i
/// d_a[i, j, k] = d_a[j, k, i]
/// y = total / len(x)
/// d_first[i, j] = Σₖ d_z[i, k]·x[k, j]
/// d_hidden[l[m], i, j] += d_z[i, k, m]·a[k, l[m], j] for i, j, k, m
/// d_last[i, j] = Σₖ d_z[i, k]·a[k, j]
/// d_b_first[i] = Σⱼ d_z[i, j]
/// d_b_hidden[l[k], i] += d_z[i, j, k] for i, j, k
/// d_b_last[i] = Σⱼ d_z[i, j]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    x: &[[f64; PIXELS]],
    y: &[[f64; CLASSES]],
    activation: u8,
    first: &[[f64; PIXELS]; WIDTH],
    hidden: &[[[f64; WIDTH]; WIDTH]; DEPTH],
    last: &[[f64; WIDTH]; CLASSES],
    b_first: &[f64; WIDTH],
    b_hidden: &[[f64; WIDTH]; DEPTH],
    b_last: &[f64; CLASSES],
) -> (
    f64,
    (
        [[f64; PIXELS]; WIDTH],
        [[[f64; WIDTH]; WIDTH]; DEPTH],
        [[f64; WIDTH]; CLASSES],
        [f64; WIDTH],
        [[f64; WIDTH]; DEPTH],
        [f64; CLASSES],
    ),
) {
    let x_rows = x.len();
    let y_rows = y.len();
    let t = x_rows as f64;
    let d_total = 1.0 / t;
    let mut total = 0.0_f64;
    let mut d_first = [[0.0_f64; PIXELS]; WIDTH];
    let mut d_hidden = [[[0.0_f64; WIDTH]; WIDTH]; DEPTH];
    let mut d_last = [[0.0_f64; WIDTH]; CLASSES];
    let mut d_b_first = [0.0_f64; WIDTH];
    let mut d_b_hidden = [[0.0_f64; WIDTH]; DEPTH];
    let mut d_b_last = [0.0_f64; CLASSES];
    for s in 0..x_rows {
        let mut a_3 = [0.0_f64; WIDTH];
        if activation == 0 {
            for i in 0..WIDTH {
                let mut sum_3 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_3 += first[i][j] * x[s][j];
                }
                let z_3 = sum_3 + b_first[i];
                a_3[i] = 1.0 / (1.0 + (-z_3).exp());
            }
        } else {
            let mut sum_4 = [-0.0_f64; WIDTH];
            for i in 0..WIDTH {
                let mut sum_5 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_5 += first[i][j] * x[s][j];
                }
                sum_4[i] = sum_5;
            }
            if activation == 1 {
                for i in 0..WIDTH {
                    a_3[i] = (sum_4[i] + b_first[i]).tanh();
                }
            } else {
                for i in 0..WIDTH {
                    let z_4 = sum_4[i] + b_first[i];
                    a_3[i] = if z_4 < 0.0 { 0.0 } else { z_4 };
                }
            }
        }
        let mut a_4 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            a_4[i] = a_3[i];
        }
        let mut sum_6 = [[0.0_f64; WIDTH]; DEPTH];
        let mut buffer = [[0.0_f64; WIDTH]; DEPTH];
        for l in 0..DEPTH {
            let mut a_5 = [0.0_f64; WIDTH];
            for i in 0..WIDTH {
                buffer[l][i] = a_4[i];
                let mut sum_7 = -0.0_f64;
                for j in 0..WIDTH {
                    sum_7 += hidden[l][i][j] * a_4[j];
                }
                a_5[i] = if activation == 0 {
                    let z_5 = sum_7 + b_hidden[l][i];
                    let e_3 = (-z_5).exp();
                    1.0 / (1.0 + e_3)
                } else if activation == 1 {
                    (sum_7 + b_hidden[l][i]).tanh()
                } else {
                    let z_6 = sum_7 + b_hidden[l][i];
                    if z_6 < 0.0 { 0.0 } else { z_6 }
                };
                sum_6[l][i] = sum_7;
            }
            for i in 0..WIDTH {
                a_4[i] = a_5[i];
            }
        }
        let mut buffer_2 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            buffer_2[i] = a_4[i];
        }
        let mut sum_8 = 0.0_f64;
        let mut z_7 = [0.0_f64; CLASSES];
        let mut max = f64::NEG_INFINITY;
        for k in 0..CLASSES {
            sum_8 -= d_total * y[s][k];
            let mut sum_10 = -0.0_f64;
            for i in 0..WIDTH {
                sum_10 += last[k][i] * buffer_2[i];
            }
            let z_8 = sum_10 + b_last[k];
            z_7[k] = z_8;
            max = max.max(z_8);
        }
        let t_10 = if max.abs() == f64::INFINITY { 0.0 } else { max };
        let mut e_4 = [0.0_f64; CLASSES];
        let mut sum_11 = 0.0_f64;
        for k in 0..CLASSES {
            let e_5 = (z_7[k] - t_10).exp();
            e_4[k] = e_5;
            sum_11 += e_5;
        }
        let mut sum_12 = 0.0_f64;
        let mut sum_13 = [0.0_f64; WIDTH];
        let t_11 = sum_11.ln();
        for k in 0..CLASSES {
            if !(y[s][k] == 0.0) {
                sum_12 += y[s][k] * (z_7[k] - t_10 - t_11);
            }
            let d_z = -(d_total * y[s][k]) - e_4[k] / sum_11 * sum_8;
            d_b_last[k] += d_z;
            for i in 0..WIDTH {
                sum_13[i] += d_z * last[k][i];
                d_last[k][i] += d_z * buffer_2[i];
            }
        }
        total -= sum_12;
        let mut sum_14 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            sum_14[i] = sum_13[i];
        }
        let mut d_a = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            d_a[i] = sum_14[i];
        }
        for i in (0..DEPTH).rev() {
            let mut sum_15 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                let t_14 = if activation == 0 {
                    let z_9 = sum_6[i][j] + b_hidden[i][j];
                    let e_6 = (-z_9).exp();
                    let t_13 = 1.0 / (1.0 + e_6);
                    d_a[j] * (t_13 * (1.0 - t_13))
                } else {
                    0.0
                };
                let t_18 = if activation == 1 {
                    if activation == 0 {
                        0.0
                    } else {
                        let tanh_4 = (sum_6[i][j] + b_hidden[i][j]).tanh();
                        d_a[j] * (1.0 - tanh_4 * tanh_4)
                    }
                } else if activation == 0 {
                    0.0
                } else {
                    let z_10 = sum_6[i][j] + b_hidden[i][j];
                    let t_16 = if z_10 < 0.0 { 0.0 } else { z_10 };
                    if t_16 > 0.0 { d_a[j] } else { 0.0 }
                };
                let d_z_2 = t_18 + t_14;
                d_b_hidden[i][j] += d_z_2;
                for k in 0..WIDTH {
                    sum_15[k] += d_z_2 * hidden[i][j][k];
                    d_hidden[i][j][k] += d_z_2 * buffer[i][k];
                }
            }
            let mut sum_16 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                sum_16[j] = sum_15[j];
            }
            for j in 0..WIDTH {
                d_a[j] = sum_16[j];
            }
        }
        for i in 0..WIDTH {
            let t_22 = if activation == 1 {
                if activation == 0 {
                    0.0
                } else {
                    let mut sum_17 = -0.0_f64;
                    for j in 0..PIXELS {
                        sum_17 += first[i][j] * x[s][j];
                    }
                    let tanh_5 = (sum_17 + b_first[i]).tanh();
                    d_a[i] * (1.0 - tanh_5 * tanh_5)
                }
            } else if activation == 0 {
                0.0
            } else {
                let mut sum_18 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_18 += first[i][j] * x[s][j];
                }
                let z_11 = sum_18 + b_first[i];
                let t_20 = if z_11 < 0.0 { 0.0 } else { z_11 };
                if t_20 > 0.0 { d_a[i] } else { 0.0 }
            };
            let t_24 = if activation == 0 {
                let mut sum_19 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_19 += first[i][j] * x[s][j];
                }
                let z_12 = sum_19 + b_first[i];
                let e_7 = (-z_12).exp();
                let t_23 = 1.0 / (1.0 + e_7);
                d_a[i] * (t_23 * (1.0 - t_23))
            } else {
                0.0
            };
            let d_z_3 = t_22 + t_24;
            d_b_first[i] += d_z_3;
            for j in 0..PIXELS {
                d_first[i][j] += d_z_3 * x[s][j];
            }
        }
    }
    (total / t, (d_first, d_hidden, d_last, d_b_first, d_b_hidden, d_b_last))
}
