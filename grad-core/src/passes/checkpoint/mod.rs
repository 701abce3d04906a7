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

use crate::ir::graph::without;
use crate::ir::ids::IdMap;
use crate::ir::op::{Cmp, Const, IntOp, LoopId, Op, Var};
use crate::ir::{Elem, Graph, NodeId};
use extend::{Inside, extend};

/// The roots, with snapshots in place of the histories of checkpointed loops.
pub fn checkpoint(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut roots = roots.to_vec();
    while let Some((lp, reverse)) = next_pair(graph, &roots) {
        let kept = kept_places(graph, &roots, (lp, reverse));
        let forward = with_snapshots(graph, &roots, lp, kept);
        // The loop backwards has been made anew with what it reads.
        roots = match next_pair_of(graph, &forward.roots, forward.lp) {
            Some(reverse) => from_snapshots(graph, &forward, reverse),
            None => forward.roots.clone(),
        };
        graph.loops[forward.lp.0 as usize].checkpoint = None;
        graph.tighten_loops();
    }
    roots
}

/// A checkpointed loop and a loop that reads its history backwards.
fn next_pair(graph: &Graph, roots: &[NodeId]) -> Option<(LoopId, LoopId)> {
    graph.reachable(roots).into_iter().find_map(|id| recalled(graph, id))
}

