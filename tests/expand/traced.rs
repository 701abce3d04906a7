// What is named in a loop, and in front of a logarithm that a stable form replaces.

use grad::{grad, nn::softmax};

#[grad(trace, wrt(w, u))]
fn recurrent(w: f64, u: f64, xs: &[f64], t: f64) -> f64 {
    let mut h = 0.0;
    for x in xs {
        let z = w * h + u * x;
        h = z.tanh();
    }
    (h - t) * (h - t)
}

#[grad(trace, wrt(w, b))]
fn classes<const M: usize, const N: usize>(
    w: &[[f64; N]; M],
    b: &[f64; M],
    x: &[f64; N],
    label: usize,
) -> f64 {
    let z: [f64; M] =
        std::array::from_fn(|i| w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i]);
    let p = softmax(&z);
    -p[label].ln()
}
