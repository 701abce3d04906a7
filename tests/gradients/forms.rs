//! Forms in which loops, patterns and integers are written.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];

#[test]
fn iterators() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().rev() { s = s * 0.5 + v * v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = 1.0; for v in x.iter().skip(1) { p *= 1.0 + v * v; } p } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = 1.0; for &v in x.iter().skip(1).take(3) { p *= 1.0 + v * v; } p } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = 1.0; for &v in x.iter().step_by(2) { p *= v; p += v.sin(); } p } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for c in x.chunks(4) { let mut t = 0.0; for v in c { t += v * v; } s *= t; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x.to_vec(); for c in y.chunks_exact_mut(2) { let (a, b) = (c[0], c[1]); c[0] = a + b; c[1] = a * b; } y.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x.to_vec(); for c in y.chunks_mut(4) { let n: f64 = c.iter().map(|v| v * v).sum::<f64>().sqrt(); for v in c.iter_mut() { *v /= n; } } y.iter().zip(x).map(|(a, b)| a * b * b).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for w in x.windows(3) { s += (w[0] - 2.0 * w[1] + w[2]).powi(2); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(a: &[f64], b: &[f64]) -> f64 { let mut s = 0.0; for (i, (x, y)) in a.iter().zip(b.iter().rev()).enumerate() { s += x * y * (i as f64); } s } } (&x, &y) at x = X.to_vec(), y = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x.iter().chain(&[1.0, 2.0]) { s = s * 0.3 + v * v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in std::iter::once(0.5).chain(x.iter().copied()) { s = s * 0.3 + v * v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x.to_vec(); let mut acc = 0.0; for v in y.iter_mut().rev() { acc += *v; *v = acc; } y.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = x.to_vec(); for v in y.iter_mut().skip(2) { *v *= x[0]; } for v in y.iter_mut().step_by(2) { *v += 1.0; } for v in y.iter_mut().take(2) { *v = v.sin(); } y.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut y = vec![1.0; x.len()]; for (a, &b) in y.iter_mut().zip(x) { *a *= b; *a += b * b; } y[0] * y[1] * y[2] } } (&x) at x = X.to_vec());
}

#[test]
fn patterns_of_slices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for w in x.windows(2) { if let [a, b] = w { s += (b - a) * (b - a); } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for w in x.windows(2) { let &[a, b] = w else { unreachable!() }; s += (b - a) * (b - a); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { match x { [] => 0.0, [a] => *a, [a, rest @ ..] => a * rest.iter().sum::<f64>() } } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let [first, .., last] = x else { return 0.0 }; first * last } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64; 3]) -> f64 { let [a, b, c] = *x; let &[d, ..] = x; a * b + c * d } } (&x) at x = [1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if let Some((h, t)) = x.split_first() { t.iter().map(|v| v * h).sum() } else { 0.0 } } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if let (Some(a), Some(b)) = (x.first(), x.last()) { a * b } else { 0.0 } } } (&x) at x = X.to_vec());
}

#[test]
fn conditions_with_let() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if let Some(a) = x.first() && *a > 0.0 && let Some(b) = x.get(2) { a * b } else { 1.0 } } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let Some(f) = x.first() else { return 0.0; }; let Some(&l) = x.last() else { panic!("empty") }; f * l } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..8 { s += x.get(i).copied().unwrap_or(0.5) * x[0]; if let Some(v) = x.get(i + 1) { s *= v; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn early_exits() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; 'outer: for i in 0..x.len() { for j in 0..x.len() { if x[i] * x[j] > 3.0 { break 'outer; } if j > i { continue 'outer; } s += x[i] * x[j]; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = 0; let v = loop { if x[i] > 1.0 { break x[i] * 2.0; } i += 1; if i == x.len() { break 0.0; } }; v * v + i as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = 0; let v = 'a: loop { let mut j = 0; loop { if j > i { break; } if x[i] + x[j] > 2.2 { break 'a x[i] * x[j]; } j += 1; } i += 1; if i >= x.len() { break 'a 1.0; } }; v * x[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { for i in 0..x.len() { for j in 0..i { if x[i] * x[j] < -2.0 { return x[i] - x[j] * x[j]; } } } x[0] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let v = 'find: { for (i, &a) in x.iter().enumerate() { if a > 1.0 { break 'find a * i as f64; } } x[0] }; v.sin() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut best = (0.0, 0.0); 'search: for i in 0..n { for j in i + 1..n { for k in j + 1..n { if x[i] + x[j] + x[k] > 1.0 { best = (x[i] * x[j], x[k]); break 'search; } } } } best.0 * best.1 + best.1 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() < 2 { return 1.0; } if x[0] > x[1] { return x[0] - x[1]; } if x.len() < 4 { return x[0]; } let mut s = x[3]; for i in 1..x.len() { if x[i] < x[i - 1] { return s * x[i]; } s += x[i]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { 0.0 } else if x.len() == 1 { x[0] } else if x.len() == 2 { x[0] * x[1] } else { x[0] * x[2] + x[1] } } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { return 0.0; } let (mut i, mut j) = (0, x.len() - 1); let mut s = 0.0; while i < j { s += x[i] * x[j]; if x[i] < x[j] { i += 1; } else { j -= 1; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { return 0.0; } let mut a = x.to_vec(); let k = a.len() / 2; let (mut lo, mut hi) = (0, a.len() - 1); while lo < hi { let p = a[hi]; let mut s = lo; for i in lo..hi { if a[i] < p { a.swap(i, s); s += 1; } } a.swap(s, hi); if s == k { break; } else if s < k { lo = s + 1; } else { hi = s - 1; } } a[k] * a[k] } } (&x) at x = X.to_vec());
}

