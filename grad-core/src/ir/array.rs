//! Smart constructors of arrays, of their elements, and of what runs over them.

use super::graph::{without, worth_saving};
use super::ids::IdSet;
use super::op::{Cmp, Fold, LoopId, Op, Soft, Var, scatter_writes};
use super::scalar::Cost;
use super::{Elem, Graph, NodeId};

impl Graph {
    /// One element of an array. An element of an array that is an expression is that expression, if that
    /// is no work done twice.
    pub fn read(&mut self, array: NodeId, index: &[NodeId]) -> NodeId {
        debug_assert_eq!(self.rank(array), index.len());
        if index.is_empty() {
            return array;
        }
        match self.op(array).clone() {
            Op::Build(vars) => {
                let body = self.args(array)[0];
                // An axis that the body does not depend on may be read anywhere, as that of `insert_axis`.
                let renames = vars
                    .iter()
                    .zip(index)
                    .all(|(&var, &at)| self.as_index(at).is_some() || !self.depends_on(body, var));
                let cheap = renames || self.is_view(body) || self.node(body).weight < Cost::SAVE;
                let is_apart = self.is_other_iteration(&vars, index, body)
                    || self.crosses_loops(&vars, index, body)
                    || self.is_made_before(array, index);
                if cheap && !is_apart {
                    let map: Vec<(Var, NodeId)> = vars.iter().copied().zip(index.iter().copied()).collect();
                    return self.subst(body, &map);
                }
            }
            Op::Stack => {
                let elements = self.args(array);
                if let Some(element) =
                    self.as_int(index[0]).and_then(|k| elements.get(usize::try_from(k).ok()?))
                {
                    return self.read(*element, &index[1..]);
                }
            }
            Op::Update { add } => {
                if let Some(element) = self.read_of_update(array, add, index) {
                    return element;
                }
            }
            _ => {}
        }
        let mut args = vec![array];
        args.extend_from_slice(index);
        self.add(Op::Read, &args)
    }

    /// An element of an array that has just been changed: what it was changed to, or one that it was not.
    fn read_of_update(&mut self, array: NodeId, add: bool, index: &[NodeId]) -> Option<NodeId> {
        let args = self.args(array);
        let (&value, at) = args[2..].split_last()?;
        let elsewhere = at
            .iter()
            .zip(index)
            .any(|(&a, &b)| matches!((self.as_int(a), self.as_int(b)), (Some(a), Some(b)) if a != b));
        if elsewhere {
            return Some(self.read(args[0], index));
        }
        let is_it = !add && self.as_bool(args[1]) == Some(true) && index.starts_with(at);
        is_it.then(|| self.read(value, &index[at.len()..]))
    }

    /// Whether computing a value again is only looking it up again: an element, possibly under a condition.
    fn is_view(&self, body: NodeId) -> bool {
        let args = &self.node(body).args;
        match self.op(body) {
            Op::Read => true,
            Op::If => {
                let is_looked_up = |&id: &NodeId| matches!(self.op(id), Op::Read | Op::Const(_));
                self.node(args[0]).weight < Cost::SAVE && args[1..].iter().all(is_looked_up)
            }
            _ => false,
        }
    }

    /// An element of an array that is an expression, whatever it costs, if there is one.
    pub fn element_at(&mut self, array: NodeId, at: &[(Var, NodeId)]) -> Option<NodeId> {
        let body = self.args(array)[0];
        let (vars, index): (Vec<Var>, Vec<NodeId>) = at.iter().copied().unzip();
        (!self.is_other_iteration(&vars, &index, body)).then(|| self.subst(body, at))
    }

    /// Whether an element of the array of `body` at `vars` is what a loop carries in another iteration than
    /// that of its variable: no substitution gives that.
    fn is_other_iteration(&self, vars: &[Var], index: &[NodeId], body: NodeId) -> bool {
        vars.iter().zip(index).any(|(&var, &at)| {
            self.as_index(at) != Some(var) && self.owner(var).is_some_and(|lp| self.carries(&[body], lp))
        })
    }

