//! What a loop does that needs no order: sums, running maxima, arrays made or changed element by element. These
//! leave the loop as reductions, arrays and scatters, whether they were written as a `for` or as iterators.

use super::reader::Reader;
use crate::ir::ids::Set;
use crate::ir::total::is_total;
use crate::ir::{Cmp, Elem, Fold, Graph, LoopId, NodeId, Op, Var};

impl Reader {
    /// The results of a loop that has been closed: those that are more than its last values leave it.
    pub fn raise(&mut self, lp: LoopId) -> Vec<NodeId> {
        let counters = self.raise_counters(lp);
        let info = self.graph.loop_info(lp).clone();
        (0..info.init.len())
            .map(|k| {
                let result = self.graph.final_value(lp, k);
                if let Some(&counted) = counters.get(&result) {
                    return counted;
                }
                let raised = if info.stop.is_none() { self.raised(lp, k) } else { None };
                raised.unwrap_or(result)
            })
            .collect()
    }

    /// What a loop asserts in each iteration, if that does not depend on what it carries.
    pub fn raised_assertions(&mut self, lp: LoopId, k: usize) -> Option<NodeId> {
        let info = self.graph.loop_info(lp).clone();
        let carried = self.graph.carried(lp, k);
        let one = self.graph.assertion_since(carried, info.next[k], info.init[k])?;
        let args = self.graph.args(one);
        if self.graph.carries(args.get(1..)?, lp) {
            return None;
        }
        // In a branch, only there: the loop itself may stand before it.
        let gate = self.branch_condition();
        let extent = self.gated_extent(gate, self.graph.extent(info.var));
        let fresh = self.graph.fresh_var(extent);
        let to = self.graph.index(fresh);
        let one = self.graph.subst(one, &[(info.var, to)]);
        Some(self.graph.assert_for_each(fresh, one))
    }

    /// One element to which each iteration adds: its sum is taken first, and replaces it once.
    fn raised_single(&mut self, lp: LoopId, carried: NodeId, init: NodeId, next: NodeId) -> Option<NodeId> {
        let var = self.graph.loop_info(lp).var;
        if *self.graph.op(next) != (Op::Update { add: true }) {
            return None;
        }
        let args = self.graph.args(next);
        let (&value, index) = args[2..].split_last()?;
        let same = index.iter().all(|&i| !self.graph.depends_on(i, var));
        if args[0] != carried
            || !same
            || self.graph.rank(value) > 0
            || self.graph.as_bool(args[1]) != Some(true)
            || self.mentions(&[value], carried, var)
        {
            return None;
        }
        let before = self.graph.read(init, index);
        let sum = self.over_iterations(lp, &[value], |reader, var, bodies| {
            reader.graph.reduce(Fold::Sum, var, before, bodies[0])
        });
        // Without an iteration the element need not exist, unless it has just been made.
        let extent = self.graph.extent(var);
        let is_made = |graph: &Graph| {
            let args = graph.args(init);
            matches!(graph.op(init), Op::Update { .. })
                && graph.as_bool(args[1]) == Some(true)
                && args[2..args.len() - 1] == *index
        };
        let runs = match self.graph.as_int(extent) {
            Some(count) => self.graph.bool(count > 0),
            None if is_made(&self.graph) => self.graph.bool(true),
            None => {
                let zero = self.graph.usize(0);
                self.graph.compare(Cmp::Gt, extent, zero)
            }
        };
        let args: Vec<NodeId> = [init, runs].into_iter().chain(index.iter().copied()).chain([sum]).collect();
        Some(self.graph.update(false, &args))
    }

    /// What a reduction begins with: in a branch, what may panic only where that is taken. The reduction may be computed
    /// before it.
    pub fn where_reached_here(&mut self, init: NodeId) -> NodeId {
        if self.graph.rank(init) > 0 || is_total(&self.graph, init) {
            return init;
        }
        let Some(here) = self.branch_condition() else { return init };
        let nothing = self.graph.zero(self.graph.elem(init));
        self.graph.select(here, init, nothing)
    }

