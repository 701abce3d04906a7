//! `Vec`s that change their length in a loop. One that a loop makes longer is an array with room for all that will be
//! pushed, of which so many elements are there: a function of the index where every iteration pushes as many, else a
//! number that the loop carries.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;

use super::flow::Changes;
use super::reader::Reader;
use super::record::{Entry, RUNNING};
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::value::{Array, Family, Growing, Val};
use crate::ir::ids::Map;
use crate::ir::{Cmp, Elem, Float, Fold, Int, IntOp, LoopId, NodeId};

const UNEVEN: &str = "the rows that are pushed here differ in length: only rectangular arrays can be read";
const UNKNOWN: &str = "how much this `Vec` grows depends on what the loop has computed before: make it as long as it can get \
     with `vec![0.0; n]`, assign to its elements, and count them";
pub const STALE: &str = "what this `Vec` holds here is left from an iteration of a loop, and of another length after each: \
     make it where it is used, with `let`";

/// What has been pushed onto a `Vec` in an iteration.
#[derive(Clone)]
pub struct Pushed {
    pub elem: Elem,
    /// The extents of each element.
    pub shape: Vec<NodeId>,
    /// How many, if that does not depend on a condition and none are taken away.
    pub count: Option<NodeId>,
    /// How many at most, if there is a bound.
    pub most: Option<NodeId>,
    pub span: Span,
}

/// A `Vec` that a loop makes longer.
#[derive(Clone)]
pub struct Grown {
    /// What it is before the loop.
    pub before: Val,
    /// What each iteration pushes.
    pub pushed: Pushed,
    /// How many elements all iterations push at most, if there is a bound.
    room: Option<NodeId>,
    /// How many of its last elements are read while the loop runs, if that has no bound.
    pub tail: usize,
}

/// The `Vec`s that a loop makes longer.
pub type Grow = BTreeMap<BindingId, Grown>;

impl Reader {
    /// `Vec::new()`.
    pub fn empty_vec(&mut self) -> Val {
        Array::nested(self.graph.stack(&[]))
    }

    /// Whether a binding is one from outside of the present iteration, and not made anew in it.
    pub fn is_from_outside(&self, own: BindingId) -> bool {
        own < self.outer_bindings && !self.renewed.contains(&own)
    }

    /// Whether this place is reached in some iterations only.
    pub fn in_branch(&self) -> bool {
        self.paths.len() > self.path_start
    }

    /// Takes note of elements that are pushed.
    pub fn note_push(&mut self, own: BindingId, node: NodeId, count: NodeId, span: Span) {
        if !self.is_from_outside(own) {
            return;
        }
        let (elem, shape) = (self.graph.elem(node), self.graph.ty(node).shape[1..].to_vec());
        let elem = self.settled(elem);
        let even = (!self.in_branch()).then_some(count);
        self.note(own, Pushed { elem, shape, count: even, most: Some(count), span });
    }

    /// Takes note of elements that are taken away.
    pub fn note_taken(&mut self, own: BindingId, array: &Array, span: Span) {
        if !self.is_from_outside(own) {
            return;
        }
        let elem = self.settled(self.graph.elem(array.node));
        let shape = self.shape(array)[1..].to_vec();
        let none = self.graph.usize(0);
        self.note(own, Pushed { elem, shape, count: None, most: Some(none), span });
    }

    /// A `Vec` that every iteration clears is one of the iteration.
    pub fn note_cleared(&mut self, own: BindingId, array: &Array, span: Span) {
        if self.in_branch() {
            self.note_taken(own, array, span);
        } else if own < self.outer_bindings {
            self.renewed.insert(own);
        }
    }

    fn settled(&self, elem: Elem) -> Elem {
        match elem {
            Elem::Float(Float::Open) => Elem::Float(self.literal),
            Elem::Int(Int::Open) => Elem::USIZE,
            elem => elem,
        }
    }

    fn note(&mut self, own: BindingId, pushed: Pushed) {
        let pushed = match self.pushed.get(&own).cloned() {
            Some(before) => Pushed {
                count: self.both_counts(before.count, pushed.count),
                most: self.both_counts(before.most, pushed.most),
                ..pushed
            },
            None => pushed,
        };
        self.pushed.insert(own, pushed);
    }

