//! The layers of a network, as its trace shows them.

use super::{Entry, Summary, Trace};

/// A function that is applied to each element, known by what it does to the extremes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Activation {
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// max(x, 0)
    Relu,
}

/// f32 is rounded to this.
const ROUNDING: f64 = 1e-5;

impl Activation {
    /// All three are monotone: they take the smallest element to the smallest and the largest to the largest.
    fn between(input: &Summary, output: &Summary) -> Option<Activation> {
        let ((min, max), (low, high)) = (input.range()?, output.range()?);
        let close = |a: f64, b: f64| (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(ROUNDING);
        [Activation::Sigmoid, Activation::Relu, Activation::Tanh].into_iter().find(|activation| {
            input.len() == output.len()
                && close(activation.apply(min), low)
                && close(activation.apply(max), high)
        })
    }

    fn apply(self, x: f64) -> f64 {
        match self {
            Activation::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Activation::Tanh => x.tanh(),
            Activation::Relu => x.max(0.0),
        }
    }

    /// The mean of the derivative over the elements, from the summary of the result alone: y (1 − y) of a sigmoid,
    /// 1 − y² of a tanh, the share that is not zero of a ReLU.
    pub(super) fn mean_slope(self, output: &Summary) -> f64 {
        let mean_square = output.rms().powi(2);
        match self {
            Activation::Sigmoid => output.mean() - mean_square,
            Activation::Tanh => 1.0 - mean_square,
            Activation::Relu => 1.0 - output.zeros(),
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Activation::Sigmoid => "sigmoid",
            Activation::Tanh => "tanh",
            Activation::Relu => "ReLU",
        }
    }
}

/// A value on the way through the network, and what its activation makes of it.
pub(super) struct Layer<'a> {
    pub entry: &'a Entry,
    pub activation: Option<(Activation, &'a Entry)>,
}

impl Layer<'_> {
    pub fn label(&self) -> String {
        self.entry.label()
    }

    pub fn cotangent(&self) -> f64 {
        self.entry.cotangent.norm()
    }
}

/// The chain of layers: values that go into an activation, and what comes after the last of them. Where no
/// activation is known, all values that have more than one element.
pub(super) fn layers(trace: &Trace) -> Vec<Layer<'_>> {
    let entries: Vec<&Entry> = trace.entries().iter().filter(|entry| !entry.cotangent.is_empty()).collect();
    let activation = |i: usize| {
        let (entry, output) = (entries[i], *entries.get(i + 1)?);
        Some((Activation::between(&entry.value, &output.value)?, output))
    };
    let mut layers: Vec<Layer<'_>> = Vec::new();
    let mut i = 0;
    while i < entries.len() {
        let (entry, activation) = (entries[i], activation(i));
        i += 1 + usize::from(activation.is_some());
        layers.push(Layer { entry, activation });
    }
    let known = |layer: &Layer<'_>| layer.activation.is_some();
    match (layers.iter().position(known), layers.iter().rposition(known)) {
        (Some(first), Some(last)) => {
            layers.truncate(last + 2);
            layers.drain(..first);
            let end = last - first;
            let mut index = 0;
            layers.retain(|layer| {
                index += 1;
                known(layer) || index > end && layer.entry.value.len() > 1
            });
        }
        _ => layers.retain(|layer| layer.entry.value.len() > 1),
    }
    layers
}

/// By which factor a cotangent changes on its way back, for each layer: what the activations and what the weights
/// contribute.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Factors {
    /// The cotangent of the first layer over that of the last.
    pub total: f64,
    /// Its root: for each layer.
    pub each: f64,
    /// What activations contribute to `each`, as far as they are known.
    pub slope: Option<f64>,
}

impl Factors {
    /// What weights contribute.
    pub fn gain(&self) -> f64 {
        self.each / self.slope.unwrap_or(1.0)
    }
}

/// `None` if there are fewer than two layers, or the last has no cotangent.
pub(super) fn factors(layers: &[Layer<'_>]) -> Option<Factors> {
    let [first, .., last] = layers else { return None };
    let end = last.cotangent();
    if end == 0.0 {
        return None;
    }
    let steps = (layers.len() - 1) as f64;
    let total = first.cotangent() / end;
    let mut slopes = Vec::new();
    for layer in &layers[..layers.len() - 1] {
        if let Some((_, output)) = layer.activation
            && output.cotangent.norm() > 0.0
        {
            slopes.push(layer.cotangent() / output.cotangent.norm());
        }
    }
    let slope = (!slopes.is_empty()).then(|| {
        let product: f64 = slopes.iter().map(|slope| slope.max(f64::MIN_POSITIVE).ln()).sum();
        (product / slopes.len() as f64).exp()
    });
    Some(Factors { total, each: total.powf(1.0 / steps), slope })
}
