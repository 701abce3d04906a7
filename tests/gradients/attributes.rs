//! What the attribute chooses: which parameters, which names, which rewrites.

use grad::grad;

#[test]
fn with_respect_to() {
    gradient!({ #[grad(wrt(x))] fn f(x: f64, y: f64) -> f64 { x * y } } (x, 3.0) at x = 0.5);
    gradient!({ #[grad(wrt(y, x))] fn f(x: f64, y: f64, z: f64) -> f64 { x * y.powi(2) * z } } (x, y, 3.0) at x = 0.5, y = 2.0);
    gradient!({ #[grad(skip(x))] fn f(x: &[f64], y: f64) -> f64 { x.iter().map(|v| v * y.sin()).sum() } } (&[1.0, 2.0], y) at y = 0.5);
    gradient!({ #[grad(skip(x, z))] fn f(x: f64, y: [f64; 2], z: [f64; 2]) -> f64 { x * y[0] * z[1] + y[1] } } (2.0, y, [1.0, 2.0]) at y = [0.5, 0.25]);
    pullback!({ #[grad(wrt(w))] fn f(w: &[[f64; 2]; 2], x: &[f64; 2]) -> [f64; 2] { w.map(|r| r[0] * x[0] + r[1] * x[1]) } } (&w, &[1.0, 2.0]) at w = [[0.5, 0.25], [1.0, 2.0]]);
}

#[test]
fn names_and_kinds() {
    #[grad(name = area, vjp)]
    fn triangle(base: f64, height: f64) -> f64 {
        0.5 * base * height
    }
    assert_eq!(area_vjp(2.0, 3.0, 2.0), (3.0, (3.0, 2.0)));
    assert_eq!(triangle(2.0, 3.0), 3.0);

    #[grad(name = volume)]
    fn cuboid(x: f64, y: f64, z: f64) -> f64 {
        x * y * z
    }
    assert_eq!(volume_grad(2.0, 3.0, 4.0), (24.0, (12.0, 8.0, 6.0)));
    assert_eq!(cuboid(2.0, 3.0, 4.0), 24.0);
}

#[test]
fn exactness() {
    gradient!({ #[grad(exact)] fn f(x: f64) -> f64 { (1.0 + x.exp()).ln() + (x * x + 1.0).sqrt() + (x * x).sqrt() } } (x) at x = 0.5; (x) at x = -3.0);
    gradient!({ #[grad] fn f(x: f64) -> f64 { (1.0 + x.exp()).ln() } } (x) near x = 0.5; (x) near x = -3.0);
    gradient!({ #[grad(fast_math)] fn f(x: f64, y: f64) -> f64 { x / y * y + (x - x) + x.exp() * y.exp() } } (x, y) near x = 0.5, y = 3.0);
    #[grad]
    fn softplus(x: f64) -> f64 {
        (1.0 + x.exp()).ln()
    }
    assert_eq!(softplus_grad(800.0), (800.0, 1.0));
    assert_eq!(softplus_grad(-800.0), (0.0, 0.0));
    #[grad]
    fn norm(x: f64, y: f64) -> f64 {
        (x * x + y * y).sqrt()
    }
    let (value, (dx, dy)) = norm_grad(3e200, 4e200);
    assert!((value / 5e200 - 1.0).abs() < 1e-15 && (dx - 0.6).abs() < 1e-15 && (dy - 0.8).abs() < 1e-15);
}

mod visibility {
    use grad::grad;

    /// Documented.
    #[grad]
    pub fn square(x: f64) -> f64 {
        x * x
    }

    #[grad]
    pub(crate) fn cube(x: f64) -> f64 {
        x * x * x
    }

    #[grad]
    #[inline]
    #[must_use]
    pub fn fourth(x: f64) -> f64 {
        x.powi(4)
    }
}

#[test]
fn modules() {
    assert_eq!(visibility::square_grad(3.0), (9.0, 6.0));
    assert_eq!(visibility::cube_grad(2.0), (8.0, 12.0));
    assert_eq!(visibility::fourth_grad(2.0), (16.0, 32.0));
    assert_eq!(visibility::square(3.0) + visibility::cube(1.0) + visibility::fourth(1.0), 11.0);
}

/// The same function in both precisions.
macro_rules! both {
    ($name:ident, |$x:ident: [_; $n:literal]| $body:expr, at $point:expr) => {
        #[test]
        fn $name() {
            mod single {
                #[grad::grad]
                pub fn f($x: &[f32; $n]) -> f32 {
                    $body
                }
            }
            mod double {
                #[grad::grad]
                pub fn f($x: &[f64; $n]) -> f64 {
                    $body
                }
            }
            let point: [f64; $n] = $point;
            let (value, gradient) = double::f_grad(&point);
            let (single, gradient_32) = single::f_grad(&point.map(|v| v as f32));
            assert!((single - single::f(&point.map(|v| v as f32))).abs() <= 1e-6 * single.abs().max(1.0));
            assert!((f64::from(single) - value).abs() < 1e-5 * value.abs().max(1.0));
            let scale = gradient.iter().fold(1.0, |m: f64, g| m.max(g.abs()));
            for (a, b) in gradient.iter().zip(gradient_32) {
                assert!((a - f64::from(b)).abs() < 2e-5 * scale, "{a} {b}");
            }
        }
    };
}

both!(f32_polynomial, |x: [_; 3]| x[0] * x[1] + 0.1 * x[2].powi(3) - 2.0, at [0.5, -1.5, 2.0]);
both!(f32_methods, |x: [_; 3]| x[0].sin() * x[1].exp() + x[2].ln().sqrt().tanh() + x[0].atan2(x[1]), at [0.5, -1.5, 2.0]);
both!(f32_sum, |x: [_; 3]| x.iter().map(|v| (v * v + 1.0).ln()).sum(), at [0.5, -1.5, 2.0]);
both!(f32_fold, |x: [_; 3]| x.iter().fold(0.5, |a, v| (a * v).cos()), at [0.5, -1.5, 2.0]);
both!(f32_branches, |x: [_; 3]| x.iter().map(|&v| if v > 0.0 { v.sqrt() } else { v * 0.25 }).sum(), at [0.5, -1.5, 2.0]);
both!(f32_softmax, |x: [_; 3]| { let s = x.iter().fold(0.0, |s, v| s + v.exp()); x[0].exp() / s }, at [0.5, -1.5, 2.0]);

#[test]
fn f32_containers() {
    #[grad]
    fn f(x: &[f32], a: f32, n: usize) -> Vec<f32> {
        x.iter().map(|v| a * v.powi(n as i32) / 3.0).collect()
    }
    let (y, (dx, da)) = f_vjp(&[1.0, 2.0], 3.0, 2, &[1.0, 0.5]);
    assert_eq!((y, dx, da), (vec![1.0, 4.0], vec![2.0, 2.0], 1.0 / 3.0 + 4.0 / 3.0 * 0.5));
    #[grad]
    fn mixed(x: f32, y: f64) -> f64 {
        f64::from(x) * y + (x * 2.0) as f64
    }
    assert_eq!(mixed_grad(1.5, 2.0), (6.0, (4.0, 1.5)));
}
