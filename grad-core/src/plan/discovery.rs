//! Finds the jobs that some goals need.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::buffers::{guard, injective, is_partial};
use super::jobs::{Goal, Job, JobId, Jobs, Kind, operands_of};
use crate::ir::graph::without;
use crate::ir::ids::{IdSet, Map, Set};
use crate::ir::op::{Fold, LoopId, Op, Var, scatter_writes};
use crate::ir::sums::sum_anyway;
use crate::ir::{Graph, NodeId};

pub struct Discovery<'a> {
    pub graph: &'a mut Graph,
    /// Nodes that are at hand already.
    pub known: &'a dyn Fn(NodeId) -> bool,
    /// Variables of the loops that are open already.
    pub open: &'a [Var],
    /// Arrays that something overwrites.
    pub overwritten: &'a Set<NodeId>,
    pub(super) jobs: Jobs,
    pub(super) carried: Map<NodeId, Vec<LoopId>>,
    /// How many users each node has.
    pub(super) users: Map<NodeId, usize>,
    /// Elements, as the operands of a read, that are replaced whichever branches are taken.
    pub(super) replaced: Set<Rc<[NodeId]>>,
    /// The loops that run whichever branches are taken.
    pub(super) running: Set<LoopId>,
    /// What only loops compute that run in branches.
    pub(super) only_in_branches: IdSet,
    /// What is computed wherever its own variables are.
    pub(super) there: IdSet,
    /// What has been seen to be made here for the sake of one branch: it is there for all of them.
    pub(super) made: BTreeSet<NodeId>,
}

/// The jobs that `ask` makes. What becomes a job for the sake of one branch is one for all: they are asked again.
pub fn discovered(
    graph: &mut Graph,
    known: &dyn Fn(NodeId) -> bool,
    open: &[Var],
    overwritten: &Set<NodeId>,
    ask: &mut dyn FnMut(&mut Discovery),
) -> Jobs {
    let mut made = BTreeSet::new();
    loop {
        let mut discovery = Discovery::new(graph, known, open, overwritten);
        discovery.made = made;
        ask(&mut discovery);
        let before = discovery.made.len();
        discovery.note_made();
        made = std::mem::take(&mut discovery.made);
        if made.len() == before {
            return discovery.finish();
        }
    }
}

