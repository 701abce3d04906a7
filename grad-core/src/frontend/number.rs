//! Methods of numbers.

use super::messages;
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::types::Ty;
use super::value::Val;
use crate::ir::scalar::Spelling;
use crate::ir::{Cmp, Elem, Int, IntOp, NodeId, Scalar};

const INTEGERS: [&str; 12] = [
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
        match self.graph.elem(receiver) {
            Elem::Float(_) => self.float_method(receiver, arguments),
            Elem::Int(_) => self.int_method(receiver, arguments),
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
        let mut args = vec![receiver];
        for value in std::mem::take(&mut arguments.values) {
            args.push(self.scalar_like(value, ty, span)?);
        }
        let zero = self.graph.int(0, Int::Open);
        let node = match (arguments.name.as_str(), &args[..]) {
            ("min", [_, _]) => self.graph.int_op(IntOp::Min, &args),
            ("max", [_, _]) => self.graph.int_op(IntOp::Max, &args),
            ("clamp", &[x, low, high]) => {
                let above = self.graph.int_op(IntOp::Max, &[x, low]);
                self.graph.int_op(IntOp::Min, &[above, high])
            }
            ("saturating_sub", [_, _]) => self.graph.int_op(IntOp::SaturatingSub, &args),
            ("abs", &[x]) => {
                let minus = self.graph.int_op(IntOp::Neg, &[x]);
                self.graph.int_op(IntOp::Max, &[x, minus])
            }
            ("abs_diff", &[a, b]) => {
                let high = self.graph.int_op(IntOp::Max, &[a, b]);
                let low = self.graph.int_op(IntOp::Min, &[a, b]);
                self.graph.int_op(IntOp::Sub, &[high, low])
            }
            ("rem_euclid", &[a, b]) => {
                let rest = self.graph.int_op(IntOp::Rem, &[a, b]);
                let sum = self.graph.int_op(IntOp::Add, &[rest, b]);
                self.graph.int_op(IntOp::Rem, &[sum, b])
            }
            ("div_ceil", &[a, b]) => {
                let down = self.graph.int_op(IntOp::Div, &[a, b]);
                let rest = self.graph.int_op(IntOp::Rem, &[a, b]);
                let more = self.graph.compare(Cmp::Ne, rest, zero);
                let one = self.graph.int(1, Int::Open);
                let up = self.graph.int_op(IntOp::Add, &[down, one]);
                self.graph.select(more, up, down)
            }
            ("pow", &[x, k]) => return self.int_power(x, k, arguments),
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

    /// `x.pow(k)` of integers, `k` a small literal.
    fn int_power(&mut self, x: NodeId, k: NodeId, arguments: &Arguments) -> Read<Val> {
        match self.graph.as_int(k) {
            Some(k @ 0..=64) => {
                let one = self.graph.int(1, Int::Open);
                let ty = self.graph.elem(x);
                let one = self.graph.close(one, ty);
                let power = (0..k).fold(one, |power, _| self.graph.int_op(IntOp::Mul, &[power, x]));
                Ok(Val::Scalar(power))
            }
            _ => self.refuse(
                arguments.span,
                "the exponent of an integer power has to be a literal: pass the power as a parameter",
            ),
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
