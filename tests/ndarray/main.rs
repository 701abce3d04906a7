//! `#[grad]` of functions on the arrays of the `ndarray` crate, against finite differences.
#![cfg(feature = "ndarray")]
#![deny(warnings)]
// Surface forms are written as users write them, not as they should be.
#![allow(clippy::all)]

#[path = "../check/mod.rs"]
mod check;
mod elements;
mod entry;
mod loops;
mod mixed;
mod operators;
mod products;
mod reductions;
mod shapes;

use ndarray::{Array1, Array2, Array3};

/// A vector of distinct numbers in ±1.
fn vector(n: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| check::noise(i))
}

/// A matrix of distinct numbers in ±1.
fn matrix(m: usize, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((m, n), |(i, j)| check::noise(100 + i * n + j))
}

/// Another such matrix.
fn other(m: usize, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((m, n), |(i, j)| check::noise(1000 + i * n + j))
}

fn cube(l: usize, m: usize, n: usize) -> Array3<f64> {
    Array3::from_shape_fn((l, m, n), |(i, j, k)| check::noise(500 + (i * m + j) * n + k))
}
