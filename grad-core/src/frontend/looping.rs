//! Loops: what the body assigns is carried from one iteration to the next.
//!
//! The body is read once with what it assigns carried. What turns out to be a sum, a running maximum or an array
//! made element by element does not stay in the loop (`raise.rs`).

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::Expr;

use super::flow::{Changes, Target};
use super::grow::Grow;
use super::reader::Reader;
use super::scope::BindingId;
use super::spans::Read;
use super::value::Val;
use super::version::is_one_of;
use crate::ir::op::Snapshots;
use crate::ir::total::is_total;
use crate::ir::{Elem, Logic, LoopId, NodeId, Op, Var};

/// How often the body of one loop is read before the reader gives up.
const ATTEMPTS: usize = 8;

/// A loop of the program.
pub struct Body<'a> {
    /// How many iterations there are at most; `None` for `while` and `loop`.
    pub bound: Option<NodeId>,
    pub span: Span,
    /// What is read in each iteration, from the index.
    pub read: &'a mut dyn FnMut(&mut Reader, NodeId) -> Read<()>,
    /// The condition of `while`.
    pub head: Option<&'a Expr>,
    pub checkpoint: Option<Snapshots>,
}

/// The types that literals turn out to have, of the nodes that bindings hold.
type Types = Vec<((BindingId, usize), Elem)>;

/// What is carried: bindings and the nodes that they hold.
#[derive(Clone, Default)]
struct Carried {
    slots: Vec<(BindingId, Val)>,
}

