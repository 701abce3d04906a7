//! Assignments, and the methods that change what they are called on.

use std::rc::Rc;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{BinOp, Expr};

use super::derived;
use super::expr::token;
use super::iterator::{Items, Iter};
use super::method::Arguments;
use super::operator::Arithmetic;
use super::place::{Place, Step};
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Val};
use crate::ir::{Cmp, Elem, IntOp, NodeId};

impl Reader {
    /// `place = value`, also of several at once.
    pub fn assign(&mut self, assign: &syn::ExprAssign) -> Read<Val> {
        let span = assign.eq_token.span;
        let want = self.type_at(&assign.left);
        let value = self.expr(&assign.right, &want)?;
        let value = self.loaded(value, token(&assign.right))?;
        self.unless_left(span, |reader| reader.assign_to(&assign.left, value, span))?;
        Ok(Val::Unit)
    }

    /// What is expected of a value that is assigned to a variable.
    fn type_at(&mut self, place: &Expr) -> Ty {
        let Expr::Path(path) = place else { return Ty::Infer };
        let id = path.path.get_ident().and_then(|ident| self.scopes.resolve(&ident.to_string()));
        match id.map(|id| self.scopes.held(id)) {
            Some(Val::Scalar(node)) if !self.graph.elem(*node).is_open() => {
                Ty::Scalar(self.graph.elem(*node))
            }
            _ => Ty::Infer,
        }
    }

    fn assign_to(&mut self, place: &Expr, value: Val, span: Span) -> Read<()> {
        match place {
            Expr::Infer(_) => Ok(()),
            Expr::Paren(inner) => self.assign_to(&inner.expr, value, span),
            Expr::Tuple(tuple) => match value {
                Val::Tuple(parts) if parts.len() == tuple.elems.len() => tuple
                    .elems
                    .iter()
                    .zip(parts)
                    .try_for_each(|(place, part)| self.assign_to(place, part, span)),
                Val::Poison => Err(Refused),
                other => self.refuse(span, format!("a tuple is expected here, but this is {}", other.kind())),
            },
            Expr::Array(array) => {
                let Val::Array(values) = value else {
                    return self
                        .refuse(span, format!("an array is expected here, but this is {}", value.kind()));
                };
                for (k, place) in array.elems.iter().enumerate() {
                    let index = self.graph.usize(k);
                    let part = self.part(&values, &[index]);
                    self.assign_to(place, part, span)?;
                }
                Ok(())
            }
            place => {
                let target = self.expect_place(place)?;
                self.note_name(&target, &value);
                let value = self.traced_assignment(&target, value, span);
                self.store(&target, value, span)
            }
        }
    }

    /// A value that is assigned to a variable is called like it.
    fn note_name(&mut self, place: &Place, value: &Val) {
        if place.steps.is_empty()
            && let Some(name) = self.scopes.name_of(place.root)
        {
            self.name(value, &name);
        }
    }

    /// `place += value` and its like.
    pub fn compound(&mut self, binary: &syn::ExprBinary) -> Read<Val> {
        let span = binary.op.span();
        let Some(op) = Arithmetic::of(&plain(&binary.op)) else {
            return self.refuse(span, "this operator cannot be read");
        };
        let want = self.type_at(&binary.left);
        let value = self.expr(&binary.right, &want)?;
        let value = self.loaded(value, token(&binary.right))?;
        self.unless_left(span, |reader| reader.compound_with(binary, op, value))?;
        Ok(Val::Unit)
    }

    fn compound_with(&mut self, binary: &syn::ExprBinary, op: Arithmetic, value: Val) -> Read<()> {
        let span = binary.op.span();
        let place = self.expect_place(&binary.left)?;
        let old = self.load(&place, span)?;
        self.graph.origin = self.spans.origin(span);
        let is_element = matches!(place.steps.last(), Some(Step::Index(_))) && matches!(old, Val::Scalar(_));
        if is_element && self.add_to_element(&place, op, &value, span)? {
            return Ok(());
        }
        let new = self.arithmetic(op, old, value, span)?;
        self.note_name(&place, &new);
        self.store(&place, new, span)
    }

