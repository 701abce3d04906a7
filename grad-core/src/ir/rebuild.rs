//! Rewriting a whole graph from the operands up: the skeleton of every pass.

use std::rc::Rc;

use super::NodeId;
use super::graph::{Graph, LoopInfo};
use super::op::{LoopId, Op, Var};
use crate::ir::ids::{IdMap, IdSet, Map, Set};

/// What has become of the nodes, variables and loops that a rebuild has passed.
#[derive(Default)]
pub(crate) struct Rebuild {
    nodes: IdMap<NodeId>,
    vars: Map<Var, Var>,
    loops: Map<LoopId, LoopId>,
    /// Loops whose iterations are known to change.
    copied: Set<LoopId>,
    /// The others stay, and so do their variables, where somebody goes through them without what the loop carries.
    selective: bool,
    /// Loops that were taken to stay as they are, and do not.
    changed: Set<LoopId>,
    /// Loops that are open, with the last node that their iterations need.
    open: Vec<(LoopId, NodeId)>,
    /// Places of loops in whose stead their initial value is taken.
    idle: Rc<Set<(LoopId, u32)>>,
}

impl Graph {
    /// The roots again, every node below them made anew by the smart constructors and then passed through
    /// `hook`. Names and origins are handed on. A loop in which nothing changes is the same loop afterwards;
    /// to find that out, the hook may see a node twice.
    pub fn rebuild(
        &mut self,
        roots: &[NodeId],
        hook: &mut dyn FnMut(&mut Graph, NodeId) -> NodeId,
    ) -> Vec<NodeId> {
        self.rebuild_from(roots, Rebuild::default(), hook)
    }

    /// The roots with the initial values of some places of loops instead of what these carry.
    pub fn without_places(&mut self, roots: &[NodeId], idle: Set<(LoopId, u32)>) -> Vec<NodeId> {
        let state = Rebuild { idle: idle.into(), ..Rebuild::default() };
        self.rebuild_from(roots, state, &mut |_, id| id)
    }

    fn rebuild_from(
        &mut self,
        roots: &[NodeId],
        mut state: Rebuild,
        hook: &mut dyn FnMut(&mut Graph, NodeId) -> NodeId,
    ) -> Vec<NodeId> {
        let order = self.reachable(roots);
        loop {
            for &id in &order {
                let made = state.node(self, id);
                self.inherit(id, made);
                let new = hook(self, made);
                self.inherit(id, new);
                self.rename_further_loops(new, &|extent| state.get(extent));
                state.nodes.insert(id, new);
            }
            state.finish(self);
            if state.changed.is_empty() {
                return roots.iter().map(|root| state.nodes[root]).collect();
            }
            let copied = state.copied.union(&state.changed).copied().collect();
            state = Rebuild { copied, idle: state.idle, ..Rebuild::default() };
        }
    }

    /// The roots with some nodes below them replaced. What does not depend on them stays as it is. A loop in
    /// which there are some is copied, so what takes their place must not mention what that loop carries.
    pub fn replace(&mut self, roots: &[NodeId], map: IdMap<NodeId>) -> Vec<NodeId> {
        self.replace_within(&self.loops_around(roots), roots, map)
    }

    /// As [`Graph::replace`], for roots in the iterations of these loops.
    pub fn replace_within(
        &mut self,
        around: &Set<LoopId>,
        roots: &[NodeId],
        map: IdMap<NodeId>,
    ) -> Vec<NodeId> {
        if map.is_empty() {
            return roots.to_vec();
        }
        let order = self.reachable_within(around, roots, &map);
        let (affected, copied) = self.affected_by((around, &order), &map, Set::default());
        let mut state = Rebuild { nodes: map, ..Rebuild::copying(copied) };
        for id in order {
            if let Some(&new) = state.nodes.get(&id) {
                if new != id {
                    let renamed = state.renamed(self, new);
                    state.nodes.insert(id, renamed);
                }
                continue;
            }
            let new = if affected.contains(&id) { state.node(self, id) } else { id };
            self.inherit(id, new);
            if new != id {
                self.rename_further_loops(new, &|extent| state.get(extent));
            }
            state.nodes.insert(id, new);
        }
        state.finish(self);
        roots.iter().map(|root| state.nodes[root]).collect()
    }

