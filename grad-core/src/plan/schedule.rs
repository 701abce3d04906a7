//! Writes the statements, loop by loop.

use super::discovery::{Discovery, discovered};
use super::group::{Group, Level};
use super::growth::Growth;
use super::jobs::{Goal, Job, JobId, Jobs, Kind};
use super::names::Names;
use super::program::{Buffer, Expr, Place, Program, Stmt};
use super::saved::Record;
use super::versions::overwritten;
use crate::ir::function::{Layer, Layout};
use crate::ir::ids::{IdMap, IdSet, Map, Set};
use crate::ir::op::{IntOp, Op, Var};
use crate::ir::total::is_total;
use crate::ir::{Graph, NodeId};

/// A root of the program: what is returned, under which name.
#[derive(Clone, Debug)]
pub struct Root {
    pub node: NodeId,
    pub name: String,
    /// How the caller wants it.
    pub layout: Layout,
    /// An extent that is needed before anything is computed.
    pub on_entry: bool,
    /// A gradient may take its sums in any order.
    pub is_gradient: bool,
}

pub(super) struct Planner<'g> {
    pub graph: &'g mut Graph,
    pub names: Names,
    pub places: IdMap<Place>,
    log: Vec<(NodeId, Option<Place>)>,
    pub open: Vec<Var>,
    pub indices: Map<Var, String>,
    pub extents: Vec<(u32, u32, String)>,
    pub extent_names: Map<(u32, u32), String>,
    /// The names that the buffers of the roots must have.
    pub root_names: Map<NodeId, (String, Layout)>,
    /// Allocations that are moved out of all loops.
    pub top: Vec<Stmt>,
    /// How often a node is used by the statements of the level that is being written.
    pub uses: Map<NodeId, usize>,
    /// What those statements need whichever branches are taken.
    pub always: IdSet,
    pub nesting: Set<(Var, Var)>,
    /// Everything that is needed.
    pub reached: IdSet,
    /// What the function itself computes.
    pub own: IdSet,
    /// Arrays that something overwrites.
    pub overwritten: Set<NodeId>,
    /// The axes that get longer with each iteration of a loop.
    pub growing: Vec<Growth>,
    pub record: Record,
}

/// What is in scope.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    places: usize,
    growing: usize,
}

/// What has been decided for a job on the way to its statement.
#[derive(Clone, Default)]
pub(super) struct State {
    pub accumulator: Option<Place>,
    /// The outermost loop over which a write takes its sum in a variable.
    pub accumulates_over: Option<Var>,
    /// Where the value is kept for other loops.
    pub kept: Option<Buffer>,
    /// How many loops were open where room was made for what is kept: outside of those it is not there.
    pub room: Option<usize>,
    /// An array in the loop that holds the value anyway, and the variables of its indices.
    pub shared: Option<(NodeId, Vec<Var>)>,
    /// Jobs of the same loops that come first because the buffer is theirs until then.
    pub after: Vec<JobId>,
    /// The greatest so far, beside its index.
    pub best: Option<String>,
    /// Where the results of a loop with carried values are kept for other loops.
    pub finals: Vec<(usize, Buffer)>,
    /// Where results are once the loop around them is over.
    pub results: Vec<(NodeId, Place)>,
}

pub(super) type States = Map<JobId, State>;

