//! Networks on `ndarray`, a batch at a time.
#![cfg(feature = "ndarray")]

use grad::{grad, nn};
use ndarray::{Array1, Array2, Array3, ArrayView2, Axis};

use crate::check::{check, noise};

fn vector(seed: usize, n: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| noise(seed + i))
}

fn matrix(seed: usize, m: usize, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((m, n), |(i, j)| noise(seed + i * n + j))
}

/// Two layers with an activation between them.
macro_rules! perceptron {
    ($($name:ident: |$z:ident| $activation:expr;)*) => {$(
        mod $name {
            use super::*;

            #[grad(wrt(w, b, v, c))]
            fn loss(
                w: &Array2<f64>, b: &Array1<f64>, v: &Array2<f64>, c: &Array1<f64>, x: ArrayView2<f64>, t: &Array2<f64>,
            ) -> f64 {
                let $z = x.dot(&w.t()) + b;
                let h = $activation;
                let out = h.dot(&v.t()) + c;
                nn::cross_entropy_with_logits(&out, t)
            }

            #[test]
            fn batches() {
                for n in [1, 5] {
                    let (w, b, v, c) = (matrix(0, 4, 3), vector(30, 4), matrix(40, 2, 4), vector(60, 2));
                    let (x, t) = (matrix(70, n, 3), nn::softmax(&matrix(99, n, 2)));
                    check!(loss, loss_grad, [w, b, v, c], (&w, &b, &v, &c, x.view(), &t));
                }
            }
        }
    )*};
}

perceptron! {
    tanh: |z| z.tanh();
    mapped_tanh: |z| z.mapv(f64::tanh);
    sigmoid: |z| nn::sigmoid(&z);
    relu: |z| nn::relu(&z);
    mapped_relu: |z| z.mapv(|z| z.max(0.0));
    gelu: |z| nn::gelu(&z);
    silu: |z| nn::silu(&z);
    spelled_silu: |z| &z / (1.0 + (-&z).exp());
    leaky: |z| z.mapv(|z| if z < 0.0 { 0.01 * z } else { z });
    softplus: |z| (1.0 + z.exp()).ln();
}

#[grad]
fn dropout(w: &Array2<f64>, x: &Array2<f64>, _mask: &Array2<f64>) -> f64 {
    let h = nn::relu(&x.dot(w)) * _mask / 0.8;
    (&h * &h).sum()
}

#[grad]
fn batch_norm(x: &Array2<f64>, gain: &Array1<f64>, bias: &Array1<f64>) -> Array2<f64> {
    let mean = x.mean_axis(Axis(0)).unwrap();
    let centred = x - &mean;
    let variance = (&centred * &centred).mean_axis(Axis(0)).unwrap();
    centred / (variance + 1e-5).sqrt() * gain + bias
}

#[grad]
fn layer_norm(x: &Array2<f64>, gain: &Array1<f64>) -> Array2<f64> {
    let mean = x.mean_axis(Axis(1)).unwrap().insert_axis(Axis(1));
    let centred = x - &mean;
    let variance = centred.mapv(|v| v * v).mean_axis(Axis(1)).unwrap();
    &centred / &(variance + 1e-5).mapv(f64::sqrt).insert_axis(Axis(1)) * gain
}

#[grad]
fn residual(x: &Array2<f64>, w: &Array2<f64>, v: &Array2<f64>) -> Array2<f64> {
    let h = x + &nn::gelu(&x.dot(w));
    &h + &nn::silu(&h.dot(v))
}

#[test]
fn masks_and_norms() {
    let (x, w) = (matrix(0, 4, 3), matrix(50, 3, 3));
    let mask = matrix(80, 4, 3).mapv(|m| if m > 0.0 { 1.0 } else { 0.0 });
    check!(dropout, dropout_grad, [w, x], (&w, &x, &mask));
    let (g, b, v) = (vector(20, 3), vector(30, 3), matrix(60, 3, 3));
    check!(batch_norm, batch_norm_vjp, [x, g, b], (&x, &g, &b), |d| &d);
    check!(layer_norm, layer_norm_vjp, [x, g], (&x, &g), |d| &d);
    check!(residual, residual_vjp, [x, w, v], (&x, &w, &v), |d| &d);
}

#[grad]
fn attention(q: &Array2<f64>, k: &Array2<f64>, v: &Array2<f64>) -> Array2<f64> {
    let scores = q.dot(&k.t()) / (q.ncols() as f64).sqrt();
    nn::softmax(&scores).dot(v)
}

