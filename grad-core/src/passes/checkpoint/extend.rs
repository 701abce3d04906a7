//! A loop that carries more: what depends on it is made anew, in terms of the new loop.

use std::rc::Rc;

use crate::ir::ids::{IdMap, Set};
use crate::ir::op::{LoopId, Op, Var, scatter_writes};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Graph, NodeId, Soft};

/// What the iterations of the new loop compute beside those of the old one.
pub(super) struct Inside {
    /// What becomes of the further places.
    pub next: Vec<NodeId>,
    /// What takes the place of some elements of arrays that the old iterations read: as many axes at the front are
    /// gone, and the rest is read of this array.
    pub instead: IdMap<NodeId>,
}

/// The roots in terms of a loop with further places, and that loop. `inside` is asked what these carry on once the
/// loop is open.
pub(super) fn extend(
    graph: &mut Graph,
    roots: &[NodeId],
    lp: LoopId,
    further: Vec<NodeId>,
    inside: impl FnOnce(&mut Graph, LoopId) -> Inside,
) -> (Vec<NodeId>, LoopId) {
    let order = graph.reachable(roots);
    let (affected, copied) =
        graph.affected_by((roots, &order), &IdMap::new(), [lp].into_iter().collect::<Set<_>>());
    let mut anew = Rebuild::copying(copied);
    let last = graph.loop_parts(lp).into_iter().max();
    let (mut further, mut inside) = (Some(further), Some(inside));
    let mut open: Option<(LoopId, Inside)> = None;
    let mut is_closed = false;
    for id in order {
        if let Some(further) = further.take_if(|_| mentions(graph, id, lp)) {
            let copy = open_copy(graph, &mut anew, lp, further);
            let inside = inside.take().map(|inside| inside(graph, copy));
            open = inside.map(|inside| (copy, inside));
        }
        if let Some((copy, inside)) = open.as_ref().filter(|_| !is_closed && last < Some(id)) {
            close_copy(graph, &anew, (lp, *copy), &inside.next);
            is_closed = true;
        }
        match open.as_ref().and_then(|(_, inside)| inside.instead.get(&id).copied()) {
            Some(array) => {
                let args = graph.args(id);
                let axes = graph.rank(array);
                let index: Vec<NodeId> = args[args.len() - axes..].iter().map(|&a| anew.get(a)).collect();
                let element = graph.read(array, &index);
                anew.set(id, element);
            }
            None => {
                anew.pass(graph, id, affected.contains(&id));
            }
        }
    }
    let (copy, inside) = open.expect("the roots reach the loop");
    if !is_closed {
        close_copy(graph, &anew, (lp, copy), &inside.next);
    }
    anew.finish(graph);
    (roots.iter().map(|&root| anew.get(root)).collect(), copy)
}

/// Whether a node is of an iteration of the loop, a result of it or a binder over its variable.
fn mentions(graph: &Graph, id: NodeId, lp: LoopId) -> bool {
    let var = graph.loop_info(lp).var;
    let binds = match graph.op(id) {
        Op::Scatter { writes, rank, .. } => {
            scatter_writes(*rank, writes, &graph.args(id)).iter().any(|write| write.vars.contains(&var))
        }
        Op::Soft(Soft::Softmax | Soft::LogSoftmax, own) => *own == var,
        Op::Final(of, _) | Op::Trips(of) => *of == lp,
        op => op.bound().contains(&var),
    };
    binds || graph.depends_on(id, var)
}

fn open_copy(graph: &mut Graph, anew: &mut Rebuild, lp: LoopId, further: Vec<NodeId>) -> LoopId {
    let info = graph.loop_info(lp).clone();
    let init: Vec<NodeId> = info.init.iter().map(|&n| anew.get(n)).chain(further.iter().copied()).collect();
    let mut outer: Vec<Var> = info.outer.iter().map(|&v| anew.var(graph, v)).collect();
    outer.extend(further.iter().flat_map(|&n| graph.free(n).to_vec()));
    outer.sort();
    outer.dedup();
    let outer = Rc::from(outer);
    let (copy, _) = match &info.stop {
        Some(stop) => {
            let bound = stop.bound.map(|bound| anew.get(bound));
            graph.open_stopping_loop(bound, outer, init)
        }
        None => {
            let extent = anew.get(graph.extent(info.var));
            graph.open_loop(extent, outer, init)
        }
    };
    graph.mark_as_copy(copy, lp);
    anew.set_loop(lp, copy);
    copy
}

fn close_copy(graph: &mut Graph, anew: &Rebuild, (lp, copy): (LoopId, LoopId), further: &[NodeId]) {
    let info = graph.loop_info(lp).clone();
    let next = info.next.iter().map(|&n| anew.get(n)).chain(further.iter().copied()).collect();
    graph.close_loop(copy, next);
    if let Some(stop) = info.stop {
        graph.stop_when(copy, anew.get(stop.until));
    }
}
