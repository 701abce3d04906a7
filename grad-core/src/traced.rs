//! The stages of `f_grad_traced`, which also gives the cotangents of what the user has named: the gradients with
//! respect to the shifts that the front end has added to these values (`frontend/trace.rs`).
//!
//! A shift stands in the way of a rule that replaces the named value together with what is made of it: the logarithm
//! of a softmax, say. Value and gradients must be those of `f_grad`, so they come from a sweep in which such values have
//! no shift, and each of those has a sweep of its own.

use std::collections::BTreeSet;

use crate::diagnostic::Checked;
use crate::differentiate::activity::active_nodes;
use crate::differentiate::reverse;
use crate::ir::function::{Function, Watched};
use crate::ir::ids::{IdMap, IdSet, Map, Set};
use crate::ir::op::Op;
use crate::ir::{Graph, NodeId, Origin, Var};
use crate::passes::infer::infer;
use crate::passes::prune::{narrow, prune, settle};
use crate::report::{Report, Traced};
use crate::rules::{Fired, Mode, Phase, rewrite, rewrite_telling};

/// The numbers of some shifts.
pub type Shifts = BTreeSet<u32>;

/// The graph also computes the gradients and the cotangents of what is named.
///
/// AFTER THIS POINT there are no shifts in it.
pub fn differentiate(function: &mut Function, mode: Mode) -> Checked<Traced> {
    let checks = infer(function)?;
    // From here on nodes take the origins of those that they replace.
    function.graph.origin = Origin::default();
    let shifts = retain_active(function);
    let graph = &mut function.graph;
    let result = function.output.leaves()[0].0;
    let together = shifted_together(graph, result, &shifts, mode);
    let alone = shifts.iter().filter(|number| !together.contains(number)).map(|&number| {
        let with = together.iter().copied().chain([number]).collect();
        let roots = without(graph, &[result], &with);
        let roots = rewrite(graph, &roots, Phase::Stabilise, mode);
        gradients(graph, roots[0], &[], &Shifts::from([number])).1
    });
    let mut of_shifts: Vec<(u32, NodeId)> = alone.flatten().collect();

    let roots = function.roots();
    let roots = without(&mut function.graph, &roots, &together);
    let roots = rewrite(&mut function.graph, &roots, Phase::Stabilise, mode);
    function.set_roots(roots);
    let value = function.output.leaves()[0].0;
    let inputs: Vec<NodeId> = function.params.iter().filter(|p| p.active).map(|p| p.node).collect();
    let (gradients, own) = gradients(&mut function.graph, value, &inputs, &together);
    of_shifts.extend(own);

    let last = function.params.iter().filter_map(|p| p.last).collect();
    let watched = shifts.into_iter().zip(std::mem::take(&mut function.watched));
    let mut known: Map<(String, usize), usize> = Map::default();
    let reports = watched.map(|(shift, watched)| {
        let Watched { name, loops, value, taken, .. } = watched;
        let own = of_shifts.iter().filter(|(number, _)| *number == shift).map(|(_, gradient)| *gradient);
        let cotangent = cotangent(&mut function.graph, value, &own.collect::<Vec<NodeId>>());
        // Indices tell the values in loops from those outside.
        let count = known.entry((name.clone(), loops.len())).or_default();
        *count += 1;
        let name = if *count == 1 { name } else { format!("{name}#{count}") };
        Report { name, shift, loops, value, cotangent, taken }
    });
    let reports = reports.collect();
    let mut traced = Traced { checks, value, gradients, last, reports, asserted: function.asserted };
    let roots: Vec<NodeId> = traced.nodes_mut().map(|node| *node).collect();
    let roots = without(&mut function.graph, &roots, &Shifts::new());
    let roots = settle(&mut function.graph, &roots);
    prune(&mut function.graph, &roots);
    let roots = narrow(&mut function.graph, &roots);
    let roots = rewrite(&mut function.graph, &roots, Phase::Algebra, mode);
    traced.nodes_mut().zip(roots).for_each(|(node, root)| *node = root);
    Ok(traced)
}

