//! Which forward values a loop keeps of each iteration for the sweep backwards, and when it has them.

use super::looping::Region;
use crate::ir::graph::worth_saving;
use crate::ir::ids::{IdMap, IdSet};
use crate::ir::op::{Logic, Op, Var};
use crate::ir::total::is_total;
use crate::ir::walk::conditional_from;
use crate::ir::{Graph, NodeId};

/// Ways to come to a value, each with its conditions, outermost first.
type Paths = Vec<Vec<NodeId>>;

/// So many ways are told apart.
const MOST: usize = 16;

impl Region {
    /// The forward values that the translation of `values` comes across first and that are to be kept.
    pub(super) fn kept_below(&self, graph: &Graph, values: &[NodeId], dependents: &IdSet) -> IdSet {
        let mut seen: IdSet = IdSet::new();
        let mut kept = IdSet::new();
        let mut stack = values.to_vec();
        let mut branches = Vec::new();
        loop {
            // What every iteration computes comes first, then what only some do.
            let (id, always) = match (stack.pop(), branches.pop()) {
                (Some(id), held) => {
                    branches.extend(held);
                    (id, true)
                }
                (None, Some(id)) => (id, false),
                (None, None) => return kept,
            };
            if !dependents.contains(&id) || !seen.insert(id) {
                continue;
            }
            let is_forward = self.body.contains(&id)
                || self.is_of_forward_loops(graph, id) && !self.is_below_reverse(graph, id);
            let is_computed = always || !matches!(graph.op(id), Op::Scalar(_));
            let mut parts = graph.dependencies(id);
            if let Op::Trips(inner) = graph.op(id) {
                parts.extend(graph.loop_parts(*inner));
            }
            if is_forward && self.keeps(graph, id) && is_computed || self.is_part(graph, id, dependents) {
                kept.insert(id);
            } else if !always {
                branches.extend(parts);
            } else if let Some(conditional) = conditional_from(graph, id) {
                stack.extend(&parts[..conditional]);
                branches.extend(&parts[conditional..]);
            } else {
                stack.extend(parts);
            }
        }
    }

    /// Whether a value tells of all iterations of loops in the body, none of which the sweep has made to run again.
    fn is_of_forward_loops(&self, graph: &Graph, id: NodeId) -> bool {
        let loops = match graph.op(id) {
            Op::Trips(lp) => vec![*lp],
            Op::Build(_) => graph.histories(id),
            _ => Vec::new(),
        };
        !loops.is_empty() && loops.iter().all(|lp| (lp.0 as usize) < self.loops)
    }

    /// Under which conditions an iteration has each of the kept values. What it has in any case is left out.
    pub(super) fn had_when(&self, graph: &mut Graph, kept: &IdSet) -> IdMap<NodeId> {
        let info = graph.loop_info(self.forward).clone();
        let until = info.stop.iter().map(|stop| stop.until);
        let roots: Vec<NodeId> = info.next.iter().copied().chain(until).collect();
        let mut paths: IdMap<Paths> = roots.iter().map(|&id| (id, vec![Vec::new()])).collect();
        for id in users_first(graph, &roots, info.var) {
            let Some(own) = paths.get(&id).cloned() else { continue };
            for (k, part) in graph.dependencies(id).into_iter().enumerate() {
                let condition = condition_of(graph, id, k);
                let mut known = paths.get(&part).cloned().unwrap_or_default();
                for path in &own {
                    add_path(&mut known, path.iter().copied().chain(condition).collect());
                }
                paths.insert(part, known);
            }
        }
        let mut found = IdMap::new();
        for id in kept.sorted() {
            let Some(paths) = paths.get(&id) else { continue };
            let paths: Paths = paths.iter().map(|path| self.known_with(graph, path, id)).collect();
            if let Some(condition) = any_of(graph, &paths) {
                found.insert(id, condition);
            }
        }
        found
    }

    /// Those of some conditions that can be asked where a value is computed.
    fn known_with(&self, graph: &Graph, conditions: &[NodeId], value: NodeId) -> Vec<NodeId> {
        let around = graph.free(value);
        let outer = &graph.loop_info(self.forward).outer;
        let is_known = |v: &Var| around.contains(v) || outer.contains(v) || *v == self.iteration()[0];
        conditions.iter().copied().filter(|&c| graph.free(c).iter().all(is_known)).collect()
    }
}

