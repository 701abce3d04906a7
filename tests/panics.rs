//! The derivative panics where the function does, with the same words, and nowhere else.

// The functions are written in many ways on purpose.
#![allow(clippy::all)]

use grad::grad;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What something says when it panics.
fn said<T>(run: impl FnOnce() -> T) -> Option<String> {
    let error = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = error.downcast_ref::<String>().cloned();
    text.or_else(|| error.downcast_ref::<&str>().map(ToString::to_string))
}

/// `says!({ #[grad] fn f(…) … } (arguments) => Some("text"); …)`: the function and its derivative say the same.
macro_rules! says {
    ({ $($item:tt)* } $(($($argument:expr),*) => $text:expr);+ $(;)?) => {{
        $($item)*
        $(
            let expected: Option<&str> = $text;
            let expected = expected.map(ToString::to_string);
            assert_eq!(said(|| f($($argument),*)), expected, "the function at {}", stringify!($($argument),*));
            assert_eq!(said(|| f_grad($($argument),*)), expected, "the gradient at {}", stringify!($($argument),*));
        )+
    }};
}

/// Beginning of what is said by `assert_eq!`.
const EQUAL: &str = "assertion `left == right` failed";

#[test]
fn conditions() {
    says!({ #[grad] fn f(x: f64) -> f64 { assert!(x > 0.0); x.ln() } }
        (1.0) => None; (-1.0) => Some("assertion failed: x > 0.0"); (f64::NAN) => Some("assertion failed: x > 0.0"));
    says!({ #[grad] fn f(x: f64, n: usize) -> f64 { assert!(n < 3 && x != 1.0, "n is {n}, x is {:.2}, {0:?} {y}", x, y = n + 1); x * x } }
        (2.0, 1) => None; (2.0, 3) => Some("n is 3, x is 2.00, 2.0 4"); (1.0, 0) => Some("n is 0, x is 1.00, 1.0 1"));
    says!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { assert_eq!(x.len(), y.len()); x[0] * y[0] } }
        (&[1.0], &[2.0]) => None;
        (&[1.0, 2.0], &[1.0]) => Some(&format!("{EQUAL}\n  left: 2\n right: 1")));
    says!({ #[grad] fn f(x: f32) -> f32 { assert_eq!(x.abs(), x, "{} is {}", "x", x); x } }
        (1.5) => None; (-0.1) => Some(&format!("{EQUAL}: x is -0.1\n  left: 0.1\n right: -0.1")));
    says!({ #[grad] fn f(x: f64, n: i32) -> f64 { assert_ne!(n, 0, "no {{}}"); x / n as f64 } }
        (1.0, 2) => None; (1.0, 0) => Some("assertion `left != right` failed: no {}\n  left: 0\n right: 0"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { assert!(x.iter().all(|v| v.is_finite())); let s = x.iter().map(|v| v * v).sum::<f64>(); assert!(s < 10.0, "{s}"); s.sqrt() } }
        (&[1.0, 2.0]) => None; (&[1.0, f64::NAN]) => Some("assertion failed: x.iter().all(|v| v.is_finite())"); (&[5.0]) => Some("25"));
}

#[test]
fn panics() {
    says!({ #[grad] fn f(x: f64) -> f64 { if x < 0.0 { panic!("negative: {x}") } else { x.sqrt() } } }
        (4.0) => None; (-1.0) => Some("negative: -1"));
    says!({ #[grad] fn f(x: f64) -> f64 { if x < 0.0 { panic!() } x.sqrt() } } (4.0) => None; (-1.0) => Some("explicit panic"));
    says!({ #[grad] fn f(x: f64, k: usize) -> f64 { match k { 0 => x, 1..=3 => x * x, 4 if x > 0.0 => x.sqrt(), 4 => todo!("x = {x}"), 5 => unimplemented!(), n => unreachable!("k = {}", n) } } }
        (4.0, 0) => None; (4.0, 2) => None; (4.0, 4) => None; (-4.0, 4) => Some("not yet implemented: x = -4");
        (4.0, 5) => Some("not implemented"); (4.0, 6) => Some("internal error: entered unreachable code: k = 6"));
    says!({ #[grad] fn f(x: f64, k: i32) -> f64 { let y = match k { 0 => x, 1 => return 2.0 * x, _ => unreachable!() }; y * y } }
        (4.0, 0) => None; (4.0, 1) => None; (4.0, 2) => Some("internal error: entered unreachable code"));
    says!({ #[grad] fn f(x: &[f64], i: usize) -> f64 { let v = if i < x.len() { x[i] } else { panic!("{i} is too far") }; if i == 0 { panic!("no predecessor") } else { v * x[i - 1] } } }
        (&[1.0, 2.0], 1) => None; (&[1.0, 2.0], 2) => Some("2 is too far"); (&[1.0, 2.0], 0) => Some("no predecessor"));
}

#[test]
fn the_first_that_fails_speaks() {
    says!({ #[grad] fn f(x: f64, y: f64) -> f64 { assert!(x > 0.0, "first"); let z = x.ln(); assert!(y > 0.0, "second"); let w = z * y; assert!(w > 0.0, "third"); w } }
        (2.0, 1.0) => None; (-1.0, -1.0) => Some("first"); (2.0, -1.0) => Some("second"); (0.5, 1.0) => Some("third"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, &v) in x.iter().enumerate() { assert!(v > 0.0, "{i} is not positive"); s += v; assert!(v < 9.0, "{i} is large"); } assert!(s < 20.0, "all is large"); s * s } }
        (&[1.0, 2.0]) => None; (&[1.0, 10.0, -1.0]) => Some("1 is large"); (&[1.0, -2.0, 10.0]) => Some("1 is not positive"); (&[8.0, 8.0, 8.0]) => Some("all is large"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut p = 1.0; for (i, &v) in x.iter().enumerate() { assert!(v > 0.0, "{i} is not positive"); for j in 0..i { assert!(x[j] < v, "{j} and {i}"); } p = p * v + x[0]; assert!(p < 50.0, "{p} at {i}"); } p } }
        (&[1.0, 2.0, 3.0]) => None; (&[1.0, 3.0, 2.0, -1.0]) => Some("1 and 2"); (&[1.0, 2.0, -1.0]) => Some("2 is not positive"); (&[1.0, 60.0, 2.0]) => Some("121 at 1"));
}

#[test]
fn only_where_the_function_asks() {
    says!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { if n > 0 { assert!(x[n - 1] > 0.0, "{}", x[n - 1]); } x[0] } }
        (&[1.0], 0) => None; (&[1.0, -2.0], 1) => None; (&[1.0, -2.0], 2) => Some("-2"));
    says!({ #[grad] fn f(x: &[f64], ok: &[bool], i: usize) -> f64 { let mut s = 0.0; if i < x.len() && ok[i] && x[i] > 0.0 { s += x[i].sqrt(); } assert!(i == 0 || ok[i - 1]); s } }
        (&[4.0], &[true], 0) => None; (&[4.0], &[], 7) => Some("index out of bounds: the len is 0 but the index is 6"); (&[4.0], &[false], 1) => Some("assertion failed: i == 0 || ok[i - 1]"));
    says!({ #[grad] fn f(x: f64, n: usize) -> f64 { if n == 0 { return 0.0; } assert!(x > 0.0, "late"); x.ln() } }
        (-1.0, 0) => None; (1.0, 1) => None; (-1.0, 1) => Some("late"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { return 0.0; } let mut s = 1.0; for i in 0..x.len() { assert!(x[i] != 0.0, "zero"); s *= x[i]; } let last = x[x.len() - 1]; assert!(last > 0.0, "last"); s * last } }
        (&[]) => None; (&[1.0]) => None; (&[0.0, 1.0]) => Some("zero"); (&[1.0, -1.0]) => Some("last"));
    says!({ #[grad] fn f(x: &[f64], on: bool) -> f64 { let mut s = 0.0; if on { for i in 0..x.len() - 1 { assert!(x[i] < x[i + 1], "{i}"); s += x[i] * x[i + 1]; } } s } }
        (&[], false) => None; (&[1.0, 2.0], true) => None; (&[2.0, 1.0], true) => Some("0"); (&[2.0, 1.0], false) => None);
    says!({ #[grad] fn f(x: f64, on: bool) -> f64 { let mut y = x; if on { let mut n = 0; while y > 1.0 { assert!(n < 5, "{n} steps"); y *= 0.5; n += 1; } } y * y } }
        (4.0, true) => None; (1000.0, true) => Some("5 steps"); (1000.0, false) => None);
    says!({ #[grad] fn f(x: f64, debug: bool) -> f64 { let mut y = x; if debug { debug_assert!(y > 0.0, "d"); debug_assert_eq!(y, x); debug_assert_ne!(y, 7.0, "n"); } y *= x; y } }
        (-1.0, false) => None; (-1.0, true) => cfg!(debug_assertions).then_some("d"); (2.0, true) => None;
        (7.0, true) => cfg!(debug_assertions).then_some("assertion `left != right` failed: n\n  left: 7.0\n right: 7.0"));
}

#[test]
fn loops() {
    says!({ #[grad] fn f(x: &[f64], at: &[usize]) -> f64 { let mut s = 0.0; for &i in at { assert!(i < x.len(), "index {i} is out of range"); s += x[i] * x[i]; } s } }
        (&[1.0, 2.0], &[1, 0, 1]) => None; (&[1.0, 2.0], &[0, 2, 3]) => Some("index 2 is out of range"));
    says!({ #[grad(skip(t))] fn f(x: &[f64], t: f64) -> f64 { let mut s = 0.0; for &v in x { if v < 0.0 { continue; } assert!(v != 3.0, "three"); s += v * v; if s > t { break; } assert!(v != 4.0, "four"); } s } }
        (&[1.0, -3.0, 2.0], 100.0) => None; (&[1.0, 3.0], 100.0) => Some("three"); (&[2.0, 3.0], 3.0) => None; (&[4.0], 3.0) => None; (&[4.0], 30.0) => Some("four"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; 'rows: for i in 0..x.len() { for j in 0..i { if x[j] > x[i] { continue 'rows; } assert!(x[j] != x[i], "{i} is {j}"); if x[i] > 9.0 { break 'rows; } s += x[i] * x[j]; } } s } }
        (&[1.0, 2.0, 3.0]) => None; (&[2.0, 1.0, 1.0]) => None; (&[1.0, 2.0, 2.0]) => Some("2 is 1"); (&[1.0, 10.0, 10.0]) => None);
    says!({ #[grad] fn f(a: f64) -> f64 { let mut x = a; let mut n = 0; loop { let y = 0.5 * (x + a / x); n += 1; assert!(n < 9, "no root of {a}"); if (y - x).abs() < 1e-12 { break y; } x = y; } } }
        (2.5) => None; (1e9) => Some("no root of 1000000000"));
    says!({ #[grad] fn f(x: &mut [f64], n: usize) -> f64 { for t in 0..n { for i in 1..x.len() { assert!(x[i] < 100.0, "{} at {t}", x[i]); x[i] += x[i - 1] * x[i]; } } x.iter().sum() } }
        (&mut [1.0, 2.0, 3.0], 1) => None; (&mut [1.0, 2.0, 3.0], 3) => Some("135 at 2"));
}

#[test]
fn closures_and_iterators() {
    says!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|&v| { assert!(v > 0.0, "{v}"); v.ln() }).sum() } } (&[1.0, 2.0]) => None; (&[1.0, -2.0, -3.0]) => Some("-2"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|v| **v > 0.0).map(|&v| { assert!(v < 9.0, "{v}"); v.ln() }).sum() } } (&[1.0, -20.0]) => None; (&[1.0, 20.0]) => Some("20"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().fold(1.0, |s, &v| { assert!(s < 9.0, "{s}"); s * v + x[0] }) } } (&[1.0, 2.0]) => None; (&[2.0, 5.0, 1.0]) => Some("22"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let y: Vec<f64> = x.iter().map(|&v| { assert!(v > 0.0, "{v}"); v.sqrt() }).collect(); y.iter().map(|a| a * a * y[0]).sum() } } (&[1.0, 2.0]) => None; (&[4.0, -1.0]) => Some("-1"));
    says!({ #[grad] fn f(x: &[f64; 3]) -> f64 { let check = |v: f64, i: usize| { assert!(v > 0.0, "{i}"); v }; let y: [f64; 3] = std::array::from_fn(|i| check(x[i], i) * check(x[0], 9)); y[0] * y[1] * y[2] } } (&[1.0, 2.0, 3.0]) => None; (&[1.0, -2.0, 3.0]) => Some("1"); (&[-1.0, 1.0, 1.0]) => Some("0"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; x.iter().zip(x.iter().skip(1)).for_each(|(a, b)| { assert!(a < b, "{a} {b}"); s += a * b; }); s } } (&[1.0, 2.0]) => None; (&[1.0, 2.0, 2.0]) => Some("2 2"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = 0.0; for (i, v) in x.iter().chain(&x[..1]).enumerate() { assert!(*v != 2.0 || i > 1, "{i}"); s += v * v; } s } } (&[1.0, 3.0]) => None; (&[1.0, 2.0]) => Some("1"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { if x.iter().any(|&v| { assert!(v >= 0.0, "{v}"); v > 5.0 }) { return 0.0; } x[0] * x[0] } } (&[1.0]) => None; (&[1.0, -1.0]) => Some("-1"); (&[6.0, -1.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { fn root(v: f64) -> f64 { assert!(v >= 0.0, "no root of {v}"); v.sqrt() } root(x[0]) * root(x[1]) } } (&[1.0, 4.0]) => None; (&[1.0, -4.0]) => Some("no root of -4"));
}

#[test]
fn pullbacks() {
    #[grad]
    fn scaled(x: &[f64], k: f64, out: &mut [f64]) {
        assert_eq!(x.len(), out.len(), "lengths");
        for i in 0..x.len() {
            assert!(x[i] > 0.0, "{i}");
            out[i] = k * x[i].ln();
        }
    }
    let of = |x: &[f64], n: usize| said(|| scaled_vjp(x, 2.0, &mut vec![0.0; n], &mut vec![1.0; n]));
    assert_eq!(of(&[1.0, 2.0], 2), None);
    assert_eq!(of(&[1.0, -2.0], 2).unwrap(), "1");
    assert!(of(&[1.0], 2).unwrap().starts_with("assertion `left == right` failed: lengths"));

    #[grad]
    fn halves(x: f64) -> (f64, f64) {
        assert!(x > 0.0, "{x}");
        (x / 2.0, x.sqrt())
    }
    assert_eq!(halves_vjp(4.0, (1.0, 1.0)), ((2.0, 2.0), 0.75));
    assert_eq!(said(|| halves_vjp(-4.0, (1.0, 1.0))).unwrap(), "-4");
}

#[test]
fn elements_that_need_not_exist() {
    says!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { 0.0 } else if x.len() == 1 { x[0] } else if x.len() == 2 { x[0] * x[1] } else { x[0] * x[2] + x[1] } } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0]) => None; (&[1.0, 2.0, 3.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { match x { [] => 0.0, [a] => *a, [a, rest @ ..] => a * rest.iter().sum::<f64>() } } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0, 3.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut v = vec![x[0], x[1]]; if x[0] > 0.0 { v.push(x[2]); } if x[1] > 0.0 { v.push(x[3]); } v.iter().map(|a| a * a).sum() } }
        (&[-1.0, -1.0]) => None; (&[1.0, -1.0, 1.0]) => None; (&[1.0, 1.0, 1.0, 1.0]) => None;
        (&[1.0, -1.0]) => Some("index out of bounds: the len is 2 but the index is 2"));
}

#[test]
fn loops_that_are_not_reached() {
    says!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { return 0.0; } let (mut i, mut j) = (0, x.len() - 1); let mut s = 0.0; while i < j { s += x[i] * x[j]; if x[i] < x[j] { i += 1; } else { j -= 1; } } s } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0, 0.5]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { if x.len() < 2 { return 1.0; } if x[0] > x[1] { return x[0] - x[1]; } if x.len() < 4 { return x[0]; } let mut s = x[3]; for i in 1..x.len() { if x[i] < x[i - 1] { return s * x[i]; } s += x[i]; } s } }
        (&[]) => None; (&[1.0]) => None; (&[2.0, 1.0]) => None; (&[1.0, 2.0, 3.0]) => None; (&[1.0, 2.0, 3.0, 2.5, 4.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut s = match x.first() { Some(&v) => v, None => return 0.5 }; let mut out = Vec::new(); for &v in x { s += 0.3 * (v - s); out.push(s); } out.iter().map(|a| a * a).sum() } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0, 3.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut m = match it.next() { Some(v) => *v, None => return 0.0 }; for &v in it { if v > m { m = v; } } m * m } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut it = x.iter(); let mut s = 0.0; while let Some(a) = it.next() { let b = it.next().copied().unwrap_or(1.0); s += a * b; } s } }
        (&[]) => None; (&[1.0]) => None; (&[1.0, 2.0, 3.0]) => None);
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut a = x.to_vec(); let n = a.len(); for i in 0..n { for j in 0..n - 1 - i { if a[j] > a[j + 1] { a.swap(j, j + 1); } } } let mut s = 0.0; for (i, v) in a.iter().enumerate() { s += v * i as f64; } s } }
        (&[]) => None; (&[1.0]) => None; (&[3.0, 2.0, 4.0]) => None);
}

