//! What the sweep backwards computes again. Of a checkpointed loop nothing is kept but what it carries: everything else
//! in an iteration follows from that, and `passes/checkpoint` has that follow from snapshots. Where the iterations need
//! no order, nothing is kept at all: the loop is run again.

use super::keep::is_kept;
use super::looping::Region;
use crate::ir::graph::without;
use crate::ir::ids::{IdMap, IdSet, Set};
use crate::ir::op::{IntOp, LoopId, Op, Var};
use crate::ir::{Graph, NodeId};

impl Region {
    /// Whether a forward value is kept rather than computed again in the reverse loop.
    pub(super) fn keeps(&self, graph: &Graph, id: NodeId) -> bool {
        match graph.op(id) {
            _ if self.reads_again(graph, id) => false,
            _ if !self.is_checkpointed(graph) => is_kept(graph, id) && !self.is_below_checkpoints(graph, id),
            Op::Carried(lp, _) => *lp == self.forward,
            _ => false,
        }
    }

    pub(super) fn is_checkpointed(&self, graph: &Graph) -> bool {
        graph.loop_info(self.forward).checkpoint.is_some()
    }

    /// Whether a value is one of many that a checkpointed loop in the body computes: it is not kept for all iterations
    /// of this one either.
    fn is_below_checkpoints(&self, graph: &Graph, id: NodeId) -> bool {
        let inner = self.inner(graph, id).into_iter().filter_map(|var| graph.owner(var));
        inner.chain(graph.histories(id)).any(|lp| graph.loop_info(lp).checkpoint.is_some())
    }

    /// Some values of a checkpointed loop. Those that are of an iteration of a loop in its body, which is run again as
    /// a whole, are read from what that loop carries into all its iterations, at variables that stand for its own: what
    /// each of them stands for comes second.
    pub(super) fn closed(&self, graph: &mut Graph, values: &[NodeId]) -> (Vec<NodeId>, Vec<(Var, NodeId)>) {
        let (mut values, mut opened) = (values.to_vec(), Vec::new());
        while self.is_checkpointed(graph)
            && let Some(inner) = self.open_inside(graph, &values)
        {
            let mut around = self.loops_around(graph);
            around.insert(inner);
            let mut map: IdMap<NodeId> = IdMap::new();
            for id in graph.reachable_within(&around, &values, &IdMap::new()) {
                if matches!(graph.op(id), Op::Carried(lp, _) if *lp == inner) {
                    map.insert(id, element_of_history(graph, id, inner));
                }
            }
            let var = graph.loop_info(inner).var;
            let one = graph.usize(1);
            let stand_in = graph.fresh_var(one);
            let index = graph.index(stand_in);
            values = graph.replace_within(&around, &values, map);
            values = values.iter().map(|&value| graph.subst(value, &[(var, index)])).collect();
            opened.push((stand_in, graph.index(var)));
        }
        (values, opened)
    }

    /// An innermost loop in the body such that some values are of one of its iterations.
    fn open_inside(&self, graph: &Graph, values: &[NodeId]) -> Option<LoopId> {
        let around = self.loops_around(graph);
        let vars: Set<Var> = values.iter().flat_map(|&value| self.inner(graph, value)).collect();
        let loops = vars.into_iter().filter_map(|var| graph.owner(var)).filter(|lp| !around.contains(lp));
        let is_open = |lp: &LoopId| {
            graph.carries(&graph.loop_parts(*lp), self.forward) && is_in_iteration(graph, values, *lp)
        };
        let mut open: Vec<LoopId> = loops.filter(is_open).collect();
        open.sort_by_key(|&lp| (graph.loop_info(lp).outer.len(), lp));
        open.pop()
    }

    /// The loops in whose iterations the region lies. The variables of others that are free in it only seem to be, as
    /// long as loops are taken to depend on all that is around them.
    pub(super) fn loops_around(&self, graph: &Graph) -> Set<LoopId> {
        self.outer.iter().chain(&self.iteration()).filter_map(|&var| graph.owner(var)).collect()
    }

    /// Whether some values need what the loop has carried into its iterations.
    pub(super) fn recalls(&self, graph: &Graph, values: &[NodeId]) -> bool {
        graph.reachable(values).into_iter().any(|id| graph.histories(id).contains(&self.forward))
    }

