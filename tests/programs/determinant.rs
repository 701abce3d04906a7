//! Oracles for `functions/determinant.rs`.

use super::functions::determinant::*;
use crate::{assert_near, noise};

/// The inverse by Gauss and Jordan, for the closed form.
fn inverse(a: &[f64], n: usize) -> Vec<f64> {
    let mut a = a.to_vec();
    let mut b: Vec<f64> = (0..n * n).map(|at| f64::from(u8::from(at / n == at % n))).collect();
    for k in 0..n {
        let p = (k..n).max_by(|&i, &j| a[i * n + k].abs().total_cmp(&a[j * n + k].abs())).unwrap();
        for j in 0..n {
            a.swap(k * n + j, p * n + j);
            b.swap(k * n + j, p * n + j);
        }
        let pivot = a[k * n + k];
        for j in 0..n {
            a[k * n + j] /= pivot;
            b[k * n + j] /= pivot;
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[i * n + k];
            for j in 0..n {
                a[i * n + j] -= factor * a[k * n + j];
                b[i * n + j] -= factor * b[k * n + j];
            }
        }
    }
    b
}

#[test]
fn its_gradient_is_the_adjugate() {
    let n = 6;
    let a = noise(n * n, 1);
    let inverse = inverse(&a, n);
    let (det, gradient) = determinant_grad(&a, n);
    assert_eq!(det.to_bits(), determinant(&a, n).to_bits());
    let expected: Vec<f64> = (0..n * n).map(|at| det * inverse[at % n * n + at / n]).collect();
    assert_near(&gradient, &expected);
    assert_near(&determinant_or_zero_grad(&a, n).1, &expected);
}

#[test]
fn against_differences() {
    let swapped = vec![0.0, 2.0, 1.0, 1.0, 0.5, 0.3, 4.0, 0.2, 0.1];
    gradient!({} determinant, determinant_grad, (&a, 3) at a = noise(9, 2); (&a, 1) at a = vec![0.5]; (&a, 0) at a = vec![];
        (&a, 3) at a = swapped.clone());
    gradient!({} determinant_or_zero, determinant_or_zero_grad,
        (&a, 3) at a = noise(9, 2); (&a, 1) at a = vec![0.5]; (&a, 0) at a = vec![]; (&a, 3) at a = swapped.clone());
}

#[test]
fn of_a_singular_matrix() {
    let (det, gradient) = determinant_or_zero_grad(&[1.0, 0.0, 2.0, 0.0], 2);
    assert_eq!((det, gradient), (0.0, vec![0.0; 4]));
}
