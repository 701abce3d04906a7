//! Writes the statements, loop by loop.

use std::collections::{HashMap, HashSet};

use super::bounds::Room;
use super::buffers::{in_bounds, storage};
use super::group::{Group, Level};
use super::inline::inline_once;
use super::jobs::{Discovery, Goal, Job, JobId, Jobs, Kind};
use super::names::Names;
use super::program::{Access, Buffer, Expr, Place, Program, Stmt, Storage};
use super::rows::take_rows;
use crate::ir::function::{Layer, Layout};
use crate::ir::op::{Fold, LoopId, Op, Var};
use crate::ir::{Const, Elem, Graph, NodeId};

/// A root of the program: what is returned, under which name.
#[derive(Clone, Debug)]
pub struct Root {
    pub node: NodeId,
    pub name: String,
    /// How the caller wants it.
    pub layout: Layout,
    /// A gradient may take its sums in any order.
    pub is_gradient: bool,
}

pub(super) struct Planner<'g> {
    pub graph: &'g mut Graph,
    pub names: Names,
    pub places: HashMap<NodeId, Place>,
    log: Vec<(NodeId, Option<Place>)>,
    pub open: Vec<Var>,
    pub indices: HashMap<Var, String>,
    pub extents: Vec<(u32, u32, String)>,
    pub extent_names: HashMap<(u32, u32), String>,
    /// The names that the buffers of the roots must have.
    root_names: HashMap<NodeId, (String, Layout)>,
    /// Allocations that are moved out of all loops.
    pub top: Vec<Stmt>,
    /// How often a node is used by the statements of the level that is being written.
    pub uses: HashMap<NodeId, usize>,
    /// What those statements need whichever branches are taken.
    pub always: HashSet<NodeId>,
}

/// What has been decided for a job on the way to its statement.
#[derive(Clone, Default)]
pub(super) struct State {
    accumulator: Option<Place>,
    /// Where the value is kept for other loops.
    kept: Option<Buffer>,
    /// An array in the loop that holds the value anyway, and the variables of its indices.
    shared: Option<(NodeId, Vec<Var>)>,
    /// Jobs of the same loops that come first because the buffer is theirs until then.
    pub after: Vec<JobId>,
    /// The greatest so far, beside its index.
    best: Option<String>,
}

pub(super) type States = HashMap<JobId, State>;

/// Plans the computation of some roots. `given` says where parameters and seeds are,
/// and `extent_names` how run-time extents are called.
pub fn plan(
    graph: &mut Graph,
    roots: &[Root],
    given: HashMap<NodeId, Place>,
    extent_names: HashMap<(u32, u32), String>,
    names: Names,
) -> Program {
    let mut planner = Planner {
        graph,
        names,
        places: given,
        log: Vec::new(),
        open: Vec::new(),
        indices: HashMap::new(),
        extents: Vec::new(),
        extent_names,
        root_names: HashMap::new(),
        top: Vec::new(),
        uses: HashMap::new(),
        always: HashSet::new(),
    };
    let nodes: Vec<NodeId> = roots.iter().map(|root| planner.own_node(root)).collect();
    let mut stmts = Vec::new();
    let jobs = planner.discover(&nodes, roots);
    let all = (0..jobs.list.len()).map(JobId).collect();
    planner.level(&jobs, all, &mut States::new(), &mut stmts);
    planner.count_values(&nodes);
    let results: Vec<Place> = nodes.iter().map(|&node| planner.result(node, &mut stmts)).collect();
    let mut all = planner.top;
    all.extend(stmts);
    let mut names = planner.names;
    let all = inline_once(all, &results, &|name| names.is_invented(name));
    Program { extents: planner.extents, stmts: take_rows(all, &mut names), results }
}