    /// Whether computing an element in the iterations of a loop that carries values costs more than looking it up. What
    /// takes a loop, others that use the array would have to run too; and the loop of the index may run anew for values
    /// on which the array does not depend.
    fn is_made_before(&self, array: NodeId, index: &[NodeId]) -> bool {
        let body = self.args(array)[0];
        index.iter().filter_map(|&at| self.as_index(at)).any(|var| {
            let is_run_anew = |lp: LoopId| {
                let mut outer = self.loop_info(lp).outer.iter();
                outer.any(|&outer| !self.depends_on(array, outer))
            };
            let owner = self.owner(var).filter(|&lp| self.loop_info(lp).stop.is_none());
            owner.is_some_and(|lp| self.is_work(body, is_run_anew(lp)))
        })
    }

    /// Whether computing a value takes a loop, or else a `function` that costs more than an element in memory.
    fn is_work(&self, value: NodeId, function: bool) -> bool {
        let mut seen = IdSet::new();
        let mut stack = vec![value];
        while let Some(id) = stack.pop() {
            match self.op(id) {
                Op::Reduce(..) | Op::ArgReduce(..) | Op::Soft(..) | Op::Final(..) => return true,
                Op::Scalar(scalar) if function && worth_saving(*scalar) => return true,
                Op::Scalar(_) | Op::Select | Op::If if seen.insert(id) => stack.extend(&*self.args(id)),
                _ => {}
            }
        }
        false
    }

    /// A value for the iteration `at` of a loop in place of a variable; one that sums over the iterations of another
    /// loop is read from an array, which that loop makes.
    pub fn at_iteration(&mut self, value: NodeId, var: Var, at: NodeId) -> NodeId {
        if self.rank(value) > 0 || !self.sums_iterations(value, var) {
            return self.subst(value, &[(var, at)]);
        }
        let array = self.build(&[var], value);
        self.read(array, &[at])
    }

    /// Whether an element would be a sum over the iterations of one loop with carried values in each iteration of
    /// another: either runs once.
    fn crosses_loops(&self, vars: &[Var], index: &[NodeId], body: NodeId) -> bool {
        let crosses = |(&var, &at): (&Var, &NodeId)| {
            let to = self.as_index(at).filter(|&to| to != var && self.owner(to).is_some());
            to.is_some() && self.sums_iterations(body, var)
        };
        vars.iter().zip(index).any(crosses)
    }

    /// Whether a value that depends on a variable has sums over iterations of loops with carried values in it that do.
    fn sums_iterations(&self, value: NodeId, var: Var) -> bool {
        let (mut seen, mut stack) = (IdSet::new(), vec![value]);
        while let Some(id) = stack.pop() {
            if !self.depends_on(id, var) || !seen.insert(id) {
                continue;
            }
            let node = self.node(id);
            if matches!(node.op, Op::Reduce(_, over) | Op::ArgReduce(_, over) if self.owner(over).is_some()) {
                return true;
            }
            stack.extend(node.args.iter());
        }
        false
    }

    /// The array whose element at `vars` is `body`; a body that is an array adds its axes behind.
    pub fn build(&mut self, vars: &[Var], body: NodeId) -> NodeId {
        let shape = self.ty(body).shape.clone();
        if vars.is_empty() {
            return body;
        }
        let mut all = vars.to_vec();
        let inner: Vec<Var> = shape.iter().map(|&extent| self.fresh_var(extent)).collect();
        let index: Vec<NodeId> = inner.iter().map(|&v| self.index(v)).collect();
        all.extend(inner);
        let element = self.read(body, &index);
        if let Some(whole) = self.eta(&all, element) {
            return whole;
        }
        self.add(Op::Build(all.into()), &[element])
    }

    /// An array copied element by element is the array.
    fn eta(&self, vars: &[Var], element: NodeId) -> Option<NodeId> {
        let node = self.node(element);
        if node.op != Op::Read || node.args.len() != vars.len() + 1 {
            return None;
        }
        let array = node.args[0];
        let same = node.args[1..].iter().zip(vars).all(|(&i, &v)| self.as_index(i) == Some(v));
        let whole = self.ty(array).shape.iter().zip(vars).all(|(&extent, &v)| extent == self.extent(v));
        let closed = vars.iter().all(|&v| !self.depends_on(array, v));
        (same && whole && closed).then_some(array)
    }

