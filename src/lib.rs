//! Exact derivatives of ordinary Rust functions, written at compile time as plain Rust.
#![doc = ""]
#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

pub mod health;
#[doc(hidden)]
pub mod kernels;
pub mod nn;
pub mod optim;
#[cfg(feature = "rayon")]
pub mod parallel;

pub use grad_macro::grad;
pub use nn::stop_gradient;

/// What generated code refers to besides the public items.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "ndarray")]
    pub use ndarray;
}
