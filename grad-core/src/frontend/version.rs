//! Arrays that a branch changes in place. What it changes becomes conditional, so that the array stays one array: an
//! update has its condition, and a loop runs only where the branch is taken.

use proc_macro2::Span;

use super::reader::Reader;
use super::scope::{BindingId, Mark};
use super::spans::Read;
use super::value::{Array, Val};
use crate::ir::ids::{IdMap, IdSet};
use crate::ir::scalar::Cost;
use crate::ir::total::{is_total, needs_further_loops};
use crate::ir::{Logic, LoopId, NodeId, Op};

/// Versions of one array in a branch are followed back so far.
const LONGEST: usize = 10_000;

/// A branch that is being read.
#[derive(Clone, Copy)]
pub struct Path {
    pub condition: NodeId,
    /// What had been assigned before.
    entered: Mark,
}

impl Reader {
    /// Reads what is read only where a condition holds.
    pub fn under_condition<T>(
        &mut self,
        condition: NodeId,
        body: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Read<T> {
        self.enter(condition);
        let result = self.traced_where(condition, body);
        self.paths.pop();
        result
    }

    /// What follows is read only where a condition holds.
    pub fn enter(&mut self, condition: NodeId) {
        self.entered.insert(condition, self.graph.len());
        self.paths.push(Path { condition, entered: self.scopes.mark() });
    }

    /// Notes that a value is computed in each iteration of the loops around this place, if no branch decides: where a
    /// loop `is_gated` it runs only where the branch is taken, but is there in any case.
    pub fn mark_reached(&mut self, value: &Val, is_gated: bool) {
        if self.in_branch || self.paths.len() > self.path_start && !is_gated {
            return;
        }
        for node in self.nodes_of(value) {
            self.graph.mark_reached(node, &self.binders);
        }
    }

    /// Notes that a number is computed here.
    pub fn mark_computed(&mut self, node: NodeId) {
        self.graph.mark_computed(node, &self.binders);
        self.mark_reached(&Val::Scalar(node), false);
    }

    /// In a loop that runs only where a branch is taken, numbers of the branch stand under its condition, so that they
    /// can be computed before the loop.
    pub fn guard_numbers(&mut self, gate: Option<NodeId>) -> Vec<(BindingId, NodeId)> {
        let Some(gate) = gate else { return Vec::new() };
        let mut guarded = Vec::new();
        for id in 0..self.scopes.count() {
            let &Val::Scalar(node) = self.scopes.held(id) else { continue };
            let is_dear = self.graph.elem(node).is_float() && self.graph.node(node).weight >= Cost::SAVE;
            if is_dear && needs_further_loops(&self.graph, node, true) {
                // A factor of one can be multiplied by without asking whether it is there.
                let other = self.graph.float_like(1.0, node);
                let value = self.graph.select(gate, node, other);
                self.graph.inherit(node, value);
                self.scopes.set(id, Val::Scalar(value));
                guarded.push((id, value));
            }
        }
        guarded
    }

    /// The conditions under which this place is reached in an iteration of the loop around it.
    pub fn branch_condition(&mut self) -> Option<NodeId> {
        self.conditions_here().last().copied()
    }

    /// Notes of a loop that it is in a branch, if it is.
    pub fn note_branch(&mut self, lp: LoopId) {
        self.graph.loops[lp.0 as usize].in_branch = self.paths.len() > self.path_start;
    }

    /// For each of the branches since the loop around this place, the condition under which it is taken, those around
    /// it included.
    fn conditions_here(&mut self) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = Vec::new();
        for path in self.path_start..self.paths.len() {
            let condition = self.paths[path].condition;
            found.push(match found.last() {
                Some(&all) => self.graph.logic(Logic::And, all, condition),
                None => condition,
            });
        }
        found
    }

    /// What a loop that runs only where this place is reached begins with: what the branches around it have made of a
    /// binding, where they are taken.
    pub fn where_reached(&mut self, id: BindingId, value: Val) -> Val {
        match value {
            Val::Scalar(node) => Val::Scalar(self.scalar_where_reached(id, node)),
            Val::Array(array) if array.prefix.is_empty() => {
                let version = self.array_where_reached(id, array.node);
                let node = version.unwrap_or_else(|| self.made_where_reached(id, array.node));
                Val::Array(Array { node, ..array })
            }
            other => other,
        }
    }