#[test]
fn integers() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 0..n { let j = (i * 7 + 3) % n; let k = (i << 1) / 3; let l = i.abs_diff(j).min(n - 1); let m = i.saturating_sub(2); s += x[j] * x[k] + x[l] * x[m]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut state: u32 = 12345; let mut s = 0.0; for _ in 0..10 { state = state.wrapping_mul(1664525).wrapping_add(1013904223); let i = (state >> 16) as usize % x.len(); let u = state as f64 / u32::MAX as f64; s += x[i] * u; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], seed: u64) -> f64 { let mut r = seed; let mut s = 0.0; for &v in x { r ^= r << 13; r ^= r >> 7; r ^= r << 17; s += v * v * ((r >> 11) as f64 * (1.0 / (1u64 << 53) as f64)); } s } } (&x, 42) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for mask in 0..1usize << n { let mut p = 1.0; for i in 0..n { if mask & (1 << i) != 0 { p *= x[i]; } } if mask.count_ones() % 2 == 0 { s += p; } else { s -= p; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut s = 0.0; for i in 1..=n { if i.is_power_of_two() { s += x[i - 1]; } let b = i.leading_zeros() as usize; s *= 1.0 + x[b % n] * 0.1; let p = i.pow(2) % n; s += x[p]; let q = i.trailing_zeros(); s += q as f64 * x[0]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in 0..x.len() { if let Some(j) = i.checked_sub(1) { s += x[i] * x[j]; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { let mid = (n + x.len()).div_ceil(2); let h = n.next_power_of_two(); x[mid] * x[h] + x[n.ilog2() as usize] } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn gcd(mut a: usize, mut b: usize) -> usize { while b != 0 { let t = a % b; a = b; b = t; } a } let mut s = 0.0; for i in 1..x.len() { s += x[i] * x[gcd(i, 6) - 1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len() as isize; let mut s = 0.0; for i in 0..n { for d in [-1isize, 1] { let j = i + d; if j >= 0 && j < n { s += x[i as usize] * x[j as usize]; } } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len() as i32; let mut s = 0.0; for i in 0..n { let l = (i - 1).rem_euclid(n) as usize; let r = ((i + 1) % n) as usize; s += (x[r] - x[l]) * x[i as usize]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for i in -4_i32..5 { for k in [-3, -2, 2, 3] { s += x[i.rem_euclid(k) as usize] * (i * k) as f64; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut p: Vec<usize> = (0..n).collect(); for i in 0..n { let mut k = i; for j in i + 1..n { if x[p[j]] < x[p[k]] { k = j; } } p.swap(i, k); } p.iter().enumerate().map(|(i, &k)| x[k] * i as f64).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut counts = [0usize; 3]; let mut sums = [0.0; 3]; for &v in x { let b = if v < 0.0 { 0 } else if v < 0.6 { 1 } else { 2 }; counts[b] += 1; sums[b] += v; } let mut s = 0.0; for b in 0..3 { if counts[b] > 0 { let m = sums[b] / counts[b] as f64; s += m * m; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = 20; let mut p = vec![true; n]; p[0] = false; p[1] = false; let mut i = 2; while i * i < n { if p[i] { let mut j = i * i; while j < n { p[j] = false; j += i; } } i += 1; } let mut s = 0.0; for (k, &b) in p.iter().enumerate() { if b && k < x.len() { s += x[k] * k as f64; } } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = 3; let mut seen = [[false; 3]; 3]; let (mut r, mut c, mut dr, mut dc) = (0i32, 0i32, 0i32, 1i32); let mut s = 1.0; for k in 0..n * n { seen[r as usize][c as usize] = true; if !x.is_empty() { s = s * 0.9 + x[(r * 3 + c) as usize % x.len()] * k as f64; } let (nr, nc) = (r + dr, c + dc); if nr < 0 || nr >= 3 || nc < 0 || nc >= 3 || seen[nr as usize][nc as usize] { (dr, dc) = (dc, -dr); } r += dr; c += dc; if r < 0 || r >= 3 || c < 0 || c >= 3 { break; } } s } } (&x) at x = X.to_vec());
}

#[test]
fn iterators_that_are_advanced() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut s = 0.0; while let Some(a) = it.next() { let b = it.next().copied().unwrap_or(1.0); s += a * b; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut m = match it.next() { Some(v) => *v, None => return 0.0 }; for &v in it { if v > m { m = v; } } m * m } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter().map(|v| v * 2.0).rev(); let mut s = 0.0; while let Some(v) = it.next() { if v > 1.1 { continue; } s = s * 0.5 + v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.iter(); let mut b = x.iter().skip(1); let mut s = 0.0; loop { match (a.next(), b.next()) { (Some(u), Some(v)) => s += u * v, _ => break } } s } } (&x) at x = X.to_vec());
}

#[test]
fn functions_inside() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn sq(v: f64) -> f64 { v * v } fn dist(a: f64, b: f64) -> f64 { sq(a - b).sqrt() } let mut s = 0.0; for i in 1..x.len() { s += dist(x[i], x[i - 1]); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn norm(v: &[f64]) -> f64 { v.iter().map(|a| a * a).sum::<f64>().sqrt() } norm(&x[1..4]) + norm(x) * norm(&[x[0], x[1]]) } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn scale(v: &mut [f64], k: f64) { for a in v.iter_mut() { *a *= k; } } let mut y = x.to_vec(); scale(&mut y, x[0]); scale(&mut y[2..], 3.0); y.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn root(a: f64) -> f64 { let mut y = a; for _ in 0..50 { let n = 0.5 * (y + a / y); if (n - y).abs() < 1e-14 { return n; } y = n; } y } x.iter().map(|v| root(v * v + 1.0)).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn dot<const N: usize>(a: &[f64; N], b: &[f64; N]) -> f64 { let mut s = 0.0; for i in 0..N { s += a[i] * b[i]; } s } dot(&[x[0], x[1]], &[x[2], x[3]]) * dot(&[x[0], x[1], x[2]], &[x[3], x[4], x[5]]) } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn mul<const M: usize, const N: usize>(a: &[[f64; N]; M], v: &[f64; N]) -> [f64; M] { let mut o = [0.0; M]; for i in 0..M { for j in 0..N { o[i] += a[i][j] * v[j]; } } o } let o = mul(&[[x[0], x[1], x[2]], [x[3], x[4], x[5]]], &[x[1], x[2], x[3]]); o[0] * o[1] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, n: usize) -> f64 { let h = (b - a) / n as f64; let mut s = 0.5 * (f(a) + f(b)); for i in 1..n { s += f(a + i as f64 * h); } s * h } integrate(|t| (x[0] * t).sin() + x[1], 0.0, x[2], 10) } } (&x) at x = X.to_vec());
}

