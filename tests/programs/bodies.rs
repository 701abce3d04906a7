//! Oracles for `functions/bodies.rs`.

use super::functions::bodies::*;
use crate::noise;

#[test]
fn against_differences() {
    let mass = vec![1.0, 0.5, 0.8];
    gradient!({} leapfrog, leapfrog_grad, (&x, &v, &mass, dt, 3)
        at x = noise(9, 1), v = noise(9, 2), dt = 0.05; (&x, &v, &mass, dt, 0) at x = noise(9, 1), v = noise(9, 2), dt = 0.05);
}

/// A body alone keeps its velocity.
#[test]
fn alone() {
    let (_, (x, v, dt)) = leapfrog_grad(&[0.1, 0.2, 0.3], &[1.0, 2.0, -1.0], &[2.0], 0.1, 5);
    crate::assert_near(&x, &[1.0, 0.0, 0.0]);
    crate::assert_near(&v, &[2.0 + 0.5, 4.0, -2.0]);
    crate::assert_near(&[dt], &[5.0]);
}
