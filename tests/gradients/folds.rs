//! `fold` and `product`: loops with carried values.

use grad::grad;

const X: [f64; 5] = [0.5, -1.25, 2.0, 0.1, 3.5];

fn x() -> Vec<f64> {
    X.to_vec()
}

fn none() -> Vec<f64> {
    Vec::new()
}

#[test]
fn numbers() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().fold(0.0, |acc, v| acc + v * v) } } (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().fold(0.0, |acc, v| acc * 0.5 + v) } } (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64], a: f64) -> f64 { x.iter().fold(a, |acc, v| (acc * v).sin() + a) } }
        (&x, a) at x = x(), a = 0.3; (&x, a) at x = none(), a = 0.3);
    gradient!({ #[grad] fn f(x: &[f64], a: f64) -> f64 { x.iter().rev().fold(0.0, |acc, v| acc * a + v) } } (&x, a) at x = x(), a = 0.3);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { (0..n).fold(x, |y, i| y - (y * y - i as f64).tanh() * 0.1) } }
        (x, 4) at x = 0.3; (x, 0) at x = 0.3);
    gradient!({ #[grad] fn f(x: f64) -> f64 { (0..20).fold(1.0, |y: f64, _| 0.5 * (y + x / y)) } } (x) at x = 3.0);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().enumerate().fold(1.0, |acc, (i, v)| if i % 2 == 0 { acc * v } else { acc + v }) } }
        (&x) at x = x());
}

#[test]
fn products() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().product() } }
        (&x) at x = x(); (&x) at x = none(); (&x) at x = vec![2.0, 0.0, 3.0]; (&x) at x = vec![0.0, 0.0, 3.0]);
    gradient!({ #[grad] fn f(x: [f64; 5]) -> f64 { x.iter().product::<f64>() + x.into_iter().product::<f64>() } } (x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|v| 1.0 + v * v).product::<f64>().ln() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 { (0..x.len()).map(|i| (0..x.len()).filter(|&j| j != i).map(|j| (t - x[j]) / (x[i] - x[j])).product::<f64>() * x[i].sin()).sum() } }
        (&x, t) at x = x(), t = 0.8);
}

#[test]
fn extremes() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().fold(f64::NEG_INFINITY, f64::max) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().cloned().fold(f64::INFINITY, |m, v| m.min(v * v)) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().fold(x[0], |m, &v| if v > m { v } else { m }) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().skip(1).fold(x[0], |m, v| m.min(*v)) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], c: f64) -> f64 { x.iter().fold(c, |m, v| m.max(*v)).powi(2) } }
        (&x, c) at x = x(), c = 1.0; (&x, c) at x = x(), c = 10.0);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        x.iter().map(|v| (v - m).exp()).sum::<f64>().ln() + m
    } } (&x) near x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let hi = x.iter().copied().fold(f64::MIN, f64::max);
        let lo = x.iter().copied().fold(f64::MAX, f64::min);
        x.iter().map(|v| ((v - lo) / (hi - lo)).powi(2)).sum()
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(w: &[[f64; 2]]) -> f64 {
        w.iter().map(|r| r.iter().copied().fold(f64::NEG_INFINITY, f64::max)).sum()
    } } (&w) at w = vec![[1.0, 2.0], [3.0, 1.0]]);
}

#[test]
fn tuples() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let (s, q) = x.iter().fold((0.0, 0.0), |(s, q), &v| (s + v, q + v * v));
        q / 5.0 - (s / 5.0).powi(2)
    } } (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let (a, b, n) = x.iter().fold((0.0, 1.0, 0usize), |(a, b, n), &v| (a + b * v, b * 0.5, n + 1));
        a * b + n as f64
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 {
        x.iter().fold((0.0, 1.0), |(sum, power), c| (sum + c * power, power * t)).0
    } } (&x, t) at x = x(), t = 0.7; (&x, t) at x = none(), t = 0.7);
    gradient!({ #[grad] fn f(a: f64, b: f64) -> f64 { let (p, q) = (0..5).fold((a, b), |(p, q), _| (q, p + q * 0.5)); p * q } }
        (a, b) at a = 0.7, b = -0.2);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let (best, _) = x.iter().enumerate().fold((x[0], 0), |(b, k), (i, &v)| if v > b { (v, i) } else { (b, k) });
        best * best
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let (_, k) = x.iter().enumerate().fold((x[0], 0), |(b, k), (i, &v)| if v > b { (v, i) } else { (b, k) });
        x[k] * x[k] + x[0]
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: f64) -> f64 { (0..4).fold((x, (1.0, x * x)), |(a, (b, c)), _| (a * 0.5 + c, (a, b.sin()))).1.1 } } (x) at x = 0.4);
}

