//! Functions of each element: closures, paths, methods.

use grad::grad;
use ndarray::{Array1, Array2, Array3, ArrayView1};

use crate::check::{Flat, assert_close, check};
use crate::{cube, matrix, vector};

#[grad]
fn maps(a: &Array2<f64>) -> Array2<f64> {
    a.map(|v| v * v) + a.mapv(|v| v.sin() * v) - a.mapv(f64::cos) + a.map(|&v| v.tanh())
}

#[grad]
fn capturing(a: &Array2<f64>, s: f64) -> Array2<f64> {
    let total = a.sum();
    let scale = |v: f64| v * s / (total * total + 1.0);
    a.mapv(scale) + a.clone().mapv_into(|v| v - s)
}

#[grad]
fn branching(a: &Array3<f64>) -> Array3<f64> {
    a.mapv(|v| if v > 0.0 { v * v } else { -0.5 * v })
}

#[test]
fn closures() {
    let (a, c, s) = (matrix(2, 3), cube(2, 2, 3), 0.3);
    check!(maps, maps_vjp, [a], (&a), |d| &d);
    check!(capturing, capturing_vjp, [a, s], (&a, s), |d| &d);
    check!(branching, branching_vjp, [c], (&c), |d| &d);
}

#[grad]
fn exponentials(x: &Array1<f64>) -> Array1<f64> {
    let p = x.abs() + 0.5;
    x.exp() + x.exp2() - x.exp_m1() * p.ln() + p.log2() * p.log10() + p.ln_1p() + p.log(3.0)
}

#[grad]
fn powers(x: &Array1<f64>) -> Array1<f64> {
    let p = x * x + 0.5;
    p.sqrt() + p.cbrt() * p.recip() + x.powi(3) + p.powf(1.7) + x.pow2() + x.signum() * x.abs()
}

#[grad]
fn circular(x: ArrayView1<f64>) -> Array1<f64> {
    x.sin() * x.cos() + x.tan() + (&x * 0.9).asin() * (&x * 0.9).acos() - x.atan()
        + x.to_radians() * x.to_degrees()
}

#[grad]
fn hyperbolic(x: &Array1<f64>) -> Array1<f64> {
    let above = x * x + 1.5;
    x.sinh() - x.cosh() * x.tanh() + x.asinh() + above.acosh() + (x * 0.8).atanh()
}

#[grad]
fn stepped(x: &Array1<f64>) -> Array1<f64> {
    let y = x * 7.3;
    y.floor() * x + y.ceil() * x + y.round() * x + y.trunc() * x + y.fract()
}

#[grad]
fn limited(x: &Array1<f64>) -> Array1<f64> {
    x.clamp(-0.5, 0.4) + x.hypot(2.0)
}

#[test]
fn methods() {
    let x = vector(6);
    check!(exponentials, exponentials_vjp, [x], (&x), |d| &d);
    check!(powers, powers_vjp, [x], (&x), |d| &d);
    check!(circular, circular_vjp, [x], (x.view()), |d| &d);
    check!(hyperbolic, hyperbolic_vjp, [x], (&x), |d| &d);
    check!(limited, limited_vjp, [x], (&x), |d| &d);
    let x = Array1::from_vec(vec![0.31, -0.45, 0.77]);
    check!(stepped, stepped_vjp, [x], (&x), |d| &d);
}

/// The same functions in both precisions.
macro_rules! precision {
    ($name:ident $float:ident) => {
        mod $name {
            use grad::grad;
            use ndarray::{Array1, Array2, Axis};

            #[grad]
            pub fn network(x: &Array2<$float>, w: &Array2<$float>, b: &Array1<$float>) -> $float {
                let z = x.dot(&w.t()) + b;
                let h = z.mapv(|v| 1.0 / (1.0 + (-v).exp()));
                let mean = h.mean_axis(Axis(0)).unwrap();
                (&h - &mean).mapv(|v| v * v).sum() / x.nrows() as $float + h.sum() * 0.5
            }

            #[grad]
            pub fn scaled(a: &Array2<$float>, s: $float) -> Array2<$float> {
                2.0 * a * s - (1.0 - a) / (s * s + 3.0) + a.row(0).sum().sqrt()
            }
        }
    };
}

precision!(single f32);
precision!(double f64);

#[test]
fn single_precision() {
    let (x, w, b) = (matrix(4, 3), crate::other(2, 3), vector(2));
    use double::{network, network_grad};
    check!(network, network_grad, [x, w, b], (&x, &w, &b));
    let (y, (dx, dw, db)) = network_grad(&x, &w, &b);
    let narrow = |a: &Array2<f64>| a.mapv(|v| v as f32);
    let found = single::network_grad(&narrow(&x), &narrow(&w), &b.mapv(|v| v as f32));
    assert_close("value", &[f64::from(found.0)], &[y], 2e-6);
    assert_close("gradient", &found.1.flat(), &(dx, dw, db).flat(), 2e-6);
    let a = x + 1.5;
    let expected = double::scaled_vjp(&a, 0.7, &a);
    let found = single::scaled_vjp(&narrow(&a), 0.7, &narrow(&a));
    assert_close("both", &found.flat(), &expected.flat(), 1e-5);
}
