//! Loops that may stop early. What they ask before an iteration is computed first in it; their iterations are
//! counted, because what runs backwards needs to know how many there were.

use super::group::Group;
use super::jobs::{Job, Jobs};
use super::program::{Expr, Place, Stmt};
use super::schedule::{Planner, States};
use crate::ir::op::{LoopId, Op};
use crate::ir::{Const, Elem, Int};

impl Planner<'_> {
    pub(super) fn run_stopping(
        &mut self,
        jobs: &Jobs,
        group: &Group,
        lp: LoopId,
        states: &mut States,
        out: &mut Vec<Stmt>,
    ) {
        let Some(stop) = self.graph.loop_info(lp).stop.clone() else { return };
        let members: Vec<&Job> = group.members.iter().map(|id| &jobs.list[id.0]).collect();
        self.hoist(&members, group.var, out);
        let counter = self.names.fresh("trips");
        let zero = Expr::Const(Const::Int(0, Int::Usize));
        out.push(Stmt::LetMut { name: counter.clone(), elem: Elem::USIZE, value: zero });
        let bound = stop.bound.map(|bound| (counter.clone(), self.expression(bound, out)));
        self.indices.insert(group.var, counter.clone());
        self.open.push(group.var);
        let mark = self.mark();
        let (mut head, mut body) = (Vec::new(), Vec::new());
        let until = self.value_here(stop.until, &mut head);
        self.make_room(lp, &mut body);
        self.level(jobs, group.members.clone(), states, &mut body);
        self.roll_back(mark);
        self.open.pop();
        let one = Expr::Const(Const::Int(1, Int::Usize));
        body.push(Stmt::AddAssign { name: counter.clone(), value: one });
        out.push(Stmt::While { bound, head, until, body });
        let trips = self.graph.add(Op::Trips(lp), &[]);
        self.set_place(trips, Place::Scalar(Expr::Name(counter)));
    }
}
