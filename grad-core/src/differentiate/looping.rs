//! Loops with carried values in reverse: a loop that runs the iterations backwards and carries the cotangents
//! of what the forward loop carried.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::array::{Part, zeros_like};
use super::reverse::{Level, Sweep};
use crate::ir::graph::{without, worth_saving};
use crate::ir::op::{IntOp, LoopId, Op, Var};
use crate::ir::{Graph, NodeId};

/// The inside of a loop that is being reversed. Cotangents in it mention forward values of iteration `i` (the
/// forward variable) beside the carried cotangents; on leaving, they are translated to the reverse loop.
#[derive(Clone)]
pub(super) struct Region {
    pub forward: LoopId,
    /// The forward nodes that differ from iteration to iteration.
    pub body: Rc<HashSet<NodeId>>,
    /// The loop is run anew for each value of these.
    pub outer: Rc<[Var]>,
    forward_var: Var,
    reverse_var: Var,
    /// `extent - 1 - reverse index`: the forward iteration that a reverse iteration undoes.
    mirrored: NodeId,
}

impl Sweep<'_> {
    /// The nodes of a loop's body that depend on what it carries, in order.
    pub(super) fn carried_nodes(&self, lp: LoopId) -> Vec<NodeId> {
        let next = &self.graph.loop_info(lp).next;
        carried_dependents(self.graph, lp, &self.graph.reachable(next)).into_iter().collect()
    }

    /// Reverses a loop: hands the cotangents of its results to everything that its body and its initial values
    /// use. Returns the nodes that have been dealt with: those that depend on what the loop carries.
    pub(super) fn reverse_loop(&mut self, lp: LoopId) -> Vec<NodeId> {
        let dealt_with = self.carried_nodes(lp);
        let info = self.graph.loop_info(lp).clone();
        let slots: Vec<usize> =
            (0..info.init.len()).filter(|&k| self.carried_is_active(lp, k, &info.init, &info.next)).collect();
        if slots.is_empty() {
            return dealt_with;
        }
        let seeds: Vec<NodeId> = slots
            .iter()
            .map(|&k| {
                let result = self.graph.final_value(lp, k);
                self.take(result).unwrap_or_else(|| zeros_like(self.graph, info.init[k]))
            })
            .collect();
        let histories: Vec<(NodeId, NodeId)> =
            dealt_with.iter().filter_map(|&id| Some((id, self.take(id)?))).collect();
        let (reverse, region) = self.open_reverse(lp, &seeds, &histories);
        let order = self.graph.reachable(&info.next);
        let order: Vec<NodeId> = order.into_iter().filter(|id| region.body.contains(id)).collect();
        self.levels.push(Level { region: Some(region.clone()), ..Level::default() });
        for (j, &k) in slots.iter().enumerate() {
            let carried = self.graph.carried(reverse, j);
            self.seed_inside(info.next[k], carried);
        }
        for (id, cotangent) in histories {
            self.seed_inside(id, cotangent);
        }
        self.run(&order, &[]);
        let next: Vec<NodeId> = slots
            .iter()
            .map(|&k| {
                let carried = self.graph.carried(lp, k);
                let cotangent = self.take(carried).unwrap_or_else(|| zeros_like(self.graph, info.init[k]));
                region.translate(self.graph, cotangent)
            })
            .collect();
        let outgoing = self.levels.pop().map_or(Vec::new(), |level| level.outgoing);
        self.graph.close_loop(reverse, next);
        // Binders over the reverse loop's variable come after everything that the loop carries on.
        self.hand_out(outgoing);
        for (j, &k) in slots.iter().enumerate() {
            let cotangent = self.graph.final_value(reverse, j);
            let user: Vec<Var> = region.outer.to_vec();
            if self.graph.rank(cotangent) == 0 {
                self.contribute(&user, info.init[k], cotangent);
            } else {
                self.contribute_array(info.init[k], Part::Whole(cotangent));
            }
        }
        dealt_with
    }

    fn carried_is_active(&self, lp: LoopId, k: usize, init: &[NodeId], next: &[NodeId]) -> bool {
        let float = self.graph.elem(init[k]).is_float();
        let carried = Op::Carried(lp, k as u32);
        let known = [init[k], next[k]].iter().any(|id| self.active.contains(id));
        float && (known || self.active.iter().any(|&id| *self.graph.op(id) == carried))
    }

    fn open_reverse(
        &mut self,
        lp: LoopId,
        seeds: &[NodeId],
        histories: &[(NodeId, NodeId)],
    ) -> (LoopId, Region) {
        let info = self.graph.loop_info(lp).clone();
        let extent = self.graph.extent(info.var);
        let mut outer: Vec<Var> = info.outer.to_vec();
        for &node in seeds.iter().chain(histories.iter().map(|(_, g)| g)) {
            outer.extend(self.graph.free(node).iter().filter(|&&v| v != info.var));
        }
        let level = self.levels.last().expect("the function is a level");
        if let Some(region) = &level.region {
            outer.extend(region.outer.iter().chain([&region.forward_var, &region.reverse_var]));
        }
        outer.sort();
        outer.dedup();
        let (reverse, reverse_var) = self.graph.open_loop(extent, outer.clone().into(), seeds.to_vec());
        self.graph.loops[reverse.0 as usize].mirrors = true;
        let one = self.graph.usize(1);
        let last = self.graph.int_op(IntOp::Sub, &[extent, one]);
        let index = self.graph.index(reverse_var);
        let mirrored = self.graph.int_op(IntOp::Sub, &[last, index]);
        let body = self
            .graph
            .reachable(&info.next)
            .into_iter()
            .filter(|&id| self.graph.depends_on(id, info.var))
            .collect();
        let region = Region {
            forward: lp,
            body: Rc::new(body),
            outer: outer.into(),
            forward_var: info.var,
            reverse_var,
            mirrored,
        };
        (reverse, region)
    }

    /// Seeds a node that may lie inside the loop or be captured by it.
    fn seed_inside(&mut self, id: NodeId, cotangent: NodeId) {
        let mut user = self.graph.free(id).to_vec();
        let inside = self.levels.last().and_then(|l| l.region.clone()).expect("a region is open");
        if !user.contains(&inside.forward_var) {
            user.push(inside.forward_var);
        }
        if self.graph.rank(id) == 0 {
            self.contribute(&user, id, cotangent);
        } else {
            self.contribute_array(id, Part::Whole(cotangent));
        }
    }
}

