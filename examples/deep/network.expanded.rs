// What `#[grad]` writes for network.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_first` [WIDTH × PIXELS], `d_hidden` [DEPTH × WIDTH × WIDTH], `d_last` [CLASSES × WIDTH], `d_biases` [LAYERS × WIDTH])): the value, and the partial derivatives of the result.
///
/// Saves `2·WIDTH + 2·DEPTH·WIDTH + CLASSES` values of the forward sweep, of one iteration at a time.
///
/// ```text
/// z[i, j] = (Σₖ first[i, k]·x[j, k]) + biases[0, i]
/// a[i, j] = {σ(z[i, j]) if activation = 0; {tanh(z[i, j]) if activation = 1; relu(z[i, j]) otherwise} otherwise}
/// total = Σᵢ (−Σⱼ y[i, j]·log_softmaxⱼ(z[i, j]))
/// d_total = 1 / len(x)
/// d_z[i, j] = −d_total·y[j, i] − softmaxᵢ(z[i, j])·Σₖ (−d_total·y[j, k])
/// l[i] = DEPTH − 1 − i
/// d_a[i, j, k] = d_a[j, k, i]
/// y = total / len(x)
/// d_first[i, j] = Σₖ d_z[i, k]·x[k, j]
/// d_hidden[l[m], i, j] += d_z[i, k, m]·{a[k, l[m], j] if activation = 0 ∨ ¬(activation = 0) ∧ activation = 1 ∨ ¬(activation = 0) ∧ ¬(activation = 1); 0 otherwise} for i, j, k, m
/// d_last[i, j] = Σₖ d_z[i, k]·a[k, j]
/// d_biases[l[k] + 1, i] += d_z[i, j, k] for i, j, k; d_biases[0, i] += Σⱼ d_z[i, j] for i
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::manual_memcpy)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    x: &[[f64; PIXELS]],
    y: &[[f64; CLASSES]],
    activation: u8,
    first: &[[f64; PIXELS]; WIDTH],
    hidden: &[[[f64; WIDTH]; WIDTH]; DEPTH],
    last: &[[f64; WIDTH]; CLASSES],
    biases: &[[f64; WIDTH]; LAYERS],
) -> (
    f64,
    (
        [[f64; PIXELS]; WIDTH],
        [[[f64; WIDTH]; WIDTH]; DEPTH],
        [[f64; WIDTH]; CLASSES],
        [[f64; WIDTH]; LAYERS],
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
    let mut d_biases = [[0.0_f64; WIDTH]; LAYERS];
    for s in 0..x_rows {
        let mut sum = [-0.0_f64; WIDTH];
        for i in 0..WIDTH {
            let mut sum_2 = -0.0_f64;
            for j in 0..PIXELS {
                sum_2 += first[i][j] * x[s][j];
            }
            sum[i] = sum_2;
        }
        let mut a = [0.0_f64; WIDTH];
        if activation == 0 {
            for i in 0..WIDTH {
                let z = sum[i] + biases[0][i];
                a[i] = 1.0 / (1.0 + (-z).exp());
            }
        } else {
            for i in 0..WIDTH {
                a[i] = if activation == 1 {
                    let z_2 = sum[i] + biases[0][i];
                    z_2.tanh()
                } else {
                    let z_3 = sum[i] + biases[0][i];
                    if z_3 < 0.0 { 0.0 } else { z_3 }
                };
            }
        }
        let mut a_2 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            a_2[i] = a[i];
        }
        let mut buffer = [[0.0_f64; WIDTH]; DEPTH];
        let mut buffer_2 = [[0.0_f64; WIDTH]; DEPTH];
        for l in 0..DEPTH {
            let mut sum_3 = [-0.0_f64; WIDTH];
            for i in 0..WIDTH {
                buffer_2[l][i] = if activation == 0 || activation != 0 && activation == 1
                    || activation != 0 && activation != 1
                {
                    a_2[i]
                } else {
                    0.0
                };
                let mut sum_4 = -0.0_f64;
                for j in 0..WIDTH {
                    sum_4 += hidden[l][i][j] * a_2[j];
                }
                sum_3[i] = sum_4;
                buffer[l][i] = if activation == 0 || activation != 0 && activation == 1
                    || activation != 0 && activation != 1
                {
                    sum_4
                } else {
                    0.0
                };
            }
            let mut a_3 = [0.0_f64; WIDTH];
            if activation == 0 {
                for i in 0..WIDTH {
                    let z_4 = sum_3[i] + biases[l + 1][i];
                    a_3[i] = 1.0 / (1.0 + (-z_4).exp());
                }
            } else {
                for i in 0..WIDTH {
                    a_3[i] = if activation == 1 {
                        let z_5 = sum_3[i] + biases[l + 1][i];
                        z_5.tanh()
                    } else {
                        let z_6 = sum_3[i] + biases[l + 1][i];
                        if z_6 < 0.0 { 0.0 } else { z_6 }
                    };
                }
            }
            for i in 0..WIDTH {
                a_2[i] = a_3[i];
            }
        }
        let mut buffer_3 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            buffer_3[i] = a_2[i];
        }
        let mut sum_5 = 0.0_f64;
        let mut z_7 = [-0.0_f64; CLASSES];
        let mut max = f64::NEG_INFINITY;
        for k in 0..CLASSES {
            sum_5 -= d_total * y[s][k];
            let mut z_8 = -0.0_f64;
            for i in 0..WIDTH {
                z_8 += last[k][i] * buffer_3[i];
            }
            z_7[k] = z_8;
            max = max.max(z_8);
        }
        let t_7 = if max.abs() == f64::INFINITY { 0.0 } else { max };
        let mut e_3 = [0.0_f64; CLASSES];
        let mut sum_6 = 0.0_f64;
        for k in 0..CLASSES {
            let e_4 = (z_7[k] - t_7).exp();
            e_3[k] = e_4;
            sum_6 += e_4;
        }
        let mut sum_7 = 0.0_f64;
        let mut sum_8 = [0.0_f64; WIDTH];
        for k in 0..CLASSES {
            if y[s][k] != 0.0 {
                sum_7 += y[s][k] * (z_7[k] - t_7 - sum_6.ln());
            }
            let d_z = -(d_total * y[s][k]) - e_3[k] / sum_6 * sum_5;
            for i in 0..WIDTH {
                sum_8[i] += d_z * last[k][i];
                d_last[k][i] += d_z * buffer_3[i];
            }
        }
        total -= sum_7;
        let mut sum_9 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            sum_9[i] = sum_8[i];
        }
        let mut d_a = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            d_a[i] = sum_9[i];
        }
        for i in (0..DEPTH).rev() {
            let mut sum_10 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                let t_10 = if activation == 0 {
                    let z_9 = buffer[i][j] + biases[i + 1][j];
                    let t_9 = 1.0 / (1.0 + (-z_9).exp());
                    d_a[j] * (t_9 * (1.0 - t_9))
                } else {
                    0.0
                };
                let t_13 = if activation == 1 {
                    if activation == 0 {
                        0.0
                    } else {
                        let z_10 = buffer[i][j] + biases[i + 1][j];
                        let tanh = z_10.tanh();
                        d_a[j] * (1.0 - tanh * tanh)
                    }
                } else if activation == 0 {
                    0.0
                } else {
                    let z_11 = buffer[i][j] + biases[i + 1][j];
                    if (if z_11 < 0.0 { 0.0 } else { z_11 }) > 0.0 {
                        d_a[j]
                    } else {
                        0.0
                    }
                };
                let d_z_2 = t_13 + t_10;
                d_biases[i + 1][j] += d_z_2;
                for k in 0..WIDTH {
                    sum_10[k] += d_z_2 * hidden[i][j][k];
                    d_hidden[i][j][k] += d_z_2 * buffer_2[i][k];
                }
            }
            let mut d_a_2 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                d_a_2[j] = sum_10[j];
            }
            for j in 0..WIDTH {
                d_a[j] = d_a_2[j];
            }
        }
        for i in 0..WIDTH {
            let t_16 = if activation == 1 {
                if activation == 0 {
                    0.0
                } else {
                    let z_12 = sum[i] + biases[0][i];
                    let tanh_2 = z_12.tanh();
                    d_a[i] * (1.0 - tanh_2 * tanh_2)
                }
            } else if activation == 0 {
                0.0
            } else {
                let z_13 = sum[i] + biases[0][i];
                if (if z_13 < 0.0 { 0.0 } else { z_13 }) > 0.0 { d_a[i] } else { 0.0 }
            };
            let t_18 = if activation == 0 {
                let z_14 = sum[i] + biases[0][i];
                let t_17 = 1.0 / (1.0 + (-z_14).exp());
                d_a[i] * (t_17 * (1.0 - t_17))
            } else {
                0.0
            };
            let d_z_3 = t_16 + t_18;
            d_biases[0][i] += d_z_3;
            for j in 0..PIXELS {
                d_first[i][j] += d_z_3 * x[s][j];
            }
        }
    }
    (total / t, (d_first, d_hidden, d_last, d_biases))
}
