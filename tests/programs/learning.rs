//! Oracles for `functions/learning.rs`.

use super::functions::learning::*;
use crate::noise;

#[test]
fn against_differences() {
    let (x, y) = (noise(10, 1), noise(5, 2));
    gradient!({} gru, gru_grad, (&wz, &wr, &wh, &out, &x, &y, 2)
        near wz = noise(15, 3), wr = noise(15, 4), wh = noise(15, 5), out = noise(3, 6));
    pullback!({} attention, attention_vjp, (&q, &k, &v, 2) at q = noise(8, 7), k = noise(8, 8), v = noise(8, 9));
    pullback!({} batch_norm, batch_norm_vjp, (&x, &gamma, &beta)
        at x = noise(12, 10), gamma = noise(3, 11), beta = noise(3, 12));
    let labels = [0, 2, 1, 0, 2];
    pullback!({} neighbours, neighbours_vjp, (&query, &points, &labels, 3, beta)
        at query = noise(2, 13), points = noise(10, 14), beta = 1.3);
    let (a, b) = (vec![0.2, 0.3, 0.5], vec![0.6, 0.4]);
    gradient!({} sinkhorn, sinkhorn_grad, (&cost, &a, &b, eps, 7) at cost = noise(6, 15), eps = 0.5);
    let rows =
        |n: usize, seed| -> Vec<Vec<f64>> { noise(3 * n, seed).chunks(3).map(<[f64]>::to_vec).collect() };
    let mask = [true, false, true, true, false];
    gradient!({} masked, masked_grad, (&q, &k, &v, &mask[..5]) at q = rows(5, 16), k = rows(5, 17), v = rows(5, 18);
        (&q, &k, &v, &mask[..1]) at q = rows(1, 16), k = rows(1, 17), v = rows(1, 18));
}

/// What is normalised does not change when all samples move, or are scaled.
#[test]
fn normalised() {
    let x = noise(8, 1);
    let (_, (d_x, ..)) = batch_norm_vjp(&x, &[1.0, 0.5], &[0.0, 0.1], &noise(8, 2));
    let sums = [0, 1].map(|j| (0..4).map(|i| d_x[2 * i + j]).sum::<f64>());
    crate::assert_near(&sums, &[0.0, 0.0]);
}
