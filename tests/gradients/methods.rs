//! Every method of `f64` that has a derivative, as a method and by its path.

use grad::grad;

/// One parameter.
macro_rules! unary {
    ($($name:ident at $($x:expr),+;)+) => {
        $(#[test]
        fn $name() {
            gradient!({ #[grad] fn f(x: f64) -> f64 { x.$name() } } $((x) at x = $x);+);
            gradient!({ #[grad] fn f(x: &f64) -> f64 { f64::$name(*x) * 2.0 } } $((&x) at x = $x);+);
        })+
    };
}

unary! {
    exp at 0.7, -1.5, 0.0;
    exp2 at 0.7, -1.5;
    exp_m1 at 0.7, -1.5, 1e-9;
    ln at 0.7, 20.0;
    ln_1p at 0.7, -0.5, 1e-9;
    log2 at 0.7, 20.0;
    log10 at 0.7, 20.0;
    sqrt at 0.7, 20.0;
    cbrt at 0.7, -20.0;
    sin at 0.7, -4.0;
    cos at 0.7, -4.0;
    tan at 0.7, -4.0;
    asin at 0.7, -0.2;
    acos at 0.7, -0.2;
    atan at 0.7, -4.0;
    sinh at 0.7, -2.0;
    cosh at 0.7, -2.0;
    tanh at 0.7, -2.0;
    asinh at 0.7, -2.0;
    acosh at 1.7, 4.0;
    atanh at 0.7, -0.2;
    abs at 0.7, -2.0;
    signum at 0.7, -2.0;
    recip at 0.7, -2.0;
    to_radians at 0.7, -200.0;
    to_degrees at 0.7, -2.0;
    floor at 0.7, -2.3;
    ceil at 0.7, -2.3;
    round at 0.7, -2.3;
    trunc at 0.7, -2.3;
    fract at 0.7, -2.3;
}

/// Two active parameters.
macro_rules! binary {
    ($($name:ident at $(($x:expr, $y:expr)),+;)+) => {
        $(#[test]
        fn $name() {
            gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { x.$name(y) } } $((x, y) at x = $x, y = $y);+);
            gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { f64::$name(x, y * 0.5) + x } } $((x, y) at x = $x, y = $y * 2.0);+);
        })+
    };
}

binary! {
    atan2 at (0.7, 0.3), (-0.7, -0.3), (2.0, -1.0);
    hypot at (3.0, 4.0), (-1.0, 0.5);
    powf at (0.7, 2.3), (3.0, -1.2);
    log at (0.7, 2.0), (5.0, 3.3);
    min at (0.7, 0.3), (-0.7, 0.3);
    max at (0.7, 0.3), (-0.7, 0.3);
    copysign at (0.7, -0.3), (-0.7, -0.3), (-2.0, 1.0);
    rem_euclid at (7.3, 2.0), (-7.3, 2.0);
}

#[test]
fn powi() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.powi(3) } } (x) at x = 0.7; (x) at x = -2.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { f64::powi(x, -2) } } (x) at x = 0.7; (x) at x = -2.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.powi(0) + x.powi(1) } } (x) at x = 0.7);
    gradient!({ #[grad] fn f(x: f64, n: i32) -> f64 { x.powi(n) } }
        (x, 0) at x = 0.7; (x, 1) at x = 0.7; (x, 5) at x = -0.7; (x, -3) at x = -0.7);
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { x.powi(n as i32 + 1) } } (x, 2) at x = 0.7);
}

#[test]
fn powf_by_a_constant() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.powf(2.5) } } (x) at x = 0.7);
    gradient!({ #[grad] fn f(x: f64) -> f64 { 2.5f64.powf(x) } } (x) at x = 0.7; (x) at x = -0.7);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.powf(2.0) } } (x) at x = -0.7);
}

#[test]
fn clamp_and_mul_add() {
    gradient!({ #[grad] fn f(x: f64, a: f64, b: f64) -> f64 { x.clamp(a, b) } }
        (x, a, b) at x = 0.5, a = 0.0, b = 1.0; (x, a, b) at x = -0.5, a = 0.0, b = 1.0;
        (x, a, b) at x = 1.5, a = 0.0, b = 1.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.clamp(-1.0, 1.0) * x } } (x) at x = 0.5; (x) at x = 2.0);
    gradient!({ #[grad] fn f(x: f64, a: f64, b: f64) -> f64 { x.mul_add(a, b) * f64::mul_add(a, b, x) } }
        (x, a, b) at x = 0.5, a = 2.0, b = 1.0);
}

#[test]
fn sin_cos() {
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { let (s, c) = x.sin_cos(); s * y + c } } (x, y) at x = 0.5, y = 3.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { f64::sin_cos(x).1 } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.sin_cos().0.powi(2) + x.sin_cos().1 } } (x) at x = 0.5);
}

#[test]
fn operators() {
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { (x + y) * (x - y) / (x * y) - -x % y } }
        (x, y) at x = 0.5, y = 3.0; (x, y) at x = 7.5, y = -3.0);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { x % y } } (x, y) at x = 7.5, y = 2.0; (x, y) at x = -7.5, y = 2.0);
    gradient!({ #[grad] fn f(x: &f64, y: &f64) -> f64 { x * y + *x / y - (-x) * 2.0 + 1.0 / x } }
        (&x, &y) at x = 0.5, y = 3.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x * x * x / x - x + x } } (x) at x = 0.5);
}

#[test]
fn chained() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.sin().exp().ln_1p().sqrt().tanh() } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, y: f64) -> f64 { x.mul_add(y, 1.0).abs().powf(y.tanh()).atan2(x.hypot(y)) } }
        (x, y) at x = 0.5, y = 1.5; (x, y) at x = -2.5, y = 1.5);
}

#[test]
fn real_domain() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x.powi(2).sqrt() } } (x) near x = -2.0; (x) near x = 3.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { x * x.powi(2).ln() } } (x) near x = -2.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { (x * x).sqrt() + (x * x).ln() } } (x) near x = -2.0);
}
