//! Folds: loops with carried values, and the sums and running maxima among them.

use super::reader::Reader;
use super::spans::Read;
use crate::ir::ids::{IdSet, Set};
use crate::ir::{Cmp, Elem, Fold, IntOp, LoopId, NodeId, Op, Scalar, Var};

/// One step of a fold: from the index and what is carried to what is carried on.
pub type Step<'s> = dyn FnMut(&mut Reader, &[NodeId], &[NodeId]) -> Read<Vec<NodeId>> + 's;

impl Reader {
    /// Folds over nested extents in order.
    pub fn fold(&mut self, extents: &[NodeId], init: &[NodeId], step: &mut Step) -> Read<Vec<NodeId>> {
        self.fold_from(extents, &[], init, step)
    }

    fn fold_from(
        &mut self,
        extents: &[NodeId],
        index: &[NodeId],
        init: &[NodeId],
        step: &mut Step,
    ) -> Read<Vec<NodeId>> {
        let Some((&extent, rest)) = extents.split_first() else { return step(self, index, init) };
        let init = self.closed_init(extents, index, init, step)?;
        let binders = self.outer_binders();
        let traced = self.traced_values();
        let (mut id, mut next) = self.one_loop(extent, rest, index, &binders, &init, step)?;
        // What a literal has met in the body is its type.
        let settled = self.met_in(id, &init);
        if settled != init {
            return self.fold_from(extents, index, &settled, step);
        }
        let mut extent = extent;
        // What a trace reports of a loop outlives the branch that it is in: the loop runs only there.
        if self.traced_values() > traced
            && let Some(gate) = self.branch_condition()
        {
            extent = self.gated_extent(Some(gate), extent);
            (id, next) = self.one_loop(extent, rest, index, &binders, &init, step)?;
        }
        let used = self.used_binders(id, &init, &next, &binders);
        // A loop says on which variables its body may depend: exactly those, so that it can move out of the others.
        let (id, next) = match used.len() < binders.len() {
            true => self.one_loop(extent, rest, index, &used, &init, step)?,
            false => (id, next),
        };
        let asserts = next.len() > init.len();
        let raised = if asserts { self.raised_assertions(id, init.len()) } else { Some(self.asserted) };
        if raised.is_some()
            && let Some(reduced) = self.as_reductions(id, &init, &next[..init.len()])
        {
            self.asserted = raised.unwrap_or(self.asserted);
            return Ok(reduced);
        }
        if asserts {
            self.asserted = raised.unwrap_or_else(|| self.graph.final_value(id, init.len()));
        }
        Ok((0..init.len()).map(|k| self.graph.final_value(id, k)).collect())
    }

    /// A loop with its carried values and what it carries on.
    fn one_loop(
        &mut self,
        extent: NodeId,
        rest: &[NodeId],
        index: &[NodeId],
        outer: &[Var],
        init: &[NodeId],
        step: &mut Step,
    ) -> Read<(LoopId, Vec<NodeId>)> {
        let before = self.asserted;
        // What is asserted in the loop is carried on too, once it is seen that there is something.
        for asserts in [false, true] {
            let own = asserts.then_some(before);
            let (id, var) = self.graph.open_loop(extent, outer.into(), [init, own.as_slice()].concat());
            self.note_branch(id);
            let carried: Vec<NodeId> = (0..init.len()).map(|k| self.graph.carried(id, k)).collect();
            self.asserted = own.map_or(before, |_| self.graph.carried(id, init.len()));
            let mut next = self.under_var(var, |reader| {
                let mut inner = index.to_vec();
                inner.push(reader.graph.index(var));
                reader.without_assignment(|reader| reader.fold_from(rest, &inner, &carried, step))
            })?;
            let asserted = std::mem::replace(&mut self.asserted, before);
            if asserts || asserted == before {
                next.extend(asserts.then_some(asserted));
                self.graph.close_loop(id, next.clone());
                return Ok((id, next));
            }
        }
        unreachable!("the second loop is returned")
    }

