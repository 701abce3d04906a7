//! Sums over loops that may not run. What reverse mode sums over iterations it hands on where the loop runs: where it does
//! not, what the sum is multiplied with need not exist. The sum itself is zero there without being asked.

use crate::ir::op::scatter_writes;
use crate::ir::sums::sum_anyway;
use crate::ir::{Graph, NodeId, Op};

/// The roots with the sum in place of `if the loop runs { sum } else { 0 }`. What is added to an element keeps its
/// condition: the element need not exist.
pub fn empty_sums(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let roots = graph.rebuild(roots, &mut |graph, id| {
        let args = graph.args(id);
        let kept: Vec<NodeId> = match graph.op(id) {
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
