//! The methods that change the length of a `Vec`. Between loops it is another array afterwards; what a loop makes of
//! its length is in `grow.rs`.

use std::rc::Rc;

use proc_macro2::Span;

use super::derived::DEDUP;
use super::expr::token;
use super::grow::STALE;
use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::place::Place;
use super::reader::Reader;
use super::record::RUNNING;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Growing, Val};
use crate::ir::{Cmp, Elem, IntOp, NodeId};

/// The methods that change the length of a `Vec`.
pub const LENGTHS: [&str; 14] = [
    "push",
    "extend",
    "extend_from_slice",
    "append",
    "resize",
    "truncate",
    "pop",
    "clear",
    "insert",
    "remove",
    "swap_remove",
    "retain",
    "split_off",
    "dedup",
];

impl Reader {
    /// A method that changes the length of a `Vec`, if this is one.
    pub fn length_method(&mut self, call: &syn::ExprMethodCall) -> Read<Option<Val>> {
        let name = call.method.to_string();
        let span = call.method.span();
        if !LENGTHS.contains(&name.as_str()) {
            return Ok(None);
        }
        let Some(place) = self.place(&call.receiver)? else { return Ok(None) };
        let held = self.scopes.held(place.root).clone();
        if matches!(held, Val::Poison) && place.steps.is_empty() && name == "push" {
            // What is wrong may be that the `Vec` is still empty when its loop is first read.
            let [value] = &call.args.iter().collect::<Vec<_>>()[..] else { return Err(Refused) };
            let value = self.value(value).and_then(|found| self.loaded(found, span))?;
            match self.stack(vec![value], span)? {
                Val::Array(one) => {
                    let one_more = self.graph.usize(1);
                    self.note_push(place.root, one.node, one_more, span);
                }
                Val::Columns(parts) if self.is_from_outside(place.root) => {
                    self.to_part.push((place.root, parts.len()));
                }
                _ => {}
            }
            return Err(Refused);
        }
        if !place.steps.is_empty()
            || !matches!(
                held,
                Val::Array(_)
                    | Val::Columns(_)
                    | Val::Apart(_)
                    | Val::Growing(_)
                    | Val::Recorded(_)
                    | Val::Stale
            )
        {
            return match self.load(&place, span)? {
                Val::Array(_) => self.refuse(
                    span,
                    "the length of a row cannot change: the rows of an array are of one length",
                ),
                _ => Ok(None),
            };
        }
        let mut values = Vec::new();
        for argument in &call.args {
            let value = self.value(argument)?;
            // What is appended is emptied.
            let is_place = name == "append";
            values.push(if is_place { value } else { self.loaded(value, token(argument))? });
        }
        let mut arguments = Arguments { name, span, values, turbofish: Vec::new(), want: Ty::Infer };
        let changed = self.unless_left(span, |reader| reader.change_length(&place, held, &mut arguments));
        changed.map(Some).inspect_err(|_| self.scopes.set(place.root, Val::Poison))
    }

    /// `v.clear()`.
    pub fn clear_vec(&mut self, own: BindingId, span: Span) -> Read<()> {
        let place = Place { root: own, steps: Vec::new() };
        let held = self.scopes.held(own).clone();
        let mut arguments = Arguments {
            name: "clear".to_string(),
            span,
            values: Vec::new(),
            turbofish: Vec::new(),
            want: Ty::Infer,
        };
        self.change_length(&place, held, &mut arguments).map(|_| ())
    }

