//! What belongs to a graph beside its nodes: the user's texts, and what nodes are called.

use std::rc::Rc;

use super::ids::IdMap;
use super::message::Message;
use super::op::{MessageId, SymbolId, Var};
use super::{Graph, NodeId, Origin};

/// What has been noted of what the user's program computes.
#[derive(Clone)]
pub struct Computed {
    around: IdMap<Rc<[NodeId]>>,
    reached: IdMap<Rc<[NodeId]>>,
}

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
        let extents = self.others_of(id, binders);
        keep_fewest(&mut self.around, id, extents);
    }

    /// As [`Graph::mark_computed`], of what is computed in each iteration of these loops, whichever branches are taken.
    pub fn mark_reached(&mut self, id: NodeId, binders: &[Var]) {
        let extents = self.others_of(id, binders);
        keep_fewest(&mut self.reached, id, extents);
    }

    fn others_of(&self, id: NodeId, binders: &[Var]) -> Rc<[NodeId]> {
        let others = binders.iter().filter(|&&v| !self.depends_on(id, v)).map(|&v| self.extent(v));
        let mut extents: Vec<NodeId> = others.filter(|&n| self.as_int(n).is_none_or(|n| n == 0)).collect();
        extents.dedup();
        extents.into()
    }

    /// Notes that what comes of a value on the way back is computed where that is.
    pub fn reach_with(&mut self, id: NodeId, other: NodeId) {
        if let Some(extents) = self.reached.get(&id).cloned() {
            keep_fewest(&mut self.reached, other, extents);
        }
    }

    /// As [`Graph::further_loops`], of what is computed there whichever branches are taken.
    pub fn reached_in(&self, id: NodeId) -> Option<Rc<[NodeId]>> {
        self.reached.get(&id).cloned()
    }

    /// Whether a value may be computed wherever its variables are, though only branches ask for it: the user's program
    /// computes it there too.
    pub fn is_reached(&self, id: NodeId) -> bool {
        let running: Vec<NodeId> = self.free(id).iter().map(|&v| self.extent(v)).collect();
        self.reached.get(&id).is_some_and(|loops| loops.iter().all(|n| running.contains(n)))
    }

    /// What has been noted so far of what the user's program computes.
    pub fn computed(&self) -> Computed {
        Computed { around: self.around.clone(), reached: self.reached.clone() }
    }

    /// Forgets what has been noted since.
    pub fn set_computed(&mut self, computed: Computed) {
        (self.around, self.reached) = (computed.around, computed.reached);
    }

    /// The extents of the loops in which alone the user's program computes a value, beside those over its variables.
    pub fn further_loops(&self, id: NodeId) -> Option<Rc<[NodeId]>> {
        self.around.get(&id).cloned()
    }

    /// What `further_loops` says of a node in terms of other extents.
    pub(super) fn rename_further_loops(&mut self, id: NodeId, to: &dyn Fn(NodeId) -> NodeId) {
        for noted in [&mut self.around, &mut self.reached] {
            if let Some(extents) = noted.get(&id).filter(|extents| !extents.is_empty()) {
                let extents: Rc<[NodeId]> = extents.iter().map(|&extent| to(extent)).collect();
                noted.insert(id, extents);
            }
        }
    }

    /// Gives `to`, which stands for what `from` stood for, its name and origin.
    pub fn inherit(&mut self, from: NodeId, to: NodeId) {
        if from != to {
            if self.is_cotangent(from) {
                self.mark_cotangent(to);
            }
            for noted in [&mut self.around, &mut self.reached] {
                if let Some(extents) = noted.get(&from).cloned() {
                    keep_fewest(noted, to, extents);
                }
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

fn keep_fewest(noted: &mut IdMap<Rc<[NodeId]>>, id: NodeId, extents: Rc<[NodeId]>) {
    if noted.get(&id).is_none_or(|known| known.len() > extents.len()) {
        noted.insert(id, extents);
    }
}
