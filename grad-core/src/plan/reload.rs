//! Values that are cheap to compute, but not as often as they are needed: where three loops or more, one after the
//! other, would load the same operands again, the first keeps the value. Only values with a name of the user's, and
//! only for an innermost loop: what they take up does not grow with the loops around it.

use super::discovery::Discovery;
use super::jobs::{Job, JobId, operands_of};
use crate::ir::NodeId;
use crate::ir::ids::Set;
use crate::ir::op::Op;
use crate::ir::total::is_total;

/// From so many loops on a value is kept that has at least [`LOADS`] operands in memory.
const LOOPS: usize = 3;
const LOADS: usize = 2;

impl Discovery<'_> {
    /// Makes jobs of the values that are worth keeping.
    pub(super) fn keep_reloaded(&mut self) {
        while let Some(node) = self.reloaded() {
            let count = self.jobs.list.len();
            let before: Vec<Vec<JobId>> = self.jobs.list.iter().map(|job| self.used_by(job)).collect();
            for id in self.require(node) {
                self.jobs.list[id.0].is_optional = true;
            }
            // Who waits for the value need not wait for what the value is computed from.
            for (at, before) in before.into_iter().enumerate().take(count) {
                let now = self.used_by(&self.jobs.list[at]);
                self.jobs.list[at].waits_for.retain(|id| now.contains(id) || !before.contains(id));
            }
        }
    }

    /// The scalar jobs whose values a job's expressions use, in branches too.
    fn used_by(&self, job: &Job) -> Vec<JobId> {
        let evaluated = self.evaluated(job).into_iter().chain([job.node]);
        let parts = evaluated.flat_map(|id| self.graph.args(id).to_vec()).chain(job.values.iter().copied());
        parts.filter_map(|id| self.jobs.of_node.get(&id)).flatten().copied().collect()
    }

    /// The first value that too many loops would compute again.
    fn reloaded(&self) -> Option<NodeId> {
        let jobs = self.jobs.list.iter().enumerate().filter(|(_, job)| !job.domain.is_empty());
        let evaluated: Vec<(JobId, Set<NodeId>)> =
            jobs.map(|(at, job)| (JobId(at), self.evaluated(job))).collect();
        if evaluated.len() < LOOPS {
            return None;
        }
        let mut nodes: Vec<NodeId> = evaluated.iter().flat_map(|(_, nodes)| nodes.iter().copied()).collect();
        nodes.sort();
        let candidates = nodes.chunk_by(|a, b| a == b).filter(|uses| uses.len() >= LOOPS);
        let mut candidates = candidates.map(|uses| uses[0]);
        candidates.find(|&node| {
            let users = evaluated.iter().filter(|(_, nodes)| nodes.contains(&node)).map(|(id, _)| *id);
            self.is_worth_keeping(node) && self.loops_in_a_row(&users.collect::<Vec<_>>()) >= LOOPS
        })
    }

    /// What the statement of a job computes, down to what has a statement of its own.
    fn evaluated(&self, job: &Job) -> Set<NodeId> {
        let mut seen: Set<NodeId> = Set::default();
        let mut stack = job.values.clone();
        while let Some(id) = stack.pop() {
            let elsewhere = (self.known)(id) || self.jobs.has(id) && id != job.node;
            if elsewhere || !seen.insert(id) {
                continue;
            }
            match self.graph.op(id) {
                Op::If | Op::Logic(_) => stack.extend(self.graph.args(id).iter()),
                _ => stack.extend(operands_of(self.graph, id)),
            }
        }
        seen.retain(|&id| !self.jobs.has(id));
        seen
    }

    fn is_worth_keeping(&self, node: NodeId) -> bool {
        let is_work = matches!(self.graph.op(node), Op::Scalar(_)) && self.graph.elem(node).is_float();
        let is_named = self.graph.name(node).is_some_and(|name| !name.starts_with("d_"));
        is_work
            && is_named
            && !self.closed(&self.graph.free(node)).is_empty()
            && is_total(self.graph, node)
            && self.loads(node) >= LOADS
    }

    /// How many operands of a value are in memory where its loop is run again.
    fn loads(&self, node: NodeId) -> usize {
        let mut loads = 0;
        let mut seen: Set<NodeId> = Set::default();
        let mut stack = vec![node];
        while let Some(id) = stack.pop() {
            if self.closed(&self.graph.free(id)).is_empty() || !seen.insert(id) {
                continue;
            }
            if *self.graph.op(id) == Op::Read || self.jobs.has(id) {
                loads += 1;
            } else {
                stack.extend(operands_of(self.graph, id));
            }
        }
        loads
    }

    /// The most of some jobs of which each waits for the one before.
    fn loops_in_a_row(&self, users: &[JobId]) -> usize {
        let mut longest: Vec<(JobId, usize)> = Vec::new();
        let mut users: Vec<(JobId, Set<JobId>)> = users.iter().map(|&id| (id, self.before(id))).collect();
        users.sort_by_key(|(id, before)| (before.len(), *id));
        for (id, before) in users {
            let earlier = longest.iter().filter(|(other, _)| before.contains(other));
            let length = 1 + earlier.map(|(_, length)| *length).max().unwrap_or(0);
            longest.push((id, length));
        }
        longest.into_iter().map(|(_, length)| length).max().unwrap_or(0)
    }

    /// Everything that a job waits for.
    fn before(&self, id: JobId) -> Set<JobId> {
        let mut found = Set::default();
        let mut stack = vec![id];
        while let Some(at) = stack.pop() {
            stack.extend(self.jobs.list[at.0].waits_for.iter().copied().filter(|&wait| found.insert(wait)));
        }
        found
    }
}
