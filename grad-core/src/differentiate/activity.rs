//! Which values carry a derivative: those that an active input reaches through floats.

use crate::ir::ids::IdSet;
use crate::ir::{Graph, NodeId, Op};

/// The active nodes among those that the roots reach.
pub fn active_nodes(graph: &Graph, roots: &[NodeId], inputs: &[NodeId]) -> IdSet {
    let order = graph.reachable(roots);
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
    let node = graph.node(id);
    if inputs.contains(&id) {
        return true;
    }
    if !node.ty.elem.is_float() {
        return false;
    }
    let any = |ids: &[NodeId]| ids.iter().any(|a| active.contains(a));
    match &node.op {
        Op::StopGradient => false,
        Op::If | Op::Select => any(&node.args[1..]),
        Op::Read => any(&node.args[..1]),
        Op::Update { .. } => any(&[node.args[0], node.args[node.args.len() - 1]]),
        Op::Carried(lp, k) | Op::Final(lp, k) => {
            let info = graph.loop_info(*lp);
            any(&[info.init[*k as usize], info.next[*k as usize]])
        }
        _ => any(&node.args),
    }
}
