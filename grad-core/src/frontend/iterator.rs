//! Lazy iterators: extents, and the item at an index.

use std::rc::Rc;

use proc_macro2::Span;

use super::place::{Place, Step};
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Range, Val};
use crate::ir::{Elem, Int, IntOp, Logic, NodeId};

const SUCCESSORS: &str =
    "of what `successors` gives, so many have to be taken first: write `successors(…).take(n)`";

/// As many items as no iterator has.
const ENDLESS: i128 = i128::MAX;

/// An iterator. It has more than one extent where it runs over the elements of nested axes in order.
#[derive(Clone)]
pub struct Iter {
    pub extents: Vec<NodeId>,
    pub items: Items,
}

#[derive(Clone)]
pub enum Items {
    /// The parts of an array along its first axes.
    Parts(Array),
    /// Integers from a start.
    Count {
        start: NodeId,
        elem: Elem,
    },
    /// The same each time.
    Same(Val),
    Map(Rc<Iter>, Val),
    /// Those for which a closure gives this.
    Filter(Rc<Iter>, Val, bool),
    /// What a closure gives, where that is `Some`.
    FilterMap(Rc<Iter>, Val),
    /// What a closure gives, which is `Some`.
    MapSome(Rc<Iter>, Val),
    /// Whether a closure gives `Some`.
    Exists(Rc<Iter>, Val),
    /// The items of what a closure gives for each: their indices are the last.
    FlatMap(Rc<Iter>, Val),
    /// The first item, and what makes each of the one before.
    Successors(Val, Val),
    /// Those over several extents one after the other.
    Flat(Rc<Iter>),
    /// The same items again and again.
    Cycle(Rc<Iter>),
    Zip(Rc<Iter>, Rc<Iter>),
    /// Tuples of one part from each.
    Columns(Vec<Rc<Iter>>),
    /// Sequences of such tuples.
    Rows(Vec<Rc<Iter>>),
    Enumerate(Rc<Iter>),
    Rev(Rc<Iter>),
    Skip(Rc<Iter>, NodeId),
    StepBy(Rc<Iter>, NodeId),
    /// `windows(k)`: the `k` elements from each index.
    Windows(Array, NodeId),
    /// `chunks_exact(k)`: the `k` elements from each multiple of `k`.
    Chunks(Array, NodeId),
    /// `chunks(k)`: as many from each multiple of `k`, the last possibly fewer.
    ShortChunks(Array, NodeId),
    /// `[row, column]` along an axis of an array of the `ndarray` crate.
    Axis(Array, usize),
    /// The indices with each item.
    Indexed(Rc<Iter>),
    /// The places of the parts of an array, along its first axes.
    Places(Rc<Place>),
    /// The places of the parts of so many elements of an array; of all of its elements, the last part possibly shorter.
    PlaceChunks {
        place: Rc<Place>,
        size: NodeId,
        of: Option<NodeId>,
    },
    /// One after the other.
    Chain(Rc<Iter>, Rc<Iter>),
}

/// An item, and the condition under which there is one.
pub struct Item {
    pub value: Val,
    pub guard: Option<NodeId>,
}

impl Iter {
    pub fn one(extent: NodeId, items: Items) -> Iter {
        Iter { extents: vec![extent], items }
    }

    /// Whether the number of items is not known beforehand.
    pub fn is_filtered(&self) -> bool {
        match &self.items {
            Items::Filter(..) | Items::FilterMap(..) => true,
            Items::Map(inner, _)
            | Items::MapSome(inner, _)
            | Items::FlatMap(inner, _)
            | Items::Rev(inner) => inner.is_filtered(),
            _ => false,
        }
    }
}

impl From<Iter> for Val {
    fn from(iter: Iter) -> Val {
        Val::Iter(Rc::new(iter))
    }
}

