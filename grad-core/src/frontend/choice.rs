//! One value or another: what the branches of a condition give, element by element.

use std::rc::Rc;

use proc_macro2::Span;

use super::cursor::Cursor;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::{Array, Family, Ordering, Val, Window};
use crate::ir::{NodeId, Op};

impl Reader {
    /// `if condition { then } else { other }`, element by element.
    pub fn select(&mut self, condition: NodeId, then: Val, other: Val, span: Span) -> Read<Val> {
        match (then, other) {
            (Val::Poison, _) | (_, Val::Poison) => Err(Refused),
            (Val::Never, value) | (value, Val::Never) => Ok(value),
            (Val::Unit, Val::Unit) => Ok(Val::Unit),
            (Val::Tuple(a), Val::Tuple(b)) if a.len() == b.len() => {
                let parts = a.into_iter().zip(b).map(|(a, b)| self.select(condition, a, b, span));
                Ok(Val::Tuple(parts.collect::<Read<_>>()?))
            }
            (Val::Apart(a), Val::Apart(b)) if a == b => Ok(Val::Apart(a)),
            (Val::Columns(a), Val::Columns(b)) if a.len() == b.len() => {
                let parts = a.into_iter().zip(b).map(|(a, b)| self.select(condition, a, b, span));
                Ok(Val::Columns(parts.collect::<Read<_>>()?))
            }
            (Val::Array(a), Val::Array(b)) => self.select_arrays(condition, &a, &b, span),
            (Val::Growing(a), Val::Growing(b)) => Ok(self.select_growing(condition, a, b)),
            (Val::Window(a), Val::Window(b)) if a.of == b.of => {
                let start = self.graph.select(condition, a.start, b.start);
                let len = self.graph.select(condition, a.len, b.len);
                Ok(Val::Window(Window { start, len, ..a }))
            }
            (Val::Cursor(a), Val::Cursor(b)) if Rc::ptr_eq(&a.iter, &b.iter) => {
                let at = self.graph.select(condition, a.at, b.at);
                Ok(Val::Cursor(Cursor { at, ..a }))
            }
            // In one of the branches nothing has been taken.
            (Val::Iter(iter), Val::Cursor(cursor)) if Rc::ptr_eq(&iter, &cursor.iter) => {
                let none = self.graph.usize(0);
                let at = self.graph.select(condition, none, cursor.at);
                Ok(Val::Cursor(Cursor { at, ..cursor }))
            }
            (Val::Cursor(cursor), Val::Iter(iter)) if Rc::ptr_eq(&iter, &cursor.iter) => {
                let none = self.graph.usize(0);
                let at = self.graph.select(condition, cursor.at, none);
                Ok(Val::Cursor(Cursor { at, ..cursor }))
            }
            (Val::Recorded(a), Val::Recorded(b)) => Ok(self.select_recorded(condition, a, &b)),
            (Val::Stale, _) | (_, Val::Stale) => Ok(Val::Stale),
            (a @ (Val::Scalar(_) | Val::Constant(_)), b @ (Val::Scalar(_) | Val::Constant(_))) => {
                let like = match (&a, &b) {
                    (Val::Scalar(node), _) | (_, Val::Scalar(node)) => self.graph.elem(*node),
                    _ => crate::ir::Elem::Float(self.literal),
                };
                let a = self.scalar_like(a, like, span)?;
                let b = self.scalar_like(b, like, span)?;
                let merged = self.gated_result(condition, a, b);
                Ok(Val::Scalar(merged.unwrap_or_else(|| self.graph.select(condition, a, b))))
            }
            (Val::Ordering(a), Val::Ordering(b)) => {
                let less = self.graph.select(condition, a.less, b.less);
                let greater = self.graph.select(condition, a.greater, b.greater);
                Ok(Val::Ordering(Ordering { less, greater }))
            }
            (Val::Optional(a, of_a), Val::Optional(b, of_b)) => {
                self.select_optional(condition, (*a, of_a), (*b, of_b), span)
            }
            (Val::Place(_), Val::Place(_)) => self.refuse(
                span,
                "which place this is depends on a condition: choose its index, or assign in each branch",
            ),
            (a, b) => {
                let message = format!(
                    "the branches have to be numbers, arrays or tuples: these are {} and {}",
                    a.kind(),
                    b.kind()
                );
                self.refuse(span, message)
            }
        }
    }

