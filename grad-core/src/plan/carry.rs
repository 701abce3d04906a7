//! What loops carry from one iteration to the next: made before the loop, replaced at the end of an iteration.

use super::discovery::Discovery;
use super::jobs::{Job, JobId, Kind};
use super::program::{Expr, Place, Stmt, Storage};
use super::schedule::Planner;
use super::visit::mentions;
use crate::ir::NodeId;
use crate::ir::op::{LoopId, Op, Var};

impl Discovery<'_> {
    /// The loop itself: a job in its own domain that needs every next value.
    pub(super) fn carry(&mut self, lp: LoopId) -> Vec<JobId> {
        let info = self.graph.loop_info(lp).clone();
        let node = self.graph.final_value(lp, 0);
        if let Some(found) = self.jobs.of_node.get(&node) {
            return found.clone();
        }
        let out = self.closed(&self.graph.free(node));
        let mut domain = out.clone();
        domain.push(info.var);
        // Registered at once: what the loop waits for may ask for the loop.
        let id = JobId(self.jobs.list.len());
        self.jobs.of_node.insert(node, vec![id]);
        self.jobs.list.push(Job {
            kind: Kind::Carry(lp),
            node,
            values: info.next.iter().copied().filter(|&n| self.graph.rank(n) == 0).collect(),
            domain: domain.clone(),
            out: out.clone(),
            waits_for: Vec::new(),
            inner: Vec::new(),
            inside: vec![lp],
            after: Vec::new(),
            copies: Vec::new(),
            is_optional: false,
        });
        info.next.iter().for_each(|&next| self.note_replaced(next));
        let mut waits_for: Vec<JobId> = Vec::new();
        for &init in &info.init {
            let before =
                if self.graph.rank(init) > 0 { self.base(init) } else { self.waits(&[init], &out, true) };
            waits_for.extend(before);
        }
        if let Some(stop) = &info.stop {
            waits_for.extend(stop.bound.iter().flat_map(|&bound| self.waits(&[bound], &out, true)));
            waits_for.extend(self.outer_arrays(stop.until, info.var));
        }
        for &next in &info.next {
            let more =
                if self.graph.rank(next) > 0 { self.array(next) } else { self.waits(&[next], &domain, true) };
            waits_for.extend(more);
        }
        let (inside, before) = self.surroundings(&self.jobs.list[id.0].clone());
        let job = &mut self.jobs.list[id.0];
        job.inside.extend(inside);
        job.waits_for = [waits_for, before].concat();
        vec![id]
    }

    /// The jobs of the arrays that a value of an iteration reads and that are not of the iteration. What another loop has
    /// carried is known before, whether or not the iteration says where it is read.
    fn outer_arrays(&mut self, value: NodeId, var: Var) -> Vec<JobId> {
        let mut found = Vec::new();
        for id in self.graph.reachable(&[value]) {
            let args = self.graph.args(id);
            if *self.graph.op(id) == Op::Read
                && (self.graph.depends_on(id, var) || !self.graph.histories(args[0]).is_empty())
                && !self.graph.depends_on(args[0], var)
            {
                found.extend(self.array(args[0]));
            }
        }
        found
    }
}