    pub fn change_length(&mut self, place: &Place, held: Val, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let own = place.root;
        match (arguments.name.as_str(), held) {
            ("push", held) => {
                let value = arguments.one(self)?;
                let one = self.stack(vec![value], span)?;
                self.append(own, held, one, span)
            }
            ("extend" | "extend_from_slice", held) => {
                let more = arguments.one(self)?;
                let more = match more {
                    Val::Array(_) => more,
                    other => {
                        let iter = self.iterate(other, span)?;
                        self.collect(&iter, &Ty::Infer, span)?
                    }
                };
                self.append(own, held, more, span)
            }
            ("append", held) => {
                let other = arguments.one(self)?;
                let Val::Place(other) = other else { return Err(Refused) };
                let Val::Array(more) = self.load(&other, span)? else { return Err(Refused) };
                if !other.steps.is_empty() {
                    return self.refuse(span, "what is appended has to be a `Vec` of its own");
                }
                self.clear_vec(other.root, span)?;
                self.append(own, held, Val::Array(more), span)
            }
            (_, Val::Apart(parts)) => self.change_apart(&parts, arguments),
            ("retain", Val::Array(array)) => {
                let function = arguments.one(self)?;
                let all = self.iterate(Val::Array(array.clone()), span)?;
                let kept = Iter { extents: all.extents.clone(), items: Items::Filter(all, function, true) };
                let kept = self.collect(&Rc::new(kept), &Ty::Infer, span)?;
                self.note_taken(own, &array, span);
                self.scopes.set(own, kept);
                Ok(Val::Unit)
            }
            ("dedup", Val::Array(array)) => {
                let kept = self.derived(DEDUP, vec![Val::Array(array.clone())], span)?;
                self.note_taken(own, &array, span);
                self.scopes.set(own, kept);
                Ok(Val::Unit)
            }
            (name @ ("insert" | "remove" | "swap_remove" | "split_off"), Val::Array(array)) => {
                let name = name.to_string();
                self.change_inside(own, &array, &name, arguments)
            }
            ("clear", Val::Stale) if !self.in_branch() => {
                self.renewed.insert(own);
                let empty = self.empty_vec();
                self.scopes.set(own, empty);
                Ok(Val::Unit)
            }
            (name @ ("truncate" | "pop" | "clear"), Val::Growing(growing)) => {
                let name = name.to_string();
                self.shorten_growing(own, &growing, &name, arguments)
            }
            (name @ ("resize" | "truncate" | "pop" | "clear"), Val::Array(array)) => {
                let name = name.to_string();
                self.shorten(own, &array, &name, arguments)
            }
            (_, Val::Stale) => self.refuse(span, STALE),
            (_, Val::Recorded(_)) => self.refuse(span, RUNNING),
            (name, _) => {
                let message = format!(
                    "`{name}` cannot be read here: make a `Vec` of the length that it gets, and assign to its elements"
                );
                self.refuse(span, message)
            }
        }
    }

    /// Elements behind those of a `Vec`.
    pub fn append(&mut self, own: BindingId, held: Val, more: Val, span: Span) -> Read<Val> {
        let more = match more {
            Val::Array(more) => more,
            Val::Columns(parts) => return self.append_apart(own, held, parts, span),
            Val::Poison => return Err(Refused),
            other => {
                let message =
                    format!("a `Vec` can grow by numbers, arrays and tuples, but this is {}", other.kind());
                return self.refuse(span, message);
            }
        };
        let count = self.shape(&more)[0];
        let node = self.array_node(&more);
        self.note_push(own, node, count, span);
        let value = match held {
            Val::Growing(growing) => self.appended(&growing, node, count, span)?,
            Val::Recorded(recorded) => self.append_recorded(recorded, (node, count), span)?,
            Val::Array(array) => self.concatenated(&array, node, span)?,
            Val::Stale => return self.refuse(span, STALE),
            _ => return Err(Refused),
        };
        self.scopes.set(own, value);
        Ok(Val::Unit)
    }

    /// Elements behind those that are there of an array with room for more.
    fn appended(&mut self, growing: &Growing, more: NodeId, count: NodeId, span: Span) -> Read<Val> {
        let more = self.graph.close(more, self.graph.elem(growing.storage));
        let fits = self.graph.elem(more) == self.graph.elem(growing.storage)
            && self.graph.rank(more) == self.graph.rank(growing.storage);
        if !fits {
            return self.refuse(span, "what is pushed here is of another type than before");
        }
        let storage = match self.graph.as_int(count) {
            Some(1) => {
                let zero = self.graph.usize(0);
                let first = match self.part(&Array::new(more, Family::Nested), &[zero]) {
                    Val::Array(part) => self.array_node(&part),
                    Val::Scalar(node) => node,
                    _ => return Err(Refused),
                };
                self.put(growing.storage, &[growing.len], first)
            }
            _ => self.put_slice(growing.storage, &[], growing.len, count, more),
        };
        let len = self.graph.int_op(IntOp::Add, &[growing.len, count]);
        Ok(Val::Growing(Growing { storage, len, ..growing.clone() }))
    }

