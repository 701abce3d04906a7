//! Two layers of neurons, in plain loops.

use grad::grad;

#[grad(skip(x, t))]
pub fn loss(w1: &[Vec<f64>], b1: &[f64], w2: &[Vec<f64>], b2: &[f64], x: &[f64], t: usize) -> f64 {
    let mut hidden = vec![0.0; b1.len()];
    for i in 0..b1.len() {
        let mut z = b1[i];
        for j in 0..x.len() {
            z += w1[i][j] * x[j];
        }
        hidden[i] = if z > 0.0 { z } else { 0.0 };
    }
    let mut out = vec![0.0; b2.len()];
    for i in 0..b2.len() {
        out[i] = b2[i];
        for j in 0..hidden.len() {
            out[i] += w2[i][j] * hidden[j];
        }
    }
    let mut largest = out[0];
    for &o in &out {
        largest = largest.max(o);
    }
    let mut sum = 0.0;
    for &o in &out {
        sum += (o - largest).exp();
    }
    largest + sum.ln() - out[t]
}

/// The same over a batch, with flat slices.
#[grad(skip(x))]
pub fn batch(
    w1: &[f64],
    w2: &[f64],
    x: &[f64],
    t: &[usize],
    inputs: usize,
    hidden: usize,
    outputs: usize,
) -> f64 {
    let mut total = 0.0;
    let mut h = vec![0.0; hidden];
    let mut o = vec![0.0; outputs];
    for (row, &t) in x.chunks_exact(inputs).zip(t) {
        for i in 0..hidden {
            h[i] = 0.0;
            for j in 0..inputs {
                h[i] += w1[i * inputs + j] * row[j];
            }
            h[i] = h[i].tanh();
        }
        for i in 0..outputs {
            o[i] = 0.0;
            for j in 0..hidden {
                o[i] += w2[i * hidden + j] * h[j];
            }
        }
        let mut sum = 0.0;
        for i in 0..outputs {
            sum += o[i].exp();
        }
        total += sum.ln() - o[t];
    }
    total / t.len() as f64
}
