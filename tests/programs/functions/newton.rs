//! Newton's iteration until it stands still.

use grad::grad;

/// The root of `x³ + a x = b`.
#[grad]
pub fn root(a: f64, b: f64) -> f64 {
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
pub fn with_loop(a: f64, b: f64) -> f64 {
    let mut x = b / a;
    loop {
        let next = x - (x * x * x + a * x - b) / (3.0 * x * x + a);
        if (next - x).abs() < 1e-12 {
            break next;
        }
        x = next;
    }
}
