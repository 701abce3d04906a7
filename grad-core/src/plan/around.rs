//! What stands before and after a loop: accumulators, what a loop carries, values that are kept.

use super::buffers::{guard, may_fail};
use super::jobs::{Job, Kind};
use super::program::{Buffer, Expr, Place, Stmt};
use super::schedule::{Planner, State};
use crate::ir::op::{Fold, Var};
use crate::ir::{Const, Elem, NodeId};

impl Planner<'_> {
    /// What a job needs before the loop over `var` begins.
    pub(super) fn before_loop(
        &mut self,
        job: &Job,
        var: Var,
        used_later: bool,
        state: &mut State,
        out: &mut Vec<Stmt>,
    ) {
        // The loop that is being opened is the outermost of those that are left.
        let mut rest = self.closed(&job.out);
        if let Some(at) = rest.iter().position(|&v| v == var) {
            rest[..=at].rotate_right(1);
        }
        match &job.kind {
            Kind::Gated(_) if used_later || rest.is_empty() => self.ensure_array(job.node, &rest, true, out),
            Kind::Write { add, .. } => {
                if used_later || rest.is_empty() {
                    self.ensure_array(job.node, &rest, *add, out);
                }
                if self.closed(&job.domain).iter().all(|v| !self.indexes(job, *v))
                    && state.accumulator.is_none()
                {
                    state.accumulator = self.scalar_accumulator(job, *add, out);
                    state.accumulates_over = Some(var);
                }
            }
            Kind::Literal if used_later => self.allocate_array(job.node, &rest, false, out),
            Kind::Reduce { fold, var: over, init } if *over == var => {
                let (fold, init) = (*fold, *init);
                if rest.is_empty() {
                    let start = self.value_of(init, out);
                    let name = self.name_for(job.node);
                    let elem = self.graph.elem(job.node);
                    self.mark_cotangent(job.node, &name);
                    out.push(Stmt::LetMut { name: name.clone(), elem, value: start });
                    state.accumulator = Some(Place::Scalar(Expr::Name(name)));
                } else {
                    debug_assert_eq!(fold, Fold::Sum);
                    let kept = state.kept.clone();
                    let buffer = kept.unwrap_or_else(|| self.allocate(job.node, &rest, &[], true, out));
                    state.accumulator = Some(Place::Buffer(buffer));
                }
            }
            Kind::ArgReduce { var: over, fold } if *over == var => self.begin_arg(job, *fold, state, out),
            Kind::Carry(lp) if self.graph.loop_info(*lp).var == var => self.begin_loop(*lp, &job.copies, out),
            Kind::Carry(lp) if used_later && !rest.is_empty() && state.finals.is_empty() => {
                state.finals = self.room_for_results(*lp, &job.copies, &rest, out);
            }
            Kind::Update { .. } if used_later && !rest.is_empty() => {
                self.room_for_update(job, &rest, out);
            }
            Kind::Let | Kind::Reduce { .. } | Kind::ArgReduce { .. }
                if used_later
                    && !rest.is_empty()
                    && !(job.is_optional && rest.len() > 1)
                    && state.kept.is_none()
                    && state.shared.is_none() =>
            {
                // A sum may take its terms into the buffer in any loop that stands outside of its own.
                let accumulates = match job.kind {
                    Kind::Reduce { var: over, .. } => {
                        rest.iter().any(|v| job.inner.contains(v) || self.nesting.contains(&(over, *v)))
                            || self.graph.owner(over).is_some()
                    }
                    _ => false,
                };
                state.kept = Some(self.allocate(job.node, &rest, &[], accumulates, out));
            }
            _ => {}
        }
    }

    /// Whether the place of a write depends on a variable.
    pub(super) fn indexes(&self, job: &Job, var: Var) -> bool {
        let Kind::Write { index, .. } = &job.kind else { return false };
        job.out.contains(&var) || index.iter().any(|&i| self.graph.depends_on(i, var))
    }

    /// What the function itself does not compute may be added up in any order.
    fn mark_cotangent(&mut self, node: NodeId, name: &str) {
        if !self.own.contains(&node) {
            self.names.mark_cotangent(name, self.graph.elem(node));
        }
    }

    /// A write whose place no longer changes takes its sum in a variable.
    pub(super) fn scalar_accumulator(&mut self, job: &Job, add: bool, out: &mut Vec<Stmt>) -> Option<Place> {
        let elem = self.graph.elem(job.node);
        // A place that exists only under a condition is not touched after the loop either.
        let Kind::Write { index, .. } = &job.kind else { return None };
        let partial = guard(self.graph, job.values[0]).is_some() && may_fail(self.graph, job.node, index);
        if !add || !elem.is_float() || partial {
            return None;
        }
        let name = self.names.fresh("sum");
        self.mark_cotangent(job.node, &name);
        let zero = self.constant(0.0, elem);
        out.push(Stmt::LetMut { name: name.clone(), elem, value: zero });
        Some(Place::Scalar(Expr::Name(name)))
    }

    pub(super) fn begin_arg(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
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

    /// What follows the loop over `var` for a job that was in it.
    pub(super) fn after_loop(&mut self, job: &Job, var: Var, state: &mut State, out: &mut Vec<Stmt>) {
        let folded = match &job.kind {
            Kind::Reduce { var: over, .. } | Kind::ArgReduce { var: over, .. } => *over == var,
            _ => false,
        };
        let is_gone = state.room.is_some_and(|loops| self.open.len() < loops);
        match &job.kind {
            Kind::Write { .. } if state.accumulates_over == Some(var) => self.finish_write(job, state, out),
            Kind::Write { .. } => {}
            Kind::Carry(lp) if self.graph.loop_info(*lp).var == var => {
                let places: Vec<usize> = self.graph.loop_info(*lp).places().collect();
                for k in places {
                    let carried = self.graph.carried(*lp, k);
                    let result = self.graph.final_value(*lp, k);
                    let place = self.places[&carried].clone();
                    self.keep_result(k, (result, place.clone()), state, out);
                    self.set_place(result, place);
                }
            }
            Kind::Assert(_) => self.has_been_asserted(job.node),
            _ if is_gone => {}
            Kind::Carry(_) | Kind::Update { .. } => {
                for (node, place) in state.results.clone() {
                    self.set_place(node, place);
                }
            }
            _ if folded => self.finish_fold(job, state, out),
            _ => self.finish_kept(job, state),
        }
    }

    /// A value that other loops use is where it has been kept.
    pub(super) fn finish_kept(&mut self, job: &Job, state: &State) {
        if let Some(buffer) = state.kept.clone() {
            self.set_place(job.node, Place::Buffer(buffer));
        }
        if let Some((array, vars)) = &state.shared
            && let Some(Place::Buffer(buffer)) = self.places.get(array).cloned()
        {
            self.set_place(job.node, Place::Buffer(Buffer { prefix: vars.clone(), ..buffer }));
        }
    }

    pub(super) fn finish_write(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        let Kind::Write { index, add } = &job.kind else { return };
        if let Some(Place::Scalar(sum)) = state.accumulator.take() {
            self.store_sum(job.node, index, sum, *add, out);
        }
    }

    pub(super) fn finish_fold(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        let Some(place) = state.accumulator.take() else { return };
        if let (Place::Scalar(value), Some(buffer)) = (&place, &state.kept) {
            let access = self.access_buffer(buffer, &[], out);
            out.push(Stmt::Store { place: access, value: value.clone(), add: false });
        }
        self.set_place(job.node, place);
    }
}
