//! Oracles for `functions/mixture.rs`.

use super::functions::mixture::*;
use crate::noise;

#[test]
fn against_differences() {
    for (d, k, n) in [(2, 3, 5), (3, 2, 4), (1, 1, 2)] {
        let x = noise(n * d, 1);
        let icf = noise(k * d * (d + 1) / 2, 4);
        gradient!({} mixture, mixture_grad, (&alphas, &means, &icf, &x, d, 0.7, 2)
            near alphas = noise(k, 2), means = noise(k * d, 3), icf = icf.clone());
        gradient!({} log_posterior, log_posterior_grad, (&alphas, &means, &icf, &x, d, k, n, 0.7, 2)
            near alphas = noise(k, 2), means = noise(k * d, 3), icf = icf.clone());
    }
}

#[test]
fn both_agree() {
    let (d, k, n) = (3, 4, 10);
    let (x, alphas, means, icf) =
        (noise(n * d, 1), noise(k, 2), noise(k * d, 3), noise(k * d * (d + 1) / 2, 4));
    let (a, (d_alphas, d_means, d_icf)) = mixture_grad(&alphas, &means, &icf, &x, d, 0.7, 2);
    let (b, (e_alphas, e_means, e_icf)) = log_posterior_grad(&alphas, &means, &icf, &x, d, k, n, 0.7, 2);
    crate::assert_near(&[a], &[b]);
    crate::assert_near(&[d_alphas, d_means, d_icf].concat(), &[e_alphas, e_means, e_icf].concat());
}