    /// `a[i] += e` adds to the element where it is. Subtraction is addition of the negative, to the bit.
    fn add_to_element(&mut self, place: &Place, op: Arithmetic, value: &Val, span: Span) -> Read<bool> {
        let is_sum = matches!(op.int, IntOp::Add | IntOp::Sub) && op.float.is_some();
        let Val::Array(array) = self.scopes.held(place.root).clone() else { return Ok(false) };
        let elem = self.graph.elem(array.node);
        let index: Option<Vec<NodeId>> = place
            .steps
            .iter()
            .map(|step| match step {
                Step::Index(index) => Some(*index),
                _ => None,
            })
            .collect();
        let Some(index) = index.filter(|_| is_sum && matches!(elem, Elem::Float(_)) && !elem.is_open())
        else {
            return Ok(false);
        };
        if index.iter().all(|&i| self.graph.as_int(i).is_some()) {
            return Ok(false);
        }
        let base = self.array_node(&array);
        let mut value = self.scalar_like(value.clone(), elem, span)?;
        if op.int == IntOp::Sub {
            value = self.graph.neg(value);
        }
        let always = self.graph.bool(true);
        let args: Vec<NodeId> = [base, always].into_iter().chain(index).chain([value]).collect();
        let new = Val::Array(Array::new(self.graph.update(true, &args), array.family));
        self.mark_reached(&new, false);
        self.scopes.set(place.root, new);
        Ok(true)
    }

    /// A method that changes what it is called on, if this is one.
    pub fn changing_method(&mut self, call: &syn::ExprMethodCall) -> Read<Option<Val>> {
        let name = call.method.to_string();
        let span = call.method.span();
        const KNOWN: [&str; 25] = [
            "fill",
            "swap",
            "copy_from_slice",
            "clone_from_slice",
            "reverse",
            "iter_mut",
            "split_at_mut",
            "as_mut_slice",
            "assign",
            "scaled_add",
            "mapv_inplace",
            "chunks_exact_mut",
            "chunks_mut",
            "first_mut",
            "last_mut",
            "rotate_left",
            "rotate_right",
            "row_mut",
            "rows_mut",
            "outer_iter_mut",
            "fill_with",
            "copy_within",
            "get_mut",
            "split_first_mut",
            "split_last_mut",
        ];
        if let Some(source) = derived::sort(&name) {
            return self.sort(call, &source).map(Some);
        }
        if !KNOWN.contains(&name.as_str()) {
            return Ok(None);
        }
        let place = self.place_or_temporary(&call.receiver)?;
        let mut values = Vec::new();
        for argument in &call.args {
            let value = self.value(argument)?;
            values.push(self.loaded(value, token(argument))?);
        }
        let mut arguments =
            Arguments { name: name.clone(), span, values, turbofish: Vec::new(), want: Ty::Infer };
        let Val::Array(array) = self.load(&place, span)? else {
            if name == "iter_mut" {
                return self.iterate_places(place, span).map(|iter| Some(Val::Iter(iter)));
            }
            return self.refuse(span, format!("`{name}` is a method of arrays"));
        };
        self.unless_left(span, |reader| reader.change(&place, &array, &mut arguments)).map(Some)
    }

    /// `v.sort_by(…)`: the order is found in indices, and the elements are put in it.
    fn sort(&mut self, call: &syn::ExprMethodCall, source: &str) -> Read<Val> {
        let span = call.method.span();
        let place = self.place_or_temporary(&call.receiver)?;
        let mut values = vec![self.load(&place, span)?];
        match call.args.first() {
            Some(key) => values.push(self.value(key)?),
            None => values.push(Val::Unit),
        }
        let sorted = self.derived(source, values, span)?;
        self.store(&place, sorted, span)?;
        Ok(Val::Unit)
    }

