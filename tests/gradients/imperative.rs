//! `for`, `while`, `loop`, assignment, early exits: ordinary imperative Rust.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn assignment() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; y = y * x; y += x.sin(); y -= 2.0 * x; y *= y; y /= x + 3.0; y } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let (mut a, mut b) = (x, y); (a, b) = (b * a, a.sin()); a += b; std::mem::swap(&mut a, &mut b); a * a * b } } (x, y) at x = 0.5, y = 2.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let y; if x > 1.0 { y = x * x; } else { y = x.sin(); } y * x } } (x) at x = 0.5; (x) at x = 1.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut t = (x, 2.0 * x); t.0 *= t.1; t.1 = t.0 + x; t.0 * t.1 } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; { let r = &mut y; *r *= x; *r += 1.0; } y * x } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut n = 0; let mut y = x; n += 2; y *= n as f64; y } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; let mut add = |t: f64| y += t * x; add(2.0); add(x); y } } (x) at x = 0.5);
}

#[test]
fn branches_that_assign() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; if x > 1.0 { y *= 2.0; } else if x > 0.0 { y = y.exp(); } y * x } } (x) at x = 0.5; (x) at x = 1.5; (x) at x = -0.5);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut y = x; let mut k = 1.0; match n { 0 => y = 1.0, 1 | 2 => { y *= x; k = 2.0 } 3..=5 if x > 0.0 => k = x, _ => {} } y * k } }
        (x, 0) at x = 0.5; (x, 1) at x = 0.5; (x, 4) at x = 0.5; (x, 4) at x = -0.5; (x, 9) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut a = *x; if a[0] > 0.0 { a[1] *= a[0]; a[2] = a[1]; } else { a[3] = a[0]; } a[0] * a[1] * a[2] * a[3] } }
        (&x) at x = X; (&x) at x = [-1.0, 2.0, 3.0, 4.0]);
}

#[test]
fn early_returns() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { if x > 1.0 { return x * x; } if x < 0.0 { return x.exp(); } let y = x.sin(); y * x } } (x) at x = 0.5; (x) at x = 1.5; (x) at x = -0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let y = if x > 1.0 { return 3.0 * x } else { x * x }; y.sin() } } (x) at x = 0.5; (x) at x = 1.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { return 0.0; } x[0] * x[0] } } (&x) at x = vec![2.0]; (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 { let mut s = 0.0; for &v in x { s += v * v; if s > t { return s * t; } } s + t } }
        (&x, t) at x = X.to_vec(), t = 1.0; (&x, t) at x = X.to_vec(), t = 100.0);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { for i in 0..x.len() { for j in 0..i { if x[i] * x[j] < 0.0 { return x[i].sin() * x[j]; } } } x[0] } }
        (&x) at x = X.to_vec(); (&x) at x = vec![1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let y = 'a: { if x > 1.0 { break 'a x * x; } x.sin() }; y * x } } (x) at x = 0.5; (x) at x = 1.5);
}

#[test]
fn sums_and_products() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x { s += v * v; } s } } (&x) at x = X.to_vec(); (&x) at x = vec![]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 1.0; for i in 0..x.len() { s -= x[i].sin() * s; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut p = 1.0; for i in (0..4).rev() { p *= x[i]; } p } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut s = 0.0; for i in (0..4).step_by(2) { s += x[i] * x[i + 1]; } s } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut s = 0.0; for i in 1..=3 { s += x[i] * x[i - 1]; } s } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { let mut s = 0.0; for (i, (a, b)) in x.iter().zip(y).enumerate() { s += a * b * i as f64; } s } } (&x, &y) at x = X.to_vec(), y = vec![1.0, 2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for w in x.windows(2) { s += w[0] * w[1].sin(); } for c in x.chunks_exact(2) { s += c[0] * c[1]; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for &v in x { if v < 0.0 { continue; } s += v.sqrt(); } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: usize) -> f64 { let (a, b) = x.split_at(k); let mut s = 0.0; for i in 0..a.len().min(b.len()) { s += a[i] * b[i].sin(); } s } }
        (&x, 2) at x = X.to_vec(); (&x, 1) at x = X.to_vec(); (&x, 4) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut v = vec![0.0; x.len()];
        for (k, pair) in v.chunks_exact_mut(2).enumerate() { pair[0] = x[2 * k] * x[2 * k + 1]; pair[1] = pair[0].sin(); }
        let mut s = 0.0;
        for i in 0..v.len() { s += v[i] * v[i]; }
        s
    } } (&x) at x = X.to_vec(); (&x) at x = vec![0.5, 2.0, 1.5]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut m = x[0]; for &v in x { if v > m { m = v; } } m * m } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut c = 0.0; for &v in x { let t = v - c; c = s * 0.5; s += t * t; } s + c } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut t = 0.0; let mut s = 0.0; for &v in x { t = v * v; s += t.sin(); } s * t } } (&x) at x = X.to_vec());
}

