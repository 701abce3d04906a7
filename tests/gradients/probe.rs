//! Probe.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn t0() {
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut s = 1.0; for v in *x { s = s * v + 1.0; } for v in x.iter().copied() { s += v * v; } for v in x.into_iter() { s -= v; } s } } (&x) at x = X);
}

#[test]
fn t1() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![vec![1.0; 3]; 2]; for (i, row) in a.iter_mut().enumerate() { for (j, v) in row.iter_mut().enumerate() { *v = x[i] * x[j]; } } for row in &mut a { row[0] *= row[1]; for v in row { *v += x[3]; } } let mut s = 0.0; for row in &a { for v in row { s += v * v; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t2() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for c in x.chunks_exact(2) { let [a, b]: [f64; 2] = c.try_into().unwrap(); s += a.sin() * b; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t3() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut k = 5; let mut y = x; loop { match k { 0 => break, n if n % 2 == 0 => { k -= 2; continue; } _ => k -= 1 } y = y * x + k as f64; } y } } (x) at x = 0.5);
}

#[test]
fn t4() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for &v in x { match v { v if v < 0.0 => continue, v if v > 1.5 => { s += 1.0; break } w @ 0.0..=0.3 => s += w * w, _ => s += v.exp() } s *= 2.0; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t5() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let last = |v: &[f64]| { if v.is_empty() { return 1.0; } v[v.len() - 1] * 2.0 }; last(x) * last(&x[..0]) + last(&x[..2]) } } (&x) at x = X.to_vec());
}

#[test]
fn t6() {
    gradient!({ #[grad] fn f<const N: usize>(a: &[[f64; N]; N], b: &[f64; N]) -> f64 { let mut m = *a; let mut y = *b; for k in 0..N { let mut p = k; for i in k + 1..N { if m[i][k].abs() > m[p][k].abs() { p = i; } } m.swap(k, p); y.swap(k, p); for i in k + 1..N { let c = m[i][k] / m[k][k]; for j in k..N { m[i][j] -= c * m[k][j]; } y[i] -= c * y[k]; } } for i in (0..N).rev() { for j in i + 1..N { y[i] -= m[i][j] * y[j]; } y[i] /= m[i][i]; } y.iter().map(|v| v * v).sum() } } (&a, &b) at a = [[0.5, 2.0], [3.0, 1.0]], b = [1.0, 2.0]);
}

#[test]
fn t7() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut a = vec![vec![0.0; n]; n]; for i in 0..n { for j in 0..n { a[i][j] = x[i] + (i * j) as f64 * x[j]; } } let r = a[1].clone(); a[0] = r; let t = &mut a[2]; t[0] = t[1] * 2.0; a.swap(0, 3); let row = &a[3]; let mut s = 0.0; for j in 0..n { s += row[j] * a[2][j]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t8() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![[0.0; 2]; 3]; for i in 1..3 { let (done, rest) = a.split_at_mut(i); rest[0][0] = done[i - 1][1] + x[i]; rest[0][1] = rest[0][0] * x[0]; } a[2][1] * a[1][0] } } (&x) at x = X.to_vec());
}

#[test]
fn t9() {
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut y = x; for i in 0..n { y = y.sin() + i as f64 * 0.5; } y * (x > 0.0) as i32 as f64 } } (x, 3) at x = 0.5);
}

#[test]
fn t10() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..n { let l = x[(i + n - 1) % n]; let r = x[(i + 1) % n]; s += (l - 2.0 * x[i] + r).powi(2) * x[i.min(2)]; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t11() {
    gradient!({ #[grad] fn f(x: &[f64], k: u8) -> f64 { let mut n = usize::from(k); n <<= 1; n ^= 3; n |= 4; n %= 5; n /= 2; n -= 1; let m = i64::from(k) - 9; let b = usize::from(x[0] > 0.0); x[n.min(3)] * m as f64 * x[b] } } (&x, 5) at x = X.to_vec());
}

#[test]
fn t12() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max); let mut s = 0.0; for v in x { s += (v - m).exp(); } m + s.ln() } } (&x) at x = X.to_vec());
}

#[test]
fn t13() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut bump = |i: usize, d: f64| { a[i] += d * a[0]; }; bump(1, 2.0); bump(0, x[2]); a[0] * a[1] } } (&x) at x = X.to_vec());
}