/// Plans the computation of some roots. `given` says where parameters and seeds are,
/// and `extent_names` how run-time extents are called.
pub fn plan(
    graph: &mut Graph,
    roots: &[Root],
    given: IdMap<Place>,
    extent_names: Map<(u32, u32), String>,
    names: Names,
) -> Program {
    let mut planner = Planner {
        graph,
        names,
        places: given,
        log: Vec::new(),
        open: Vec::new(),
        indices: Map::default(),
        extents: Vec::new(),
        extent_names,
        root_names: Map::default(),
        top: Vec::new(),
        uses: Map::default(),
        always: IdSet::new(),
        nesting: Set::default(),
        growing: Vec::new(),
        record: Record::default(),
        reached: IdSet::new(),
        own: IdSet::new(),
        overwritten: Set::default(),
    };
    let wanted: Vec<NodeId> = roots.iter().map(|root| root.node).collect();
    planner.overwritten = overwritten(planner.graph, &wanted);
    let nodes: Vec<NodeId> = roots.iter().map(|root| planner.own_node(root)).collect();
    let is_value = |(_, root): &(&NodeId, &Root)| !root.is_gradient;
    let own: Vec<NodeId> = nodes.iter().zip(roots).filter(is_value).map(|(&node, _)| node).collect();
    let values: Vec<NodeId> = roots.iter().filter(|root| !root.is_gradient).map(|root| root.node).collect();
    planner.nesting = nesting(planner.graph, &values);
    planner.own = planner.graph.reachable(&values).into_iter().collect();
    planner.reached = planner.graph.reachable(&nodes).into_iter().collect();
    planner.record = Record::new(planner.graph, &own, &planner.reached);
    let mut stmts = Vec::new();
    // Extents are also used on entry, before any statement.
    let on_entry: Vec<Option<Expr>> =
        roots.iter().map(|root| root.on_entry.then(|| planner.expression(root.node, &mut stmts))).collect();
    planner.name_extents(&nodes, &mut stmts);
    let jobs = planner.discover(&nodes, roots);
    let all = (0..jobs.list.len()).map(JobId).collect();
    planner.level(&jobs, all, &mut States::default(), &mut stmts);
    planner.count_values(&nodes);
    let results = nodes.iter().zip(on_entry).map(|(&node, early)| match early {
        Some(value) => Place::Scalar(value),
        None => planner.result(node, &mut stmts),
    });
    let results: Vec<Place> = results.collect();
    planner.finish(stmts, results, roots)
}

