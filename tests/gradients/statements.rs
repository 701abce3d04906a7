//! Every kind of statement that is read, each in the small program that one would write with it.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn heads_of_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..=x.len() - 1).rev() { s = s * 0.5 + x[i]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for i in (1..x.len()).step_by(2) { s *= x[i] - x[i - 1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..x.len()).rev().step_by(2) { s += x[i] * i as f64; s = s.sin(); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..x.len() as i32).rev() { s += x[i as usize] * f64::from(i); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in x.iter().enumerate().skip(1) { if i % 2 == 1 { s += v * v; } else { s -= v; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { let mut s = 1.0; for ((i, a), b) in x.iter().enumerate().zip(y.iter().rev()) { s = s * a.cos() + b * i as f64; } s } } (&x, &y) at x = X.to_vec(), y = vec![1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[[f64; 2]]) -> f64 { let mut s = 0.0; for [a, b] in x { s += a * b; } for &[a, b] in x.iter().rev() { s = s * a - b; } s } } (&x) at x = vec![[0.5, 1.0], [2.0, -0.5]]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().filter(|v| **v > 0.0) { s += v * v; } for (i, v) in x.iter().enumerate().filter(|(i, _)| i % 2 == 0) { s += v * i as f64; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().take(3).chain(x.iter().skip(2)) { s = 0.5 * s + v * v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut s = 1.0; for v in *x { s = s * v + 1.0; } for v in x.iter().copied() { s += v * v; } for v in x.into_iter() { s -= v; } s } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let it = x.iter().zip(x[1..].iter()).map(|(a, b)| a * b).enumerate(); let mut s = 0.0; for (i, v) in it { s += v * (i + 1) as f64; } s } } (&x) at x = X.to_vec());
}

