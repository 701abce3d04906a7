//! Gradient descent in its forms, for what `#[grad]` returns.
//!
//! ```
//! use grad::{grad, optim::{Adam, Params}};
//!
//! #[derive(Params)]
//! struct Line {
//!     slope: f64,
//!     offset: f64,
//! }
//!
//! #[grad(wrt(slope, offset))]
//! fn loss(points: &[[f64; 2]], slope: f64, offset: f64) -> f64 {
//!     points.iter().map(|[x, y]| (slope * x + offset - y).powi(2)).sum::<f64>() / points.len() as f64
//! }
//!
//! let points = [[0.0, 1.0], [1.0, 3.0], [2.0, 5.0]];
//! let mut line = Line { slope: 0.0, offset: 0.0 };
//! let mut adam = Adam::new(0.1);
//! for _ in 0..500 {
//!     let (loss, gradient) = loss_grad(&points, line.slope, line.offset);
//!     adam.step(&mut line, loss, &gradient);
//! }
//! assert!((line.slope - 2.0).abs() < 1e-3 && (line.offset - 1.0).abs() < 1e-3);
//! ```
//!
//! | | |
//! |---|---|
//! | [`Params`] | what can be optimised: numbers, containers, tuples, structs that derive it |
//! | [`GradientDescent`] [`Sgd`] [`RmsProp`] [`AdaGrad`] [`Adam`] [`AdamW`] | the optimisers; their formulas are in [`rule`] |
//! | [`Schedule`] | learning rates that change |
//! | `Batches`, `Init` (feature `rand`) | mini-batches, initial weights |
//!
//! A loss or gradient that is NaN or infinite never reaches the parameters: [`Optimizer::try_step`] says which
//! element it was, and [`Optimizer::step`] panics.
//!
//! After the first step, which makes the memory of the optimiser, a step allocates nothing. Settings are `f64`
//! whatever the parameters are. With the feature `serde`, an optimiser can be written and read, with its memory.

#[cfg(feature = "rand")]
mod batches;
mod error;
mod family;
#[cfg(feature = "rand")]
pub mod init;
mod optimizer;
mod params;
pub mod rule;
mod schedule;

#[cfg(feature = "rand")]
pub use batches::Batches;
pub use error::StepError;
pub use family::{AdaGrad, Adam, AdamW, GradientDescent, RmsProp, Sgd};
pub use grad_macro::Params;
#[cfg(feature = "rand")]
pub use init::Init;
pub use optimizer::{Optimizer, Step};
pub use params::{Mismatch, Params, Path};
pub use schedule::Schedule;
