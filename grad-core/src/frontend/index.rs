//! Indexing: `a[i]`, `a[i..j]`, `a[[i, j]]`.

use proc_macro2::Span;
use syn::ExprIndex;

use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Range, Val};
use crate::ir::{Elem, Int, IntOp, NodeId};

impl Reader {
    pub fn index(&mut self, index: &ExprIndex) -> Read<Val> {
        let span = token(&index.index);
        let base = self.value(&index.expr).and_then(|base| self.loaded(base, span));
        let value = self.expr(&index.index, &Ty::Infer);
        match (base?, value?) {
            (Val::Poison, _) | (_, Val::Poison) => Err(Refused),
            (Val::Array(array), value) if array.family == Family::NdArray => {
                self.index_ndarray(&array, value, span)
            }
            (Val::Array(array), Val::Range(range)) => self.index_range(&array, range, span),
            (Val::Array(array), value) => {
                let index = self.usize_node(value, span)?;
                Ok(self.part(&array, &[index]))
            }
            (Val::Recorded(recorded), value) => self.index_recorded(&recorded, value, span),
            (Val::Columns(columns), Val::Range(range)) => self.columns_range(columns, range, span),
            (Val::Columns(columns), value) => {
                let index = self.usize_node(value, span)?;
                self.columns_at(columns, index)
            }
            (Val::Pending(pending), value) => {
                let index = self.usize_node(value, span)?;
                self.call_value(&pending.function, vec![Val::Scalar(index)], span)
            }
            (Val::Constant(text), Val::Scalar(at)) if self.graph.as_int(at).is_some() => {
                let at = self.graph.as_int(at).unwrap_or(0);
                Ok(Val::Constant(format!("{text}[{at}]").into()))
            }
            (Val::Constant(_), _) => self.refuse(token(&index.expr), super::reader::CONSTANT_ARRAY),
            (other, _) => self.refuse(span, format!("{} cannot be indexed", other.kind())),
        }
    }

    /// `a[i..j]` of a sequence of tuples.
    fn columns_range(&mut self, columns: Vec<Val>, range: Range, span: Span) -> Read<Val> {
        let parts = columns.into_iter().map(|column| match column {
            Val::Array(array) => self.index_range(&array, range, span),
            Val::Columns(inner) => self.columns_range(inner, range, span),
            _ => Err(Refused),
        });
        Ok(Val::Columns(parts.collect::<Read<_>>()?))
    }

    pub fn columns_at(&mut self, columns: Vec<Val>, index: NodeId) -> Read<Val> {
        let mut parts = Vec::new();
        for column in columns {
            parts.push(match column {
                Val::Array(array) => self.part(&array, &[index]),
                Val::Columns(inner) => self.columns_at(inner, index)?,
                _ => return Err(Refused),
            });
        }
        Ok(Val::Tuple(parts))
    }

    /// `a[i..j]`.
    fn index_range(&mut self, array: &Array, range: Range, span: Span) -> Read<Val> {
        let (start, count) = self.range_of(array, range, span)?;
        Ok(self.slice(array, start, count))
    }

    /// Where a range of an array starts, and how many there are.
    pub fn range_of(&mut self, array: &Array, range: Range, span: Span) -> Read<(NodeId, NodeId)> {
        let extent = self.shape(array)[0];
        let usize = Elem::USIZE;
        let start = match range.start {
            Some(start) => self.scalar_like(Val::Scalar(start), usize, span)?,
            None => self.graph.usize(0),
        };
        let end = match range.end {
            Some(end) => self.scalar_like(Val::Scalar(end), usize, span)?,
            None => extent,
        };
        // What a loop carries gets its type when the loop is read again.
        let [start, end] = [start, end].map(|bound| match self.graph.elem(bound) {
            Elem::Int(Int::Open) => self.graph.cast(usize, bound),
            _ => bound,
        });
        if self.graph.elem(start) != usize || self.graph.elem(end) != usize {
            return self.refuse(span, "the bounds of a slice have to be `usize`");
        }
        let one = self.graph.int(1, Int::Usize);
        let end = if range.closed { self.graph.int_op(IntOp::Add, &[end, one]) } else { end };
        let count = self.graph.int_op(IntOp::Sub, &[end, start]);
        Ok((start, count))
    }

    fn index_ndarray(&mut self, array: &Array, value: Val, span: Span) -> Read<Val> {
        let index = self.ndarray_index(array, value, span)?;
        Ok(Val::Scalar(self.element(array, &index)))
    }

    /// `a[[i, j]]`, `a[(i, j)]`, or `a[i]` of one axis.
    pub fn ndarray_index(&mut self, array: &Array, value: Val, span: Span) -> Read<Vec<NodeId>> {
        let index: Vec<NodeId> = match value {
            Val::Tuple(parts) => {
                parts.into_iter().map(|part| self.usize_node(part, span)).collect::<Read<_>>()?
            }
            Val::Array(literal) if literal.family == Family::Nested => {
                let count = self.rank(array);
                (0..count)
                    .map(|k| {
                        let at = self.graph.usize(k);
                        let value = self.part(&literal, &[at]);
                        self.usize_node(value, span)
                    })
                    .collect::<Read<_>>()?
            }
            value => vec![self.usize_node(value, span)?],
        };
        if index.len() != self.rank(array) {
            let axes = super::messages::count(self.rank(array), "axis");
            let message =
                format!("this array has {axes}, and as many indices are needed, not {}", index.len());
            return self.refuse(span, message);
        }
        Ok(index)
    }

    /// Two arrays that have to be of one shape.
    pub fn same_shape(&mut self, a: NodeId, b: NodeId, reason: &'static str, span: Span) -> Read<()> {
        let (left, right) = (self.graph.ty(a).shape.clone(), self.graph.ty(b).shape.clone());
        if left.len() != right.len() {
            return self.refuse(
                span,
                format!("{reason} equal shapes, but these have {} and {} axes", left.len(), right.len()),
            );
        }
        for (left, right) in left.into_iter().zip(right) {
            self.same_extent(left, right, reason, span)?;
        }
        Ok(())
    }
}
