//! The scalars: what the functions of this library need from `f32` and `f64`.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// `f32` or `f64`. Sealed: derivatives are known for these two.
pub trait Float:
    sealed::Sealed
    + Copy
    + Debug
    + PartialEq
    + PartialOrd
    + Default
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Send
    + Sync
    + 'static
{
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;
    /// One half.
    const HALF: Self;
    /// 1/√2.
    const FRAC_1_SQRT_2: Self;
    /// −∞.
    const NEG_INFINITY: Self;

    /// A count as a float, rounded to nearest.
    fn from_count(count: usize) -> Self;
    /// A number rounded to nearest.
    fn from_f64(value: f64) -> Self;
    /// The same number, which `f64` can always hold.
    fn to_f64(self) -> f64;
    /// The square root.
    fn sqrt(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// eˣ − 1, accurate near 0.
    fn exp_m1(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn ln_1p(self) -> Self;
    /// The hyperbolic tangent.
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The larger of two; a NaN gives way to the other.
    fn max(self, other: Self) -> Self;
    /// Whether this is ∞ or −∞.
    fn is_infinite(self) -> bool;
    /// Whether this is neither ∞, −∞ nor NaN.
    fn is_finite(self) -> bool;
}

/// Every method but `erf` is the one of the standard library.
macro_rules! float {
    ($float:ident, $erf:path) => {
        impl sealed::Sealed for $float {}

        impl Float for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const HALF: Self = 0.5;
            const FRAC_1_SQRT_2: Self = std::$float::consts::FRAC_1_SQRT_2;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;

            fn from_count(count: usize) -> Self {
                count as $float
            }
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            fn to_f64(self) -> f64 {
                self.into()
            }
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }
            fn exp(self) -> Self {
                $float::exp(self)
            }
            fn exp_m1(self) -> Self {
                $float::exp_m1(self)
            }
            fn ln(self) -> Self {
                $float::ln(self)
            }
            fn ln_1p(self) -> Self {
                $float::ln_1p(self)
            }
            fn tanh(self) -> Self {
                $float::tanh(self)
            }
            fn erf(self) -> Self {
                $erf(self)
            }
            fn abs(self) -> Self {
                $float::abs(self)
            }
            fn max(self, other: Self) -> Self {
                $float::max(self, other)
            }
            fn is_infinite(self) -> bool {
                $float::is_infinite(self)
            }
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
        }
    };
}

float!(f32, libm::erff);
float!(f64, libm::erf);

mod sealed {
    pub trait Sealed {}
}