#[test]
fn places_in_iterators() {
    gradient!({ #[grad] fn f(x: &[f64; 6]) -> f64 { let mut a = *x; for c in a.chunks_exact_mut(2) { let t = c[0]; c[0] = c[1] * t; c[1] = t + 1.0; } for v in a.iter_mut() { *v *= *v; } a.iter().sum() } } (&x) at x = [0.5, -1.25, 2.0, 0.1, 0.7, 0.9]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for (i, v) in a.iter_mut().enumerate() { *v = v.sin() * i as f64 + x[0]; } for (v, w) in a.iter_mut().zip(x) { *v += w * *v; } a.iter().product() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.iter_mut().for_each(|a| *a *= 2.0); let mut s = 0.0; v.iter().for_each(|a| s += a * a); s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; 2 * x.len()]; for (i, c) in v.chunks_exact_mut(2).enumerate() { c[0] = x[i]; c[1] = x[i] * x[i]; } for (c, a) in v.chunks_mut(2).zip(x) { c[1] += a; } v.iter().map(|t| t * t).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![vec![1.0; 3]; 2]; for (i, row) in a.iter_mut().enumerate() { for (j, v) in row.iter_mut().enumerate() { *v = x[i] * x[j]; } } for row in &mut a { row[0] *= row[1]; for v in row { *v += x[3]; } } let mut s = 0.0; for row in &a { for v in row { s += v * v; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for v in a.iter_mut().rev() { *v *= 2.0; } for v in a.iter_mut().skip(1).step_by(2) { *v = v.sin(); } for v in &mut a[2..] { *v += x[0]; } for v in a[1..].iter_mut() { *v *= *v; } a.iter().sum::<f64>() / a.len() as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn windows_chunks_and_slices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for w in x.windows(2) { s = s * w[0] + w[1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (a, b) = x.split_at(2); let mut s = 0.0; for (p, q) in a.iter().zip(b) { s += p * q; } s * b[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let n = v.len(); let (a, b) = v.split_at_mut(n / 2); for i in 0..a.len() { a[i] *= b[i]; b[i] += a[i]; } v.iter().map(|t| t * t).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for c in x.chunks(3) { let mut p = 1.0; for v in c { p *= v; } s += p * c.len() as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let a = &x[1..n]; let b = &a[..2]; let mut s = 0.0; for v in &x[n - 2..] { s += v * b[0]; } s * a[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); { let t = &mut v[1..3]; t[0] *= t[1]; t[1] = 2.0 * t[0]; } let mut s = 0.0; for i in 0..v.len() { s += v[i] * v[i]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (a, b) in x.chunks_exact(2).zip(x.chunks_exact(2).skip(1)) { s += a[0] * b[1] - a[1] * b[0]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for c in x.chunks_exact(2) { let [a, b]: [f64; 2] = c.try_into().unwrap(); s += a.sin() * b; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![[0.0; 2]; 3]; for i in 1..3 { let (done, rest) = a.split_at_mut(i); rest[0][0] = done[i - 1][1] + x[i]; rest[0][1] = rest[0][0] * x[0]; } a[2][1] * a[1][0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], m: &[usize]) -> f64 { let mut s = 0.0; let mut at = 0; for &k in m { let part = &x[at..at + k]; let mut p = 1.0; for v in part { p *= v; } s += p; at += k; } s } } (&x, &[1, 2, 1]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, c) in x.chunks(3).enumerate() { let mut p = 1.0; for v in c { p *= v; } s += p * (c.len() + i) as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for c in v.chunks_mut(3) { let n = c.len(); c[0] *= c[n - 1]; for t in c.iter_mut() { *t += 1.0; } } v.iter().product() } } (&x) at x = X.to_vec());
}

#[test]
fn swaps_and_copies() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for i in 0..v.len() / 2 { let j = v.len() - 1 - i; v.swap(i, j); } let mut s = 0.0; for (i, a) in v.iter().enumerate() { s += a * i as f64 * a; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut b = vec![0.0; x.len()]; for _ in 0..3 { for i in 0..a.len() { b[i] = a[i] * a[(i + 1) % a.len()]; } std::mem::swap(&mut a, &mut b); } a.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.reverse(); v.fill(x[0]); v[1..3].copy_from_slice(&x[..2]); v[3] = v[1]; let w = v.clone(); v.clone_from_slice(&w); let mut s = 1.0; for a in &v { s *= a; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], ok: &[bool]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if i < ok.len() && ok[i] { s += x[i].sin(); } } s } } (&x, &[true, false]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut a = vec![vec![0.0; n]; n]; for i in 0..n { for j in 0..n { a[i][j] = x[i] + (i * j) as f64 * x[j]; } } let r = a[1].clone(); a[0] = r; let t = &mut a[2]; t[0] = t[1] * 2.0; a.swap(0, 3); let row = &a[3]; let mut s = 0.0; for j in 0..n { s += row[j] * a[2][j]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut a = x; let b = std::mem::replace(&mut a, x * x); a * b + a } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut u = x.to_vec(); let n = u.len(); for _ in 0..4 { let old = u.clone(); for i in 1..n - 1 { u[i] = old[i] + 0.1 * (old[i - 1] - 2.0 * old[i] + old[i + 1]); } } u.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.rotate_left(1); v.iter().zip(x).map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn tuples() {
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let (mut a, mut b) = (x, y); for _ in 0..3 { (a, b) = (b, a * b); } a + 2.0 * b } } (x, y) at x = 0.5, y = 2.0);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut a = *x; [a[0], a[1]] = [a[1] * a[2], a[0]]; (a[2], a[3]) = (a[3].sin(), a[2]); a[0] * a[1] + a[2] * a[3] } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut acc = (0.0, 1.0); for &v in x { let (s, p) = acc; acc = (s + v * p, p * v); } acc.0 * acc.1 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = [(0.0, 1.0); 3]; for i in 0..3 { p[i].0 += x[i]; p[i].1 *= x[i + 1]; } let mut s = 0.0; for (a, b) in p { s += a * b; } for (a, b) in &p { s *= a - b; } s } } (&x) at x = X.to_vec());
}

#[test]
fn match_as_a_statement() {
    gradient!({ #[grad] fn f(x: f64, n: i32, k: usize) -> f64 { let mut y = x; match (n, k) { (0, _) => y *= 2.0, (i, 0..=3) if i < 0 => { y += 1.0; y *= y; } (_, 4 | 5) => y = y.sin(), (1..=9, j) => y *= j as f64, _ => {} } y * x } }
        (x, 0, 0) at x = 0.5; (x, -1, 2) at x = 0.5; (x, 3, 4) at x = 0.5; (x, 3, 7) at x = 0.5; (x, 30, 7) at x = 0.5; (x, -3, 7) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for &v in x { match v { v if v < 0.0 => continue, v if v > 1.5 => { s += 1.0; break } w @ 0.0..=0.3 => s += w * w, _ => s += v.exp() } s *= 2.0; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, y: f64, n: i32) -> f64 { match (x > y, n) { (true, 0) => x * y, (true, k @ 1..=5) => x * k as f64, (true, _) => y * y * x, (false, -3 | 3) => x.sin() * y, (false, k) if k < 0 => y * x * x, (false, _) => 3.0 * x * y } } } (x, y, 0) at x = 2.0, y = 1.0; (x, y, 3) at x = 2.0, y = 1.0; (x, y, 9) at x = 2.0, y = 1.0; (x, y, -3) at x = 1.0, y = 2.0; (x, y, -2) at x = 1.0, y = 2.0; (x, y, 4) at x = 1.0, y = 2.0);
}

