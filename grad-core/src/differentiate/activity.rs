//! Which values carry a derivative: those that an active input reaches through floats, and that reach a result
//! through floats.

use crate::ir::ids::IdSet;
use crate::ir::{Graph, NodeId, Op};

/// The active nodes among those that the roots reach.
pub fn active_nodes(graph: &Graph, roots: &[NodeId], inputs: &[NodeId]) -> IdSet {
    let order = differentiable(graph, roots);
    let mut active: IdSet = IdSet::new();
    // A carried value can become active only through what the loop carries on: repeat until nothing changes.
    loop {
        let before = active.len();
        for &id in &order {
            if !active.contains(&id) && is_active(graph, id, inputs, &active) {
                active.insert(id);
            }
        }
        if active.len() == before {
            return active;
        }
    }
}

fn is_active(graph: &Graph, id: NodeId, inputs: &[NodeId], active: &IdSet) -> bool {
    inputs.contains(&id)
        || graph.elem(id).is_float() && operands(graph, id).iter().any(|a| active.contains(a))
}

/// The operands with which a value may change continuously.
fn operands(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    let args = graph.args(id);
    match graph.op(id) {
        Op::StopGradient => Vec::new(),
        Op::If | Op::Select => args[1..].to_vec(),
        Op::Read => args[..1].to_vec(),
        Op::Update { .. } => vec![args[0], args[args.len() - 1]],
        Op::Carried(lp, k) | Op::Final(lp, k) => {
            let info = graph.loop_info(*lp);
            vec![info.init[*k as usize], info.next[*k as usize]]
        }
        _ => args.to_vec(),
    }
}

/// The nodes with which the roots may change continuously, in order.
fn differentiable(graph: &Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut found = IdSet::new();
    let mut stack = roots.to_vec();
    while let Some(id) = stack.pop() {
        if graph.elem(id).is_float() && found.insert(id) {
            stack.extend(operands(graph, id));
        }
    }
    found.sorted()
}
