//! Arrays that change element by element: what an update hands on, and how the cotangent of a version of an array
//! takes what reads of that version contribute.

use super::array::{Part, zeros_like};
use super::gate;
use super::reverse::Sweep;
use crate::ir::op::{Op, Var};
use crate::ir::{Graph, Logic, NodeId};

impl Sweep<'_> {
    /// Hands on the cotangent of an array with an element replaced (or added to): the element's goes to the value,
    /// and what has been replaced gets none.
    pub(super) fn update(&mut self, id: NodeId, add: bool, args: &[NodeId], user: &[Var], g: NodeId) {
        let (base, mut condition) = (args[0], args[1]);
        // Where the cotangent does not exist, nor need the element.
        if let Some(needed) = gate::needs(self.graph, g) {
            condition = self.graph.logic(Logic::And, needed, condition);
        }
        let Some((&value, index)) = args[2..].split_last() else { return };
        let shape = self.graph.ty(value).shape.clone();
        let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        let mut at = index.to_vec();
        at.extend(vars.iter().map(|&v| self.graph.index(v)));
        let element = self.element(id, g, &at);
        let zero = self.graph.float_like(0.0, element);
        let element = self.graph.select(condition, element, zero);
        let whole = self.graph.build(&vars, element);
        self.contribute_whole(user, value, whole);
        let rest = if add {
            g
        } else {
            let zeros = zeros_like(self.graph, value);
            let args: Vec<NodeId> =
                [g, condition].into_iter().chain(index.iter().copied()).chain([zeros]).collect();
            self.graph.update(false, &args)
        };
        self.contribute_array(user, base, Part::Whole(rest));
    }
}

/// Whether an array is a version of one that changes.
pub fn is_version(graph: &Graph, array: NodeId) -> bool {
    matches!(graph.op(array), Op::Carried(..) | Op::Final(..) | Op::Update { .. })
}

/// The cotangent of a version of an array, from that of the next version and from what reads of this one
/// contribute: added where it is. `None` where that cannot be.
pub fn accumulate(graph: &mut Graph, parts: &[Part]) -> Option<NodeId> {
    let mut whole = None;
    let mut writes = Vec::new();
    for part in parts {
        match part {
            Part::Whole(node) if whole.is_none() => whole = Some(*node),
            Part::Whole(_) => return None,
            Part::Write { vars, index, value } => {
                if vars.iter().any(|&v| graph.owner(v).is_some()) {
                    return None;
                }
                writes.push((vars.clone(), index.clone(), *value));
            }
        }
    }
    let mut sum = whole.filter(|_| !writes.is_empty())?;
    for (vars, index, value) in writes {
        if let Some(replaced) = instead_of_zero(graph, sum, &vars, &index, value) {
            sum = replaced;
            continue;
        }
        let mut vars = super::array::inner_first(graph, vars);
        vars.reverse();
        sum = add_over(graph, sum, &vars, &index, value);
    }
    Some(sum)
}

/// What is added where a cotangent has just been set to zero takes the place of the zero; where that is what was
/// there before, nothing happens.
fn instead_of_zero(
    graph: &mut Graph,
    cleared: NodeId,
    vars: &[Var],
    index: &[NodeId],
    value: NodeId,
) -> Option<NodeId> {
    let args = graph.args(cleared);
    if *graph.op(cleared) != (Op::Update { add: false }) || graph.as_bool(args[1]) != Some(true) {
        return None;
    }
    let (&zero, at) = args[2..].split_last()?;
    let (own, element) = graph.element(zero);
    let rest: Vec<Option<Var>> = index.get(at.len()..)?.iter().map(|&i| graph.as_index(i)).collect();
    let covers = rest.len() == own.len()
        && rest.len() == vars.len()
        && vars.iter().all(|v| rest.contains(&Some(*v)))
        && vars
            .iter()
            .zip(&own)
            .all(|(&v, &o)| graph.owner(v).is_none() && graph.extent(v) == graph.extent(o));
    if graph.as_float(element) != Some(0.0) || !index.starts_with(at) || !covers {
        return None;
    }
    let axes: Vec<Var> = rest.into_iter().flatten().collect();
    let before: Vec<NodeId> = [args[0]].into_iter().chain(index.iter().copied()).collect();
    if *graph.op(value) == Op::Read && *graph.args(value) == before[..] {
        return Some(args[0]);
    }
    let part = graph.build(&axes, value);
    let args: Vec<NodeId> = args[..2].iter().chain(at).copied().chain([part]).collect();
    Some(graph.update(false, &args))
}

/// `array[index] += value` for all values of some variables, loop by loop.
fn add_over(graph: &mut Graph, array: NodeId, vars: &[Var], index: &[NodeId], value: NodeId) -> NodeId {
    let Some((&var, rest)) = vars.split_first() else {
        let (condition, value) = condition_of(graph, value);
        let args: Vec<NodeId> =
            [array, condition].into_iter().chain(index.iter().copied()).chain([value]).collect();
        return graph.update(true, &args);
    };
    let mut outer: Vec<Var> = graph.free(array).to_vec();
    for &node in index.iter().chain([&value, &graph.extent(var)]) {
        outer.extend(graph.free(node).iter().filter(|v| !vars.contains(v)));
    }
    outer.sort();
    outer.dedup();
    let extent = graph.extent(var);
    let (lp, own) = graph.open_loop(extent, outer.into(), vec![array]);
    let to = graph.index(own);
    // Loops that run as often as this one's iteration says are over other variables, too.
    let (mut map, mut inner) = (vec![(var, to)], rest.to_vec());
    for v in &mut inner {
        let extent = graph.extent(*v);
        if map.iter().any(|(old, _)| graph.depends_on(extent, *old)) {
            let extent = graph.subst(extent, &map);
            let new = graph.fresh_var(extent);
            map.push((*v, graph.index(new)));
            *v = new;
        }
    }
    let index: Vec<NodeId> = index.iter().map(|&i| graph.subst(i, &map)).collect();
    let value = if map.len() == 1 { graph.at_iteration(value, var, to) } else { graph.subst(value, &map) };
    let carried = graph.carried(lp, 0);
    let next = add_over(graph, carried, &inner, &index, value);
    graph.close_loop(lp, vec![next]);
    graph.final_value(lp, 0)
}

/// A value that is zero unless some conditions hold, taken apart.
fn condition_of(graph: &mut Graph, value: NodeId) -> (NodeId, NodeId) {
    let args = graph.args(value);
    let is_zero = |graph: &Graph, id: NodeId| graph.as_float(id) == Some(0.0);
    let (condition, value) = match graph.op(value) {
        Op::If if is_zero(graph, args[2]) => (args[0], args[1]),
        Op::If if is_zero(graph, args[1]) => (graph.not(args[0]), args[2]),
        _ => return (graph.bool(true), value),
    };
    let (inner, value) = condition_of(graph, value);
    (graph.logic(Logic::And, condition, inner), value)
}
