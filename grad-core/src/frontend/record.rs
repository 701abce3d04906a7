//! `Vec`s that a loop without a bound makes longer. No room can be made for them beforehand: what is pushed is kept of
//! each iteration, as reverse mode keeps values, and is an array after the loop. While the loop runs there are the last
//! elements, which it carries, and the number of all.

use proc_macro2::Span;

use super::grow::Grown;
use super::method::Arguments;
use super::reader::Reader;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::value::{Array, Family, Val};
use crate::ir::ids::IdSet;
use crate::ir::total::{cannot_fail, is_total};
use crate::ir::{Cmp, Elem, Int, IntOp, LoopId, NodeId, Op};

/// So many of the last elements are carried at most.
const LONGEST: usize = 8;

pub const RUNNING: &str = "while this loop runs, which has no bound, only the length and the last elements of this `Vec` can be \
     read: `v.len()`, `v.last()`, `v[v.len() - 2]`; make it as long as it can get with `vec![0.0; n]` before the loop";

/// A `Vec` while a loop without a bound makes it longer.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub own: BindingId,
    /// How many loops there are around what the loop does.
    pub depth: usize,
    /// The last elements, the very last behind the others.
    pub tail: Vec<NodeId>,
    pub len: NodeId,
}

/// Elements that an iteration pushes.
pub struct Entry {
    /// Under which condition; `None` if always.
    condition: Option<NodeId>,
    /// An array of them.
    elements: NodeId,
    count: NodeId,
}

impl Reader {
    /// What a `Vec` is before a loop that records what is pushed.
    pub fn recorded_from(&mut self, own: BindingId, grown: &Grown) -> Read<Recorded> {
        let span = grown.pushed.span;
        let Val::Array(array) = grown.before.clone() else { return self.refuse(span, RUNNING) };
        let len = self.shape(&array)[0];
        let len = self.graph.close(len, Elem::USIZE);
        let pushed = grown.pushed.clone();
        let tail: Vec<NodeId> = (1..=grown.tail)
            .rev()
            .map(|back| {
                let back = self.graph.usize(back);
                let exists = self.graph.compare(Cmp::Ge, len, back);
                let nothing = self.nothing(pushed.elem, &pushed.shape);
                if self.graph.as_bool(exists) == Some(false) {
                    return nothing;
                }
                let at = self.graph.int_op(IntOp::Sub, &[len, back]);
                let element = self.element_node(&array, at);
                let element = self.graph.close(element, pushed.elem);
                self.tabulate(&pushed.shape, |reader, index| {
                    let (is, not) = (reader.graph.read(element, index), reader.graph.read(nothing, index));
                    reader.graph.select(exists, is, not)
                })
            })
            .collect();
        Ok(Recorded { own, depth: self.binders.len() + 1, tail, len })
    }

    fn nothing(&mut self, elem: Elem, shape: &[NodeId]) -> NodeId {
        let zero = self.graph.zero(elem);
        self.tabulate(shape, |_, _| zero)
    }

    /// The part of an array at an index, as a node.
    fn element_node(&mut self, array: &Array, at: NodeId) -> NodeId {
        match self.part(array, &[at]) {
            Val::Array(part) => self.array_node(&part),
            Val::Scalar(node) => node,
            _ => array.node,
        }
    }

    /// Elements behind those that are there.
    pub fn append_recorded(
        &mut self,
        recorded: Recorded,
        (elements, count): (NodeId, NodeId),
        span: Span,
    ) -> Read<Val> {
        // A loop inside would have to record on its own.
        let is_few = self.graph.as_int(count).is_some_and(|count| count <= LONGEST as i128);
        if self.binders.len() != recorded.depth || !is_few {
            return self.refuse(span, RUNNING);
        }
        let mut tail = recorded.tail;
        let array = Array::new(elements, Family::Nested);
        for back in (1..=tail.len()).rev() {
            let known = self.graph.as_int(count).unwrap_or(0) as usize;
            if back <= known {
                let at = self.graph.usize(known - back);
                tail.push(self.element_node(&array, at));
                tail.remove(0);
            }
        }
        let condition = self.branch_condition();
        self.entries.entry(recorded.own).or_default().push(Entry { condition, elements, count });
        let len = self.graph.int_op(IntOp::Add, &[recorded.len, count]);
        Ok(Val::Recorded(Recorded { tail, len, ..recorded }))
    }

