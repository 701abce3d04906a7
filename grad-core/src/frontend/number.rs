//! Methods of numbers.

use super::messages;
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::types::Ty;
use super::value::Val;
use crate::ir::scalar::Spelling;
use crate::ir::{Cmp, Elem, Int, IntOp, NodeId, Scalar};

const INTEGERS: [&str; 27] = [
    "min",
    "max",
    "clamp",
    "abs",
    "abs_diff",
    "pow",
    "saturating_sub",
    "rem_euclid",
    "div_ceil",
    "signum",
    "is_positive",
    "is_negative",
    "wrapping_add",
    "wrapping_sub",
    "wrapping_mul",
    "saturating_add",
    "checked_sub",
    "rotate_left",
    "rotate_right",
    "count_ones",
    "leading_zeros",
    "trailing_zeros",
    "ilog2",
    "isqrt",
    "is_power_of_two",
    "next_power_of_two",
    "is_multiple_of",
];

const TESTS: [&str; 6] =
    ["is_nan", "is_finite", "is_infinite", "is_sign_negative", "is_sign_positive", "sin_cos"];

impl Reader {
    pub fn scalar_method(&mut self, receiver: Val, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let mut elem =
            arguments.want.elem().filter(|elem| elem.is_float()).unwrap_or(Elem::Float(self.literal));
        if let Some(Val::Scalar(other)) = arguments.values.first() {
            let other = self.graph.elem(*other);
            // Only methods whose arguments have the type of the receiver tell it.
            if arguments.name != "powi" && other != Elem::Bool {
                elem = other;
            }
        }
        let receiver = self.scalar_like(receiver, elem, span)?;
        if arguments.name == "into" {
            return match arguments.want.elem() {
                Some(elem) => Ok(Val::Scalar(self.cast_node(receiver, elem))),
                None => {
                    self.refuse(span, "the type that `into` makes is not known here: write `f64::from(x)`")
                }
            };
        }
        if matches!(arguments.name.as_str(), "partial_cmp" | "total_cmp" | "cmp") {
            let other = arguments.one(self)?;
            let other = self.scalar_like(other, self.graph.elem(receiver), span)?;
            let (receiver, other) = self.agree(receiver, other);
            return Ok(self.ordered(receiver, other, &arguments.name));
        }
        match self.graph.elem(receiver) {
            Elem::Float(_) => self.float_method(receiver, arguments),
            Elem::Int(_) => self.int_method(receiver, arguments),
            Elem::Bool if matches!(arguments.name.as_str(), "then" | "then_some") => {
                self.then_method(receiver, arguments)
            }
            Elem::Bool => {
                self.refuse(span, "methods of `bool` cannot be read: write `if … { … } else { … }`")
            }
        }
    }

    fn float_method(&mut self, receiver: NodeId, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let name = arguments.name.clone();
        let float = self.graph.elem(receiver);
        if let Some(scalar) = Scalar::by_method(&name) {
            let arity = scalar.row().arity;
            if arguments.values.len() + 1 != arity {
                let message = messages::arguments(&format!("`{name}`"), arity - 1, arguments.values.len());
                return self.refuse(span, message);
            }
            let mut args = vec![receiver];
            for value in std::mem::take(&mut arguments.values) {
                let like = if scalar == Scalar::Powi { Elem::Int(Int::I32) } else { float };
                let node = self.scalar_like(value, like, span)?;
                let is_index = scalar == Scalar::Powi && self.graph.elem(node) == Elem::USIZE;
                args.push(if is_index { self.graph.cast(like, node) } else { node });
            }
            return Ok(Val::Scalar(self.graph.scalar(scalar, &args)));
        }
        match name.as_str() {
            "sin_cos" => {
                let sin = self.graph.scalar(Scalar::Sin, &[receiver]);
                let cos = self.graph.scalar(Scalar::Cos, &[receiver]);
                Ok(Val::Tuple(vec![Val::Scalar(sin), Val::Scalar(cos)]))
            }
            "is_nan" => Ok(Val::Scalar(self.graph.compare(Cmp::Ne, receiver, receiver))),
            "is_finite" | "is_infinite" => {
                let cmp = if name == "is_finite" { Cmp::Lt } else { Cmp::Eq };
                let size = self.graph.scalar(Scalar::Abs, &[receiver]);
                let infinity = self.graph.float_like(f64::INFINITY, receiver);
                Ok(Val::Scalar(self.graph.compare(cmp, size, infinity)))
            }
            "is_sign_negative" | "is_sign_positive" => {
                let one = self.graph.float_like(1.0, receiver);
                let zero = self.graph.float_like(0.0, receiver);
                let sign = self.graph.scalar(Scalar::Copysign, &[one, receiver]);
                let cmp = if name == "is_sign_negative" { Cmp::Lt } else { Cmp::Gt };
                Ok(Val::Scalar(self.graph.compare(cmp, sign, zero)))
            }
            name => {
                let methods = Scalar::TABLE.iter().filter(|row| matches!(row.spelling, Spelling::Method(_)));
                let known = methods.map(|row| row.name).chain(TESTS);
                self.refuse(span, messages::unknown("method of a float", name, known))
            }
        }
    }