fn next_pair_of(graph: &Graph, roots: &[NodeId], lp: LoopId) -> Option<LoopId> {
    let pairs = graph.reachable(roots).into_iter().filter_map(|id| recalled(graph, id));
    pairs.into_iter().find(|(of, _)| *of == lp).map(|(_, reverse)| reverse)
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

/// The places of a loop whose history is read, and those without which these cannot be computed again.
fn kept_places(graph: &Graph, roots: &[NodeId], pair: (LoopId, LoopId)) -> Vec<usize> {
    let recalled = graph.reachable(roots).into_iter().filter(|&id| recalled(graph, id) == Some(pair));
    let mut needed: Vec<NodeId> = recalled.map(|id| graph.args(graph.args(id)[0])[0]).collect();
    let mut places: Vec<usize> = Vec::new();
    loop {
        let before = places.len();
        for id in graph.reachable(&needed) {
            match *graph.op(id) {
                Op::Carried(lp, k) if lp == pair.0 && !places.contains(&(k as usize)) => {
                    places.push(k as usize);
                }
                _ => {}
            }
        }
        if places.len() == before {
            places.sort();
            return places;
        }
        needed = places.iter().map(|&k| graph.loop_info(pair.0).next[k]).collect();
    }
}

/// A loop that takes snapshots.
struct Forward {
    roots: Vec<NodeId>,
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

fn with_snapshots(graph: &mut Graph, roots: &[NodeId], lp: LoopId, kept: Vec<usize>) -> Forward {
    let info = graph.loop_info(lp).clone();
    let wanted = info.checkpoint.expect("the loop is checkpointed");
    let count = info.stop.as_ref().and_then(|stop| stop.bound).unwrap_or(graph.extent(info.var));
    let snapshots = schedule::snapshots(graph, wanted, count);
    let (zero, one) = (graph.usize(0), graph.usize(1));
    let rows = graph.int_op(IntOp::Add, &[snapshots, one]);
    let last = graph.int_op(IntOp::SaturatingSub, &[count, one]);
    let row = graph.fresh_var(rows);
    let steps = graph.build(&[row], last);
    let always = graph.bool(true);
    let steps = graph.update(false, &[steps, always, zero, zero]);
    let steps = schedule::planned(graph, steps, one, last, snapshots);
    graph.set_name(steps, "snapshot_steps");
    let mut further: Vec<NodeId> = kept.iter().map(|&k| room(graph, rows, info.init[k])).collect();
    further.push(zero);
    let first = info.init.len();
    let (roots, lp) = extend(graph, roots, lp, further, |graph, copy| {
        let var = graph.loop_info(copy).var;
        let state: Vec<NodeId> = kept.iter().map(|&k| graph.carried(copy, k)).collect();
        let at = graph.index(var);
        let next = taken(graph, (copy, first), &state, at, steps);
        Inside { next, instead: IdMap::new() }
    });
    Forward { roots, lp, kept, first, snapshots, steps }
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
    vars.extend(ty.shape.iter().map(|&extent| graph.fresh_var(extent)).collect::<Vec<Var>>());
    graph.build(&vars, zero)
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
        let name = graph.name(value).map_or("snapshots".to_string(), |name| format!("{name}_snapshots"));
        graph.set_name(rows, &name);
        next.push(graph.update(false, &[rows, is_due, count, value]));
    }
    let one = graph.usize(1);
    let more = graph.int_op(IntOp::Add, &[count, one]);
    next.push(graph.select(is_due, more, count));
    next
}

/// The roots, where the loop backwards computes what it needs from snapshots.
fn from_snapshots(graph: &mut Graph, forward: &Forward, reverse: LoopId) -> Vec<NodeId> {
    let pair = (forward.lp, reverse);
    let order = graph.reachable(&forward.roots);
    let recalled: Vec<NodeId> = order.into_iter().filter(|&id| recalled(graph, id) == Some(pair)).collect();
    let places = forward.kept.len();
    let mut further: Vec<NodeId> =
        (0..=places).map(|j| graph.final_value(forward.lp, forward.first + j)).collect();
    further.push(forward.steps);
    let first = graph.loop_info(reverse).init.len();
    let (roots, _) = extend(graph, &forward.roots, reverse, further, |graph, copy| {
        let again = again(graph, forward, copy, first);
        let histories = recalled.iter().map(|&id| (id, graph.args(id)[0])).collect::<Vec<_>>();
        let instead = histories.into_iter().map(|(id, history)| (id, again.value(graph, forward, history)));
        Inside { instead: instead.collect(), next: again.next.clone() }
    });
    roots
}

/// The steps of a loop from the last snapshot to the step that is undone.
struct Again {
    lp: LoopId,
    /// The step that is undone.
    target: NodeId,
    /// What becomes of the snapshots.
    next: Vec<NodeId>,
}

fn again(graph: &mut Graph, forward: &Forward, reverse: LoopId, first: usize) -> Again {
    let count = forward.kept.len();
    let one = graph.usize(1);
    let reverse_var = graph.loop_info(reverse).var;
    let steps_left = graph.extent(reverse_var);
    let (last, index) = (graph.int_op(IntOp::Sub, &[steps_left, one]), graph.index(reverse_var));
    let target = graph.int_op(IntOp::Sub, &[last, index]);
    let rows: Vec<NodeId> = (0..count).map(|j| graph.carried(reverse, first + j)).collect();
    let held = graph.carried(reverse, first + count);
    let steps = graph.carried(reverse, first + count + 1);
    let newest = graph.int_op(IntOp::Sub, &[held, one]);
    let start = graph.read(steps, &[newest]);
    let steps = schedule::planned(graph, steps, held, target, forward.snapshots);
    let mut init: Vec<NodeId> = rows.iter().map(|&rows| row_of(graph, rows, newest)).collect();
    init.extend(rows);
    init.push(held);
    let mut outer: Vec<Var> = graph.free(steps).to_vec();
    outer.extend(without(&graph.loop_info(forward.lp).outer, &[]));
    outer.sort();
    outer.dedup();
    let extent = graph.int_op(IntOp::Sub, &[target, start]);
    let (lp, var) = graph.open_loop(extent, outer.into(), init);
    let index = graph.index(var);
    let at = graph.int_op(IntOp::Add, &[start, index]);
    let state: Vec<NodeId> = (0..count).map(|j| graph.carried(lp, j)).collect();
    let info = graph.loop_info(forward.lp).clone();
    let values: Vec<NodeId> = forward.kept.iter().map(|&k| info.next[k]).collect();
    for (&k, &value) in forward.kept.iter().zip(&state) {
        let carried = graph.carried(forward.lp, k);
        graph.inherit(carried, value);
    }
    let mut next = in_iteration(graph, forward, &values, &state, at);
    next.extend(taken(graph, (lp, count), &state, at, steps));
    graph.close_loop(lp, next);
    let mut next: Vec<NodeId> = (0..count).map(|j| graph.final_value(lp, count + j)).collect();
    // The snapshot of the step itself is not needed any more.
    let held = graph.final_value(lp, 2 * count);
    let is_newest = graph.compare(Cmp::Eq, start, target);
    let fewer = graph.int_op(IntOp::Sub, &[held, one]);
    next.push(graph.select(is_newest, fewer, held));
    next.push(steps);
    Again { lp, target, next }
}

impl Again {
    /// The row of a history that belongs to the step that is undone.
    fn value(&self, graph: &mut Graph, forward: &Forward, history: NodeId) -> NodeId {
        let Op::Build(vars) = graph.op(history).clone() else { return history };
        let body = graph.args(history)[0];
        let row = graph.build(&vars[1..], body);
        let state: Vec<NodeId> = (0..forward.kept.len()).map(|j| graph.final_value(self.lp, j)).collect();
        in_iteration(graph, forward, &[row], &state, self.target)[0]
    }
}

/// Values of an iteration of a loop, for other carried values and at another step.
fn in_iteration(
    graph: &mut Graph,
    forward: &Forward,
    values: &[NodeId],
    state: &[NodeId],
    at: NodeId,
) -> Vec<NodeId> {
    let var = graph.loop_info(forward.lp).var;
    let places = forward.kept.iter().zip(state);
    let map: IdMap<NodeId> = places.map(|(&k, &value)| (graph.carried(forward.lp, k), value)).collect();
    let values = graph.replace(values, map);
    values.into_iter().map(|value| graph.subst(value, &[(var, at)])).collect()
}

/// A row of an array, as a value.
fn row_of(graph: &mut Graph, rows: NodeId, at: NodeId) -> NodeId {
    let shape = graph.ty(rows).shape[1..].to_vec();
    let vars: Vec<Var> = shape.into_iter().map(|extent| graph.fresh_var(extent)).collect();
    let index: Vec<NodeId> = [at].into_iter().chain(vars.iter().map(|&v| graph.index(v))).collect();
    let element = graph.read(rows, &index);
    graph.build(&vars, element)
}