#[test]
fn state() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut a, mut b) = (x[0], x[1]); for &v in x { (a, b) = (b, a + b * v); } a * b } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY); for &v in x { lo = lo.min(v); hi = hi.max(v); } if lo > hi { (lo, hi) = (hi, lo); } (hi - lo).powi(2) } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [[0.0; 3]; 4]; let mut row = [x[0], x[1], x[2]]; for i in 0..4 { a[i] = row; for v in row.iter_mut() { *v = v.sin() + 0.1; } } a[3][0] * a[1][1] + a[2][2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut b = a.clone(); for k in 0..3 { for i in 0..a.len() { b[i] = a[(i + 1) % a.len()] * a[i] + k as f64; } a = b.clone(); } a.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for _ in 0..3 { let mut b = vec![0.0; a.len()]; for i in 0..a.len() { b[i] = a[(i + 1) % a.len()] * 0.5 + a[i]; } a = b; } a.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let mut b = vec![0.0; x.len()]; for _ in 0..4 { for i in 0..a.len() { b[i] = a[i] * a[(i + 1) % a.len()] * 0.5 + 1.0; } std::mem::swap(&mut a, &mut b); } a.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x[0]; let mut s = 0.0; for &v in x { let old = std::mem::replace(&mut a, v * v); s += old * v; } s + a } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut total = 0.0; let mut add = |v: f64| { total += v * v; }; for &v in x { add(v); } add(x[0]); total } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = vec![0.0; 6]; let mut put = |i: usize, v: f64| a[i] += v; for (i, &v) in x.iter().enumerate() { put(i / 2, v * v); } put(1, x[0]); a[0] * a[1] + a[2] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [x[0], x[1], x[2]]; for k in 0..3 { a = std::array::from_fn(|i| a[(i + 1) % 3] * x[k] + 0.5); } a.iter().sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn cumsum(v: &[f64]) -> Vec<f64> { let mut out = Vec::with_capacity(v.len()); let mut s = 0.0; for a in v { s += a; out.push(s); } out } let c = cumsum(&cumsum(x)); c.iter().map(|v| v * v).sum() } } (&x) at x = X.to_vec());
}