impl Planner<'_> {
    /// The node for a root: an array that is not made here (a parameter, say), or that something changes in place, is
    /// copied element by element.
    fn own_node(&mut self, root: &Root) -> NodeId {
        let mut node = root.node;
        let is_made =
            matches!(self.graph.op(node), Op::Build(_) | Op::Scatter { .. } | Op::Stack | Op::Matmul { .. })
                && !self.overwritten.contains(&node);
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

    /// Extents that are more than a name get one.
    fn name_extents(&mut self, roots: &[NodeId], out: &mut Vec<Stmt>) {
        let mut extents: Vec<NodeId> = Vec::new();
        for id in self.graph.reachable(roots) {
            extents.extend(self.graph.op(id).bound().iter().map(|&v| self.graph.extent(v)));
        }
        extents.sort();
        extents.dedup();
        for extent in extents {
            let compound =
                matches!(self.graph.op(extent), Op::Int(IntOp::Min | IntOp::Max | IntOp::SaturatingSub));
            if compound && self.is_known_on_entry(extent) && is_total(self.graph, extent) {
                let value = self.expression(extent, out);
                let name = self.names.fresh("n");
                out.push(Stmt::Let { name: name.clone(), value });
                self.set_place(extent, Place::Scalar(Expr::Name(name)));
            }
        }
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
        let goals: Vec<Goal> =
            nodes.iter().zip(roots).map(|(&node, root)| Goal { node, flatten: root.is_gradient }).collect();
        discovered(self.graph, &known, &self.open, &self.overwritten, &mut |discovery| {
            let values: Vec<NodeId> = goals.iter().flat_map(|goal| discovery.goal_values(goal)).collect();
            discovery.prepare(&values);
            for goal in &goals {
                discovery.users.entry(goal.node).or_default();
                if discovery.graph.rank(goal.node) > 0 {
                    discovery.goal(goal);
                } else {
                    discovery.value(goal.node);
                }
            }
        })
    }

    /// Statements for a scalar value in the present context, and the value.
    pub fn value_here(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        self.values_here(&[node], out).remove(0)
    }

    /// As [`Planner::value_here`], for several values that share what they have in common.
    pub fn values_here(&mut self, nodes: &[NodeId], out: &mut Vec<Stmt>) -> Vec<Expr> {
        self.plan_here(nodes, nodes, out, |_| {})
    }

    /// Statements in the present context for some values and for what else `discover` asks for, below `roots`.
    pub(super) fn plan_here(
        &mut self,
        roots: &[NodeId],
        nodes: &[NodeId],
        out: &mut Vec<Stmt>,
        discover: impl Fn(&mut Discovery),
    ) -> Vec<Expr> {
        let places = &self.places;
        let known = |id: NodeId| places.contains_key(&id);
        let jobs = discovered(self.graph, &known, &self.open, &self.overwritten, &mut |discovery| {
            discovery.prepare(roots);
            discover(discovery);
            nodes.iter().for_each(|&node| discovery.value(node));
        });
        let all = (0..jobs.list.len()).map(JobId).collect();
        let outer_uses = std::mem::take(&mut self.uses);
        self.level(&jobs, all, &mut States::default(), out);
        self.count_values(nodes);
        self.bind_shared(nodes, out);
        self.uses = outer_uses;
        nodes.iter().map(|&node| self.expression(node, out)).collect()
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
            self.places.iter().filter(|(_, p)| there(p)).map(|(node, _)| node).collect();
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

    pub fn mark(&self) -> Mark {
        Mark { places: self.log.len(), growing: self.growing.len() }
    }

    /// Forgets the places and the buffers that have gone out of scope.
    pub fn roll_back(&mut self, mark: Mark) {
        self.growing.truncate(mark.growing);
        while self.log.len() > mark.places {
            if let Some((node, before)) = self.log.pop() {
                match before {
                    Some(place) => self.places.insert(node, place),
                    None => self.places.remove(&node),
                };
            }
        }
    }

    /// Writes some jobs in the present loops.
    pub(super) fn level(&mut self, jobs: &Jobs, ids: Vec<JobId>, states: &mut States, out: &mut Vec<Stmt>) {
        let outer = (std::mem::take(&mut self.uses), std::mem::take(&mut self.always));
        self.count_uses(jobs, &ids);
        let mut undone: Set<JobId> = ids.iter().copied().collect();
        let mut pending = ids;
        loop {
            let before = pending.len();
            let mut waiting = Vec::new();
            for id in std::mem::take(&mut pending) {
                if !self.is_conditional(&jobs.list[id.0]) && self.is_next(jobs, id, &undone, states) {
                    self.execute(&jobs.list[id.0], states.entry(id).or_default(), out);
                    undone.remove(&id);
                } else {
                    waiting.push(id);
                }
            }
            pending = waiting;
            if pending.len() < before {
                continue;
            }
            let together = self.next_conditionals(jobs, &pending, &undone, states);
            if !together.is_empty() {
                self.execute_conditionals(jobs, &together, states, out);
                pending.retain(|id| !together.contains(id));
                undone.retain(|id| !together.contains(id));
                continue;
            }
            let level = Level {
                graph: self.graph,
                jobs,
                open: &self.open,
                pending: &pending,
                undone: &undone,
                states,
                nesting: &self.nesting,
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

    /// Whether a job's loops are open and what it waits for is done.
    fn is_next(&self, jobs: &Jobs, id: JobId, undone: &Set<JobId>, states: &States) -> bool {
        let job = &jobs.list[id.0];
        let is_last = || match job.kind {
            // A loop moves on when everything that uses its present values is done.
            Kind::Carry(lp) => undone.iter().all(|&d| d == id || !jobs.list[d.0].inside.contains(&lp)),
            _ => true,
        };
        let mut after = states.get(&id).map_or(&[][..], |state| &state.after).iter().chain(&job.after);
        let is_open = job.domain.iter().all(|v| self.open.contains(v));
        let is_free = after.all(|d| !undone.contains(d));
        is_open && is_free && job.waits_for.iter().all(|d| !undone.contains(d)) && is_last()
    }

    /// Conditional values wait until nothing else is left to do: then those of one condition are computed in
    /// one go.
    fn next_conditionals(
        &self,
        jobs: &Jobs,
        pending: &[JobId],
        undone: &Set<JobId>,
        states: &States,
    ) -> Vec<JobId> {
        let ready =
            |id: &JobId| self.is_conditional(&jobs.list[id.0]) && self.is_next(jobs, *id, undone, states);
        let condition = |id: JobId| self.condition_of(&jobs.list[id.0]);
        let Some(first) = pending.iter().copied().find(ready) else { return Vec::new() };
        pending.iter().copied().filter(|&id| ready(&id) && condition(id) == condition(first)).collect()
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
        let is_needless = |id: &JobId| {
            let job = &jobs.list[id.0];
            job.is_optional && self.closed(&job.domain).len() > 1
        };
        if group.members.iter().all(is_needless) {
            return;
        }
        let mut overwritten = Vec::new();
        for &id in &group.members {
            let job = &jobs.list[id.0];
            let used_later = self.outlives(jobs, id, &group.members, later);
            let state = states.entry(id).or_default();
            if used_later && state.kept.is_none() && state.shared.is_none() {
                state.shared = self.shared_array(jobs, job, &group.members);
            }
            if let Kind::Write { add: false, .. } = job.kind
                && let Some(overwrite) = self.reuse_buffer(jobs, id, group, later)
            {
                overwritten.extend(overwrite.overwritten);
                state.after = overwrite.after;
            }
            self.before_loop(job, group.var, used_later, state, out);
            if state.kept.is_some() || state.shared.is_some() || !state.finals.is_empty() {
                state.room.get_or_insert(self.open.len());
            }
        }
        let owner = self.graph.owner(group.var);
        if let Some(lp) = owner.filter(|&lp| self.graph.loop_info(lp).stop.is_some()) {
            self.run_stopping(jobs, group, lp, states, out);
            return self.after_group(jobs, group, states, &overwritten, out);
        }
        let extent = self.graph.extent(group.var);
        let extent = self.expression(extent, out);
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
        if let Some(lp) = owner {
            self.make_room(lp, &mut body);
        }
        self.level(jobs, group.members.clone(), states, &mut body);
        self.roll_back(mark);
        self.open.pop();
        self.names.close_index();
        out.push(Stmt::For { var: name, extent, reversed, body });
        self.after_group(jobs, group, states, &overwritten, out);
    }

    fn after_group(
        &mut self,
        jobs: &Jobs,
        group: &Group,
        states: &mut States,
        overwritten: &[NodeId],
        out: &mut Vec<Stmt>,
    ) {
        for &id in &group.members {
            self.after_loop(&jobs.list[id.0], group.var, states.entry(id).or_default(), out);
        }
        self.forget(overwritten);
    }

    pub(super) fn closed(&self, vars: &[Var]) -> Vec<Var> {
        vars.iter().copied().filter(|v| !self.open.contains(v)).collect()
    }
}

/// Which variables stand around which others where some values are computed, unless it is so and the other way
/// round.
fn nesting(graph: &Graph, values: &[NodeId]) -> Set<(Var, Var)> {
    let mut pairs: Set<(Var, Var)> = Set::default();
    for id in graph.reachable(values) {
        let bound = match graph.op(id) {
            Op::Final(lp, _) => vec![graph.loop_info(*lp).var],
            op => op.bound().to_vec(),
        };
        for (k, &inner) in bound.iter().enumerate() {
            pairs.extend(graph.free(id).iter().chain(&bound[..k]).map(|&outer| (outer, inner)));
        }
    }
    pairs.iter().copied().filter(|&(a, b)| a != b && !pairs.contains(&(b, a))).collect()
}

fn is_on_stack(layout: &Layout) -> bool {
    matches!(layout, Layout::Nested(layers) if layers.iter().all(|layer| *layer == Layer::Array))
}
