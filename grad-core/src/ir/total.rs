//! What cannot panic.

use super::ids::{IdSet, Set};
use super::op::{IntOp, Op, Var};
use super::walk::conditional_from;
use super::{Elem, Graph, NodeId};

/// Whether computing the term cannot panic: every read is within its array, whatever the extents are.
pub fn is_total(graph: &Graph, root: NodeId) -> bool {
    let mut known = graph.total.borrow_mut();
    let mut unknown: IdSet = IdSet::new();
    let mut stack = vec![root];
    while let Some(id) = stack.pop() {
        if !known.contains_key(&id) && unknown.insert(id) {
            stack.extend(below(graph, id));
        }
    }
    // Operands have smaller ids than their users.
    for id in unknown {
        let fine =
            cannot_fail(graph, id) && below(graph, id).iter().all(|part| known.get(part) != Some(&false));
        known.insert(id, fine);
    }
    known[&root]
}

/// Whether computing a term wherever its own variables are may panic where the user's program does not: it computes
/// the term in further loops only, which may have no iterations. Outside of the branch that it stands in
/// (`leaves_branch`), the program has to compute it whichever branches are taken.
pub fn needs_further_loops(graph: &Graph, root: NodeId, leaves_branch: bool) -> bool {
    let mut seen = Set::default();
    let running: Vec<NodeId> = graph.free(root).iter().map(|&v| graph.extent(v)).collect();
    let mut stack = vec![(root, running, leaves_branch)];
    while let Some((id, running, anyway)) = stack.pop() {
        let loops = || if anyway { graph.reached_in(id) } else { graph.further_loops(id) };
        let is_there = || loops().is_some_and(|loops| loops.iter().all(|n| running.contains(n)));
        if is_total(graph, id) || !seen.insert((id, anyway)) || is_there() {
            continue;
        }
        if !cannot_fail(graph, id) {
            return true;
        }
        let bound = graph.op(id).bound().iter().map(|&v| graph.extent(v));
        let inside: Vec<NodeId> = running.iter().copied().chain(bound).collect();
        let from = conditional_from(graph, id);
        let is_conditional = |part| from.is_some_and(|from| graph.args(id)[from..].contains(&part));
        let parts = below(graph, id).into_iter();
        stack.extend(parts.map(|part| (part, inside.clone(), anyway && !is_conditional(part))));
    }
    false
}

/// What is computed for a node: nothing for an index that a mirrored loop knows to be one.
fn below(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    let node = graph.node(id);
    if mirrored(graph, id).is_some() {
        return Vec::new();
    }
    // What a loop carries is kept while it runs, and it runs in any case.
    let kept = matches!(node.op, Op::Build(_)) && !graph.histories(id).is_empty();
    if kept { node.args.to_vec() } else { graph.dependencies(id) }
}

/// Whether a node itself cannot panic, whatever its operands are.
pub fn cannot_fail(graph: &Graph, id: NodeId) -> bool {
    let node = graph.node(id);
    match &node.op {
        Op::Read => {
            let shape = &graph.ty(node.args[0]).shape;
            node.args[1..].iter().zip(shape).all(|(&i, &extent)| in_bounds(graph, i, extent))
        }
        Op::Assert { .. } => false,
        // What is written under a condition is looked at only where that holds.
        Op::Update { .. } => {
            let shape = &graph.ty(node.args[0]).shape;
            let index = &node.args[2..node.args.len() - 1];
            graph.as_bool(node.args[1]) != Some(true)
                || index.iter().zip(shape).all(|(&i, &extent)| in_bounds(graph, i, extent))
        }
        Op::Int(op) if op.is_total() => true,
        Op::Int(IntOp::Rem) => graph.as_int(node.args[1]).is_some_and(|n| n > 0),
        Op::Int(_) => mirrored(graph, id).is_some(),
        _ => true,
    }
}

/// The variable of which an index is the distance from the last value: `extent - 1 - i`.
pub fn mirrored(graph: &Graph, index: NodeId) -> Option<Var> {
    let args = graph.args(index);
    let is_difference = |id: NodeId| matches!(graph.op(id), Op::Int(IntOp::Sub));
    let var = is_difference(index).then(|| graph.as_index(args[1]))??;
    let extent = graph.extent(var);
    let last = args[0];
    let is_last = match (graph.as_int(last), graph.as_int(extent)) {
        (Some(last), Some(extent)) => last + 1 == extent,
        _ => {
            is_difference(last)
                && graph.args(last)[0] == extent
                && graph.as_int(graph.args(last)[1]) == Some(1)
        }
    };
    is_last.then_some(var)
}

/// Whether an index is known to be within an extent.
pub fn in_bounds(graph: &Graph, index: NodeId, extent: NodeId) -> bool {
    let var = graph.as_index(index).or_else(|| mirrored(graph, index));
    match (var, graph.as_int(index), graph.as_int(extent)) {
        (Some(var), ..) => {
            let own = graph.extent(var);
            own == extent || matches!((graph.as_int(own), graph.as_int(extent)), (Some(a), Some(b)) if a <= b)
        }
        (_, Some(i), Some(n)) => 0 <= i && i < n,
        // A remainder, which has been computed before the element is read.
        _ => {
            *graph.op(index) == Op::Int(IntOp::Rem)
                && graph.args(index)[1] == extent
                && is_unsigned(graph, index)
        }
    }
}

fn is_unsigned(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.elem(id), Elem::Int(int) if int.is_unsigned())
}
