//! Extents. Those that the program takes to be equal become one; what cannot be known here is left to be
//! checked on entry. Then every binder takes the first variable over its extent that is not in the way, so
//! that equal loops share their variable and equal bodies are one node.

use super::prune::prune;
use crate::diagnostic::{Checked, Diagnostic};
use crate::ir::function::Function;
use crate::ir::graph::without;
use crate::ir::ids::IdMap;
use crate::ir::op::{Op, Var, scatter_writes};
use crate::ir::subst::with_bound;
use crate::ir::{Graph, NodeId};

/// Two extents that must be compared on entry.
#[derive(Clone, Debug)]
pub struct Check {
    pub left: NodeId,
    pub right: NodeId,
    pub reason: &'static str,
}

/// Unifies extents and canonicalises variables, in place. Returns what is to be checked on entry.
pub fn infer(function: &mut Function) -> Checked<Vec<Check>> {
    let (classes, checks) = unify(function)?;
    let roots = function.roots();
    let graph = &mut function.graph;
    prune(graph, &roots);
    graph.tighten_loops();
    let new = graph.rebuild(&roots, &mut |graph, id| match classes.get(&id) {
        Some(&representative) => representative,
        None => canonical(graph, id),
    });
    function.set_roots(new);
    Ok(checks)
}

/// Union-find over the extents that are taken to be equal. A literal represents its class before a const
/// generic, and that before a run-time extent.
fn unify(function: &Function) -> Checked<(IdMap<NodeId>, Vec<Check>)> {
    let graph = &function.graph;
    let mut parent: IdMap<NodeId> = IdMap::new();
    let mut checks = Vec::new();
    let mut errors = Vec::new();
    for same in &function.same_extents {
        let (left, right) = (find(&parent, same.left), find(&parent, same.right));
        if left == right {
            continue;
        }
        if let (Some(a), Some(b)) = (graph.as_int(left), graph.as_int(right)) {
            errors.push(Diagnostic::new(
                same.origin,
                format!("{} equal extents, but these are {a} and {b}", same.reason),
            ));
            continue;
        }
        checks.push(Check { left: same.left, right: same.right, reason: same.reason });
        if rank(graph, left) <= rank(graph, right) {
            parent.insert(right, left);
        } else {
            parent.insert(left, right);
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let classes = parent.iter().map(|(id, _)| (id, find(&parent, id))).collect();
    Ok((classes, checks))
}

fn find(parent: &IdMap<NodeId>, mut id: NodeId) -> NodeId {
    while let Some(&next) = parent.get(&id) {
        id = next;
    }
    id
}

fn rank(graph: &Graph, id: NodeId) -> (u8, NodeId) {
    let kind = match graph.op(id) {
        Op::Const(_) => 0,
        Op::Symbol(..) => 1,
        Op::Extent { .. } => 2,
        _ => 3,
    };
    (kind, id)
}

/// The node with the first possible variables bound.
fn canonical(graph: &mut Graph, id: NodeId) -> NodeId {
    let op = graph.op(id).clone();
    let args = graph.args(id);
    match &op {
        Op::Scatter { elem, rank, writes } => {
            let mut new_args = args[..*rank].to_vec();
            let mut new_writes = Vec::new();
            for write in scatter_writes(*rank, writes, &args) {
                let bodies: Vec<NodeId> = write.index.iter().copied().chain([write.value]).collect();
                let (vars, bodies) = rename(graph, write.vars, &bodies, &[]);
                new_args.extend(bodies);
                new_writes.push(vars.into_boxed_slice());
            }
            graph.add(Op::Scatter { elem: *elem, rank: *rank, writes: new_writes.into() }, &new_args)
        }
        Op::Reduce(fold, var) => {
            let (vars, bodies) = rename(graph, &[*var], &args[1..], &args[..1]);
            graph.reduce(*fold, vars[0], args[0], bodies[0])
        }
        Op::Assert { vars, clauses } if !vars.is_empty() => {
            let (vars, bodies) = rename(graph, vars, &args[1..], &args[..1]);
            let args: Vec<NodeId> = args[..1].iter().copied().chain(bodies).collect();
            graph.assert(&vars, clauses, &args)
        }
        op if !op.bound().is_empty() => {
            let (vars, bodies) = rename(graph, op.bound(), &args, &[]);
            graph.remake(&with_bound(op, &vars), &bodies)
        }
        _ => id,
    }
}

/// The first possible variables, which are not those of what stands beside the bodies either: the loops of both
/// stand in each other.
fn rename(graph: &mut Graph, bound: &[Var], bodies: &[NodeId], beside: &[NodeId]) -> (Vec<Var>, Vec<NodeId>) {
    let mut avoid: Vec<Var> = bodies.iter().flat_map(|&b| without(&graph.free(b), bound)).collect();
    avoid.extend(beside.iter().flat_map(|&node| graph.free(node).to_vec()));
    let mut map = Vec::new();
    let mut vars = Vec::new();
    for &var in bound {
        if graph.owner(var).is_some() {
            vars.push(var);
            continue;
        }
        let extent = graph.extent(var);
        let first = graph.var_over(extent, &avoid);
        avoid.push(first);
        map.push((var, graph.index(first)));
        vars.push(first);
    }
    let bodies = bodies.iter().map(|&b| graph.subst(b, &map)).collect();
    (vars, bodies)
}
