//! How the learning rate changes over the steps.

use std::f64::consts::PI;

/// The learning rate of each step.
///
/// A number is a constant rate, so that `Adam::new(0.001)` is what it looks like.
///
/// ```
/// use grad::optim::Schedule;
///
/// let schedule = Schedule::cosine(0.1, 0.0, 100).warm_up(10);
/// assert_eq!(schedule.rate(0), 0.01);
/// assert_eq!(schedule.rate(10), 0.1);
/// assert!((schedule.rate(60) - 0.05).abs() < 1e-15);
/// assert_eq!(schedule.rate(110), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Schedule {
    rate: f64,
    decay: Decay,
    warm_up: u64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Decay {
    None,
    Step { factor: f64, every: u64 },
    Exponential { factor: f64 },
    Cosine { last: f64, steps: u64 },
}

impl Schedule {
    /// The same rate at every step.
    #[track_caller]
    pub fn constant(rate: f64) -> Self {
        Self::new(rate, Decay::None)
    }

    /// `rate · factor^⌊step / every⌋`: multiplied by the factor every so many steps.
    #[track_caller]
    pub fn step(rate: f64, factor: f64, every: u64) -> Self {
        assert!(every > 0, "a rate cannot be changed every 0 steps");
        Self::new(rate, Decay::Step { factor: not_negative("factor", factor), every })
    }

    /// `rate · factor^step`: multiplied by the factor at every step.
    #[track_caller]
    pub fn exponential(rate: f64, factor: f64) -> Self {
        Self::new(rate, Decay::Exponential { factor: not_negative("factor", factor) })
    }

    /// `last + ½ (rate − last) (1 + cos(π step / steps))`: half a cosine from `rate` to `last`, and from then on
    /// `last`.
    ///
    /// I. Loshchilov, F. Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2017, equation 5,
    /// without restarts.
    #[track_caller]
    pub fn cosine(rate: f64, last: f64, steps: u64) -> Self {
        Self::new(rate, Decay::Cosine { last: not_negative("last rate", last), steps })
    }

    /// Begins with so many steps in which the rate grows in a line, the schedule following after them.
    ///
    /// P. Goyal et al., *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, 2017, section 2.2.
    #[must_use]
    pub fn warm_up(self, steps: u64) -> Self {
        Schedule { warm_up: steps, ..self }
    }

    /// The rate of a step; they count from 0.
    pub fn rate(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.rate * (step + 1) as f64 / self.warm_up as f64;
        }
        let step = step - self.warm_up;
        match self.decay {
            Decay::None => self.rate,
            Decay::Step { factor, every } => self.rate * factor.powf((step / every) as f64),
            Decay::Exponential { factor } => self.rate * factor.powf(step as f64),
            Decay::Cosine { last, steps } if step >= steps => last,
            Decay::Cosine { last, steps } => {
                let angle = PI * step as f64 / steps as f64;
                last + 0.5 * (self.rate - last) * (1.0 + angle.cos())
            }
        }
    }

    #[track_caller]
    fn new(rate: f64, decay: Decay) -> Self {
        Schedule { rate: not_negative("learning rate", rate), decay, warm_up: 0 }
    }
}

impl From<f64> for Schedule {
    #[track_caller]
    fn from(rate: f64) -> Self {
        Schedule::constant(rate)
    }
}

/// Settings that make no sense are refused where they are made.
#[track_caller]
pub(super) fn not_negative(what: &str, value: f64) -> f64 {
    assert!(value.is_finite() && value >= 0.0, "the {what} must be a number from 0 on, not {value}");
    value
}

/// A share of what was, from 0 to less than 1.
#[track_caller]
pub(super) fn share(what: &str, value: f64) -> f64 {
    assert!((0.0..1.0).contains(&value), "the {what} must be from 0 to less than 1, not {value}");
    value
}
