//! A table of the layers, and what is wrong with them.

use std::fmt;

use super::{
    History, Verdict,
    diagnosis::diagnose,
    layers::{Layer, layers},
};

/// From where on something is called ill.
///
/// The defaults are far from what healthy networks show (between neighbouring layers, cotangents differ by a factor
/// of two or so; of a ReLU, half is zero; the mean slope of a sigmoid is 0.2, of a tanh 0.6), so that a verdict is
/// worth acting upon. Apart from divergence and what is not finite, an illness has to last: to be there in more than
/// half of the steps, or in the last two.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Thresholds {
    /// Vanishing: the norm of the cotangent at the first layer is less than this share of that at the last.
    /// Default: 0.001.
    pub vanishing: f64,
    /// Exploding: it is more than this multiple. Default: 1000.
    pub exploding: f64,
    /// Neither is said of networks of fewer layers. Default: 3.
    pub depth: usize,
    /// Diverging: the largest norm of a cotangent has grown by more than this since the first step.
    /// Default: 1000.
    pub diverging: f64,
    /// Dead: at least this share of what a ReLU gives is zero. Default: 0.9.
    pub zeros: f64,
    /// Saturated: the mean slope of a sigmoid, at most 0.25, is less than this. Default: 0.05.
    pub sigmoid_slope: f64,
    /// Saturated: the mean slope of a tanh, at most 1, is less than this. Default: 0.2.
    pub tanh_slope: f64,
    /// Weights are called too small if they scale cotangents by less than this share of what would keep their
    /// size (for sigmoids, of 1). Default: 0.75.
    pub gain: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            vanishing: 1e-3,
            exploding: 1e3,
            depth: 3,
            diverging: 1e3,
            zeros: 0.9,
            sigmoid_slope: 0.05,
            tanh_slope: 0.2,
            gain: 0.75,
        }
    }
}

/// The layers at the first and the last step, and what is wrong.
///
/// Its `Display` is a table, and a paragraph for each verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    rows: Vec<Row>,
    verdicts: Vec<Verdict>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    label: String,
    activation: &'static str,
    /// Of the value before the activation.
    rms: f64,
    /// Of the value after the activation, if there is one.
    zeros: f64,
    /// The norm at the first and the last step.
    cotangent: (f64, Option<f64>),
}

impl Report {
    pub(super) fn new(history: &History, thresholds: &Thresholds) -> Self {
        let steps = history.steps();
        let first = steps.first().map_or(Vec::new(), |(_, trace)| layers(trace));
        let last = steps.last().map_or(Vec::new(), |(_, trace)| layers(trace));
        let row = |(i, layer): (usize, &Layer<'_>)| Row {
            label: layer.label(),
            activation: layer.activation.map_or("", |(activation, _)| activation.name()),
            rms: layer.entry.value.rms(),
            zeros: layer.activation.map_or(layer.entry, |(_, output)| output).value.zeros(),
            cotangent: (layer.cotangent(), last.get(i).filter(|_| steps.len() > 1).map(Layer::cotangent)),
        };
        Report { rows: first.iter().enumerate().map(row).collect(), verdicts: diagnose(steps, thresholds) }
    }

    /// What is wrong, the worst first.
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }

    /// Whether nothing is wrong.
    pub fn is_healthy(&self) -> bool {
        self.verdicts.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.label.len()).max().unwrap_or(0).max("layer".len());
        writeln!(
            f,
            "{:width$}  {:<10}  {:>9}  {:>6}  {:>15}  {:>9}",
            "layer", "activation", "rms", "zeros", "cotangent first", "last"
        )?;
        for Row { label, activation, rms, zeros, cotangent: (first, last) } in &self.rows {
            write!(
                f,
                "{label:width$}  {activation:<10}  {rms:>9.2e}  {:>4.0} %  {first:>15.2e}",
                100.0 * zeros
            )?;
            match last {
                Some(last) => writeln!(f, "  {last:>9.2e}")?,
                None => writeln!(f)?,
            }
        }
        match &self.verdicts[..] {
            [] => write!(f, "healthy"),
            [first, others @ ..] => {
                write!(f, "{first}")?;
                others.iter().try_for_each(|verdict| write!(f, "\n{verdict}"))
            }
        }
    }
}
