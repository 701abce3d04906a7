//! Oracles for `functions/network.rs`.

use super::functions::network::*;
use crate::{assert_near, noise};

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
