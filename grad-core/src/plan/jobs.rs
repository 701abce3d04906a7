//! Jobs: the values that need a statement of their own, and what each waits for.
//!
//! A reduction is a job, and so is what is too expensive to compute twice, the contents of a buffer, and a
//! loop with carried values. Everything else is an expression inside some job.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::buffers::{injective, is_total};
use crate::ir::graph::{without, worth_saving};
use crate::ir::op::{Fold, LoopId, Op, Var, scatter_writes};
use crate::ir::scalar::Cost;
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
}

/// The jobs that some goals need, in an order in which each comes after those that it waits for.
pub struct Jobs {
    pub list: Vec<Job>,
    of_node: HashMap<NodeId, Vec<JobId>>,
}

/// How a walk has come to a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It is what the job computes.
    Root,
    Always,
    /// Only where a branch is taken.
    InBranch,
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
    fn sorted(self) -> Jobs {
        let count = self.list.len();
        let mut order: Vec<usize> = Vec::with_capacity(count);
        let mut state = vec![0u8; count];
        for root in 0..count {
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
            Job { waits_for: renumber(&job.waits_for), ..job.clone() }
        });
        let of_node = self.of_node.iter().map(|(&node, ids)| (node, renumber(ids))).collect();
        Jobs { list: list.collect(), of_node }
    }

    /// Whether a node has a statement of its own.
    pub fn has(&self, node: NodeId) -> bool {
        self.of_node.contains_key(&node)
    }
}

pub struct Discovery<'a> {
    pub graph: &'a mut Graph,
    /// Nodes that are at hand already.
    pub known: &'a dyn Fn(NodeId) -> bool,
    /// Variables of the loops that are open already.
    pub open: &'a [Var],
    jobs: Jobs,
    carried: HashMap<NodeId, Vec<LoopId>>,
    /// How many users each node has.
    users: HashMap<NodeId, usize>,
}

impl<'a> Discovery<'a> {
    pub fn new(graph: &'a mut Graph, known: &'a dyn Fn(NodeId) -> bool, open: &'a [Var]) -> Discovery<'a> {
        let jobs = Jobs { list: Vec::new(), of_node: HashMap::new() };
        Discovery { graph, known, open, jobs, carried: HashMap::new(), users: HashMap::new() }
    }

    /// Makes the jobs below some roots, operands first, so that the depth of the graph is not that of a
    /// recursion.
    pub fn prepare(&mut self, roots: &[NodeId]) {
        let mut seen: BTreeSet<NodeId> = BTreeSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if (self.known)(id) && !roots.contains(&id) || !seen.insert(id) {
                continue;
            }
            let unconditional = match self.graph.op(id) {
                Op::If | Op::Logic(_) => self.graph.args(id)[..1].to_vec(),
                _ => self.graph.dependencies(id),
            };
            for part in unconditional {
                *self.users.entry(part).or_default() += 1;
                stack.push(part);
            }
        }
        for id in seen {
            if !roots.contains(&id) && self.is_job(id, &[], &[]) {
                self.require(id);
            }
        }
    }

    /// The jobs, each after those that it waits for.
    pub fn finish(mut self) -> Jobs {
        // What has become a job for the sake of one user is one for all of them.
        for at in 0..self.jobs.list.len() {
            let job = self.jobs.list[at].clone();
            let mut roots = job.values.clone();
            if let Kind::Let = job.kind {
                roots = operands_of(self.graph, job.node);
            }
            let more = self.found_below(&roots);
            let job = &mut self.jobs.list[at];
            job.waits_for.extend(more.into_iter().filter(|id| id.0 != at));
            job.waits_for.sort();
            job.waits_for.dedup();
        }
        self.jobs.sorted()
    }

