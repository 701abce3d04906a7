//! Loops in branches: where the branch is not taken, neither the loop nor its derivative runs, and nothing that
//! only they read has to exist.

use grad::grad;

#[test]
fn a_fold_under_a_condition() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() > 2 { (0..3).fold(1.0, |a, i| a * x[i].sin()) } else { 0.0 } } }
        (&x) at x = vec![0.3, 0.4, 0.5, 0.6]; (&x) at x = vec![1.0, 2.0]; (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 {
        (0..n).map(|i| if i < x.len() { (0..2).fold(x[i], |a, _| a * x[i].sin()) } else { 0.5 }).sum()
    } } (&x, 4) at x = vec![0.3, 0.4]; (&x, 1) at x = vec![0.3, 0.4]; (&x, 0) at x = vec![0.3]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() > 2 { x[0] } else { (0..2).fold(x[0], |a, i| a * x[i].cos()) } } }
        (&x) at x = vec![0.3, 0.4, 0.5]; (&x) at x = vec![1.0, 2.0]);
}

#[test]
fn conditions_within_conditions() {
    gradient!({ #[grad] fn f(x: &[f64], on: bool) -> f64 {
        if on { if x.len() > 3 { (0..4).fold(1.0, |a, i| a * x[i].sin()) } else { x[0] } } else { 2.0 * x[0] }
    } } (&x, true) at x = vec![0.3, 0.4, 0.5, 0.6]; (&x, true) at x = vec![0.3]; (&x, false) at x = vec![0.3]);
    gradient!({ #[grad] fn f(x: &[f64], on: bool) -> f64 {
        let p = if on { (0..3).fold(0.5, |a, i| (a + x[i]).sin()) } else { 1.0 };
        let q = if x.len() > 4 { p * x[4] } else { 3.0 };
        p * p + q
    } } (&x, true) at x = vec![0.3, 0.4, 0.5, 0.6, 0.7]; (&x, true) at x = vec![0.3, 0.4, 0.5]; (&x, false) at x = vec![0.3]);
}

#[test]
fn one_loop_under_two_conditions() {
    gradient!({ #[grad] fn f(x: &[f64], a: bool, b: bool) -> f64 {
        let p = || (0..3).fold(0.5, |a, i| (a + x[i]).sin());
        (if a { p() * x[0] } else { 0.0 }) + (if b { p().exp() } else { 1.0 })
    } } (&x, true, true) at x = vec![0.3, 0.4, 0.5]; (&x, true, false) at x = vec![0.3, 0.4, 0.5];
        (&x, false, true) at x = vec![0.3, 0.4, 0.5]; (&x, false, false) at x = vec![0.3]);
    gradient!({ #[grad] fn f(x: &[f64], a: bool) -> f64 {
        let p = (0..2).fold(0.5, |a, i| (a + x[i]).sin());
        p + if a { p * (0..x.len()).fold(p, |a, i| a * x[i]) } else { 0.0 }
    } } (&x, true) at x = vec![0.3, 0.4, 0.5]; (&x, false) at x = vec![0.3, 0.4]);
}

#[test]
fn singular_where_not_taken() {
    // The square root has an infinite slope at zero: zero times it must not occur.
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { if x > 0.1 { (0..n).fold(x, |a, _| a.sqrt() * x) } else { 3.0 * x } } }
        (x, 3) at x = 0.5; (x, 3) at x = 0.0; (x, 3) at x = -1.0);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        x.iter().map(|&v| if v > 0.1 { (0..3).fold(v, |a, _| a.ln().abs() + v.sqrt()) } else { v * v }).sum()
    } } (&x) at x = vec![0.3, 0.0, 2.5, -1.0]);
}

#[test]
fn arrays_under_a_condition() {
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> {
        (0..n).map(|i| if i + 1 < x.len() { (0..3).fold(x[i], |a, _| (a * x[i + 1]).sin()) } else { 1.0 }).collect()
    } } (&x, 4) at x = vec![0.3, 0.4, 0.5]; (&x, 1) at x = vec![0.3, 0.4, 0.5]);
    pullback!({ #[grad] fn f(x: &[f64; 3], on: bool) -> [f64; 3] {
        if on { (0..4).fold(*x, |a, _| std::array::from_fn(|i| (a[i] * a[(i + 1) % 3]).sin())) } else { *x }
    } } (&x, true) at x = [0.3, 0.4, 0.5]; (&x, false) at x = [0.3, 0.4, 0.5]);
}

/// One value in branches of several conditions: where none of them holds, its element need not exist.
#[test]
fn one_element_under_several_conditions() {
    pullback!({ #[grad(skip(v))] fn f(x: &[f64], v: &[f64], n: usize) -> Vec<f64> {
        let mut s = 0.5;
        let mut y = vec![0.0; v.len() + 1];
        if 0 < v.len() {
            if n < 2 {
                y[0] = 0.5 / (1.5 + x[n].sin());
                s = x[n].sin();
            }
        }
        y[v.len()] = s * x[1];
        y
    } } (&x, &[0.3], 1) at x = vec![0.5, -0.7, 1.1]; (&x, &[0.3], 9) at x = vec![0.5, -0.7, 1.1]; (&x, &[], 9) at x = vec![0.5, -0.7]);
}

#[test]
fn a_number_that_only_a_loop_in_the_branch_needs() {
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64], n: usize, m: usize) -> f64 {
        let mut s = 0.0;
        for i in 0..n {
            if y[i] > 0.0 {
                let q = x[i * m].exp();
                let mut h = q;
                for j in 0..m { h = h * q + y[j] * y[j]; }
                s += h;
            }
        }
        s
    } } (&x, &y, 3, 2) at x = vec![0.3, 0.2, -0.4, 0.1], y = vec![0.5, 0.7, -0.2]);
}
