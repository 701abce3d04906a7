//! Random graphs: well-typed and closed, with indices in bounds and values of moderate size.
//!
//! A graph is decoded from a tape of numbers, each of which decides something. A shorter tape with smaller
//! numbers is a simpler graph, so that proptest shrinks failures by itself.

use std::fmt;

use grad_core::eval::{Inputs, Value};
use grad_core::ir::text::text;
use grad_core::ir::{Cmp, Float, Fold, Graph, Int, IntOp, NodeId, Op, Scalar, Soft, Var};
use proptest::prelude::*;

use super::F64;

/// The depth of the scalar result.
const DEEP: usize = 6;

/// The extents of the parameters that every sample has.
pub const SHAPES: [&[usize]; 5] = [&[], &[], &[3], &[4], &[2, 3]];

/// A random graph with values for its parameters.
pub struct Sample {
    pub graph: Graph,
    /// A scalar.
    pub root: NodeId,
    /// A vector.
    pub array: NodeId,
    /// A scalar field over two variables, and two indices that are fields over a third.
    pub field: Field,
    pub params: Vec<NodeId>,
    pub inputs: Inputs,
}

/// `body` over `vars`; `at` are values of those in terms of `over`.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub body: NodeId,
    pub vars: [Var; 2],
    pub at: [NodeId; 2],
    pub over: Var,
}

/// What may occur in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What programs are.
    Program,
    /// Also what derivatives have: the values of a carried value in every iteration, and reductions of them.
    Derivative,
}

pub fn samples(kind: Kind) -> impl Strategy<Value = Sample> {
    let tape = prop::collection::vec(any::<u16>(), 0..600);
    let count: usize = SHAPES.iter().map(|shape| shape.iter().product::<usize>()).sum();
    let values = prop::collection::vec(-1.5..1.5f64, count);
    (tape, values).prop_map(move |(tape, values)| sample(kind, &tape, &values))
}

fn sample(kind: Kind, tape: &[u16], values: &[f64]) -> Sample {
    let mut graph = Graph::new();
    let params =
        SHAPES.iter().enumerate().map(|(k, shape)| super::param(&mut graph, k as u32, shape)).collect();
    let mut maker = Maker { g: graph, kind, tape, params, made: Vec::new(), scope: Vec::new(), loops: 0 };
    let (third, rest) = (tape.len() / 3, maker.tape);
    maker.tape = &rest[..third];
    let root = maker.float(DEEP);
    maker.tape = &rest[third..2 * third];
    let array = maker.array(&[3], 4);
    maker.tape = &rest[2 * third..];
    let field = maker.field();
    let mut values = values.iter().copied();
    let mut take = |shape: &&[usize]| match shape {
        [] => Value::Float(values.next().unwrap_or(0.5)),
        shape => Value::floats(shape, values.by_ref().take(shape.iter().product()).collect()),
    };
    let inputs = Inputs::new(SHAPES.iter().map(&mut take).collect());
    Sample { graph: maker.g, root, array, field, params: maker.params, inputs }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}{:?}", text(&self.graph, &[self.root, self.array, self.field.body]), self.field)?;
        writeln!(f, "{:?}", self.inputs.params)
    }
}

/// Functions that are moderate wherever their arguments are.
const MILD: [Scalar; 8] = [
    Scalar::Sin,
    Scalar::Tanh,
    Scalar::Sigmoid,
    Scalar::Softplus,
    Scalar::Cos,
    Scalar::Atan,
    Scalar::Erf,
    Scalar::Abs,
];

/// Functions that jump, or whose second argument is an integer.
const LEFT_OUT: [Scalar; 9] = [
    Scalar::Rem,
    Scalar::RemEuclid,
    Scalar::Floor,
    Scalar::Ceil,
    Scalar::Round,
    Scalar::Trunc,
    Scalar::Fract,
    Scalar::Signum,
    Scalar::Copysign,
];

struct Maker<'t> {
    g: Graph,
    kind: Kind,
    tape: &'t [u16],
    params: Vec<NodeId>,
    /// Scalars that may be used again.
    made: Vec<NodeId>,
    /// The variables in scope with their extents.
    scope: Vec<(Var, usize)>,
    /// How many loops are open.
    loops: usize,
}

