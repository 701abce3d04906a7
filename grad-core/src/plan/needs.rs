//! What is needed whichever branches are taken, and what jobs turn out to wait for once all of them are known.

use std::collections::{BTreeMap, BTreeSet};

use super::buffers::{guard, is_at_hand};
use super::discovery::Discovery;
use super::jobs::{Job, JobId, Kind, operands_of};
use crate::ir::graph::HEAVY;
use crate::ir::ids::{IdSet, Set};
use crate::ir::op::{LoopId, Op, Var, asserted, scatter_writes};
use crate::ir::total::{cannot_fail, is_total};
use crate::ir::walk::conditional_from;
use crate::ir::{Graph, NodeId};

impl Discovery<'_> {
    /// Makes the jobs below some roots, operands first, so that the depth of the graph is not that of a
    /// recursion.
    pub fn prepare(&mut self, roots: &[NodeId]) {
        let mut seen: IdSet = IdSet::new();
        let mut elements: IdSet = IdSet::new();
        let mut early: IdSet = IdSet::new();
        let mut choices: BTreeSet<NodeId> = BTreeSet::new();
        let mut shared: BTreeSet<NodeId> = BTreeSet::new();
        let mut stack = roots.to_vec();
        stack.extend(self.made.iter());
        let mut needed = stack.clone();
        loop {
            while let Some(id) = stack.pop() {
                if (self.known)(id) || !seen.insert(id) {
                    continue;
                }
                match self.graph.op(id) {
                    Op::Final(lp, _) | Op::Carried(lp, _) => {
                        self.running.insert(*lp);
                    }
                    Op::Build(_) => {
                        elements.insert(self.graph.args(id)[0]);
                    }
                    Op::If => {
                        choices.insert(id);
                    }
                    _ => {}
                }
                let is_update = matches!(self.graph.op(id), Op::Update { .. });
                let reads = if is_update { self.early_reads(id, &IdSet::new()) } else { Vec::new() };
                early.extend(reads.iter().copied());
                for part in unconditional(self.graph, id).into_iter().chain(reads) {
                    *self.users.entry(part).or_default() += 1;
                    stack.push(part);
                }
            }
            stack = self.in_any_case(&choices, &seen);
            let kept = self.kept_for_branches(&seen);
            let once = self.same_in_iterations(&seen, &elements);
            shared.extend(kept.iter().chain(&once).copied().filter(|&id| self.graph.rank(id) > 0));
            stack.extend(kept.into_iter().chain(once));
            if stack.is_empty() {
                break;
            }
            needed.extend(&stack);
            stack.iter().for_each(|&id| *self.users.entry(id).or_default() += 1);
            shared.extend(stack.iter().copied().filter(|&id| *self.graph.op(id) == Op::If));
        }
        self.only_in_branches = self.only_in_branches(needed.clone(), &seen);
        self.there = self.there_anyway(needed, &seen);
        for id in seen {
            if shared.contains(&id) {
                self.require(id);
                continue;
            }
            // What one statement adds somewhere under a condition is computed there.
            let is_guarded = self.users.get(&id) == Some(&1)
                && !early.contains(&id)
                && (guard(self.graph, id).is_some()
                    || elements.contains(&id) && self.arms(id, false).is_some());
            if !roots.contains(&id) && !is_guarded && self.is_job(id, &[], &[]) {
                self.require(id);
            }
        }
    }

    /// What is needed in the iterations of loops alone that run only where a branch is taken.
    fn only_in_branches(&self, mut stack: Vec<NodeId>, seen: &IdSet) -> IdSet {
        let in_branch = |var: &Var| runs_in_branch(self.graph, *var);
        let mut outside = IdSet::new();
        while let Some(id) = stack.pop() {
            if !seen.contains(&id) || !outside.insert(id) {
                continue;
            }
            let op = self.graph.op(id);
            let of_loop = match op {
                Op::Final(lp, _) => Some(self.graph.loop_info(*lp)).filter(|info| in_branch(&info.var)),
                _ => None,
            };
            if let Some(info) = of_loop {
                stack.extend(info.init.iter().copied().chain([self.graph.extent(info.var)]));
            } else if op.bound().iter().any(in_branch) {
                stack.extend(op.bound().iter().map(|&var| self.graph.extent(var)));
            } else {
                stack.extend(unconditional(self.graph, id));
            }
        }
        let mut found = IdSet::new();
        seen.into_iter().filter(|&id| !outside.contains(&id)).for_each(|id| _ = found.insert(id));
        found
    }

    /// What something asks for in each iteration of the loops over its own variables, and in no further ones.
    fn there_anyway(&self, mut stack: Vec<NodeId>, seen: &IdSet) -> IdSet {
        let mut there = IdSet::new();
        while let Some(id) = stack.pop() {
            if !seen.contains(&id) || !there.insert(id) {
                continue;
            }
            let free = self.graph.free(id);
            for (bound, part) in self.asked_in_iterations(id) {
                let own = self.graph.free(part);
                let runs = |var: &Var| self.graph.as_int(self.graph.extent(*var)).is_some_and(|n| n > 0);
                if free.iter().chain(&bound).all(|var| own.contains(var) || runs(var)) {
                    stack.push(part);
                }
            }
        }
        there
    }

    /// What a node computes, whichever branches are taken, for each value of which variables.
    fn asked_in_iterations(&self, id: NodeId) -> Vec<(Vec<Var>, NodeId)> {
        let graph = &self.graph;
        let args = graph.args(id);
        match graph.op(id) {
            Op::Carried(..) => Vec::new(),
            Op::Final(lp, _) => {
                let info = graph.loop_info(*lp);
                info.next.iter().map(|&next| (vec![info.var], next)).collect()
            }
            Op::Scatter { rank, writes, .. } => scatter_writes(*rank, writes, &args)
                .iter()
                .flat_map(|write| {
                    let parts = write.index.iter().copied().chain([write.value]);
                    parts.map(|part| (write.vars.to_vec(), part))
                })
                .collect(),
            op => {
                let asked = args[..conditional_from(graph, id).unwrap_or(args.len())].iter();
                asked.map(|&part| (op.bound().to_vec(), part)).collect()
            }
        }
    }

    /// The loops and arrays that are needed whether or not a condition holds: one choice by it needs them where it
    /// does, and one where it does not.
    fn in_any_case(&self, choices: &BTreeSet<NodeId>, seen: &IdSet) -> Vec<NodeId> {
        let mut arms: BTreeMap<NodeId, [Vec<NodeId>; 2]> = BTreeMap::new();
        for &choice in choices {
            let args = self.graph.args(choice);
            let roots = arms.entry(args[0]).or_default();
            roots[0].push(args[1]);
            roots[1].push(args[2]);
        }
        let is_work = |id: NodeId| {
            self.graph.rank(id) > 0
                || matches!(self.graph.op(id), Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..))
        };
        let mut found: BTreeSet<NodeId> = BTreeSet::new();
        for (condition, arms) in arms {
            let [then, otherwise] = arms.map(|roots| self.below_arm(roots, seen));
            found.extend(then.sorted().into_iter().filter(|&id| otherwise.contains(&id) && is_work(id)));
            // A choice within a branch of the same condition is there to be shared by several.
            let is_shared =
                |id: &NodeId| *self.graph.op(*id) == Op::If && self.graph.args(*id)[0] == condition;
            found.extend(then.sorted().into_iter().chain(otherwise.sorted()).filter(is_shared));
        }
        found.into_iter().collect()
    }

    /// Reads what the branches of a value need of arrays that something overwrites, perhaps for its condition.
    pub fn read_early(&mut self, value: NodeId) {
        // An array that the condition needs is there.
        let made: IdSet = self.graph.reachable(&self.graph.args(value)[..1]).into_iter().collect();
        for read in self.early_reads(value, &made) {
            if !(self.known)(read) {
                self.require(read);
            }
        }
    }

    /// The elements that what is under a condition reads before their arrays are overwritten.
    fn early_reads(&self, conditional: NodeId, made: &IdSet) -> Vec<NodeId> {
        let mut found = Vec::new();
        let Some(from) = conditional_from(self.graph, conditional) else { return found };
        let mut seen = IdSet::new();
        let args = self.graph.args(conditional);
        let mut stack = args[from..].to_vec();
        while let Some(id) = stack.pop() {
            if self.graph.rank(id) > 0 || !self.graph.op(id).bound().is_empty() || !seen.insert(id) {
                continue;
            }
            let args = self.graph.args(id);
            let is_read = *self.graph.op(id) == Op::Read && self.overwritten.contains(&args[0]);
            let exists =
                || is_total(self.graph, id) || made.contains(&args[0]) && cannot_fail(self.graph, id);
            if is_read && exists() || self.is_early_read(id) {
                found.push(id);
            } else if !matches!(self.graph.op(id), Op::Final(..) | Op::Carried(..) | Op::Trips(_)) {
                stack.extend(&args[..conditional_from(self.graph, id).unwrap_or(args.len())]);
            }
        }
        found
    }

    /// What branches need of the iterations of loops that run anyway: those loops keep it, or they would have to run
    /// again in the branch.
    fn kept_for_branches(&self, needed: &IdSet) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut seen = IdSet::new();
        let mut stack: Vec<NodeId> = Vec::new();
        for id in needed.sorted() {
            if let Some(conditional) = conditional_from(self.graph, id) {
                stack.extend(&self.graph.args(id)[conditional..]);
            }
        }
        while let Some(id) = stack.pop() {
            if (self.known)(id) || needed.contains(&id) || !seen.insert(id) {
                continue;
            }
            let loops = self.graph.histories(id);
            let of_running = loops.iter().any(|lp| self.running.contains(lp));
            if of_running || self.is_loop(id) && self.graph.is_reached(id) {
                found.push(id);
            } else {
                stack.extend(self.graph.dependencies(id));
            }
        }
        found
    }

    /// The work that branches in loops need and that is the same in all iterations: it is done once, before them.
    fn same_in_iterations(&self, seen: &IdSet, elements: &IdSet) -> Vec<NodeId> {
        let mut found: BTreeSet<NodeId> = BTreeSet::new();
        for id in seen.sorted() {
            let Some(from) = conditional_from(self.graph, id) else { continue };
            let varies = self.closed(&self.graph.free(id));
            if varies.is_empty() {
                continue;
            }
            let args = self.graph.args(id);
            let asked: Vec<Var> =
                args[..from].iter().flat_map(|&part| self.closed(&self.graph.free(part))).collect();
            // Where the condition is the same for a whole loop, that stands in the branch.
            let over = if elements.contains(&id) { asked } else { varies };
            let mut own = IdSet::new();
            let mut stack = args[from..].to_vec();
            while let Some(part) = stack.pop() {
                if (self.known)(part) || seen.contains(&part) || !own.insert(part) {
                    continue;
                }
                let is_same = over.iter().any(|&var| !self.graph.depends_on(part, var));
                if is_same && self.is_safe_work(part) {
                    found.insert(part);
                } else {
                    stack.extend(self.graph.dependencies(part));
                }
            }
        }
        found.into_iter().collect()
    }

    /// Whether a node takes loops to compute, and may be computed whatever conditions hold. The loops that carry
    /// something run only where the function runs them.
    fn is_safe_work(&self, id: NodeId) -> bool {
        let starts_anywhere = |lp: &LoopId| {
            let info = self.graph.loop_info(*lp);
            let starts = || info.init.iter().all(|&init| self.is_safe_start(init));
            let iterates = || info.next.iter().all(|&next| is_total(self.graph, next));
            (!info.mirrors || starts()) && (!info.in_branch || starts() && iterates())
        };
        let histories = self.graph.histories(id);
        match self.graph.op(id) {
            Op::Final(lp, _) => starts_anywhere(lp),
            _ if !histories.is_empty() => histories.iter().all(starts_anywhere),
            Op::Build(_)
            | Op::Scatter { .. }
            | Op::Update { .. }
            | Op::Matmul { .. }
            | Op::Reduce(..)
            | Op::ArgReduce(..) => self.graph.is_reached(id) || is_total(self.graph, id),
            _ => false,
        }
    }

    /// Whether a cotangent can be made in any case: what need not exist is added to under a condition.
    fn is_safe_start(&self, init: NodeId) -> bool {
        let Op::Scatter { rank, writes, .. } = self.graph.op(init) else { return is_total(self.graph, init) };
        let args = self.graph.args(init);
        scatter_writes(*rank, writes, &args).iter().all(|write| guard(self.graph, write.value).is_some())
            || is_total(self.graph, init)
    }

    /// Whether a value is what a loop makes.
    fn is_loop(&self, id: NodeId) -> bool {
        match self.graph.op(id) {
            Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..) | Op::Scatter { .. } => true,
            Op::Build(_) => self.graph.node(id).weight >= HEAVY,
            _ => false,
        }
    }

    /// What an arm needs in any case, as far as it is not known to be needed.
    fn below_arm(&self, roots: Vec<NodeId>, seen: &IdSet) -> IdSet {
        let mut found = IdSet::new();
        let mut stack = roots;
        while let Some(id) = stack.pop() {
            if !(self.known)(id) && !seen.contains(&id) && found.insert(id) {
                stack.extend(unconditional(self.graph, id));
            }
        }
        found
    }

    /// The jobs that fill an array, none for a parameter.
    pub(super) fn array(&mut self, array: NodeId) -> Vec<JobId> {
        match self.graph.op(array) {
            Op::Param(..) | Op::Seed(..) | Op::Carried(..) => Vec::new(),
            Op::StopGradient => self.array(self.graph.args(array)[0]),
            _ if (self.known)(array) => Vec::new(),
            _ => self.require(array),
        }
    }

    /// The arrays that a job uses as a whole. A loop among them may not have been known when the job was made.
    pub(super) fn arrays_of(&self, job: &Job) -> Vec<NodeId> {
        let mut arrays = match job.kind {
            Kind::Update { .. } | Kind::Matmul => self.graph.args(job.node).to_vec(),
            Kind::Let if *self.graph.op(job.node) == Op::Read => self.graph.args(job.node)[..1].to_vec(),
            Kind::Carry(lp) => {
                let info = self.graph.loop_info(lp);
                info.init.iter().chain(&info.next).copied().collect()
            }
            _ => Vec::new(),
        };
        arrays.retain(|&array| self.graph.rank(array) > 0 && !is_at_hand(self.graph, array));
        arrays
    }

    /// The jobs that some expressions use, outside of branches: of their scalar parts and of the arrays they read.
    pub(super) fn found_below(&self, roots: &[NodeId]) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: IdSet = IdSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) || (self.known)(id) {
                continue;
            }
            match self.jobs.of_node.get(&id) {
                Some(jobs) => found.extend(jobs.iter().copied()),
                None if self.graph.rank(id) > 0 => {}
                None => stack.extend(operands_of(self.graph, id)),
            }
            if *self.graph.op(id) == Op::Read && !self.jobs.has(id) {
                stack.push(self.graph.args(id)[0]);
            }
        }
        found
    }

    /// The jobs of arrays that branches read. A branch makes what only it needs, but once an array has a place
    /// everything takes it to be there; and what is overwritten has to be read before.
    pub(super) fn made_for_branches(&self, job: &Job) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: Set<(NodeId, bool)> = Set::default();
        let mut stack: Vec<(NodeId, bool)> = match &job.kind {
            Kind::Let => vec![(job.node, false)],
            Kind::Update { .. } => self.graph.args(job.node)[2..].iter().map(|&part| (part, true)).collect(),
            Kind::Assert(clauses) => clauses
                .iter()
                .flat_map(|(fails, _, shown)| {
                    [(*fails, false)].into_iter().chain(shown.iter().map(|&n| (n, true)))
                })
                .collect(),
            _ => job.values.iter().map(|&value| (value, false)).collect(),
        };
        while let Some((id, in_branch)) = stack.pop() {
            if (self.known)(id) || !seen.insert((id, in_branch)) {
                continue;
            }
            if in_branch {
                let is_early = self.graph.rank(id) > 0
                    || matches!(self.graph.op(id), Op::Reduce(..) | Op::ArgReduce(..) | Op::If)
                    || *self.graph.op(id) == Op::Read && self.overwritten.contains(&self.graph.args(id)[0]);
                // What other iterations and other loops compute on the way is none of this one's business.
                let is_whole = matches!(self.graph.op(id), Op::Final(..));
                match self.jobs.of_node.get(&id).filter(|_| is_early || is_whole) {
                    Some(jobs) => found.extend(jobs.iter().copied()),
                    None if matches!(self.graph.op(id), Op::Carried(..)) => {}
                    None => stack.extend(self.graph.dependencies(id).into_iter().map(|part| (part, true))),
                }
                continue;
            }
            // What has a job of its own waits for what its branches need.
            let has_job = |part: &NodeId| self.graph.rank(*part) == 0 && self.jobs.has(*part);
            let operands = operands_of(self.graph, id).into_iter().filter(|part| !has_job(part));
            stack.extend(operands.map(|part| (part, false)));
            if matches!(self.graph.op(id), Op::If | Op::Logic(_)) {
                stack.extend(self.graph.args(id)[1..].iter().map(|&part| (part, true)));
            }
        }
        found
    }
}

/// What a node needs whichever branches are taken.
fn unconditional(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    if let Op::Assert { vars, clauses } = graph.op(id) {
        let args = graph.args(id);
        let conditions = asserted(clauses, &args).into_iter().map(|clause| clause.fails);
        return args[..1]
            .iter()
            .copied()
            .chain(conditions)
            .chain(vars.iter().map(|&v| graph.extent(v)))
            .collect();
    }
    match conditional_from(graph, id) {
        Some(conditional) => graph.args(id)[..conditional].to_vec(),
        None => graph.dependencies(id),
    }
}

/// Whether the loop over a variable has iterations only where a branch is taken.
pub(super) fn runs_in_branch(graph: &Graph, var: Var) -> bool {
    let extent = graph.extent(var);
    matches!(graph.op(extent), Op::If | Op::Select)
        && graph.args(extent)[1..].iter().any(|&arm| graph.as_int(arm) == Some(0))
}
