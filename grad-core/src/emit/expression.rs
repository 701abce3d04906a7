//! Expressions, with no more parentheses than Rust needs.

use std::borrow::Cow;

use proc_macro2::{Literal, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::statement;
use crate::ir::scalar::Spelling;
use crate::ir::{Cmp, Const, Elem, Float, Int, IntOp, Logic, Scalar};
use crate::plan::program::{Access, Block, Expr, Storage};

/// How tightly an expression binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    Block,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
    Unary,
    Primary,
}

pub struct Emitted {
    pub tokens: TokenStream,
    pub binding: Binding,
}

impl Emitted {
    fn new(tokens: TokenStream, binding: Binding) -> Emitted {
        Emitted { tokens, binding }
    }

    /// The tokens, in parentheses if they bind less tightly than their place demands.
    pub fn at_least(self, binding: Binding) -> TokenStream {
        let tokens = self.tokens;
        if self.binding < binding { quote!((#tokens)) } else { tokens }
    }
}

pub fn ident(name: &str) -> proc_macro2::Ident {
    match name.strip_prefix("r#") {
        Some(raw) => proc_macro2::Ident::new_raw(raw, proc_macro2::Span::call_site()),
        None => proc_macro2::Ident::new(name, proc_macro2::Span::call_site()),
    }
}

/// An expression where any may stand.
pub fn tokens(krate: &TokenStream, expr: &Expr) -> TokenStream {
    emit(krate, expr).tokens
}

pub fn emit(krate: &TokenStream, expr: &Expr) -> Emitted {
    let sub = |e: &Expr, binding: Binding| emit(krate, e).at_least(binding);
    match expr {
        Expr::Name(name) => Emitted::new(ident_tokens(name), Binding::Primary),
        Expr::Const(value) => constant(*value, false),
        Expr::Symbol(text) => symbol(text),
        Expr::Len(name) => {
            let name = ident(name);
            Emitted::new(quote!(#name.len()), Binding::Primary)
        }
        Expr::Scalar(scalar, args) => self::scalar(krate, *scalar, args),
        Expr::Compare(cmp, a, b) => {
            let operator = operator(cmp.rust());
            let (a, b) = (compared(krate, a, *cmp), sub(b, Binding::BitOr));
            Emitted::new(quote!(#a #operator #b), Binding::Compare)
        }
        Expr::Logic(Logic::Not, args) => match &args[0] {
            Expr::Compare(Cmp::Eq, a, b) => emit(krate, &Expr::Compare(Cmp::Ne, a.clone(), b.clone())),
            a => {
                let a = sub(a, Binding::Unary);
                Emitted::new(quote!(!#a), Binding::Unary)
            }
        },
        Expr::Logic(Logic::And, args) => {
            let (a, b) = (sub(&args[0], Binding::And), sub(&args[1], Binding::Compare));
            Emitted::new(quote!(#a && #b), Binding::And)
        }
        Expr::Logic(Logic::Or, args) => {
            let (a, b) = (sub(&args[0], Binding::Or), sub(&args[1], Binding::And));
            Emitted::new(quote!(#a || #b), Binding::Or)
        }
        Expr::Int(op, args) => int(krate, *op, args),
        Expr::Cast(elem, a) => {
            let a = match &**a {
                Expr::Const(value) => constant(*value, true).at_least(Binding::Unary),
                a => emit(krate, &said(a)).at_least(Binding::Cast),
            };
            let ty = elem_type(*elem);
            Emitted::new(quote!(#a as #ty), Binding::Cast)
        }
        Expr::Element(access) => Emitted::new(element(krate, access), Binding::Primary),
        Expr::If(condition, then, otherwise) => conditional(krate, condition, then, otherwise),
        Expr::Block(block) => Emitted::new(self::block(krate, block), Binding::Block),
        Expr::Tuple(parts) => {
            let parts = parts.iter().map(|p| tokens(krate, p));
            Emitted::new(quote!((#(#parts),*)), Binding::Primary)
        }
        Expr::Array(parts) => {
            let parts = parts.iter().map(|p| tokens(krate, p));
            Emitted::new(quote!([#(#parts),*]), Binding::Primary)
        }
    }
}

fn ident_tokens(name: &str) -> TokenStream {
    let name = ident(name);
    quote!(#name)
}

/// `a as f64 < b` would open generics, and so would `c * a as f64 < b`.
fn compared(krate: &TokenStream, a: &Expr, cmp: Cmp) -> TokenStream {
    let emitted = emit(krate, a);
    let tokens: Vec<TokenTree> = emitted.tokens.clone().into_iter().collect();
    let ends_in_type = matches!(cmp, Cmp::Lt | Cmp::Le)
        && matches!(&tokens[..], [.., TokenTree::Ident(cast), TokenTree::Ident(_)] if cast == "as");
    let needed = if ends_in_type { Binding::Primary } else { Binding::BitOr };
    emitted.at_least(needed)
}

fn symbol(text: &str) -> Emitted {
    let tokens: TokenStream = text.parse().unwrap_or_default();
    let is_call = text.ends_with(')') && text.split_once("!(").is_some_and(|(name, _)| !name.contains(' '));
    let is_path = text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == ' ');
    // Among single tokens is what stands in parentheses already.
    let simple = is_call || is_path || tokens.clone().into_iter().count() == 1;
    Emitted::new(tokens, if simple { Binding::Primary } else { Binding::Block })
}

pub fn elem_type(elem: Elem) -> TokenStream {
    let name = ident(elem.rust());
    quote!(#name)
}

/// A literal; with its type where nothing around it would fix that.
pub fn constant(value: Const, typed: bool) -> Emitted {
    match value {
        Const::Bool(value) => Emitted::new(quote!(#value), Binding::Primary),
        Const::Int(value, int) => {
            let magnitude = value.unsigned_abs();
            let suffix = if typed && int != Int::Open { int.rust() } else { "" };
            let literal: TokenStream = format!("{magnitude}{suffix}").parse().unwrap_or_default();
            signed(literal, value < 0)
        }
        Const::Float(bits, float) => float_constant(f64::from_bits(bits), float, typed),
    }
}

/// Arithmetic on literals alone, whose type nothing around it says: its first literal does.
fn said(expr: &Expr) -> Cow<'_, Expr> {
    let literal = match expr {
        Expr::Const(Const::Int(value, int)) if *int != Int::Open && *value >= 0 => {
            Expr::Symbol(format!("{value}{}", int.rust()))
        }
        Expr::Int(op, args) if args.iter().all(is_literal) => {
            let first = said(&args[0]).into_owned();
            Expr::Int(*op, [first].into_iter().chain(args[1..].iter().cloned()).collect())
        }
        _ => return Cow::Borrowed(expr),
    };
    Cow::Owned(literal)
}

fn is_literal(expr: &Expr) -> bool {
    match expr {
        Expr::Const(_) => true,
        Expr::Int(_, args) => args.iter().all(is_literal),
        _ => false,
    }
}

fn signed(literal: TokenStream, negative: bool) -> Emitted {
    if negative {
        Emitted::new(quote!(-#literal), Binding::Unary)
    } else {
        Emitted::new(literal, Binding::Primary)
    }
}

fn float_constant(value: f64, float: Float, typed: bool) -> Emitted {
    let ty = ident(float.rust());
    if value.is_nan() {
        return Emitted::new(quote!(#ty::NAN), Binding::Primary);
    }
    if value.is_infinite() {
        let name = if value > 0.0 { ident("INFINITY") } else { ident("NEG_INFINITY") };
        return Emitted::new(quote!(#ty::#name), Binding::Primary);
    }
    let magnitude = value.abs();
    let mut text = match float {
        Float::F32 => format!("{:?}", magnitude as f32),
        _ => format!("{magnitude:?}"),
    };
    if typed {
        text = format!("{text}_{}", float.rust());
    }
    let literal: Literal = text.parse().unwrap_or_else(|_| Literal::f64_unsuffixed(magnitude));
    signed(quote!(#literal), value.is_sign_negative())
}

/// The tokens of an operator: asking the compiler to parse them would take longer than all else.
fn operator(text: &str) -> TokenStream {
    let last = text.len() - 1;
    let spacing = |k: usize| if k < last { Spacing::Joint } else { Spacing::Alone };
    text.chars().enumerate().map(|(k, c)| TokenTree::from(Punct::new(c, spacing(k)))).collect()
}

fn infix_binding(text: &str) -> Binding {
    match text {
        "+" | "-" => Binding::Sum,
        "*" | "/" | "%" => Binding::Product,
        "<<" | ">>" => Binding::Shift,
        "&" => Binding::BitAnd,
        "^" => Binding::BitXor,
        _ => Binding::BitOr,
    }
}

/// `a op b`; the right operand of a chain to the left needs parentheses.
fn infix(krate: &TokenStream, text: &str, a: &Expr, b: &Expr) -> Emitted {
    let binding = infix_binding(text);
    let above = match binding {
        Binding::Sum => Binding::Product,
        Binding::Product => Binding::Cast,
        Binding::Shift => Binding::Sum,
        _ => Binding::Unary,
    };
    let left = emit(krate, a);
    // `a as usize << b` would open generics.
    let left = if text == "<<" { left.at_least(Binding::Primary) } else { left.at_least(binding) };
    let right = emit(krate, b).at_least(above);
    let operator = operator(text);
    Emitted::new(quote!(#left #operator #right), binding)
}

fn scalar(krate: &TokenStream, scalar: Scalar, args: &[Expr]) -> Emitted {
    match scalar.row().spelling {
        Spelling::Infix(text) => infix(krate, text, &args[0], &args[1]),
        Spelling::Prefix(text) => {
            let a = emit(krate, &args[0]).at_least(Binding::Unary);
            let operator = operator(text);
            Emitted::new(quote!(#operator #a), Binding::Unary)
        }
        Spelling::Method(name) => method(krate, name, args),
        Spelling::Library(name) => {
            let (name, args) = (ident(name), args.iter().map(|a| tokens(krate, a)));
            Emitted::new(quote!(#krate::nn::#name(#(#args),*)), Binding::Primary)
        }
        Spelling::Lowered => panic!("{} is expanded by a rule before it is emitted", scalar.row().name),
    }
}

fn method(krate: &TokenStream, name: &str, args: &[Expr]) -> Emitted {
    let receiver = match &args[0] {
        // A method of a literal needs its type.
        Expr::Const(value) => constant(*value, true).at_least(Binding::Primary),
        other => emit(krate, &said(other)).at_least(Binding::Primary),
    };
    let name = ident(name);
    let rest = args[1..].iter().map(|a| tokens(krate, a));
    Emitted::new(quote!(#receiver.#name(#(#rest),*)), Binding::Primary)
}

fn int(krate: &TokenStream, op: IntOp, args: &[Expr]) -> Emitted {
    match (op, op.rust()) {
        (IntOp::Neg, _) => {
            let a = emit(krate, &args[0]).at_least(Binding::Unary);
            Emitted::new(quote!(-#a), Binding::Unary)
        }
        // How far it is shifted says nothing of the type.
        (IntOp::Shl | IntOp::Shr, Ok(text)) => infix(krate, text, &said(&args[0]), &args[1]),
        (_, Ok(text)) => infix(krate, text, &args[0], &args[1]),
        (_, Err(name)) => method(krate, name, args),
    }
}

/// `a[i][j]`, or `a[i * n + j]`.
pub fn element(krate: &TokenStream, access: &Access) -> TokenStream {
    let base = ident(&access.base);
    match access.storage {
        Storage::Nested => {
            let index = access.index.iter().map(|i| tokens(krate, i));
            quote!(#base #([#index])*)
        }
        Storage::Flat if access.checked => checked_element(krate, access),
        Storage::Flat => {
            let index = tokens(krate, &flat_index(&access.index, &access.dims));
            quote!(#base[#index])
        }
    }
}

/// `a[i * n..][..n][j]`: each axis keeps its own bound.
fn checked_element(krate: &TokenStream, access: &Access) -> TokenStream {
    let base = ident(&access.base);
    let mut place = quote!(#base);
    for (axis, index) in access.index.iter().enumerate() {
        let below = access.dims[axis + 1..].iter().cloned();
        let Some(size) = below.reduce(|a, b| Expr::Int(IntOp::Mul, vec![a, b])) else {
            let index = tokens(krate, index);
            return quote!(#place[#index]);
        };
        let start = tokens(krate, &Expr::Int(IntOp::Mul, vec![index.clone(), size.clone()]));
        let size = emit(krate, &size).at_least(Binding::Or);
        place = quote!(#place[#start..][..#size]);
    }
    place
}

/// The position of an element in row-major order.
pub fn flat_index(index: &[Expr], dims: &[Expr]) -> Expr {
    let mut position: Option<Expr> = None;
    for (i, n) in index.iter().zip(dims) {
        position = Some(match position {
            None => i.clone(),
            Some(before) => {
                Expr::Int(IntOp::Add, vec![Expr::Int(IntOp::Mul, vec![before, n.clone()]), i.clone()])
            }
        });
    }
    position.unwrap_or(Expr::Const(Const::Int(0, Int::Usize)))
}

fn conditional(krate: &TokenStream, condition: &Expr, then: &Block, otherwise: &Block) -> Emitted {
    let condition = self::condition(krate, condition);
    let then = block(krate, then);
    let tokens = match (&otherwise.stmts[..], otherwise.value.as_deref()) {
        ([], Some(Expr::If(c, a, b))) => {
            let otherwise = conditional(krate, c, a, b).tokens;
            quote!(if #condition #then else #otherwise)
        }
        _ => {
            let otherwise = block(krate, otherwise);
            quote!(if #condition #then else #otherwise)
        }
    };
    Emitted::new(tokens, Binding::Block)
}

/// A condition; one that is itself a block stands in parentheses.
pub fn condition(krate: &TokenStream, condition: &Expr) -> TokenStream {
    emit(krate, condition).at_least(Binding::Or)
}

pub fn block(krate: &TokenStream, block: &Block) -> TokenStream {
    let stmts = block.stmts.iter().map(|s| statement::tokens(krate, s));
    let value = block.value.as_deref().map(|v| tokens(krate, v));
    quote!({ #(#stmts)* #value })
}