    fn change(&mut self, place: &Place, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let shape = self.shape(array);
        match arguments.name.as_str() {
            "iter_mut" => self.iterate_places(place.clone(), span).map(Val::Iter),
            "as_mut_slice" => Ok(Val::Place(place.clone().into())),
            "chunks_exact_mut" | "chunks_mut" => {
                let size = arguments.one(self)?;
                let size = self.usize_node(size, span)?;
                Ok(self.place_chunks(place, shape[0], size, arguments.name == "chunks_mut"))
            }
            "first_mut" | "last_mut" => {
                let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
                let last = self.graph.int_op(IntOp::Sub, &[shape[0], one]);
                let index = if arguments.name == "first_mut" { zero } else { last };
                let exists = self.graph.compare(Cmp::Gt, shape[0], zero);
                let part = Val::Place(place.then(Step::Index(index)).into());
                Ok(Val::Optional(Box::new(part), Some(exists)))
            }
            "split_first_mut" | "split_last_mut" => {
                let (zero, one) = (self.graph.usize(0), self.graph.usize(1));
                let rest = self.graph.int_op(IntOp::Sub, &[shape[0], one]);
                let (index, start) =
                    if arguments.name == "split_first_mut" { (zero, one) } else { (rest, zero) };
                let value = Val::Place(place.then(Step::Index(index)).into());
                let others = Val::Place(place.then(Step::Slice { start, count: rest }).into());
                let exists = self.graph.compare(Cmp::Gt, shape[0], zero);
                Ok(Val::Optional(Box::new(Val::Tuple(vec![value, others])), Some(exists)))
            }
            "get_mut" => {
                let index = arguments.one(self)?;
                let index = self.usize_node(index, span)?;
                let exists = self.graph.compare(Cmp::Lt, index, shape[0]);
                let part = Val::Place(place.then(Step::Index(index)).into());
                Ok(Val::Optional(Box::new(part), Some(exists)))
            }
            "copy_within" => {
                let [from, to] = arguments.take(self)?;
                let Val::Range(range) = from else { return self.refuse(span, "a range is expected here") };
                let (start, count) = self.range_of(array, range, span)?;
                let to = self.usize_node(to, span)?;
                let part = self.slice(array, start, count);
                self.store(&place.then(Step::Slice { start: to, count }), part, span)?;
                Ok(Val::Unit)
            }
            "fill_with" => {
                let function = arguments.one(self)?;
                let places = self.iterate_places(place.clone(), span)?;
                self.derived(derived::FILL_WITH, vec![Val::Iter(places), function], span)
            }
            "rotate_left" | "rotate_right" => {
                let by = arguments.one(self)?;
                let by = self.usize_node(by, span)?;
                let rest = self.graph.int_op(IntOp::Sub, &[shape[0], by]);
                let by = if arguments.name == "rotate_left" { by } else { rest };
                let node = self.tabulate(&shape, |reader, index| {
                    let moved = reader.graph.int_op(IntOp::Add, &[index[0], by]);
                    let at = reader.graph.int_op(IntOp::Rem, &[moved, shape[0]]);
                    let at: Vec<NodeId> = [at].into_iter().chain(index[1..].iter().copied()).collect();
                    reader.element(array, &at)
                });
                self.put_back(place, array.family, node, span)
            }
            "split_at_mut" => {
                let at = arguments.one(self)?;
                let at = self.usize_node(at, span)?;
                let zero = self.graph.usize(0);
                let rest = self.graph.int_op(IntOp::Sub, &[shape[0], at]);
                let first = place.then(Step::Slice { start: zero, count: at });
                let second = place.then(Step::Slice { start: at, count: rest });
                Ok(Val::Tuple(vec![Val::Place(first.into()), Val::Place(second.into())]))
            }
            "row_mut" => {
                let index = arguments.one(self)?;
                let index = self.usize_node(index, span)?;
                Ok(Val::Place(place.then(Step::Index(index)).into()))
            }
            "rows_mut" | "outer_iter_mut" if shape.len() > 1 => {
                Ok(Iter::one(shape[0], Items::Places(Rc::new(place.clone()))).into())
            }
            "swap" => self.swap_elements(place, arguments),
            "fill" => {
                let value = arguments.one(self)?;
                let value = self.scalar_like(value, self.graph.elem(array.node), span)?;
                let filled = self.tabulate(&shape, |_, _| value);
                self.put_back(place, array.family, filled, span)
            }
            "copy_from_slice" | "clone_from_slice" | "assign" => {
                let Val::Array(source) = arguments.one(self)? else {
                    return self.refuse(span, "an array is expected here");
                };
                let node = self.array_node(&source);
                let own = self.array_node(array);
                self.same_shape(own, node, "copying needs", span)?;
                self.put_back(place, array.family, node, span)
            }
            "reverse" => {
                let one = self.graph.usize(1);
                let node = self.tabulate(&shape, |reader, index| {
                    let next = reader.graph.int_op(IntOp::Add, &[index[0], one]);
                    let mirrored = reader.graph.int_op(IntOp::Sub, &[shape[0], next]);
                    let at: Vec<NodeId> = [mirrored].into_iter().chain(index[1..].iter().copied()).collect();
                    reader.element(array, &at)
                });
                self.put_back(place, array.family, node, span)
            }
            "scaled_add" => {
                let [scale, other] = arguments.take(self)?;
                let scaled = self.arithmetic(
                    Arithmetic::of(&syn::parse_quote!(*)).expect("an operator"),
                    scale,
                    other,
                    span,
                )?;
                let plus = Arithmetic::of(&syn::parse_quote!(+)).expect("an operator");
                let sum = self.arithmetic(plus, Val::Array(array.clone()), scaled, span)?;
                self.store(place, sum, span).map(|()| Val::Unit)
            }
            "mapv_inplace" => {
                let function = arguments.one(self)?;
                let (vars, index) = self.fresh_vars(&shape);
                let element = self.element(array, &index);
                let value = self.under_vars(&vars, |reader| {
                    reader.call_value(&function, vec![Val::Scalar(element)], span)
                })?;
                let value = self.scalar(value, span)?;
                let node = self.graph.build(&vars, value);
                self.put_back(place, array.family, node, span)
            }
            _ => Err(Refused),
        }
    }

