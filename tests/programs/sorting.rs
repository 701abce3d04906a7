//! Insertion sort, then a sum that weighs by rank.

use grad::grad;

use crate::{assert_near, noise};

#[grad]
fn weighted_by_rank(x: &[f64], w: &[f64]) -> f64 {
    let mut a = x.to_vec();
    let n = a.len();
    for i in 1..n {
        let key = a[i];
        let mut j = i;
        while j > 0 && a[j - 1] > key {
            a[j] = a[j - 1];
            j -= 1;
        }
        a[j] = key;
    }
    let mut sum = 0.0;
    for i in 0..n {
        sum += w[i] * a[i];
    }
    sum
}

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
