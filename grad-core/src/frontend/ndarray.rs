//! The `ndarray` crate: operators with broadcasting, methods, constructors.

use proc_macro2::Span;

use super::iterator::{Items, Iter};
use super::messages;
use super::method::Arguments;
use super::operator::Arithmetic;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::{Array, Family, Val};
use crate::ir::{Cmp, Elem, Int, NodeId, Scalar};

/// Methods besides those of each element, as messages list them.
const METHODS: [&str; 44] = [
    "dot",
    "t",
    "reversed_axes",
    "sum",
    "mean",
    "product",
    "sum_axis",
    "mean_axis",
    "map",
    "mapv",
    "mapv_into",
    "map_axis",
    "fold",
    "row",
    "column",
    "index_axis",
    "insert_axis",
    "remove_axis",
    "diag",
    "broadcast",
    "nrows",
    "ncols",
    "len",
    "ndim",
    "dim",
    "raw_dim",
    "shape",
    "len_of",
    "is_empty",
    "iter",
    "into_iter",
    "rows",
    "columns",
    "outer_iter",
    "axis_iter",
    "indexed_iter",
    "clone",
    "to_owned",
    "view",
    "into_owned",
    "to_vec",
    "as_slice",
    "first",
    "last",
];

/// Functions of each element that `ndarray` has as methods.
const EACH: [&str; 34] = [
    "floor",
    "ceil",
    "round",
    "trunc",
    "fract",
    "abs",
    "signum",
    "recip",
    "sqrt",
    "exp",
    "exp2",
    "exp_m1",
    "ln",
    "log2",
    "log10",
    "ln_1p",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "atanh",
    "to_degrees",
    "to_radians",
    "powi",
    "powf",
    "log",
];

/// What is said of slices by `s![…]`.
pub const SLICES: &str = "this view cannot be read yet: write `row`, `column` or `index_axis`, or make the array with \
     `Array::from_shape_fn`";

impl Reader {
    /// A function on each element.
    pub fn map_elements(
        &mut self,
        array: &Array,
        function: impl FnOnce(&mut Reader, NodeId) -> NodeId,
    ) -> Read<Val> {
        let shape = self.shape(array);
        let node = self.tabulate(&shape, |reader, index| {
            let element = reader.element(array, index);
            function(reader, element)
        });
        Ok(Val::Array(Array::new(node, array.family)))
    }

    // ---- operators -------------------------------------------------------------------------------------

    /// An operator on arrays, or on an array and a number.
    pub fn broadcast(&mut self, op: Arithmetic, left: Val, right: Val, span: Span) -> Read<Val> {
        let (left, a) = self.operand(left, &right, span)?;
        let (right, b) = self.operand(right, &Val::Array(left.clone()), span)?;
        let shape = self.common_shape(&a, &b, span)?;
        let (vars, index) = self.fresh_vars(&shape);
        let x = self.element_broadcast(&left, &a, &index);
        let y = self.element_broadcast(&right, &b, &index);
        let body = self.apply(op, x, y, span)?;
        Ok(Array::ndarray(self.graph.build(&vars, body)))
    }

    /// An operand as an array, of no axes if it is a number, and its extents.
    fn operand(&mut self, value: Val, other: &Val, span: Span) -> Read<(Array, Vec<NodeId>)> {
        match value {
            Val::Array(array) if array.family == Family::NdArray => {
                let shape = self.shape(&array);
                Ok((array, shape))
            }
            Val::Array(_) => self.refuse(
                span,
                "operators work on `ndarray` arrays only: use `map` or `from_fn` on the elements",
            ),
            value => {
                let elem = match other {
                    Val::Array(array) => self.graph.elem(array.node),
                    _ => Elem::Float(self.literal),
                };
                let node = self.scalar_like(value, elem, span)?;
                Ok((Array::new(node, Family::NdArray), Vec::new()))
            }
        }
    }

    /// Trailing axes meet; an axis of literal extent 1 stretches.
    fn common_shape(&mut self, a: &[NodeId], b: &[NodeId], span: Span) -> Read<Vec<NodeId>> {
        let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
        let ahead = long.len() - short.len();
        let mut shape = long.to_vec();
        for (k, &extent) in short.iter().enumerate() {
            let other = long[ahead + k];
            shape[ahead + k] = match (self.graph.as_int(other), self.graph.as_int(extent)) {
                (Some(1), _) => extent,
                (_, Some(1)) => other,
                _ => self.same_extent(other, extent, "arrays that meet in an operator need", span)?,
            };
        }
        Ok(shape)
    }

