// What `#[grad]` writes for network.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_first` [WIDTH × PIXELS], `d_hidden` [DEPTH × WIDTH × WIDTH], `d_last` [CLASSES × WIDTH], `d_b_first` [WIDTH], `d_b_hidden` [DEPTH × WIDTH], `d_b_last` [CLASSES])): the value, and the partial derivatives of the result.
///
/// ```text
/// a[i, j] = {σ((Σₖ first[i, k]·x[j, k]) + b_first[i]) if activation = 0; {tanh((Σₖ first[i, k]·x[j, k]) + b_first[i]) if activation = 1; relu((Σₖ first[i, k]·x[j, k]) + b_first[i]) otherwise} otherwise}
/// next[i, j, k] = {σ((Σₘ hidden[k, i, m]·a[j, k, m]) + b_hidden[k, i]) if activation = 0; {tanh((Σₘ hidden[k, i, m]·a[j, k, m]) + b_hidden[k, i]) if activation = 1; relu((Σₘ hidden[k, i, m]·a[j, k, m]) + b_hidden[k, i]) otherwise} otherwise}
/// z[i, j] = (Σₖ last[i, k]·a[j, k]) + b_last[i]
/// total = Σᵢ (−Σⱼ y[i, j]·log_softmaxⱼ(z[i, j]))
/// d_total = 1 / len(x)
/// d_z[i, j] = −d_total·y[j, i] − softmaxᵢ(z[i, j])·Σₖ (−d_total·y[j, k])
/// l[i] = DEPTH − 1 − i
/// d_next[i, j, k] = d_next[j, k, i]
/// d_a[i, j] = d_a[j, i]
/// y = total / len(x)
/// d_first[i, j] = Σₖ ({{0 if activation = 0; d_a[i, k]·(1 − tanh((Σₘ first[i, m]·x[k, m]) + b_first[i])·tanh((Σₘ first[i, m]·x[k, m]) + b_first[i])) otherwise} if activation = 1; {0 if activation = 0; {d_a[i, k] if relu((Σₘ first[i, m]·x[k, m]) + b_first[i]) > 0; 0 otherwise} otherwise} otherwise} + {d_a[i, k]·σ((Σₘ first[i, m]·x[k, m]) + b_first[i])·(1 − σ((Σₘ first[i, m]·x[k, m]) + b_first[i])) if activation = 0; 0 otherwise})·x[k, j]
/// d_hidden[l[m], i, j] += ({{0 if activation = 0; d_next[i, k, m]·(1 − tanh((Σₙ hidden[l[m], i, n]·a[k, l[m], n]) + b_hidden[l[m], i])·tanh((Σₙ hidden[l[m], i, n]·a[k, l[m], n]) + b_hidden[l[m], i])) otherwise} if activation = 1; {0 if activation = 0; {d_next[i, k, m] if relu((Σₙ hidden[l[m], i, n]·a[k, l[m], n]) + b_hidden[l[m], i]) > 0; 0 otherwise} otherwise} otherwise} + {d_next[i, k, m]·σ((Σₙ hidden[l[m], i, n]·a[k, l[m], n]) + b_hidden[l[m], i])·(1 − σ((Σₙ hidden[l[m], i, n]·a[k, l[m], n]) + b_hidden[l[m], i])) if activation = 0; 0 otherwise})·a[k, l[m], j] for i, j, k, m
/// d_last[i, j] = Σₖ d_z[i, k]·a[k, j]
/// d_b_first[i] = Σⱼ ({{0 if activation = 0; d_a[i, j]·(1 − tanh((Σₖ first[i, k]·x[j, k]) + b_first[i])·tanh((Σₖ first[i, k]·x[j, k]) + b_first[i])) otherwise} if activation = 1; {0 if activation = 0; {d_a[i, j] if relu((Σₖ first[i, k]·x[j, k]) + b_first[i]) > 0; 0 otherwise} otherwise} otherwise} + {d_a[i, j]·σ((Σₖ first[i, k]·x[j, k]) + b_first[i])·(1 − σ((Σₖ first[i, k]·x[j, k]) + b_first[i])) if activation = 0; 0 otherwise})
/// d_b_hidden[l[k], i] += {{0 if activation = 0; d_next[i, j, k]·(1 − tanh((Σₘ hidden[l[k], i, m]·a[j, l[k], m]) + b_hidden[l[k], i])·tanh((Σₘ hidden[l[k], i, m]·a[j, l[k], m]) + b_hidden[l[k], i])) otherwise} if activation = 1; {0 if activation = 0; {d_next[i, j, k] if relu((Σₘ hidden[l[k], i, m]·a[j, l[k], m]) + b_hidden[l[k], i]) > 0; 0 otherwise} otherwise} otherwise} + {d_next[i, j, k]·σ((Σₘ hidden[l[k], i, m]·a[j, l[k], m]) + b_hidden[l[k], i])·(1 − σ((Σₘ hidden[l[k], i, m]·a[j, l[k], m]) + b_hidden[l[k], i])) if activation = 0; 0 otherwise} for i, j, k
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
        let mut sum = 0.0_f64;
        for k in 0..CLASSES {
            sum -= d_total * y[s][k];
        }
        let mut a = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            let a_2 = if activation == 0 {
                let mut sum_2 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_2 += first[i][j] * x[s][j];
                }
                let e = (-(sum_2 + b_first[i])).exp();
                1.0 / (1.0 + e)
            } else {
                let mut sum_3 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_3 += first[i][j] * x[s][j];
                }
                if activation == 1 {
                    (sum_3 + b_first[i]).tanh()
                } else {
                    let t_3 = sum_3 + b_first[i];
                    if t_3 < 0.0 { 0.0 } else { t_3 }
                }
            };
            a[i] = a_2;
        }
        let mut a_3 = [0.0_f64; WIDTH];
        if activation == 0 {
            for i in 0..WIDTH {
                let mut sum_4 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_4 += first[i][j] * x[s][j];
                }
                let t_6 = 1.0 / (1.0 + (-(sum_4 + b_first[i])).exp());
                a_3[i] = t_6;
            }
        } else {
            let mut sum_5 = [-0.0_f64; WIDTH];
            for i in 0..WIDTH {
                let mut sum_6 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_6 += first[i][j] * x[s][j];
                }
                sum_5[i] = sum_6;
            }
            if activation == 1 {
                for i in 0..WIDTH {
                    a_3[i] = (sum_5[i] + b_first[i]).tanh();
                }
            } else {
                for i in 0..WIDTH {
                    let t_7 = sum_5[i] + b_first[i];
                    a_3[i] = if t_7 < 0.0 { 0.0 } else { t_7 };
                }
            }
        }
        let mut a_4 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            a_4[i] = a_3[i];
        }
        let mut sum_7 = [[0.0_f64; WIDTH]; DEPTH];
        let mut buffer = [[0.0_f64; WIDTH]; DEPTH];
        for l in 0..DEPTH {
            let mut next = [0.0_f64; WIDTH];
            for i in 0..WIDTH {
                next[i] = if activation == 0 {
                    let mut sum_8 = -0.0_f64;
                    for j in 0..WIDTH {
                        sum_8 += hidden[l][i][j] * a_4[j];
                    }
                    let e_3 = (-(sum_8 + b_hidden[l][i])).exp();
                    1.0 / (1.0 + e_3)
                } else {
                    let mut sum_9 = -0.0_f64;
                    for j in 0..WIDTH {
                        sum_9 += hidden[l][i][j] * a_4[j];
                    }
                    if activation == 1 {
                        (sum_9 + b_hidden[l][i]).tanh()
                    } else {
                        let t_9 = sum_9 + b_hidden[l][i];
                        if t_9 < 0.0 { 0.0 } else { t_9 }
                    }
                };
                buffer[l][i] = a_4[i];
                let mut sum_10 = -0.0_f64;
                for j in 0..WIDTH {
                    sum_10 += hidden[l][i][j] * a_4[j];
                }
                sum_7[l][i] = sum_10;
            }
            for i in 0..WIDTH {
                a_4[i] = next[i];
            }
        }
        let mut buffer_2 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            buffer_2[i] = a_4[i];
        }
        let mut z = [0.0_f64; CLASSES];
        let mut max = f64::NEG_INFINITY;
        for k in 0..CLASSES {
            let mut sum_11 = -0.0_f64;
            for i in 0..WIDTH {
                sum_11 += last[k][i] * buffer_2[i];
            }
            let z_2 = sum_11 + b_last[k];
            z[k] = z_2;
            max = max.max(z_2);
        }
        let t_13 = if max.abs() == f64::INFINITY { 0.0 } else { max };
        let mut e_4 = [0.0_f64; CLASSES];
        let mut sum_12 = 0.0_f64;
        for k in 0..CLASSES {
            let e_5 = (z[k] - t_13).exp();
            e_4[k] = e_5;
            sum_12 += e_5;
        }
        let mut sum_13 = 0.0_f64;
        let mut sum_14 = [0.0_f64; WIDTH];
        let t_14 = sum_12.ln();
        for k in 0..CLASSES {
            if !(y[s][k] == 0.0) {
                sum_13 += y[s][k] * (z[k] - t_13 - t_14);
            }
            let d_z = -(d_total * y[s][k]) - e_4[k] / sum_12 * sum;
            d_b_last[k] += d_z;
            for i in 0..WIDTH {
                sum_14[i] += d_z * last[k][i];
                d_last[k][i] += d_z * buffer_2[i];
            }
        }
        total -= sum_13;
        let mut sum_15 = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            sum_15[i] = sum_14[i];
        }
        let mut d_next = [0.0_f64; WIDTH];
        for i in 0..WIDTH {
            d_next[i] = sum_15[i];
        }
        for i in (0..DEPTH).rev() {
            let mut sum_16 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                let t_17 = if activation == 0 {
                    let e_6 = (-(sum_7[i][j] + b_hidden[i][j])).exp();
                    let t_16 = 1.0 / (1.0 + e_6);
                    d_next[j] * (t_16 * (1.0 - t_16))
                } else {
                    0.0
                };
                let t_22 = if activation == 1 {
                    if activation == 0 {
                        0.0
                    } else {
                        let tanh_4 = (sum_7[i][j] + b_hidden[i][j]).tanh();
                        d_next[j] * (1.0 - tanh_4 * tanh_4)
                    }
                } else if activation == 0 {
                    0.0
                } else {
                    let t_19 = sum_7[i][j] + b_hidden[i][j];
                    let t_20 = if t_19 < 0.0 { 0.0 } else { t_19 };
                    if t_20 > 0.0 { d_next[j] } else { 0.0 }
                };
                let t_23 = t_22 + t_17;
                d_b_hidden[i][j] += t_23;
                for k in 0..WIDTH {
                    sum_16[k] += t_23 * hidden[i][j][k];
                    d_hidden[i][j][k] += t_23 * buffer[i][k];
                }
            }
            let mut sum_17 = [0.0_f64; WIDTH];
            for j in 0..WIDTH {
                sum_17[j] = sum_16[j];
            }
            for j in 0..WIDTH {
                d_next[j] = sum_17[j];
            }
        }
        for i in 0..WIDTH {
            let t_28 = if activation == 1 {
                if activation == 0 {
                    0.0
                } else {
                    let mut sum_18 = -0.0_f64;
                    for j in 0..PIXELS {
                        sum_18 += first[i][j] * x[s][j];
                    }
                    let tanh_5 = (sum_18 + b_first[i]).tanh();
                    d_next[i] * (1.0 - tanh_5 * tanh_5)
                }
            } else if activation == 0 {
                0.0
            } else {
                let mut sum_19 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_19 += first[i][j] * x[s][j];
                }
                let t_25 = sum_19 + b_first[i];
                let t_26 = if t_25 < 0.0 { 0.0 } else { t_25 };
                if t_26 > 0.0 { d_next[i] } else { 0.0 }
            };
            let t_30 = if activation == 0 {
                let mut sum_20 = -0.0_f64;
                for j in 0..PIXELS {
                    sum_20 += first[i][j] * x[s][j];
                }
                let e_7 = (-(sum_20 + b_first[i])).exp();
                let t_29 = 1.0 / (1.0 + e_7);
                d_next[i] * (t_29 * (1.0 - t_29))
            } else {
                0.0
            };
            let t_31 = t_28 + t_30;
            d_b_first[i] += t_31;
            for j in 0..PIXELS {
                d_first[i][j] += t_31 * x[s][j];
            }
        }
    }
    (total / t, (d_first, d_hidden, d_last, d_b_first, d_b_hidden, d_b_last))
}
