//! Networks on fixed arrays and slices.

use grad::{grad, nn};

use crate::check::{assert_close, check, noise};

fn array<const N: usize>(seed: usize) -> [f64; N] {
    std::array::from_fn(|i| noise(seed + i))
}

fn matrix<const M: usize, const N: usize>(seed: usize) -> [[f64; N]; M] {
    std::array::from_fn(|i| array(seed + i * N))
}

#[grad]
fn dense<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| {
        let z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
        1.0 / (1.0 + (-z).exp())
    })
}

#[test]
fn one_layer() {
    let (w, x, b) = (matrix::<2, 3>(0), array::<3>(10), array::<2>(20));
    check!(dense, dense_vjp, [w, x, b], (&w, &x, &b), |d| &d);
}

/// Two layers with an activation between them.
macro_rules! perceptron {
    ($($name:ident: |$z:ident| $activation:expr;)*) => {$(
        mod $name {
            use super::*;

            #[grad(skip(t))]
            fn loss(w: &[[f64; 3]; 4], b: &[f64; 4], v: &[[f64; 4]; 2], c: &[f64; 2], x: &[f64; 3], t: &[f64; 2]) -> f64 {
                let hidden: [f64; 4] = std::array::from_fn(|i| {
                    let $z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
                    $activation
                });
                let out: [f64; 2] = std::array::from_fn(|k| {
                    v[k].iter().zip(&hidden).map(|(v, h)| v * h).sum::<f64>() + c[k]
                });
                nn::cross_entropy_with_logits(&out, t)
            }

            #[grad(skip(x, t))]
            fn batch(w: &[[f64; 3]; 4], v: &[[f64; 4]; 2], x: &[[f64; 3]; 5], t: &[[f64; 2]; 5]) -> f64 {
                let out = x.map(|x| {
                    let hidden = w.map(|w| {
                        let $z: f64 = w.iter().zip(&x).map(|(w, x)| w * x).sum();
                        $activation
                    });
                    v.map(|v| v.iter().zip(&hidden).map(|(v, h)| v * h).sum::<f64>())
                });
                nn::mse(&out, t)
            }

            #[grad(skip(x, t))]
            fn dynamic(w: &[Vec<f64>], v: &[f64], x: &[Vec<f64>], t: &[f64]) -> f64 {
                let losses = x.iter().zip(t).map(|(x, t)| {
                    let hidden = w.iter().map(|w| {
                        let $z: f64 = w.iter().zip(x).map(|(w, x)| w * x).sum();
                        $activation
                    });
                    let y: f64 = hidden.zip(v).map(|(h, v)| h * v).sum();
                    (y - t).powi(2)
                });
                losses.sum::<f64>() / x.len() as f64
            }

            #[test]
            fn layers() {
                let (w, b, v, c) = (matrix(0), array(30), matrix(40), array(60));
                let (x, t) = (array(70), [0.25, 0.75]);
                check!(loss, loss_grad, [w, b, v, c, x], (&w, &b, &v, &c, &x, &t));
                let (x, t) = (matrix(200), matrix(300));
                check!(batch, batch_grad, [w, v], (&w, &v, &x, &t));
                let vectors = |x: &[[f64; 3]]| x.iter().map(|row| row.to_vec()).collect::<Vec<_>>();
                let (w, v, x) = (vectors(&w), v[0].to_vec(), vectors(&x));
                let t = t.map(|t| t[0]);
                check!(dynamic, dynamic_grad, [w, v], (&w, &v, &x, &t));
            }
        }
    )*};
}

perceptron! {
    tanh: |z| z.tanh();
    sigmoid: |z| nn::sigmoid(z);
    relu: |z| z.max(0.0);
    library_relu: |z| nn::relu(z);
    gelu: |z| nn::gelu(z);
    silu: |z| nn::silu(z);
    spelled_silu: |z| z / (1.0 + (-z).exp());
    elu: |z| nn::elu(z, 0.9);
    leaky: |z| if z > 0.0 { z } else { 0.01 * z };
    softplus: |z| (1.0 + z.exp()).ln();
    sine: |z| z.sin() * z;
}

/// A mask that the caller draws, and scaling by what is kept.
#[grad]
fn dropout(w: &[[f64; 4]; 3], x: &[f64; 4], mask: &[bool; 3], keep: f64, _t: &[f64; 3]) -> f64 {
    let h: [f64; 3] = std::array::from_fn(|i| {
        let z: f64 = (0..4).map(|j| w[i][j] * x[j]).sum();
        if mask[i] { nn::relu(z) / keep } else { 0.0 }
    });
    nn::mse(&h, _t)
}

