//! The graph: hash-consed, immutable values in index notation.
//!
//! A node is a *scalar field* over its free index variables (`w[i, j] * x[j]` is one node with the free
//! variables `i` and `j`), or an array. Broadcasting, transposing and slicing are therefore no operations:
//! they are which variables a read mentions. Binders (`Build`, `Reduce`, `Scatter`, loops) close variables.

mod affine;
mod array;
mod build;
pub mod export;
pub mod formula;
pub mod function;
pub mod graph;
pub mod ids;
mod labels;
pub mod message;
pub mod op;
pub mod rebuild;
pub mod scalar;
mod scaling;
pub mod subst;
pub mod sums;
pub mod text;
pub mod total;
pub mod ty;
pub mod verify;
pub mod walk;

pub use graph::{Graph, LoopInfo, Node, NodeId, Origin, VarInfo};
pub use op::{Cmp, Const, Fold, IntOp, Logic, LoopId, Op, Soft, SymbolId, Var};
pub use scalar::Scalar;
pub use ty::{Elem, Float, Int, Type};
