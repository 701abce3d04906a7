//! What is written only under a condition that is the same for a whole loop: the loop stands in the branch, and
//! so does all that only it needs.

use super::buffers::guard;
use super::discovery::Discovery;
use super::jobs::{Job, JobId, Jobs, Kind};
use super::program::{Block, Expr, Stmt};
use super::schedule::{Planner, States};
use crate::ir::graph::without;
use crate::ir::ids::Set;
use crate::ir::op::{LoopId, Op, Var};
use crate::ir::{Logic, NodeId};

/// A write under a condition, for each value of some variables.
#[derive(Clone, Debug)]
pub struct Gated {
    pub condition: NodeId,
    /// What is written where the condition holds, and where it does not: nothing instead of a zero.
    pub arms: [Option<NodeId>; 2],
    /// The variables of the loops in the branch.
    pub vars: Vec<Var>,
    pub index: Vec<NodeId>,
    /// Whether the values are added to what is there.
    pub add: bool,
}

impl Discovery<'_> {
    /// What a value is where a condition holds and where it does not, if that is to be decided before the loops.
    pub(super) fn arms(&self, value: NodeId, add: bool) -> Option<(NodeId, [Option<NodeId>; 2])> {
        if let Some((condition, negated, inner)) = guard(self.graph, value) {
            let needs_loops = add || self.needs_loops(inner);
            let arms = if negated { [None, Some(inner)] } else { [Some(inner), None] };
            return needs_loops.then_some((condition, arms));
        }
        let args = self.graph.args(value);
        let is_choice =
            !add && *self.graph.op(value) == Op::If && args[1..].iter().any(|&a| self.needs_loops(a));
        is_choice.then(|| (args[0], [Some(args[1]), Some(args[2])]))
    }

    /// Whether loops, or arrays that are not at hand, are needed to compute a value: one that each element of an
    /// array would need anew.
    fn needs_loops(&self, value: NodeId) -> bool {
        let mut seen: Set<NodeId> = Set::default();
        let mut stack = vec![value];
        while let Some(id) = stack.pop() {
            if (self.known)(id) || !seen.insert(id) {
                continue;
            }
            match self.graph.op(id) {
                Op::Param(..) | Op::Seed(..) | Op::Carried(..) => {}
                Op::Index(_) | Op::Extent { .. } | Op::Trips(_) => {}
                Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..) => return true,
                _ if self.graph.rank(id) > 0 => return true,
                _ => stack.extend(self.graph.args(id).iter()),
            }
        }
        false
    }

    /// The job for `array[index] = value` (or `+=`) over `vars`, if the value is one or another by a condition that
    /// does not depend on all of them.
    pub(super) fn gated(
        &mut self,
        array: NodeId,
        vars: &[Var],
        index: &[NodeId],
        value: NodeId,
        add: bool,
    ) -> Option<JobId> {
        let (condition, arms) = self.arms(value, add)?;
        let out = self.closed(&self.graph.free(array));
        let mut around = self.closed(&self.graph.free(condition));
        around.extend(without(&out, &around));
        let inner_vars: Vec<Var> = vars.iter().copied().filter(|v| !around.contains(v)).collect();
        // A loop that runs anyway is not run again in the branch.
        let nodes: Vec<NodeId> = index.iter().copied().chain([value]).collect();
        let loops: Vec<LoopId> = nodes.iter().flat_map(|&node| self.carried_in(node)).collect();
        let is_around = |lp: &LoopId| around.contains(&self.graph.loop_info(*lp).var);
        if inner_vars.is_empty() || loops.iter().any(|lp| !is_around(lp) && self.running.contains(lp)) {
            return None;
        }
        let mut inside: Vec<LoopId> = loops.into_iter().filter(is_around).collect();
        inside.dedup();
        let whole = [&around[..], &inner_vars[..]].concat();
        let mut waits_for = self.waits(index, &whole, true);
        waits_for.extend(self.waits(&[value], &whole, false));
        inside.iter().for_each(|&lp| {
            self.carry(lp);
        });
        let gated = Gated { condition, arms, vars: inner_vars, index: index.to_vec(), add };
        Some(self.push(Job {
            kind: Kind::Gated(gated),
            node: array,
            values: vec![value],
            domain: around,
            out,
            waits_for,
            inner: Vec::new(),
            inside,
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        }))
    }

    /// The writes of gated jobs, where their condition is known to hold.
    fn open_gates(&mut self, gated: &[(NodeId, Gated)], arm: usize) {
        for (array, Gated { vars, index, arms, add, .. }) in gated {
            let Some(value) = arms[arm] else { continue };
            let id = self.write(*array, vars, index, value, *add);
            self.jobs.of_node.entry(*array).or_default().push(id);
        }
    }
}

