//! Places: what stands on the left of an assignment, or behind `&mut`. A place is a variable and a way into what
//! it holds; the indices on the way are those of the time when the place was made.

use std::rc::Rc;

use proc_macro2::Span;
use syn::Expr;

use super::carried::LENGTH;
use super::expr::token;
use super::grow::STALE;
use super::iterator::{Items, Iter};
use super::reader::Reader;
use super::record::RUNNING;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Growing, Val};
use crate::ir::{IntOp, NodeId, Op};

/// A variable and a way into what it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub root: BindingId,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A part of a tuple.
    Field(usize),
    /// The part of an array at an index.
    Index(NodeId),
    /// `count` parts from `start`.
    Slice { start: NodeId, count: NodeId },
}

/// Arrays of literal extents with up to this many elements are sets of scalars where all indices are literals.
const LITERAL_LIMIT: i128 = 16;

impl Place {
    pub fn then(&self, step: Step) -> Place {
        let mut steps = self.steps.clone();
        steps.push(step);
        Place { root: self.root, steps }
    }
}

impl Reader {
    /// The place that an expression names, if it names one.
    pub fn place(&mut self, expr: &Expr) -> Read<Option<Place>> {
        match expr {
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Group(inner) => self.place(&inner.expr),
            Expr::Reference(inner) => self.place(&inner.expr),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => self.place(&unary.expr),
            Expr::Path(path) => {
                let name = path.path.get_ident().map(ToString::to_string);
                let Some(id) = name.and_then(|name| self.scopes.resolve(&name)) else { return Ok(None) };
                Ok(Some(match self.scopes.held(id) {
                    Val::Place(place) => (**place).clone(),
                    _ => Place { root: id, steps: Vec::new() },
                }))
            }
            Expr::Field(field) => {
                let Some(place) = self.place(&field.base)? else { return Ok(None) };
                let syn::Member::Unnamed(index) = &field.member else { return Ok(None) };
                let index = index.index as usize;
                // A tuple may hold references.
                if let Val::Tuple(parts) = self.load(&place, token(expr))?
                    && let Some(Val::Place(inner)) = parts.get(index)
                {
                    return Ok(Some((**inner).clone()));
                }
                Ok(Some(place.then(Step::Field(index))))
            }
            Expr::Index(index) => {
                let Some(place) = self.place(&index.expr)? else { return Ok(None) };
                let value = self.value(&index.index)?;
                self.index_place(&place, value, token(&index.index)).map(Some)
            }
            other => match self.value(other)? {
                Val::Place(place) => Ok(Some((*place).clone())),
                _ => Ok(None),
            },
        }
    }

    /// The place that an expression names; one that names none is refused.
    pub fn expect_place(&mut self, expr: &Expr) -> Read<Place> {
        match self.place(expr)? {
            Some(place) => Ok(place),
            None => {
                self.refuse(token(expr), "this cannot be assigned to: assign to a variable or a part of one")
            }
        }
    }

    /// The place that an expression names, or one for its value.
    pub fn place_or_temporary(&mut self, expr: &Expr) -> Read<Place> {
        if let Some(place) = self.place(expr)? {
            return Ok(place);
        }
        let value = self.value(expr)?;
        Ok(Place { root: self.scopes.bind_hidden(value), steps: Vec::new() })
    }

