//! Sums and sequences of running values.

use grad::grad;

#[grad]
pub fn prefix_sums(x: &[f64]) -> Vec<f64> {
    let mut y = x.to_vec();
    for i in 1..y.len() {
        y[i] += y[i - 1];
    }
    y
}

/// The greatest drop from a running maximum.
#[grad]
pub fn drawdown(returns: &[f64]) -> f64 {
    let mut price = 1.0;
    let mut peak = 1.0;
    let mut worst = 0.0;
    for r in returns {
        price *= 1.0 + 0.3 * r;
        if price > peak {
            peak = price;
        }
        let drop = (peak - price) / peak;
        if drop > worst {
            worst = drop;
        }
    }
    worst
}

/// The length of the best common alignment of two sequences, by dynamic programming with two rows.
#[grad]
pub fn alignment(x: &[f64], y: &[f64], gap: f64) -> f64 {
    let m = y.len();
    let mut above = vec![0.0; m + 1];
    for j in 1..=m {
        above[j] = above[j - 1] + gap;
    }
    let mut row = vec![0.0; m + 1];
    for i in 0..x.len() {
        row[0] = above[0] + gap;
        for j in 1..=m {
            let mut best = above[j - 1] + (x[i] - y[j - 1]).abs();
            if above[j] + gap < best {
                best = above[j] + gap;
            }
            if row[j - 1] + gap < best {
                best = row[j - 1] + gap;
            }
            row[j] = best;
        }
        std::mem::swap(&mut above, &mut row);
    }
    above[m]
}
