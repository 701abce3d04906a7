//! Several mistakes are reported together.

use grad::grad;

#[grad]
fn loss(x: f64) -> f64 {
    let a = first(x);
    let b = second(x);
    a + b
}

fn first(x: f64) -> f64 {
    x
}

fn second(x: f64) -> f64 {
    x
}

fn main() {
    loss(1.0);
}