#[test]
fn closures_and_local_functions() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut n = 0; let mut sum = 0.0; let mut add = |v: f64| { n += 1; sum += v * n as f64; }; for v in x { add(*v); add(v * v); } sum * n as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn step(a: f64, b: f64) -> f64 { let mut t = a; for _ in 0..2 { t = t * b + 1.0; } t } let mut s = 1.0; for &v in x { s = step(s, v); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn scale(v: &mut [f64], k: f64) { for a in v.iter_mut() { *a *= k; } } let mut v = x.to_vec(); scale(&mut v, x[0]); scale(&mut v[1..], 3.0); v.iter().map(|a| a * a).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let last = |v: &[f64]| { if v.is_empty() { return 1.0; } v[v.len() - 1] * 2.0 }; last(x) * last(&x[..0]) + last(&x[..2]) } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut bump = |i: usize, d: f64| { a[i] += d * a[0]; }; bump(1, 2.0); bump(0, x[2]); a[0] * a[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn grow(s: &mut f64, v: f64) -> f64 { if v < 0.0 { return *s; } *s += v; *s * v } let mut s = 1.0; let mut t = 0.0; for &v in x { t += grow(&mut s, v); } s * t } } (&x) at x = X.to_vec());
}

#[test]
fn integers() {
    gradient!({ #[grad] fn f(x: &[f64], p: &[usize]) -> f64 { let mut q = vec![0; p.len()]; for (i, &k) in p.iter().enumerate() { q[k] = i; } let mut s = 1.0; for i in 0..q.len() { s = s * x[q[i]] + x[p[i]]; } s } } (&x, &[2, 0, 3, 1]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p: Vec<usize> = (0..x.len()).collect(); for i in 0..p.len() { let j = (i * 3 + 1) % p.len(); p.swap(i, j); } let mut s = 0.0; for (k, &i) in p.iter().enumerate() { s += x[i] * x[i] * k as f64; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: i64) -> f64 { let mut s = 0.0; for (i, v) in x.iter().enumerate() { let d = (i as i64 - k).abs() as f64; let w = (i as i32).pow(2) as f64; s += v * d + w * v * v + (3 as f64) * v; } s } } (&x, 2) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let m = n.pow(2) % 5; let k = n.min(x.len()).max(1); let d = n.abs_diff(7); let z = n.saturating_sub(3); let mut s = 0.0; for i in 0..k { s += x[i] * (m + d * i + z) as f64 * x[0]; } if x.is_empty() { 0.0 } else { s * x.len() as f64 } } } (&x, 2) at x = X.to_vec(); (&x, 9) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, n: u32) -> f64 { let mut y = 1.0; let mut b = x; let mut k = n; while k > 0 { if k & 1 == 1 { y *= b; } b *= b; k >>= 1; } y } } (x, 13) at x = 1.1);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut m = [[1.0, 0.0], [0.0, 1.0]]; for &v in x { let mut t = [[0.0; 2]; 2]; for i in 0..2 { for j in 0..2 { for k in 0..2 { t[i][j] += m[i][k] * [[v, 1.0], [1.0, 0.5]][k][j]; } } } m = t; } m[0][1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut k = 0usize; for &v in x { k += if v > 0.0 { 1 } else { 2 }; s += v * k as f64; } s * k as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut y = x; for i in 0..n { y = y.sin() + i as f64 * 0.5; } y * (x > 0.0) as i32 as f64 } } (x, 3) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..n { let l = x[(i + n - 1) % n]; let r = x[(i + 1) % n]; s += (l - 2.0 * x[i] + r).powi(2) * x[i.min(2)]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: u8) -> f64 { let mut n = usize::from(k); n <<= 1; n ^= 3; n |= 4; n %= 5; n /= 2; n -= 1; let m = i64::from(k) - 9; let b = usize::from(x[0] > 0.0); x[n.min(3)] * m as f64 * x[b] } } (&x, 5) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], lag: usize) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += x[i] * x[i.saturating_sub(lag)]; if i >= lag { s += x[i - lag] * x[i]; } } for i in lag..x.len() { s *= x[i - lag]; } s } } (&x, 1) at x = X.to_vec(); (&x, 7) at x = X.to_vec());
}

#[test]
fn conditions_before_indices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if i > 0 { s += x[i] * x[i - 1]; } if i + 1 < x.len() && x[i + 1] > 0.0 { s *= x[i + 1]; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; x.len()]; for i in 0..x.len() { v[i] = if i == 0 { x[0] } else { v[i - 1] * 0.5 + x[i] }; } v[x.len() - 1] * v[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { let y = if x[i] > 0.0 { let t = x[i]; t * t } else if i == 0 { 1.0 } else { x[i - 1] }; s += y; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![-1.0, 2.0, -3.0]);
}

#[test]
fn while_and_labels() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = x.len(); let mut s = 1.0; while i > 0 { i -= 1; s = s * x[i] + 0.5; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut lo = 0; let mut hi = x.len() - 1; let mut s = 0.0; while lo < hi { s += x[lo] * x[hi]; lo += 1; hi -= 1; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut a = x; let r = loop { a = a.cos(); if a < 0.8 { break a * a; } if a > 100.0 { return a; } }; r + x } } (x) at x = 0.3);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let found = 'search: { for i in 0..x.len() { for j in 0..i { if x[i] * x[j] > 0.04 { break 'search x[i] * x[j]; } } } x[0] }; found * found } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut i = 0; 'outer: while i < x.len() { i += 1; let mut j = 0; loop { if j >= i { continue 'outer; } if x[j] < -1.0 { j += 2; continue; } s += x[i - 1] * x[j]; j += 1; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = 0; let mut s = x[0]; while it < 5 && s.abs() < 10.0 { s += s * s * 0.3; it += 1; } s + it as f64 * x[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut k = 5; let mut y = x; loop { match k { 0 => break, n if n % 2 == 0 => { k -= 2; continue; } _ => k -= 1 } y = y * x + k as f64; } y } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut heap = [0usize; 4]; let mut top = 0; let mut s = 0.0; heap[top] = 3; top += 1; while top > 0 { top -= 1; let k = heap[top]; s += x[k] * x[k]; if k > 1 { heap[top] = k - 1; top += 1; heap[top] = k - 2; top += 1; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut s = 0.0; let mut i = 0; while i < n { let mut j = n; while j > i { j -= 1; if (i + j) % 3 == 0 { continue; } s += x[i] * x[j]; if s > 3.0 { break; } } i += 1; } s } } (&x, 4) at x = X.to_vec(); (&x, 0) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; 'a: for i in 0..5 { for j in 0..5 { if j > i { continue 'a; } if i + j > 6 { break 'a; } y += 0.1 * y * (i + j) as f64; } } y } } (x) at x = 0.5);
}

