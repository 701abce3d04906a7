//! Operators and casts.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{BinOp, Expr, UnOp};

use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Family, Val};
use crate::ir::{Cmp, Const, Elem, Float, Int, IntOp, Logic, NodeId, Op, Scalar};

impl Reader {
    pub fn unary(&mut self, unary: &syn::ExprUnary, want: &Ty) -> Read<Val> {
        let value = self.expr(&unary.expr, want)?;
        let span = unary.op.span();
        match (unary.op, value) {
            (UnOp::Deref(_), value) => self.loaded(value, span),
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
    pub fn binary(&mut self, expr: &Expr, want: &Ty) -> Read<Val> {
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
            let right = match (logic(&binary.op), &left) {
                (Some(logic), Ok(left)) => self.second(logic, left.clone(), &binary.right, &ty),
                _ => self.expr(&binary.right, &ty),
            };
            self.graph.origin = self.spans.origin(binary.op.span());
            left = self.operator(&binary.op, left?, right?);
        }
        left
    }

    /// The second operand of `&&` or `||`: what it assigns and asserts, it does only where the first does not decide.
    fn second(&mut self, logic: Logic, first: Val, second: &Expr, ty: &Ty) -> Read<Val> {
        let (mark, before, said) = (self.scopes.mark(), self.asserted, self.diagnostics.len());
        let pushed = self.pushed.clone();
        let value = self.expr(second, ty);
        if self.asserted == before && self.scopes.changed_since(mark).next().is_none() {
            return value;
        }
        self.scopes.take_back(mark);
        (self.asserted, self.pushed) = (before, pushed);
        self.diagnostics.truncate(said);
        let span = token(second);
        let first = self.bool_node(first, span)?;
        let goes_on = if logic == Logic::And { first } else { self.graph.not(first) };
        self.only_if(goes_on, span, |reader| reader.expr(second, ty))
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
            return self.refuse(span, "this operator cannot be read");
        };
        self.arithmetic(arithmetic, left, right, span)
    }

    /// Two numbers of one type.
    pub fn operands(&mut self, left: Val, right: Val, span: Span) -> Read<(NodeId, NodeId)> {
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
        let (left, right) = (self.loaded(left, span)?, self.loaded(right, span)?);
        if matches!(left, Val::Poison) || matches!(right, Val::Poison) {
            return Err(Refused);
        }
        if let (Some(a), Some(b)) = (self.constant_text(&left), self.constant_text(&right))
            && (matches!(left, Val::Constant(_)) || matches!(right, Val::Constant(_)))
        {
            return Ok(Val::Constant(format!("({a} {} {b})", op.symbol).into()));
        }
        let is_ndarray = |value: &Val| matches!(value, Val::Array(array) if array.family == Family::NdArray);
        if is_ndarray(&left) || is_ndarray(&right) {
            return self.broadcast(op, left, right, span);
        }
        let (left, right) = self.operands(left, right, span)?;
        Ok(Val::Scalar(self.apply(op, left, right, span)?))
    }

    /// The operator on two numbers.
    pub fn apply(&mut self, op: Arithmetic, left: NodeId, right: NodeId, span: Span) -> Read<NodeId> {
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
                Op::Const(Const::Int(value, Int::Open)) => Some(value.to_string()),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn cast(&mut self, cast: &syn::ExprCast) -> Read<Val> {
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

    pub fn cast_node(&mut self, node: NodeId, elem: Elem) -> NodeId {
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
