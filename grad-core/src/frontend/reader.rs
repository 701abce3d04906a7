//! The symbolic evaluator: its state, and what every part of it uses.
//!
//! An expression evaluates to a [`Val`]: nodes of the graph where there are numbers, and tuples, iterators and
//! closures of those as themselves. A closure is inlined where it is called; an iterator is a function from an
//! index to an item.

use std::collections::BTreeSet;
use std::rc::Rc;

use proc_macro2::Span;

use super::extents::Extents;
use super::flow::Target;
use super::given::Origin;
use super::grow::Pushed;
use super::record::{Entry, Recorded};
use super::scope::{BindingId, Scopes};
use super::spans::{Read, Refused, Spans};
use super::trace::Tracer;
use super::types::{ArrayTy, Ty};
use super::value::{Array, Closure, Family, Val};
use super::version::Path;
use crate::diagnostic::Diagnostic;
use crate::ir::function::{Layout, Param};
use crate::ir::ids::{IdMap, Map};
use crate::ir::{Elem, Float, Graph, LoopId, NodeId, Op, Var};

pub struct Reader {
    pub graph: Graph,
    pub spans: Spans,
    pub diagnostics: Vec<Diagnostic>,
    pub scopes: Scopes,
    pub extents: Extents,
    /// The variables of the binders around the place that is being read.
    pub binders: Vec<Var>,
    /// The name of the function, which it may not call.
    pub function: String,
    /// The type of literals: known where the function mentions one float type only.
    pub literal: Float,
    /// What has been asserted up to the place that is being read.
    pub asserted: NodeId,
    /// What has been pushed onto the `Vec`s from outside of the present iteration.
    pub pushed: Map<BindingId, Pushed>,
    /// The `Vec`s from outside of it that it has cleared first.
    pub renewed: BTreeSet<BindingId>,
    /// What the present iteration has pushed onto `Vec`s that are recorded.
    pub entries: Map<BindingId, Vec<Entry>>,
    /// `Vec`s of tuples whose parts have to be apart before a loop, and how many parts there are.
    pub to_part: Vec<(BindingId, usize)>,
    /// So many of their last elements have to be carried.
    pub tails: Map<BindingId, usize>,
    /// For each nesting of loops and extent, the variable over which it is summed how many elements are pushed at most.
    pub room_vars: Map<(usize, NodeId), Var>,
    /// How many bindings there were before it.
    pub outer_bindings: usize,
    /// The nesting of expressions, bounded so that no input exhausts the stack.
    pub depth: usize,
    /// The nesting of the statements of the function or closure that is being read.
    pub function_depth: usize,
    /// The closures that are being called.
    pub calls: Vec<Rc<Closure>>,
    /// Whether a function calls itself without end, as far as is known here.
    pub is_unbounded: bool,
    /// How many expressions have been read, closures as often as they are called.
    pub steps: usize,
    /// Whether the pattern that is being bound is a parameter of a closure.
    pub in_closure_pattern: bool,
    /// The branches around the place that is being read.
    pub paths: Vec<Path>,
    /// How many of them are outside of the loop around it.
    pub path_start: usize,
    /// Whether some of those decide whether that loop is there, and not how often it runs.
    pub in_branch: bool,
    /// Loops that run only under these conditions.
    pub gates: Map<LoopId, Vec<NodeId>>,
    /// How many nodes there were when a branch was entered, by its condition.
    pub entered: IdMap<usize>,
    /// The parameters behind `&mut`, with what they are bound to.
    pub states: Vec<(usize, BindingId)>,
    /// The parameters that no signature mentions, the number of the first, and what they are of.
    pub hidden: Vec<Param>,
    pub hidden_from: u32,
    pub hidden_values: Map<String, Val>,
    /// The names that are in use.
    pub taken: Vec<String>,
    /// What can be left early at the place that is being read, innermost last.
    pub targets: Vec<Target>,
    /// How many blocks are open: 1 in the function's own.
    pub blocks: usize,
    /// For each glob in scope whose names are not known, the block it stands in.
    pub globs: Vec<usize>,
    /// Whether generated code needs the items of the function's own block.
    pub repeats_items: bool,
    /// What is kept of the values that the user names, for a derivative that reports of them.
    pub tracer: Option<Tracer>,
}

