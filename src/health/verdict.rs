//! What can be wrong, why, and what helps: in words.

use std::fmt;

/// Something that is wrong with the gradients of a network.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Verdict {
    /// What is wrong.
    pub illness: Illness,
    /// The layers that it shows in, as the trace names them.
    pub layers: Vec<String>,
    /// The step at which it was seen first.
    pub step: u64,
    /// Why, the most important cause first.
    pub causes: Vec<Cause>,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Illness {
    /// Cotangents shrink on their way back: the first layers do not learn.
    Vanishing {
        /// What is left of the norm at the first layer.
        total: f64,
        /// The factor for each layer.
        each: f64,
    },
    /// Cotangents grow on their way back: steps of the first layers are too large.
    Exploding {
        /// What the norm has grown to at the first layer.
        total: f64,
        /// The factor for each layer.
        each: f64,
    },
    /// Cotangents grow from step to step.
    Diverging {
        /// The largest norm over that at the first step.
        growth: f64,
    },
    /// Values or cotangents are NaN or infinite.
    NonFinite,
    /// Activations are where their slope is next to nothing.
    Saturated {
        /// The smallest mean of the slope of a layer.
        slope: f64,
    },
    /// ReLUs that give zero for nearly everything, and pass nothing back.
    DeadRelu {
        /// The largest share of zeros of a layer.
        zeros: f64,
    },
}

/// Why it is so.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Cause {
    /// The slope of a sigmoid is at most ¼.
    SigmoidSlope,
    /// Sigmoid or tanh where they are flat.
    Saturation,
    /// ReLUs that are zero.
    DeadUnits,
    /// Weights make signals smaller, by this factor for each layer.
    SmallWeights(f64),
    /// Weights make signals larger, by this factor for each layer.
    LargeWeights(f64),
    /// Steps overshoot.
    LargeRate,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Verdict { illness, layers, step, causes } = self;
        let names = Names(layers);
        let (first, last) = (layers.first().map_or("", |name| name), layers.last().map_or("", |name| name));
        match illness {
            Illness::Vanishing { total: 0.0, .. } => {
                write!(f, "vanishing gradient: nothing of the cotangent of `{last}` gets back to `{first}`")
            }
            Illness::Vanishing { total, each } => write!(
                f,
                "vanishing gradient: from `{last}` back to `{first}` the cotangent shrinks to {total:.0e} of what it \
                 was, by a factor of {each:.2} for each layer"
            ),
            Illness::Exploding { total, each } => write!(
                f,
                "exploding gradient: from `{last}` back to `{first}` the cotangent grows to {total:.0e} times what \
                 it was, by a factor of {each:.1} for each layer"
            ),
            Illness::Diverging { growth } => {
                write!(
                    f,
                    "diverging training: the cotangents of {names} have grown to {growth:.0e} times what they were"
                )
            }
            Illness::NonFinite => write!(f, "numbers that are not finite, first in {names}"),
            Illness::Saturated { slope } => {
                write!(f, "saturated activations: the mean slope of {names} is {slope:.3} or a little more")
            }
            Illness::DeadRelu { zeros } => {
                write!(f, "dead ReLUs: up to {:.0} % of {names} are zero", 100.0 * zeros)
            }
        }?;
        write!(f, " (seen from step {step} on)")?;
        causes.iter().try_for_each(|cause| write!(f, "\n  {cause}"))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::SigmoidSlope => write!(
                f,
                "because the slope of a sigmoid is at most 1/4, in every layer: use tanh or ReLU in hidden layers"
            ),
            Cause::Saturation => write!(
                f,
                "because sigmoids or tanhs are driven to where they are flat: smaller initial weights (Xavier), \
                 standardised inputs"
            ),
            Cause::DeadUnits => write!(
                f,
                "because ReLUs that are zero pass nothing back: a smaller rate, He's initial weights, biases of 0, \
                 or a leaky ReLU"
            ),
            Cause::SmallWeights(gain) => write!(
                f,
                "because the weights of a layer make signals smaller, by a factor of {gain:.2}: larger initial \
                 weights (Xavier for sigmoid and tanh, He for ReLU)"
            ),
            Cause::LargeWeights(gain) => write!(
                f,
                "because the weights of a layer make signals larger, by a factor of {gain:.1}: smaller initial \
                 weights (Xavier for sigmoid and tanh, He for ReLU), or clip the gradient's norm"
            ),
            Cause::LargeRate => write!(
                f,
                "because steps overshoot: it was in order at first; a smaller rate, a warm-up, or clip the \
                 gradient's norm"
            ),
        }
    }
}

/// `z1`; `z1`, `z2`; `z1` … `z9`.
struct Names<'a>(&'a [String]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => Ok(()),
            [one] => write!(f, "`{one}`"),
            [one, two] => write!(f, "`{one}` and `{two}`"),
            [first, .., last] => write!(f, "`{first}` … `{last}` ({} layers)", self.0.len()),
        }
    }
}