    pub fn index_place(&mut self, place: &Place, index: Val, span: Span) -> Read<Place> {
        match self.load(place, span)? {
            Val::Array(array) if array.family == Family::NdArray => {
                let index = self.ndarray_index(&array, index, span)?;
                Ok(index.into_iter().fold(place.clone(), |place, i| place.then(Step::Index(i))))
            }
            Val::Array(array) => match index {
                Val::Range(range) => {
                    let (start, count) = self.range_of(&array, range, span)?;
                    Ok(place.then(Step::Slice { start, count }))
                }
                index => {
                    let index = self.usize_node(index, span)?;
                    Ok(place.then(Step::Index(index)))
                }
            },
            Val::Columns(_) => {
                let index = self.usize_node(index, span)?;
                Ok(place.then(Step::Index(index)))
            }
            Val::Recorded(_) => self.refuse(span, RUNNING),
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("{} cannot be indexed", other.kind())),
        }
    }

    /// A value: what is at a place, if it is one.
    pub fn loaded(&mut self, value: Val, span: Span) -> Read<Val> {
        match value {
            Val::Place(place) => self.load(&place, span),
            value => Ok(value),
        }
    }

    /// What is at a place now.
    pub fn load(&mut self, place: &Place, span: Span) -> Read<Val> {
        let mut value = self.scopes.held(place.root).clone();
        if let Val::Apart(parts) = &value {
            value = self.shown_apart(&parts.clone());
        }
        if let Val::Growing(growing) = &value {
            value = self.grown(growing);
        }
        if let Val::Window(window) = &value {
            value = self.shown(window);
        }
        for step in &place.steps {
            value = match (value, step) {
                (Val::Tuple(parts), Step::Field(k)) if *k < parts.len() => parts[*k].clone(),
                (Val::Array(array), Step::Index(index)) => self.part(&array, &[*index]),
                (Val::Array(array), Step::Slice { start, count }) => self.slice(&array, *start, *count),
                (Val::Columns(columns), Step::Index(index)) => self.columns_at(columns, *index)?,
                (Val::Poison, _) => return Err(Refused),
                (Val::Undefined, _) => return self.refuse(span, "this variable has no value here"),
                (Val::Recorded(recorded), Step::Index(index)) => {
                    self.index_recorded(&recorded, Val::Scalar(*index), span)?
                }
                (Val::Recorded(_), _) => return self.refuse(span, RUNNING),
                (Val::Stale, _) => return self.refuse(span, STALE),
                (other, _) => return self.refuse(span, format!("{} has no such part", other.kind())),
            };
        }
        match value {
            Val::Poison => Err(Refused),
            Val::Stale => self.refuse(span, STALE),
            Val::Place(inner) => self.load(&inner, span),
            value => Ok(value),
        }
    }

    /// Puts a value at a place.
    pub fn store(&mut self, place: &Place, value: Val, span: Span) -> Read<()> {
        let held = self.scopes.held(place.root).clone();
        if let Val::Apart(parts) = &held
            && !place.steps.is_empty()
        {
            return self.store_apart(parts, &place.steps, value, span);
        }
        let new = self.stored(held, &place.steps, value, span)?;
        self.mark_reached(&new, false);
        self.scopes.set(place.root, new);
        Ok(())
    }

    /// Puts a value into a `Vec` of tuples of which each part is a `Vec`.
    fn store_apart(&mut self, parts: &[BindingId], steps: &[Step], value: Val, span: Span) -> Read<()> {
        if let Some((at, k)) = field_of(steps).filter(|&(_, k)| k < parts.len()) {
            let steps = [&steps[..at], &steps[at + 1..]].concat();
            return self.store(&Place { root: parts[k], steps }, value, span);
        }
        let Val::Tuple(values) = value else { return self.refuse(span, "a tuple is expected here") };
        for (&root, value) in parts.iter().zip(values) {
            self.store(&Place { root, steps: steps.to_vec() }, value, span)?;
        }
        Ok(())
    }

    /// What a variable that held `held` holds after an assignment.
    fn stored(&mut self, held: Val, steps: &[Step], value: Val, span: Span) -> Read<Val> {
        match (held, steps) {
            (Val::Poison, _) => Err(Refused),
            (Val::Window(window), []) => match &value {
                Val::Array(array) => match self.as_window(array, window.of) {
                    Some(window) => Ok(Val::Window(window)),
                    None => self.refuse(span, LENGTH),
                },
                _ => Err(Refused),
            },
            (held, []) => self.like(&held, value, span),
            (Val::Growing(growing), steps) => {
                let array = Array::new(growing.storage, Family::Nested);
                match self.stored_in_array(&array, steps, value, span)? {
                    Val::Array(array) => Ok(Val::Growing(Growing { storage: array.node, ..growing })),
                    _ => Err(Refused),
                }
            }
            (Val::Tuple(mut parts), [Step::Field(k), rest @ ..]) if *k < parts.len() => {
                parts[*k] = self.stored(parts[*k].clone(), rest, value, span)?;
                Ok(Val::Tuple(parts))
            }
            // A part of one of many tuples is one of the column of these parts.
            (Val::Columns(mut columns), steps) if field_of(steps).is_some_and(|(_, k)| k < columns.len()) => {
                let (at, k) = field_of(steps).unwrap_or_default();
                let rest = [&steps[..at], &steps[at + 1..]].concat();
                columns[k] = self.stored(columns[k].clone(), &rest, value, span)?;
                Ok(Val::Columns(columns))
            }
            (Val::Columns(columns), steps) => {
                let Val::Tuple(values) = value else {
                    return self.refuse(span, "a tuple is expected here");
                };
                let columns = columns.into_iter().zip(values);
                let columns = columns
                    .map(|(column, value)| self.stored(column, steps, value, span))
                    .collect::<Read<_>>()?;
                Ok(Val::Columns(columns))
            }
            (Val::Array(array), steps) => self.stored_in_array(&array, steps, value, span),
            (other, _) => self.refuse(span, format!("a part of {} cannot be assigned to", other.kind())),
        }
    }

    /// A value that takes the place of another has its type.
    fn like(&mut self, held: &Val, value: Val, span: Span) -> Read<Val> {
        match (held, value) {
            (Val::Scalar(node), value) if !self.graph.elem(*node).is_open() => {
                let elem = self.graph.elem(*node);
                Ok(Val::Scalar(self.scalar_like(value, elem, span)?))
            }
            // `from_fn` makes as many as there were.
            (Val::Array(array), Val::Pending(pending)) => {
                let shape = self.shape(array);
                let elem = self.graph.elem(array.node);
                let ty = Ty::nested(&shape, (!elem.is_open()).then_some(elem));
                let made = self.tabulate_pending(&pending, shape[0], &ty.item())?;
                self.like(held, made, span)
            }
            (Val::Array(array), Val::Array(new)) => {
                let elem = self.graph.elem(array.node);
                let node = self.array_node(&new);
                let node = if elem.is_open() { node } else { self.graph.close(node, elem) };
                Ok(Val::Array(Array::new(node, array.family)))
            }
            (_, value) => Ok(value),
        }
    }

    fn stored_in_array(&mut self, array: &Array, steps: &[Step], value: Val, span: Span) -> Read<Val> {
        let base = self.array_node(array);
        let elem = self.graph.elem(base);
        let (index, slice) = self.way_into(steps, span)?;
        let node = match value {
            Val::Array(part) => self.array_node(&part),
            value => self.scalar_like(value, elem, span)?,
        };
        let node = if elem.is_open() { node } else { self.graph.close(node, elem) };
        let base = if elem.is_open() { self.graph.close(base, self.graph.elem(node)) } else { base };
        let rank = self.graph.rank(base) - index.len();
        if self.graph.rank(node) != rank {
            let message = format!("an array of {rank} axes is expected here");
            return self.refuse(span, message);
        }
        let new = match slice {
            None => self.put(base, &index, node),
            Some((start, count)) => self.put_slice(base, &index, start, count, node),
        };
        Ok(Val::Array(Array::new(new, array.family)))
    }

    /// The indices that some steps lead to, and the part of the next axis.
    #[allow(clippy::type_complexity)]
    fn way_into(&mut self, steps: &[Step], span: Span) -> Read<(Vec<NodeId>, Option<(NodeId, NodeId)>)> {
        let mut index = Vec::new();
        let mut slice: Option<(NodeId, NodeId)> = None;
        for step in steps {
            match (step, slice) {
                (Step::Index(i), None) => index.push(*i),
                (Step::Index(i), Some((start, _))) => {
                    index.push(self.graph.int_op(IntOp::Add, &[start, *i]));
                    slice = None;
                }
                (Step::Slice { start, count }, None) => slice = Some((*start, *count)),
                (Step::Slice { start, count }, Some((before, _))) => {
                    slice = Some((self.graph.int_op(IntOp::Add, &[before, *start]), *count));
                }
                (Step::Field(_), _) => {
                    return self.refuse(
                        span,
                        "this part of an array cannot be assigned to: assign element by element",
                    );
                }
            }
        }
        Ok((index, slice))
    }

    /// The array with the part at some leading indices replaced.
    pub fn put(&mut self, base: NodeId, index: &[NodeId], value: NodeId) -> NodeId {
        if index.is_empty() {
            return value;
        }
        if let Some(literal) = self.put_literal(base, index, value) {
            return literal;
        }
        let always = self.graph.bool(true);
        let args: Vec<NodeId> =
            [base, always].into_iter().chain(index.iter().copied()).chain([value]).collect();
        self.graph.update(false, &args)
    }

    fn put_literal(&mut self, base: NodeId, index: &[NodeId], value: NodeId) -> Option<NodeId> {
        let extents: Vec<i128> =
            self.graph.ty(base).shape.clone().iter().map(|&e| self.graph.as_int(e)).collect::<Option<_>>()?;
        let at: Vec<i128> = index.iter().map(|&i| self.graph.as_int(i)).collect::<Option<_>>()?;
        let few =
            extents.iter().try_fold(1, |n: i128, &e| n.checked_mul(e)).is_some_and(|n| n <= LITERAL_LIMIT);
        // Of a matrix that is not made of literals, or is changed in a branch, rows would be copied.
        let is_literal = matches!(self.graph.op(base), Op::Stack | Op::Build(_));
        let in_place = extents.len() > 1 && (!is_literal || self.paths.len() > self.path_start);
        let there = at.iter().zip(&extents).all(|(i, e)| (0..*e).contains(i));
        (few && there && !in_place).then(|| self.literal_with(base, &at, value))
    }

    fn literal_with(&mut self, base: NodeId, at: &[i128], value: NodeId) -> NodeId {
        let Some((&first, rest)) = at.split_first() else { return value };
        let count = self.graph.as_int(self.graph.ty(base).shape[0]).unwrap_or(0);
        let parts: Vec<NodeId> = (0..count)
            .map(|k| {
                let index = self.graph.usize(k as usize);
                let part = match self.part(&Array::new(base, Family::Nested), &[index]) {
                    Val::Array(array) => self.array_node(&array),
                    Val::Scalar(node) => node,
                    _ => base,
                };
                if k == first { self.literal_with(part, rest, value) } else { part }
            })
            .collect();
        self.graph.stack(&parts)
    }

    /// The array with `count` parts from `start` replaced, one after the other.
    pub fn put_slice(
        &mut self,
        base: NodeId,
        index: &[NodeId],
        start: NodeId,
        count: NodeId,
        value: NodeId,
    ) -> NodeId {
        let whole = self.graph.as_int(start) == Some(0) && self.graph.ty(base).shape[index.len()] == count;
        if whole {
            return self.put(base, index, value);
        }
        let (id, var) = self.graph.open_loop(count, self.outer_binders().into(), vec![base]);
        self.note_branch(id);
        let carried = self.graph.carried(id, 0);
        let at = self.graph.index(var);
        let mut place = index.to_vec();
        place.push(self.graph.int_op(IntOp::Add, &[start, at]));
        let part = match self.part(&Array::new(value, Family::Nested), &[at]) {
            Val::Array(array) => self.array_node(&array),
            Val::Scalar(node) => node,
            _ => value,
        };
        let always = self.graph.bool(true);
        let args: Vec<NodeId> = [carried, always].into_iter().chain(place).chain([part]).collect();
        let next = self.graph.update(false, &args);
        self.graph.close_loop(id, vec![next]);
        self.graph.final_value(id, 0)
    }

    /// An iterator over chunks of an array, as places; `all`: with a last one that may be shorter.
    pub fn place_chunks(&mut self, place: &Place, extent: NodeId, size: NodeId, all: bool) -> Val {
        let count = match all {
            true => self.ceiling_div(extent, size),
            false => self.graph.int_op(IntOp::Div, &[extent, size]),
        };
        let of = all.then_some(extent);
        Iter::one(count, Items::PlaceChunks { place: Rc::new(place.clone()), size, of }).into()
    }

    /// An iterator over the places of the parts of an array.
    pub fn iterate_places(&mut self, place: Place, span: Span) -> Read<Rc<Iter>> {
        match self.load(&place, span)? {
            Val::Array(array) => {
                let axes = if array.family == Family::NdArray { self.rank(&array) } else { 1 };
                let extents = self.shape(&array)[..axes].to_vec();
                Ok(Rc::new(Iter { extents, items: Items::Places(Rc::new(place)) }))
            }
            Val::Columns(columns) => match columns.first() {
                Some(Val::Array(array)) => {
                    let extent = self.shape(array)[0];
                    Ok(Rc::new(Iter::one(extent, Items::Places(Rc::new(place)))))
                }
                _ => self.refuse(span, "this sequence cannot be changed in place"),
            },
            other => self.refuse(span, format!("{} cannot be iterated over", other.kind())),
        }
    }
}

/// The first part of a tuple among some steps: where, and which.
fn field_of(steps: &[Step]) -> Option<(usize, usize)> {
    steps.iter().enumerate().find_map(|(at, step)| match step {
        Step::Field(k) => Some((at, *k)),
        _ => None,
    })
}
