//! Operands that leave what is around them, and operands and conditions that change something: what comes after an operand
//! that has left does not happen, a second operand changes something only where it is asked, and what the condition of
//! `while` changes is changed once more than the loop runs.

use grad::grad;

const X: [f64; 8] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3, 1.7, 0.9];

#[test]
fn in_operands() {
    gradient!({ #[grad] fn f(x: &[f64], k: i32) -> f64 { let mut s = 0.0; for (i, v) in x.iter().enumerate() { s += match i as i32 - k { i32::MIN..=-2 => v.sin(), -1 | 0 => v * v, d @ 1..=2 if *v > 0.0 => v * d as f64, d if d % 2 == 0 => -v, _ => continue }; } s } } (&x, 3) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut v = Vec::new();
        for &a in x { v.push(if a < 0.0 { continue } else if a > 1.8 { break } else { a * a }); }
        let mut s = 0.0;
        let mut y = vec![0.0; 8];
        for i in 0..x.len() {
            y[i] += match x[i] { a if a > 0.0 => a, a if a < -1.0 => continue, a => a * a };
            s += y[i] * if i == 6 { return s * s } else { 2.0 };
        }
        s + v.len() as f64 * v[0]
    } } (&x) at x = X.to_vec(); (&x) at x = X[..5].to_vec());
}

#[test]
fn in_conditions_of_while() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut z = 0.0; let mut k: i64 = -3; while { z += x[(k + 3) as usize] * k as f64; k += 1; k < 4 } { if z < -2.0 { z *= 0.5; } } z * z } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut k = 0; let mut s = 1.0; while k < x.len() && { s *= x[k] + 2.0; s < 6.0 } { k += 1; if k == 2 { continue; } s += 0.1; } s } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut i = 0; let mut s = 0.0; let mut step = |v: f64| { i += 1; s += v * x[i]; s }; loop { if !(step(0.5) < 0.05 && step(0.1) < 0.7) { break; } } s * i as f64 } } (&x) at x = X.to_vec());
}

#[test]
fn where_it_is_asked() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; let mut n = 0; let mut bump = |d: f64| -> bool { n += 1; s += d; s > 1.0 }; for (i, &v) in x.iter().enumerate() { if i % 2 == 0 || bump(v * v) { bump(v); } } s * n as f64 } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut s = 0.0; let mut k = 0; loop { let ok = it.next().is_some_and(|v| { k += 1; s += v * v; *v > -1.0 }) || k == 2; if !ok { break; } s *= 1.1; } s + k as f64 } } (&x) at x = X.to_vec());
}
