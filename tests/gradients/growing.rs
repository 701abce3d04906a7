//! `Vec`s that change their length.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn between_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); v.push(x[0]); v.push(x[1] * x[0]); v.push(v[0] * v[1]); let mut s = 0.0; for a in &v { s += a * a; } s * v.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.extend(x.iter().map(|a| a * a)); v.extend_from_slice(&x[1..3]); v.push(x[0]); v.truncate(9); v.resize(12, x[3]); let top = v.pop().unwrap(); v.swap(0, 7); let mut s = 0.0; for (i, a) in v.iter().enumerate() { s += a * a * (i + 1) as f64; } s * top } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut row = vec![1.0]; row.resize(n, 0.0); for i in 0..n { row[i] += x[i % x.len()]; } row.truncate(2); row[0] * row[1] } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![]; for a in x { v.push(a.sin()); } v.clear(); v.push(x[0]); v.push(2.0); v[0] * v[1] } } (&x) at x = X.to_vec());
}

#[test]
fn in_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for a in x { v.push(a * a); } let mut s = 1.0; for i in 0..v.len() { s *= v[i] + x[i]; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<f64> = Vec::with_capacity(x.len()); for i in 0..x.len() { let before = if i == 0 { 0.0 } else { v[i - 1] }; v.push(before * 0.5 + x[i]); } v.iter().map(|a| a * a).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![1.0]; for a in x { let last = v[v.len() - 1]; v.push(last * a + 1.0); } *v.last().unwrap() * v[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![x[0]]; for a in x { let last = *v.last().unwrap(); v.push(last * a); v.push(a.sin()); } let mut s = 0.0; for (i, a) in v.iter().enumerate() { s += a * i as f64; } s * v.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = Vec::new(); for i in 0..x.len() { p.push((i * 3) % x.len()); } let mut s = 1.0; for &k in &p { s = s * x[k] + 0.5; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for &a in x { v.push(a); if a > 1.5 { break; } } let mut s = 0.0; for a in &v { s += a * a; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 0.5]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut hist = Vec::new(); let mut y = x[0]; for i in 0..6 { hist.push(y); y = 0.9 * y + 0.1 * x[i % x.len()].sin(); } for i in 1..hist.len() { y += hist[i] * hist[i - 1]; } y } } (&x) at x = X.to_vec());
}

#[test]
fn in_nested_loops() {
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut v = Vec::new(); for i in 0..n { for j in 0..n { v.push(x[i] * x[j] + (i + 2 * j) as f64); } } let mut s = 1.0; for i in 0..n { s *= v[i * n + (n - 1 - i)]; } s } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut v = Vec::new(); for i in 0..n { v.push(x[i]); for j in 0..2 { let l = v[v.len() - 1]; v.push(l * x[j]); } } v.iter().enumerate().map(|(i, a)| a * a * i as f64).sum() } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut v = Vec::new(); for i in 0..n { v.extend_from_slice(&x[i..i + 2]); } v.resize(2 * n + 1, 2.0); let mut s = 1.0; for a in v { s = s * a + 0.1; } s } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { let mut t = Vec::new(); for j in 0..i { t.push(x[j] * x[i]); } let mut p = 1.0; for a in &t { p *= a + 1.0; } s += p; } s } } (&x) at x = X.to_vec());
}

#[test]
fn rows_and_results() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut rows = Vec::new(); for i in 0..3 { let mut row = vec![0.0; 2]; for j in 0..2 { row[j] = x[i] * x[j + 1]; } rows.push(row); } let mut s = 0.0; for r in &rows { s += r[0] * r[1]; } s * rows[2][0] } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut v = Vec::with_capacity(x.len()); let mut s = 0.0; for a in x { s += a * a; v.push(s); } v } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let n = x.len(); let mut y = vec![0.0; n]; for i in 0..n { let mut s = 0.0; for j in 0..=i { s += x[j] * x[i]; } y[n - 1 - i] = s; } y } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> [[f64; 2]; 2] { let mut m = [[0.0; 2]; 2]; for (k, v) in x.iter().enumerate() { m[k / 2][k % 2] = v * v; } m[1][1] += m[0][0]; m } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> (f64, f64) { let mut i = 0; let mut s = 0.0; while i < x.len() { if x[i] > 1.5 { return (s, x[i]); } s += x[i] * x[i]; i += 1; } (s * s, 0.0) } } (&x) at x = X.to_vec(); (&x) at x = vec![0.5, 1.0]);
}
