//! Bounds of extents that differ from iteration to iteration: a buffer that serves all of them has those.

use super::names::is_static;
use super::program::Place;
use super::schedule::Planner;
use crate::ir::ids::IdMap;
use crate::ir::op::{IntOp, Op, Var};
use crate::ir::total::is_total;
use crate::ir::{Elem, Graph, NodeId};

/// Where a buffer is made, and how large.
pub(super) struct Room {
    pub extents: Vec<NodeId>,
    /// Before all loops rather than here.
    pub on_top: bool,
}

impl Planner<'_> {
    /// The room for a buffer of these extents. Fixed extents need none but a stack array, wherever that is; what
    /// lies on the heap is made before all loops, if it is known there how large it can become.
    pub(super) fn room(&mut self, extents: &[NodeId]) -> Room {
        let open = self.open.clone();
        let places = &self.places;
        let mut bounds = |open: &[Var]| -> Option<Vec<NodeId>> {
            extents
                .iter()
                .map(|&e| {
                    let known = known_trips(self.graph, places, e);
                    known.or_else(|| {
                        let bound = bound(self.graph, e, open)?;
                        Some(if bound == e { e } else { saturated(self.graph, bound) })
                    })
                })
                .collect()
        };
        let (outside, here) = (bounds(&[]), bounds(&open));
        let on_top = outside.filter(|extents| {
            let fixed = extents.iter().all(|&e| is_static(self.graph, e));
            fixed || !open.is_empty() && extents.iter().all(|&e| self.is_known_on_entry(e))
        });
        if let Some(extents) = on_top {
            return Room { extents, on_top: true };
        }
        Room { extents: here.unwrap_or_else(|| extents.to_vec()), on_top: false }
    }

    /// Whether an extent is made of parameters, extents of parameters and constants, and no statement below has
    /// given a part of it a name.
    pub(super) fn is_known_on_entry(&self, extent: NodeId) -> bool {
        match self.graph.op(extent) {
            Op::Const(_) | Op::Symbol(..) | Op::Extent { .. } | Op::Param(..) => true,
            Op::Int(_) | Op::Cast(_) => {
                !self.places.contains_key(&extent)
                    && self.graph.args(extent).iter().all(|&a| self.is_known_on_entry(a))
            }
            _ => false,
        }
    }
}

/// The number of iterations of a loop that has been run, or of one whose number has no bound.
fn known_trips(graph: &Graph, places: &IdMap<Place>, extent: NodeId) -> Option<NodeId> {
    let Op::Trips(lp) = graph.op(extent) else { return None };
    let unbounded = graph.loop_info(*lp).stop.as_ref().is_some_and(|stop| stop.bound.is_none());
    (unbounded || places.contains_key(&extent)).then_some(extent)
}

/// An extent that is computed where the loop that has it may not run: where a difference would be negative, it is zero.
fn saturated(graph: &mut Graph, extent: NodeId) -> NodeId {
    if is_total(graph, extent) {
        return extent;
    }
    let args: Vec<NodeId> = graph.args(extent).to_vec();
    match *graph.op(extent) {
        Op::Int(op) => {
            let args: Vec<NodeId> = args.into_iter().map(|arg| saturated(graph, arg)).collect();
            let op = if op == IntOp::Sub && !is_signed(graph, extent) { IntOp::SaturatingSub } else { op };
            graph.int_op(op, &args)
        }
        _ => extent,
    }
}

/// A number that is never less than an extent, and depends on no variable that is not open.
fn bound(graph: &mut Graph, extent: NodeId, open: &[Var]) -> Option<NodeId> {
    let args = graph.args(extent);
    if let Op::Trips(lp) = *graph.op(extent) {
        let most = graph.loop_info(lp).stop.as_ref().and_then(|stop| stop.bound)?;
        return bound(graph, most, open);
    }
    if graph.free(extent).iter().all(|v| open.contains(v)) {
        return Some(extent);
    }
    match graph.op(extent).clone() {
        Op::Index(var) => {
            let own = graph.extent(var);
            bound(graph, own, open)
        }
        // `i + 1` is at most the extent of `i`.
        Op::Int(IntOp::Add) if graph.as_index(args[0]).is_some() && graph.as_int(args[1]) == Some(1) => {
            bound(graph, args[0], open)
        }
        Op::Int(IntOp::Sub) if is_signed(graph, extent) => {
            let less = graph.free(args[1]).iter().all(|v| open.contains(v)).then_some(args[1])?;
            let most = bound(graph, args[0], open)?;
            Some(graph.int_op(IntOp::Sub, &[most, less]))
        }
        Op::Int(IntOp::Sub | IntOp::SaturatingSub | IntOp::Div | IntOp::Shr) => bound(graph, args[0], open),
        Op::Int(IntOp::Min | IntOp::BitAnd) => {
            bound(graph, args[0], open).or_else(|| bound(graph, args[1], open))
        }
        Op::Int(IntOp::Rem) => bound(graph, args[1], open).or_else(|| bound(graph, args[0], open)),
        Op::Int(op @ (IntOp::Add | IntOp::Mul | IntOp::Max)) => {
            let args = [bound(graph, args[0], open)?, bound(graph, args[1], open)?];
            Some(graph.int_op(op, &args))
        }
        Op::Cast(to) if matches!(graph.elem(args[0]), Elem::Int(_)) => {
            let most = bound(graph, args[0], open)?;
            Some(graph.cast(to, most))
        }
        Op::If => {
            let args = [bound(graph, args[1], open)?, bound(graph, args[2], open)?];
            Some(graph.int_op(IntOp::Max, &args))
        }
        _ => None,
    }
}

fn is_signed(graph: &Graph, id: NodeId) -> bool {
    matches!(graph.elem(id), Elem::Int(int) if !int.is_unsigned())
}