impl Planner<'_> {
    /// Before the loop: what it carries into its first iteration.
    pub(super) fn begin_loop(&mut self, lp: LoopId, copies: &[NodeId], out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        for k in info.places() {
            let init = info.init[k];
            // Two places cannot both change the one array that they start with.
            let is_shared =
                info.places().take_while(|&other| other < k).any(|other| info.init[other] == init);
            let carried = self.graph.carried(lp, k);
            let wanted =
                self.graph.name(carried).or(self.graph.name(info.next[k])).unwrap_or("carried").to_string();
            if self.graph.rank(init) > 0 {
                let changes = self.overwritten.contains(&carried);
                self.begin_array(
                    carried,
                    init,
                    &wanted,
                    !changes || is_shared || copies.contains(&init),
                    out,
                );
                continue;
            }
            if self.graph.is_assertion(carried) {
                self.has_been_asserted(carried);
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
    fn begin_array(
        &mut self,
        carried: NodeId,
        init: NodeId,
        wanted: &str,
        copied: bool,
        out: &mut Vec<Stmt>,
    ) {
        self.graph.set_name(carried, wanted);
        self.changeable(init, carried, copied, out);
    }

    /// At the end of an iteration: what is carried on takes the place of what was carried in.
    pub(super) fn execute_carry(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let info = self.graph.loop_info(lp).clone();
        let next: Vec<NodeId> = info.places().map(|k| info.next[k]).collect();
        let scalars: Vec<NodeId> = next.iter().copied().filter(|&n| self.graph.rank(n) == 0).collect();
        self.bind_shared(&scalars, out);
        let mut assignments = Vec::new();
        let mut copies = Vec::new();
        for k in info.places() {
            let next = info.next[k];
            let carried = self.graph.carried(lp, k);
            if self.graph.rank(next) > 0 {
                if self.places.get(&next) != self.places.get(&carried) {
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
        let swaps = self.trade_places(lp, &mut copies);
        if assignments.len() + copies.len() > 1 {
            self.keep_present(lp, &mut assignments, &mut copies, out);
        }
        copies.into_iter().for_each(|(next, carried)| self.copy_array(next, carried, out));
        out.extend(assignments.into_iter().map(|(name, value)| Stmt::Assign { name, value }));
        out.extend(swaps);
    }

    /// Buffers on the heap whose contents need not be copied, because they can trade places: those that the loop carries,
    /// with each other and with what is made anew in each iteration.
    fn trade_places(&self, lp: LoopId, copies: &mut Vec<(NodeId, NodeId)>) -> Vec<Stmt> {
        let var = self.graph.loop_info(lp).var;
        let name = |node: NodeId| match self.places.get(&node) {
            Some(Place::Buffer(b)) if b.storage == Storage::Flat && b.prefix.is_empty() => {
                Some(b.name.clone())
            }
            _ => None,
        };
        let mut swaps = Vec::new();
        for at in (0..copies.len()).rev() {
            let Some(&(next, carried)) = copies.get(at) else { continue };
            let (Some(a), Some(b)) = (name(next), name(carried)) else { continue };
            let back = copies
                .iter()
                .position(|&(n, c)| name(c).as_ref() == Some(&a) && name(n).as_ref() == Some(&b));
            if let Some(back) = back.filter(|&back| back != at) {
                copies.remove(at.max(back));
                copies.remove(at.min(back));
                swaps.push(Stmt::Swap { a, b });
            }
        }
        if let Some(order) = self.rotation(var, copies, &name) {
            copies.clear();
            swaps.extend(order);
        }
        swaps
    }

    /// The swaps that do what some copies do, if the last buffer of each chain may be left with anything: what is made
    /// anew in each iteration goes into a carried array, whose contents go into the next.
    fn rotation(
        &self,
        var: Var,
        copies: &[(NodeId, NodeId)],
        name: &dyn Fn(NodeId) -> Option<String>,
    ) -> Option<Vec<Stmt>> {
        let mut left = Vec::new();
        for &(next, carried) in copies {
            let next = name(next)?;
            let is_new = self.is_made_in(&next, var);
            left.push((next, name(carried)?, is_new));
        }
        let mut swaps = Vec::new();
        while !left.is_empty() {
            // Nobody else wants what is overwritten, or what is given away; and that is overwritten later, or not needed.
            let at = left.iter().position(|(from, to, is_new)| {
                left.iter().all(|(other, ..)| other != to)
                    && left.iter().filter(|(other, ..)| other == from).count() == 1
                    && (*is_new || left.iter().any(|(_, later, _)| later == from))
            })?;
            let (a, b, _) = left.remove(at);
            swaps.push(Stmt::Swap { a, b });
        }
        Some(swaps)
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
            } else if before.iter().any(|(replaced, _)| mentions(value, replaced)) || !copies.is_empty() {
                *value = self.named(value.clone(), "next", out);
            }
        }
        let own: Vec<Option<Place>> =
            copies.iter().map(|(_, carried)| self.places.get(carried).cloned()).collect();
        for (next, _) in copies {
            // What lies where another array of the loop will be.
            let place = self.places.get(next).cloned();
            if matches!(self.graph.op(*next), Op::Carried(of, _) if *of == lp)
                || place.is_some() && own.contains(&place)
            {
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
