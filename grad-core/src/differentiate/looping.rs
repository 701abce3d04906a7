//! Loops with carried values in reverse: a loop that runs the iterations backwards and carries the cotangents
//! of what the forward loop carried.

use std::rc::Rc;

use super::array::{Part, zeros_like};
use super::condition::where_computed;
use super::gate::Gate;
use super::keep::where_needed;
use super::reverse::{Level, Sweep};
use crate::ir::graph::without;
use crate::ir::ids::{IdMap, IdSet};
use crate::ir::op::{IntOp, LoopId, Op, Var, scatter_writes};
use crate::ir::{Graph, NodeId};

/// The inside of a loop that is being reversed. Cotangents in it mention forward values of iteration `i` (the
/// forward variable) beside the carried cotangents; on leaving, they are translated to the reverse loop.
#[derive(Clone)]
pub(super) struct Region {
    pub forward: LoopId,
    /// The forward nodes that differ from iteration to iteration.
    pub body: Rc<IdSet>,
    /// What an iteration computes in any case.
    pub roots: Rc<[NodeId]>,
    /// The loop is run anew for each value of these.
    pub outer: Rc<[Var]>,
    forward_var: Var,
    reverse_var: Var,
    /// How many loops the forward computation has: those behind them belong to the sweep.
    pub loops: usize,
    /// The variable of a reverse loop that has turned out to carry nothing.
    ordered_var: Option<Var>,
    /// `extent - 1 - reverse index`: the forward iteration that a reverse iteration undoes.
    mirrored: NodeId,
}

