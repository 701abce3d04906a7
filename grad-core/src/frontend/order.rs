//! Comparisons that have three outcomes: `partial_cmp`, `total_cmp`, `cmp`, and what is asked of an `Ordering`.

use proc_macro2::Span;

use super::messages;
use super::method::Arguments;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::{Ordering, Val};
use crate::ir::{Cmp, Elem, Logic, NodeId, Scalar};

/// The methods of an `Ordering`, as messages list them.
const METHODS: [&str; 9] =
    ["reverse", "then", "then_with", "is_lt", "is_le", "is_gt", "is_ge", "is_eq", "is_ne"];

/// How two values are compared.
pub enum Comparison {
    /// As they are.
    Own,
    /// By what a closure gives for each.
    Key(Val),
    /// By a closure.
    By(Val),
}

impl Reader {
    pub fn compare_by(&mut self, how: &Comparison, a: Val, b: Val, span: Span) -> Read<Ordering> {
        let (a, b) = match how {
            Comparison::By(function) => {
                let outcome = self.call_value(function, vec![a, b], span)?;
                return self.ordering(outcome, span);
            }
            Comparison::Key(key) => {
                (self.call_value(key, vec![a], span)?, self.call_value(key, vec![b], span)?)
            }
            Comparison::Own => (a, b),
        };
        let a = self.scalar(a, span)?;
        let b = self.scalar_like(b, self.graph.elem(a), span)?;
        let outcome = self.ordered(a, b, "cmp");
        self.ordering(outcome, span)
    }

    /// `a.partial_cmp(&b)` and its like, of numbers.
    pub fn ordered(&mut self, a: NodeId, b: NodeId, name: &str) -> Val {
        let (a_lt, b_lt) = match (name, self.graph.elem(a)) {
            ("total_cmp", Elem::Float(_)) => (self.totally_less(a, b), self.totally_less(b, a)),
            _ => (self.graph.compare(Cmp::Lt, a, b), self.graph.compare(Cmp::Lt, b, a)),
        };
        let ordering = Val::Ordering(Ordering { less: a_lt, greater: b_lt });
        match name {
            "partial_cmp" => {
                let numbers = [a, b].map(|x| self.graph.compare(Cmp::Eq, x, x));
                let exists = match self.graph.elem(a).is_float() {
                    true => self.graph.logic(Logic::And, numbers[0], numbers[1]),
                    false => self.graph.bool(true),
                };
                Val::Optional(Box::new(ordering), Some(exists))
            }
            _ => ordering,
        }
    }

    /// `a < b`, where −0 is less than 0.
    fn totally_less(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let less = self.graph.compare(Cmp::Lt, a, b);
        let same = self.graph.compare(Cmp::Eq, a, b);
        let one = self.graph.float_like(1.0, a);
        let [a, b] = [a, b].map(|x| self.graph.scalar(Scalar::Copysign, &[one, x]));
        let signs = self.graph.compare(Cmp::Lt, a, b);
        let zeros = self.graph.logic(Logic::And, same, signs);
        self.graph.logic(Logic::Or, less, zeros)
    }

    pub fn ordering_method(&mut self, ordering: Ordering, arguments: &mut Arguments) -> Read<Val> {
        let Ordering { less, greater } = ordering;
        let node = match arguments.name.as_str() {
            "reverse" => return Ok(Val::Ordering(Ordering { less: greater, greater: less })),
            "then" | "then_with" => return self.then_ordering(ordering, arguments),
            "is_lt" => less,
            "is_gt" => greater,
            "is_le" => self.graph.not(greater),
            "is_ge" => self.graph.not(less),
            "is_ne" => self.graph.logic(Logic::Or, less, greater),
            "is_eq" => {
                let differs = self.graph.logic(Logic::Or, less, greater);
                self.graph.not(differs)
            }
            name => {
                let message = messages::unknown("method of an `Ordering`", name, METHODS);
                return self.refuse(arguments.span, message);
            }
        };
        Ok(Val::Scalar(node))
    }

    /// What decides where the first comparison does not.
    fn then_ordering(&mut self, first: Ordering, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let second = arguments.one(self)?;
        let differs = self.graph.logic(Logic::Or, first.less, first.greater);
        let equal = self.graph.not(differs);
        let second = match arguments.name.as_str() {
            "then" => second,
            _ => self.under_condition(equal, |reader| reader.call_value(&second, Vec::new(), span))?,
        };
        let Ordering { less, greater } = self.ordering(second, span)?;
        let less = self.graph.select(differs, first.less, less);
        let greater = self.graph.select(differs, first.greater, greater);
        Ok(Val::Ordering(Ordering { less, greater }))
    }

    pub fn ordering(&mut self, value: Val, span: Span) -> Read<Ordering> {
        match value {
            Val::Ordering(ordering) => Ok(ordering),
            Val::Poison => Err(Refused),
            other => {
                self.refuse(span, format!("an `Ordering` is expected here, but this is {}", other.kind()))
            }
        }
    }

    /// Whether a comparison has this outcome: `Ordering::Less`.
    pub fn is_outcome(&mut self, ordering: &Ordering, path: &syn::Path, span: Span) -> Read<NodeId> {
        let name = path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "Less" => Ok(ordering.less),
            "Greater" => Ok(ordering.greater),
            "Equal" => {
                let differs = self.graph.logic(Logic::Or, ordering.less, ordering.greater);
                Ok(self.graph.not(differs))
            }
            _ => {
                self.refuse(span, "an outcome of a comparison is expected here: `Less`, `Equal` or `Greater`")
            }
        }
    }
}
