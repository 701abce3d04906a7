//! Oracles for `functions/particle.rs`.

use super::functions::particle::*;

#[test]
fn against_differences() {
    gradient!({} crossing, crossing_grad, (p, v, s, wall)
        at p = [-1.0, 0.3], v = [0.8, 0.2], s = 0.3, wall = 1.003);
    // It never arrives.
    gradient!({} crossing, crossing_grad, (p, v, s, wall)
        at p = [-1.0, 0.3], v = [-0.8, 0.0], s = 0.1, wall = 1.0);
}
