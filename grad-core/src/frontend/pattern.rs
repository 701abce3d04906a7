//! Patterns: binding names to values, and the tests of `match`.

use proc_macro2::Span;
use syn::Pat;
use syn::spanned::Spanned;

use super::expr::token;
use super::place::Step;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Family, Val};
use crate::ir::{Cmp, IntOp, Logic, NodeId, Op};

const OPTION: &str = "an `Option` is expected here";

const MATCHED: &str = "only numbers, ranges, names, `_` and tuples of these can be matched";

impl Reader {
    /// Binds the names of a pattern that always matches.
    pub fn bind(&mut self, pattern: &Pat, value: Val) -> Read<()> {
        match pattern {
            Pat::Ident(ident) if ident.subpat.is_none() => {
                self.check_reference(ident, &value)?;
                let name = ident.ident.to_string();
                self.name_bound(&value, &name);
                let value = self.traced_let(value, &name, ident.ident.span());
                self.scopes.bind(&name, value);
                Ok(())
            }
            Pat::Wild(_) => Ok(()),
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            // What is borrowed stays where it is.
            Pat::Type(typed) if is_mutable(&typed.ty) && matches!(value, Val::Place(_)) => {
                self.bind(&typed.pat, value)
            }
            Pat::Type(typed) => {
                let ty = self.ty(&typed.ty)?;
                let value = self.coerce(value, &ty, typed.colon_token.span)?;
                self.bind(&typed.pat, value)
            }
            Pat::Tuple(tuple) => {
                let parts = self.tuple_parts(value, tuple.paren_token.span.open())?;
                self.bind_parts(tuple.elems.iter().collect(), parts, tuple.paren_token.span.open())
            }
            Pat::Slice(slice) => {
                let span = slice.bracket_token.span.open();
                let is_whole = !slice.elems.iter().any(|element| matches!(element, Pat::Rest(_)));
                let parts = self.array_parts(value, is_whole.then_some(slice.elems.len()), span)?;
                self.bind_parts(slice.elems.iter().collect(), parts, span)
            }
            other => {
                self.bind_poison(other);
                self.refuse(
                    other.span(),
                    "this pattern cannot be read: bind names, tuples and arrays of known length",
                )
            }
        }
    }

