//! Types and functions of the user's that have the names of those in the prelude.
#![deny(warnings)]
#![allow(dead_code, unused_macros)]

use grad::grad;

struct Vec;
struct Option;
struct Some;
enum Result {}
mod std {}
mod core {}
mod grad_core {}

fn vec() {}
fn assert() {}

macro_rules! vec {
    () => {
        compile_error!("the user's own macro")
    };
}

macro_rules! assert {
    ($($tokens:tt)*) => {
        compile_error!("the user's own macro")
    };
}

#[grad]
fn energy(x: &[f64], y: &[f64], scale: f64) -> f64 {
    scale * x.iter().zip(y).map(|(x, y)| (x - y).exp()).sum::<f64>()
}

#[grad(shape(x: [n], y: [n]))]
fn difference(x: &[f64], y: &[f64]) -> ::std::vec::Vec<f64> {
    x.iter().zip(y).map(|(x, y)| (x - y) * x).collect()
}

fn main() {
    let (_, (d_x, d_y, d_scale)) = energy_grad(&[1.0], &[1.0], 3.0);
    assert_eq!((d_x[0], d_y[0], d_scale), (3.0, -3.0, 1.0));
    let (y, _) = difference_vjp(&[1.0], &[2.0], &[1.0]);
    assert_eq!(y, [-1.0]);
}
