//! What several branches of one condition need is computed once, under that condition, and not in each of them.

use crate::ir::ids::{IdMap, IdSet, Map};
use crate::ir::scalar::Cost;
use crate::ir::{Graph, NodeId, Op};

/// Work that the branches of a condition have in common becomes a choice by that condition, which they use.
pub fn share_in_branches(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let mut roots = roots.to_vec();
    let mut done = IdSet::new();
    let next = |graph: &Graph, roots: &[NodeId], done: &IdSet| {
        choices(graph, roots).into_iter().find(|(condition, _)| !done.contains(condition))
    };
    while let Some((condition, ifs)) = next(graph, &roots, &done) {
        done.insert(condition);
        let anyway = below(graph, &roots, &IdSet::new(), None);
        let work = [true, false].map(|holds| common_work(graph, &ifs, &anyway, holds));
        if work.iter().any(|work| !work.is_empty()) {
            roots = Sharing { condition, anyway, work, shared: Default::default() }.share(graph, &roots, ifs);
        }
    }
    roots
}

/// The choices by each condition, as far as no loop would have to be made anew to change them.
fn choices(graph: &Graph, roots: &[NodeId]) -> Vec<(NodeId, Vec<NodeId>)> {
    let mut found: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let mut place: Map<NodeId, usize> = Map::default();
    for id in graph.reachable(roots) {
        if *graph.op(id) == Op::If {
            let condition = graph.args(id)[0];
            let at = *place.entry(condition).or_insert_with(|| {
                found.push((condition, Vec::new()));
                found.len() - 1
            });
            found[at].1.push(id);
        }
    }
    let is_fixed = |id: &NodeId| {
        matches!(graph.op(*id), Op::Final(..) | Op::Carried(..) | Op::Trips(_) | Op::Update { .. })
    };
    found.retain(|(_, ifs)| ifs.len() > 1 && !graph.reachable(ifs).iter().any(is_fixed));
    found
}

/// What becomes of the branches of one condition.
struct Sharing {
    condition: NodeId,
    /// What is computed whichever branches are taken.
    anyway: IdSet,
    /// The work that is to be shared, where the condition holds and where it does not.
    work: [IdSet; 2],
    /// The choices that have taken its place.
    shared: [IdMap<NodeId>; 2],
}

impl Sharing {
    fn share(mut self, graph: &mut Graph, roots: &[NodeId], mut ifs: Vec<NodeId>) -> Vec<NodeId> {
        ifs.sort();
        let mut new = IdMap::new();
        for choice in ifs {
            let args = graph.args(choice);
            let arms = [0, 1].map(|arm| self.arm(graph, args[arm + 1], arm, &new));
            let made = graph.select(self.condition, arms[0], arms[1]);
            graph.inherit(choice, made);
            new.insert(choice, made);
        }
        graph.replace(roots, new)
    }

    /// A branch that uses what is shared. Within it the condition is known.
    fn arm(&mut self, graph: &mut Graph, root: NodeId, arm: usize, outside: &IdMap<NodeId>) -> NodeId {
        let mut parts = graph.reachable(&[root]);
        parts.sort();
        let (anyway, own): (Vec<NodeId>, Vec<NodeId>) = parts.iter().partition(|id| self.anyway.contains(id));
        let mut map = IdMap::new();
        for (old, new) in anyway.iter().zip(graph.replace(&anyway, outside.clone())) {
            map.insert(*old, new);
        }
        for id in own {
            if let Some(&choice) = self.shared[arm].get(&id) {
                map.insert(id, choice);
            } else if is_choice(graph, id, self.condition) {
                let known = graph.args(id)[arm + 1];
                let known = graph.replace(&[known], map.clone())[0];
                map.insert(id, known);
            } else if self.work[arm].contains(&id) {
                let made = graph.replace(&[id], map.clone())[0];
                let choice = self.choice_of(graph, made, arm);
                self.shared[arm].insert(id, choice);
                map.insert(id, choice);
            }
        }
        graph.replace(&[root], map)[0]
    }

    /// What is zero where nobody asks for it.
    fn choice_of(&self, graph: &mut Graph, id: NodeId, arm: usize) -> NodeId {
        if *graph.op(id) == Op::Stack {
            let elements = graph.args(id);
            let elements: Vec<NodeId> = elements.iter().map(|&e| self.choice_of(graph, e, arm)).collect();
            return graph.stack(&elements);
        }
        let zero = graph.float_like(0.0, id);
        let arms = if arm == 0 { [id, zero] } else { [zero, id] };
        let choice = graph.select(self.condition, arms[0], arms[1]);
        graph.inherit(id, choice);
        choice
    }
}

fn is_choice(graph: &Graph, id: NodeId, condition: NodeId) -> bool {
    *graph.op(id) == Op::If && graph.args(id)[0] == condition
}

/// The work that at least two choices need where the condition holds (or does not), and nothing else does in any case.
fn common_work(graph: &Graph, ifs: &[NodeId], anyway: &IdSet, holds: bool) -> IdSet {
    let (mut once, mut twice) = (IdSet::new(), IdSet::new());
    for &choice in ifs {
        let (condition, arm) = (graph.args(choice)[0], graph.args(choice)[if holds { 1 } else { 2 }]);
        for part in below(graph, &[arm], anyway, Some((condition, holds))).sorted() {
            // A whole branch is already such a choice.
            if part != arm && !once.insert(part) && is_work(graph, part) {
                twice.insert(part);
            }
        }
    }
    twice
}

fn is_work(graph: &Graph, id: NodeId) -> bool {
    let is_scalar = |&part: &NodeId| graph.rank(part) == 0;
    graph.elem(id).is_float()
        && match graph.op(id) {
            Op::Reduce(..) => true,
            Op::Scalar(scalar) => scalar.row().cost.0 >= 2 * Cost::SAVE,
            Op::Stack => graph.args(id).iter().all(is_scalar),
            _ => false,
        }
}

/// What is computed whichever branches are taken, but for those of a condition that is known; without some.
pub(super) fn below(
    graph: &Graph,
    roots: &[NodeId],
    without: &IdSet,
    known: Option<(NodeId, bool)>,
) -> IdSet {
    let mut found = IdSet::new();
    let mut stack = roots.to_vec();
    while let Some(id) = stack.pop() {
        if without.contains(&id) || !found.insert(id) {
            continue;
        }
        match (graph.op(id), known) {
            (Op::If, Some((condition, holds))) if graph.args(id)[0] == condition => {
                stack.push(graph.args(id)[if holds { 1 } else { 2 }]);
            }
            (Op::If | Op::Logic(_), _) => stack.push(graph.args(id)[0]),
            _ => stack.extend(graph.dependencies(id)),
        }
    }
    found
}
