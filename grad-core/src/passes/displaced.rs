//! Binders over the variable of a loop with carried values that do not stand in it. What the sweep backwards makes of the
//! iterations of an inner loop is over that loop's variable; where it needs nothing that the loop carries, and does not
//! stand in an iteration of the loops around it, or nobody runs the loop, it is over a variable of its own. So it is where
//! it stands in another loop beside it; what the loop carries is looked up then.

use crate::ir::ids::{IdMap, Set};
use crate::ir::op::{LoopId, Op, Var, Write, scatter_writes};
use crate::ir::subst::with_bound;
use crate::ir::{Elem, Graph, NodeId};

/// The roots with variables of their own for such binders.
pub fn displaced_binders(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    if graph.loops.is_empty() {
        return roots.to_vec();
    }
    let idle = idle(graph, roots);
    graph.rebuild(roots, &mut |graph, id| match graph.op(id).clone() {
        Op::Scatter { elem, rank, writes } => scatter(graph, id, (elem, rank), &writes, &idle),
        op => {
            let (vars, parts) = (op.bound().to_vec(), graph.args(id).to_vec());
            match renamed(graph, id, (&vars, &parts), &idle) {
                Some((vars, parts)) => graph.remake(&with_bound(&op, &vars), &parts),
                None => id,
            }
        }
    })
}

/// The loops of which nothing is needed that they carry, nor how often they run.
fn idle(graph: &Graph, roots: &[NodeId]) -> Set<LoopId> {
    let of = |id: NodeId| match *graph.op(id) {
        Op::Carried(lp, _) | Op::Final(lp, _) | Op::Trips(lp) => Some(lp),
        _ => None,
    };
    let running: Set<LoopId> = graph.reachable(roots).into_iter().filter_map(of).collect();
    let all = (0..graph.loops.len() as u32).map(LoopId);
    all.filter(|lp| !running.contains(lp)).collect()
}

fn scatter(
    graph: &mut Graph,
    id: NodeId,
    (elem, rank): (Elem, usize),
    writes: &[Box<[Var]>],
    idle: &Set<LoopId>,
) -> NodeId {
    let args = graph.args(id);
    let (mut new, mut new_args) = (Vec::new(), args[..rank].to_vec());
    for Write { vars, index, value } in scatter_writes(rank, writes, &args) {
        let parts = [index, &[value]].concat();
        let (vars, parts) =
            renamed(graph, id, (vars, &parts), idle).unwrap_or_else(|| (vars.to_vec(), parts));
        new.push(vars.into());
        new_args.extend(parts);
    }
    graph.add(Op::Scatter { elem, rank, writes: new.into() }, &new_args)
}

/// Whether a loop runs neither inside nor around one of which some variables tell.
fn is_beside(graph: &Graph, lp: LoopId, scope: &[Var]) -> bool {
    let info = graph.loop_info(lp);
    scope.iter().any(|&other| {
        let Some(owner) = graph.owner(other).filter(|owner| *owner != lp) else { return false };
        !info.outer.contains(&other) && !graph.loop_info(owner).outer.contains(&info.var)
    })
}

/// As [`renamed`], of an array over variables of further loops, which run anew for each value of the displaced ones: they
/// are copied together with what they carry.
fn around_others(
    graph: &mut Graph,
    vars: &[Var],
    element: NodeId,
    displaced: &[Var],
) -> (Vec<Var>, Vec<NodeId>) {
    let others: Vec<Var> = vars.iter().copied().filter(|v| !displaced.contains(v)).collect();
    let mut inner = graph.add(Op::Build(others.into()), &[element]);
    let mut moved = Vec::new();
    for &var in displaced {
        inner = looked_up(graph, var, vec![inner])[0];
        let avoid: Vec<Var> = graph.free(inner).iter().chain(vars).chain(&moved).copied().collect();
        let new = graph.var_over(graph.extent(var), &avoid);
        let index = graph.index(new);
        inner = graph.subst(inner, &[(var, index)]);
        moved.push(new);
    }
    let (others, element) = match graph.op(inner).clone() {
        Op::Build(others) if others.len() + displaced.len() == vars.len() => {
            (others.to_vec(), graph.args(inner)[0])
        }
        _ => graph.element(inner),
    };
    let (mut moved, mut others) = (moved.into_iter(), others.into_iter());
    let next = |&v: &Var| if displaced.contains(&v) { moved.next() } else { others.next() };
    (vars.iter().filter_map(next).collect(), vec![element])
}

/// What is below a binder over the variable of a loop, where what the loop carries into its iterations is looked up: it
/// does not run there.
fn looked_up(graph: &mut Graph, var: Var, parts: Vec<NodeId>) -> Vec<NodeId> {
    let Some(lp) = graph.owner(var).filter(|&lp| graph.carries(&parts, lp)) else { return parts };
    let mut map: IdMap<NodeId> = IdMap::new();
    for id in graph.reachable_within(&graph.loops_around(&parts), &parts, &IdMap::new()) {
        if matches!(graph.op(id), Op::Carried(of, _) if *of == lp) {
            map.insert(id, graph.element_of_history(id, lp));
        }
    }
    graph.replace(&parts, map)
}

/// Bound variables and what is below them, where some of the variables are to be others.
fn renamed(
    graph: &mut Graph,
    id: NodeId,
    (vars, parts): (&[Var], &[NodeId]),
    idle: &Set<LoopId>,
) -> Option<(Vec<Var>, Vec<NodeId>)> {
    let scope: Vec<Var> = graph.free(id).iter().chain(vars).copied().collect();
    let is_displaced = |v: Var| {
        graph.owner(v).is_some_and(|lp| {
            let is_outside = graph.loop_info(lp).outer.iter().any(|outer| !scope.contains(outer));
            is_beside(graph, lp, &scope) || (is_outside || idle.contains(&lp)) && !graph.carries(parts, lp)
        })
    };
    let displaced: Vec<Var> = vars.iter().copied().filter(|&v| is_displaced(v)).collect();
    if displaced.is_empty() {
        return None;
    }
    let runs_below = |v: &Var| {
        let outer = graph.owner(*v).map(|lp| graph.loop_info(lp).outer.clone());
        !displaced.contains(v) && outer.is_some_and(|outer| outer.iter().any(|v| displaced.contains(v)))
    };
    if matches!(graph.op(id), Op::Build(_)) && vars.iter().any(runs_below) {
        return Some(around_others(graph, vars, parts[0], &displaced));
    }
    let (mut vars, mut parts) = (vars.to_vec(), parts.to_vec());
    for &var in &displaced {
        parts = looked_up(graph, var, parts);
    }
    let mut avoid = scope;
    avoid.extend(parts.iter().flat_map(|&part| graph.free(part).to_vec()));
    for old in displaced {
        let new = graph.var_over(graph.extent(old), &avoid);
        avoid.push(new);
        let index = graph.index(new);
        vars.iter_mut().filter(|v| **v == old).for_each(|v| *v = new);
        parts.iter_mut().for_each(|part| *part = graph.subst(*part, &[(old, index)]));
    }
    Some((vars, parts))
}
