//! `Vec`s whose length is known when they have been made: pushed to under a condition or in `while`, popped, cleared.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];

#[test]
fn under_a_condition() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for &a in x { if a > 0.0 { v.push(a * a); } } let mut s = 0.0; for b in &v { s = s * 0.5 + b; } s / v.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = Vec::new(); for &v in x { if v < 0.0 { continue; } h.push(v.sqrt()); } h.iter().map(|a| a * a * a).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = Vec::new(); for &v in x { if v > 1.5 { break; } h.push(v * v); } h.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut pos = Vec::new(); let mut neg = Vec::new(); for &v in x { if v >= 0.0 { pos.push(v); } else { neg.push(-v); } } let a: f64 = pos.iter().sum(); let b: f64 = neg.iter().map(|v| v * v).sum(); a * b } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut active = Vec::new(); for i in 0..x.len() { if x[i] > 0.0 { active.push(i); } } let mut s = 0.0; for &i in &active { for &j in &active { s += x[i] * x[j] * (i as f64 - j as f64).abs(); } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut d = Vec::new(); for i in 0..n { for j in i + 1..n { let r = (x[i] - x[j]).abs(); if r < 1.6 { d.push(r); } } } let m = d.iter().sum::<f64>() / d.len() as f64; d.iter().map(|r| (r - m) * (r - m)).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut e = 0.0; for i in 0..n { let mut near = Vec::new(); for j in 0..n { if i != j && (x[i] - x[j]).abs() < 1.6 { near.push(j); } } for &j in &near { e += (x[i] - x[j]).powi(2) / near.len() as f64; } } e } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for (i, w) in x.windows(2).enumerate() { if w[0] < w[1] { v.extend_from_slice(w); } else if i > 0 { v.push(w[0] * w[1]); } } let mut s = 1.0; for a in v { s = s * 0.8 + a; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut sums = Vec::new(); let mut cur = 0.0; for &v in x { if v < 0.0 { sums.push(cur); cur = 0.0; } cur += v; } sums.push(cur); sums.iter().map(|s| s * s).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut t = vec![]; for i in 1..x.len() { if x[i - 1] * x[i] < 0.0 { t.push(i as f64 - 1.0 + x[i - 1] / (x[i - 1] - x[i])); } } let mut s = 0.0; for w in t.windows(2) { s += (w[1] - w[0]).powi(2); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut rows: Vec<Vec<f64>> = Vec::new(); for i in 0..x.len() - 1 { if x[i] > 0.0 { rows.push(vec![x[i], x[i + 1] * x[i]]); } } let mut s = 0.0; for r in &rows { s += r[0] * r[1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for &a in x { if a > 0.0 { v.push(a); } } for i in 1..v.len() { v[i] += v[i - 1] * 0.5; } for a in v.iter_mut() { *a = a.sin(); } v.push(x[1]); v.swap(0, 1); v.iter().enumerate().map(|(i, a)| a * (i + 1) as f64).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![x[0]]; for &a in &x[1..] { let l = *v.last().unwrap(); if a > l { v.push(a * l); } else { v[0] += a; } } v.iter().product() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v: Vec<f64> = Vec::new(); for &a in x { match v.last() { Some(&l) if (l - a).abs() < 1.0 => {} _ => v.push(a) } } v.iter().map(|a| a * a).sum::<f64>() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); for (i, &a) in x.iter().enumerate() { v.push(a); if i == 3 { break; } v.push(a * a); } v.iter().enumerate().map(|(i, a)| a * i as f64).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut packed = Vec::with_capacity(n * (n + 1) / 2); for i in 0..n { for j in 0..=i { packed.push(x[i] * x[j]); } } let mut s = 0.0; let mut k = 0; for i in 0..n { for j in 0..=i { s += packed[k] * (i + j) as f64; k += 1; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn results() {
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut v = Vec::new(); for &a in x { if a > 0.0 { v.push(a * a); } } v } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut out = vec![]; let (mut p, mut v) = (x[0], x[1].abs()); while p < 3.0 && out.len() < 500 { v += 0.1 * x[2]; p += 0.3 * v; out.push(p); } out } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let w = 3; let mut out = Vec::new(); let mut sum = 0.0; for (i, v) in x.iter().enumerate() { sum += v; if i >= w { sum -= x[i - w]; } if i + 1 >= w { out.push(sum / w as f64); } } out } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut out = Vec::with_capacity(x.len()); let mut s = match x.first() { Some(&v) => v, None => return vec![] }; for &v in x { s += 0.3 * (v - s); out.push(s); } out } } (&x) at x = X.to_vec());
}

