//! Closed graphs of a few parameters, and their values.

use grad_core::eval::{Inputs, Value, evaluate_one};
use grad_core::ir::{Elem, Float, Graph, Int, NodeId, Op, Scalar, Var};

pub const F64: Elem = Elem::Float(Float::F64);

/// The parameter with this number.
pub fn param(graph: &mut Graph, k: u32) -> NodeId {
    graph.add(Op::Param(k, F64), &[])
}

/// The operands of a scalar function, as parameters.
pub fn operands(graph: &mut Graph, scalar: Scalar) -> Vec<NodeId> {
    let elem = |k: usize| if is_integer(scalar, k) { Elem::Int(Int::I32) } else { F64 };
    (0..scalar.row().arity).map(|k| graph.add(Op::Param(k as u32, elem(k)), &[])).collect()
}

pub fn is_integer(scalar: Scalar, k: usize) -> bool {
    scalar == Scalar::Powi && k == 1
}

/// An array parameter of this length: a variable over it and its element.
pub fn vector(graph: &mut Graph, k: u32, len: usize) -> (Var, NodeId) {
    let extent = graph.usize(len);
    let array = graph.add(Op::Param(k, F64), &[extent]);
    let var = graph.var_over(extent, &[]);
    let index = graph.index(var);
    (var, graph.read(array, &[index]))
}

pub fn scalars(values: &[f64]) -> Inputs {
    Inputs::new(values.iter().map(|&x| Value::Float(x)).collect())
}

pub fn vectors(values: &[&[f64]]) -> Inputs {
    Inputs::new(values.iter().map(|x| Value::floats(&[x.len()], x.to_vec())).collect())
}

/// The value of a closed scalar node.
pub fn value(graph: &Graph, node: NodeId, inputs: &Inputs) -> f64 {
    let value = evaluate_one(graph, node, inputs).unwrap_or_else(|error| panic!("{error:?}"));
    value.as_float().expect("a float")
}

/// The elements of a closed vector node.
pub fn elements(graph: &Graph, node: NodeId, inputs: &Inputs) -> Vec<f64> {
    let value = evaluate_one(graph, node, inputs).unwrap_or_else(|error| panic!("{error:?}"));
    value.as_floats().expect("floats").to_vec()
}

/// A small generator of numbers, the same in every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x2545_F491_4F6C_DD1D)
    }

    pub fn unit(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * self.unit()
    }
}

/// The derivative at 0 of `f`, by central differences extrapolated to a step of zero (Ridders).
pub fn difference(f: &dyn Fn(f64) -> f64) -> f64 {
    const SHRINK: f64 = 1.4;
    let mut step = 0.02;
    let mut rows: Vec<Vec<f64>> = Vec::new();
    let (mut best, mut error) = (f64::NAN, f64::INFINITY);
    for i in 0..12 {
        let mut row = vec![(f(step) - f(-step)) / (2.0 * step)];
        let mut factor = SHRINK * SHRINK;
        for j in 1..=i {
            let next = (row[j - 1] * factor - rows[i - 1][j - 1]) / (factor - 1.0);
            let distance = (next - row[j - 1]).abs().max((next - rows[i - 1][j - 1]).abs());
            if distance <= error {
                (best, error) = (next, distance);
            }
            row.push(next);
            factor *= SHRINK * SHRINK;
        }
        rows.push(row);
        step /= SHRINK;
    }
    best
}

pub fn is_near(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= relative * a.abs().max(b.abs())
}