#[test]
fn t14() {
    gradient!({ #[grad] fn f(x: &[f64], i: usize) -> f64 { x.get(i).copied().unwrap_or(2.0) * x[0] + x.last().copied().unwrap_or(0.0) } } (&x, 2) at x = X.to_vec(); (&x, 9) at x = X.to_vec());
}

#[test]
fn t15() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut a = x; let b = std::mem::replace(&mut a, x * x); a * b + a } } (x) at x = 0.5);
}

#[test]
fn t16() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for v in a.iter_mut().rev() { *v *= 2.0; } for v in a.iter_mut().skip(1).step_by(2) { *v = v.sin(); } for v in &mut a[2..] { *v += x[0]; } for v in a[1..].iter_mut() { *v *= *v; } a.iter().sum::<f64>() / a.len() as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn t17() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn grow(s: &mut f64, v: f64) -> f64 { if v < 0.0 { return *s; } *s += v; *s * v } let mut s = 1.0; let mut t = 0.0; for &v in x { t += grow(&mut s, v); } s * t } } (&x) at x = X.to_vec());
}

#[test]
fn t18() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = [(0.0, 1.0); 3]; for i in 0..3 { p[i].0 += x[i]; p[i].1 *= x[i + 1]; } let mut s = 0.0; for (a, b) in p { s += a * b; } for (a, b) in &p { s *= a - b; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t19() {
    gradient!({ #[grad] fn f(x: f64, y: f64, n: i32) -> f64 { match (x > y, n) { (true, 0) => x * y, (true, k @ 1..=5) => x * k as f64, (true, _) => y * y * x, (false, -3 | 3) => x.sin() * y, (false, k) if k < 0 => y * x * x, (false, _) => 3.0 * x * y } } } (x, y, 0) at x = 2.0, y = 1.0; (x, y, 3) at x = 2.0, y = 1.0; (x, y, 9) at x = 2.0, y = 1.0; (x, y, -3) at x = 1.0, y = 2.0; (x, y, -2) at x = 1.0, y = 2.0; (x, y, 4) at x = 1.0, y = 2.0);
}

#[test]
fn t23() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { const SCALE: f64 = 0.5; const N: usize = 3; let mut s = 0.0; let w: [f64; N] = [1.0, 2.0, SCALE]; for i in 0..N { s += w[i] * x[i] * SCALE; } let x = s * s; let x = x.sin(); x } } (&x) at x = X.to_vec());
}

#[test]
fn t24() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut t; for &v in x { t = v * v; if t > 1.0 { t = 1.0; } s += t; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t25() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut u = x.to_vec(); let n = u.len(); for _ in 0..4 { let old = u.clone(); for i in 1..n - 1 { u[i] = old[i] + 0.1 * (old[i - 1] - 2.0 * old[i] + old[i + 1]); } } u.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn t26() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for i in 1..v.len() { let mut j = i; while j > 0 && v[j - 1] > v[j] { v.swap(j - 1, j); j -= 1; } } let mut s = 0.0; for i in 0..v.len() { s += v[i] * v[i] * i as f64; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t27() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let n = v.len(); for i in 0..n { let key = v[i]; let mut j = i; while j > 0 && v[j - 1] > key { v[j] = v[j - 1]; j -= 1; } v[j] = key; } v[0] * v[1] + v[2] * v[2] } } (&x) at x = X.to_vec());
}

