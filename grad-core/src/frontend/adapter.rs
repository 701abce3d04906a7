//! Methods that turn an iterator into another.

use std::rc::Rc;

use proc_macro2::Span;

use super::derived::{FLAT_MAP, SCAN, SUCCESSORS, WHILE, WHILE_SOME};
use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::types::Ty;
use super::value::Val;
use crate::ir::{IntOp, NodeId};

/// What is said of an iterator that is used up but has no end.
pub const ENDLESS: &str = "this iterator has no end: take so many items with `take(n)` first";

/// The adapters, as messages list them.
pub const ADAPTERS: [&str; 22] = [
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
    "filter_map",
    "flat_map",
    "take_while",
    "skip_while",
    "map_while",
    "scan",
    "cycle",
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
                Iter { extents: iter.extents.clone(), items: Items::Filter(iter.clone(), f, true) }.into()
            }),
            "filter_map" => arguments.one(self).map(|f| {
                Iter { extents: iter.extents.clone(), items: Items::FilterMap(iter.clone(), f) }.into()
            }),
            "flat_map" => arguments.one(self).and_then(|f| self.flat_map(iter, f, span)),
            "take_while" | "skip_while" | "map_while" => self.part_while(iter, arguments),
            "scan" => self.scan(iter, arguments),
            "cycle" => {
                self.positions(iter, span).map(|iter| Iter::one(self.endless(), Items::Cycle(iter)).into())
            }
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
        let (a, b) = (self.taken(&a, b.extents[0], span)?, self.taken(&b, a.extents[0], span)?);
        let extent = self.shorter(&a, &b);
        let (a, b) = (self.shortened(&a, extent), self.shortened(&b, extent));
        Ok(Iter::one(extent, Items::Zip(a, b)).into())
    }

    /// Of items that are each made of the one before, as many as may be needed: made at once.
    fn taken(&mut self, iter: &Rc<Iter>, count: NodeId, span: Span) -> Read<Rc<Iter>> {
        let Items::Successors(first, next) = &iter.items else { return Ok(iter.clone()) };
        if self.is_endless(count) {
            return self.refuse(span, ENDLESS);
        }
        let values = vec![first.clone(), next.clone(), Val::Scalar(count)];
        let made = self.derived(SUCCESSORS, values, span)?;
        self.iterate(made, span)
    }

    /// How many items both have.
    fn shorter(&mut self, a: &Iter, b: &Iter) -> NodeId {
        let (left, right) = (a.extents[0], b.extents[0]);
        match (self.is_endless(left), self.is_endless(right)) {
            (true, _) => right,
            (_, true) => left,
            _ => self.graph.int_op(IntOp::Min, &[left, right]),
        }
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
        let iter = if arguments.name == "take" { self.taken(&iter, count, span)? } else { iter };
        let extent = iter.extents[0];
        Ok(match arguments.name.as_str() {
            "take" if self.is_endless(extent) => Val::Iter(self.shortened(&iter, count)),
            "take" => {
                let extent = self.graph.int_op(IntOp::Min, &[extent, count]);
                Val::Iter(self.shortened(&iter, extent))
            }
            "skip" if self.is_endless(extent) => Iter::one(extent, Items::Skip(iter, count)).into(),
            _ if self.is_endless(extent) => Iter::one(extent, Items::StepBy(iter, count)).into(),
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
        if self.is_endless(a.extents[0]) {
            return Ok(Val::Iter(a));
        }
        let extent = match self.is_endless(b.extents[0]) {
            true => b.extents[0],
            false => self.graph.int_op(IntOp::Add, &[a.extents[0], b.extents[0]]),
        };
        Ok(Iter::one(extent, Items::Chain(a, b)).into())
    }

    /// The elements of the items: of the rows of an array, or of what else has items.
    pub fn flatten(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Val> {
        match &iter.items {
            Items::Parts(array) if array.family == super::value::Family::Nested => {
                let shape = self.shape(array);
                if shape.len() > iter.extents.len() {
                    let extents = shape[..=iter.extents.len()].to_vec();
                    return Ok(Iter { extents, items: Items::Parts(array.clone()) }.into());
                }
                self.refuse(span, "the items are numbers: there is nothing to flatten")
            }
            _ => {
                let item: syn::Path = syn::parse_quote!(std::convert::identity);
                self.flat_map(iter, Val::Function(Rc::new(item)), span)
            }
        }
    }

    /// The items of what a closure makes of each item.
    fn flat_map(&mut self, iter: &Rc<Iter>, function: Val, span: Span) -> Read<Val> {
        if iter.extents.iter().any(|&extent| self.is_endless(extent)) {
            return self.refuse(span, ENDLESS);
        }
        // What is made of one item, of which only the number of its items is looked at.
        let vars: Vec<_> = iter.extents.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        let index: Vec<NodeId> = vars.iter().map(|&var| self.graph.index(var)).collect();
        let part = self.under_vars(&vars, |reader| {
            let item = reader.item_at(iter, &index, span)?;
            let made = match item.guard {
                Some(guard) => reader
                    .under_condition(guard, |reader| reader.call_value(&function, vec![item.value], span))?,
                None => reader.call_value(&function, vec![item.value], span)?,
            };
            match made {
                Val::Optional(..) => Ok(None),
                made => reader.iterate(made, span).map(Some),
            }
        })?;
        let Some(part) = part else {
            return Ok(Iter {
                extents: iter.extents.clone(),
                items: Items::FilterMap(iter.clone(), function),
            }
            .into());
        };
        let varies =
            part.extents.iter().any(|&extent| vars.iter().any(|&var| self.graph.depends_on(extent, var)));
        if varies || part.is_filtered() {
            let zeros = vec![self.graph.usize(0); part.extents.len()];
            if self.item_at(&part, &zeros, span)?.value.refers() {
                return self.refuse(
                    span,
                    "what is changed here differs in length: write a `for` loop inside another",
                );
            }
            let made = self.derived(FLAT_MAP, vec![Val::Iter(iter.clone()), function], span)?;
            return self.iterate(made, span).map(Val::Iter);
        }
        let extents = [&iter.extents[..], &part.extents[..]].concat();
        Ok(Iter { extents, items: Items::FlatMap(iter.clone(), function) }.into())
    }

    /// `take_while`, `skip_while`, `map_while`: so many items are before the first that is another.
    fn part_while(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let iter = self.positions(iter, span)?;
        let source = if arguments.name == "map_while" { WHILE_SOME } else { WHILE };
        let count = self.derived(source, vec![Val::Iter(iter.clone()), function.clone()], span)?;
        let count = self.usize_node(count, span)?;
        let extent = iter.extents[0];
        Ok(match arguments.name.as_str() {
            "skip_while" if self.is_endless(extent) => Iter::one(extent, Items::Skip(iter, count)).into(),
            "skip_while" => {
                let rest = self.graph.int_op(IntOp::Sub, &[extent, count]);
                Iter::one(rest, Items::Skip(iter, count)).into()
            }
            "map_while" => {
                let first = self.shortened(&iter, count);
                Iter::one(count, Items::MapSome(first, function)).into()
            }
            _ => Val::Iter(self.shortened(&iter, count)),
        })
    }

    /// What a closure makes of the items and of a state that it changes: made at once.
    fn scan(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [first, step] = arguments.take(self)?;
        if self.is_endless(iter.extents[0]) {
            return self.refuse(span, ENDLESS);
        }
        let made = self.derived(SCAN, vec![Val::Iter(iter.clone()), first, step], span)?;
        self.iterate(made, span).map(Val::Iter)
    }
}