impl Region {
    /// The variables of the iteration: a cotangent in the region may mention either.
    pub fn iteration(&self) -> [Var; 2] {
        [self.forward_var, self.reverse_var]
    }

    /// The same value in terms of the reverse loop. Forward values that depend on carried ones are read from
    /// their history; what is cheap is computed again from those.
    pub fn translate(&self, graph: &mut Graph, value: NodeId) -> NodeId {
        let order = graph.reachable(&[value]);
        let dependents = carried_dependents(graph, self.forward, &order);
        // What does not mention the iteration (a result of the loop, a history) stays as it is.
        let mut recalled: HashMap<NodeId, NodeId> =
            order.iter().filter(|&&id| !graph.depends_on(id, self.forward_var)).map(|&id| (id, id)).collect();
        for id in self.kept_below(graph, value, &dependents) {
            let new = self.recall(graph, id);
            recalled.insert(id, new);
        }
        let value = graph.replace(value, recalled);
        graph.subst(value, &[(self.forward_var, self.mirrored)])
    }

    /// The forward values that the translation of `value` comes across first and that are to be kept.
    fn kept_below(&self, graph: &Graph, value: NodeId, dependents: &BTreeSet<NodeId>) -> BTreeSet<NodeId> {
        let mut seen: HashSet<NodeId> = HashSet::new();
        let mut kept = BTreeSet::new();
        let mut stack = vec![value];
        while let Some(id) = stack.pop() {
            if !dependents.contains(&id) || !seen.insert(id) {
                continue;
            }
            if self.body.contains(&id) && is_kept(graph, id) {
                kept.insert(id);
            } else {
                stack.extend(graph.dependencies(id));
            }
        }
        kept
    }

    /// The value that a forward node had in the iteration: an element of the array of its values in all
    /// iterations and, where it lies inside further binders, at all their indices.
    fn recall(&self, graph: &mut Graph, id: NodeId) -> NodeId {
        let outer = graph.loop_info(self.forward).outer.clone();
        let inner = without(&without(&graph.free(id), &outer), &[self.forward_var]);
        // The same variables each time, so that an array has one history.
        let mut own: Vec<Var> = Vec::new();
        for &extent in &graph.ty(id).shape.clone() {
            let avoid: Vec<Var> = graph.free(id).iter().chain(&own).copied().collect();
            own.push(graph.var_over(extent, &avoid));
        }
        let own_index: Vec<NodeId> = own.iter().map(|&v| graph.index(v)).collect();
        let element = graph.read(id, &own_index);
        let vars: Vec<Var> = [self.forward_var].into_iter().chain(inner).chain(own.iter().copied()).collect();
        let history = graph.build(&vars, element);
        // At the mirrored index at once: at that of the forward loop, a read would be the value itself again.
        let index: Vec<NodeId> =
            [self.mirrored].into_iter().chain(vars[1..].iter().map(|&v| graph.index(v))).collect();
        let recalled = graph.read(history, &index);
        graph.build(&own, recalled)
    }

    pub fn translate_vars(&self, vars: &[Var]) -> Vec<Var> {
        let mut vars: Vec<Var> =
            vars.iter().map(|&v| if v == self.forward_var { self.reverse_var } else { v }).collect();
        if !vars.contains(&self.reverse_var) {
            vars.push(self.reverse_var);
        }
        vars.sort();
        vars.dedup();
        vars
    }

    /// An array cotangent that every iteration hands out, as one write over all iterations.
    pub fn whole_from_each_iteration(&self, graph: &mut Graph, whole: NodeId) -> Part {
        let (mut vars, element) = graph.element(whole);
        let index = vars.iter().map(|&v| graph.index(v)).collect();
        let value = self.translate(graph, element);
        vars.push(self.reverse_var);
        Part::Write { vars, index, value }
    }
}

/// The nodes of `order` that depend on what a loop carries.
fn carried_dependents(graph: &Graph, lp: LoopId, order: &[NodeId]) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    // An inner loop may depend on the outer one only through what it carries on: repeat until nothing changes.
    loop {
        let before = found.len();
        for &id in order {
            let own = matches!(graph.op(id), Op::Carried(of, _) if *of == lp);
            // A history is the whole loop's, not one iteration's.
            let closed = !graph.depends_on(id, graph.loop_info(lp).var);
            let mut parts = graph.dependencies(id);
            if let Op::Carried(inner, _) = graph.op(id) {
                parts.extend(graph.loop_info(*inner).next.iter().filter(|_| *inner != lp));
            }
            if own || (!closed && parts.iter().any(|d| found.contains(d))) {
                found.insert(id);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// What is kept rather than computed again in the reverse loop.
fn is_kept(graph: &Graph, id: NodeId) -> bool {
    match graph.op(id) {
        Op::Scalar(scalar) => worth_saving(*scalar),
        Op::Carried(..) | Op::Final(..) | Op::Reduce(..) | Op::ArgReduce(..) | Op::Soft(..) => true,
        _ => false,
    }
}
