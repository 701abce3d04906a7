//! `if`, `match`, blocks, patterns, casts, closures, constants, integers.

use grad::grad;

const LIMIT: f64 = 0.75;
const COUNT: usize = 3;
const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];

#[test]
fn branches() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { if x > 0.0 { x * x } else { -x } } } (x) at x = 0.5; (x) at x = -0.5);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 {
        if x > y && y > 0.0 { x.ln() * y } else if x < -1.0 || !(y <= 2.0) { y * y } else { x.sin() }
    } } (x, y) at x = 2.0, y = 1.0; (x, y) at x = -2.0, y = 1.0; (x, y) at x = 0.0, y = 3.0; (x, y) at x = 0.1, y = -1.0);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { if (0.25 * n as f64) < x { x * x } else { -x } } } (x, 1) at x = 0.5; (x, 3) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, on: bool) -> f64 { if on { x.exp() } else { x.sin() } } } (x, true) at x = 0.5; (x, false) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let y = if x > 1.0 { let t = x * x; t + 1.0 } else { x }; y * y } } (x) at x = 0.5; (x) at x = 1.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { if x > 1.0 { x } else { 3.0 } } } (x) at x = 0.5; (x) at x = 1.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let a = if x > 1.0 { 2.0 } else { 3.0 }; a + x } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let (a, b) = if x > 1.0 { (x, x * x) } else { (x.sin(), 2.0) }; a * b } } (x) at x = 0.5; (x) at x = 1.5);
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> [f64; 4] { if x[0] > 0.0 { x.map(|v| v * v) } else { *x } } } (&x) at x = X; (&x) at x = [-1.0, 2.0, 3.0, 4.0]);
    pullback!({ #[grad] fn f(x: f64) -> [f64; 2] { if x > 0.0 { [x, x * x] } else { [x.exp(), 0.0] } } } (x) at x = 0.5; (x) at x = -0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|&v| if v > 0.0 { v.sqrt() } else { v * v }).sum() } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let s: f64 = x.iter().sum(); if s > 0.0 { x.iter().map(|v| v * s).sum() } else { s } } }
        (&x) at x = X.to_vec(); (&x) at x = vec![-1.0, -2.0]);
}

#[test]
fn matches() {
    gradient!({ #[grad] fn f(x: f64, n: i32) -> f64 { match n { 0 => 1.0, 1 => x, 2 | 3 => x * x, _ => x.sin() } } }
        (x, 0) at x = 0.5; (x, 1) at x = 0.5; (x, 2) at x = 0.5; (x, 3) at x = 0.5; (x, -4) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { match n { 0..=2 => x, 3..6 => x * x, k if k % 2 == 0 => x.sin(), k => x * k as f64 } } }
        (x, 1) at x = 0.5; (x, 5) at x = 0.5; (x, 6) at x = 0.5; (x, 7) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, on: bool) -> f64 { match on { true => x.exp(), false => x * x } } } (x, true) at x = 0.5; (x, false) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { match x > 1.0 { true => x.exp(), false => x * x } } } (x) at x = 0.5; (x) at x = 1.5);
    pullback!({ #[grad] fn f(x: f64, n: u8) -> [f64; 2] { match n { 0 => [x, 1.0], 1 => [x * x, x], _ => [0.0; 2] } } }
        (x, 0) at x = 0.5; (x, 1) at x = 0.5; (x, 2) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, n: usize, m: i32) -> f64 { match (n, m) { (0, _) => x, (_, 1) => x * x, (a, b) => x * (a as i32 - b) as f64 } } }
        (x, 0, 1) at x = 0.5; (x, 2, 1) at x = 0.5; (x, 2, 5) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { x.iter().enumerate().map(|(i, v)| match i { 0 => v.exp(), 1 => 2.0 * v, _ => v * v }).sum() } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: f64) -> f64 { match x { v if v > 1.0 => v * v, v => v.sin() } } } (x) at x = 0.5; (x) at x = 1.5);
}

