//! Insertion sort, then a sum that weighs by rank.

use grad::grad;

#[grad]
pub fn weighted_by_rank(x: &[f64], w: &[f64]) -> f64 {
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
