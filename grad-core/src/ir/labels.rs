//! What belongs to a graph beside its nodes: the user's texts, and what nodes are called.

use super::message::Message;
use super::op::{MessageId, SymbolId};
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

    /// Notes that the user's program computes a value wherever the loops over its free variables run: not only in
    /// further loops, which may have no iterations.
    pub fn mark_own_scope(&mut self, id: NodeId) {
        self.own_scope.insert(id);
    }

    pub fn has_own_scope(&self, id: NodeId) -> bool {
        self.own_scope.contains(&id)
    }

    /// Gives `to`, which stands for what `from` stood for, its name and origin.
    pub fn inherit(&mut self, from: NodeId, to: NodeId) {
        if from != to {
            if self.is_cotangent(from) {
                self.mark_cotangent(to);
            }
            if self.has_own_scope(from) {
                self.mark_own_scope(to);
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
