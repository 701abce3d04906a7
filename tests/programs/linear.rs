//! Oracles for `functions/linear.rs`.

use super::functions::linear::*;
use crate::noise;

/// A matrix near the identity.
fn regular(n: usize, seed: u32) -> Vec<f64> {
    (0..n * n)
        .zip(noise(n * n, seed))
        .map(|(k, x)| 0.3 * x + if k % (n + 1) == 0 { 2.0 } else { 0.0 })
        .collect()
}

#[test]
fn against_differences() {
    let (x, y) = (noise(12, 1), noise(6, 2));
    gradient!({} gaussian_process, gaussian_process_grad, (&x, &y, 2, length, variance, error)
        at length = 0.7, variance = 1.3, error = 0.2);
    gradient!({} householder, householder_grad, (&a, &b, 8, 4) at a = noise(32, 3), b = noise(8, 4));
    gradient!({} gauss_jordan, gauss_jordan_grad, (&a, &b)
        at a = regular(4, 5), b = noise(4, 6); (&a, &b) at a = vec![0.1, 2.0, 1.5, 0.3], b = vec![1.0, -0.5]);
    gradient!({} conjugate_gradients, conjugate_gradients_grad, (&a, &b, 1e-9, 3)
        at a = regular(5, 7), b = noise(5, 8));
    pullback!({} thomas, thomas_vjp, (&lower, &diagonal, &upper, &rhs)
        at lower = noise(5, 9), diagonal = vec![3.0, 2.5, -3.0, 2.8, 3.3], upper = noise(5, 10), rhs = noise(5, 11));
    gradient!({} whitened, whitened_grad, (&a, &b, 5) at a = regular(5, 14), b = noise(5, 15);
        (&a, &b, 0) at a = vec![], b = vec![]);
    let weights = noise(4, 12);
    gradient!({} jacobi, jacobi_grad, (&a, &weights, 3) at a = regular(4, 13));
}

/// `∂ −½ (yᵀK⁻¹y + ln det K) / ∂σ² = ½ (αᵀα − tr K⁻¹)` with `α = K⁻¹y`: for one point, and for two that are far apart.
#[test]
fn noise_of_a_gaussian_process() {
    let k = 1.3 + 0.2;
    let (_, (.., one)) = gaussian_process_grad(&[0.0], &[0.7], 1, 1.0, 1.3, 0.2);
    let (_, (.., two)) = gaussian_process_grad(&[0.0, 1e6], &[0.7, -0.4], 1, 1.0, 1.3, 0.2);
    let of = |y: f64| 0.5 * ((y / k).powi(2) - 1.0 / k);
    crate::assert_near(&[one, two], &[of(0.7), of(0.7) + of(-0.4)]);
}

/// The gradient of `xᵀb` with `A x = b` is `2x` in `b` and `−x xᵀ` in `A`, where `A` is symmetric.
#[test]
fn a_solution() {
    let (a, b) = (vec![2.0, 0.5, 0.5, 1.0], vec![0.3, -0.8]);
    let x = [(b[0] - 0.5 * b[1]) / 1.75, (2.0 * b[1] - 0.5 * b[0]) / 1.75];
    let (value, (_, d_b)) = conjugate_gradients_grad(&a, &b, 1e-12, 2);
    crate::assert_near(&[value], &[x[0] * b[0] + x[1] * b[1]]);
    crate::assert_near(&d_b, &[2.0 * x[0], 2.0 * x[1]]);
}

/// `∂ (bᵀA⁻¹b + ½ ln det A) / ∂b = 2 A⁻¹ b`.
#[test]
fn whitened_right_hand_side() {
    let (a, b) = (vec![2.0, 0.0, 0.5, 1.0], vec![0.3, -0.8]);
    let (_, (_, d_b)) = whitened_grad(&a, &b, 2);
    let x = [(b[0] - 0.5 * b[1]) / 1.75, (2.0 * b[1] - 0.5 * b[0]) / 1.75];
    crate::assert_near(&d_b, &[2.0 * x[0], 2.0 * x[1]]);
}
