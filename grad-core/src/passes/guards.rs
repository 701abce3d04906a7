//! What an update reads under its condition. The elements are read before the array is changed, in place, so they become
//! values that exist only where the condition holds.

use crate::ir::ids::{IdMap, IdSet};
use crate::ir::total::is_total;
use crate::ir::walk::conditional_from;
use crate::ir::{Graph, NodeId, Op};

/// The roots with `if condition { a[i] } else { 0 }` for the elements that updates read under a condition, as far as
/// they need not exist without it.
pub fn guard_reads(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let is_conditional =
        |id: &NodeId| matches!(graph.op(*id), Op::Update { .. }) && conditional_from(graph, *id).is_some();
    if !graph.reachable(roots).iter().any(is_conditional) {
        return roots.to_vec();
    }
    graph.rebuild(roots, &mut |graph, id| {
        let Op::Update { add } = *graph.op(id) else { return id };
        let args = graph.args(id);
        if graph.as_bool(args[1]) == Some(true) {
            return id;
        }
        // What says how often the loops around run has been computed.
        let extents: Vec<NodeId> = graph.free(id).iter().map(|&var| graph.extent(var)).collect();
        let there: IdSet = graph.reachable(&extents).into_iter().collect();
        let guarded: IdMap<NodeId> = reads_below(graph, &args[2..])
            .into_iter()
            .filter(|read| !there.contains(read))
            .map(|read| {
                let zero = graph.zero(graph.elem(read));
                (read, graph.select(args[1], read, zero))
            })
            .collect();
        if guarded.is_empty() {
            return id;
        }
        let values = graph.replace(&args[2..], guarded);
        graph.update(add, &[&args[..2], &values[..]].concat())
    })
}

/// The elements of arrays made here that some values read in any case, as far as they may not exist.
fn reads_below(graph: &Graph, values: &[NodeId]) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut seen = IdSet::new();
    let mut stack = values.to_vec();
    while let Some(id) = stack.pop() {
        if graph.rank(id) > 0 || !graph.op(id).bound().is_empty() || !seen.insert(id) {
            continue;
        }
        let args = graph.args(id);
        match graph.op(id) {
            Op::Read if changes(graph, args[0]) && !is_total(graph, id) => found.push(id),
            Op::Final(..) | Op::Carried(..) | Op::Trips(_) => {}
            _ => stack.extend(&args[..conditional_from(graph, id).unwrap_or(args.len())]),
        }
    }
    found
}

/// Whether an array may be overwritten: not what the caller gives, nor what is kept of the iterations of a loop.
fn changes(graph: &Graph, array: NodeId) -> bool {
    !matches!(graph.op(array), Op::Param(..) | Op::Seed(..)) && graph.histories(array).is_empty()
}