impl Reader {
    pub fn new(function: &syn::Ident, literal: Float) -> Reader {
        let mut graph = Graph::new();
        Reader {
            asserted: graph.bool(true),
            graph,
            spans: Spans::new(function.span()),
            diagnostics: Vec::new(),
            pushed: Map::default(),
            renewed: BTreeSet::new(),
            entries: Map::default(),
            tails: Map::default(),
            to_part: Vec::new(),
            room_vars: Map::default(),
            outer_bindings: 0,
            scopes: Scopes::default(),
            extents: Extents::default(),
            binders: Vec::new(),
            function: function.to_string(),
            literal,
            depth: 0,
            function_depth: 0,
            calls: Vec::new(),
            is_unbounded: false,
            steps: 0,
            in_closure_pattern: false,
            paths: Vec::new(),
            path_start: 0,
            in_branch: false,
            gates: Map::default(),
            entered: IdMap::new(),
            states: Vec::new(),
            hidden: Vec::new(),
            hidden_from: 0,
            hidden_values: Map::default(),
            taken: Vec::new(),
            targets: Vec::new(),
            blocks: 0,
            globs: Vec::new(),
            repeats_items: false,
            tracer: None,
        }
    }

    /// Records what is wrong at a token.
    pub fn refuse<T>(&mut self, span: Span, message: impl Into<String>) -> Read<T> {
        let origin = self.spans.origin(span);
        self.diagnostics.push(Diagnostic::new(origin, message));
        Err(Refused)
    }

    /// Runs with a fresh variable over `extent` in scope.
    pub fn under<T>(&mut self, extent: NodeId, body: impl FnOnce(&mut Reader, Var) -> Read<T>) -> Read<T> {
        let var = self.graph.fresh_var(extent);
        self.under_vars(&[var], |reader| body(reader, var))
    }

    /// Runs with the variable of a loop in scope.
    pub fn under_var<T>(&mut self, var: Var, body: impl FnOnce(&mut Reader) -> Read<T>) -> Read<T> {
        self.binders.push(var);
        let result = body(self);
        self.binders.pop();
        result
    }

    // ---- values as nodes -------------------------------------------------------------------------------

    /// The node of a number; a constant of unknown type is a float here.
    pub fn scalar(&mut self, value: Val, span: Span) -> Read<NodeId> {
        self.scalar_like(value, Elem::Float(self.literal), span)
    }

