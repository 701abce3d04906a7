//! The statement of each kind of job, once all its loops are open.

use super::buffers::{is_sum, may_fail};
use super::jobs::{Job, Kind};
use super::program::{Buffer, Expr, Place, Stmt, Storage};
use super::schedule::{Planner, State};
use crate::ir::op::Fold;
use crate::ir::{Cmp, NodeId};

impl Planner<'_> {
    /// The statement of a job whose loops are all open.
    pub(super) fn execute(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        let before = self.begin_use(job.node);
        match &job.kind {
            Kind::Value => {}
            Kind::Let => self.execute_let(job, state, out),
            Kind::Reduce { fold, .. } => self.execute_fold(job, *fold, state, out),
            Kind::ArgReduce { fold, .. } => self.execute_arg(job, *fold, state, out),
            Kind::Write { index, add } => self.execute_write(job, index, *add, state, out),
            Kind::Gated(_) => unreachable!("branches are written together"),
            Kind::Update { add } => {
                self.execute_update(job, *add, out);
                let is_kept = |place: &&Place| matches!(place, Place::Buffer(b) if !b.prefix.is_empty());
                state.results = self
                    .places
                    .get(&job.node)
                    .filter(is_kept)
                    .map(|place| (job.node, place.clone()))
                    .into_iter()
                    .collect();
            }
            Kind::Assert(clauses) => self.execute_assertion(job.node, clauses, out),
            Kind::Literal => self.execute_literal(job, out),
            Kind::Carry(lp) => self.execute_carry(*lp, out),
            Kind::Matmul => self.execute_matmul(job.node, out),
        }
        self.end_use(before);
    }

    pub(super) fn execute_let(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
        self.bind_operands(job.node, out);
        let value = self.own_expression(job.node, out);
        let name = self.name_for(job.node);
        out.push(Stmt::Let { name: name.clone(), value });
        self.keep_let(job.node, name, state, out);
    }

    /// A value has its name, and is kept where other loops use it.
    pub(super) fn keep_let(&mut self, node: NodeId, name: String, state: &State, out: &mut Vec<Stmt>) {
        if let Some(buffer) = &state.kept {
            let place = self.access_buffer(buffer, &[], out);
            out.push(Stmt::Store { place, value: Expr::name(&name), add: false });
        }
        self.set_place(node, Place::Scalar(Expr::Name(name)));
    }

    pub(super) fn execute_fold(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
        let Some(place) = state.accumulator.clone() else { return };
        let body = job.values[0];
        let skips_zero = fold == Fold::Sum && self.skips_zero(job);
        self.guarded(body, skips_zero, false, out, &mut |planner, value, out| {
            let stmt = match (place.clone(), fold) {
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

    /// Whether leaving out a zero leaves the sum as it is, to the bit: −0 + 0 is 0.
    fn skips_zero(&self, job: &Job) -> bool {
        let is_negative =
            |id: NodeId| self.graph.as_float(id).is_some_and(|x| x == 0.0 && x.is_sign_negative());
        let Kind::Reduce { init, .. } = job.kind else { return false };
        let from_positive = self.graph.as_float(init).is_some() && !is_negative(init);
        from_positive || self.graph.args(job.values[0]).iter().skip(1).any(|&branch| is_negative(branch))
    }

    pub(super) fn execute_arg(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
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

    pub(super) fn execute_write(
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
        let may_fail = may_fail(self.graph, node, &index);
        let is_sum = is_sum(self.graph, job.values[0]);
        self.guarded(
            job.values[0],
            add,
            may_fail,
            out,
            &mut |planner, value, out| match accumulator.clone() {
                Some(Place::Scalar(Expr::Name(name))) => out.push(Stmt::AddAssign { name, value }),
                _ if is_sum => planner.store_sum(node, &index, value, add, out),
                _ => {
                    let place = planner.access(node, &index, out);
                    out.push(Stmt::Store { place, value, add });
                }
            },
        );
    }

    /// Stores a sum. Where its loop has not run, the element need not exist, and the sum is zero.
    pub(super) fn store_sum(
        &mut self,
        array: NodeId,
        index: &[NodeId],
        sum: Expr,
        add: bool,
        out: &mut Vec<Stmt>,
    ) {
        let mut then = Vec::new();
        let place = self.access(array, index, &mut then);
        then.push(Stmt::Store { place, value: sum.clone(), add });
        if may_fail(self.graph, array, index) {
            let zero = self.constant(0.0, self.graph.elem(array));
            let condition = Expr::Compare(Cmp::Ne, Box::new(sum), Box::new(zero));
            out.push(Stmt::If { condition, then, otherwise: Vec::new() });
        } else {
            out.extend(then);
        }
    }

    pub(super) fn execute_literal(&mut self, job: &Job, out: &mut Vec<Stmt>) {
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

    pub(super) fn store_literal(
        &mut self,
        buffer: &Buffer,
        at: Vec<usize>,
        literal: Expr,
        out: &mut Vec<Stmt>,
    ) {
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
}
