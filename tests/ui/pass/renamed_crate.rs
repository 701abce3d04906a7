//! The library under another path.
#![deny(warnings)]

mod vendored {
    pub use ::grad::*;
}

// In the way of `::grad` inside this module.
mod grad {}

use ndarray::Array2;
use vendored::grad as differentiate;

#[differentiate(crate = crate::vendored)]
fn product(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(b)
}

#[differentiate(crate = crate::vendored)]
fn smooth(x: &[f64]) -> f64 {
    x.iter().map(|x| vendored::nn::gelu(*x)).sum()
}

fn main() {
    let a = Array2::eye(2);
    let (y, (d_a, _)) = product_vjp(&a, &a, &a);
    assert_eq!((y, d_a), (a.clone(), a));
    assert_eq!(smooth_grad(&[0.0]), (0.0, vec![0.5]));
}
