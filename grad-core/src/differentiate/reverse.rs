//! Reverse mode: one sweep from the results to the inputs, each node handing its cotangent to its operands.
//!
//! The cotangent of a node has at most the node's free variables. A user with more free variables than its
//! operand stands for many uses of the operand, so its contribution is summed over the surplus.

use std::collections::BTreeMap;

use super::activity::active_nodes;
use super::array::{self, Part};
use super::cotangent::{choose, gated, sum, sum_all, sum_where, terms, times};
use super::gate::{Gate, needs, outermost};
use super::looping::Region;
use crate::ir::ids::{IdMap, IdSet};
use crate::ir::op::{Const, Fold, LoopId, Op, Soft, Var, scatter_writes};
use crate::ir::total::{is_total, needs_further_loops};
use crate::ir::{Cmp, Graph, NodeId, Scalar};
use crate::rules;

/// The gradients with respect to `inputs` of `Σ ⟨seed, output⟩`, each shaped as its input.
pub fn reverse(graph: &mut Graph, outputs: &[(NodeId, NodeId)], inputs: &[NodeId]) -> Vec<NodeId> {
    // How often a value is used shows in its free variables: they have to be exact.
    graph.tighten_loops();
    let roots: Vec<NodeId> = outputs.iter().map(|(output, _)| *output).collect();
    let active = active_nodes(graph, &roots, inputs);
    let (forward, loops) = (graph.len(), graph.loops.len());
    let mut sweep = Sweep { graph, active, levels: vec![Level::default()], forward, loops };
    for &(output, seed) in outputs {
        sweep.seed(output, seed);
    }
    let order = sweep.graph.reachable(&roots);
    sweep.run(&order, inputs);
    let gradients = inputs.iter().map(|&input| sweep.finish(input)).collect();
    graph.tighten_loops();
    gradients
}

/// The contributions that are collected at one level: the function, or the body of a loop that is being
/// reversed.
#[derive(Default)]
pub(super) struct Level {
    pub scalars: IdMap<Vec<NodeId>>,
    pub arrays: IdMap<Vec<Part>>,
    pub region: Option<Region>,
    /// What the region hands to its surroundings, once the reverse loop is complete.
    pub outgoing: Vec<Outgoing>,
}

impl Level {
    fn is_left_by(&self, to: NodeId) -> bool {
        self.region.as_ref().is_some_and(|region| !region.body.contains(&to))
    }
}

/// A contribution on its way out of a region: a number, or a scatter for an array.
pub(super) struct Outgoing {
    pub to: NodeId,
    /// The variables of its user that are not bound.
    pub user: Vec<Var>,
    pub node: NodeId,
}

pub(super) struct Sweep<'g> {
    pub graph: &'g mut Graph,
    pub active: IdSet,
    pub levels: Vec<Level>,
    /// How many nodes there were before the sweep: those of the forward computation.
    pub forward: usize,
    /// How many loops there were.
    pub loops: usize,
}