impl Sweep<'_> {
    /// The nodes that differ from iteration to iteration of a loop, in order: what it carries on is made of them, and
    /// what of `around` goes through its iterations again.
    fn body_nodes(&self, lp: LoopId, around: &[NodeId]) -> Vec<NodeId> {
        let info = self.graph.loop_info(lp);
        // What `around` uses in the iterations need not differ from iteration to iteration of the loops around.
        let mut body = self.graph.reachable(&[&info.next[..], around].concat());
        body.retain(|&id| self.graph.depends_on(id, info.var));
        body
    }

    /// Reverses a loop: hands the cotangents of its results to everything that its body and its initial values
    /// use. `around` are the nodes of the level. Returns those that have been dealt with: those of its body.
    pub(super) fn reverse_loop(&mut self, lp: LoopId, around: &[NodeId]) -> Vec<NodeId> {
        let dealt_with = self.body_nodes(lp, around);
        let info = self.graph.loop_info(lp).clone();
        let slots: Vec<usize> =
            (0..info.init.len()).filter(|&k| self.carried_is_active(lp, k, &info.init, &info.next)).collect();
        // What only uses what the loop carries is not undone iteration by iteration.
        if slots.is_empty() {
            return Vec::new();
        }
        let mut taken = Vec::new();
        for &k in &slots {
            let result = self.graph.final_value(lp, k);
            let seed = self.take(result);
            seed.into_iter().for_each(|seed| self.graph.reach_with(result, seed));
            taken.push(seed);
        }
        let histories: Vec<(NodeId, NodeId)> =
            dealt_with.iter().filter_map(|&id| Some((id, self.take(id)?))).collect();
        if histories.is_empty() && taken.iter().all(Option::is_none) {
            // The loop has been run only to know how long.
            return Vec::new();
        }
        let mut seeds = Vec::new();
        for (seed, &k) in taken.into_iter().zip(&slots) {
            seeds.push(seed.unwrap_or_else(|| zeros_like(self.graph, info.init[k])));
        }
        let mut cotangents: Vec<NodeId> =
            seeds.iter().chain(histories.iter().map(|(_, g)| g)).copied().collect();
        let gate = Gate::take_off(self.graph, &mut cotangents, &self.around(&info.outer));
        let histories: Vec<(NodeId, NodeId)> =
            histories.into_iter().map(|(id, _)| id).zip(cotangents.split_off(seeds.len())).collect();
        seeds = cotangents;
        let (reverse, mut region) = self.open_reverse(lp, &seeds, &dealt_with, around);
        self.levels.push(Level { region: Some(region.clone()), ..Level::default() });
        for (j, &k) in slots.iter().enumerate() {
            let carried = self.graph.carried(reverse, j);
            self.name_after((lp, k), carried);
            self.seed_inside(info.next[k], carried);
        }
        for (id, cotangent) in histories {
            self.seed_inside(id, cotangent);
        }
        self.run(&dealt_with, &[]);
        let mut leaving: Vec<NodeId> = slots
            .iter()
            .map(|&k| {
                let carried = self.graph.carried(lp, k);
                self.take(carried).unwrap_or_else(|| zeros_like(self.graph, info.init[k]))
            })
            .collect();
        let outgoing = self.levels.pop().map_or(Vec::new(), |level| level.outgoing);
        leaving.extend(outgoing.iter().map(|o| o.node));
        let mut translated = region.translate(self.graph, &leaving);
        let unchanged = self.drop_unchanged(reverse, &seeds, &mut translated);
        let mut arrived = translated.split_off(slots.len());
        for (&k, &next) in slots.iter().zip(&translated) {
            self.name_after((lp, k), next);
        }
        self.graph.close_loop(reverse, translated);
        if unchanged.len() == slots.len() {
            let map = (0..slots.len()).map(|j| (self.graph.carried(reverse, j), seeds[j])).collect();
            region.forget_order(self.graph, &mut arrived, (&leaving[slots.len()..], map));
        }
        // Binders over the reverse loop's variable come after everything that the loop carries on.
        for (outgoing, node) in outgoing.into_iter().zip(arrived) {
            let user = region.translate_vars(&outgoing.user);
            if self.graph.rank(outgoing.to) == 0 {
                self.contribute_where(&gate, &user, outgoing.to, node);
            } else if let Some(write) = write_of(self.graph, node) {
                let part = gate.part(self.graph, write);
                self.contribute_array(&user, outgoing.to, part);
            }
        }
        for (j, &k) in slots.iter().enumerate() {
            let cotangent =
                if unchanged.contains(&j) { seeds[j] } else { self.graph.final_value(reverse, j) };
            if self.graph.rank(cotangent) == 0 {
                let value = gate.value(self.graph, cotangent);
                self.contribute(&region.outer, info.init[k], value);
            } else {
                let part = gate.part(self.graph, Part::Whole(cotangent));
                self.contribute_array(&region.outer, info.init[k], part);
            }
        }
        dealt_with
    }

    /// A cotangent is called after what the loop carries at a place.
    fn name_after(&mut self, (lp, k): (LoopId, usize), cotangent: NodeId) {
        let carried = self.graph.carried(lp, k);
        let known = [carried, self.graph.loop_info(lp).next[k]];
        let name = known.iter().find_map(|&node| self.graph.name(node)).map(|name| format!("d_{name}"));
        let is_plain = matches!(self.graph.op(cotangent), Op::Const(_) | Op::Seed(..) | Op::Param(..));
        if let Some(name) = name.filter(|_| !is_plain) {
            self.graph.set_name(cotangent, &name);
        }
    }

    fn carried_is_active(&self, lp: LoopId, k: usize, init: &[NodeId], next: &[NodeId]) -> bool {
        let float = self.graph.elem(init[k]).is_float();
        let carried = Op::Carried(lp, k as u32);
        let known = [init[k], next[k]].iter().any(|id| self.active.contains(id));
        float && (known || self.active.sorted().iter().any(|&id| *self.graph.op(id) == carried))
    }

    fn open_reverse(
        &mut self,
        lp: LoopId,
        seeds: &[NodeId],
        body: &[NodeId],
        around: &[NodeId],
    ) -> (LoopId, Region) {
        let info = self.graph.loop_info(lp).clone();
        let extent = self.graph.extent(info.var);
        let outer = self.around(&info.outer);
        let (reverse, reverse_var) = self.graph.open_loop(extent, outer.clone().into(), seeds.to_vec());
        let opened = &mut self.graph.loops[reverse.0 as usize];
        (opened.mirrors, opened.in_branch) = (true, info.in_branch);
        let one = self.graph.usize(1);
        let last = self.graph.int_op(IntOp::Sub, &[extent, one]);
        let index = self.graph.index(reverse_var);
        let mirrored = self.graph.int_op(IntOp::Sub, &[last, index]);
        let body: IdSet = body.iter().copied().collect();
        let region = Region {
            forward: lp,
            roots: self.roots_of(lp, &body, around),
            body: Rc::new(body),
            outer: outer.into(),
            forward_var: info.var,
            reverse_var,
            loops: self.loops,
            ordered_var: None,
            mirrored,
        };
        (reverse, region)
    }

    /// What each iteration of a loop computes in any case: what it carries on, whether it stops, and what others go
    /// through its iterations for.
    fn roots_of(&self, lp: LoopId, body: &IdSet, around: &[NodeId]) -> Rc<[NodeId]> {
        let users = around.iter().filter(|id| !body.contains(id));
        let used = users.flat_map(|&id| self.graph.args(id).to_vec());
        self.graph.loop_parts(lp).into_iter().chain(used).filter(|id| body.contains(id)).collect()
    }

    /// The variables around a loop that is reversed: its own, and those of the region that it is in.
    fn around(&self, own: &[Var]) -> Vec<Var> {
        let mut outer: Vec<Var> = own.to_vec();
        let level = self.levels.last().expect("the function is a level");
        if let Some(region) = &level.region {
            outer.extend(region.outer.iter().chain([&region.forward_var, &region.reverse_var]));
        }
        outer.sort();
        outer.dedup();
        outer
    }

    /// Where a cotangent comes out of a loop as it has gone in, the loop need not carry it. Returns which do.
    fn drop_unchanged(&mut self, reverse: LoopId, seeds: &[NodeId], values: &mut Vec<NodeId>) -> Vec<usize> {
        let carried: Vec<NodeId> = (0..seeds.len()).map(|j| self.graph.carried(reverse, j)).collect();
        let unchanged: Vec<usize> = (0..seeds.len()).filter(|&j| values[j] == carried[j]).collect();
        let map: IdMap<NodeId> = unchanged.iter().map(|&j| (carried[j], seeds[j])).collect();
        *values = self.graph.replace(values, map);
        // An emptied place, which nothing mentions any more.
        let nothing = self.graph.bool(false);
        for &j in &unchanged {
            self.graph.loops[reverse.0 as usize].init[j] = nothing;
            values[j] = nothing;
        }
        unchanged
    }

    /// Values that are summed over the iterations of a loop, where the loop has to be over before they are known:
    /// what it carried into each iteration is read from its history, at another variable.
    pub(super) fn outlive(&mut self, surplus: &mut [Var], mut values: Vec<NodeId>) -> Vec<NodeId> {
        for var in surplus.iter_mut() {
            let Some(lp) = self.graph.owner(*var) else { continue };
            let is_reversed = self.levels.iter().any(|level| {
                level.region.as_ref().is_some_and(|r| r.forward == lp || r.iteration().contains(var))
            });
            if is_reversed || !self.graph.carries(&values, lp) || !needs_outcome(self.graph, lp, &values) {
                continue;
            }
            let region = self.another_iteration(lp, *var);
            (values, *var) = if region.is_checkpointed(self.graph) {
                region.run_again(self.graph, &values)
            } else {
                (region.translate(self.graph, &values), region.reverse_var)
            };
        }
        values
    }

    /// As [`Sweep::outlive`], of a contribution to an array.
    pub(super) fn part_outlives(&mut self, surplus: &mut [Var], part: Part) -> Part {
        match part {
            Part::Write { vars, index, value } => {
                let mut nodes = index;
                nodes.push(value);
                let mut nodes = self.outlive(surplus, nodes);
                let value = nodes.pop().expect("the value is the last");
                Part::Write { vars, index: nodes, value }
            }
            Part::Whole(whole) => Part::Whole(self.outlive(surplus, vec![whole])[0]),
        }
    }

    /// The inside of a loop seen from a later loop over as many iterations.
    fn another_iteration(&mut self, lp: LoopId, var: Var) -> Region {
        let extent = self.graph.extent(var);
        let fresh = self.graph.fresh_var(extent);
        let mirrored = self.graph.index(fresh);
        let forward: Vec<NodeId> = (0..self.forward as u32).map(NodeId).collect();
        let body: IdSet = forward.iter().copied().filter(|&id| self.graph.depends_on(id, var)).collect();
        let outer = self.around(&self.graph.loop_info(lp).outer.clone());
        Region {
            forward: lp,
            roots: self.roots_of(lp, &body, &forward),
            body: Rc::new(body),
            outer: outer.into(),
            forward_var: var,
            reverse_var: fresh,
            loops: self.loops,
            ordered_var: None,
            mirrored,
        }
    }

    /// Seeds a node that may lie inside the loop or be captured by it.
    fn seed_inside(&mut self, id: NodeId, cotangent: NodeId) {
        let inside = self.levels.last().and_then(|l| l.region.clone()).expect("a region is open");
        let mut user = self.graph.free(id).to_vec();
        user.extend(inside.outer.iter().chain([&inside.forward_var]));
        user.sort();
        user.dedup();
        // What is added at some places goes there, not through an array of its own.
        for part in parts_of(self.graph, cotangent) {
            match part {
                Part::Whole(whole) => self.contribute_whole(&user, id, whole),
                write => self.contribute_array(&user, id, write),
            }
        }
    }
}

