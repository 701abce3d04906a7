//! The network and its loss.

use std::fmt;

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
    optim::{Init, Params, init::seeded},
};
use ndarray::{Array1, Array2, ArrayView1, Axis};

/// The loss of a mini-batch: two layers, then the cross-entropy of what they say (`x`, one image in each row)
/// with what is true (`y`).
#[grad(skip(x, y))]
fn loss(
    x: &Array2<f32>,
    y: &Array2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> f32 {
    let z1 = x.dot(&w1.t()) + b1;
    let a1 = relu(&z1);
    let z2 = a1.dot(&w2.t()) + b2;
    let p = softmax(&z2);
    cross_entropy(&p, y)
}

/// Two dense layers, with a ReLU between them.
#[derive(Clone, Params)]
pub struct Network {
    w1: Array2<f32>,
    b1: Array1<f32>,
    w2: Array2<f32>,
    b2: Array1<f32>,
}

impl Network {
    /// Random weights as He et al. (2015) choose them, so that signals neither grow nor fade.
    pub fn new([input, hidden, output]: [usize; 3], seed: u64) -> Self {
        let mut rng = seeded(seed);
        let mut weights = |rows, columns| {
            let mut w = Array2::zeros((rows, columns));
            Init::he_uniform(columns).fill(&mut w, &mut rng);
            w
        };
        Self {
            w1: weights(hidden, input),
            b1: Array1::zeros(hidden),
            w2: weights(output, hidden),
            b2: Array1::zeros(output),
        }
    }

    /// The loss of a mini-batch and its gradient.
    pub fn gradient(&self, x: &Array2<f32>, y: &Array2<f32>) -> (f32, <Self as Params>::Gradient) {
        loss_grad(x, y, &self.w1, &self.b1, &self.w2, &self.b2)
    }

    pub fn loss(&self, x: &Array2<f32>, y: &Array2<f32>) -> f32 {
        loss(x, y, &self.w1, &self.b1, &self.w2, &self.b2)
    }

    /// The likeliest class of each row.
    pub fn predict(&self, x: &Array2<f32>) -> Vec<usize> {
        let a1 = relu(&(x.dot(&self.w1.t()) + &self.b1));
        let z2 = a1.dot(&self.w2.t()) + &self.b2;
        let likeliest = |row: ArrayView1<f32>| {
            (1..row.len()).fold(0, |best, class| if row[class] > row[best] { class } else { best })
        };
        z2.axis_iter(Axis(0)).map(likeliest).collect()
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hidden, input) = self.w1.dim();
        write!(f, "{input}-{hidden}-{} ReLU network", self.b2.len())
    }
}