    /// The nodes of `order`, all that some roots in the iterations of loops `around` reach, on which replacing the keys of `map` and the loops `copied` has
    /// an effect (their users and, in a loop that has any, all that its iterations compute), and those loops.
    pub(crate) fn affected_by(
        &self,
        (around, order): (&Set<LoopId>, &[NodeId]),
        map: &IdMap<NodeId>,
        mut copied: Set<LoopId>,
    ) -> (IdSet, Set<LoopId>) {
        let mut affected: IdSet = IdSet::new();
        let order: Vec<NodeId> = order.iter().copied().filter(|id| !map.contains_key(id)).collect();
        let loops = order.iter().flat_map(|&id| match self.op(id) {
            Op::Final(lp, _) => vec![*lp],
            Op::Trips(lp) if !around.contains(lp) => vec![*lp],
            _ => self.histories(id),
        });
        let loops: Set<LoopId> = loops.collect();
        loop {
            let before = (affected.len(), copied.len());
            let touched =
                |affected: &IdSet, d: &NodeId| map.get(d).is_some_and(|new| new != d) || affected.contains(d);
            for &lp in &loops {
                if self.loop_parts(lp).iter().any(|d| touched(&affected, d)) {
                    copied.insert(lp);
                }
            }
            for &id in &order {
                let inside = copied.iter().any(|&lp| self.is_of_loop(id, lp));
                if inside || self.dependencies(id).iter().any(|d| touched(&affected, d)) {
                    affected.insert(id);
                }
            }
            if (affected.len(), copied.len()) == before {
                return (affected, copied);
            }
        }
    }

    /// Whether a node is of an iteration of a loop, or a result of it.
    fn is_of_loop(&self, id: NodeId, lp: LoopId) -> bool {
        self.depends_on(id, self.loop_info(lp).var)
            || matches!(self.op(id), Op::Final(of, _) | Op::Trips(of) if *of == lp)
            || self.histories(id).contains(&lp)
    }

    /// What holds of a loop whatever it carries holds of its copy.
    pub fn mark_as_copy(&mut self, copy: LoopId, of: LoopId) {
        let LoopInfo { mirrors, in_branch, checkpoint, .. } = *self.loop_info(of);
        let info = &mut self.loops[copy.0 as usize];
        (info.mirrors, info.in_branch, info.checkpoint) = (mirrors, in_branch, checkpoint);
    }

    /// The node for an operation, through the smart constructor for it.
    pub fn remake(&mut self, op: &Op, args: &[NodeId]) -> NodeId {
        match op {
            Op::Scalar(scalar) => self.scalar(*scalar, args),
            Op::Compare(cmp) => self.compare(*cmp, args[0], args[1]),
            Op::Logic(super::Logic::Not) => self.not(args[0]),
            Op::Logic(logic) => self.logic(*logic, args[0], args[1]),
            Op::Int(int) => self.int_op(*int, args),
            Op::Cast(elem) => self.cast(*elem, args[0]),
            Op::If => self.select(args[0], args[1], args[2]),
            Op::Select => self.select_strict(args[0], args[1], args[2]),
            Op::Read => self.read(args[0], &args[1..]),
            Op::Build(vars) => self.build(vars, args[0]),
            Op::Stack => self.stack(args),
            Op::Update { add } => self.update(*add, args),
            Op::Assert { vars, clauses } => self.assert(vars, clauses, args),
            Op::Reduce(fold, var) => self.reduce(*fold, *var, args[0], args[1]),
            other => self.add(other.clone(), args),
        }
    }
}

impl Rebuild {
    /// A rebuild in which these loops change, and no others.
    pub(crate) fn copying(copied: Set<LoopId>) -> Rebuild {
        Rebuild { copied, selective: true, ..Rebuild::default() }
    }

