// What `#[grad]` writes for ode.rs.

/// Value and pullback of [`runge_kutta`].
///
/// Returns (`d_stiffness`, `d_h`): the cotangents of the parameters.
///
/// `d_y` comes in as the cotangent of what `y` holds in the end, and goes out as that of what it held at first.
///
/// Saves `5·steps·len(y)` values of the forward sweep.
///
/// ```text
/// n = n
/// left[j, k] = {y[j, k − 1] if k > 0; 0 otherwise}
/// right[j, k] = {y[j, k + 1] if k + 1 < n; 0 otherwise}
/// stage[j, k] = y[k, j] + 0.5·h·k1[k, j]
/// y[j, k] = y[k, j] + (h / 6)·(k1[k, j] + 2·k2[k, j] + 2·k3[k, j] + k4[k, j])
/// d_y[j, k] = d_y[k, j]
/// i[j] = n − 1 − j
/// d_right[j, k] = d_k4[j, k, n + i[k]]·stiffness
/// d_stage[j, k] = −d_k4[j, k, n + i[k]]·cos(stage[j, k]) − d_right[j, k]·2
/// d_y = s0
/// d_stiffness = (((Σⱼ Σₖ d_k4[j, k, n + i[k]]·(left[j, k] − 2·stage[j, k] + right[j, k])) + Σⱼ Σₖ d_k3[j, k, n + i[k]]·(left[j, k] − 2·stage[j, k] + right[j, k])) + Σⱼ Σₖ d_k2[j, k, n + i[k]]·(left[j, k] − 2·stage[j, k] + right[j, k])) + Σⱼ Σₖ d_k1[j, k, n + i[k]]·(left[j, k] − 2·y[steps − 1 − j, i[k]] + right[j, k])
/// d_h = ((Σⱼ Σₖ d_stage[j, k]·k3[steps − 1 − j, i[k]]) + Σⱼ Σₖ d_stage[j, k]·k3[steps − 1 − j, k]) + (Σⱼ Σₖ d_y[j, k]·(k1[steps − 1 − j, k] + 2·k2[steps − 1 − j, k] + 2·k3[steps − 1 − j, k] + k4[steps − 1 − j, k]))·0.16666666666666666 + ((((Σⱼ Σₖ d_stage[j, k]·k2[steps − 1 − j, i[k]]) + Σⱼ Σₖ d_stage[j, k]·k2[steps − 1 − j, k]) + Σⱼ Σₖ d_stage[j, k]·k1[steps − 1 − j, i[k]]) + Σⱼ Σₖ d_stage[j, k]·k1[steps − 1 − j, k])·0.5
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
pub fn runge_kutta_vjp(
    y: &mut [f64],
    stiffness: f64,
    h: f64,
    steps: usize,
    d_y: &mut [f64],
) -> (f64, f64) {
    let y_len = y.len();
    ::core::assert!(
        d_y.len() == y.len(),
        "`runge_kutta`: axis 0 of the cotangent `d_y` is {} but that of `y` is {}", d_y
        .len(), y.len()
    );
    let mut buffer_6 = ::std::vec![0.0_f64; y_len];
    let mut stage = ::std::vec![0.0_f64; y_len];
    let mut buffer_7 = ::std::vec![0.0_f64; y_len];
    let mut stage_3 = ::std::vec![0.0_f64; y_len];
    let mut buffer_8 = ::std::vec![0.0_f64; y_len];
    let mut stage_5 = ::std::vec![0.0_f64; y_len];
    let mut y_4 = ::std::vec![0.0_f64; y_len];
    let mut array = ::std::vec![0.0_f64; y_len];
    let mut d_stage = ::std::vec![0.0_f64; y_len];
    let mut d_y_4 = ::std::vec![0.0_f64; y_len];
    let mut array_2 = ::std::vec![0.0_f64; y_len];
    let mut array_3 = ::std::vec![0.0_f64; y_len];
    let mut d_stage_4 = ::std::vec![0.0_f64; y_len];
    let mut d_stage_7 = ::std::vec![0.0_f64; y_len];
    let t = 0.5 * h;
    let t_2 = h / 6.0;
    let mut y_3 = y.to_vec();
    let mut k1 = ::std::vec![0.0_f64; y_len];
    let mut k2 = ::std::vec![0.0_f64; y_len];
    let mut k3 = ::std::vec![0.0_f64; y_len];
    let mut k4 = ::std::vec![0.0_f64; y_len];
    let mut buffer = ::std::vec![0.0_f64; steps * y_len];
    let mut buffer_2 = ::std::vec![0.0_f64; steps * y_len];
    let mut buffer_3 = ::std::vec![0.0_f64; steps * y_len];
    let mut buffer_4 = ::std::vec![0.0_f64; steps * y_len];
    let mut buffer_5 = ::std::vec![0.0_f64; steps * y_len];
    for i in 0..steps {
        let y_3_row = &y_3[y_len / 2..][..y_len / 2];
        let y_3_row_2 = &y_3[..y_len / 2];
        let (k1_low, k1_high) = k1.split_at_mut(y_len / 2);
        let k1_row = &mut k1_low[..y_len / 2];
        let k1_row_2 = &mut k1_high[..y_len / 2];
        for j in 0..y_len / 2 {
            k1_row[j] = y_3_row[j];
            let right = if j + 1 < y_len / 2 { y_3[j + 1] } else { 0.0 };
            let left = if j > 0 { y_3[j - 1] } else { 0.0 };
            k1_row_2[j] = stiffness * (left - 2.0 * y_3_row_2[j] + right)
                - y_3_row_2[j].sin();
        }
        let buffer_2_row = &mut buffer_2[i * y_len..][..y_len];
        let buffer_4_row = &mut buffer_4[i * y_len..][..y_len];
        for j in 0..y_len {
            let t_4 = k1[j];
            buffer_6[j] = t_4;
            stage[j] = y_3[j] + t * t_4;
            buffer_2_row[j] = y_3[j];
            buffer_4_row[j] = t_4;
        }
        let stage_row = &stage[y_len / 2..][..y_len / 2];
        let k1_row_3 = &k1[..y_len / 2];
        let (k2_low, k2_high) = k2.split_at_mut(y_len / 2);
        let k2_row = &mut k2_low[..y_len / 2];
        let k2_row_2 = &mut k2_high[..y_len / 2];
        for j in 0..y_len / 2 {
            k2_row[j] = stage_row[j];
            let stage_2 = y_3_row_2[j] + t * k1_row_3[j];
            let right_2 = if j + 1 < y_len / 2 { stage[j + 1] } else { 0.0 };
            let left_2 = if j > 0 { stage[j - 1] } else { 0.0 };
            k2_row_2[j] = stiffness * (left_2 - 2.0 * stage_2 + right_2) - stage_2.sin();
        }
        let buffer_3_row = &mut buffer_3[i * y_len..][..y_len];
        for j in 0..y_len {
            let t_7 = k2[j];
            buffer_7[j] = t_7;
            stage_3[j] = y_3[j] + t * t_7;
            buffer_3_row[j] = t_7;
        }
        let stage_3_row = &stage_3[y_len / 2..][..y_len / 2];
        let k2_row_3 = &k2[..y_len / 2];
        let (k3_low, k3_high) = k3.split_at_mut(y_len / 2);
        let k3_row = &mut k3_low[..y_len / 2];
        let k3_row_2 = &mut k3_high[..y_len / 2];
        for j in 0..y_len / 2 {
            k3_row[j] = stage_3_row[j];
            let stage_4 = y_3_row_2[j] + t * k2_row_3[j];
            let right_3 = if j + 1 < y_len / 2 { stage_3[j + 1] } else { 0.0 };
            let left_3 = if j > 0 { stage_3[j - 1] } else { 0.0 };
            k3_row_2[j] = stiffness * (left_3 - 2.0 * stage_4 + right_3) - stage_4.sin();
        }
        let buffer_row = &mut buffer[i * y_len..][..y_len];
        for j in 0..y_len {
            let t_10 = k3[j];
            buffer_8[j] = t_10;
            stage_5[j] = y_3[j] + h * t_10;
            buffer_row[j] = t_10;
        }
        let stage_5_row = &stage_5[y_len / 2..][..y_len / 2];
        let k3_row_3 = &k3[..y_len / 2];
        let (k4_low, k4_high) = k4.split_at_mut(y_len / 2);
        let k4_row = &mut k4_low[..y_len / 2];
        let k4_row_2 = &mut k4_high[..y_len / 2];
        for j in 0..y_len / 2 {
            k4_row[j] = stage_5_row[j];
            let stage_6 = y_3_row_2[j] + h * k3_row_3[j];
            let right_4 = if j + 1 < y_len / 2 { stage_5[j + 1] } else { 0.0 };
            let left_4 = if j > 0 { stage_5[j - 1] } else { 0.0 };
            k4_row_2[j] = stiffness * (left_4 - 2.0 * stage_6 + right_4) - stage_6.sin();
        }
        let buffer_5_row = &mut buffer_5[i * y_len..][..y_len];
        for j in 0..y_len {
            let t_13 = k4[j];
            y_4[j] = y_3[j]
                + t_2 * (buffer_6[j] + 2.0 * buffer_7[j] + 2.0 * buffer_8[j] + t_13);
            buffer_5_row[j] = t_13;
        }
        ::core::mem::swap(&mut y_4, &mut y_3);
    }
    let mut d_y_2 = d_y.to_vec();
    let mut d_k1 = ::std::vec![0.0_f64; y_len];
    let mut d_k2 = ::std::vec![0.0_f64; y_len];
    let mut d_k3 = ::std::vec![0.0_f64; y_len];
    let mut d_k4 = ::std::vec![0.0_f64; y_len];
    let mut sum = 0.0_f64;
    let mut sum_2 = 0.0_f64;
    let mut sum_3 = 0.0_f64;
    let mut sum_4 = 0.0_f64;
    let mut sum_5 = 0.0_f64;
    let mut sum_6 = 0.0_f64;
    let mut sum_7 = 0.0_f64;
    let mut sum_8 = 0.0_f64;
    let mut sum_9 = 0.0_f64;
    let mut sum_10 = 0.0_f64;
    let mut sum_11 = 0.0_f64;
    for i in (0..steps).rev() {
        for j in 0..y_len {
            d_k4[j] += d_y_2[j] * t_2;
        }
        array.fill(0.0);
        d_stage.fill(0.0);
        d_y_4.fill(0.0);
        let mut sum_12 = 0.0_f64;
        let mut sum_13 = 0.0_f64;
        let array_row = &mut array[..y_len / 2];
        let d_y_4_row = &mut d_y_4[..y_len / 2];
        let (d_k4_low, d_k4_high) = d_k4.split_at_mut(y_len / 2);
        let d_k4_row_2 = &mut d_k4_low[..y_len / 2];
        let d_k4_row = &mut d_k4_high[..y_len / 2];
        for j in (0..y_len / 2).rev() {
            let t_14 = d_k4_row[j];
            let stage_7 = buffer_2[i * y_len..][..y_len][j]
                + h * buffer[i * y_len..][..y_len][j];
            let d_right = t_14 * stiffness;
            let d_stage_2 = -(t_14 * stage_7.cos()) - d_right * 2.0;
            array_row[j] += d_stage_2 * h;
            if j + 1 < y_len / 2 {
                d_stage[j + 1] += d_right;
            }
            if j > 0 {
                d_stage[j - 1] += d_right;
            }
            d_y_4_row[j] += d_stage_2;
            sum_12 += d_stage_2 * buffer[i * y_len..][..y_len][j];
            d_k4_row[j] = 0.0;
            d_stage[y_len / 2 + j] += d_k4_row_2[j];
            d_k4_row_2[j] = 0.0;
            let right_5 = if j + 1 < y_len / 2 {
                buffer_2[i * y_len..][..y_len][j + 1]
                    + h * buffer[i * y_len..][..y_len][j + 1]
            } else {
                0.0
            };
            let left_5 = if j > 0 {
                buffer_2[i * y_len..][..y_len][j - 1]
                    + h * buffer[i * y_len..][..y_len][j - 1]
            } else {
                0.0
            };
            sum_13 += t_14 * (left_5 - 2.0 * stage_7 + right_5);
        }
        sum_2 += sum_12;
        sum_9 += sum_13;
        for j in 0..y_len {
            array[j] += d_k3[j];
        }
        array_2.fill(0.0);
        for j in 0..y_len {
            array_2[j] += d_k2[j];
        }
        array_3.fill(0.0);
        for j in 0..y_len {
            array_3[j] += d_k1[j];
        }
        let mut sum_14 = 0.0_f64;
        let mut sum_15 = 0.0_f64;
        let buffer_4_row_2 = &buffer_4[i * y_len..][..y_len];
        let buffer_3_row_2 = &buffer_3[i * y_len..][..y_len];
        let buffer_row_2 = &buffer[i * y_len..][..y_len];
        let buffer_5_row_2 = &buffer_5[i * y_len..][..y_len];
        let mut sum_14_lanes = [0.0_f64; 4];
        let mut sum_15_lanes = [0.0_f64; 4];
        for block in 0..y_len / 4 {
            let d_y_2_part = &d_y_2[4 * block..][..4];
            let d_stage_part = &d_stage[4 * block..][..4];
            let array_part = &mut array[4 * block..][..4];
            let buffer_4_row_2_part = &buffer_4_row_2[4 * block..][..4];
            let buffer_3_row_2_part = &buffer_3_row_2[4 * block..][..4];
            let buffer_row_2_part = &buffer_row_2[4 * block..][..4];
            let buffer_5_row_2_part = &buffer_5_row_2[4 * block..][..4];
            for j in 0..4 {
                let d_y_5 = d_y_2_part[j];
                let d_stage_3 = d_stage_part[j];
                array_part[j] += d_y_5 * t_2 * 2.0 + d_stage_3 * h;
                sum_14_lanes[j]
                    += d_y_5
                        * (buffer_4_row_2_part[j] + 2.0 * buffer_3_row_2_part[j]
                            + 2.0 * buffer_row_2_part[j] + buffer_5_row_2_part[j]);
                sum_15_lanes[j] += d_stage_3 * buffer_row_2_part[j];
            }
        }
        let whole = y_len / 4 * 4;
        let d_y_2_part_2 = &d_y_2[whole..][..y_len % 4];
        let d_stage_part_2 = &d_stage[whole..][..y_len % 4];
        let array_part_2 = &mut array[whole..][..y_len % 4];
        let buffer_4_row_2_part_2 = &buffer_4_row_2[whole..][..y_len % 4];
        let buffer_3_row_2_part_2 = &buffer_3_row_2[whole..][..y_len % 4];
        let buffer_row_2_part_2 = &buffer_row_2[whole..][..y_len % 4];
        let buffer_5_row_2_part_2 = &buffer_5_row_2[whole..][..y_len % 4];
        for j in 0..y_len % 4 {
            let d_y_5 = d_y_2_part_2[j];
            let d_stage_3 = d_stage_part_2[j];
            array_part_2[j] += d_y_5 * t_2 * 2.0 + d_stage_3 * h;
            sum_14
                += d_y_5
                    * (buffer_4_row_2_part_2[j] + 2.0 * buffer_3_row_2_part_2[j]
                        + 2.0 * buffer_row_2_part_2[j] + buffer_5_row_2_part_2[j]);
            sum_15 += d_stage_3 * buffer_row_2_part_2[j];
        }
        sum_14
            += sum_14_lanes[0] + sum_14_lanes[1] + (sum_14_lanes[2] + sum_14_lanes[3]);
        sum_15
            += sum_15_lanes[0] + sum_15_lanes[1] + (sum_15_lanes[2] + sum_15_lanes[3]);
        sum += sum_14;
        sum_3 += sum_15;
        d_stage_4.fill(0.0);
        let mut sum_16 = 0.0_f64;
        let mut sum_17 = 0.0_f64;
        let array_2_row = &mut array_2[..y_len / 2];
        let (array_low, array_high) = array.split_at_mut(y_len / 2);
        let array_row_3 = &mut array_low[..y_len / 2];
        let array_row_2 = &mut array_high[..y_len / 2];
        for j in (0..y_len / 2).rev() {
            let t_20 = array_row_2[j];
            let stage_8 = buffer_2[i * y_len..][..y_len][j]
                + t * buffer_3[i * y_len..][..y_len][j];
            let d_right_2 = t_20 * stiffness;
            let d_stage_5 = -(t_20 * stage_8.cos()) - d_right_2 * 2.0;
            array_2_row[j] += d_stage_5 * t;
            if j + 1 < y_len / 2 {
                d_stage_4[j + 1] += d_right_2;
            }
            if j > 0 {
                d_stage_4[j - 1] += d_right_2;
            }
            d_y_4_row[j] += d_stage_5;
            sum_16 += d_stage_5 * buffer_3[i * y_len..][..y_len][j];
            array_row_2[j] = 0.0;
            d_stage_4[y_len / 2 + j] += array_row_3[j];
            array_row_3[j] = 0.0;
            let right_6 = if j + 1 < y_len / 2 {
                buffer_2[i * y_len..][..y_len][j + 1]
                    + t * buffer_3[i * y_len..][..y_len][j + 1]
            } else {
                0.0
            };
            let left_6 = if j > 0 {
                buffer_2[i * y_len..][..y_len][j - 1]
                    + t * buffer_3[i * y_len..][..y_len][j - 1]
            } else {
                0.0
            };
            sum_17 += t_20 * (left_6 - 2.0 * stage_8 + right_6);
        }
        sum_4 += sum_16;
        sum_10 += sum_17;
        let mut sum_18 = 0.0_f64;
        let mut sum_18_lanes = [0.0_f64; 4];
        for block_2 in 0..y_len / 4 {
            let d_stage_4_part = &d_stage_4[4 * block_2..][..4];
            let d_y_2_part_3 = &d_y_2[4 * block_2..][..4];
            let array_2_part = &mut array_2[4 * block_2..][..4];
            let buffer_3_row_3_part = &buffer_3_row_2[4 * block_2..][..4];
            for j in 0..4 {
                let d_stage_6 = d_stage_4_part[j];
                array_2_part[j] += d_y_2_part_3[j] * t_2 * 2.0 + d_stage_6 * t;
                sum_18_lanes[j] += d_stage_6 * buffer_3_row_3_part[j];
            }
        }
        let whole_2 = y_len / 4 * 4;
        let d_stage_4_part_2 = &d_stage_4[whole_2..][..y_len % 4];
        let d_y_2_part_4 = &d_y_2[whole_2..][..y_len % 4];
        let array_2_part_2 = &mut array_2[whole_2..][..y_len % 4];
        let buffer_3_row_3_part_2 = &buffer_3_row_2[whole_2..][..y_len % 4];
        for j in 0..y_len % 4 {
            let d_stage_6 = d_stage_4_part_2[j];
            array_2_part_2[j] += d_y_2_part_4[j] * t_2 * 2.0 + d_stage_6 * t;
            sum_18 += d_stage_6 * buffer_3_row_3_part_2[j];
        }
        sum_18
            += sum_18_lanes[0] + sum_18_lanes[1] + (sum_18_lanes[2] + sum_18_lanes[3]);
        sum_5 += sum_18;
        d_stage_7.fill(0.0);
        let mut sum_19 = 0.0_f64;
        let mut sum_20 = 0.0_f64;
        let array_3_row = &mut array_3[..y_len / 2];
        let (array_2_low, array_2_high) = array_2.split_at_mut(y_len / 2);
        let array_2_row_3 = &mut array_2_low[..y_len / 2];
        let array_2_row_2 = &mut array_2_high[..y_len / 2];
        for j in (0..y_len / 2).rev() {
            let t_23 = array_2_row_2[j];
            let stage_9 = buffer_2[i * y_len..][..y_len][j]
                + t * buffer_4[i * y_len..][..y_len][j];
            let d_right_3 = t_23 * stiffness;
            let d_stage_8 = -(t_23 * stage_9.cos()) - d_right_3 * 2.0;
            array_3_row[j] += d_stage_8 * t;
            if j + 1 < y_len / 2 {
                d_stage_7[j + 1] += d_right_3;
            }
            if j > 0 {
                d_stage_7[j - 1] += d_right_3;
            }
            d_y_4_row[j] += d_stage_8;
            sum_19 += d_stage_8 * buffer_4[i * y_len..][..y_len][j];
            array_2_row_2[j] = 0.0;
            d_stage_7[y_len / 2 + j] += array_2_row_3[j];
            array_2_row_3[j] = 0.0;
            let right_7 = if j + 1 < y_len / 2 {
                buffer_2[i * y_len..][..y_len][j + 1]
                    + t * buffer_4[i * y_len..][..y_len][j + 1]
            } else {
                0.0
            };
            let left_7 = if j > 0 {
                buffer_2[i * y_len..][..y_len][j - 1]
                    + t * buffer_4[i * y_len..][..y_len][j - 1]
            } else {
                0.0
            };
            sum_20 += t_23 * (left_7 - 2.0 * stage_9 + right_7);
        }
        sum_6 += sum_19;
        sum_11 += sum_20;
        let mut sum_21 = 0.0_f64;
        let mut sum_21_lanes = [0.0_f64; 4];
        for block_3 in 0..y_len / 4 {
            let d_y_2_part_5 = &d_y_2[4 * block_3..][..4];
            let d_stage_7_part = &d_stage_7[4 * block_3..][..4];
            let array_3_part = &mut array_3[4 * block_3..][..4];
            let d_stage_part_3 = &d_stage[4 * block_3..][..4];
            let d_stage_4_part_3 = &d_stage_4[4 * block_3..][..4];
            let d_y_4_part = &mut d_y_4[4 * block_3..][..4];
            let buffer_4_row_3_part = &buffer_4_row_2[4 * block_3..][..4];
            for j in 0..4 {
                let d_y_6 = d_y_2_part_5[j];
                let d_stage_9 = d_stage_7_part[j];
                array_3_part[j] += d_y_6 * t_2 + d_stage_9 * t;
                d_y_4_part[j]
                    += d_y_6 + d_stage_part_3[j] + d_stage_4_part_3[j] + d_stage_9;
                sum_21_lanes[j] += d_stage_9 * buffer_4_row_3_part[j];
            }
        }
        let whole_3 = y_len / 4 * 4;
        let d_y_2_part_6 = &d_y_2[whole_3..][..y_len % 4];
        let d_stage_7_part_2 = &d_stage_7[whole_3..][..y_len % 4];
        let array_3_part_2 = &mut array_3[whole_3..][..y_len % 4];
        let d_stage_part_4 = &d_stage[whole_3..][..y_len % 4];
        let d_stage_4_part_4 = &d_stage_4[whole_3..][..y_len % 4];
        let d_y_4_part_2 = &mut d_y_4[whole_3..][..y_len % 4];
        let buffer_4_row_3_part_2 = &buffer_4_row_2[whole_3..][..y_len % 4];
        for j in 0..y_len % 4 {
            let d_y_6 = d_y_2_part_6[j];
            let d_stage_9 = d_stage_7_part_2[j];
            array_3_part_2[j] += d_y_6 * t_2 + d_stage_9 * t;
            d_y_4_part_2[j]
                += d_y_6 + d_stage_part_4[j] + d_stage_4_part_4[j] + d_stage_9;
            sum_21 += d_stage_9 * buffer_4_row_3_part_2[j];
        }
        sum_21
            += sum_21_lanes[0] + sum_21_lanes[1] + (sum_21_lanes[2] + sum_21_lanes[3]);
        sum_7 += sum_21;
        let mut sum_22 = 0.0_f64;
        let (array_3_low, array_3_high) = array_3.split_at_mut(y_len / 2);
        let array_3_row_3 = &mut array_3_low[..y_len / 2];
        let array_3_row_2 = &mut array_3_high[..y_len / 2];
        for j in (0..y_len / 2).rev() {
            let t_26 = array_3_row_2[j];
            let d_right_4 = t_26 * stiffness;
            d_y_4[j]
                += -(t_26 * buffer_2[i * y_len..][..y_len][j].cos()) - d_right_4 * 2.0;
            if j + 1 < y_len / 2 {
                d_y_4[j + 1] += d_right_4;
            }
            if j > 0 {
                d_y_4[j - 1] += d_right_4;
            }
            array_3_row_2[j] = 0.0;
            d_y_4[y_len / 2 + j] += array_3_row_3[j];
            array_3_row_3[j] = 0.0;
            let right_8 = if j + 1 < y_len / 2 {
                buffer_2[i * y_len..][..y_len][j + 1]
            } else {
                0.0
            };
            let left_8 = if j > 0 { buffer_2[i * y_len..][..y_len][j - 1] } else { 0.0 };
            sum_22
                += t_26 * (left_8 - 2.0 * buffer_2[i * y_len..][..y_len][j] + right_8);
        }
        sum_8 += sum_22;
        ::core::mem::swap(&mut d_y_4, &mut d_y_2);
        ::core::mem::swap(&mut array_3, &mut d_k1);
        ::core::mem::swap(&mut array_2, &mut d_k2);
        ::core::mem::swap(&mut array, &mut d_k3);
    }
    let derivative = (
        sum_9 + sum_10 + sum_11 + sum_8,
        sum_2 + sum_3 + sum * 0.16666666666666666 + (sum_4 + sum_5 + sum_6 + sum_7) * 0.5,
    );
    d_y.copy_from_slice(&d_y_2);
    y.copy_from_slice(&y_3);
    derivative
}