#[test]
fn masks() {
    let (w, x, keep) = (matrix(0), array(20), 0.8);
    let (mask, t) = ([true, false, true], array(40));
    check!(dropout, dropout_grad, [w, x, keep], (&w, &x, &mask, keep, &t));
}

#[grad]
fn residual(w: &[[[f64; 3]; 3]; 4], x: &[f64; 3]) -> [f64; 3] {
    w.iter().fold(*x, |x, w| {
        std::array::from_fn(|i| x[i] + w[i].iter().zip(&x).map(|(w, x)| w * x).sum::<f64>().tanh())
    })
}

#[test]
fn residual_connections() {
    let (w, x) = ([matrix(0), matrix(10), matrix(20), matrix(30)], array(50));
    check!(residual, residual_vjp, [w, x], (&w, &x), |d| &d);
}

#[grad]
fn layer_norm(x: &[f64], gain: &[f64], bias: &[f64]) -> Vec<f64> {
    let n = x.len() as f64;
    let mean = x.iter().sum::<f64>() / n;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
    let scale = 1.0 / (variance + 1e-5).sqrt();
    x.iter().zip(gain).zip(bias).map(|((x, g), b)| (x - mean) * scale * g + b).collect()
}

#[test]
fn normalisation() {
    let (x, g, b) = (array::<5>(0).to_vec(), array::<5>(10).to_vec(), array::<5>(20).to_vec());
    check!(layer_norm, layer_norm_vjp, [x, g, b], (&x, &g, &b), |d| &d);
}

#[grad]
fn embedding(table: &[[f64; 4]; 6], v: &[f64; 4], tokens: &[usize]) -> f64 {
    tokens.iter().map(|&token| table[token].iter().zip(v).map(|(e, v)| e * v).sum::<f64>().tanh()).sum()
}

#[grad]
fn bag(table: &[Vec<f64>], tokens: &[usize; 5]) -> Vec<f64> {
    (0..table[0].len()).map(|j| tokens.iter().map(|&token| table[token][j]).sum::<f64>().exp()).collect()
}

/// Tokens that occur twice add up, those that do not occur have no gradient.
#[test]
fn lookups() {
    let (table, v, tokens) = (matrix(0), array(40), [3, 1, 3, 0, 5]);
    check!(embedding, embedding_grad, [table, v], (&table, &v, &tokens));
    assert_eq!(embedding_grad(&table, &v, &tokens).1.0[2], [0.0; 4]);
    let table = table.map(|row| row.to_vec()).to_vec();
    check!(bag, bag_vjp, [table], (&table, &tokens), |d| &d);
}

#[grad]
fn convolution(x: &[f64], kernel: &[f64; 3], b: f64) -> Vec<f64> {
    x.windows(3).map(|w| nn::relu(w.iter().zip(kernel).map(|(x, k)| x * k).sum::<f64>() + b)).collect()
}

#[grad]
fn convolution_by_index(x: &[f64; 8], kernels: &[[f64; 3]; 2]) -> [[f64; 6]; 2] {
    kernels.map(|k| std::array::from_fn(|i| (0..3).map(|j| x[i + j] * k[j]).sum::<f64>().tanh()))
}

#[grad]
fn strided(x: &[f64], kernel: &[f64]) -> f64 {
    let parts = x.chunks_exact(kernel.len());
    parts.map(|part| part.iter().zip(kernel).map(|(x, k)| x * k).sum::<f64>().powi(2)).sum()
}

#[test]
fn convolutions() {
    let (x, k, b) = (array::<8>(0).to_vec(), array(20), 0.1);
    check!(convolution, convolution_vjp, [x, k, b], (&x, &k, b), |d| &d);
    let k = k.to_vec();
    check!(strided, strided_grad, [x, k], (&x, &k));
    let (x, k) = (array(0), matrix(30));
    check!(convolution_by_index, convolution_by_index_vjp, [x, k], (&x, &k), |d| &d);
}

/// A network of tied weights: encoded by `w`, decoded by its transpose.
#[grad]
fn autoencoder(w: &[[f64; 5]; 2], b: &[f64; 2], c: &[f64; 5], x: &[[f64; 5]]) -> f64 {
    let losses = x.iter().map(|x| {
        let code: [f64; 2] =
            std::array::from_fn(|k| (w[k].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[k]).tanh());
        let decoded: [f64; 5] =
            std::array::from_fn(|i| (0..2).map(|k| w[k][i] * code[k]).sum::<f64>() + c[i]);
        nn::mse(&decoded, x)
    });
    losses.sum::<f64>() / x.len() as f64
}

