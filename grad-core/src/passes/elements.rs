//! One element of an array that only branches ask for is computed where they do: the whole array would be made anew
//! each time that a branch is taken.

use super::sharing::below;
use crate::ir::ids::IdSet;
use crate::ir::op::Var;
use crate::ir::scalar::Cost;
use crate::ir::{Graph, NodeId, Op};

/// Such an element may cost so much, what lies in memory being cheap to read.
const LIGHT: u16 = 2 * Cost::SAVE;

/// Puts elements in the place of reads.
pub fn elements_in_branches(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let made = below(graph, roots, &IdSet::new(), None);
    let is_light = |graph: &Graph, array: NodeId| {
        !made.contains(&array) && weight(graph, graph.args(array)[0], &made).is_some_and(|w| w < LIGHT)
    };
    graph.rebuild(roots, &mut |graph, id| {
        if *graph.op(id) != Op::Read {
            return id;
        }
        let args = graph.args(id);
        match graph.op(args[0]).clone() {
            Op::Build(vars) if is_light(graph, args[0]) => {
                let map: Vec<(Var, NodeId)> = vars.iter().copied().zip(args[1..].iter().copied()).collect();
                graph.element_at(args[0], &map).unwrap_or(id)
            }
            _ => id,
        }
    })
}

/// The cost of an expression whose arrays lie in memory; none if it has others.
fn weight(graph: &Graph, body: NodeId, made: &IdSet) -> Option<u16> {
    let mut seen = IdSet::new();
    let mut stack = vec![body];
    let mut sum = 0u16;
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let args = graph.args(id);
        let own = match graph.op(id) {
            Op::Const(_) | Op::Symbol(..) | Op::Index(_) | Op::Extent { .. } | Op::Param(..) => 0,
            Op::Cast(_) | Op::Int(_) | Op::Compare(_) | Op::Select => 1,
            Op::Scalar(scalar) => scalar.row().cost.0,
            Op::Read if !matches!(graph.op(args[0]), Op::Build(_)) || made.contains(&args[0]) => 1,
            _ if made.contains(&id) && graph.node(id).free.is_empty() => 0,
            _ => return None,
        };
        sum = sum.saturating_add(own);
        let is_read = *graph.op(id) == Op::Read;
        stack.extend(args.iter().skip(usize::from(is_read)).copied());
    }
    Some(sum)
}