    fn bind_parts(&mut self, patterns: Vec<&Pat>, mut parts: Vec<Val>, span: Span) -> Read<()> {
        let rest = patterns.iter().position(|pattern| matches!(pattern, Pat::Rest(_)));
        let mut patterns = patterns;
        if let Some(at) = rest {
            patterns.remove(at);
            if parts.len() >= patterns.len() {
                parts.drain(at..at + parts.len() - patterns.len());
            }
        }
        if patterns.len() != parts.len() {
            let message = format!("this pattern has {} parts, the value has {}", patterns.len(), parts.len());
            patterns.iter().for_each(|pattern| self.bind_poison(pattern));
            return self.refuse(span, message);
        }
        let mut refused = false;
        for (pattern, part) in patterns.into_iter().zip(parts) {
            refused |= self.bind(pattern, part).is_err();
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// A value that patterns take apart: of a reference to an array that may be changed, references to its elements.
    pub fn matched(&mut self, value: Val, span: Span) -> Read<Val> {
        match self.loaded(value.clone(), span)? {
            Val::Array(_) | Val::Tuple(_) if matches!(value, Val::Place(_)) => Ok(value),
            loaded => Ok(loaded),
        }
    }

    /// The parts of a tuple.
    fn tuple_parts(&mut self, value: Val, span: Span) -> Read<Vec<Val>> {
        match value {
            Val::Tuple(parts) => Ok(parts),
            Val::Place(place) => {
                let held = self.load(&place, span)?;
                let count = self.tuple_parts(held, span)?.len();
                Ok((0..count).map(|k| Val::Place(place.then(Step::Field(k)).into())).collect())
            }
            Val::Poison => Err(Refused),
            other => self.refuse(span, format!("a tuple is expected here, but this is {}", other.kind())),
        }
    }

    /// The elements of an array of literal length, or of a constant one that a pattern for all elements tells.
    fn array_parts(&mut self, value: Val, said: Option<usize>, span: Span) -> Read<Vec<Val>> {
        if let Val::Place(place) = value {
            let held = self.load(&place, span)?;
            let count = self.array_parts(held, said, span)?.len();
            let at = |reader: &mut Reader, k| Step::Index(reader.graph.usize(k));
            return Ok((0..count).map(|k| Val::Place(place.then(at(self, k)).into())).collect());
        }
        let Val::Array(array) = &value else {
            return match value {
                Val::Poison => Err(Refused),
                other => {
                    self.refuse(span, format!("an array is expected here, but this is {}", other.kind()))
                }
            };
        };
        let extent = self.shape(array)[0];
        let is_constant = matches!(self.graph.op(extent), Op::Symbol(..));
        let told = said.filter(|_| is_constant).map(|count| count as i128);
        match self.graph.as_int(extent).or(told).filter(|_| array.family == Family::Nested) {
            Some(count @ 0..=1024) => Ok((0..count as usize).map(|k| self.nth(array, k)).collect()),
            _ => self.refuse(span, "an array pattern needs an array of known length: index it instead"),
        }
    }

    fn nth(&mut self, array: &Array, k: usize) -> Val {
        let index = self.graph.usize(k);
        self.part(array, &[index])
    }

    /// What is written through `ref mut` would have to reach what is matched.
    fn check_reference(&mut self, ident: &syn::PatIdent, value: &Val) -> Read<()> {
        match (&ident.by_ref, &ident.mutability) {
            (Some(_), Some(token)) if !matches!(value, Val::Place(_)) => self.refuse(
                token.span,
                "`ref mut` cannot be read here: assign to what is matched, by its own name",
            ),
            _ => Ok(()),
        }
    }

    /// Gives the names of a pattern to what has been refused, so that each mistake is reported once.
    pub fn bind_poison(&mut self, pattern: &Pat) {
        match pattern {
            Pat::Ident(ident) => {
                self.scopes.bind(&ident.ident.to_string(), Val::Poison);
                if let Some((_, inner)) = &ident.subpat {
                    self.bind_poison(inner);
                }
            }
            Pat::Paren(inner) => self.bind_poison(&inner.pat),
            Pat::Reference(inner) => self.bind_poison(&inner.pat),
            Pat::Type(typed) => self.bind_poison(&typed.pat),
            Pat::Tuple(tuple) => tuple.elems.iter().for_each(|pattern| self.bind_poison(pattern)),
            Pat::Slice(slice) => slice.elems.iter().for_each(|pattern| self.bind_poison(pattern)),
            Pat::TupleStruct(tuple) => tuple.elems.iter().for_each(|pattern| self.bind_poison(pattern)),
            Pat::Struct(fields) => fields.fields.iter().for_each(|field| self.bind_poison(&field.pat)),
            _ => {}
        }
    }

    /// Binds the names of a pattern of `match`; its condition, `None` if it always holds.
    pub fn test(&mut self, pattern: &Pat, value: &Val) -> Read<Option<NodeId>> {
        match pattern {
            Pat::Wild(_) => Ok(None),
            Pat::Ident(ident) if ident.ident == "None" => {
                let exists = self.existence(value, ident.ident.span())?;
                Ok(Some(self.graph.not(exists)))
            }
            Pat::Ident(ident) if matches!(value, Val::Ordering(_)) && starts_large(&ident.ident) => {
                let Val::Ordering(ordering) = value else { return Err(Refused) };
                self.is_outcome(ordering, &ident.ident.clone().into(), ident.ident.span()).map(Some)
            }
            Pat::Ident(ident) => {
                self.check_reference(ident, value)?;
                let name = ident.ident.to_string();
                let is_constant = starts_large(&ident.ident);
                if is_constant && ident.subpat.is_none() {
                    let constant =
                        self.scopes.get(&name).cloned().unwrap_or_else(|| Val::Constant(name.into()));
                    return self.equals(value, constant, ident.ident.span()).map(Some);
                }
                self.scopes.bind(&name, value.clone());
                match &ident.subpat {
                    Some((_, inner)) => self.test(inner, value),
                    None => Ok(None),
                }
            }
            Pat::Paren(inner) => self.test(&inner.pat, value),
            Pat::Reference(inner) => self.test(&inner.pat, value),
            Pat::Lit(lit) => {
                let span = lit.lit.span();
                let literal = self.value(&syn::Expr::Lit(lit.clone()))?;
                self.equals(value, literal, span).map(Some)
            }
            Pat::Path(path) if matches!(value, Val::Ordering(_)) => {
                let Val::Ordering(ordering) = value else { return Err(Refused) };
                self.is_outcome(ordering, &path.path, path.span()).map(Some)
            }
            Pat::Path(path) => {
                let constant = self.value(&syn::Expr::Path(path.clone()))?;
                self.equals(value, constant, path.span()).map(Some)
            }
            Pat::Range(range) => self.test_range(range, value),
            Pat::Or(cases) => self.test_any(cases, value),
            Pat::Tuple(tuple) => {
                let parts = self.tuple_parts(value.clone(), tuple.paren_token.span.open())?;
                let mut all = None;
                for (pattern, part) in tuple.elems.iter().zip(&parts) {
                    let test = self.test(pattern, part)?;
                    all = self.both(all, test);
                }
                Ok(all)
            }
            Pat::Slice(slice) => self.test_slice(slice, value),
            Pat::TupleStruct(some) if some.path.is_ident("Some") && some.elems.len() == 1 => {
                let exists = self.existence(value, some.path.span())?;
                let Val::Optional(inner, _) = value else { return Err(Refused) };
                if matches!(**inner, Val::Undefined) {
                    self.bind_poison(&some.elems[0]);
                    return Ok(Some(exists));
                }
                let test = self.test(&some.elems[0], inner)?;
                Ok(self.both(Some(exists), test))
            }
            other => self.refuse(other.span(), MATCHED),
        }
    }

    /// `[first, .., last]`, `[head, tail @ ..]`.
    fn test_slice(&mut self, slice: &syn::PatSlice, value: &Val) -> Read<Option<NodeId>> {
        let span = slice.bracket_token.span.open();
        let place = match value {
            Val::Place(place) => Some(place.clone()),
            _ => None,
        };
        let Val::Array(array) = &self.loaded(value.clone(), span)? else {
            return match value {
                Val::Poison => Err(Refused),
                other => {
                    self.refuse(span, format!("an array is expected here, but this is {}", other.kind()))
                }
            };
        };
        let elements: Vec<&Pat> = slice.elems.iter().collect();
        let rest = elements.iter().position(|pattern| rest_of(pattern).is_some());
        let extent = self.shape(array)[0];
        let count = self.graph.usize(elements.len() - usize::from(rest.is_some()));
        let cmp = if rest.is_some() { Cmp::Ge } else { Cmp::Eq };
        let fits = self.graph.compare(cmp, extent, count);
        let mut all = (self.graph.as_bool(fits) != Some(true)).then_some(fits);
        for (k, pattern) in elements.iter().enumerate() {
            let from_end = self.graph.usize(elements.len() - k);
            let part = match rest {
                Some(at) if k == at => {
                    let Some(Some(name)) = rest_of(pattern) else { continue };
                    let start = self.graph.usize(k);
                    let others = self.graph.int_op(IntOp::Sub, &[extent, count]);
                    let part = match &place {
                        Some(place) => Val::Place(place.then(Step::Slice { start, count: others }).into()),
                        None => self.slice(array, start, others),
                    };
                    self.scopes.bind(&name, part);
                    continue;
                }
                Some(at) if k > at => self.graph.int_op(IntOp::Sub, &[extent, from_end]),
                _ => self.graph.usize(k),
            };
            let part = match &place {
                Some(place) => Val::Place(place.then(Step::Index(part)).into()),
                None => self.part(array, &[part]),
            };
            let test = self.test(pattern, &part)?;
            all = self.both(all, test);
        }
        Ok(all)
    }

    /// The condition under which an `Option` is `Some`.
    fn existence(&mut self, value: &Val, span: Span) -> Read<NodeId> {
        match value {
            Val::Optional(_, Some(exists)) => Ok(*exists),
            Val::Optional(_, None) => Ok(self.graph.bool(true)),
            Val::Poison => Err(Refused),
            _ => self.refuse(span, OPTION),
        }
    }

    fn both(&mut self, a: Option<NodeId>, b: Option<NodeId>) -> Option<NodeId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.graph.logic(Logic::And, a, b)),
            (a, b) => a.or(b),
        }
    }

    fn test_any(&mut self, cases: &syn::PatOr, value: &Val) -> Read<Option<NodeId>> {
        let mut any = None;
        for (k, case) in cases.cases.iter().enumerate() {
            match (self.test(case, value)?, any) {
                (None, _) => return Ok(None),
                (Some(test), None) if k == 0 => any = Some(test),
                (Some(test), Some(before)) => any = Some(self.graph.logic(Logic::Or, before, test)),
                (Some(test), None) => any = Some(test),
            }
        }
        Ok(any)
    }

    fn equals(&mut self, value: &Val, other: Val, span: Span) -> Read<NodeId> {
        // Of two constants the types are not known: they may be variants of an `enum`.
        if let (Val::Constant(value), Val::Constant(pattern)) = (value, &other) {
            return Ok(self
                .graph
                .symbol_node(&format!("matches!({value}, {pattern})"), crate::ir::Elem::Bool));
        }
        let node = self.scalar(value.clone(), span)?;
        let elem = self.graph.elem(node);
        let other = self.scalar_like(other, elem, span)?;
        if elem == crate::ir::Elem::Bool {
            return Ok(match self.graph.as_bool(other) {
                Some(true) => node,
                _ => self.graph.not(node),
            });
        }
        Ok(self.graph.compare(Cmp::Eq, node, other))
    }

    fn test_range(&mut self, range: &syn::PatRange, value: &Val) -> Read<Option<NodeId>> {
        let span = range.limits.span();
        let node = self.scalar(value.clone(), span)?;
        let elem = self.graph.elem(node);
        let mut all = None;
        if let Some(start) = &range.start {
            let start = self.expr(start, &Ty::Scalar(elem))?;
            let start = self.scalar_like(start, elem, span)?;
            all = Some(self.graph.compare(Cmp::Ge, node, start));
        }
        if let Some(end) = &range.end {
            let closed = matches!(range.limits, syn::RangeLimits::Closed(_));
            let end_value = self.expr(end, &Ty::Scalar(elem))?;
            let end = self.scalar_like(end_value, elem, token(end))?;
            let test = self.graph.compare(if closed { Cmp::Le } else { Cmp::Lt }, node, end);
            all = self.both(all, Some(test));
        }
        Ok(all)
    }
}

/// The name, if it has one, of the rest that `..` or `name @ ..` stands for.
fn rest_of(pattern: &Pat) -> Option<Option<String>> {
    match pattern {
        Pat::Rest(_) => Some(None),
        Pat::Ident(ident) if matches!(&ident.subpat, Some((_, inner)) if matches!(**inner, Pat::Rest(_))) => {
            Some(Some(ident.ident.to_string()))
        }
        _ => None,
    }
}

/// Whether a name is one of a constant.
fn starts_large(name: &syn::Ident) -> bool {
    name.to_string().chars().next().is_some_and(char::is_uppercase)
}

/// `&mut T`.
pub fn is_mutable(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::Reference(reference) => reference.mutability.is_some(),
        syn::Type::Paren(inner) => is_mutable(&inner.elem),
        syn::Type::Group(inner) => is_mutable(&inner.elem),
        _ => false,
    }
}
