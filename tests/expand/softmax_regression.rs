// Softmax regression on ndarray, with a penalty: what meets the cross-entropy is p − y.

use grad::{grad, nn::cross_entropy_with_logits};
use ndarray::{Array1, Array2, ArrayView2};

#[grad(wrt(w, b))]
fn loss(x: ArrayView2<f64>, y: ArrayView2<f64>, w: &Array2<f64>, b: &Array1<f64>, penalty: f64) -> f64 {
    let z = x.dot(w) + b;
    cross_entropy_with_logits(&z, &y) + penalty * (w * w).sum()
}
