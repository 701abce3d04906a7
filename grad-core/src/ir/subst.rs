//! Substitution of index variables, without capture.

use std::rc::Rc;

use super::NodeId;
use super::graph::{Graph, without};
use super::op::{LoopId, Op, Soft, Var, scatter_writes};
use crate::ir::ids::{IdSet, Map};

#[derive(Clone, Default)]
struct Env {
    vars: Vec<(Var, NodeId)>,
    loops: Vec<(LoopId, LoopId)>,
}

impl Graph {
    /// `root` with each variable replaced by a `usize` node. The variable of a loop with carried values may be
    /// replaced only in nodes that do not depend on what it carries.
    pub fn subst(&mut self, root: NodeId, map: &[(Var, NodeId)]) -> NodeId {
        let vars = map.iter().copied().filter(|&(v, to)| self.as_index(to) != Some(v)).collect();
        self.subst_in(root, &Env { vars, loops: Vec::new() })
    }

    fn is_affected(&self, id: NodeId, env: &Env) -> bool {
        env.vars.iter().any(|(v, _)| self.depends_on(id, *v))
    }

    fn subst_in(&mut self, root: NodeId, env: &Env) -> NodeId {
        if !self.is_affected(root, env) {
            return root;
        }
        let mut memo: Map<NodeId, NodeId> = Map::default();
        for id in self.affected_in_scope(root, env) {
            let new = self.subst_node(id, env, &memo);
            self.inherit(id, new);
            memo.insert(id, new);
        }
        memo[&root]
    }

    /// The affected nodes below `root` that are in the same scope as it, operands first.
    fn affected_in_scope(&self, root: NodeId, env: &Env) -> Vec<NodeId> {
        let mut order = vec![root];
        let mut seen: IdSet = order.iter().copied().collect();
        let mut next = 0;
        while let Some(&id) = order.get(next) {
            next += 1;
            let node = self.node(id);
            let opens_scope = !node.op.bound().is_empty()
                || matches!(node.op, Op::Scatter { .. } | Op::Final(..) | Op::Trips(_) | Op::Soft(..));
            if !opens_scope {
                order.extend(
                    node.args.iter().copied().filter(|&a| self.is_affected(a, env) && seen.insert(a)),
                );
            }
        }
        order.sort();
        order
    }

    fn subst_node(&mut self, id: NodeId, env: &Env, memo: &Map<NodeId, NodeId>) -> NodeId {
        let op = self.op(id).clone();
        let args = self.args(id);
        match op {
            Op::Index(var) => env.vars.iter().find(|(v, _)| *v == var).map_or(id, |(_, to)| *to),
            Op::Carried(lp, k) => match env.loops.iter().find(|(from, _)| *from == lp) {
                Some((_, to)) => self.carried(*to, k as usize),
                None => id,
            },
            Op::Final(lp, k) => {
                let copy = self.subst_loop(lp, env);
                self.final_value(copy, k as usize)
            }
            Op::Trips(lp) => {
                // What is inside the loop may be as long as it.
                let open = env.loops.iter().find(|(from, _)| *from == lp).map(|(_, to)| *to);
                let copy = open.unwrap_or_else(|| self.subst_loop(lp, env));
                self.add(Op::Trips(copy), &[])
            }
            Op::Scatter { elem, rank, writes } => self.subst_scatter(elem, rank, &writes, &args, env),
            Op::Soft(soft @ (Soft::Softmax | Soft::LogSoftmax), var) => {
                self.subst_soft(soft, var, args[0], env)
            }
            Op::Reduce(fold, var) => {
                let init = self.subst_in(args[0], env);
                let (vars, bodies) = self.under_binder(&[var], &[args[1]], Some(init), env);
                self.reduce(fold, vars[0], init, bodies[0])
            }
            Op::Assert { vars, clauses } if !vars.is_empty() => {
                let before = self.subst_in(args[0], env);
                let (vars, bodies) = self.under_binder(&vars, &args[1..], Some(before), env);
                let args: Vec<NodeId> = [before].into_iter().chain(bodies).collect();
                self.assert(&vars, &clauses, &args)
            }
            op if !op.bound().is_empty() => {
                let (vars, bodies) = self.under_binder(op.bound(), &args, None, env);
                self.remake(&with_bound(&op, &vars), &bodies)
            }
            op => {
                let args: Vec<NodeId> = args.iter().map(|a| memo.get(a).copied().unwrap_or(*a)).collect();
                self.remake(&op, &args)
            }
        }
    }

