//! Methods that turn an iterator into another.

use std::rc::Rc;

use proc_macro2::Span;

use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::types::Ty;
use super::value::Val;
use crate::ir::{IntOp, NodeId};

/// The adapters, as messages list them.
pub const ADAPTERS: [&str; 15] = [
    "iter",
    "into_iter",
    "copied",
    "cloned",
    "by_ref",
    "enumerate",
    "zip",
    "map",
    "rev",
    "take",
    "skip",
    "step_by",
    "filter",
    "chain",
    "flatten",
];

impl Reader {
    /// The adapter of this name, if there is one.
    pub fn adapter(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Option<Read<Val>> {
        let span = arguments.span;
        let made = match arguments.name.as_str() {
            "iter" | "into_iter" | "copied" | "cloned" | "by_ref" => Ok(Val::Iter(iter.clone())),
            "map" => arguments
                .one(self)
                .map(|f| Iter { extents: iter.extents.clone(), items: Items::Map(iter.clone(), f) }.into()),
            "filter" => arguments.one(self).map(|f| {
                Iter { extents: iter.extents.clone(), items: Items::Filter(iter.clone(), f) }.into()
            }),
            "enumerate" => self
                .positions(iter, span)
                .map(|iter| Iter::one(iter.extents[0], Items::Enumerate(iter)).into()),
            "zip" => self.zip_with(iter, arguments),
            "rev" if iter.extents.len() == 1 => {
                Ok(Iter::one(iter.extents[0], Items::Rev(iter.clone())).into())
            }
            "rev" => self.flat(iter, span).map(Val::Iter),
            "take" | "skip" | "step_by" => self.part_of(iter, arguments),
            "chain" => self.chain(iter, arguments),
            "flatten" => self.flatten(iter, span),
            _ => return None,
        };
        Some(made)
    }

    /// An iterator whose items have positions: not filtered, over one axis.
    pub fn positions(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Rc<Iter>> {
        if iter.is_filtered() {
            let kept = self.gather(iter, &Ty::Infer, span)?;
            return self.iterate(kept, span);
        }
        self.flat(iter, span)
    }

    fn zip_with(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let other = arguments.one(self)?;
        let other = self.iterate(other, span)?;
        self.zip(iter, &other, span)
    }

    pub fn zip(&mut self, a: &Rc<Iter>, b: &Rc<Iter>, span: Span) -> Read<Val> {
        if a.extents.len() > 1 && a.extents.len() == b.extents.len() && !a.is_filtered() && !b.is_filtered() {
            let mut extents = Vec::new();
            for (&left, &right) in a.extents.iter().zip(&b.extents) {
                extents.push(self.same_extent(left, right, "`zip` over all elements needs", span)?);
            }
            return Ok(Iter { extents, items: Items::Zip(a.clone(), b.clone()) }.into());
        }
        let (a, b) = (self.positions(a, span)?, self.positions(b, span)?);
        let extent = self.graph.int_op(IntOp::Min, &[a.extents[0], b.extents[0]]);
        let (a, b) = (self.shortened(&a, extent), self.shortened(&b, extent));
        Ok(Iter::one(extent, Items::Zip(a, b)).into())
    }

    /// The first items: what counts from the end still does so from the old end.
    fn shortened(&mut self, iter: &Rc<Iter>, extent: NodeId) -> Rc<Iter> {
        if iter.extents[0] == extent {
            return iter.clone();
        }
        let zero = self.graph.usize(0);
        Rc::new(Iter::one(extent, Items::Skip(iter.clone(), zero)))
    }

    fn part_of(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let count = arguments.one(self)?;
        let count = self.usize_node(count, span)?;
        let count = self.graph.close(count, crate::ir::Elem::USIZE);
        let iter = self.positions(iter, span)?;
        let extent = iter.extents[0];
        Ok(match arguments.name.as_str() {
            "take" => {
                let extent = self.graph.int_op(IntOp::Min, &[extent, count]);
                Val::Iter(self.shortened(&iter, extent))
            }
            "skip" => {
                let rest = self.graph.int_op(IntOp::SaturatingSub, &[extent, count]);
                Iter::one(rest, Items::Skip(iter, count)).into()
            }
            _ => {
                let rest = self.ceiling_div(extent, count);
                Iter::one(rest, Items::StepBy(iter, count)).into()
            }
        })
    }

    /// `a.div_ceil(b)`.
    pub fn ceiling_div(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let one = self.graph.usize(1);
        let less = self.graph.int_op(IntOp::Sub, &[b, one]);
        let sum = self.graph.int_op(IntOp::Add, &[a, less]);
        self.graph.int_op(IntOp::Div, &[sum, b])
    }

    fn chain(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let other = arguments.one(self)?;
        let other = self.iterate(other, span)?;
        let (a, b) = (self.positions(iter, span)?, self.positions(&other, span)?);
        let extent = self.graph.int_op(IntOp::Add, &[a.extents[0], b.extents[0]]);
        Ok(Iter::one(extent, Items::Chain(a, b)).into())
    }

    /// The elements of the items, where those are arrays of one shape.
    fn flatten(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Val> {
        match &iter.items {
            Items::Parts(array) if array.family == super::value::Family::Nested => {
                let shape = self.shape(array);
                if shape.len() > iter.extents.len() {
                    let extents = shape[..=iter.extents.len()].to_vec();
                    return Ok(Iter { extents, items: Items::Parts(array.clone()) }.into());
                }
                self.refuse(span, "the items are numbers: there is nothing to flatten")
            }
            _ => self.refuse(
                span,
                "only the rows of an array can be flattened: write `a.iter().flatten()`, or sum each row first",
            ),
        }
    }
}
