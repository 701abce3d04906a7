//! Buffers that grow: an axis whose length is not known when its buffer is made gets an element at the beginning of
//! each iteration of the loop that runs over it. Such buffers are `Vec`s of `Vec`s, and their rows may differ in length.

use super::program::{Access, Expr, Stmt};
use super::schedule::Planner;
use crate::ir::op::{LoopId, Op, Var};
use crate::ir::{Const, Elem, Int, NodeId};

/// An axis that grows with the iterations of a loop.
#[derive(Clone)]
pub(super) struct Growth {
    lp: LoopId,
    buffer: String,
    /// The variables of the axes around it.
    leading: Vec<Var>,
    /// The extents of what is added; `None` for axes that grow themselves.
    added: Vec<Option<NodeId>>,
    elem: Elem,
    /// The loop has been written: if it runs once more, that is for others.
    is_made: bool,
}

impl Planner<'_> {
    /// Which axes of a buffer have to grow, by which loop. `vars` are the variables of its leading axes.
    pub(super) fn growing_axes(&self, extents: &[NodeId], vars: &[Var]) -> Vec<Option<LoopId>> {
        let mut grows: Vec<Option<LoopId>> = extents.iter().map(|&extent| self.is_counting(extent)).collect();
        for (axis, &extent) in extents.iter().enumerate() {
            let closed = self.closed(&self.graph.free(extent));
            if closed.is_empty() || grows[axis].is_some() {
                continue;
            }
            // Rows of different lengths: each is added when its length is known, or grows itself.
            let around = vars[..axis.min(vars.len())].iter().rposition(|v| closed.contains(v));
            match around.and_then(|at| Some((at, self.graph.owner(vars[at])?))) {
                Some((at, lp)) if self.is_known_early(extent) => grows[at] = Some(lp),
                _ => grows[axis] = vars.get(axis).and_then(|&var| self.graph.owner(var)),
            }
        }
        grows
    }

    /// The loop whose iterations an extent counts, while that runs.
    fn is_counting(&self, extent: NodeId) -> Option<LoopId> {
        match self.graph.op(extent) {
            Op::Trips(lp) if !self.places.contains_key(&extent) => Some(*lp),
            _ => None,
        }
    }

    /// Whether an extent can be computed at the beginning of an iteration: from what the caller gives and from what
    /// the loop carries.
    fn is_known_early(&self, extent: NodeId) -> bool {
        let mut stack = vec![extent];
        while let Some(id) = stack.pop() {
            match self.graph.op(id) {
                _ if self.places.contains_key(&id) => {}
                Op::Trips(_) | Op::Final(..) | Op::Update { .. } => return false,
                op if !op.bound().is_empty() => return false,
                _ => stack.extend(self.graph.args(id).iter()),
            }
        }
        true
    }

    pub(super) fn note_growth(
        &mut self,
        (buffer, elem): (&str, Elem),
        extents: &[NodeId],
        vars: &[Var],
        growing: &[Option<LoopId>],
    ) {
        for (axis, lp) in growing.iter().enumerate().filter_map(|(axis, lp)| Some((axis, (*lp)?))) {
            let added = extents.iter().zip(growing).skip(axis + 1);
            self.growing.push(Growth {
                lp,
                buffer: buffer.to_string(),
                leading: vars[..axis].to_vec(),
                added: added.map(|(&extent, growing)| growing.is_none().then_some(extent)).collect(),
                elem,
                is_made: false,
            });
        }
    }

    /// At the beginning of an iteration: room for what is kept of it.
    pub(super) fn make_room(&mut self, lp: LoopId, out: &mut Vec<Stmt>) {
        let mut growing = Vec::new();
        for growth in self.growing.iter_mut().filter(|growth| growth.lp == lp && !growth.is_made) {
            growth.is_made = true;
            growing.push(growth.clone());
        }
        for Growth { buffer, leading, added, elem, .. } in growing {
            let index: Vec<NodeId> = leading.iter().map(|&v| self.graph.index(v)).collect();
            let index = index.into_iter().map(|i| self.expression(i, out)).collect();
            let place = Access::nested(&buffer, index);
            let dims = added.into_iter().map(|extent| {
                let known = extent.filter(|&extent| self.closed(&self.graph.free(extent)).is_empty());
                match known {
                    Some(extent) => self.value_here(extent, out),
                    None => Expr::Const(Const::Int(0, Int::Usize)),
                }
            });
            let dims = dims.collect();
            out.push(Stmt::Push { place, elem, fill: 0.0, dims });
        }
    }
}
