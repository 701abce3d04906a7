//! `Option`s: a value, and the condition under which there is one. Where there is none the value may be anything.

use proc_macro2::Span;
use syn::Expr;

use super::method::Arguments;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::template::Template;
use super::value::Val;
use crate::ir::message::Asserts;
use crate::ir::total::is_total;
use crate::ir::{Logic, NodeId, Op};

/// What `unwrap` says.
const NONE: &str = "called `Option::unwrap()` on a `None` value";

/// The methods of an `Option`, as messages list them.
const METHODS: [&str; 20] = [
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_default",
    "unwrap_or_else",
    "copied",
    "cloned",
    "is_some",
    "is_none",
    "is_some_and",
    "is_none_or",
    "map",
    "map_or",
    "map_or_else",
    "and_then",
    "filter",
    "or",
    "or_else",
    "zip",
    "xor",
];

impl Val {
    /// `None`.
    pub fn none(reader: &mut Reader) -> Val {
        Val::Optional(Box::new(Val::Undefined), Some(reader.graph.bool(false)))
    }

    /// `Some(value)`.
    pub fn some(reader: &mut Reader, value: Val) -> Val {
        Val::Optional(Box::new(value), Some(reader.graph.bool(true)))
    }
}

impl Reader {
    pub fn optional_method(
        &mut self,
        value: Val,
        exists: Option<NodeId>,
        arguments: &mut Arguments,
    ) -> Read<Val> {
        let span = arguments.span;
        let exists = exists.unwrap_or_else(|| self.graph.bool(true));
        // Of what is never there nothing is known, and it is never asked.
        if matches!(value, Val::Undefined) {
            return self.method_of_none(exists, arguments);
        }
        match arguments.name.as_str() {
            "unwrap" => self.unwrapped(value, exists, NONE),
            "copied" | "cloned" | "as_ref" | "as_deref" | "as_mut" => {
                Ok(Val::Optional(Box::new(value), Some(exists)))
            }
            "is_some" => Ok(Val::Scalar(exists)),
            "is_none" => Ok(Val::Scalar(self.graph.not(exists))),
            "unwrap_or" => {
                let other = arguments.one(self)?;
                let value = self.loaded(value, span)?;
                self.select(exists, value, other, span)
            }
            "unwrap_or_default" => {
                let value = self.loaded(value, span)?;
                let node = self.scalar(value, span)?;
                let zero = self.graph.zero(self.graph.elem(node));
                self.select(exists, Val::Scalar(node), Val::Scalar(zero), span)
            }
            "unwrap_or_else" => {
                let function = arguments.one(self)?;
                let value = self.loaded(value, span)?;
                let other = self.call_unless(exists, &function, Vec::new(), span)?;
                self.select(exists, value, other, span)
            }
            "map" => {
                let function = arguments.one(self)?;
                let value = self.call_if(exists, &function, value, span)?;
                Ok(Val::Optional(Box::new(value), Some(exists)))
            }
            "map_or" => {
                let [other, function] = arguments.take(self)?;
                let value = self.call_if(exists, &function, value, span)?;
                self.select(exists, value, other, span)
            }
            "map_or_else" => {
                let [other, function] = arguments.take(self)?;
                let value = self.call_if(exists, &function, value, span)?;
                let other = self.call_unless(exists, &other, Vec::new(), span)?;
                self.select(exists, value, other, span)
            }
            "is_some_and" | "is_none_or" | "filter" => self.tested(value, exists, arguments),
            "and_then" => {
                let function = arguments.one(self)?;
                let made = self.call_if(exists, &function, value, span)?;
                let (inner, also) = self.option(made, span)?;
                let also = also.map_or(exists, |also| self.graph.logic(Logic::And, exists, also));
                Ok(Val::Optional(Box::new(inner), Some(also)))
            }
            "or" => {
                let other = arguments.one(self)?;
                self.select(exists, Val::Optional(Box::new(value), Some(exists)), other, span)
            }
            "or_else" => {
                let function = arguments.one(self)?;
                let other = self.call_unless(exists, &function, Vec::new(), span)?;
                self.select(exists, Val::Optional(Box::new(value), Some(exists)), other, span)
            }
            "zip" => {
                let other = arguments.one(self)?;
                let (other, also) = self.option(other, span)?;
                let both = also.map_or(exists, |also| self.graph.logic(Logic::And, exists, also));
                Ok(Val::Optional(Box::new(Val::Tuple(vec![value, other])), Some(both)))
            }
            name => self.refuse(span, super::messages::unknown("method of an `Option`", name, METHODS)),
        }
    }

    /// A method of what is `None` whenever it is asked.
    fn method_of_none(&mut self, exists: NodeId, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        match arguments.name.as_str() {
            "is_some" | "is_some_and" => Ok(Val::Scalar(exists)),
            "is_none" | "is_none_or" => Ok(Val::Scalar(self.graph.not(exists))),
            "copied" | "cloned" | "as_ref" | "as_deref" | "as_mut" | "map" | "and_then" | "filter"
            | "zip" => Ok(Val::Optional(Box::new(Val::Undefined), Some(exists))),
            "unwrap_or" | "or" => arguments.one(self),
            "unwrap_or_else" | "or_else" => {
                let function = arguments.one(self)?;
                self.call_value(&function, Vec::new(), span)
            }
            "map_or" => arguments.take(self).map(|[other, _]| other),
            "map_or_else" => {
                let [other, _] = arguments.take(self)?;
                self.call_value(&other, Vec::new(), span)
            }
            _ => Err(Refused),
        }
    }