    /// Whether a value is one of many that a loop backwards in the body computes, again.
    pub(super) fn is_below_reverse(&self, graph: &Graph, id: NodeId) -> bool {
        let mut inner = self.inner(graph, id).into_iter().filter_map(|var| graph.owner(var));
        inner.any(|lp| graph.loop_info(lp).mirrors)
    }

    /// Some values in terms of a loop that runs as this one does, in the same order, only for them.
    pub(super) fn run_again(&self, graph: &mut Graph, values: &[NodeId]) -> (Vec<NodeId>, Var) {
        let (values, opened) = self.closed(graph, values);
        let info = graph.loop_info(self.forward).clone();
        let extent = graph.extent(info.var);
        let mut outer = self.outer.to_vec();
        outer.extend(values.iter().flat_map(|&value| without(&graph.free(value), &self.iteration())));
        outer.sort();
        outer.dedup();
        let (copy, var) = graph.open_loop(extent, outer.into(), info.init.clone());
        graph.loops[copy.0 as usize].in_branch = info.in_branch;
        let all = [&info.next[..], &values].concat();
        let mut map: IdMap<NodeId> = IdMap::new();
        let around = self.loops_around(graph);
        for id in graph.reachable_within(&around, &all, &IdMap::new()) {
            match *graph.op(id) {
                Op::Carried(lp, k) if lp == self.forward => {
                    let again = graph.carried(copy, k as usize);
                    map.insert(id, again);
                }
                _ if self.stays(graph, id) => {
                    map.insert(id, id);
                }
                _ => {}
            }
        }
        // Loops in the body have been taken to depend on either variable.
        let (index, one) = (graph.index(var), graph.usize(1));
        let last = graph.int_op(IntOp::Sub, &[extent, one]);
        let back = graph.int_op(IntOp::Sub, &[last, index]);
        let [forward, reverse] = self.iteration();
        let vars = [(forward, index), (reverse, back)];
        let all = graph.replace_within(&around, &all, map);
        let mut next: Vec<NodeId> = all.iter().map(|&n| graph.subst(n, &vars)).collect();
        let values = next.split_off(info.next.len());
        let values = values.into_iter().map(|value| graph.subst(value, &opened)).collect();
        graph.close_loop(copy, next);
        (values, var)
    }
}

/// Whether some values use what a loop carries into an iteration, other than for all iterations.
fn is_in_iteration(graph: &Graph, values: &[NodeId], lp: LoopId) -> bool {
    let var = graph.loop_info(lp).var;
    let mut seen = IdSet::new();
    let mut stack = values.to_vec();
    while let Some(id) = stack.pop() {
        let binds = match graph.op(id) {
            Op::Carried(of, _) if *of == lp => return true,
            Op::Final(of, _) | Op::Trips(of) => *of == lp,
            Op::Scatter { writes, .. } => writes.iter().any(|vars| vars.contains(&var)),
            op => op.bound().contains(&var),
        };
        if binds || !graph.depends_on(id, var) || !seen.insert(id) {
            continue;
        }
        if let Op::Carried(of, _) | Op::Trips(of) = graph.op(id) {
            stack.extend(graph.loop_parts(*of));
        }
        stack.extend(graph.dependencies(id));
    }
    false
}

/// What a loop carries into an iteration, read from what it carries into all of them.
fn element_of_history(graph: &mut Graph, id: NodeId, lp: LoopId) -> NodeId {
    let var = graph.loop_info(lp).var;
    let shape = graph.ty(id).shape.clone();
    let own: Vec<Var> = shape.into_iter().map(|extent| graph.fresh_var(extent)).collect();
    let index: Vec<NodeId> = own.iter().map(|&v| graph.index(v)).collect();
    let element = graph.read(id, &index);
    let history = graph.build(&[&[var], &own[..]].concat(), element);
    let args: Vec<NodeId> = [history, graph.index(var)].into_iter().chain(index).collect();
    // Not `read`, which would give the value itself.
    let element = graph.add(Op::Read, &args);
    graph.build(&own, element)
}
