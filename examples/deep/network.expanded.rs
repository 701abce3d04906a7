// What `#[grad]` writes for network.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_first` [WIDTH × PIXELS], `d_hidden` [DEPTH × WIDTH × WIDTH], `d_last` [CLASSES × WIDTH], `d_biases` [LAYERS × WIDTH])): the value, and the partial derivatives of the result.
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
/// d_hidden[l[m], i, j] += d_z[i, k, m]·a[k, l[m], j] for i, j, k, m
/// d_last[i, j] = Σₖ d_z[i, k]·a[k, j]
/// d_biases[l[k] + 1, i] += d_z[i, j, k] for i, j, k; d_biases[0, i] += Σⱼ d_z[i, j] for i
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
        let mut a_3 = [0.0_f64; WIDTH];
        if activation == 0 {
            for i in 0..WIDTH {
                let mut sum_3 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_3 += first[i][j] * x[s][j];
                }
                let z_4 = sum_3 + biases[0][i];
                a_3[i] = 1.0 / (1.0 + (-z_4).exp());
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
                    a_3[i] = (sum_4[i] + biases[0][i]).tanh();
                }
            } else {
                for i in 0..WIDTH {
                    let z_5 = sum_4[i] + biases[0][i];
                    a_3[i] = if z_5 < 0.0 { 0.0 } else { z_5 };
                }
            }
        }
        let mut a_4 = [[0.0_f64; WIDTH]; DEPTH];
        let mut a_5 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            a_5[i] = a_3[i];
        }
        let mut buffer = [[0.0_f64; WIDTH]; DEPTH];
        for l in 0..DEPTH {
            for i in 0..WIDTH {
                a_4[l][i] = if activation == 0 {
                    let mut sum_6 = -0.0_f64;
                    for j in 0..WIDTH {
                        sum_6 += hidden[l][i][j] * a_5[j];
                    }
                    let z_6 = sum_6 + biases[l + 1][i];
                    1.0 / (1.0 + (-z_6).exp())
                } else {
                    let mut sum_7 = -0.0_f64;
                    for j in 0..WIDTH {
                        sum_7 += hidden[l][i][j] * a_5[j];
                    }
                    if activation == 1 {
                        let z_7 = sum_7 + biases[l + 1][i];
                        z_7.tanh()
                    } else {
                        let z_8 = sum_7 + biases[l + 1][i];
                        if z_8 < 0.0 { 0.0 } else { z_8 }
                    }
                };
                buffer[l][i] = a_5[i];
            }
            for i in 0..WIDTH {
                a_5[i] = a_4[l][i];
            }
        }
        let mut buffer_2 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            buffer_2[i] = a_5[i];
        }
        let mut sum_8 = 0.0_f64;
        let mut z_9 = [-0.0_f64; CLASSES];
        let mut max = f64::NEG_INFINITY;
        for k in 0..CLASSES {
            sum_8 -= d_total * y[s][k];
            let mut z_10 = -0.0_f64;
            for i in 0..WIDTH {
                z_10 += last[k][i] * buffer_2[i];
            }
            z_9[k] = z_10;
            max = max.max(z_10);
        }
        let t_8 = if max.abs() == f64::INFINITY { 0.0 } else { max };
        let mut e_2 = [0.0_f64; CLASSES];
        let mut sum_9 = 0.0_f64;
        for k in 0..CLASSES {
            let e_3 = (z_9[k] - t_8).exp();
            e_2[k] = e_3;
            sum_9 += e_3;
        }
        let mut sum_10 = 0.0_f64;
        let mut sum_11 = [0.0_f64; WIDTH];
        for k in 0..CLASSES {
            if !(y[s][k] == 0.0) {
                sum_10 += y[s][k] * (z_9[k] - t_8 - sum_9.ln());
            }
            let d_z = -(d_total * y[s][k]) - e_2[k] / sum_9 * sum_8;
            for i in 0..WIDTH {
                sum_11[i] += d_z * last[k][i];
                d_last[k][i] += d_z * buffer_2[i];
            }
        }
        total -= sum_10;
        let mut sum_12 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            sum_12[i] = sum_11[i];
        }
        let mut d_a = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            d_a[i] = sum_12[i];
        }
        for i in (0..DEPTH).rev() {
            let mut sum_13 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                let t_11 = if activation == 0 {
                    for k in 0..WIDTH {
                        a_5[k] = a_3[k];
                    }
                    let mut sum_14 = [[0.0_f64; WIDTH]; DEPTH];
                    for l in 0..DEPTH {
                        for k in 0..WIDTH {
                            let mut sum_15 = -0.0_f64;
                            for m in 0..WIDTH {
                                sum_15 += hidden[l][k][m] * a_5[m];
                            }
                            sum_14[l][k] = sum_15;
                        }
                        for k in 0..WIDTH {
                            a_5[k] = a_4[l][k];
                        }
                    }
                    let z_11 = sum_14[i][j] + biases[i + 1][j];
                    let t_10 = 1.0 / (1.0 + (-z_11).exp());
                    d_a[j] * (t_10 * (1.0 - t_10))
                } else {
                    0.0
                };
                let t_14 = if activation == 1 {
                    if activation == 0 {
                        0.0
                    } else {
                        for k in 0..WIDTH {
                            a_5[k] = a_3[k];
                        }
                        let mut sum_17 = [[0.0_f64; WIDTH]; DEPTH];
                        for l in 0..DEPTH {
                            for k in 0..WIDTH {
                                let mut sum_18 = -0.0_f64;
                                for m in 0..WIDTH {
                                    sum_18 += hidden[l][k][m] * a_5[m];
                                }
                                sum_17[l][k] = sum_18;
                            }
                            for k in 0..WIDTH {
                                a_5[k] = a_4[l][k];
                            }
                        }
                        let z_12 = sum_17[i][j] + biases[i + 1][j];
                        let tanh_2 = z_12.tanh();
                        d_a[j] * (1.0 - tanh_2 * tanh_2)
                    }
                } else if activation == 0 {
                    0.0
                } else {
                    for k in 0..WIDTH {
                        a_5[k] = a_3[k];
                    }
                    let mut sum_20 = [[0.0_f64; WIDTH]; DEPTH];
                    for l in 0..DEPTH {
                        for k in 0..WIDTH {
                            let mut sum_21 = -0.0_f64;
                            for m in 0..WIDTH {
                                sum_21 += hidden[l][k][m] * a_5[m];
                            }
                            sum_20[l][k] = sum_21;
                        }
                        for k in 0..WIDTH {
                            a_5[k] = a_4[l][k];
                        }
                    }
                    let z_13 = sum_20[i][j] + biases[i + 1][j];
                    if (if z_13 < 0.0 { 0.0 } else { z_13 }) > 0.0 {
                        d_a[j]
                    } else {
                        0.0
                    }
                };
                let d_z_2 = t_14 + t_11;
                d_biases[i + 1][j] += d_z_2;
                for k in 0..WIDTH {
                    sum_13[k] += d_z_2 * hidden[i][j][k];
                    d_hidden[i][j][k] += d_z_2 * buffer[i][k];
                }
            }
            let mut sum_23 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                sum_23[j] = sum_13[j];
            }
            for j in 0..WIDTH {
                d_a[j] = sum_23[j];
            }
        }
        for i in 0..WIDTH {
            let t_17 = if activation == 1 {
                if activation == 0 {
                    0.0
                } else {
                    let mut sum_24 = -0.0_f64;
                    for j in 0..PIXELS {
                        sum_24 += first[i][j] * x[s][j];
                    }
                    let z_14 = sum_24 + biases[0][i];
                    let tanh_3 = z_14.tanh();
                    d_a[i] * (1.0 - tanh_3 * tanh_3)
                }
            } else if activation == 0 {
                0.0
            } else {
                let mut sum_25 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_25 += first[i][j] * x[s][j];
                }
                let z_15 = sum_25 + biases[0][i];
                if (if z_15 < 0.0 { 0.0 } else { z_15 }) > 0.0 { d_a[i] } else { 0.0 }
            };
            let t_19 = if activation == 0 {
                let mut sum_26 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_26 += first[i][j] * x[s][j];
                }
                let z_16 = sum_26 + biases[0][i];
                let t_18 = 1.0 / (1.0 + (-z_16).exp());
                d_a[i] * (t_18 * (1.0 - t_18))
            } else {
                0.0
            };
            let d_z_3 = t_17 + t_19;
            d_biases[0][i] += d_z_3;
            for j in 0..PIXELS {
                d_first[i][j] += d_z_3 * x[s][j];
            }
        }
    }
    (total / t, (d_first, d_hidden, d_last, d_biases))
}
