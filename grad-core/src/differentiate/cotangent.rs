//! Arithmetic on cotangents: products with partial derivatives and sums of contributions.
//!
//! A cotangent that exists only where a branch was taken is `if c { g } else { 0 }`. Products go into the
//! branch, so that the derivative of a branch that was not taken is never evaluated: `0 · ∞` cannot occur.

use crate::ir::{Graph, NodeId, Op, Scalar};

/// `g · partial`; `None` where it is zero by construction.
pub fn times(graph: &mut Graph, g: NodeId, partial: NodeId) -> Option<NodeId> {
    match graph.as_float(partial) {
        Some(0.0) => return None,
        Some(1.0) => return Some(g),
        Some(-1.0) => return Some(graph.neg(g)),
        _ => {}
    }
    if let Some((c, a, b)) = guarded(graph, g) {
        let a = a.and_then(|a| times(graph, a, partial));
        let b = b.and_then(|b| times(graph, b, partial));
        return choose(graph, c, a, b);
    }
    match graph.op(partial).clone() {
        Op::If => {
            let args = graph.args(partial);
            if !args[1..].iter().any(|&p| matches!(graph.as_float(p), Some(0.0 | 1.0))) {
                return Some(graph.mul(g, partial));
            }
            let a = times(graph, g, args[1]);
            let b = times(graph, g, args[2]);
            choose(graph, args[0], a, b)
        }
        Op::Scalar(Scalar::Neg) => {
            let inner = graph.args(partial)[0];
            times(graph, g, inner).map(|product| graph.neg(product))
        }
        Op::Scalar(Scalar::Div) if graph.as_float(graph.args(partial)[0]) == Some(1.0) => {
            let divisor = graph.args(partial)[1];
            Some(graph.div(g, divisor))
        }
        Op::Scalar(Scalar::Recip) => {
            let divisor = graph.args(partial)[0];
            Some(graph.div(g, divisor))
        }
        _ => Some(graph.mul(g, partial)),
    }
}

/// The sum of contributions; `None` for none.
pub fn sum(graph: &mut Graph, parts: &[NodeId]) -> Option<NodeId> {
    let mut parts = parts.iter().copied();
    let first = parts.next()?;
    Some(parts.fold(first, |total, part| add(graph, total, part)))
}

fn add(graph: &mut Graph, a: NodeId, b: NodeId) -> NodeId {
    if let (Some((c, a1, a2)), Some((d, b1, b2))) = (guarded(graph, a), guarded(graph, b))
        && c == d
    {
        let first = both(graph, a1, b1);
        let second = both(graph, a2, b2);
        return choose(graph, c, first, second).unwrap_or(a);
    }
    graph.plus(a, b)
}

fn both(graph: &mut Graph, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
    match (a, b) {
        (Some(a), Some(b)) => Some(add(graph, a, b)),
        (one, other) => one.or(other),
    }
}

/// A conditional cotangent taken apart: condition, and each branch unless it is zero.
fn guarded(graph: &Graph, g: NodeId) -> Option<(NodeId, Option<NodeId>, Option<NodeId>)> {
    if *graph.op(g) != Op::If {
        return None;
    }
    let args = graph.args(g);
    let part = |id: NodeId| (graph.as_float(id) != Some(0.0)).then_some(id);
    let (a, b) = (part(args[1]), part(args[2]));
    (a.is_none() || b.is_none()).then_some((args[0], a, b))
}

/// `if c { a } else { b }`, where nothing is zero.
pub fn choose(graph: &mut Graph, c: NodeId, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
    let like = a.or(b)?;
    let zero = graph.float_like(0.0, like);
    Some(graph.select(c, a.unwrap_or(zero), b.unwrap_or(zero)))
}
