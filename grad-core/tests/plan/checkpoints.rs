//! Random programs with checkpointed loops, from their source to what their plan computes: the same bits as without.

use std::cell::Cell;

use crate::common::imperative::{Kind, Program, checkpointed};
use crate::programs::{arguments, by_plan, executed, interpreted};
use crate::support::*;

const CASES: u32 = 200;

/// Attributes, and the loops that have them.
pub const VARIANTS: [(&str, u32); 4] = [
    ("#[grad(checkpoint)]", u32::MAX),
    ("#[grad(checkpoint = 1)]", 0xaaaa_aaaa),
    ("#[grad(checkpoint = 2)]", 0x5555_5555),
    ("#[grad(checkpoint = 2)]", u32::MAX),
];

pub fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

fn check(program: &Program, compared: &Cell<u32>) {
    let source = program.source();
    let expected = program.run(&program.arguments);
    if !source.contains(": for ") || expected.iter().any(|x| x.is_nan() || x.abs() > 1e4) {
        return;
    }
    let mut numbers = Numbers(expected.len() as u64);
    let seeds: Vec<f64> = expected.iter().map(|_| numbers.next()).collect();
    let plain = executed(program, &source, &seeds);
    compared.set(compared.get() + 1);
    for (attribute, which) in VARIANTS {
        let source = checkpointed(&source, attribute, which);
        let found = executed(program, &source, &seeds);
        assert_eq!(bits(&found.0), bits(&plain.0), "values\n{source}");
        assert_eq!(bits(&found.1), bits(&plain.1), "{:?} instead of {:?}\n{source}", found.1, plain.1);
    }
}

#[test]
fn random() {
    let compared = Cell::new(0);
    let cases = each_program(CASES, Kind::Total, |program| check(program, &compared));
    assert!(compared.get() > cases / 2, "only {} cases compared", compared.get());
}

#[test]
fn programs_that_random_ones_were_reduced_to() {
    for source in REDUCED {
        let plain = source.replace("#[grad(checkpoint)] ", "").replace("#[grad(checkpoint = 2)] ", "");
        assert_ne!(source, plain);
        for all in arguments() {
            let call = interpreted(&plain, &all);
            for flat in [false, true] {
                let expected = by_plan(&plain, &call, &all, flat).concat();
                let found = by_plan(source, &call, &all, flat).concat();
                assert_eq!(bits(&found), bits(&expected), "{found:?} instead of {expected:?}\n{source}");
                for (found, expected) in found.iter().zip(call.expected.concat()) {
                    assert_close(source, *found, expected, 0.0, 1e-12);
                }
            }
        }
    }
}

