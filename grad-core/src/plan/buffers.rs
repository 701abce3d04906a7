//! Questions about memory: how a buffer is laid out, which writes cover or repeat, which reads cannot fail.

use std::collections::HashSet;

use super::names::is_static;
use super::program::Storage;
use crate::ir::op::{IntOp, Op, Var};
use crate::ir::{Graph, NodeId};

/// Fixed extents give nested arrays on the stack, others a flat `Vec`.
pub fn storage(graph: &Graph, extents: &[NodeId]) -> Storage {
    if extents.iter().all(|&e| is_static(graph, e)) { Storage::Nested } else { Storage::Flat }
}

/// Whether no element is written twice: each index is one variable, forwards or backwards, and all differ.
pub fn injective(graph: &Graph, index: &[NodeId], vars: &[Var]) -> bool {
    let mut seen: HashSet<Var> = HashSet::new();
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

/// Whether computing the term cannot panic: every read is within its array, whatever the extents are.
pub fn is_total(graph: &Graph, root: NodeId) -> bool {
    let mut seen: HashSet<NodeId> = HashSet::new();
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = graph.node(id);
        let fine = match &node.op {
            Op::Read => {
                let shape = &graph.ty(node.args[0]).shape;
                node.args[1..].iter().zip(shape).all(|(&i, &extent)| in_bounds(graph, i, extent))
            }
            Op::Int(IntOp::Min | IntOp::Max | IntOp::SaturatingSub) => true,
            Op::Int(_) => false,
            _ => true,
        };
        if !fine {
            return false;
        }
        stack.extend(graph.dependencies(id));
    }
    true
}

/// Whether an index is known to be within an extent.
pub fn in_bounds(graph: &Graph, index: NodeId, extent: NodeId) -> bool {
    match (graph.as_index(index), graph.as_int(index), graph.as_int(extent)) {
        (Some(var), ..) => {
            let own = graph.extent(var);
            own == extent || matches!((graph.as_int(own), graph.as_int(extent)), (Some(a), Some(b)) if a <= b)
        }
        (_, Some(i), Some(n)) => 0 <= i && i < n,
        _ => false,
    }
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
