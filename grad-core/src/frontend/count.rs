//! Counters of loops: an integer that each iteration changes by the same is a function of the index, and a `while`
//! that counts up to a bound is a `for`.

use super::reader::Reader;
use crate::ir::ids::IdMap;
use crate::ir::{Cmp, Elem, IntOp, Logic, LoopId, NodeId, Op, Var};

/// What a loop counts with.
struct Counter {
    op: IntOp,
    init: NodeId,
    step: NodeId,
}

impl Reader {
    /// Puts functions of the index in the place of counters. Returns what these hold after the loop.
    pub fn raise_counters(&mut self, lp: LoopId) -> IdMap<NodeId> {
        let info = self.graph.loop_info(lp).clone();
        let index = self.graph.index(info.var);
        let (mut map, mut counters): (IdMap<NodeId>, Vec<(NodeId, Counter)>) = (IdMap::new(), Vec::new());
        for (k, &next) in info.next.iter().enumerate() {
            let carried = self.graph.carried(lp, k);
            let is_whole =
                matches!(self.graph.elem(carried), Elem::Int(_)) && !self.graph.elem(carried).is_open();
            let Some(counter) = self.counter(carried, info.init[k], next, info.var).filter(|_| is_whole)
            else {
                continue;
            };
            let value = self.counted(&counter, index);
            if let Some(name) = self.graph.name(carried).map(str::to_string) {
                self.graph.set_name(value, &name);
            }
            map.insert(carried, value);
            counters.push((self.graph.final_value(lp, k), counter));
        }
        if counters.is_empty() {
            return IdMap::new();
        }
        let mut parts = info.next.clone();
        parts.extend(info.stop.as_ref().map(|stop| stop.until));
        let mut parts = self.graph.replace(&parts, map);
        if info.stop.is_some() {
            let until = parts.pop().expect("what stops the loop is the last");
            self.graph.stop_when(lp, until);
            self.bound_while(lp, until);
        }
        self.graph.loops[lp.0 as usize].next = parts;
        let trips = self.graph.extent(info.var);
        counters.into_iter().map(|(result, counter)| (result, self.counted(&counter, trips))).collect()
    }

    /// `carried ± step`, where the step is the same in all iterations.
    fn counter(&self, carried: NodeId, init: NodeId, next: NodeId, var: Var) -> Option<Counter> {
        let args = self.graph.args(next);
        let (op, step) = match self.graph.op(next) {
            Op::Int(IntOp::Add) if args[0] == carried => (IntOp::Add, args[1]),
            Op::Int(IntOp::Add) if args[1] == carried => (IntOp::Add, args[0]),
            Op::Int(IntOp::Sub) if args[0] == carried => (IntOp::Sub, args[1]),
            _ => return None,
        };
        (!self.graph.depends_on(step, var)).then_some(Counter { op, init, step })
    }

    /// The counter after so many iterations.
    fn counted(&mut self, counter: &Counter, iterations: NodeId) -> NodeId {
        let iterations = self.graph.cast(self.graph.elem(counter.init), iterations);
        let moved = self.graph.int_op(IntOp::Mul, &[iterations, counter.step]);
        self.graph.int_op(counter.op, &[counter.init, moved])
    }

    /// A loop that goes on while `a + i < n` makes `n - a` iterations.
    fn bound_while(&mut self, lp: LoopId, until: NodeId) {
        let info = self.graph.loop_info(lp).clone();
        let is_endless = info.stop.as_ref().is_some_and(|stop| stop.bound.is_none());
        if !is_endless || *self.graph.op(until) != Op::Logic(Logic::Not) {
            return;
        }
        let condition = self.graph.args(until)[0];
        let Op::Compare(cmp @ (Cmp::Lt | Cmp::Le)) = *self.graph.op(condition) else { return };
        let (left, right) = (self.graph.args(condition)[0], self.graph.args(condition)[1]);
        let Some(start) = self.start_of(left, info.var) else { return };
        if self.graph.depends_on(right, info.var) {
            return;
        }
        let extent = self.range_extent(start, right, cmp == Cmp::Le);
        self.graph.vars[info.var.0 as usize].extent = extent;
        self.graph.loops[lp.0 as usize].stop = None;
    }

    /// `a` of `a + i`.
    fn start_of(&mut self, value: NodeId, var: Var) -> Option<NodeId> {
        let elem = self.graph.elem(value);
        let index = self.graph.index(var);
        let index = self.graph.cast(elem, index);
        if value == index {
            let Elem::Int(int) = elem else { return None };
            return Some(self.graph.int(0, int));
        }
        let args = self.graph.args(value);
        let is_sum = *self.graph.op(value) == Op::Int(IntOp::Add);
        (is_sum && args[1] == index && !self.graph.depends_on(args[0], var)).then(|| args[0])
    }
}