    /// Substitutes in the scope of bound variables, renaming those that would capture, or that are those of what
    /// stands beside the bodies.
    fn under_binder(
        &mut self,
        bound: &[Var],
        bodies: &[NodeId],
        beside: Option<NodeId>,
        env: &Env,
    ) -> (Vec<Var>, Vec<NodeId>) {
        let mut inner = env.clone();
        inner.vars.retain(|(v, _)| !bound.contains(v));
        inner.vars.retain(|(v, _)| {
            bodies
                .iter()
                .chain(bound.iter().map(|v| &self.vars[v.0 as usize].extent))
                .any(|&b| self.depends_on(b, *v))
        });
        let mut avoid: Vec<Var> =
            inner.vars.iter().flat_map(|(_, to)| self.node(*to).free.to_vec()).collect();
        avoid.extend(bodies.iter().flat_map(|&b| without(&self.node(b).free, bound)));
        avoid.extend(beside.iter().flat_map(|&b| self.node(b).free.to_vec()));
        let mut vars = bound.to_vec();
        let mut done: Vec<Var> = Vec::new();
        for at in self.outermost_first(bound) {
            let var = bound[at];
            let extent = self.extent(var);
            let new_extent = self.subst_in(extent, &inner);
            let taken = new_extent != extent || avoid.contains(&var) || done.contains(&var);
            let history = self.owner(var).filter(|&lp| self.carries(bodies, lp));
            let renamed = match history {
                Some(lp) if taken || self.loop_is_affected(lp, &inner) => {
                    let copy = self.subst_loop(lp, &inner);
                    inner.loops.push((lp, copy));
                    self.loop_info(copy).var
                }
                None if taken => {
                    let taken: Vec<Var> = avoid.iter().chain(&done).chain(bound).copied().collect();
                    self.var_over(new_extent, &taken)
                }
                _ => var,
            };
            if renamed != var {
                let to = self.index(renamed);
                inner.vars.push((var, to));
            }
            vars[at] = renamed;
            done.push(renamed);
        }
        let bodies = bodies.iter().map(|&b| self.subst_in(b, &inner)).collect();
        (vars, bodies)
    }

    /// The places of bound variables in an order in which those of a loop come after those around it.
    fn outermost_first(&self, bound: &[Var]) -> Vec<usize> {
        let mut rest: Vec<usize> = (0..bound.len()).collect();
        let mut order = Vec::new();
        while !rest.is_empty() {
            let is_free = |&at: &usize| {
                let around = self.owner(bound[at]).map(|lp| self.loop_info(lp).outer.clone());
                let around = around.unwrap_or_default();
                rest.iter().all(|&other| other == at || !around.contains(&bound[other]))
            };
            let next = rest.iter().position(is_free).unwrap_or(0);
            order.push(rest.remove(next));
        }
        order
    }

    fn loop_nodes(&self, id: LoopId) -> Vec<NodeId> {
        self.loop_parts(id)
    }

    fn loop_is_affected(&self, id: LoopId, env: &Env) -> bool {
        self.loop_nodes(id).into_iter().any(|n| self.is_affected(n, env))
    }

