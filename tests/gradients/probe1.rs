//! Probe.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn t0() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..=x.len() - 1).rev() { s = s * 0.5 + x[i]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t1() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for i in (1..x.len()).step_by(2) { s *= x[i] - x[i - 1]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t2() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..x.len()).rev().step_by(2) { s += x[i] * i as f64; s = s.sin(); } s } } (&x) at x = X.to_vec());
}

#[test]
fn t3() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in (0..x.len() as i32).rev() { s += x[i as usize] * f64::from(i); } s } } (&x) at x = X.to_vec());
}

#[test]
fn t4() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in x.iter().enumerate().skip(1) { if i % 2 == 1 { s += v * v; } else { s -= v; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t5() {
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { let mut s = 1.0; for ((i, a), b) in x.iter().enumerate().zip(y.iter().rev()) { s = s * a.cos() + b * i as f64; } s } } (&x, &y) at x = X.to_vec(), y = vec![1.0, 2.0, 3.0]);
}

#[test]
fn t6() {
    gradient!({ #[grad] fn f(x: &[[f64; 2]]) -> f64 { let mut s = 0.0; for [a, b] in x { s += a * b; } for &[a, b] in x.iter().rev() { s = s * a - b; } s } } (&x) at x = vec![[0.5, 1.0], [2.0, -0.5]]);
}

#[test]
fn t7() {
    gradient!({ #[grad] fn f(x: &[f64; 6]) -> f64 { let mut a = *x; for c in a.chunks_exact_mut(2) { let t = c[0]; c[0] = c[1] * t; c[1] = t + 1.0; } for v in a.iter_mut() { *v *= *v; } a.iter().sum() } } (&x) at x = [0.5, -1.25, 2.0, 0.1, 0.7, 0.9]);
}

#[test]
fn t8() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for (i, v) in a.iter_mut().enumerate() { *v = v.sin() * i as f64 + x[0]; } for (v, w) in a.iter_mut().zip(x) { *v += w * *v; } a.iter().product() } } (&x) at x = X.to_vec());
}

#[test]
fn t10() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for w in x.windows(2) { s = s * w[0] + w[1]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t11() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (a, b) = x.split_at(2); let mut s = 0.0; for (p, q) in a.iter().zip(b) { s += p * q; } s * b[0] } } (&x) at x = X.to_vec());
}

#[test]
fn t12() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let n = v.len(); let (a, b) = v.split_at_mut(n / 2); for i in 0..a.len() { a[i] *= b[i]; b[i] += a[i]; } v.iter().map(|t| t * t).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn t13() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for c in x.chunks(3) { let mut p = 1.0; for v in c { p *= v; } s += p * c.len() as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 3.0]);
}

#[test]
fn t14() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let a = &x[1..n]; let b = &a[..2]; let mut s = 0.0; for v in &x[n - 2..] { s += v * b[0]; } s * a[1] } } (&x) at x = X.to_vec());
}

#[test]
fn t15() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); { let t = &mut v[1..3]; t[0] *= t[1]; t[1] = 2.0 * t[0]; } let mut s = 0.0; for i in 0..v.len() { s += v[i] * v[i]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t16() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for i in 0..v.len() / 2 { let j = v.len() - 1 - i; v.swap(i, j); } let mut s = 0.0; for (i, a) in v.iter().enumerate() { s += a * i as f64 * a; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t17() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut b = vec![0.0; x.len()]; for _ in 0..3 { for i in 0..a.len() { b[i] = a[i] * a[(i + 1) % a.len()]; } std::mem::swap(&mut a, &mut b); } a.iter().sum() } } (&x) at x = X.to_vec());
}

#[test]
fn t18() {
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let (mut a, mut b) = (x, y); for _ in 0..3 { (a, b) = (b, a * b); } a + 2.0 * b } } (x, y) at x = 0.5, y = 2.0);
}

#[test]
fn t19() {
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut a = *x; [a[0], a[1]] = [a[1] * a[2], a[0]]; (a[2], a[3]) = (a[3].sin(), a[2]); a[0] * a[1] + a[2] * a[3] } } (&x) at x = X);
}

