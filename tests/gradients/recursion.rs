//! Functions that call themselves, as often as constants say; branches that are never taken.

use grad::grad;

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn recursion() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn fact(n: u32) -> f64 { if n == 0 { 1.0 } else { n as f64 * fact(n - 1) } } x.iter().map(|v| v / fact(3)).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn horner(x: f64, c: &[f64], n: usize) -> f64 { if n == 0 { c[0] } else { horner(x, c, n - 1) * x + c[n] } } horner(x[0], x, 3) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn power(b: f64, n: u32) -> f64 { match n { 0 => 1.0, n if n % 2 == 0 => power(b * b, n / 2), n => b * power(b, n - 1) } } power(x[0], 6) + power(x[1], 3) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn sum(v: &[f64]) -> f64 { match v { [] => 0.0, [a] => *a, _ => { let (l, r) = v.split_at(v.len() / 2); sum(l) + sum(r) } } } sum(&x[..4]) * x[0] } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn sum(v: &[f64]) -> f64 { if v.is_empty() { return 0.0; } v[0] * v[0] + sum(&v[1..]) } sum(&x[..5]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn det(a: &[f64], n: usize) -> f64 { if n == 1 { return a[0]; } let mut d = 0.0; for c in 0..n { let mut m = vec![0.0; (n - 1) * (n - 1)]; for i in 1..n { let mut k = 0; for j in 0..n { if j != c { m[(i - 1) * (n - 1) + k] = a[i * n + j]; k += 1; } } } let s = if c % 2 == 0 { 1.0 } else { -1.0 }; d += s * a[c] * det(&m, n - 1); } d } let a: Vec<f64> = (0..9).map(|i| x[i % 5] + i as f64 * x[i % 3]).collect(); det(&a, 3) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn simpson(f: &dyn Fn(f64) -> f64, a: f64, b: f64, depth: u32) -> f64 { let m = 0.5 * (a + b); if depth == 0 { (b - a) / 6.0 * (f(a) + 4.0 * f(m) + f(b)) } else { simpson(f, a, m, depth - 1) + simpson(f, m, b, depth - 1) } } simpson(&|t| (t * x[0]).sin(), 0.0, x[2], 2) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn fib(n: usize, a: f64, b: f64) -> f64 { match n { 0 => a, 1 => b, _ => fib(n - 1, b, a + b * 0.5) } } fib(6, x[0], x[1]) } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { fn legendre(n: usize, t: f64) -> f64 { match n { 0 => 1.0, 1 => t, n => ((2 * n - 1) as f64 * t * legendre(n - 1, t) - (n - 1) as f64 * legendre(n - 2, t)) / n as f64 } } (0..3).map(|i| legendre(4, x[i])).sum() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn constants() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { const DEBUG: bool = false; let mut s = 0.0; for v in x { if DEBUG { s += 1.0; } s += v * v; } s } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}
