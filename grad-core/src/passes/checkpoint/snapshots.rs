//! What the two loops carry for the sake of snapshots: the forward one takes them, and the one backwards goes on from
//! them.

use super::{Pair, extend, most_steps, schedule};
use crate::ir::ids::IdMap;
use crate::ir::op::{Cmp, Const, IntOp, LoopId, Op, Var};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Elem, Graph, NodeId};

/// A loop that takes snapshots.
pub(super) struct Forward {
    lp: LoopId,
    /// The places of which it keeps snapshots.
    kept: Vec<usize>,
    /// The first place of the arrays of these, in their order; behind them, how many have been taken.
    first: usize,
    /// How many there may be at most, beside that of the step before the last.
    snapshots: NodeId,
    /// The steps at which they are taken.
    steps: NodeId,
}

/// A loop that goes backwards from snapshots.
pub(super) struct Reverse {
    pub lp: LoopId,
    /// The loop in it that takes the steps from a snapshot to the step that is undone: the kept places come first.
    again: LoopId,
    /// The step that is undone.
    target: NodeId,
    /// What the further places carry on.
    pub next: Vec<NodeId>,
}

impl Pair {
    pub(super) fn open_forward(&self, graph: &mut Graph, anew: &mut Rebuild) -> Forward {
        let info = graph.loop_info(self.forward).clone();
        let wanted = info.checkpoint.expect("the loop is checkpointed");
        let count = anew.get(most_steps(graph, self.forward));
        let snapshots = schedule::snapshots(graph, wanted, count);
        let (zero, one) = (graph.usize(0), graph.usize(1));
        let rows = graph.int_op(IntOp::Add, &[snapshots, one]);
        let last = graph.int_op(IntOp::SaturatingSub, &[count, one]);
        let steps = schedule::planned_from_start(graph, rows, last, snapshots);
        let starts: Vec<NodeId> = self.kept.iter().map(|&k| anew.get(info.init[k])).collect();
        let mut further: Vec<NodeId> = starts.into_iter().map(|like| room(graph, rows, like)).collect();
        further.push(zero);
        let lp = extend::open(graph, anew, self.forward, &further);
        Forward { lp, kept: self.kept.clone(), first: info.init.len(), snapshots, steps }
    }

    /// The forward loop is complete: it takes a snapshot where one is due.
    pub(super) fn close_forward(&self, graph: &mut Graph, anew: &Rebuild, forward: &Forward) {
        let state: Vec<NodeId> = forward.kept.iter().map(|&k| graph.carried(forward.lp, k)).collect();
        let at = graph.index(graph.loop_info(forward.lp).var);
        let next = taken(graph, (forward.lp, forward.first), &state, at, forward.steps);
        extend::close(graph, anew, self.forward, forward.lp, &next);
        for (j, &k) in forward.kept.iter().enumerate() {
            let rows = graph.carried(forward.lp, forward.first + j);
            forward.name_rows(graph, k, rows);
        }
        graph.loops[forward.lp.0 as usize].checkpoint = None;
    }

    pub(super) fn open_reverse(&self, graph: &mut Graph, anew: &mut Rebuild, forward: &Forward) -> Reverse {
        let first = graph.loop_info(self.reverse).init.len();
        let count = forward.kept.len();
        let mut further: Vec<NodeId> =
            (0..=count).map(|j| graph.final_value(forward.lp, forward.first + j)).collect();
        further.push(forward.steps);
        let lp = extend::open(graph, anew, self.reverse, &further);
        let rows: Vec<NodeId> = (0..count).map(|j| graph.carried(lp, first + j)).collect();
        let held = graph.carried(lp, first + count);
        let steps = graph.carried(lp, first + count + 1);
        for (&k, &rows) in forward.kept.iter().zip(&rows) {
            forward.name_rows(graph, k, rows);
        }
        graph.set_name(held, "snapshots_left");
        graph.set_name(steps, "snapshot_steps");
        let target = undone(graph, lp);
        let one = graph.usize(1);
        let newest = graph.int_op(IntOp::Sub, &[held, one]);
        let start = graph.read(steps, &[newest]);
        let steps = schedule::planned(graph, steps, held, target, forward.snapshots);
        let (again, held) = forward.again(graph, (&rows, held, newest), (start, target), steps);
        let mut next: Vec<NodeId> = (0..count).map(|j| graph.final_value(again, count + j)).collect();
        // The snapshot of the step itself is not needed any more.
        let is_newest = graph.compare(Cmp::Eq, start, target);
        let fewer = graph.int_op(IntOp::Sub, &[held, one]);
        next.push(graph.select(is_newest, fewer, held));
        next.push(steps);
        Reverse { lp, again, target, next }
    }
}

/// The step that an iteration of a loop undoes.
fn undone(graph: &mut Graph, reverse: LoopId) -> NodeId {
    let var = graph.loop_info(reverse).var;
    let (extent, one) = (graph.extent(var), graph.usize(1));
    let last = graph.int_op(IntOp::Sub, &[extent, one]);
    let index = graph.index(var);
    graph.int_op(IntOp::Sub, &[last, index])
}

