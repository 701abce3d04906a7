//! Control flow: branches that assign, and early exits.
//!
//! An exit sets a flag of what it leaves, and what comes after it runs only where the flag is not set. Flags are
//! bindings, so branches and loops treat them as any other variable.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::Stmt;

use super::reader::Reader;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::Val;
use crate::ir::{Logic, LoopId, NodeId};

/// What an exit may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// A function or closure, by `return`.
    Function,
    /// A loop, by `break`; its iteration, by `continue`.
    Loop,
    /// A labelled block, by `break`.
    Block,
}

/// Something that can be left early.
#[derive(Clone, Debug)]
pub struct Target {
    pub exit: Exit,
    pub label: Option<String>,
    /// Whether it has been left.
    pub left: BindingId,
    /// Whether the present iteration has been left.
    pub skipped: BindingId,
    /// With which value.
    pub value: BindingId,
}

/// What the bindings that a branch has assigned to hold at its end.
pub type Changes = Vec<(BindingId, Val)>;

impl Reader {
    pub fn open_target(&mut self, exit: Exit, label: Option<&syn::Label>) -> Target {
        let label = label.map(|label| label.name.ident.to_string());
        let no = self.graph.bool(false);
        let left = self.scopes.bind_hidden(Val::Scalar(no));
        let skipped = self.scopes.bind_hidden(Val::Scalar(no));
        let value = self.scopes.bind_hidden(Val::Undefined);
        let target = Target { exit, label, left, skipped, value };
        self.targets.push(target.clone());
        target
    }

    pub fn close_target(&mut self) {
        self.targets.pop();
    }

    fn flag(&self, id: BindingId) -> Option<NodeId> {
        match self.scopes.held(id) {
            Val::Scalar(node) => Some(*node),
            _ => None,
        }
    }

    /// The targets of the function or closure that is being read.
    fn own_targets(&self) -> &[Target] {
        let function = self.targets.iter().rposition(|target| target.exit == Exit::Function);
        &self.targets[function.unwrap_or(0)..]
    }

    /// Whether something around this place has been left.
    pub fn left(&mut self) -> NodeId {
        let flags: Vec<BindingId> = self.own_targets().iter().flat_map(|t| [t.left, t.skipped]).collect();
        let flags: Vec<NodeId> = flags.into_iter().filter_map(|id| self.flag(id)).collect();
        let no = self.graph.bool(false);
        flags.into_iter().fold(no, |any, flag| self.graph.logic(Logic::Or, any, flag))
    }

    /// Nothing has been left where this is read.
    pub fn stay(&mut self) {
        let flags: Vec<BindingId> = self.own_targets().iter().flat_map(|t| [t.left, t.skipped]).collect();
        let no = self.graph.bool(false);
        for id in flags {
            if self.flag(id) != Some(no) {
                self.scopes.set(id, Val::Scalar(no));
            }
        }
    }

    /// Leaves what `find` chooses, with a value.
    pub fn leave(
        &mut self,
        exit: Exit,
        label: Option<&syn::Lifetime>,
        skip: bool,
        value: Val,
        span: Span,
    ) -> Read<Val> {
        let label = label.map(|label| label.ident.to_string());
        let is_meant = |target: &&Target| match &label {
            Some(label) => target.label.as_ref() == Some(label),
            None => target.exit == exit,
        };
        let Some(target) = self.own_targets().iter().rev().find(is_meant).cloned() else {
            return self.refuse(span, "there is nothing here that this could leave");
        };
        let yes = self.graph.bool(true);
        if !matches!(value, Val::Unit) {
            self.scopes.set(target.value, value);
        }
        self.scopes.set(if skip { target.skipped } else { target.left }, Val::Scalar(yes));
        Ok(Val::Never)
    }

    /// The value of a function, closure, labelled block or `loop` whose body has ended in `value`.
    pub fn outcome(&mut self, target: &Target, value: Val, span: Span) -> Read<Val> {
        let Some(left) = self.flag(target.left) else { return Err(Refused) };
        match self.graph.as_bool(left) {
            Some(false) => Ok(value),
            Some(true) => Ok(self.with_value(target)),
            None => {
                let given = self.with_value(target);
                self.select(left, given, value, span)
            }
        }
    }

    fn with_value(&self, target: &Target) -> Val {
        match self.scopes.held(target.value) {
            Val::Undefined => Val::Unit,
            value => value.clone(),
        }
    }

    /// Runs what is read only where a condition holds.
    pub fn only_if<T>(
        &mut self,
        condition: NodeId,
        span: Span,
        body: impl FnOnce(&mut Reader) -> Read<T>,
    ) -> Read<T> {
        let mark = self.scopes.mark();
        let result = self.under_condition(condition, body);
        let changes = self.scopes.take_back(mark);
        self.merge(condition, changes, Vec::new(), span)?;
        result
    }

