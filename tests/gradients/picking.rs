//! One of many: `position`, `find`, `max_by`, `last` and their like; sorted, and without repetitions.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn positions() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if let Some(k) = x.iter().position(|&v| v > 1.0) { x[k] * x[0] + k as f64 * x[1] } else { x[0] } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = x.iter().position(|v| *v < 0.0).unwrap_or(x.len() - 1); x[k] * x[k] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { match x.iter().position(|&v| v < -100.0) { Some(k) => x[k], None => x[0] * x[1] } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = x.iter().rposition(|&v| v > 0.0).unwrap(); x[k] * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { *x.iter().find(|&&v| v > 0.6).unwrap_or(&x[0]) * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if let Some(v) = x.iter().find(|v| **v < 0.0) { v * v } else { 0.0 } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn extremes() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { *x.iter().max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap() * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { *x.iter().min_by(|a, b| a.total_cmp(b)).unwrap() * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap() * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().min_by(f64::total_cmp).unwrap() * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (i, m) = x.iter().enumerate().max_by(|a, b| a.1.partial_cmp(b.1).unwrap()).unwrap(); m * x[0] + i as f64 * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = x.iter().enumerate().max_by(|(_, a), (_, b)| a.partial_cmp(b).unwrap()).map(|(i, _)| i).unwrap(); x[k] * x[k] + x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = (0..x.len()).max_by(|&i, &j| x[i].partial_cmp(&x[j]).unwrap()).unwrap(); x[k] * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = (0..x.len()).min_by_key(|&i| (i as i32 - 3).abs()).unwrap(); x[k] * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = (0..x.len()).max_by_key(|&i| (i * 5) % 7).unwrap(); x[k] * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let idx = [3usize, 1, 4, 2]; let m = idx.iter().copied().max().unwrap(); let l = *idx.iter().min().unwrap(); x[m] * x[l] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let k = x.iter().map(|v| (v * 9.7) as i32).max().unwrap(); x[0] * k as f64 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|&v| v * v).max_by(|a, b| a.partial_cmp(b).unwrap()).unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|&v| (v - 0.63).abs()).min_by(|a, b| a.partial_cmp(b).unwrap()).unwrap_or(0.0) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn ends() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().reduce(|a, b| a * 0.5 + b).unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().reduce(f64::max).unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { *x.iter().last().unwrap() * x.iter().nth(2).unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().next().unwrap() * x.iter().rev().next().unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().skip(1).next().unwrap() * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn sorted() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.sort_by(|a, b| a.partial_cmp(b).unwrap()); v.iter().enumerate().map(|(i, a)| a * (i as f64 + 1.0)).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.sort_unstable_by(f64::total_cmp); let n = v.len(); 0.5 * (v[n / 2] + v[(n - 1) / 2]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.sort_by(|a, b| b.total_cmp(a)); v[0] * 3.0 + v[1] * 2.0 + v[2] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut idx: Vec<usize> = (0..x.len()).collect(); idx.sort_by(|&i, &j| x[i].partial_cmp(&x[j]).unwrap()); let mut s = 0.0; for (r, &i) in idx.iter().enumerate() { s += x[i] * x[i] * r as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut idx: Vec<usize> = (0..x.len()).collect(); idx.sort_unstable_by(|&i, &j| x[j].total_cmp(&x[i])); x[idx[0]] * x[idx[1]] + x[idx[2]] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut k = vec![5, 3, 1, 4]; k.sort(); k.dedup(); k.iter().map(|&i| x[i]).product() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut k = [5usize, 3, 1, 4]; k.sort_unstable(); x[k[0]] * 2.0 + x[k[3]] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut w: Vec<(f64, f64)> = x.iter().map(|&v| (v.sin(), v)).collect(); w.sort_by(|a, b| a.0.partial_cmp(&b.0).unwrap()); w.iter().enumerate().map(|(i, p)| p.0 * p.1 * i as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut idx: Vec<usize> = (0..x.len()).collect(); idx.sort_by_key(|&i| (i * 5) % 7); idx.iter().enumerate().map(|(r, &i)| x[i] * r as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<usize> = x.iter().map(|a| (a.abs() * 2.0) as usize).collect(); v.sort(); v.dedup(); x[0] * v.len() as f64 + x[v[0]] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}
