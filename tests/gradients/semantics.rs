//! Kinks, branches that are not taken, partial operations, and what is checked on entry.

use std::panic::{AssertUnwindSafe, catch_unwind};

use grad::grad;

#[test]
fn kinks() {
    #[grad]
    fn abs(x: f64) -> f64 {
        x.abs()
    }
    assert_eq!(abs_grad(0.0), (0.0, 0.0));
    #[grad]
    fn relu(x: f64) -> f64 {
        x.max(0.0)
    }
    assert_eq!(relu_grad(0.0), (0.0, 0.0));
    #[grad]
    fn max(x: f64, y: f64) -> f64 {
        x.max(y)
    }
    assert_eq!(max_grad(2.0, 2.0), (2.0, (0.5, 0.5)));
    #[grad]
    fn min(x: f64, y: f64) -> f64 {
        x.min(y)
    }
    assert_eq!(min_grad(2.0, 2.0), (2.0, (0.5, 0.5)));
    #[grad]
    fn sqrt(x: f64) -> f64 {
        x.sqrt()
    }
    assert_eq!(sqrt_grad(0.0), (0.0, f64::INFINITY));
    #[grad]
    fn norm(x: &[f64]) -> f64 {
        x.iter().map(|v| v * v).sum::<f64>().sqrt()
    }
    assert_eq!(norm_grad(&[0.0, 0.0]), (0.0, vec![0.0, 0.0]));
    #[grad]
    fn power(x: f64, p: f64) -> f64 {
        x.powf(p)
    }
    assert_eq!(power_grad(0.0, 2.0), (0.0, (0.0, 0.0)));
}

#[test]
fn ties() {
    #[grad]
    fn greatest(x: &[f64]) -> f64 {
        x.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
    assert_eq!(greatest_grad(&[1.0, 3.0, 3.0]), (3.0, vec![0.0, 1.0, 0.0]));
    #[grad]
    fn least(x: &[f64]) -> f64 {
        x.iter().copied().fold(f64::INFINITY, |m, v| m.min(v))
    }
    assert_eq!(least_grad(&[1.0, 1.0, 3.0]), (1.0, vec![1.0, 0.0, 0.0]));
    assert_eq!(least_grad(&[]), (f64::INFINITY, vec![]));
}

#[test]
fn zip_truncates() {
    #[grad]
    fn f(x: &[f64], y: &[f64; 2]) -> f64 {
        x.iter().zip(y).map(|(a, b)| a * b).sum()
    }
    assert_eq!(f_grad(&[1.0, 2.0, 3.0], &[4.0, 5.0]), (14.0, (vec![4.0, 5.0, 0.0], [1.0, 2.0])));
    assert_eq!(f_grad(&[1.0], &[4.0, 5.0]), (4.0, (vec![4.0], [1.0, 0.0])));
}

#[test]
fn branches_not_taken() {
    #[grad]
    fn root(x: f64) -> f64 {
        if x > 0.0 { x.sqrt() } else { 0.0 }
    }
    assert_eq!(root_grad(0.0), (0.0, 0.0));
    assert_eq!(root_grad(-1.0), (0.0, 0.0));
    assert_eq!(root_grad(4.0), (2.0, 0.25));
    #[grad]
    fn scaled(x: f64, y: f64) -> f64 {
        let r = if x > 0.0 { (x.ln() / x.sqrt()).powf(y) } else { x * y };
        r * 2.0 + r * y
    }
    assert_eq!(scaled_grad(-1.0, 3.0), (-15.0, (15.0, -8.0)));
    assert_eq!(scaled_grad(0.0, 3.0), (0.0, (15.0, 0.0)));
    #[grad]
    fn norm(x: &[f64; 2]) -> f64 {
        let s = x[0] * x[0] + x[1] * x[1] * x[1] * x[1];
        if s == 0.0 { 0.0 } else { s.sqrt() }
    }
    assert_eq!(norm_grad(&[0.0, 0.0]), (0.0, [0.0, 0.0]));
    #[grad]
    fn sums(x: &[f64]) -> f64 {
        x.iter().map(|&v| if v > 0.0 { v.sqrt().ln() } else { v }).sum()
    }
    let (value, gradient) = sums_grad(&[0.0, -2.0, 1.0]);
    assert_eq!((value, gradient), (-2.0, vec![1.0, 1.0, 0.5]));
    #[grad]
    fn folded(x: &[f64]) -> f64 {
        x.iter().fold(1.0, |a, &v| if v > 0.0 { a * v.sqrt() } else { a })
    }
    assert_eq!(folded_grad(&[0.0, 4.0, -1.0]), (2.0, vec![0.0, 0.25, 0.0]));
}

#[test]
fn filtered_out() {
    #[grad]
    fn logs(x: &[f64]) -> f64 {
        x.iter().filter(|v| **v > 0.0).map(|v| v.ln() * v.sqrt()).sum()
    }
    assert_eq!(logs_grad(&[0.0, 1.0, -1.0]), (0.0, vec![0.0, 1.0, 0.0]));
    #[grad]
    fn product(x: &[f64]) -> f64 {
        x.iter().filter(|v| **v > 0.0).map(|v| v.sqrt()).product()
    }
    assert_eq!(product_grad(&[0.0, 4.0, -1.0]), (2.0, vec![0.0, 0.25, 0.0]));
    #[grad]
    fn zeros(x: &[f64]) -> f64 {
        x.iter().map(|&v| if v > 0.0 { v } else { 0.0 }).sum()
    }
    assert_eq!(zeros_grad(&[-1.0]).0.to_bits(), zeros(&[-1.0]).to_bits());
    assert_eq!(zeros_grad(&[]).0.to_bits(), zeros(&[]).to_bits());
}

#[test]
fn guarded_indices() {
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { if n < x.len() { x[n] * x[n] } else { x[0] } } }
        (&x, 1) at x = vec![2.0, 3.0]; (&x, 7) at x = vec![2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { (0..x.len()).map(|i| if i < y.len() && y[i] > 0.0 { x[i] * y[i] } else { x[i] }).sum() } }
        (&x, &y) at x = vec![2.0, 3.0, 4.0], y = vec![0.5]; (&x, &y) at x = vec![2.0], y = vec![0.5, 1.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len()).map(|i| if i > 0 { x[i] * x[i - 1] } else { 0.0 }).sum() } }
        (&x) at x = vec![2.0, 3.0, 4.0]; (&x) at x = Vec::<f64>::new());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len()).map(|i| if i + 1 < x.len() { (x[i] * x[i + 1]).sin() } else { 1.0 }).sum() } }
        (&x) at x = vec![2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 {
        (0..n).map(|i| (if i < x.len() { x[i] } else { 1.0 }) * (if i < x.len() && i > 0 { x[i].sin() } else { 2.0 })).sum()
    } } (&x, 5) at x = vec![2.0, 3.0, 4.0]; (&x, 2) at x = vec![2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { (0..n).fold(0.3, |a, i| if i < x.len() { (a * x[i]).tanh() + a } else { a * 0.5 }) } }
        (&x, 5) at x = vec![2.0, 3.0, 4.0]; (&x, 0) at x = vec![2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: &[f64], w: &[Vec<f64>], n: usize) -> f64 { (0..n).map(|i| if i < w.len() { w[i].iter().zip(x).map(|(a, b)| a * b).sum::<f64>() } else { x[0] }).sum() } }
        (&x, &w, 3) at x = vec![2.0, 3.0], w = vec![vec![1.0, 2.0], vec![0.5, 0.25]]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize, d: usize) -> f64 { if d > 0 { x[n / d] * 2.0 } else { x[0] } } } (&x, 2, 0) at x = vec![2.0, 3.0]; (&x, 2, 2) at x = vec![2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() > 2 { x[2] * x[1] } else if x.len() > 1 { x[1].exp() } else { 0.0 } } }
        (&x) at x = vec![2.0, 3.0, 4.0]; (&x) at x = vec![2.0, 3.0]; (&x) at x = vec![2.0]);
}

