//! What a loop may carry: values as the nodes in them.

use std::rc::Rc;

use proc_macro2::Span;

use super::cursor::Cursor;
use super::reader::Reader;
use super::record::Recorded;
use super::spans::{Read, Refused};
use super::value::{Array, Growing, Ordering, Val, Window};
use crate::ir::{Elem, IntOp, NodeId, Op};

pub const LENGTH: &str = "an array has another length after each iteration of this loop: keep it as long as it is at first, and \
     how many of its elements count in a variable";

impl Reader {
    pub fn carriable(&mut self, value: Val, elem: Option<Elem>, span: Span) -> Read<Val> {
        match value {
            Val::Scalar(node) => Ok(Val::Scalar(elem.map_or(node, |elem| self.settled_as(node, elem)))),
            Val::Constant(_) => {
                let elem = elem.unwrap_or(Elem::Float(self.literal));
                Ok(Val::Scalar(self.scalar_like(value, elem, span)?))
            }
            Val::Array(array) => {
                let node = self.array_node(&array);
                let node = match elem {
                    Some(elem) if self.graph.elem(node).is_open() => self.graph.close(node, elem),
                    _ => node,
                };
                Ok(Val::Array(Array::new(node, array.family)))
            }
            Val::Tuple(parts) => Ok(Val::Tuple(
                parts.into_iter().map(|part| self.carriable(part, None, span)).collect::<Read<_>>()?,
            )),
            Val::Columns(parts) => Ok(Val::Columns(
                parts.into_iter().map(|part| self.carriable(part, None, span)).collect::<Read<_>>()?,
            )),
            Val::Iter(iter) => self.cursor(&iter, span).map(Val::Cursor),
            Val::Range(_) => {
                let iter = self.iterate(value, span)?;
                self.cursor(&iter, span).map(Val::Cursor)
            }
            Val::Cursor(cursor) => Ok(Val::Cursor(cursor)),
            Val::Optional(value, exists) => self.carriable_option(*value, exists, span),
            Val::Undefined | Val::Stale => Ok(Val::Undefined),
            Val::Growing(_) | Val::Recorded(_) | Val::Window(_) | Val::Apart(_) => Ok(value),
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("{} cannot change in a loop", other.kind())),
        }
    }

    /// A number that was a literal as one of this type.
    pub fn settled_as(&mut self, node: NodeId, elem: Elem) -> NodeId {
        let own = self.graph.elem(node);
        if !own.is_open() || own.is_float() != elem.is_float() {
            return node;
        }
        let closed = self.graph.close(node, elem);
        // What a loop around this one carries gets its type when that is read again.
        match self.graph.elem(closed).is_open() && self.graph.rank(closed) == 0 {
            true => self.graph.cast(elem, closed),
            false => closed,
        }
    }

    /// A value with other nodes in it.
    pub fn relabel(&mut self, value: &Val, new: &mut dyn FnMut(&mut Reader, NodeId) -> NodeId) -> Val {
        match value {
            Val::Scalar(node) => Val::Scalar(new(self, *node)),
            Val::Array(array) => Val::Array(Array::new(new(self, array.node), array.family)),
            Val::Growing(growing) => {
                let storage = new(self, growing.storage);
                let len = if growing.counted { new(self, growing.len) } else { growing.len };
                Val::Growing(Growing { storage, len, ..*growing })
            }
            Val::Window(window) => {
                let (start, len) = (new(self, window.start), new(self, window.len));
                Val::Window(Window { start, len, ..window.clone() })
            }
            Val::Ordering(Ordering { less, greater }) => {
                let (less, greater) = (new(self, *less), new(self, *greater));
                Val::Ordering(Ordering { less, greater })
            }
            Val::Cursor(cursor) => {
                let at = new(self, cursor.at);
                Val::Cursor(Cursor { at, ..cursor.clone() })
            }
            Val::Recorded(recorded) => {
                let tail = recorded.tail.iter().map(|&element| new(self, element)).collect();
                let len = new(self, recorded.len);
                Val::Recorded(Recorded { tail, len, ..recorded.clone() })
            }
            // Of what is never there nothing is known yet.
            Val::Optional(value, exists) if !matches!(**value, Val::Undefined) => {
                let value = self.relabel(value, new);
                let exists = exists.map(|exists| new(self, exists));
                Val::Optional(Box::new(value), exists)
            }
            Val::Tuple(parts) => Val::Tuple(parts.iter().map(|part| self.relabel(part, new)).collect()),
            Val::Columns(parts) => Val::Columns(parts.iter().map(|part| self.relabel(part, new)).collect()),
            other => other.clone(),
        }
    }

    /// The nodes of a value that is shaped as another.
    pub fn agreeing(&mut self, before: &Val, after: Val, nodes: &mut Vec<NodeId>, span: Span) -> Read<()> {
        match (before, after) {
            (Val::Scalar(node), after) => {
                let elem = self.graph.elem(*node);
                let after = self.scalar_like(after, elem, span)?;
                nodes.push(after);
                Ok(())
            }
            (Val::Array(before), Val::Array(after)) => {
                let node = self.array_node(&after);
                let node = self.graph.close(node, self.graph.elem(before.node));
                let (old, new) =
                    (self.graph.ty(before.node).shape.clone(), self.graph.ty(node).shape.clone());
                if old.len() != new.len() {
                    return self.refuse(span, "an array changes its number of axes in this loop");
                }
                for (old, new) in old.into_iter().zip(new) {
                    if self.never_as_long(new, old) {
                        return self.refuse(span, LENGTH);
                    }
                    self.same_extent(old, new, "an array that this loop changes needs", span)?;
                }
                nodes.push(node);
                Ok(())
            }
            (Val::Growing(before), Val::Growing(after)) => {
                nodes.push(after.storage);
                if before.counted {
                    nodes.push(self.graph.close(after.len, Elem::USIZE));
                }
                Ok(())
            }
            (Val::Window(before), Val::Window(after)) if before.of == after.of => {
                nodes.extend([after.start, after.len]);
                Ok(())
            }
            (Val::Cursor(before), Val::Cursor(after)) if Rc::ptr_eq(&before.iter, &after.iter) => {
                nodes.push(after.at);
                Ok(())
            }
            (Val::Recorded(before), Val::Recorded(after)) => {
                let parts = before.tail.iter().zip(&after.tail).chain([(&before.len, &after.len)]);
                for (&before, &after) in parts {
                    nodes.push(self.graph.close(after, self.graph.elem(before)));
                }
                Ok(())
            }
            (Val::Tuple(before), Val::Tuple(after)) | (Val::Columns(before), Val::Columns(after))
                if before.len() == after.len() =>
            {
                before.iter().zip(after).try_for_each(|(b, a)| self.agreeing(b, a, nodes, span))
            }
            (Val::Optional(before, _), Val::Optional(after, exists)) => {
                let exists = exists.unwrap_or_else(|| self.graph.bool(true));
                let after = match *after {
                    Val::Undefined => (**before).clone(),
                    after => after,
                };
                let after = self.carriable_option(after, Some(exists), span)?;
                let Val::Optional(after, _) = after else { return Err(Refused) };
                self.agreeing(before, *after, nodes, span)?;
                if !matches!(**before, Val::Undefined) {
                    nodes.push(exists);
                }
                Ok(())
            }
            (Val::Undefined, Val::Undefined) => Ok(()),
            (Val::Apart(before), Val::Apart(after)) if *before == after => Ok(()),
            (_, Val::Poison) => Err(Refused),
            (before, after) => {
                let message = format!("{} cannot become {} in a loop", before.kind(), after.kind());
                self.refuse(span, message)
            }
        }
    }

    /// A placeholder for a value that is never read.
    pub fn nothing_like(&mut self, node: NodeId) -> NodeId {
        let ty = self.graph.ty(node).clone();
        let zero = self.graph.zero(ty.elem);
        if ty.shape.is_empty() {
            return zero;
        }
        self.tabulate(&ty.shape, |_, _| zero)
    }

    /// Whether a length is another one, whatever that is: `n - 1` for `n`, or `n / 2`.
    fn never_as_long(&self, new: NodeId, old: NodeId) -> bool {
        let args = self.graph.args(new);
        match *self.graph.op(new) {
            Op::Int(IntOp::Add | IntOp::Sub | IntOp::SaturatingSub | IntOp::Div) => {
                args.contains(&old) || self.never_as_long(args[0], old)
            }
            _ => false,
        }
    }
}
