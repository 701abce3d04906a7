//! Guards of rules, and the analysis of ranges on which they rest. Three-valued: *unknown* means no.

use super::matcher::Bindings;
use super::sums;
use super::term::Slot;
use crate::ir::{Elem, Fold, Graph, Int, NodeId, Op, Scalar};

/// What is known of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    Yes,
    No,
    Unknown,
}

/// A condition under which a rule fires, on what its variables have met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    Finite(Slot),
    /// Neither 0 nor NaN.
    Nonzero(Slot),
    /// At least 0 (or -0.0), or NaN.
    Nonneg(Slot),
    /// A sum of at least two squares: a sum of their array, or spelled out.
    Squares(Slot),
    /// A sum of at least three squares, spelled out.
    SpelledSquares(Slot),
    /// A sum of at least three exponentials, spelled out and not shifted by their maximum.
    Exponentials(Slot),
    /// Terms that have an exponential for a factor, or are 1.
    Weighted(Slot),
    /// Such a sum, shifted by what is in the second slot.
    ShiftedBy(Slot, Slot),
    /// Does not depend on the index variable in the second slot.
    Invariant(Slot, Slot),
}

impl Guard {
    pub fn holds(self, graph: &Graph, found: &Bindings) -> Known {
        match self {
            Guard::Finite(x) => range(graph, found.node(x)).is_finite(),
            Guard::Nonzero(x) => range(graph, found.node(x)).is_nonzero(),
            Guard::Nonneg(x) => range(graph, found.node(x)).is_nonneg(),
            Guard::Squares(x) => Known::from(is_sum_of_squares(graph, found.node(x))),
            Guard::SpelledSquares(x) => Known::from(sums::is_of_squares(graph, found.node(x))),
            Guard::Exponentials(x) => Known::from(sums::is_of_exponentials(graph, found.node(x))),
            Guard::Weighted(x) => Known::from(sums::is_weighted(graph, found.node(x))),
            Guard::ShiftedBy(x, m) => Known::from(sums::is_shifted_by(graph, found.node(x), found.node(m))),
            Guard::Invariant(x, var) => Known::from(!graph.depends_on(found.node(x), found.var(var))),
        }
    }

    /// Whether it says something of the node in this slot.
    pub fn mentions(self, slot: Slot) -> bool {
        match self {
            Guard::Finite(x)
            | Guard::Nonzero(x)
            | Guard::Nonneg(x)
            | Guard::Squares(x)
            | Guard::SpelledSquares(x)
            | Guard::Exponentials(x)
            | Guard::Weighted(x)
            | Guard::Invariant(x, _) => x == slot,
            Guard::ShiftedBy(x, m) => x == slot || m == slot,
        }
    }
}

impl From<bool> for Known {
    fn from(holds: bool) -> Known {
        if holds { Known::Yes } else { Known::No }
    }
}

fn is_sum_of_squares(graph: &Graph, id: NodeId) -> bool {
    let is_square = |id: NodeId| sums::root(graph, id).is_some();
    let args = graph.args(id);
    match graph.op(id) {
        Op::Scalar(Scalar::Add) => sums::terms(graph, id)
            .is_some_and(|terms| terms.into_iter().all(|a| is_square(a) || is_sum_of_squares(graph, a))),
        Op::Reduce(Fold::Sum, _) => {
            graph.as_float(args[0]) == Some(0.0) && (is_square(args[1]) || is_sum_of_squares(graph, args[1]))
        }
        _ => false,
    }
}

/// Where a float lies: `lo..=hi`, or perhaps NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub lo: f64,
    pub hi: f64,
    pub nan: bool,
}

/// How deep [`range`] looks.
const DEPTH: u32 = 8;

/// Where the value of a node lies, as far as its operations tell: nothing is known of parameters.
pub fn range(graph: &Graph, id: NodeId) -> Range {
    range_within(graph, id, DEPTH)
}

fn range_within(graph: &Graph, id: NodeId, depth: u32) -> Range {
    if let Some(value) = graph.as_float(id) {
        return Range { lo: value, hi: value, nan: value.is_nan() };
    }
    let Some(depth) = depth.checked_sub(1) else { return Range::ANY };
    let args = graph.args(id);
    match graph.op(id) {
        Op::Scalar(scalar) => {
            let of = |k: usize| range_within(graph, args[k], depth);
            let same = args.len() == 2 && args[0] == args[1];
            scalar_range(*scalar, args.len(), same, &of)
        }
        Op::If | Op::Select => range_within(graph, args[1], depth).or(range_within(graph, args[2], depth)),
        Op::Cast(Elem::Float(_)) => match graph.elem(args[0]) {
            // The largest integers are finite floats, f32 included.
            // But for the last few of `u128`, which overflow `f32`.
            Elem::Int(int) if int != Int::U128 => Range {
                lo: if int.is_unsigned() { 0.0 } else { -f64::from(f32::MAX) },
                hi: f64::from(f32::MAX),
                nan: false,
            },
            _ => Range::ANY,
        },
        _ => Range::ANY,
    }
}

