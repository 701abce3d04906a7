//! Small algorithms as people write them: recurrences, tables, sorting, elimination.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn recurrences() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; x.len()]; for i in 0..x.len() { v[i] = if i == 0 { x[0] } else { v[i - 1] * 0.5 + x[i] }; } v[x.len() - 1] * v[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best = f64::NEG_INFINITY; let mut at = 0; for (i, &v) in x.iter().enumerate() { if v * v > best { best = v * v; at = i; } } best * x[at] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut u = [x[0], x[1]]; for k in 0..3 { let d = { let [a, b] = u; [b, -a * x[k]] }; for i in 0..2 { u[i] += 0.1 * d[i]; } } u[0] * u[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..n { for j in i + 1..n { for k in (j + 1..n).rev() { s += x[i] * x[j] * x[k]; } } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut a = x; let mut b = 1.0; for _ in 0..n { let t = a; a = a * b + x; b = t; } if n == 0 { return x * x; } a - b } } (x, 0) at x = 0.7; (x, 4) at x = 0.7);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut c = 0.0; for &v in x { let y = v - c; let t = s + y; c = (t - s) - y; s = t; } s * s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut mean, mut m2) = (0.0, 0.0); for (k, &v) in x.iter().enumerate() { let d = v - mean; mean += d / (k + 1) as f64; m2 += d * (v - mean); } m2 / (x.len() - 1) as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn tables() {
    gradient!({ #[grad] fn f(x: &[f64], m: usize, n: usize) -> f64 { let mut a = vec![0.0; m * n]; for i in 0..m { for j in 0..n { a[i * n + j] = x[i] * x[j]; } } for i in 0..m { a[i * n + i] += 1.0; } let mut s = 0.0; for r in a.chunks_exact(n) { s += r[0] * r[n - 1]; } s } } (&x, 3, 4) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut a = [[0.0; 4]; 4]; for i in 0..4 { a[i] = *x; a[i][i] *= 2.0; } a[2] = a[1]; a.swap(0, 3); let r = a[3]; let mut s = 0.0; for i in 0..4 { for j in 0..4 { s += a[i][j] * a[j][i] * r[i]; } } s } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [0.0; 3]; for (i, v) in x.iter().enumerate() { a[i % 3] += v * v; } let [p, q, r] = a; p * q - r } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![0.0; 3]; for &v in x { let b = if v < 0.0 { 0 } else if v < 1.0 { 1 } else { 2 }; h[b] += v; } h[0] * h[1] * h[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in [0, 2, 3] { s += x[i] * x[i]; } for w in [0.5, 2.0] { s *= w + x[0]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(q: &[f64], k: usize) -> f64 { let mut dp = vec![vec![0.0; k + 1]; q.len() + 1]; dp[0][0] = 1.0; for i in 1..=q.len() { for j in 0..=k { dp[i][j] = dp[i - 1][j] * (1.0 - q[i - 1]); if j > 0 { dp[i][j] += dp[i - 1][j - 1] * q[i - 1]; } } } dp[q.len()][k] } } (&q, 2) at q = vec![0.2, 0.5, 0.7, 0.1]);
    gradient!({ #[grad] fn f(a: &[f64], b: &[f64]) -> f64 { let (n, m) = (a.len(), b.len()); let mut d = vec![0.0; (n + 1) * (m + 1)]; for i in 0..=n { for j in 0..=m { d[i * (m + 1) + j] = if i == 0 || j == 0 { (i + j) as f64 } else { let c = (a[i - 1] - b[j - 1]).powi(2); c + d[(i - 1) * (m + 1) + j].min(d[i * (m + 1) + j - 1]).min(d[(i - 1) * (m + 1) + j - 1]) }; } } d[n * (m + 1) + m] } } (&a, &b) at a = vec![0.2, 0.9, 1.7], b = vec![0.3, 1.1]);
}

#[test]
fn sorting_and_searching() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for i in 1..v.len() { let mut j = i; while j > 0 && v[j - 1] > v[j] { v.swap(j - 1, j); j -= 1; } } let mut s = 0.0; for i in 0..v.len() { s += v[i] * v[i] * i as f64; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let n = v.len(); for i in 0..n { let key = v[i]; let mut j = i; while j > 0 && v[j - 1] > key { v[j] = v[j - 1]; j -= 1; } v[j] = key; } v[0] * v[1] + v[2] * v[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best = x[0]; let mut second = x[0]; for &v in &x[1..] { if v > best { second = best; best = v; } else if v > second { second = v; } } best * second } } (&x) at x = X.to_vec());
}

#[test]
fn elimination_and_layers() {
    gradient!({ #[grad] fn f<const N: usize>(a: &[[f64; N]; N], b: &[f64; N]) -> f64 { let mut m = *a; let mut y = *b; for k in 0..N { let mut p = k; for i in k + 1..N { if m[i][k].abs() > m[p][k].abs() { p = i; } } m.swap(k, p); y.swap(k, p); for i in k + 1..N { let c = m[i][k] / m[k][k]; for j in k..N { m[i][j] -= c * m[k][j]; } y[i] -= c * y[k]; } } for i in (0..N).rev() { for j in i + 1..N { y[i] -= m[i][j] * y[j]; } y[i] /= m[i][i]; } y.iter().map(|v| v * v).sum() } } (&a, &b) at a = [[0.5, 2.0], [3.0, 1.0]], b = [1.0, 2.0]);
    gradient!({ #[grad] fn f(x: &[f64], w: &[[f64; 2]; 3]) -> f64 { let mut h = [x[0], x[1]]; for l in 0..3 { let mut z = [0.0; 2]; for i in 0..2 { z[i] = (w[l][i] * h[1 - i] + x[2]).tanh(); } h = z; } h[0] + h[1] } } (&x, &w) at x = X.to_vec(), w = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
}

#[test]
fn sums_and_choices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max); let mut s = 0.0; for v in x { s += (v - m).exp(); } m + s.ln() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { const SCALE: f64 = 0.5; const N: usize = 3; let mut s = 0.0; let w: [f64; N] = [1.0, 2.0, SCALE]; for i in 0..N { s += w[i] * x[i] * SCALE; } let x = s * s; let x = x.sin(); x } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut t; for &v in x { t = v * v; if t > 1.0 { t = 1.0; } s += t; } s } } (&x) at x = X.to_vec());
}