#[test]
fn t20() {
    gradient!({ #[grad] fn f(x: f64, n: i32, k: usize) -> f64 { let mut y = x; match (n, k) { (0, _) => y *= 2.0, (i, 0..=3) if i < 0 => { y += 1.0; y *= y; } (_, 4 | 5) => y = y.sin(), (1..=9, j) => y *= j as f64, _ => {} } y * x } }
        (x, 0, 0) at x = 0.5; (x, -1, 2) at x = 0.5; (x, 3, 4) at x = 0.5; (x, 3, 7) at x = 0.5; (x, 30, 7) at x = 0.5; (x, -3, 7) at x = 0.5);
}

#[test]
fn t21() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut n = 0; let mut sum = 0.0; let mut add = |v: f64| { n += 1; sum += v * n as f64; }; for v in x { add(*v); add(v * v); } sum * n as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn t22() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn step(a: f64, b: f64) -> f64 { let mut t = a; for _ in 0..2 { t = t * b + 1.0; } t } let mut s = 1.0; for &v in x { s = step(s, v); } s } } (&x) at x = X.to_vec());
}

#[test]
fn t23() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn scale(v: &mut [f64], k: f64) { for a in v.iter_mut() { *a *= k; } } let mut v = x.to_vec(); scale(&mut v, x[0]); scale(&mut v[1..], 3.0); v.iter().map(|a| a * a).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn t24() {
    gradient!({ #[grad] fn f(x: &[f64], p: &[usize]) -> f64 { let mut q = vec![0; p.len()]; for (i, &k) in p.iter().enumerate() { q[k] = i; } let mut s = 1.0; for i in 0..q.len() { s = s * x[q[i]] + x[p[i]]; } s } } (&x, &[2, 0, 3, 1]) at x = X.to_vec());
}

#[test]
fn t25() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p: Vec<usize> = (0..x.len()).collect(); for i in 0..p.len() { let j = (i * 3 + 1) % p.len(); p.swap(i, j); } let mut s = 0.0; for (k, &i) in p.iter().enumerate() { s += x[i] * x[i] * k as f64; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t26() {
    gradient!({ #[grad] fn f(x: &[f64], k: i64) -> f64 { let mut s = 0.0; for (i, v) in x.iter().enumerate() { let d = (i as i64 - k).abs() as f64; let w = (i as i32).pow(2) as f64; s += v * d + w * v * v + (3 as f64) * v; } s } } (&x, 2) at x = X.to_vec());
}

#[test]
fn t27() {
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let m = n.pow(2) % 5; let k = n.min(x.len()).max(1); let d = n.abs_diff(7); let z = n.saturating_sub(3); let mut s = 0.0; for i in 0..k { s += x[i] * (m + d * i + z) as f64 * x[0]; } if x.is_empty() { 0.0 } else { s * x.len() as f64 } } } (&x, 2) at x = X.to_vec(); (&x, 9) at x = X.to_vec());
}

#[test]
fn t28() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if i > 0 { s += x[i] * x[i - 1]; } if i + 1 < x.len() && x[i + 1] > 0.0 { s *= x[i + 1]; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t29() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; x.len()]; for i in 0..x.len() { v[i] = if i == 0 { x[0] } else { v[i - 1] * 0.5 + x[i] }; } v[x.len() - 1] * v[0] } } (&x) at x = X.to_vec());
}

#[test]
fn t30() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = x.len(); let mut s = 1.0; while i > 0 { i -= 1; s = s * x[i] + 0.5; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![]);
}

#[test]
fn t31() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut lo = 0; let mut hi = x.len() - 1; let mut s = 0.0; while lo < hi { s += x[lo] * x[hi]; lo += 1; hi -= 1; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t32() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut a = x; let r = loop { a = a.cos(); if a < 0.8 { break a * a; } if a > 100.0 { return a; } }; r + x } } (x) at x = 0.3);
}

#[test]
fn t33() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best = f64::NEG_INFINITY; let mut at = 0; for (i, &v) in x.iter().enumerate() { if v * v > best { best = v * v; at = i; } } best * x[at] } } (&x) at x = X.to_vec());
}

#[test]
fn t34() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let found = 'search: { for i in 0..x.len() { for j in 0..i { if x[i] * x[j] > 0.04 { break 'search x[i] * x[j]; } } } x[0] }; found * found } } (&x) at x = X.to_vec());
}

#[test]
fn t35() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut i = 0; 'outer: while i < x.len() { i += 1; let mut j = 0; loop { if j >= i { continue 'outer; } if x[j] < -1.0 { j += 2; continue; } s += x[i - 1] * x[j]; j += 1; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t36() {
    gradient!({ #[grad] fn f(x: &[f64], m: usize, n: usize) -> f64 { let mut a = vec![0.0; m * n]; for i in 0..m { for j in 0..n { a[i * n + j] = x[i] * x[j]; } } for i in 0..m { a[i * n + i] += 1.0; } let mut s = 0.0; for r in a.chunks_exact(n) { s += r[0] * r[n - 1]; } s } } (&x, 3, 4) at x = X.to_vec());
}

#[test]
fn t37() {
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut a = [[0.0; 4]; 4]; for i in 0..4 { a[i] = *x; a[i][i] *= 2.0; } a[2] = a[1]; a.swap(0, 3); let r = a[3]; let mut s = 0.0; for i in 0..4 { for j in 0..4 { s += a[i][j] * a[j][i] * r[i]; } } s } } (&x) at x = X);
}

