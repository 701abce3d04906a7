//! Which jobs share a loop.
//!
//! Jobs fit into one loop over a variable if each value that goes from one to the other is used in the
//! iteration in which it is made. The variable that most jobs can share becomes the loop.

use super::jobs::{Job, JobId, Jobs, Kind};
use super::schedule::States;
use crate::ir::Graph;
use crate::ir::ids::Set;
use crate::ir::op::{Fold, LoopId, Var};

/// The state of the jobs on one level: which variables are open, which jobs are still to do.
pub struct Level<'a> {
    pub graph: &'a Graph,
    pub jobs: &'a Jobs,
    pub open: &'a [Var],
    pub pending: &'a [JobId],
    pub undone: &'a Set<JobId>,
    pub states: &'a States,
    /// Which loops stand around which in the user's program.
    pub nesting: &'a Set<(Var, Var)>,
}

/// The next loop: its variable and the jobs in it.
pub struct Group {
    pub var: Var,
    pub members: Vec<JobId>,
}

impl Level<'_> {
    pub(super) fn job(&self, id: JobId) -> &Job {
        &self.jobs.list[id.0]
    }

    pub fn remaining(&self, job: &Job) -> Vec<Var> {
        job.domain.iter().copied().filter(|v| !self.open.contains(v)).collect()
    }

    fn is_ready(&self, id: JobId) -> bool {
        self.job(id).waits_for.iter().all(|d| !self.undone.contains(d))
    }

    /// The best loop to open next, if any job waits for one.
    pub fn choose(&self) -> Option<Group> {
        let ways = [(true, true), (false, true), (true, false), (false, false)];
        ways.into_iter().find_map(|(strict, late)| self.best(strict, late))
    }

    /// The loop for most jobs. `late`: without those that can wait for another.
    fn best(&self, strict: bool, late: bool) -> Option<Group> {
        let mut candidates: Vec<Var> = Vec::new();
        for &id in self.pending.iter().filter(|&&id| self.is_ready(id)) {
            for var in self.remaining(self.job(id)) {
                if !candidates.contains(&var) {
                    candidates.push(var);
                }
            }
        }
        let is_only = candidates.len() == 1;
        let groups = candidates.into_iter().filter_map(|var| {
            let group = self.members(var, strict)?;
            let is_timely = is_only || !self.grows_later(&group, strict);
            let group = if late { self.without_early(group)? } else { group };
            Some((is_timely, group))
        });
        // The first of the largest; those that assert something before the others.
        let asserts = |id: &JobId| matches!(self.job(*id).kind, Kind::Assert(_));
        let weight = |(is_timely, group): &(bool, Group)| {
            (*is_timely, group.members.iter().any(asserts), group.members.len())
        };
        let best = groups.reduce(|best, next| if weight(&best) >= weight(&next) { best } else { next });
        best.map(|(_, group)| group)
    }

    /// Whether more jobs come along once everything is done that has nothing to do with the group.
    fn grows_later(&self, group: &Group, strict: bool) -> bool {
        let mut undone: Set<JobId> = group.members.iter().copied().collect();
        // Jobs stand in an order in which each comes after those that it waits for.
        for (at, job) in self.jobs.list.iter().enumerate() {
            if self.undone.contains(&JobId(at)) && job.waits_for.iter().any(|before| undone.contains(before))
            {
                undone.insert(JobId(at));
            }
        }
        let later = Level { undone: &undone, ..*self }.members(group.var, strict);
        later.is_some_and(|later| later.members.len() > group.members.len())
    }

    /// The jobs that can stand in a loop over `var` that is opened now.
    fn members(&self, var: Var, strict: bool) -> Option<Group> {
        let extent = self.graph.extent(var);
        if !self.graph.free(extent).iter().all(|v| self.open.contains(v)) {
            return None;
        }
        let mut barred: Set<JobId> = Set::default();
        let members = loop {
            let members = self.aligned(var, strict, &barred);
            let torn = self.torn(&members);
            if torn.is_empty() {
                break members;
            }
            barred.extend(torn);
        };
        // Whoever overwrites a buffer shares every loop with those that read it first.
        let joins = |id: &JobId| {
            let own = &self.job(*id).after;
            let mut after = self.states.get(id).map_or(&[][..], |state| &state.after).iter().chain(own);
            after.all(|d| !self.undone.contains(d) || members.contains(d))
        };
        let members: Vec<JobId> = members.iter().copied().filter(joins).collect();
        let owner = self.graph.owner(var);
        let members = match owner {
            Some(lp) => self.ordered(lp, members)?,
            None => members,
        };
        (!members.is_empty()).then_some(Group { var, members })
    }

    /// The jobs that fit into a loop over `var`, without some.
    fn aligned(&self, var: Var, strict: bool, barred: &Set<JobId>) -> Vec<JobId> {
        let mut members: Vec<JobId> = Vec::new();
        for &id in self.pending.iter().filter(|id| !barred.contains(id)) {
            let job = self.job(id);
            let aligned = |d: &JobId| {
                !self.undone.contains(d) || members.contains(d) && self.job(*d).out.contains(&var)
            };
            if self.may_open(job, var, strict) && job.waits_for.iter().all(aligned) {
                members.push(id);
            }
        }
        members
    }

    /// Members that use what a loop carries, where not all of that loop has come along: whoever of it has to
    /// wait, makes the others wait.
    fn torn(&self, members: &[JobId]) -> Vec<JobId> {
        let is_closed = |lp: &LoopId| !self.open.contains(&self.graph.loop_info(*lp).var);
        let mut loops: Vec<LoopId> = members.iter().flat_map(|&id| self.job(id).inside.clone()).collect();
        loops.sort();
        loops.dedup();
        let mut torn = Vec::new();
        for lp in loops.into_iter().filter(is_closed) {
            let uses = |id: &JobId| self.job(*id).inside.contains(&lp);
            if self.pending.iter().any(|id| uses(id) && !members.contains(id)) {
                torn.extend(members.iter().copied().filter(uses));
            }
        }
        torn
    }

    /// In a loop with carried values, everything that uses them has to stand in the one loop.
    fn ordered(&self, lp: LoopId, members: Vec<JobId>) -> Option<Vec<JobId>> {
        let uses = |id: &&JobId| self.job(**id).inside.contains(&lp);
        let needed = self.pending.iter().filter(uses).count();
        let present = members.iter().filter(uses).count();
        (needed == present).then_some(members)
    }

    pub(super) fn may_open(&self, job: &Job, var: Var, strict: bool) -> bool {
        let remaining = self.remaining(job);
        if !remaining.contains(&var) {
            return false;
        }
        let others: Vec<Var> = remaining.iter().copied().filter(|&v| v != var).collect();
        // A loop with carried values is entered when everything around it is open, and before what is in it.
        for &lp in &job.inside {
            let own = self.graph.loop_info(lp).var;
            let around = self.around(lp);
            let enters_early = var == own && others.iter().any(|v| around.contains(v));
            let skips = var != own && others.contains(&own) && !around.contains(&var);
            if enters_early || skips {
                return false;
            }
        }
        let folds_first = self.folds(job, var) && others.iter().any(|v| job.out.contains(v));
        // A loop with carried values runs once: what sums over it does so then or never.
        let must_fold = self.graph.owner(var).is_some();
        let inner_later = others.iter().any(|v| job.inner.contains(v) || self.nesting.contains(&(var, *v)));
        if folds_first && !(self.can_fold_first(job) && (must_fold || inner_later)) {
            return false;
        }
        !(strict && (self.breaks_nesting(job, var, &others) || self.breaks_contiguity(job, var, &others)))
    }

    /// The variables for each value of which a loop is run anew.
    fn around(&self, lp: LoopId) -> &[Var] {
        let carry = self.jobs.list.iter().find(|job| matches!(job.kind, Kind::Carry(of) if of == lp));
        carry.map_or(&[], |carry| &carry.out)
    }

    /// Whether `var` is what a reduction folds over.
    fn folds(&self, job: &Job, var: Var) -> bool {
        match &job.kind {
            Kind::Reduce { var: over, .. } | Kind::ArgReduce { var: over, .. } => *over == var,
            _ => false,
        }
    }

    /// A sum may take its terms loop by loop into a buffer: each element still sees its terms in order.
    fn can_fold_first(&self, job: &Job) -> bool {
        matches!(job.kind, Kind::Reduce { fold: Fold::Sum, init, .. } if self.graph.as_float(init).is_some())
    }

    /// Whether another variable should be outside of `var`, in which memory is contiguous.
    fn breaks_contiguity(&self, job: &Job, var: Var, others: &[Var]) -> bool {
        job.inner.contains(&var)
            && others.iter().any(|v| !job.inner.contains(v) && self.can_be_outside(job, *v))
    }

    /// Whether another variable stands outside of `var` in the user's program: the samples around the terms of
    /// each. In that order what belongs to one sample is gone before the next.
    fn breaks_nesting(&self, job: &Job, var: Var, others: &[Var]) -> bool {
        others.iter().any(|v| self.nesting.contains(&(*v, var)) && self.can_be_outside(job, *v))
    }

    fn can_be_outside(&self, job: &Job, var: Var) -> bool {
        (!self.folds(job, var) || self.can_fold_first(job))
            && self.graph.free(self.graph.extent(var)).iter().all(|w| self.open.contains(w))
    }
}