    /// The scalar jobs that some expressions use, outside of branches.
    fn found_below(&self, roots: &[NodeId]) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if !seen.insert(id) || (self.known)(id) {
                continue;
            }
            match self.jobs.of_node.get(&id).filter(|_| self.graph.rank(id) == 0) {
                Some(jobs) => found.extend(jobs.iter().copied()),
                None => stack.extend(operands_of(self.graph, id)),
            }
        }
        found
    }

    /// A job for a value that the caller will use as an expression.
    pub fn value(&mut self, node: NodeId) {
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
        let ids = match self.graph.op(node).clone() {
            Op::Build(vars) => self.build_jobs(node, &vars, args[0], goal.flatten),
            Op::Scatter { rank, writes, .. } => {
                let single = writes.len() == 1;
                scatter_writes(rank, &writes, &args)
                    .into_iter()
                    .map(|w| {
                        let add = !(single && injective(self.graph, w.index, w.vars));
                        self.write(node, w.vars, w.index, w.value, add)
                    })
                    .collect()
            }
            Op::Stack => self.stack_jobs(node, &args),
            Op::Reduce(fold, var) => {
                vec![self.fold(node, Kind::Reduce { fold, var, init: args[0] }, var, args[1])]
            }
            Op::ArgReduce(fold, var) => vec![self.fold(node, Kind::ArgReduce { fold, var }, var, args[0])],
            Op::Final(lp, _) => self.carry(lp),
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

    fn push(&mut self, job: Job) -> JobId {
        self.jobs.list.push(job);
        JobId(self.jobs.list.len() - 1)
    }

    fn plain(
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
        })
    }

    /// Variables that are not open yet.
    fn closed(&self, vars: &[Var]) -> Vec<Var> {
        without(vars, self.open)
    }

    fn fold(&mut self, node: NodeId, kind: Kind, var: Var, body: NodeId) -> JobId {
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
            let before = self.waits(&[init], &out, false);
            waits_for.extend(before);
            values.push(init);
        }
        let inner = self.inner(&[body], &[]);
        let inside = self.inside(&[node, body]);
        self.push(Job { kind, node, values: vec![body], domain, out, waits_for, inner, inside })
    }

    fn write(&mut self, array: NodeId, vars: &[Var], index: &[NodeId], value: NodeId, add: bool) -> JobId {
        let mut bodies = vec![value];
        bodies.extend(index);
        let (vars, values) = self.apart(vars, &bodies);
        let (value, index) = (values[0], &values[1..]);
        let out = self.closed(&self.graph.free(array));
        let mut domain = out.clone();
        domain.extend(vars.iter().filter(|v| !out.contains(v)));
        let waits_for = self.waits(&values, &domain, true);
        let inner = self.inner(&[value], index);
        let inside = self.inside(&values);
        let kind = Kind::Write { index: index.to_vec(), add };
        self.push(Job { kind, node: array, values: vec![value], domain, out, waits_for, inner, inside })
    }

    /// The expressions in which a goal ends: where sums go straight to their buffer, their terms.
    pub fn goal_values(&self, goal: &Goal) -> Vec<NodeId> {
        match self.graph.op(goal.node) {
            Op::Build(vars) if goal.flatten => {
                let mut terms = Vec::new();
                self.terms(self.graph.args(goal.node)[0], vars, &mut terms);
                terms.into_iter().map(|(_, term)| term).collect()
            }
            _ => vec![goal.node],
        }
    }

    /// Bound variables that differ from those of the loops that are open, with the bodies in terms of them.
    fn apart(&mut self, vars: &[Var], bodies: &[NodeId]) -> (Vec<Var>, Vec<NodeId>) {
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
    fn build_jobs(&mut self, node: NodeId, vars: &[Var], body: NodeId, flatten: bool) -> Vec<JobId> {
        let index: Vec<NodeId> = self.index_nodes(vars);
        let mut terms = Vec::new();
        if flatten {
            self.terms(body, vars, &mut terms);
        }
        if terms.iter().all(|(over, _)| over.len() == vars.len()) {
            return vec![self.write(node, vars, &index, body, false)];
        }
        terms.into_iter().map(|(over, term)| self.write(node, &over, &index, term, true)).collect()
    }

    fn index_nodes(&mut self, vars: &[Var]) -> Vec<NodeId> {
        vars.iter().map(|&v| self.graph.index(v)).collect()
    }

    fn terms(&self, body: NodeId, vars: &[Var], into: &mut Vec<(Vec<Var>, NodeId)>) {
        let args = self.graph.args(body);
        match self.graph.op(body) {
            Op::Scalar(crate::ir::Scalar::Add) => args.iter().for_each(|&a| self.terms(a, vars, into)),
            Op::Reduce(Fold::Sum, var)
                if self.graph.as_float(args[0]) == Some(0.0) && !vars.contains(var) =>
            {
                let mut over = vars.to_vec();
                over.push(*var);
                self.terms(args[1], &over, into);
            }
            _ => into.push((vars.to_vec(), body)),
        }
    }

    fn stack_jobs(&mut self, node: NodeId, elements: &[NodeId]) -> Vec<JobId> {
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
    fn literal_leaves(&self, node: NodeId) -> Option<Vec<NodeId>> {
        if self.graph.rank(node) == 0 {
            return Some(vec![node]);
        }
        let elements = (*self.graph.op(node) == Op::Stack).then(|| self.graph.args(node))?;
        elements.iter().map(|&e| self.literal_leaves(e)).collect::<Option<Vec<_>>>().map(|l| l.concat())
    }

    fn copy(&mut self, node: NodeId) -> JobId {
        let (vars, value) = self.graph.element(node);
        let index = self.index_nodes(&vars);
        self.write(node, &vars, &index, value, false)
    }

    /// The loop itself: a job in its own domain that needs every next value.
    fn carry(&mut self, lp: LoopId) -> Vec<JobId> {
        let info = self.graph.loop_info(lp).clone();
        let node = self.graph.final_value(lp, 0);
        if let Some(found) = self.jobs.of_node.get(&node) {
            return found.clone();
        }
        // Registered at once: what the loop waits for may ask for the loop.
        self.jobs.of_node.insert(node, Vec::new());
        let out = self.closed(&self.graph.free(node));
        let mut domain = out.clone();
        domain.push(info.var);
        let mut waits_for: Vec<JobId> = Vec::new();
        for &init in &info.init {
            waits_for.extend(self.waits(&[init], &out, false));
            if self.graph.rank(init) > 0 {
                waits_for.extend(self.array(init));
            }
        }
        for &next in &info.next {
            let more =
                if self.graph.rank(next) > 0 { self.array(next) } else { self.waits(&[next], &domain, true) };
            waits_for.extend(more);
        }
        let job = Job {
            kind: Kind::Carry(lp),
            node,
            values: info.next.iter().copied().filter(|&n| self.graph.rank(n) == 0).collect(),
            domain,
            out,
            waits_for,
            inner: Vec::new(),
            inside: vec![lp],
        };
        let id = self.push(job);
        self.jobs.of_node.insert(node, vec![id]);
        vec![id]
    }

    /// The jobs that fill an array, none for a parameter.
    fn array(&mut self, array: NodeId) -> Vec<JobId> {
        match self.graph.op(array) {
            Op::Param(..) | Op::Seed(..) | Op::Carried(..) => Vec::new(),
            Op::StopGradient => self.array(self.graph.args(array)[0]),
            _ if (self.known)(array) => Vec::new(),
            _ => self.require(array),
        }
    }

    /// What expressions in loops over `domain` wait for. `inside` says that the roots are themselves only
    /// expressions, not the job that is being made.
    fn waits(&mut self, roots: &[NodeId], domain: &[Var], inside: bool) -> Vec<JobId> {
        let mut found = Vec::new();
        let mut seen: HashSet<(NodeId, bool)> = HashSet::new();
        let mut stack: Vec<(NodeId, Reached)> =
            roots.iter().map(|&r| (r, if inside { Reached::Always } else { Reached::Root })).collect();
        while let Some((id, reached)) = stack.pop() {
            if (self.known)(id) || !seen.insert((id, reached == Reached::InBranch)) {
                continue;
            }
            let below = if reached == Reached::InBranch { Reached::InBranch } else { Reached::Always };
            let hoisted =
                || domain.iter().any(|v| !self.graph.depends_on(id, *v)) && is_total(self.graph, id);
            if reached != Reached::Root
                && self.is_job(id, domain, roots)
                && (below == Reached::Always || hoisted())
            {
                found.extend(self.require(id));
                continue;
            }
            let args = self.graph.args(id);
            match self.graph.op(id) {
                // The branches are planned where they stand: nothing of them runs unless they are taken. Only
                // what does not change in the loop and cannot fail is taken out of it.
                Op::If | Op::Logic(_) => {
                    stack.push((args[0], below));
                    if !domain.is_empty() {
                        stack.extend(args[1..].iter().map(|&a| (a, Reached::InBranch)));
                    }
                }
                Op::Read => {
                    if below == Reached::Always || is_total(self.graph, id) && !domain.is_empty() {
                        found.extend(self.array(args[0]));
                    }
                    stack.extend(args[1..].iter().map(|&a| (a, below)));
                }
                // What a loop does inside a branch is planned there.
                op if below == Reached::InBranch && !op.bound().is_empty() => {}
                _ => stack.extend(args.iter().map(|&a| (a, below))),
            }
        }
        found.sort();
        found.dedup();
        found
    }

    fn is_job(&self, id: NodeId, domain: &[Var], roots: &[NodeId]) -> bool {
        let node = self.graph.node(id);
        if !node.ty.is_scalar() {
            return false;
        }
        let invariant = domain.iter().any(|v| !node.free.contains(v));
        let safe = || {
            !self.closed(&node.free).is_empty() || self.graph.name(id).is_some() || is_total(self.graph, id)
        };
        match &node.op {
            Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..) => true,
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

    /// The variables in which the accesses of some expressions are contiguous: last indices.
    fn inner(&self, values: &[NodeId], index: &[NodeId]) -> Vec<Var> {
        let mut found: Vec<Var> = Vec::new();
        let mut last_of = |index: &[NodeId]| {
            if let (true, Some(v)) = (index.len() > 1, index.last().and_then(|&i| self.graph.as_index(i))) {
                found.push(v);
            }
        };
        last_of(index);
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut stack = values.to_vec();
        while let Some(id) = stack.pop() {
            let node = self.graph.node(id);
            if !seen.insert(id) || !node.op.bound().is_empty() || (self.known)(id) {
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
    fn inside(&mut self, nodes: &[NodeId]) -> Vec<LoopId> {
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

    fn carried_in(&mut self, node: NodeId) -> Vec<LoopId> {
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

/// The operands that are evaluated together with a node: of a conditional only its condition.
pub fn operands_of(graph: &Graph, id: NodeId) -> Vec<NodeId> {
    let args = graph.args(id);
    match graph.op(id) {
        Op::If | Op::Logic(_) => args[..1].to_vec(),
        Op::Read => args[1..].to_vec(),
        op if !op.bound().is_empty() => Vec::new(),
        _ => args.to_vec(),
    }
}
