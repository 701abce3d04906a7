//! How gradients fare on their way through a network.
//!
//! A [`Trace`] says for each named value of a function how large it is and how large its cotangent is, in the
//! order in which they were computed.
//!
//! ```
//! use grad::health::Trace;
//!
//! let mut trace = Trace::new();
//! trace.record("z1", &[-1.0, 2.0], &[0.0, 0.5]);
//! trace.record("a1", &[0.0, 2.0], &[0.25, 0.5]);
//!
//! let a1 = trace.get("a1").expect("it was recorded");
//! assert_eq!(a1.value.norm(), 2.0);
//! assert_eq!(a1.value.zeros(), 0.5);
//! assert_eq!(a1.cotangent.max_abs(), 0.5);
//! ```
//!
//! A [`History`] of traces over a training gives a [`Report`]: which layers there are, how large their cotangents
//! are, and in words what is wrong and why, if something is. Layers are the values that go into a sigmoid, tanh or
//! ReLU, which are known by what they do to the extremes; so give names both to what goes in and to what comes out,
//! `let z1 = …; let a1 = relu(&z1);`. [`Thresholds`] says from where on something is called ill.

mod diagnosis;
mod history;
mod layers;
mod report;
mod summary;
#[cfg(feature = "plotters")]
mod svg;
mod trace;
mod verdict;

pub use history::History;
pub use layers::Activation;
pub use report::{Report, Thresholds};
pub use summary::Summary;
pub use trace::{Entry, Trace};
pub use verdict::{Cause, Illness, Verdict};
