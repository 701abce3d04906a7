//! Sums that are zero where their loop does not run.

use super::{Cmp, Fold, Graph, Logic, NodeId, Op};

/// The sum of `if condition { sum } else { 0 }`, if the condition only says that its loop runs.
pub fn sum_anyway(graph: &Graph, value: NodeId) -> Option<NodeId> {
    let args = graph.args(value);
    let is_choice = *graph.op(value) == Op::If && is_zero(graph, args[2]);
    if !is_choice {
        return None;
    }
    let inner = sum_anyway(graph, args[1]).unwrap_or(args[1]);
    is_zero_unless(graph, inner, args[0]).then_some(inner)
}

fn is_zero(graph: &Graph, id: NodeId) -> bool {
    graph.as_float(id).is_some_and(|x| x.to_bits() == 0)
}

fn is_zero_unless(graph: &Graph, sum: NodeId, condition: NodeId) -> bool {
    let Op::Reduce(Fold::Sum, var) = *graph.op(sum) else { return false };
    let args = graph.args(sum);
    let body = sum_anyway(graph, args[1]).unwrap_or(args[1]);
    is_zero(graph, args[0])
        && (says_positive(graph, condition, graph.extent(var)) || is_zero_unless(graph, body, condition))
}

/// Whether a condition is that an extent is not zero.
fn says_positive(graph: &Graph, condition: NodeId, extent: NodeId) -> bool {
    let (parts, choice) = (graph.args(condition), graph.args(extent));
    let is_gated = *graph.op(extent) == Op::If && graph.as_int(choice[2]) == Some(0);
    match graph.op(condition) {
        Op::Compare(Cmp::Gt) if graph.as_int(parts[1]) == Some(0) && parts[0] == extent => true,
        Op::Logic(Logic::And) if is_gated && parts[0] == choice[0] => {
            says_positive(graph, parts[1], choice[1])
        }
        _ => is_gated && condition == choice[0] && graph.as_int(choice[1]).is_some_and(|n| n > 0),
    }
}