impl Sweep<'_> {
    pub(super) fn seed(&mut self, output: NodeId, seed: NodeId) {
        if !self.active.contains(&output) {
            return;
        }
        self.contribute_whole(&[], output, seed);
    }

    fn finish(&mut self, input: NodeId) -> NodeId {
        let cotangent = self.take(input);
        cotangent.unwrap_or_else(|| array::zeros_like(self.graph, input))
    }

    /// The cotangent that has come together at a node, if any.
    pub(super) fn take(&mut self, id: NodeId) -> Option<NodeId> {
        let level = self.levels.last_mut().expect("the function is a level");
        if self.graph.rank(id) == 0 {
            let parts = level.scalars.remove(&id)?;
            sum(self.graph, &parts)
        } else {
            let parts = level.arrays.remove(&id)?;
            Some(array::assemble(self.graph, id, parts))
        }
    }

    /// The variables in which a cotangent at this level may vary: those of its node and, inside a loop that is
    /// run anew for each value of others, those.
    fn scope_of(&self, level: usize, id: NodeId) -> Vec<Var> {
        let mut scope = self.graph.free(id).to_vec();
        if let Some(region) = &self.levels[level].region {
            scope.extend(region.outer.iter());
            scope.extend(region.iteration());
        }
        scope.sort();
        scope.dedup();
        scope
    }

    /// Adds to the cotangent of a scalar node what a user with the free variables `user` hands to it.
    pub(super) fn contribute(&mut self, user: &[Var], to: NodeId, value: NodeId) {
        self.contribute_where(&Gate::default(), user, to, value);
    }

    /// As [`Sweep::contribute`], from a loop that runs only where some conditions hold.
    pub(super) fn contribute_where(&mut self, gate: &Gate, user: &[Var], to: NodeId, mut value: NodeId) {
        if !self.active.contains(&to) {
            return;
        }
        let (scope, mut surplus) = self.scope_and_surplus(user, to);
        // Where loops have no iterations, what is computed in them need not exist.
        let in_loops_only = !surplus.is_empty() && needs_further_loops(self.graph, to, false);
        let is_ordered = surplus.iter().any(|&v| self.is_ordered(v));
        if in_loops_only && is_ordered && *self.graph.op(to) == Op::Read {
            let value = gate.value(self.graph, value);
            return self.contribute_element(user, to, value);
        }
        let is_steady = gate.is_steady(self.graph, &surplus);
        if !is_steady {
            value = gate.value(self.graph, value);
        }
        value = self.outlive(&mut surplus, vec![value])[0];
        value = match in_loops_only {
            true => sum_where(self.graph, surplus, &scope, value),
            false => sum_all(self.graph, surplus, value),
        };
        if is_steady {
            value = gate.value(self.graph, value);
        }
        let level = self.levels.last_mut().expect("the function is a level");
        match level.is_left_by(to) {
            true => level.outgoing.push(Outgoing { to, user: scope, node: value }),
            false => level.scalars.slot(to).get_or_insert_default().push(value),
        }
    }

    /// Whether a variable is that of a loop whose iterations need their order. Where a checkpointed loop is run again,
    /// that is for what needs none without the attribute.
    fn is_ordered(&self, var: Var) -> bool {
        let runs_again = |lp: LoopId| lp.0 as usize >= self.loops && !self.graph.loop_info(lp).mirrors;
        self.graph.owner(var).is_some_and(|lp| !runs_again(lp))
    }

    /// As [`Sweep::contribute`], of an element that is read in the user's loops only: it is added to there.
    fn contribute_element(&mut self, user: &[Var], to: NodeId, value: NodeId) {
        let args = self.graph.args(to);
        let varies = |v: &Var| args[1..].iter().chain([&value]).any(|&part| self.graph.depends_on(part, *v));
        let others: Vec<Var> = user.iter().filter(|v| !varies(v)).copied().collect();
        let (_, others) = self.scope_and_surplus(&others, to);
        let rest: Vec<Var> = user.iter().copied().filter(|v| !others.contains(v)).collect();
        let value = sum_where(self.graph, others, &rest, value);
        let part = Part::Write { vars: Vec::new(), index: args[1..].to_vec(), value };
        self.contribute_array(&rest, args[0], part);
    }

    /// As [`Sweep::contribute`], to the cotangent of an array.
    pub(super) fn contribute_array(&mut self, user: &[Var], to: NodeId, part: Part) {
        if !self.active.contains(&to) {
            return;
        }
        let (scope, mut surplus) = self.scope_and_surplus(user, to);
        let part = self.part_outlives(&mut surplus, part);
        let part = part.for_each(self.graph, surplus);
        let level = self.levels.last_mut().expect("the function is a level");
        match level.is_left_by(to) {
            true => {
                // One node, so that its variables are renamed together with what loops over them carry.
                let node = array::scatter(self.graph, to, vec![part]);
                level.outgoing.push(Outgoing { to, user: scope, node });
            }
            false => level.arrays.slot(to).get_or_insert_default().push(part),
        }
    }

    /// As [`Sweep::contribute`], of a scalar or a whole array.
    pub(super) fn contribute_whole(&mut self, user: &[Var], to: NodeId, value: NodeId) {
        if self.graph.rank(to) == 0 {
            self.contribute(user, to, value);
        } else {
            self.contribute_array(user, to, Part::Whole(value));
        }
    }

    /// Those of a user's variables in which the cotangent of a node may vary, and the others.
    fn scope_and_surplus(&self, user: &[Var], to: NodeId) -> (Vec<Var>, Vec<Var>) {
        let scope = self.scope_of(self.levels.len() - 1, to);
        user.iter().partition(|var| scope.contains(var))
    }

    /// Sweeps over the nodes of a level, users before operands.
    pub(super) fn run(&mut self, order: &[NodeId], keep: &[NodeId]) {
        let mut due = self.loops_due(order);
        let mut inside: IdSet = IdSet::new();
        for &id in order.iter().rev() {
            while let Some((_, lp, result)) = due.pop_if(|(at, ..)| *at >= id) {
                // A loop in the body of another has been reversed with that.
                if !inside.contains(&result) {
                    inside.extend(self.reverse_loop(lp, order));
                }
            }
            let is_result = matches!(self.graph.op(id), Op::Final(..) | Op::Carried(..));
            if !self.active.contains(&id) || keep.contains(&id) || is_result || inside.contains(&id) {
                continue;
            }
            if let Some(g) = self.take(id) {
                let g = self.where_it_exists(id, g);
                self.graph.origin = self.graph.node(id).origin;
                self.mark_cotangent(id, g);
                self.graph.reach_with(id, g);
                self.propagate(id, g);
            }
        }
        for (_, lp, result) in due.into_iter().rev() {
            if !inside.contains(&result) {
                inside.extend(self.reverse_loop(lp, order));
            }
        }
    }

    /// The cotangent of a value that need not exist where it is zero.
    fn where_it_exists(&mut self, id: NodeId, g: NodeId) -> NodeId {
        if self.graph.rank(id) > 0 || *self.graph.op(g) == Op::If || is_total(self.graph, id) {
            return g;
        }
        match needs(self.graph, g) {
            Some(condition) => choose(self.graph, true, condition, Some(g), None).unwrap_or(g),
            None => g,
        }
    }

    fn mark_cotangent(&mut self, id: NodeId, g: NodeId) {
        if g.0 as usize >= self.forward {
            self.graph.mark_cotangent(g);
        }
        if let Some(name) = self.graph.name(id).map(|name| format!("d_{name}"))
            && !matches!(self.graph.op(g), Op::Const(_) | Op::Seed(..) | Op::Param(..))
        {
            self.graph.set_name(g, &name);
        }
    }

    /// The loops of this level with a result of each, and when they are due, the first last: when every use of what
    /// they compute has been passed, and nothing that they compute it from.
    fn loops_due(&self, order: &[NodeId]) -> Vec<(NodeId, LoopId, NodeId)> {
        let mut results: BTreeMap<LoopId, NodeId> = BTreeMap::default();
        for &id in order {
            if let Op::Final(lp, _) | Op::Carried(lp, _) = self.graph.op(id) {
                results.insert(*lp, id);
            }
        }
        let mut due: Vec<(NodeId, LoopId, NodeId)> = Vec::new();
        for (lp, result) in results.into_iter().filter(|(lp, _)| self.is_in_current_body(*lp)) {
            let info = self.graph.loop_info(lp);
            due.extend(info.init.iter().chain(&info.next).max().map(|&last| (last, lp, result)));
        }
        due.sort();
        due
    }

    /// Loops of which this level is not itself the inside.
    fn is_in_current_body(&self, lp: LoopId) -> bool {
        !self.levels.iter().any(|level| level.region.as_ref().is_some_and(|region| region.forward == lp))
    }

    /// Hands the cotangent `g` of a node to its operands.
    fn propagate(&mut self, id: NodeId, g: NodeId) {
        let op = self.graph.op(id).clone();
        let args = self.graph.args(id);
        let free = self.scope_of(self.levels.len() - 1, id);
        match op {
            Op::Scalar(scalar) => self.scalar(id, scalar, &args, g),
            Op::If | Op::Select => {
                let lazy = op == Op::If;
                let anywhere = !lazy || self.graph.is_free_of_work(args[0]);
                for g in if anywhere { vec![g] } else { terms(self.graph, g) } {
                    for (holds, arm) in [(true, args[1]), (false, args[2])] {
                        let value = gated(self.graph, lazy, args[0], holds, g);
                        self.contribute(&free, arm, value);
                    }
                }
            }
            Op::Read => {
                let exists = args[1..].iter().zip(&self.graph.ty(args[0]).shape).all(|(&i, &extent)| {
                    self.graph.as_index(i).is_some_and(|v| self.graph.extent(v) == extent)
                });
                for value in if exists { vec![g] } else { terms(self.graph, g) } {
                    let part = Part::Write { vars: Vec::new(), index: args[1..].to_vec(), value };
                    self.contribute_array(&free, args[0], part);
                }
            }
            Op::Build(vars) => {
                let at: Vec<NodeId> = vars.iter().map(|&v| self.graph.index(v)).collect();
                let element = self.element(id, g, &at);
                let mut user = free.to_vec();
                user.extend(vars.iter());
                self.contribute(&user, args[0], element);
            }
            Op::Stack => self.stack(id, &free, &args, g),
            Op::Scatter { rank, writes, .. } => {
                for write in scatter_writes(rank, &writes, &args) {
                    let element = self.element(id, g, write.index);
                    let mut user = free.to_vec();
                    user.extend(write.vars.iter());
                    self.contribute(&user, write.value, element);
                }
            }
            Op::Update { add } => self.update(id, add, &args, &free, g),
            Op::Reduce(fold, var) => self.reduce(id, fold, var, &args, g),
            Op::Soft(soft, var) => {
                let cotangent = rules::soft_pullback(self.graph, soft, var, args[0], id, g);
                let mut user = free.to_vec();
                if soft == Soft::LogSumExp {
                    user.push(var);
                }
                self.contribute(&user, args[0], cotangent);
            }
            Op::Cast(_) => {
                let back = self.graph.elem(args[0]);
                let cotangent = self.graph.cast(back, g);
                self.contribute(&free, args[0], cotangent);
            }
            _ => {}
        }
    }

    /// An element of the cotangent `g` of an array. That of a history is read where it is: its expression, at the
    /// variable of the loop, would take what the loop carries from the iterations that are being undone.
    pub(super) fn element(&mut self, id: NodeId, g: NodeId, index: &[NodeId]) -> NodeId {
        let element = if self.graph.histories(id).is_empty() {
            self.graph.read(g, index)
        } else {
            let args: Vec<NodeId> = [g].into_iter().chain(index.iter().copied()).collect();
            self.graph.add(Op::Read, &args)
        };
        // What exists only where a branch was taken still says so, though its array does everywhere.
        match outermost(self.graph, g) {
            Some(condition) if *self.graph.op(element) == Op::Read => {
                let zero = self.graph.float_like(0.0, element);
                self.graph.select(condition, element, zero)
            }
            _ => element,
        }
    }

    fn scalar(&mut self, id: NodeId, scalar: Scalar, args: &[NodeId], g: NodeId) {
        let free = self.scope_of(self.levels.len() - 1, id);
        let active: Vec<bool> = args.iter().map(|a| self.active.contains(a)).collect();
        let partials = rules::partials_for(self.graph, scalar, args, id, &active);
        for ((&arg, partial), active) in args.iter().zip(partials).zip(active) {
            if let (Some(partial), true) = (partial, active)
                && let Some(value) = times(self.graph, g, partial)
            {
                self.contribute(&free, arg, value);
            }
        }
    }

    fn stack(&mut self, id: NodeId, user: &[Var], elements: &[NodeId], g: NodeId) {
        for (k, &element) in elements.iter().enumerate() {
            let shape = self.graph.ty(element).shape.clone();
            let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
            let mut index = vec![self.graph.usize(k)];
            index.extend(vars.iter().map(|&v| self.graph.index(v)));
            let part = self.element(id, g, &index);
            let part = self.graph.build(&vars, part);
            self.contribute_whole(user, element, part);
        }
    }

    fn reduce(&mut self, id: NodeId, fold: Fold, var: Var, args: &[NodeId], g: NodeId) {
        let free = self.scope_of(self.levels.len() - 1, id);
        let mut user = free.to_vec();
        user.push(var);
        if fold == Fold::Sum {
            self.contribute(&free, args[0], g);
            self.contribute(&user, args[1], g);
            return;
        }
        // The first greatest takes all; the initial value comes before every element.
        let unbeaten = self.graph.compare(Cmp::Eq, id, args[0]);
        let first = self.graph.add(Op::ArgReduce(fold, var), &[args[1]]);
        self.graph.reach_with(id, first);
        let at = self.graph.index(var);
        let is_first = self.graph.compare(Cmp::Eq, at, first);
        let infinite = matches!(self.graph.op(args[0]), Op::Const(Const::Float(..)))
            && self.graph.as_float(args[0]).is_some_and(f64::is_infinite);
        let beaten = if infinite { Some(g) } else { choose(self.graph, false, unbeaten, None, Some(g)) };
        if let Some(value) = choose(self.graph, false, unbeaten, Some(g), None) {
            self.contribute(&free, args[0], value);
        }
        if let Some(value) = choose(self.graph, false, is_first, beaten, None) {
            self.contribute(&user, args[1], value);
        }
    }
}
