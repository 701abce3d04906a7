//! Where a value is computed at all: what the iterations of a loop keep for the sweep backwards, they keep only there.

use crate::ir::ids::IdMap;
use crate::ir::op::{Logic, Op};
use crate::ir::total::is_total;
use crate::ir::{Elem, Graph, NodeId};

/// A value that is kept of each iteration: one that may panic, only where the iteration computes it. `roots` are what
/// an iteration computes in any case.
pub(super) fn where_computed(graph: &mut Graph, roots: &[NodeId], id: NodeId, value: NodeId) -> NodeId {
    if is_total(graph, id) {
        return value;
    }
    let Some(condition) = condition_of(graph, roots, id) else { return value };
    let nothing = match graph.elem(value) {
        Elem::Float(_) => graph.float_like(0.0, value),
        Elem::Int(int) => graph.int(0, int),
        Elem::Bool => graph.bool(false),
    };
    graph.select(condition, value, nothing)
}

/// The condition under which the computation of some roots comes to a node. `None` where it does so in any case, or
/// where the condition is not known wherever the node is.
fn condition_of(graph: &mut Graph, roots: &[NodeId], wanted: NodeId) -> Option<NodeId> {
    let mut order = graph.reachable(roots);
    order.retain(|&id| id >= wanted);
    let mut reached: IdMap<Option<NodeId>> = roots.iter().map(|&root| (root, None)).collect();
    for &user in order.iter().rev() {
        let Some(&here) = reached.get(&user) else { continue };
        for (operand, edge) in operands(graph, user) {
            if operand < wanted {
                continue;
            }
            let condition = match (here, edge) {
                (Some(here), Some(edge)) => Some(graph.logic(Logic::And, here, edge)),
                (here, edge) => here.or(edge),
            };
            let before = reached.get(&operand).copied();
            let either = match (before, condition) {
                (None, condition) => condition,
                (Some(Some(before)), Some(condition)) => Some(graph.logic(Logic::Or, before, condition)),
                _ => None,
            };
            reached.insert(operand, either);
        }
    }
    let condition = (*reached.get(&wanted)?)?;
    let known = graph.free(wanted);
    graph.free(condition).iter().all(|var| known.contains(var)).then_some(condition)
}

/// What a node depends on, each with the condition under which that is computed for it.
fn operands(graph: &mut Graph, id: NodeId) -> Vec<(NodeId, Option<NodeId>)> {
    let args = graph.args(id);
    match *graph.op(id) {
        Op::If => {
            let otherwise = graph.not(args[0]);
            vec![(args[0], None), (args[1], Some(args[0])), (args[2], Some(otherwise))]
        }
        Op::Logic(Logic::And) => vec![(args[0], None), (args[1], Some(args[0]))],
        Op::Logic(Logic::Or) => {
            let open = graph.not(args[0]);
            vec![(args[0], None), (args[1], Some(open))]
        }
        Op::Update { .. } if graph.as_bool(args[1]).is_none() => {
            let rest = args[2..].iter().map(|&part| (part, Some(args[1])));
            [(args[0], None), (args[1], None)].into_iter().chain(rest).collect()
        }
        _ => graph.dependencies(id).into_iter().map(|part| (part, None)).collect(),
    }
}