#[test]
fn horner_newton_and_their_like() {
    gradient!({ #[grad] fn f(c: &[f64], x: f64) -> f64 { let mut y = 0.0; for &a in c.iter().rev() { y = y * x + a; } y } } (&c, x) at c = X.to_vec(), x = 0.7);
    gradient!({ #[grad] fn f(a: f64) -> f64 { let mut x = a; for _ in 0..20 { x = 0.5 * (x + a / x); } x } } (a) at a = 2.5);
    gradient!({ #[grad] fn f(w: &[f64], x: &[f64], y: &[f64]) -> f64 {
        let mut loss = 0.0;
        for (xi, yi) in x.iter().zip(y) { let mut p = 1.0; let mut v = 0.0; for wj in w { v += wj * p; p *= xi; } let r = v - yi; loss += r * r; }
        loss
    } } (&w, &x, &y) at w = vec![0.5, -0.3, 0.2], x = X.to_vec(), y = vec![1.0, 2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let (mut a, mut b) = (0.0, x); for _ in 0..n { (a, b) = (b, a * x + b); } b } } (x, 6) at x = 0.8; (x, 0) at x = 0.8);
}

#[test]
fn while_and_loop() {
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut k = 0; let mut s = x; while k < n { s = s.sin() * x; k += 1; } s } } (x, 5) at x = 1.3; (x, 0) at x = 1.3);
    gradient!({ #[grad] fn f(a: f64) -> f64 { let mut x = a; while (x * x - a).abs() > 1e-13 { x = 0.5 * (x + a / x); } x } } (a) at a = 2.0; (a) at a = 9.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; let r = loop { y = y * y; if y < 0.1 { break y * x; } }; r + x } } (x) at x = 0.9);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut y = x; let mut n = 0; loop { if n == 4 { break; } n += 1; if n == 2 { continue; } y = y.sin() + x * n as f64; } y } } (x) at x = 0.9);
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 { let mut s = 0.0; for &v in x { if s > t { break; } s += v * v * s.cos(); } s * t } }
        (&x, t) at x = vec![0.5, 0.7, 0.9, 1.1], t = 0.6; (&x, t) at x = vec![0.5, 0.7], t = 100.0);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let mut s = 0.0; 'rows: for i in 0..4 { for j in 0..4 { if j == i { continue 'rows; } if i == 3 { break 'rows; } s += x[i] * x[j].sin(); } } s } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { let mut s = 0.0; for i in 0..n { let mut y = x; while y < i as f64 { y = y * 1.5 + 0.1 * x; } s += y; } s } } (x, 5) at x = 0.7);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let mut s = x; let mut i = 0; while i < 3 { let mut j = 0; while j < i { s += s.sin() * x; j += 1; } i += 1; } s } } (x) at x = 0.7);
}

