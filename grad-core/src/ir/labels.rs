//! What belongs to a graph beside its nodes: the user's texts, and what nodes are called.

use std::rc::Rc;

use super::ids::IdMap;
use super::message::Message;
use super::op::{MessageId, SymbolId, Var};
use super::{Graph, NodeId, Origin};

impl Graph {
    pub fn symbol(&self, id: SymbolId) -> &str {
        &self.symbols[id.0 as usize]
    }

    /// Every text that stands for a value of the user's program.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    pub fn intern_symbol(&mut self, text: &str) -> SymbolId {
        let at = self.symbols.iter().position(|s| s == text).unwrap_or_else(|| {
            self.symbols.push(text.to_string());
            self.symbols.len() - 1
        });
        SymbolId(at as u32)
    }

    pub fn message(&self, id: MessageId) -> &Message {
        &self.messages[id.0 as usize]
    }

    pub fn intern_message(&mut self, message: Message) -> MessageId {
        let at = self.messages.iter().position(|m| *m == message).unwrap_or_else(|| {
            self.messages.push(message);
            self.messages.len() - 1
        });
        MessageId(at as u32)
    }

    /// Gives a node the user's name for it; the first name stays.
    pub fn set_name(&mut self, id: NodeId, name: &str) {
        self.names.slot(id).get_or_insert_with(|| name.to_string());
    }

    pub fn name(&self, id: NodeId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// Marks what the sweep backwards hands from a value to its operands.
    pub fn mark_cotangent(&mut self, id: NodeId) {
        self.cotangents.insert(id);
    }

    pub fn is_cotangent(&self, id: NodeId) -> bool {
        self.cotangents.contains(&id)
    }

    /// Notes that the user's program computes a value in loops over some variables. Of those that it does not depend on
    /// the extents are kept: where one of them is zero, the value need not exist.
    pub fn mark_computed(&mut self, id: NodeId, binders: &[Var]) {
        let others = binders.iter().filter(|&&v| !self.depends_on(id, v)).map(|&v| self.extent(v));
        let mut extents: Vec<NodeId> = others.filter(|&n| self.as_int(n).is_none_or(|n| n == 0)).collect();
        extents.dedup();
        if self.around.get(&id).is_none_or(|known| known.len() > extents.len()) {
            self.around.insert(id, extents.into());
        }
    }

    /// What has been noted so far of what the user's program computes.
    pub fn computed(&self) -> &IdMap<Rc<[NodeId]>> {
        &self.around
    }

    /// Forgets what has been noted since.
    pub fn set_computed(&mut self, computed: IdMap<Rc<[NodeId]>>) {
        self.around = computed;
    }

    /// The extents of the loops in which alone the user's program computes a value, beside those over its variables.
    pub fn further_loops(&self, id: NodeId) -> Option<Rc<[NodeId]>> {
        self.around.get(&id).cloned()
    }

    /// What `further_loops` says of a node in terms of other extents.
    pub(super) fn rename_further_loops(&mut self, id: NodeId, to: &dyn Fn(NodeId) -> NodeId) {
        if let Some(extents) = self.around.get(&id).filter(|extents| !extents.is_empty()) {
            let extents: Rc<[NodeId]> = extents.iter().map(|&extent| to(extent)).collect();
            self.around.insert(id, extents);
        }
    }

    /// Gives `to`, which stands for what `from` stood for, its name and origin.
    pub fn inherit(&mut self, from: NodeId, to: NodeId) {
        if from != to {
            if self.is_cotangent(from) {
                self.mark_cotangent(to);
            }
            if let Some(extents) = self.further_loops(from)
                && self.around.get(&to).is_none_or(|known| known.len() > extents.len())
            {
                self.around.insert(to, extents);
            }
            if let Some(name) = self.names.get(&from).cloned() {
                self.set_name(to, &name);
            }
            let origin = self.node(from).origin;
            let node = &mut self.nodes[to.0 as usize];
            if node.origin == Origin::default() {
                node.origin = origin;
            }
        }
    }
}