impl Region {
    /// The loop carries nothing: what its iterations hand out needs no order, and is over a variable of its own.
    /// Before the translation they were `leaving`, with the cotangents that are carried unchanged.
    fn forget_order(
        &mut self,
        graph: &mut Graph,
        values: &mut Vec<NodeId>,
        (leaving, unchanged): (&[NodeId], IdMap<NodeId>),
    ) {
        if self.is_checkpointed(graph) && self.recalls(graph, values) {
            let leaving = graph.replace(leaving, unchanged);
            let (again, var) = self.run_again(graph, &leaving);
            *values = again;
            self.ordered_var = Some(std::mem::replace(&mut self.reverse_var, var));
            return;
        }
        let extent = graph.extent(self.reverse_var);
        let fresh = graph.fresh_var(extent);
        let (index, one) = (graph.index(fresh), graph.usize(1));
        let last = graph.int_op(IntOp::Sub, &[extent, one]);
        let back = graph.int_op(IntOp::Sub, &[last, index]);
        for value in values.iter_mut() {
            *value = graph.subst(*value, &[(self.reverse_var, back)]);
        }
        self.ordered_var = Some(std::mem::replace(&mut self.reverse_var, fresh));
    }

    /// The variables of the iteration: a cotangent in the region may mention either.
    pub fn iteration(&self) -> [Var; 2] {
        [self.forward_var, self.reverse_var]
    }