#[grad]
fn self_attention(x: &Array2<f64>, wq: &Array2<f64>, wk: &Array2<f64>, wv: &Array2<f64>) -> f64 {
    let (q, k, v) = (x.dot(wq), x.dot(wk), x.dot(wv));
    let e = q.dot(&k.t()).exp();
    let p = &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1));
    (p.dot(&v) + x).mapv(|v| v * v).mean().unwrap()
}

#[test]
fn attends() {
    let (q, k, v) = (matrix(0, 4, 3), matrix(20, 5, 3), matrix(40, 5, 2));
    check!(attention, attention_vjp, [q, k, v], (&q, &k, &v), |d| &d);
    let (x, wq, wk, wv) = (matrix(0, 4, 3), matrix(20, 3, 2), matrix(40, 3, 2), matrix(60, 3, 3));
    check!(self_attention, self_attention_grad, [x, wq, wk, wv], (&x, &wq, &wk, &wv));
}

#[grad]
fn embedding(table: &Array2<f64>, w: &Array1<f64>, tokens: &Array1<usize>) -> f64 {
    tokens.iter().map(|&token| table.row(token).dot(w).tanh()).sum()
}

#[grad]
fn gathered(table: &Array2<f64>, tokens: &[usize]) -> Array2<f64> {
    Array2::from_shape_fn((tokens.len(), table.ncols()), |(i, j)| table[[tokens[i], j]].sin())
}

#[test]
fn lookups() {
    let (table, w, tokens) = (matrix(0, 5, 3), vector(20, 3), ndarray::arr1(&[3usize, 1, 3, 0]));
    check!(embedding, embedding_grad, [table, w], (&table, &w, &tokens));
    let tokens = tokens.to_vec();
    check!(gathered, gathered_vjp, [table], (&table, &tokens), |d| &d);
}

#[grad]
fn convolution(x: &Array1<f64>, kernel: &Array1<f64>) -> Array1<f64> {
    let n = x.len() + 1 - kernel.len();
    Array1::from_shape_fn(n, |i| nn::relu((0..kernel.len()).map(|j| x[i + j] * kernel[j]).sum::<f64>()))
}

#[grad]
fn image(x: &Array2<f64>, k: &Array3<f64>) -> Array3<f64> {
    let (channels, m, n) = k.dim();
    Array3::from_shape_fn((channels, x.nrows() + 1 - m, x.ncols() + 1 - n), |(c, i, j)| {
        (0..m).map(|a| (0..n).map(|b| x[[i + a, j + b]] * k[[c, a, b]]).sum::<f64>()).sum::<f64>().tanh()
    })
}

#[test]
fn convolutions() {
    let (x, k) = (vector(0, 8), vector(20, 3));
    check!(convolution, convolution_vjp, [x, k], (&x, &k), |d| &d);
    let x = matrix(0, 4, 5);
    let k = Array3::from_shape_fn((2, 2, 3), |(a, b, c)| noise(70 + a * 6 + b * 3 + c));
    check!(image, image_vjp, [x, k], (&x, &k), |d| &d);
}

#[grad(wrt(w, v))]
fn autoencoder(w: &Array2<f64>, v: &Array2<f64>, x: &Array2<f64>) -> f64 {
    let code = nn::sigmoid(&x.dot(w));
    nn::mse(&code.dot(v), x)
}

#[grad]
fn tied(w: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>) -> f64 {
    nn::mse(&(x.dot(w) + b).tanh().dot(&w.t()), x)
}

#[grad(wrt(w))]
fn decayed(w: &Array1<f64>, x: &Array2<f64>, t: &Array1<f64>, decay: f64) -> f64 {
    nn::binary_cross_entropy(&nn::sigmoid(&x.dot(w)), t) + 0.5 * decay * w.dot(w)
}

#[test]
fn losses() {
    let (w, v, x, b) = (matrix(0, 5, 2), matrix(20, 2, 5), matrix(40, 4, 5), vector(60, 2));
    check!(autoencoder, autoencoder_grad, [w, v], (&w, &v, &x));
    check!(tied, tied_grad, [w, b, x], (&w, &b, &x));
    let (w, t) = (vector(10, 5), vector(30, 4).mapv(|t| if t > 0.0 { 1.0 } else { 0.0 }));
    check!(decayed, decayed_grad, [w], (&w, &x, &t, 0.1));
}