impl Planner<'_> {
    /// The node for a root: an array that is not made here (a parameter, say) is copied element by element.
    fn own_node(&mut self, root: &Root) -> NodeId {
        let mut node = root.node;
        let is_made =
            matches!(self.graph.op(node), Op::Build(_) | Op::Scatter { .. } | Op::Stack | Op::Matmul { .. });
        // A literal is an array on the stack.
        let rank = self.graph.rank(node);
        let is_literal = *self.graph.op(node) == Op::Stack && rank > 1 && !is_on_stack(&root.layout);
        if rank > 0 && (!is_made || is_literal || self.root_names.contains_key(&node)) {
            let shape = self.graph.ty(node).shape.clone();
            let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
            let mut args = vec![node];
            args.extend(vars.iter().map(|&v| self.graph.index(v)));
            let element = self.graph.add(Op::Read, &args);
            node = self.graph.add(Op::Build(vars.into()), &[element]);
        }
        self.root_names.entry(node).or_insert((root.name.clone(), root.layout.clone()));
        node
    }

    /// The name of a variable for a value: that of the root that it is, or a fresh one.
    pub fn name_for(&mut self, node: NodeId) -> String {
        match self.root_names.get(&node).filter(|(name, _)| !name.is_empty()) {
            Some((name, _)) => name.clone(),
            None => self.names.value(self.graph, node),
        }
    }

    fn discover(&mut self, nodes: &[NodeId], roots: &[Root]) -> Jobs {
        let places = &self.places;
        let known = |id: NodeId| places.contains_key(&id);
        let mut discovery = Discovery::new(self.graph, &known, &self.open);
        let goals: Vec<Goal> =
            nodes.iter().zip(roots).map(|(&node, root)| Goal { node, flatten: root.is_gradient }).collect();
        let values: Vec<NodeId> = goals.iter().flat_map(|goal| discovery.goal_values(goal)).collect();
        discovery.prepare(&values);
        for goal in &goals {
            if discovery.graph.rank(goal.node) > 0 {
                discovery.goal(goal);
            } else {
                discovery.value(goal.node);
            }
        }
        discovery.finish()
    }

    /// Statements for a scalar value in the present context, and the value.
    pub fn value_here(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        let places = &self.places;
        let known = |id: NodeId| places.contains_key(&id);
        let mut discovery = Discovery::new(self.graph, &known, &self.open);
        discovery.prepare(&[node]);
        discovery.value(node);
        let jobs = discovery.finish();
        let all = (0..jobs.list.len()).map(JobId).collect();
        let outer_uses = std::mem::take(&mut self.uses);
        self.level(&jobs, all, &mut States::new(), out);
        self.count_values(&[node]);
        self.bind_shared(&[node], out);
        self.uses = outer_uses;
        self.expression(node, out)
    }

    fn result(&mut self, node: NodeId, stmts: &mut Vec<Stmt>) -> Place {
        if self.graph.rank(node) == 0 {
            self.bind_shared(&[node], stmts);
            Place::Scalar(self.expression(node, stmts))
        } else {
            self.places[&node].clone()
        }
    }

    pub fn set_place(&mut self, node: NodeId, place: Place) {
        let before = self.places.insert(node, place);
        self.log.push((node, before));
    }

    /// What is in a buffer.
    pub fn in_buffer(&self, name: &str) -> Vec<NodeId> {
        let there = |place: &Place| matches!(place, Place::Buffer(buffer) if buffer.name == name);
        let mut nodes: Vec<NodeId> =
            self.places.iter().filter(|(_, p)| there(p)).map(|(&node, _)| node).collect();
        nodes.sort();
        nodes
    }

    /// Forgets where values are: they have been overwritten.
    fn forget(&mut self, nodes: &[NodeId]) {
        for &node in nodes {
            let place = self.places.remove(&node);
            self.log.push((node, place));
        }
    }

    pub fn is_root(&self, node: NodeId) -> bool {
        self.root_names.contains_key(&node)
    }

    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Forgets the places that have gone out of scope.
    pub fn roll_back(&mut self, mark: usize) {
        while self.log.len() > mark {
            if let Some((node, before)) = self.log.pop() {
                match before {
                    Some(place) => self.places.insert(node, place),
                    None => self.places.remove(&node),
                };
            }
        }
    }

    /// Writes some jobs in the present loops.
    fn level(&mut self, jobs: &Jobs, ids: Vec<JobId>, states: &mut States, out: &mut Vec<Stmt>) {
        let outer = (std::mem::take(&mut self.uses), std::mem::take(&mut self.always));
        self.count_uses(jobs, &ids);
        let mut undone: HashSet<JobId> = ids.iter().copied().collect();
        let mut pending = ids;
        loop {
            let before = pending.len();
            let mut waiting = Vec::new();
            for id in std::mem::take(&mut pending) {
                let job = &jobs.list[id.0];
                let is_open = job.domain.iter().all(|v| self.open.contains(v));
                let is_last = || match job.kind {
                    // A loop moves on when everything that uses its present values is done.
                    Kind::Carry(lp) => {
                        undone.iter().all(|&d| d == id || !jobs.list[d.0].inside.contains(&lp))
                    }
                    _ => true,
                };
                let after = states.get(&id).map_or(&[][..], |state| &state.after);
                let waits = || job.waits_for.iter().chain(after);
                if is_open && waits().all(|d| !undone.contains(d)) && is_last() {
                    self.execute(job, states.entry(id).or_default(), out);
                    undone.remove(&id);
                } else {
                    waiting.push(id);
                }
            }
            pending = waiting;
            if pending.len() < before {
                continue;
            }
            let level = Level {
                graph: self.graph,
                jobs,
                open: &self.open,
                pending: &pending,
                undone: &undone,
                states,
            };
            let Some(group) = level.choose() else {
                assert!(
                    pending.is_empty(),
                    "every job finds a loop: {:?}",
                    pending.iter().map(|p| &jobs.list[p.0]).collect::<Vec<_>>()
                );
                break;
            };
            pending.retain(|id| !group.members.contains(id));
            self.run_group(jobs, &group, &pending, states, out);
            group.members.iter().for_each(|id| {
                undone.remove(id);
            });
        }
        (self.uses, self.always) = outer;
    }

    /// One loop and what is before and after it.
    fn run_group(
        &mut self,
        jobs: &Jobs,
        group: &Group,
        later: &[JobId],
        states: &mut States,
        out: &mut Vec<Stmt>,
    ) {
        let mut overwritten = Vec::new();
        for &id in &group.members {
            let job = &jobs.list[id.0];
            let used_later = later.iter().any(|l| jobs.list[l.0].waits_for.contains(&id));
            let state = states.entry(id).or_default();
            if used_later && state.kept.is_none() {
                state.shared = self.shared_array(jobs, job, &group.members);
            }
            if let Kind::Write { add: false, .. } = job.kind {
                if let Some(overwrite) = self.reuse_buffer(jobs, id, group, later) {
                    overwritten.extend(overwrite.overwritten);
                    state.after = overwrite.after;
                }
            }
            self.before_loop(job, group.var, used_later, state, out);
        }
        let extent = self.graph.extent(group.var);
        let extent = self.expression(extent, out);
        let owner = self.graph.owner(group.var);
        let reversed = owner.is_some_and(|lp| self.graph.loop_info(lp).mirrors);
        let members: Vec<&Job> = group.members.iter().map(|id| &jobs.list[id.0]).collect();
        self.hoist(&members, group.var, out);
        let index = self.graph.index(group.var);
        let wanted = self.graph.name(index).map(str::to_string);
        let name = self.names.open_index(wanted);
        self.indices.insert(group.var, name.clone());
        self.open.push(group.var);
        let mark = self.mark();
        let mut body = Vec::new();
        self.level(jobs, group.members.clone(), states, &mut body);
        self.roll_back(mark);
        self.open.pop();
        self.names.close_index();
        out.push(Stmt::For { var: name, extent, reversed, body });
        for &id in &group.members {
            self.after_loop(&jobs.list[id.0], group.var, states.entry(id).or_default(), out);
        }
        self.forget(&overwritten);
    }

    fn closed(&self, vars: &[Var]) -> Vec<Var> {
        vars.iter().copied().filter(|v| !self.open.contains(v)).collect()
    }

    /// What a job needs before the loop over `var` begins.
    fn before_loop(&mut self, job: &Job, var: Var, used_later: bool, state: &mut State, out: &mut Vec<Stmt>) {
        // The loop that is being opened is the outermost of those that are left.
        let mut rest = self.closed(&job.out);
        if let Some(at) = rest.iter().position(|&v| v == var) {
            rest[..=at].rotate_right(1);
        }
        match &job.kind {
            Kind::Write { add, .. } => {
                if (used_later || rest.is_empty()) && !self.places.contains_key(&job.node) {
                    self.allocate_array(job.node, &rest, *add, out);
                }
                if self.closed(&job.domain).iter().all(|v| !self.indexes(job, *v))
                    && state.accumulator.is_none()
                {
                    state.accumulator = self.scalar_accumulator(job, *add, out);
                }
            }
            Kind::Literal if used_later => self.allocate_array(job.node, &rest, false, out),
            Kind::Reduce { fold, var: over, init } if *over == var => {
                let (fold, init) = (*fold, *init);
                if rest.is_empty() {
                    let start = self.value_of(init, out);
                    let name = self.name_for(job.node);
                    let elem = self.graph.elem(job.node);
                    out.push(Stmt::LetMut { name: name.clone(), elem, value: start });
                    state.accumulator = Some(Place::Scalar(Expr::Name(name)));
                } else {
                    debug_assert_eq!(fold, Fold::Sum);
                    let kept = state.kept.take();
                    let buffer = kept.unwrap_or_else(|| self.allocate(job.node, &rest, &[], true, out));
                    state.accumulator = Some(Place::Buffer(buffer));
                }
            }
            Kind::ArgReduce { var: over, fold } if *over == var => self.begin_arg(job, *fold, state, out),
            Kind::Carry(lp) if self.graph.loop_info(*lp).var == var => self.begin_loop(*lp, out),
            Kind::Let | Kind::Reduce { .. } | Kind::ArgReduce { .. }
                if used_later && !rest.is_empty() && state.kept.is_none() && state.shared.is_none() =>
            {
                state.kept =
                    Some(self.allocate(job.node, &rest, &[], matches!(job.kind, Kind::Reduce { .. }), out));
            }
            _ => {}
        }
    }

    /// Whether the place of a write depends on a variable.
    fn indexes(&self, job: &Job, var: Var) -> bool {
        let Kind::Write { index, .. } = &job.kind else { return false };
        job.out.contains(&var) || index.iter().any(|&i| self.graph.depends_on(i, var))
    }

    /// A write whose place no longer changes takes its sum in a variable.
    fn scalar_accumulator(&mut self, job: &Job, add: bool, out: &mut Vec<Stmt>) -> Option<Place> {
        let elem = self.graph.elem(job.node);
        if !add || !elem.is_float() || !job.inside.is_empty() {
            return None;
        }
        let name = self.names.fresh("sum");
        let zero = self.constant(0.0, elem);
        out.push(Stmt::LetMut { name: name.clone(), elem, value: zero });
        Some(Place::Scalar(Expr::Name(name)))
    }

    fn begin_arg(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
        let elem = self.graph.elem(job.values[0]);
        let worst = if fold == Fold::Max { f64::NEG_INFINITY } else { f64::INFINITY };
        let best = self.names.fresh(if fold == Fold::Max { "greatest" } else { "least" });
        let worst = self.constant(worst, elem);
        out.push(Stmt::LetMut { name: best.clone(), elem, value: worst });
        let at = self.name_for(job.node);
        let zero = Expr::Const(Const::Int(0, crate::ir::Int::Usize));
        out.push(Stmt::LetMut { name: at.clone(), elem: Elem::USIZE, value: zero });
        state.best = Some(best);
        state.accumulator = Some(Place::Scalar(Expr::Name(at)));
    }

    fn begin_loop(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        for (k, &init) in info.init.iter().enumerate() {
            let carried = self.graph.carried(lp, k);
            let wanted =
                self.graph.name(carried).or(self.graph.name(info.next[k])).unwrap_or("carried").to_string();
            if self.graph.rank(init) > 0 {
                self.begin_array(carried, init, &wanted, out);
                continue;
            }
            let value = self.value_of(init, out);
            let name = self.names.fresh(&wanted);
            let elem = self.graph.elem(init);
            out.push(Stmt::LetMut { name: name.clone(), elem, value });
            self.set_place(carried, Place::Scalar(Expr::Name(name)));
        }
    }

    /// A carried array: a buffer with the initial elements.
    fn begin_array(&mut self, carried: NodeId, init: NodeId, wanted: &str, out: &mut Vec<Stmt>) {
        self.graph.set_name(carried, wanted);
        let shape = self.graph.ty(init).shape.clone();
        let buffer = self.allocate(carried, &[], &shape, true, out);
        self.set_place(carried, Place::Buffer(buffer));
        self.copy_array(init, carried, out);
    }

    /// `to[…] = from[…]`, element by element.
    pub fn copy_array(&mut self, from: NodeId, to: NodeId, out: &mut Vec<Stmt>) {
        let (vars, element) = self.graph.element(from);
        let element_of_copy = {
            let mut args = vec![to];
            args.extend(vars.iter().map(|&v| self.graph.index(v)));
            self.graph.add(Op::Read, &args)
        };
        let mut body = Vec::new();
        let mut headers = Vec::new();
        for &var in &vars {
            let extent = self.graph.extent(var);
            let extent = self.expression(extent, out);
            let name = self.names.open_index(None);
            self.indices.insert(var, name.clone());
            self.open.push(var);
            headers.push((name, extent));
        }
        let value = self.value_here(element, &mut body);
        if let Expr::Element(place) = self.expression(element_of_copy, &mut body) {
            body.push(Stmt::Store { place, value, add: false });
        }
        for (var, extent) in headers.into_iter().rev() {
            body = vec![Stmt::For { var, extent, reversed: false, body }];
            self.names.close_index();
            self.open.pop();
        }
        out.extend(body);
    }

    /// What follows the loop over `var` for a job that was in it.
    fn after_loop(&mut self, job: &Job, var: Var, state: &mut State, out: &mut Vec<Stmt>) {
        let folded = match &job.kind {
            Kind::Reduce { var: over, .. } | Kind::ArgReduce { var: over, .. } => *over == var,
            _ => false,
        };
        match &job.kind {
            Kind::Write { .. } => {
                if self.closed(&job.domain).first().is_some_and(|&first| first == var)
                    || self.closed(&job.domain) == [var]
                {
                    self.finish_write(job, state, out);
                }
            }
            Kind::Carry(lp) if self.graph.loop_info(*lp).var == var => {
                let count = self.graph.loop_info(*lp).init.len();
                for k in 0..count {
                    let carried = self.graph.carried(*lp, k);
                    let result = self.graph.final_value(*lp, k);
                    let place = self.places[&carried].clone();
                    self.set_place(result, place);
                }
            }
            _ if folded => self.finish_fold(job, state, out),
            _ => self.finish_kept(job, state),
        }
    }

    /// A value that other loops use is where it has been kept.
    fn finish_kept(&mut self, job: &Job, state: &State) {
        if let Some(buffer) = state.kept.clone() {
            self.set_place(job.node, Place::Buffer(buffer));
        }
        if let Some((array, vars)) = &state.shared
            && let Some(Place::Buffer(buffer)) = self.places.get(array).cloned()
        {
            self.set_place(job.node, Place::Buffer(Buffer { prefix: vars.clone(), ..buffer }));
        }
    }

    fn finish_write(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        let Kind::Write { index, add } = &job.kind else { return };
        if let Some(Place::Scalar(sum)) = state.accumulator.take() {
            let place = self.access(job.node, index, out);
            out.push(Stmt::Store { place, value: sum, add: *add });
        }
    }

    fn finish_fold(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        let Some(place) = state.accumulator.take() else { return };
        if let (Place::Scalar(value), Some(buffer)) = (&place, &state.kept) {
            let access = self.access_buffer(buffer, &[], out);
            out.push(Stmt::Store { place: access, value: value.clone(), add: false });
        }
        self.set_place(job.node, place);
    }

    fn allocate_array(&mut self, array: NodeId, prefix: &[Var], fill: bool, out: &mut Vec<Stmt>) {
        let shape = self.graph.ty(array).shape.clone();
        let zeroed = fill || matches!(self.graph.op(array), Op::Scatter { .. });
        let buffer = self.allocate(array, prefix, &shape, zeroed, out);
        self.set_place(array, Place::Buffer(buffer));
    }

    /// A buffer that the matrix kernel will make.
    pub fn declare_matrix(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        let mut unused = Vec::new();
        self.allocate_array(node, &[], false, &mut unused);
        // Only the extents of the buffer may have needed statements.
        unused.retain(|stmt| !matches!(stmt, Stmt::Buffer { .. }));
        out.extend(unused);
    }

    pub fn allocate_matrix(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        self.allocate_array(node, &[], false, out);
    }

    /// A buffer for the values of `node` at all values of `prefix`. One that is allocated inside a loop is
    /// taken out of it if it lies on the heap, and filled again where the loop needs it zeroed.
    fn allocate(
        &mut self,
        node: NodeId,
        prefix: &[Var],
        shape: &[NodeId],
        zeroed: bool,
        out: &mut Vec<Stmt>,
    ) -> Buffer {
        let extents: Vec<NodeId> =
            prefix.iter().map(|&v| self.graph.extent(v)).chain(shape.iter().copied()).collect();
        let Room { extents, on_top } = self.room(&extents);
        let mut storage = storage(self.graph, &extents);
        let mut heap = vec![false; extents.len()];
        let name = match self.root_names.get(&node) {
            Some((name, layout)) => {
                storage =
                    if matches!(layout, Layout::NdArray { .. }) { Storage::Flat } else { Storage::Nested };
                if let Layout::Nested(layers) = layout {
                    heap = layers.iter().map(|layer| *layer != Layer::Array).collect();
                }
                name.clone()
            }
            None => {
                let wanted = Names::wanted(self.graph, node);
                self.names.fresh(if wanted == "t" { "buffer" } else { &wanted })
            }
        };
        let elem = self.graph.elem(node);
        let dims: Vec<Expr> = extents.iter().map(|&e| self.expression(e, out)).collect();
        let fill = match self.graph.op(node) {
            Op::Reduce(..) => self.graph.as_float(self.graph.args(node)[0]).unwrap_or(0.0),
            _ => 0.0,
        };
        let statement = Stmt::Buffer { name: name.clone(), elem, fill, dims: dims.clone(), storage, heap };
        if storage == Storage::Flat && on_top {
            self.top.push(statement);
            if zeroed {
                out.push(Stmt::Refill { name: name.clone(), fill, elem, storage, rank: dims.len() });
            }
        } else {
            out.push(statement);
        }
        Buffer { name, prefix: prefix.to_vec(), dims, storage, literal: false }
    }

    /// The statement of a job whose loops are all open.
    fn execute(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        match &job.kind {
            Kind::Value => {}
            Kind::Let => self.execute_let(job, state, out),
            Kind::Reduce { fold, .. } => self.execute_fold(job, *fold, state, out),
            Kind::ArgReduce { fold, .. } => self.execute_arg(job, *fold, state, out),
            Kind::Write { index, add } => self.execute_write(job, index, *add, state, out),
            Kind::Literal => self.execute_literal(job, out),
            Kind::Carry(lp) => self.execute_carry(*lp, out),
            Kind::Matmul => self.execute_matmul(job.node, out),
        }
    }

    fn execute_let(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        self.bind_operands(job.node, out);
        let value = self.own_expression(job.node, out);
        let name = self.name_for(job.node);
        out.push(Stmt::Let { name: name.clone(), value });
        if let Some(buffer) = &state.kept {
            let place = self.access_buffer(buffer, &[], out);
            out.push(Stmt::Store { place, value: Expr::name(&name), add: false });
        }
        self.set_place(job.node, Place::Scalar(Expr::Name(name)));
    }

    fn execute_fold(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
        let Some(place) = state.accumulator.clone() else { return };
        let body = job.values[0];
        self.guarded(body, fold == Fold::Sum, out, |planner, value, out| {
            let stmt = match (place, fold) {
                (Place::Scalar(Expr::Name(name)), Fold::Sum) => Stmt::AddAssign { name, value },
                (Place::Scalar(Expr::Name(name)), _) => {
                    let value = Expr::Scalar(fold.scalar(), vec![Expr::name(&name), value]);
                    Stmt::Assign { name, value }
                }
                (Place::Buffer(buffer), _) => {
                    Stmt::Store { place: planner.access_buffer(&buffer, &[], out), value, add: true }
                }
                (Place::Scalar(_), _) => return,
            };
            out.push(stmt);
        });
    }

    fn execute_arg(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
        let (Some(Place::Scalar(Expr::Name(at))), Some(best)) =
            (state.accumulator.clone(), state.best.clone())
        else {
            return;
        };
        let Kind::ArgReduce { var, .. } = job.kind else { return };
        let value = self.value_of(job.values[0], out);
        let index = self.graph.index(var);
        let index = self.expression(index, out);
        let value = self.named(value, "candidate", out);
        let cmp = if fold == Fold::Max { crate::ir::Cmp::Gt } else { crate::ir::Cmp::Lt };
        let condition = Expr::Compare(cmp, Box::new(value.clone()), Box::new(Expr::name(&best)));
        let then = vec![Stmt::Assign { name: best, value }, Stmt::Assign { name: at, value: index }];
        out.push(Stmt::If { condition, then, otherwise: Vec::new() });
    }

    fn execute_write(
        &mut self,
        job: &Job,
        index: &[NodeId],
        add: bool,
        state: &mut State,
        out: &mut Vec<Stmt>,
    ) {
        if !self.places.contains_key(&job.node) {
            self.allocate_array(job.node, &[], add, out);
        }
        let accumulator = state.accumulator.clone();
        let (node, index) = (job.node, index.to_vec());
        self.guarded(job.values[0], add, out, |planner, value, out| match accumulator {
            Some(Place::Scalar(Expr::Name(name))) => out.push(Stmt::AddAssign { name, value }),
            _ => {
                let place = planner.access(node, &index, out);
                out.push(Stmt::Store { place, value, add });
            }
        });
    }

    fn execute_literal(&mut self, job: &Job, out: &mut Vec<Stmt>) {
        for &value in &job.values {
            self.bind_shared(&[value], out);
        }
        let literal = self.literal(job.node, out);
        if let Some(Place::Buffer(buffer)) = self.places.get(&job.node).cloned() {
            return self.store_literal(&buffer, Vec::new(), literal, out);
        }
        let name = self.name_for(job.node);
        let shape = self.graph.ty(job.node).shape.clone();
        let dims = shape.iter().map(|&e| self.expression(e, out)).collect();
        out.push(Stmt::Let { name: name.clone(), value: literal });
        let buffer = Buffer { name, prefix: Vec::new(), dims, storage: Storage::Nested, literal: true };
        self.set_place(job.node, Place::Buffer(buffer));
    }

    fn store_literal(&mut self, buffer: &Buffer, at: Vec<usize>, literal: Expr, out: &mut Vec<Stmt>) {
        match literal {
            Expr::Array(parts) => {
                for (k, part) in parts.into_iter().enumerate() {
                    let mut at = at.clone();
                    at.push(k);
                    self.store_literal(buffer, at, part, out);
                }
            }
            value => {
                let index: Vec<NodeId> = at.iter().map(|&k| self.graph.usize(k)).collect();
                let place = self.access_buffer(buffer, &index, out);
                out.push(Stmt::Store { place, value, add: false });
            }
        }
    }

    fn execute_carry(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        let scalars: Vec<NodeId> = info.next.iter().copied().filter(|&n| self.graph.rank(n) == 0).collect();
        self.bind_shared(&scalars, out);
        let mut assignments = Vec::new();
        for (k, &next) in info.next.iter().enumerate() {
            let carried = self.graph.carried(lp, k);
            if self.graph.rank(next) > 0 {
                if next != carried {
                    self.copy_array(next, carried, out);
                }
                continue;
            }
            let value = self.expression(next, out);
            if let Some(Place::Scalar(Expr::Name(name))) = self.places.get(&carried).cloned()
                && value != Expr::Name(name.clone())
            {
                assignments.push((name, value));
            }
        }
        // All next values are computed from the present ones.
        if assignments.len() > 1 {
            for (_, value) in &mut assignments {
                *value = self.named(value.clone(), "next", out);
            }
        }
        out.extend(assignments.into_iter().map(|(name, value)| Stmt::Assign { name, value }));
    }

    /// Reads of an array at indices, where it is.
    pub fn access(&mut self, array: NodeId, index: &[NodeId], out: &mut Vec<Stmt>) -> Access {
        let Some(Place::Buffer(mut buffer)) = self.places.get(&array).cloned() else {
            panic!("an array is in memory before it is read: {:?}", self.graph.op(array));
        };
        if buffer.dims.is_empty() && buffer.storage == Storage::Flat {
            // A parameter: its extents are asked for only when an element is read.
            let shape = self.graph.ty(array).shape.clone();
            buffer.dims = shape.iter().map(|&e| self.expression(e, out)).collect();
        }
        let shape = &self.graph.ty(array).shape;
        let later = index.iter().zip(shape).skip(1);
        let checked =
            buffer.storage == Storage::Flat && !later.clone().all(|(&i, &n)| in_bounds(self.graph, i, n));
        Access { checked, ..self.access_buffer(&buffer, index, out) }
    }

    pub fn access_buffer(&mut self, buffer: &Buffer, index: &[NodeId], out: &mut Vec<Stmt>) -> Access {
        let prefix: Vec<NodeId> = buffer.prefix.iter().map(|&v| self.graph.index(v)).collect();
        let index = prefix.iter().chain(index).map(|&i| self.expression(i, out)).collect();
        Access {
            base: buffer.name.clone(),
            index,
            dims: buffer.dims.clone(),
            storage: buffer.storage,
            checked: false,
        }
    }
}

fn is_on_stack(layout: &Layout) -> bool {
    matches!(layout, Layout::Nested(layers) if layers.iter().all(|layer| *layer == Layer::Array))
}
