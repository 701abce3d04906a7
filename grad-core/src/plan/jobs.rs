//! Jobs: the values that need a statement of their own, and what each waits for.
//!
//! A reduction is a job, and so is what is too expensive to compute twice, the contents of a buffer, and a
//! loop with carried values. Everything else is an expression inside some job.

use super::gated::Gated;
use crate::ir::ids::Map;
use crate::ir::op::{Fold, LoopId, MessageId, Op, Var, asserted};
use crate::ir::{Graph, NodeId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub usize);

#[derive(Clone, Debug)]
pub enum Kind {
    /// A scalar value.
    Let,
    /// A fold of `value` over a variable.
    Reduce { fold: Fold, var: Var, init: NodeId },
    /// The first greatest (least) index.
    ArgReduce { fold: Fold, var: Var },
    /// `array[index] = value` or `+=`.
    Write { index: Vec<NodeId>, add: bool },
    /// Writes that stand in a branch, loops and all.
    Gated(Gated),
    /// One element (or the part at some leading indices) of an array replaced, or added to, in place.
    Update { add: bool },
    /// What is asserted for each value of some variables: conditions under which it fails, and what is said then.
    Assert(Vec<(NodeId, MessageId, Vec<NodeId>)>),
    /// An array literal.
    Literal,
    /// What a loop carries from one iteration to the next.
    Carry(LoopId),
    /// A matrix product.
    Matmul,
    /// A value that a block ends in: nothing to do but to have its parts ready.
    Value,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub kind: Kind,
    /// The node whose value this is; for a write, the array.
    pub node: NodeId,
    /// The expressions that are evaluated where all variables are open.
    pub values: Vec<NodeId>,
    /// The variables of the loops around the statement.
    pub domain: Vec<Var>,
    /// Those of them on which the result depends.
    pub out: Vec<Var>,
    pub waits_for: Vec<JobId>,
    /// The variables that should be innermost, because memory is contiguous in them.
    pub inner: Vec<Var>,
    /// Loops whose carried values the statement uses: it must stand inside them.
    pub inside: Vec<LoopId>,
    /// Statements that read what this one overwrites: in each iteration they come first.
    pub after: Vec<JobId>,
    /// Arrays that this statement would overwrite, but that are read later: it changes a copy of them.
    pub copies: Vec<NodeId>,
    /// Those who use the value could as well compute it again.
    pub is_optional: bool,
}

/// The jobs that some goals need, in an order in which each comes after those that it waits for.
pub struct Jobs {
    pub list: Vec<Job>,
    pub(super) of_node: Map<NodeId, Vec<JobId>>,
}

/// A root: a node that ends in a buffer or a variable of its own.
#[derive(Clone, Debug)]
pub struct Goal {
    pub node: NodeId,
    /// Sums over samples may go straight to the buffer.
    pub flatten: bool,
}

impl Jobs {
    /// The same jobs in an order in which each comes after those that it waits for, otherwise as they were.
    pub(super) fn sorted(self) -> Jobs {
        let count = self.list.len();
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut state = vec![0u8; count];
        // Assertions come as early as they can.
        let (first, others): (Vec<usize>, Vec<usize>) =
            (0..count).partition(|&at| matches!(self.list[at].kind, Kind::Assert(_)));
        for root in first.into_iter().chain(others) {
            let mut stack = vec![root];
            while let Some(&at) = stack.last() {
                if state[at] == 0 {
                    state[at] = 1;
                    let waits = &self.list[at].waits_for;
                    stack.extend(waits.iter().rev().map(|d| d.0).filter(|&d| state[d] == 0));
                } else {
                    stack.pop();
                    if state[at] == 1 {
                        state[at] = 2;
                        order.push(at);
                    }
                }
            }
        }
        let mut place = vec![0; count];
        order.iter().enumerate().for_each(|(new, &old)| place[old] = new);
        let renumber = |ids: &[JobId]| -> Vec<JobId> {
            let mut ids: Vec<JobId> = ids.iter().map(|id| JobId(place[id.0])).collect();
            ids.sort();
            ids
        };
        let list = order.iter().map(|&old| {
            let job = &self.list[old];
            Job { waits_for: renumber(&job.waits_for), after: renumber(&job.after), ..job.clone() }
        });
        let of_node = self.of_node.iter().map(|(&node, ids)| (node, renumber(ids))).collect();
        Jobs { list: list.collect(), of_node }
    }

    /// Whether a node has a statement of its own.
    pub fn has(&self, node: NodeId) -> bool {
        self.of_node.contains_key(&node)
    }
}

/// The operands that are evaluated together with a node: of a conditional only its condition.
pub fn operands_of(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    let args = graph.args(id);
    match graph.op(id) {
        Op::If | Op::Logic(_) => args[..1].to_vec(),
        Op::Read => args[1..].to_vec(),
        // What a message shows is computed where it is given.
        Op::Assert { vars, clauses } if vars.is_empty() => {
            asserted(clauses, &args).iter().map(|clause| clause.fails).collect()
        }
        op if !op.bound().is_empty() => Vec::new(),
        _ => args.to_vec(),
    }
}