#[test]
fn options_of_elements() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let last = x.last().unwrap(); let first = *x.first().unwrap(); let (h, t) = x.split_first().unwrap(); let mut s = first * last; for v in t { s += v * h; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], i: usize) -> f64 { x.get(i).copied().unwrap_or(2.0) * x[0] + x.last().copied().unwrap_or(0.0) } } (&x, 2) at x = X.to_vec(); (&x, 9) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); *v.last_mut().unwrap() *= 2.0; *v.first_mut().unwrap() += v[1]; v[0] * v[v.len() - 1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if let Some(next) = x.get(i + 1) { s += next * x[i]; } let Some(&two) = x.get(i + 2) else { continue; }; s += two.sin(); } match x.first() { Some(a) if *a > 0.0 => s * a, Some(_) => s, None => 0.0 } } } (&x) at x = X.to_vec(); (&x) at x = vec![]; (&x) at x = vec![-1.0, 2.0]);
}

#[test]
fn assertions() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for c in x.chunks(3) { assert!(!c.is_empty()); let last = c[c.len() - 1]; for v in c { assert!(*v < 50.0, "{v} {last}"); s += v * last; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut a = vec![0.0_f64; n]; for i in 0..n { assert_eq!(a.len(), n); a[i] = if i > 0 { assert!(a[i - 1].is_finite()); a[i - 1] + x[i] } else { x[0] }; } let mut k = 0; while a[k] < 1.0 { k += 1; assert!(k < n, "no {k}"); } a[k] * a[n - 1] } } (&x, 4) at x = vec![0.5, 0.25, 2.0, 0.1]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x[0]; for _ in 0..20 { let d = (y * y - x[1]) / (2.0 * y); y -= d; assert!(!y.is_nan(), "diverged"); if d.abs() < 1e-14 { return y * y * y; } } panic!("no root of {} from {}", x[1], x[0]) } } (&x) at x = vec![1.0, 2.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let check = |v: f64| -> f64 { if v < -5.0 { panic!("too small: {v}"); } v.exp() }; let mut s = 0.0_f64; for &v in x { s += check(v) * s.cos(); if s > 100.0 { unreachable!() } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], p: &[usize]) -> f64 { let mut seen = vec![false; p.len()]; for &i in p { assert!(!seen[i], "{i} twice"); seen[i] = true; } let mut s = 1.0; for (i, &k) in p.iter().enumerate() { s *= x[k] + i as f64; } s } } (&x, &[1, 0, 3, 2]) at x = X.to_vec());
}