/// A value that an iteration has only where a condition holds: zero elsewhere, unless it can be had there too.
pub(super) fn where_needed(graph: &mut Graph, value: NodeId, condition: Option<NodeId>) -> NodeId {
    let Some(condition) = condition.filter(|_| !is_total(graph, value)) else { return value };
    let zero = graph.zero(graph.elem(value));
    graph.select(condition, value, zero)
}

/// Adds a way to others, unless it is one of them with more conditions.
fn add_path(known: &mut Paths, path: Vec<NodeId>) {
    let is_within = |a: &[NodeId], b: &[NodeId]| a.iter().all(|condition| b.contains(condition));
    if known.iter().any(|other| is_within(other, &path)) {
        return;
    }
    known.retain(|other| !is_within(&path, other));
    known.push(path);
    if known.len() > MOST {
        // What they have in common holds on each of them.
        let first = known.swap_remove(0);
        let common = first.into_iter().filter(|c| known.iter().all(|path| path.contains(c)));
        *known = vec![common.collect()];
    }
}

/// What some values of an iteration are made of in it, each after everything that uses it.
fn users_first(graph: &Graph, values: &[NodeId], var: Var) -> Vec<NodeId> {
    let mut order = Vec::new();
    let mut seen = IdSet::new();
    let mut stack: Vec<(NodeId, bool)> = values.iter().map(|&id| (id, false)).collect();
    while let Some((id, is_left)) = stack.pop() {
        if is_left {
            order.push(id);
        } else if graph.depends_on(id, var) && seen.insert(id) {
            stack.push((id, true));
            stack.extend(graph.dependencies(id).into_iter().map(|part| (part, false)));
        }
    }
    order.reverse();
    order
}

/// Where at least one of some ways is taken; `None` if one has no conditions.
fn any_of(graph: &mut Graph, paths: &Paths) -> Option<NodeId> {
    let mut any: Option<NodeId> = None;
    for path in paths {
        let (&first, rest) = path.split_first()?;
        let all = rest.iter().fold(first, |all, &condition| graph.logic(Logic::And, all, condition));
        any = Some(match any {
            Some(any) => graph.logic(Logic::Or, any, all),
            None => all,
        });
    }
    any
}

/// The condition under which a node uses one of what it depends on.
fn condition_of(graph: &mut Graph, id: NodeId, part: usize) -> Option<NodeId> {
    let from = conditional_from(graph, id)?;
    let args = graph.args(id);
    let condition = args[from - 1];
    match graph.op(id) {
        _ if part < from => None,
        Op::If if part == 2 => Some(graph.not(condition)),
        Op::Logic(Logic::Or) => Some(graph.not(condition)),
        _ => Some(condition),
    }
}

/// What is kept rather than computed again in the reverse loop.
pub(super) fn is_kept(graph: &Graph, id: NodeId) -> bool {
    match graph.op(id) {
        // Of an array that changes in place the elements that are read are kept, and the array only where they are
        // read at other places than in the forward loop.
        Op::Read => changes_in_place(graph, graph.args(id)[0]),
        Op::Update { .. } => true,
        Op::Scalar(scalar) => worth_saving(*scalar),
        Op::Trips(_)
        | Op::Carried(..)
        | Op::Final(..)
        | Op::Reduce(..)
        | Op::ArgReduce(..)
        | Op::Soft(..) => true,
        _ => is_inner_history(graph, id),
    }
}

/// Whether an array is a version of one that is updated element by element.
fn changes_in_place(graph: &Graph, id: NodeId) -> bool {
    match graph.op(id) {
        Op::Update { .. } => true,
        Op::Carried(lp, k) | Op::Final(lp, k) if graph.rank(id) > 0 => {
            let next = graph.loop_info(*lp).next[*k as usize];
            match graph.op(next) {
                Op::Update { .. } => true,
                Op::Final(..) => changes_in_place(graph, next),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether an array is what a loop in the body has carried into each of its iterations.
fn is_inner_history(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.op(id), Op::Build(_)) && !graph.histories(id).is_empty()
}