impl Forward {
    /// Names the snapshots of a place after what it holds.
    fn name_rows(&self, graph: &mut Graph, k: usize, rows: NodeId) {
        let carried = graph.carried(self.lp, k);
        let next = graph.loop_info(self.lp).next[k];
        let name = graph.name(carried).or(graph.name(next)).map(|name| format!("{name}_snapshots"));
        graph.set_name(rows, name.as_deref().unwrap_or("snapshots"));
    }

    /// The steps of the loop from the newest of the snapshots that are held to another step, with further snapshots on
    /// the way: a loop, and how many it leaves.
    fn again(
        &self,
        graph: &mut Graph,
        (rows, held, newest): (&[NodeId], NodeId, NodeId),
        (start, target): (NodeId, NodeId),
        steps: NodeId,
    ) -> (LoopId, NodeId) {
        let count = rows.len();
        let mut init: Vec<NodeId> = rows.iter().map(|&rows| row_of(graph, rows, newest)).collect();
        init.extend(rows);
        init.push(held);
        let mut outer: Vec<Var> = graph.loop_info(self.lp).outer.to_vec();
        outer.extend(graph.free(steps).iter().chain(graph.free(target).iter()));
        outer.sort();
        outer.dedup();
        let extent = graph.int_op(IntOp::Sub, &[target, start]);
        let (again, var) = graph.open_loop(extent, outer.into(), init);
        let index = graph.index(var);
        let at = graph.int_op(IntOp::Add, &[start, index]);
        let state: Vec<NodeId> = (0..count).map(|j| graph.carried(again, j)).collect();
        for (&k, &value) in self.kept.iter().zip(&state) {
            let carried = graph.carried(self.lp, k);
            graph.inherit(carried, value);
        }
        let values: Vec<NodeId> = self.kept.iter().map(|&k| graph.loop_info(self.lp).next[k]).collect();
        let mut next = self.in_iteration(graph, &values, &state, at);
        next.extend(taken(graph, (again, count), &state, at, steps));
        graph.close_loop(again, next);
        (again, graph.final_value(again, 2 * count))
    }

    /// Values of an iteration of the loop, for other carried values and at another step.
    fn in_iteration(
        &self,
        graph: &mut Graph,
        values: &[NodeId],
        state: &[NodeId],
        at: NodeId,
    ) -> Vec<NodeId> {
        let var = graph.loop_info(self.lp).var;
        let places = self.kept.iter().zip(state);
        let map: IdMap<NodeId> = places.map(|(&k, &value)| (graph.carried(self.lp, k), value)).collect();
        let values = graph.replace(values, map);
        values.into_iter().map(|value| graph.subst(value, &[(var, at)])).collect()
    }
}

impl Reverse {
    /// An element of a history of the forward loop (the operands of its read) that belongs to the step that is undone:
    /// from what the steps since the last snapshot have carried on.
    pub(super) fn recalled(&self, graph: &mut Graph, forward: &Forward, args: &[NodeId]) -> NodeId {
        let Op::Build(vars) = graph.op(args[0]).clone() else { panic!("a history is an array") };
        let body = graph.args(args[0])[0];
        let row = graph.build(&vars[1..], body);
        let state: Vec<NodeId> = (0..forward.kept.len()).map(|j| graph.final_value(self.again, j)).collect();
        let row = forward.in_iteration(graph, &[row], &state, self.target)[0];
        graph.read(row, &args[2..])
    }
}

/// The places of a loop in which it keeps snapshots, after an iteration: if one is due at this step, it has been taken.
fn taken(
    graph: &mut Graph,
    (lp, first): (LoopId, usize),
    state: &[NodeId],
    at: NodeId,
    steps: NodeId,
) -> Vec<NodeId> {
    let count = graph.carried(lp, first + state.len());
    graph.set_name(count, "snapshots_taken");
    let step = graph.read(steps, &[count]);
    let is_due = graph.compare(Cmp::Eq, at, step);
    graph.set_name(is_due, "is_due");
    let mut next = Vec::new();
    for (j, &value) in state.iter().enumerate() {
        let rows = graph.carried(lp, first + j);
        next.push(graph.update(false, &[rows, is_due, count, value]));
    }
    let one = graph.usize(1);
    let more = graph.int_op(IntOp::Add, &[count, one]);
    next.push(graph.select(is_due, more, count));
    next
}

/// An array with so many rows, each like a value.
fn room(graph: &mut Graph, rows: NodeId, like: NodeId) -> NodeId {
    let ty = graph.ty(like).clone();
    let zero = match ty.elem {
        Elem::Float(float) => graph.float(0.0, float),
        Elem::Int(int) => graph.int(0, int),
        Elem::Bool => graph.add(Op::Const(Const::Bool(false)), &[]),
    };
    let mut vars = vec![graph.fresh_var(rows)];
    vars.extend(ty.shape.iter().map(|&extent| graph.fresh_var(extent)));
    graph.build(&vars, zero)
}

/// A row of an array, as a value.
fn row_of(graph: &mut Graph, rows: NodeId, at: NodeId) -> NodeId {
    let shape = graph.ty(rows).shape[1..].to_vec();
    let vars: Vec<Var> = shape.into_iter().map(|extent| graph.fresh_var(extent)).collect();
    let index: Vec<NodeId> = [at].into_iter().chain(vars.iter().map(|&v| graph.index(v))).collect();
    let element = graph.read(rows, &index);
    graph.build(&vars, element)
}