    /// The element that meets an index of a shape with perhaps more axes.
    fn element_broadcast(&mut self, array: &Array, shape: &[NodeId], index: &[NodeId]) -> NodeId {
        let ahead = index.len() - shape.len();
        let mut own = Vec::new();
        for (&extent, &at) in shape.iter().zip(&index[ahead..]) {
            let stretched = self.graph.as_int(extent) == Some(1);
            own.push(if stretched { self.graph.usize(0) } else { at });
        }
        self.element(array, &own)
    }

    // ---- methods ---------------------------------------------------------------------------------------

    pub fn ndarray_method(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let name = arguments.name.clone();
        if EACH.contains(&name.as_str()) || matches!(name.as_str(), "hypot" | "clamp") {
            return self.each_method(array, arguments);
        }
        if let Some(result) = self.shape_method(array, arguments) {
            return result;
        }
        match name.as_str() {
            "pow2" => self.map_elements(array, |reader, x| reader.graph.mul(x, x)),
            "dot" => self.dot(array, arguments),
            "t" | "reversed_axes" => Ok(self.transpose(array)),
            "sum" => Ok(Val::Scalar(self.sum_elements(array))),
            "into_scalar" if self.rank(array) == 0 => Ok(Val::Scalar(self.element(array, &[]))),
            "mean" => {
                let sum = self.sum_elements(array);
                let shape = self.shape(array);
                Ok(Val::Optional(Box::new(Val::Scalar(self.mean_of(sum, &shape))), None))
            }
            "sum_axis" | "mean_axis" => self.along_axis(array, arguments),
            "map" | "mapv" | "mapv_into" => {
                let function = arguments.one(self)?;
                self.map_with(array, &function, span)
            }
            "map_axis" => self.map_axis(array, arguments),
            "iter" | "into_iter" | "fold" | "product" => {
                let iter = self.iterate(Val::Array(array.clone()), span)?;
                match name.as_str() {
                    "iter" | "into_iter" => Ok(Val::Iter(iter)),
                    _ => self.consume(&iter, arguments).unwrap_or(Err(Refused)),
                }
            }
            "rows" | "columns" | "outer_iter" | "axis_iter" | "indexed_iter" => self.axis_iterator(array, arguments),
            "row" | "column" | "index_axis" | "insert_axis" | "remove_axis" | "diag" | "broadcast" => {
                self.reshaped(array, arguments)
            }
            "mapv_inplace" | "map_inplace" | "assign" | "fill" | "scaled_add" | "zip_mut_with" | "par_mapv_inplace" => {
                self.refuse(span, "changing an array in place cannot be differentiated yet: make a new one with `mapv` or an operator")
            }
            "slice" | "slice_axis" | "into_shape_with_order" | "to_shape" => self.refuse(
                span,
                SLICES,
            ),
            _ => {
                let message = messages::unread("method of an `ndarray` array", &name, METHODS.into_iter().chain(EACH));
                self.refuse(span, message)
            }
        }
    }

    /// Copies, and what is known of the shape.
    fn shape_method(&mut self, array: &Array, arguments: &mut Arguments) -> Option<Read<Val>> {
        let shape = self.shape(array);
        let value = match arguments.name.as_str() {
            "clone" | "to_owned" | "view" | "into_owned" | "as_ref" => Val::Array(array.clone()),
            "to_vec" => Val::Array(Array { family: Family::Nested, ..array.clone() }),
            "as_slice" => {
                Val::Optional(Box::new(Val::Array(Array { family: Family::Nested, ..array.clone() })), None)
            }
            "nrows" => Val::Scalar(shape[0]),
            "ncols" => Val::Scalar(*shape.get(1)?),
            "len" => Val::Scalar(self.product_of(&shape)),
            "ndim" => Val::Scalar(self.graph.usize(shape.len())),
            "is_empty" => {
                let (count, zero) = (self.product_of(&shape), self.graph.usize(0));
                Val::Scalar(self.graph.compare(Cmp::Eq, count, zero))
            }
            "dim" | "raw_dim" if shape.len() == 1 => Val::Scalar(shape[0]),
            "dim" | "raw_dim" => Val::Tuple(shape.into_iter().map(Val::Scalar).collect()),
            "shape" => Array::nested(self.graph.stack(&shape)),
            "len_of" => return Some(self.axis(arguments, shape.len()).map(|axis| Val::Scalar(shape[axis]))),
            "first" => {
                let index = vec![self.graph.usize(0); shape.len()];
                Val::Optional(Box::new(Val::Scalar(self.element(array, &index))), None)
            }
            "last" => {
                let one = self.graph.usize(1);
                let index: Vec<NodeId> =
                    shape.iter().map(|&n| self.graph.int_op(crate::ir::IntOp::Sub, &[n, one])).collect();
                Val::Optional(Box::new(Val::Scalar(self.element(array, &index))), None)
            }
            _ => return None,
        };
        Some(Ok(value))
    }

