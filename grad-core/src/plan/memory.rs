//! Buffers: where they are allocated, how their elements are reached.

use super::bounds::Room;
use super::buffers::{is_at_hand, storage};
use super::names::Names;
use super::program::{Access, Buffer, Expr, Place, Stmt, Storage};
use super::schedule::Planner;
use crate::ir::function::{Layer, Layout};
use crate::ir::ids::Map;
use crate::ir::op::{Op, Var};
use crate::ir::total::in_bounds;
use crate::ir::{Const, Int, NodeId};

impl Planner<'_> {
    pub(super) fn allocate_array(&mut self, array: NodeId, prefix: &[Var], fill: bool, out: &mut Vec<Stmt>) {
        let shape = self.graph.ty(array).shape.clone();
        let zeroed = fill || matches!(self.graph.op(array), Op::Scatter { .. });
        let buffer = self.allocate(array, prefix, &shape, zeroed, out);
        self.set_place(array, Place::Buffer(buffer));
    }

    /// Allocates an array unless it has a place.
    pub(super) fn ensure_array(&mut self, array: NodeId, prefix: &[Var], fill: bool, out: &mut Vec<Stmt>) {
        if !self.places.contains_key(&array) {
            self.allocate_array(array, prefix, fill, out);
        }
    }

    /// A buffer that the matrix kernel will make.
    pub(super) fn declare_matrix(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        let mut unused = Vec::new();
        self.allocate_array(node, &[], false, &mut unused);
        // Only the extents of the buffer may have needed statements.
        unused.retain(|stmt| !matches!(stmt, Stmt::Buffer { .. }));
        out.extend(unused);
    }

    pub(super) fn allocate_matrix(&mut self, node: NodeId, out: &mut Vec<Stmt>) {
        self.allocate_array(node, &[], false, out);
    }

    /// A buffer for the values of `node` at all values of `prefix`. One that is allocated inside a loop is
    /// taken out of it if it lies on the heap, and filled again where the loop needs it zeroed.
    pub(super) fn allocate(
        &mut self,
        node: NodeId,
        prefix: &[Var],
        shape: &[NodeId],
        zeroed: bool,
        out: &mut Vec<Stmt>,
    ) -> Buffer {
        let extents: Vec<NodeId> =
            prefix.iter().map(|&v| self.graph.extent(v)).chain(shape.iter().copied()).collect();
        let Room { extents, on_top } = self.room(&extents);
        let mut storage = storage(self.graph, &extents);
        let mut heap = vec![false; extents.len()];
        let name = match self.root_names.get(&node) {
            Some((name, layout)) => {
                storage =
                    if matches!(layout, Layout::NdArray { .. }) { Storage::Flat } else { Storage::Nested };
                if let Layout::Nested(layers) = layout {
                    heap = layers.iter().map(|layer| *layer != Layer::Array).collect();
                }
                name.clone()
            }
            None => {
                let wanted = Names::wanted(self.graph, node);
                self.names.fresh(if wanted == "t" { "buffer" } else { &wanted })
            }
        };
        let elem = self.graph.elem(node);
        let mut vars = prefix.to_vec();
        vars.extend(self.graph.op(node).bound());
        let growing = self.growing_axes(&extents, &vars);
        if growing.iter().any(Option::is_some) {
            // What grows lies in a `Vec` of `Vec`s, which need not be of one length.
            storage = Storage::Nested;
            heap = vec![true; extents.len()];
        }
        // What is added with a length of its own begins as nothing.
        let dims: Vec<Expr> = extents
            .iter()
            .zip(&growing)
            .map(|(&e, growing)| match growing.is_none() && self.closed(&self.graph.free(e)).is_empty() {
                true => self.expression(e, out),
                false => Expr::Const(Const::Int(0, Int::Usize)),
            })
            .collect();
        self.note_growth((&name, elem), &extents, &vars, &growing);
        let fill = match self.graph.op(node) {
            Op::Reduce(..) => self.graph.as_float(self.graph.args(node)[0]).unwrap_or(0.0),
            _ => 0.0,
        };
        self.note_allocation(&name, node, prefix, (extents, growing));
        let statement = Stmt::Buffer { name: name.clone(), elem, fill, dims: dims.clone(), storage, heap };
        if storage == Storage::Flat && on_top {
            self.top.push(statement);
            if zeroed {
                out.push(Stmt::Refill { name: name.clone(), fill, elem, storage, rank: dims.len() });
            }
        } else {
            out.push(statement);
        }
        Buffer { name, prefix: prefix.to_vec(), dims, storage, literal: false }
    }

    /// The parameters and seeds that are slices of one axis, and their lengths.
    pub(super) fn slices(&self) -> Map<String, Expr> {
        let found = self.places.iter().filter_map(|(node, place)| match (self.graph.op(node), place) {
            (Op::Param(..) | Op::Seed(..), Place::Buffer(buffer)) => match self.graph.ty(node).shape[..] {
                [extent] => Some((buffer.name.clone(), self.graph.op(extent))),
                _ => None,
            },
            _ => None,
        });
        let named = found.filter_map(|(name, extent)| match extent {
            Op::Extent { param, axis } => Some((name, Expr::name(self.extent_names.get(&(*param, *axis))?))),
            _ => None,
        });
        named.collect()
    }

    /// `to[…] = from[…]`, element by element.
    pub(super) fn copy_array(&mut self, from: NodeId, to: NodeId, out: &mut Vec<Stmt>) {
        let (vars, element) = self.graph.element(from);
        // What is in memory is read from there: what it was computed from may have been overwritten.
        let in_memory = self.places.contains_key(&from) && !is_at_hand(self.graph, from);
        let element = if in_memory { self.element_at(from, &vars) } else { element };
        let element_of_copy = self.element_at(to, &vars);
        self.in_loops(&vars, out, &mut |planner, body| {
            let value = planner.value_here(element, body);
            if let Expr::Element(place) = planner.expression(element_of_copy, body) {
                body.push(Stmt::Store { place, value, add: false });
            }
        });
    }

    /// Statements in loops over some variables, which nothing else shares.
    pub(super) fn in_loops(
        &mut self,
        vars: &[Var],
        out: &mut Vec<Stmt>,
        statements: &mut dyn FnMut(&mut Self, &mut Vec<Stmt>),
    ) {
        let mut headers = Vec::new();
        for &var in vars {
            let extent = self.graph.extent(var);
            let extent = self.expression(extent, out);
            let name = self.names.open_index(None);
            self.indices.insert(var, name.clone());
            self.open.push(var);
            headers.push((name, extent));
        }
        let mut body = Vec::new();
        statements(self, &mut body);
        for (var, extent) in headers.into_iter().rev() {
            body = vec![Stmt::For { var, extent, reversed: false, body }];
            self.names.close_index();
            self.open.pop();
        }
        out.extend(body);
    }

    /// Reads of an array at indices, where it is.
    pub(super) fn access(&mut self, array: NodeId, index: &[NodeId], out: &mut Vec<Stmt>) -> Access {
        let Some(Place::Buffer(mut buffer)) = self.places.get(&array).cloned() else {
            panic!("an array is in memory before it is read: {:?}", self.graph.op(array));
        };
        if buffer.dims.is_empty() && buffer.storage == Storage::Flat {
            // A parameter: its extents are asked for only when an element is read.
            let shape = self.graph.ty(array).shape.clone();
            buffer.dims = shape.iter().map(|&e| self.expression(e, out)).collect();
        }
        let extents = self.extents_at(array, index);
        let mut later = index.iter().zip(extents).skip(1);
        let is_within = |(&i, n)| in_bounds(self.graph, i, n) || self.graph.is_within(i, n);
        let checked = buffer.storage == Storage::Flat && !later.all(is_within);
        Access { checked, ..self.access_buffer(&buffer, index, out) }
    }

    /// The extents of an array where its leading indices are these: rows may differ in length.
    fn extents_at(&mut self, array: NodeId, index: &[NodeId]) -> Vec<NodeId> {
        let Op::Build(vars) = self.graph.op(array).clone() else {
            return self.graph.ty(array).shape.clone();
        };
        let map: Vec<(Var, NodeId)> = vars.iter().copied().zip(index.iter().copied()).collect();
        vars.iter()
            .map(|&var| {
                let extent = self.graph.extent(var);
                self.graph.subst(extent, &map)
            })
            .collect()
    }

    pub(super) fn access_buffer(&mut self, buffer: &Buffer, index: &[NodeId], out: &mut Vec<Stmt>) -> Access {
        let prefix: Vec<NodeId> = buffer.prefix.iter().map(|&v| self.graph.index(v)).collect();
        let index = prefix.iter().chain(index).map(|&i| self.expression(i, out)).collect();
        Access {
            base: buffer.name.clone(),
            index,
            dims: buffer.dims.clone(),
            storage: buffer.storage,
            checked: false,
        }
    }
}
