//! Statements.

use proc_macro2::TokenStream;
use quote::quote;

use super::assertion;
use super::expression::{Binding, condition, constant, element, emit, ident, tokens as expression};
use crate::ir::{Const, Elem, Int, IntOp, Logic, Scalar};
use crate::plan::program::{Expr, Matrix, Mutable, Slice, Stmt, Storage};

pub fn tokens(krate: &TokenStream, stmt: &Stmt) -> TokenStream {
    match stmt {
        Stmt::Let { name, value } => {
            let (name, value) = (ident(name), typed(krate, value));
            quote!(let #name = #value;)
        }
        Stmt::LetTuple { names, value } => {
            let names = names.iter().map(|name| ident(name));
            let value = expression(krate, value);
            quote!(let (#(#names),*) = #value;)
        }
        Stmt::LetMut { name, value, .. } => {
            let (name, value) = (ident(name), typed(krate, value));
            quote!(let mut #name = #value;)
        }
        Stmt::Buffer { name, elem, fill, dims, storage, heap } => {
            let name = ident(name);
            let value = buffer(krate, filled(*fill, *elem), dims, *storage, heap);
            quote!(let mut #name = #value;)
        }
        Stmt::Copy { to, from, declare: true } => {
            let (to, from) = (ident(to), slice(from));
            quote!(let mut #to = #from.to_vec();)
        }
        Stmt::Copy { to, from, .. } => {
            let (to, from) = (ident(to), borrowed(from));
            quote!(#to.copy_from_slice(#from);)
        }
        Stmt::Refill { name, fill, elem, storage, .. } => {
            debug_assert_eq!(*storage, Storage::Flat);
            let (name, fill) = (ident(name), constant(filled(*fill, *elem), false).tokens);
            quote!(#name.fill(#fill);)
        }
        Stmt::Swap { a, b } => {
            let (a, b) = (ident(a), ident(b));
            quote!(::core::mem::swap(&mut #a, &mut #b);)
        }
        Stmt::Store { place, value, add: true } => {
            let place = element(krate, place);
            added(krate, &place, value)
        }
        Stmt::Store { place, value, .. } => {
            let target = element(krate, place);
            assign(krate, &target, &Expr::Element(place.clone()), value)
        }
        Stmt::Assign { name, value } => {
            let target = ident(name);
            assign(krate, &quote!(#target), &Expr::name(name), value)
        }
        Stmt::AddAssign { name, value } => {
            let name = ident(name);
            added(krate, &quote!(#name), value)
        }
        Stmt::For { var, extent, reversed, body } => {
            let (var, extent) = (ident(var), emit(krate, extent).at_least(Binding::Or));
            let body = body.iter().map(|s| tokens(krate, s));
            let range = if *reversed { quote!((0..#extent).rev()) } else { quote!(0..#extent) };
            quote!(for #var in #range { #(#body)* })
        }
        Stmt::While { bound, head, until, body } => while_loop(krate, bound.as_ref(), head, until, body),
        Stmt::Push { place, elem, fill, dims } => {
            let heap = vec![true; dims.len()];
            let room = buffer(krate, filled(*fill, *elem), dims, Storage::Nested, &heap);
            let place = element(krate, place);
            quote!(#place.push(#room);)
        }
        Stmt::Panic { message, shown } => assertion::panic(krate, message, shown),
        Stmt::If { condition, then, otherwise } if otherwise.is_empty() && assertion::is_one(then) => {
            assertion::tokens(krate, condition, then)
        }
        Stmt::If { condition: c, then, otherwise } => {
            let c = condition(krate, c);
            let then = then.iter().map(|s| tokens(krate, s));
            let otherwise: Vec<TokenStream> = otherwise.iter().map(|s| tokens(krate, s)).collect();
            if otherwise.is_empty() {
                quote!(if #c { #(#then)* })
            } else {
                quote!(if #c { #(#then)* } else { #(#otherwise)* })
            }
        }
        Stmt::Row { name, mutable, source, offset, length } => {
            let (name, source) = (ident(name), ident(source));
            let length = emit(krate, length).at_least(Binding::Or);
            let part = match start(krate, offset) {
                Some(start) => quote!(#source[#start..][..#length]),
                None => quote!(#source[..#length]),
            };
            if *mutable { quote!(let #name = &mut #part;) } else { quote!(let #name = &#part;) }
        }
        Stmt::Split { low, high, source, at } => {
            let (low, high, source) = (ident(low), ident(high), ident(source));
            let at = expression(krate, at);
            quote!(let (#low, #high) = #source.split_at_mut(#at);)
        }
        Stmt::Matmul { c, nested, declare, operands, extents } => {
            matmul(krate, c, *nested, *declare, operands, extents)
        }
    }
}

/// Where a part of a slice begins, if not at its beginning.
fn start(krate: &TokenStream, offset: &Expr) -> Option<TokenStream> {
    let is_start = *offset == Expr::Const(Const::Int(0, Int::Usize));
    (!is_start).then(|| expression(krate, offset))
}

/// `place += value;`, or `place -= …;` where a negative is added: the same to the bit.
fn added(krate: &TokenStream, place: &TokenStream, value: &Expr) -> TokenStream {
    match value {
        Expr::Scalar(Scalar::Neg, parts) => {
            let value = expression(krate, &parts[0]);
            quote!(#place -= #value;)
        }
        value => {
            let value = expression(krate, value);
            quote!(#place += #value;)
        }
    }
}

/// `while i < n && !until { … }`, or with statements before the question: `loop { …; if until { break; } … }`.
fn while_loop(
    krate: &TokenStream,
    bound: Option<&(String, Expr)>,
    head: &[Stmt],
    until: &Expr,
    body: &[Stmt],
) -> TokenStream {
    let body = body.iter().map(|s| tokens(krate, s));
    let bound = bound.map(|(counter, bound)| {
        let (counter, bound) = (ident(counter), emit(krate, bound).at_least(Binding::Or));
        quote!(#counter < #bound)
    });
    if head.is_empty() {
        let going = match until {
            Expr::Logic(Logic::Not, parts) => parts[0].clone(),
            until => Expr::Logic(Logic::Not, vec![until.clone()]),
        };
        let going = condition(krate, &going);
        return match bound {
            Some(bound) => quote!(while #bound && #going { #(#body)* }),
            None => quote!(while #going { #(#body)* }),
        };
    }
    let head = head.iter().map(|s| tokens(krate, s));
    let until = condition(krate, until);
    match bound {
        Some(bound) => quote!(while #bound { #(#head)* if #until { break; } #(#body)* }),
        None => quote!(loop { #(#head)* if #until { break; } #(#body)* }),
    }
}

/// `target = value;`, or `target *= …;` and the like.
fn assign(krate: &TokenStream, target: &TokenStream, own: &Expr, value: &Expr) -> TokenStream {
    let compound = match value {
        Expr::Scalar(Scalar::Add, parts) | Expr::Int(IntOp::Add, parts) => Some((quote!(+=), parts)),
        Expr::Scalar(Scalar::Sub, parts) | Expr::Int(IntOp::Sub, parts) => Some((quote!(-=), parts)),
        Expr::Scalar(Scalar::Mul, parts) | Expr::Int(IntOp::Mul, parts) => Some((quote!(*=), parts)),
        Expr::Scalar(Scalar::Div, parts) | Expr::Int(IntOp::Div, parts) => Some((quote!(/=), parts)),
        _ => None,
    };
    if let Some((operator, parts)) = compound
        && let [first, second] = &parts[..]
        && first == own
    {
        let second = expression(krate, second);
        return quote!(#target #operator #second;);
    }
    let value = expression(krate, value);
    quote!(#target = #value;)
}

fn matmul(
    krate: &TokenStream,
    c: &str,
    nested: bool,
    declare: Option<Mutable>,
    operands: &[Matrix; 2],
    extents: &[Expr; 3],
) -> TokenStream {
    let [m, k, n] = extents.each_ref().map(|e| expression(krate, e));
    let [a, b] = operands.each_ref().map(|operand| matrix(krate, operand));
    let c = ident(c);
    if let Some(Mutable(mutable)) = declare {
        let mutable = mutable.then(|| quote!(mut));
        return quote!(let #mutable #c = #krate::kernels::matmul(#m, #k, #n, #a, #b););
    }
    let c = if nested { quote!(#c.as_flattened_mut()) } else { quote!(&mut #c) };
    quote!(#krate::kernels::gemm(#m, #k, #n, #a, #b, #c, false);)
}

fn matrix(krate: &TokenStream, matrix: &Matrix) -> TokenStream {
    let (rows, columns) = (expression(krate, &matrix.row_stride), expression(krate, &matrix.column_stride));
    let slice = borrowed(&matrix.slice);
    quote!(#slice, (#rows, #columns))
}

/// What has the elements of a slice.
fn slice(slice: &Slice) -> TokenStream {
    let (Slice::Borrowed(name) | Slice::Flat(name) | Slice::Nested(name)) = slice;
    let name = ident(name);
    match slice {
        Slice::Borrowed(_) | Slice::Flat(_) => quote!(#name),
        Slice::Nested(_) => quote!(#name.as_flattened()),
    }
}

fn borrowed(from: &Slice) -> TokenStream {
    let whole = slice(from);
    if matches!(from, Slice::Flat(_)) { quote!(&#whole) } else { whole }
}

/// A value that is bound: a literal with its type, so that methods can be called on it.
fn typed(krate: &TokenStream, value: &Expr) -> TokenStream {
    match value {
        Expr::Const(value) => constant(*value, true).tokens,
        other => expression(krate, other),
    }
}

fn filled(fill: f64, elem: Elem) -> Const {
    match elem {
        Elem::Float(float) => Const::Float(fill.to_bits(), float),
        Elem::Int(int) => Const::Int(fill as i128, int),
        Elem::Bool => Const::Bool(fill != 0.0),
    }
}

fn buffer(krate: &TokenStream, fill: Const, dims: &[Expr], storage: Storage, heap: &[bool]) -> TokenStream {
    let fill = constant(fill, true).tokens;
    match storage {
        Storage::Flat => {
            let length = match dims {
                [one] => Some(expression(krate, one)),
                several => several
                    .iter()
                    .map(|d| emit(krate, d).at_least(Binding::Cast))
                    .reduce(|product, d| quote!(#product * #d)),
            };
            quote!(::std::vec![#fill; #length])
        }
        Storage::Nested => dims.iter().zip(heap).rev().fold(fill, |inner, (extent, heap)| {
            let extent = expression(krate, extent);
            if *heap { quote!(::std::vec![#inner; #extent]) } else { quote!([#inner; #extent]) }
        }),
    }
}
