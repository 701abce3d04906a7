//! What the examples share: data, pictures, progress, options. Nothing of it has to do with derivatives.

mod data;
mod options;
mod picture;
mod progress;

use std::error::Error;

pub use data::{Standard, read, shuffled};
pub use options::{Options, main};
pub use picture::{Panel, Picture};
pub use progress::Progress;

/// What an example may fail with.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Checks what an example claims: if it does not hold, the example fails.
///
/// # Errors
/// If it does not hold.
pub fn claim(holds: bool, what: &str) -> Outcome {
    if holds { Ok(()) } else { Err(format!("it does not hold that {what}").into()) }
}
