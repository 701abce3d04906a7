//! Iterators that stop, skip, keep state, or have no end.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn while_something_holds() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().take_while(|&&v| v > -1.0).map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().take_while(|v| **v < 1.9).sum::<f64>() * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().skip_while(|&&v| v > 0.0).map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map_while(|&v| if v < 1.9 { Some(v * v) } else { None }).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn with_state() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().scan(0.0, |s, &v| { *s += v; Some(*s) }).map(|c| c * c).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let c: Vec<f64> = x.iter().scan(1.0, |s, &v| { *s *= 1.0 + 0.1 * v; Some(*s) }).collect(); c[0] * c[c.len() - 1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let c: Vec<f64> = x.iter().scan(0.0, |acc, v| { *acc = *acc * 0.9 + v; Some(*acc) }).collect(); let mut s = 0.0; for (a, b) in c.iter().zip(x) { s += a * b; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn without_end() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in (0..).zip(x) { s += v * f64::from(i); } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in (1..).zip(x.iter()) { s += v.powi(i); } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (v, i) in x.iter().zip(0..) { s += v * i as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in (1usize..).zip(x.iter()) { s += v / i as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().zip((0..).map(|k| 0.5_f64.powi(k))).map(|(a, w)| a * w).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (1..).zip(x).map(|(k, v)| v * v / k as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().zip(std::iter::repeat(2.0)).map(|(a, b)| a * b * a).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().zip(std::iter::successors(Some(1.0), |p| Some(p * 0.5))).map(|(a, w)| a * w).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { std::iter::successors(Some(x[0]), |v| Some(v.sin() + x[1])).take(5).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y: Vec<f64> = std::iter::repeat(x[0]).take(4).collect(); y[0] * y[3] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let c = [x[0], x[1], x[2]]; x.iter().cycle().take(10).zip(c.iter().cycle()).map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().zip(x.iter().cycle().skip(1)).map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn of_many() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter_map(|&v| if v > 0.0 { Some(v.sqrt()) } else { None }).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter_map(|&v| (v > 0.0).then(|| v.sqrt())).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y: Vec<f64> = x.iter().flat_map(|&v| [v, v * v]).collect(); y[1] * y[2] + y[5] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().flat_map(|&a| x.iter().map(move |&b| a * b)).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..3).flat_map(|i| (0..2).map(move |j| (i, j))).map(|(i, j)| x[i] * x[j + 3]).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = vec![vec![x[0], x[1]], vec![x[2], x[3]]]; m.iter().flatten().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = [[x[0], x[1]], [x[2], x[3]]]; m.into_iter().flatten().fold(0.0, |a, v| a * 0.5 + v) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = [[x[0], x[1]], [x[2], x[3]]]; m.concat().iter().map(|v| v.sin()).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn apart() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|v| (v.sin(), v.cos())).unzip(); a.iter().zip(&b).map(|(p, q)| p * q * p).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (p, n): (Vec<f64>, Vec<f64>) = x.iter().partition(|v| **v > 0.0); p.iter().sum::<f64>() * n.iter().sum::<f64>() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn in_place() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); a.copy_within(0..2, 3); a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![x[0]; 5]; a[1..4].fill(x[1]); a.fill_with(|| 0.5); a[2] = x[2]; a.iter().map(|v| v * x[0]).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); if let Some(v) = a.get_mut(2) { *v *= x[0]; } if let Some(v) = a.iter_mut().next() { *v += 1.0; } a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}
