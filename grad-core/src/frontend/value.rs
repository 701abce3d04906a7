//! The symbolic values that expressions evaluate to. References are erased.

use std::rc::Rc;

use proc_macro2::Span;

use super::cursor::Cursor;
use super::iterator::Iter;
use super::place::Place;
use super::record::Recorded;
use super::scope::{BindingId, Captures};
use crate::ir::NodeId;

/// How the elements of an array are reached: `a[i][j]` or `a[[i, j]]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Arrays, slices and `Vec`s of one another.
    Nested,
    /// Arrays of the `ndarray` crate.
    NdArray,
}

/// An array, or the part of one that is left after the leading indices in `prefix`.
#[derive(Clone, Debug)]
pub struct Array {
    pub node: NodeId,
    pub prefix: Vec<NodeId>,
    pub family: Family,
}

/// A `Vec` in a loop that makes it longer: an array with room for all, and how many elements are there.
#[derive(Clone, Debug)]
pub struct Growing {
    pub storage: NodeId,
    pub len: NodeId,
    /// Whether loops carry the length.
    pub counted: bool,
}

/// Some elements of an array that a loop does not change, fewer and fewer: `rest = &rest[1..]`.
#[derive(Clone, Debug)]
pub struct Window {
    pub of: NodeId,
    pub start: NodeId,
    pub len: NodeId,
}

/// The outcome of a comparison: neither is equality.
#[derive(Clone, Copy, Debug)]
pub struct Ordering {
    pub less: NodeId,
    pub greater: NodeId,
}

/// `a..b`, `a..`, `..b`, `a..=b`.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    pub start: Option<NodeId>,
    pub end: Option<NodeId>,
    pub closed: bool,
}

/// A closure with what its body mentions of the scopes around it.
pub struct Closure {
    pub source: syn::ExprClosure,
    pub captures: Captures,
    /// The const generics of a function: each is an extent of a parameter.
    pub lengths: Vec<Length>,
}

/// A const generic: which parameter has it as an extent, and of which axis.
#[derive(Clone)]
pub struct Length {
    pub name: String,
    pub param: usize,
    pub axis: usize,
}

/// An array that `from_fn` makes, of an extent that the context has yet to say.
#[derive(Clone)]
pub struct Pending {
    pub function: Rc<Val>,
    pub span: Span,
}

#[derive(Clone)]
pub enum Val {
    Unit,
    Scalar(NodeId),
    /// A constant of the program whose type is not known yet: printed as it stands.
    Constant(Rc<str>),
    Array(Array),
    Growing(Growing),
    Window(Window),
    Tuple(Vec<Val>),
    /// A sequence of tuples: a sequence for each part.
    Columns(Vec<Val>),
    /// A `Vec` of tuples that grows: what holds each part.
    Apart(Vec<BindingId>),
    Iter(Rc<Iter>),
    Cursor(Cursor),
    Range(Range),
    Closure(Rc<Closure>),
    /// What a `use` inside the function brings, with its full path.
    Import(Rc<str>),
    /// A function of this path: `f64::exp`.
    Function(Rc<syn::Path>),
    Pending(Pending),
    /// `Some` of a value: what `first()` returns, where there are elements; and the condition under which it is, if that
    /// is known.
    Optional(Box<Val>, Option<NodeId>),
    Ordering(Ordering),
    /// `Axis(k)` of the `ndarray` crate.
    Axis(usize),
    /// A place that may be assigned to: `&mut x`, an item of `iter_mut()`.
    Place(Rc<Place>),
    Recorded(Recorded),
    /// What a variable holds that has no value yet.
    Undefined,
    /// What an iteration of a loop has left in a `Vec` that each clears.
    Stale,
    /// `unreachable!()`, `return`, `break`.
    Never,
    /// What an expression that has been refused would have been.
    Poison,
}

impl Array {
    pub fn new(node: NodeId, family: Family) -> Array {
        Array { node, prefix: Vec::new(), family }
    }

    pub fn nested(node: NodeId) -> Val {
        Val::Array(Array::new(node, Family::Nested))
    }

    pub fn ndarray(node: NodeId) -> Val {
        Val::Array(Array::new(node, Family::NdArray))
    }
}

impl Val {
    /// Whether there are references in it to what may be changed.
    pub fn refers(&self) -> bool {
        match self {
            Val::Place(_) => true,
            Val::Tuple(parts) => parts.iter().any(Val::refers),
            Val::Optional(value, _) => value.refers(),
            _ => false,
        }
    }

    /// What a message calls a value of this kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Val::Unit => "`()`",
            Val::Scalar(_) => "a number",
            Val::Constant(_) | Val::Import(_) => "a constant",
            Val::Array(Array { family: Family::Nested, .. }) => "an array or slice",
            Val::Array(_) => "an `ndarray` array",
            Val::Window(_) => "a slice",
            Val::Growing(_) | Val::Recorded(_) => "a `Vec` that grows",
            Val::Tuple(_) => "a tuple",
            Val::Columns(_) | Val::Apart(_) => "a sequence of tuples",
            Val::Iter(_) | Val::Cursor(_) => "an iterator",
            Val::Range(_) => "a range",
            Val::Closure(_) => "a closure",
            Val::Function(_) => "a function",
            Val::Pending(_) => "an array of unknown length",
            Val::Optional(..) => "an `Option`",
            Val::Ordering(_) => "an `Ordering`",
            Val::Axis(_) => "an axis",
            Val::Place(_) => "a mutable reference",
            Val::Undefined => "a variable without a value",
            Val::Stale => "a `Vec` left from an iteration",
            Val::Never => "`!`",
            Val::Poison => "an expression that was refused",
        }
    }
}