#[test]
fn states_of_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut s = x[0]; for v in a.iter_mut() { *v += s; s += *v * 0.5; } s * a[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut prev = x.to_vec(); let mut cur: Vec<f64> = x.iter().map(|v| v * 1.1).collect(); for _ in 0..4 { let mut next = vec![0.0; cur.len()]; for i in 1..cur.len() - 1 { next[i] = 2.0 * cur[i] - prev[i] + 0.1 * (cur[i + 1] - 2.0 * cur[i] + cur[i - 1]); } prev = cur; cur = next; } cur.iter().map(|v| v * v).sum::<f64>() + prev[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for t in 0..5 { for i in 0..a.len() { a[i] = a[i] * 0.9 + 0.1 * a[(i + t) % a.len()]; if a[i] > 1.6 { return a[i] * a[0]; } } } a[0] * a[1] } } (&x) at x = X.to_vec(); (&x) at x = vec![0.1, 0.2, 0.3]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut m = 1; for i in 0..x.len() { let mut t = [0.0; 3]; for j in 0..m { t[j % 3] += x[(i + j) % x.len()] * x[i]; } s += t[0] * t[1] - t[2]; m = if x[i] > 0.0 { m + 2 } else { m }; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut on = false; let mut s = 0.0; for &v in x { if on { s += v * v; on = v < 1.0; } else { s -= v; on = v < 0.0; } } if on { s * 2.0 } else { s } } } (&x) at x = X.to_vec(); (&x) at x = vec![-1.0, 2.0, -1.0, 0.5]);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let r = x.iter().fold([1.0, 0.0], |[a, b], v| [a * v + b, a]); let s = (0..3).fold((0.0, 1.0), |(s, p), i| (s + p * x[i], p * r[0])); s.0 * s.1 } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [x[0], x[1], x[2]]; let mut k = 0; for _ in 0..7 { let j = (k + 1) % 3; let t = a[k]; a[k] = a[j] * 0.5; a[j] = t + a[j]; k = j; } a[0] * a[1] * a[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut t = vec![vec![0.0; n]; n]; for (i, v) in x.iter().enumerate() { t[0][i] = *v; } for k in 1..n { for i in 0..n - k { t[k][i] = (t[k - 1][i + 1] - t[k - 1][i]) * (1.0 + t[k - 1][i]); } } let mut s = 0.0; for k in 0..n { s += t[k][0]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut w = x.to_vec(); for e in 0..3 { let g: Vec<f64> = w.iter().map(|v| 2.0 * v - 1.0).collect(); for (v, d) in w.iter_mut().zip(&g) { *v -= 0.1 * d; } if e == 1 { w[0] = w[1]; } } w.iter().map(|v| v * v * v).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn elements_that_move() {
    gradient!({ #[grad] fn f(x: &[f64], p: &[usize]) -> f64 { let mut a = x.to_vec(); for i in 0..p.len() { a[p[i]] = a[p[(i + 1) % p.len()]] * a[i]; a[i] += a[p[i]]; } a.iter().sum() } } (&x, &[2, 0, 3, 1]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], p: &[usize]) -> f64 { let mut a = x.to_vec(); for i in 0..p.len() { (a[i], a[p[i]]) = (a[p[i]] * 2.0, a[i].sin()); } let mut s = 0.0; for (i, v) in a.iter().enumerate() { s += v * v * (i + 1) as f64; } s } } (&x, &[2, 1, 3, 1]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut b = vec![0.0; x.len()]; for i in 0..x.len() { if x[i] > 0.0 { for j in 0..=i { b[j] += x[i] * x[j]; } } else { b[i] = x[i]; continue; } b[i] *= 2.0; } b.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let c = a.clone(); a[0] = c[1] * c[2]; let d = a.clone(); a[1] += d[0] * c[0]; for i in 0..2 { let e = a[i]; a[i] = a[i + 1]; a[i + 1] = e * d[i]; } a[0] * d[0] + a[1] * c[1] + a[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut q = [[0.0; 2]; 3]; for i in 0..3 { q[i] = [x[i], x[i + 1]]; } for i in (1..3).rev() { let (a, b) = (q[i], q[i - 1]); q[i] = b; q[i - 1] = [a[1] * b[0], a[0]]; } let mut s = 0.0; for r in &q { s = s * r[0] + r[1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let step = |v: &mut Vec<f64>, h: f64| { for i in 0..v.len() { let old = v[i]; v[i] += h * old; } v[0] }; let mut a = x.to_vec(); let mut s = 0.0; for k in 0..3 { s += step(&mut a, x[k]); } s * a[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let b = &mut a; b[0] *= b[1]; let c = &mut b[1..]; c[0] += c[1]; let d = &mut c[1]; *d = *d * 3.0; a[0] * a[1] * a[2] } } (&x) at x = X.to_vec());
}

#[test]
fn positions_that_move() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = 0; let k = loop { if x[i] < 0.0 { break i; } i += 1; if i == x.len() { break 0; } }; let n = 'a: { if k > 2 { break 'a 1; } k }; x[n] * x[k] * x[0] } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut k = 0; while k < x.len() { let mut m = x[k]; let mut j = k; while j + 1 < x.len() && x[j + 1] > x[j] { j += 1; m *= x[j]; } s += m; k = j + 1; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 1.5, 1.7]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut v = vec![0.0; n]; let mut len = 0; for &a in x { if a > 0.0 { v[len] = a * a; len += 1; } } let mut s = 0.0; for i in 0..len { s += v[i] * (i + 1) as f64; } for a in &v[..len] { s *= a; } s } } (&x, 4) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += match i { 0 => x[i], k if k % 2 == 0 => { let p = x[k - 1]; p * x[k] } k => { assert!(k > 0); x[k - 1].sin() } }; } s } } (&x) at x = X.to_vec());
}

