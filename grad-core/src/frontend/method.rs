//! Method calls: which kind of value the receiver is decides who knows the method.

use proc_macro2::Span;

use super::adapter::ADAPTERS;
use super::consume::CONSUMERS;
use super::messages;
use super::reader::Reader;
use super::search::SEARCHES;
use super::sequence::OF_COLUMNS;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Family, Pending, Range, Val};
use crate::ir::{Cmp, Elem, Logic};

/// The arguments of a call, evaluated.
pub struct Arguments {
    pub name: String,
    /// Where messages point: the name of the method.
    pub span: Span,
    pub values: Vec<Val>,
    /// The types in `::<…>`.
    pub turbofish: Vec<Ty>,
    /// The type that the context expects of the result.
    pub want: Ty,
}

impl Arguments {
    /// Exactly this many arguments.
    pub fn take<const N: usize>(&mut self, reader: &mut Reader) -> Read<[Val; N]> {
        let values = std::mem::take(&mut self.values);
        if values.iter().any(|value| matches!(value, Val::Poison)) {
            return Err(Refused);
        }
        let given = values.len();
        <[Val; N]>::try_from(values)
            .or_else(|_| reader.refuse(self.span, messages::arguments(&format!("`{}`", self.name), N, given)))
    }

    pub fn one(&mut self, reader: &mut Reader) -> Read<Val> {
        self.take::<1>(reader).map(|[value]| value)
    }
}

impl Reader {
    pub fn method_call(&mut self, call: &syn::ExprMethodCall, want: &Ty) -> Read<Val> {
        if let Some(value) = self.length_method(call)? {
            return Ok(value);
        }
        if let Some(value) = self.advance(call)? {
            return Ok(value);
        }
        if let Some(value) = self.changing_method(call)? {
            return Ok(value);
        }
        let name = call.method.to_string();
        let hint = if keeps_type(&name) { want.clone() } else { Ty::Infer };
        let receiver = self.expr(&call.receiver, &hint);
        let mut values = Vec::new();
        let mut refused = false;
        // The message of `expect` is no value.
        for argument in call.args.iter().filter(|_| name != "expect") {
            match self.expr(argument, &if name == "fold" { want.clone() } else { Ty::Infer }) {
                Ok(value) => values.push(value),
                Err(Refused) => refused = true,
            }
        }
        let turbofish = match &call.turbofish {
            Some(arguments) => self.generic_types(arguments)?,
            None => Vec::new(),
        };
        if refused {
            return Err(Refused);
        }
        let mut arguments =
            Arguments { name: name.clone(), span: call.method.span(), values, turbofish, want: want.clone() };
        let receiver = receiver?;
        let receiver = self.loaded(receiver, arguments.span)?;
        match (receiver, call.args.first()) {
            (Val::Optional(value, exists), Some(message)) if name == "expect" => {
                self.expected(*value, exists, message)
            }
            (receiver, _) => self.method(receiver, &mut arguments),
        }
    }

    pub fn method(&mut self, receiver: Val, arguments: &mut Arguments) -> Read<Val> {
        if let Val::Recorded(recorded) = &receiver {
            return self.recorded_method(recorded, arguments);
        }
        let is_ndarray = matches!(&receiver, Val::Array(array) if array.family == Family::NdArray);
        if is_copy(&arguments.name) && arguments.values.is_empty() && !is_ndarray {
            return match receiver {
                Val::Poison => Err(Refused),
                receiver => Ok(receiver),
            };
        }
        match receiver {
            Val::Poison => Err(Refused),
            Val::Array(array)
                if self.rank(&array) == 0
                    && !matches!(arguments.name.as_str(), "sum" | "iter" | "into_scalar") =>
            {
                let number = self.element(&array, &[]);
                self.scalar_method(Val::Scalar(number), arguments)
            }
            // What is outside of the function, and does not depend on what is in it.
            Val::Constant(text)
                if arguments.values.is_empty() && (&*text == "self" || text.starts_with("Self::")) =>
            {
                Ok(Val::Constant(format!("{text}.{}()", arguments.name).into()))
            }
            Val::Constant(text) if arguments.name == "len" => {
                Ok(Val::Scalar(self.graph.symbol_node(&format!("{text}.len()"), Elem::USIZE)))
            }
            Val::Constant(text) if arguments.name == "is_empty" => {
                Ok(Val::Scalar(self.graph.symbol_node(&format!("{text}.is_empty()"), Elem::Bool)))
            }
            Val::Constant(_) if matches!(arguments.name.as_str(), "iter" | "into_iter" | "map" | "dot") => {
                self.refuse(arguments.span, super::reader::CONSTANT_ARRAY)
            }
            Val::Scalar(_) | Val::Constant(_) => self.scalar_method(receiver, arguments),
            Val::Array(array) if array.family == Family::NdArray => self.ndarray_method(&array, arguments),
            Val::Array(array) => self.nested_method(&array, arguments),
            Val::Range(range) if arguments.name == "contains" => self.contains(range, arguments),
            Val::Columns(columns) if OF_COLUMNS.contains(&arguments.name.as_str()) => {
                self.columns_method(columns, arguments)
            }
            Val::Iter(_) | Val::Cursor(_) | Val::Range(_) | Val::Columns(_) => {
                self.iterator_method(receiver, arguments)
            }
            Val::Pending(pending) => self.pending_method(pending, arguments),
            Val::Ordering(ordering) => self.ordering_method(ordering, arguments),
            Val::Optional(value, exists) => self.optional_method(*value, exists, arguments),
            other => {
                let message = format!("{} has no method `{}` that can be read", other.kind(), arguments.name);
                self.refuse(arguments.span, message)
            }
        }
    }