    /// Runs what comes after operands: `s += match … { … => continue }` adds nothing where the operand has left.
    pub fn unless_left<T>(&mut self, span: Span, body: impl FnOnce(&mut Reader) -> Read<T>) -> Read<T> {
        let left = self.left();
        if self.graph.as_bool(left) == Some(false) {
            return body(self);
        }
        let stays = self.graph.not(left);
        self.only_if(stays, span, body)
    }

    /// Branches have been read one by one; now the variables hold what they do after one of them.
    pub fn merge(&mut self, condition: NodeId, then: Changes, other: Changes, span: Span) -> Read<()> {
        let mut ids: Vec<BindingId> = then.iter().chain(&other).map(|(id, _)| *id).collect();
        ids.sort();
        ids.dedup();
        let mut refused = false;
        for id in ids {
            let of =
                |changes: &Changes| changes.iter().find(|(other, _)| *other == id).map(|(_, v)| v.clone());
            let before = self.scopes.held(id).clone();
            let a = of(&then).unwrap_or_else(|| before.clone());
            let b = of(&other).unwrap_or(before);
            match self.select_state(condition, a, b, span) {
                Ok(value) => self.scopes.set(id, value),
                Err(Refused) => {
                    self.scopes.set(id, Val::Poison);
                    refused = true;
                }
            }
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// As [`Reader::select`], of what a variable holds.
    fn select_state(&mut self, condition: NodeId, a: Val, b: Val, span: Span) -> Read<Val> {
        match (a, b) {
            (Val::Undefined, Val::Undefined) => Ok(Val::Undefined),
            (Val::Place(a), Val::Place(b)) if a == b => Ok(Val::Place(a)),
            // Only where the condition holds is there anything to compute.
            (Val::Undefined, value) => {
                let otherwise = self.graph.not(condition);
                Ok(self.guarded_value(otherwise, value))
            }
            (value, Val::Undefined) => Ok(self.guarded_value(condition, value)),
            (Val::Array(a), Val::Array(b)) if a.node == b.node && a.prefix == b.prefix => Ok(Val::Array(a)),
            (a, b) => self.select(condition, a, b, span),
        }
    }

    /// A value that is looked at only where a condition holds, and may be anything elsewhere.
    fn guarded_value(&mut self, condition: NodeId, value: Val) -> Val {
        match value {
            Val::Scalar(node) if self.graph.elem(node).is_float() => {
                let zero = self.graph.float_like(0.0, node);
                Val::Scalar(self.graph.select(condition, node, zero))
            }
            Val::Tuple(parts) => {
                Val::Tuple(parts.into_iter().map(|part| self.guarded_value(condition, part)).collect())
            }
            value => value,
        }
    }

    /// What is assigned the value that it has, of what a loop carries (but for `dropped`) and of what it does not.
    pub fn unchanged(
        &mut self,
        lp: LoopId,
        carried: &[(BindingId, Val)],
        changes: &Changes,
        dropped: &BTreeSet<BindingId>,
    ) -> BTreeSet<BindingId> {
        let mut before: Vec<(BindingId, Vec<NodeId>)> = Vec::new();
        let mut place = 0;
        for (id, value) in carried {
            let count = self.nodes_of(value).len();
            before.push((*id, (place..place + count).map(|k| self.graph.carried(lp, k)).collect()));
            place += count;
        }
        let mut found = BTreeSet::new();
        for (id, after) in changes {
            let own = match before.iter().find(|(other, _)| other == id) {
                Some(_) if dropped.contains(id) => continue,
                Some((_, own)) => own.clone(),
                None => {
                    let held = self.scopes.held(*id).clone();
                    self.nodes_of(&held)
                }
            };
            if !own.is_empty() && self.nodes_of(after) == own {
                found.insert(*id);
            }
        }
        found
    }

    /// The nodes in a value.
    pub fn nodes_of(&mut self, value: &Val) -> Vec<NodeId> {
        let mut nodes = Vec::new();
        self.relabel(value, &mut |_, node| {
            nodes.push(node);
            node
        });
        nodes
    }

    /// The rest of some statements, read where nothing has been left by those before them.
    pub fn rest(&mut self, left: NodeId, statements: &[Stmt], want: &Ty, span: Span) -> Read<Val> {
        let stays = self.graph.not(left);
        let function = self.own_targets().first().cloned();
        // At the end of a function its value is simply one or the other.
        if let Some(target) = function.filter(|t| self.at_function_level() && self.flag(t.left) == Some(left))
        {
            let given = self.with_value(&target);
            let mark = self.scopes.mark();
            self.stay();
            let value = self.under_condition(stays, |reader| reader.statements_after(statements, want));
            let value = value.and_then(|value| self.outcome(&target, value, span));
            let mut changes = self.scopes.take_back(mark);
            changes.retain(|(id, _)| *id != target.left && *id != target.value);
            self.merge(stays, changes, Vec::new(), span)?;
            let no = self.graph.bool(false);
            self.scopes.set(target.left, Val::Scalar(no));
            return self.select(left, given, value?, span);
        }
        self.only_if(stays, span, |reader| {
            reader.stay();
            reader.statements_after(statements, want)
        })
    }
}
