//! `Vec`s that change their length. Between loops such a `Vec` is another array afterwards. In a loop that makes it
//! longer by the same number of elements in each iteration it is an array of its final length, of which so many
//! elements are there.

use std::collections::BTreeMap;

use proc_macro2::Span;

use super::expr::token;
use super::method::Arguments;
use super::place::Place;
use super::reader::Reader;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::value::{Array, Growing, Val};
use crate::ir::ids::Map;
use crate::ir::{Cmp, Elem, Float, Int, IntOp, NodeId, Var};

/// The methods that change the length of a `Vec`.
pub const LENGTHS: [&str; 12] = [
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
];

const BRANCH: &str = "how long this `Vec` gets depends on a condition here: make it as long as it can get with `vec![0.0; n]`, \
     assign to its elements, and count them";
const UNEVEN: &str = "this `Vec` does not get longer by the same number of elements in each iteration: make it as long as it \
     gets with `vec![0.0; n]`, and assign to its elements";
const ENDLESS: &str = "how long this `Vec` gets is not known before the loop, which has no end that is: make it as long as it \
     can get with `vec![0.0; n]`, assign to its elements, and count them";

/// What has been pushed onto a `Vec` in an iteration.
#[derive(Clone)]
pub struct Pushed {
    pub elem: Elem,
    /// The extents of each element.
    pub shape: Vec<NodeId>,
    pub count: NodeId,
    pub span: Span,
}

/// The `Vec`s that a loop makes longer, with what they were before it and what each iteration pushes.
pub type Grow = BTreeMap<BindingId, (Val, Pushed)>;

impl Reader {
    /// `Vec::new()`.
    pub fn empty_vec(&mut self) -> Val {
        Array::nested(self.graph.stack(&[]))
    }

    /// A method that changes the length of a `Vec`, if this is one.
    pub fn length_method(&mut self, call: &syn::ExprMethodCall) -> Read<Option<Val>> {
        let name = call.method.to_string();
        let span = call.method.span();
        if !LENGTHS.contains(&name.as_str()) {
            return Ok(None);
        }
        let Some(place) = self.place(&call.receiver)? else { return Ok(None) };
        let held = self.scopes.held(place.root).clone();
        if !place.steps.is_empty() || !matches!(held, Val::Array(_) | Val::Growing(_)) {
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
            values.push(self.loaded(value, token(argument))?);
        }
        let mut arguments =
            Arguments { name, span, values, turbofish: Vec::new(), want: super::types::Ty::Infer };
        let changed = self.change_length(&place, held, &mut arguments);
        changed.map(Some).inspect_err(|_| self.scopes.set(place.root, Val::Poison))
    }

