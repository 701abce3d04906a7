//! Checkpointed loops: what the loop backwards reads of the values that a loop has carried into its iterations is
//! computed again, from snapshots of what was carried into some of them.
//!
//! Differentiation leaves the history of what such a loop carries, an array over its iterations, and a loop that reads
//! it backwards. Here the loop learns to take snapshots at planned steps ([`schedule`]), into rows of arrays that it
//! carries beside its values; and the loop backwards goes on from the last snapshot to the step that it undoes, takes
//! further ones on the way, and gives up that of the step it has undone. Both only become loops that carry more
//! ([`extend`]), so that all that is known of loops holds for them.
//!
//! Beside the planned ones there is a row for the step before the last, which the loop backwards asks for first.

mod extend;
mod schedule;
mod snapshots;

use crate::ir::ids::{IdMap, IdSet, Set};
use crate::ir::op::{IntOp, LoopId, Op};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Graph, NodeId};

/// The roots, with snapshots in place of the histories of checkpointed loops.
pub fn checkpoint(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut roots = roots.to_vec();
    while let Some(pair) = Pair::find(graph, &roots) {
        roots = pair.rewrite(graph, &roots);
        graph.tighten_loops();
    }
    roots
}

/// A checkpointed loop, and the loop that reads its history backwards.
struct Pair {
    forward: LoopId,
    reverse: LoopId,
    /// The elements of the history that are read.
    recalled: Vec<NodeId>,
    /// The places of which snapshots are kept: those that are read, and those without which these cannot be computed
    /// again.
    kept: Vec<usize>,
}

impl Pair {
    fn find(graph: &Graph, roots: &[NodeId]) -> Option<Pair> {
        let order = graph.reachable(roots);
        let (forward, reverse) = order.iter().find_map(|&id| recalled(graph, id))?;
        let is_own = |&id: &NodeId| recalled(graph, id) == Some((forward, reverse));
        let recalled: Vec<NodeId> = order.into_iter().filter(is_own).collect();
        let bodies = recalled.iter().map(|&id| graph.args(graph.args(id)[0])[0]).collect();
        Some(Pair { forward, reverse, recalled, kept: kept_places(graph, forward, bodies) })
    }

    /// Makes everything that depends on the two loops anew: the loop forward, and what it needs, comes first.
    fn rewrite(&self, graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
        let order = graph.reachable(roots);
        let both: Set<LoopId> = [self.forward, self.reverse].into_iter().collect();
        let (affected, copied) = graph.affected_by((roots, &order), &IdMap::new(), both);
        let mut anew = Rebuild::copying(copied);
        let before = graph.reachable(&graph.loop_parts(self.forward));
        let mut forward = None;
        for &id in &before {
            if forward.is_none() && extend::mentions(graph, id, self.forward) {
                forward = Some(self.open_forward(graph, &mut anew));
            }
            anew.pass(graph, id, affected.contains(&id));
        }
        let forward = forward.unwrap_or_else(|| self.open_forward(graph, &mut anew));
        self.close_forward(graph, &anew, &forward);
        let passed: IdSet = before.into_iter().collect();
        let last = graph.loop_parts(self.reverse).into_iter().max();
        let (mut reverse, mut is_closed) = (None, false);
        for id in order.into_iter().filter(|id| !passed.contains(id)) {
            if reverse.is_none() && extend::mentions(graph, id, self.reverse) {
                reverse = Some(self.open_reverse(graph, &mut anew, &forward));
            }
            if let Some(reverse) = reverse.as_ref().filter(|_| !is_closed && last < Some(id)) {
                extend::close(graph, &anew, self.reverse, reverse.lp, &reverse.next);
                is_closed = true;
            }
            match reverse.as_ref().filter(|_| self.recalled.contains(&id)) {
                Some(reverse) => {
                    let args: Vec<NodeId> = graph.args(id).iter().map(|&a| anew.get(a)).collect();
                    let element = reverse.recalled(graph, &forward, &args);
                    anew.set(id, element);
                }
                None => {
                    anew.pass(graph, id, affected.contains(&id));
                }
            }
        }
        if let Some(reverse) = reverse.filter(|_| !is_closed) {
            extend::close(graph, &anew, self.reverse, reverse.lp, &reverse.next);
        }
        anew.finish(graph);
        roots.iter().map(|&root| anew.get(root)).collect()
    }
}

/// Whether a node is an element of the history of a checkpointed loop, at the iteration that another one undoes: both.
fn recalled(graph: &Graph, id: NodeId) -> Option<(LoopId, LoopId)> {
    if *graph.op(id) != Op::Read {
        return None;
    }
    let args = graph.args(id);
    let Op::Build(vars) = graph.op(args[0]) else { return None };
    let lp = graph.owner(vars[0]).filter(|&lp| graph.loop_info(lp).checkpoint.is_some())?;
    if *graph.op(args[1]) != Op::Int(IntOp::Sub) {
        return None;
    }
    let reverse = graph.owner(graph.as_index(graph.args(args[1])[1])?)?;
    let is_pair = graph.loop_info(reverse).mirrors && graph.histories(args[0]).contains(&lp);
    is_pair.then_some((lp, reverse))
}

/// The places of a loop that some values of its iterations need, and those that these need.
fn kept_places(graph: &Graph, lp: LoopId, values: Vec<NodeId>) -> Vec<usize> {
    let mut needed = values;
    let mut places: Vec<usize> = Vec::new();
    loop {
        let before = places.len();
        for id in graph.reachable(&needed) {
            match *graph.op(id) {
                Op::Carried(of, k) if of == lp && !places.contains(&(k as usize)) => places.push(k as usize),
                _ => {}
            }
        }
        if places.len() == before {
            places.sort();
            return places;
        }
        needed = places.iter().map(|&k| graph.loop_info(lp).next[k]).collect();
    }
}
