//! The network and its loss.

use std::fmt;

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
};
use ndarray::{Array1, Array2, Axis};
use rand::{Rng, RngExt};

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
pub struct Network {
    w1: Array2<f32>,
    b1: Array1<f32>,
    w2: Array2<f32>,
    b2: Array1<f32>,
}

impl Network {
    /// Random weights as He et al. (2015) choose them, so that signals neither grow nor fade.
    pub fn new([input, hidden, output]: [usize; 3], rng: &mut impl Rng) -> Self {
        let mut weights = |rows, columns| {
            let bound = (6.0 / columns as f32).sqrt();
            Array2::from_shape_simple_fn((rows, columns), || rng.random_range(-bound..bound))
        };
        Self {
            w1: weights(hidden, input),
            b1: Array1::zeros(hidden),
            w2: weights(output, hidden),
            b2: Array1::zeros(output),
        }
    }

    /// One step of gradient descent on a mini-batch. Returns the loss before it.
    pub fn step(&mut self, x: &Array2<f32>, y: &Array2<f32>, rate: f32) -> f32 {
        let (loss, (d_w1, d_b1, d_w2, d_b2)) = loss_grad(x, y, &self.w1, &self.b1, &self.w2, &self.b2);
        self.w1.scaled_add(-rate, &d_w1);
        self.b1.scaled_add(-rate, &d_b1);
        self.w2.scaled_add(-rate, &d_w2);
        self.b2.scaled_add(-rate, &d_b2);
        loss
    }

    pub fn loss(&self, x: &Array2<f32>, y: &Array2<f32>) -> f32 {
        loss(x, y, &self.w1, &self.b1, &self.w2, &self.b2)
    }

    /// The likeliest class of each row.
    pub fn predict(&self, x: &Array2<f32>) -> Vec<usize> {
        let a1 = relu(&(x.dot(&self.w1.t()) + &self.b1));
        let z2 = a1.dot(&self.w2.t()) + &self.b2;
        let likeliest = |row: ndarray::ArrayView1<f32>| {
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
