//! When snapshots are taken: binomial checkpointing (Griewank and Walther, *Revolve*, ACM TOMS 26, 2000).
//!
//! With `s` snapshots and each step taken at most `r + 1` times, `β(s, r) = (s + r)! / (s! r!)` steps can be undone. Of
//! `n ≤ β(s, r)` steps behind a snapshot, the least `r`, those before the next snapshot are left with `s` snapshots and
//! `r − 1` repetitions, those behind it with `s − 1` and `r`: as many as fit are before it.

use crate::ir::op::{Cmp, IntOp, Op, Snapshots, Var};
use crate::ir::{Elem, Graph, Int, NodeId};

/// How many snapshots a loop of so many iterations has.
pub(super) fn snapshots(graph: &mut Graph, wanted: Snapshots, steps: NodeId) -> NodeId {
    match wanted {
        Snapshots::Given(count) => graph.usize(count),
        Snapshots::Symbol(symbol) => graph.add(Op::Symbol(symbol, Elem::USIZE), &[]),
        Snapshots::Logarithmic => match graph.as_int(steps) {
            Some(steps) => graph.usize((128 - steps.max(1).leading_zeros()) as usize),
            None => binary_digits(graph, steps),
        },
    }
}

/// How often a number can be halved before it is zero.
fn binary_digits(graph: &mut Graph, number: NodeId) -> NodeId {
    let outer = graph.free(number);
    let (lp, _) = graph.open_stopping_loop(None, outer, vec![number]);
    let rest = graph.carried(lp, 0);
    graph.set_name(rest, "rest");
    let (zero, two) = (graph.usize(0), graph.usize(2));
    let goes_on = graph.compare(Cmp::Gt, rest, zero);
    let until = graph.not(goes_on);
    let half = graph.int_op(IntOp::Div, &[rest, two]);
    graph.close_loop(lp, vec![half]);
    graph.stop_when(lp, until);
    graph.add(Op::Trips(lp), &[])
}

/// The steps at which snapshots are taken on the way from the first step to the step `last`, and then that one: there is
/// a row more for it.
pub(super) fn planned_from_start(graph: &mut Graph, rows: NodeId, last: NodeId, snapshots: NodeId) -> NodeId {
    let (zero, one, always) = (graph.usize(0), graph.usize(1), graph.bool(true));
    let row = graph.fresh_var(rows);
    let steps = graph.build(&[row], last);
    graph.set_name(steps, "snapshot_steps");
    let steps = graph.update(false, &[steps, always, zero, zero]);
    planned(graph, steps, one, last, snapshots)
}

/// The steps at which snapshots are taken on the way to the step `target`, where the first `taken` have been: from
/// there on `steps` is filled in until the target is reached or no snapshot is left.
pub(super) fn planned(
    graph: &mut Graph,
    steps: NodeId,
    taken: NodeId,
    target: NodeId,
    snapshots: NodeId,
) -> NodeId {
    let (one, wide) = (graph.usize(1), Elem::Int(Int::U64));
    let newest = graph.int_op(IntOp::Sub, &[taken, one]);
    let start = graph.read(steps, &[newest]);
    let free = graph.int_op(IntOp::SaturatingSub, &[snapshots, taken]);
    // With the newest of those that have been taken.
    let left = graph.int_op(IntOp::Add, &[free, one]);
    let left = graph.cast(wide, left);
    let mut outer: Vec<Var> = Vec::new();
    for node in [steps, taken, target, snapshots] {
        outer.extend(graph.free(node).iter());
    }
    outer.sort();
    outer.dedup();
    let (lp, var) = graph.open_stopping_loop(Some(free), outer.clone().into(), vec![steps, start, left]);
    let [steps, last, left] = [0, 1, 2].map(|k| graph.carried(lp, k));
    graph.set_name(last, "last");
    graph.set_name(left, "left");
    let goes_on = graph.compare(Cmp::Lt, last, target);
    let until = graph.not(goes_on);
    let end = graph.int_op(IntOp::Add, &[target, one]);
    let length = graph.int_op(IntOp::Sub, &[end, last]);
    let length = graph.cast(wide, length);
    outer.push(var);
    outer.sort();
    let leg = leg(graph, length, left, &outer);
    let next = graph.int_op(IntOp::Add, &[last, leg]);
    graph.set_name(next, "next");
    let index = graph.index(var);
    let at = graph.int_op(IntOp::Add, &[taken, index]);
    let always = graph.bool(true);
    let steps = graph.update(false, &[steps, always, at, next]);
    let one = graph.int(1, Int::U64);
    let left = graph.int_op(IntOp::Sub, &[left, one]);
    graph.close_loop(lp, vec![steps, next, left]);
    graph.stop_when(lp, until);
    graph.final_value(lp, 0)
}

/// How many of `length` steps, at least two, come before the next snapshot, where `left` snapshots are left, the one
/// before these steps among them.
fn leg(graph: &mut Graph, length: NodeId, left: NodeId, outer: &[Var]) -> NodeId {
    let (one, wide) = (graph.int(1, Int::U64), Elem::Int(Int::U64));
    // β(s, r) for r = 1, 2, … until all steps fit, and β(s, r − 1).
    let two = graph.int(2, Int::U64);
    let first = graph.int_op(IntOp::Add, &[left, one]);
    let (lp, var) = graph.open_stopping_loop(None, outer.into(), vec![first, one]);
    let [reach, before] = [0, 1].map(|k| graph.carried(lp, k));
    graph.set_name(reach, "reach");
    graph.set_name(before, "before");
    let goes_on = graph.compare(Cmp::Lt, reach, length);
    let until = graph.not(goes_on);
    let index = graph.index(var);
    let index = graph.cast(wide, index);
    let repetitions = graph.int_op(IntOp::Add, &[index, two]);
    let sum = graph.int_op(IntOp::Add, &[left, repetitions]);
    let product = graph.int_op(IntOp::Mul, &[reach, sum]);
    let next = graph.int_op(IntOp::Div, &[product, repetitions]);
    graph.close_loop(lp, vec![next, reach]);
    graph.stop_when(lp, until);
    let before = graph.final_value(lp, 1);
    // Of β(s, r − 1), β(s − 1, r − 1).
    let repeated = graph.add(Op::Trips(lp), &[]);
    let repeated = graph.cast(wide, repeated);
    let fewer = graph.int_op(IntOp::Add, &[left, repeated]);
    let product = graph.int_op(IntOp::Mul, &[before, left]);
    let behind = graph.int_op(IntOp::Div, &[product, fewer]);
    let rest = graph.int_op(IntOp::Sub, &[length, behind]);
    let leg = graph.int_op(IntOp::Min, &[before, rest]);
    graph.cast(Elem::USIZE, leg)
}
