use grad::{grad, stop_gradient};

#[grad(wrt(y))]
fn wrt_nothing(x: f64) -> f64 {
    x
}

#[grad(skip(volume))]
fn skip_nothing(x: f64, y: f64) -> f64 {
    x * y
}

#[grad(wrt(n))]
fn wrt_integer(x: f64, n: i32) -> f64 {
    x.powi(n)
}

#[grad(wrt())]
fn wrt_none(x: f64) -> f64 {
    x
}

#[grad]
fn unused(x: f64, y: f64) -> f64 {
    x
}

#[grad(wrt(x, y))]
fn asked_for_but_unused(x: f64, y: f64) -> f64 {
    x
}

#[grad]
fn only_decides(x: f64, threshold: f64) -> f64 {
    if x > threshold { x } else { 0.0 }
}

#[grad]
fn rounded(x: f64, y: f64) -> f64 {
    x * y.floor() as i32 as f64
}

#[grad]
fn stopped(x: f64, y: f64) -> f64 {
    x * stop_gradient(y)
}

#[grad]
fn nothing_active(n: usize, _x: f64) -> f64 {
    n as f64 * _x
}

fn main() {}