    /// What the branches around this place have changed in arrays becomes conditional: what reads them may be computed
    /// before those branches.
    pub fn change_where_reached(&mut self) {
        let Some(path) = self.paths.get(self.path_start).copied() else { return };
        for id in 0..self.scopes.count() {
            let Val::Array(array) = self.scopes.held(id).clone() else { continue };
            let is_older =
                matches!(self.scopes.held_at(path.entered, id), Val::Array(old) if old.node == array.node);
            if is_older || !array.prefix.is_empty() {
                continue;
            }
            let node = match self.array_where_reached(id, array.node) {
                Some(node) => node,
                None => self.made_where_reached(id, array.node),
            };
            if node != array.node {
                self.scopes.set(id, Val::Array(Array { node, ..array }));
            }
        }
    }

    fn scalar_where_reached(&mut self, id: BindingId, node: NodeId) -> NodeId {
        let Some(&here) = self.conditions_here().last() else { return node };
        let outermost = self.paths[self.path_start].entered;
        let is_older = matches!(self.scopes.held_at(outermost, id), Val::Scalar(before) if *before == node);
        if is_older || is_total(&self.graph, node) {
            return node;
        }
        let nothing = self.graph.zero(self.graph.elem(node));
        self.graph.select(here, node, nothing)
    }

    /// As [`Reader::where_reached`], of an array that is not a version of what the binding held before.
    fn made_where_reached(&mut self, id: BindingId, array: NodeId) -> NodeId {
        let Some(&here) = self.conditions_here().last() else { return array };
        let outermost = self.paths[self.path_start].entered;
        // What is made in the branch is as long elsewhere, and zero.
        if self.scopes.is_later(outermost, id) && !is_total(&self.graph, array) {
            return match self.where_exists(here, &Array::nested(array)) {
                Val::Array(made) => made.node,
                _ => array,
            };
        }
        match self.scopes.held_at(outermost, id).clone() {
            Val::Array(before)
                if before.prefix.is_empty()
                    && before.node != array
                    && self.graph.ty(before.node) == self.graph.ty(array)
                    && !is_total(&self.graph, array) =>
            {
                let made = Array { node: array, ..before.clone() };
                match self.select_arrays(here, &made, &before, Span::call_site()) {
                    Ok(Val::Array(made)) => made.node,
                    _ => array,
                }
            }
            _ => array,
        }
    }

    fn array_where_reached(&mut self, id: BindingId, array: NodeId) -> Option<NodeId> {
        let mut before: Vec<NodeId> = Vec::new();
        for path in &self.paths[self.path_start..] {
            if self.scopes.is_later(path.entered, id) {
                return None;
            }
            match self.scopes.held_at(path.entered, id) {
                Val::Array(array) if array.prefix.is_empty() => before.push(array.node),
                _ => return None,
            }
        }
        let mut latest = *before.first()?;
        let after = before.clone().into_iter().skip(1).chain([array]);
        for ((condition, base), version) in self.conditions_here().into_iter().zip(before).zip(after) {
            let versions = self.versions(version);
            latest = self.conditional(condition, &versions, base, latest)?;
        }
        Some(latest)
    }

    /// `if condition { a } else { b }` of numbers, where one is the result of a loop that runs only if the other is not
    /// what is wanted: it then has the value with which the loop would have begun.
    pub fn gated_result(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let otherwise = self.graph.not(condition);
        [(condition, a, b), (otherwise, b, a)].into_iter().find_map(|(condition, result, before)| {
            let Op::Final(lp, k) = *self.graph.op(result) else { return None };
            let is_gated = self.gates.get(&lp)?.contains(&condition);
            (is_gated && self.graph.loop_info(lp).init[k as usize] == before).then_some(result)
        })
    }

    /// `if condition { a } else { b }` of two arrays that are versions of one: the changes of both, each where it is
    /// meant. `None` where they are not.
    pub fn merge_versions(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (of_a, of_b) = (self.versions(a), self.versions(b));
        let base = *of_a.iter().find(|version| of_b.contains(version))?;
        if a == base && b == base {
            return Some(base);
        }
        if let Some(one) = self.one_update(condition, a, b) {
            return Some(one);
        }
        let middle = self.conditional(condition, &of_a, base, base)?;
        let otherwise = self.graph.not(condition);
        self.conditional(otherwise, &of_b, base, middle)
    }