    fn int_method(&mut self, receiver: NodeId, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let ty = self.graph.elem(receiver);
        let mixed =
            [("pow", IntOp::Pow), ("rotate_left", IntOp::RotateLeft), ("rotate_right", IntOp::RotateRight)];
        if let Some((_, op)) = mixed.into_iter().find(|(name, _)| *name == arguments.name) {
            return self.mixed_method(receiver, op, arguments);
        }
        let mut args = vec![receiver];
        for value in std::mem::take(&mut arguments.values) {
            args.push(self.scalar_like(value, ty, span)?);
        }
        if let Some(op) = plain_method(&arguments.name).filter(|op| op.arity() == args.len()) {
            return Ok(Val::Scalar(self.graph.int_op(op, &args)));
        }
        let zero = self.graph.int(0, Int::Open);
        let node = match (arguments.name.as_str(), &args[..]) {
            ("clamp", &[x, low, high]) => {
                let above = self.graph.int_op(IntOp::Max, &[x, low]);
                self.graph.int_op(IntOp::Min, &[above, high])
            }
            ("abs", &[x]) => {
                let minus = self.graph.int_op(IntOp::Neg, &[x]);
                self.graph.int_op(IntOp::Max, &[x, minus])
            }
            ("abs_diff", &[a, b]) => {
                let high = self.graph.int_op(IntOp::Max, &[a, b]);
                let low = self.graph.int_op(IntOp::Min, &[a, b]);
                let distance = self.graph.int_op(IntOp::Sub, &[high, low]);
                match ty {
                    Elem::Int(int) => self.graph.cast(Elem::Int(int.unsigned()), distance),
                    _ => distance,
                }
            }
            ("rem_euclid", &[a, b]) => {
                let rest = self.graph.int_op(IntOp::Rem, &[a, b]);
                if matches!(ty, Elem::Int(int) if int.is_unsigned()) {
                    return Ok(Val::Scalar(rest));
                }
                // What is left has the sign of the dividend: a negative rest is moved up by the size of the divisor.
                let less = self.graph.compare(Cmp::Lt, rest, zero);
                let is_negative = self.graph.compare(Cmp::Lt, b, zero);
                let (up, down) =
                    (self.graph.int_op(IntOp::Add, &[rest, b]), self.graph.int_op(IntOp::Sub, &[rest, b]));
                let moved = self.graph.select(is_negative, down, up);
                self.graph.select(less, moved, rest)
            }
            ("div_ceil", &[a, b]) => {
                let down = self.graph.int_op(IntOp::Div, &[a, b]);
                let rest = self.graph.int_op(IntOp::Rem, &[a, b]);
                let more = self.graph.compare(Cmp::Ne, rest, zero);
                let one = self.graph.int(1, Int::Open);
                let up = self.graph.int_op(IntOp::Add, &[down, one]);
                self.graph.select(more, up, down)
            }
            ("checked_sub", &[a, b]) if matches!(ty, Elem::Int(int) if int.is_unsigned()) => {
                let exists = self.graph.compare(Cmp::Ge, a, b);
                let difference = self.graph.int_op(IntOp::Sub, &[a, b]);
                return Ok(Val::Optional(Box::new(Val::Scalar(difference)), Some(exists)));
            }
            ("is_power_of_two", &[x]) => {
                let ones = self.graph.int_op(IntOp::CountOnes, &[x]);
                let one = self.graph.int(1, Int::U32);
                self.graph.compare(Cmp::Eq, ones, one)
            }
            ("is_multiple_of", &[a, b]) => {
                let rest = self.graph.int_op(IntOp::Rem, &[a, b]);
                self.graph.compare(Cmp::Eq, rest, zero)
            }
            ("is_positive", &[x]) => self.graph.compare(Cmp::Gt, x, zero),
            ("is_negative", &[x]) => self.graph.compare(Cmp::Lt, x, zero),
            ("signum", &[x]) => {
                let (one, minus) = (self.graph.int(1, Int::Open), self.graph.int(-1, Int::Open));
                let high = self.graph.int_op(IntOp::Min, &[x, one]);
                self.graph.int_op(IntOp::Max, &[high, minus])
            }
            (name, _) => {
                let message = messages::unknown("method of an integer", name, INTEGERS);
                return self.refuse(span, message);
            }
        };
        Ok(Val::Scalar(node))
    }

