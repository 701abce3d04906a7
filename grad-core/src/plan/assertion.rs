//! Assertions: each is a statement in the order of the program, and what it says has been asserted is no value that
//! is kept anywhere.

use super::discovery::Discovery;
use super::jobs::{Job, JobId, Kind};
use super::program::{Expr, Place, Stmt};
use super::schedule::Planner;
use crate::ir::op::{Clause, MessageId, Var, asserted};
use crate::ir::{Const, NodeId};

impl Discovery<'_> {
    /// The job of what is asserted for each value of some variables.
    pub(super) fn assertion(&mut self, node: NodeId, vars: &[Var], clauses: &[Clause]) -> JobId {
        let args = self.graph.args(node);
        let (vars, bodies) = self.apart(vars, &args[1..]);
        let parts = [&args[..1], &bodies].concat();
        let clauses: Vec<(NodeId, MessageId, Vec<NodeId>)> = asserted(clauses, &parts)
            .iter()
            .map(|clause| (clause.fails, clause.message, clause.shown.to_vec()))
            .collect();
        let out = self.closed(&self.graph.free(node));
        let domain = [&out[..], &vars].concat();
        let values: Vec<NodeId> = clauses.iter().map(|(fails, ..)| *fails).collect();
        let mut waits_for = self.waits(&args[..1], &out, true);
        waits_for.extend(self.waits(&values, &domain, true));
        for (fails, _, shown) in &clauses {
            waits_for.extend(self.waits_under(*fails, shown, &domain));
        }
        let inside = self.inside(&[&[node], &bodies[..]].concat());
        self.push(Job {
            inner: self.inner(&values, &[]),
            kind: Kind::Assert(clauses),
            node,
            values,
            domain,
            out,
            waits_for,
            inside,
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        })
    }
}

impl Planner<'_> {
    /// `if fails { panic!(…) }` for each clause, in order.
    pub(super) fn execute_assertion(
        &mut self,
        node: NodeId,
        clauses: &[(NodeId, MessageId, Vec<NodeId>)],
        out: &mut Vec<Stmt>,
    ) {
        for (fails, message, shown) in clauses {
            let condition = self.value_of(*fails, out);
            let mark = self.mark();
            let mut then = Vec::new();
            let shown = self.values_here(shown, &mut then);
            self.roll_back(mark);
            then.push(Stmt::Panic { message: self.graph.message(*message).clone(), shown });
            out.push(Stmt::If { condition, then, otherwise: Vec::new() });
        }
        self.has_been_asserted(node);
    }

    /// That something has been asserted needs no variable.
    pub(super) fn has_been_asserted(&mut self, node: NodeId) {
        self.set_place(node, Place::Scalar(Expr::Const(Const::Bool(true))));
    }
}
