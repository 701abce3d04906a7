//! Parameters behind `&mut`: written, read and written, handed on, taken apart; references inside the function.

use grad::grad;
use ndarray::{Array1, Array2, arr1, arr2};

use crate::check::Flat;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn through_slices() {
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { for o in out { *o = x[0] * *o; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { fn fill(v: &mut [f64], k: f64) { for (i, e) in v.iter_mut().enumerate() { *e += k * i as f64; } } fill(out, x[0]); fill(&mut out[1..], x[1]); fill(out, 2.0 * x[2]); } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { x.iter().zip(out).for_each(|(v, o)| *o = v * v + *o); } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { for (v, o) in x.iter().zip(out) { *o = v * v + *o; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { let o = out; o[0] = x[1]; o[1] *= x[0]; } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
}

#[test]
fn taken_apart() {
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { let o = &mut *out; o[0] = x[1]; out[1] *= x[0]; } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { let (a, b) = out.split_at_mut(2); a[0] = b[0] * x[0]; b.copy_from_slice(&x[..4]); a.swap(0, 1); } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { let [a, b, ..] = out else { return }; *a = x[0] * *b; *b += x[1]; } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: f64, out: &mut [f64; 3]) { let [a, b, c] = out; *a = x * *b; *b += x; std::mem::swap(b, c); } } (x, &mut y) [x = 1.5] [y d = [1.0, 2.0, 3.0]] unit);
    changes!({ #[grad] fn f(x: f64, out: &mut [f64; 2]) { *out = [x * out[1], x + out[0]]; } } (x, &mut y) [x = 1.5] [y d = [1.0, 2.0]] unit);
    changes!({ #[grad] fn f(x: f64, out: &mut [f64; 2]) { let [a, b] = *out; out[0] = x * b; out[1] = x + a; } } (x, &mut y) [x = 1.5] [y d = [1.0, 2.0]] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { if let [a, .., b] = out { *a = x[0] * *b; *b += x[1]; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { match out { [] => {} [a] => *a = x[0], [a, rest @ ..] => { *a *= x[1]; for r in rest { *r += x[0]; } } } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { let Some((first, rest)) = out.split_first_mut() else { return }; *first = x[0]; for r in rest.iter_mut() { *r *= *first; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
}

#[test]
fn numbers() {
    changes!({ #[grad(vjp)] fn f(a: f64, b: f64, s: &mut f64, t: &mut f64) -> f64 { *s += a * b; *t = *s * a; std::mem::swap(s, t); *s - b } } (a, b, &mut s, &mut t) [a = 1.5, b = -0.7] [s d = 0.3, t e = 2.0] value);
    changes!({ #[grad(vjp)] fn f(a: f64, s: &mut f64) -> f64 { fn bump(v: &mut f64, by: f64) -> f64 { *v += by; *v } let p = bump(s, a); let q = bump(s, a * a); p * q } } (a, &mut s) [a = 1.5] [s d = 0.3] value);
    changes!({ #[grad(vjp)] fn f(a: f64, s: &mut f64) -> f64 { let old = std::mem::replace(s, a); let y = s.sin() * old; if *s > 1.0 { *s = -*s; } y + s.powi(2) } } (a, &mut s) [a = 1.5] [s d = 0.3] value);
}

#[test]
fn states() {
    changes!({ #[grad] fn f(x: &[f64], a: &mut [f64], b: &mut [f64]) { for k in 0..3 { for i in 1..a.len() - 1 { b[i] = a[i] + 0.1 * (a[i - 1] - 2.0 * a[i] + a[i + 1]) * x[k]; } a.copy_from_slice(b); } } } (&x, &mut a, &mut b) [x = X.to_vec()] [a d = Y[..6].to_vec(), b e = X.to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], a: &mut Vec<f64>, b: &mut Vec<f64>) { for k in 0..3 { for i in 1..a.len() - 1 { b[i] = a[i] + 0.1 * (a[i - 1] - 2.0 * a[i] + a[i + 1]) * x[k]; } std::mem::swap(a, b); } } } (&x, &mut a, &mut b) [x = X.to_vec()] [a d = Y[..6].to_vec(), b e = X.to_vec()] unit);
    changes!({ #[grad] fn f(n: usize, y: &mut [f64]) { fn rhs(y: &[f64], k: &mut [f64]) { k[0] = y[1]; k[1] = -y[0].sin(); } let mut k = [0.0; 2]; for _ in 0..n { rhs(y, &mut k); for (y, k) in y.iter_mut().zip(&k) { *y += 0.1 * k; } } } } (5, &mut y) [] [y d = vec![0.7, 0.3]] unit);
    changes!({ #[grad] fn f(n: usize, y: &mut [f64; 2]) { let rhs = |y: &[f64; 2]| [y[1], -y[0].sin()]; for _ in 0..n { let k1 = rhs(y); let mid = [y[0] + 0.05 * k1[0], y[1] + 0.05 * k1[1]]; let k2 = rhs(&mid); y[0] += 0.1 * k2[0]; y[1] += 0.1 * k2[1]; } } } (5, &mut y) [] [y d = [0.7, 0.3]] unit);
}

#[test]
fn rows() {
    changes!({ #[grad] fn f(x: &[f64], m: &mut [[f64; 2]]) { for (row, v) in m.iter_mut().zip(x) { row[0] = *v; row[1] *= v; row.swap(0, 1); } m[0] = [x[0], x[1]]; m.swap(0, 2); } } (&x, &mut m) [x = X.to_vec()] [m d = vec![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]] unit);
    changes!({ #[grad] fn f(x: &[f64], m: &mut [Vec<f64>]) { for row in m.iter_mut() { for (e, v) in row.iter_mut().zip(x) { *e *= v; } row[0] = x[1]; } let r = &mut m[1]; r[1] = x[0] * r[2]; } } (&x, &mut m) [x = X.to_vec()] [m d = vec![vec![1.0, 2.0, 3.0], vec![3.0, 4.0, 5.0]]] unit);
}

#[test]
fn with_results() {
    changes!({ #[grad(vjp)] fn f(x: &[f64], out: &mut [f64]) -> Vec<f64> { let mut r = vec![0.0; x.len()]; for i in 0..x.len() { r[i] = x[i] * out[i]; out[i] = r[i] + 1.0; } r } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] value);
    changes!({ #[grad(vjp)] fn f(x: &[f64], out: &mut [f64]) -> [f64; 2] { out.sort_by(|a, b| a.partial_cmp(b).unwrap()); out[0] *= x[0]; [out[0], out[1] * x[1]] } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] value);
}

#[test]
fn early() {
    changes!({ #[grad] fn f(x: &[f64], n: &mut usize, out: &mut [f64]) { for &v in x { if v > 0.0 { out[*n] = v * v; *n += 1; } } } } (&x, &mut 1, &mut y) [x = X.to_vec()] [y d = Y.to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { if x[0] > 1.0 { return; } out[0] = x[0]; if x[1] < 0.0 { out.fill(x[1]); return; } out[1] = x[1]; } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { out.iter_mut().enumerate().for_each(|(i, o)| { *o = if i < 2 { x[i] } else { *o * x[i] } }); if let Some(l) = out.last_mut() { *l += x[0]; } if let Some(f) = out.first_mut() { *f *= 2.0; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(x: &[f64], out: &mut [f64]) { for c in out.chunks_mut(4) { let s: f64 = c.iter().sum(); for v in c.iter_mut() { *v = *v / s * x[0]; } } out[..2].reverse(); out[2..].rotate_left(1); } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
}

#[test]
fn ndarrays() {
    changes!({ #[grad] fn f(x: &Array2<f64>, y: &mut Array2<f64>) { y.assign(&x.t()); *y += x; y.row_mut(0).fill(0.5); y[[1, 1]] *= x[[0, 0]]; y.swap([0, 0], [1, 0]); } } (&x, &mut y) [x = arr2(&[[1.0, 2.0], [3.0, 4.0]])] [y d = arr2(&[[0.5, 2.0], [1.0, -4.0]])] unit);
    changes!({ #[grad] fn f(x: &Array1<f64>, y: &mut Array1<f64>) { for (o, v) in y.iter_mut().zip(x) { *o += v * v; } y.iter_mut().for_each(|v| *v *= 2.0); let s = y.sum(); y.mapv_inplace(|v| v / s); } } (&x, &mut y) [x = arr1(&[1.0, 2.0])] [y d = arr1(&[0.5, 2.0])] unit);
    changes!({ #[grad] fn f(w: &Array2<f64>, x: &Array1<f64>, y: &mut Array1<f64>) { for (i, o) in y.iter_mut().enumerate() { *o = w.row(i).dot(x).tanh(); } } } (&w, &x, &mut y) [w = arr2(&[[1.0, 2.0], [3.0, 4.0]]), x = arr1(&[0.1, -0.2])] [y d = arr1(&[0.5, 2.0])] unit);
    changes!({ #[grad] fn f(w: &Array2<f64>, x: &Array1<f64>, y: &mut Array1<f64>) { *y = w.dot(x) + &*y; let z = y.clone(); y[0] = z[1] * z[0]; *y *= 3.0; } } (&w, &x, &mut y) [w = arr2(&[[1.0, 2.0], [3.0, 4.0]]), x = arr1(&[0.1, -0.2])] [y d = arr1(&[0.5, 2.0])] unit);
}

#[test]
fn inside() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [x[0], x[1], x[2]]; for w in 0..2 { let [p, q, _] = &mut a; *p += *q; *q *= x[w]; } a[0] * a[1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![(x[0], x[1]); 3]; for (i, (p, q)) in a.iter_mut().enumerate() { *p += x[i]; *q *= *p; } a.iter().map(|(p, q)| p * q).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut t = (x[0], x[1]); { let (a, b) = &mut t; *a *= *b; std::mem::swap(a, b); } t.0 - 2.0 * t.1 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); if let Some(v) = a.iter_mut().max_by(|p, q| p.partial_cmp(q).unwrap()) { *v *= x[0]; } a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); if let Some(v) = a.iter_mut().find(|v| **v < 0.0) { *v *= x[0]; } a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for v in a.iter_mut().filter(|v| **v < 0.0) { *v *= x[0]; } a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for v in a.iter_mut().take_while(|v| **v > -1.0) { *v *= x[0]; } *a.iter_mut().last().unwrap() = x[1]; a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut m = vec![vec![x[0]; 3]; 2]; for v in m.iter_mut().flatten() { *v *= x[1]; } for v in m.iter_mut().flat_map(|r| r.iter_mut()) { *v += 1.0; } m[0][1] * m[1][2] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut m = [[x[0]; 3]; 2]; for (i, v) in m.iter_mut().flatten().enumerate() { *v *= x[i % 3]; } m[0][1] * m[1][2] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = [[x[0], x[1]], [x[2], x[3]]]; m.iter().flatten().enumerate().map(|(i, v)| v * v * i as f64).sum::<f64>() * m.iter().flatten().copied().reduce(|a, b| a * 0.5 + b).unwrap() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len() / 2; let m: Vec<Vec<f64>> = (0..2).map(|i| x[i * n..(i + 1) * n].to_vec()).collect(); let mut s = 1.0; for (v, w) in m.iter().flatten().zip(x) { if *v < -5.0 { break; } s = s * 0.9 + v * w; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn literals() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut best, mut at) = (f64::NEG_INFINITY, (0, 0)); for i in 0..x.len() { for j in 0..i { let v = x[i] * x[j]; if v > best { best = v; at = (i, j); } } } best + x[at.0] * 3.0 - x[at.1] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut t = (0, 0.0); for (i, v) in x.iter().enumerate() { if *v > t.1 { t = (i, *v); } } x[t.0] * t.1 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut t = (0.0, 0); for v in x { t.0 += v * v; t.1 += 1; } t.0 / t.1 as f64 } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: Vec<f64>) -> f64 { let mut x = x; x[0] *= x[1]; x.push(1.0); x.into_iter().map(|v| v * v).sum() } } (x.clone()) at x = X.to_vec());
}

#[test]
fn of_signatures() {
    changes!({ #[grad] fn f(x: &[f64], y: &mut [f64]) { for (o, v) in y.iter_mut().zip(x) { *o = v * v; } } } (&x, &mut y) [x = X.to_vec()] [y d = vec![9.0; 6]] unit);
    changes!({ #[grad] fn f(x: &[f64], y: &mut Vec<f64>) { for (i, v) in x.iter().enumerate() { y[i] += v.sin() * y[0]; } } } (&x, &mut y) [x = X.to_vec()] [y d = Y[..6].to_vec()] unit);
    changes!({ #[grad] fn f(q: &[f64; 4], r: &mut [[f64; 3]; 3]) { let [w, x, y, z] = *q; r[0] = [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)]; r[1] = [2.0 * (x * y + w * z), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - w * x)]; r[2] = [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), 1.0 - 2.0 * (x * x + y * y)]; } } (&q, &mut r) [q = [0.5, -0.3, 0.7, 0.2]] [r d = [[0.0; 3]; 3]] unit);
    changes!({ #[grad] fn f(m: &mut [[f64; 3]; 3]) { for i in 0..3 { for j in 0..i { let t = m[i][j]; m[i][j] = m[j][i]; m[j][i] = t; } } for r in m.iter_mut() { let n = r.iter().map(|v| v * v).sum::<f64>().sqrt(); for v in r { *v /= n; } } } } (&mut m) [] [m d = [[1.0, 2.0, 3.0], [-1.0, 0.5, 2.0], [0.3, 0.2, 4.0]]] unit);
    changes!({ #[grad] fn f<const N: usize>(a: &[[f64; N]; N], x: &[f64; N], y: &mut [f64; N]) { for (yi, row) in y.iter_mut().zip(a) { *yi = row.iter().zip(x).map(|(a, b)| a * b).sum(); } } } (&a, &x, &mut y) [a = [[1.0, 2.0], [3.0, -1.0]], x = [0.3, 0.7]] [y d = [0.0; 2]] unit);
    changes!({ #[grad] fn f(l: &[Vec<f64>], b: &mut [f64]) { let n = b.len(); for i in 0..n { for j in 0..i { b[i] -= l[i][j] * b[j]; } b[i] /= l[i][i]; } for i in (0..n).rev() { for j in i + 1..n { b[i] -= l[j][i] * b[j]; } b[i] /= l[i][i]; } } } (&l, &mut b) [l = vec![vec![2.0, 0.0, 0.0], vec![0.5, 1.5, 0.0], vec![-0.3, 0.7, 3.0]]] [b d = vec![1.0, 2.0, -1.0]] unit);
    changes!({ #[grad] fn f(x: &Array1<f64>, y: &mut Array1<f64>) { for i in 0..x.len() { y[i] = x[i] * x[(i + 1) % x.len()]; } } } (&x, &mut y) [x = arr1(&X)] [y d = arr1(&Y[..6])] unit);
    changes!({ #[grad] fn f(x: &Array2<f64>, y: &mut Array2<f64>) { let (n, m) = x.dim(); for i in 0..n { for j in 0..m { y[[i, j]] += x[[i, j]] * x[(0, j)]; } } } } (&x, &mut y) [x = arr2(&[[1.0, 2.0], [3.0, 4.0]])] [y d = arr2(&[[0.5, 2.0], [1.0, -4.0]])] unit);
    changes!({ #[grad] fn f(x: &Array1<f64>, a: &mut Array2<f64>) { for (mut row, &v) in a.rows_mut().into_iter().zip(x) { row *= v; row[0] += 1.0; } } } (&x, &mut a) [x = arr1(&[0.5, 1.5])] [a d = arr2(&[[1.0, 2.0, 0.5], [3.0, 4.0, -1.0]])] unit);
    changes!({ #[grad(vjp)] fn f(x: f64, v: &mut Vec<f64>, w: &mut [f64; 2]) -> f64 { std::mem::swap(&mut v[0], &mut w[1]); v.swap(0, 1); w[0] = v[0] * x; v[1] += w[0]; v.iter().sum::<f64>() * w[1] } } (x, &mut v, &mut w) [x = 1.3] [v d = vec![0.5, 2.0, -1.0], w e = [3.0, 4.0]] value);
}