#[test]
fn arrays() {
    gradient!({ #[grad] fn f(x: &[f64], state: [f64; 3]) -> f64 {
        let last = x.iter().fold(state, |s, v| std::array::from_fn(|k| s[k] * 0.5 + v * s[(k + 1) % 3]));
        last.iter().sum::<f64>()
    } } (&x, s) at x = x(), s = [1.0, 2.0, 3.0]; (&x, s) at x = none(), s = [1.0, 2.0, 3.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let c = x.iter().fold([1.0, 0.0], |[a, b]: [f64; 2], &v| [f64::sin(b), a + v]); c[0] * c[1] } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64], h0: &[f64; 2]) -> [f64; 2] {
        x.iter().fold(*h0, |h, v| [(h[0] * v + h[1]).tanh(), (h[1] - v * h[0]).sin()])
    } } (&x, &h) at x = x(), h = [0.1, 0.2]);
    pullback!({ #[grad] fn f<const N: usize>(a: &[[f64; N]; N], v: &[f64; N], n: usize) -> [f64; N] {
        (0..n).fold(*v, |v, _| std::array::from_fn(|i| a[i].iter().zip(&v).map(|(a, v)| a * v).sum::<f64>().tanh()))
    } } (&a, &v, 3) at a = [[0.5, -0.2], [0.1, 0.9]], v = [1.0, 2.0]; (&a, &v, 0) at a = [[0.5, -0.2], [0.1, 0.9]], v = [1.0, 2.0]);
    gradient!({ #[grad] fn f(x: &[f64], a: &[f64; 3]) -> f64 {
        let (s, n) = x.iter().fold(([0.0; 3], 0.0), |(s, n), v| (std::array::from_fn(|i| s[i] + a[i] * v), n + v * v));
        s.iter().map(|v| v * v).sum::<f64>() / n
    } } (&x, &a) at x = x(), a = [0.1, 0.2, -0.7]);
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> {
        (0..n).fold(x.to_vec(), |u, _| (0..u.len()).map(|i| if i == 0 || i + 1 == u.len() { u[i] } else { u[i] + 0.1 * (u[i - 1] - 2.0 * u[i] + u[i + 1]) }).collect())
    } } (&x, 3) at x = x(); (&x, 0) at x = x());
}

#[test]
fn nested() {
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> f64 { w.iter().fold(1.0, |acc, row| acc * row.iter().fold(0.5, |a, v| a * v + 1.0)) } }
        (&w) at w = [[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]]);
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> f64 { w.iter().map(|row| row.iter().fold(0.5, |a, v| (a * v).sin() + 1.0)).sum() } }
        (&w) at w = [[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().fold(0.2, |acc, v| acc + x.iter().map(|u| (u * v * acc).sin()).sum::<f64>()) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { (0..n).fold(1.0, |a, i| (0..i).fold(a, |b, j| (b * x[j]).cos() + x[i])) } } (&x, 5) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 { x.iter().map(|v| (0..3).fold(*v, |y, _| y + 0.1 * (t - y * y))).sum::<f64>() } } (&x, t) at x = x(), t = 0.4);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let m: f64 = x.iter().product();
        x.iter().fold(m, |a, v| a * v.cos() + m)
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let path: Vec<f64> = (0..x.len()).map(|i| (0..=i).fold(0.1, |a, j| (a + x[j]).sin())).collect();
        path.iter().map(|v| v * v).sum()
    } } (&x) at x = x());
}

#[test]
fn of_integers_that_turn_out_to_be_indices() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for k in 0..3 { let p = (k..3).fold(k, |b, i| if x[i] > x[b] { i } else { b }); s += x[p] * x[k]; } s } } (&x) at x = vec![0.5, -1.25, 2.1]);
}