#[test]
fn not_after_an_early_return() {
    says!({ #[grad] fn f(x: &[f64], labels: &[usize], k: usize) -> f64 {
        if labels.len() == 0 { return 0.0; }
        let mut a = x[..k].to_vec();
        for t in 1..labels.len() {
            let s: f64 = a.iter().sum();
            for j in 0..k { a[j] = a[j] * s.sin() + x[t * k + j]; }
        }
        a.iter().map(|a| a * a).sum()
    } }
        (&[], &[], 2) => None; (&[1.0, 2.0, 0.5, 0.1], &[0, 1], 2) => None);
    says!({ #[grad] fn f(unary: &[f64], pairwise: &[f64], labels: &[usize], k: usize) -> f64 {
        let n = labels.len();
        if n == 0 { return 0.0; }
        let mut alpha = unary[..k].to_vec();
        let mut new = vec![0.0; k];
        let mut score = unary[labels[0]];
        for t in 1..n {
            for j in 0..k {
                let mut m = f64::NEG_INFINITY;
                for i in 0..k { m = m.max(alpha[i] + pairwise[i * k + j]); }
                let mut s = 0.0;
                for i in 0..k { s += (alpha[i] + pairwise[i * k + j] - m).exp(); }
                new[j] = m + s.ln() + unary[t * k + j];
            }
            alpha.copy_from_slice(&new);
            score += pairwise[labels[t - 1] * k + labels[t]] + unary[t * k + labels[t]];
        }
        let m = alpha.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let z: f64 = alpha.iter().map(|a| (a - m).exp()).sum();
        m + z.ln() - score
    } }
        (&[], &[], &[], 2) => None; (&[1.0, 2.0, 0.5, 0.1], &[0.1, 0.2, 0.3, 0.4], &[0, 1], 2) => None);
}

