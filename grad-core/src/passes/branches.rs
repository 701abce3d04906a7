//! What is zero unless several conditions hold asks for them in the order in which the function asks. Reverse mode
//! makes such values from the inside out; in one order, those of one condition are computed in one go.

use crate::ir::{Graph, NodeId, Op};

/// Puts the conditions of guarded values in order.
pub fn order_branches(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    graph.rebuild(roots, &mut |graph, id| ordered(graph, id).unwrap_or(id))
}

/// A condition, and whether it has to hold.
type Guard = (NodeId, bool);

fn ordered(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let (mut guards, mut value) = (Vec::new(), id);
    while let Some((guard, inner)) = guard(graph, value) {
        guards.push(guard);
        value = inner;
    }
    let is_sorted = guards.is_sorted_by_key(|(condition, _)| *condition);
    if is_sorted || !guards.iter().all(|&(condition, _)| graph.is_free_of_work(condition)) {
        return None;
    }
    guards.sort();
    let zero = graph.float_like(0.0, value);
    Some(guards.into_iter().rev().fold(value, |value, (condition, holds)| {
        let (then, otherwise) = if holds { (value, zero) } else { (zero, value) };
        graph.select(condition, then, otherwise)
    }))
}

fn guard(graph: &Graph, id: NodeId) -> Option<(Guard, NodeId)> {
    if *graph.op(id) != Op::If || !graph.elem(id).is_float() {
        return None;
    }
    let args = graph.args(id);
    let is_zero = |id: NodeId| graph.as_float(id).is_some_and(|x| x.to_bits() == 0);
    match (is_zero(args[1]), is_zero(args[2])) {
        (false, true) => Some(((args[0], true), args[1])),
        (true, false) => Some(((args[0], false), args[2])),
        _ => None,
    }
}
