//! Two layers of neurons, in plain loops.

use grad::grad;

use crate::{assert_near, noise};

#[grad(skip(x, t))]
fn loss(w1: &[Vec<f64>], b1: &[f64], w2: &[Vec<f64>], b2: &[f64], x: &[f64], t: usize) -> f64 {
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
fn batch(
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

#[test]
fn against_differences() {
    let rows =
        |n: usize, m: usize, seed| noise(n * m, seed).chunks(m).map(<[f64]>::to_vec).collect::<Vec<_>>();
    let x = noise(3, 1);
    gradient!({} loss, loss_grad, (&w1, &b1, &w2, &b2, &x, 1)
        near w1 = rows(5, 3, 2), b1 = noise(5, 3), w2 = rows(4, 5, 4), b2 = noise(4, 5));
    let x = noise(4 * 3, 6);
    gradient!({} batch, batch_grad, (&w1, &w2, &x, &[0, 1, 1, 0], 3, 4, 2)
        near w1 = noise(12, 7), w2 = noise(8, 8));
}

#[test]
fn the_output_layer_in_closed_form() {
    // d loss / d b2 = softmax(out) - target, so that it sums to zero.
    let rows =
        |n: usize, m: usize, seed| noise(n * m, seed).chunks(m).map(<[f64]>::to_vec).collect::<Vec<_>>();
    let (_, (_, _, _, d_b2)) =
        loss_grad(&rows(5, 3, 2), &noise(5, 3), &rows(4, 5, 4), &noise(4, 5), &noise(3, 1), 1);
    assert_near(&[d_b2.iter().sum()], &[0.0]);
}