impl Reader {
    /// Reads a loop. What it carries is first what its body is seen to assign, and then what reading it has shown.
    pub fn looped(&mut self, target: &Target, names: &[String], mut body: Body) -> Read<()> {
        let mut ids: BTreeSet<BindingId> = BTreeSet::new();
        for name in names {
            if let Some(id) = self.scopes.resolve(name) {
                ids.insert(self.root_of(id));
            }
        }
        let mut stops = body.bound.is_none();
        let mut gate: Option<NodeId> = None;
        let mut dropped: BTreeSet<BindingId> = BTreeSet::new();
        let mut types = Types::new();
        let (before, mut asserts) = (self.asserted, false);
        let (mut grow, mut stale, mut windows) = (Grow::new(), BTreeSet::new(), BTreeSet::new());
        let mut options: Vec<(BindingId, Val)> = Vec::new();
        let computed = self.graph.computed().clone();
        for _ in 0..ATTEMPTS {
            self.asserted = before;
            self.graph.set_computed(computed.clone());
            self.show_windows(&windows);
            options.iter().for_each(|(id, none)| self.scopes.set(*id, none.clone()));
            let carried = self.carried_state(&ids, &types, (gate, &grow), &body)?;
            let traced = self.traced_values();
            let mark = self.scopes.mark();
            let guarded = self.guard_numbers(gate);
            let binders = self.outer_binders();
            let mut init = carried.nodes(self);
            if let Some(gate) = gate {
                init = init.into_iter().map(|node| self.where_gated(gate, node)).collect();
            }
            init.extend(asserts.then_some(before));
            let (lp, var) = match stops {
                true => self.graph.open_stopping_loop(body.bound, binders.into(), init.clone()),
                false => {
                    let extent = body.bound.expect("a loop without a bound stops");
                    let extent = self.gated_extent(gate, extent);
                    self.graph.open_loop(extent, binders.into(), init.clone())
                }
            };
            self.graph.loops[lp.0 as usize].checkpoint = body.checkpoint;
            self.asserted = if asserts { self.graph.carried(lp, init.len() - 1) } else { before };
            let (start, said) = (self.asserted, self.diagnostics.len());
            let outside = (
                std::mem::take(&mut self.pushed),
                std::mem::take(&mut self.renewed),
                std::mem::take(&mut self.entries),
            );
            let in_branch = self.in_branch;
            self.in_branch |= self.paths.len() > self.path_start && gate.is_none();
            let read = self.iteration(lp, var, (&carried, &grow, &stale), &mut body);
            self.in_branch = in_branch;
            let mut changes = self.scopes.take_back(mark);
            let pushed = std::mem::replace(&mut self.pushed, outside.0);
            let renewed = std::mem::replace(&mut self.renewed, outside.1);
            let entries = std::mem::replace(&mut self.entries, outside.2);
            changes.retain(|(id, value)| !stale.contains(id) && !is_one_of(&guarded, *id, value));
            let refilled = self.refilled(&renewed, &changes);
            if !refilled.is_empty() && read.is_ok() {
                ids.retain(|id| !refilled.contains(id));
                stale.extend(refilled);
                continue;
            }
            let shorter = self.shortened_slices(lp, &carried.slots, &changes);
            if !shorter.is_empty() && read.is_ok() {
                windows.extend(shorter);
                continue;
            }
            let optional = self.new_options(&carried, &changes);
            if !optional.is_empty() {
                self.diagnostics.truncate(said);
                options.extend(optional);
                continue;
            }
            let parts = self.part_before_loop(body.span);
            if parts.inspect_err(|_| ids.iter().for_each(|&id| self.scopes.set(id, Val::Poison)))? {
                self.diagnostics.truncate(said);
                continue;
            }
            let grows = self.grows(pushed, (lp, body.bound), &mut grow);
            if grows.inspect_err(|_| ids.iter().for_each(|&id| self.scopes.set(id, Val::Poison)))? {
                self.diagnostics.truncate(said);
                ids.extend(grow.keys());
                continue;
            }
            let until = read.inspect_err(|_| ids.iter().for_each(|&id| self.scopes.set(id, Val::Poison)))?;
            let asserted = std::mem::replace(&mut self.asserted, before);
            // What is asserted in the loop is carried on, once it is seen that there is something.
            if !asserts && asserted != start {
                asserts = true;
                continue;
            }
            let exits = self.exits(&changes);
            let unchanged = self.unchanged(lp, &carried.slots, &changes, &dropped);
            changes.retain(|(id, _)| !unchanged.contains(id));
            let changed: BTreeSet<BindingId> =
                changes.iter().map(|(id, _)| *id).filter(|id| *id != target.skipped).collect();
            let flags = self.flags_of(&changes);
            let needed: BTreeSet<BindingId> =
                changed.iter().copied().filter(|id| !self.is_fresh(*id) || flags.contains(id)).collect();
            if exits && !stops {
                stops = true;
                ids.extend(needed);
                continue;
            }
            let missing: Vec<BindingId> = needed.iter().copied().filter(|id| !ids.contains(id)).collect();
            let idle: Vec<BindingId> = ids.iter().copied().filter(|id| !changed.contains(id)).collect();
            if !missing.is_empty() || !idle.is_empty() {
                dropped.extend(&idle);
                ids.extend(missing);
                ids.retain(|id| changed.contains(id));
                continue;
            }
            let new_types = self.types_of(lp, &carried, &changes);
            // What a loop around this one carries gets its type when that one is read again.
            if new_types.iter().any(|new| !types.contains(new)) {
                types.retain(|(at, _)| new_types.iter().all(|(other, _)| other != at));
                types.extend(new_types);
                continue;
            }
            let until = match gate.filter(|_| stops) {
                Some(gate) => {
                    let shut = self.graph.not(gate);
                    self.graph.logic(Logic::Or, shut, until)
                }
                None => until,
            };
            let asserted = asserts.then_some(asserted);
            let results = self.close(lp, until, (&carried, changes, target), (stops, asserted), body.span)?;
            let mut results = self.results_grown(results, lp, &grow, &entries)?;
            results.extend(stale.iter().map(|&id| (id, Val::Stale)));
            for (_, value) in results.iter_mut().filter(|(id, _)| windows.contains(id)) {
                if let Val::Window(window) = value {
                    *value = self.shown(&window.clone());
                }
            }
            // An array that a branch changes in place stays one array if the loop runs only there. So do assertions;
            // and what a trace reports of a loop outlives the branch.
            let asserts_in_loop = matches!(self.graph.op(self.asserted), Op::Final(of, _) if *of == lp);
            if gate.is_none()
                && (asserts_in_loop
                    || self.changes_arrays(&results)
                    || (!self.outer_binders().is_empty() || !self.runs_anywhere(lp))
                        && self.carries_on(&results)
                    || (stops || self.keeps_arrays(&results)) && !self.begins_anywhere(lp)
                    || self.traced_values() > traced)
            {
                gate = self.branch_condition();
                if gate.is_some() {
                    continue;
                }
            }
            if gate.is_none() {
                self.note_branch(lp);
            } else {
                let conditions = self.paths[self.path_start..].iter().map(|path| path.condition).collect();
                self.gates.insert(lp, conditions);
            }
            self.leave_loop(target, results, gate.is_some());
            return Ok(());
        }
        self.refuse(body.span, "this loop cannot be read: what its body assigns changes its type")
    }

    /// What is `None` before a loop, of the type of what it puts there.
    fn new_options(&mut self, carried: &Carried, changes: &Changes) -> Vec<(BindingId, Val)> {
        let is_open =
            |value: &Val| matches!(value, Val::Optional(inner, _) if matches!(**inner, Val::Undefined));
        let mut found = Vec::new();
        for (id, value) in changes {
            let open = carried.slots.iter().any(|(slot, before)| slot == id && is_open(before));
            if let Val::Optional(inner, _) = value
                && open
                && !is_open(value)
            {
                found.push((*id, self.none_like(inner)));
            }
        }
        found
    }

