//! The reprojection error of bundle adjustment: a camera of eleven parameters, a point, a weight, an observation.

use grad::grad;

#[grad(skip(feature))]
pub fn reproject(cam: &[f64; 11], x: &[f64; 3], w: f64, feature: &[f64; 2]) -> [f64; 2] {
    let mut moved = [0.0; 3];
    for i in 0..3 {
        moved[i] = x[i] - cam[3 + i];
    }
    let mut rotated = [0.0; 3];
    let theta2 = cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2];
    if theta2 != 0.0 {
        let theta = theta2.sqrt();
        let (sin, cos) = (theta.sin(), theta.cos());
        let mut axis = [0.0; 3];
        for i in 0..3 {
            axis[i] = cam[i] / theta;
        }
        let cross = [
            axis[1] * moved[2] - axis[2] * moved[1],
            axis[2] * moved[0] - axis[0] * moved[2],
            axis[0] * moved[1] - axis[1] * moved[0],
        ];
        let mut dot = 0.0;
        for i in 0..3 {
            dot += axis[i] * moved[i];
        }
        for i in 0..3 {
            rotated[i] = moved[i] * cos + cross[i] * sin + axis[i] * dot * (1.0 - cos);
        }
    } else {
        rotated[0] = moved[0] + cam[1] * moved[2] - cam[2] * moved[1];
        rotated[1] = moved[1] + cam[2] * moved[0] - cam[0] * moved[2];
        rotated[2] = moved[2] + cam[0] * moved[1] - cam[1] * moved[0];
    }
    let mut p = [rotated[0] / rotated[2], rotated[1] / rotated[2]];
    let r2 = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + cam[9] * r2 + cam[10] * r2 * r2;
    for i in 0..2 {
        p[i] = p[i] * distortion * cam[6] + cam[7 + i];
    }
    [w * (p[0] - feature[0]), w * (p[1] - feature[1])]
}

/// The sum of the squares over all observations.
#[grad(skip(features))]
pub fn total(cams: &[[f64; 11]], points: &[[f64; 3]], obs: &[[usize; 2]], features: &[[f64; 2]]) -> f64 {
    let mut sum = 0.0;
    for (k, &[c, p]) in obs.iter().enumerate() {
        let cam = &cams[c];
        let x = &points[p];
        let depth = x[2] - cam[5] + cam[0] * x[1];
        for i in 0..2 {
            let r = cam[6] * (x[i] - cam[3 + i]) / depth - features[k][i];
            sum += r * r;
        }
    }
    sum
}