    /// The forward iteration that a reverse iteration undoes.
    pub fn mirrored(&self) -> NodeId {
        self.mirrored
    }

    /// Values in terms of the reverse loop, all at once so that loops below them are copied once. Forward values
    /// that depend on carried ones are read from their history; what is cheap is computed again from those.
    fn translate(&self, graph: &mut Graph, values: &[NodeId]) -> Vec<NodeId> {
        let around = self.loops_around(graph);
        let (values, opened) = self.closed(graph, values);
        let values = &values[..];
        let order = graph.reachable_within(&around, values, &IdMap::new());
        let undisturbed = self.undisturbed(graph, &order);
        let dependents = carried_dependents(graph, self.forward, &order, &undisturbed);
        let stay = order.iter().filter(|id| self.stays(graph, **id));
        let mut recalled: IdMap<NodeId> = stay.map(|&id| (id, id)).collect();
        for (id, &before) in undisturbed.iter().filter(|(id, _)| !dependents.contains(id)) {
            recalled.insert(id, before);
        }
        let settled = self.settled_reads(graph, &order, &dependents);
        let dependents: IdSet = dependents.into_iter().filter(|id| !settled.contains_key(id)).collect();
        for (id, &after) in settled.iter() {
            recalled.insert(id, after);
        }
        let kept = self.kept_below(graph, values, &dependents);
        // What a loop carries, every iteration has.
        let is_carried = self.is_checkpointed(graph);
        let had_when = if is_carried { IdMap::new() } else { self.had_when(graph, &kept) };
        let put = self.put(graph, &dependents);
        for id in kept.sorted() {
            if let Some(&element) = put.get(&id) {
                recalled.insert(id, element);
                continue;
            }
            let when = had_when.get(&id).copied();
            let is_part = self.is_part(graph, id, &dependents);
            let when = (when, values);
            let new = if is_part { self.recall_part(graph, id, when) } else { self.recall(graph, id, when) };
            recalled.insert(id, new);
        }
        let values = graph.replace_within(&around, values, recalled);
        let to_mirrored = [(self.forward_var, self.mirrored)];
        let values: Vec<NodeId> = values.into_iter().map(|value| graph.subst(value, &to_mirrored)).collect();
        values.into_iter().map(|value| graph.subst(value, &opened)).collect()
    }