    /// One element that both branches replace, by a number that depends on the condition.
    fn one_update(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let is_put = |reader: &Reader, id: NodeId| *reader.graph.op(id) == Op::Update { add: false };
        if !is_put(self, a) || !is_put(self, b) {
            return None;
        }
        let (of_a, of_b) = (self.graph.args(a), self.graph.args(b));
        let ((&x, place), (&y, other)) = (of_a.split_last()?, of_b.split_last()?);
        let is_one = place == other && self.graph.as_bool(place[1]) == Some(true);
        if !is_one || self.graph.rank(x) > 0 || self.graph.elem(x) != self.graph.elem(y) {
            return None;
        }
        let value = self.graph.select(condition, x, y);
        let args: Vec<NodeId> = place.iter().copied().chain([value]).collect();
        Some(self.graph.update(false, &args))
    }

    /// An array and what it is a later version of, back to where it was made.
    fn versions(&self, array: NodeId) -> Vec<NodeId> {
        let mut versions = vec![array];
        let mut at = array;
        while versions.len() < LONGEST {
            at = match *self.graph.op(at) {
                Op::Update { .. } => self.graph.args(at)[0],
                Op::Final(lp, k) if self.gates.contains_key(&lp) => self.graph.loop_info(lp).init[k as usize],
                _ => break,
            };
            versions.push(at);
        }
        versions
    }

    /// The first of some versions, the changes since `base` made to `on`, and only where a condition holds.
    fn conditional(
        &mut self,
        condition: NodeId,
        versions: &[NodeId],
        base: NodeId,
        on: NodeId,
    ) -> Option<NodeId> {
        let since = versions.iter().position(|&version| version == base)?;
        let mut map: IdMap<NodeId> = [(base, on)].into_iter().collect();
        let mut latest = on;
        for &version in versions[..since].iter().rev() {
            latest = match *self.graph.op(version) {
                Op::Update { add } => {
                    let args = self.graph.args(version);
                    let mut args = self.rebased(condition, &args[1..], &map);
                    if !self.implies(args[0], condition) {
                        args[0] = self.graph.logic(Logic::And, condition, args[0]);
                    }
                    args.insert(0, latest);
                    self.graph.update(add, &args)
                }
                Op::Final(lp, k) => {
                    let is_unchanged = self.graph.loop_info(lp).init[k as usize] == latest;
                    let is_gated = self.gates.get(&lp).is_some_and(|gates| gates.contains(&condition));
                    (is_unchanged && is_gated).then_some(version)?
                }
                _ => return None,
            };
            map.insert(version, latest);
        }
        Some(latest)
    }

    /// What a branch computes, of other versions of arrays. What was there before the branch is not computed again.
    fn rebased(&mut self, condition: NodeId, values: &[NodeId], map: &IdMap<NodeId>) -> Vec<NodeId> {
        let older = self.entered.get(&condition).copied().unwrap_or(0);
        let mut map = map.clone();
        let mut seen = IdSet::new();
        let mut stack = values.to_vec();
        while let Some(id) = stack.pop() {
            if map.contains_key(&id) || !seen.insert(id) {
                continue;
            }
            match (id.0 as usize) < older && self.graph.rank(id) == 0 {
                true => _ = map.insert(id, id),
                false => stack.extend(self.graph.dependencies(id)),
            }
        }
        self.graph.replace(values, map)
    }

    /// Whether another condition is part of one.
    fn implies(&self, condition: NodeId, other: NodeId) -> bool {
        condition == other
            || *self.graph.op(condition) == Op::Logic(Logic::And)
                && self.graph.args(condition).iter().any(|&part| self.implies(part, other))
    }
}

/// Whether a binding still holds the number that it was given.
pub fn is_one_of(given: &[(BindingId, NodeId)], id: BindingId, value: &Val) -> bool {
    matches!(value, Val::Scalar(node) if given.contains(&(id, *node)))
}
