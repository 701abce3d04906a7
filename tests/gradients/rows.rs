//! Loops along parts of arrays: a derivative takes the part as a slice before the loop, and yet asks for no element for
//! which the function does not ask.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];

fn square() -> Vec<f64> {
    (0..9).map(|k| (1.3 * k as f64).sin() + 0.1).collect()
}

#[test]
fn parts_of_a_slice() {
    gradient!({ #[grad] fn f(x: &[f64], start: usize, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n { s += x[start + i] * x[start + i] * x[i]; }
        s
    } } (&x, 2, 4) at x = X.to_vec(); (&x, 0, 6) at x = X.to_vec(); (&x, 1, 0) at x = X.to_vec());
    gradient!({ #[grad] fn f(a: &[f64], n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n {
            let mut row = 0.0;
            for j in 0..n { row += a[i * n + j].sin(); }
            for j in i + 1..n { s += a[i * n + j] * a[j * n + i] * row; }
        }
        s
    } } (&a, 3) at a = square(); (&a, 1) at a = vec![0.5]; (&a, 0) at a = X.to_vec());
}

/// A part that would begin behind the end, of which the function asks for nothing.
#[test]
fn no_part_at_all() {
    gradient!({ #[grad] fn f(x: &[f64], start: usize, n: usize) -> f64 {
        let mut s = x[0];
        for i in 0..n { s += x[start + i].exp(); }
        s
    } } (&x, 100, 0) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], start: &[usize], k: usize, n: usize) -> f64 {
        let mut s = x[0];
        for i in 0..n { s += x[start[k] + i].exp(); }
        s
    } } (&x, &[], 7, 0) at x = X.to_vec(); (&x, &[1, 2], 1, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: usize, d: usize, n: usize) -> f64 {
        let mut s = x[0];
        for i in 0..n { s += x[k / d + i].exp() + x[k - d + i]; }
        s
    } } (&x, 1, 0, 0) at x = X.to_vec(); (&x, 1, 2, 0) at x = X.to_vec(); (&x, 2, 1, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: usize, n: usize) -> f64 {
        let mut y = x.to_vec();
        for i in 0..n { y[k + i] = y[i] * x[k + i]; }
        y.iter().map(|v| v * v).sum()
    } } (&x, 50, 0) at x = X.to_vec(); (&x, 3, 3) at x = X.to_vec(); (&x, 1, 4) at x = X.to_vec());
}

/// Parts that are only read where a condition holds, and do not exist as a whole.
#[test]
fn some_of_a_part() {
    gradient!({ #[grad] fn f(x: &[f64], start: usize, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n { if start + i < x.len() { s += x[start + i].sin(); } }
        s
    } } (&x, 4, 5) at x = X.to_vec(); (&x, 9, 2) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], start: usize, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n { s += if i > 2 { 1.0 } else { x[start + i].sin() * x[i + 1] }; }
        s
    } } (&x, 3, 9) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize, m: usize) -> f64 {
        let mut s = x[0];
        for i in 0..n { for j in 0..m { s += x[n * i + 2 * n] * x[j]; } }
        s
    } } (&x, 1, 2) at x = X.to_vec(); (&x, 1, 6) at x = X.to_vec());
}

/// Several parts of one array that is written: apart, or one over the other.
#[test]
fn parts_that_change() {
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> {
        let mut y = x.to_vec();
        for i in 0..n { y[i] += y[n + i] * y[n + i]; }
        for i in 0..n { y[n + i] = y[i].sin(); }
        y
    } } (&x, 3) at x = X.to_vec(); (&x, 0) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64], k: usize, n: usize) -> Vec<f64> {
        let mut y = x.to_vec();
        for i in 0..n { y[i] = y[k + i] * y[i]; }
        for i in 0..n { y[k + i] -= 0.5 * y[i]; }
        y
    } } (&x, 1, 5) at x = X.to_vec(); (&x, 0, 6) at x = X.to_vec(); (&x, 3, 3) at x = X.to_vec());
    pullback!({ #[grad] fn f(a: &[f64], n: usize) -> Vec<f64> {
        let mut m = a.to_vec();
        for k in 0..n {
            for i in k + 1..n {
                for j in k..n { m[i * n + j] -= 0.3 * m[k * n + j] * m[i * n + k + 1 - 1]; }
            }
        }
        m
    } } (&a, 3) at a = square());
    pullback!({ #[grad] fn f(a: &[f64], n: usize) -> Vec<f64> {
        let mut m = a.to_vec();
        for i in 0..n { for j in 0..n { m[j * n + i] = m[i * n + j] * m[j * n + i]; } }
        m
    } } (&a, 3) at a = square());
}

#[test]
fn panics_are_those_of_the_function() {
    #[grad]
    fn f(x: &[f64], start: usize, n: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n {
            s += x[start + i] * x[i];
        }
        s
    }
    for (start, n) in [(0, 7), (3, 4), (9, 1), (6, 0), (9, 0), (5, 1)] {
        let function = std::panic::catch_unwind(|| f(&X, start, n));
        let derivative = std::panic::catch_unwind(|| f_grad(&X, start, n));
        assert_eq!(function.is_err(), derivative.is_err(), "{start}, {n}");
    }
}

/// Sums of cotangents in lanes: as long as four of them, shorter, and anything between.
#[test]
fn sums_of_any_length() {
    #[grad]
    fn f(w: &[f64], x: &[f64], y: &mut [f64]) {
        for i in 0..w.len() {
            for j in 0..x.len() {
                y[j] += w[i] * x[j] * x[j];
            }
        }
    }
    for n in 0..10 {
        let x: Vec<f64> = (0..n).map(|j| 0.5 - 0.3 * j as f64).collect();
        let w = [0.7, -1.1];
        let seed: Vec<f64> = (0..n).map(|j| 1.0 + 0.1 * j as f64).collect();
        let mut y = vec![0.0; n];
        let mut d_y = seed.clone();
        let (d_w, d_x) = f_vjp(&w, &x, &mut y, &mut d_y);
        let sum: f64 = x.iter().zip(&seed).map(|(x, s)| s * x * x).sum();
        assert!(d_w.iter().all(|d| (d - sum).abs() <= 1e-14 * (1.0 + sum.abs())), "{n}: {d_w:?} and {sum}");
        for j in 0..n {
            let expected = 2.0 * (w[0] + w[1]) * x[j] * seed[j];
            assert!((d_x[j] - expected).abs() <= 1e-14, "{n}: {} and {expected}", d_x[j]);
        }
    }
}
