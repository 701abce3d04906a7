//! Slices that a loop makes shorter: parts of one array, from an index that the loop carries, as is how many.

use std::collections::BTreeSet;

use super::flow::Changes;
use super::reader::Reader;
use super::scope::BindingId;
use super::value::{Array, Family, Val, Window};
use crate::ir::{Elem, IntOp, LoopId, NodeId, Op, Var};

impl Reader {
    /// The part of the array that a window shows.
    pub fn shown(&mut self, window: &Window) -> Val {
        self.slice(&Array::new(window.of, Family::Nested), window.start, window.len)
    }

    /// A whole array as a window.
    pub fn whole_window(&mut self, array: &Array) -> Window {
        let start = self.graph.usize(0);
        let len = self.shape(array)[0];
        let len = self.graph.close(len, Elem::USIZE);
        Window { of: self.array_node(array), start, len }
    }

    /// Some variables hold windows of the arrays that they hold.
    pub fn show_windows(&mut self, ids: &BTreeSet<BindingId>) {
        for &id in ids {
            if let Val::Array(array) = self.scopes.held(id).clone() {
                let window = self.whole_window(&array);
                self.scopes.set(id, Val::Window(window));
            }
        }
    }

    /// An array as a window of another, if its elements are some of those, in order.
    pub fn as_window(&mut self, array: &Array, of: NodeId) -> Option<Window> {
        let node = self.array_node(array);
        let len = self.graph.ty(node).shape[0];
        if node == of {
            return Some(Window { of, start: self.graph.usize(0), len });
        }
        let Op::Build(vars) = self.graph.op(node).clone() else { return None };
        let body = self.graph.args(node)[0];
        let args = self.graph.args(body);
        if *self.graph.op(body) != Op::Read || args[0] != of {
            return None;
        }
        let rest = args[2..].iter().map(|&index| self.graph.as_index(index));
        if !rest.eq(vars[1..].iter().map(|&var| Some(var))) {
            return None;
        }
        let start = self.offset_from(args[1], vars[0])?;
        Some(Window { of, start, len })
    }

    /// `if condition { a } else { b }` of two parts of one array.
    pub fn select_windows(&mut self, condition: NodeId, a: &Array, b: &Array) -> Option<Val> {
        let [x, y] = [a, b].map(|side| {
            let node = side.prefix.is_empty().then_some(side.node)?;
            let body = (matches!(self.graph.op(node), Op::Build(_))).then(|| self.graph.args(node)[0]);
            let read = body.filter(|&body| *self.graph.op(body) == Op::Read);
            Some(read.map_or(node, |read| self.graph.args(read)[0]))
        });
        let of = x.filter(|_| x == y && self.graph.elem(a.node) == self.graph.elem(b.node))?;
        let (a, b) = (self.as_window(a, of)?, self.as_window(b, of)?);
        let start = self.graph.select(condition, a.start, b.start);
        let len = self.graph.select(condition, a.len, b.len);
        Some(self.shown(&Window { of, start, len }))
    }

    /// `k` of `k + i`.
    fn offset_from(&mut self, index: NodeId, var: Var) -> Option<NodeId> {
        if self.graph.as_index(index) == Some(var) {
            return Some(self.graph.usize(0));
        }
        if *self.graph.op(index) != Op::Int(IntOp::Add) {
            return None;
        }
        let args = self.graph.args(index);
        let (fixed, moving) =
            if self.graph.depends_on(args[0], var) { (args[1], args[0]) } else { (args[0], args[1]) };
        if self.graph.depends_on(fixed, var) {
            return None;
        }
        let more = self.offset_from(moving, var)?;
        Some(self.graph.int_op(IntOp::Add, &[fixed, more]))
    }

    /// The arrays that an iteration of a loop has replaced by a part of themselves, of another length.
    pub fn shortened_slices(
        &mut self,
        lp: LoopId,
        carried: &[(BindingId, Val)],
        changes: &Changes,
    ) -> BTreeSet<BindingId> {
        let (mut found, mut place) = (BTreeSet::new(), 0);
        for (id, before) in carried {
            let has_own = place < self.graph.loop_info(lp).init.len();
            let own = has_own.then(|| self.graph.carried(lp, place));
            place += self.nodes_of(before).len();
            let after = changes.iter().find(|(other, _)| other == id).map(|(_, value)| value);
            let (Some(own), Val::Array(before), Some(Val::Array(after))) = (own, before, after) else {
                continue;
            };
            let is_shorter = self.shape(before)[0] != self.shape(after)[0];
            if is_shorter && self.as_window(after, own).is_some() {
                found.insert(*id);
            }
        }
        found
    }
}
