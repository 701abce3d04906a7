//! What a program saves: values of the forward computation that lie in buffers only because the sweep backwards reads
//! them there. Results are none of them, nor are the arrays that the function itself has, nor what the sweep backwards
//! computes again.

use super::buffers::is_zero_array;
use super::program::{Place, Saved, Stmt};
use super::schedule::Planner;
use super::visit::visit_blocks;
use crate::ir::ids::{IdSet, Set};
use crate::ir::op::{LoopId, Op, Var};
use crate::ir::{Graph, NodeId};

/// What is noted while statements are written.
#[derive(Default)]
pub(super) struct Record {
    /// What the function itself computes.
    own: IdSet,
    /// What else there is that is not a cotangent: parts of derivatives, and values of all iterations of a loop.
    forward: IdSet,
    cotangents: IdSet,
    /// Whether what is being written is for the sweep backwards.
    for_backwards: bool,
    /// The buffers that it reads.
    read: Set<String>,
    allocations: Vec<Allocation>,
    /// Buffers with a version of an array that is read after another has been made of it, in a copy.
    put_aside: Set<String>,
}

/// A buffer and what it is made for.
struct Allocation {
    name: String,
    node: NodeId,
    /// Whether it has room for the values of all iterations of some loops.
    is_history: bool,
    extents: Vec<NodeId>,
    growing: Vec<Option<LoopId>>,
    /// The loops in which it is made: their next iterations may overwrite it.
    inside: Vec<Var>,
    /// Whether the sweep backwards makes it.
    by_backwards: bool,
}

impl Record {
    /// `values` are computed by the function itself, the others of `reached` are there for the gradients.
    pub fn new(graph: &Graph, values: &[NodeId], reached: &IdSet) -> Record {
        let mut record = Record { own: graph.reachable(values).into_iter().collect(), ..Record::default() };
        for id in reached.sorted().into_iter().filter(|id| !record.own.contains(id)) {
            let is_first = match graph.op(id) {
                Op::Seed(..) => true,
                Op::Carried(lp, _) | Op::Final(lp, _) => graph.loop_info(*lp).mirrors,
                _ => graph.is_cotangent(id),
            };
            let is_cotangent =
                is_first || graph.dependencies(id).iter().any(|part| record.cotangents.contains(part));
            match is_cotangent {
                true => record.cotangents.insert(id),
                false => record.forward.insert(id),
            };
        }
        record
    }
}

impl Planner<'_> {
    /// From here on something is written for the sake of a node; gives back what [`Planner::end_use`] wants.
    pub(super) fn begin_use(&mut self, node: NodeId) -> bool {
        let before = self.record.for_backwards;
        let is_part = self.record.forward.contains(&node) && self.graph.rank(node) == 0;
        self.record.for_backwards |= is_part || self.record.cotangents.contains(&node);
        before
    }

    pub(super) fn end_use(&mut self, before: bool) {
        self.record.for_backwards = before;
    }

    fn is_backwards(&self) -> bool {
        let mirrors = |lp: LoopId| self.graph.loop_info(lp).mirrors;
        self.record.for_backwards || self.open.iter().any(|&v| self.graph.owner(v).is_some_and(mirrors))
    }

    pub(super) fn note_read(&mut self, buffer: &str) {
        if self.is_backwards() && !self.record.read.contains(buffer) {
            self.record.read.insert(buffer.to_string());
        }
    }

    pub(super) fn note_allocation(
        &mut self,
        name: &str,
        node: NodeId,
        prefix: &[Var],
        (extents, growing): (Vec<NodeId>, Vec<Option<LoopId>>),
    ) {
        let (is_history, by_backwards, inside) = (!prefix.is_empty(), self.is_backwards(), self.open.clone());
        let name = name.to_string();
        let allocation = Allocation { name, node, is_history, extents, growing, inside, by_backwards };
        self.record.allocations.push(allocation);
    }

    /// Whether a buffer has the name that the user gave to what it was made for.
    pub(super) fn is_named_by_user(&self, buffer: &str) -> bool {
        let made = self.record.allocations.iter().find(|made| made.name == buffer);
        let name = made.and_then(|made| self.graph.name(made.node));
        name.is_some_and(|name| !name.starts_with("d_"))
    }

    /// Whether a buffer is made anew in each iteration of a loop.
    pub(super) fn is_made_in(&self, buffer: &str, var: Var) -> bool {
        self.record.allocations.iter().any(|made| made.name == buffer && made.inside.contains(&var))
    }

    /// A version of an array is read after another has been made of it, in a copy.
    pub(super) fn note_put_aside(&mut self, version: NodeId) {
        if let Some(Place::Buffer(buffer)) = self.places.get(&version) {
            self.record.put_aside.insert(buffer.name.clone());
        }
    }

    /// What is saved, if these are the statements.
    pub(super) fn saved(&self, stmts: &mut [Stmt], results: &[Place]) -> Vec<Saved> {
        let Record { own, cotangents, read, allocations, put_aside, .. } = &self.record;
        let mut left = Set::default();
        buffers(stmts, &mut left);
        for place in results {
            if let Place::Buffer(buffer) = place {
                left.remove(&buffer.name);
            }
        }
        let is_saved = |buffer: &&Allocation| {
            let is_extra = buffer.is_history
                || put_aside.contains(&buffer.name)
                || !own.contains(&buffer.node) && self.graph.rank(buffer.node) > 0;
            let is_forward = !buffer.by_backwards
                && !cotangents.contains(&buffer.node)
                && !is_zero_array(self.graph, buffer.node);
            is_extra && is_forward && left.contains(&buffer.name) && read.contains(&buffer.name)
        };
        let saved = allocations.iter().filter(is_saved).map(|buffer| {
            let has_no_bound = |(&extent, grows): (&NodeId, &Option<LoopId>)| {
                grows.is_some() && matches!(self.graph.op(extent), Op::Trips(_))
            };
            let axes = || buffer.extents.iter().zip(&buffer.growing);
            Saved {
                extents: axes().filter(|&axis| !has_no_bound(axis)).map(|(&extent, _)| extent).collect(),
                grows: axes().any(has_no_bound),
                in_loop: !buffer.inside.is_empty(),
            }
        });
        saved.collect()
    }
}

/// The buffers that some statements make.
fn buffers(stmts: &mut [Stmt], into: &mut Set<String>) {
    for stmt in stmts {
        if let Stmt::Buffer { name, .. } = stmt {
            into.insert(name.clone());
        }
        visit_blocks(stmt, &mut |body| buffers(body, into));
    }
}
