//! Oracles for `functions/newton.rs`.

use super::functions::newton::*;
use crate::assert_near;

#[test]
fn its_gradient_is_that_of_the_implicit_function() {
    let (a, b) = (1.5, 2.0);
    for (x, (d_a, d_b)) in [root_grad(a, b), with_loop_grad(a, b)] {
        let slope = 3.0 * x * x + a;
        assert_near(&[x * x * x + a * x, d_a, d_b], &[b, -x / slope, 1.0 / slope]);
    }
}

#[test]
fn against_differences() {
    gradient!({} root, root_grad, (a, b) at a = 1.5, b = 2.0; (a, b) at a = 3.0, b = 0.1);
    gradient!({} with_loop, with_loop_grad, (a, b) at a = 1.5, b = 2.0);
}
