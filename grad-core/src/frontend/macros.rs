//! Calls of macros.

use proc_macro2::Span;
use syn::Expr;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;

use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::Val;

impl Reader {
    pub fn macro_call(&mut self, mac: &syn::Macro, want: &Ty) -> Read<Val> {
        let Some(last) = mac.path.segments.last() else { return Err(Refused) };
        let span = last.ident.span();
        let name = last.ident.to_string();
        if let Some(result) = self.assertion(mac, &name, span) {
            return result;
        }
        match name.as_str() {
            "vec" => self.vec_macro(mac, want, span),
            "array" => self.array_macro(mac, want, span),
            "println" | "print" | "eprintln" | "eprint" | "dbg" | "write" | "writeln" => {
                self.refuse(span, "a function that prints cannot be differentiated: print its results")
            }
            "s" => self.refuse(span, super::ndarray::SLICES),
            name => self.refuse(
                span,
                format!("the macro `{name}!` is not known here: known are `vec!`, ndarray's `array!`, assertions and panics"),
            ),
        }
    }

    fn vec_macro(&mut self, mac: &syn::Macro, want: &Ty, span: Span) -> Read<Val> {
        match mac.parse_body::<VecBody>() {
            Ok(VecBody::List(elements)) if elements.is_empty() => Ok(self.empty_vec()),
            Ok(VecBody::List(elements)) => {
                self.array_literal(&elements.iter().collect::<Vec<_>>(), want, span)
            }
            Ok(VecBody::Repeat(parts)) => {
                let (element, length) = *parts;
                let value = self.value(&length)?;
                let extent = self.usize_node(value, token(&length))?;
                self.repeat(&element, extent, want)
            }
            Err(_) => self.refuse(span, "this `vec!` cannot be read"),
        }
    }

    /// `array![[1.0, 2.0], [3.0, 4.0]]` of the `ndarray` crate.
    fn array_macro(&mut self, mac: &syn::Macro, want: &Ty, span: Span) -> Read<Val> {
        match mac.parse_body::<VecBody>() {
            Ok(VecBody::List(elements)) => {
                match self.array_literal(&elements.iter().collect::<Vec<_>>(), want, span)? {
                    Val::Array(array) => {
                        Ok(Val::Array(super::value::Array { family: super::value::Family::NdArray, ..array }))
                    }
                    _ => Err(Refused),
                }
            }
            _ => self.refuse(span, "this `array!` cannot be read"),
        }
    }
}

/// `a, b, c` or `x; n`.
enum VecBody {
    List(Vec<Expr>),
    Repeat(Box<(Expr, Expr)>),
}

impl Parse for VecBody {
    fn parse(input: ParseStream) -> syn::Result<VecBody> {
        if input.is_empty() {
            return Ok(VecBody::List(Vec::new()));
        }
        let first: Expr = input.parse()?;
        if input.peek(syn::Token![;]) {
            input.parse::<syn::Token![;]>()?;
            return Ok(VecBody::Repeat(Box::new((first, input.parse()?))));
        }
        let mut list = vec![first];
        if !input.is_empty() {
            input.parse::<syn::Token![,]>()?;
            list.extend(Punctuated::<Expr, syn::Token![,]>::parse_terminated(input)?);
        }
        Ok(VecBody::List(list))
    }
}
