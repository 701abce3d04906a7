//! Elements that need not exist. Those that an update reads under its condition are read before the array is changed, in
//! place, so they become values that exist only where the condition holds. And the cotangent of an element that is read in
//! some branches only is added in those: in others there need be no such element.

use crate::ir::ids::{IdMap, IdSet};
use crate::ir::op::{Var, Write, scatter_writes};
use crate::ir::total::{in_bounds, is_total};
use crate::ir::walk::conditional_from;
use crate::ir::{Fold, Graph, Logic, NodeId, Op, Scalar};

/// The roots with `if condition { a[i] } else { 0 }` for the elements that updates read under a condition, as far as
/// they need not exist without it.
pub fn guard_reads(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let is_conditional =
        |id: &NodeId| matches!(graph.op(*id), Op::Update { .. }) && conditional_from(graph, *id).is_some();
    if !graph.reachable(roots).iter().any(is_conditional) {
        return roots.to_vec();
    }
    graph.rebuild(roots, &mut |graph, id| {
        if *graph.op(id) == Op::If {
            return guard_arms(graph, id);
        }
        let Op::Update { add } = *graph.op(id) else { return id };
        let args = graph.args(id);
        if graph.as_bool(args[1]) == Some(true) {
            return id;
        }
        // What says how often the loops around run has been computed.
        let extents: Vec<NodeId> = graph.free(id).iter().map(|&var| graph.extent(var)).collect();
        let there: IdSet = graph.reachable(&extents).into_iter().collect();
        let guarded: IdMap<NodeId> = reads_below(graph, &args[2..])
            .into_iter()
            .filter(|read| !there.contains(read))
            .map(|read| {
                let zero = graph.zero(graph.elem(read));
                (read, graph.select(args[1], read, zero))
            })
            .collect();
        if guarded.is_empty() {
            return id;
        }
        let values = graph.replace(&args[2..], guarded);
        graph.update(add, &[&args[..2], &values[..]].concat())
    })
}

/// A choice with `if condition { a[i] } else { 0 }` in its arms for the elements that these read of arrays in place: what
/// an update reads under the condition has the same form, so that it is one value, read before the array changes.
fn guard_arms(graph: &mut Graph, id: NodeId) -> NodeId {
    let args = graph.args(id);
    let zero = graph.float_like(0.0, id);
    if args.contains(&zero) || !graph.elem(id).is_float() {
        return id;
    }
    let mut arms = [args[1], args[2]];
    for (at, arm) in arms.iter_mut().enumerate() {
        let in_place = |read: &NodeId| {
            let is_version = matches!(graph.op(graph.args(*read)[0]), Op::Update { .. } | Op::Carried(..));
            is_version && graph.elem(*read) == graph.elem(id) && *read != *arm
        };
        let reads: Vec<NodeId> = reads_below(graph, &[*arm]).into_iter().filter(in_place).collect();
        let guarded: IdMap<NodeId> = reads
            .into_iter()
            .map(|read| {
                let (a, b) = if at == 0 { (read, zero) } else { (zero, read) };
                (read, graph.select(args[0], a, b))
            })
            .collect();
        *arm = graph.replace(&[*arm], guarded)[0];
    }
    graph.add(Op::If, &[args[0], arms[0], arms[1]])
}

/// The roots with `if condition { value } else { 0 }` for what is added to elements that need not exist, if that is zero
/// where a condition does not hold, and does not begin with it.
pub fn guard_writes(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    graph.rebuild(roots, &mut |graph, id| match graph.op(id).clone() {
        Op::Scatter { rank, writes, .. } => {
            let args = graph.args(id);
            let mut new = args[..rank].to_vec();
            for Write { index, value, .. } in scatter_writes(rank, &writes, &args) {
                new.extend(index);
                new.push(match needed_guard(graph, &args[..rank], index, value) {
                    Some(condition) => {
                        let zero = graph.float_like(0.0, value);
                        graph.select(condition, value, zero)
                    }
                    None => value,
                });
            }
            graph.add(graph.op(id).clone(), &new)
        }
        Op::Update { add: true } if graph.as_bool(graph.args(id)[1]) == Some(true) => {
            let mut args = graph.args(id).to_vec();
            let (value, shape) = (args[args.len() - 1], graph.ty(args[0]).shape.clone());
            let index = args[2..args.len() - 1].to_vec();
            match needed_guard(graph, &shape, &index, value) {
                Some(condition) => {
                    args[1] = condition;
                    graph.update(true, &args)
                }
                None => id,
            }
        }
        _ => id,
    })
}

/// The condition under which something is added to an element, if that need not exist and the value does not say it itself.
fn needed_guard(graph: &mut Graph, shape: &[NodeId], index: &[NodeId], value: NodeId) -> Option<NodeId> {
    let exists = index.iter().zip(shape).all(|(&i, &extent)| in_bounds(graph, i, extent));
    if exists || graph.rank(value) > 0 || !graph.elem(value).is_float() || says_itself(graph, value) {
        return None;
    }
    nonzero(graph, value).filter(|&condition| graph.as_bool(condition).is_none())
}

