// A sum over some of the elements only.

use grad::grad;

#[grad]
fn hinge(margin: &[f64], scale: f64) -> f64 {
    margin.iter().filter(|m| **m < 1.0).map(|m| scale * (1.0 - m).powi(2)).sum()
}
