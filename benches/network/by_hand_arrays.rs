//! The backward pass as one writes it for extents that are known when compiling: plain loops, no allocation.

// Indices say which loop runs over what.
#![allow(clippy::needless_range_loop)]

use crate::case::ArrayGradients;

#[inline(never)]
pub fn loss_grad<const I: usize, const H: usize, const O: usize>(
    x: &[f32; I],
    y: &[f32; O],
    w1: &[[f32; I]; H],
    b1: &[f32; H],
    w2: &[[f32; H]; O],
    b2: &[f32; O],
) -> (f32, ArrayGradients<I, H, O>) {
    // Neighbours in `a1` side by side, which is four lanes of a vector register on every machine.
    let mut a1 = *b1;
    for i in 0..I {
        for j in 0..H {
            a1[j] += w1[j][i] * x[i];
        }
    }
    for a in &mut a1 {
        *a = if *a > 0.0 { *a } else { 0.0 };
    }

    let mut z2 = *b2;
    let mut largest = f32::NEG_INFINITY;
    for k in 0..O {
        z2[k] += dot(&w2[k], &a1);
        largest = largest.max(z2[k]);
    }
    let (mut sum, mut total, mut expected) = (0.0, 0.0, 0.0);
    let mut d_z2 = [0.0; O];
    for k in 0..O {
        let shifted = z2[k] - largest;
        d_z2[k] = shifted.exp();
        sum += d_z2[k];
        total += y[k];
        expected += y[k] * shifted;
    }
    let loss = total * sum.ln() - expected;

    let scale = total / sum;
    let mut d_w2 = [[0.0; H]; O];
    let mut d_b1 = [0.0; H];
    for k in 0..O {
        d_z2[k] = d_z2[k] * scale - y[k];
        for j in 0..H {
            d_w2[k][j] = d_z2[k] * a1[j];
            d_b1[j] += d_z2[k] * w2[k][j];
        }
    }
    let mut d_w1 = [[0.0; I]; H];
    for j in 0..H {
        d_b1[j] = if a1[j] > 0.0 { d_b1[j] } else { 0.0 };
        for i in 0..I {
            d_w1[j][i] = d_b1[j] * x[i];
        }
    }
    (loss, (d_w1, d_b1, d_w2, d_z2))
}

/// Four sums side by side, so that one addition need not wait for the one before.
#[inline]
fn dot<const N: usize>(a: &[f32; N], b: &[f32; N]) -> f32 {
    let mut sums = [0.0; 4];
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}
