// What is named in a loop over layers, behind it, and in front of a logarithm that a stable form replaces.

use grad::{grad, nn::softmax};

#[grad(trace, wrt(w))]
fn network<const N: usize>(w: &[[[f64; N]; N]], x: &[f64; N], label: usize) -> f64 {
    let mut a = *x;
    for w in w {
        let z: [f64; N] = std::array::from_fn(|i| w[i].iter().zip(&a).map(|(w, a)| w * a).sum());
        a = z.map(|z| z.max(0.0));
    }
    let p = softmax(&a);
    -p[label].ln()
}