impl<'a> Discovery<'a> {
    fn new(
        graph: &'a mut Graph,
        known: &'a dyn Fn(NodeId) -> bool,
        open: &'a [Var],
        overwritten: &'a Set<NodeId>,
    ) -> Discovery<'a> {
        let jobs = Jobs { list: Vec::new(), of_node: Map::default() };
        Discovery {
            graph,
            known,
            open,
            overwritten,
            jobs,
            carried: Map::default(),
            users: Map::default(),
            replaced: Set::default(),
            running: Set::default(),
            only_in_branches: IdSet::new(),
            there: IdSet::new(),
            made: BTreeSet::new(),
        }
    }

    /// Notes the loops that have become jobs and are not known to be needed whichever branches are taken.
    fn note_made(&mut self) {
        let is_new = |id: &&NodeId| !self.users.contains_key(id) && !(self.known)(**id);
        let is_loop = |id: &&NodeId| matches!(self.graph.op(**id), Op::Final(..));
        self.made.extend(self.jobs.of_node.keys().filter(is_new).filter(is_loop).copied());
    }

    /// The jobs, each after those that it waits for.
    fn finish(mut self) -> Jobs {
        self.keep_reloaded();
        // What has become a job for the sake of one user is one for all of them.
        for at in 0..self.jobs.list.len() {
            let job = self.jobs.list[at].clone();
            let mut roots = job.values.clone();
            if let Kind::Let = job.kind {
                roots = operands_of(self.graph, job.node);
            }
            roots.extend(self.arrays_of(&job));
            let mut more = self.found_below(&roots);
            more.extend(self.made_for_branches(&job));
            let job = &mut self.jobs.list[at];
            job.waits_for.extend(more.into_iter().filter(|id| id.0 != at));
            job.waits_for.sort();
            job.waits_for.dedup();
        }
        self.order_versions();
        self.jobs.sorted()
    }

    /// A job for a value that the caller will use as an expression.
    pub fn value(&mut self, node: NodeId) {
        // A conditional result is computed together with what else depends on its condition; what its branches read of
        // an array that is overwritten, before that.
        let is_early = *self.graph.op(node) == Op::If || self.reads_in_branches(node);
        if is_early && !(self.known)(node) {
            self.require(node);
        }
        let waits_for = self.waits(&[node], &self.closed(&self.graph.free(node)), true);
        if !waits_for.is_empty() {
            self.push(Job {
                kind: Kind::Value,
                node,
                values: vec![node],
                domain: Vec::new(),
                out: Vec::new(),
                waits_for,
                inner: Vec::new(),
                inside: Vec::new(),
                after: Vec::new(),
                copies: Vec::new(),
                is_optional: false,
            });
        }
    }

    /// The jobs that compute a node, made on first request.
    pub fn require(&mut self, node: NodeId) -> Vec<JobId> {
        self.goal(&Goal { node, flatten: false })
    }

    pub fn goal(&mut self, goal: &Goal) -> Vec<JobId> {
        if let Some(found) = self.jobs.of_node.get(&goal.node) {
            return found.clone();
        }
        let node = goal.node;
        let args = self.graph.args(node);
        // The loops around it are made first: they may ask for this very node.
        let certain: Vec<NodeId> =
            args.iter().map(|&a| guard(self.graph, a).map_or(a, |(condition, ..)| condition)).collect();
        self.inside(&[&[node], &certain[..]].concat());
        for var in self.closed(&self.graph.free(node)) {
            if let Some(lp) = self.graph.owner(var) {
                self.carry(lp);
            }
        }
        if let Some(found) = self.jobs.of_node.get(&node) {
            return found.clone();
        }
        let ids = match self.graph.op(node).clone() {
            Op::Build(vars) => self.build_jobs(node, &vars, args[0], goal.flatten),
            Op::Scatter { rank, writes, .. } => {
                let single = writes.len() == 1;
                let mut ids = Vec::new();
                for w in scatter_writes(rank, &writes, &args) {
                    for (over, term) in self.terms_of(w.value, w.vars, goal.flatten) {
                        // What is written only under a condition is not wholly overwritten.
                        let partial = is_partial(self.graph, node, w.index, term);
                        let whole = single && term == w.value && injective(self.graph, w.index, &over);
                        ids.push(self.write(node, &over, w.index, term, !whole || partial));
                    }
                }
                ids
            }
            Op::Stack => self.stack_jobs(node, &args),
            Op::Reduce(fold, var) => {
                vec![self.fold(node, Kind::Reduce { fold, var, init: args[0] }, var, args[1])]
            }
            Op::ArgReduce(fold, var) => vec![self.fold(node, Kind::ArgReduce { fold, var }, var, args[0])],
            Op::Final(lp, _) => self.carry(lp),
            Op::Update { add } => vec![self.update(node, add)],
            Op::Assert { vars, clauses } => vec![self.assertion(node, &vars, &clauses)],
            Op::Matmul { .. } => {
                let out = self.closed(&self.graph.free(node));
                let waits_for = args.iter().flat_map(|&a| self.array(a)).collect();
                vec![self.plain(node, Kind::Matmul, Vec::new(), out, waits_for)]
            }
            Op::Param(..) | Op::Seed(..) if self.graph.rank(node) > 0 => vec![self.copy(node)],
            _ => {
                let out = self.closed(&self.graph.free(node));
                let waits_for = self.waits(&[node], &out, false);
                vec![self.plain(node, Kind::Let, vec![node], out, waits_for)]
            }
        };
        self.jobs.of_node.insert(node, ids.clone());
        ids
    }

    pub(super) fn push(&mut self, job: Job) -> JobId {
        let (inside, before) = self.surroundings(&job);
        self.jobs.list.push(job);
        let id = JobId(self.jobs.list.len() - 1);
        let job = &mut self.jobs.list[id.0];
        job.inside.extend(inside);
        job.waits_for.extend(before);
        id
    }

    /// The loops in which a job has to stand beside those that it is known to use, and the jobs of loops that its own
    /// run over again.
    pub(super) fn surroundings(&mut self, job: &Job) -> (Vec<LoopId>, Vec<JobId>) {
        let (mut inside, mut before) = (Vec::new(), Vec::new());
        // What differs from iteration to iteration of a loop with carried values stands in that loop, even if it
        // does not use what the loop carries: the loop runs once.
        for &var in &job.out {
            if let Some(lp) = self.graph.owner(var).filter(|lp| !job.inside.contains(lp)) {
                inside.push(lp);
                self.carry(lp);
            }
        }
        for &var in &job.domain {
            before.extend(self.extent(var));
        }
        // Room is made for an array as a whole.
        for extent in self.graph.ty(job.node).shape.clone() {
            if self.closed(&self.graph.free(extent)).is_empty() {
                before.extend(self.extent_value(extent));
            }
        }
        before.extend(self.counted_before(&job.domain));
        (inside, before)
    }

    /// The jobs that say how far a variable runs.
    fn extent(&mut self, var: Var) -> Vec<JobId> {
        self.extent_value(self.graph.extent(var))
    }

    fn extent_value(&mut self, extent: NodeId) -> Vec<JobId> {
        if (self.known)(extent)
            || matches!(
                self.graph.op(extent),
                Op::Const(_) | Op::Symbol(..) | Op::Extent { .. } | Op::Trips(_)
            )
        {
            return Vec::new();
        }
        let around = self.closed(&self.graph.free(extent));
        self.waits(&[extent], &around, true)
    }

    pub(super) fn plain(
        &mut self,
        node: NodeId,
        kind: Kind,
        values: Vec<NodeId>,
        out: Vec<Var>,
        waits_for: Vec<JobId>,
    ) -> JobId {
        let inside = self.inside(&[node]);
        self.push(Job {
            kind,
            node,
            inner: self.inner(&values, &[]),
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

    /// Variables that are not open yet, and those around the loops that own them.
    pub(super) fn closed(&self, vars: &[Var]) -> Vec<Var> {
        let mut closed = without(vars, self.open);
        let mut next = 0;
        while let Some(&var) = closed.get(next) {
            next += 1;
            let Some(lp) = self.graph.owner(var) else { continue };
            let around = without(&self.graph.loop_info(lp).outer, self.open);
            closed.extend(without(&around, &closed.clone()));
        }
        closed.sort();
        closed
    }

    pub(super) fn fold(&mut self, node: NodeId, kind: Kind, var: Var, body: NodeId) -> JobId {
        let (vars, bodies) = self.apart(&[var], &[body]);
        let (var, body) = (vars[0], bodies[0]);
        let kind = match kind {
            Kind::Reduce { fold, init, .. } => Kind::Reduce { fold, var, init },
            Kind::ArgReduce { fold, .. } => Kind::ArgReduce { fold, var },
            other => other,
        };
        let out = self.closed(&self.graph.free(node));
        let mut domain = out.clone();
        domain.push(var);
        let mut values = vec![body];
        let mut waits_for = self.waits(&values, &domain, true);
        if let Kind::Reduce { init, .. } = kind {
            let before = self.waits(&[init], &out, true);
            waits_for.extend(before);
            values.push(init);
        }
        let inner = self.inner(&[body], &[]);
        let inside = self.inside(&[node, body]);
        self.push(Job {
            kind,
            node,
            values: vec![body],
            domain,
            out,
            waits_for,
            inner,
            inside,
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        })
    }

    pub(super) fn write(
        &mut self,
        array: NodeId,
        vars: &[Var],
        index: &[NodeId],
        value: NodeId,
        add: bool,
    ) -> JobId {
        let mut bodies = vec![value];
        bodies.extend(index);
        let (vars, values) = self.apart(vars, &bodies);
        let (value, index) = (values[0], &values[1..]);
        if let Some(gated) = self.gated(array, &vars, index, value, add) {
            return gated;
        }
        let out = self.closed(&self.graph.free(array));
        let mut domain = out.clone();
        domain.extend(vars.iter().filter(|v| !out.contains(v)));
        let waits_for = self.waits(&values, &domain, true);
        let inner = self.inner(&[value], index);
        let inside = self.inside(&values);
        let kind = Kind::Write { index: index.to_vec(), add };
        self.push(Job {
            kind,
            node: array,
            values: vec![value],
            domain,
            out,
            waits_for,
            inner,
            inside,
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        })
    }

    /// The expressions in which a goal ends: where sums go straight to their buffer, their terms.
    pub fn goal_values(&self, goal: &Goal) -> Vec<NodeId> {
        match self.graph.op(goal.node) {
            Op::Build(vars) => {
                let terms = self.terms_of(self.graph.args(goal.node)[0], vars, goal.flatten);
                terms.into_iter().map(|(_, term)| term).collect()
            }
            Op::Scatter { rank, writes, .. } => {
                let args = self.graph.args(goal.node);
                let mut found = Vec::new();
                for w in scatter_writes(*rank, writes, &args) {
                    found.extend(w.index);
                    found.extend(
                        self.terms_of(w.value, w.vars, goal.flatten).into_iter().map(|(_, term)| term),
                    );
                }
                found
            }
            _ => vec![goal.node],
        }
    }

    /// The terms of a sum with the variables over which each is added up; the value itself where sums have to
    /// stay whole.
    fn terms_of(&self, value: NodeId, vars: &[Var], flatten: bool) -> Vec<(Vec<Var>, NodeId)> {
        if !flatten {
            return vec![(vars.to_vec(), value)];
        }
        let mut terms = Vec::new();
        self.terms(value, vars, &mut terms);
        let sums = terms.iter().any(|(over, _)| over.len() > vars.len());
        if sums { terms } else { vec![(vars.to_vec(), value)] }
    }

    /// Bound variables that differ from those of the loops that are open, with the bodies in terms of them.
    pub(super) fn apart(&mut self, vars: &[Var], bodies: &[NodeId]) -> (Vec<Var>, Vec<NodeId>) {
        let mut map = Vec::new();
        let mut renamed = Vec::new();
        for &var in vars {
            let is_open = self.open.contains(&var) && self.graph.owner(var).is_none();
            let new = if is_open { self.graph.fresh_var(self.graph.extent(var)) } else { var };
            if new != var {
                map.push((var, self.graph.index(new)));
            }
            renamed.push(new);
        }
        let bodies = bodies.iter().map(|&b| self.graph.subst(b, &map)).collect();
        (renamed, bodies)
    }

    /// The writes of an array given by its element. A sum in a gradient goes straight to the array, term by
    /// term, so that the loop over samples can be the outer one.
    pub(super) fn build_jobs(
        &mut self,
        node: NodeId,
        vars: &[Var],
        body: NodeId,
        flatten: bool,
    ) -> Vec<JobId> {
        let index: Vec<NodeId> = self.index_nodes(vars);
        let terms = self.terms_of(body, vars, flatten);
        if terms.iter().all(|(over, _)| over.len() == vars.len()) {
            return vec![self.write(node, vars, &index, body, false)];
        }
        terms.into_iter().map(|(over, term)| self.write(node, &over, &index, term, true)).collect()
    }

    pub(super) fn index_nodes(&mut self, vars: &[Var]) -> Vec<NodeId> {
        vars.iter().map(|&v| self.graph.index(v)).collect()
    }

    pub(super) fn terms(&self, body: NodeId, vars: &[Var], into: &mut Vec<(Vec<Var>, NodeId)>) {
        // Term by term, a sum is added up where its loop runs.
        let body = sum_anyway(self.graph, body).unwrap_or(body);
        let args = self.graph.args(body);
        match self.graph.op(body) {
            Op::Scalar(crate::ir::Scalar::Add) => {
                let mut below = Vec::new();
                args.iter().for_each(|&a| self.terms(a, vars, &mut below));
                // What is added up over the same loops is one term.
                match below.iter().all(|(over, _)| over.len() == vars.len()) {
                    true => into.push((vars.to_vec(), body)),
                    false => into.extend(below),
                }
            }
            Op::Reduce(Fold::Sum, var)
                if self.graph.as_float(args[0]) == Some(0.0)
                    && !vars.contains(var)
                    // A sum that is the same for several elements is better taken once.
                    && vars.iter().all(|&v| self.graph.depends_on(args[1], v)) =>
            {
                let mut over = vars.to_vec();
                over.push(*var);
                self.terms(args[1], &over, into);
            }
            _ => into.push((vars.to_vec(), body)),
        }
    }

    pub(super) fn stack_jobs(&mut self, node: NodeId, elements: &[NodeId]) -> Vec<JobId> {
        let leaves = self.literal_leaves(node);
        if let Some(leaves) = leaves {
            let out = self.closed(&self.graph.free(node));
            let waits_for = self.waits(&leaves, &out, true);
            return vec![self.plain(node, Kind::Literal, leaves, out, waits_for)];
        }
        let mut ids = Vec::new();
        for (k, &element) in elements.iter().enumerate() {
            let (vars, value) = self.graph.element(element);
            let mut index = vec![self.graph.usize(k)];
            index.extend(self.index_nodes(&vars));
            ids.push(self.write(node, &vars, &index, value, false));
        }
        ids
    }

    /// The scalars of an array literal, if it has nothing else in it.
    pub(super) fn literal_leaves(&self, node: NodeId) -> Option<Vec<NodeId>> {
        if self.graph.rank(node) == 0 {
            return Some(vec![node]);
        }
        let elements = (*self.graph.op(node) == Op::Stack).then(|| self.graph.args(node))?;
        elements.iter().map(|&e| self.literal_leaves(e)).collect::<Option<Vec<_>>>().map(|l| l.concat())
    }

    pub(super) fn copy(&mut self, node: NodeId) -> JobId {
        let (vars, value) = self.graph.element(node);
        let index = self.index_nodes(&vars);
        self.write(node, &vars, &index, value, false)
    }
}