    /// What does not mention the iteration (a result of the loop, a history) stays as it is, unless a loop in the body
    /// is run over it.
    pub(super) fn stays(&self, graph: &Graph, id: NodeId) -> bool {
        let free = graph.free(id);
        !free.contains(&self.forward_var) && self.tied(graph, &free).is_empty()
    }

    /// The value that a forward node had in the iteration: an element of the array of its values in all
    /// iterations and, where it lies inside further binders, at all their indices. Only those that had it `when` a
    /// condition held need have it, or where what is `asked` for needs it.
    fn recall(&self, graph: &mut Graph, id: NodeId, (when, asked): (Option<NodeId>, &[NodeId])) -> NodeId {
        let outer = graph.loop_info(self.forward).outer.clone();
        let inner = without(&without(&graph.free(id), &outer), &[self.forward_var]);
        // The same variables each time, so that an array has one history.
        let mut own: Vec<Var> = Vec::new();
        for &extent in &graph.ty(id).shape.clone() {
            let avoid: Vec<Var> = graph.free(id).iter().chain(&own).copied().collect();
            own.push(graph.var_over(extent, &avoid));
        }
        let own_index: Vec<NodeId> = own.iter().map(|&v| graph.index(v)).collect();
        // What a loop in the body has carried is kept under that loop's own variable.
        let (axes, element) = match graph.op(id).clone() {
            Op::Build(vars) => (vars.to_vec(), graph.args(id)[0]),
            _ => (own.clone(), graph.read(id, &own_index)),
        };
        let element = match when {
            Some(_) => where_needed(graph, element, when),
            None => where_computed(graph, &self.roots, asked, (id, element)),
        };
        let around: Vec<Var> = [self.forward_var].into_iter().chain(inner.iter().copied()).collect();
        let history = graph.build(&[around, axes].concat(), element);
        // At the mirrored index at once: at that of the forward loop, a read would be the value itself again.
        let mut index = vec![self.mirrored];
        index.extend(inner.iter().map(|&v| graph.index(v)));
        index.extend(own_index);
        let recalled = graph.read(history, &index);
        graph.build(&own, recalled)
    }

