//! Traces over training.

use super::{Report, Thresholds, Trace};

/// The traces of a training, each with the step it is of.
///
/// A trace every so many steps is enough: the first, and some tens after it.
///
/// ```
/// use grad::health::{History, Trace};
///
/// let mut trace = Trace::new();
/// trace.record("z1", &[-1.0, 2.0], &[0.3, 0.4]);
/// let mut history = History::new();
/// history.push(0, trace);
/// assert!(history.report().is_healthy());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct History {
    steps: Vec<(u64, Trace)>,
}

impl History {
    /// Of nothing yet.
    pub const fn new() -> Self {
        History { steps: Vec::new() }
    }

    /// Adds the trace of a step.
    pub fn push(&mut self, step: u64, trace: Trace) {
        self.steps.push((step, trace));
    }

    /// The traces, each with its step.
    pub fn steps(&self) -> &[(u64, Trace)] {
        &self.steps
    }

    /// What is wrong, if anything is.
    pub fn report(&self) -> Report {
        self.report_with(&Thresholds::default())
    }

    /// The same, with thresholds of your own.
    pub fn report_with(&self, thresholds: &Thresholds) -> Report {
        Report::new(self, thresholds)
    }

    /// A drawing of the norm of the cotangent by layer, with a line for each step, from light (the first) to dark
    /// (the last).
    #[cfg(feature = "plotters")]
    pub fn to_svg(&self) -> String {
        super::svg::draw(self)
    }
}
