//! The reference interpreter: what a graph means, computed in the most direct way. It is the oracle of the
//! tests, so it favours being obviously right over being fast.
//!
//! Floats are `f64` whatever their type says, integers are `i128` checked against the range of theirs. An
//! error is returned exactly where the Rust program would panic.

mod arithmetic;
mod erf;
mod machine;
mod value;

pub use erf::erf;
pub use machine::Evaluator;
pub use value::{Data, EvalError, Inputs, Tensor, Value};

use crate::ir::{Graph, NodeId};

/// The values of closed nodes.
pub fn evaluate(graph: &Graph, roots: &[NodeId], inputs: &Inputs) -> Result<Vec<Value>, EvalError> {
    let mut evaluator = Evaluator::new(graph, inputs);
    evaluator.prepare(roots);
    roots.iter().map(|&root| evaluator.value(root)).collect()
}

/// The value of one closed node.
pub fn evaluate_one(graph: &Graph, root: NodeId, inputs: &Inputs) -> Result<Value, EvalError> {
    let mut evaluator = Evaluator::new(graph, inputs);
    evaluator.prepare(&[root]);
    evaluator.value(root)
}
