//! Constant factors: `x + x` is `2 · x` and `100 · (2 · x)` is `200 · x`, to the bit.

use super::graph::Graph;
use super::{NodeId, Scalar, op::Op};

impl Graph {
    /// `x + x` as `2 · x`. A sum over a variable stays a term of its own, which can go straight to its place.
    pub(super) fn doubled(&mut self, x: NodeId) -> Option<NodeId> {
        let is_term = matches!(self.op(x), Op::Reduce(..));
        if is_term {
            return None;
        }
        let (x, negated) = match self.op(x) {
            Op::Scalar(Scalar::Neg) => (self.args(x)[0], true),
            _ => (x, false),
        };
        let two = self.float_like(2.0, x);
        let double = self.mul(two, x);
        Some(if negated { self.neg(double) } else { double })
    }

    /// `c · (p · x)` as `cp · x`, where that holds for every `x`.
    pub(super) fn scaled_twice(&mut self, factors: &[NodeId]) -> Option<NodeId> {
        let (c, inner) = self.constant_factor(factors)?;
        let (p, x) = match self.op(inner) {
            Op::Scalar(Scalar::Mul) => self.constant_factor(&self.args(inner))?,
            _ => return None,
        };
        let product = exact_product(c, p)?;
        let product = self.float_like(product, x);
        Some(self.mul(product, x))
    }

    fn constant_factor(&self, factors: &[NodeId]) -> Option<(f64, NodeId)> {
        match (self.as_float(factors[0]), self.as_float(factors[1])) {
            (Some(c), None) => Some((c, factors[1])),
            (None, Some(c)) => Some((c, factors[0])),
            _ => None,
        }
    }
}

/// Doubling is exact, and where it overflows, so does the product with a factor that makes nothing smaller.
fn exact_product(c: f64, p: f64) -> Option<f64> {
    let doubles = p >= 1.0 && p.to_bits().trailing_zeros() >= f64::MANTISSA_DIGITS - 1;
    (doubles && c.abs() >= 1.0 && (c * p).abs() < f64::from(f32::MAX)).then_some(c * p)
}