    /// The binding that an assignment through this one changes.
    fn root_of(&self, id: BindingId) -> BindingId {
        match self.scopes.held(id) {
            Val::Place(place) => place.root,
            _ => id,
        }
    }

    /// Whether a binding has no value yet, so that none is carried into the first iteration.
    fn is_fresh(&self, id: BindingId) -> bool {
        matches!(self.scopes.held(id), Val::Undefined)
    }

    /// The flags among some changed bindings that may be set.
    fn flags_of(&self, changes: &Changes) -> BTreeSet<BindingId> {
        let flags = self.targets.iter().map(|target| target.left).collect::<BTreeSet<_>>();
        changes.iter().map(|(id, _)| *id).filter(|id| flags.contains(id)).collect()
    }

    /// Whether the body may leave the loop, or something around it.
    fn exits(&self, changes: &Changes) -> bool {
        changes.iter().any(|(id, value)| {
            let is_flag = self.targets.iter().any(|target| target.left == *id)
                || self.targets.iter().rev().skip(1).any(|target| target.skipped == *id);
            let never = matches!(value, Val::Scalar(node) if self.graph.as_bool(*node) == Some(false));
            is_flag && !never
        })
    }

    /// What is carried into the first iteration.
    fn carried_state(
        &mut self,
        ids: &BTreeSet<BindingId>,
        types: &Types,
        (gate, grow): (Option<NodeId>, &Grow),
        body: &Body,
    ) -> Read<Carried> {
        let mut slots = Vec::new();
        if gate.is_some() {
            self.change_where_reached();
        }
        for &id in ids {
            let value = self.scopes.held(id).clone();
            let elem_of = |k: usize| types.iter().find(|(at, _)| *at == (id, k)).map(|(_, elem)| *elem);
            let value = match grow.get(&id) {
                Some(grown) => self.with_room(id, grown, body.bound.is_none())?,
                None => {
                    let value = self.carriable(value, elem_of(0), body.span)?;
                    let mut k = 0;
                    self.relabel(&value, &mut |reader, node| {
                        k += 1;
                        elem_of(k - 1).map_or(node, |elem| reader.settled_as(node, elem))
                    })
                }
            };
            let value = if gate.is_some() { self.where_reached(id, value) } else { value };
            if !matches!(value, Val::Undefined) {
                self.scopes.set(id, value.clone());
                slots.push((id, value));
            }
        }
        Ok(Carried { slots })
    }

    /// Reads one iteration. Returns when to stop before it.
    fn iteration(
        &mut self,
        lp: LoopId,
        var: Var,
        (carried, grow, stale): (&Carried, &Grow, &BTreeSet<BindingId>),
        body: &mut Body,
    ) -> Read<NodeId> {
        let index = self.graph.index(var);
        let mut next = 0;
        for (id, value) in &carried.slots {
            let value = self.relabel(value, &mut |reader, _| {
                next += 1;
                reader.graph.carried(lp, next - 1)
            });
            let value = self.lengthened(value, grow.get(id), index);
            if let Some(name) = self.scopes.name_of(*id) {
                self.name(&value, &name);
            }
            self.scopes.set(*id, value);
        }
        stale.iter().for_each(|&id| self.scopes.set(id, Val::Stale));
        let path_start = std::mem::replace(&mut self.path_start, self.paths.len());
        let outer = std::mem::replace(&mut self.outer_bindings, self.scopes.count());
        let result = self.under_var(var, |reader| {
            // What the condition binds is there in the body.
            reader.scopes.open();
            let until = reader.until(body.head).and_then(|until| {
                (body.read)(reader, index)?;
                Ok(until)
            });
            reader.scopes.close();
            until
        });
        self.path_start = path_start;
        self.outer_bindings = outer;
        result
    }

    /// No iterations where a condition does not hold.
    pub fn gated_extent(&mut self, gate: Option<NodeId>, extent: NodeId) -> NodeId {
        match gate {
            Some(gate) => {
                let none = self.graph.usize(0);
                self.graph.select(gate, extent, none)
            }
            None => extent,
        }
    }

    /// What a loop that runs only under a condition begins with, if that need not exist elsewhere.
    fn where_gated(&mut self, gate: NodeId, init: NodeId) -> NodeId {
        if self.graph.rank(init) > 0 || is_total(&self.graph, init) {
            return init;
        }
        let nothing = self.graph.zero(self.graph.elem(init));
        self.graph.select(gate, init, nothing)
    }

    /// Whether a loop makes arrays of what it carries.
    fn keeps_arrays(&self, results: &[(BindingId, Val)]) -> bool {
        results.iter().any(|(_, value)| match value {
            Val::Array(array) => !self.graph.histories(array.node).is_empty(),
            Val::Growing(_) | Val::Recorded(_) => true,
            _ => false,
        })
    }

