//! Where a value is computed at all: what the iterations of a loop keep for the sweep backwards, they keep only there.

use crate::ir::ids::IdMap;
use crate::ir::op::{Logic, Op};
use crate::ir::total::is_total;
use crate::ir::{Graph, NodeId};

/// A value that is kept of each iteration: one that may panic, only where the iteration computes it, or where what is
/// translated asks for it. `roots` are what an iteration computes in any case, `asked` what is translated.
pub(super) fn where_computed(
    graph: &mut Graph,
    roots: &[NodeId],
    asked: &[NodeId],
    (id, value): (NodeId, NodeId),
) -> NodeId {
    if is_total(graph, id) {
        return value;
    }
    let condition = match reached(graph, roots, id, false) {
        // Made by a sweep of its own: that knows where it needs it.
        Reached::Never => reached(graph, asked, id, true),
        other => other,
    };
    let Reached::Where(condition) = condition else { return value };
    let known = graph.free(id);
    if !graph.free(condition).iter().all(|var| known.contains(var)) {
        return value;
    }
    let nothing = graph.zero(graph.elem(value));
    graph.select(condition, value, nothing)
}

/// Whether the computation of some roots comes to a node.
#[derive(Clone, Copy)]
enum Reached {
    Never,
    Where(NodeId),
    Always,
}

/// How the computation of some roots comes to a node. `plain`: conditions that are more than comparisons of numbers at
/// hand may hold.
fn reached(graph: &mut Graph, roots: &[NodeId], wanted: NodeId, plain: bool) -> Reached {
    let mut order = graph.reachable(roots);
    order.retain(|&id| id >= wanted);
    let mut reached: IdMap<Reached> = roots.iter().map(|&root| (root, Reached::Always)).collect();
    for &user in order.iter().rev() {
        let Some(&here) = reached.get(&user) else { continue };
        for (operand, edge) in operands(graph, user) {
            if operand < wanted {
                continue;
            }
            let edge = edge.filter(|&edge| !plain || is_plain(graph, edge));
            let way = match (here, edge) {
                (Reached::Where(here), Some(edge)) => Reached::Where(graph.logic(Logic::And, here, edge)),
                (Reached::Always, Some(edge)) => Reached::Where(edge),
                (here, _) => here,
            };
            let either = match (reached.get(&operand).copied().unwrap_or(Reached::Never), way) {
                (Reached::Never, way) => way,
                (Reached::Where(a), Reached::Where(b)) => Reached::Where(graph.logic(Logic::Or, a, b)),
                _ => Reached::Always,
            };
            reached.insert(operand, either);
        }
    }
    reached.get(&wanted).copied().unwrap_or(Reached::Never)
}

/// Whether a condition compares numbers that are at hand everywhere.
fn is_plain(graph: &Graph, condition: NodeId) -> bool {
    match graph.op(condition) {
        Op::Const(_) | Op::Param(..) | Op::Symbol(..) | Op::Index(_) | Op::Extent { .. } => true,
        Op::Compare(_) | Op::Logic(_) | Op::Cast(_) | Op::Int(_) => {
            graph.args(condition).iter().all(|&part| is_plain(graph, part))
        }
        _ => false,
    }
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
