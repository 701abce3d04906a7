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
use crate::ir::op::{IntOp, LoopId, Op, Snapshots};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Graph, NodeId};
use crate::passes::prune::prune;
use snapshots::Forward;

/// The roots, with snapshots in place of the histories of checkpointed loops.
pub fn checkpoint(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut roots = roots.to_vec();
    if graph.loops.iter().all(|info| info.checkpoint.is_none()) {
        return roots;
    }
    while let Some(pair) = Pair::find(graph, &roots) {
        roots = pair.rewrite(graph, &roots);
        graph.tighten_loops();
    }
    // Loops backwards that have been kept in order for the sake of snapshots, and got none, need none.
    prune(graph, &roots);
    roots
}

/// What a checkpointed loop will keep.
pub struct Kept {
    pub wanted: Snapshots,
    /// How many iterations there are at most.
    pub steps: NodeId,
    /// The values of which there are snapshots, as they are in an iteration.
    pub values: Vec<NodeId>,
}

/// What the checkpointed loops of a derivative will keep, where there is something to undo.
pub fn kept(graph: &mut Graph, roots: &[NodeId]) -> Vec<Kept> {
    let mut found = Vec::new();
    if graph.loops.iter().all(|info| info.checkpoint.is_none()) {
        return found;
    }
    let mut pairs: Vec<_> = graph.reachable(roots).into_iter().filter_map(|id| recalled(graph, id)).collect();
    pairs.sort();
    pairs.dedup_by_key(|(forward, _)| *forward);
    for pair in pairs {
        let pair = Pair::of(graph, roots, pair);
        let info = graph.loop_info(pair.forward);
        let (wanted, steps) = (info.checkpoint, most_steps(graph, pair.forward));
        let values = pair.kept.iter().map(|&k| graph.carried(pair.forward, k)).collect();
        found.extend(wanted.map(|wanted| Kept { wanted, steps, values }));
    }
    found
}

/// The loops backwards at whose iterations histories of checkpointed loops are read.
pub(super) fn undoing(graph: &Graph, roots: &[NodeId]) -> Set<LoopId> {
    if graph.loops.iter().all(|info| info.checkpoint.is_none()) {
        return Set::default();
    }
    graph.reachable(roots).into_iter().filter_map(|id| Some(recalled(graph, id)?.1)).collect()
}

/// How many iterations a loop has at most.
fn most_steps(graph: &Graph, lp: LoopId) -> NodeId {
    let info = graph.loop_info(lp);
    info.stop.as_ref().and_then(|stop| stop.bound).unwrap_or(graph.extent(info.var))
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
        let pair = graph.reachable(roots).into_iter().find_map(|id| recalled(graph, id))?;
        Some(Pair::of(graph, roots, pair))
    }

    fn of(graph: &Graph, roots: &[NodeId], (forward, reverse): (LoopId, LoopId)) -> Pair {
        let mut own = graph.reachable(roots);
        own.retain(|&id| recalled(graph, id) == Some((forward, reverse)));
        let bodies = own.iter().map(|&id| graph.args(graph.args(id)[0])[0]).collect();
        Pair { forward, reverse, recalled: own, kept: kept_places(graph, forward, bodies) }
    }

    /// Makes everything that depends on the two loops anew.
    fn rewrite(&self, graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
        let order = graph.reachable(roots);
        let both: Set<LoopId> = [self.forward, self.reverse].into_iter().collect();
        let (affected, copied) = graph.affected_by((&graph.loops_around(roots), &order), &IdMap::new(), both);
        let mut anew = Rebuild::copying(copied);
        let (before, after) = self.in_order(graph, order);
        let forward = self.rewrite_forward(graph, &mut anew, &before, &affected);
        let reverse = self.open_reverse(graph, &mut anew, &forward);
        let last = graph.loop_parts(self.reverse).into_iter().max();
        let mut is_closed = false;
        for id in after {
            if !is_closed && last < Some(id) {
                extend::close(graph, &anew, self.reverse, reverse.lp, &reverse.next);
                is_closed = true;
            }
            if self.recalled.contains(&id) {
                let args: Vec<NodeId> = graph.args(id).iter().map(|&a| anew.get(a)).collect();
                let element = reverse.recalled(graph, &forward, &args);
                anew.set(id, element);
            } else {
                anew.pass(graph, id, affected.contains(&id));
            }
        }
        if !is_closed {
            extend::close(graph, &anew, self.reverse, reverse.lp, &reverse.next);
        }
        anew.finish(graph);
        roots.iter().map(|&root| anew.get(root)).collect()
    }

    /// The nodes before the loop backwards, and the others: all that the loop forward needs is before it.
    fn in_order(&self, graph: &Graph, order: Vec<NodeId>) -> (Vec<NodeId>, Vec<NodeId>) {
        let first = order.iter().position(|&id| extend::mentions(graph, id, self.reverse));
        let (before, after) = order.split_at(first.unwrap_or(order.len()));
        let mut needed: IdSet = graph.reachable(&graph.loop_parts(self.forward)).into_iter().collect();
        // Whoever mentions the variable of a loop needs that to have been opened.
        loop {
            let around = graph.loops_around(&needed.sorted());
            let inits = around.iter().flat_map(|&lp| graph.loop_info(lp).init.clone());
            let inits: Vec<NodeId> = inits.filter(|init| !needed.contains(init)).collect();
            if inits.is_empty() {
                break;
            }
            graph.reachable(&inits).into_iter().for_each(|id| {
                needed.insert(id);
            });
        }
        let (early, late): (Vec<NodeId>, Vec<NodeId>) = after.iter().partition(|id| needed.contains(id));
        ([before, &early[..]].concat(), late)
    }

    fn rewrite_forward(
        &self,
        graph: &mut Graph,
        anew: &mut Rebuild,
        order: &[NodeId],
        affected: &IdSet,
    ) -> Forward {
        let last = graph.loop_parts(self.forward).into_iter().max();
        let mut forward: Option<Forward> = None;
        let mut is_closed = false;
        for &id in order {
            if forward.is_none() && extend::mentions(graph, id, self.forward) {
                forward = Some(self.open_forward(graph, anew));
            }
            if let Some(forward) = forward.as_ref().filter(|_| !is_closed && last < Some(id)) {
                self.close_forward(graph, anew, forward);
                is_closed = true;
            }
            anew.pass(graph, id, affected.contains(&id));
        }
        // It may carry on what does not depend on the iteration.
        let forward = forward.unwrap_or_else(|| self.open_forward(graph, anew));
        if !is_closed {
            self.close_forward(graph, anew, &forward);
        }
        forward
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
