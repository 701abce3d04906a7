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

mod summary;
mod trace;

pub use summary::Summary;
pub use trace::{Entry, Trace};