impl Planner<'_> {
    /// Whether a job is a branch: a conditional value, or writes under a condition.
    pub(super) fn is_conditional(&self, job: &Job) -> bool {
        match job.kind {
            Kind::Let => *self.graph.op(job.node) == Op::If,
            Kind::Gated(_) => true,
            _ => false,
        }
    }

    pub(super) fn condition_of(&self, job: &Job) -> NodeId {
        match &job.kind {
            Kind::Gated(gated) => gated.condition,
            _ => self.graph.args(job.node)[0],
        }
    }

    /// `let (a, b) = if … { …; (…, …) } else { …; (…, …) };`
    pub(super) fn execute_conditionals(
        &mut self,
        jobs: &Jobs,
        ids: &[JobId],
        states: &mut States,
        out: &mut Vec<Stmt>,
    ) {
        let is_let = |id: &JobId| matches!(jobs.list[id.0].kind, Kind::Let);
        let (lets, gated): (Vec<JobId>, Vec<JobId>) = ids.iter().partition(|id| is_let(id));
        if let (&[id], []) = (&lets[..], &gated[..]) {
            return self.execute_let(&jobs.list[id.0], states.entry(id).or_default(), out);
        }
        for id in &gated {
            self.ensure_array(jobs.list[id.0].node, &[], true, out);
        }
        let nodes: Vec<NodeId> = lets.iter().map(|id| jobs.list[id.0].node).collect();
        nodes.iter().for_each(|&node| self.bind_operands(node, out));
        let condition = self.condition_of(&jobs.list[ids[0].0]);
        let condition = self.value_of(condition, out);
        let [then, otherwise] = [1, 2].map(|arm| {
            let values: Vec<NodeId> = nodes.iter().map(|&node| self.graph.args(node)[arm]).collect();
            let writes = gated.iter().filter_map(|id| match &jobs.list[id.0] {
                Job { kind: Kind::Gated(gated), node, .. } => Some((*node, gated.clone())),
                _ => None,
            });
            self.arm(arm - 1, &values, &writes.collect::<Vec<_>>())
        });
        if nodes.is_empty() {
            let (mut condition, mut then, mut otherwise) = (condition, then.stmts, otherwise.stmts);
            if then.is_empty() {
                condition = Expr::Logic(Logic::Not, vec![condition]);
                std::mem::swap(&mut then, &mut otherwise);
            }
            return out.push(Stmt::If { condition, then, otherwise });
        }
        let names: Vec<String> = nodes.iter().map(|&node| self.name_for(node)).collect();
        let value = Expr::If(Box::new(condition), then, otherwise);
        out.push(match &names[..] {
            [name] => Stmt::Let { name: name.clone(), value },
            _ => Stmt::LetTuple { names: names.clone(), value },
        });
        for ((&id, node), name) in lets.iter().zip(nodes).zip(names) {
            self.keep_let(node, name, states.entry(id).or_default(), out);
        }
    }

    /// A branch, planned by itself: writes, and the values that it ends in.
    fn arm(&mut self, arm: usize, values: &[NodeId], writes: &[(NodeId, Gated)]) -> Block {
        let mark = self.mark();
        let mut stmts = Vec::new();
        let written = writes.iter().filter_map(|(_, gated)| gated.arms[arm]);
        let roots: Vec<NodeId> = values.iter().copied().chain(written).collect();
        let mut values = self.plan_here(&roots, values, &mut stmts, |discovery| {
            discovery.open_gates(writes, arm);
        });
        self.roll_back(mark);
        let value = match values.len() {
            0 => None,
            1 => values.pop(),
            _ => Some(Expr::Tuple(values)),
        };
        Block { stmts, value: value.map(Box::new) }
    }
}
