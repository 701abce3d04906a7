//! The constructors of the `ndarray` crate.

use proc_macro2::Span;

use super::messages;
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::types::Ty;
use super::value::{Array, Family, Val};
use crate::ir::{Cmp, Elem, IntOp, NodeId};

const CONSTRUCTORS: [&str; 11] = [
    "zeros",
    "ones",
    "from_elem",
    "from_shape_fn",
    "from_shape_vec",
    "from_vec",
    "from_iter",
    "from",
    "eye",
    "from_diag",
    "from_shape",
];

/// Whether functions of this type make arrays.
pub fn is_constructor(owner: &str) -> bool {
    ["Array", "ArrayView"].iter().any(|family| {
        owner.strip_prefix(family).is_some_and(|rank| rank.is_empty() || matches!(rank, "1" | "2" | "3"))
    })
}

impl Reader {
    pub fn ndarray_call(&mut self, owner: &str, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let elem = arguments.turbofish.first().or(Some(&arguments.want)).and_then(Ty::elem);
        let fill = |reader: &mut Reader, value: f64| match elem {
            Some(Elem::Float(float)) => reader.graph.float(value, float),
            Some(Elem::Int(int)) => reader.graph.int(value as i128, int),
            _ => reader.graph.float(value, reader.literal),
        };
        match arguments.name.as_str() {
            "zeros" | "ones" => {
                let value = fill(self, if arguments.name == "ones" { 1.0 } else { 0.0 });
                let shape = arguments.one(self)?;
                let shape = self.extents_of(shape, span)?;
                Ok(Array::ndarray(self.tabulate(&shape, |_, _| value)))
            }
            "from_elem" => {
                let [shape, value] = arguments.take(self)?;
                let shape = self.extents_of(shape, span)?;
                let value = self.scalar(value, span)?;
                Ok(Array::ndarray(self.tabulate(&shape, |_, _| value)))
            }
            "from_shape_fn" => self.shape_fn(arguments),
            "eye" => {
                let extent = arguments.one(self)?;
                let extent = self.usize_node(extent, span)?;
                let (one, zero) = (fill(self, 1.0), fill(self, 0.0));
                Ok(self.square(extent, zero, |_, _| one))
            }
            "from_diag" => {
                let Val::Array(diagonal) = arguments.one(self)? else {
                    return self.refuse(span, "an array of one axis is expected here");
                };
                let extent = self.shape(&diagonal)[0];
                let zero = self.graph.usize(0);
                let first = self.element(&diagonal, &[zero]);
                let zero = self.graph.float_like(0.0, first);
                Ok(self.square(extent, zero, |reader, at| reader.element(&diagonal, &[at])))
            }
            "from_vec" | "from" | "from_iter" => {
                let value = arguments.one(self)?;
                let array = match self.iterate(value.clone(), span)? {
                    iter if matches!(value, Val::Iter(_) | Val::Range(_)) => {
                        self.collect(&iter, &Ty::Infer, span)?
                    }
                    _ => value,
                };
                let Val::Array(array) = array else { return self.refuse(span, "numbers are expected here") };
                Ok(Val::Array(Array { family: Family::NdArray, ..array }))
            }
            "from_shape_vec" | "from_shape" => self.shape_vec(arguments),
            name => {
                let message = messages::unknown(&format!("constructor of `{owner}`"), name, CONSTRUCTORS);
                self.refuse(span, message)
            }
        }
    }

    /// A matrix with `on` at the diagonal and `off` elsewhere.
    fn square(&mut self, extent: NodeId, off: NodeId, on: impl Fn(&mut Reader, NodeId) -> NodeId) -> Val {
        Array::ndarray(self.tabulate(&[extent, extent], |reader, index| {
            let is_on = reader.graph.compare(Cmp::Eq, index[0], index[1]);
            let on = on(reader, index[0]);
            reader.graph.select(is_on, on, off)
        }))
    }

    /// `n`, `(m, n)` or `[m, n]`.
    pub fn extents_of(&mut self, value: Val, span: Span) -> Read<Vec<NodeId>> {
        let parts = match value {
            Val::Tuple(parts) => parts,
            Val::Array(array) if array.family == Family::Nested => {
                let extent = self.shape(&array)[0];
                let count = self.graph.as_int(extent).filter(|&n| n <= 6).unwrap_or(0);
                (0..count as usize)
                    .map(|k| {
                        let at = self.graph.usize(k);
                        self.part(&array, &[at])
                    })
                    .collect()
            }
            value => vec![value],
        };
        parts
            .into_iter()
            .map(|part| {
                let node = self.usize_node(part, span)?;
                Ok(self.graph.close(node, Elem::USIZE))
            })
            .collect()
    }

    fn shape_fn(&mut self, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [shape, function] = arguments.take(self)?;
        let as_array = matches!(shape, Val::Array(_));
        let shape = self.extents_of(shape, span)?;
        let (vars, index) = self.fresh_vars(&shape);
        let at = match index.as_slice() {
            _ if as_array => Array::nested(self.graph.stack(&index)),
            [one] => Val::Scalar(*one),
            all => Val::Tuple(all.iter().copied().map(Val::Scalar).collect()),
        };
        let value = self.under_vars(&vars, |reader| reader.call_value(&function, vec![at], span))?;
        let body = self.scalar(value, span)?;
        Ok(Array::ndarray(self.graph.build(&vars, body)))
    }

    /// Elements in row-major order.
    fn shape_vec(&mut self, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [shape, elements] = arguments.take(self)?;
        let shape = self.extents_of(shape, span)?;
        let Val::Array(elements) = elements else { return self.refuse(span, "a `Vec` is expected here") };
        let count = self.product_of(&shape);
        let own = self.shape(&elements)[0];
        self.same_extent(count, own, "`from_shape_vec` needs", span)?;
        let node = self.tabulate(&shape, |reader, index| {
            let mut at = reader.graph.usize(0);
            for (&extent, &i) in shape.iter().zip(index) {
                let before = reader.graph.int_op(IntOp::Mul, &[at, extent]);
                at = if reader.graph.as_int(at) == Some(0) {
                    i
                } else {
                    reader.graph.int_op(IntOp::Add, &[before, i])
                };
            }
            reader.element(&elements, &[at])
        });
        Ok(Val::Optional(Box::new(Array::ndarray(node)), None))
    }
}
