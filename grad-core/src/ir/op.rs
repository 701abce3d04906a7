//! What a node computes. Operands stand beside the operation, in `Node::args`, so that a walk needs no match.

use super::ty::{Elem, Float, Int};
use super::{NodeId, Scalar};

/// An index variable: an entry of `Graph::vars`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Var(pub u32);

/// A loop with carried values: an entry of `Graph::loops`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoopId(pub u32);

/// Text of the user's program that stands for an inactive value: an entry of `Graph::symbols`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SymbolId(pub u32);

/// How many snapshots a checkpointed loop takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snapshots {
    /// As many as the number of iterations has binary digits.
    Logarithmic,
    Given(usize),
    /// A constant of the program.
    Symbol(SymbolId),
}

/// What is said where an assertion fails: an entry of `Graph::messages`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(pub u32);

/// One thing that is asserted, beside its operands: the condition under which it fails, then the numbers that its
/// message shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    pub message: MessageId,
    /// How many numbers the message shows.
    pub shown: u32,
}

/// A literal. Floats are compared by their bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Const {
    Float(u64, Float),
    Int(i128, Int),
    Bool(bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Logic {
    /// Short-circuit, as in Rust.
    And,
    Or,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IntOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Neg,
    Min,
    Max,
    SaturatingSub,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    WrappingAdd,
    WrappingSub,
    WrappingMul,
    SaturatingAdd,
    /// With a `u32`.
    Pow,
    /// With a `u32`, as the next.
    RotateLeft,
    RotateRight,
    /// A `u32`, as those behind it.
    CountOnes,
    LeadingZeros,
    TrailingZeros,
    Ilog2,
    Isqrt,
    NextPowerOfTwo,
}

impl IntOp {
    pub fn arity(self) -> usize {
        match self {
            IntOp::Neg | IntOp::Isqrt | IntOp::NextPowerOfTwo => 1,
            op if op.is_u32() => 1,
            _ => 2,
        }
    }

    /// Whether the result is a `u32`, whatever the operand is.
    pub fn is_u32(self) -> bool {
        matches!(self, IntOp::CountOnes | IntOp::LeadingZeros | IntOp::TrailingZeros | IntOp::Ilog2)
    }

    /// Whether the second operand is a `u32`, whatever the first is.
    pub fn takes_u32(self) -> bool {
        matches!(self, IntOp::Pow | IntOp::RotateLeft | IntOp::RotateRight)
    }

    /// Whether the second operand may be of a type of its own.
    pub fn is_mixed(self) -> bool {
        matches!(self, IntOp::Shl | IntOp::Shr) || self.takes_u32()
    }

    /// Whether the operation cannot panic.
    pub fn is_total(self) -> bool {
        use IntOp::*;
        matches!(
            self,
            Min | Max
                | SaturatingSub
                | SaturatingAdd
                | WrappingAdd
                | WrappingSub
                | WrappingMul
                | CountOnes
                | LeadingZeros
                | TrailingZeros
                | RotateLeft
                | RotateRight
        )
    }
}

/// How a reduction folds its body into its initial value, in index order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fold {
    Sum,
    Max,
    Min,
}