    /// An array literal.
    pub fn stack(&mut self, elements: &[NodeId]) -> NodeId {
        let elements = self.close_all(elements);
        self.usize(elements.len());
        self.add(Op::Stack, &elements)
    }

    /// A fold in index order. A body that does not mention the variable is left as it is: repeating a float
    /// addition is not a multiplication.
    pub fn reduce(&mut self, fold: Fold, var: Var, init: NodeId, body: NodeId) -> NodeId {
        let args = self.close_all(&[init, body]);
        self.add(Op::Reduce(fold, var), &args)
    }

    /// A sum of cotangents over a variable, from zero.
    pub fn sum_over(&mut self, var: Var, body: NodeId) -> NodeId {
        if !self.depends_on(body, var) {
            let extent = self.extent(var);
            let count = self.cast(self.elem(body), extent);
            let product = self.mul(count, body);
            if self.as_int(extent).is_some() || self.exists_anyway(body) {
                return product;
            }
            // Where the loop does not run, what is in it need not exist.
            let (none, zero) = (self.usize(0), self.float_like(0.0, body));
            let runs = self.compare(Cmp::Gt, extent, none);
            return self.select(runs, product, zero);
        }
        let zero = self.float_like(0.0, body);
        self.reduce(Fold::Sum, var, zero, body)
    }

