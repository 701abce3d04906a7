//! Forward mode: each node with its tangent, operands first, from the same partials as reverse mode.
//!
//! The tangent of a node has at most the node's free variables. A tangent that is zero by construction is none:
//! nothing is ever multiplied by it. A loop that carries active values becomes one that carries their tangents
//! beside them, and everything that depends on it is made anew.

use std::rc::Rc;

use super::activity::active_nodes;
use super::array::zeros_like;
use super::cotangent::{choose, sum, times};
use crate::ir::ids::{IdMap, IdSet, Map, Set};
use crate::ir::op::{Cmp, Const, Fold, LoopId, Op, Soft, Var, Write, scatter_writes};
use crate::ir::rebuild::Rebuild;
use crate::ir::{Graph, NodeId, Scalar};
use crate::rules;

/// The tangents of `outputs` for inputs with tangents, each shaped as its output. The tangents are closed, as the
/// inputs are.
pub fn forward(graph: &mut Graph, outputs: &[NodeId], inputs: &[(NodeId, NodeId)]) -> Vec<NodeId> {
    let sources: Vec<NodeId> = inputs.iter().map(|(input, _)| *input).collect();
    let active = active_nodes(graph, outputs, &sources);
    let order = graph.reachable(outputs);
    let slots = active_slots(graph, &order, &active);
    let (affected, copied) = graph.affected_by(
        (&graph.loops_around(outputs), &order),
        &IdMap::new(),
        slots.keys().copied().collect(),
    );
    let tangents = inputs.iter().copied().collect();
    let mut sweep =
        Sweep { graph, active, slots, tangents, anew: Rebuild::copying(copied), unclosed: Vec::new() };
    for id in order {
        sweep.open_around(id);
        sweep.close_before(Some(id));
        sweep.anew.pass(sweep.graph, id, affected.contains(&id));
        if !sources.contains(&id) && sweep.active.contains(&id) {
            sweep.graph.origin = sweep.graph.node(id).origin;
            if let Some(tangent) = sweep.tangent(id) {
                sweep.name(id, tangent);
                sweep.tangents.insert(id, tangent);
            }
        }
    }
    sweep.close_before(None);
    sweep.anew.finish(sweep.graph);
    outputs.iter().map(|&output| sweep.tangent_or_zeros(output)).collect()
}

/// The loops that carry active values, and which of these are.
fn active_slots(graph: &Graph, order: &[NodeId], active: &IdSet) -> Map<LoopId, Vec<usize>> {
    let mut carried: Set<(LoopId, usize)> = Set::default();
    let mut loops: Set<LoopId> = Set::default();
    for &id in order {
        match graph.op(id) {
            Op::Carried(lp, k) | Op::Final(lp, k) => {
                loops.insert(*lp);
                if active.contains(&id) {
                    carried.insert((*lp, *k as usize));
                }
            }
            _ => {}
        }
    }
    let slots_of = |lp: LoopId| -> Vec<usize> {
        let info = graph.loop_info(lp);
        let is_active = |&k: &usize| {
            let ends = [info.init[k], info.next[k]];
            carried.contains(&(lp, k)) || ends.iter().any(|end| active.contains(end))
        };
        (0..info.init.len()).filter(is_active).collect()
    };
    loops.into_iter().map(|lp| (lp, slots_of(lp))).filter(|(_, slots)| !slots.is_empty()).collect()
}

struct Sweep<'g> {
    graph: &'g mut Graph,
    active: IdSet,
    /// The carried values that are active. Their tangents are carried behind all values, in this order.
    slots: Map<LoopId, Vec<usize>>,
    /// By the nodes as they were.
    tangents: IdMap<NodeId>,
    /// What the nodes have become.
    anew: Rebuild,
    /// Loops that are open, with the last node that their iterations need.
    unclosed: Vec<(LoopId, NodeId)>,
}