    /// Whether a loop can begin outside of the branch that it is in.
    fn begins_anywhere(&self, lp: LoopId) -> bool {
        let info = self.graph.loop_info(lp);
        let extent = self.graph.extent(info.var);
        info.init.iter().chain([&extent]).all(|&part| is_total(&self.graph, part))
    }

    /// Whether the iterations of a loop can be computed outside of the branch that it is in.
    fn runs_anywhere(&self, lp: LoopId) -> bool {
        let is_total = |&part: &NodeId| is_total(&self.graph, part);
        self.begins_anywhere(lp) && self.graph.loop_info(lp).next.iter().all(is_total)
    }

    /// Whether a loop has changed an array in place.
    fn changes_arrays(&self, results: &[(BindingId, Val)]) -> bool {
        results.iter().any(|(_, value)| {
            matches!(value, Val::Array(array) if matches!(self.graph.op(array.node), Op::Final(..)))
        })
    }

    fn carries_on(&self, results: &[(BindingId, Val)]) -> bool {
        results.iter().any(
            |(_, value)| matches!(value, Val::Scalar(node) if matches!(self.graph.op(*node), Op::Final(..))),
        )
    }

    /// After a loop the variables hold its results, and it has been left.
    fn leave_loop(&mut self, target: &Target, results: Vec<(BindingId, Val)>, is_gated: bool) {
        for (id, value) in results {
            self.mark_reached(&value, is_gated);
            if let Some(name) = self.scopes.name_of(id) {
                self.name(&value, &name);
            }
            self.scopes.set(id, value);
        }
        let no = self.graph.bool(false);
        self.scopes.set(target.left, Val::Scalar(no));
    }

    /// The types that literals have met in the body.
    fn types_of(&mut self, lp: LoopId, carried: &Carried, changes: &Changes) -> Types {
        let mut types = Vec::new();
        let mut place = 0;
        for (id, value) in &carried.slots {
            let before = self.nodes_of(value);
            let after = changes.iter().find(|(other, _)| other == id).map(|(_, value)| value.clone());
            let after = after.map_or_else(Vec::new, |value| self.nodes_of(&value));
            for (k, &node) in before.iter().enumerate() {
                let own = self.graph.carried(lp, place);
                place += 1;
                let after = after.get(k).filter(|_| after.len() == before.len());
                let after = self.graph.met.get(&own).copied().or(after.map(|&after| self.graph.elem(after)));
                let before = self.graph.elem(node);
                if let Some(after) = after
                    && before.is_open()
                    && !after.is_open()
                    && before.is_float() == after.is_float()
                {
                    types.push(((*id, k), after));
                }
            }
        }
        types
    }

    /// The loop is known: what it carries on, and what the variables hold after it.
    fn close(
        &mut self,
        lp: LoopId,
        until: NodeId,
        (carried, changes, target): (&Carried, Changes, &Target),
        (stops, asserted): (bool, Option<NodeId>),
        span: Span,
    ) -> Read<Vec<(BindingId, Val)>> {
        let mut next = Vec::new();
        let mut results: Vec<(BindingId, Val)> = Vec::new();
        for (id, before) in &carried.slots {
            let after = changes.iter().find(|(other, _)| other == id).map(|(_, value)| value.clone());
            let after = after.unwrap_or_else(|| before.clone());
            self.agreeing(before, after, &mut next, span)?;
            results.push((*id, before.clone()));
        }
        let place = next.len();
        next.extend(asserted);
        // What has its first value from the body is carried out of it only.
        for (id, value) in changes {
            if id != target.skipped && carried.slots.iter().all(|(slot, _)| *slot != id) {
                let mut fresh = Vec::new();
                let value = self.carriable(value, None, span)?;
                if matches!(value, Val::Undefined) {
                    continue;
                }
                self.agreeing(&value, value.clone(), &mut fresh, span)?;
                for &node in &fresh {
                    let init = self.nothing_like(node);
                    self.graph.loops[lp.0 as usize].init.push(init);
                }
                next.extend(fresh);
                results.push((id, value));
            }
        }
        self.graph.close_loop(lp, next);
        if stops {
            self.graph.stop_when(lp, until);
        }
        let mut finals = self.raise(lp);
        if asserted.is_some() {
            self.asserted = finals.remove(place);
        }
        let mut finals = finals.into_iter();
        Ok(results
            .into_iter()
            .map(|(id, value)| (id, self.relabel(&value, &mut |_, node| finals.next().unwrap_or(node))))
            .collect())
    }
}

impl Carried {
    fn nodes(&self, reader: &mut Reader) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        self.slots.iter().for_each(|(_, value)| nodes.extend(reader.nodes_of(value)));
        nodes
    }
}