#[test]
fn simulations() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut s = 0.0; for k in 0..3 { for v in a.iter_mut() { *v = v.sin() + x[k]; } s += a[k] * a[0]; a[0] = s; } s + a[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x.to_vec(); for _ in 0..3 { let m = y.iter().copied().fold(f64::NEG_INFINITY, f64::max); let e: Vec<f64> = y.iter().map(|v| (v - m).exp()).collect(); let z: f64 = e.iter().sum(); for (v, w) in y.iter_mut().zip(&e) { *v = 0.5 * *v + w / z; } } y.iter().enumerate().map(|(i, v)| v * v * i as f64).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![0.0; x.len()]; let mut p = x.to_vec(); let mut e = 0.0; for t in 0..4 { for i in 0..p.len() { let mut force = -p[i]; for j in 0..p.len() { if j != i { let d = p[j] - p[i]; force += d / (1.0 + d * d); } } v[i] += 0.1 * force; } for i in 0..p.len() { p[i] += 0.1 * v[i]; } if t % 2 == 1 { e += v[0] * p[1]; } } e } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], w: &[f64]) -> f64 { let mut h = vec![0.0; 2]; let mut loss = 0.0; for t in 0..x.len() { let mut n = vec![0.0; 2]; for i in 0..2 { let mut z = w[i] * x[t]; for j in 0..2 { z += w[2 + i * 2 + j] * h[j]; } n[i] = z.tanh(); } h = n; loss += (h[0] - h[1]).powi(2); } loss } } (&x, &w) at x = X.to_vec(), w = vec![0.5, -0.3, 0.2, 0.7, -0.4, 0.1]);
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut s = 0.0; let mut c = vec![0.0; n]; for (i, &v) in x.iter().enumerate() { let b = i % n; if c[b] > 0.5 { s += c[b] * v; c[b] = 0.0; } else { c[b] += v * v; } } s + c[0] } } (&x, 2) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut r = [0.0; 4]; let mut k = 0; for _ in 0..9 { r[k] += x[k] * 0.5 + r[(k + 3) % 4]; k = (k + 1) % 4; } let mut out = 1.0; for v in r { out *= v; } out } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut total = 0.0; for i in 0..x.len() { let mut y = x[i]; let mut it = 0; while it < i { y = y * y - 0.3; if y.abs() > 5.0 { break; } it += 1; } if it < i { continue; } total += y; } total } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut u = x.to_vec(); for _ in 0..3 { let first = u[0]; for i in 0..u.len() - 1 { u[i] = u[i + 1] * 0.9; } let n = u.len(); u[n - 1] = first; } u[0] * u[1] + u[3] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for i in 0..a.len() { for j in 0..a.len() { if i != j { a[i] += 0.1 * a[j] * a[j]; } } } a.iter().sum() } } (&x) at x = X.to_vec());
}

