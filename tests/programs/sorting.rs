//! Oracles for `functions/sorting.rs`.

use super::functions::sorting::*;
use crate::{assert_near, noise};

#[test]
fn each_number_has_the_weight_of_its_rank() {
    let (x, w) = (noise(15, 1), noise(15, 2));
    let mut order: Vec<usize> = (0..15).collect();
    order.sort_by(|&i, &j| x[i].total_cmp(&x[j]));
    let mut expected = vec![0.0; 15];
    order.iter().enumerate().for_each(|(rank, &i)| expected[i] = w[rank]);
    let sorted: Vec<f64> = order.iter().map(|&i| x[i]).collect();
    let (_, (d_x, d_w)) = weighted_by_rank_grad(&x, &w);
    assert_near(&d_x, &expected);
    assert_near(&d_w, &sorted);
}

#[test]
fn against_differences() {
    gradient!({} weighted_by_rank, weighted_by_rank_grad, (&x, &w) at x = noise(6, 3), w = noise(6, 4); (&x, &w) at x = vec![], w = vec![]);
}