    /// One array behind another.
    pub fn concatenated(&mut self, first: &Array, second: NodeId, span: Span) -> Read<Val> {
        let extent = self.shape(first)[0];
        if self.graph.as_int(extent) == Some(0) {
            return Ok(Array::nested(second));
        }
        let own = self.array_node(first);
        let second = self.graph.close(second, self.graph.elem(own));
        let own = self.graph.close(own, self.graph.elem(second));
        if self.graph.rank(own) != self.graph.rank(second) {
            return self.refuse(span, "what is pushed here has another number of axes than before");
        }
        if self.graph.elem(own) != self.graph.elem(second) {
            return self.refuse(span, "what is pushed here is of another type than before");
        }
        let (a, b) = (self.graph.ty(own).shape.clone(), self.graph.ty(second).shape.clone());
        for (&left, &right) in a[1..].iter().zip(&b[1..]) {
            self.same_extent(left, right, "a `Vec` of rows needs", span)?;
        }
        if let (Some(_), Some(n)) = (self.graph.as_int(a[0]), self.graph.as_int(b[0])) {
            let mut parts = self.literal_elements(own, a[0]);
            parts.extend(self.literal_elements(second, b[0]));
            if n <= 64 && parts.len() <= 64 {
                return Ok(Array::nested(self.graph.stack(&parts)));
            }
        }
        let mut shape = a.clone();
        shape[0] = self.graph.int_op(IntOp::Add, &[a[0], b[0]]);
        let [is_one, is_one_more] = [a[0], b[0]].map(|count| self.graph.as_int(count) == Some(1));
        let zero = self.graph.usize(0);
        let node = self.tabulate(&shape, |reader, index| {
            let in_first = reader.graph.compare(Cmp::Lt, index[0], a[0]);
            let rest = reader.graph.int_op(IntOp::Sub, &[index[0], a[0]]);
            let at: Vec<NodeId> = [rest].into_iter().chain(index[1..].iter().copied()).collect();
            let mut place = index.to_vec();
            if is_one {
                place[0] = zero;
            }
            let mut behind = at;
            if is_one_more {
                behind[0] = zero;
            }
            let (x, y) = (reader.graph.read(own, &place), reader.graph.read(second, &behind));
            reader.graph.select(in_first, x, y)
        });
        Ok(Array::nested(node))
    }

    /// The elements of an array of a literal length.
    fn literal_elements(&mut self, node: NodeId, extent: NodeId) -> Vec<NodeId> {
        let count = self.graph.as_int(extent).unwrap_or(0).min(65);
        let array = Array::new(node, Family::Nested);
        (0..count)
            .map(|k| {
                let at = self.graph.usize(k as usize);
                match self.part(&array, &[at]) {
                    Val::Array(part) => self.array_node(&part),
                    Val::Scalar(part) => part,
                    _ => node,
                }
            })
            .collect()
    }

    /// `resize`, `truncate`, `pop` and `clear`.
    fn shorten(&mut self, own: BindingId, array: &Array, name: &str, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let shape = self.shape(array);
        let zero = self.graph.usize(0);
        let (new, result) = match name {
            "clear" => {
                self.note_cleared(own, array, span);
                (self.empty_vec(), Val::Unit)
            }
            "truncate" => {
                let len = arguments.one(self)?;
                let len = self.usize_node(len, span)?;
                let len = self.graph.int_op(IntOp::Min, &[shape[0], len]);
                self.note_taken(own, array, span);
                (self.slice(array, zero, len), Val::Unit)
            }
            "pop" => {
                let (part, rest) = self.popped(array, shape[0]);
                self.note_taken(own, array, span);
                (self.slice(array, zero, rest), part)
            }
            _ => {
                let [len, value] = arguments.take(self)?;
                let len = self.usize_node(len, span)?;
                let len = self.graph.close(len, Elem::USIZE);
                let value = self.stack(vec![value], span)?;
                let Val::Array(value) = value else { return Err(Refused) };
                let value = self.array_node(&value);
                (self.resized(array, value, len), Val::Unit)
            }
        };
        self.scopes.set(own, new);
        Ok(result)
    }

