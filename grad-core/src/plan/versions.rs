//! Arrays that change element by element. The versions of such an array lie in one buffer: each update is in
//! place, and comes after everything that reads the version before it. Where that cannot be, it changes a copy.

use super::buffers::{is_at_hand, is_zero_array};
use super::discovery::Discovery;
use super::jobs::{Job, JobId, Jobs, Kind};
use super::program::{Buffer, Place, Stmt};
use super::schedule::{Planner, State};
use crate::ir::ids::Set;
use crate::ir::op::{LoopId, Op, Var};
use crate::ir::{Graph, NodeId};

/// The arrays that updates and loops that carry arrays would overwrite.
pub fn overwritten(graph: &Graph, roots: &[NodeId]) -> Set<NodeId> {
    let mut found = Set::default();
    let order = graph.reachable(roots);
    for &id in &order {
        match graph.op(id) {
            Op::Update { .. } => {
                found.insert(graph.args(id)[0]);
            }
            Op::Carried(lp, k) if graph.rank(id) > 0 => {
                let info = graph.loop_info(*lp);
                if matches!(graph.op(info.next[*k as usize]), Op::Update { .. } | Op::Final(..)) {
                    found.insert(id);
                    found.insert(info.init[*k as usize]);
                }
            }
            _ => {}
        }
    }
    // A loop that changes what it carries in place begins with the array itself. Users have greater ids.
    for &id in order.iter().rev() {
        if let Op::Carried(lp, k) = graph.op(id)
            && found.contains(&id)
        {
            found.insert(graph.loop_info(*lp).init[*k as usize]);
        }
    }
    found.retain(|&array| !matches!(graph.op(array), Op::Param(..) | Op::Seed(..)));
    found
}