/// The softmax family over one index variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Soft {
    /// `exp(x) / Σ exp(x)`; the variable stays free.
    Softmax,
    /// `x − ln Σ exp(x)`; the variable stays free.
    LogSoftmax,
    /// `ln Σ exp(x)`; the variable is bound.
    LogSumExp,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Const(Const),
    /// A path of the user's program, printed as it stands: a constant, a const generic.
    Symbol(SymbolId, Elem),
    /// A parameter of the function. `args` are its extents.
    Param(u32, Elem),
    /// The cotangent of a part of the result (or, in forward mode, the tangent of a parameter). `args`: extents.
    Seed(u32, Elem),
    /// The run-time extent of an axis of a parameter.
    Extent {
        param: u32,
        axis: u32,
    },
    /// The value of an index variable, a `usize`.
    Index(Var),
    /// What a loop carries into an iteration.
    Carried(LoopId, u32),
    /// What a loop has carried out of its last iteration.
    Final(LoopId, u32),
    /// How many iterations a loop has made that may stop early: the extent of its variable.
    Trips(LoopId),
    Scalar(Scalar),
    Compare(Cmp),
    Logic(Logic),
    Int(IntOp),
    Cast(Elem),
    /// `[condition, then, else]`, lazy as in Rust.
    If,
    /// `[condition, then, else]`, both computed whatever the condition is: how a cotangent is let through or
    /// stopped at a kink.
    Select,
    /// `[array, index…]`: one element.
    Read,
    /// `[body]`: the array whose element at the variables is the body.
    Build(Box<[Var]>),
    /// An array literal: `[element…]`, scalars or arrays of one shape.
    Stack,
    /// Zeros, then for each write and each value of its variables `dest[index…] += value`.
    /// `args`: the extents, then for each write its indices and its value.
    Scatter {
        elem: Elem,
        rank: usize,
        writes: Box<[Box<[Var]>]>,
    },
    /// `[base, condition, index…, value]`: the base with one element replaced, or with `value` added to it (the part
    /// at leading indices, where the value has the axes behind them), where
    /// the condition holds; elsewhere the base, and nothing of index and value is computed.
    Update {
        add: bool,
    },
    /// `[before, (fails, shown…)…]`: `true`, once what comes before has been asserted and then, for each value of the
    /// variables in order, no clause has failed. A loop carries on what has been asserted as it does any value, so
    /// that assertions stay in order.
    Assert {
        vars: Box<[Var]>,
        clauses: Box<[Clause]>,
    },
    /// `[initial, body]`.
    Reduce(Fold, Var),
    /// `[body]`: the index of the first greatest (least) element, as [`Fold::Max`] ([`Fold::Min`]) sees it.
    ArgReduce(Fold, Var),
    Soft(Soft, Var),
    /// `[a, b]`: product of two matrices in memory, each transposed or not. Made by `lower` only.
    Matmul {
        transpose_a: bool,
        transpose_b: bool,
    },
    /// `[x]`: the value of `x`, without a derivative.
    StopGradient,
}

impl Op {
    /// The variables that this operation binds in its operands.
    pub fn bound(&self) -> &[Var] {
        match self {
            Op::Build(vars) | Op::Assert { vars, .. } => vars,
            Op::Reduce(_, var) | Op::ArgReduce(_, var) | Op::Soft(Soft::LogSumExp, var) => {
                std::slice::from_ref(var)
            }
            _ => &[],
        }
    }
}

/// One clause of an assertion, taken apart.
pub struct Asserted<'a> {
    pub message: MessageId,
    pub fails: NodeId,
    pub shown: &'a [NodeId],
}

/// The clauses of an assertion with these operands.
pub fn asserted<'a>(clauses: &[Clause], args: &'a [NodeId]) -> Vec<Asserted<'a>> {
    let mut rest = args.get(1..).unwrap_or_default();
    clauses
        .iter()
        .map(|clause| {
            let (own, others) = rest.split_at(1 + clause.shown as usize);
            rest = others;
            Asserted { message: clause.message, fails: own[0], shown: &own[1..] }
        })
        .collect()
}

/// One write of a scatter, taken apart.
pub struct Write<'a> {
    pub vars: &'a [Var],
    pub index: &'a [NodeId],
    pub value: NodeId,
}

/// The writes of a scatter node with these operands.
pub fn scatter_writes<'a>(rank: usize, writes: &'a [Box<[Var]>], args: &'a [NodeId]) -> Vec<Write<'a>> {
    writes
        .iter()
        .zip(args[rank..].chunks_exact(rank + 1))
        .map(|(vars, chunk)| Write { vars, index: &chunk[..rank], value: chunk[rank] })
        .collect()
}
