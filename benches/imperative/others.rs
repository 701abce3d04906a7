//! The same functions over a number type, for the libraries that differentiate by one: dual numbers (`num-dual`) and a
//! tape (`echidna`).

use std::ops::{Add, AddAssign, Mul, Sub};

use echidna::Reverse;
use nalgebra::SVector;
use num_dual::DualSVec64;
use num_traits::Float;

fn least_squares<T>(w: &[T], x: &[f64], y: &[f64], zero: T) -> T
where
    T: Copy + Add<Output = T> + AddAssign + Mul<Output = T> + Mul<f64, Output = T> + Sub<f64, Output = T>,
{
    let mut loss = zero;
    for (&x, &y) in x.iter().zip(y) {
        let mut power = 1.0;
        let mut value = zero;
        for &coefficient in w {
            value += coefficient * power;
            power *= x;
        }
        let residual = value - y;
        loss += residual * residual;
    }
    loss
}

/// By dual numbers with `M` parts.
pub fn least_squares_dual<const M: usize>(w: &[f64; M], x: &[f64], y: &[f64]) -> (f64, [f64; M]) {
    let function = |w: SVector<DualSVec64<M>, M>| least_squares(w.as_slice(), x, y, DualSVec64::from_re(0.0));
    let (loss, gradient) = num_dual::gradient(function, &SVector::from(*w));
    (loss, gradient.into())
}

/// By a tape.
pub fn least_squares_tape(w: &[f64], x: &[f64], y: &[f64]) -> Vec<f64> {
    echidna::grad(|w: &[Reverse<f64>]| least_squares(w, x, y, Reverse::constant(0.0)), w)
}

/// By a tape.
pub fn log_sum_exp_tape(x: &[f64]) -> Vec<f64> {
    let function = |x: &[Reverse<f64>]| {
        let mut most = Reverse::constant(f64::NEG_INFINITY);
        for &v in x {
            if v > most {
                most = v;
            }
        }
        let mut sum = Reverse::constant(0.0);
        for &v in x {
            sum += (v - most).exp();
        }
        most + sum.ln()
    };
    echidna::grad(function, x)
}
