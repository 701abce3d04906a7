//! What loops carry from one iteration to the next: made before the loop, replaced at the end of an iteration.

use super::program::{Expr, Place, Stmt};
use super::schedule::Planner;
use crate::ir::NodeId;
use crate::ir::op::{LoopId, Op, Var};

impl Planner<'_> {
    /// Before the loop: what it carries into its first iteration.
    pub(super) fn begin_loop(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        for (k, &init) in info.init.iter().enumerate() {
            let carried = self.graph.carried(lp, k);
            let wanted =
                self.graph.name(carried).or(self.graph.name(info.next[k])).unwrap_or("carried").to_string();
            if self.graph.rank(init) > 0 {
                self.begin_array(carried, init, &wanted, out);
                continue;
            }
            let value = self.value_of(init, out);
            let name = self.names.fresh(&wanted);
            let elem = self.graph.elem(init);
            out.push(Stmt::LetMut { name: name.clone(), elem, value });
            self.set_place(carried, Place::Scalar(Expr::Name(name)));
        }
    }

    /// A carried array: a buffer with the initial elements.
    pub(super) fn begin_array(&mut self, carried: NodeId, init: NodeId, wanted: &str, out: &mut Vec<Stmt>) {
        self.graph.set_name(carried, wanted);
        let shape = self.graph.ty(init).shape.clone();
        let buffer = self.allocate(carried, &[], &shape, true, out);
        self.set_place(carried, Place::Buffer(buffer));
        self.copy_array(init, carried, out);
    }

    /// At the end of an iteration: what is carried on takes the place of what was carried in.
    pub(super) fn execute_carry(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        let scalars: Vec<NodeId> = info.next.iter().copied().filter(|&n| self.graph.rank(n) == 0).collect();
        self.bind_shared(&scalars, out);
        let mut assignments = Vec::new();
        let mut copies = Vec::new();
        for (k, &next) in info.next.iter().enumerate() {
            let carried = self.graph.carried(lp, k);
            if self.graph.rank(next) > 0 {
                if next != carried {
                    copies.push((next, carried));
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
        if assignments.len() + copies.len() > 1 {
            self.keep_present(lp, &mut assignments, &mut copies, out);
        }
        copies.into_iter().for_each(|(next, carried)| self.copy_array(next, carried, out));
        out.extend(assignments.into_iter().map(|(name, value)| Stmt::Assign { name, value }));
    }

    /// All next values are computed from the present ones, so those that are replaced first are set aside.
    fn keep_present(
        &mut self,
        lp: LoopId,
        assignments: &mut [(String, Expr)],
        copies: &mut [(NodeId, NodeId)],
        out: &mut Vec<Stmt>,
    ) {
        for k in 0..assignments.len() {
            let (before, rest) = assignments.split_at_mut(k);
            let value = &mut rest[0].1;
            if matches!(value, Expr::Name(name) if before.iter().any(|(replaced, _)| replaced == name)) {
                let name = self.names.fresh("next");
                out.push(Stmt::Let { name: name.clone(), value: value.clone() });
                *value = Expr::Name(name);
            } else {
                *value = self.named(value.clone(), "next", out);
            }
        }
        for (next, _) in copies {
            if matches!(self.graph.op(*next), Op::Carried(of, _) if *of == lp) {
                *next = self.set_aside(*next, out);
            }
        }
    }

    /// A copy of an array that is about to be overwritten.
    fn set_aside(&mut self, array: NodeId, out: &mut Vec<Stmt>) -> NodeId {
        let shape = self.graph.ty(array).shape.clone();
        let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        let element = self.element_at(array, &vars);
        let copy = self.graph.add(Op::Build(vars.into()), &[element]);
        self.graph.set_name(copy, "before");
        let buffer = self.allocate(copy, &[], &shape, false, out);
        self.set_place(copy, Place::Buffer(buffer));
        self.copy_array(array, copy, out);
        copy
    }

    pub(super) fn element_at(&mut self, array: NodeId, vars: &[Var]) -> NodeId {
        let mut args = vec![array];
        args.extend(vars.iter().map(|&v| self.graph.index(v)));
        self.graph.add(Op::Read, &args)
    }
}