#[test]
fn outside_of_loops() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![x[0], x[1]]; if x[2] > 0.0 { v.push(x[2]); } if x[1] > 0.0 { v.push(x[3]); } let mut s = 0.0; for a in &v { s = s * 0.7 + a * a; } s / v.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = Vec::new(); if x[2] > 0.0 { v.push(x[2] * x[0]); } if x[1] > 0.0 { v.push(x[3]); } else { v.extend_from_slice(x); } v.iter().map(|a| a * a).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (a, b) = x.split_at(2); let s = if a.len() > b.len() { a } else { b }; s.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn taken_away() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut st = Vec::new(); for (i, &v) in x.iter().enumerate() { st.push(v); if i % 3 == 2 { let a = st.pop().unwrap(); let b = st.pop().unwrap(); st.push(a * b); } } let mut s = 1.0; for v in &st { s = s * 0.5 + v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut hull: Vec<usize> = Vec::new(); for i in 0..x.len() { while hull.len() >= 2 && x[hull[hull.len() - 1]] < x[i] { hull.pop(); } hull.push(i); } let mut s = 0.0; for w in hull.windows(2) { s += x[w[0]] * x[w[1]]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut st = x.to_vec(); let mut s = 0.0; while let Some(v) = st.pop() { s = s * 0.5 + v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut buf = Vec::new(); let mut s = 1.0; for &v in x { buf.push(v); if buf.len() == 2 { s *= 1.0 + buf[0] * buf[1]; buf.clear(); } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut buf = Vec::new(); let mut s = 0.0; for i in 0..3 { buf.clear(); for j in 0..=i { buf.push(x[i] * x[j]); } s += buf.iter().map(|a| a * a).sum::<f64>(); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.truncate(5); let l = v.pop().unwrap(); if let Some(k) = v.pop() { v[0] += k * l; } v.iter().product::<f64>() * l } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let a = v.pop().unwrap_or(0.0); let b = v.pop().expect("two"); a * b + v.last().copied().unwrap_or_default() * v.first().unwrap() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.insert(1, x[0] * x[1]); let r = v.remove(3); v.swap_remove(0); v.iter().enumerate().map(|(i, a)| a * (i + 1) as f64).sum::<f64>() * r } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.retain(|a| *a > 0.0); v.iter().product() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let w = v.split_off(3); let mut s = 0.0; for (a, b) in v.iter().zip(&w) { s += a * b * b; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let mut w = vec![x[0] * 2.0, x[1]]; v.append(&mut w); let mut s = 1.0; for a in &v { s = s * 0.5 + a * a; } s + w.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut acc = 0.0; let mut s = 0.0; for (i, &v) in x.iter().enumerate() { acc += v; if i % 2 == 1 { let t = std::mem::take(&mut acc); s += t * t; } } s + acc } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); let w = std::mem::take(&mut v); v.push(w[0] * w[1]); v[0] + w[2] * v.len() as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn without_a_bound() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![x[0]]; let mut y = x[0]; while y.abs() < 10.0 && h.len() < 99 { y = y * (2.0 + x[1] * 0.1) + x[2]; h.push(y); } let mut s = 0.0; for i in 1..h.len() { s += (h[i] - h[i - 1]).powi(2); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![x[0].abs()]; while h.len() < 8 { let l = *h.last().unwrap(); h.push(l * x[1] + x[2]); } h.iter().sum::<f64>() * h[h.len() - 1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![x[0].abs() + 0.1, x[1].abs() + 0.1]; while h[h.len() - 1] < 20.0 && h.len() < 99 { let n = h.len(); h.push(h[n - 1] + h[n - 2] * x[2]); } h.iter().map(|v| v * v).sum::<f64>() / h.len() as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = Vec::new(); let mut y = x[0]; loop { y = 0.5 * (y + x[2] / y); if h.len() > 90 || (y * y - x[2]).abs() < 1e-10 { break; } h.push(y); } h.iter().sum::<f64>() + y } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut ups = Vec::new(); let mut downs = vec![1.0]; let (mut t, mut y) = (0.0_f64, x[0]); while t < 2.0 { let d = (3.0 * t).cos() * x[2]; if d > 0.0 { ups.push(y * d); } else { downs.push(y); downs.push(d); } y += 0.25 * d; t += 0.25; } let mut s = 1.0; for (a, b) in ups.iter().zip(&downs) { s = s * a + b; } s * ups.len() as f64 + downs.iter().sum::<f64>() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut path: Vec<[f64; 2]> = Vec::new(); let mut p = [x[0], x[1]]; while p[0] < 4.0 && path.len() < 99 { p = [p[0] + 0.5 * x[2], p[1] * 0.9 + x[4]]; path.push(p); } let mut s = 0.0; for w in path.windows(2) { s += (w[1][0] - w[0][0]) * (w[1][1] + w[0][1]); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut total = 0.0; for &a in x { let mut h = vec![a.abs() + 1.0]; let mut y = a.abs() + 1.0; while y < 5.0 { y *= 1.5; h.push(y * a); } total += h.iter().map(|v| v * v).sum::<f64>() / h.len() as f64; } total } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut n = 6usize; let mut seq = Vec::new(); while n != 1 { seq.push(n); n = if n % 2 == 0 { n / 2 } else { 3 * n + 1 }; } let mut s = 0.0; for &k in &seq { s += x[k % x.len()] * x[0]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut steps = vec![]; let mut a = 1.0; while (x[0] - a * 2.0 * x[0]).powi(2) > 0.2 && steps.len() < 99 { steps.push(a); a *= 0.7; } steps.push(a); steps.iter().map(|s| s * x[1]).sum::<f64>() * a * x[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() < 3 { return 0.0; } let f = |t: f64, y: f64| -x[0] * y + (x[1] * t).sin(); let (mut t, mut y, h) = (0.0, x[2], 0.1); let mut path = vec![y]; while t < 1.0 { let k1 = f(t, y); let k2 = f(t + h / 2.0, y + h / 2.0 * k1); let k3 = f(t + h / 2.0, y + h / 2.0 * k2); let k4 = f(t + h, y + h * k3); y += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4); t += h; path.push(y); } path.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (a, b) = x.split_at(x.len() / 2); let (mut i, mut j) = (0, 0); let mut out = Vec::with_capacity(x.len()); while i < a.len() && j < b.len() { if a[i] <= b[j] { out.push(a[i]); i += 1; } else { out.push(b[j]); j += 1; } } out.extend_from_slice(&a[i..]); out.extend_from_slice(&b[j..]); out.iter().enumerate().map(|(k, v)| v * (k + 1) as f64).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn filtered() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let pos: Vec<f64> = x.iter().copied().filter(|v| *v > 0.0).collect(); let n = pos.len() as f64; let m = pos.iter().sum::<f64>() / n; pos.iter().map(|v| (v - m).powi(2)).sum::<f64>() / n } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for (i, v) in x.iter().filter(|v| **v < 1.0).enumerate() { s = s * v + i as f64; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![2.0]; (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|v| **v > 0.0).zip(x).skip(1).map(|(a, b)| a * b).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.iter().filter(|v| **v > 0.0).count(); let mut v = vec![0.0; n]; let mut k = 0; for &a in x { if a > 0.0 { v[k] = a * a; k += 1; } } v.iter().product() } } (&x) at x = X.to_vec());
}

#[test]
fn shorter_slices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut rest = x; let mut s = 0.0; while rest.len() >= 2 { let (head, tail) = rest.split_at(2); s += head[0] * head[1]; rest = tail; } s + rest.iter().sum::<f64>() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut rest = x; let mut s = 0.0; while let [a, b, tail @ ..] = rest { s += a * b; rest = tail; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut r = x; let mut s = 0.0; while r.len() > 1 { s += r[0] * r[r.len() - 1]; r = &r[1..r.len() - 1]; } if let [m] = r { s += m; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut r = x; let mut s = 1.0; while let Some((h, t)) = r.split_first() { s = s * 0.5 + h * t.len() as f64; r = t; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut w = x; while w.len() > 2 { let m = w.len() / 2; if w[m] > 0.0 { w = &w[m..]; } else { w = &w[..m]; } } w.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
}