#[test]
fn t38() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.reverse(); v.fill(x[0]); v[1..3].copy_from_slice(&x[..2]); v[3] = v[1]; let w = v.clone(); v.clone_from_slice(&w); let mut s = 1.0; for a in &v { s *= a; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t39() {
    gradient!({ #[grad] fn f(x: &[f64], ok: &[bool]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if i < ok.len() && ok[i] { s += x[i].sin(); } } s } } (&x, &[true, false]) at x = X.to_vec());
}

#[test]
fn t40() {
    gradient!({ #[grad] fn f(x: f64, n: u32) -> f64 { let mut y = 1.0; let mut b = x; let mut k = n; while k > 0 { if k & 1 == 1 { y *= b; } b *= b; k >>= 1; } y } } (x, 13) at x = 1.1);
}

#[test]
fn t41() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.iter_mut().for_each(|a| *a *= 2.0); let mut s = 0.0; v.iter().for_each(|a| s += a * a); s } } (&x) at x = X.to_vec());
}

#[test]
fn t43() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [0.0; 3]; for (i, v) in x.iter().enumerate() { a[i % 3] += v * v; } let [p, q, r] = a; p * q - r } } (&x) at x = X.to_vec());
}

#[test]
fn t45() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (a, b) in x.chunks_exact(2).zip(x.chunks_exact(2).skip(1)) { s += a[0] * b[1] - a[1] * b[0]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t46() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = 0; let mut s = x[0]; while it < 5 && s.abs() < 10.0 { s += s * s * 0.3; it += 1; } s + it as f64 * x[1] } } (&x) at x = X.to_vec());
}

#[test]
fn t47() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut u = [x[0], x[1]]; for k in 0..3 { let d = { let [a, b] = u; [b, -a * x[k]] }; for i in 0..2 { u[i] += 0.1 * d[i]; } } u[0] * u[1] } } (&x) at x = X.to_vec());
}

#[test]
fn t48() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut acc = (0.0, 1.0); for &v in x { let (s, p) = acc; acc = (s + v * p, p * v); } acc.0 * acc.1 } } (&x) at x = X.to_vec());
}

#[test]
fn t49() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..n { for j in i + 1..n { for k in (j + 1..n).rev() { s += x[i] * x[j] * x[k]; } } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t50() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![0.0; 3]; for &v in x { let b = if v < 0.0 { 0 } else if v < 1.0 { 1 } else { 2 }; h[b] += v; } h[0] * h[1] * h[2] } } (&x) at x = X.to_vec());
}

#[test]
fn t51() {
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut a = x; let mut b = 1.0; for _ in 0..n { let t = a; a = a * b + x; b = t; } if n == 0 { return x * x; } a - b } } (x, 0) at x = 0.7; (x, 4) at x = 0.7);
}

#[test]
fn t52() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().filter(|v| **v > 0.0) { s += v * v; } for (i, v) in x.iter().enumerate().filter(|(i, _)| i % 2 == 0) { s += v * i as f64; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t53() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().take(3).chain(x.iter().skip(2)) { s = 0.5 * s + v * v; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t55() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in [0, 2, 3] { s += x[i] * x[i]; } for w in [0.5, 2.0] { s *= w + x[0]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t56() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut m = [[1.0, 0.0], [0.0, 1.0]]; for &v in x { let mut t = [[0.0; 2]; 2]; for i in 0..2 { for j in 0..2 { for k in 0..2 { t[i][j] += m[i][k] * [[v, 1.0], [1.0, 0.5]][k][j]; } } } m = t; } m[0][1] } } (&x) at x = X.to_vec());
}

#[test]
fn t57() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut k = 0usize; for &v in x { k += if v > 0.0 { 1 } else { 2 }; s += v * k as f64; } s * k as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn t58() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let last = x.last().unwrap(); let first = *x.first().unwrap(); let (h, t) = x.split_first().unwrap(); let mut s = first * last; for v in t { s += v * h; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t59() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; 2 * x.len()]; for (i, c) in v.chunks_exact_mut(2).enumerate() { c[0] = x[i]; c[1] = x[i] * x[i]; } for (c, a) in v.chunks_mut(2).zip(x) { c[1] += a; } v.iter().map(|t| t * t).sum() } } (&x) at x = X.to_vec());
}
