//! Methods that use an iterator up: `sum`, `fold`, `collect` and their like.

use std::rc::Rc;

use proc_macro2::Span;

use super::adapter::ENDLESS;
use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::place::Place;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Val};
use crate::ir::function::Layout;
use crate::ir::{Elem, Fold, Int, IntOp, Logic, NodeId};

/// What an iterator can be used up by, as messages list them.
pub const CONSUMERS: [&str; 11] =
    ["sum", "product", "fold", "collect", "count", "len", "for_each", "all", "any", "unzip", "partition"];

/// What is said of a sequence of mutable references.
pub const KEPT_PLACES: &str = "references to what may be changed cannot be kept: change it in a `for` loop, with `if` for \
     what is chosen";

impl Reader {
    /// The result of using an iterator up by this method, if there is such a method.
    pub fn consume(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Option<Read<Val>> {
        let span = arguments.span;
        let ty = arguments.turbofish.first().cloned().unwrap_or(arguments.want.clone());
        if CONSUMERS.contains(&arguments.name.as_str())
            && iter.extents.iter().any(|&extent| self.is_endless(extent))
        {
            return Some(self.refuse(span, ENDLESS));
        }
        Some(match arguments.name.as_str() {
            "unzip" => self.unzip(iter, &ty, span),
            "partition" => self.partition(iter, arguments),
            "sum" => self.sum(iter, ty.elem(), span),
            "product" => self.product(iter, ty.elem(), span),
            "fold" => self.fold_method(iter, arguments),
            "collect" => self.collect(iter, &ty, span),
            "count" => self.count_items(iter, span),
            "len" => self.length(iter, span),
            "for_each" => self.for_each(iter, arguments),
            "all" => self.all(iter, Logic::And, arguments),
            "any" => self.all(iter, Logic::Or, arguments),
            _ => return None,
        })
    }

    /// The item at an index, a number, of the type that is asked for.
    fn number_at(
        &mut self,
        iter: &Iter,
        index: &[NodeId],
        elem: Option<Elem>,
        span: Span,
    ) -> Read<(NodeId, Option<NodeId>)> {
        let item = self.item_at(iter, index, span)?;
        let node = match elem {
            Some(elem) => self.scalar_like(item.value, elem, span)?,
            None => self.scalar(item.value, span)?,
        };
        Ok((node, item.guard))
    }

    /// A sum as `Iterator::sum` takes it: from −0.0, in order.
    fn sum(&mut self, iter: &Rc<Iter>, elem: Option<Elem>, span: Span) -> Read<Val> {
        if let [extent] = iter.extents[..] {
            let (var, body) = self.under(extent, |reader, var| {
                let index = reader.graph.index(var);
                let (node, guard) = reader.number_at(iter, &[index], elem, span)?;
                let neutral = reader.neutral(Fold::Sum, node);
                Ok((var, guard.map_or(node, |guard| reader.graph.select(guard, node, neutral))))
            })?;
            let init = self.neutral(Fold::Sum, body);
            return Ok(Val::Scalar(self.graph.reduce(Fold::Sum, var, init, body)));
        }
        let init = self.float_init(-0.0, elem);
        self.accumulate(iter, init, elem, span, |reader, acc, x| match reader.graph.elem(x) {
            Elem::Float(_) => reader.graph.plus(acc, x),
            _ => reader.graph.int_op(IntOp::Add, &[acc, x]),
        })
    }

    /// What changes nothing when it is folded in, of the type of `like`.
    fn neutral(&mut self, fold: Fold, like: NodeId) -> NodeId {
        match (self.graph.elem(like), fold) {
            (Elem::Int(int), _) => self.graph.int(0, int),
            (_, Fold::Sum) => self.graph.float_like(-0.0, like),
            (_, Fold::Max) => self.graph.float_like(f64::NEG_INFINITY, like),
            (_, Fold::Min) => self.graph.float_like(f64::INFINITY, like),
        }
    }

    fn float_init(&mut self, value: f64, elem: Option<Elem>) -> NodeId {
        match elem {
            Some(Elem::Float(float)) => self.graph.float(value, float),
            Some(Elem::Int(int)) => self.graph.int(value as i128, int),
            _ => self.graph.float(value, self.literal),
        }
    }

    fn product(&mut self, iter: &Rc<Iter>, elem: Option<Elem>, span: Span) -> Read<Val> {
        let init = self.float_init(1.0, elem);
        self.accumulate(iter, init, elem, span, |reader, acc, x| match reader.graph.elem(x) {
            Elem::Float(_) => reader.graph.mul(acc, x),
            _ => reader.graph.int_op(IntOp::Mul, &[acc, x]),
        })
    }

    /// Folds numbers into one.
    fn accumulate(
        &mut self,
        iter: &Rc<Iter>,
        init: NodeId,
        elem: Option<Elem>,
        span: Span,
        combine: fn(&mut Reader, NodeId, NodeId) -> NodeId,
    ) -> Read<Val> {
        let result = self.fold(&iter.extents, &[init], &mut |reader, index, acc| {
            let (node, guard) = reader.number_at(iter, index, elem, span)?;
            let next = combine(reader, acc[0], node);
            Ok(vec![guard.map_or(next, |guard| reader.graph.select(guard, next, acc[0]))])
        })?;
        Ok(Val::Scalar(result[0]))
    }

    // ---- fold ------------------------------------------------------------------------------------------

    fn fold_method(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [init, function] = arguments.take(self)?;
        let init = self.coerce(init, &arguments.want, span)?;
        let mut leaves = Vec::new();
        self.flatten_value(&init, &mut leaves, span)?;
        let result = self.fold(&iter.extents, &leaves, &mut |reader, index, acc| {
            let template = reader.unflatten(&init, &mut acc.iter().copied());
            let item = reader.item_at(iter, index, span)?;
            let arguments = vec![template.clone(), item.value];
            let next = match item.guard {
                Some(guard) => {
                    reader.under_condition(guard, |reader| reader.call_value(&function, arguments, span))
                }
                None => reader.call_value(&function, arguments, span),
            }?;
            let mut leaves = Vec::new();
            reader.conform(next, &template, &mut leaves, span)?;
            if let Some(guard) = item.guard {
                for (leaf, &before) in leaves.iter_mut().zip(acc) {
                    *leaf = reader.select_node(guard, *leaf, before);
                }
            }
            Ok(leaves)
        })?;
        Ok(self.unflatten(&init, &mut result.into_iter()))
    }

    /// `if condition { a } else { b }` on numbers or whole arrays.
    fn select_node(&mut self, condition: NodeId, a: NodeId, b: NodeId) -> NodeId {
        let shape = self.graph.ty(a).shape.clone();
        self.tabulate(&shape, |reader, index| {
            let (a, b) = (reader.graph.read(a, index), reader.graph.read(b, index));
            reader.graph.select(condition, a, b)
        })
    }

    /// The nodes of a value that a loop can carry.
    pub fn flatten_value(&mut self, value: &Val, leaves: &mut Vec<NodeId>, span: Span) -> Read<()> {
        match value {
            Val::Unit => Ok(()),
            Val::Scalar(node) => {
                leaves.push(*node);
                Ok(())
            }
            Val::Array(array) => {
                leaves.push(self.array_node(array));
                Ok(())
            }
            Val::Tuple(parts) | Val::Columns(parts) => {
                parts.iter().try_for_each(|part| self.flatten_value(part, leaves, span))
            }
            Val::Constant(_) => {
                let node = self.scalar(value.clone(), span)?;
                leaves.push(node);
                Ok(())
            }
            Val::Poison => Err(Refused),
            other => {
                let message =
                    format!("numbers, arrays and tuples can be accumulated, but not {}", other.kind());
                self.refuse(span, message)
            }
        }
    }

    /// A value of the same shape, from other nodes.
    pub fn unflatten(&self, template: &Val, nodes: &mut impl Iterator<Item = NodeId>) -> Val {
        match template {
            Val::Scalar(_) | Val::Constant(_) => nodes.next().map_or(Val::Poison, Val::Scalar),
            Val::Array(array) => {
                nodes.next().map_or(Val::Poison, |node| Val::Array(Array::new(node, array.family)))
            }
            Val::Tuple(parts) => Val::Tuple(parts.iter().map(|part| self.unflatten(part, nodes)).collect()),
            Val::Columns(parts) => {
                Val::Columns(parts.iter().map(|part| self.unflatten(part, nodes)).collect())
            }
            other => other.clone(),
        }
    }

    /// The nodes of a value that has to be of the same shape as another.
    pub fn conform(&mut self, value: Val, like: &Val, leaves: &mut Vec<NodeId>, span: Span) -> Read<()> {
        match (value, like) {
            (Val::Tuple(parts), Val::Tuple(like)) | (Val::Columns(parts), Val::Columns(like))
                if parts.len() == like.len() =>
            {
                parts
                    .into_iter()
                    .zip(like)
                    .try_for_each(|(part, like)| self.conform(part, like, leaves, span))
            }
            (value @ (Val::Scalar(_) | Val::Constant(_)), Val::Scalar(like)) => {
                let elem = self.graph.elem(*like);
                let node = self.scalar_like(value, elem, span)?;
                leaves.push(node);
                Ok(())
            }
            (Val::Pending(pending), Val::Array(like)) => {
                let extent = self.shape(like)[0];
                let value = self.tabulate_pending(&pending, extent, &Ty::Infer)?;
                self.conform(value, &Val::Array(like.clone()), leaves, span)
            }
            (Val::Array(array), Val::Array(like)) if self.rank(&array) == self.rank(like) => {
                let node = self.array_node(&array);
                let elem = self.graph.elem(like.node);
                let node = self.graph.close(node, elem);
                self.same_shape(like.node, node, "every step of a loop needs", span)?;
                leaves.push(node);
                Ok(())
            }
            (Val::Unit, Val::Unit) => Ok(()),
            (Val::Poison, _) | (_, Val::Poison) => Err(Refused),
            (value, like) => {
                let message =
                    format!("every step has to give {}, but this gives {}", like.kind(), value.kind());
                self.refuse(span, message)
            }
        }
    }

    // ---- the others ------------------------------------------------------------------------------------

    pub fn collect(&mut self, iter: &Rc<Iter>, ty: &Ty, span: Span) -> Read<Val> {
        let elem = ty.item();
        if iter.is_filtered() {
            return self.gather(iter, &elem, span);
        }
        let iter = self.flat(iter, span)?;
        let made = self.under(iter.extents[0], |reader, var| {
            let index = reader.graph.index(var);
            let item = reader.item_at(&iter, &[index], span)?;
            let item = reader.coerce(item.value, &elem, span)?;
            reader.build(var, item, span)
        })?;
        match (made, ty) {
            (Val::Array(array), Ty::Array(ty)) if matches!(ty.layout, Layout::NdArray { .. }) => {
                Ok(Val::Array(Array { family: Family::NdArray, ..array }))
            }
            (made, _) => Ok(made),
        }
    }

    /// A sequence of each part of the items.
    fn unzip(&mut self, iter: &Rc<Iter>, ty: &Ty, span: Span) -> Read<Val> {
        let iter = self.positions(iter, span)?;
        match self.collect(&iter, &Ty::Infer, span)? {
            Val::Columns(parts) => self.coerce(Val::Tuple(parts), ty, span),
            Val::Poison => Err(Refused),
            _ => self.refuse(span, "`unzip` needs items that are pairs"),
        }
    }

    /// The items for which a closure holds, and the others.
    fn partition(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let mut parts = Vec::new();
        for keeps in [true, false] {
            let items = Items::Filter(iter.clone(), function.clone(), keeps);
            let kept = Rc::new(Iter { extents: iter.extents.clone(), items });
            parts.push(self.gather(&kept, &Ty::Infer, span)?);
        }
        self.coerce(Val::Tuple(parts), &arguments.want, span)
    }

    /// The items of an iterator that there may be fewer of than it has positions, in a `Vec` that grows.
    pub fn gather(&mut self, iter: &Rc<Iter>, elem: &Ty, span: Span) -> Read<Val> {
        let empty = self.empty_vec();
        let own = self.scopes.bind_hidden(empty);
        self.loop_over(iter, &[], span, &mut |reader, item| {
            if item.refers() {
                return reader.refuse(span, KEPT_PLACES);
            }
            let item = reader.coerce(item, elem, span)?;
            let one = reader.stack(vec![item], span)?;
            let held = reader.scopes.held(own).clone();
            reader.append(own, held, one, span).map(|_| ())
        })?;
        self.load(&Place { root: own, steps: Vec::new() }, span)
    }

    fn count_items(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Val> {
        if !iter.is_filtered() {
            return self.length(iter, span);
        }
        let (var, body) = self.under(iter.extents[0], |reader, var| {
            let index = reader.graph.index(var);
            let item = reader.item_at(iter, &[index], span)?;
            let (zero, one) = (reader.graph.usize(0), reader.graph.usize(1));
            Ok((var, item.guard.map_or(one, |guard| reader.graph.select(guard, one, zero))))
        })?;
        let zero = self.graph.int(0, Int::Usize);
        Ok(Val::Scalar(self.graph.reduce(Fold::Sum, var, zero, body)))
    }

    fn length(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Val> {
        if iter.is_filtered() {
            return self.refuse(span, "the length of what `filter` keeps is not known: write `count()`");
        }
        Ok(Val::Scalar(self.product_of(&iter.extents)))
    }

    /// The number of elements with these extents.
    pub fn product_of(&mut self, extents: &[NodeId]) -> NodeId {
        let one = self.graph.usize(1);
        extents.iter().fold(one, |product, &extent| self.graph.int_op(IntOp::Mul, &[product, extent]))
    }

    fn for_each(&mut self, iter: &Rc<Iter>, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        self.loop_over(iter, &[], span, &mut |reader, item| {
            reader.call_value(&function, vec![item], span).map(|_| ())
        })?;
        Ok(Val::Unit)
    }

    fn all(&mut self, iter: &Rc<Iter>, logic: Logic, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let function = arguments.one(self)?;
        let init = self.graph.bool(logic == Logic::And);
        let result = self.fold(&iter.extents, &[init], &mut |reader, index, acc| {
            let item = reader.item_at(iter, index, span)?;
            // What has been decided asks no more.
            let open = if logic == Logic::And { acc[0] } else { reader.graph.not(acc[0]) };
            let asks = item.guard.map_or(open, |guard| reader.graph.logic(Logic::And, open, guard));
            let value = reader
                .under_condition(asks, |reader| reader.call_value(&function, vec![item.value], span))?;
            let holds = reader.bool_node(value, span)?;
            let next = reader.graph.logic(logic, acc[0], holds);
            Ok(vec![item.guard.map_or(next, |guard| reader.graph.select(guard, next, acc[0]))])
        })?;
        Ok(Val::Scalar(result[0]))
    }
}
