//! Functions of each element.

use super::{Float, Tensor};

/// The rectifier, `x < 0 ? 0 : x`; NaN stays NaN.
///
/// ```
/// assert_eq!(grad::nn::relu(&[-1.0, 0.0, 2.0]), [0.0, 0.0, 2.0]);
/// ```
pub fn relu<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut |x| if x < Float::ZERO { Float::ZERO } else { x })
}

/// The leaky rectifier, `x < 0 ? slope·x : x` (Maas, Hannun & Ng 2013).
///
/// ```
/// assert_eq!(grad::nn::leaky_relu(&[-2.0, 3.0], 0.25), [-0.5, 3.0]);
/// ```
pub fn leaky_relu<X: Tensor>(x: X, slope: X::Elem) -> X::Owned {
    x.map(&mut |x| if x < Float::ZERO { slope * x } else { x })
}

/// The exponential linear unit, `x < 0 ? alpha·(eˣ − 1) : x` (Clevert, Unterthiner & Hochreiter 2016).
///
/// ```
/// assert_eq!(grad::nn::elu(&[f64::NEG_INFINITY, 3.0], 2.0), [-2.0, 3.0]);
/// ```
pub fn elu<X: Tensor>(x: X, alpha: X::Elem) -> X::Owned {
    x.map(&mut |x| if x < Float::ZERO { alpha * x.exp_m1() } else { x })
}

/// The logistic function, `1 / (1 + e⁻ˣ)`.
///
/// ```
/// assert_eq!(grad::nn::sigmoid(0.0), 0.5);
/// ```
pub fn sigmoid<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut logistic)
}

/// The hyperbolic tangent.
///
/// ```
/// assert_eq!(grad::nn::tanh(&[0.0, 1.0]), [0.0, 1.0_f64.tanh()]);
/// ```
pub fn tanh<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut Float::tanh)
}

/// `ln(1 + eˣ)`, computed as `max(x, 0) + ln(1 + e^−|x|)`, which does not overflow.
///
/// ```
/// assert_eq!(grad::nn::softplus(&[-800.0, 0.0, 800.0]), [0.0, 2.0_f64.ln(), 800.0]);
/// ```
pub fn softplus<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut positive_log)
}

/// The error function, `2/√π · ∫₀ˣ e^(−t²) dt`.
///
/// ```
/// assert!((grad::nn::erf(1.0_f64) - 0.842700792949715).abs() < 1e-15);
/// ```
pub fn erf<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut Float::erf)
}

/// The Gaussian error linear unit, `x·Φ(x) = ½·x·(1 + erf(x/√2))`, in its exact form (Hendrycks &
/// Gimpel 2016).
///
/// ```
/// assert!((grad::nn::gelu(1.0_f64) - 0.8413447460685429).abs() < 1e-15);
/// ```
pub fn gelu<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut |x| X::Elem::HALF * x * (X::Elem::ONE + (x * X::Elem::FRAC_1_SQRT_2).erf()))
}

/// The sigmoid linear unit or swish, `x / (1 + e⁻ˣ)` computed as `x·σ(x)` (Elfwing, Uchibe & Doya 2018).
///
/// ```
/// assert_eq!(grad::nn::silu(&[0.0, 2.0]), [0.0, 2.0 * grad::nn::sigmoid(2.0)]);
/// ```
pub fn silu<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut |x| x * logistic(x))
}

/// The self-regularised unit `x·tanh(softplus(x))` (Misra 2019).
///
/// ```
/// assert!((grad::nn::mish(1.0_f64) - 0.8650983882673103).abs() < 1e-15);
/// ```
pub fn mish<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut |x| x * positive_log(x).tanh())
}

/// The value unchanged, which `#[grad]` takes for a constant: nothing flows back through it.
///
/// ```
/// assert_eq!(grad::stop_gradient(&[1.0, 2.0]), [1.0, 2.0]);
/// ```
pub fn stop_gradient<X: Tensor>(x: X) -> X::Owned {
    x.map(&mut |x| x)
}

fn logistic<T: Float>(x: T) -> T {
    T::ONE / (T::ONE + (-x).exp())
}

/// `ln(1 + eˣ)`.
fn positive_log<T: Float>(x: T) -> T {
    x.max(T::ZERO) + (-x.abs()).exp().ln_1p()
}