    /// `x.pow(k)` and its like, where `k` is a `u32`.
    fn mixed_method(&mut self, x: NodeId, op: IntOp, arguments: &mut Arguments) -> Read<Val> {
        let k = arguments.one(self)?;
        let k = self.scalar_like(k, Elem::Int(Int::U32), arguments.span)?;
        let k = self.graph.close(k, Elem::Int(Int::U32));
        match self.graph.as_int(k).filter(|_| op == IntOp::Pow) {
            Some(k @ 0..=64) => {
                let one = self.graph.int(1, Int::Open);
                let ty = self.graph.elem(x);
                let one = self.graph.close(one, ty);
                let power = (0..k).fold(one, |power, _| self.graph.int_op(IntOp::Mul, &[power, x]));
                Ok(Val::Scalar(power))
            }
            _ => Ok(Val::Scalar(self.graph.int_op(op, &[x, k]))),
        }
    }

    /// `f64::from(x)`.
    pub fn convert(&mut self, elem: Elem, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let value = arguments.one(self)?;
        if let Val::Constant(text) = value {
            return Ok(Val::Scalar(self.graph.symbol_node(&format!("{}::from({text})", elem.rust()), elem)));
        }
        let node = self.scalar(value, span)?;
        Ok(Val::Scalar(self.cast_node(node, elem)))
    }

    /// `std::cmp::max(a, b)` of integers, or `Ord::max`.
    pub fn compare_call(&mut self, arguments: &mut Arguments) -> Read<Val> {
        let [a, b] = arguments.take(self)?;
        let mut arguments = Arguments {
            name: arguments.name.clone(),
            span: arguments.span,
            values: vec![b],
            turbofish: Vec::new(),
            want: Ty::Infer,
        };
        self.method(a, &mut arguments)
    }
}

/// Methods of integers that are operations of the graph, on operands of one type.
fn plain_method(name: &str) -> Option<IntOp> {
    Some(match name {
        "min" => IntOp::Min,
        "max" => IntOp::Max,
        "saturating_sub" => IntOp::SaturatingSub,
        "saturating_add" => IntOp::SaturatingAdd,
        "wrapping_add" => IntOp::WrappingAdd,
        "wrapping_sub" => IntOp::WrappingSub,
        "wrapping_mul" => IntOp::WrappingMul,
        "count_ones" => IntOp::CountOnes,
        "leading_zeros" => IntOp::LeadingZeros,
        "trailing_zeros" => IntOp::TrailingZeros,
        "ilog2" => IntOp::Ilog2,
        "isqrt" => IntOp::Isqrt,
        "next_power_of_two" => IntOp::NextPowerOfTwo,
        _ => return None,
    })
}