    fn both_counts(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        Some(self.graph.int_op(IntOp::Add, &[a?, b?]))
    }

    // ---- in loops --------------------------------------------------------------------------------------

    /// What a `Vec` is before a loop that makes it longer: an array with room for all that will be pushed.
    pub fn with_room(&mut self, own: BindingId, grown: &Grown, is_endless: bool) -> Read<Val> {
        if is_endless && grown.room.is_none() && matches!(grown.before, Val::Array(_)) {
            return self.recorded_from(own, grown).map(Val::Recorded);
        }
        let counted = grown.pushed.count.is_none();
        let pushed = &grown.pushed;
        let array = match grown.before.clone() {
            Val::Growing(growing) => {
                return Ok(Val::Growing(Growing { counted: counted || growing.counted, ..growing }));
            }
            Val::Array(array) => array,
            Val::Recorded(_) => return self.refuse(pushed.span, RUNNING),
            _ => return Err(Refused),
        };
        let Some(room) = grown.room else {
            return self.refuse(pushed.span, UNKNOWN);
        };
        let len = self.shape(&array)[0];
        let is_empty = self.graph.as_int(len) == Some(0);
        let own = self.array_node(&array);
        let own = self.graph.close(own, pushed.elem);
        let rank = 1 + pushed.shape.len();
        if !is_empty && (self.graph.elem(own) != pushed.elem || self.graph.rank(own) != rank) {
            return self.refuse(pushed.span, "what is pushed here is of another type than before");
        }
        if self.graph.as_int(room) == Some(0) && !is_empty {
            return Ok(Val::Growing(Growing { storage: own, len, counted }));
        }
        let whole = self.graph.int_op(IntOp::Add, &[len, room]);
        let zero = self.graph.zero(pushed.elem);
        let shape: Vec<NodeId> = [whole].into_iter().chain(pushed.shape.iter().copied()).collect();
        let storage = self.tabulate(&shape, |reader, index| {
            if is_empty {
                return zero;
            }
            let is_old = reader.graph.compare(Cmp::Lt, index[0], len);
            let old = reader.graph.read(own, index);
            reader.graph.select(is_old, old, zero)
        });
        Ok(Val::Growing(Growing { storage, len, counted }))
    }

    /// Takes note of what an iteration of a loop has pushed. Whether that is news.
    pub fn grows(
        &mut self,
        pushed: Map<BindingId, Pushed>,
        (lp, bound): (LoopId, Option<NodeId>),
        grow: &mut Grow,
    ) -> Read<bool> {
        let var = self.graph.loop_info(lp).var;
        let pushed: BTreeMap<BindingId, Pushed> = pushed.into_iter().collect();
        let mut is_news = false;
        for (id, grown) in grow.iter_mut() {
            let wanted = self.tails.remove(id).unwrap_or(0);
            is_news |= wanted > grown.tail;
            grown.tail = grown.tail.max(wanted);
        }
        for (id, mut pushed) in pushed {
            if pushed.shape.iter().any(|&extent| self.graph.depends_on(extent, var)) {
                return self.refuse(pushed.span, UNEVEN);
            }
            pushed.count = pushed.count.filter(|&count| !self.graph.depends_on(count, var));
            let known = grow.get(&id).cloned();
            if let Some(known) = &known
                && known.pushed.count != pushed.count
            {
                pushed.count = None;
            }
            let room = self.room(&pushed, lp, bound);
            let is_known =
                known.as_ref().is_some_and(|known| known.pushed.count == pushed.count && known.room == room);
            if !is_known {
                let tail = known.as_ref().map_or(0, |known| known.tail);
                let before = known.map_or_else(|| self.scopes.held(id).clone(), |known| known.before);
                grow.insert(id, Grown { before, pushed, room, tail });
                is_news = true;
            }
        }
        Ok(is_news)
    }

