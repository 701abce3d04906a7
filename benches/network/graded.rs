//! The same by `#[grad]`, written as a user would.

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
};
use ndarray::{Array1, Array2};

#[grad(skip(x, y))]
pub fn loss_arrays<const I: usize, const H: usize, const O: usize>(
    x: &[f32; I],
    y: &[f32; O],
    w1: &[[f32; I]; H],
    b1: &[f32; H],
    w2: &[[f32; H]; O],
    b2: &[f32; O],
) -> f32 {
    let a1: [f32; H] =
        std::array::from_fn(|j| relu(w1[j].iter().zip(x).map(|(w, x)| w * x).sum::<f32>() + b1[j]));
    let z2: [f32; O] =
        std::array::from_fn(|k| w2[k].iter().zip(&a1).map(|(w, a)| w * a).sum::<f32>() + b2[k]);
    let p = softmax(&z2);
    cross_entropy(&p, y)
}

#[grad(skip(x, y))]
pub fn loss_ndarray(
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