#[test]
fn loops_that_run_as_often_as_others_have() {
    gradient!({ #[grad] fn f(a: f64, n: usize) -> f64 { let mut s = a; for _ in 0..3 { let mut k = 0; while k < 2 && n == 1 { s += s; k += 1; } } s } } (a, 1) at a = 0.7; (a, 0) at a = 0.7);
    gradient!({ #[grad] fn f(a: f64) -> f64 { let mut s = 0.5; for _ in 0..2 { s = 0.5; } s * a } } (a) at a = 0.7);
    gradient!({ #[grad] fn f(a: f64, v: &[f64], n: usize) -> f64 { let mut s = v[0]; if n < v.len() { if v[n] < 0.5 { s = a; } } s * a } } (a, &v, 1) at a = 0.7, v = vec![0.1, 0.2]; (a, &v, 5) at a = 0.7, v = vec![0.1, 0.2]);
}

#[test]
fn loops_after_loops() {
    gradient!({ #[grad] fn f(a: f64) -> f64 { let mut s = 0.5; for _ in 0..2 { s = a; } for _ in 0..2 { s += s; } s } } (a) at a = 0.7);
    gradient!({ #[grad] fn f(a: f64) -> f64 { let mut s = 0.5; for _ in 0..1 { for _ in 0..2 { s = 0.5; } for _ in 0..2 { s = 0.5; } } s * a } } (a) at a = 0.7);
}

#[test]
fn arrays_element_by_element() {
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut y = vec![0.0; x.len()]; for i in 0..x.len() { y[i] = x[i].sin(); } y } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut y = vec![0.0; x.len()]; let mut s = 0.0; for i in 0..x.len() { s += x[i] * x[i]; y[i] = s; } y } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(w: &[f64], x: &[f64], m: usize) -> Vec<f64> { let n = x.len(); let mut y = vec![0.0; m]; for i in 0..m { let mut s = 0.0; for j in 0..n { s += w[i * n + j] * x[j]; } y[i] = s.tanh(); } y } }
        (&w, &x, 2) at w = vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], x = X.to_vec());
    pullback!({ #[grad] fn f(w: &[[f64; 3]], x: &[f64]) -> [f64; 3] { let mut y = [0.0; 3]; for i in 0..w.len() { for j in 0..3 { y[j] += w[i][j] * x[i]; } } y } }
        (&w, &x) at w = vec![[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], x = vec![1.5, -0.5]);
    pullback!({ #[grad] fn f(x: &[f64], idx: &[usize], k: usize) -> Vec<f64> { let mut h = vec![0.0; k]; for i in 0..x.len() { h[idx[i]] += x[i] * x[i]; } h } }
        (&x, &[0, 2, 0, 1], 3) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut y = x.to_vec(); for v in y.iter_mut() { *v = *v * *v; } for (i, v) in y.iter_mut().enumerate() { *v += i as f64 * x[0]; } y } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> [f64; 4] { let mut y = *x; for i in 1..4 { y[i] += y[i - 1] * x[i]; } y } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> [f64; 4] { let mut y = *x; y.swap(0, 2); y[1] *= y[0]; y.reverse(); y } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64; 4], i: usize, j: usize) -> [f64; 4] { let mut y = *x; y.swap(i, j); y[i] = y[i] * y[j]; y } } (&x, 1, 3) at x = X; (&x, 2, 2) at x = X);
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { let mut y = vec![1.0; x.len()]; y.fill(2.0); y[1..3].copy_from_slice(&x[0..2]); let (a, b) = y.split_at_mut(2); a[0] = b[0] * b[1]; b[1] = a[1]; y } } (&x) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[[f64; 2]; 2]) -> [[f64; 2]; 2] { let mut y = [[0.0; 2]; 2]; for i in 0..2 { for j in 0..2 { for k in 0..2 { y[i][j] += x[i][k] * x[k][j]; } } } y } } (&x) at x = [[0.1, 0.2], [0.3, 0.4]]);
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> { let mut y = x.to_vec(); let mut z = vec![0.0; x.len()]; for _ in 0..n { for i in 1..x.len() - 1 { z[i] = y[i] + 0.1 * (y[i - 1] - 2.0 * y[i] + y[i + 1]).sin(); } std::mem::swap(&mut y, &mut z); } y } } (&x, 3) at x = vec![0.1, 0.5, 0.9, 0.3, 0.2]);
}

