//! Walks: which nodes a set of roots reaches.

use std::collections::HashSet;

use super::graph::Graph;
use super::{NodeId, Op};

impl Graph {
    /// Everything on which the value of a node depends directly: operands, extents of the variables that it
    /// binds or is, initial and next values of a loop.
    pub fn dependencies(&self, id: NodeId) -> Vec<NodeId> {
        let node = self.node(id);
        let mut found: Vec<NodeId> = node.args.to_vec();
        match &node.op {
            Op::Index(var) => found.push(self.extent(*var)),
            Op::Carried(id, k) => {
                let info = self.loop_info(*id);
                found.push(info.init[*k as usize]);
                found.push(self.extent(info.var));
            }
            Op::Final(id, _) => {
                let info = self.loop_info(*id);
                found.extend(info.init.iter().chain(&info.next));
                found.push(self.extent(info.var));
            }
            Op::Scatter { writes, .. } => {
                found.extend(writes.iter().flat_map(|vars| vars.iter()).map(|&v| self.extent(v)));
            }
            op => found.extend(op.bound().iter().map(|&v| self.extent(v))),
        }
        found
    }

    /// What the roots reach, in an order in which operands come before their users.
    pub fn reachable(&self, roots: &[NodeId]) -> Vec<NodeId> {
        let mut seen: HashSet<NodeId> = roots.iter().copied().collect();
        let mut stack: Vec<NodeId> = roots.to_vec();
        while let Some(id) = stack.pop() {
            stack.extend(self.dependencies(id).into_iter().filter(|&next| seen.insert(next)));
        }
        let mut order: Vec<NodeId> = seen.into_iter().collect();
        order.sort();
        order
    }
}