    /// The loop with the variables replaced: for the same replacements the same copy.
    fn subst_loop(&mut self, id: LoopId, env: &Env) -> LoopId {
        let info = self.loop_info(id).clone();
        let nodes = self.loop_nodes(id);
        let mut env = env.clone();
        env.vars.retain(|(v, _)| *v != info.var && nodes.iter().any(|&n| self.depends_on(n, *v)));
        if env.vars.is_empty() {
            return id;
        }
        let mut key = env.vars.clone();
        key.sort();
        if let Some(copy) = self.copies.get(&(id, key.clone())) {
            return *copy;
        }
        let init = info.init.iter().map(|&n| self.subst_in(n, &env)).collect();
        let mut outer: Vec<Var> = without(&info.outer, &env.vars.iter().map(|(v, _)| *v).collect::<Vec<_>>());
        for (_, to) in &env.vars {
            outer.extend(self.node(*to).free.iter());
        }
        outer.sort();
        outer.dedup();
        let (copy, var) = match &info.stop {
            Some(stop) => {
                let bound = stop.bound.map(|bound| self.subst_in(bound, &env));
                self.open_stopping_loop(bound, Rc::from(outer), init)
            }
            None => {
                let extent = self.extent(info.var);
                let extent = self.subst_in(extent, &env);
                self.open_loop(extent, Rc::from(outer), init)
            }
        };
        self.mark_as_copy(copy, id);
        let index = self.index(var);
        env.vars.push((info.var, index));
        env.loops.push((id, copy));
        let next = info.next.iter().map(|&n| self.subst_in(n, &env)).collect();
        self.close_loop(copy, next);
        if let Some(stop) = &info.stop {
            let until = self.subst_in(stop.until, &env);
            self.stop_when(copy, until);
        }
        self.copies.insert((id, key), copy);
        copy
    }

    fn subst_scatter(
        &mut self,
        elem: super::Elem,
        rank: usize,
        writes: &[Box<[Var]>],
        args: &[NodeId],
        env: &Env,
    ) -> NodeId {
        let mut new_args: Vec<NodeId> = args[..rank].iter().map(|&a| self.subst_in(a, env)).collect();
        let mut new_writes = Vec::new();
        for write in scatter_writes(rank, writes, args) {
            let bodies: Vec<NodeId> = write.index.iter().copied().chain([write.value]).collect();
            let (vars, bodies) = self.under_binder(write.vars, &bodies, None, env);
            new_args.extend(bodies);
            new_writes.push(vars.into_boxed_slice());
        }
        self.add(Op::Scatter { elem, rank, writes: new_writes.into() }, &new_args)
    }

    /// The variable of a softmax is both free (which element) and bound (the sum): it can be renamed; at any
    /// other index the softmax is an array that is read there.
    fn subst_soft(&mut self, soft: Soft, var: Var, body: NodeId, env: &Env) -> NodeId {
        let mut inner = env.clone();
        inner.vars.retain(|(v, _)| *v != var);
        let at = env.vars.iter().find(|(v, _)| *v == var).map(|(_, to)| *to);
        let captured =
            inner.vars.iter().any(|(v, to)| self.depends_on(body, *v) && self.depends_on(*to, var));
        let extent = self.subst_in(self.extent(var), &inner);
        let ragged = extent != self.extent(var);
        let target = at.and_then(|to| self.as_index(to)).filter(|&u| {
            // At the variable of a loop, it would see what that carries into one iteration only.
            self.owner(u).is_none()
                && self.extent(u) == extent
                && !self.depends_on(body, u)
                && !inner.vars.iter().any(|(_, to)| self.depends_on(*to, u))
        });
        match (at, target) {
            (None, _) if !captured && !ragged => {
                let body = self.subst_in(body, &inner);
                self.soft(soft, var, body)
            }
            (Some(_), Some(target)) => {
                let to = self.index(target);
                inner.vars.push((var, to));
                let body = self.subst_in(body, &inner);
                self.soft(soft, target, body)
            }
            _ => {
                let whole = self.soft(soft, var, body);
                let array = self.add(Op::Build([var].into()), &[whole]);
                let array = self.subst_in(array, &inner);
                let index = at.unwrap_or_else(|| self.index(var));
                // Not `read`, which would come back here.
                self.add(Op::Read, &[array, index])
            }
        }
    }
}

/// The operation with other bound variables.
pub fn with_bound(op: &Op, vars: &[Var]) -> Op {
    match op {
        Op::Build(_) => Op::Build(vars.into()),
        Op::Assert { clauses, .. } => Op::Assert { vars: vars.into(), clauses: clauses.clone() },
        Op::Reduce(fold, _) => Op::Reduce(*fold, vars[0]),
        Op::ArgReduce(fold, _) => Op::ArgReduce(*fold, vars[0]),
        Op::Soft(soft, _) => Op::Soft(*soft, vars[0]),
        other => other.clone(),
    }
}