    /// The binders on which a loop depends: what it carries stands for its initial values.
    fn used_binders(&self, id: LoopId, init: &[NodeId], next: &[NodeId], binders: &[Var]) -> Vec<Var> {
        let mut used: Set<Var> = init.iter().flat_map(|&node| self.graph.free(node).to_vec()).collect();
        let mut seen: IdSet = next.iter().copied().collect();
        let mut stack: Vec<NodeId> = next.to_vec();
        let var = self.graph.loop_info(id).var;
        while let Some(node) = stack.pop() {
            match self.graph.op(node) {
                Op::Carried(of, _) if *of == id => {}
                _ if self.graph.depends_on(node, var) => {
                    stack.extend(self.graph.dependencies(node).into_iter().filter(|&n| seen.insert(n)));
                }
                _ => used.extend(self.graph.free(node).iter()),
            }
        }
        binders.iter().copied().filter(|binder| used.contains(binder)).collect()
    }

    pub fn outer_binders(&self) -> Vec<Var> {
        let mut outer = self.binders.clone();
        outer.sort();
        outer.dedup();
        outer
    }

    /// The initial values with their types: those of untyped literals are what one step makes of them.
    fn closed_init(
        &mut self,
        extents: &[NodeId],
        index: &[NodeId],
        init: &[NodeId],
        step: &mut Step,
    ) -> Read<Vec<NodeId>> {
        if !init.iter().any(|&node| self.graph.elem(node).is_open()) {
            return Ok(init.to_vec());
        }
        let mut at = index.to_vec();
        let vars: Vec<Var> = extents.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        at.extend(vars.iter().map(|&var| self.graph.index(var)));
        let asserted = self.asserted;
        let probe = self.under_vars(&vars, |reader| step(reader, &at, init));
        self.asserted = asserted;
        let probe = probe?;
        Ok(init
            .iter()
            .zip(&probe)
            .map(|(&node, &made)| {
                let elem = self.graph.elem(made);
                if self.graph.elem(node).is_float() == elem.is_float() {
                    self.graph.close(node, elem)
                } else {
                    node
                }
            })
            .collect())
    }

    /// What a loop begins with, of the types that it has met as what the loop carries.
    fn met_in(&mut self, id: LoopId, init: &[NodeId]) -> Vec<NodeId> {
        let of = |reader: &mut Reader, k: usize, node: NodeId| {
            let carried = reader.graph.carried(id, k);
            let met = reader.graph.met.get(&carried).copied();
            let same_kind = |met: &Elem| met.is_float() == reader.graph.elem(node).is_float();
            met.filter(same_kind).map_or(node, |elem| reader.settled_as(node, elem))
        };
        init.iter().enumerate().map(|(k, &node)| of(self, k, node)).collect()
    }

    /// The fold as sums and running maxima, if every carried value is one.
    fn as_reductions(&mut self, id: LoopId, init: &[NodeId], next: &[NodeId]) -> Option<Vec<NodeId>> {
        let var = self.graph.loop_info(id).var;
        let mut found = Vec::new();
        for (k, &next) in next.iter().enumerate() {
            let carried = self.graph.carried(id, k);
            let (fold, body) = self.guarded_step(carried, next)?;
            if self.mentions_carried(body, id) {
                return None;
            }
            found.push((fold, body));
        }
        let extent = self.graph.extent(var);
        let fresh = self.graph.fresh_var(extent);
        let to = self.graph.index(fresh);
        Some(
            found
                .into_iter()
                .zip(init)
                .map(|((fold, body), &init)| {
                    let init = self.where_reached_here(init);
                    let body = self.graph.subst(body, &[(var, to)]);
                    self.graph.reduce(fold, fresh, init, body)
                })
                .collect(),
        )
    }