/// What `unwrap` says.
const NONE: &str = "called `Option::unwrap()` on a `None` value";

#[test]
fn options() {
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let m = x.iter().copied().reduce(f64::max).unwrap(); m * m } }
        (&[1.0, 2.0]) => None; (&[]) => Some(NONE));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let i = x.iter().position(|&v| v > 1.0).expect("none is large"); i as f64 * x[0] } }
        (&[1.0, 2.0]) => None; (&[1.0]) => Some("none is large"); (&[]) => Some("none is large"));
    says!({ #[grad] fn f(x: &[f64]) -> f64 { let mut best: Option<f64> = None; for &v in x { if v > 0.0 { best = Some(best.map_or(v, |b| b.min(v))); } } best.unwrap().ln() } }
        (&[1.0, 2.0]) => None; (&[-1.0]) => Some(NONE));
    says!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { if n > 0 { x[n.checked_sub(2).unwrap() % 2] } else { x[0] } } }
        (&[1.0, 2.0], 3) => None; (&[1.0], 0) => None; (&[1.0], 1) => Some(NONE));
    says!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { if n == 0 || x.iter().copied().reduce(f64::max).unwrap() > 1.0 { 1.0 } else { x[0] } } }
        (&[], 0) => None; (&[0.5], 1) => None; (&[], 1) => Some(NONE));
}