#[test]
fn algorithms() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let (mut lo, mut hi) = (0, x.len()); while lo < hi { let mid = (lo + hi) / 2; if x[mid] < 0.3 { lo = mid + 1; } else { hi = mid; } } if lo < x.len() { x[lo] * 2.0 } else { 0.0 } } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let n = a.len(); for i in 0..n { for j in 0..n - 1 - i { if a[j] > a[j + 1] { a.swap(j, j + 1); } } } let mut s = 0.0; for (i, v) in a.iter().enumerate() { s += v * (i + 1) as f64; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut d = vec![vec![0.0; n + 1]; n + 1]; for i in 1..=n { for j in 1..=n { let m = d[i - 1][j - 1] + x[i - 1] * x[j - 1]; let a = d[i - 1][j] - 0.3; let b = d[i][j - 1] - 0.3; d[i][j] = m.max(a).max(b); } } d[n][n] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = x.len(); let mut prev = vec![f64::INFINITY; n + 1]; prev[0] = 0.0; for i in 0..n { let mut cur = vec![f64::INFINITY; n + 1]; for j in 0..n { let c = (x[i] - x[n - 1 - j]).powi(2); cur[j + 1] = c + prev[j].min(prev[j + 1]).min(cur[j]); } prev = cur; } prev[n] } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = 0; let mut s = 0.0; while i < x.len() { let mut j = i; let mut p = 1.0; while j < x.len() && x[j].signum() == x[i].signum() { p *= x[j]; j += 1; } s += p * (j - i) as f64; i = j; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut h = vec![0.0; 5]; for &v in x { let b = (((v + 5.0) / 2.0) as usize).min(4); h[b] += v * v; } let mut s = 0.0; for v in h { s += v * v; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for &a in x { let a = a.abs() + 0.5; let mut r = a; let mut it = 0; loop { let n = r - (r * r * r - a) / (3.0 * r * r); it += 1; if (n - r).abs() < 1e-12 || it > 50 { r = n; break; } r = n; } s += r; } s } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let k = [0.25, 0.5, 0.25]; let n = x.len(); let mut out = vec![0.0; n]; for i in 0..n { for (j, w) in k.iter().enumerate() { let p = i as isize + j as isize - 1; if p >= 0 && (p as usize) < n { out[i] += w * x[p as usize]; } } } out } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = [[0.0; 3]; 3]; let mut b = [0.0; 3]; for (i, &y) in x.iter().enumerate() { let t = i as f64 * 0.5; let p = [1.0, t, t * t]; for r in 0..3 { for c in 0..3 { a[r][c] += p[r] * p[c]; } b[r] += p[r] * y; } } for r in 0..3 { a[r][r] += 0.1; } for k in 0..3 { for i in k + 1..3 { let f = a[i][k] / a[k][k]; for j in k..3 { a[i][j] -= f * a[k][j]; } b[i] -= f * b[k]; } } let mut s = [0.0; 3]; for i in (0..3).rev() { let mut t = b[i]; for j in i + 1..3 { t -= a[i][j] * s[j]; } s[i] = t / a[i][i]; } s[0] + s[1] * s[2] } } (&x) at x = X.to_vec());
}
