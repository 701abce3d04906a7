//! Sums over the iterations of one loop that are used in those of a later one. They are made while the first runs, so
//! all of them are an array by the time that the second looks them up: neither loop can stand inside the other.

use crate::ir::op::Var;
use crate::ir::{Graph, NodeId};

/// The roots with elements of arrays where a fold over what a loop carries stands in the iterations of another loop
/// that is not around it.
pub fn in_succession(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    if graph.reachable(roots).iter().all(|&id| later_loops(graph, id).is_empty()) {
        return roots.to_vec();
    }
    graph.rebuild(roots, &mut |graph, id| {
        let later = later_loops(graph, id);
        if later.is_empty() {
            return id;
        }
        let (mut own, mut map, mut index) = (Vec::new(), Vec::new(), Vec::new());
        for &var in &later {
            let fresh = graph.fresh_var(graph.extent(var));
            map.push((var, graph.index(fresh)));
            index.push(graph.index(var));
            own.push(fresh);
        }
        let element = graph.subst(id, &map);
        let whole = graph.build(&own, element);
        graph.read(whole, &index)
    })
}

/// For a fold over what a loop carries: the variables of loops beside it in whose iterations the fold stands.
fn later_loops(graph: &Graph, id: NodeId) -> Vec<Var> {
    let Some(lp) = graph.loop_folded_over(id) else { return Vec::new() };
    graph.free(id).iter().copied().filter(|&var| graph.is_beside(lp, var)).collect()
}
