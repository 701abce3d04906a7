//! What a derivative saves of the forward sweep, in words: `Saves 5·steps·len(y) values of the forward sweep.`

use crate::ir::formula::formula;
use crate::ir::function::Param;
use crate::ir::op::IntOp;
use crate::ir::{Graph, NodeId};
use crate::plan::Saved;

/// The sentence.
pub fn sentence(graph: &mut Graph, params: &[Param], saved: &[Saved]) -> String {
    let mut parts = Vec::new();
    let kinds = [
        ("", false, false),
        (" for each iteration of a loop without a bound", true, false),
        (" of one iteration at a time", false, true),
        (" for each iteration of a loop without a bound, of one iteration around it at a time", true, true),
    ];
    for (when, grows, in_loop) in kinds {
        let when = if parts.is_empty() && in_loop { format!(",{when}") } else { when.to_string() };
        let of_kind = saved.iter().filter(|s| s.grows == grows && s.in_loop == in_loop);
        if let Some(size) = total(graph, of_kind) {
            let what = match graph.as_int(size) {
                Some(1) => "value",
                _ => "values",
            };
            let noun = if parts.is_empty() { format!(" {what} of the forward sweep") } else { String::new() };
            parts.push(format!("`{}`{noun}{when}", text(graph, params, size)));
        }
    }
    match parts.pop() {
        None => "Saves nothing of the forward sweep.".to_string(),
        Some(last) if parts.is_empty() => format!("Saves {last}."),
        Some(last) => format!("Saves {}, and {last}.", parts.join(", ")),
    }
}

/// The sum of the sizes, equal ones taken together.
fn total<'a>(graph: &mut Graph, saved: impl Iterator<Item = &'a Saved>) -> Option<NodeId> {
    let mut terms: Vec<(i128, NodeId)> = Vec::new();
    for buffer in saved {
        let mut count = 1;
        let mut size = None;
        for &extent in &buffer.extents {
            match graph.as_int(extent) {
                Some(number) => count *= number,
                None => size = Some(size.map_or(extent, |size| graph.int_op(IntOp::Mul, &[size, extent]))),
            }
        }
        let one = graph.usize(1);
        let size = size.unwrap_or(one);
        match terms.iter_mut().find(|(_, known)| *known == size) {
            Some((sum, _)) => *sum += count,
            None => terms.push((count, size)),
        }
    }
    let mut sum = None;
    for (count, size) in terms {
        let count = graph.usize(count as usize);
        let term = graph.int_op(IntOp::Mul, &[count, size]);
        sum = Some(sum.map_or(term, |sum| graph.int_op(IntOp::Add, &[sum, term])));
    }
    sum
}

/// A number in terms of the parameters.
fn text(graph: &Graph, params: &[Param], size: NodeId) -> String {
    let name = |node: NodeId| params.iter().find(|p| p.node == node).map(|p| p.name.clone());
    formula(graph, size, &name)
}