#[test]
fn blocks_and_patterns() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { let x = x * x; let x = { let y = x + 1.0; y * x }; x.sin() } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let [a, b, c, d] = *x; (a - b) * c.exp() + d } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let &[a, b, ..] = x; a * b } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let [first, .., last] = x; first * last } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let (a, (b, _)) = (x * y, (x + y, 3.0)); let t = (a, b); t.0 * t.1 } } (x, y) at x = 0.5, y = 2.0);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let a: f64 = x; let b: f64 = 2.0 * y; let _unused = a; a / b } } (x, y) at x = 0.5, y = 2.0);
    gradient!({ #[grad] fn f([a, b]: [f64; 2], c: f64) -> f64 { a * b + c * c } } (p, c) at p = [0.5, 3.0], c = 2.0);
    gradient!({ #[grad] fn f(p: &[[f64; 2]; 2]) -> f64 { let [[a, b], [c, d]] = *p; a * d - b * c } } (&p) at p = [[0.5, 3.0], [2.0, 1.5]]);
    gradient!({ #[grad] fn f(p: &[[f64; 2]]) -> f64 { p.iter().map(|[x, y]| x * y).sum::<f64>() + p.iter().map(|&[x, _]| x.exp()).sum::<f64>() } }
        (&p) at p = vec![[0.5, 3.0], [2.0, 1.5]]);
    gradient!({ #[grad] #[allow(unused_parens)] fn f(x: f64) -> f64 { return (x * x); } } (x) at x = 0.5);
}

#[test]
fn closures() {
    gradient!({ #[grad] fn f(x: f64, a: f64) -> f64 { let g = |t: f64| (a * t).sin(); g(x) + g(g(x)) } } (x, a) at x = 0.5, a = 1.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let square = |v: f64| v * v; let twice = |v| square(v) + square(v + 1.0); twice(x) } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mean = x.iter().sum::<f64>() / x.len() as f64; let d = |i: usize| x[i] - mean; (0..x.len()).map(|i| d(i) * d(i)).sum() } }
        (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        dot(x, y) / (dot(x, x).sqrt() * dot(y, y).sqrt())
    } } (&x, &y) at x = X.to_vec(), y = vec![0.3, 0.2, 0.1, -0.7]);
    gradient!({ #[grad] fn f(x: f64) -> f64 { let pair = |v: f64| (v.sin(), v.cos()); let (s, c) = pair(x * 2.0); s * c + pair(x).0 } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64; 4]) -> f64 { let scaled = |s: f64| x.map(|v| v * s); scaled(2.0).iter().zip(scaled(x[0])).map(|(a, b)| a * b).sum() } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64], s: f64) -> f64 { x.iter().map(|a| { let k = |b: &f64| (-(a - b).powi(2) / s).exp(); x.iter().map(k).sum::<f64>() }).sum() } }
        (&x, s) at x = X.to_vec(), s = 2.0);
}

#[test]
fn casts_and_integers() {
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { x * n as f64 + (n * 2 + 1) as f64 / x } } (x, 3) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, n: i64, m: u32) -> f64 { x * ((n - 2) / 3 % 5) as f64 + x.powi(m as i32) } } (x, -20, 3) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { (x as i32) as f64 * x } } (x) at x = 2.5; (x) at x = -2.5);
    gradient!({ #[grad] fn f(x: &[f64], t: f64) -> f64 {
        let i = (t.floor() as usize).min(x.len() - 2);
        let u = t - i as f64;
        x[i] * (1.0 - u) + x[i + 1] * u
    } } (&x, t) at x = X.to_vec(), t = 1.3; (&x, t) at x = X.to_vec(), t = 2.6);
    gradient!({ #[grad] fn f(x: &[f64], index: &[usize]) -> f64 { index.iter().map(|&i| x[i] * x[i]).sum() } } (&x, &[0, 2, 2]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: [usize; 2]) -> f64 { x[k[0]] * x[k[1]] } } (&x, [1, 2]) at x = X.to_vec(); (&x, [1, 1]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, n: i32) -> f64 { x * f64::from(n) + x * f64::from(n.pow(2)) + n.abs() as f64 } } (x, -3) at x = 0.5);
    gradient!({ #[grad] fn f(x: &[f64], mask: &[bool]) -> f64 { x.iter().zip(mask).map(|(v, &m)| if m { v.exp() } else { 0.0 }).sum() } }
        (&x, &[true, false, true, true]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: f64, n: &usize) -> f64 { x * (*n as f64) + x.powi(*n as i32) } } (x, &3) at x = 0.5);
}

#[test]
fn constants() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x * LIMIT + std::f64::consts::PI * x.powi(COUNT as i32) } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { const SCALE: f64 = 3.0; if x > LIMIT { x * SCALE } else { x * f64::EPSILON } } } (x) at x = 0.5; (x) at x = 1.0);
    pullback!({ #[grad] fn f(x: f64) -> [f64; COUNT] { [x; COUNT] } } (x) at x = 0.5);
    pullback!({ #[grad] fn f(x: &[f64; COUNT]) -> [f64; COUNT + 1] { std::array::from_fn(|i| if i < COUNT { x[i] * x[i] } else { 1.0 }) } } (&x) at x = [0.5, 0.2, 0.1]);
    gradient!({ #[grad] fn f<const N: usize>(x: [f64; N]) -> f64 { x.iter().sum::<f64>() / N as f64 } } (x) at x = X);
}

#[test]
fn stopped() {
    #[grad]
    fn f(x: f64, y: f64) -> f64 {
        grad::stop_gradient(x * y) * x + y
    }
    assert_eq!(f_grad(2.0, 3.0), (15.0, (6.0, 1.0)));
}
