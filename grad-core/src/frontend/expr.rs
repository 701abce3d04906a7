//! Expressions: where each kind is read, and the small kinds themselves.

use proc_macro2::Span;
use syn::Expr;
use syn::spanned::Spanned;

use super::assigned::is_compound;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Closure, Range, Val};
use crate::ir::NodeId;

/// How deeply expressions may nest.
const DEPTH: usize = 120;

/// How many expressions are read before the reader gives up.
const STEPS: usize = 1_000_000;

/// The token that stands for an expression in messages: the operator, the method, the name.
pub fn token(expr: &Expr) -> Span {
    match expr {
        Expr::Binary(binary) => binary.op.span(),
        Expr::MethodCall(call) => call.method.span(),
        Expr::Call(call) => token(&call.func),
        Expr::Path(path) => path.path.segments.last().map_or_else(Span::call_site, |last| last.ident.span()),
        Expr::Index(index) => token(&index.expr),
        Expr::Field(field) => field.member.span(),
        Expr::Cast(cast) => cast.as_token.span,
        Expr::Paren(paren) => token(&paren.expr),
        Expr::Group(group) => token(&group.expr),
        Expr::Unary(unary) => unary.op.span(),
        Expr::Reference(reference) => token(&reference.expr),
        Expr::If(branch) => branch.if_token.span,
        Expr::Match(branch) => branch.match_token.span,
        Expr::Block(block) => block.block.brace_token.span.open(),
        Expr::Closure(closure) => closure.inputs_begin.span(),
        Expr::Array(array) => array.bracket_token.span.open(),
        Expr::Repeat(array) => array.bracket_token.span.open(),
        Expr::Tuple(tuple) => tuple.paren_token.span.open(),
        Expr::Macro(mac) => {
            mac.mac.path.segments.last().map_or_else(Span::call_site, |last| last.ident.span())
        }
        Expr::ForLoop(each) => each.for_token.span,
        Expr::While(each) => each.while_token.span,
        Expr::Loop(each) => each.loop_token.span,
        Expr::Assign(assign) => assign.eq_token.span,
        other => other.span(),
    }
}

impl Reader {
    pub fn expr(&mut self, expr: &Expr, want: &Ty) -> Read<Val> {
        if self.depth >= DEPTH {
            return self.refuse(token(expr), "this is nested too deeply: give parts of it names with `let`");
        }
        self.steps += 1;
        if self.steps == STEPS {
            return self.refuse(
                token(expr),
                "this function unfolds into too many operations: closures call closures",
            );
        }
        if self.steps > STEPS {
            return Err(Refused);
        }
        self.depth += 1;
        let outer = self.graph.origin;
        self.graph.origin = self.spans.origin(token(expr));
        let result = self.expr_at(expr, want);
        if let Ok(Val::Scalar(node)) = result {
            self.mark_computed(node);
        }
        self.graph.origin = outer;
        self.depth -= 1;
        result
    }

    fn expr_at(&mut self, expr: &Expr, want: &Ty) -> Read<Val> {
        match expr {
            Expr::Lit(lit) => self.literal(&lit.lit, want),
            Expr::Path(path) => self.path(path, want),
            Expr::Paren(inner) => self.expr(&inner.expr, want),
            Expr::Group(inner) => self.expr(&inner.expr, want),
            Expr::Reference(reference) => match &reference.mutability {
                None => self.expr(&reference.expr, want),
                Some(_) => {
                    let place = self.place_or_temporary(&reference.expr)?;
                    Ok(Val::Place(place.into()))
                }
            },
            Expr::Unary(unary) => self.unary(unary, want),
            Expr::Binary(binary) if is_compound(&binary.op) => self.compound(binary),
            Expr::Binary(_) => self.binary(expr, want),
            Expr::Cast(cast) => self.cast(cast),
            Expr::Tuple(tuple) => self.tuple(tuple, want),
            Expr::Array(array) => {
                let elements: Vec<&Expr> = array.elems.iter().collect();
                self.array_literal(&elements, want, token(expr))
            }
            Expr::Repeat(repeat) => {
                let extent = self.extent_expr(&repeat.len)?;
                self.repeat(&repeat.expr, extent, want)
            }
            Expr::Index(index) => self.index(index),
            Expr::Field(field) => self.field(field),
            Expr::Range(range) => self.range(range),
            Expr::Closure(closure) => self.closure(closure),
            Expr::Call(call) => self.call(call, want),
            Expr::MethodCall(call) => self.method_call(call, want),
            Expr::Macro(mac) => self.macro_call(&mac.mac, want),
            other => self.control(other, want),
        }
    }

    /// A part of an expression where nothing is expected of its type.
    pub fn value(&mut self, expr: &Expr) -> Read<Val> {
        self.expr(expr, &Ty::Infer)
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple, want: &Ty) -> Read<Val> {
        if tuple.elems.is_empty() {
            return Ok(Val::Unit);
        }
        let parts: Vec<Read<Val>> =
            tuple.elems.iter().enumerate().map(|(k, part)| self.expr(part, &want.part(k))).collect();
        Ok(Val::Tuple(parts.into_iter().collect::<Read<_>>()?))
    }

    fn field(&mut self, field: &syn::ExprField) -> Read<Val> {
        let base = self.value(&field.base)?;
        let base = self.loaded(base, field.member.span())?;
        if let Val::Constant(text) = &base {
            // Of `self`, say: printed as it stands.
            let member = match &field.member {
                syn::Member::Named(name) => name.to_string(),
                syn::Member::Unnamed(index) => index.index.to_string(),
            };
            return Ok(Val::Constant(format!("{text}.{member}").into()));
        }
        let syn::Member::Unnamed(index) = &field.member else {
            return self.refuse(
                field.member.span(),
                "fields of structs cannot be read yet: pass the field as a parameter of its own",
            );
        };
        match base {
            Val::Tuple(parts) if (index.index as usize) < parts.len() => {
                Ok(parts[index.index as usize].clone())
            }
            Val::Poison => Err(Refused),
            other => self.refuse(
                field.member.span(),
                format!("only tuples have such parts, this is {}", other.kind()),
            ),
        }
    }

    fn range(&mut self, range: &syn::ExprRange) -> Read<Val> {
        let span = range.limits.span();
        let end = |reader: &mut Reader, expr: &Option<Box<Expr>>| match expr {
            Some(expr) => {
                let value = reader.value(expr)?;
                reader.range_end(value, span).map(Some)
            }
            None => Ok(None),
        };
        let start = end(self, &range.start)?;
        let stop = end(self, &range.end)?;
        Ok(Val::Range(Range {
            start,
            end: stop,
            closed: matches!(range.limits, syn::RangeLimits::Closed(_)),
        }))
    }

    /// A bound of a range: a number, of its own type if that is known.
    fn range_end(&mut self, value: Val, span: Span) -> Read<NodeId> {
        match value {
            Val::Scalar(node) => Ok(node),
            value => self.usize_node(value, span),
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Read<Val> {
        if let Some(token) = &closure.asyncness {
            return self.refuse(token.span, "an `async` closure cannot be differentiated");
        }
        let captures = self.scopes.capture(closure);
        Ok(Val::Closure(std::rc::Rc::new(Closure { source: closure.clone(), captures, lengths: Vec::new() })))
    }

    /// The extent that a constant expression stands for: the length of an array type or of `[x; N]`.
    pub fn extent_expr(&mut self, expr: &Expr) -> Read<NodeId> {
        let value = self.expr(expr, &Ty::usize())?;
        self.usize_node(value, token(expr))
    }
}