impl Maker<'_> {
    /// The next decision: one of `count`.
    fn pick(&mut self, count: usize) -> usize {
        let Some((&first, rest)) = self.tape.split_first() else { return 0 };
        self.tape = rest;
        usize::from(first) % count
    }

    fn constant(&mut self, value: f64) -> NodeId {
        self.g.float(value, Float::F64)
    }

    /// A scalar of the function: a term of at most this depth.
    fn float(&mut self, depth: usize) -> NodeId {
        let choice = match depth {
            0 => self.pick(4),
            DEEP => 4 + self.pick(12),
            _ => self.pick(16),
        };
        let node = match choice {
            0 => self.leaf(),
            1 => self.element_of_param(),
            2 => self.constant([0.5, -1.25, 2.0][depth % 3]),
            3 => self.again(),
            4 | 5 => self.arithmetic(depth - 1),
            6 => self.function(depth - 1),
            7 => self.branch(depth - 1),
            8 | 9 => self.reduction(depth - 1),
            10 | 11 => self.element(depth - 1),
            12 => self.log_sum_exp(depth - 1),
            13 => self.squash(depth - 1),
            _ => self.iteration(depth - 1),
        };
        self.made.push(node);
        node
    }

    fn leaf(&mut self) -> NodeId {
        let which = self.pick(3);
        match self.scope.last() {
            Some(&(var, _)) if which == 2 => {
                let index = self.g.index(var);
                let value = self.g.cast(F64, index);
                let half = self.constant(0.25);
                self.g.mul(half, value)
            }
            _ => self.params[which % 2],
        }
    }

    fn element_of_param(&mut self) -> NodeId {
        let k = 2 + self.pick(3);
        self.read(self.params[k], SHAPES[k])
    }

    fn read(&mut self, array: NodeId, shape: &[usize]) -> NodeId {
        let index: Vec<NodeId> = shape.iter().map(|&extent| self.index(extent)).collect();
        self.g.read(array, &index)
    }

    /// A scalar that was made before, and whose variables are in scope.
    fn again(&mut self) -> NodeId {
        let scope: Vec<Var> = self.scope.iter().map(|(var, _)| *var).collect();
        let usable = |&id: &NodeId| self.g.free(id).iter().all(|var| scope.contains(var));
        let usable: Vec<NodeId> = self.made.iter().copied().filter(usable).collect();
        match usable.len() {
            0 => self.params[0],
            count => usable[self.pick(count)],
        }
    }

    fn arithmetic(&mut self, depth: usize) -> NodeId {
        let scalars =
            [Scalar::Add, Scalar::Mul, Scalar::Sub, Scalar::Neg, Scalar::Max, Scalar::Min, Scalar::MulAdd];
        let scalar = scalars[self.pick(scalars.len())];
        let args: Vec<NodeId> = (0..scalar.row().arity).map(|_| self.float(depth)).collect();
        self.g.scalar(scalar, &args)
    }

    /// Any function of the table, its arguments brought into its domain.
    fn function(&mut self, depth: usize) -> NodeId {
        let count = Scalar::TABLE.len();
        let row = &Scalar::TABLE[self.pick(count)];
        if LEFT_OUT.contains(&row.scalar) {
            return self.squash(depth);
        }
        let mut args = Vec::new();
        for &(low, high) in row.domain {
            let x = self.float(depth);
            let x = self.g.scalar(Scalar::Sigmoid, &[x]);
            let (low, width) = (self.constant(low), self.constant(high - low));
            let x = self.g.mul(width, x);
            args.push(self.g.plus(low, x));
        }
        if row.scalar == Scalar::Powi {
            args[1] = self.g.int(3, Int::I32);
        }
        self.g.scalar(row.scalar, &args)
    }

    fn squash(&mut self, depth: usize) -> NodeId {
        let scalar = MILD[self.pick(MILD.len())];
        let x = self.float(depth);
        self.g.scalar(scalar, &[x])
    }

    fn branch(&mut self, depth: usize) -> NodeId {
        let condition = match self.scope.last().copied() {
            Some((var, _)) if self.pick(2) == 1 => {
                let (index, one) = (self.g.index(var), self.g.usize(1));
                self.g.compare(Cmp::Ge, index, one)
            }
            _ => {
                let (a, b) = (self.float(depth), self.float(depth));
                self.g.compare(Cmp::Lt, a, b)
            }
        };
        let (a, b) = (self.float(depth), self.float(depth));
        self.g.select(condition, a, b)
    }

    /// A variable that is not in scope: new, or one that is bound elsewhere.
    fn var(&mut self, extent: usize) -> Var {
        let node = self.g.usize(extent);
        if self.pick(3) == 1 {
            return self.g.fresh_var(node);
        }
        let scope: Vec<Var> = self.scope.iter().map(|(var, _)| *var).collect();
        self.g.var_over(node, &scope)
    }

    /// A variable with its extent, and what is made in its scope.
    fn under<T>(&mut self, extent: usize, inside: impl FnOnce(&mut Self) -> T) -> (Var, T) {
        let var = self.var(extent);
        self.scope.push((var, extent));
        let result = inside(self);
        self.scope.pop();
        (var, result)
    }

    fn reduction(&mut self, depth: usize) -> NodeId {
        let extent = 2 + self.pick(3);
        let (var, body) = self.under(extent, |this| this.float(depth));
        if self.pick(4) == 3 {
            let least = self.constant(f64::NEG_INFINITY);
            return self.g.reduce(Fold::Max, var, least, body);
        }
        let init = if self.pick(3) == 2 { self.float(depth) } else { self.constant(0.0) };
        self.g.reduce(Fold::Sum, var, init, body)
    }

    fn log_sum_exp(&mut self, depth: usize) -> NodeId {
        let extent = 2 + self.pick(3);
        let (var, body) = self.under(extent, |this| this.float(depth));
        self.g.soft(Soft::LogSumExp, var, body)
    }

    fn element(&mut self, depth: usize) -> NodeId {
        let shape: &[usize] = [&[3][..], &[2][..], &[2, 3][..]][self.pick(3)];
        let array = self.array(shape, depth);
        self.read(array, shape)
    }

    /// An array of these extents.
    fn array(&mut self, shape: &[usize], depth: usize) -> NodeId {
        match self.pick(5) {
            1 if shape.len() == 1 => {
                let elements: Vec<NodeId> = (0..shape[0]).map(|_| self.float(depth)).collect();
                self.g.stack(&elements)
            }
            2 if shape.len() == 1 => {
                let soft = if self.pick(2) == 0 { Soft::Softmax } else { Soft::LogSoftmax };
                let (var, body) = self.under(shape[0], |this| this.float(depth));
                let element = self.g.soft(soft, var, body);
                self.g.build(&[var], element)
            }
            3 => self.scatter(shape, depth),
            _ => self.build(shape, depth),
        }
    }

    fn build(&mut self, shape: &[usize], depth: usize) -> NodeId {
        let before = self.scope.len();
        for &extent in shape {
            let var = self.var(extent);
            self.scope.push((var, extent));
        }
        let body = self.float(depth);
        let vars: Vec<Var> = self.scope.drain(before..).map(|(var, _)| var).collect();
        self.g.build(&vars, body)
    }

    fn scatter(&mut self, shape: &[usize], depth: usize) -> NodeId {
        let mut args: Vec<NodeId> = shape.iter().map(|&extent| self.g.usize(extent)).collect();
        let mut writes: Vec<Box<[Var]>> = Vec::new();
        for _ in 0..=self.pick(2) {
            let over = 2 + self.pick(3);
            let (var, body) = self.under(over, |this| {
                let mut body: Vec<NodeId> = shape.iter().map(|&extent| this.index(extent)).collect();
                body.push(this.float(depth));
                body
            });
            args.extend(body);
            writes.push(Box::new([var]));
        }
        self.g.add(Op::Scatter { elem: F64, rank: shape.len(), writes: writes.into() }, &args)
    }

    /// An index below `extent`.
    fn index(&mut self, extent: usize) -> NodeId {
        let fitting: Vec<(Var, usize)> = self.scope.clone();
        let choice = self.pick(6);
        let last = self.g.usize(extent - 1);
        let limit = self.g.usize(extent);
        let Some(&(var, size)) = fitting.get(self.tape.len() % fitting.len().max(1)) else {
            let at = self.pick(extent);
            return self.g.usize(at);
        };
        let index = self.g.index(var);
        match choice {
            1 => self.g.usize(extent / 2),
            2 if size <= extent => self.g.int_op(IntOp::Sub, &[last, index]),
            3 if size < extent => {
                let one = self.g.usize(1);
                self.g.int_op(IntOp::Add, &[index, one])
            }
            4 => {
                let two = self.g.usize(2);
                let twice = self.g.int_op(IntOp::Mul, &[two, index]);
                self.g.int_op(IntOp::Rem, &[twice, limit])
            }
            5 => {
                let (_, element) = self.under(extent, |this| {
                    let (v, _) = this.scope[this.scope.len() - 1];
                    (v, this.float(1))
                });
                self.g.add(Op::ArgReduce(Fold::Max, element.0), &[element.1])
            }
            _ if size <= extent => index,
            _ => self.g.int_op(IntOp::Min, &[index, last]),
        }
    }

    /// A loop that carries two scalars, or a scalar and a vector.
    fn iteration(&mut self, depth: usize) -> NodeId {
        if self.loops == 2 {
            return self.squash(depth);
        }
        let trips = 2 + self.pick(3);
        let with_array = self.pick(3) == 2;
        let first = self.float(depth);
        let second = if with_array { self.array(&[3], depth.min(1)) } else { self.float(depth) };
        let extent = self.g.usize(trips);
        let mut outer: Vec<Var> = self.scope.iter().map(|(var, _)| *var).collect();
        outer.sort();
        let (lp, var) = self.g.open_loop(extent, outer.into(), vec![first, second]);
        self.scope.push((var, trips));
        self.loops += 1;
        let (a, b) = (self.g.carried(lp, 0), self.g.carried(lp, 1));
        let other = if with_array { self.read(b, &[3]) } else { b };
        self.made.extend([a, other, a, other]);
        let next = self.float(depth);
        let mixed = self.g.plus(next, a);
        let next = self.g.scalar(Scalar::Tanh, &[mixed]);
        let other = if with_array { self.next_array(b, depth) } else { self.squash(depth) };
        self.scope.pop();
        self.loops -= 1;
        self.g.close_loop(lp, vec![next, other]);
        match self.pick(if self.kind == Kind::Derivative { 4 } else { 2 }) {
            0 => self.g.final_value(lp, 0),
            1 if with_array => {
                let last = self.g.final_value(lp, 1);
                self.read(last, &[3])
            }
            1 => self.g.final_value(lp, 1),
            2 => {
                let zero = self.constant(0.0);
                self.g.reduce(Fold::Sum, var, zero, mixed)
            }
            _ => {
                let history = self.g.build(&[var], mixed);
                self.read(history, &[trips])
            }
        }
    }

    /// `[a, …]` whose elements depend on those of the carried array.
    fn next_array(&mut self, carried: NodeId, depth: usize) -> NodeId {
        let (var, element) = self.under(3, |this| {
            let element = this.read(carried, &[3]);
            let more = this.float(depth);
            let sum = this.g.plus(element, more);
            this.g.scalar(Scalar::Sin, &[sum])
        });
        self.g.build(&[var], element)
    }

    fn field(&mut self) -> Field {
        let (i, j) = (self.var(3), self.var(2));
        self.scope.extend([(i, 3), (j, 2)]);
        let body = self.float(DEEP);
        self.scope.clear();
        // Any variable, also one that the body binds.
        let extent = self.g.usize(2 + self.tape.len() % 2);
        let size = self.g.as_int(extent).map_or(2, |n| n as usize);
        let candidates: Vec<Var> = (0..self.g.vars.len() as u32)
            .map(Var)
            .filter(|&v| self.g.extent(v) == extent && self.g.owner(v).is_none())
            .collect();
        let over = match candidates.len() {
            0 => self.g.fresh_var(extent),
            count => candidates[self.pick(count)],
        };
        self.scope.push((over, size));
        let at = [self.index(3), self.index(2)];
        self.scope.clear();
        Field { body, vars: [i, j], at, over }
    }
}
