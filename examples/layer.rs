//! The pullback of a dense layer, held against finite differences.
//!
//! ```text
//! cargo run --example layer
//! ```

use std::{array::from_fn, process::ExitCode};

use grad::grad;

/// A dense layer with a sigmoid: σ(W·x + b).
#[grad]
fn layer<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| {
        let z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
        1.0 / (1.0 + (-z).exp())
    })
}

fn main() -> ExitCode {
    let w = [[0.2, -0.5, 0.1, 0.7], [-0.3, 0.8, 0.4, -0.6], [0.9, 0.3, -0.2, 0.5]];
    let x = [1.0, -2.0, 0.5, 1.5];
    let b = [0.1, -0.2, 0.3];
    // What a loss behind the layer would say of its outputs.
    let d_y = [1.0, -0.5, 2.0];

    let (y, (d_w, d_x, d_b)) = layer_vjp(&w, &x, &b, &d_y);
    assert_eq!(y, layer(&w, &x, &b), "the pullback returns the layer's own value");
    println!("layer(w, x, b) = {y:.6?}\n");

    // Σ d_y·layer(w, x, b), with one of the inputs moved.
    let weighted = |y: [f64; 3]| y.iter().zip(&d_y).map(|(y, d_y)| y * d_y).sum::<f64>();
    let moved_w = |i: usize, j: usize, step: f64| {
        let mut w = w;
        w[i][j] += step;
        weighted(layer(&w, &x, &b))
    };
    let moved_x = |j: usize, step: f64| {
        let mut x = x;
        x[j] += step;
        weighted(layer(&w, &x, &b))
    };
    let moved_b = |i: usize, step: f64| {
        let mut b = b;
        b[i] += step;
        weighted(layer(&w, &x, &b))
    };
    let numeric_w = from_fn::<_, 3, _>(|i| from_fn::<_, 4, _>(|j| slope(|step| moved_w(i, j, step))));
    let numeric_x = from_fn::<_, 4, _>(|j| slope(|step| moved_x(j, step)));
    let numeric_b = from_fn::<_, 3, _>(|i| slope(|step| moved_b(i, step)));

    println!("{:>6}  {:>16}  {:>16}  {:>10}", "", "layer_vjp", "differences", "apart");
    let mut worst = 0.0_f64;
    let mut compare = |name: String, exact: f64, numeric: f64| {
        let apart = (exact - numeric).abs();
        println!("{name:>6}  {exact:16.12}  {numeric:16.12}  {apart:10.1e}");
        worst = worst.max(apart);
    };
    for (i, (exact, numeric)) in d_w.iter().zip(&numeric_w).enumerate() {
        for (j, (&exact, &numeric)) in exact.iter().zip(numeric).enumerate() {
            compare(format!("w[{i}][{j}]"), exact, numeric);
        }
    }
    for (j, (&exact, &numeric)) in d_x.iter().zip(&numeric_x).enumerate() {
        compare(format!("x[{j}]"), exact, numeric);
    }
    for (i, (&exact, &numeric)) in d_b.iter().zip(&numeric_b).enumerate() {
        compare(format!("b[{i}]"), exact, numeric);
    }

    if worst < 1e-10 {
        println!("\nThey agree to {worst:.0e}.");
        ExitCode::SUCCESS
    } else {
        eprintln!("\nerror: they differ by up to {worst:.0e}");
        ExitCode::FAILURE
    }
}

/// The slope of `f` at 0: two central differences, extrapolated by Richardson's formula to an error of
/// fourth order in the step.
fn slope(f: impl Fn(f64) -> f64) -> f64 {
    let central = |step: f64| (f(step) - f(-step)) / (2.0 * step);
    let step = 1e-3;
    (4.0 * central(step / 2.0) - central(step)) / 3.0
}