/// Whether a value is a chain of `if … { … } else { 0 }`, and what it ends in is zero nowhere.
fn says_itself(graph: &mut Graph, value: NodeId) -> bool {
    let mut inner = value;
    while let Some(rest) = guarded(graph, inner) {
        inner = rest;
    }
    nonzero(graph, inner).is_none()
}

/// Where a value may be other than zero, as its form tells; `None`: everywhere.
fn nonzero(graph: &mut Graph, value: NodeId) -> Option<NodeId> {
    let args = graph.args(value);
    match graph.op(value) {
        Op::Const(_) if graph.as_float(value) == Some(0.0) => Some(graph.bool(false)),
        Op::If => {
            let arms = [nonzero(graph, args[1]), nonzero(graph, args[2])];
            if arms[0] == arms[1] {
                return arms[0];
            }
            let not = graph.not(args[0]);
            let terms = [(args[0], arms[0]), (not, arms[1])].map(|(taken, arm)| match arm {
                Some(arm) if graph.as_bool(arm) == Some(false) => arm,
                Some(arm) => graph.logic(Logic::And, taken, arm),
                None => taken,
            });
            Some(either(graph, terms[0], terms[1]))
        }
        Op::Scalar(Scalar::Add | Scalar::Sub) => {
            let (a, b) = (nonzero(graph, args[0])?, nonzero(graph, args[1])?);
            Some(either(graph, a, b))
        }
        Op::Scalar(Scalar::Mul) => match (nonzero(graph, args[0]), nonzero(graph, args[1])) {
            (Some(a), Some(b)) => Some(graph.logic(Logic::And, a, b)),
            (a, b) => a.or(b),
        },
        Op::Scalar(Scalar::Neg | Scalar::Div) => nonzero(graph, args[0]),
        Op::Reduce(Fold::Sum, var) if graph.as_float(args[0]) == Some(0.0) => {
            let (var, condition) = (*var, nonzero(graph, args[1])?);
            without(graph, condition, var)
        }
        _ => None,
    }
}

/// What follows from a condition of what does not depend on a variable.
fn without(graph: &mut Graph, condition: NodeId, var: Var) -> Option<NodeId> {
    if !graph.depends_on(condition, var) {
        return Some(condition);
    }
    if *graph.op(condition) != Op::Logic(Logic::And) {
        return None;
    }
    let args = graph.args(condition);
    match (without(graph, args[0], var), without(graph, args[1], var)) {
        (Some(a), Some(b)) => Some(graph.logic(Logic::And, a, b)),
        // The second is asked only where the first holds.
        (a, _) => a,
    }
}

/// `a || b`, where one may follow from the other.
fn either(graph: &mut Graph, a: NodeId, b: NodeId) -> NodeId {
    let follows = |graph: &Graph, from: NodeId, what: NodeId| {
        let mut stack = vec![from];
        while let Some(id) = stack.pop() {
            if id == what {
                return true;
            }
            if *graph.op(id) == Op::Logic(Logic::And) {
                stack.extend(graph.args(id).iter());
            }
        }
        false
    };
    if graph.as_bool(a) == Some(false) || follows(graph, a, b) {
        b
    } else if follows(graph, b, a) {
        a
    } else {
        graph.logic(Logic::Or, a, b)
    }
}

/// The elements of arrays made here that some values read in any case, as far as they may not exist.
fn reads_below(graph: &Graph, values: &[NodeId]) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut seen = IdSet::new();
    let mut stack = values.to_vec();
    while let Some(id) = stack.pop() {
        if graph.rank(id) > 0 || !graph.op(id).bound().is_empty() || !seen.insert(id) {
            continue;
        }
        let args = graph.args(id);
        match graph.op(id) {
            Op::Read if changes(graph, args[0]) && !is_total(graph, id) => found.push(id),
            Op::Final(..) | Op::Carried(..) | Op::Trips(_) => {}
            _ => stack.extend(&args[..conditional_from(graph, id).unwrap_or(args.len())]),
        }
    }
    found
}

/// Of a value that is zero unless a condition holds, what it is where it does.
fn guarded(graph: &Graph, value: NodeId) -> Option<NodeId> {
    if *graph.op(value) != Op::If {
        return None;
    }
    let args = graph.args(value);
    let is_zero = |id: NodeId| graph.as_float(id) == Some(0.0);
    match (is_zero(args[1]), is_zero(args[2])) {
        (_, true) => Some(args[1]),
        (true, _) => Some(args[2]),
        _ => None,
    }
}

/// Whether an array may be overwritten: not what the caller gives, nor what is kept of the iterations of a loop.
fn changes(graph: &Graph, array: NodeId) -> bool {
    !matches!(graph.op(array), Op::Param(..) | Op::Seed(..)) && graph.histories(array).is_empty()
}