#[test]
fn arrays_in_place() {
    gradient!({ #[grad] fn f(a: &[f64], n: usize) -> f64 {
        let mut m = a.to_vec();
        let mut det = 1.0;
        for k in 0..n {
            det *= m[k * n + k];
            for i in k + 1..n { let l = m[i * n + k] / m[k * n + k]; for j in k + 1..n { m[i * n + j] -= l * m[k * n + j]; } }
        }
        det
    } } (&a, 3) at a = vec![2.0, 0.5, 0.3, 0.1, 1.5, 0.7, 0.4, 0.2, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64], w: &[f64]) -> f64 {
        let mut a = x.to_vec();
        for i in 1..a.len() { let mut j = i; while j > 0 && a[j - 1] > a[j] { a.swap(j - 1, j); j -= 1; } }
        let mut s = 0.0;
        for i in 0..a.len() { s += a[i] * w[i]; }
        s
    } } (&x, &w) at x = X.to_vec(), w = vec![1.0, 2.0, 3.0, 4.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); for i in 0..a.len() { if a[i] < 0.0 { a[i] = a[i] * a[i]; } else { a[i] *= 3.0; } } for i in 1..a.len() { a[i] *= a[i - 1]; } a[a.len() - 1] } } (&x) at x = X.to_vec());
}

#[test]
fn names() {
    // A value without a name, in a loop whose index is called as it would be.
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 {
        let mut a = x.to_vec();
        for t in 0..n { for i in 1..x.len() { a[i] = (a[i] * a[i - 1] + t as f64).sin() * a[i]; } }
        let mut s = 0.0;
        for v in &a { s += v; }
        s
    } } (&x, 3) at x = X.to_vec());
}

#[test]
fn inactive_loops_with_active_sums() {
    gradient!({ #[grad(skip(x))] fn f(c: &[f64], x: &[f64]) -> f64 {
        let mut s = 0.0;
        for i in 0..x.len() { let mut v = 0.0; let mut p = 1.0; for j in 0..c.len() { v += c[j] * p; p *= x[i]; } s += v * v; }
        s
    } } (&c, &[0.5, -0.25]) at c = X.to_vec());
}

#[test]
fn arrays_that_are_made_in_branches() {
    // What a branch reads is complete before it, and made once.
    pullback!({ #[grad] fn f(x: &[f64; 3], k: f64) -> [f64; 3] {
        let mut y = [0.0; 3];
        if k > 0.0 {
            let mut a = [0.0; 3];
            for i in 0..3 { a[i] = x[i] / k; }
            let mut s = 0.0;
            for i in 0..3 { s += a[i] * a[i]; }
            let c = [a[1] * x[2], a[2] * x[0], a[0] * x[1]];
            for i in 0..3 { y[i] = c[i] * s + x[i]; }
        } else {
            y[0] = x[1] * k; y[1] = x[2] - x[0];
        }
        [y[0] * y[1], y[1] * y[2], y[2] * y[0]]
    } } (&x, k) at x = [0.5, -1.0, 2.0], k = 0.7; (&x, k) at x = [0.5, -1.0, 2.0], k = -0.7);
    // What belongs to the branch that was not taken is infinite there.
    let (_, (d_x, d_k)) = {
        #[grad]
        fn f(x: &[f64; 3], k: f64) -> f64 {
            let mut y = [0.0; 3];
            if k > 0.0 {
                for i in 0..3 {
                    y[i] = x[i] / k;
                }
                let t = [y[1], -y[2], y[0]];
                for i in 0..3 {
                    y[i] = t[i] / k;
                }
            } else {
                y[0] = x[0] * x[1];
            }
            y[0] + y[1] * y[2]
        }
        f_grad(&[0.5, 0.25, 2.0], 0.0)
    };
    assert_eq!((d_x, d_k), ([0.25, 0.5, 0.0], 0.0));
}