    /// A step that is taken only where a condition holds takes what changes nothing elsewhere.
    pub fn guarded_step(&mut self, carried: NodeId, next: NodeId) -> Option<(Fold, NodeId)> {
        let args = self.graph.args(next);
        let is_if = *self.graph.op(next) == Op::If;
        let (taken, negated) = match is_if {
            true if args[2] == carried => (args[1], false),
            true if args[1] == carried => (args[2], true),
            _ => return self.reduction_step(carried, next),
        };
        let Some((fold, body)) = self.reduction_step(carried, taken) else {
            return self.reduction_step(carried, next);
        };
        let neutral = match (fold, self.graph.elem(body)) {
            (Fold::Sum, Elem::Float(_)) => self.graph.float_like(-0.0, body),
            (fold, Elem::Float(_)) => self.graph.float_like(fold.limit()?, body),
            (Fold::Sum, Elem::Int(int)) => self.graph.int(0, int),
            _ => return None,
        };
        let condition = if negated { self.graph.not(args[0]) } else { args[0] };
        Some((fold, self.graph.select(condition, body, neutral)))
    }

    /// `next` as one step of a reduction of `carried`: which, and with what.
    fn reduction_step(&mut self, carried: NodeId, next: NodeId) -> Option<(Fold, NodeId)> {
        let args = self.graph.args(next);
        if let Op::Reduce(fold, var) = *self.graph.op(next) {
            // The greatest of all is the greatest of the greatest of each row. Sums would round differently.
            let limit = fold.limit().filter(|_| args[0] == carried && self.graph.elem(next).is_float())?;
            let limit = self.graph.float_like(limit, next);
            return Some((fold, self.graph.reduce(fold, var, limit, args[1])));
        }
        let other = |a: NodeId, b: NodeId| match (a == carried, b == carried) {
            (true, false) => Some(b),
            (false, true) => Some(a),
            _ => None,
        };
        match self.graph.op(next) {
            Op::Scalar(Scalar::Add) | Op::Int(IntOp::Add) => Some((Fold::Sum, other(args[0], args[1])?)),
            // To subtract is to add the negative, to the bit.
            Op::Scalar(Scalar::Sub) if args[0] == carried && args[1] != carried => {
                Some((Fold::Sum, self.graph.neg(args[1])))
            }
            Op::Scalar(Scalar::Max) => Some((Fold::Max, other(args[0], args[1])?)),
            Op::Scalar(Scalar::Min) => Some((Fold::Min, other(args[0], args[1])?)),
            Op::If => {
                let Op::Compare(cmp) = self.graph.op(args[0]) else { return None };
                let compared = &self.graph.node(args[0]).args;
                let chosen = other(args[1], args[2])?;
                // `if l ∘ r { then } else { … }` picks the greater one if `then` is on the greater side.
                let then_is_left = compared[0] == args[1] && compared[1] == args[2];
                let then_is_right = compared[1] == args[1] && compared[0] == args[2];
                match (cmp, then_is_left, then_is_right) {
                    (Cmp::Gt | Cmp::Ge, true, _) | (Cmp::Lt | Cmp::Le, _, true) => Some((Fold::Max, chosen)),
                    (Cmp::Lt | Cmp::Le, true, _) | (Cmp::Gt | Cmp::Ge, _, true) => Some((Fold::Min, chosen)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether a node depends on what a loop carries.
    fn mentions_carried(&self, node: NodeId, id: LoopId) -> bool {
        let mut seen = IdSet::from_iter([node]);
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if matches!(self.graph.op(node), Op::Carried(of, _) if *of == id) {
                return true;
            }
            let var = self.graph.loop_info(id).var;
            // Whatever mentions a carried value mentions the variable of its loop.
            let below = self.graph.dependencies(node);
            stack.extend(below.into_iter().filter(|&n| self.graph.depends_on(n, var) && seen.insert(n)));
        }
        false
    }
}
