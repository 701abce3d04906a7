//! Why a step was not made.

use std::{error::Error, fmt};

/// A step that was not made, because it would have spoilt the parameters.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum StepError {
    /// The loss is NaN or infinite.
    Loss {
        /// How many steps had been made before.
        step: u64,
        /// What the loss is.
        loss: f64,
    },
    /// An element of the gradient is NaN or infinite.
    Gradient {
        /// How many steps had been made before.
        step: u64,
        /// The first such element: `w1[[3, 4]]` of a struct, `.0[3]` of a tuple, empty if the parameter is a
        /// number.
        parameter: String,
        /// What the gradient is there.
        value: f64,
        /// How many other elements are not finite.
        others: usize,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepError::Loss { step, loss } => write!(f, "after {step} steps: the loss is {loss}")?,
            StepError::Gradient { step, parameter, value, others } => {
                write!(f, "after {step} steps: the gradient")?;
                if !parameter.is_empty() {
                    write!(f, " of `{parameter}`")?;
                }
                write!(f, " is {value}")?;
                match others {
                    0 => {}
                    1 => write!(f, ", and 1 more element is not finite")?,
                    others => write!(f, ", and {others} more elements are not finite")?,
                }
            }
        }
        write!(f, "; nothing was updated")
    }
}

impl Error for StepError {}