    /// A method of numbers on each element.
    fn each_method(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let Some(scalar) = Scalar::by_method(&arguments.name) else { return Err(Refused) };
        let elem = self.graph.elem(array.node);
        let values = std::mem::take(&mut arguments.values);
        if values.len() + 1 != scalar.row().arity {
            let method = format!("`{}`", arguments.name);
            return self.refuse(span, messages::arguments(&method, scalar.row().arity - 1, values.len()));
        }
        let mut rest = Vec::new();
        for value in values {
            let like = if scalar == Scalar::Powi { Elem::Int(Int::I32) } else { elem };
            rest.push(self.scalar_like(value, like, span)?);
        }
        self.map_elements(array, |reader, x| {
            let mut args = vec![x];
            args.extend(&rest);
            reader.graph.scalar(scalar, &args)
        })
    }

    pub fn map_with(&mut self, array: &Array, function: &Val, span: Span) -> Read<Val> {
        let shape = self.shape(array);
        let (vars, index) = self.fresh_vars(&shape);
        let element = self.element(array, &index);
        let value =
            self.under_vars(&vars, |reader| reader.call_value(function, vec![Val::Scalar(element)], span))?;
        let body = self.scalar(value, span)?;
        Ok(Val::Array(Array::new(self.graph.build(&vars, body), array.family)))
    }

    fn dot(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let other = match arguments.one(self)? {
            Val::Array(other) if other.family == Family::NdArray => other,
            other => {
                return self
                    .refuse(span, format!("`dot` takes an `ndarray` array, this is {}", other.kind()));
            }
        };
        let (left, right) = (self.shape(array), self.shape(&other));
        if left.is_empty() || right.is_empty() || left.len() > 2 || right.len() > 2 {
            return self.refuse(span, "`dot` is for one or two axes");
        }
        let inner = self.same_extent(left[left.len() - 1], right[0], "`dot` needs", span)?;
        let outer: Vec<NodeId> = left[..left.len() - 1].iter().chain(&right[1..]).copied().collect();
        let (vars, index) = self.fresh_vars(&outer);
        let sum = self.sum_over_axes(&[inner], &mut |reader, at| {
            let mut of_left = index[..left.len() - 1].to_vec();
            of_left.push(at[0]);
            let mut of_right = vec![at[0]];
            of_right.extend(&index[left.len() - 1..]);
            let (x, y) = (reader.element(array, &of_left), reader.element(&other, &of_right));
            reader.graph.mul(x, y)
        });
        Ok(match vars.is_empty() {
            true => Val::Scalar(sum),
            false => Array::ndarray(self.graph.build(&vars, sum)),
        })
    }

    fn transpose(&mut self, array: &Array) -> Val {
        let mut shape = self.shape(array);
        shape.reverse();
        let node = self.tabulate(&shape, |reader, index| {
            let turned: Vec<NodeId> = index.iter().rev().copied().collect();
            reader.element(array, &turned)
        });
        Array::ndarray(node)
    }

    fn sum_elements(&mut self, array: &Array) -> NodeId {
        let shape = self.shape(array);
        self.sum_over_axes(&shape, &mut |reader, index| reader.element(array, index))
    }

    /// The literal in `Axis(k)`.
    fn axis(&mut self, arguments: &mut Arguments, count: usize) -> Read<usize> {
        let value = arguments.one(self)?;
        self.axis_number(value, count, arguments.span)
    }

    fn axis_number(&mut self, value: Val, count: usize, span: Span) -> Read<usize> {
        match value {
            Val::Axis(axis) if axis < count => Ok(axis),
            Val::Axis(axis) => self.refuse(
                span,
                format!("there is no axis {axis}: the array has {}", messages::count(count, "axis")),
            ),
            other => self.refuse(span, format!("`Axis(k)` is expected here, but this is {}", other.kind())),
        }
    }