#[test]
fn matrices_and_folding() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut m = vec![vec![0.0; n]; n]; for i in 0..n { for j in 0..n { m[i][j] = x[i] * x[j] + if i == j { 2.0 } else { 0.0 }; } } for k in 0..n { for i in k + 1..n { let f = m[i][k] / m[k][k]; for j in k..n { let t = m[k][j]; m[i][j] -= f * t; } } } let mut d = 1.0; for i in 0..n { d *= m[i][i]; } d } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut n = a.len(); while n > 1 { let h = n / 2; for i in 0..h { a[i] = a[2 * i] * 0.7 + a[2 * i + 1]; } n = h; } a[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best = 0.0; for i in 0..x.len() { for j in i + 1..x.len() { let d = (x[i] - x[j]).abs(); if d > best { best = d; } } } best * best } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], a: usize, b: usize) -> f64 { let mut s = 0.0; if a < b { for i in a..b { s += x[i] * x[b - 1 - (i - a)]; } } else { for i in (b..a).rev() { s -= x[i]; } } for i in (a.min(b)..=a.max(b)).step_by(2) { if i < x.len() { s *= x[i]; } } s } } (&x, 1, 3) at x = X.to_vec(); (&x, 3, 0) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![vec![1.0; 2]; 2]; for &v in x { let mut b = vec![vec![0.0; 2]; 2]; for i in 0..2 { for j in 0..2 { for k in 0..2 { b[i][j] += a[i][k] * if k == j { v } else { 0.5 }; } } } std::mem::swap(&mut a, &mut b); } a[0][0] * a[1][1] - a[0][1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); let mut acc = 0.0; for (i, a) in x.iter().enumerate() { acc += a * a; v.push(acc); if i > 0 { acc += v[i - 1] * 0.5; } } let mut w = Vec::new(); for i in 0..v.len() { w.push(v[v.len() - 1 - i] * x[i]); } w[0] + w[3] * v[2] } } (&x) at x = X.to_vec());
}
