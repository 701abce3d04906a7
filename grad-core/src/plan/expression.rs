//! What stands inside a statement. A value that is used twice, has the user's name, or would nest too deeply
//! gets a `let`; the rest is written where it is used.

use super::buffers::guard;
use super::discovery::Discovery;
use super::jobs::operands_of as operands;
use super::jobs::{Job, JobId, Jobs, Kind};
use super::names::is_static;
use super::program::{Block, Expr, Matrix, Mutable, Place, Slice, Stmt, Storage};
use super::schedule::Planner;
use crate::ir::ids::{IdSet, Map};
use crate::ir::op::{Const, IntOp, Op, Var};
use crate::ir::total::{is_total, mirrored};
use crate::ir::{Elem, NodeId};

/// Operators and calls nest at most this deep in one statement.
const DEPTH: usize = 6;

impl Planner<'_> {
    pub(super) fn constant(&self, value: f64, elem: Elem) -> Expr {
        match elem {
            Elem::Float(float) => Expr::Const(Const::Float(value.to_bits(), float)),
            Elem::Int(int) => Expr::Const(Const::Int(value as i128, int)),
            Elem::Bool => Expr::Const(Const::Bool(value != 0.0)),
        }
    }

    /// Counts how often the statements of a level use each node.
    pub(super) fn count_uses(&mut self, jobs: &Jobs, ids: &[JobId]) {
        let mut roots = Vec::new();
        for id in ids {
            let job = &jobs.list[id.0];
            if job.domain.iter().any(|v| !self.open.contains(v)) {
                continue;
            }
            match &job.kind {
                Kind::Let => {
                    roots.extend(self.graph.args(job.node).iter().filter(|&&a| self.graph.rank(a) == 0))
                }
                _ => roots.extend(job.values.iter().copied()),
            }
        }
        self.count(&roots, &|node| jobs.has(node));
        self.always = self.unconditional(jobs, ids);
    }

    /// What the statements of a level need whichever branches are taken.
    fn unconditional(&self, jobs: &Jobs, ids: &[JobId]) -> IdSet {
        let mut seen: IdSet = IdSet::new();
        let mut stack: Vec<NodeId> = Vec::new();
        for id in ids {
            let job = &jobs.list[id.0];
            if job.domain.iter().all(|v| self.open.contains(v)) {
                match job.kind {
                    Kind::Let => stack.extend(operands(self.graph, job.node)),
                    _ => job.values.iter().for_each(|&value| stack.extend(operands(self.graph, value))),
                }
            }
        }
        while let Some(id) = stack.pop() {
            if seen.insert(id) && !self.places.contains_key(&id) && !jobs.has(id) {
                stack.extend(operands(self.graph, id));
            }
        }
        seen
    }

    /// Whether everything below a node that needs a statement of its own has had it.
    fn is_ready(&self, root: NodeId) -> bool {
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if self.places.contains_key(&id) {
                continue;
            }
            match self.graph.op(id) {
                Op::Read if !self.places.contains_key(&self.graph.args(id)[0]) => return false,
                Op::Reduce(..) | Op::ArgReduce(..) | Op::Final(..) | Op::Carried(..) | Op::If => {
                    return false;
                }
                _ => stack.extend(operands(self.graph, id)),
            }
        }
        true
    }

    pub(super) fn count_values(&mut self, roots: &[NodeId]) {
        self.count(roots, &|_| false);
    }

    /// Counts uses below some roots, down to what is known or has a statement of its own.
    fn count(&mut self, roots: &[NodeId], is_job: &dyn Fn(NodeId) -> bool) {
        let mut seen: IdSet = IdSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            *self.uses.entry(id).or_default() += 1;
            if seen.insert(id) && !self.places.contains_key(&id) && !is_job(id) {
                // A use in a branch counts too: what is computed before it anyway is not computed again there.
                match self.graph.op(id) {
                    Op::If | Op::Logic(_) => stack.extend(self.graph.args(id).iter()),
                    _ => stack.extend(operands(self.graph, id)),
                }
            }
        }
    }

    /// `let`s for the parts of some values that need one, operands first.
    pub(super) fn bind_shared(&mut self, roots: &[NodeId], out: &mut Vec<Stmt>) {
        self.bind_below(roots, Vec::new(), out);
    }

    fn bind_below(&mut self, roots: &[NodeId], mut branches: Vec<NodeId>, out: &mut Vec<Stmt>) {
        let mut seen: IdSet = IdSet::new();
        let mut stack = roots.to_vec();
        while let Some(id) = stack.pop() {
            if !self.places.contains_key(&id) && seen.insert(id) {
                stack.extend(operands(self.graph, id));
                if matches!(self.graph.op(id), Op::If | Op::Logic(_)) {
                    branches.extend(&self.graph.args(id)[1..]);
                }
            }
        }
        self.needed_anyway(branches, &mut seen);
        let mut depth: Map<NodeId, usize> = Map::default();
        for id in seen {
            let below =
                operands(self.graph, id).iter().filter_map(|o| depth.get(o)).max().copied().unwrap_or(0);
            if mirrored(self.graph, id).is_some() {
                depth.insert(id, 0);
            } else if self.needs_let(id, below, roots) {
                self.bind(id, out);
                depth.insert(id, 0);
            } else {
                depth.insert(id, below + 1);
            }
        }
    }

    /// Adds what branches use and statements of this level need in any case: it is computed before them.
    fn needed_anyway(&self, mut branches: Vec<NodeId>, seen: &mut IdSet) {
        let mut visited: IdSet = IdSet::new();
        while let Some(id) = branches.pop() {
            if self.places.contains_key(&id) || seen.contains(&id) || !visited.insert(id) {
                continue;
            }
            if self.always.contains(&id) && self.is_ready(id) {
                seen.insert(id);
            } else if self.graph.op(id).bound().is_empty() {
                branches.extend(self.graph.args(id).iter());
            }
        }
    }

    fn needs_let(&self, id: NodeId, depth: usize, roots: &[NodeId]) -> bool {
        let node = self.graph.node(id);
        let is_leaf = matches!(
            node.op,
            Op::Const(_)
                | Op::Symbol(..)
                | Op::Index(_)
                | Op::Extent { .. }
                | Op::Param(..)
                | Op::Seed(..)
                | Op::Carried(..)
        ) || mirrored(self.graph, id).is_some();
        if is_leaf
            || !node.ty.is_scalar()
            || matches!(node.op, Op::Scalar(crate::ir::Scalar::Neg)) && depth < DEPTH
        {
            return false;
        }
        let uses = self.uses.get(&id).copied().unwrap_or(0);
        let is_root = roots.contains(&id);
        match node.op {
            Op::Read => uses > 1 && node.ty.elem.is_float() && self.graph.name(id).is_some(),
            Op::Int(_) | Op::Cast(_) | Op::Compare(_) | Op::Logic(_) => depth >= DEPTH && !is_root,
            _ => uses > 1 || self.is_named(id) && !is_root || depth >= DEPTH && !is_root,
        }
    }

    /// Whether the user gave the value its name. A cotangent that is used once needs none.
    fn is_named(&self, id: NodeId) -> bool {
        self.graph.name(id).is_some_and(|name| !name.starts_with("d_"))
    }

    pub(super) fn bind(&mut self, id: NodeId, out: &mut Vec<Stmt>) {
        let value = self.own_expression(id, out);
        let name = self.name_for(id);
        out.push(Stmt::Let { name: name.clone(), value });
        self.set_place(id, Place::Scalar(Expr::Name(name)));
    }

    pub(super) fn bind_operands(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        let operands = operands(self.graph, node);
        let branches = match self.graph.op(node) {
            Op::If | Op::Logic(_) => self.graph.args(node)[1..].to_vec(),
            _ => Vec::new(),
        };
        self.bind_below(&operands, branches, out);
    }

    /// A value in the present context, its parts bound where needed.
    pub(super) fn value_of(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        self.bind_shared(&[node], out);
        self.expression(node, out)
    }

    /// A name for an expression that is none yet.
    pub(super) fn named(&mut self, value: Expr, wanted: &str, out: &mut Vec<Stmt>) -> Expr {
        if matches!(value, Expr::Name(_) | Expr::Const(_)) {
            return value;
        }
        let name = self.names.fresh(wanted);
        out.push(Stmt::Let { name: name.clone(), value });
        Expr::Name(name)
    }

    /// A value that is added somewhere. Where it is zero but for a condition, nothing happens without it; nothing
    /// may happen if the place exists only under that condition.
    pub(super) fn guarded(
        &mut self,
        value: NodeId,
        is_sum: bool,
        may_fail: bool,
        out: &mut Vec<Stmt>,
        finish: &mut dyn FnMut(&mut Self, Expr, &mut Vec<Stmt>),
    ) {
        let taken_apart = guard(self.graph, value).filter(|_| is_sum);
        let placed = self.places.contains_key(&value);
        let Some((condition, negated, inner)) = taken_apart.filter(|_| !placed || may_fail) else {
            let value = self.value_of(value, out);
            return finish(self, value, out);
        };
        let condition = if negated { self.graph.not(condition) } else { condition };
        // Loops that the condition needs keep what the branch needs of them.
        let needed = |discovery: &mut Discovery| discovery.read_early(value);
        let condition = self.plan_here(&[condition, value], &[condition], out, needed).remove(0);
        let mark = self.mark();
        let mut then = Vec::new();
        if placed {
            let value = self.value_of(value, &mut then);
            finish(self, value, &mut then);
        } else if guard(self.graph, inner).is_some() {
            self.guarded(inner, is_sum, may_fail, &mut then, finish);
        } else {
            let value = self.value_here(inner, &mut then);
            finish(self, value, &mut then);
        }
        self.roll_back(mark);
        match out.last_mut() {
            // Statements side by side under one condition share it.
            Some(Stmt::If { condition: same, then: before, otherwise })
                if *same == condition && otherwise.is_empty() =>
            {
                before.extend(then);
            }
            _ => out.push(Stmt::If { condition, then, otherwise: Vec::new() }),
        }
    }

    /// Invariant scalar parts of what is computed in a loop that is about to be opened.
    pub(super) fn hoist(&mut self, members: &[&Job], var: Var, out: &mut Vec<Stmt>) {
        let mut seen: IdSet = IdSet::new();
        let mut found: IdSet = IdSet::new();
        let mut stack: Vec<NodeId> = members.iter().flat_map(|job| job.values.iter().copied()).collect();
        while let Some(id) = stack.pop() {
            let node = self.graph.node(id);
            if self.places.contains_key(&id) || !seen.insert(id) || !node.op.bound().is_empty() {
                continue;
            }
            let here = node.free.iter().all(|v| self.open.contains(v));
            let is_work = matches!(node.op, Op::Scalar(_) | Op::Select) && node.ty.elem.is_float();
            if here && is_work && is_total(self.graph, id) && node.weight < crate::ir::graph::HEAVY {
                found.insert(id);
            } else if !here {
                debug_assert!(!self.open.contains(&var));
                stack.extend(operands(self.graph, id));
            }
        }
        for id in found {
            self.bind_operands(id, out);
            if !self.places.contains_key(&id) {
                self.bind(id, out);
            }
        }
    }

    pub(super) fn literal(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        if self.graph.rank(node) == 0 {
            return self.expression(node, out);
        }
        let elements = self.graph.args(node);
        Expr::Array(elements.iter().map(|&e| self.literal(e, out)).collect())
    }

    /// The expression for a node: where it is, or how it is computed.
    pub(super) fn expression(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        match self.places.get(&node).cloned() {
            Some(Place::Scalar(value)) => value,
            Some(Place::Buffer(buffer)) => {
                self.note_read(&buffer.name);
                Expr::Element(self.access_buffer(&buffer, &[], out))
            }
            None => self.own_expression(node, out),
        }
    }

    /// How a node is computed from its operands.
    pub(super) fn own_expression(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        let before = self.begin_use(node);
        let expression = self.written_out(node, out);
        self.end_use(before);
        expression
    }

    fn written_out(&mut self, node: NodeId, out: &mut Vec<Stmt>) -> Expr {
        let op = self.graph.op(node).clone();
        let args = self.graph.args(node);
        match op {
            Op::Const(value) => Expr::Const(value),
            Op::Symbol(id, _) => Expr::Symbol(self.graph.symbol(id).to_string()),
            Op::Index(var) => self.index_expression(var, out),
            Op::Extent { param, axis } => self.extent_name(param, axis),
            Op::Scalar(scalar) => Expr::Scalar(scalar, self.expressions(&args, out)),
            Op::Compare(cmp) => Expr::Compare(
                cmp,
                Box::new(self.expression(args[0], out)),
                Box::new(self.expression(args[1], out)),
            ),
            Op::Logic(logic) => {
                let mut parts = vec![self.expression(args[0], out)];
                if let Some(&second) = args.get(1) {
                    let block = self.block(second);
                    parts.push(block_expression(block));
                }
                Expr::Logic(logic, parts)
            }
            Op::Int(int) => self.int_expression(int, &args, out),
            Op::Cast(elem) => Expr::Cast(elem, Box::new(self.expression(args[0], out))),
            Op::If => {
                let condition = self.expression(args[0], out);
                let then = self.block(args[1]);
                let otherwise = self.block(args[2]);
                Expr::If(Box::new(condition), then, otherwise)
            }
            Op::Select => {
                let condition = self.expression(args[0], out);
                // Both arms are there before the choice, so that it needs no jump.
                let [then, otherwise] = [args[1], args[2]].map(|arm| {
                    let value = self.expression(arm, out);
                    let at_hand = self.is_in_fixed_array(arm);
                    Block::of(if at_hand { value } else { self.named(value, "open", out) })
                });
                Expr::If(Box::new(condition), then, otherwise)
            }
            Op::Read => {
                let place = self.access(args[0], &args[1..], out);
                self.note_read(&place.base);
                Expr::Element(place)
            }
            Op::StopGradient => self.expression(args[0], out),
            _ => panic!("{:?} is a job, not an expression", self.graph.op(node)),
        }
    }

    /// Whether a value is an element of an array whose extents are known when compiling: the compiler knows that
    /// it can be loaded whether or not it is needed.
    fn is_in_fixed_array(&self, node: NodeId) -> bool {
        let is_fixed =
            |array: NodeId| self.graph.ty(array).shape.iter().all(|&extent| is_static(self.graph, extent));
        match self.places.get(&node) {
            Some(Place::Buffer(buffer)) => buffer.storage == Storage::Nested,
            Some(Place::Scalar(_)) => false,
            None => *self.graph.op(node) == Op::Read && is_fixed(self.graph.args(node)[0]),
        }
    }

    fn expressions(&mut self, nodes: &[NodeId], out: &mut Vec<Stmt>) -> Vec<Expr> {
        nodes.iter().map(|&n| self.expression(n, out)).collect()
    }

    /// A branch: planned by itself, with statements of its own.
    fn block(&mut self, node: NodeId) -> Block {
        let mark = self.mark();
        let mut stmts = Vec::new();
        let value = self.value_here(node, &mut stmts);
        self.roll_back(mark);
        Block::ending_in(stmts, value)
    }

    fn is_mirrored(&self, var: Var) -> bool {
        self.graph.owner(var).is_some_and(|lp| self.graph.loop_info(lp).mirrors)
    }

    /// In a loop that runs backwards the name of the index is that of the iteration that is undone.
    fn index_expression(&mut self, var: Var, out: &mut Vec<Stmt>) -> Expr {
        let name = Expr::name(&self.indices[&var]);
        if !self.is_mirrored(var) {
            return name;
        }
        let last = self.last_index(var);
        let last = self.expression(last, out);
        Expr::Int(IntOp::Sub, vec![last, name])
    }

    fn last_index(&mut self, var: Var) -> NodeId {
        let extent = self.graph.extent(var);
        let one = self.graph.usize(1);
        self.graph.int_op(IntOp::Sub, &[extent, one])
    }

    fn int_expression(&mut self, int: IntOp, args: &[NodeId], out: &mut Vec<Stmt>) -> Expr {
        if int == IntOp::Sub
            && let Some(var) = self.graph.as_index(args[1])
            && self.is_mirrored(var)
            && self.last_index(var) == args[0]
        {
            return Expr::name(&self.indices[&var]);
        }
        Expr::Int(int, self.expressions(args, out))
    }

    fn extent_name(&mut self, param: u32, axis: u32) -> Expr {
        if let Some((.., name)) = self.extents.iter().find(|(p, a, _)| (*p, *a) == (param, axis)) {
            return Expr::name(name);
        }
        let name = self.extent_names.get(&(param, axis)).cloned().unwrap_or_else(|| self.names.fresh("n"));
        self.extents.push((param, axis, name.clone()));
        Expr::Name(name)
    }

    pub(super) fn execute_matmul(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        let args = self.graph.args(node);
        let Op::Matmul { transpose_a, transpose_b } = *self.graph.op(node) else { return };
        let shape = self.graph.ty(node).shape.clone();
        let flat = super::buffers::storage(self.graph, &shape) == Storage::Flat;
        let declare = !self.places.contains_key(&node) && self.open.is_empty() && flat;
        if declare {
            self.declare_matrix(node, out);
        } else if !self.places.contains_key(&node) {
            self.allocate_matrix(node, out);
        }
        let Some(Place::Buffer(c)) = self.places.get(&node).cloned() else { return };
        let inner = self.graph.ty(args[0]).shape[1 - usize::from(transpose_a)];
        let (m, k, n) =
            (self.expression(shape[0], out), self.expression(inner, out), self.expression(shape[1], out));
        let a = self.matrix(args[0], transpose_a, out);
        let b = self.matrix(args[1], transpose_b, out);
        let (operands, extents) = (Box::new([a, b]), Box::new([m, k, n]));
        let nested = c.storage == Storage::Nested;
        let declare = declare.then_some(Mutable(true));
        out.push(Stmt::Matmul { c: c.name, nested, declare, operands, extents });
    }

    fn matrix(&mut self, array: NodeId, transposed: bool, out: &mut Vec<Stmt>) -> Matrix {
        let columns = self.graph.ty(array).shape[1];
        let stride = self.expression(columns, out);
        let one = Expr::Const(Const::Int(1, crate::ir::Int::Usize));
        let (row_stride, column_stride) = if transposed { (one, stride) } else { (stride, one) };
        let slice = match self.places.get(&array) {
            Some(Place::Buffer(buffer)) if buffer.storage == Storage::Nested => {
                Slice::Nested(buffer.name.clone())
            }
            Some(Place::Buffer(buffer)) if matches!(self.graph.op(array), Op::Param(..) | Op::Seed(..)) => {
                Slice::Borrowed(buffer.name.clone())
            }
            Some(Place::Buffer(buffer)) => Slice::Flat(buffer.name.clone()),
            _ => panic!("an operand of a matrix product is in memory"),
        };
        Matrix { slice, row_stride, column_stride }
    }
}

/// A block as an operand: without statements it is its value.
fn block_expression(block: Block) -> Expr {
    match (block.stmts.is_empty(), block.value) {
        (true, Some(value)) => *value,
        (_, value) => Expr::Block(Block { stmts: block.stmts, value }),
    }
}