    /// `sum_axis` and `mean_axis`.
    fn along_axis(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let mut shape = self.shape(array);
        let axis = self.axis(arguments, shape.len())?;
        let extent = shape.remove(axis);
        let (vars, index) = self.fresh_vars(&shape);
        let mut sum = self.sum_over_axes(&[extent], &mut |reader, at| {
            let mut full = index.clone();
            full.insert(axis, at[0]);
            reader.element(array, &full)
        });
        let is_mean = arguments.name == "mean_axis";
        if is_mean {
            sum = self.mean_of(sum, &[extent]);
        }
        let value =
            if vars.is_empty() { Array::ndarray(sum) } else { Array::ndarray(self.graph.build(&vars, sum)) };
        Ok(if is_mean { Val::Optional(Box::new(value), None) } else { value })
    }

    /// A function of each row along an axis.
    fn map_axis(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [axis, function] = arguments.take(self)?;
        let mut shape = self.shape(array);
        let axis = self.axis_number(axis, shape.len(), span)?;
        let extent = shape.remove(axis);
        let (vars, index) = self.fresh_vars(&shape);
        let lane = self.tabulate(&[extent], |reader, at| {
            let mut full = index.clone();
            full.insert(axis, at[0]);
            reader.element(array, &full)
        });
        let value =
            self.under_vars(&vars, |reader| reader.call_value(&function, vec![Array::ndarray(lane)], span))?;
        let body = self.scalar(value, span)?;
        Ok(Array::ndarray(if vars.is_empty() { body } else { self.graph.build(&vars, body) }))
    }

    fn axis_iterator(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let shape = self.shape(array);
        let axis = match arguments.name.as_str() {
            "axis_iter" => self.axis(arguments, shape.len())?,
            "outer_iter" => 0,
            "rows" | "columns" if shape.len() != 2 => {
                return self
                    .refuse(span, "rows and columns are for arrays of two axes: write `outer_iter()`");
            }
            "rows" => 0,
            "columns" => 1,
            _ => {
                let iter = self.iterate(Val::Array(array.clone()), span)?;
                return Ok(Iter { extents: iter.extents.clone(), items: Items::Indexed(iter) }.into());
            }
        };
        Ok(Iter::one(shape[axis], Items::Axis(array.clone(), axis)).into())
    }

    /// Views with other axes.
    fn reshaped(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let shape = self.shape(array);
        match arguments.name.as_str() {
            "row" | "column" => {
                let axis = usize::from(arguments.name == "column");
                let index = arguments.one(self)?;
                let index = self.usize_node(index, span)?;
                if shape.len() != 2 {
                    return self.refuse(span, "rows and columns are for arrays of two axes");
                }
                Ok(self.axis_part(array, axis, index))
            }
            "index_axis" => {
                let [axis, index] = arguments.take(self)?;
                let axis = self.axis_number(axis, shape.len(), span)?;
                let index = self.usize_node(index, span)?;
                Ok(self.axis_part(array, axis, index))
            }
            "remove_axis" => {
                let axis = self.axis(arguments, shape.len())?;
                let zero = self.graph.usize(0);
                Ok(self.axis_part(array, axis, zero))
            }
            "insert_axis" => {
                let axis = self.axis(arguments, shape.len() + 1)?;
                let mut wider = shape;
                wider.insert(axis, self.graph.usize(1));
                let node = self.tabulate(&wider, |reader, index| {
                    let mut own = index.to_vec();
                    own.remove(axis);
                    reader.element(array, &own)
                });
                Ok(Array::ndarray(node))
            }
            "diag" if shape.len() == 2 => {
                let extent = self.graph.int_op(crate::ir::IntOp::Min, &shape);
                let node =
                    self.tabulate(&[extent], |reader, index| reader.element(array, &[index[0], index[0]]));
                Ok(Array::ndarray(node))
            }
            "broadcast" => {
                let wide = arguments.one(self)?;
                let wide = self.extents_of(wide, span)?;
                let common = self.common_shape(&wide, &shape, span)?;
                let node =
                    self.tabulate(&common, |reader, index| reader.element_broadcast(array, &shape, index));
                Ok(Val::Optional(Box::new(Array::ndarray(node)), None))
            }
            name => self.refuse(span, format!("`{name}` is for arrays of two axes")),
        }
    }
}
