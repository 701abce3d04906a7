//! Arithmetic on cotangents: products with partial derivatives and sums of contributions.
//!
//! A cotangent that exists only where a branch was taken is `if c { g } else { 0 }`. Products go into the
//! branch, so that the derivative of a branch that was not taken is never evaluated: `0 · ∞` cannot occur.

use super::array::inner_first;
use super::gate::needs;
use crate::ir::scalar::Cost;
use crate::ir::total::is_total;
use crate::ir::{Cmp, Fold, Graph, Logic, NodeId, Op, Scalar, Var};

/// `g · partial`; `None` where it is zero by construction.
pub fn times(graph: &mut Graph, g: NodeId, partial: NodeId) -> Option<NodeId> {
    match graph.as_float(partial) {
        Some(0.0) => return None,
        Some(1.0) => return Some(g),
        Some(-1.0) => return Some(negative(graph, g)),
        _ => {}
    }
    let lazy = *graph.op(g) == Op::If;
    if let Some((c, a, b)) = guarded(graph, g).filter(|_| lazy || is_singular(graph, partial)) {
        let a = a.and_then(|a| times(graph, a, partial));
        let b = b.and_then(|b| times(graph, b, partial));
        return choose(graph, lazy, c, a, b);
    }
    // Where no term exists, what the partial derivative reads need not exist either.
    let terms = terms(graph, g);
    if terms.len() > 1 && !is_total(graph, partial) {
        let products: Vec<NodeId> = terms.iter().filter_map(|&term| times(graph, term, partial)).collect();
        return sum(graph, &products);
    }
    match graph.op(partial).clone() {
        Op::If | Op::Select => {
            let args = graph.args(partial);
            let is = |number: f64| args[1..].iter().any(|&p| graph.as_float(p) == Some(number));
            let is_light = args[1..].iter().all(|&p| graph.node(p).weight < Cost::SAVE);
            // One arm spares a product, but what is chosen is there already, and the other may be dear.
            if !(is(0.0) || is(1.0) && is_light) {
                return Some(graph.mul(g, partial));
            }
            let a = times(graph, g, args[1]);
            let b = times(graph, g, args[2]);
            // An arm that may panic is computed only where it is chosen.
            let lazy = !args[1..].iter().all(|&arm| is_total(graph, arm));
            choose(graph, lazy, args[0], a, b)
        }
        Op::Scalar(Scalar::Neg) => {
            let inner = graph.args(partial)[0];
            times(graph, g, inner).map(|product| negative(graph, product))
        }
        Op::Scalar(Scalar::Div) if graph.as_float(graph.args(partial)[0]) == Some(1.0) => {
            let divisor = graph.args(partial)[1];
            Some(graph.div(g, divisor))
        }
        Op::Scalar(Scalar::Recip) => {
            let divisor = graph.args(partial)[0];
            Some(graph.div(g, divisor))
        }
        _ => Some(graph.mul(g, partial)),
    }
}

/// `-g`, a condition kept outside.
fn negative(graph: &mut Graph, g: NodeId) -> NodeId {
    match guarded(graph, g) {
        Some((c, a, b)) if *graph.op(g) == Op::If => {
            let a = a.map(|a| negative(graph, a));
            let b = b.map(|b| negative(graph, b));
            choose(graph, true, c, a, b).unwrap_or(g)
        }
        _ => graph.neg(g),
    }
}

/// The sum of contributions; `None` for none.
pub fn sum(graph: &mut Graph, parts: &[NodeId]) -> Option<NodeId> {
    let mut parts = parts.iter().copied();
    let first = parts.next()?;
    Some(parts.fold(first, |total, part| add(graph, total, part)))
}

/// The cotangent summed over a variable. A condition that is the same for all its values stays outside, unless a loop
/// with carried values would then compute in any case what may fail.
fn sum_over(graph: &mut Graph, var: Var, g: NodeId) -> NodeId {
    match guarded(graph, g) {
        Some((c, a, b))
            if *graph.op(g) == Op::If
                && !graph.depends_on(c, var)
                && (graph.owner(var).is_none() || is_total(graph, g)) =>
        {
            let a = a.map(|a| sum_over(graph, var, a));
            let b = b.map(|b| sum_over(graph, var, b));
            choose(graph, true, c, a, b).unwrap_or(g)
        }
        _ => graph.sum_over(var, g),
    }
}

