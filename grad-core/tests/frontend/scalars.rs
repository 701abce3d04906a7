//! Numbers: operators, methods, branches, constants.

use crate::surface;

#[test]
fn operators() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            (x + y) * x - y / -x % 2.0
        }
    }(0.5, 2.0)(-1.5, 3.0));
    surface!({
        fn f(x: &f64, y: f64) -> f64 {
            *x * y + 1e-3 + 2_000.5 - 1f64
        }
    }(&0.5, 2.0));
    surface!({
        fn f(#[allow(unused_mut)] mut x: f64) -> f64 {
            x.abs() + -(-x)
        }
    }(0.5)(-2.0));
}

#[test]
fn bindings() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            let z = x * y;
            let z = {
                let x = z + 1.0;
                x * x
            };
            let (a, b): (f64, f64) = (z, x);
            let c: f64 = 3.0;
            let ((p, _), q) = ((a, b), c);
            return p + q * b;
        }
    }(0.5, 2.0));
}

#[test]
fn methods() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            let (s, c) = x.sin_cos();
            x.exp()
                + x.powi(3)
                + y.powf(x)
                + f64::atan2(x, y)
                + x.max(y).min(0.7)
                + x.mul_add(y, 2.0)
                + s * c
                + y.clamp(0.0, 1.0)
                + y.sqrt().ln_1p()
                + f64::hypot(x, 3.0)
                + y.log(2.0)
                + x.signum()
                + 2f64.sqrt()
        }
    }(0.5, 2.0)(-1.5, 3.0));
    surface!({
        fn f(x: f64, k: i32) -> f64 {
            let n = k + 1;
            x.powi(n) * x.powi(-2) + f64::from(k) + k as f64 + x.powi(k - 1) + f64::powi(x, k)
        }
    }(0.5, 3));
}

#[test]
fn branches() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            if x > y && x > 0.0 {
                x * y
            } else if x == y || !(y < 1.0) {
                x - y
            } else {
                let z = x + y;
                z * z
            }
        }
    }(1.0, 0.5)(-1.0, 0.5)(0.5, 3.0)(0.5, 0.5));
    surface!({
        fn f(x: f64, k: usize, b: bool) -> f64 {
            let (p, q) = if b { (x, 1.0) } else { (2.0, x * x) };
            p + match k {
                0 => q,
                1 | 2 => x * q,
                3..=5 => x.sin(),
                n if n % 2 == 0 => x * n as f64,
                n => (n - 1) as f64 * x,
            } + match b {
                true => x,
                false => -x,
            } + match (k, b) {
                (0, true) => 1.0,
                (_, false) => x,
                _ => unreachable!(),
            }
        }
    }(0.5, 0, true)(0.5, 2, false)(0.5, 4, false)(0.5, 8, false)(0.5, 9, false));
    surface!({
        fn f(x: f64, n: i32) -> f64 {
            let a = if x > 0.0 { [x, x * x] } else { [1.0, 2.0] };
            a[0] * a[1]
                + match n {
                    -1 => x,
                    i32::MIN..=-2 => 2.0 * x,
                    _ => 0.0,
                }
        }
    }(0.5, 1)(-0.5, -1));
}

#[allow(dead_code)]
const G: f64 = 9.81;
const COUNT: usize = 3;

#[test]
fn constants() {
    surface!({
        fn f(x: f64) -> f64 {
            use std::f64::consts;
            const HALF: f64 = 0.5;
            x * std::f64::consts::PI
                + consts::E
                + HALF * x
                + f64::EPSILON.min(x)
                + f64::INFINITY.min(x)
                + G * x
        }
    }(0.5));
    surface!({
        fn f(x: f64) -> f64 {
            let g: f64 = G;
            let n = COUNT;
            g * x
                + (0..COUNT).map(|i| x * i as f64).sum::<f64>()
                + COUNT as f64
                + (0..n).map(|_| x).sum::<f64>()
                + if G > 1.0 { x } else { 0.0 }
        }
    }(0.5));
}

#[test]
fn closures() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            let a = 2.0 * x;
            let scaled = |v: f64| -> f64 { v * a };
            let a = 100.0;
            let twice = move |g: f64| scaled(scaled(g));
            let constant = || y + 1.0;
            twice(y) + a + constant() + (|p: f64, (q, r): (f64, f64)| p * q - r)(x, (y, 1.0))
        }
    }(0.5, 2.0));
}

#[test]
fn inner_functions() {
    surface!({
        fn f(x: f64, y: f64) -> f64 {
            let a = scale(x, 3.0);
            fn scale(v: f64, by: f64) -> f64 {
                return shift(v) * by;
            }
            fn shift(v: f64) -> f64 {
                v + 1.0
            }
            let g = |v: f64| {
                let w = v * y;
                return w * w;
            };
            g(a) + scale(y, x)
        }
    }(0.5, 2.0));
}

#[test]
fn integers() {
    surface!({
        fn f(x: f64, n: usize, k: i32) -> f64 {
            let m = n.min(7).max(2) * 2 + n / 3 % 4 + n.pow(2) + n.saturating_sub(100) + n.abs_diff(9);
            let j = (k - 5).abs() + k.rem_euclid(3) + (k << 2) + (k & 6) + k.clamp(0, 2) + k.signum();
            x * m as f64 + j as f64 + (n as i64 as f64) * x + (x as i32) as f64 + (n > 3) as usize as f64
        }
    }(0.5, 5, -4)(3.7, 1, 7));
}

#[test]
fn tuples_and_results() {
    surface!({
        fn f(x: f64, y: f64) -> (f64, [f64; 2], bool) {
            let t = (x, (y, x * y));
            let u = (t.1).1 + t.0;
            (u, [t.1.0, 1.0], x > y)
        }
    }(0.5, 2.0));
}

/// A function of many statements, and one of one long sum.
#[test]
fn size() {
    use std::fmt::Write;
    let mut seconds = Vec::new();
    for count in [1000, 4000] {
        let mut body = String::from("let v0 = x;");
        for k in 1..count {
            write!(body, "let v{k} = v{} * x + (y - {k}.5).sin();", k - 1).unwrap();
        }
        let long = vec!["x * y"; count].join(" + ");
        let source = format!("fn f(x: f64, y: f64) -> f64 {{ {body} v{} + {long} }}", count - 1);
        let start = std::time::Instant::now();
        crate::harness::reading("", &source);
        seconds.push(start.elapsed().as_secs_f64());
    }
    assert!(seconds[1] < 12.0 * seconds[0], "{seconds:?}");
    println!("{seconds:?}");
}