#[test]
fn tied_weights() {
    let (w, b, c, x) = (matrix(0), array(20), array(30), matrix::<3, 5>(40).to_vec());
    check!(autoencoder, autoencoder_grad, [w, b, c, x], (&w, &b, &c, &x));
}

#[grad]
fn attention(q: &[[f64; 3]; 4], k: &[[f64; 3]; 5], v: &[[f64; 2]; 5]) -> [[f64; 2]; 4] {
    let scale = 1.0 / 3.0_f64.sqrt();
    q.map(|q| {
        let scores: [f64; 5] =
            std::array::from_fn(|j| q.iter().zip(&k[j]).map(|(a, b)| a * b).sum::<f64>() * scale);
        let p = nn::softmax(&scores);
        std::array::from_fn(|c| (0..5).map(|j| p[j] * v[j][c]).sum())
    })
}

#[test]
fn attends() {
    let (q, k, v) = (matrix(0), matrix(20), matrix(40));
    check!(attention, attention_vjp, [q, k, v], (&q, &k, &v), |d| &d);
}

/// A recurrent network by `fold`.
#[grad]
fn recurrent(w: &[[f64; 3]; 3], u: &[f64; 3], x: &[f64]) -> f64 {
    let state = x.iter().fold([0.0; 3], |h, x| {
        std::array::from_fn(|i| (w[i].iter().zip(&h).map(|(w, h)| w * h).sum::<f64>() + u[i] * x).tanh())
    });
    state.iter().map(|h| h * h).sum()
}

#[test]
fn folds_over_time() {
    let (w, u, x) = (matrix(0), array(20), array::<6>(30).to_vec());
    check!(recurrent, recurrent_grad, [w, u, x], (&w, &u, &x));
}

#[grad]
fn swapped(x: &[f64; 3], y: &[f64; 3]) -> [f64; 3] {
    let (a, b) = (0..5).fold((*x, *y), |(a, b), _| (b, a));
    [a[0] * b[1], a[1], b[2]]
}

#[grad]
fn leapfrog(x: &[f64; 3], y: &[f64; 3]) -> [f64; 3] {
    let (a, _) = (0..5).fold((*x, *y), |(a, b), _| {
        let c: [f64; 3] = std::array::from_fn(|i| a[i] * 0.5 + b[(i + 1) % 3].sin());
        (c, a)
    });
    a
}

#[grad]
fn rotated(x: &[f64; 2], y: &[f64; 2], z: &[f64; 2]) -> f64 {
    let (a, b, c) = (0..4).fold((*x, *y, *z), |(a, b, c), k| {
        let scaled: [f64; 2] = std::array::from_fn(|i| a[i] * (1.0 + 0.1 * k as f64));
        (b, c, scaled)
    });
    a[0] * b[1] + c[0].exp() * a[1]
}

/// Arrays that trade places from one iteration to the next.
#[test]
fn carried_arrays_trade_places() {
    let (x, y, z) = (array(0), array(10), array(20));
    check!(swapped, swapped_vjp, [x, y], (&x, &y), |d| &d);
    check!(leapfrog, leapfrog_vjp, [x, y], (&x, &y), |d| &d);
    let (x, y) = (array(0), array(10));
    check!(rotated, rotated_grad, [x, y, z], (&x, &y, &z));
}

/// Single precision follows double.
macro_rules! network {
    ($name:ident $float:ident) => {
        #[grad]
        fn $name(w: &[[$float; 3]; 4], v: &[$float; 4], x: &[$float; 3]) -> $float {
            let h = w.map(|w| nn::gelu(w.iter().zip(x).map(|(w, x)| w * x).sum::<$float>()));
            nn::sigmoid(h.iter().zip(v).map(|(h, v)| h * v).sum::<$float>()).ln()
        }
    };
}

network!(single f32);
network!(double f64);

#[test]
fn single_precision() {
    use crate::check::Flat;
    let (w, v, x) = (matrix(0), array(20), array(40));
    check!(double, double_grad, [w, v, x], (&w, &v, &x));
    let narrow =
        single_grad(&w.map(|w: [f64; 3]| w.map(|w| w as f32)), &v.map(|v| v as f32), &x.map(|x| x as f32));
    assert_close("single", &narrow.flat(), &double_grad(&w, &v, &x).flat(), 1e-6);
}
