//! Arrays that a branch changes in place: they stay where they are, and what changes them happens only where the
//! branch is taken.

use super::flow::Changes;
use super::reader::Reader;
use super::scope::BindingId;
use super::value::{Array, Val};
use crate::ir::ids::Set;
use crate::ir::{LoopId, NodeId, Op};

/// How a version of an array has come from another: the loops that run over it and the updates outside of those.
#[derive(Default)]
struct Chain {
    loops: Set<LoopId>,
    updates: Set<NodeId>,
}

impl Reader {
    /// Takes the arrays out of what two branches change that they change in place, and gives what these are after
    /// both. What else has come from them is adapted.
    pub fn merge_in_place(
        &mut self,
        condition: NodeId,
        then: &mut Changes,
        other: &mut Changes,
    ) -> Vec<(BindingId, Val)> {
        let mut merged = self.merge_elements(condition, then, other);
        let otherwise = self.graph.not(condition);
        let first = self.gate(condition, then);
        // The second branch changes what the first has left, which is what was there if that was not taken.
        for &id in &first {
            let Some((base, after)) = self.version(id, then) else { continue };
            if self.version(id, other).is_some_and(|(_, own)| self.changed_from(own, base).is_some()) {
                self.map_changes(other, |reader, nodes| {
                    reader.graph.replace(nodes, [(base, after)].into_iter().collect())
                });
            }
        }
        let bases: Vec<(BindingId, NodeId)> =
            first.iter().filter_map(|&id| Some((id, self.version(id, then)?.1))).collect();
        let second = self.gate_from(otherwise, other, &bases);
        for (changes, gated) in [(then, first), (other, second.clone())] {
            for id in gated {
                if let Some(at) = changes.iter().position(|(other, _)| *other == id) {
                    let (id, value) = changes.remove(at);
                    merged.retain(|(other, _)| *other != id);
                    merged.push((id, value));
                }
            }
        }
        merged
    }

    /// One element that both branches set is set once, to one or the other.
    fn merge_elements(
        &mut self,
        condition: NodeId,
        then: &mut Changes,
        other: &mut Changes,
    ) -> Vec<(BindingId, Val)> {
        let mut merged = Vec::new();
        let ids: Vec<BindingId> = then.iter().map(|(id, _)| *id).collect();
        for id in ids {
            let (Some((base, a)), Some((_, b))) = (self.version(id, then), self.version(id, other)) else {
                continue;
            };
            let Some(node) = self.merged_element(condition, base, a, b) else { continue };
            let Val::Array(array) = self.scopes.held(id) else { continue };
            merged.push((id, Val::Array(Array::new(node, array.family))));
            then.retain(|(other, _)| *other != id);
            other.retain(|(other, _)| *other != id);
        }
        merged
    }

    fn merged_element(&mut self, condition: NodeId, base: NodeId, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (Op::Update { add: a_adds }, Op::Update { add: b_adds }) = (self.graph.op(a), self.graph.op(b))
        else {
            return None;
        };
        let (a_adds, b_adds) = (*a_adds, *b_adds);
        let (a, b) = (self.graph.args(a), self.graph.args(b));
        let ((&x, i), (&y, j)) = (a[2..].split_last()?, b[2..].split_last()?);
        let always = [a[1], b[1]].iter().all(|&c| self.graph.as_bool(c) == Some(true));
        if [a[0], b[0]] != [base; 2] || i != j || !always || self.graph.rank(x) > 0 || self.graph.rank(y) > 0
        {
            return None;
        }
        let mut set = |value: NodeId, adds: bool| {
            let before = self.graph.read(base, i);
            if adds && a_adds != b_adds { self.graph.plus(before, value) } else { value }
        };
        let (x, y) = (set(x, a_adds), set(y, b_adds));
        let value = self.graph.select(condition, x, y);
        let args: Vec<NodeId> = a[..2].iter().chain(i).copied().chain([value]).collect();
        Some(self.graph.update(a_adds && b_adds, &args))
    }

    /// The array that a variable holds, and the one that a branch leaves in it.
    fn version(&self, id: BindingId, changes: &Changes) -> Option<(NodeId, NodeId)> {
        let (_, after) = changes.iter().find(|(other, _)| *other == id)?;
        match (self.scopes.held(id), after) {
            (Val::Array(before), Val::Array(after))
                if before.prefix.is_empty() && after.prefix.is_empty() =>
            {
                Some((before.node, after.node))
            }
            _ => None,
        }
    }

    /// Lets what a branch changes in place happen only where a condition holds. Gives the variables.
    fn gate(&mut self, condition: NodeId, changes: &mut Changes) -> Vec<BindingId> {
        self.gate_from(condition, changes, &[])
    }

    /// As [`Reader::gate`], where some variables hold other versions by now.
    fn gate_from(
        &mut self,
        condition: NodeId,
        changes: &mut Changes,
        bases: &[(BindingId, NodeId)],
    ) -> Vec<BindingId> {
        let mut all = Chain::default();
        let mut ids = Vec::new();
        for (id, _) in changes.iter() {
            let Some((held, after)) = self.version(*id, changes) else { continue };
            let base = bases.iter().find(|(other, _)| other == id).map_or(held, |(_, base)| *base);
            if let Some(chain) = self.changed_from(after, base) {
                all.loops.extend(chain.loops);
                all.updates.extend(chain.updates);
                ids.push(*id);
            }
        }
        if !ids.is_empty() {
            self.map_changes(changes, |reader, nodes| {
                reader.graph.only_if(nodes, condition, all.loops, all.updates)
            });
        }
        ids
    }

    /// How an array has come from another by changes in place; not if it is the other.
    fn changed_from(&self, node: NodeId, base: NodeId) -> Option<Chain> {
        let mut chain = Chain::default();
        let mut at = node;
        while at != base {
            match self.graph.op(at) {
                Op::Update { .. } => {
                    chain.updates.insert(at);
                    at = self.graph.args(at)[0];
                }
                Op::Final(lp, k) => {
                    chain.loops.insert(*lp);
                    at = self.graph.loop_info(*lp).init[*k as usize];
                }
                _ => return None,
            }
        }
        (node != base).then_some(chain)
    }

    /// Puts other nodes in the place of those of some changes.
    fn map_changes(
        &mut self,
        changes: &mut Changes,
        map: impl FnOnce(&mut Reader, &[NodeId]) -> Vec<NodeId>,
    ) {
        let mut nodes = Vec::new();
        for (_, value) in changes.iter() {
            self.relabel(value, &mut |_, node| {
                nodes.push(node);
                node
            });
        }
        let mut new = map(self, &nodes).into_iter();
        for (_, value) in changes.iter_mut() {
            *value = self.relabel(value, &mut |_, node| new.next().unwrap_or(node));
        }
    }
}