/// Watches only what an input reaches and what reaches the result. Returns the numbers of the shifts that are left, in
/// the order of what is watched.
fn retain_active(function: &mut Function) -> Vec<u32> {
    let graph = &mut function.graph;
    let result: Vec<NodeId> = function.output.leaves().iter().map(|(node, _)| *node).collect();
    let inputs: Vec<NodeId> = function.params.iter().filter(|p| p.active).map(|p| p.node).collect();
    let values: Vec<NodeId> = function.watched.iter().map(|w| w.value).collect();
    let values = without(graph, &values, &Shifts::new());
    let depends = active_nodes(graph, &values, &inputs);
    let shifts = find(graph, &result, |_| true);
    let nodes: Vec<NodeId> = shifts.iter().map(|(_, node)| *node).collect();
    let reaches = active_nodes(graph, &result, &nodes);
    let reached: Shifts =
        shifts.iter().filter(|(_, node)| reaches.contains(node)).map(|(number, _)| *number).collect();
    let mut values = values.into_iter();
    function.watched.retain(|watched| {
        values.next().is_some_and(|value| depends.contains(&value)) && reached.contains(&watched.shift)
    });
    function.watched.iter().map(|watched| watched.shift).collect()
}

/// The gradients of a value with respect to some inputs, and then to some shifts by their numbers. Of what a rule has
/// found to cancel there is none.
fn gradients(
    graph: &mut Graph,
    value: NodeId,
    inputs: &[NodeId],
    shifts: &Shifts,
) -> (Vec<NodeId>, Vec<(u32, NodeId)>) {
    let found = find(graph, &[value], |number| shifts.contains(&number));
    let all: Vec<NodeId> = inputs.iter().copied().chain(found.iter().map(|(_, node)| *node)).collect();
    let one = graph.float_like(1.0, value);
    let mut gradients = reverse(graph, &[(value, one)], &all);
    let of_shifts = gradients.split_off(inputs.len());
    (gradients, found.into_iter().map(|(number, _)| number).zip(of_shifts).collect())
}

/// The cotangent of a value from the gradients with respect to its shift, of which a loop that has been copied has
/// copies.
fn cotangent(graph: &mut Graph, value: NodeId, gradients: &[NodeId]) -> NodeId {
    if let [gradient] = gradients {
        return *gradient;
    }
    let shape = graph.ty(value).shape.clone();
    let vars: Vec<Var> = shape.iter().map(|&extent| graph.fresh_var(extent)).collect();
    let index: Vec<NodeId> = vars.iter().map(|&var| graph.index(var)).collect();
    let elements: Vec<NodeId> = gradients.iter().map(|&gradient| graph.read(gradient, &index)).collect();
    let sum = elements.into_iter().reduce(|sum, element| graph.plus(sum, element));
    let sum = sum.unwrap_or_else(|| graph.float_like(0.0, value));
    graph.build(&vars, sum)
}

/// The shifts among the nodes below some roots.
fn find(graph: &Graph, roots: &[NodeId], wanted: impl Fn(u32) -> bool) -> Vec<(u32, NodeId)> {
    let nodes = graph.reachable(roots).into_iter();
    let shifts = nodes.filter_map(|id| match graph.op(id) {
        Op::Seed(number, _) => wanted(*number).then_some((*number, id)),
        _ => None,
    });
    shifts.collect()
}

/// The roots without any shifts but these. Adding `-0.0` changes no float.
pub fn without(graph: &mut Graph, roots: &[NodeId], keep: &Shifts) -> Vec<NodeId> {
    let shifts = find(graph, roots, |number| !keep.contains(&number));
    let shifts: IdSet = shifts.into_iter().map(|(_, shift)| shift).collect();
    let is_element = |graph: &Graph, id: NodeId| match graph.op(id) {
        Op::Read => shifts.contains(&graph.args(id)[0]),
        _ => graph.rank(id) == 0 && shifts.contains(&id),
    };
    let mut map: IdMap<NodeId> = IdMap::new();
    for id in graph.reachable(roots) {
        if is_element(graph, id) {
            map.insert(id, graph.float_like(-0.0, id));
        }
    }
    graph.replace(roots, map)
}

/// As many shifts as can be in the function together without keeping a rule from replacing a form that loses digits.
fn shifted_together(graph: &mut Graph, result: NodeId, shifts: &[u32], mode: Mode) -> Shifts {
    let all: Shifts = shifts.iter().copied().collect();
    let wanted = fired(graph, result, &Shifts::new(), mode);
    let hinders = |graph: &mut Graph, with: &Shifts| {
        !wanted.is_empty() && !wanted.is_subset(&fired(graph, result, with, mode))
    };
    if !hinders(graph, &all) {
        return all;
    }
    let mut together = Shifts::new();
    for &number in shifts {
        together.insert(number);
        if hinders(graph, &together) {
            together.remove(&number);
        }
    }
    together
}

/// The rules that fire if only these shifts are there, and where.
fn fired(graph: &mut Graph, result: NodeId, with: &Shifts, mode: Mode) -> Set<Fired> {
    let roots = without(graph, &[result], with);
    rewrite_telling(graph, &roots, Phase::Stabilise, mode).1.into_iter().collect()
}
