//! Elements of arrays that change in place, as the sweep backwards needs them. Those that an iteration does not write
//! are those of before the loop; of the others what is read is kept, not the array, if that is less.

use super::array::inner_first;
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
        let reads = self.reads_of_body(graph, order);
        reads.into_iter().filter_map(|id| Some((id, graph.undisturbed(id, self.forward)?))).collect()
    }

    /// What some nodes read of those arrays where the loop does not write any more, as it is after the loop. Where
    /// that is has to follow from the iteration alone.
    pub(super) fn settled_reads(
        &self,
        graph: &mut Graph,
        order: &[NodeId],
        dependents: &IdSet,
    ) -> IdMap<NodeId> {
        let mut found = IdMap::new();
        for id in self.reads_of_body(graph, order) {
            let args = graph.args(id);
            let is_known = dependents.contains(&id) && args[1..].iter().all(|i| !dependents.contains(i));
            if let Some(element) = is_known.then(|| self.settled(graph, args[0], &args[1..])).flatten() {
                found.insert(id, element);
            }
        }
        found
    }

    fn reads_of_body(&self, graph: &Graph, order: &[NodeId]) -> Vec<NodeId> {
        let is_read = |id: &NodeId| *graph.op(*id) == Op::Read && self.body.contains(&graph.args(*id)[0]);
        order.iter().copied().filter(is_read).collect()
    }

    fn settled(&self, graph: &mut Graph, version: NodeId, index: &[NodeId]) -> Option<NodeId> {
        if self.is_checkpointed(graph) { None } else { graph.settled(version, index, self.forward) }
    }

    /// What iterations put into an array that the loop carries and that stays there, by what it is: nobody else has to
    /// keep it.
    pub(super) fn put(&self, graph: &mut Graph, dependents: &IdSet) -> IdMap<NodeId> {
        let mut found = IdMap::new();
        for id in self.body.sorted() {
            let args = graph.args(id);
            if *graph.op(id) != (Op::Update { add: false }) || graph.as_bool(args[1]) != Some(true) {
                continue;
            }
            let (value, index) = (args[args.len() - 1], &args[2..args.len() - 1]);
            let is_known = |&i: &NodeId| !dependents.contains(&i) && graph.free_beyond(i, value).is_empty();
            if graph.rank(value) > 0 || !dependents.contains(&value) || !index.iter().all(is_known) {
                continue;
            }
            if let Some(element) = self.settled(graph, id, index) {
                found.insert(value, element);
            }
        }
        found
    }

    /// Whether what is read of an array at other places than in the forward loop is less than the array.
    pub(super) fn is_part(&self, graph: &Graph, id: NodeId, dependents: &IdSet) -> bool {
        let args = graph.args(id);
        if *graph.op(id) != Op::Read
            || self.is_checkpointed(graph)
            || self.body.contains(&id)
            || !self.body.contains(&args[0])
            || self.reads_again(graph, id)
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

    /// Whether loops in the body read the same elements of an array again and again, as those over pairs do, or most of
    /// its elements at several indices, as stencils do: then the array is less than what is read of it.
    pub(super) fn reads_again(&self, graph: &Graph, id: NodeId) -> bool {
        if *graph.op(id) != Op::Read {
            return false;
        }
        let args = graph.args(id);
        let inner = self.inner(graph, id);
        if inner.is_empty() || !self.inner(graph, args[0]).is_empty() {
            return false;
        }
        let is_given = |v: &Var| graph.as_int(graph.extent(*v)).is_none();
        let runs_anew = inner.iter().filter(|v| is_given(v)).count() > args.len() - 1
            && !args[1..].iter().any(|&i| has_strides(graph, i, &inner));
        runs_anew || self.reads_most(graph, id) && self.is_read_elsewhere(graph, id)
    }

    /// Whether the elements that loops in the body read at an index are as many as the array has, by order of magnitude:
    /// the loops are as long as what its extents are made of, and their variables are the index.
    fn reads_most(&self, graph: &Graph, id: NodeId) -> bool {
        let args = graph.args(id);
        let inner = self.inner(graph, id);
        let lengths: Vec<NodeId> = inner.iter().map(|&v| graph.extent(v)).collect();
        let shape = &graph.ty(args[0]).shape;
        let sum = |extents: &[NodeId]| extents.iter().map(|&extent| degree(graph, extent)).sum::<usize>();
        let (elements, read) = (sum(shape), sum(&lengths));
        if elements == 0 || read < elements {
            return false;
        }
        let is_whole = |n: &NodeId| matches!(graph.op(*n), Op::Const(_) | Op::Int(_) | Op::Cast(_) | Op::If);
        let below: IdSet = graph.reachable(&lengths).into_iter().collect();
        let is_as_long = graph.reachable(shape).iter().all(|n| is_whole(n) || below.contains(n));
        let varies = |n: &NodeId| inner.iter().any(|&v| graph.depends_on(*n, v));
        let places = graph.reachable(&args[1..]);
        is_as_long && places.iter().all(|n| !varies(n) || matches!(graph.op(*n), Op::Index(_) | Op::Int(_)))
    }

    /// Whether the body reads most of the same array at another index too.
    fn is_read_elsewhere(&self, graph: &Graph, id: NodeId) -> bool {
        let array = graph.args(id)[0];
        let is_other =
            |other: &NodeId| *other != id && *graph.op(*other) == Op::Read && graph.args(*other)[0] == array;
        self.body.sorted().into_iter().any(|other| is_other(&other) && self.reads_most(graph, other))
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
        let mut inner = inner_first(graph, self.inner(graph, id));
        inner.reverse();
        for var in inner {
            let extent = graph.extent(var);
            // A loop that is as long as the variable of another says is so in each iteration of the history.
            let there = graph.subst(extent, &map);
            let at = graph.index(var);
            if graph.owner(var).is_none() {
                let own = if there == extent { var } else { graph.fresh_var(there) };
                if own != var {
                    map.push((var, graph.index(own)));
                }
                vars.push(own);
                index.push(at);
                continue;
            }
            let own = graph.fresh_var(there);
            let (last, here) = (graph.int_op(IntOp::Sub, &[there, one]), graph.index(own));
            map.push((var, graph.int_op(IntOp::Sub, &[last, here])));
            vars.push(own);
            let last = graph.int_op(IntOp::Sub, &[extent, one]);
            index.push(graph.int_op(IntOp::Sub, &[last, at]));
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

/// Whether some of the variables are multiplied by more than a number in an index: their elements are further apart.
fn has_strides(graph: &Graph, index: NodeId, vars: &[Var]) -> bool {
    let (Op::Int(op), args) = (graph.op(index), graph.args(index)) else { return false };
    let varies = |id: NodeId| vars.iter().any(|&v| graph.depends_on(id, v));
    let is_stride = !matches!(op, IntOp::Add | IntOp::Sub | IntOp::SaturatingSub)
        && varies(index)
        && args.iter().all(|&a| graph.as_int(a).is_none());
    is_stride || args.iter().any(|&a| has_strides(graph, a, vars))
}

/// How many numbers that are known at run time only are multiplied in an extent, at least. The distance of two places
/// both of which move is small: a row of a band, or of a sparse matrix.
fn degree(graph: &Graph, extent: NodeId) -> usize {
    let args = graph.args(extent);
    let of = |id: NodeId| degree(graph, id);
    match graph.op(extent) {
        Op::Const(_) => 0,
        Op::Index(var) => of(graph.extent(*var)),
        Op::Cast(_) => of(args[0]),
        Op::If => of(args[1]).min(of(args[2])),
        Op::Int(IntOp::Mul) => of(args[0]) + of(args[1]),
        Op::Int(IntOp::Add | IntOp::Max) => of(args[0]).max(of(args[1])),
        Op::Int(IntOp::Min) => of(args[0]).min(of(args[1])),
        Op::Int(IntOp::Sub | IntOp::SaturatingSub) => {
            let both_move = args.iter().all(|&part| !graph.free(part).is_empty());
            if both_move { 0 } else { of(args[0]) }
        }
        Op::Int(IntOp::Div) => of(args[0]).saturating_sub(of(args[1])),
        Op::Int(_) => 0,
        _ => 1,
    }
}