    /// Whether a value reads no elements but those that its variables run over.
    fn exists_anyway(&self, value: NodeId) -> bool {
        let (mut seen, mut stack) = (IdSet::new(), vec![value]);
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let args = &self.node(id).args;
            match self.op(id) {
                Op::Read => {
                    let shape = &self.ty(args[0]).shape;
                    let exists = |(&at, &extent): (&NodeId, &NodeId)| {
                        let within = |(at, extent)| (0..extent).contains(&at);
                        self.as_index(at).is_some_and(|v| self.extent(v) == extent)
                            || self.as_int(at).zip(self.as_int(extent)).is_some_and(within)
                    };
                    if !args[1..].iter().zip(shape).all(exists) {
                        return false;
                    }
                }
                Op::Scalar(_) | Op::Cast(_) | Op::Compare(_) | Op::Logic(_) | Op::If | Op::Select => {
                    stack.extend(args.iter());
                }
                _ => {}
            }
        }
        true
    }

    /// A member of the softmax family. One element of a softmax in each iteration of a loop with carried values is
    /// an array that is read there: it is made of what all iterations see.
    pub fn soft(&mut self, soft: Soft, var: Var, body: NodeId) -> NodeId {
        let is_element = soft != Soft::LogSumExp;
        match self.owner(var).filter(|_| is_element) {
            Some(lp) if !self.carries(&[body], lp) => {
                let extent = self.extent(var);
                let avoid: Vec<Var> = self.free(body).iter().copied().chain([var]).collect();
                let own = self.var_over(extent, &avoid);
                let (from, to) = (self.index(var), self.index(own));
                let body = self.subst(body, &[(var, to)]);
                let element = self.add(Op::Soft(soft, own), &[body]);
                let array = self.add(Op::Build([own].into()), &[element]);
                self.add(Op::Read, &[array, from])
            }
            _ => self.add(Op::Soft(soft, var), &[body]),
        }
    }

    /// An array with one element replaced, or added to. `args`: as of [`Op::Update`].
    pub fn update(&mut self, add: bool, args: &[NodeId]) -> NodeId {
        match self.as_bool(args[1]) {
            Some(false) => args[0],
            always => match self.update_again(add, always.is_some(), args) {
                Some(once) => self.add(Op::Update { add: false }, &once),
                None => self.add(Op::Update { add }, args),
            },
        }
    }

    /// An array of zeros to which `writes` add. Adding zero to what begins as `0.0` is exact, and says nothing.
    pub fn scatter(&mut self, elem: Elem, rank: usize, writes: &[Box<[Var]>], args: &[NodeId]) -> NodeId {
        let is_zero = |value: NodeId| self.as_float(value) == Some(0.0);
        let mut kept: Vec<Box<[Var]>> = Vec::new();
        let mut operands = args[..rank].to_vec();
        for (write, vars) in scatter_writes(rank, writes, args).iter().zip(writes) {
            if !is_zero(write.value) {
                kept.push(vars.clone());
                operands.extend(write.index);
                operands.push(write.value);
            }
        }
        if kept.is_empty() {
            let zero = self.zero(elem);
            let vars: Vec<Var> = args[..rank].iter().map(|&extent| self.fresh_var(extent)).collect();
            return self.build(&vars, zero);
        }
        self.add(Op::Scatter { elem, rank, writes: kept.into() }, &operands)
    }

    /// An element that is changed twice in a row is changed once.
    fn update_again(&mut self, add: bool, always: bool, args: &[NodeId]) -> Option<Vec<NodeId>> {
        let Op::Update { add: before_adds } = *self.op(args[0]) else { return None };
        let before = self.args(args[0]);
        let (&value, index) = args[2..].split_last()?;
        let (&old, at) = before[2..].split_last()?;
        let replaced = !add && always;
        if index != at || !replaced && (before_adds || self.as_bool(before[1]) != Some(true)) {
            return None;
        }
        // What is read of the array in between has to be there.
        if self.mentions_later(value, args[0]) {
            return None;
        }
        let new = match (add, always) {
            (false, true) => value,
            _ if self.rank(value) > 0 || self.elem(value) != self.elem(old) => return None,
            (true, true) => self.plus(old, value),
            (false, false) => self.select(args[1], value, old),
            (true, false) => return None,
        };
        // Where what comes first may not happen at all, the element need not exist.
        let always = self.bool(true);
        Some([before[0], always].into_iter().chain(index.iter().copied()).chain([new]).collect())
    }

    /// Whether a node depends on another.
    fn mentions_later(&self, node: NodeId, on: NodeId) -> bool {
        let (mut seen, mut stack) = (IdSet::new(), vec![node]);
        while let Some(id) = stack.pop() {
            if id == on {
                return true;
            }
            if id > on && seen.insert(id) {
                stack.extend(self.dependencies(id));
            }
        }
        false
    }

    pub fn carried(&mut self, id: LoopId, k: usize) -> NodeId {
        self.add(Op::Carried(id, k as u32), &[])
    }

    pub fn final_value(&mut self, id: LoopId, k: usize) -> NodeId {
        self.add(Op::Final(id, k as u32), &[])
    }

    /// The elements of an array at fresh variables: `(variables, element)`.
    pub fn element(&mut self, array: NodeId) -> (Vec<Var>, NodeId) {
        let shape = self.ty(array).shape.clone();
        let vars: Vec<Var> = shape.iter().map(|&extent| self.fresh_var(extent)).collect();
        let index: Vec<NodeId> = vars.iter().map(|&v| self.index(v)).collect();
        let element = self.read(array, &index);
        (vars, element)
    }

    /// The variables of `inner` that are not among those of `outer`.
    pub fn free_beyond(&self, inner: NodeId, outer: NodeId) -> Vec<Var> {
        without(&self.node(inner).free, &self.node(outer).free)
    }

    /// What a loop carries into an iteration, read from what it carries into all of them.
    pub fn element_of_history(&mut self, id: NodeId, lp: LoopId) -> NodeId {
        let var = self.loop_info(lp).var;
        let shape = self.ty(id).shape.clone();
        let own: Vec<Var> = shape.into_iter().map(|extent| self.fresh_var(extent)).collect();
        let index: Vec<NodeId> = own.iter().map(|&v| self.index(v)).collect();
        let element = self.read(id, &index);
        let history = self.build(&[&[var], &own[..]].concat(), element);
        let args: Vec<NodeId> = [history, self.index(var)].into_iter().chain(index).collect();
        // Not `read`, which would give the value itself.
        let element = self.add(Op::Read, &args);
        self.build(&own, element)
    }
}