impl Sweep<'_> {
    fn of(&self, id: NodeId) -> Option<NodeId> {
        self.tangents.get(&id).copied()
    }

    fn tangent_or_zeros(&mut self, id: NodeId) -> NodeId {
        let like = self.anew.get(id);
        self.of(id).unwrap_or_else(|| zeros_like(self.graph, like))
    }

    fn name(&mut self, id: NodeId, tangent: NodeId) {
        if let Some(name) = self.graph.name(id).map(|name| format!("d_{name}"))
            && !matches!(self.graph.op(tangent), Op::Const(_) | Op::Seed(..) | Op::Param(..))
        {
            self.graph.set_name(tangent, &name);
        }
    }

    /// Opens the loops around a node that carry tangents, outer ones first.
    fn open_around(&mut self, id: NodeId) {
        let mut vars: Vec<Var> = self.graph.free(id).to_vec();
        vars.extend(bound(self.graph, id));
        let mut loops: Vec<LoopId> = vars.iter().filter_map(|&var| self.graph.owner(var)).collect();
        if let Op::Trips(lp) | Op::Final(lp, _) = self.graph.op(id) {
            loops.push(*lp);
        }
        loops.sort();
        loops.dedup();
        for lp in loops {
            self.open(lp);
        }
    }

    fn open(&mut self, lp: LoopId) {
        if self.anew.loop_of(lp).is_some() {
            return;
        }
        let Some(slots) = self.slots.get(&lp).cloned() else { return };
        let info = self.graph.loop_info(lp).clone();
        for around in info.outer.iter().filter_map(|&var| self.graph.owner(var)).collect::<Vec<_>>() {
            self.open(around);
        }
        let mut init: Vec<NodeId> = info.init.iter().map(|&n| self.anew.get(n)).collect();
        init.extend(slots.iter().map(|&k| self.tangent_or_zeros(info.init[k])));
        let mut outer: Vec<Var> = info.outer.iter().map(|&v| self.anew.var(self.graph, v)).collect();
        outer.sort();
        let outer = Rc::from(outer);
        let (copy, _) = match &info.stop {
            Some(stop) => {
                let bound = stop.bound.map(|bound| self.anew.get(bound));
                self.graph.open_stopping_loop(bound, outer, init)
            }
            None => {
                let extent = self.anew.get(self.graph.extent(info.var));
                self.graph.open_loop(extent, outer, init)
            }
        };
        self.graph.mark_as_copy(copy, lp);
        self.anew.set_loop(lp, copy);
        self.unclosed.extend(self.graph.loop_parts(lp).into_iter().max().map(|last| (lp, last)));
    }

    /// Closes the loops whose iterations need nothing but what comes before a node.
    fn close_before(&mut self, id: Option<NodeId>) {
        let is_complete = |(_, last): &(LoopId, NodeId)| id.is_none_or(|id| *last < id);
        let (complete, unclosed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.unclosed).into_iter().partition(is_complete);
        self.unclosed = unclosed;
        for (lp, _) in complete {
            let (Some(slots), Some(copy)) = (self.slots.get(&lp).cloned(), self.anew.loop_of(lp)) else {
                continue;
            };
            let info = self.graph.loop_info(lp).clone();
            let mut next: Vec<NodeId> = info.next.iter().map(|&n| self.anew.get(n)).collect();
            next.extend(slots.iter().map(|&k| self.tangent_or_zeros(info.next[k])));
            self.graph.close_loop(copy, next);
            // The values are the same, so the copy stops when the loop does.
            if let Some(stop) = info.stop {
                let until = self.anew.get(stop.until);
                self.graph.stop_when(copy, until);
            }
        }
    }

    /// What a loop carries into an iteration, or out of the last, beside the value `k`.
    fn place_of(&self, lp: LoopId, k: u32) -> Option<(LoopId, usize)> {
        let at = self.slots.get(&lp)?.iter().position(|&slot| slot == k as usize)?;
        Some((self.anew.loop_of(lp)?, self.graph.loop_info(lp).init.len() + at))
    }

    fn tangent(&mut self, id: NodeId) -> Option<NodeId> {
        let op = self.graph.op(id).clone();
        let args = self.graph.args(id);
        match op {
            Op::Scalar(scalar) => self.scalar(id, scalar, &args),
            Op::If | Op::Select => {
                let condition = self.anew.get(args[0]);
                let (then, otherwise) = (self.of(args[1]), self.of(args[2]));
                let lazy = *self.graph.op(id) == Op::If;
                choose(self.graph, lazy, condition, then, otherwise)
            }
            Op::Read => {
                let array = self.of(args[0])?;
                let index: Vec<NodeId> = args[1..].iter().map(|&i| self.anew.get(i)).collect();
                Some(self.graph.read(array, &index))
            }
            Op::Build(vars) => {
                let body = self.of(args[0])?;
                let vars: Vec<Var> = vars.iter().map(|&v| self.anew.var(self.graph, v)).collect();
                Some(self.graph.build(&vars, body))
            }
            Op::Stack => self.stack(&args),
            Op::Scatter { elem, rank, writes } => {
                let touched: Vec<Option<NodeId>> =
                    scatter_writes(rank, &writes, &args).iter().map(|write| self.of(write.value)).collect();
                self.scatter(id, Op::Scatter { elem, rank, writes }, &touched)
            }
            Op::Update { add } => self.update(add, &args),
            Op::Reduce(Fold::Sum, var) => self.total(var, args[0], args[1]),
            Op::Reduce(fold, var) => self.extremum(id, fold, var, &args),
            Op::Soft(soft, var) => {
                let tangent = self.of(args[0])?;
                let (x, y) = (self.anew.get(args[0]), self.anew.get(id));
                let var = self.anew.var(self.graph, var);
                Some(rules::soft_pushforward(self.graph, soft, var, x, y, tangent))
            }
            Op::Cast(elem) => {
                let tangent = self.of(args[0])?;
                Some(self.graph.cast(elem, tangent))
            }
            Op::Carried(lp, k) => self.place_of(lp, k).map(|(copy, at)| self.graph.carried(copy, at)),
            Op::Final(lp, k) => self.place_of(lp, k).map(|(copy, at)| self.graph.final_value(copy, at)),
            _ => None,
        }
    }

    fn scalar(&mut self, id: NodeId, scalar: Scalar, args: &[NodeId]) -> Option<NodeId> {
        let tangents: Vec<Option<NodeId>> = args.iter().map(|&a| self.of(a)).collect();
        let active: Vec<bool> = args.iter().map(|a| self.active.contains(a)).collect();
        let new: Vec<NodeId> = args.iter().map(|&a| self.anew.get(a)).collect();
        let partials = rules::partials_for(self.graph, scalar, &new, self.anew.get(id), &active);
        let products = tangents.into_iter().zip(partials);
        let products: Vec<NodeId> =
            products.filter_map(|(tangent, partial)| times(self.graph, tangent?, partial?)).collect();
        sum(self.graph, &products)
    }

    fn stack(&mut self, elements: &[NodeId]) -> Option<NodeId> {
        if elements.iter().all(|&e| self.of(e).is_none()) {
            return None;
        }
        let tangents: Vec<NodeId> = elements.iter().map(|&e| self.tangent_or_zeros(e)).collect();
        Some(self.graph.stack(&tangents))
    }

    /// The same scatter of the tangents of its values. What has none is not written.
    fn scatter(&mut self, id: NodeId, old: Op, tangents: &[Option<NodeId>]) -> Option<NodeId> {
        let Op::Scatter { elem, rank, writes } = old else { return None };
        let args = self.graph.args(self.anew.get(id));
        let mut new_args = args[..rank].to_vec();
        let mut new_writes: Vec<Box<[Var]>> = Vec::new();
        for (Write { vars, index, .. }, tangent) in scatter_writes(rank, &writes, &args).iter().zip(tangents)
        {
            let Some(tangent) = *tangent else { continue };
            new_args.extend(*index);
            new_args.push(tangent);
            new_writes.push(vars.iter().map(|&v| self.anew.var(self.graph, v)).collect());
        }
        let op = Op::Scatter { elem, rank, writes: new_writes.into() };
        (new_args.len() > rank).then(|| self.graph.add(op, &new_args))
    }

    /// The same update of the tangent of the array. Where an element without one is put, zero is.
    fn update(&mut self, add: bool, args: &[NodeId]) -> Option<NodeId> {
        let (&value, &base) = (args.last()?, args.first()?);
        let (of_base, of_value) = (self.of(base), self.of(value));
        if of_value.is_none() && (add || of_base.is_none()) {
            return of_base;
        }
        let mut new = vec![self.tangent_or_zeros(base)];
        new.extend(args[1..args.len() - 1].iter().map(|&n| self.anew.get(n)));
        new.push(self.tangent_or_zeros(value));
        Some(self.graph.update(add, &new))
    }

    fn total(&mut self, var: Var, init: NodeId, body: NodeId) -> Option<NodeId> {
        let (init, body) = (self.of(init), self.of(body));
        let Some(body) = body else { return init };
        let var = self.anew.var(self.graph, var);
        match init {
            Some(init) => Some(self.graph.reduce(Fold::Sum, var, init, body)),
            None => Some(self.graph.sum_over(var, body)),
        }
    }

    /// The first greatest (least) element takes all; the initial value comes before every element.
    fn extremum(&mut self, id: NodeId, fold: Fold, var: Var, args: &[NodeId]) -> Option<NodeId> {
        let (from_init, from_body) = (self.of(args[0]), self.of(args[1]));
        let (init, body) = (self.anew.get(args[0]), self.anew.get(args[1]));
        let var = self.anew.var(self.graph, var);
        let at_first = from_body.map(|tangent| self.at_first(fold, var, body, tangent));
        let infinite = matches!(self.graph.op(init), Op::Const(Const::Float(..)))
            && self.graph.as_float(init).is_some_and(f64::is_infinite);
        let extent = self.graph.extent(var);
        if infinite {
            let zero = self.graph.usize(0);
            let is_some = self.graph.compare(Cmp::Gt, extent, zero);
            return choose(self.graph, false, is_some, at_first, None);
        }
        let unbeaten = self.graph.compare(Cmp::Eq, self.anew.get(id), init);
        choose(self.graph, false, unbeaten, from_init, at_first)
    }

    /// The tangent of the first greatest (least) of the values of `body`.
    fn at_first(&mut self, fold: Fold, var: Var, body: NodeId, tangent: NodeId) -> NodeId {
        if !self.graph.depends_on(tangent, var) {
            return tangent;
        }
        let first = self.graph.add(Op::ArgReduce(fold, var), &[body]);
        if self.graph.owner(var).is_none() {
            return self.graph.subst(tangent, &[(var, first)]);
        }
        let all = self.graph.add(Op::Build(Box::new([var])), &[tangent]);
        self.graph.read(all, &[first])
    }
}

/// The variables that a node mentions without having them free.
fn bound(graph: &Graph, id: NodeId) -> Vec<Var> {
    match graph.op(id) {
        Op::Scatter { writes, .. } => writes.iter().flat_map(|vars| vars.iter().copied()).collect(),
        Op::Soft(Soft::Softmax | Soft::LogSoftmax, var) => vec![*var],
        op => op.bound().to_vec(),
    }
}
