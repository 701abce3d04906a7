//! Oracles for `functions/bundle.rs`.

use super::functions::bundle::*;

const CAM: [f64; 11] = [0.1, -0.2, 0.3, 0.5, 0.1, -4.0, 1.5, 0.02, -0.03, 0.1, -0.05];

#[test]
fn against_differences() {
    let feature = [0.3, -0.2];
    pullback!({} reproject, reproject_vjp, (&cam, &x, w, &feature) near cam = CAM, x = [0.4, -0.7, 1.1], w = 0.8);
}

#[test]
fn without_rotation() {
    // At angle zero the source takes the first-order branch, and its derivative is that of the branch.
    let cam = [&[0.0; 3], &CAM[3..]].concat().try_into().unwrap();
    let (value, (d_cam, d_x, _)) = reproject_vjp(&cam, &[0.4, -0.7, 1.1], 1.0, &[0.0; 2], &[1.0, 0.0]);
    let mut near = cam;
    near[1] = 1e-4;
    let (value_near, (d_near, d_x_near, _)) =
        reproject_vjp(&near, &[0.4, -0.7, 1.1], 1.0, &[0.0; 2], &[1.0, 0.0]);
    assert!((value[0] - value_near[0]).abs() < 1e-3);
    for (a, b) in d_cam.iter().chain(&d_x).zip(d_near.iter().chain(&d_x_near)) {
        assert!((a - b).abs() < 1e-2 * b.abs().max(1.0), "{a} and {b}");
    }
}

#[test]
fn many_observations() {
    let cams = vec![CAM, CAM.map(|c| 0.9 * c + 0.1)];
    let points = vec![[0.4, -0.7, 1.1], [0.1, 0.2, 0.3], [-0.5, 0.4, 0.8]];
    let obs = [[0, 0], [1, 2], [0, 1], [1, 0]];
    let features = [[0.1, 0.2], [0.3, -0.4], [0.0, 0.5], [-0.3, 0.1]];
    gradient!({} total, total_grad, (&cams, &points, &obs, &features) at cams = cams.clone(), points = points.clone());
}