    /// `expect`, with what it says.
    pub fn expected(&mut self, value: Val, exists: Option<NodeId>, message: &Expr) -> Read<Val> {
        let exists = exists.unwrap_or_else(|| self.graph.bool(true));
        match message {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(said), .. }) => {
                self.unwrapped(value, exists, &said.value())
            }
            _ => self.unwrapped(value, exists, NONE),
        }
    }

    /// `unwrap` and `expect`: a value that fails where it is not there says so itself, in its own words; any other has to
    /// be asked for.
    fn unwrapped(&mut self, value: Val, exists: NodeId, said: &str) -> Read<Val> {
        let fails_itself = |reader: &Reader, node: NodeId| {
            matches!(reader.graph.op(node), Op::Read) && !is_total(&reader.graph, node)
        };
        // Comparisons are made of what need not be there yet (the other side of a merge): nothing is said of them.
        let is_apart = value.refers() || matches!(value, Val::Ordering(_));
        let is_asked = !is_apart && !self.nodes_of(&value).into_iter().any(|node| fails_itself(self, node));
        if is_asked && self.graph.as_bool(exists) != Some(true) {
            let missing = self.graph.not(exists);
            self.fail_where(missing, Asserts::Condition, Vec::new(), Template::plain(said))?;
        }
        Ok(value)
    }

    /// The value of an `Option`, and under which condition it is there.
    pub fn option(&mut self, value: Val, span: Span) -> Read<(Val, Option<NodeId>)> {
        match value {
            Val::Optional(value, exists) => Ok((*value, exists)),
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("an `Option` is expected here, but this is {}", other.kind())),
        }
    }

    fn call_if(&mut self, exists: NodeId, function: &Val, value: Val, span: Span) -> Read<Val> {
        self.only_if(exists, span, |reader| reader.call_value(function, vec![value], span))
    }

    fn call_unless(&mut self, exists: NodeId, function: &Val, values: Vec<Val>, span: Span) -> Read<Val> {
        let missing = self.graph.not(exists);
        self.only_if(missing, span, |reader| reader.call_value(function, values, span))
    }

    /// `is_some_and`, `is_none_or` and `filter`.
    fn tested(&mut self, value: Val, exists: NodeId, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let holds = self.call_if(exists, &function, value.clone(), span)?;
        let holds = self.bool_node(holds, span)?;
        if arguments.name == "is_none_or" {
            let missing = self.graph.not(exists);
            return Ok(Val::Scalar(self.graph.logic(Logic::Or, missing, holds)));
        }
        let both = self.graph.logic(Logic::And, exists, holds);
        match arguments.name.as_str() {
            "filter" => Ok(Val::Optional(Box::new(value), Some(both))),
            _ => Ok(Val::Scalar(both)),
        }
    }

    /// `then_some` and `then` of a condition.
    pub fn then_method(&mut self, condition: NodeId, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let given = arguments.one(self)?;
        let value = match arguments.name.as_str() {
            "then" => {
                self.under_condition(condition, |reader| reader.call_value(&given, Vec::new(), span))?
            }
            _ => given,
        };
        Ok(Val::Optional(Box::new(value), Some(condition)))
    }

    // ---- state -----------------------------------------------------------------------------------------

    /// `if condition { a } else { b }` of two `Option`s.
    pub fn select_optional(
        &mut self,
        condition: NodeId,
        (a, a_exists): (Val, Option<NodeId>),
        (b, b_exists): (Val, Option<NodeId>),
        span: Span,
    ) -> Read<Val> {
        let yes = self.graph.bool(true);
        let (a_exists, b_exists) = (a_exists.unwrap_or(yes), b_exists.unwrap_or(yes));
        let exists = self.graph.select(condition, a_exists, b_exists);
        let value = match (a, b) {
            (Val::Undefined, value) => {
                let otherwise = self.graph.not(condition);
                self.where_exists(otherwise, &value)
            }
            (value, Val::Undefined) => self.where_exists(condition, &value),
            (a, b) => {
                let (a, b) = (self.where_exists(a_exists, &a), self.where_exists(b_exists, &b));
                self.select(condition, a, b, span)?
            }
        };
        Ok(Val::Optional(Box::new(value), Some(exists)))
    }

    /// A value that is computed only where a condition holds, and zero elsewhere.
    pub fn where_exists(&mut self, exists: NodeId, value: &Val) -> Val {
        if self.graph.as_bool(exists) == Some(true) {
            return value.clone();
        }
        self.relabel(value, &mut |reader, node| {
            let ty = reader.graph.ty(node).clone();
            let zero = reader.graph.zero(ty.elem);
            reader.tabulate(&ty.shape, |reader, index| {
                let element = reader.graph.read(node, index);
                reader.graph.select(exists, element, zero)
            })
        })
    }

    /// `None`, of the type of a value that a loop puts in its place.
    pub fn none_like(&mut self, value: &Val) -> Val {
        let nothing = self.relabel(value, &mut |reader, node| reader.nothing_like(node));
        Val::Optional(Box::new(nothing), Some(self.graph.bool(false)))
    }

    /// An `Option` that a loop can carry.
    pub fn carriable_option(&mut self, value: Val, exists: Option<NodeId>, span: Span) -> Read<Val> {
        let exists = exists.unwrap_or_else(|| self.graph.bool(true));
        let value = match value {
            Val::Undefined => Val::Undefined,
            value => {
                let value = self.loaded(value, span)?;
                let value = self.carriable(value, None, span)?;
                self.where_exists(exists, &value)
            }
        };
        Ok(Val::Optional(Box::new(value), Some(exists)))
    }
}
