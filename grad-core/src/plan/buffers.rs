//! Questions about memory: how a buffer is laid out, which writes cover or repeat.

use super::names::is_static;
use super::program::Storage;
use crate::ir::ids::Set;
use crate::ir::op::{Fold, IntOp, Op, Var};
use crate::ir::total::in_bounds;
use crate::ir::{Graph, NodeId};

/// Fixed extents give nested arrays on the stack, others a flat `Vec`.
pub fn storage(graph: &Graph, extents: &[NodeId]) -> Storage {
    if extents.iter().all(|&e| is_static(graph, e)) { Storage::Nested } else { Storage::Flat }
}

/// Whether no element is written twice: each index is one variable, forwards or backwards, and all differ.
pub fn injective(graph: &Graph, index: &[NodeId], vars: &[Var]) -> bool {
    let mut seen: Set<Var> = Set::default();
    let single = |i: NodeId| -> Option<Var> {
        if let Some(v) = graph.as_index(i) {
            return Some(v);
        }
        let args = graph.args(i);
        match graph.op(i) {
            Op::Int(IntOp::Add | IntOp::Sub) => {
                let closed = |a: NodeId| vars.iter().all(|&v| !graph.depends_on(a, v));
                match (graph.as_index(args[0]), graph.as_index(args[1])) {
                    (Some(v), _) if closed(args[1]) => Some(v),
                    (_, Some(v)) if closed(args[0]) => Some(v),
                    _ => None,
                }
            }
            _ => None,
        }
    };
    let all = index.iter().all(|&i| {
        let closed = vars.iter().all(|&v| !graph.depends_on(i, v));
        closed || single(i).is_some_and(|v| seen.insert(v))
    });
    all && vars.iter().all(|v| seen.contains(v))
}

/// Whether a write may not happen at all: its element need not exist where a condition does not hold, or where
/// a loop over which the value is a sum does not run.
pub fn is_partial(graph: &Graph, array: NodeId, index: &[NodeId], value: NodeId) -> bool {
    guard(graph, value).is_some() || is_sum(graph, value) && may_fail(graph, array, index)
}

/// Whether an element may not exist.
pub fn may_fail(graph: &Graph, array: NodeId, index: &[NodeId]) -> bool {
    !index.iter().zip(&graph.ty(array).shape).all(|(&i, &extent)| in_bounds(graph, i, extent))
}

/// Whether a value is a sum from zero.
pub fn is_sum(graph: &Graph, value: NodeId) -> bool {
    matches!(graph.op(value), Op::Reduce(Fold::Sum, _)) && graph.as_float(graph.args(value)[0]) == Some(0.0)
}

/// A value that is zero unless a condition holds, taken apart: the condition, whether it is to be negated, and
/// the value where it holds.
pub fn guard(graph: &Graph, value: NodeId) -> Option<(NodeId, bool, NodeId)> {
    if *graph.op(value) != Op::If {
        return None;
    }
    let args = graph.args(value);
    let is_zero = |id: NodeId| graph.as_float(id) == Some(0.0);
    match (is_zero(args[1]), is_zero(args[2])) {
        (_, true) => Some((args[0], false, args[1])),
        (true, _) => Some((args[0], true, args[2])),
        _ => None,
    }
}

/// Whether an array is made of constants and of what the caller gives: each element is as good as in memory.
pub fn is_at_hand(graph: &Graph, array: NodeId) -> bool {
    let Op::Build(_) = graph.op(array) else { return false };
    let mut stack = vec![graph.args(array)[0]];
    while let Some(id) = stack.pop() {
        match graph.op(id) {
            Op::Const(_) | Op::Symbol(..) | Op::Index(_) | Op::Extent { .. } => {}
            Op::Param(..) | Op::Seed(..) => {}
            Op::Read => stack.extend(graph.args(id).iter()),
            _ => return false,
        }
    }
    true
}

/// Whether every element of an array is zero.
pub fn is_zero_array(graph: &Graph, array: NodeId) -> bool {
    matches!(graph.op(array), Op::Build(_))
        && graph.as_float(graph.args(array)[0]).is_some_and(|x| x.to_bits() == 0)
}
