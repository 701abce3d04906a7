//! Oracles for `functions/chains.rs`.

use super::functions::chains::*;
use crate::noise;

#[test]
fn against_differences() {
    let angles: Vec<[f64; 3]> = noise(9, 1).chunks(3).map(|w| [w[0], w[1], w[2]]).collect();
    gradient!({} fingertip, fingertip_grad, (&angles, &[0.4, 0.3, 0.2], [0.3, 0.2, 0.5]) near angles = angles.clone());
    pullback!({} arm, arm_vjp, (&theta, &a, &alpha, &d)
        at theta = noise(3, 2), a = noise(3, 3), alpha = noise(3, 4), d = noise(3, 5));
}

/// Joints that all turn about one axis are one joint, as far as the last bone is concerned.
#[test]
fn about_one_axis() {
    let (target, bones) = ([0.0, 0.0, 0.0], [0.0, 0.0, 1.5]);
    let turned = [[0.0, 0.0, 0.4], [0.0, 0.0, -0.2], [0.0, 0.0, 0.7]];
    let (value, d) = fingertip_grad(&turned, &bones, target);
    crate::assert_near(&[value], &[1.5 * 1.5]);
    crate::assert_near(&[d[0][2], d[1][2], d[2][2]], &[0.0; 3]);
}
