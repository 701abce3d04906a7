// A dense layer with a sigmoid, on fixed arrays: one loop, forward and backward.

use grad::grad;

#[grad]
fn layer<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| {
        let z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
        1.0 / (1.0 + (-z).exp())
    })
}