    /// `if condition { a } else { b }` of two states.
    pub fn select_recorded(&mut self, condition: NodeId, a: Recorded, b: &Recorded) -> Val {
        let tail = a.tail.iter().zip(&b.tail).map(|(&x, &y)| {
            let shape = self.graph.ty(x).shape.clone();
            self.tabulate(&shape, |reader, index| {
                let (x, y) = (reader.graph.read(x, index), reader.graph.read(y, index));
                reader.graph.select(condition, x, y)
            })
        });
        let tail = tail.collect();
        let len = self.graph.select(condition, a.len, b.len);
        Val::Recorded(Recorded { tail, len, ..a })
    }

    // ---- reading ---------------------------------------------------------------------------------------

    /// `v.len()`, `v.is_empty()`, `v.last()`.
    pub fn recorded_method(&mut self, recorded: &Recorded, arguments: &Arguments) -> Read<Val> {
        let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
        match arguments.name.as_str() {
            "len" => Ok(Val::Scalar(recorded.len)),
            "is_empty" => Ok(Val::Scalar(self.graph.compare(Cmp::Eq, recorded.len, zero))),
            "last" => {
                let value = self.nth_last(recorded, one, arguments.span)?;
                let exists = self.graph.compare(Cmp::Gt, recorded.len, zero);
                Ok(Val::Optional(Box::new(value), Some(exists)))
            }
            _ => self.refuse(arguments.span, RUNNING),
        }
    }

    /// `v[v.len() - 2]`.
    pub fn index_recorded(&mut self, recorded: &Recorded, index: Val, span: Span) -> Read<Val> {
        let index = self.usize_node(index, span)?;
        let back = self.graph.int_op(IntOp::Sub, &[recorded.len, index]);
        self.nth_last(recorded, back, span)
    }

    /// The element that is so far from the end.
    fn nth_last(&mut self, recorded: &Recorded, back: NodeId, span: Span) -> Read<Val> {
        let back = self.graph.as_int(back).and_then(|back| usize::try_from(back).ok());
        let Some(back @ 1..=LONGEST) = back else { return self.refuse(span, RUNNING) };
        if let Some(at) = recorded.tail.len().checked_sub(back) {
            let node = recorded.tail[at];
            return Ok(if self.graph.rank(node) == 0 { Val::Scalar(node) } else { Array::nested(node) });
        }
        // The loop is read once more, with as many carried.
        let wanted = self.tails.entry(recorded.own).or_default();
        *wanted = back.max(*wanted);
        Err(Refused)
    }

    // ---- after the loop --------------------------------------------------------------------------------

    /// What a `Vec` is after the loop that has recorded what it pushes.
    pub fn recording(&mut self, own: BindingId, lp: LoopId, grown: &Grown, entries: &[Entry]) -> Read<Val> {
        let Val::Array(before) = grown.before.clone() else { return Err(Refused) };
        let more = match entries {
            [entry] if entry.condition.is_none() && self.graph.as_int(entry.count) == Some(1) => {
                self.kept(entry, 0, grown, lp)
            }
            entries => self.gathered(own, lp, grown, entries),
        };
        self.concatenated(&before, more, grown.pushed.span)
    }