    /// The result of one place of a loop as a reduction or an array, if it is one.
    fn raised(&mut self, lp: LoopId, k: usize) -> Option<NodeId> {
        let info = self.graph.loop_info(lp).clone();
        let (init, next) = (self.where_reached_here(info.init[k]), info.next[k]);
        let carried = self.graph.carried(lp, k);
        let others: Vec<NodeId> =
            info.next.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, &n)| n).collect();
        if next == carried {
            return Some(info.init[k]);
        }
        if self.mentions(&others, carried, info.var) {
            return None;
        }
        if self.graph.is_assertion(next) {
            return self.raised_assertions(lp, k);
        }
        if self.graph.rank(init) == 0 {
            let (fold, body) = self.guarded_step(carried, next)?;
            return (!self.mentions(&[body], carried, info.var)).then(|| {
                self.over_iterations(lp, &[body], |reader, var, bodies| {
                    reader.graph.reduce(fold, var, init, bodies[0])
                })
            });
        }
        self.raised_element(lp, carried, init, next)
            .or_else(|| self.raised_single(lp, carried, init, next))
            .or_else(|| self.raised_sum(lp, carried, init, next))
    }

    /// Whether some nodes depend on one that differs from iteration to iteration.
    fn mentions(&self, nodes: &[NodeId], wanted: NodeId, var: Var) -> bool {
        let mut seen: Set<NodeId> = Set::default();
        let mut stack = nodes.to_vec();
        while let Some(id) = stack.pop() {
            if id == wanted {
                return true;
            }
            if self.graph.depends_on(id, var) && seen.insert(id) {
                stack.extend(self.graph.dependencies(id));
            }
        }
        false
    }

    /// What is made of bodies over the variable of a loop: over one of its own, if the bodies do not depend on what
    /// the loop carries.
    fn over_iterations(
        &mut self,
        lp: LoopId,
        bodies: &[NodeId],
        make: impl FnOnce(&mut Reader, Var, &[NodeId]) -> NodeId,
    ) -> NodeId {
        let var = self.graph.loop_info(lp).var;
        if self.graph.carries(bodies, lp) {
            return make(self, var, bodies);
        }
        let fresh = self.unordered(var);
        let to = self.graph.index(fresh);
        let bodies: Vec<NodeId> = bodies.iter().map(|&body| self.graph.subst(body, &[(var, to)])).collect();
        make(self, fresh, &bodies)
    }

    /// `a[i] = e` or `a[i] += e` for every `i`: an array made element by element. `h[e] += v` from zero: a scatter.
    fn raised_element(&mut self, lp: LoopId, carried: NodeId, init: NodeId, next: NodeId) -> Option<NodeId> {
        let var = self.graph.loop_info(lp).var;
        let Op::Update { add } = *self.graph.op(next) else { return None };
        let args = self.graph.args(next);
        if args[0] != carried {
            return None;
        }
        let (&value, index) = args[2..].split_last()?;
        let (index, condition) = (index.to_vec(), args[1]);
        let extent = self.graph.extent(var);
        let (&last, leading) = index.split_last()?;
        let covers = self.graph.as_index(last) == Some(var)
            && leading.iter().all(|&i| !self.graph.depends_on(i, var))
            && self.graph.ty(init).shape[leading.len()] == extent;
        // An element that is read before it is replaced is that of before the loop.
        let own = |reader: &mut Reader, array: NodeId, rest: &[Var]| {
            let mut at = index.clone();
            at.extend(rest.iter().map(|&v| reader.graph.index(v)));
            reader.graph.read(array, &at)
        };
        let rest_shape = self.graph.ty(value).shape.clone();
        let (rest, rest_index) = self.fresh_vars(&rest_shape);
        if covers {
            let before = own(self, init, &rest);
            let current = own(self, carried, &rest);
            let element = self.graph.read(value, &rest_index);
            let element = if add { self.graph.plus(current, element) } else { element };
            let element = self.graph.select(condition, element, current);
            let element = self.graph.replace(&[element], [(current, before)].into_iter().collect())[0];
            if self.mentions(&[element], carried, var) {
                return None;
            }
            let row = self.over_iterations(lp, &[element], |reader, var, bodies| {
                reader.graph.build(&[&[var], &rest[..]].concat(), bodies[0])
            });
            if leading.is_empty() {
                return Some(row);
            }
            let always = self.graph.bool(true);
            let args: Vec<NodeId> =
                [init, always].into_iter().chain(leading.iter().copied()).chain([row]).collect();
            return Some(self.graph.update(false, &args));
        }
        let parts: Vec<NodeId> = index.iter().copied().chain([condition, value]).collect();
        let is_scatter = add
            && rest_shape.is_empty()
            && index.len() == self.graph.rank(init)
            && self.is_zero_array(init)
            && self.graph.elem(value).is_float()
            && !self.mentions(&parts, carried, var);
        is_scatter.then(|| {
            let zero = self.graph.float_like(0.0, value);
            let value = self.graph.select(condition, value, zero);
            let bodies: Vec<NodeId> = index.iter().copied().chain([value]).collect();
            let shape = self.graph.ty(init).shape.clone();
            let elem = self.graph.elem(init);
            self.over_iterations(lp, &bodies, |reader, var, bodies| {
                let args: Vec<NodeId> = shape.iter().chain(bodies).copied().collect();
                let writes = vec![vec![var].into_boxed_slice()].into();
                reader.graph.add(Op::Scatter { elem, rank: shape.len(), writes }, &args)
            })
        })
    }

    fn is_zero_array(&self, array: NodeId) -> bool {
        let is_zero = |id: NodeId| self.graph.as_float(id).is_some_and(|x| x.to_bits() == 0);
        match self.graph.op(array) {
            Op::Build(_) => is_zero(self.graph.args(array)[0]),
            Op::Stack => self.graph.args(array).iter().all(|&a| is_zero(a) || self.is_zero_array(a)),
            _ => false,
        }
    }

    /// An array to every element of which each iteration adds something (or takes the greater): an array of sums.
    fn raised_sum(&mut self, lp: LoopId, carried: NodeId, init: NodeId, next: NodeId) -> Option<NodeId> {
        let var = self.graph.loop_info(lp).var;
        let Op::Build(vars) = self.graph.op(next).clone() else { return None };
        let index: Vec<NodeId> = vars.iter().map(|&v| self.graph.index(v)).collect();
        let current = self.graph.read(carried, &index);
        let body = self.graph.args(next)[0];
        let (fold, term) = self.guarded_step(current, body)?;
        if fold != Fold::Sum && !matches!(self.graph.elem(init), Elem::Float(_))
            || self.mentions(&[term], carried, var)
        {
            return None;
        }
        let before = self.graph.read(init, &index);
        Some(self.over_iterations(lp, &[term], |reader, var, bodies| {
            let sum = reader.graph.reduce(fold, var, before, bodies[0]);
            reader.graph.build(&vars, sum)
        }))
    }
}