impl Discovery<'_> {
    /// The job of an update: what it writes is at hand before, unless it is written under a condition.
    pub(super) fn update(&mut self, node: NodeId, add: bool) -> JobId {
        let args = self.graph.args(node);
        let always = self.graph.as_bool(args[1]) == Some(true);
        let out = self.closed(&self.graph.free(node));
        let value = args[args.len() - 1];
        let mut values: Vec<NodeId> = vec![args[1]];
        if always {
            values.extend(&args[2..]);
        }
        values.retain(|&v| self.graph.rank(v) == 0);
        let mut waits_for = self.base(args[0]);
        waits_for.extend(self.waits(&values, &out, true));
        if !always {
            waits_for.extend(self.waits_under(args[1], &args[2..], &out));
        }
        if self.graph.rank(value) > 0 {
            waits_for.extend(self.array(value));
        }
        let inside = self.inside(&[node]);
        self.push(Job {
            kind: Kind::Update { add },
            node,
            inner: Vec::new(),
            values,
            domain: out.clone(),
            out,
            waits_for,
            inside,
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        })
    }

    /// Takes note of the elements that are replaced in any case on the way to a version of an array.
    pub(super) fn note_replaced(&mut self, version: NodeId) {
        let mut at = version;
        while let Op::Update { .. } = self.graph.op(at) {
            let args = self.graph.args(at);
            if self.graph.as_bool(args[1]) == Some(true) {
                let element = [&args[..1], &args[2..args.len() - 1]].concat();
                self.replaced.insert(element.into());
            }
            at = args[0];
        }
    }

    /// The jobs of an array that is to be changed, none where its elements are at hand anyway.
    pub(super) fn base(&mut self, array: NodeId) -> Vec<JobId> {
        if is_at_hand(self.graph, array) { Vec::new() } else { self.array(array) }
    }

    /// Puts whatever overwrites an array behind what reads it, or has it change a copy.
    pub(super) fn order_versions(&mut self) {
        for at in 0..self.jobs.list.len() {
            for base in self.overwrites(&self.jobs.list[at]) {
                let mut readers = Vec::new();
                let mut late = self.outlives(&self.jobs.list[at], base);
                for other in (0..self.jobs.list.len()).filter(|&other| other != at) {
                    if !self.reads(&self.jobs.list[other], base) {
                        continue;
                    }
                    late |= self.reaches(other, at) || self.is_earlier_consumer(other, at, base);
                    // A loop that reads in each iteration what it begins with.
                    let job = &self.jobs.list[at];
                    late |= matches!(job.kind, Kind::Carry(lp) if self.jobs.list[other].inside.contains(&lp));
                    readers.push(JobId(other));
                }
                if late {
                    self.jobs.list[at].copies.push(base);
                } else {
                    self.jobs.list[at].after.extend(readers);
                }
            }
        }
    }

    /// Whether an array is there for several iterations, or for what is planned elsewhere: what changes it starts
    /// from a copy each time.
    fn outlives(&self, job: &Job, base: NodeId) -> bool {
        let own = match job.kind {
            Kind::Carry(lp) => Some(self.graph.loop_info(lp).var),
            _ => None,
        };
        let made_in = self.closed(&self.graph.free(base));
        let around = job.domain.iter().filter(|&&v| Some(v) != own);
        (self.known)(base) || around.into_iter().any(|v| !made_in.contains(v))
    }

    /// The versions of arrays that a job overwrites, unless it makes copies.
    fn overwrites(&self, job: &Job) -> Vec<NodeId> {
        let bases = match job.kind {
            Kind::Update { .. } => vec![self.graph.args(job.node)[0]],
            Kind::Carry(lp) => {
                let info = self.graph.loop_info(lp);
                info.places().map(|k| info.init[k]).filter(|&init| self.graph.rank(init) > 0).collect()
            }
            _ => Vec::new(),
        };
        bases.into_iter().filter(|base| self.overwritten.contains(base)).collect()
    }

    /// Whether another job that comes first in the list overwrites the same version: only one can.
    fn is_earlier_consumer(&self, other: usize, at: usize, base: NodeId) -> bool {
        other < at
            && self.overwrites(&self.jobs.list[other]).contains(&base)
            && !self.jobs.list[other].copies.contains(&base)
    }

    /// Whether a job waits for another, directly or not: what is not in a loop, for all of it.
    fn reaches(&self, from: usize, to: usize) -> bool {
        let whole = match self.jobs.list[to].kind {
            Kind::Carry(lp) if !self.loops_of(&self.jobs.list[from]).contains(&lp) => Some(lp),
            _ => None,
        };
        let mut seen: Set<usize> = [from].into_iter().collect();
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            let job = &self.jobs.list[at];
            let loops = self.loops_of(job);
            if at == to || whole.is_some_and(|lp| loops.contains(&lp)) {
                return true;
            }
            let before = loops.into_iter().flat_map(|lp| self.before_loop(lp));
            let own = job.waits_for.iter().chain(&job.after).copied();
            stack.extend(own.chain(before).map(|id| id.0).filter(|&id| seen.insert(id)));
        }
        false
    }

    /// The loops with carried values in which a job stands: each runs once.
    fn loops_of(&self, job: &Job) -> Vec<LoopId> {
        let owners = job.domain.iter().filter_map(|&var| self.graph.owner(var));
        job.inside.iter().copied().chain(owners).collect()
    }

    /// What has to be done before a loop can run to its end: whatever something in it comes after.
    fn before_loop(&self, lp: LoopId) -> Vec<JobId> {
        let (members, others): (Vec<JobId>, Vec<JobId>) = (0..self.jobs.list.len())
            .map(JobId)
            .partition(|id| self.loops_of(&self.jobs.list[id.0]).contains(&lp));
        let before = |id: JobId| {
            let job = &self.jobs.list[id.0];
            job.waits_for.iter().chain(&job.after).copied()
        };
        let mut before: Vec<JobId> = members.into_iter().flat_map(before).collect();
        before.retain(|id| others.contains(id));
        before
    }

    /// Whether branches of a scalar expression read an array that something overwrites.
    pub(super) fn reads_in_branches(&self, value: NodeId) -> bool {
        let mut seen: Set<(NodeId, bool)> = Set::default();
        let mut stack = vec![(value, false)];
        while let Some((id, in_branch)) = stack.pop() {
            if (self.known)(id) && self.graph.rank(id) == 0 || !seen.insert((id, in_branch)) {
                continue;
            }
            if in_branch && self.overwritten.contains(&id) {
                return true;
            }
            let conditional = matches!(self.graph.op(id), Op::If | Op::Logic(_));
            let parts = match self.graph.op(id) {
                Op::Read => self.graph.args(id),
                op if !op.bound().is_empty() || matches!(op, Op::Final(..)) || self.graph.rank(id) > 0 => {
                    continue;
                }
                _ => self.graph.args(id),
            };
            let parts = parts.iter().enumerate();
            stack.extend(parts.map(|(k, &part)| (part, in_branch || conditional && k > 0)));
        }
        false
    }

    /// Whether a job reads elements of an array: what it computes itself, branches and all.
    fn reads(&self, job: &Job, array: NodeId) -> bool {
        let mut stack: Vec<NodeId> = match &job.kind {
            Kind::Update { .. } => self.graph.args(job.node).to_vec(),
            Kind::Carry(lp) => self.graph.loop_parts(*lp),
            Kind::Reduce { init, .. } => vec![job.values[0], *init],
            Kind::Write { index, .. } => job.values.iter().chain(index).copied().collect(),
            Kind::Gated(gated) => gated.index.iter().chain(&job.values).copied().collect(),
            Kind::Let => self.graph.dependencies(job.node),
            Kind::Matmul => self.graph.args(job.node).to_vec(),
            Kind::Assert(clauses) => clauses
                .iter()
                .flat_map(|(fails, _, shown)| [*fails].into_iter().chain(shown.iter().copied()))
                .collect(),
            Kind::ArgReduce { .. } | Kind::Literal | Kind::Value => job.values.clone(),
        };
        // A block only ends in its value: another job computes that.
        let computes = |id: NodeId| id == job.node && !matches!(job.kind, Kind::Value);
        let mut seen: Set<NodeId> = stack.iter().copied().collect();
        while let Some(id) = stack.pop() {
            if id == array {
                return true;
            }
            // What is written under a condition is computed anew in its branch.
            let is_own = computes(id) || matches!(job.kind, Kind::Gated(_)) && job.values.contains(&id);
            if (self.known)(id) || self.jobs.has(id) && !is_own {
                continue;
            }
            let below = match self.graph.op(id) {
                Op::Carried(..) => Vec::new(),
                _ => self.graph.dependencies(id),
            };
            stack.extend(below.into_iter().filter(|&next| seen.insert(next)));
        }
        false
    }
}

