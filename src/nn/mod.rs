//! Functions for neural networks that `#[grad]` knows by name.
//!
//! They are ordinary functions, so that the function you write runs as plain Rust. Scalars go in by
//! value, containers by reference, and the result is owned:
//!
//! ```
//! use grad::nn::{relu, softmax};
//!
//! assert_eq!(relu(-2.0), 0.0);
//! assert_eq!(relu(&[-1.0, 2.0]), [0.0, 2.0]);
//! assert_eq!(relu(&vec![vec![-1.0_f32], vec![2.0]]), [[0.0], [2.0]]);
//! assert_eq!(softmax(&[[0.0, 0.0]; 3]), [[0.5, 0.5]; 3]);
//! ```
//!
//! | functions | act on | result |
//! |---|---|---|
//! | [`relu`] [`leaky_relu`] [`elu`] [`sigmoid`] [`tanh`] [`softplus`] [`erf`] [`gelu`] [`silu`] [`mish`] | each element | same extents |
//! | [`softmax`] [`log_softmax`] | the last axis | same extents |
//! | [`logsumexp`] | the last axis | without the last axis |
//! | [`mse`] [`binary_cross_entropy`] [`binary_cross_entropy_with_logits`] | all elements | their mean |
//! | [`cross_entropy`] [`cross_entropy_with_logits`] | the last axis | mean over the rows |
//!
//! A container is an array, a slice or a `Vec`, nested to any depth, or an `ndarray` array or view of
//! any dimension (feature `ndarray`, on by default). The two operands of a loss need equal extents
//! but may be of different kinds. Sums start at zero and run in index order, each row by itself
//! before the sums of the rows.

mod activation;
#[cfg(feature = "ndarray")]
mod array;
mod float;
mod loss;
mod softmax;
mod tensor;

pub use activation::{elu, erf, gelu, leaky_relu, mish, relu, sigmoid, silu, softplus, stop_gradient, tanh};
#[cfg(feature = "ndarray")]
pub use array::LastAxis;
pub use float::Float;
pub use loss::{
    binary_cross_entropy, binary_cross_entropy_with_logits, cross_entropy, cross_entropy_with_logits, mse,
};
pub use softmax::{log_softmax, logsumexp, softmax};
pub use tensor::{Rows, Tensor};
