// What `#[grad]` writes for projection.rs.

/// Value and pullback of [`project`].
///
/// Returns (`project(…)`, (`d_rotation` [3], `d_translation` [3], `d_focal`, `d_point` [3])): the value, and the cotangents of the parameters, given that of the result as the last argument.
///
/// Saves nothing of the forward sweep.
///
/// ```text
/// x = point[0]
/// y = point[1]
/// z = point[2]
/// theta = hypot(rotation[0], rotation[1], rotation[2])
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
/// d_rotation[i] += [d_a, d_b, d_c][i] / theta for i; d_rotation[2] += {0 if theta = 0; d_theta·(rotation[2] / theta) otherwise}; d_rotation[1] += {0 if theta = 0; d_theta·(rotation[1] / theta) otherwise}; d_rotation[0] += {0 if theta = 0; d_theta·(rotation[0] / theta) otherwise}
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
    let theta = rotation[0].hypot(rotation[1]).hypot(rotation[2]);
    let sin = theta.sin();
    let cos = theta.cos();
    let t = 0.5 * theta;
    let t_2 = t.sin();
    let t_3 = 2.0 * t_2.powi(2);
    let mut buffer = [0.0_f64; 3];
    let t_4 = t.cos();
    let t_5 = 1.0 / theta;
    let t_6 = rotation[0] / theta;
    let t_7 = rotation[1] / theta;
    let t_8 = rotation[2] / theta;
    for i in 0..3 {
        buffer[i] = rotation[i] / theta;
    }
    let y_2 = point[1];
    let z = point[2];
    let b = buffer[1];
    let c = buffer[2];
    let t_10 = b * z - c * y_2;
    let x = point[0];
    let a = buffer[0];
    let t_11 = c * x - a * z;
    let t_12 = a * y_2 - b * x;
    let t_13 = a * x + b * y_2 + c * z;
    let along = t_13 * t_3;
    let p = [
        x * cos + t_10 * sin + a * along,
        y_2 * cos + t_11 * sin + b * along,
        z * cos + t_12 * sin + c * along,
    ];
    let mut q = [0.0_f64; 3];
    for i in 0..3 {
        q[i] = p[i] + translation[i];
    }
    let t_14 = focal * q[0] / q[2];
    let t_15 = focal * q[1] / q[2];
    let t_16 = 1.0 / q[2];
    let t_17 = d_y[1] / q[2];
    let t_18 = t_17 * focal;
    let t_19 = d_y[0] / q[2];
    let t_20 = d_y[1] * (t_15 * t_16) + d_y[0] * (t_14 * t_16);
    let t_21 = t_19 * focal;
    let t_22 = t_20 * sin;
    let t_23 = t_18 * sin;
    let t_24 = t_21 * sin;
    let d_along = t_20 * c - t_18 * b - t_21 * a;
    let t_25 = d_along * t_3;
    let array = [
        t_25 * x - t_21 * along + t_22 * y_2 + t_23 * z,
        t_25 * y_2 - t_18 * along - t_22 * x - t_24 * z,
        t_20 * along + t_25 * z - t_23 * x + t_24 * y_2,
    ];
    let y = [-t_14, -t_15];
    let d_translation = [-t_21, -t_18, t_20];
    let d_point = [
        t_25 * a - t_21 * cos - t_22 * b - t_23 * c,
        t_25 * b - t_18 * cos + t_22 * a + t_24 * c,
        t_20 * cos + t_25 * c + t_23 * a - t_24 * b,
    ];
    let mut sum = 0.0_f64;
    let mut d_rotation = [0.0_f64; 3];
    for i in 0..3 {
        sum -= array[i] * (buffer[i] * t_5);
        d_rotation[i] += array[i] / theta;
    }
    let d_theta = d_along * t_13 * 2.0 * (2.0 * t_2) * t_4 * 0.5 + sum
        - (t_20 * z - t_18 * y_2 - t_21 * x) * sin
        + (t_20 * t_12 - t_18 * t_11 - t_21 * t_10) * cos;
    let open = d_theta * t_8;
    d_rotation[2] += if theta == 0.0 { 0.0 } else { open };
    let open_2 = d_theta * t_7;
    d_rotation[1] += if theta == 0.0 { 0.0 } else { open_2 };
    let open_3 = d_theta * t_6;
    d_rotation[0] += if theta == 0.0 { 0.0 } else { open_3 };
    (y, (d_rotation, d_translation, -(t_17 * q[1]) - t_19 * q[0], d_point))
}