    /// What a node that has been passed has become. What has not been passed stays.
    pub(crate) fn get(&self, id: NodeId) -> NodeId {
        self.nodes.get(&id).copied().unwrap_or(id)
    }

    /// Passes a node: it is made anew, or stays.
    pub(crate) fn pass(&mut self, graph: &mut Graph, id: NodeId, anew: bool) -> NodeId {
        let new = if anew { self.node(graph, id) } else { id };
        graph.inherit(id, new);
        self.nodes.insert(id, new);
        new
    }

    /// Says what a node has become.
    pub(crate) fn set(&mut self, id: NodeId, new: NodeId) {
        self.nodes.insert(id, new);
    }

    /// From now on `copy` stands for a loop.
    pub(crate) fn set_loop(&mut self, id: LoopId, copy: LoopId) {
        self.loops.insert(id, copy);
    }

    pub(crate) fn loop_of(&self, id: LoopId) -> Option<LoopId> {
        self.loops.get(&id).copied()
    }

    /// Everything has been passed.
    pub(crate) fn finish(&mut self, graph: &mut Graph) {
        self.close_before(graph, None);
    }

    /// Closes the loops whose iterations need nothing but what comes before a node: whoever asks later what they
    /// carry, or how often they run, sees all of them.
    fn close_before(&mut self, graph: &mut Graph, id: Option<NodeId>) {
        let is_complete = |(_, last): &(LoopId, NodeId)| id.is_none_or(|id| *last < id);
        if !self.open.iter().any(is_complete) {
            return;
        }
        for (lp, last) in std::mem::take(&mut self.open) {
            // The roots may lie in the loop, and need nothing of its other iterations.
            let is_passed = || graph.loop_parts(lp).iter().all(|part| self.nodes.contains_key(part));
            match is_complete(&(lp, last)) {
                true if is_passed() => {
                    self.close(graph, lp);
                }
                true if id.is_none() => self.leave_empty(graph, lp),
                _ => self.open.push((lp, last)),
            }
        }
    }

    /// A loop that has been copied for the sake of its variable alone: nobody asks what the copy carries.
    fn leave_empty(&self, graph: &mut Graph, lp: LoopId) {
        let copy = self.loops[&lp];
        let nothing = graph.bool(false);
        let info = graph.loop_info(copy);
        if copy != lp && info.next.is_empty() && info.stop.is_none() {
            let places = vec![nothing; info.init.len()];
            graph.loops[copy.0 as usize].init = places.clone();
            graph.close_loop(copy, places);
        }
    }

    fn node(&mut self, graph: &mut Graph, id: NodeId) -> NodeId {
        let op = graph.op(id).clone();
        let args: Vec<NodeId> = graph.args(id).iter().map(|a| self.nodes[a]).collect();
        self.close_before(graph, Some(id));
        for lp in graph.histories(id) {
            self.close(graph, lp);
        }
        match op {
            Op::Index(var) => {
                let var = self.var(graph, var);
                graph.index(var)
            }
            Op::Carried(lp, k) | Op::Final(lp, k) if self.idle.contains(&(lp, k)) => {
                self.nodes[&graph.loop_info(lp).init[k as usize]]
            }
            Op::Carried(lp, k) => {
                let lp = self.open(graph, lp);
                graph.carried(lp, k as usize)
            }
            Op::Final(lp, k) => {
                let copy = self.close(graph, lp);
                graph.final_value(copy, k as usize)
            }
            Op::Trips(lp) => {
                let lp = self.open(graph, lp);
                graph.add(Op::Trips(lp), &[])
            }
            Op::Scatter { elem, rank, writes } => {
                let renamed = writes.iter().map(|vars| vars.iter().map(|&v| self.var(graph, v)).collect());
                let writes: Vec<Box<[Var]>> = renamed.collect();
                graph.scatter(elem, rank, &writes, &args)
            }
            Op::Soft(soft, var) => {
                let var = self.var(graph, var);
                graph.add(Op::Soft(soft, var), &args)
            }
            op if !op.bound().is_empty() => {
                let vars: Vec<Var> = op.bound().iter().map(|&v| self.var(graph, v)).collect();
                graph.remake(&super::subst::with_bound(&op, &vars), &args)
            }
            op => graph.remake(&op, &args),
        }
    }