    fn put_back(&mut self, place: &Place, family: Family, node: NodeId, span: Span) -> Read<Val> {
        self.store(place, Val::Array(Array::new(node, family)), span)?;
        Ok(Val::Unit)
    }

    /// `a.swap(i, j)`.
    fn swap_elements(&mut self, place: &Place, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let [i, j] = arguments.take(self)?;
        let (a, b) = (self.index_place(place, i, span)?, self.index_place(place, j, span)?);
        self.swap_places(&a, &b, span)
    }

    /// `std::mem::replace(&mut a, b)`: what was there.
    pub fn replace_place(&mut self, place: &Place, value: Val, span: Span) -> Read<Val> {
        let before = self.load(place, span)?;
        self.store(place, value, span)?;
        Ok(before)
    }

    /// `std::mem::take(&mut a)`: what was there, and nothing is left.
    pub fn take_place(&mut self, place: &Place, span: Span) -> Read<Val> {
        let before = self.load(place, span)?;
        let nothing = match &before {
            Val::Scalar(node) => Val::Scalar(self.graph.zero(self.graph.elem(*node))),
            Val::Array(_) if place.steps.is_empty() => {
                self.clear_vec(place.root, span)?;
                return Ok(before);
            }
            other => return self.refuse(span, format!("{} cannot be taken from here", other.kind())),
        };
        self.store(place, nothing, span)?;
        Ok(before)
    }

    /// `std::mem::swap(&mut a, &mut b)`.
    pub fn swap_places(&mut self, a: &Place, b: &Place, span: Span) -> Read<Val> {
        let (x, y) = (self.load(a, span)?, self.load(b, span)?);
        self.store(a, y, span)?;
        self.store(b, x, span)?;
        Ok(Val::Unit)
    }
}

/// The operator in a compound assignment.
fn plain(op: &BinOp) -> BinOp {
    match op {
        BinOp::AddAssign(_) => syn::parse_quote!(+),
        BinOp::SubAssign(_) => syn::parse_quote!(-),
        BinOp::MulAssign(_) => syn::parse_quote!(*),
        BinOp::DivAssign(_) => syn::parse_quote!(/),
        BinOp::RemAssign(_) => syn::parse_quote!(%),
        BinOp::BitXorAssign(_) => syn::parse_quote!(^),
        BinOp::BitAndAssign(_) => syn::parse_quote!(&),
        BinOp::BitOrAssign(_) => syn::parse_quote!(|),
        BinOp::ShlAssign(_) => syn::parse_quote!(<<),
        BinOp::ShrAssign(_) => syn::parse_quote!(>>),
        other => *other,
    }
}