/// A contribution summed over some variables.
pub fn sum_all(graph: &mut Graph, vars: Vec<Var>, value: NodeId) -> NodeId {
    inner_first(graph, vars).into_iter().fold(value, |value, var| sum_over(graph, var, value))
}

/// As [`sum_all`], to what exists only where one of the terms does: where the loops over the variables run, and what the
/// terms depend on holds in some iteration. `scope` are the variables around.
pub fn sum_where(graph: &mut Graph, vars: Vec<Var>, scope: &[Var], mut value: NodeId) -> NodeId {
    let order = inner_first(graph, vars);
    let mut conditions: Vec<NodeId> = Vec::new();
    if let Some(condition) = needs(graph, value) {
        conjuncts(graph, condition, &mut conditions);
    }
    for (at, &var) in order.iter().enumerate() {
        let (inside, mut outside): (Vec<NodeId>, Vec<NodeId>) =
            conditions.into_iter().partition(|&c| graph.depends_on(c, var));
        let around = [scope, &order[at + 1..]].concat();
        let any = in_any(graph, var, &inside, value);
        outside.extend(any.or_else(|| where_runs(graph, var, &around)));
        outside.dedup();
        conditions = outside;
        value = sum_over(graph, var, value);
    }
    for condition in conditions {
        value = choose(graph, true, condition, Some(value), None).unwrap_or(value);
    }
    value
}

/// The parts of a condition, the innermost first: each may be asked only where those after it hold.
fn conjuncts(graph: &Graph, condition: NodeId, into: &mut Vec<NodeId>) {
    if *graph.op(condition) == Op::Logic(Logic::And) {
        let args = graph.args(condition);
        conjuncts(graph, args[1], into);
        conjuncts(graph, args[0], into);
    } else {
        into.push(condition);
    }
}

/// Whether all of some conditions hold for any value of a variable: they are counted.
fn in_any(graph: &mut Graph, var: Var, conditions: &[NodeId], like: NodeId) -> Option<NodeId> {
    let (&first, rest) = conditions.split_first()?;
    let all = rest.iter().fold(first, |all, &outer| graph.logic(Logic::And, outer, all));
    let (one, none) = (graph.float_like(1.0, like), graph.float_like(0.0, like));
    let term = graph.select(all, one, none);
    let count = graph.sum_over(var, term);
    Some(graph.compare(Cmp::Gt, count, none))
}

/// That the loop over a variable has iterations, as far as that can be said in the scope of others and does not go
/// without saying.
fn where_runs(graph: &mut Graph, var: Var, scope: &[Var]) -> Option<NodeId> {
    let extent = graph.extent(var);
    let runs_around = scope.iter().any(|&v| graph.extent(v) == extent);
    let is_sayable = graph.free(extent).iter().all(|v| scope.contains(v));
    if runs_around || !is_sayable {
        return None;
    }
    let runs = is_positive(graph, extent);
    (graph.as_bool(runs) != Some(true)).then_some(runs)
}

fn is_positive(graph: &mut Graph, extent: NodeId) -> NodeId {
    let args = graph.args(extent);
    match graph.op(extent) {
        Op::If if graph.as_int(args[2]) == Some(0) => {
            let inner = is_positive(graph, args[1]);
            graph.logic(Logic::And, args[0], inner)
        }
        _ => {
            let zero = graph.usize(0);
            graph.compare(Cmp::Gt, extent, zero)
        }
    }
}

fn add(graph: &mut Graph, a: NodeId, b: NodeId) -> NodeId {
    if let (Some((c, a1, a2)), Some((d, b1, b2))) = (guarded(graph, a), guarded(graph, b))
        && graph.op(a) == graph.op(b)
        && (c == d || graph.not(c) == d)
    {
        let lazy = *graph.op(a) == Op::If;
        let (b1, b2) = if c == d { (b1, b2) } else { (b2, b1) };
        let first = both(graph, a1, b1);
        let second = both(graph, a2, b2);
        return choose(graph, lazy, c, first, second).unwrap_or(a);
    }
    graph.plus(a, b)
}