#[test]
fn t28() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut heap = [0usize; 4]; let mut top = 0; let mut s = 0.0; heap[top] = 3; top += 1; while top > 0 { top -= 1; let k = heap[top]; s += x[k] * x[k]; if k > 1 { heap[top] = k - 1; top += 1; heap[top] = k - 2; top += 1; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn t29() {
    gradient!({ #[grad] fn f(x: &[f64], m: &[usize]) -> f64 { let mut s = 0.0; let mut at = 0; for &k in m { let part = &x[at..at + k]; let mut p = 1.0; for v in part { p *= v; } s += p; at += k; } s } } (&x, &[1, 2, 1]) at x = X.to_vec());
}

#[test]
fn t30() {
    gradient!({ #[grad] fn f(x: &[f64], w: &[[f64; 2]; 3]) -> f64 { let mut h = [x[0], x[1]]; for l in 0..3 { let mut z = [0.0; 2]; for i in 0..2 { z[i] = (w[l][i] * h[1 - i] + x[2]).tanh(); } h = z; } h[0] + h[1] } } (&x, &w) at x = X.to_vec(), w = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]]);
}

#[test]
fn t31() {
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mut s = 0.0; let mut i = 0; while i < n { let mut j = n; while j > i { j -= 1; if (i + j) % 3 == 0 { continue; } s += x[i] * x[j]; if s > 3.0 { break; } } i += 1; } s } } (&x, 4) at x = X.to_vec(); (&x, 0) at x = X.to_vec());
}

#[test]
fn t32() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { let y = if x[i] > 0.0 { let t = x[i]; t * t } else if i == 0 { 1.0 } else { x[i - 1] }; s += y; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![-1.0, 2.0, -3.0]);
}

#[test]
fn t33() {
    gradient!({ #[grad] fn f(x: &[f64], lag: usize) -> f64 { let mut s = 0.0; for i in 0..x.len() { s += x[i] * x[i.saturating_sub(lag)]; if i >= lag { s += x[i - lag] * x[i]; } } for i in lag..x.len() { s *= x[i - lag]; } s } } (&x, 1) at x = X.to_vec(); (&x, 7) at x = X.to_vec());
}

#[test]
fn t34() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let it = x.iter().zip(x[1..].iter()).map(|(a, b)| a * b).enumerate(); let mut s = 0.0; for (i, v) in it { s += v * (i + 1) as f64; } s } } (&x) at x = X.to_vec());
}

#[test]
fn t35() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best = x[0]; let mut second = x[0]; for &v in &x[1..] { if v > best { second = best; best = v; } else if v > second { second = v; } } best * second } } (&x) at x = X.to_vec());
}

#[test]
fn t36() {
    gradient!({ #[grad] fn f(q: &[f64], k: usize) -> f64 { let mut dp = vec![vec![0.0; k + 1]; q.len() + 1]; dp[0][0] = 1.0; for i in 1..=q.len() { for j in 0..=k { dp[i][j] = dp[i - 1][j] * (1.0 - q[i - 1]); if j > 0 { dp[i][j] += dp[i - 1][j - 1] * q[i - 1]; } } } dp[q.len()][k] } } (&q, 2) at q = vec![0.2, 0.5, 0.7, 0.1]);
}

#[test]
fn t37() {
    gradient!({ #[grad] fn f(a: &[f64], b: &[f64]) -> f64 { let (n, m) = (a.len(), b.len()); let mut d = vec![0.0; (n + 1) * (m + 1)]; for i in 0..=n { for j in 0..=m { d[i * (m + 1) + j] = if i == 0 || j == 0 { (i + j) as f64 } else { let c = (a[i - 1] - b[j - 1]).powi(2); c + d[(i - 1) * (m + 1) + j].min(d[i * (m + 1) + j - 1]).min(d[(i - 1) * (m + 1) + j - 1]) }; } } d[n * (m + 1) + m] } } (&a, &b) at a = vec![0.2, 0.9, 1.7], b = vec![0.3, 1.1]);
}

#[test]
fn t38() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; 'a: for i in 0..5 { for j in 0..5 { if j > i { continue 'a; } if i + j > 6 { break 'a; } y += 0.1 * y * (i + j) as f64; } } y } } (x) at x = 0.5);
}

#[test]
fn t39() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut c = 0.0; for &v in x { let y = v - c; let t = s + y; c = (t - s) - y; s = t; } s * s } } (&x) at x = X.to_vec());
}

#[test]
fn t40() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut mean, mut m2) = (0.0, 0.0); for (k, &v) in x.iter().enumerate() { let d = v - mean; mean += d / (k + 1) as f64; m2 += d * (v - mean); } m2 / (x.len() - 1) as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn t42() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, c) in x.chunks(3).enumerate() { let mut p = 1.0; for v in c { p *= v; } s += p * (c.len() + i) as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 3.0]);
}

#[test]
fn t43() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); for c in v.chunks_mut(3) { let n = c.len(); c[0] *= c[n - 1]; for t in c.iter_mut() { *t += 1.0; } } v.iter().product() } } (&x) at x = X.to_vec());
}

#[test]
fn t44() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.rotate_left(1); v.iter().zip(x).map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn t45() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); *v.last_mut().unwrap() *= 2.0; *v.first_mut().unwrap() += v[1]; v[0] * v[v.len() - 1] } } (&x) at x = X.to_vec());
}