impl Planner<'_> {
    /// The buffer in which a version of an array can be changed: its own, or a copy.
    pub(super) fn changeable(&mut self, version: NodeId, next: NodeId, copied: bool, out: &mut Vec<Stmt>) {
        let own = match self.places.get(&version) {
            Some(Place::Buffer(buffer)) if !copied && !self.is_given(version, buffer) => Some(buffer.clone()),
            _ => None,
        };
        let own = own.filter(|_| !is_at_hand(self.graph, version));
        if copied {
            self.note_put_aside(version);
        }
        match own {
            Some(buffer) => self.set_place(next, Place::Buffer(buffer)),
            None => {
                // A new buffer is zero.
                let is_zero = is_zero_array(self.graph, version);
                self.ensure_array(next, &[], is_zero, out);
                if !is_zero {
                    self.copy_array(version, next, out);
                }
            }
        }
    }

    /// Whether a buffer is the caller's, or cannot be written.
    fn is_given(&self, version: NodeId, buffer: &Buffer) -> bool {
        matches!(self.graph.op(version), Op::Param(..) | Op::Seed(..)) || buffer.literal
    }

    pub(super) fn execute_update(&mut self, job: &Job, add: bool, out: &mut Vec<Stmt>) {
        let args = self.graph.args(job.node);
        let copied = job.copies.contains(&args[0]);
        self.changeable(args[0], job.node, copied, out);
        if self.graph.as_bool(args[1]) == Some(true) {
            return self.store_update(job.node, add, out);
        }
        let condition = self.value_of(args[1], out);
        let mark = self.mark();
        let mut then = Vec::new();
        let scalars: Vec<NodeId> = args[2..].iter().copied().filter(|&a| self.graph.rank(a) == 0).collect();
        self.values_here(&scalars, &mut then);
        self.store_update(job.node, add, &mut then);
        self.roll_back(mark);
        out.push(Stmt::If { condition, then, otherwise: Vec::new() });
    }

    /// `array[index] = value`, element by element where the value is an array.
    fn store_update(&mut self, node: NodeId, add: bool, out: &mut Vec<Stmt>) {
        let args = self.graph.args(node);
        let Some((&value, index)) = args[2..].split_last() else { return };
        let scalars: Vec<NodeId> = args[2..].iter().copied().filter(|&a| self.graph.rank(a) == 0).collect();
        self.bind_shared(&scalars, out);
        let shape = self.graph.ty(value).shape.clone();
        let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        let element = if vars.is_empty() { value } else { self.element_at(value, &vars) };
        let mut at = index.to_vec();
        at.extend(vars.iter().map(|&v| self.graph.index(v)));
        self.in_loops(&vars, out, &mut |planner, body| {
            let value = planner.expression(element, body);
            let place = planner.access(node, &at, body);
            body.push(Stmt::Store { place, value, add });
        });
    }

    /// Whether what a job makes is used after the loop that it stands in, under its own name or, changed in place, as a
    /// later version.
    pub(super) fn outlives(&self, jobs: &Jobs, id: JobId, members: &[JobId], later: &[JobId]) -> bool {
        if later.iter().any(|l| jobs.list[l.0].waits_for.contains(&id)) {
            return true;
        }
        let job = &jobs.list[id.0];
        let array = match job.kind {
            Kind::Write { .. } | Kind::Update { .. } | Kind::Literal | Kind::Gated(_) => job.node,
            _ => return false,
        };
        members.iter().any(|&other| {
            let other_job = &jobs.list[other.0];
            let changes = match other_job.kind {
                Kind::Update { .. } => self.graph.args(other_job.node)[0] == array,
                Kind::Carry(lp) => self.graph.loop_info(lp).init.contains(&array),
                _ => false,
            };
            changes
                && other != id
                && !other_job.copies.contains(&array)
                && self.outlives(jobs, other, members, later)
        })
    }

    /// A copy that is changed and used in other loops lies in a buffer with room for all of them.
    pub(super) fn room_for_update(&mut self, job: &Job, rest: &[Var], out: &mut Vec<Stmt>) {
        let base = self.graph.args(job.node)[0];
        let is_copy =
            job.copies.contains(&base) || matches!(self.graph.op(base), Op::Param(..) | Op::Seed(..));
        if is_copy {
            self.ensure_array(job.node, rest, false, out);
        }
    }

    /// Room for the results of a loop that other loops use: numbers, and arrays of which it changes a copy.
    pub(super) fn room_for_results(
        &mut self,
        lp: LoopId,
        copies: &[NodeId],
        rest: &[Var],
        out: &mut Vec<Stmt>,
    ) -> Vec<(usize, Buffer)> {
        let info = self.graph.loop_info(lp).clone();
        let mut finals = Vec::new();
        for k in info.places() {
            let (init, carried) = (info.init[k], self.graph.carried(lp, k));
            let changes = self.overwritten.contains(&carried);
            let is_given = matches!(self.graph.op(init), Op::Param(..) | Op::Seed(..) | Op::Stack);
            let result = self.graph.final_value(lp, k);
            if self.graph.is_assertion(result)
                || self.graph.rank(init) == 0 && !self.reached.contains(&result)
            {
                continue;
            }
            if self.graph.rank(init) == 0 {
                finals.push((k, self.allocate(result, rest, &[], false, out)));
            } else if !changes || copies.contains(&init) || is_given {
                self.ensure_array(carried, rest, false, out);
            }
        }
        finals
    }

    /// A result of a loop that has ended is where other loops find it.
    pub(super) fn keep_result(
        &mut self,
        k: usize,
        (result, place): (NodeId, Place),
        state: &mut State,
        out: &mut Vec<Stmt>,
    ) {
        let kept = state.finals.iter().find(|(at, _)| *at == k).map(|(_, buffer)| buffer.clone());
        match (kept, place) {
            (Some(buffer), Place::Scalar(value)) => {
                let access = self.access_buffer(&buffer, &[], out);
                out.push(Stmt::Store { place: access, value, add: false });
                state.results.push((result, Place::Buffer(buffer)));
            }
            // Without room for every iteration, what is there is that of the last.
            (_, place) => {
                if matches!(&place, Place::Buffer(buffer) if !buffer.prefix.is_empty()) {
                    state.results.push((result, place));
                }
            }
        }
    }
}