/// Only bounds that no rounding crosses: those of monotone functions at points that are exact.
fn scalar_range(scalar: Scalar, arity: usize, same: bool, of: &dyn Fn(usize) -> Range) -> Range {
    let bounded = |lo: f64, hi: f64| Range { lo, hi, nan: (0..arity).any(|k| of(k).nan) };
    match scalar {
        Scalar::Neg => {
            let x = of(0);
            Range { lo: -x.hi, hi: -x.lo, nan: x.nan }
        }
        Scalar::Abs => {
            let x = of(0);
            let lo = if x.lo > 0.0 { x.lo } else { (-x.hi).max(0.0) };
            Range { lo, hi: x.hi.max(-x.lo), nan: x.nan }
        }
        Scalar::Max => of(0).max(of(1)),
        Scalar::Min => of(0).negated().max(of(1).negated()).negated(),
        Scalar::Mul if same => Range { lo: 0.0, ..bounded(0.0, f64::INFINITY) },
        Scalar::Mul => of(0).times(of(1)),
        Scalar::Add => of(0).plus(of(1)),
        Scalar::Exp | Scalar::Exp2 | Scalar::Cosh | Scalar::Softplus => bounded(0.0, f64::INFINITY),
        Scalar::Relu => bounded(0.0, of(0).hi.max(0.0)),
        Scalar::Sigmoid | Scalar::Logistic => bounded(0.0, 1.0),
        Scalar::Tanh | Scalar::Erf | Scalar::Signum => bounded(-1.0, 1.0),
        Scalar::Sin | Scalar::Cos => Range { nan: of(0).is_finite() != Known::Yes, ..bounded(-1.0, 1.0) },
        Scalar::Sqrt if of(0).is_nonneg() == Known::Yes => bounded(0.0, f64::INFINITY),
        Scalar::Sqrt => Range { nan: true, ..bounded(0.0, f64::INFINITY) },
        Scalar::NormSqrt | Scalar::Hypot | Scalar::Hypot3 => bounded(0.0, f64::INFINITY),
        _ => Range::ANY,
    }
}

impl Range {
    pub const ANY: Range = Range { lo: f64::NEG_INFINITY, hi: f64::INFINITY, nan: true };

    pub fn is_finite(self) -> Known {
        match (self.nan, self.lo.is_finite() && self.hi.is_finite()) {
            (false, true) => Known::Yes,
            _ if self.lo == f64::INFINITY || self.hi == f64::NEG_INFINITY || self.lo.is_nan() => Known::No,
            _ => Known::Unknown,
        }
    }

    pub fn is_nonzero(self) -> Known {
        match () {
            () if self.lo == 0.0 && self.hi == 0.0 && !self.nan => Known::No,
            () if !self.nan && (self.lo > 0.0 || self.hi < 0.0) => Known::Yes,
            () => Known::Unknown,
        }
    }

    pub fn is_nonneg(self) -> Known {
        match () {
            () if self.hi < 0.0 && !self.nan => Known::No,
            () if self.lo >= 0.0 => Known::Yes,
            () => Known::Unknown,
        }
    }

    fn negated(self) -> Range {
        Range { lo: -self.hi, hi: -self.lo, nan: self.nan }
    }

    fn or(self, other: Range) -> Range {
        Range { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi), nan: self.nan || other.nan }
    }

    /// Of Rust's `max`, which prefers a number to NaN.
    fn max(self, other: Range) -> Range {
        let both = Range { lo: self.lo.max(other.lo), hi: self.hi.max(other.hi), nan: self.nan && other.nan };
        // Where one is NaN, the other alone decides.
        let lo = match (self.nan, other.nan) {
            (false, false) => both.lo,
            (true, false) => other.lo,
            (false, true) => self.lo,
            (true, true) => self.lo.min(other.lo),
        };
        Range { lo, ..both }
    }

    /// Signs only: a product of finite factors may overflow.
    fn times(self, other: Range) -> Range {
        // 0 times infinity is NaN.
        let nan = self.is_finite() != Known::Yes || other.is_finite() != Known::Yes;
        let nonneg = |r: Range| r.lo >= 0.0;
        let nonpos = |r: Range| r.hi <= 0.0;
        let (lo, hi) = match () {
            () if nonneg(self) && nonneg(other) || nonpos(self) && nonpos(other) => (0.0, f64::INFINITY),
            () if nonneg(self) && nonpos(other) || nonpos(self) && nonneg(other) => (f64::NEG_INFINITY, 0.0),
            () => (f64::NEG_INFINITY, f64::INFINITY),
        };
        Range { lo, hi, nan }
    }

    /// Signs, and whether it is finite: rounding is monotone, so a sum of numbers ≥ c ≥ 0 is ≥ c.
    fn plus(self, other: Range) -> Range {
        let infinities = self.lo == f64::NEG_INFINITY && other.hi == f64::INFINITY
            || self.hi == f64::INFINITY && other.lo == f64::NEG_INFINITY;
        let nan = self.nan || other.nan || infinities;
        let small = [self.lo, self.hi, other.lo, other.hi].iter().all(|end| end.abs() < 1e30);
        let (mut lo, mut hi) = if small { (-1e31, 1e31) } else { (f64::NEG_INFINITY, f64::INFINITY) };
        if self.lo >= 0.0 && other.lo >= 0.0 {
            lo = self.lo.max(other.lo);
        }
        if self.hi <= 0.0 && other.hi <= 0.0 {
            hi = self.hi.min(other.hi);
        }
        Range { lo, hi, nan }
    }
}
