//! Sums that are spelled out, with any number of terms: what no pattern of fixed length can take apart.

use super::build::{Site, read_at};
use crate::ir::{Cmp, Fold, Graph, NodeId, Op, Scalar};

/// Two terms have rules of their own.
const FEWEST: usize = 3;

/// With more terms nobody has spelled it out: `x + x` forty times over has 2⁴⁰.
const MOST: usize = 64;

/// What a template makes of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// `shift(s)`: the largest exponent of a sum of exponentials, a constant to differentiation: that the sum is taken
    /// relative to it changes nothing. Where it is infinite nothing overflows, and it is 0.
    Shift,
    /// `shifted(n, m)`: a sum of exponentials times e⁻ᵐ.
    Shifted,
    /// `hypots(s)`: the root of a sum of squares.
    Hypots,
}

/// The terms of a sum, from left to right. `None` where there are too many.
pub fn terms(graph: &Graph, id: NodeId) -> Option<Vec<NodeId>> {
    let mut found = Vec::new();
    let mut stack = vec![id];
    while let Some(id) = stack.pop() {
        match graph.op(id) {
            Op::Scalar(Scalar::Add) => stack.extend(graph.args(id).iter().rev()),
            _ => found.push(id),
        }
        if found.len() + stack.len() > MOST {
            return None;
        }
    }
    Some(found)
}

/// The terms of a sum of at least [`FEWEST`].
fn long_sum(graph: &Graph, id: NodeId) -> Option<Vec<NodeId>> {
    let is_add = |id: NodeId| matches!(graph.op(id), Op::Scalar(Scalar::Add));
    // Most nodes are none: nothing is allocated for those.
    if !is_add(id) || !graph.args(id).iter().any(|&arg| is_add(arg)) {
        return None;
    }
    terms(graph, id).filter(|found| found.len() >= FEWEST)
}

fn is_one(graph: &Graph, id: NodeId) -> bool {
    graph.as_float(id) == Some(1.0)
}

/// What an exponential is taken of; of an element of an array of exponentials, in terms of the array's variables.
fn exponent(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let args = graph.args(id);
    match graph.op(id) {
        Op::Scalar(Scalar::Exp) => Some(args[0]),
        Op::Read if matches!(graph.op(args[0]), Op::Build(_)) => {
            let body = graph.args(args[0])[0];
            matches!(graph.op(body), Op::Scalar(Scalar::Exp)).then(|| graph.args(body)[0])
        }
        _ => None,
    }
}

/// As [`exponent`], in terms of what `id` is in.
fn own_exponent(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let found = exponent(graph, id)?;
    let args = graph.args(id);
    let Op::Build(vars) = graph.op(args[0]).clone() else { return Some(found) };
    let site = Site { vars, index: args[1..].into() };
    Some(read_at(graph, &site, found))
}

/// The constant that is subtracted from an exponent.
fn shift_of(graph: &Graph, exponent: NodeId) -> Option<NodeId> {
    let args = graph.args(exponent);
    match graph.op(exponent) {
        Op::Scalar(Scalar::Neg) => Some(args[0]),
        Op::Scalar(Scalar::Sub) => Some(args[1]),
        _ => None,
    }
}

/// Whether a sum is one of exponentials, 1 being one too, that may overflow: no maximum is subtracted from their
/// exponents.
pub fn is_of_exponentials(graph: &Graph, id: NodeId) -> bool {
    let Some(terms) = long_sum(graph, id) else { return false };
    let is_shifted = |exponent: NodeId| {
        let shift = shift_of(graph, exponent);
        let is_max = |m: NodeId| matches!(graph.op(m), Op::Scalar(Scalar::Max) | Op::Reduce(Fold::Max, _));
        shift.is_some_and(|m| is_max(m) || is_shift(graph, m))
    };
    let exponents: Vec<NodeId> = terms.iter().filter_map(|&term| exponent(graph, term)).collect();
    let mut others = terms.iter().filter(|&&term| exponent(graph, term).is_none());
    !exponents.is_empty()
        && others.all(|&term| is_one(graph, term))
        && !exponents.iter().all(|&x| is_shifted(x))
}

/// Whether `m` is the shift of a sum of exponentials.
pub fn is_shifted_by(graph: &Graph, id: NodeId, m: NodeId) -> bool {
    let is_shifted = |term: NodeId| exponent(graph, term).and_then(|x| shift_of(graph, x)) == Some(m);
    is_shift(graph, m) && long_sum(graph, id).is_some_and(|terms| terms.into_iter().all(is_shifted))
}

/// Whether every term has an exponential for a factor, or is 1.
pub fn is_weighted(graph: &Graph, id: NodeId) -> bool {
    is_weighted_within(graph, id, &mut { MOST })
}

