//! Expressions: literals, operators, casts, indexing, tuples and array literals. What is not an expression of
//! its own kind goes to `control`, `call` or `method`.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, Lit, UnOp};

use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Closure, Family, Range, Val};
use crate::ir::{Cmp, Elem, Float, Int, IntOp, Logic, Op, Scalar};

/// How deeply expressions may nest.
const DEPTH: usize = 120;

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
        self.depth += 1;
        let outer = self.graph.origin;
        self.graph.origin = self.spans.origin(token(expr));
        let result = self.expr_at(expr, want);
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
                Some(token) => {
                    self.refuse(token.span, "`&mut` cannot be differentiated yet: compute a new value")
                }
            },
            Expr::Unary(unary) => self.unary(unary, want),
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

    fn literal(&mut self, lit: &Lit, want: &Ty) -> Read<Val> {
        match lit {
            Lit::Float(float) => {
                let ty = match float.suffix() {
                    "" => want.elem().filter(|elem| elem.is_float()).unwrap_or(Elem::Float(self.literal)),
                    suffix => Elem::parse(suffix).unwrap_or(Elem::Float(Float::Open)),
                };
                self.float_literal(float.base10_digits(), ty, float.span())
            }
            Lit::Int(int) => match Elem::parse(int.suffix()) {
                Some(elem @ Elem::Float(_)) => self.float_literal(int.base10_digits(), elem, int.span()),
                suffix => {
                    let Ok(value) = int.base10_parse::<i128>() else {
                        return self.refuse(int.span(), "this integer is too large");
                    };
                    let ty = match suffix.or(want.elem()) {
                        Some(Elem::Int(ty)) => ty,
                        _ => Int::Open,
                    };
                    Ok(Val::Scalar(self.graph.int(value, ty)))
                }
            },
            Lit::Bool(bool) => Ok(Val::Scalar(self.graph.bool(bool.value))),
            other => self.refuse(other.span(), "only numbers and `bool` can be read here"),
        }
    }

    fn float_literal(&mut self, digits: &str, elem: Elem, span: Span) -> Read<Val> {
        let Elem::Float(float) = elem else { return self.refuse(span, "a float literal is expected here") };
        let value = match float {
            Float::F32 => digits.parse::<f32>().map(f64::from),
            _ => digits.parse::<f64>(),
        };
        match value {
            Ok(value) => Ok(Val::Scalar(self.graph.float(value, float))),
            Err(_) => self.refuse(span, "this number cannot be read"),
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary, want: &Ty) -> Read<Val> {
        let value = self.expr(&unary.expr, want)?;
        let span = unary.op.span();
        match (unary.op, value) {
            (UnOp::Deref(_), value) => Ok(value),
            (UnOp::Neg(_), Val::Constant(text)) => Ok(Val::Constant(format!("(-{text})").into())),
            (UnOp::Neg(_), Val::Array(array)) if array.family == Family::NdArray => {
                self.map_elements(&array, |reader, x| reader.graph.neg(x))
            }
            (UnOp::Neg(_), value) => {
                let node = self.scalar(value, span)?;
                match self.graph.elem(node) {
                    Elem::Float(_) => Ok(Val::Scalar(self.graph.neg(node))),
                    _ => Ok(Val::Scalar(self.graph.int_op(IntOp::Neg, &[node]))),
                }
            }
            (UnOp::Not(_), value) => {
                let node = self.bool_node(value, span)?;
                Ok(Val::Scalar(self.graph.not(node)))
            }
            _ => self.refuse(span, "this operator cannot be read"),
        }
    }

    /// A chain of operators on the left is a loop here, not a recursion: a sum may have thousands of terms.
    fn binary(&mut self, expr: &Expr, want: &Ty) -> Read<Val> {
        let mut spine = Vec::new();
        let mut first = expr;
        while let Expr::Binary(binary) = first {
            spine.push(binary);
            first = &*binary.left;
        }
        let innermost = spine.last().map(|binary| binary.op);
        let mut left = self.expr(first, &operand_type(innermost, want));
        for binary in spine.into_iter().rev() {
            let ty = operand_type(Some(binary.op), want);
            let right = self.expr(&binary.right, &ty);
            self.graph.origin = self.spans.origin(binary.op.span());
            left = self.operator(&binary.op, left?, right?);
        }
        left
    }

    fn operator(&mut self, op: &BinOp, left: Val, right: Val) -> Read<Val> {
        let span = op.span();
        if let Some(logic) = logic(op) {
            let left = self.bool_node(left, span)?;
            let right = self.bool_node(right, span)?;
            return Ok(Val::Scalar(self.graph.logic(logic, left, right)));
        }
        if let Some(cmp) = comparison(op) {
            let (left, right) = self.operands(left, right, span)?;
            return Ok(Val::Scalar(self.graph.compare(cmp, left, right)));
        }
        let Some(arithmetic) = Arithmetic::of(op) else {
            return self.refuse(
                span,
                "assignment cannot be differentiated yet: give the new value a name with `let`",
            );
        };
        self.arithmetic(arithmetic, left, right, span)
    }

    /// Two numbers of one type.
    fn operands(
        &mut self,
        left: Val,
        right: Val,
        span: Span,
    ) -> Read<(crate::ir::NodeId, crate::ir::NodeId)> {
        let elem = |reader: &Reader, value: &Val| match value {
            Val::Scalar(node) => Some(reader.graph.elem(*node)),
            _ => None,
        };
        let float = Elem::Float(self.literal);
        let like = elem(self, &left).or(elem(self, &right)).unwrap_or(float);
        let left = match left {
            Val::Constant(_) => self.scalar_like(left, elem(self, &right).unwrap_or(float), span)?,
            left => self.scalar(left, span)?,
        };
        let right = match right {
            Val::Constant(_) => self.scalar_like(right, like, span)?,
            right => self.scalar(right, span)?,
        };
        Ok((left, right))
    }

    pub fn arithmetic(&mut self, op: Arithmetic, left: Val, right: Val, span: Span) -> Read<Val> {
        if matches!(left, Val::Poison) || matches!(right, Val::Poison) {
            return Err(Refused);
        }
        if let (Some(a), Some(b)) = (self.constant_text(&left), self.constant_text(&right)) {
            if matches!(left, Val::Constant(_)) || matches!(right, Val::Constant(_)) {
                return Ok(Val::Constant(format!("({a} {} {b})", op.symbol).into()));
            }
        }
        let is_ndarray = |value: &Val| matches!(value, Val::Array(array) if array.family == Family::NdArray);
        if is_ndarray(&left) || is_ndarray(&right) {
            return self.broadcast(op, left, right, span);
        }
        let (left, right) = self.operands(left, right, span)?;
        Ok(Val::Scalar(self.apply(op, left, right, span)?))
    }

    /// The operator on two numbers.
    pub fn apply(
        &mut self,
        op: Arithmetic,
        left: crate::ir::NodeId,
        right: crate::ir::NodeId,
        span: Span,
    ) -> Read<crate::ir::NodeId> {
        match (self.graph.elem(left), op.float) {
            (Elem::Float(_), Some(scalar)) => Ok(self.graph.scalar(scalar, &[left, right])),
            (Elem::Int(_), _) => Ok(self.graph.int_op(op.int, &[left, right])),
            (Elem::Bool, _) => match op.int {
                IntOp::BitAnd => Ok(self.graph.logic(Logic::And, left, right)),
                IntOp::BitOr => Ok(self.graph.logic(Logic::Or, left, right)),
                _ => {
                    let other = self.graph.not(right);
                    Ok(self.graph.select(left, other, right))
                }
            },
            _ => self.refuse(span, "this operator is not defined on floats"),
        }
    }

    /// Text of a value that may be part of a constant expression of unknown type.
    fn constant_text(&self, value: &Val) -> Option<String> {
        match value {
            Val::Constant(text) => Some(text.to_string()),
            Val::Scalar(node) => match self.graph.op(*node) {
                Op::Const(crate::ir::Const::Int(value, Int::Open)) => Some(value.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    fn cast(&mut self, cast: &syn::ExprCast) -> Read<Val> {
        let Ty::Scalar(elem) = self.ty(&cast.ty)? else {
            return self.refuse(cast.as_token.span, "only casts between numbers can be read");
        };
        let value = self.value(&cast.expr)?;
        if let Val::Constant(text) = value {
            return Ok(Val::Scalar(self.graph.symbol_node(&format!("({text} as {})", elem.rust()), elem)));
        }
        let node = self.scalar(value, cast.as_token.span)?;
        Ok(Val::Scalar(self.cast_node(node, elem)))
    }

    pub fn cast_node(&mut self, node: crate::ir::NodeId, elem: Elem) -> crate::ir::NodeId {
        let from = self.graph.elem(node);
        let node = match (from, elem) {
            // The value of an index does not depend on its type.
            (Elem::Int(Int::Open), _) if *self.graph.op(node) == Op::Cast(from) => self.graph.args(node)[0],
            (Elem::Int(Int::Open), Elem::Float(_)) if self.graph.as_int(node).is_none() => {
                self.graph.close(node, Elem::Int(Int::I32))
            }
            (Elem::Float(Float::Open), _) => self.graph.close(node, Elem::Float(Float::F64)),
            _ => node,
        };
        if self.graph.elem(node) == Elem::Bool && elem != Elem::Bool {
            let one = self.graph.int(1, Int::Open);
            let zero = self.graph.int(0, Int::Open);
            let (one, zero) = (self.graph.close(one, elem), self.graph.close(zero, elem));
            return self.graph.select(node, one, zero);
        }
        self.graph.cast(elem, node)
    }

    fn tuple(&mut self, tuple: &syn::ExprTuple, want: &Ty) -> Read<Val> {
        if tuple.elems.is_empty() {
            return Ok(Val::Unit);
        }
        let parts: Vec<Read<Val>> =
            tuple.elems.iter().enumerate().map(|(k, part)| self.expr(part, &want.part(k))).collect();
        Ok(Val::Tuple(parts.into_iter().collect::<Read<_>>()?))
    }

    pub fn array_literal(&mut self, elements: &[&Expr], want: &Ty, span: Span) -> Read<Val> {
        let item = want.item();
        let values: Vec<Read<Val>> = elements.iter().map(|element| self.expr(element, &item)).collect();
        let values: Vec<Val> = values.into_iter().collect::<Read<_>>()?;
        self.stack(values, span)
    }

    /// The sequence of these items.
    pub fn stack(&mut self, items: Vec<Val>, span: Span) -> Read<Val> {
        match items.first() {
            None => self.refuse(span, "an empty array has nothing to differentiate"),
            Some(Val::Tuple(parts)) => {
                let columns = (0..parts.len()).map(|k| {
                    let column = items.iter().map(|item| match item {
                        Val::Tuple(parts) => parts.get(k).cloned().unwrap_or(Val::Poison),
                        _ => Val::Poison,
                    });
                    self.stack(column.collect(), span)
                });
                Ok(Val::Columns(columns.collect::<Read<_>>()?))
            }
            Some(Val::Array(_)) => {
                let mut nodes = Vec::new();
                for item in items {
                    match item {
                        Val::Array(array) => nodes.push(self.array_node(&array)),
                        _ => return Err(Refused),
                    }
                }
                for k in 1..nodes.len() {
                    self.same_shape(nodes[0], nodes[k], "the rows of an array need", span)?;
                }
                Ok(Array::nested(self.graph.stack(&nodes)))
            }
            Some(_) => {
                let like = items.iter().find_map(|item| match item {
                    Val::Scalar(node) => Some(self.graph.elem(*node)),
                    _ => None,
                });
                let like = like.unwrap_or(Elem::Float(self.literal));
                let nodes: Vec<_> =
                    items.into_iter().map(|item| self.scalar_like(item, like, span)).collect::<Read<_>>()?;
                Ok(Array::nested(self.graph.stack(&nodes)))
            }
        }
    }

    pub fn repeat(&mut self, element: &Expr, extent: crate::ir::NodeId, want: &Ty) -> Read<Val> {
        let item = self.expr(element, &want.item())?;
        let var = self.graph.fresh_var(extent);
        self.build(var, item, token(element))
    }

    fn field(&mut self, field: &syn::ExprField) -> Read<Val> {
        let base = self.value(&field.base)?;
        let syn::Member::Unnamed(index) = &field.member else {
            return self.refuse(
                field.member.span(),
                "fields of structs cannot be read: pass the field as a parameter of its own",
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

    /// A bound of a range: an integer, of its own type if that is known.
    fn range_end(&mut self, value: Val, span: Span) -> Read<crate::ir::NodeId> {
        match value {
            Val::Scalar(node) => match self.graph.elem(node) {
                Elem::Int(_) => Ok(node),
                _ => self.refuse(span, "the bounds of a range have to be integers"),
            },
            value => self.usize_node(value, span),
        }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Read<Val> {
        if let Some(token) = &closure.asyncness {
            return self.refuse(token.span, "an `async` closure cannot be differentiated");
        }
        let captures = self.scopes.capture(closure);
        Ok(Val::Closure(std::rc::Rc::new(Closure { source: closure.clone(), captures })))
    }

    /// The extent that a constant expression stands for: the length of an array type or of `[x; N]`.
    pub fn extent_expr(&mut self, expr: &Expr) -> Read<crate::ir::NodeId> {
        let value = self.expr(expr, &Ty::usize())?;
        self.usize_node(value, token(expr))
    }
}

/// What is expected of the operands: what is expected of the result of an arithmetic operator.
fn operand_type(op: Option<BinOp>, want: &Ty) -> Ty {
    match op {
        Some(op) if Arithmetic::of(&op).is_some() => match want {
            Ty::Scalar(elem) => Ty::Scalar(*elem),
            Ty::Array(array) => array.elem.map_or(Ty::Infer, |_| Ty::Infer),
            _ => Ty::Infer,
        },
        _ => Ty::Infer,
    }
}

/// An arithmetic operator on floats and on integers.
#[derive(Clone, Copy)]
pub struct Arithmetic {
    pub float: Option<Scalar>,
    pub int: IntOp,
    symbol: &'static str,
}

impl Arithmetic {
    pub fn of(op: &BinOp) -> Option<Arithmetic> {
        let (float, int, symbol) = match op {
            BinOp::Add(_) => (Some(Scalar::Add), IntOp::Add, "+"),
            BinOp::Sub(_) => (Some(Scalar::Sub), IntOp::Sub, "-"),
            BinOp::Mul(_) => (Some(Scalar::Mul), IntOp::Mul, "*"),
            BinOp::Div(_) => (Some(Scalar::Div), IntOp::Div, "/"),
            BinOp::Rem(_) => (Some(Scalar::Rem), IntOp::Rem, "%"),
            BinOp::BitAnd(_) => (None, IntOp::BitAnd, "&"),
            BinOp::BitOr(_) => (None, IntOp::BitOr, "|"),
            BinOp::BitXor(_) => (None, IntOp::BitXor, "^"),
            BinOp::Shl(_) => (None, IntOp::Shl, "<<"),
            BinOp::Shr(_) => (None, IntOp::Shr, ">>"),
            _ => return None,
        };
        Some(Arithmetic { float, int, symbol })
    }
}

fn comparison(op: &BinOp) -> Option<Cmp> {
    match op {
        BinOp::Eq(_) => Some(Cmp::Eq),
        BinOp::Ne(_) => Some(Cmp::Ne),
        BinOp::Lt(_) => Some(Cmp::Lt),
        BinOp::Le(_) => Some(Cmp::Le),
        BinOp::Gt(_) => Some(Cmp::Gt),
        BinOp::Ge(_) => Some(Cmp::Ge),
        _ => None,
    }
}

fn logic(op: &BinOp) -> Option<Logic> {
    match op {
        BinOp::And(_) => Some(Logic::And),
        BinOp::Or(_) => Some(Logic::Or),
        _ => None,
    }
}
