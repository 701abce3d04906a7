//! A network whose activations and cotangents are computed by hand, layer by layer, and recorded.

use grad::{
    health::{Activation, Trace},
    optim::{Init, init::seeded},
};
use ndarray::{Array1, Array2};

/// Layers of one width with one activation, then a linear one; the loss is the mean of squared differences to 1.
pub struct Network {
    pub weights: Vec<Array2<f64>>,
    pub biases: Vec<Array1<f64>>,
    pub activation: Activation,
}

impl Network {
    /// Weights of Xavier's size, times `scale`.
    pub fn new(depth: usize, width: usize, activation: Activation, scale: f64) -> Self {
        let mut rng = seeded(3);
        let deviation = scale / (width as f64).sqrt();
        let weights = (0..depth)
            .map(|_| {
                let mut w = Array2::zeros((width, width));
                Init::normal(deviation).fill(&mut w, &mut rng);
                w
            })
            .collect();
        Network { weights, biases: vec![Array1::zeros(width); depth], activation }
    }

    fn slope(&self, a: f64) -> f64 {
        match self.activation {
            Activation::Sigmoid => a * (1.0 - a),
            Activation::Tanh => 1.0 - a * a,
            Activation::Relu => f64::from(a > 0.0),
        }
    }

    fn activate(&self, z: f64) -> f64 {
        match self.activation {
            Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
            Activation::Tanh => z.tanh(),
            Activation::Relu => z.max(0.0),
        }
    }

    /// One pass forward and back over some rows; then a step of gradient descent.
    pub fn step(&mut self, x: &Array2<f64>, rate: f64) -> Trace {
        let depth = self.weights.len();
        let mut inputs = vec![x.clone()];
        let mut sums = Vec::new();
        for (l, (w, b)) in self.weights.iter().zip(&self.biases).enumerate() {
            let z = inputs[l].dot(&w.t()) + b;
            inputs.push(if l + 1 < depth { z.mapv(|z| self.activate(z)) } else { z.clone() });
            sums.push(z);
        }
        let count = inputs[depth].len() as f64;
        let mut d_z = inputs[depth].mapv(|y| 2.0 * (y - 1.0) / count);
        let mut cotangents = vec![(d_z.clone(), d_z.clone())];
        for l in (0..depth).rev() {
            let d_a = d_z.dot(&self.weights[l]);
            let d_w = d_z.t().dot(&inputs[l]);
            self.weights[l].scaled_add(-rate, &d_w);
            let d_b = d_z.sum_axis(ndarray::Axis(0));
            self.biases[l].scaled_add(-rate, &d_b);
            d_z = &d_a * &inputs[l].mapv(|a| self.slope(a));
            cotangents.push((d_z.clone(), d_a));
        }
        cotangents.reverse();
        let mut trace = Trace::new();
        for l in 0..depth {
            let (d_z, d_a) = (&cotangents[l + 1].0, &cotangents[l + 1].1);
            trace.record_at("z", l, &sums[l], d_z);
            if l + 1 < depth {
                trace.record_at("a", l, &inputs[l + 1], d_a);
            }
        }
        trace
    }
}

/// Standard normal rows.
pub fn rows(count: usize, width: usize) -> Array2<f64> {
    let mut x = Array2::zeros((count, width));
    Init::normal(1.0).fill(&mut x, &mut seeded(4));
    x
}
