//! The statement of each kind of job, once all its loops are open.

use super::jobs::{Job, Kind};
use super::program::{Buffer, Expr, Place, Stmt, Storage};
use super::schedule::{Planner, State};
use crate::ir::NodeId;
use crate::ir::op::{Fold, LoopId};

impl Planner<'_> {
    /// The statement of a job whose loops are all open.
    pub(super) fn execute(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
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

    pub(super) fn execute_let(&mut self, job: &Job, state: &mut State, out: &mut Vec<Stmt>) {
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

    pub(super) fn execute_fold(&mut self, job: &Job, fold: Fold, state: &mut State, out: &mut Vec<Stmt>) {
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
        self.guarded(job.values[0], add, out, |planner, value, out| match accumulator {
            Some(Place::Scalar(Expr::Name(name))) => out.push(Stmt::AddAssign { name, value }),
            _ => {
                let place = planner.access(node, &index, out);
                out.push(Stmt::Store { place, value, add });
            }
        });
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

    pub(super) fn execute_carry(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
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
}
