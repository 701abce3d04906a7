//! Sums over loops that may not run. What reverse mode sums over iterations it hands on where the loop runs: where it does
//! not, what the sum is multiplied with need not exist. The sum itself is zero there without being asked.

use crate::ir::op::scatter_writes;
use crate::ir::sums::sum_anyway;
use crate::ir::{Graph, NodeId, Op};

/// What is added to an element that need not exist.
#[derive(Clone, Copy, PartialEq)]
pub enum Added {
    /// Keeps its condition.
    WhereItRuns,
    /// The plan adds up in the loop itself, or adds nothing where the sum is zero.
    Anyway,
}

/// The roots with the sum in place of `if the loop runs { sum } else { 0 }`.
pub fn empty_sums(graph: &mut Graph, roots: &[NodeId], added: Added) -> Vec<NodeId> {
    let roots = graph.rebuild(roots, &mut |graph, id| {
        let args = graph.args(id);
        let kept: Vec<NodeId> = match graph.op(id) {
            Op::Scatter { .. } if added == Added::Anyway => Vec::new(),
            Op::Scatter { rank, writes, .. } => {
                scatter_writes(*rank, writes, &args).iter().map(|write| write.value).collect()
            }
            _ => Vec::new(),
        };
        let new: Vec<NodeId> = args
            .iter()
            .map(|&arg| if kept.contains(&arg) { arg } else { sum_anyway(graph, arg).unwrap_or(arg) })
            .collect();
        if new[..] == args[..] {
            return id;
        }
        let op = graph.op(id).clone();
        graph.remake(&op, &new)
    });
    roots.into_iter().map(|root| sum_anyway(graph, root).unwrap_or(root)).collect()
}