fn both(graph: &mut Graph, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
    match (a, b) {
        (Some(a), Some(b)) => Some(add(graph, a, b)),
        (one, other) => one.or(other),
    }
}

/// The terms of a cotangent all of which exist only under conditions of their own, or in loops: where none of
/// these holds or runs, the element that is read may not exist. Otherwise the cotangent as a whole.
pub fn terms(graph: &Graph, g: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut stack = vec![g];
    while let Some(id) = stack.pop() {
        match graph.op(id) {
            Op::Scalar(Scalar::Add) => stack.extend(graph.args(id).iter().rev()),
            Op::If if guarded(graph, id).is_some() => found.push(id),
            Op::Reduce(Fold::Sum, _) => found.push(id),
            _ => return vec![g],
        }
    }
    found
}

/// A conditional cotangent taken apart: condition, and each branch unless it is zero.
fn guarded(graph: &Graph, g: NodeId) -> Option<(NodeId, Option<NodeId>, Option<NodeId>)> {
    if !matches!(graph.op(g), Op::If | Op::Select) {
        return None;
    }
    let args = graph.args(g);
    let part = |id: NodeId| (graph.as_float(id) != Some(0.0)).then_some(id);
    let (a, b) = (part(args[1]), part(args[2]));
    (a.is_none() || b.is_none()).then_some((args[0], a, b))
}

/// Whether a partial derivative can be infinite where its operands are finite: then zero times it is not zero.
fn is_singular(graph: &Graph, partial: NodeId) -> bool {
    let mut stack = vec![partial];
    while let Some(id) = stack.pop() {
        match graph.op(id) {
            Op::Scalar(Scalar::Add | Scalar::Sub | Scalar::Mul | Scalar::Neg | Scalar::MulAdd) => {
                stack.extend(graph.args(id).iter());
            }
            Op::Scalar(
                Scalar::Sin | Scalar::Cos | Scalar::Tanh | Scalar::Sigmoid | Scalar::Relu | Scalar::Abs,
            ) => {}
            Op::Scalar(_) | Op::If | Op::Select => return true,
            _ => {}
        }
    }
    false
}

/// The cotangent where a condition holds (or where it does not), and zero elsewhere. The condition is asked only
/// where the cotangent exists: what it compares need not exist anywhere else.
pub fn gated(graph: &mut Graph, lazy: bool, c: NodeId, holds: bool, g: NodeId) -> NodeId {
    let is_askable = graph.is_free_of_work(c);
    if lazy
        && !is_askable
        && *graph.op(g) == Op::If
        && let Some((outer, a, b)) = guarded(graph, g)
    {
        let a = a.map(|a| gated(graph, lazy, c, holds, a));
        let b = b.map(|b| gated(graph, lazy, c, holds, b));
        return choose(graph, true, outer, a, b).unwrap_or(g);
    }
    if lazy
        && !is_askable
        && let Some(needed) = needs(graph, g)
    {
        let c = if holds { c } else { graph.not(c) };
        let c = graph.logic(Logic::And, needed, c);
        return choose(graph, true, c, Some(g), None).unwrap_or(g);
    }
    let (then, otherwise) = if holds { (Some(g), None) } else { (None, Some(g)) };
    choose(graph, lazy, c, then, otherwise).unwrap_or(g)
}

/// `if c { a } else { b }`, where nothing is zero. What is `lazy` is computed only where the branch is taken.
pub fn choose(
    graph: &mut Graph,
    lazy: bool,
    c: NodeId,
    a: Option<NodeId>,
    b: Option<NodeId>,
) -> Option<NodeId> {
    let like = a.or(b)?;
    let zero = graph.float_like(0.0, like);
    let (a, b) = (a.unwrap_or(zero), b.unwrap_or(zero));
    Some(if lazy { graph.select(c, a, b) } else { graph.select_strict(c, a, b) })
}
