//! Values, inputs and errors of the interpreter.

use std::collections::HashMap;
use std::fmt;

use crate::ir::{Elem, NodeId, Var};

/// A scalar or an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Float(f64),
    Int(i128),
    Bool(bool),
    Array(Tensor),
}

/// An array in row-major order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub data: Data,
}

/// The elements of a [`Tensor`], of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    Float(Vec<f64>),
    Int(Vec<i128>),
    Bool(Vec<bool>),
}

/// What a graph is evaluated at.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// By the number in `Op::Param`.
    pub params: Vec<Value>,
    /// By the number in `Op::Seed`.
    pub seeds: Vec<Value>,
    /// By text. Those that are extents of a parameter need not be given.
    pub symbols: HashMap<String, Value>,
}

/// Where the Rust program would panic, or why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvalError {
    OutOfBounds {
        node: NodeId,
        index: i128,
        extent: usize,
    },
    /// An integer result does not fit its type.
    Overflow(NodeId),
    DivisionByZero(NodeId),
    /// An assertion has failed: what it says, without the numbers that it shows.
    Failed(String),
    /// Arrays whose extents must agree do not.
    Shape {
        node: NodeId,
        expected: Vec<usize>,
        found: Vec<usize>,
    },
    /// A parameter, seed or symbol has no value.
    Missing(String),
    /// A variable outside its binder.
    Unbound(Var),
    /// The graph is ill-typed here.
    Type(NodeId),
}

impl Inputs {
    pub fn new(params: Vec<Value>) -> Inputs {
        Inputs { params, ..Inputs::default() }
    }

    pub fn with_seeds(mut self, seeds: Vec<Value>) -> Inputs {
        self.seeds = seeds;
        self
    }

    pub fn with_symbol(mut self, text: &str, value: Value) -> Inputs {
        self.symbols.insert(text.to_string(), value);
        self
    }
}

impl Value {
    /// An array of floats.
    pub fn floats(shape: &[usize], data: Vec<f64>) -> Value {
        Value::Array(Tensor::new(shape, Data::Float(data)))
    }

    /// An array of integers.
    pub fn ints(shape: &[usize], data: Vec<i128>) -> Value {
        Value::Array(Tensor::new(shape, Data::Int(data)))
    }

    pub fn shape(&self) -> &[usize] {
        match self {
            Value::Array(tensor) => &tensor.shape,
            _ => &[],
        }
    }

    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Float(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_int(&self) -> Option<i128> {
        match self {
            Value::Int(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The elements of a float or of an array of floats, in row-major order.
    pub fn as_floats(&self) -> Option<&[f64]> {
        match self {
            Value::Float(value) => Some(std::slice::from_ref(value)),
            Value::Array(Tensor { data: Data::Float(data), .. }) => Some(data),
            _ => None,
        }
    }

    /// As [`Value::as_floats`], to write to.
    pub fn as_floats_mut(&mut self) -> Option<&mut [f64]> {
        match self {
            Value::Float(value) => Some(std::slice::from_mut(value)),
            Value::Array(Tensor { data: Data::Float(data), .. }) => Some(data),
            _ => None,
        }
    }

    /// Equal to the last bit, NaNs among themselves included.
    pub fn same(&self, other: &Value) -> bool {
        match (self.as_floats(), other.as_floats()) {
            (Some(a), Some(b)) => {
                let same = |(x, y): (&f64, &f64)| x.to_bits() == y.to_bits() || x.is_nan() && y.is_nan();
                self.shape() == other.shape() && a.iter().zip(b).all(same)
            }
            _ => self == other,
        }
    }
}

impl Tensor {
    /// # Panics
    ///
    /// If the number of elements is not the product of the extents.
    pub fn new(shape: &[usize], data: Data) -> Tensor {
        assert_eq!(shape.iter().product::<usize>(), data.len(), "elements of an array of shape {shape:?}");
        Tensor { shape: shape.to_vec(), data }
    }

    /// The element at a row-major position.
    pub fn get(&self, at: usize) -> Value {
        match &self.data {
            Data::Float(data) => Value::Float(data[at]),
            Data::Int(data) => Value::Int(data[at]),
            Data::Bool(data) => Value::Bool(data[at]),
        }
    }
}

impl Data {
    /// No elements, of this kind.
    pub fn empty(elem: Elem) -> Data {
        match elem {
            Elem::Float(_) => Data::Float(Vec::new()),
            Elem::Int(_) => Data::Int(Vec::new()),
            Elem::Bool => Data::Bool(Vec::new()),
        }
    }

    /// `count` zeros.
    pub fn zeros(elem: Elem, count: usize) -> Data {
        match elem {
            Elem::Float(_) => Data::Float(vec![0.0; count]),
            Elem::Int(_) => Data::Int(vec![0; count]),
            Elem::Bool => Data::Bool(vec![false; count]),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Data::Float(data) => data.len(),
            Data::Int(data) => data.len(),
            Data::Bool(data) => data.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends a scalar or the elements of an array; `None` if they are of another kind.
    pub fn append(&mut self, value: &Value) -> Option<()> {
        match (self, value) {
            (Data::Float(data), Value::Float(x)) => data.push(*x),
            (Data::Int(data), Value::Int(x)) => data.push(*x),
            (Data::Bool(data), Value::Bool(x)) => data.push(*x),
            (Data::Float(data), Value::Array(Tensor { data: Data::Float(more), .. })) => data.extend(more),
            (Data::Int(data), Value::Array(Tensor { data: Data::Int(more), .. })) => data.extend(more),
            (Data::Bool(data), Value::Array(Tensor { data: Data::Bool(more), .. })) => data.extend(more),
            _ => return None,
        }
        Some(())
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            EvalError::OutOfBounds { node, index, extent } => {
                write!(f, "%{}: index {index} is out of bounds for an extent of {extent}", node.0)
            }
            EvalError::Overflow(node) => write!(f, "%{}: integer overflow", node.0),
            EvalError::Failed(text) => write!(f, "{text}"),
            EvalError::DivisionByZero(node) => write!(f, "%{}: division by zero", node.0),
            EvalError::Shape { node, expected, found } => {
                write!(f, "%{}: extents are {found:?}, not {expected:?}", node.0)
            }
            EvalError::Missing(what) => write!(f, "no value for {what}"),
            EvalError::Unbound(var) => write!(f, "variable {} is not bound", var.0),
            EvalError::Type(node) => write!(f, "%{}: ill-typed", node.0),
        }
    }
}

impl std::error::Error for EvalError {}