/// Looks at so many nodes at most.
fn is_weighted_within(graph: &Graph, id: NodeId, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    let args = graph.args(id);
    let mut factor = |arg: NodeId| !is_one(graph, arg) && is_weighted_within(graph, arg, left);
    match graph.op(id) {
        Op::Scalar(Scalar::Mul) => args.iter().any(|&arg| factor(arg)),
        Op::Scalar(Scalar::Neg | Scalar::Div) => factor(args[0]),
        Op::Scalar(Scalar::Add | Scalar::Sub) => args.iter().all(|&arg| is_weighted_within(graph, arg, left)),
        _ => exponent(graph, id).is_some() || is_one(graph, id),
    }
}

/// Whether a sum is one of squares.
pub fn is_of_squares(graph: &Graph, id: NodeId) -> bool {
    long_sum(graph, id).is_some_and(|terms| terms.into_iter().all(|term| root(graph, term).is_some()))
}

/// What is squared.
pub fn root(graph: &Graph, id: NodeId) -> Option<NodeId> {
    let args = graph.args(id);
    match graph.op(id) {
        Op::Scalar(Scalar::Mul) => (args[0] == args[1]).then_some(args[0]),
        Op::Scalar(Scalar::Powi) => (graph.as_int(args[1]) == Some(2)).then_some(args[0]),
        _ => None,
    }
}

impl Over {
    pub fn by_name(name: &str) -> Option<Over> {
        match name {
            "shift" => Some(Over::Shift),
            "shifted" => Some(Over::Shifted),
            "hypots" => Some(Over::Hypots),
            _ => None,
        }
    }

    pub fn arity(self) -> usize {
        if self == Over::Shifted { 2 } else { 1 }
    }

    /// What is made of sums for which the guards hold.
    pub fn build(self, graph: &mut Graph, args: &[NodeId]) -> NodeId {
        match self {
            Over::Shift => shift(graph, args[0]),
            Over::Shifted => shifted(graph, args[0], args[1]),
            Over::Hypots => hypots(graph, args[0]),
        }
    }
}

fn shift(graph: &mut Graph, sum: NodeId) -> NodeId {
    let found = terms(graph, sum).expect("the guard holds");
    let zero = graph.float_like(0.0, sum);
    let exponents: Vec<NodeId> =
        found.into_iter().map(|term| own_exponent(graph, term).unwrap_or(zero)).collect();
    let largest = exponents[1..].iter().fold(exponents[0], |m, &x| graph.scalar(Scalar::Max, &[m, x]));
    as_shift(graph, largest)
}

/// The number by which exponents are shifted, given the largest of them.
pub fn as_shift(graph: &mut Graph, largest: NodeId) -> NodeId {
    let largest = graph.add(Op::StopGradient, &[largest]);
    let magnitude = graph.scalar(Scalar::Abs, &[largest]);
    let infinity = graph.float_like(f64::INFINITY, largest);
    let is_infinite = graph.compare(Cmp::Eq, magnitude, infinity);
    let zero = graph.float_like(0.0, largest);
    let shift = graph.select(is_infinite, zero, largest);
    // With a name it is written once, and read wherever it is used.
    graph.set_name(shift, "shift");
    shift
}

fn is_shift(graph: &Graph, id: NodeId) -> bool {
    *graph.op(id) == Op::If && *graph.op(graph.args(id)[2]) == Op::StopGradient
}

fn shifted(graph: &mut Graph, id: NodeId, m: NodeId) -> NodeId {
    if let Some(exponent) = own_exponent(graph, id) {
        let exponent = graph.sub(exponent, m);
        return graph.scalar(Scalar::Exp, &[exponent]);
    }
    let args = graph.args(id);
    match *graph.op(id) {
        Op::Scalar(scalar @ (Scalar::Add | Scalar::Sub)) => {
            let args = [shifted(graph, args[0], m), shifted(graph, args[1], m)];
            graph.scalar(scalar, &args)
        }
        Op::Scalar(scalar @ (Scalar::Mul | Scalar::Neg | Scalar::Div)) => {
            let mut args = args.to_vec();
            let factor = args.iter().position(|&arg| !is_one(graph, arg) && is_weighted(graph, arg));
            let factor = factor.expect("the guard holds");
            args[factor] = shifted(graph, args[factor], m);
            graph.scalar(scalar, &args)
        }
        // 1 = e⁰
        _ => {
            let exponent = graph.neg(m);
            graph.scalar(Scalar::Exp, &[exponent])
        }
    }
}

fn hypots(graph: &mut Graph, sum: NodeId) -> NodeId {
    let found = terms(graph, sum).expect("the guard holds");
    let roots: Vec<NodeId> =
        found.into_iter().map(|term| root(graph, term).expect("the guard holds")).collect();
    let first = graph.scalar(Scalar::Hypot3, &roots[..3]);
    roots[3..].chunks(2).fold(first, |h, more| match *more {
        [x, y] => graph.scalar(Scalar::Hypot3, &[h, x, y]),
        _ => graph.scalar(Scalar::Hypot, &[h, more[0]]),
    })
}
