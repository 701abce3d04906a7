//! Oracles for `functions/heat.rs`.

use super::functions::heat::*;
use crate::noise;

#[test]
fn against_differences() {
    pullback!({} heat, heat_vjp, (&u, &c, 4) at u = noise(6, 1), c = noise(6, 2); (&u, &c, 0) at u = noise(3, 1), c = noise(3, 2); (&u, &c, 21) at u = noise(4, 5), c = noise(4, 6));
    let target = noise(6, 3);
    gradient!({} misfit, misfit_grad, (&u, &target, c, 5) at u = noise(6, 4), c = 0.2; (&u, &target, c, 30) at u = noise(6, 4), c = 0.05);
}