#[test]
fn what_both_branches_need() {
    // A loop in reverse that the arms of several choices by one condition need runs once.
    pullback!({ #[grad] fn f(x: &[f64; 3], k: f64) -> [f64; 3] {
        let mut y = [0.0; 3];
        if k > 0.0 { for i in 0..3 { y[i] = x[i] / k; } } else { y[0] = x[1] * k; y[1] = x[2] - x[0]; }
        for i in 0..3 { y[i] *= y[(i + 1) % 3]; }
        y
    } } (&x, k) at x = [0.5, -1.0, 2.0], k = 0.7; (&x, k) at x = [0.5, -1.0, 2.0], k = -0.7);
}

#[test]
fn elements_changed_again_and_again() {
    // The row is set, added to, and its diagonal moved: versions of one array, some read while it changes.
    gradient!({ #[grad] fn f(a: &[[f64; 2]; 2], x: [f64; 2]) -> f64 {
        let mut m = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 { m[i][j] += a[i][j] * x[j]; }
            m[i][i] += 1.0;
        }
        m[0][0].sin() + m[1][0].sin() * m[0][1] + m[1][1]
    } } (&a, x) at a = [[0.5, -1.0], [0.25, 2.0]], x = [0.7, -0.3]);
    gradient!({ #[grad] fn f(w: &[f64], b: &[f64], h: &[f64]) -> f64 {
        let mut out = vec![0.0; b.len()];
        for i in 0..b.len() {
            out[i] = b[i];
            for j in 0..h.len() { out[i] += w[i * h.len() + j] * h[j]; }
        }
        let mut largest = out[0];
        for &o in &out { largest = largest.max(o); }
        largest + out[1]
    } } (&w, &b, &h) at w = vec![0.5, -0.2, 0.3, 0.8], b = vec![0.1, 0.2], h = vec![0.7, -0.4]; (&w, &b, &h) at w = vec![], b = vec![0.1, 0.2], h = vec![]);
    gradient!({ #[grad] fn f(z: &[f64], q: f64, r: f64) -> f64 {
        let mut p = [[1.0, 0.5], [0.25, 1.0]];
        let mut l = 0.0;
        for &z in z {
            let mut pp = [[0.0; 2]; 2];
            for i in 0..2 {
                for j in 0..2 { for k in 0..2 { pp[i][j] += p[i][k] * q; } }
                pp[i][i] += q;
            }
            let s = pp[0][0] + r;
            let gain = [pp[0][0] / s, pp[1][0] / s];
            for i in 0..2 { for j in 0..2 { p[i][j] = pp[i][j] - gain[i] * pp[0][j]; } }
            l -= s * z;
        }
        l
    } } (&z, q, r) at z = vec![0.5, -0.7, 0.2], q = 0.6, r = 1.5);
}

#[test]
fn places_that_carry_nothing() {
    // The cotangent of `step` starts at zero in every iteration that is undone.
    gradient!({ #[grad] fn f(a: f64) -> f64 {
        let mut x = a;
        let mut step = 1.0;
        let mut k = 0;
        while step > 1e-3 && k < 50 { step = x * a; x -= step; k += 1; }
        x
    } } (a) at a = 0.7);
}