    /// How many elements the iterations of a loop push at most.
    fn room(&mut self, pushed: &Pushed, lp: LoopId, bound: Option<NodeId>) -> Option<NodeId> {
        let most = pushed.count.or(pushed.most)?;
        if self.graph.as_int(most) == Some(0) {
            return Some(most);
        }
        let (bound, var) = (bound?, self.graph.loop_info(lp).var);
        if !self.graph.depends_on(most, var) {
            return Some(self.graph.int_op(IntOp::Mul, &[bound, most]));
        }
        if self.graph.carries(&[most], lp) {
            return None;
        }
        // The same variable each time that the loop is read, so that it is seen to be the same sum.
        let graph = &mut self.graph;
        let own =
            *self.room_vars.entry((self.binders.len(), bound)).or_insert_with(|| graph.fresh_var(bound));
        let to = self.graph.index(own);
        let most = self.graph.subst(most, &[(var, to)]);
        let none = self.graph.int(0, Int::Usize);
        Some(self.graph.reduce(Fold::Sum, own, none, most))
    }

    /// What is carried into an iteration: of a `Vec` that grows evenly, so many elements are there.
    pub fn lengthened(&mut self, value: Val, grow: Option<&Grown>, iterations: NodeId) -> Val {
        match (value, grow.and_then(|grown| grown.pushed.count)) {
            (Val::Growing(growing), Some(count)) if !growing.counted => {
                let more = self.graph.int_op(IntOp::Mul, &[iterations, count]);
                let len = self.graph.int_op(IntOp::Add, &[growing.len, more]);
                Val::Growing(Growing { len, ..growing })
            }
            (value, _) => value,
        }
    }

    /// The results of a loop: what it has made longer is as long as it has become.
    pub fn results_grown(
        &mut self,
        results: Vec<(BindingId, Val)>,
        lp: LoopId,
        grow: &Grow,
        entries: &Map<BindingId, Vec<Entry>>,
    ) -> Read<Vec<(BindingId, Val)>> {
        let trips = self.graph.extent(self.graph.loop_info(lp).var);
        let mut after = Vec::new();
        for (id, value) in results {
            let value = self.lengthened(value, grow.get(&id), trips);
            let Some(grown) = grow.get(&id) else {
                after.push((id, value));
                continue;
            };
            if self.is_from_outside(id) {
                let even = grown.pushed.count.filter(|_| !self.in_branch());
                let count = even.map(|count| self.graph.int_op(IntOp::Mul, &[trips, count]));
                self.note(id, Pushed { count, most: grown.room, ..grown.pushed.clone() });
            }
            let is_whole = |growing: &Growing| self.graph.ty(growing.storage).shape[0] == growing.len;
            let value = match (value, &grown.before) {
                (value, Val::Growing(_)) => value,
                (Val::Growing(growing), _) if is_whole(&growing) => Array::nested(growing.storage),
                (Val::Growing(growing), _) => self.grown(&growing),
                (Val::Recorded(_), _) => {
                    self.recording(id, lp, grown, entries.get(&id).map_or(&[], Vec::as_slice))?
                }
                (value, _) => value,
            };
            after.push((id, value));
        }
        Ok(after)
    }

    /// The elements that are there.
    pub fn grown(&mut self, growing: &Growing) -> Val {
        let zero = self.graph.usize(0);
        self.slice(&Array::new(growing.storage, Family::Nested), zero, growing.len)
    }

    /// Of what an iteration has cleared first, what is not as long afterwards as before it.
    pub fn refilled(&self, renewed: &BTreeSet<BindingId>, changes: &Changes) -> BTreeSet<BindingId> {
        let is_refilled = |(id, after): &&(BindingId, Val)| match (self.scopes.held(*id), after) {
            (_, Val::Stale) => true,
            (Val::Array(before), Val::Array(after)) if renewed.contains(id) => {
                self.shape(before)[0] != self.shape(after)[0]
            }
            _ => false,
        };
        changes.iter().filter(is_refilled).map(|(id, _)| *id).collect()
    }

    /// `if condition { a } else { b }` of two states of a `Vec` that grows.
    pub fn select_growing(&mut self, condition: NodeId, a: Growing, b: Growing) -> Val {
        let storage = match self.merge_versions(condition, a.storage, b.storage) {
            Some(storage) => storage,
            None => {
                let shape = self.graph.ty(a.storage).shape.clone();
                self.tabulate(&shape, |reader, index| {
                    let (x, y) = (reader.graph.read(a.storage, index), reader.graph.read(b.storage, index));
                    reader.graph.select(condition, x, y)
                })
            }
        };
        let len = self.graph.select(condition, a.len, b.len);
        Val::Growing(Growing { storage, len, counted: a.counted || b.counted })
    }
}
