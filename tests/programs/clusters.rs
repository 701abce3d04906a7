//! Oracles for `functions/clusters.rs`.

use super::functions::clusters::*;
use crate::noise;

#[test]
fn against_differences() {
    let rows = |n: usize, seed| noise(n * 2, seed).chunks(2).map(<[f64]>::to_vec).collect::<Vec<_>>();
    gradient!({} k_means, k_means_grad, (&p, &c) at p = rows(7, 1), c = rows(3, 2));
    gradient!({} assigned, assigned_grad, (&p, &c, 2) at p = noise(14, 1), c = noise(6, 2));
    let x = noise(9, 3);
    pullback!({} histogram, histogram_vjp, (&x, &w, 4) at w = noise(9, 4));
}
