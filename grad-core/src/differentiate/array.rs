//! Cotangents of arrays: what reads of an array contribute to it.

use super::update::{accumulate, is_version};
use crate::ir::graph::without;
use crate::ir::op::{Op, Var};
use crate::ir::{Graph, NodeId};

/// One contribution to the cotangent of an array.
#[derive(Clone, Debug)]
pub enum Part {
    /// An array of the same shape.
    Whole(NodeId),
    /// For each value of the variables, `value` at `index`.
    Write { vars: Vec<Var>, index: Vec<NodeId>, value: NodeId },
}

impl Part {
    /// Variables, index and value: a whole array is written element by element.
    pub fn into_write(self, graph: &mut Graph) -> (Vec<Var>, Vec<NodeId>, NodeId) {
        match self {
            Part::Write { vars, index, value } => (vars, index, value),
            Part::Whole(whole) => {
                let (vars, value) = graph.element(whole);
                let index = vars.iter().map(|&v| graph.index(v)).collect();
                (vars, index, value)
            }
        }
    }

    /// The part for each value of some more variables.
    pub fn for_each(self, graph: &mut Graph, more: Vec<Var>) -> Part {
        if more.is_empty() {
            return self;
        }
        let (mut vars, index, value) = self.into_write(graph);
        vars.extend(more.into_iter().filter(|v| !vars.contains(v)).collect::<Vec<_>>());
        Part::Write { vars, index, value }
    }
}

/// Arrays of up to this many elements that are only written at literal indices become literals.
const LITERAL_LIMIT: usize = 64;

/// The cotangent of `array` as a node: one element expression where every part covers the array, a scatter
/// otherwise.
pub fn assemble(graph: &mut Graph, array: NodeId, parts: Vec<Part>) -> NodeId {
    let parts: Vec<Part> = parts.into_iter().map(|part| sum_out(graph, array, part)).collect();
    if is_version(graph, array)
        && let Some(sum) = accumulate(graph, &parts)
    {
        return sum;
    }
    if parts.iter().all(|part| covers(graph, array, part)) {
        return elementwise(graph, array, &parts);
    }
    if let Some(literal) = literal(graph, array, &parts) {
        return literal;
    }
    scatter(graph, array, parts)
}

/// A part whose indices are distinct variables is summed over its other variables.
fn sum_out(graph: &mut Graph, array: NodeId, part: Part) -> Part {
    let Part::Write { vars, index, mut value } = part else { return part };
    let axes: Option<Vec<Var>> = index.iter().map(|&i| graph.as_index(i)).collect();
    let whole = axes.filter(|axes| {
        let distinct = (1..axes.len()).all(|k| !axes[..k].contains(&axes[k]));
        let shape = &graph.ty(array).shape;
        // The variable of an ordered loop cannot be renamed, so it is left to the scatter.
        distinct
            && axes.iter().all(|&axis| graph.owner(axis).is_none())
            && axes.iter().all(|axis| vars.contains(axis))
            && axes.iter().zip(shape).all(|(&axis, &extent)| graph.extent(axis) == extent)
    });
    let Some(axes) = whole else { return Part::Write { vars, index, value } };
    let others = without(&vars, &axes);
    for var in inner_first(graph, others) {
        value = graph.sum_over(var, value);
    }
    Part::Write { vars: axes, index, value }
}

/// Variables in an order in which those whose extent mentions others come first, and those of loops before those of
/// the loops around them.
pub fn inner_first(graph: &Graph, mut vars: Vec<Var>) -> Vec<Var> {
    let is_around = |outer: Var, inner: Var| {
        let owner = graph.owner(inner).map(|lp| graph.loop_info(lp));
        graph.depends_on(graph.extent(inner), outer) || owner.is_some_and(|info| info.outer.contains(&outer))
    };
    let mut order = Vec::new();
    while !vars.is_empty() {
        let at = vars
            .iter()
            .rposition(|&v| vars.iter().all(|&inner| inner == v || !is_around(v, inner)))
            .unwrap_or(0);
        order.push(vars.remove(at));
    }
    order
}