    fn change_length(&mut self, place: &Place, held: Val, arguments: &mut Arguments) -> Read<Val> {
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
                        self.collect(&iter, &super::types::Ty::Infer, span)?
                    }
                };
                self.append(own, held, more, span)
            }
            (name @ ("resize" | "truncate" | "pop" | "clear"), Val::Array(array)) => {
                let name = name.to_string();
                self.shorten(own, &array, &name, arguments)
            }
            (name, _) => {
                let message = format!(
                    "`{name}` cannot be read here: make a `Vec` of the length that it gets, and assign to its elements"
                );
                self.refuse(span, message)
            }
        }
    }

    /// Elements behind those of a `Vec`.
    fn append(&mut self, own: BindingId, held: Val, more: Val, span: Span) -> Read<Val> {
        let Val::Array(more) = more else {
            return self
                .refuse(span, "a `Vec` can grow by numbers and arrays: keep the parts of tuples apart");
        };
        let count = self.shape(&more)[0];
        let node = self.array_node(&more);
        if own < self.outer_bindings {
            if self.paths.len() > self.path_start {
                return self.refuse(span, BRANCH);
            }
            self.note_push(own, node, count, span);
        }
        let value = match held {
            Val::Growing(growing) => {
                let node = self.graph.close(node, self.graph.elem(growing.storage));
                let fits = self.graph.elem(node) == self.graph.elem(growing.storage)
                    && self.graph.rank(node) == self.graph.rank(growing.storage);
                if !fits {
                    return self.refuse(span, "what is pushed here is of another type than before");
                }
                let storage = match self.graph.as_int(count) {
                    Some(1) => {
                        let zero = self.graph.usize(0);
                        let first = match self.part(&Array::new(node, super::value::Family::Nested), &[zero])
                        {
                            Val::Array(part) => self.array_node(&part),
                            Val::Scalar(node) => node,
                            _ => return Err(Refused),
                        };
                        self.put(growing.storage, &[growing.len], first)
                    }
                    _ => self.put_slice(growing.storage, &[], growing.len, count, node),
                };
                let len = self.graph.int_op(IntOp::Add, &[growing.len, count]);
                Val::Growing(Growing { storage, len })
            }
            Val::Array(array) => self.concatenated(&array, node, span)?,
            _ => return Err(Refused),
        };
        self.scopes.set(own, value);
        Ok(Val::Unit)
    }

    fn note_push(&mut self, own: BindingId, node: NodeId, count: NodeId, span: Span) {
        let (elem, shape) = (self.graph.elem(node), self.graph.ty(node).shape[1..].to_vec());
        let elem = match elem {
            Elem::Float(Float::Open) => Elem::Float(self.literal),
            Elem::Int(Int::Open) => Elem::USIZE,
            elem => elem,
        };
        self.note(own, Pushed { elem, shape, count, span });
    }

    fn note(&mut self, own: BindingId, pushed: Pushed) {
        let before = self.pushed.get(&own).map_or(self.graph.usize(0), |before| before.count);
        let count = self.graph.int_op(IntOp::Add, &[before, pushed.count]);
        self.pushed.insert(own, Pushed { count, ..pushed });
    }

    /// One array behind another.
    fn concatenated(&mut self, first: &Array, second: NodeId, span: Span) -> Read<Val> {
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
        let node = self.tabulate(&shape, |reader, index| {
            let in_first = reader.graph.compare(Cmp::Lt, index[0], a[0]);
            let rest = reader.graph.int_op(IntOp::Sub, &[index[0], a[0]]);
            let at: Vec<NodeId> = [rest].into_iter().chain(index[1..].iter().copied()).collect();
            let (x, y) = (reader.graph.read(own, index), reader.graph.read(second, &at));
            reader.graph.select(in_first, x, y)
        });
        Ok(Array::nested(node))
    }

    /// The elements of an array of a literal length.
    fn literal_elements(&mut self, node: NodeId, extent: NodeId) -> Vec<NodeId> {
        let count = self.graph.as_int(extent).unwrap_or(0).min(65);
        let array = Array::new(node, super::value::Family::Nested);
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
            "clear" => (self.empty_vec(), Val::Unit),
            "truncate" => {
                let len = arguments.one(self)?;
                let len = self.usize_node(len, span)?;
                let len = self.graph.int_op(IntOp::Min, &[shape[0], len]);
                (self.slice(array, zero, len), Val::Unit)
            }
            "pop" => {
                let one = self.graph.usize(1);
                let last = self.graph.int_op(IntOp::Sub, &[shape[0], one]);
                let rest = self.graph.int_op(IntOp::SaturatingSub, &[shape[0], one]);
                let exists = self.graph.compare(Cmp::Gt, shape[0], zero);
                let part = self.part(array, &[last]);
                (self.slice(array, zero, rest), Val::Optional(Box::new(part), Some(exists)))
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

    // ---- in loops --------------------------------------------------------------------------------------

    /// What a `Vec` is before a loop that makes it longer: an array with room for all that will be pushed.
    pub fn with_room(&mut self, held: Val, pushed: &Pushed, bound: Option<NodeId>) -> Read<Growing> {
        let array = match held {
            Val::Growing(growing) => return Ok(growing),
            Val::Array(array) => array,
            _ => return Err(Refused),
        };
        let Some(bound) = bound else { return self.refuse(pushed.span, ENDLESS) };
        let len = self.shape(&array)[0];
        let more = self.graph.int_op(IntOp::Mul, &[bound, pushed.count]);
        let whole = self.graph.int_op(IntOp::Add, &[len, more]);
        let zero = self.graph.zero(pushed.elem);
        let shape: Vec<NodeId> = [whole].into_iter().chain(pushed.shape.iter().copied()).collect();
        let is_empty = self.graph.as_int(len) == Some(0);
        let own = self.array_node(&array);
        let own = self.graph.close(own, pushed.elem);
        if !is_empty && (self.graph.elem(own) != pushed.elem || self.graph.rank(own) != shape.len()) {
            return self.refuse(pushed.span, "what is pushed here is of another type than before");
        }
        let storage = self.tabulate(&shape, |reader, index| {
            if is_empty {
                return zero;
            }
            let is_old = reader.graph.compare(Cmp::Lt, index[0], len);
            let old = reader.graph.read(own, index);
            reader.graph.select(is_old, old, zero)
        });
        Ok(Growing { storage, len })
    }

    /// Takes note of what an iteration of a loop over `var` has pushed. Whether that is news.
    pub fn grows(&mut self, pushed: Map<BindingId, Pushed>, var: Var, grow: &mut Grow) -> Read<bool> {
        let pushed: BTreeMap<BindingId, Pushed> = pushed.into_iter().collect();
        let mut is_news = false;
        for (id, pushed) in pushed {
            let parts = pushed.shape.iter().chain([&pushed.count]);
            let is_even = parts.into_iter().all(|&part| !self.graph.depends_on(part, var));
            match grow.get(&id) {
                _ if !is_even => return self.refuse(pushed.span, UNEVEN),
                Some((_, known)) if known.count != pushed.count => return self.refuse(pushed.span, UNEVEN),
                Some(_) => {}
                None => {
                    grow.insert(id, (self.scopes.held(id).clone(), pushed));
                    is_news = true;
                }
            }
        }
        Ok(is_news)
    }

    /// What is carried into an iteration: of a `Vec` that grows, so many elements are there.
    pub fn lengthened(&mut self, value: Val, grow: Option<&(Val, Pushed)>, iterations: NodeId) -> Val {
        match (value, grow) {
            (Val::Growing(growing), Some((_, pushed))) => {
                let more = self.graph.int_op(IntOp::Mul, &[iterations, pushed.count]);
                let len = self.graph.int_op(IntOp::Add, &[growing.len, more]);
                Val::Growing(Growing { len, ..growing })
            }
            (value, _) => value,
        }
    }

    /// The results of a loop over `var`: what it has made longer is as long as it has become.
    pub fn results_grown(
        &mut self,
        results: Vec<(BindingId, Val)>,
        var: Var,
        grow: &Grow,
    ) -> Read<Vec<(BindingId, Val)>> {
        let trips = self.graph.extent(var);
        let mut grown = Vec::new();
        for (id, value) in results {
            let value = self.lengthened(value, grow.get(&id), trips);
            let (Val::Growing(growing), Some((before, pushed))) = (&value, grow.get(&id)) else {
                grown.push((id, value));
                continue;
            };
            if id < self.outer_bindings {
                if self.paths.len() > self.path_start {
                    return self.refuse(pushed.span, BRANCH);
                }
                let count = self.graph.int_op(IntOp::Mul, &[trips, pushed.count]);
                self.note(id, Pushed { count, ..pushed.clone() });
            }
            let is_whole = self.graph.ty(growing.storage).shape[0] == growing.len;
            let value = match before {
                Val::Growing(_) => value,
                _ if is_whole => Array::nested(growing.storage),
                _ => self.grown(growing),
            };
            grown.push((id, value));
        }
        Ok(grown)
    }

    /// The elements that are there.
    pub fn grown(&mut self, growing: &Growing) -> Val {
        let zero = self.graph.usize(0);
        self.slice(&Array::new(growing.storage, super::value::Family::Nested), zero, growing.len)
    }
}