    /// What takes the place of a node, in terms of the variables of the loops that are copied, and of those that run over
    /// other extents now: it may be read at those.
    fn renamed(&mut self, graph: &mut Graph, id: NodeId) -> NodeId {
        let free = graph.free(id);
        let is_other = |&&var: &&Var| match graph.owner(var) {
            Some(lp) => self.copied.contains(&lp),
            None => self.get(graph.extent(var)) != graph.extent(var),
        };
        let vars: Vec<Var> = free.iter().filter(is_other).copied().collect();
        let mut map = Vec::new();
        for var in vars {
            let new = self.var(graph, var);
            map.push((var, graph.index(new)));
        }
        graph.subst(id, &map)
    }

    /// The variable over the new extent, where that has changed.
    pub(crate) fn var(&mut self, graph: &mut Graph, var: Var) -> Var {
        let extent = graph.extent(var);
        let new = self.nodes.get(&extent).copied().unwrap_or(extent);
        if let Some(lp) = graph.owner(var) {
            // A number of iterations that is looked up is no longer that of a loop.
            let own = *graph.op(extent) == Op::Trips(lp);
            if !own || self.copied.contains(&lp) || matches!(graph.op(new), Op::Trips(_)) {
                let lp = self.open(graph, lp);
                return graph.loop_info(lp).var;
            }
        }
        if new == extent {
            return var;
        }
        *self.vars.entry(var).or_insert_with(|| graph.fresh_var(new))
    }

    /// The copy of a loop, or the loop itself if it stays as it is.
    fn open(&mut self, graph: &mut Graph, id: LoopId) -> LoopId {
        if let Some(copy) = self.loops.get(&id) {
            return *copy;
        }
        let info = graph.loop_info(id).clone();
        let new = |n: NodeId| self.nodes.get(&n).copied().unwrap_or(n);
        let bound = info.stop.as_ref().map(|stop| stop.bound);
        let old_extent = graph.extent(info.var);
        let (extent, new_bound) = (new(old_extent), bound.map(|bound| bound.map(new)));
        let init: Vec<NodeId> = info.init.iter().map(|n| self.nodes.get(n).copied().unwrap_or(*n)).collect();
        let outer: Rc<[Var]> = info.outer.iter().map(|&v| self.var(graph, v)).collect();
        let as_long = if bound.is_some() { new_bound == bound } else { extent == old_extent };
        let same = as_long && (self.selective || init == info.init && outer == info.outer);
        let copy = match new_bound {
            _ if same && !self.copied.contains(&id) => id,
            Some(bound) => graph.open_stopping_loop(bound, outer, init).0,
            None => graph.open_loop(extent, outer, init).0,
        };
        graph.mark_as_copy(copy, id);
        self.loops.insert(id, copy);
        self.open.extend(graph.loop_parts(id).into_iter().max().map(|last| (id, last)));
        copy
    }

    /// The copy of a loop whose body has been passed.
    fn close(&mut self, graph: &mut Graph, id: LoopId) -> LoopId {
        let copy = self.open(graph, id);
        if copy != id && !graph.loop_info(copy).next.is_empty() {
            return copy;
        }
        let old = &graph.loop_info(id).next;
        let next: Vec<NodeId> = old.iter().map(|n| self.nodes[n]).collect();
        let until = graph.loop_info(id).stop.as_ref().map(|stop| (stop.until, self.nodes[&stop.until]));
        if copy != id {
            graph.close_loop(copy, next);
            if let Some((_, until)) = until {
                graph.stop_when(copy, until);
            }
        } else if next != *old || until.is_some_and(|(old, new)| old != new) {
            self.changed.insert(id);
        }
        copy
    }
}