fn covers(graph: &Graph, array: NodeId, part: &Part) -> bool {
    match part {
        Part::Whole(_) => true,
        Part::Write { vars, index, .. } => {
            vars.len() == index.len()
                && index.iter().zip(&graph.ty(array).shape).enumerate().all(|(k, (&i, &extent))| {
                    graph.as_index(i).is_some_and(|v| {
                        vars.contains(&v)
                            && graph.owner(v).is_none()
                            && graph.extent(v) == extent
                            && index[..k].iter().all(|&other| graph.as_index(other) != Some(v))
                    })
                })
        }
    }
}

fn elementwise(graph: &mut Graph, array: NodeId, parts: &[Part]) -> NodeId {
    if let [Part::Whole(whole)] = parts {
        return *whole;
    }
    let axes = parts.iter().find_map(|part| match part {
        Part::Write { index, .. } => index.iter().map(|&i| graph.as_index(i)).collect::<Option<Vec<Var>>>(),
        Part::Whole(_) => None,
    });
    let shape = graph.ty(array).shape.clone();
    let axes = axes.unwrap_or_else(|| shape.iter().map(|&extent| graph.fresh_var(extent)).collect());
    let target: Vec<NodeId> = axes.iter().map(|&v| graph.index(v)).collect();
    let values: Vec<NodeId> = parts
        .iter()
        .map(|part| match part {
            Part::Whole(whole) => graph.read(*whole, &target),
            Part::Write { index, value, .. } => {
                let map: Vec<(Var, NodeId)> = index
                    .iter()
                    .zip(&target)
                    .filter_map(|(&i, &to)| Some((graph.as_index(i)?, to)))
                    .collect();
                graph.subst(*value, &map)
            }
        })
        .collect();
    let total = super::cotangent::sum(graph, &values).expect("an array with a cotangent has parts");
    graph.build(&axes, total)
}

/// A small array that is written at literal indices only.
fn literal(graph: &mut Graph, array: NodeId, parts: &[Part]) -> Option<NodeId> {
    let shape: Vec<usize> = graph
        .ty(array)
        .shape
        .clone()
        .iter()
        .map(|&e| graph.as_int(e).and_then(|e| usize::try_from(e).ok()))
        .collect::<Option<_>>()?;
    let count =
        shape.iter().try_fold(1usize, |n, &e| n.checked_mul(e)).filter(|&n| n > 0 && n <= LITERAL_LIMIT)?;
    let mut elements: Vec<Vec<NodeId>> = vec![Vec::new(); count];
    for part in parts {
        let Part::Write { vars, index, value } = part else { return None };
        let mut at = 0;
        for (&i, &extent) in index.iter().zip(&shape) {
            let i = usize::try_from(graph.as_int(i)?).ok().filter(|&i| i < extent)?;
            at = at * extent + i;
        }
        let value =
            inner_first(graph, vars.clone()).into_iter().fold(*value, |v, var| graph.sum_over(var, v));
        elements[at].push(value);
    }
    let elem = graph.elem(array);
    let mut level: Vec<NodeId> = elements
        .iter()
        .map(|parts| super::cotangent::sum(graph, parts).unwrap_or_else(|| zero(graph, elem)))
        .collect();
    for &extent in shape.iter().rev() {
        level = level.chunks(extent).map(|row| graph.stack(row)).collect();
    }
    level.first().copied()
}

/// Zeros of the type of `array`, and the parts added.
pub fn scatter(graph: &mut Graph, array: NodeId, parts: Vec<Part>) -> NodeId {
    let ty = graph.ty(array).clone();
    let mut args = ty.shape.clone();
    let mut writes: Vec<Box<[Var]>> = Vec::new();
    for part in parts {
        let (vars, index, value) = part.into_write(graph);
        let mut vars = inner_first(graph, vars);
        vars.reverse();
        args.extend(index);
        args.push(value);
        writes.push(vars.into());
    }
    graph.add(Op::Scatter { elem: ty.elem, rank: ty.rank(), writes: writes.into() }, &args)
}

pub fn zero(graph: &mut Graph, elem: crate::ir::Elem) -> NodeId {
    match elem {
        crate::ir::Elem::Float(float) => graph.float(0.0, float),
        _ => graph.float(0.0, crate::ir::Float::Open),
    }
}

/// Zeros of the type of a node.
pub fn zeros_like(graph: &mut Graph, node: NodeId) -> NodeId {
    let ty = graph.ty(node).clone();
    let zero = zero(graph, ty.elem);
    let vars: Vec<Var> = ty.shape.iter().map(|&extent| graph.fresh_var(extent)).collect();
    graph.build(&vars, zero)
}