    /// `if condition { a } else { b }` of two arrays of one shape.
    pub(super) fn select_arrays(&mut self, condition: NodeId, a: &Array, b: &Array, span: Span) -> Read<Val> {
        if let (Some(left), Some(right)) = (self.literal_parts(a), self.literal_parts(b))
            && left.len() == right.len()
        {
            let parts = left.into_iter().zip(right).map(|(a, b)| self.select(condition, a, b, span));
            let parts = parts.collect::<Read<_>>()?;
            return self.stack(parts, span);
        }
        if let ([], []) = (&a.prefix[..], &b.prefix[..])
            && let Some(node) = self.merge_versions(condition, a.node, b.node)
        {
            return Ok(Val::Array(Array::new(node, a.family)));
        }
        let (left, right) = (self.shape(a), self.shape(b));
        if left != right
            && a.family == Family::Nested
            && let Some(part) = self.select_windows(condition, a, b)
        {
            return Ok(part);
        }
        let (left, right) = (self.empty_like(&left, &right), self.empty_like(&right, &left));
        if left.len() != right.len() || left[1..] != right[1..] || left != right && a.family != Family::Nested
        {
            return self.refuse(
                span,
                "the branches are arrays that may differ in length: choose element by element instead, \
                 inside `map` or `from_fn`",
            );
        }
        if let (Some(a), Some(b)) = (self.literal_parts(a), self.literal_parts(b))
            && left.len() == 1
        {
            return self.select_literals(condition, &a, &b, span);
        }
        let mut shape = left.clone();
        shape[0] = self.graph.select(condition, left[0], right[0]);
        let is_empty = [&left, &right].map(|shape| self.graph.as_int(shape[0]) == Some(0));
        let node = self.tabulate(&shape, |reader, index| match is_empty {
            [true, _] => reader.element(b, index),
            [_, true] => reader.element(a, index),
            _ => {
                let (then, other) = (reader.element(a, index), reader.element(b, index));
                reader.graph.select(condition, then, other)
            }
        });
        let family = if a.family == b.family { a.family } else { Family::Nested };
        Ok(Val::Array(Array::new(node, family)))
    }

    /// Two literals of different lengths: so many elements of one as long as the longer.
    fn select_literals(&mut self, condition: NodeId, a: &[Val], b: &[Val], span: Span) -> Read<Val> {
        let like = match a.first().or(b.first()) {
            Some(Val::Scalar(node)) => *node,
            _ => return Err(Refused),
        };
        let nothing = Val::Scalar(self.graph.zero(self.graph.elem(like)));
        let parts = (0..a.len().max(b.len())).map(|k| {
            let [x, y] = [a, b].map(|side| side.get(k).unwrap_or(&nothing).clone());
            self.select(condition, x, y, span)
        });
        let parts = parts.collect::<Read<_>>()?;
        let Val::Array(longer) = self.stack(parts, span)? else { return Err(Refused) };
        let (zero, a, b) = (self.graph.usize(0), self.graph.usize(a.len()), self.graph.usize(b.len()));
        let count = self.graph.select(condition, a, b);
        Ok(self.slice(&longer, zero, count))
    }

    /// The shape of an array; where it is empty, the elements of which have not been seen, one like another.
    fn empty_like(&self, shape: &[NodeId], other: &[NodeId]) -> Vec<NodeId> {
        match self.graph.as_int(shape[0]) {
            Some(0) if shape.len() == 1 => [shape, &other[1..]].concat(),
            _ => shape.to_vec(),
        }
    }

    /// The parts of an array literal.
    fn literal_parts(&mut self, array: &Array) -> Option<Vec<Val>> {
        if *self.graph.op(array.node) != Op::Stack
            || !array.prefix.is_empty()
            || array.family != Family::Nested
        {
            return None;
        }
        let parts = self.graph.args(array.node);
        let is_number = self.rank(array) == 1;
        Some(
            parts
                .iter()
                .map(|&part| if is_number { Val::Scalar(part) } else { Array::nested(part) })
                .collect(),
        )
    }
}