#[test]
fn nothing_runs_in_empty_loops() {
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { y.iter().map(|v| v * x[3]).sum() } } (&x, &y) at x = vec![1.0], y = Vec::<f64>::new());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { (0..n).map(|i| x[i] * x[n - 1]).sum() } } (&x, 0) at x = vec![1.0]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { (0..n).fold(0.5, |a, i| a * x[i] * x[n - 1]) } } (&x, 0) at x = vec![1.0]; (&x, 1) at x = vec![1.5]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len().saturating_sub(1)).map(|i| x[i] * x[i + 1]).sum() } } (&x) at x = Vec::<f64>::new(); (&x) at x = vec![1.0, 2.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().rev().skip(2).map(|v| v * v).sum() } } (&x) at x = vec![1.0]; (&x) at x = vec![1.0, 2.0, 3.0]);
}

/// What a call panics with, if it does.
fn message<T>(call: impl FnOnce() -> T) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(call)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_string()))
}

#[test]
fn wrong_extents() {
    #[grad]
    fn rows(w: &[Vec<f64>]) -> f64 {
        w.iter().map(|r| r.iter().sum::<f64>().exp()).sum()
    }
    let text = message(|| rows_grad(&[vec![1.0, 2.0], vec![3.0]])).expect("ragged rows");
    assert!(text.contains("`rows`") && text.contains("`w`"), "{text}");
    #[grad]
    fn squares(x: &[f64]) -> Vec<f64> {
        x.iter().map(|v| v * v).collect()
    }
    let text = message(|| squares_vjp(&[1.0, 2.0], &[1.0])).expect("a short cotangent");
    assert!(text.contains("`squares`") && text.contains('1') && text.contains('2'), "{text}");
    assert!(message(|| squares_vjp(&[1.0, 2.0], &[1.0, 2.0, 3.0])).is_some());
    #[grad]
    fn outer(x: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        x.iter().map(|a| y.iter().map(|b| a * b).collect()).collect()
    }
    assert!(message(|| outer_vjp(&[1.0, 2.0], &[1.0], &[vec![1.0], vec![]])).is_some());
    assert!(message(|| outer_vjp(&[1.0, 2.0], &[1.0], &[vec![1.0], vec![2.0]])).is_none());
}

#[test]
fn panics_of_the_function() {
    #[grad]
    fn element(x: &[f64], i: usize) -> f64 {
        x[i] * 2.0
    }
    assert!(message(|| element_grad(&[1.0], 1)).is_some());
}