#[test]
fn arrays_changed_in_branches() {
    pullback!({ #[grad] fn f(x: &[f64], w: &[f64], n: usize) -> Vec<f64> {
        let mut h = vec![0.0; n];
        for i in 0..x.len() { let k = (x[i] * x[i]) as usize; if k < n { h[k] += w[i] * w[i] * x[i]; } }
        h
    } } (&x, &w, 3) at x = X.to_vec(), w = vec![0.5, 1.5, -0.5, 2.0]);
    gradient!({ #[grad] fn f(a: &[f64], n: usize, p: usize) -> f64 {
        let mut m = a.to_vec();
        let mut det = 1.0;
        for k in 0..n {
            if p > k { for j in 0..n { m.swap(k * n + j, p * n + j); } } else { m[k] *= m[k + 1]; }
            if m[k * n + k] > 10.0 { return det; }
            det *= m[k * n + k];
        }
        det + m[1]
    } } (&a, 3, 2) at a = vec![2.0, 0.5, 0.3, 0.1, 1.5, 0.7, 0.4, 0.2, 3.0]; (&a, 3, 0) at a = vec![2.0, 0.5, 0.3, 0.1, 1.5, 0.7, 0.4, 0.2, 30.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut a = x.to_vec();
        for i in 1..a.len() {
            if a[i] < a[i - 1] { a[i] = a[i] * a[i - 1]; a[i - 1] = 0.5; } else if a[i] > 1.0 { a[i] += a[i - 1]; } else { a[i - 1] *= 2.0; }
        }
        let mut s = 0.0;
        for v in &a { s += v * v; }
        s
    } } (&x) at x = X.to_vec(); (&x) at x = vec![0.5, 0.6, 1.5, 1.25]);
}

#[test]
fn results_of_loops_in_branches() {
    gradient!({ #[grad] fn f(a: &[f64]) -> f64 {
        let mut p = 1.0;
        for &x in a { if x == 0.0 { return 0.0; } p = p * x.sin(); }
        p
    } } (&a) at a = X.to_vec(); (&a) at a = vec![]);
    // The greatest only chooses: it is not undone.
    gradient!({ #[grad] fn f(a: &[f64]) -> f64 {
        let mut k = 0;
        let mut m = a[0].abs();
        for i in 1..a.len() { if a[i].abs() > m { m = a[i].abs(); k = i; } }
        a[k] * a[k] * a[0]
    } } (&a) at a = X.to_vec());
}

#[test]
fn integers_that_are_carried() {
    // Indices that loops within loops count up, bit tricks, extents that differ from iteration to iteration.
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let n = x.len();
        let mut s = 0.0;
        let mut half = 1;
        while half < n {
            let mut start = 0;
            while start + half < n { for k in 0..half { s += x[start + k] * x[start + half] * half as f64; } start += 2 * half; }
            half *= 2;
        }
        s
    } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let n = x.len();
        let mut j = 0;
        let mut s = 0.0;
        for i in 1..n { let mut bit = n >> 1; while j & bit != 0 { j ^= bit; bit >>= 1; } j |= bit; s += x[i] * x[j]; }
        s
    } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(a: &[f64], x: &[f64], d: usize, k: usize) -> f64 {
        let mut q = vec![0.0; d];
        let mut terms = vec![0.0; k];
        for c in 0..k {
            for i in 0..d { q[i] = x[i]; }
            let mut at = c * d;
            for i in 0..d { for j in i + 1..d { q[j] += a[at] * x[i]; at += 1; } }
            let mut norm = 0.0;
            for i in 0..d { norm += q[i] * q[i]; }
            terms[c] = norm;
        }
        let mut s = 0.0;
        for c in 0..k { s += terms[c].sin(); }
        for c in 1..k { s += terms[c] * terms[c - 1]; }
        s
    } } (&a, &x, 3, 2) at a = vec![0.5, -0.2, 0.3, 0.8, 0.1, -0.6], x = vec![0.7, -0.4, 0.9]);
}

#[test]
fn buffers_that_trade_places() {
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> {
        let mut u = x.to_vec();
        let mut v = vec![0.5; x.len()];
        let mut s = 0.0;
        for _ in 0..n {
            for i in 1..x.len() { v[i] = u[i] * u[i - 1].sin() + s; }
            s = u[0] * v[1];
            std::mem::swap(&mut u, &mut v);
        }
        u[0] += s;
        u
    } } (&x, 3) at x = X.to_vec(); (&x, 0) at x = X.to_vec());
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> {
        let mut u = x.to_vec();
        for _ in 0..n { let mut v = vec![0.0; x.len()]; for i in 0..x.len() { v[i] = u[i] * u[x.len() - 1 - i].sin(); } u = v; }
        u
    } } (&x, 3) at x = X.to_vec());
}