    /// What all iterations have pushed, one after the other: a loop over what has been kept of them.
    fn gathered(&mut self, own: BindingId, lp: LoopId, grown: &Grown, entries: &[Entry]) -> NodeId {
        let var = self.graph.loop_info(lp).var;
        let trips = self.graph.extent(var);
        let (none, one) = (self.graph.int(0, Int::Usize), self.graph.usize(1));
        let most = entries.iter().fold(none, |sum, entry| self.graph.int_op(IntOp::Add, &[sum, entry.count]));
        let whole = self.graph.int_op(IntOp::Mul, &[trips, most]);
        let shape: Vec<NodeId> = [whole].into_iter().chain(grown.pushed.shape.iter().copied()).collect();
        let storage = self.nothing(grown.pushed.elem, &shape);
        let (gathering, at) = self.graph.open_loop(trips, self.outer_binders().into(), vec![storage, none]);
        self.note_branch(gathering);
        let index = self.graph.index(at);
        let (mut storage, mut len) = (self.graph.carried(gathering, 0), self.graph.carried(gathering, 1));
        if let Some(name) = self.scopes.name_of(own) {
            self.graph.set_name(storage, &name);
            self.graph.set_name(len, &format!("{name}_len"));
        }
        for entry in entries {
            let condition = match entry.condition {
                Some(condition) => {
                    let kept = self.graph.build(&[var], condition);
                    self.graph.read(kept, &[index])
                }
                None => self.graph.bool(true),
            };
            let mut end = len;
            for k in 0..self.graph.as_int(entry.count).unwrap_or(0) as usize {
                let kept = self.kept(entry, k, grown, lp);
                let element = self.element_node(&Array::new(kept, Family::Nested), index);
                storage = self.graph.update(false, &[storage, condition, end, element]);
                end = self.graph.int_op(IntOp::Add, &[end, one]);
            }
            len = self.graph.select(condition, end, len);
        }
        self.graph.close_loop(gathering, vec![storage, len]);
        let (storage, len) = (self.graph.final_value(gathering, 0), self.graph.final_value(gathering, 1));
        match self.slice(&Array::new(storage, Family::Nested), none, len) {
            Val::Array(array) => self.array_node(&array),
            _ => storage,
        }
    }

    /// One of the elements that an iteration pushes: of all iterations, of which those count that push it.
    fn kept(&mut self, entry: &Entry, k: usize, grown: &Grown, lp: LoopId) -> NodeId {
        let var = self.graph.loop_info(lp).var;
        let at = self.graph.usize(k);
        let one = self.element_node(&Array::new(entry.elements, Family::Nested), at);
        let one = self.graph.close(one, grown.pushed.elem);
        let (rest, index) = self.fresh_vars(&grown.pushed.shape);
        let mut element = self.graph.read(one, &index);
        // What may panic is computed where it is pushed, and nowhere else.
        if let Some(condition) = entry.condition.filter(|_| !self.is_computed_anyway(lp, element)) {
            let nothing = self.graph.zero(grown.pushed.elem);
            element = self.graph.select(condition, element, nothing);
        }
        self.graph.build(&[&[var], &rest[..]].concat(), element)
    }

    /// Whether computing a value panics only where an iteration does, whichever branches that takes.
    fn is_computed_anyway(&self, lp: LoopId, value: NodeId) -> bool {
        let info = self.graph.loop_info(lp);
        let mut anyway: IdSet = IdSet::new();
        let mut stack: Vec<NodeId> =
            info.next.iter().chain(info.stop.iter().map(|stop| &stop.until)).copied().collect();
        while let Some(id) = stack.pop() {
            if anyway.insert(id) {
                let args = self.graph.args(id);
                let branches = matches!(self.graph.op(id), Op::If | Op::Logic(_));
                stack.extend(&args[..if branches { 1 } else { args.len() }]);
            }
        }
        let mut stack = vec![value];
        while let Some(id) = stack.pop() {
            if anyway.contains(&id) || is_total(&self.graph, id) {
                continue;
            }
            if !cannot_fail(&self.graph, id) || !self.graph.op(id).bound().is_empty() {
                return false;
            }
            stack.extend(self.graph.args(id).iter());
        }
        true
    }
}
