//! Elements of arrays that change in place, as the sweep backwards needs them. Those that an iteration does not write
//! are those of before the loop; of the others what is read is kept, not the array, if that is less.

use super::condition::where_computed;
use super::keep::where_needed;
use super::looping::Region;
use crate::ir::graph::without;
use crate::ir::ids::{IdMap, IdSet};
use crate::ir::op::{IntOp, Op, Var};
use crate::ir::{Graph, NodeId};

impl Region {
    /// What some nodes read of the arrays that the loop carries and does not write there, as it is before the loop.
    pub(super) fn undisturbed(&self, graph: &mut Graph, order: &[NodeId]) -> IdMap<NodeId> {
        let is_own = |graph: &Graph, id: NodeId| {
            *graph.op(id) == Op::Read
                && matches!(graph.op(graph.args(id)[0]), Op::Carried(lp, _) if *lp == self.forward)
        };
        let reads: Vec<NodeId> = order.iter().copied().filter(|&id| is_own(graph, id)).collect();
        reads.into_iter().filter_map(|id| Some((id, graph.undisturbed(id)?))).collect()
    }

    /// Whether what is read of an array at other places than in the forward loop is less than the array.
    pub(super) fn is_part(&self, graph: &Graph, id: NodeId, dependents: &IdSet) -> bool {
        let args = graph.args(id);
        if *graph.op(id) != Op::Read
            || self.is_checkpointed(graph)
            || self.body.contains(&id)
            || !self.body.contains(&args[0])
        {
            return false;
        }
        let shape = &graph.ty(args[0]).shape;
        let is_long = |v: &Var| {
            let extent = graph.extent(*v);
            graph.as_int(extent).is_some() || graph.reachable(&[extent]).iter().any(|n| shape.contains(n))
        };
        // Rows whose length the loop decides on are kept as they are.
        let is_plain = |v: &Var| {
            let extent = graph.extent(*v);
            let below = graph.reachable(&[extent]);
            !graph.carries(&[extent], self.forward)
                && below.iter().all(|n| !dependents.contains(n) && !matches!(graph.op(*n), Op::Trips(_)))
        };
        if !self.inner(graph, id).iter().all(is_plain) {
            return false;
        }
        let long = self.inner(graph, id).iter().filter(|v| is_long(v)).count();
        args[1..].iter().all(|i| !dependents.contains(i)) && long < shape.len()
    }

    /// The variables of binders in the body in which a value varies.
    pub(super) fn inner(&self, graph: &Graph, id: NodeId) -> Vec<Var> {
        let outer = graph.loop_info(self.forward).outer.clone();
        let inner = without(&without(&graph.free(id), &outer), &self.iteration());
        without(&inner, &self.outer)
    }

    /// Such a part of an array in the iteration that is undone: an element of the history of what is read there, over
    /// variables of its own for those of loops that run backwards.
    pub(super) fn recall_part(
        &self,
        graph: &mut Graph,
        id: NodeId,
        (when, asked): (Option<NodeId>, &[NodeId]),
    ) -> NodeId {
        let one = graph.usize(1);
        let (mut vars, mut index) = (vec![self.iteration()[0]], vec![self.mirrored()]);
        let mut map = Vec::new();
        for var in self.inner(graph, id) {
            let extent = graph.extent(var);
            if graph.owner(var).is_none() {
                vars.push(var);
                index.push(graph.index(var));
                continue;
            }
            let own = graph.fresh_var(extent);
            let last = graph.int_op(IntOp::Sub, &[extent, one]);
            let (here, there) = (graph.index(own), graph.index(var));
            map.push((var, graph.int_op(IntOp::Sub, &[last, here])));
            vars.push(own);
            index.push(graph.int_op(IntOp::Sub, &[last, there]));
        }
        let element = match when {
            Some(_) => where_needed(graph, id, when),
            None => where_computed(graph, &self.roots, asked, (id, id)),
        };
        let element = graph.subst(element, &map);
        let history = graph.build(&vars, element);
        let args: Vec<NodeId> = [history].into_iter().chain(index).collect();
        graph.add(Op::Read, &args)
    }
}
