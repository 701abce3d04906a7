//! `Option`s that the function makes and keeps.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn state() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best: Option<f64> = None; for &v in x { best = match best { Some(b) if b >= v => Some(b), _ => Some(v) }; } best.unwrap() * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut prev: Option<f64> = None; let mut s = 0.0; for &v in x { if let Some(p) = prev { s += (v - p) * (v - p); } prev = Some(v); } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut prev = None; let mut s = 0.0; for &v in x { if let Some(p) = prev { s += v * p; } prev = if v > 0.0 { Some(v * v) } else { None }; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut first = None; for (i, &v) in x.iter().enumerate() { if v > 1.0 && first.is_none() { first = Some((i, v)); } } match first { Some((i, v)) => v * x[0] + i as f64, None => x[1] } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p: Option<[f64; 2]> = None; let mut s = 0.0; for c in x.chunks_exact(2) { if let Some([a, b]) = p { s += (c[0] - a).powi(2) + (c[1] - b).powi(2); } p = Some([c[0], c[1]]); } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut last = None; let mut s = 0.0; for i in 0..x.len() { for j in 0..2 { if let Some(k) = last { s += x[i] * x[k]; } if j == 1 { last = Some(i); } } } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut prev = it.next(); let mut s = 0.0; while let Some(v) = it.next() { if let Some(p) = prev { s += p * v; } prev = Some(v); } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn branches() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = if x[0] > 0.7 { Some(x[1] * x[2]) } else { None }; y.unwrap_or(x[0]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y: Option<f64> = if x[0] < 0.7 { Some(x[1] * x[2]) } else { None }; if let Some(v) = y { v * v } else { 0.0 } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = (x[0] > 0.7).then(|| x[1] * x[2]); y.map(|v| v * v).unwrap_or(x[0]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = (x[0] > 0.7).then_some(x[1] * x[2]); y.map_or(x[0], |v| v * v) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let find = |t: f64| { for (i, v) in x.iter().enumerate() { if *v > t { return Some(i); } } None }; match find(1.0) { Some(i) => x[i] * x[0], None => 0.0 } } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn first_above(v: &[f64], t: f64) -> Option<usize> { for i in 0..v.len() { if v[i] > t { return Some(i); } } None } let k = first_above(x, 1.0).unwrap_or(0); x[k] * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn safe_div(a: f64, b: f64) -> Option<f64> { if b.abs() < 1e-12 { None } else { Some(a / b) } } safe_div(x[0], x[1]).unwrap_or(0.0) + safe_div(x[2], 0.0).unwrap_or(x[3]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn methods() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = x.get(6).copied().or(x.first().copied()); y.unwrap() * x[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = x.get(6).map(|v| v * 2.0).filter(|v| *v > 0.0).or_else(|| Some(x[0] * x[1])); y.unwrap_or(1.0) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let y = x.get(2).and_then(|v| if *v > 0.0 { Some(v.sqrt()) } else { None }); y.unwrap_or_default() + x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}
