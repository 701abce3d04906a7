//! Buffers that serve twice: a value that an array holds anyway is not stored again, and an array that is read
//! for the last time, element by element, takes the result.

use super::gated::Gated;
use super::group::Group;
use super::jobs::{Job, JobId, Jobs, Kind};
use super::program::{Buffer, Place, Storage};
use super::schedule::Planner;
use crate::differentiate::is_version;
use crate::ir::NodeId;
use crate::ir::function::{Layer, Layout};
use crate::ir::ids::Set;
use crate::ir::op::{Op, Var};

/// An array takes the place of another.
pub(super) struct Overwrite {
    /// What is in the buffer only until the loop has run.
    pub overwritten: Vec<NodeId>,
    /// The jobs of the same loops that have to read an element before it is written.
    pub after: Vec<JobId>,
}

impl Planner<'_> {
    /// The array in the same loop whose element at its indices is the value of a job.
    pub(super) fn shared_array(
        &self,
        jobs: &Jobs,
        job: &Job,
        members: &[JobId],
    ) -> Option<(NodeId, Vec<Var>)> {
        let (Kind::Let | Kind::Reduce { .. }) = job.kind else { return None };
        let left =
            |vars: &[Var]| -> Set<Var> { vars.iter().copied().filter(|v| !self.open.contains(v)).collect() };
        members.iter().find_map(|id| {
            let write = &jobs.list[id.0];
            let Kind::Write { index, add: false } = &write.kind else { return None };
            let vars: Vec<Var> = index.iter().map(|&i| self.graph.as_index(i)).collect::<Option<_>>()?;
            let holds = write.values == [job.node]
                && left(&write.out).is_empty()
                && left(&vars) == left(&job.out)
                && left(&vars).len() == vars.len();
            holds.then_some((write.node, vars))
        })
    }

    /// Lets an array that is about to be written in a loop take the place of one that this loop reads for the
    /// last time, each element just before it is written.
    pub(super) fn reuse_buffer(
        &mut self,
        jobs: &Jobs,
        id: JobId,
        group: &Group,
        later: &[JobId],
    ) -> Option<Overwrite> {
        let write = &jobs.list[id.0];
        let Kind::Write { index, .. } = &write.kind else { return None };
        let is_new = !self.places.contains_key(&write.node) && !self.needs_own_buffer(write.node);
        // What is made anew in each iteration would overwrite what the next ones read.
        let is_once = self.open.is_empty() && write.out.is_empty();
        if !is_new || !is_once || !matches!(self.graph.op(write.node), Op::Build(_)) {
            return None;
        }
        let at = self.plain(index)?;
        let before = self.reached_from(jobs, id, &group.members);
        let mut candidates: Vec<String> = Vec::new();
        for &member in &before {
            candidates.extend(self.reads(jobs, member, group.var).into_iter().map(|(buffer, _)| buffer));
        }
        candidates.retain(|name| !self.outside.contains(name));
        candidates.into_iter().find_map(|name| {
            let place = self.replaceable(&name, write.node)?;
            let mut after = Vec::new();
            for &other in group.members.iter().chain(later) {
                let reads = self.reads(jobs, other, group.var);
                let of_it: Vec<_> = reads.iter().filter(|(of, _)| *of == name).collect();
                if of_it.is_empty()
                    || before.contains(&other) && of_it.iter().all(|(_, i)| i.as_ref() == Some(&at))
                {
                    continue;
                }
                let beside = group.members.contains(&other)
                    && of_it.iter().all(|(_, i)| i.as_ref() == Some(&at))
                    && self.is_beside(jobs, other, id);
                if !beside {
                    return None;
                }
                after.push(other);
            }
            let overwritten = self.in_buffer(&name);
            self.set_place(write.node, Place::Buffer(place));
            Some(Overwrite { overwritten, after })
        })
    }

    /// Whether an array is returned, and not as a `Vec` that any buffer of its length could be.
    fn needs_own_buffer(&self, array: NodeId) -> bool {
        let is_vec = |layout: &Layout| match layout {
            Layout::Nested(layers) => layers.len() == 1 && layers[0] != Layer::Array,
            Layout::NdArray { rank } => *rank == 1,
            Layout::Scalar => false,
        };
        self.root_names.get(&array).is_some_and(|(_, layout)| !is_vec(layout))
    }

    /// Whether a job runs in the same loops as a write and does not wait for it.
    fn is_beside(&self, jobs: &Jobs, other: JobId, write: JobId) -> bool {
        let domain = |id: JobId| -> Set<Var> { jobs.list[id.0].domain.iter().copied().collect() };
        // A loop moves on after all that is in its iterations.
        if matches!(jobs.list[other.0].kind, Kind::Carry(lp) if jobs.list[write.0].inside.contains(&lp)) {
            return false;
        }
        let everything: Vec<JobId> = (0..jobs.list.len()).map(JobId).collect();
        domain(other) == domain(write) && !self.reached_from(jobs, other, &everything).contains(&write)
    }

    fn plain(&self, index: &[NodeId]) -> Option<Vec<Var>> {
        index.iter().map(|&i| self.graph.as_index(i)).collect()
    }

    /// A buffer that an array can take: a temporary on the heap of the same type and shape.
    fn replaceable(&self, buffer: &str, by: NodeId) -> Option<Buffer> {
        let mut nodes = self.in_buffer(buffer);
        nodes.sort();
        // An array that changes in place is followed elsewhere.
        let changes = |node: &NodeId| {
            self.overwritten.contains(node) || self.graph.rank(*node) > 0 && is_version(self.graph, *node)
        };
        // Nor does what is returned give its buffer up.
        if nodes.iter().any(|node| changes(node) || self.is_root(*node)) {
            return None;
        }
        nodes.into_iter().find_map(|node| {
            let Some(Place::Buffer(own)) = self.places.get(&node) else { return None };
            let temporary =
                !matches!(self.graph.op(node), Op::Param(..) | Op::Seed(..)) && !self.is_root(node);
            let prefix = own.prefix.iter().map(|&v| self.graph.extent(v));
            let shape: Vec<NodeId> = prefix.chain(self.graph.ty(node).shape.iter().copied()).collect();
            let fits = shape == self.graph.ty(by).shape && self.graph.elem(node) == self.graph.elem(by);
            let here = own.storage == Storage::Flat && !own.literal;
            (temporary && fits && here).then(|| Buffer { prefix: Vec::new(), ..own.clone() })
        })
    }

    /// A job and those of a loop's jobs that it waits for.
    fn reached_from(&self, jobs: &Jobs, id: JobId, members: &[JobId]) -> Vec<JobId> {
        let mut found = vec![id];
        let mut next = 0;
        while let Some(&at) = found.get(next) {
            next += 1;
            for &wait in &jobs.list[at.0].waits_for {
                if members.contains(&wait) && !found.contains(&wait) {
                    found.push(wait);
                }
            }
        }
        found
    }

    /// The buffers that a job reads, in its branches and inner loops too, and at which variables; `None` is
    /// any other index.
    fn reads(&self, jobs: &Jobs, id: JobId, around: Var) -> Vec<(String, Option<Vec<Var>>)> {
        let job = &jobs.list[id.0];
        let everything: Vec<JobId> = (0..jobs.list.len()).map(JobId).collect();
        let reached = self.reached_from(jobs, id, &everything);
        // A value of the whole iteration of the loop `around` is still there; one of an inner loop may be gone.
        let of_iteration =
            |id: &JobId| reached.contains(id) && jobs.list[id.0].out.iter().all(|&v| v == around);
        let waited_for = |node: NodeId| {
            let ids = jobs.of_node.get(&node);
            // What may be computed again is read where it is used.
            let is_kept = |id: &JobId| !jobs.list[id.0].is_optional;
            let is_there = |id: &JobId| is_kept(id) && (job.waits_for.contains(id) || of_iteration(id));
            ids.is_some_and(|ids| ids.iter().all(is_there))
        };
        let mut found = Vec::new();
        let mut stack = job.values.clone();
        match &job.kind {
            Kind::Write { index, .. } | Kind::Gated(Gated { index, .. }) => stack.extend(index),
            Kind::Reduce { init, .. } => stack.push(*init),
            Kind::Matmul => stack.extend(self.graph.args(job.node).iter()),
            Kind::Carry(lp) => {
                let info = self.graph.loop_info(*lp);
                stack.extend(info.init.iter().chain(&info.next));
            }
            _ => {}
        }
        // With the variables of loops below the job: what is read at one of them is read at all of its values.
        let mut stack: Vec<(NodeId, Vec<Var>)> = stack.into_iter().map(|node| (node, Vec::new())).collect();
        let mut seen: Set<(NodeId, Vec<Var>)> = Set::default();
        while let Some((at, bound)) = stack.pop() {
            if !seen.insert((at, bound.clone())) {
                continue;
            }
            let fixed = |vars: Vec<Var>| vars.iter().all(|v| !bound.contains(v)).then_some(vars);
            match self.places.get(&at) {
                Some(Place::Scalar(_)) => continue,
                Some(Place::Buffer(buffer)) => {
                    let scalar = self.graph.rank(at) == 0;
                    let index = scalar.then(|| buffer.prefix.clone()).and_then(fixed);
                    found.push((buffer.name.clone(), index));
                    continue;
                }
                // Only what it waits for is there when the job runs: anything else is computed in a branch of its own.
                None if waited_for(at) && !job.values.contains(&at) => continue,
                None => {}
            }
            if *self.graph.op(at) == Op::Read
                && let Some(Place::Buffer(buffer)) = self.places.get(&self.graph.args(at)[0])
                && buffer.prefix.is_empty()
            {
                let index = &self.graph.args(at)[1..];
                found.push((buffer.name.clone(), self.plain(index).and_then(fixed)));
                stack.extend(index.iter().map(|&i| (i, bound.clone())));
                continue;
            }
            let below = self.bound_below(at, bound);
            stack.extend(self.graph.dependencies(at).into_iter().map(|node| (node, below.clone())));
        }
        found
    }

    /// The variables that are bound in the operands of a node.
    fn bound_below(&self, node: NodeId, mut bound: Vec<Var>) -> Vec<Var> {
        match self.graph.op(node) {
            Op::Final(lp, _) => bound.push(self.graph.loop_info(*lp).var),
            Op::Scatter { writes, .. } => bound.extend(writes.iter().flatten()),
            op => bound.extend(op.bound()),
        }
        bound.sort();
        bound.dedup();
        bound
    }
}
