//! Methods that pick one of the items of an iterator: `position`, `find`, `max_by`, `last` and their like. Which one
//! it is is an integer; the item is read at its place.

use std::rc::Rc;

use proc_macro2::Span;

use super::adapter::ENDLESS;
use super::derived::POSITION;
use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::order::Comparison;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::Val;
use crate::ir::{Cmp, IntOp, NodeId};

/// The methods that pick an item, as messages list them.
pub const SEARCHES: [&str; 15] = [
    "position",
    "rposition",
    "find",
    "find_map",
    "max",
    "min",
    "max_by",
    "min_by",
    "max_by_key",
    "min_by_key",
    "reduce",
    "last",
    "nth",
    "next",
    "try_fold",
];

impl Reader {
    /// The item that this method picks, if there is such a method.
    pub fn search(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Option<Read<Val>> {
        let name = arguments.name.clone();
        if !SEARCHES.contains(&name.as_str()) {
            return None;
        }
        Some(self.positions(iter, arguments.span).and_then(|iter| match name.as_str() {
            "position" | "rposition" | "find" | "find_map" => self.found(iter, arguments),
            "last" | "nth" | "next" => self.item_of(&iter, arguments),
            "reduce" => self.reduced(&iter, arguments),
            "try_fold" => {
                self.refuse(arguments.span, "`try_fold` cannot be read: write a `for` loop with `break`")
            }
            _ => self.extreme(&iter, arguments),
        }))
    }

    /// The item at an index, where there is one.
    fn at_index(&mut self, iter: &Iter, index: NodeId, exists: NodeId, span: Span) -> Read<Val> {
        let item = self.under_condition(exists, |reader| reader.item_at(iter, &[index], span))?;
        Ok(Val::Optional(Box::new(item.value), Some(exists)))
    }

    /// `position`, `rposition`, `find` and `find_map`.
    fn found(&mut self, iter: Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let test = arguments.one(self)?;
        let extent = iter.extents[0];
        let name = arguments.name.as_str();
        let searched = match name {
            "rposition" if self.is_endless(extent) => return self.refuse(span, ENDLESS),
            "rposition" => Rc::new(Iter::one(extent, Items::Rev(iter.clone()))),
            _ => iter.clone(),
        };
        let (searched, test) = match name {
            "find_map" => {
                let made = Items::Exists(searched.clone(), test.clone());
                (
                    Rc::new(Iter::one(extent, made)),
                    Val::Function(Rc::new(syn::parse_quote!(std::convert::identity))),
                )
            }
            _ => (searched, test),
        };
        let found = self.derived(POSITION, vec![Val::Iter(searched), test.clone()], span)?;
        let Val::Tuple(parts) = found else { return Err(Refused) };
        let [at, exists] = <[Val; 2]>::try_from(parts).map_err(|_| Refused)?;
        let at = self.usize_node(at, span)?;
        let exists = self.bool_node(exists, span)?;
        match name {
            "position" => Ok(Val::Optional(Box::new(Val::Scalar(at)), Some(exists))),
            "rposition" => {
                let one = self.graph.usize(1);
                let next = self.graph.int_op(IntOp::Add, &[at, one]);
                let at = self.graph.int_op(IntOp::Sub, &[extent, next]);
                Ok(Val::Optional(Box::new(Val::Scalar(at)), Some(exists)))
            }
            "find_map" => {
                let made = Iter::one(extent, Items::MapSome(iter, test));
                self.at_index(&made, at, exists, span)
            }
            _ => self.at_index(&iter, at, exists, span),
        }
    }

    /// `last`, `nth(k)`, and `next` of an iterator that is not advanced further.
    fn item_of(&mut self, iter: &Iter, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let extent = iter.extents[0];
        let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
        let (index, exists) = match arguments.name.as_str() {
            "last" if self.is_endless(extent) => return self.refuse(span, ENDLESS),
            "last" => {
                let exists = self.graph.compare(Cmp::Gt, extent, zero);
                (self.graph.int_op(IntOp::Sub, &[extent, one]), exists)
            }
            "next" => (zero, self.graph.compare(Cmp::Gt, extent, zero)),
            _ => {
                let index = arguments.one(self)?;
                let index = self.usize_node(index, span)?;
                let index = self.graph.close(index, crate::ir::Elem::USIZE);
                (index, self.graph.compare(Cmp::Lt, index, extent))
            }
        };
        self.at_index(iter, index, exists, span)
    }

    /// `reduce`: a fold from the first item.
    fn reduced(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let extent = iter.extents[0];
        if self.is_endless(extent) {
            return self.refuse(span, ENDLESS);
        }
        let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
        let exists = self.graph.compare(Cmp::Gt, extent, zero);
        let Val::Optional(first, _) = self.at_index(iter, zero, exists, span)? else { return Err(Refused) };
        let first = self.where_exists(exists, &first);
        let rest = self.graph.int_op(IntOp::SaturatingSub, &[extent, one]);
        let rest = Rc::new(Iter::one(rest, Items::Skip(iter.clone(), one)));
        let mut fold = Arguments {
            name: "fold".to_string(),
            span,
            values: vec![first, function],
            turbofish: Vec::new(),
            want: Ty::Infer,
        };
        let value = self.consume(&rest, &mut fold).unwrap_or(Err(Refused))?;
        Ok(Val::Optional(Box::new(value), Some(exists)))
    }

    /// `max`, `min` and their like: which item it is is carried.
    fn extreme(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let (name, key) = match arguments.name.split_once('_') {
            Some((name, _)) => (name.to_string(), Some(arguments.one(self)?)),
            None => (arguments.name.clone(), None),
        };
        let how = match key {
            None => Comparison::Own,
            Some(key) if arguments.name.ends_with("key") => Comparison::Key(key),
            Some(compare) => Comparison::By(compare),
        };
        let extent = iter.extents[0];
        if self.is_endless(extent) {
            return self.refuse(span, ENDLESS);
        }
        let zero = self.graph.int(0, crate::ir::Int::Usize);
        let best = self.fold(&[extent], &[zero], &mut |reader, index, best| {
            let old = reader.item_at(iter, best, span)?.value;
            let new = reader.item_at(iter, index, span)?.value;
            let ordering = reader.compare_by(&how, old, new, span)?;
            // Of equal ones the last is the greatest, and the first the least.
            let taken = if name == "max" { reader.graph.not(ordering.greater) } else { ordering.greater };
            Ok(vec![reader.graph.select(taken, index[0], best[0])])
        })?;
        let exists = self.graph.compare(Cmp::Gt, extent, zero);
        self.at_index(iter, best[0], exists, span)
    }
}