impl Reader {
    /// What `into_iter` makes of a value.
    pub fn iterate(&mut self, value: Val, span: Span) -> Read<Rc<Iter>> {
        match value {
            Val::Iter(iter) => Ok(iter),
            Val::Cursor(cursor) => Ok(self.rest_of_cursor(&cursor)),
            Val::Array(array) => {
                let shape = self.shape(&array);
                let axes = match array.family {
                    Family::Nested => 1,
                    Family::NdArray => shape.len(),
                };
                Ok(Rc::new(Iter { extents: shape[..axes].to_vec(), items: Items::Parts(array) }))
            }
            Val::Columns(columns) => {
                let mut parts = Vec::new();
                for column in columns {
                    parts.push(self.iterate(column, span)?);
                }
                self.zip_columns(parts)
            }
            Val::Range(range) => self.iterate_range(range, span),
            Val::Place(place) => self.iterate_places((*place).clone(), span),
            Val::Pending(pending) => self.refuse(
                pending.span,
                "the length of this array is not known: annotate it, as in `let a: [f64; N] = …`",
            ),
            Val::Recorded(_) => self.refuse(span, super::record::RUNNING),
            Val::Constant(_) => self.refuse(span, super::reader::CONSTANT_ARRAY),
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("{} cannot be iterated over", other.kind())),
        }
    }

    /// An iterator over tuples of one part each.
    fn zip_columns(&mut self, parts: Vec<Rc<Iter>>) -> Read<Rc<Iter>> {
        let Some(first) = parts.first() else { return Err(Refused) };
        let extents = first.extents.clone();
        Ok(Rc::new(Iter { extents, items: Items::Columns(parts) }))
    }

    fn iterate_range(&mut self, range: Range, span: Span) -> Read<Rc<Iter>> {
        let Some(start) = range.start else {
            return self.refuse(span, "this range has no start: write `a..b`");
        };
        let Some(end) = range.end else {
            let elem = self.graph.elem(start);
            return Ok(Rc::new(Iter::one(self.endless(), Items::Count { start, elem })));
        };
        let (start, end) = self.agree(start, end);
        if !matches!((self.graph.elem(start), self.graph.elem(end)), (Elem::Int(_), Elem::Int(_))) {
            return self.refuse(span, "the bounds of a range have to be integers");
        }
        let elem = self.graph.elem(start);
        let extent = self.range_extent(start, end, range.closed);
        Ok(Rc::new(Iter::one(extent, Items::Count { start, elem })))
    }

    /// Two integers of one type.
    pub fn agree(&mut self, a: NodeId, b: NodeId) -> (NodeId, NodeId) {
        let (ea, eb) = (self.graph.elem(a), self.graph.elem(b));
        match (ea.is_open(), eb.is_open()) {
            (true, false) if ea.is_float() == eb.is_float() => (self.graph.close(a, eb), b),
            (false, true) if ea.is_float() == eb.is_float() => (a, self.graph.close(b, ea)),
            _ => (a, b),
        }
    }

    /// How many integers there are from `start` to `end`, as a `usize`.
    pub fn range_extent(&mut self, start: NodeId, end: NodeId, closed: bool) -> NodeId {
        let one = self.graph.int(1, Int::Open);
        let end = if closed { self.graph.int_op(IntOp::Add, &[end, one]) } else { end };
        let unsigned = matches!(self.graph.elem(end), Elem::Int(int) if int.is_unsigned());
        let (a, b) = (self.graph.as_int(start), self.graph.as_int(end));
        if let (Some(a), Some(b)) = (a, b) {
            return self.graph.usize(usize::try_from(b.saturating_sub(a).max(0)).unwrap_or(0));
        }
        if a == Some(0) && unsigned {
            return self.graph.cast(Elem::USIZE, end);
        }
        if unsigned {
            let count = self.graph.int_op(IntOp::SaturatingSub, &[end, start]);
            return self.graph.cast(Elem::USIZE, count);
        }
        let end = self.graph.int_op(IntOp::Max, &[end, start]);
        let count = self.graph.int_op(IntOp::Sub, &[end, start]);
        self.cast_node(count, Elem::USIZE)
    }

    /// The extent of what has no end.
    pub fn endless(&mut self) -> NodeId {
        self.graph.int(ENDLESS, Int::Usize)
    }

    pub fn is_endless(&self, extent: NodeId) -> bool {
        self.graph.as_int(extent) == Some(ENDLESS)
    }

    // ---- items -----------------------------------------------------------------------------------------

    /// The item at an index for each extent.
    pub fn item_at(&mut self, iter: &Iter, index: &[NodeId], span: Span) -> Read<Item> {
        let plain = |value| Ok(Item { value, guard: None });
        match &iter.items {
            Items::Parts(array) => plain(self.part(array, index)),
            Items::Places(place) => {
                let at = index.iter().fold((**place).clone(), |place, &i| place.then(Step::Index(i)));
                plain(Val::Place(Rc::new(at)))
            }
            Items::PlaceChunks { place, size, of } => {
                let start = self.graph.int_op(IntOp::Mul, &[index[0], *size]);
                let count = of.map_or(*size, |of| self.chunk_length(of, start, *size));
                plain(Val::Place(Rc::new(place.then(Step::Slice { start, count }))))
            }
            Items::Count { start, elem } => plain(Val::Scalar(self.count(*start, *elem, index[0]))),
            Items::Same(value) => plain(value.clone()),
            Items::Map(inner, function) => {
                let item = self.item_at(inner, index, span)?;
                let value = self.call_where(item.guard, function, item.value, span)?;
                Ok(Item { value, guard: item.guard })
            }
            Items::Filter(inner, function, keeps) => {
                let item = self.item_at(inner, index, span)?;
                let kept = self.call_where(item.guard, function, item.value.clone(), span)?;
                let kept = self.bool_node(kept, span)?;
                let kept = if *keeps { kept } else { self.graph.not(kept) };
                let guard = self.both_hold(item.guard, Some(kept));
                Ok(Item { value: item.value, guard })
            }
            Items::FilterMap(inner, function) => {
                let item = self.item_at(inner, index, span)?;
                let made = self.call_where(item.guard, function, item.value, span)?;
                let (value, exists) = self.option(made, span)?;
                Ok(Item { value, guard: self.both_hold(item.guard, exists) })
            }
            Items::MapSome(inner, function) => {
                let item = self.item_at(inner, index, span)?;
                let made = self.call_where(item.guard, function, item.value, span)?;
                let (value, _) = self.option(made, span)?;
                Ok(Item { value, guard: item.guard })
            }
            Items::Exists(inner, function) => {
                let item = self.item_at(inner, index, span)?;
                let made = self.call_where(item.guard, function, item.value, span)?;
                let (_, exists) = self.option(made, span)?;
                let exists = exists.unwrap_or_else(|| self.graph.bool(true));
                Ok(Item { value: Val::Scalar(exists), guard: item.guard })
            }
            Items::FlatMap(inner, function) => {
                let (outer, last) = index.split_at(inner.extents.len());
                let item = self.item_at(inner, outer, span)?;
                let part = self.call_where(item.guard, function, item.value, span)?;
                let part = self.iterate(part, span)?;
                let own = self.item_at(&part, last, span)?;
                Ok(Item { value: own.value, guard: self.both_hold(item.guard, own.guard) })
            }
            Items::Zip(a, b) => {
                let a = self.item_at(a, index, span)?;
                let b = self.item_at(b, index, span)?;
                plain(Val::Tuple(vec![a.value, b.value]))
            }
            Items::Columns(parts) | Items::Rows(parts) => {
                let mut values = Vec::new();
                for part in parts {
                    values.push(self.item_at(part, index, span)?.value);
                }
                let tuples = matches!(iter.items, Items::Columns(_));
                plain(if tuples { Val::Tuple(values) } else { Val::Columns(values) })
            }
            Items::Indexed(inner) => {
                let item = self.item_at(inner, index, span)?;
                let at = match index {
                    [one] => Val::Scalar(*one),
                    all => Val::Tuple(all.iter().copied().map(Val::Scalar).collect()),
                };
                plain(Val::Tuple(vec![at, item.value]))
            }
            Items::Enumerate(inner) => {
                let item = self.item_at(inner, index, span)?;
                plain(Val::Tuple(vec![Val::Scalar(index[0]), item.value]))
            }
            Items::Flat(inner) => {
                let mut rest = index[0];
                let mut at = Vec::new();
                for &extent in inner.extents[1..].iter().rev() {
                    at.push(self.graph.int_op(IntOp::Rem, &[rest, extent]));
                    rest = self.graph.int_op(IntOp::Div, &[rest, extent]);
                }
                at.push(rest);
                at.reverse();
                self.item_at(inner, &at, span)
            }
            other => {
                let at = self.moved_index(other, iter.extents[0], index[0]);
                self.moved_item(other, at, index[0], span)
            }
        }
    }

    /// An item that is there if both conditions hold.
    fn both_hold(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.graph.logic(Logic::And, a, b)),
            (a, b) => a.or(b),
        }
    }

    /// Calls a closure for an item that is there only under a condition.
    fn call_where(&mut self, guard: Option<NodeId>, function: &Val, item: Val, span: Span) -> Read<Val> {
        match guard {
            Some(guard) => {
                self.under_condition(guard, |reader| reader.call_value(function, vec![item], span))
            }
            None => self.call_value(function, vec![item], span),
        }
    }

    /// `start + i` in the type of `start`.
    fn count(&mut self, start: NodeId, elem: Elem, index: NodeId) -> NodeId {
        let index = self.graph.cast(elem, index);
        if self.graph.as_int(start) == Some(0) {
            return index;
        }
        self.graph.int_op(IntOp::Add, &[start, index])
    }

    /// The index in the underlying sequence.
    fn moved_index(&mut self, items: &Items, extent: NodeId, index: NodeId) -> NodeId {
        match items {
            Items::Rev(_) => {
                let one = self.graph.usize(1);
                if self.graph.as_int(extent).is_some_and(|extent| extent > 0) {
                    let last = self.graph.int_op(IntOp::Sub, &[extent, one]);
                    return self.graph.int_op(IntOp::Sub, &[last, index]);
                }
                // Not `extent - 1`, which an empty iterator must not compute.
                let from_end = self.graph.int_op(IntOp::Add, &[index, one]);
                self.graph.int_op(IntOp::Sub, &[extent, from_end])
            }
            Items::Skip(_, count) => self.graph.int_op(IntOp::Add, &[*count, index]),
            Items::Cycle(inner) => self.graph.int_op(IntOp::Rem, &[index, inner.extents[0]]),
            Items::StepBy(_, step) | Items::Chunks(_, step) | Items::ShortChunks(_, step) => {
                self.graph.int_op(IntOp::Mul, &[index, *step])
            }
            _ => index,
        }
    }

    fn moved_item(&mut self, items: &Items, at: NodeId, index: NodeId, span: Span) -> Read<Item> {
        match items {
            Items::Rev(inner) | Items::Skip(inner, _) | Items::StepBy(inner, _) | Items::Cycle(inner) => {
                self.item_at(inner, &[at], span)
            }
            Items::Windows(array, size) | Items::Chunks(array, size) => {
                let value = self.slice(array, at, *size);
                Ok(Item { value, guard: None })
            }
            Items::ShortChunks(array, size) => {
                let count = self.chunk_length(self.shape(array)[0], at, *size);
                Ok(Item { value: self.slice(array, at, count), guard: None })
            }
            Items::Axis(array, axis) => Ok(Item { value: self.axis_part(array, *axis, index), guard: None }),
            Items::Chain(first, second) => self.chained_item(first, second, index, span),
            Items::Successors(..) => self.refuse(span, SUCCESSORS),
            _ => self.refuse(span, "this iterator cannot be read"),
        }
    }

    fn chained_item(&mut self, first: &Iter, second: &Iter, index: NodeId, span: Span) -> Read<Item> {
        let count = first.extents[0];
        let in_first = self.graph.compare(crate::ir::Cmp::Lt, index, count);
        let a = self.under_condition(in_first, |reader| reader.item_at(first, &[index], span))?;
        let rest = self.graph.int_op(IntOp::Sub, &[index, count]);
        let in_second = self.graph.not(in_first);
        let b = self.under_condition(in_second, |reader| reader.item_at(second, &[rest], span))?;
        Ok(Item { value: self.select(in_first, a.value, b.value, span)?, guard: None })
    }

    /// How many elements the chunk from `start` has.
    fn chunk_length(&mut self, extent: NodeId, start: NodeId, size: NodeId) -> NodeId {
        let rest = self.graph.int_op(IntOp::Sub, &[extent, start]);
        self.graph.int_op(IntOp::Min, &[size, rest])
    }

    /// The `count` parts of an array from `start`.
    pub fn slice(&mut self, array: &Array, start: NodeId, count: NodeId) -> Val {
        let mut shape = self.shape(array);
        if self.graph.as_int(start) == Some(0) && shape[0] == count {
            return Val::Array(array.clone());
        }
        shape[0] = count;
        let node = self.tabulate(&shape, |reader, index| {
            let mut index = index.to_vec();
            index[0] = reader.graph.int_op(IntOp::Add, &[start, index[0]]);
            reader.element(array, &index)
        });
        Val::Array(Array::new(node, array.family))
    }

    /// The part at an index of any axis.
    pub fn axis_part(&mut self, array: &Array, axis: usize, index: NodeId) -> Val {
        if axis == 0 {
            return self.part(array, &[index]);
        }
        let mut shape = self.shape(array);
        shape.remove(axis);
        let node = self.tabulate(&shape, |reader, rest| {
            let mut full = rest.to_vec();
            full.insert(axis, index);
            reader.element(array, &full)
        });
        Val::Array(Array::new(node, array.family))
    }

    /// An iterator over nested extents as one over a single extent.
    pub fn flat(&mut self, iter: &Rc<Iter>, span: Span) -> Read<Rc<Iter>> {
        if iter.extents.len() == 1 {
            return Ok(iter.clone());
        }
        if iter.is_filtered() {
            let made = self.gather(iter, &Ty::Infer, span)?;
            return self.iterate(made, span);
        }
        if iter.extents.iter().any(|&extent| self.is_endless(extent)) {
            return self.refuse(span, super::adapter::ENDLESS);
        }
        let count = self.product_of(&iter.extents);
        Ok(Rc::new(Iter::one(count, Items::Flat(iter.clone()))))
    }
}