    fn iterator_method(&mut self, receiver: Val, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let iter = self.iterate(receiver, span)?;
        if let Some(result) = self.adapter(&iter, arguments) {
            return result;
        }
        if let Some(result) = self.search(&iter, arguments) {
            return result;
        }
        if let Some(result) = self.consume(&iter, arguments) {
            return result;
        }
        let name = arguments.name.as_str();
        let advice = match name {
            "try_for_each" => "write a `for` loop with `break`",
            "peekable" => "keep the next item in a variable",
            "inspect" => "leave it out",
            "sorted" | "sorted_by" => "collect into a `Vec` and sort that",
            _ => {
                let known = ADAPTERS.into_iter().chain(CONSUMERS).chain(SEARCHES);
                return self.refuse(span, messages::unread("method of an iterator", name, known));
            }
        };
        self.refuse(span, format!("`{name}` cannot be read here: {advice}"))
    }

    /// `(a..b).contains(&x)`.
    fn contains(&mut self, range: Range, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let value = arguments.one(self)?;
        let mut holds = self.graph.bool(true);
        let upper = if range.closed { Cmp::Le } else { Cmp::Lt };
        for (bound, cmp) in [(range.start, Cmp::Ge), (range.end, upper)] {
            if let Some(bound) = bound {
                let elem = self.graph.elem(bound);
                let node = self.scalar_like(value.clone(), elem, span)?;
                let test = self.graph.compare(cmp, node, bound);
                holds = self.graph.logic(Logic::And, holds, test);
            }
        }
        Ok(Val::Scalar(holds))
    }

    /// Methods of an array that `from_fn` makes, of a length to be known later.
    fn pending_method(&mut self, pending: Pending, arguments: &mut Arguments) -> Read<Val> {
        let Some(extent) = arguments.want.first_extent().filter(|_| arguments.name == "map") else {
            return self.refuse(
                pending.span,
                "the length of this array is not known: annotate it, as in `let a: [f64; N] = …`",
            );
        };
        let Val::Array(array) = self.tabulate_pending(&pending, extent, &Ty::Infer)? else {
            return Err(Refused);
        };
        self.nested_method(&array, arguments)
    }

    /// The types in `::<…>`.
    pub fn generic_types(&mut self, arguments: &syn::AngleBracketedGenericArguments) -> Read<Vec<Ty>> {
        arguments
            .args
            .iter()
            .map(|argument| match argument {
                syn::GenericArgument::Type(ty) => self.ty(ty),
                _ => Ok(Ty::Infer),
            })
            .collect()
    }
}

/// Methods whose result is the value itself.
fn is_copy(name: &str) -> bool {
    matches!(
        name,
        "clone"
            | "to_owned"
            | "to_vec"
            | "view"
            | "as_slice"
            | "as_ref"
            | "borrow"
            | "each_ref"
            | "into_owned"
            | "by_ref"
    )
}

/// Methods of numbers that give the type they take.
fn keeps_type(name: &str) -> bool {
    crate::ir::Scalar::by_method(name).is_some() || is_copy(name)
}
