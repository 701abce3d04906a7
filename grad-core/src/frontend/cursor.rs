//! Iterators that are advanced by `next`: what they run over, and how many items have been taken.

use std::rc::Rc;

use proc_macro2::Span;

use super::iterator::{Items, Iter};
use super::place::Place;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::Val;
use crate::ir::{Cmp, IntOp, NodeId};

/// An iterator of which some items have been taken.
#[derive(Clone)]
pub struct Cursor {
    pub iter: Rc<Iter>,
    /// How many.
    pub at: NodeId,
}

impl Reader {
    /// An iterator of which nothing has been taken.
    pub fn cursor(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Cursor> {
        let iter = self.positions(iter, span)?;
        Ok(Cursor { iter, at: self.graph.usize(0) })
    }

    /// `it.next()`, if the variable holds an iterator.
    pub fn advance(&mut self, call: &syn::ExprMethodCall) -> Read<Option<Val>> {
        if call.method != "next" || !call.args.is_empty() {
            return Ok(None);
        }
        let span = call.method.span();
        let Some(place) = self.place(&call.receiver)? else { return Ok(None) };
        self.next_of(&place, span)
    }

    fn next_of(&mut self, place: &Place, span: Span) -> Read<Option<Val>> {
        let cursor = match self.scopes.held(place.root).clone() {
            Val::Cursor(cursor) => cursor,
            Val::Iter(iter) => self.cursor(&iter, span)?,
            Val::Range(range) => {
                let iter = self.iterate(Val::Range(range), span)?;
                self.cursor(&iter, span)?
            }
            _ => return Ok(None),
        };
        if !place.steps.is_empty() {
            return Err(Refused);
        }
        let extent = cursor.iter.extents[0];
        let exists = self.graph.compare(Cmp::Lt, cursor.at, extent);
        let item = self.under_condition(exists, |reader| reader.item_at(&cursor.iter, &[cursor.at], span))?;
        let one = self.graph.usize(1);
        let at = self.graph.int_op(IntOp::Add, &[cursor.at, one]);
        self.scopes.set(place.root, Val::Cursor(Cursor { at, ..cursor }));
        Ok(Some(Val::Optional(Box::new(item.value), Some(exists))))
    }

    /// The items that have not been taken.
    pub fn rest_of_cursor(&mut self, cursor: &Cursor) -> Rc<Iter> {
        let rest = self.graph.int_op(IntOp::SaturatingSub, &[cursor.iter.extents[0], cursor.at]);
        Rc::new(Iter::one(rest, Items::Skip(cursor.iter.clone(), cursor.at)))
    }
}
