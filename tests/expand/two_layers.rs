// A two-layer network with softmax and cross-entropy, on fixed arrays: nothing is allocated.

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
};

#[grad(skip(x, y))]
fn loss<const I: usize, const H: usize, const O: usize>(
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
    cross_entropy(&softmax(&z2), y)
}
