//! Oracles for `functions/sequences.rs`.

use super::functions::sequences::*;
use crate::noise;

#[test]
fn against_differences() {
    pullback!({} prefix_sums, prefix_sums_vjp, (&x) at x = noise(6, 1); (&x) at x = vec![]);
    gradient!({} drawdown, drawdown_grad, (&x) at x = noise(12, 2));
    gradient!({} alignment, alignment_grad, (&x, &y, g) at x = noise(5, 3), y = noise(4, 4), g = 0.3);
}
