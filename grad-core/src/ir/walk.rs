//! Walks: which nodes a set of roots reaches.

use super::graph::Graph;
use super::{LoopId, NodeId, Op, Var};
use crate::ir::ids::{IdMap, IdSet, Set};

impl Graph {
    /// Everything on which the value of a node depends directly: operands, extents of the variables that it
    /// binds or is, initial and next values of a loop that it is the outcome of.
    pub fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        let node = self.node(id);
        let mut found: Vec<NodeId> = node.args.to_vec();
        match &node.op {
            Op::Index(var) | Op::Soft(_, var) => found.push(self.extent(*var)),
            Op::Carried(id, k) => {
                let info = self.loop_info(*id);
                found.push(info.init[*k as usize]);
                let own = info.stop.is_none().then_some(&info.var);
                found.extend(info.outer.iter().chain(own).map(|&v| self.extent(v)));
            }
            Op::Final(id, _) => found.extend(self.loop_parts(*id)),
            Op::Scatter { writes, .. } => {
                found.extend(writes.iter().flat_map(|vars| vars.iter()).map(|&v| self.extent(v)));
            }
            op => found.extend(op.bound().iter().map(|&v| self.extent(v))),
        }
        for lp in self.histories(id) {
            found.extend(self.loop_parts(lp));
        }
        found
    }

    /// The loops whose iterations a binder goes through again: it binds their variable, and what it does for
    /// each value of that needs what the loop carries into that iteration.
    pub fn histories(&self, id: NodeId) -> Vec<LoopId> {
        let node = self.node(id);
        let owners = |vars: &[Var]| -> Vec<LoopId> { vars.iter().filter_map(|&v| self.owner(v)).collect() };
        let mut loops = match &node.op {
            Op::Scatter { writes, .. } => writes.iter().flat_map(|vars| owners(vars)).collect(),
            op => owners(op.bound()),
        };
        loops.retain(|&lp| self.carries(&node.args, lp));
        loops
    }

    /// Whether any of these nodes depends on what a loop carries into the iteration.
    pub fn carries(&self, nodes: &[NodeId], lp: LoopId) -> bool {
        let var = self.loop_info(lp).var;
        let mut seen: IdSet = IdSet::new();
        let mut stack: Vec<NodeId> = nodes.to_vec();
        while let Some(id) = stack.pop() {
            if !self.depends_on(id, var) || !seen.insert(id) {
                continue;
            }
            if let Op::Carried(of, _) = self.op(id) {
                if *of == lp {
                    return true;
                }
                // A loop inside runs as a whole.
                stack.extend(self.loop_parts(*of));
            }
            if let Op::Trips(of) = self.op(id) {
                stack.extend(self.loop_parts(*of));
            }
            stack.extend(self.dependencies(id));
        }
        false
    }

    /// Whether a number follows from what the caller gives, without a loop.
    pub fn is_known_on_entry(&self, id: NodeId) -> bool {
        let (mut seen, mut stack) = (IdSet::new(), vec![id]);
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.op(id) {
                Op::Param(..) => {}
                Op::Const(_) | Op::Symbol(..) | Op::Extent { .. } | Op::Read | Op::If | Op::Select => {
                    stack.extend(self.node(id).args.iter());
                }
                Op::Scalar(_) | Op::Int(_) | Op::Cast(_) | Op::Compare(_) | Op::Logic(_) => {
                    stack.extend(self.node(id).args.iter());
                }
                _ => return false,
            }
        }
        true
    }

    /// Whether a condition only compares scalars: it can be asked anywhere.
    pub fn is_free_of_work(&self, id: NodeId) -> bool {
        match self.op(id) {
            Op::Const(_) | Op::Param(..) | Op::Symbol(..) | Op::Index(_) | Op::Extent { .. } => true,
            Op::Compare(_) | Op::Logic(_) | Op::Cast(_) | Op::Scalar(_) => {
                self.node(id).args.iter().all(|&part| self.is_free_of_work(part))
            }
            _ => false,
        }
    }

    /// The loops in whose iterations some nodes are.
    pub fn loops_around(&self, nodes: &[NodeId]) -> Set<LoopId> {
        nodes.iter().flat_map(|&id| self.free(id).to_vec()).filter_map(|var| self.owner(var)).collect()
    }

    /// As [`Graph::reachable`], but not below the keys of `stop`.
    pub fn reachable_until(&self, roots: &[NodeId], stop: &IdMap<NodeId>) -> Vec<NodeId> {
        self.reachable_within(&self.loops_around(roots), roots, stop)
    }

    /// As [`Graph::reachable_until`], of roots in the iterations of these loops.
    pub fn reachable_within(
        &self,
        around: &Set<LoopId>,
        roots: &[NodeId],
        stop: &IdMap<NodeId>,
    ) -> Vec<NodeId> {
        let mut seen: IdSet = roots.iter().copied().collect();
        let mut stack: Vec<NodeId> = roots.to_vec();
        while let Some(id) = stack.pop() {
            if stop.contains_key(&id) {
                continue;
            }
            stack.extend(self.dependencies(id).into_iter().filter(|&next| seen.insert(next)));
            // Made before the body of its loop, on which it depends.
            match self.op(id) {
                Op::Trips(lp) if !around.contains(lp) => {
                    stack.extend(self.loop_parts(*lp).into_iter().filter(|&next| seen.insert(next)));
                }
                _ => {}
            }
        }
        seen.sorted()
    }

    /// What the roots reach, in an order in which operands come before their users.
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        self.reachable_until(roots, &IdMap::new())
    }
}

/// From which operand on what a node uses depends on a condition.
pub fn conditional_from(graph: &Graph, id: NodeId) -> Option<usize> {
    match graph.op(id) {
        Op::If | Op::Logic(_) => Some(1),
        Op::Update { .. } if graph.as_bool(graph.args(id)[1]) != Some(true) => Some(2),
        _ => None,
    }
}
