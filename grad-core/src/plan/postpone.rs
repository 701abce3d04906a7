//! Values that can wait: what only a later loop uses is computed there, and need not be kept until then.

use super::group::{Group, Level};
use super::jobs::{JobId, Kind};
use crate::ir::NodeId;
use crate::ir::ids::Set;
use crate::ir::op::{Op, Var};

impl Level<'_> {
    /// The loop without the jobs that can as well stand in the later loop over the same variable in which
    /// they are used. One that shares what it reads with others of the loop stays.
    pub(super) fn without_early(&self, group: Group) -> Option<Group> {
        let reads: Vec<Set<NodeId>> = group.members.iter().map(|&id| self.arrays_read(id)).collect();
        let shares = |at: usize| {
            let mut others = reads.iter().enumerate().filter(|(k, _)| *k != at);
            others.any(|(_, other)| !other.is_disjoint(&reads[at]))
        };
        let members = group.members.iter().enumerate();
        let stays = |&(at, &id): &(usize, &JobId)| !self.can_wait(id, &group) || shares(at);
        let members: Vec<JobId> = members.filter(stays).map(|(_, &id)| id).collect();
        (!members.is_empty()).then_some(Group { var: group.var, members })
    }

    /// Whether a job's value depends on the variable of the loop and is only used in later loops over it, which
    /// need nothing else of this one for it.
    fn can_wait(&self, id: JobId, group: &Group) -> bool {
        let job = self.job(id);
        let is_value = matches!(job.kind, Kind::Let | Kind::Reduce { .. });
        let mut users = self.undone.iter().filter(|user| self.job(**user).waits_for.contains(&id)).peekable();
        is_value
            && job.inside.is_empty()
            && job.waits_for.iter().all(|before| !self.undone.contains(before))
            && job.out.contains(&group.var)
            && users.peek().is_some()
            && users.all(|user| !group.members.contains(user) && self.shares_later(*user, group.var))
    }

    fn shares_later(&self, user: JobId, var: Var) -> bool {
        self.pending.contains(&user) && self.may_open(self.job(user), var, true)
    }

    /// The arrays of which a job reads elements.
    fn arrays_read(&self, id: JobId) -> Set<NodeId> {
        let mut found = Set::default();
        let mut seen: Set<NodeId> = Set::default();
        let values = &self.job(id).values;
        let mut stack = values.clone();
        while let Some(node) = stack.pop() {
            let elsewhere = self.jobs.has(node) && !values.contains(&node);
            if elsewhere || !seen.insert(node) {
                continue;
            }
            if *self.graph.op(node) == Op::Read {
                found.insert(self.graph.args(node)[0]);
                stack.extend(&self.graph.args(node)[1..]);
            } else {
                stack.extend(self.graph.dependencies(node));
            }
        }
        found
    }
}
