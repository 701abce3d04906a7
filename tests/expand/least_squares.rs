// A pullback of several results: residuals of a model with vectors that are not of fixed length.

use grad::grad;

#[grad(skip(t, y))]
fn residuals(t: &[f64], y: &[f64], amplitude: f64, decay: f64, offset: f64) -> Vec<f64> {
    t.iter().zip(y).map(|(t, y)| amplitude * (-decay * t).exp() + offset - y).collect()
}