    /// `insert`, `remove`, `swap_remove` and `split_off`.
    fn change_inside(
        &mut self,
        own: BindingId,
        array: &Array,
        name: &str,
        arguments: &mut Arguments,
    ) -> Read<Val> {
        let span = arguments.span;
        if own < self.outer_bindings {
            let message = format!(
                "`{name}` changes the length of a `Vec` from outside of this loop: make one of the length that it gets, and \
                 assign to its elements"
            );
            return self.refuse(span, message);
        }
        let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
        let len = self.shape(array)[0];
        let mut values = std::mem::take(&mut arguments.values).into_iter();
        let at = values.next().unwrap_or(Val::Poison);
        let at = self.usize_node(at, span)?;
        let at = self.graph.close(at, Elem::USIZE);
        let (new, result) = match name {
            "insert" => {
                let value = self.stack(values.by_ref().take(1).collect(), span)?;
                let front = self.slice(array, zero, at);
                let rest = self.graph.int_op(IntOp::Sub, &[len, at]);
                let back = self.slice(array, at, rest);
                let front = self.joined(front, value, span)?;
                (self.joined(front, back, span)?, Val::Unit)
            }
            "remove" => {
                let front = self.slice(array, zero, at);
                let next = self.graph.int_op(IntOp::Add, &[at, one]);
                let rest = self.graph.int_op(IntOp::Sub, &[len, next]);
                let back = self.slice(array, next, rest);
                (self.joined(front, back, span)?, self.part(array, &[at]))
            }
            "swap_remove" => {
                let rest = self.graph.int_op(IntOp::Sub, &[len, one]);
                let (own, taken) = (self.array_node(array), self.part(array, &[at]));
                let last = match self.part(array, &[rest]) {
                    Val::Array(part) => self.array_node(&part),
                    Val::Scalar(node) => node,
                    _ => return Err(Refused),
                };
                let moved = self.put(own, &[at], last);
                (self.slice(&Array::new(moved, array.family), zero, rest), taken)
            }
            _ => {
                let rest = self.graph.int_op(IntOp::Sub, &[len, at]);
                (self.slice(array, zero, at), self.slice(array, at, rest))
            }
        };
        self.scopes.set(own, new);
        Ok(result)
    }

    fn joined(&mut self, first: Val, second: Val, span: Span) -> Read<Val> {
        let (Val::Array(first), Val::Array(second)) = (first, second) else { return Err(Refused) };
        let second = self.array_node(&second);
        self.concatenated(&first, second, span)
    }

    /// What `pop` takes from the end of so many elements, and how many are left.
    fn popped(&mut self, array: &Array, len: NodeId) -> (Val, NodeId) {
        let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
        let last = self.graph.int_op(IntOp::Sub, &[len, one]);
        let rest = self.graph.int_op(IntOp::SaturatingSub, &[len, one]);
        let exists = self.graph.compare(Cmp::Gt, len, zero);
        let part = self.part(array, &[last]);
        (Val::Optional(Box::new(part), Some(exists)), rest)
    }

    /// `truncate`, `pop` and `clear` where the loop around makes the `Vec` longer too: the elements stay where they are.
    fn shorten_growing(
        &mut self,
        own: BindingId,
        growing: &Growing,
        name: &str,
        arguments: &mut Arguments,
    ) -> Read<Val> {
        let span = arguments.span;
        let array = Array::new(growing.storage, Family::Nested);
        self.note_taken(own, &array, span);
        let (len, result) = match name {
            "clear" => (self.graph.usize(0), Val::Unit),
            "truncate" => {
                let len = arguments.one(self)?;
                let len = self.usize_node(len, span)?;
                (self.graph.int_op(IntOp::Min, &[growing.len, len]), Val::Unit)
            }
            _ => {
                let (part, rest) = self.popped(&array, growing.len);
                (rest, part)
            }
        };
        self.scopes.set(own, Val::Growing(Growing { len, ..growing.clone() }));
        Ok(result)
    }

    /// The first elements of an array, and behind them copies of the one in `value`.
    fn resized(&mut self, array: &Array, value: NodeId, len: NodeId) -> Val {
        let extent = self.shape(array)[0];
        let zero = self.graph.usize(0);
        let is_empty = self.graph.as_int(extent) == Some(0);
        let own = self.array_node(array);
        let value = if is_empty { value } else { self.graph.close(value, self.graph.elem(own)) };
        let mut shape = self.graph.ty(value).shape.clone();
        shape[0] = len;
        let node = self.tabulate(&shape, |reader, index| {
            let at: Vec<NodeId> = [zero].into_iter().chain(index[1..].iter().copied()).collect();
            let new = reader.graph.read(value, &at);
            if is_empty {
                return new;
            }
            let is_old = reader.graph.compare(Cmp::Lt, index[0], extent);
            let old = reader.graph.read(own, index);
            reader.graph.select(is_old, old, new)
        });
        Array::nested(node)
    }
}
