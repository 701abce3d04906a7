// What `#[grad]` writes for projection.rs.

/// Value and pullback of [`project`].
///
/// Returns (`project(…)`, (`d_rotation` [3], `d_translation` [3], `d_focal`, `d_point` [3])): the value, and the cotangents of the parameters, given that of the result as the last argument.
///
/// ```text
/// x = point[0]
/// y = point[1]
/// z = point[2]
/// theta = √(rotation[0]·rotation[0] + rotation[1]·rotation[1] + rotation[2]·rotation[2])
/// sin = sin(theta)
/// cos = cos(theta)
/// a = rotation[0] / theta
/// b = rotation[1] / theta
/// c = rotation[2] / theta
/// along = (a·x + b·y + c·z)·2·sin(0.5·theta)²
/// q[i] = p[i] + translation[i]
/// d_along = (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·c − (d_y[1] / q[2])·focal·b − (d_y[0] / q[2])·focal·a
/// d_c = (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·along + d_along·2·sin(0.5·theta)²·z − (d_y[1] / q[2])·focal·sin·x + (d_y[0] / q[2])·focal·sin·y
/// d_b = d_along·2·sin(0.5·theta)²·y − (d_y[1] / q[2])·focal·along − (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·sin·x − (d_y[0] / q[2])·focal·sin·z
/// d_a = d_along·2·sin(0.5·theta)²·x − (d_y[0] / q[2])·focal·along + (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·sin·y + (d_y[1] / q[2])·focal·sin·z
/// d_cos = (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·z − (d_y[1] / q[2])·focal·y − (d_y[0] / q[2])·focal·x
/// d_sin = (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·(a·y − b·x) − (d_y[1] / q[2])·focal·(c·x − a·z) − (d_y[0] / q[2])·focal·(b·z − c·y)
/// d_theta = (d_along·(a·x + b·y + c·z)·2·2·sin(0.5·theta)·cos(0.5·theta)·0.5 + Σᵢ (−[d_a, d_b, d_c][i]·(rotation[i] / theta)·(1 / theta))) − d_cos·sin + d_sin·cos
/// d_z = (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·cos + d_along·2·sin(0.5·theta)²·c + (d_y[1] / q[2])·focal·sin·a − (d_y[0] / q[2])·focal·sin·b
/// d_y = d_along·2·sin(0.5·theta)²·b − (d_y[1] / q[2])·focal·cos + (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·sin·a + (d_y[0] / q[2])·focal·sin·c
/// d_x = d_along·2·sin(0.5·theta)²·a − (d_y[0] / q[2])·focal·cos − (d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2]))·sin·b − (d_y[1] / q[2])·focal·sin·c
/// y = [−focal·q[0] / q[2], −focal·q[1] / q[2]]
/// d_rotation[i] += [d_a, d_b, d_c][i] / theta for i; d_rotation[2] += 2·{0 if theta = 0; d_theta·(0.5 / theta) otherwise}·rotation[2]; d_rotation[1] += 2·{0 if theta = 0; d_theta·(0.5 / theta) otherwise}·rotation[1]; d_rotation[0] += 2·{0 if theta = 0; d_theta·(0.5 / theta) otherwise}·rotation[0]
/// d_translation = [−(d_y[0] / q[2])·focal, −(d_y[1] / q[2])·focal, d_y[1]·(focal·q[1] / q[2])·(1 / q[2]) + d_y[0]·(focal·q[0] / q[2])·(1 / q[2])]
/// d_focal = −(d_y[1] / q[2])·q[1] − (d_y[0] / q[2])·q[0]
/// d_point = [d_x, d_y, d_z]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn project_vjp(
    rotation: [f64; 3],
    translation: [f64; 3],
    focal: f64,
    point: [f64; 3],
    d_y: &[f64; 2],
) -> ([f64; 2], ([f64; 3], [f64; 3], f64, [f64; 3])) {
    let theta = (rotation[0] * rotation[0] + rotation[1] * rotation[1]
        + rotation[2] * rotation[2])
        .sqrt();
    let sin = theta.sin();
    let cos = theta.cos();
    let t = 0.5 * theta;
    let t_2 = t.sin();
    let t_3 = 2.0 * t_2.powi(2);
    let mut buffer = [0.0_f64; 3];
    let t_4 = t.cos();
    let t_5 = 1.0 / theta;
    let t_6 = 0.5 / theta;
    for i in 0..3 {
        buffer[i] = rotation[i] / theta;
    }
    let b = buffer[1];
    let c = buffer[2];
    let y_2 = point[1];
    let z = point[2];
    let t_8 = b * z - c * y_2;
    let a = buffer[0];
    let x = point[0];
    let t_9 = c * x - a * z;
    let t_10 = a * y_2 - b * x;
    let t_11 = a * x + b * y_2 + c * z;
    let along = t_11 * t_3;
    let p = [
        x * cos + t_8 * sin + a * along,
        y_2 * cos + t_9 * sin + b * along,
        z * cos + t_10 * sin + c * along,
    ];
    let mut q = [0.0_f64; 3];
    for i in 0..3 {
        q[i] = p[i] + translation[i];
    }
    let t_12 = focal * q[0] / q[2];
    let t_13 = focal * q[1] / q[2];
    let t_14 = 1.0 / q[2];
    let t_15 = d_y[1] / q[2];
    let t_16 = t_15 * focal;
    let t_17 = d_y[0] / q[2];
    let t_18 = d_y[1] * (t_13 * t_14) + d_y[0] * (t_12 * t_14);
    let t_19 = t_17 * focal;
    let t_20 = t_18 * sin;
    let t_21 = t_16 * sin;
    let t_22 = t_19 * sin;
    let d_along = t_18 * c - t_16 * b - t_19 * a;
    let t_23 = d_along * t_3;
    let array = [
        t_23 * x - t_19 * along + t_20 * y_2 + t_21 * z,
        t_23 * y_2 - t_16 * along - t_20 * x - t_22 * z,
        t_18 * along + t_23 * z - t_21 * x + t_22 * y_2,
    ];
    let y = [-t_12, -t_13];
    let d_translation = [-t_19, -t_16, t_18];
    let d_point = [
        t_23 * a - t_19 * cos - t_20 * b - t_21 * c,
        t_23 * b - t_16 * cos + t_20 * a + t_22 * c,
        t_18 * cos + t_23 * c + t_21 * a - t_22 * b,
    ];
    let mut sum = 0.0_f64;
    let mut d_rotation = [0.0_f64; 3];
    for i in 0..3 {
        sum -= array[i] * (buffer[i] * t_5);
        d_rotation[i] += array[i] / theta;
    }
    let t_25 = d_along * t_11 * 2.0 * (2.0 * t_2) * t_4 * 0.5 + sum
        - (t_18 * z - t_16 * y_2 - t_19 * x) * sin;
    let open = (t_25 + (t_18 * t_10 - t_16 * t_9 - t_19 * t_8) * cos) * t_6;
    let t_26 = if theta == 0.0 { 0.0 } else { open };
    d_rotation[2] += 2.0 * (t_26 * rotation[2]);
    d_rotation[1] += 2.0 * (t_26 * rotation[1]);
    d_rotation[0] += 2.0 * (t_26 * rotation[0]);
    (y, (d_rotation, d_translation, -(t_15 * q[1]) - t_17 * q[0], d_point))
}
