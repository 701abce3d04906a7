//! A loop that carries more: what it is opened and closed with when the graph around it is made anew.

use std::rc::Rc;

use crate::ir::op::{LoopId, Op, Var};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Graph, NodeId, Soft};

/// Whether a node is of an iteration of a loop, a result of it or a binder over its variable.
pub(super) fn mentions(graph: &Graph, id: NodeId, lp: LoopId) -> bool {
    let var = graph.loop_info(lp).var;
    let binds = match graph.op(id) {
        Op::Scatter { writes, .. } => writes.iter().any(|vars| vars.contains(&var)),
        Op::Soft(Soft::Softmax | Soft::LogSoftmax, own) => *own == var,
        Op::Final(of, _) | Op::Trips(of) => *of == lp,
        op => op.bound().contains(&var),
    };
    binds || graph.depends_on(id, var)
}

/// The new loop, with further places that start with these values. From now on it stands for the old one.
pub(super) fn open(graph: &mut Graph, anew: &mut Rebuild, lp: LoopId, further: &[NodeId]) -> LoopId {
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

/// The new loop is complete: all that the old one carries on has been made anew, and this is what the further places
/// carry on.
pub(super) fn close(graph: &mut Graph, anew: &Rebuild, lp: LoopId, copy: LoopId, further: &[NodeId]) {
    let info = graph.loop_info(lp).clone();
    let next = info.next.iter().map(|&n| anew.get(n)).chain(further.iter().copied()).collect();
    graph.close_loop(copy, next);
    if let Some(stop) = info.stop {
        graph.stop_when(copy, anew.get(stop.until));
    }
}
