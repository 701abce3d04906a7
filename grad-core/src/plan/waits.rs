//! What an expression waits for, and which of its parts become jobs.

use super::buffers::guard;
use super::discovery::Discovery;
use super::jobs::JobId;
use super::needs::runs_in_branch;
use crate::ir::NodeId;
use crate::ir::graph::worth_saving;
use crate::ir::ids::{IdSet, Set};
use crate::ir::op::{LoopId, Op, Var};
use crate::ir::scalar::Cost;
use crate::ir::total::{cannot_fail, is_total, needs_further_loops};

/// How a walk has come to a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It is what the job computes.
    Root,
    Always,
    /// Only where a branch of this condition is taken.
    InBranch(NodeId),
}

impl Discovery<'_> {
    /// What decides how often loops over some variables run. A loop over the iterations of another comes after that,
    /// but for what is in it.
    pub(super) fn counted_before(&mut self, domain: &[Var]) -> Vec<JobId> {
        let mut before = Vec::new();
        for (at, &var) in domain.iter().enumerate() {
            let extent = self.graph.extent(var);
            match *self.graph.op(extent) {
                Op::Trips(lp) if self.graph.owner(var) != Some(lp) && !(self.known)(extent) => {
                    before.extend(self.carry(lp));
                }
                // In each iteration of a loop around, as often as another has run there.
                Op::Read => before.extend(self.waits(&[extent], &domain[..at], true)),
                _ => {}
            }
        }
        before
    }

    /// What expressions in loops over `domain` wait for. `inside` says that the roots are themselves only
    /// expressions, not the job that is being made.
    pub(super) fn waits(&mut self, roots: &[NodeId], domain: &[Var], inside: bool) -> Vec<JobId> {
        self.waits_as(roots, domain, if inside { Reached::Always } else { Reached::Root })
    }

    /// What expressions wait for that are computed only where a condition holds.
    pub(super) fn waits_under(&mut self, condition: NodeId, roots: &[NodeId], domain: &[Var]) -> Vec<JobId> {
        self.waits_as(roots, domain, Reached::InBranch(condition))
    }

    fn waits_as(&mut self, roots: &[NodeId], domain: &[Var], reached: Reached) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: Set<(NodeId, bool)> = Set::default();
        let mut stack: Vec<(NodeId, Reached)> = roots.iter().map(|&r| (r, reached)).collect();
        while let Some((id, reached)) = stack.pop() {
            if (self.known)(id) || !seen.insert((id, matches!(reached, Reached::InBranch(_)))) {
                continue;
            }
            let below = if reached == Reached::Root { Reached::Always } else { reached };
            let hoisted =
                || domain.iter().any(|v| !self.graph.depends_on(id, *v)) && is_total(self.graph, id);
            if reached != Reached::Root
                && self.is_job(id, domain, roots)
                && (below == Reached::Always
                    || hoisted()
                    || self.runs_anyway(id)
                    || self.is_there_before_change(id))
            {
                found.extend(self.require(id));
                continue;
            }
            let args = self.graph.args(id);
            if let Op::Trips(lp) = *self.graph.op(id) {
                found.extend(self.carry(lp));
                continue;
            }
            match self.graph.op(id) {
                // The branches are planned where they stand: nothing of them runs unless they are taken. Only
                // what does not change in the loop and cannot fail is taken out of it.
                Op::If | Op::Logic(_) => {
                    stack.push((args[0], below));
                    let branch = match below {
                        Reached::InBranch(outer) => outer,
                        _ => args[0],
                    };
                    stack.extend(args[1..].iter().map(|&a| (a, Reached::InBranch(branch))));
                }
                Op::Read => {
                    // The array may be filled before the branch, whichever of its elements is read there.
                    let is_there = || is_total(self.graph, args[0]) && self.is_running(args[0]);
                    let is_made = match below {
                        Reached::InBranch(condition) => {
                            !domain.is_empty() && is_there()
                                || self.is_under(args[0], condition)
                                || self.users.contains_key(&args[0])
                                || self.is_result(args[0])
                        }
                        _ => true,
                    };
                    let more = if is_made { self.array(args[0]) } else { self.histories_below(args[0]) };
                    found.extend(more);
                    stack.extend(args[1..].iter().map(|&a| (a, below)));
                }
                // What a loop does inside a branch is planned there, but what it needs of loops that run anyway is kept
                // by those.
                Op::Final(..) if matches!(below, Reached::InBranch(_)) => {
                    found.extend(self.histories_below(id));
                }
                op if matches!(below, Reached::InBranch(_)) && !op.bound().is_empty() => {
                    found.extend(self.histories_below(id));
                }
                _ => stack.extend(args.iter().map(|&a| (a, below))),
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// Whether the elements of an array are zero but for a condition: it is made once, whoever reads it.
    fn is_under(&self, array: NodeId, condition: NodeId) -> bool {
        let Op::Build(vars) = self.graph.op(array) else { return false };
        let guard = guard(self.graph, self.graph.args(array)[0]);
        guard.is_some_and(|(c, ..)| c == condition && vars.iter().all(|&v| !self.graph.depends_on(c, v)))
    }

    /// Whether the loops whose histories an array holds run whichever branches are taken.
    fn is_running(&self, array: NodeId) -> bool {
        self.graph.histories(array).iter().all(|lp| self.running.contains(lp))
    }

    /// The jobs of what loops that run anyway are to keep of each iteration, as far as each computes it.
    fn histories_below(&mut self, root: NodeId) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: IdSet = IdSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if (self.known)(id) || !seen.insert(id) {
                continue;
            }
            let is_history =
                matches!(self.graph.op(id), Op::Build(_)) && !self.graph.histories(id).is_empty();
            if is_history && self.is_running(id) {
                let body = self.graph.args(id)[0];
                if self.is_of_each_iteration(body) {
                    found.extend(self.require(id));
                    continue;
                }
            }
            stack.extend(self.graph.dependencies(id));
        }
        found
    }

    /// Whether every iteration of a loop that runs anyway has a value, or what it needs to compute it: what it carries
    /// and what it computes whichever branches are taken.
    pub(super) fn is_of_each_iteration(&self, value: NodeId) -> bool {
        let mut seen = IdSet::new();
        let mut stack = vec![value];
        while let Some(id) = stack.pop() {
            if !seen.insert(id)
                || self.users.contains_key(&id)
                || matches!(self.graph.op(id), Op::Carried(..))
            {
                continue;
            }
            if !cannot_fail(self.graph, id) {
                return false;
            }
            match self.graph.op(id) {
                // Branches are as lazy there as where they come from.
                Op::If | Op::Logic(_) => stack.push(self.graph.args(id)[0]),
                _ => stack.extend(self.graph.dependencies(id)),
            }
        }
        true
    }

    /// Whether a value is a result of a loop that runs whichever branches are taken.
    fn is_result(&self, id: NodeId) -> bool {
        matches!(self.graph.op(id), Op::Final(lp, _) if self.running.contains(lp))
    }

    /// Whether an element is there in any case that is changed later, whoever asks for it: it is read before that.
    fn is_there_before_change(&self, id: NodeId) -> bool {
        let args = self.graph.args(id);
        *self.graph.op(id) == Op::Read
            && self.overwritten.contains(&args[0])
            && (self.replaced.contains(&args) || is_total(self.graph, id))
    }

    /// Whether a loop is needed outside of branches too: none of those has to run it again.
    fn runs_anyway(&self, id: NodeId) -> bool {
        let is_loop = matches!(self.graph.op(id), Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..));
        let histories = self.graph.histories(id);
        let in_running = !histories.is_empty() && self.is_running(id) && self.adds_no_failure(id);
        is_loop && (self.users.contains_key(&id) || in_running || self.is_result(id))
    }

    /// Whether a value can be computed in any case: it is total, but for what is computed in any case already.
    fn adds_no_failure(&self, root: NodeId) -> bool {
        let mut seen: IdSet = IdSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if self.users.contains_key(&id) || !seen.insert(id) || is_total(self.graph, id) {
                continue;
            }
            if !cannot_fail(self.graph, id) {
                return false;
            }
            stack.extend(self.graph.dependencies(id));
        }
        true
    }

    pub(super) fn is_job(&self, id: NodeId, domain: &[Var], roots: &[NodeId]) -> bool {
        let node = self.graph.node(id);
        if !node.ty.is_scalar() {
            return false;
        }
        let invariant = domain.iter().any(|v| !node.free.contains(v));
        // Outside of the loops that it does not depend on, it is computed even if those do not run.
        let leaves_branch = || {
            let leaves = |&v: &Var| !node.free.contains(&v) && runs_in_branch(self.graph, v);
            self.only_in_branches.contains(&id) || domain.iter().any(leaves)
        };
        let safe = || {
            let is_askable = !self.closed(&node.free).is_empty()
                || self.graph.name(id).is_some()
                || is_total(self.graph, id);
            is_askable
                && (self.there.contains(&id)
                    || !invariant && !domain.is_empty()
                    || !needs_further_loops(self.graph, id, leaves_branch()))
        };
        match &node.op {
            Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..) | Op::Assert { .. } => true,
            // What is overwritten is read before that; so is what the next iteration of a loop makes anew.
            Op::Read if self.overwritten.contains(&node.args[0]) => !roots.contains(&id),
            Op::Read if self.is_made_anew(node.args[0]) => !roots.contains(&id),
            Op::If if self.is_early_read(id) => !roots.contains(&id),
            Op::Scalar(scalar) if worth_saving(*scalar) => safe(),
            Op::If if roots.contains(&id) => false,
            Op::If => node.weight >= Cost::SAVE && safe(),
            Op::Scalar(_) | Op::Cast(_) | Op::Select if node.ty.elem.is_float() => {
                let shared =
                    self.users.get(&id).is_some_and(|&n| n > 1) && self.closed(&node.free).is_empty();
                (shared || node.weight >= Cost::SAVE && invariant) && safe()
            }
            _ => false,
        }
    }

    /// Whether a value is an element of an array that is overwritten, where a condition holds.
    pub(super) fn is_early_read(&self, id: NodeId) -> bool {
        let inner = guard(self.graph, id).map(|(.., inner)| inner);
        inner.is_some_and(|inner| {
            *self.graph.op(inner) == Op::Read && self.overwritten.contains(&self.graph.args(inner)[0])
        })
    }

    /// Whether an array that changes in place is there for one iteration of a loop only.
    fn is_made_anew(&self, array: NodeId) -> bool {
        matches!(self.graph.op(array), Op::Update { .. } | Op::Final(..))
            && !self.closed(&self.graph.free(array)).is_empty()
    }

    /// The variables in which the accesses of some expressions are contiguous: last indices.
    pub(super) fn inner(&self, values: &[NodeId], index: &[NodeId]) -> Vec<Var> {
        let mut found: Vec<Var> = Vec::new();
        let mut last_of = |index: &[NodeId]| {
            if let (true, Some(v)) = (index.len() > 1, index.last().and_then(|&i| self.graph.as_index(i))) {
                found.push(v);
            }
        };
        last_of(index);
        let mut seen: IdSet = IdSet::new();
        let mut stack = values.to_vec();
        while let Some(id) = stack.pop() {
            let node = self.graph.node(id);
            let elsewhere = (self.known)(id) || self.jobs.has(id) && !values.contains(&id);
            if !seen.insert(id) || !node.op.bound().is_empty() || elsewhere {
                continue;
            }
            if node.op == Op::Read {
                last_of(&node.args[1..]);
            } else if !matches!(node.op, Op::Final(..)) {
                stack.extend(node.args.iter());
            }
        }
        found
    }

    /// The loops whose carried values some expressions depend on.
    pub(super) fn inside(&mut self, nodes: &[NodeId]) -> Vec<LoopId> {
        let mut loops = Vec::new();
        for &node in nodes {
            for lp in self.carried_in(node) {
                // Whoever uses what a loop carries needs that loop to run, whether or not its results are wanted.
                if !loops.contains(&lp) && self.open.iter().all(|&v| self.graph.owner(v) != Some(lp)) {
                    loops.push(lp);
                    self.carry(lp);
                }
            }
        }
        loops
    }

    pub(super) fn carried_in(&mut self, node: NodeId) -> Vec<LoopId> {
        // Only a node that mentions the variable of a loop can be inside it.
        if !self.graph.free(node).iter().any(|&v| self.graph.owner(v).is_some()) {
            return Vec::new();
        }
        if let Some(found) = self.carried.get(&node) {
            return found.clone();
        }
        let mut loops: Vec<LoopId> = match self.graph.op(node) {
            Op::Carried(lp, _) => vec![*lp],
            _ => Vec::new(),
        };
        for part in self.graph.dependencies(node) {
            for lp in self.carried_in(part) {
                if !loops.contains(&lp) {
                    loops.push(lp);
                }
            }
        }
        loops.retain(|lp| self.graph.depends_on(node, self.graph.loop_info(*lp).var));
        self.carried.insert(node, loops.clone());
        loops
    }
}
