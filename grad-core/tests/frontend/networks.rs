//! The functions of `grad::nn`, against the same formulas written out.

use crate::surface;

fn relu(x: f64) -> f64 {
    if x < 0.0 { 0.0 } else { x }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn leaky_relu(x: f64, slope: f64) -> f64 {
    if x < 0.0 { slope * x } else { x }
}

fn softmax(x: &[f64]) -> Vec<f64> {
    let max = x.iter().fold(f64::NEG_INFINITY, |max, &x| max.max(x));
    let e: Vec<f64> = x.iter().map(|x| (x - max).exp()).collect();
    let sum: f64 = e.iter().sum();
    e.iter().map(|e| e / sum).collect()
}

fn logsumexp(x: &[f64]) -> f64 {
    let max = x.iter().fold(f64::NEG_INFINITY, |max, &x| max.max(x));
    max + x.iter().map(|x| (x - max).exp()).sum::<f64>().ln()
}

fn log_softmax(x: &[f64]) -> Vec<f64> {
    x.iter().map(|v| v - logsumexp(x)).collect()
}

fn mse(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64
}

fn cross_entropy(p: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
    let sum: f64 = p
        .iter()
        .flatten()
        .zip(y.iter().flatten())
        .map(|(p, y)| if *y == 0.0 { 0.0 } else { y * p.ln() })
        .sum();
    -sum / p.len() as f64
}

fn cross_entropy_with_logits(z: &[f64], y: &[f64]) -> f64 {
    -log_softmax(z).iter().zip(y).map(|(l, y)| if *y == 0.0 { 0.0 } else { l * y }).sum::<f64>()
}

fn binary_cross_entropy(p: &[f64], t: &[f64]) -> f64 {
    -p.iter().zip(t).map(|(p, t)| t * p.ln() + (1.0 - t) * (1.0 - p).ln()).sum::<f64>() / p.len() as f64
}

fn binary_cross_entropy_with_logits(x: &[f64], t: &[f64]) -> f64 {
    binary_cross_entropy(&x.iter().map(|&x| sigmoid(x)).collect::<Vec<f64>>(), t)
}

fn stop_gradient(x: f64) -> f64 {
    x
}

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];
const T: [f64; 4] = [0.25, 0.5, 0.75, 0.1];
const CLOSE: f64 = 1e-13;

#[test]
fn activations() {
    surface!({
        fn f(x: f64) -> f64 {
            relu(x) * sigmoid(x) + leaky_relu(x, 0.1) + stop_gradient(x) * x
        }
    }(0.5)(-0.5));
    surface!({
        fn f(x: &[f64]) -> Vec<f64> {
            x.iter().copied().map(relu).collect()
        }
    }(&X[..]));
}

#[test]
fn the_softmax_family() {
    surface!(
        CLOSE,
        {
            fn f(x: &[f64]) -> Vec<f64> {
                softmax(x)
            }
        }(&X[..])
    );
    surface!(
        CLOSE,
        {
            fn f(x: &[f64]) -> f64 {
                logsumexp(x) + log_softmax(&x[1..]).iter().product::<f64>()
            }
        }(&X[..])
    );
}

#[test]
fn losses() {
    surface!(
        CLOSE,
        {
            fn f(x: &[f64]) -> f64 {
                mse(x, &[0.25, 0.5, 0.75, 0.1])
            }
        }(&X[..])
    );
    surface!(
        CLOSE,
        {
            fn f(p: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
                cross_entropy(p, y)
            }
        }(&[vec![0.25, 0.75], vec![0.0, 1.0]], &[vec![0.5, 0.5], vec![0.0, 1.0]])
    );
    surface!(
        CLOSE,
        {
            fn f(x: &[f64]) -> f64 {
                cross_entropy_with_logits(x, &[0.0, 1.0, 0.0, 0.5])
            }
        }(&X[..])
    );
    surface!(
        CLOSE,
        {
            fn f(x: &[f64]) -> f64 {
                binary_cross_entropy(x, &[0.0, 1.0, 0.0, 0.5])
            }
        }(&T[..])
    );
    surface!(
        CLOSE,
        {
            fn f(x: &[f64], t: &[f64]) -> f64 {
                binary_cross_entropy_with_logits(x, t)
            }
        }(&X[..], &T)
    );
}

/// Programs as the README and the examples have them.
#[test]
fn networks_are_read() {
    for source in [
        "fn loss(x: &Array2<f32>, y: &Array2<f32>, w1: &Array2<f32>, b1: &Array1<f32>, w2: &Array2<f32>, b2: &Array1<f32>) -> f32 {
            let z1 = x.dot(&w1.t()) + b1;
            let a1 = relu(&z1);
            let z2 = a1.dot(&w2.t()) + b2;
            let p = softmax(&z2);
            cross_entropy(&p, y)
        }",
        "fn loss(z: &Array1<f64>, y: &Array1<f64>) -> f64 { -(y * softmax(z).mapv(f64::ln)).sum() }",
        "fn loss(z: &Array1<f64>, y: &Array1<f64>) -> f64 { let e = z.exp(); let p = &e / e.sum(); -(y * &p.ln()).sum() }",
        "fn loss(z: &Array2<f64>, labels: &[usize]) -> f64 {
            let l = grad::nn::log_softmax(z);
            -labels.iter().enumerate().map(|(i, &k)| l[[i, k]]).sum::<f64>() / labels.len() as f64
        }",
        "fn dense<const M: usize, const N: usize>(w: &[[f32; N]; M], x: &[f32; N], b: &[f32; M]) -> [f32; M] {
            use std::array::from_fn;
            from_fn(|i| nn::gelu((0..N).map(|j| w[i][j] * x[j]).sum::<f32>() + b[i]))
        }",
        "fn rk4(x: f64, v: f64, dt: f64) -> (f64, f64) {
            let f = |(x, v): (f64, f64)| (v, -x.sin());
            let step = |(x, v), _| {
                let (a, b) = f((x, v));
                let (c, d) = f((x + 0.5 * dt * a, v + 0.5 * dt * b));
                (x + dt * c, v + dt * d)
            };
            (0..100).fold((x, v), step)
        }",
    ] {
        crate::harness::reading("", source);
    }
}
