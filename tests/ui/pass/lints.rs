//! The strictest lints, and functions that provoke them.
#![deny(
    warnings,
    unused,
    nonstandard_style,
    future_incompatible,
    missing_docs,
    unreachable_pub,
    unused_qualifications
)]
#![deny(unused_results, single_use_lifetimes, trivial_casts, trivial_numeric_casts, let_underscore_drop)]
#![forbid(unsafe_code)]

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
};
use ndarray::{Array1, Array2, ArrayView1};

/// Only the value depends on `n`.
#[grad]
fn powers(x: f64, n: i32) -> (f64, f64) {
    (x.powi(n), x)
}

/// A value that is never used.
#[grad]
fn forgotten(x: f64) -> f64 {
    let _unused = x * x;
    x
}

/// Everything at once.
#[grad(skip(y))]
fn loss(x: ArrayView1<f32>, y: &Array1<f32>, w: &Array2<f32>, b: &[f32]) -> f32 {
    let bias = Array1::from_iter(b.iter().copied());
    let z = w.dot(&relu(&x)) + bias;
    cross_entropy(&softmax(&z), y)
}

/// In a loop with a carried value.
#[grad]
fn recurrence(x: &[f64], start: f64) -> f64 {
    x.iter().fold(start, |state, x| (state * x).tanh())
}

fn main() {
    assert_eq!(powers_vjp(2.0, 3, (1.0, 0.0)), ((8.0, 2.0), 12.0));
    assert_eq!(forgotten_grad(2.0), (2.0, 1.0));
    assert_eq!(recurrence_grad(&[], 2.0), (2.0, (Vec::new(), 1.0)));
    let (_, (d_x, d_w, d_b)) = loss_grad(
        Array1::ones(2).view(),
        &Array1::from_vec(vec![1.0, 0.0, 0.0]),
        &Array2::zeros((3, 2)),
        &[0.0; 3],
    );
    assert_eq!((d_x.len(), d_w.dim(), d_b.len()), (2, (3, 2), 3));
}
