// The valley in which optimisers are tested, in two and in many dimensions.

use grad::grad;

#[grad]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

#[grad]
fn rosenbrock_n(x: &[f64]) -> f64 {
    x.windows(2).map(|p| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2)).sum()
}
