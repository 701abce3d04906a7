//! Oracles for `functions/kalman.rs`.

use super::functions::kalman::*;
use crate::noise;

#[test]
fn against_differences() {
    let z = noise(6, 1);
    gradient!({} likelihood, likelihood_grad, (&z, dt, q, r, start) at dt = 0.4, q = 0.1, r = 0.5, start = [0.2, -0.1]);
    gradient!({} general, general_grad, (&z, &f, &q, r, 2)
        at f = vec![1.0, 0.4, 0.0, 1.0], q = vec![0.1, 0.0, 0.0, 0.1], r = 0.5);
    gradient!({} general, general_grad, (&z, &f, &q, r, 3) at f = noise(9, 2), q = noise(9, 3), r = 3.5);
}

#[test]
fn the_general_one_agrees() {
    let z = noise(6, 1);
    let (a, (_, _, d_r, _)) = likelihood_grad(&z, 0.4, 0.1, 0.5, [0.0; 2]);
    let (b, (_, _, e_r)) = general_grad(&z, &[1.0, 0.4, 0.0, 1.0], &[0.1, 0.0, 0.0, 0.1], 0.5, 2);
    crate::assert_near(&[a, d_r], &[b, e_r]);
}