    /// Those of some variables that are other ones in the reverse loop: variables of loops in the body, which
    /// are run anew there, and those whose extent differs from iteration to iteration.
    fn tied(&self, graph: &Graph, vars: &[Var]) -> Vec<Var> {
        let own = |v: &Var| self.iteration().contains(v) || self.outer.contains(v);
        let is_tied = |v: Var| {
            graph.owner(v).is_some() || self.iteration().iter().any(|&i| graph.depends_on(graph.extent(v), i))
        };
        vars.iter().copied().filter(|v| !own(v) && is_tied(*v)).collect()
    }

    fn translate_vars(&self, vars: &[Var]) -> Vec<Var> {
        let is_own = |v: Var| v == self.forward_var || Some(v) == self.ordered_var;
        let mut vars: Vec<Var> = vars.iter().map(|&v| if is_own(v) { self.reverse_var } else { v }).collect();
        if !vars.contains(&self.reverse_var) {
            vars.push(self.reverse_var);
        }
        vars.sort();
        vars.dedup();
        vars
    }
}

/// Whether some values of an iteration need what the loop as a whole gives.
fn needs_outcome(graph: &Graph, lp: LoopId, values: &[NodeId]) -> bool {
    let var = graph.loop_info(lp).var;
    graph.reachable(values).into_iter().any(|id| {
        let is_outcome = matches!(graph.op(id), Op::Final(of, _) | Op::Trips(of) if *of == lp);
        !graph.depends_on(id, var) && (is_outcome || graph.histories(id).contains(&lp))
    })
}

/// The write of a scatter that has one, unless it has turned out to add nothing.
fn write_of(graph: &Graph, node: NodeId) -> Option<Part> {
    let is_zero = |id: NodeId| graph.as_float(id) == Some(0.0);
    match parts_of(graph, node).pop() {
        Some(part @ Part::Write { .. }) => Some(part),
        _ if matches!(graph.op(node), Op::Build(_)) && is_zero(graph.args(node)[0]) => None,
        _ => panic!("a scatter stays one: {:?}", graph.op(node)),
    }
}

/// What an array is the sum of: the writes of a scatter, or the array as a whole.
fn parts_of(graph: &Graph, node: NodeId) -> Vec<Part> {
    let Op::Scatter { rank, writes, .. } = graph.op(node) else { return vec![Part::Whole(node)] };
    let args = graph.args(node);
    let parts = scatter_writes(*rank, writes, &args).into_iter().map(|write| Part::Write {
        vars: write.vars.to_vec(),
        index: write.index.to_vec(),
        value: write.value,
    });
    parts.collect()
}

/// The nodes of `order` that depend on what a loop carries.
///
/// `undisturbed` are elements that are those of before the loop, at whatever index.
fn carried_dependents(graph: &Graph, lp: LoopId, order: &[NodeId], undisturbed: &IdMap<NodeId>) -> IdSet {
    let mut found = IdSet::new();
    // An inner loop may depend on the outer one only through what it carries on: repeat until nothing changes.
    loop {
        let before = found.len();
        for &id in order {
            let own = matches!(graph.op(id), Op::Carried(of, _) if *of == lp);
            // A history is the whole loop's, not one iteration's.
            let closed = !graph.depends_on(id, graph.loop_info(lp).var);
            let mut parts = match undisturbed.contains_key(&id) {
                true => graph.args(id)[1..].to_vec(),
                false => graph.dependencies(id),
            };
            if let Op::Carried(inner, _) = graph.op(id)
                && *inner != lp
            {
                parts.extend(graph.loop_parts(*inner));
            }
            // What decides on the number of iterations is not below it.
            let own = own || matches!(graph.op(id), Op::Trips(of) if *of != lp && graph.carries(&[id], lp));
            if own || (!closed && parts.iter().any(|d| found.contains(d))) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