    /// The node of a number; a constant or literal of unknown type takes this one.
    pub fn scalar_like(&mut self, value: Val, elem: Elem, span: Span) -> Read<NodeId> {
        match value {
            Val::Scalar(node) if self.graph.elem(node).is_float() == elem.is_float() => {
                Ok(self.graph.close(node, elem))
            }
            Val::Scalar(node) => Ok(node),
            Val::Constant(text) => Ok(self.graph.symbol_node(&text, elem)),
            Val::Array(array) if self.rank(&array) == 0 => Ok(self.element(&array, &[])),
            Val::Place(place) => {
                let value = self.load(&place, span)?;
                self.scalar_like(value, elem, span)
            }
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("a number is expected here, but this is {}", other.kind())),
        }
    }

    pub fn usize_node(&mut self, value: Val, span: Span) -> Read<NodeId> {
        let node = self.scalar_like(value, Elem::USIZE, span)?;
        match self.graph.elem(node) {
            Elem::Int(_) => Ok(node),
            _ => self.refuse(span, "an integer is expected here"),
        }
    }

    pub fn bool_node(&mut self, value: Val, span: Span) -> Read<NodeId> {
        let node = self.scalar_like(value, Elem::Bool, span)?;
        match self.graph.elem(node) {
            Elem::Bool => Ok(node),
            _ => self.refuse(span, "a condition is expected here"),
        }
    }

    /// An integer that has to be a literal: an axis, the length of a window.
    pub fn literal_usize(&mut self, value: Val, span: Span, what: &str) -> Read<usize> {
        let node = self.usize_node(value, span)?;
        match self.graph.as_int(node).and_then(|value| usize::try_from(value).ok()) {
            Some(value) => Ok(value),
            None => self.refuse(span, format!("{what} has to be a literal")),
        }
    }

    // ---- arrays ----------------------------------------------------------------------------------------

    pub fn rank(&self, array: &Array) -> usize {
        self.graph.rank(array.node) - array.prefix.len()
    }

    /// The extents of the axes that are left.
    pub fn shape(&self, array: &Array) -> Vec<NodeId> {
        self.graph.ty(array.node).shape[array.prefix.len()..].to_vec()
    }

    /// The element at an index for each axis that is left.
    pub fn element(&mut self, array: &Array, index: &[NodeId]) -> NodeId {
        let mut full = array.prefix.clone();
        full.extend_from_slice(index);
        let element = self.graph.read(array.node, &full);
        self.mark_computed(element);
        element
    }

    /// The part at some leading indices: an array, or a number where there is one for each axis.
    pub fn part(&mut self, array: &Array, index: &[NodeId]) -> Val {
        if index.len() == self.rank(array) {
            return Val::Scalar(self.element(array, index));
        }
        let mut prefix = array.prefix.clone();
        prefix.extend_from_slice(index);
        Val::Array(Array { node: array.node, prefix, family: array.family })
    }

    /// The array as a node of its own.
    pub fn array_node(&mut self, array: &Array) -> NodeId {
        if array.prefix.is_empty() {
            return array.node;
        }
        let shape = self.shape(array);
        let (vars, index) = self.fresh_vars(&shape);
        let element = self.element(array, &index);
        self.graph.build(&vars, element)
    }

    /// Fresh variables over these extents, and their nodes.
    pub fn fresh_vars(&mut self, shape: &[NodeId]) -> (Vec<Var>, Vec<NodeId>) {
        let vars: Vec<Var> = shape.iter().map(|&extent| self.graph.fresh_var(extent)).collect();
        let index = vars.iter().map(|&var| self.graph.index(var)).collect();
        (vars, index)
    }

    /// The array that has `element` at each index, from a function of the indices.
    pub fn tabulate(
        &mut self,
        shape: &[NodeId],
        element: impl FnOnce(&mut Reader, &[NodeId]) -> NodeId,
    ) -> NodeId {
        let (vars, index) = self.fresh_vars(shape);
        let body = element(self, &index);
        self.graph.build(&vars, body)
    }

    /// The sequence whose item at `var` is `item`.
    pub fn build(&mut self, var: Var, item: Val, span: Span) -> Read<Val> {
        match item {
            Val::Scalar(node) => Ok(Array::nested(self.graph.build(&[var], node))),
            Val::Constant(_) => {
                let node = self.scalar(item, span)?;
                Ok(Array::nested(self.graph.build(&[var], node)))
            }
            Val::Array(array) => {
                if self.shape(&array).iter().any(|&extent| self.graph.depends_on(extent, var)) {
                    return self.refuse(
                        span,
                        "the rows of this array differ in length: only rectangular arrays can be read",
                    );
                }
                let node = self.array_node(&array);
                Ok(Val::Array(Array::new(self.graph.build(&[var], node), Family::Nested)))
            }
            Val::Tuple(parts) | Val::Columns(parts) => {
                let parts: Vec<Val> =
                    parts.into_iter().map(|part| self.build(var, part, span)).collect::<Read<_>>()?;
                Ok(Val::Columns(parts))
            }
            Val::Pending(pending) => self.refuse(
                pending.span,
                "the length of this array is not known: annotate it, as in `let a: [f64; N] = …`",
            ),
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("an array cannot hold {} here", other.kind())),
        }
    }

    // ---- names and types -------------------------------------------------------------------------------

    /// Remembers what a pattern calls a value: a parameter of a closure names indices and what is carried, but
    /// not the elements that it stands for.
    pub fn name_bound(&mut self, value: &Val, name: &str) {
        let names = match value {
            Val::Scalar(node) | Val::Array(Array { node, .. }) if self.in_closure_pattern => {
                matches!(self.graph.op(*node), Op::Index(_) | Op::Carried(..))
            }
            _ => true,
        };
        if names {
            self.name(value, name);
        }
    }

    /// Remembers what the user calls a value.
    pub fn name(&mut self, value: &Val, name: &str) {
        let named = |graph: &Graph, node: NodeId| {
            !matches!(graph.op(node), Op::Const(_) | Op::Symbol(..) | Op::Param(..))
        };
        match value {
            Val::Growing(growing) if named(&self.graph, growing.storage) => {
                self.graph.set_name(growing.storage, name);
                if matches!(self.graph.op(growing.len), Op::Carried(..)) {
                    self.graph.set_name(growing.len, &format!("{name}_len"));
                }
            }
            Val::Recorded(Recorded { len, .. }) if matches!(self.graph.op(*len), Op::Carried(..)) => {
                self.graph.set_name(*len, &format!("{name}_len"));
            }
            Val::Scalar(node) if named(&self.graph, *node) => self.graph.set_name(*node, name),
            Val::Array(array) if array.prefix.is_empty() && named(&self.graph, array.node) => {
                self.graph.set_name(array.node, name);
                if matches!(self.graph.op(array.node), Op::Build(_)) {
                    let body = self.graph.args(array.node)[0];
                    self.name(&Val::Scalar(body), name);
                }
            }
            _ => {}
        }
    }

    /// A value where its type is known: literals take it, `from_fn` learns its length.
    pub fn coerce(&mut self, value: Val, ty: &Ty, span: Span) -> Read<Val> {
        match (value, ty) {
            (Val::Tuple(parts), Ty::Tuple(types)) if parts.len() == types.len() => {
                let parts: Vec<Val> = parts
                    .into_iter()
                    .zip(types)
                    .map(|(part, ty)| self.coerce(part, ty, span))
                    .collect::<Read<_>>()?;
                Ok(Val::Tuple(parts))
            }
            (value @ (Val::Scalar(_) | Val::Constant(_)), Ty::Scalar(elem)) => {
                Ok(Val::Scalar(self.scalar_like(value, *elem, span)?))
            }
            (Val::Constant(text), Ty::Array(array)) => self.constant_array(&text, array, span),
            (Val::Constant(text), Ty::Many(..) | Ty::Tuple(_) | Ty::Option(_)) => {
                self.outside(&text, ty, span)
            }
            (Val::Pending(pending), Ty::Array(array)) => match array.extents.first().copied().flatten() {
                Some(extent) => {
                    let made = self.tabulate_pending(&pending, extent, &ty.item())?;
                    self.coerce(made, ty, span)
                }
                None => Ok(Val::Pending(pending)),
            },
            // Of which types the parts of tuples would be.
            (Val::Array(array), Ty::Many(_, item)) if self.graph.as_int(self.shape(&array)[0]) == Some(0) => {
                let Ty::Tuple(types) = &**item else { return Ok(Val::Array(array)) };
                let parts = types.iter().map(|ty| {
                    let ty = match ty {
                        Ty::Scalar(elem) => Ty::nested_vec(*elem),
                        _ => Ty::Infer,
                    };
                    self.coerce(Val::Array(array.clone()), &ty, span)
                });
                Ok(Val::Columns(parts.collect::<Read<_>>()?))
            }
            // Of which type the elements of an empty array would be.
            (Val::Array(array), Ty::Array(ArrayTy { elem: Some(elem), extents, .. }))
                if extents.len() == 1 && self.graph.as_int(self.shape(&array)[0]) == Some(0) =>
            {
                let (none, zero) = (self.graph.usize(0), self.graph.zero(*elem));
                Ok(Array::nested(self.tabulate(&[none], |_, _| zero)))
            }
            (Val::Array(array), Ty::Array(want)) => {
                let mut node = self.array_node(&array);
                if let Some(elem) = want.elem {
                    node = self.graph.close(node, elem);
                }
                let shape = self.graph.ty(node).shape.clone();
                for (&extent, want) in shape.iter().zip(&want.extents) {
                    if let Some(want) = want {
                        self.same_extent(*want, extent, "the type of this array needs", span)?;
                    }
                }
                Ok(Val::Array(Array::new(node, array.family)))
            }
            (Val::Place(place), Ty::Scalar(_) | Ty::Tuple(_)) => {
                let value = self.load(&place, span)?;
                self.coerce(value, ty, span)
            }
            (value, _) => Ok(value),
        }
    }

    /// A constant array of the program, of literal extents, element by element.
    fn constant_array(&mut self, text: &str, ty: &ArrayTy, span: Span) -> Read<Val> {
        const LARGEST: i128 = 256;
        let extents: Option<Vec<i128>> =
            ty.extents.iter().map(|extent| self.graph.as_int((*extent)?)).collect();
        let (Some(extents), Some(elem), Layout::Nested(_)) = (extents, ty.elem, &ty.layout) else {
            return self.outside(text, &Ty::Array(ty.clone()), span);
        };
        if extents.iter().try_fold(1_i128, |n, &k| n.checked_mul(k)).is_none_or(|n| n > LARGEST) {
            return self.outside(text, &Ty::Array(ty.clone()), span);
        }
        Ok(Array::nested(self.constant_part(text, &extents, elem)))
    }

    /// What is outside of the function, a field of `self` say: looked at on entry.
    fn outside(&mut self, text: &str, ty: &Ty, span: Span) -> Read<Val> {
        if let Some(known) = self.hidden_values.get(text) {
            return Ok(known.clone());
        }
        let name: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let name = name.trim_matches('_').to_lowercase();
        let from = Origin { owner: None, name, text: text.to_string(), span };
        let Some(value) = self.given(ty, &from)? else { return self.refuse(span, CONSTANT_ARRAY) };
        self.hidden_values.insert(text.to_string(), value.clone());
        Ok(value)
    }

    fn constant_part(&mut self, text: &str, extents: &[i128], elem: Elem) -> NodeId {
        let Some((&extent, rest)) = extents.split_first() else { return self.graph.symbol_node(text, elem) };
        let parts: Vec<NodeId> =
            (0..extent).map(|k| self.constant_part(&format!("{text}[{k}]"), rest, elem)).collect();
        self.graph.stack(&parts)
    }
}

/// What is said where an array is used of which only the name is known.
pub const CONSTANT_ARRAY: &str = "a constant array is not known here: annotate it, as in `let c: [f64; 4] = TABLE;` or \
     `let w: &[f64] = &self.w;`, or pass it as a parameter whose name starts with `_`";
