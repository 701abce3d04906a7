//! `Vec`s of tuples that grow.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn pushed() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, f64)> = Vec::new(); for w in x.windows(2) { v.push((w[0], w[1] - w[0])); } v.iter().map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for &a in x { v.push((a, a * a)); } let mut s = 0.0; for &(a, b) in &v { s += a * b; } s + v[0].1 * v[1].0 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(usize, f64)> = Vec::new(); for (i, &a) in x.iter().enumerate() { if a > 0.0 { v.push((i, a)); } } v.iter().map(|&(i, a)| a * a * i as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for i in 0..x.len() { for j in 0..i { if x[i] * x[j] > 0.0 { v.push((i, j, x[i] - x[j])); } } } let mut s = 0.0; for &(i, j, d) in &v { s += d * d * x[i] + x[j]; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![(x[0], x[1])]; v.push((x[2], x[3])); let (a, b) = v[1]; a * b + v[0].0 * v[0].1 + v.len() as f64 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, f64)> = Vec::with_capacity(3); v.push((x[0], x[1])); v.push((x[2], x[3])); let p = v.pop().unwrap(); p.0 * p.1 + v[0].0 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, f64)> = Vec::new(); v.extend(x.iter().map(|a| (*a, a.sin()))); v.truncate(4); v.iter().map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn in_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for c in x.chunks_exact(2) { v.push((c[0], c[1])); if v.len() > 1 { let n = v.len(); let (a, b) = v[n - 2]; let (c, d) = v[n - 1]; v[n - 1] = (a * c, b + d); } } v.iter().map(|p| p.0 * p.1).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); let mut t = x[0].abs() + 0.5; while t < 9.0 { t *= 1.7; v.push((t, t * x[1])); } v.iter().map(|(a, b)| a + b * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, usize)> = Vec::new(); for (i, &a) in x.iter().enumerate() { v.push((a, i)); } v.sort_by(|p, q| p.0.partial_cmp(&q.0).unwrap()); v.iter().enumerate().map(|(r, (a, i))| a * x[*i] * r as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<((f64, f64), f64)> = Vec::new(); for w in x.windows(3) { v.push(((w[0], w[1]), w[2])); } v.iter().map(|((a, b), c)| a * b * c).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<([f64; 2], f64)> = Vec::new(); for w in x.windows(3) { v.push(([w[0], w[1]], w[2])); } v.iter().map(|(p, c)| p[0] * p[1] * c).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 1..4 { let mut v = Vec::new(); for j in 0..i { v.push((x[i], x[j])); } s += v.iter().map(|(a, b)| a * b).sum::<f64>() * v.last().unwrap().1; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for &a in x { if v.is_empty() { v.push((a, 1)); continue; } let (m, k) = v[v.len() - 1]; if a > m { v.push((a, k + 1)); } } v.iter().map(|(a, k)| a * *k as f64).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, f64)> = Vec::new(); for &a in x { v.push((a, 0.0)); } for i in 1..v.len() { v[i].1 = v[i - 1].1 + v[i].0 * v[i - 1].0; } for p in v.iter_mut() { p.0 *= 2.0; } for (a, b) in &mut v { *a += *b; } v.iter().map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<(f64, f64)> = Vec::new(); for k in 0..3 { let s = v.last().map_or(x[0], |p| p.0 + p.1); v.push((s * x[k], x[k + 1])); } v[2].0 * v[2].1 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}
