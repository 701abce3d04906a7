//! Newton's iteration until it stands still.

use grad::grad;

use crate::assert_near;

/// The root of `x³ + a x = b`.
#[grad]
fn root(a: f64, b: f64) -> f64 {
    let mut x = b / a;
    let mut step = f64::INFINITY;
    let mut iterations = 0;
    while step.abs() > 1e-12 && iterations < 50 {
        step = (x * x * x + a * x - b) / (3.0 * x * x + a);
        x -= step;
        iterations += 1;
    }
    x
}

#[grad]
fn with_loop(a: f64, b: f64) -> f64 {
    let mut x = b / a;
    loop {
        let next = x - (x * x * x + a * x - b) / (3.0 * x * x + a);
        if (next - x).abs() < 1e-12 {
            break next;
        }
        x = next;
    }
}

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
