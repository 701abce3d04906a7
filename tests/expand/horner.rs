// A polynomial: what the fold carries is kept for the way back.

use grad::grad;

#[grad]
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |p, c| p * x + c)
}