/// Loops with an attribute that could not be planned once, or whose gradients were summed in another order.
const REDUCED: [&str; 16] = [
    "fn f(a: f64, v: &[f64]) -> f64 { let mut t6: f64 = 0.5; for t10 in 0..1 { #[grad(checkpoint = 2)] for t12 in 0..1 { let mut t13: usize = 0; while t13 < 1 && (0.5 < v[t10].min((0.25 * t12 as f64))) { t6 -= a; t13 += 1; } } t6 += t6; } t6 + v[0] }",
    "fn f(a: f64, v: &[f64]) -> f64 { let mut t6: f64 = 0.5; #[grad(checkpoint)] for t11 in 0..1 { let mut t12: usize = 0; while t12 < 1 && (0 == 1) { let mut t15: usize = 0; while t15 < 1 && (0 == (t12 + t11)) { t6 = a; t15 += 1; } t12 += 1; } } (t6 + v[0]) }",
    "fn f(a: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2]) -> (f64, [[f64; 3]; 2]) { let mut t6: f64 = 0.5; let mut t7 = *x; let mut t8 = *m; let mut t9: usize = 0; while t9 < 1 { t9 += 1; t6 = t7[0]; let mut t10: usize = 0; loop { if t10 >= 1 { break; } t10 += 1; #[grad(checkpoint)] for t11 in 0..1 { if (0.5 < t7[0]) { } else { t7[t11] += a; } t8[0][0] = 0.5; } } } ((t6 + ((a * v[0])) ), t8) }",
    "fn f(a: f64, m: &[[f64; 3]; 2], v: &[f64]) -> (f64, Vec<f64>) { let mut t6: f64 = 0.5; let mut t7 = vec![0.5; v.len()]; let mut t10: usize = 0; while t10 < 1 && ((if (0.5 < 0.5) { 0 } else { 1 }) == 0) { #[grad(checkpoint)] for t14 in 1..1 { #[grad(checkpoint)] for t15 in 0..1 { t6 += (0.5 / (1.5 + (m[t14][0] - t7[0]).sin())); t7[0] = a; } } t6 += t6; t10 += 1; } (t6 + v[0], t7.to_vec()) }",
    "fn f(a: f64, v: &[f64]) -> f64 { let mut t6: f64 = 0.5; let mut t7 = v.to_vec(); #[grad(checkpoint)] for t9 in 0..2 { let mut t10: usize = 0; while t10 < 4 { t10 += 1; if (1 < v.len() && 0.5 < t6) { t6 += v[1]; } } t6 += (a * t7[(t10 % v.len())]); } (t6 + v[0]) }",
    "fn f(a: f64, v: &[f64]) -> (f64, [[f64; 3]; 2]) { let mut t6: f64 = 0.5; let mut t7 = [[v[(0 % v.len())]; 3]; 2]; if (0.5 < 0.5) { t7 = [[a; 3]; 2]; } else { #[grad(checkpoint)] for t12 in 0..1 { let mut t15: usize = 0; loop { if t15 >= 1 { break; } t15 += 1; t6 = v[(v.len() - 1 - 0 % v.len())]; } t6 *= t7[0][0]; } t6 += t6; } (t6 + v[0] * a, t7) }",
    "fn f(a: f64, v: &[f64]) -> f64 { let mut t6: f64 = 0.5; let mut t8 = v.to_vec(); let mut t9: usize = 0; let mut t10: usize = 0; loop { if t10 >= 1 { break; } t10 += 1; t6 = t8[0]; #[grad(checkpoint)] for t11 in 0..1 { let mut t12: usize = 0; loop { if t12 >= 1 { break; } t12 += 1; let mut t13: usize = 0; while t13 < 1 && (0 < t9) { t13 += 1; for p in t8.iter_mut() { let t14 = *p; *p = 0.5; } } } t9 = 0; #[grad(checkpoint)] for t16 in 0..t11 { t8[t12] -= 0.5; } } } t6 + a }",
    "fn f(a: f64, x: &[f64; 3]) -> f64 { let mut t6: f64 = 0.5; #[grad(checkpoint)] for t10 in 0..1 { let mut t12: usize = 0; loop { if t12 >= 1 { break; } t12 += 1; let mut t14: usize = 0; while t14 < 1 && (2.0 < x[t10]) { t6 = a; t14 += 1; } } } t6 + x[0] }",
    "fn f(a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> (f64, Vec<f64>) { let mut t6: f64 = 0.5; let mut t8 = *m; #[grad(checkpoint)] for t9 in 0..1 { let mut t10: usize = 0; while t10 < 1 { t6 = t8[t9][t10].tanh(); if (0 < t10) { return ((0.5 + ((a * b) + ((x[1] * v[0]) * m[1][2]))), v.to_vec()); } t10 += 1; } } ((t6 + ((a * b) + ((x[1] * v[0]) * m[1][2]))), v.to_vec()) }",
    "fn f(a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> (f64, [[f64; 3]; 2]) { let mut t6: f64 = 0.5; let mut t8 = *m; #[grad(checkpoint)] for t10 in 0..1 { let mut t11: usize = 0; loop { if t11 >= 1 { break; } t11 += 1; if (0 == (if (0 == (if (0 < t11) { 0 } else { t10 })) { 1 } else { 0 })) { let mut t12: usize = 0; while t12 < 1 { t12 += 1; t6 = a; } } } } ((t6 + ((a * b) + ((x[1] * v[0]) * m[1][2]))), t8) }",
    "fn f(a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> (f64, [f64; 3]) { let mut t6: f64 = (0.5 * 0.5); let mut t7 = *x; let mut t8 = *m; let t9 = n; #[grad(checkpoint)] for t10 in 0..1 { #[grad(checkpoint)] for t11 in t10..1 { #[grad(checkpoint)] for t12 in 0..1 { if (0.5 < 0.5) { t8[0][0] *= 0.0; } else { t6 = t8[0][0]; } } t8[0][0] *= a; } } if (((2 * n) == (n + n)) || (t8[((n + n) % 2)][(n % 3)].max((0.25 * (if ((2 * 2) < (3 + n)) { t9 } else { t9 }) as f64)) < t7[(n % 3)])) { let mut t13: usize = 0; while t13 < 1 { t6 = 0.5; t13 += 1; } } ((t6 + ((a * b) + ((x[1] * v[0]) * m[1][2]))), t7) }",
    "fn f(a: f64, b: f64) -> f64 { let mut t6: f64 = a; #[grad(checkpoint)] for t11 in 0..1 { let mut t12: usize = 0; loop { if t12 >= 1 { break; } t12 += 1; let mut t14: usize = 0; while t14 < 1 && (0 < t11) { if (0 == t14) { break; } t6 += t6; t14 += 1; } } } t6 + b }",
    "fn f(a: f64, b: f64, v: &[f64]) -> f64 { let mut t6: f64 = 0.5; let mut t7 = v.to_vec(); #[grad(checkpoint)] for t8 in 0..1 { if 0.5 < t7[0] { t7[0] *= if v[if (0.25 * t8 as f64) < 0.5 { 0 } else { 1 }] < 0.5 { 0.5 } else { a }; t6 = a; } } t6 + a * b + v[0] }",
    "fn f(a: f64) -> [[f64; 3]; 2] { let mut t7 = [[0.5; 3]; 2]; #[grad(checkpoint)] for t10 in 0..1 { t7[0][t10] *= a; t7[0][0] *= a; } t7 }",
    "fn f(a: f64, n: usize) -> f64 { let mut t6 = a; for t8 in 0..4 { #[grad(checkpoint = 2)] for t9 in 0..3 { let mut t10: usize = 0; while t10 < 1 { let mut t11: usize = 0; while t11 < 2 && (t9 == t8 || n == t9) { t11 += 1; t6 += t6; } t10 += 1; } } } t6 }",
    "fn f(a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> f64 { let mut t6: f64 = 0.5; let mut t7 = [m[((2 * n) % 2)][0]; 3]; #[grad(checkpoint)] for t8 in 1..2 { if (0.5 < a) { t6 = t7[1]; t7[n] += 0.5; if (0.5 < t7[0]) { for p in t7.iter_mut() { let t11 = *p; *p = 0.5; } t6 *= a; } } } (t6 + ((a * b) + ((x[1] * v[0]) * m[1][2]))) }",
];
