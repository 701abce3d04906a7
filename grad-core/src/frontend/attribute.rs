//! The arguments of `#[grad(…)]`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Token, parenthesized};

use super::spans::Errors;
use crate::ir::function::Request;

/// What the user asks for.
#[derive(Default)]
pub struct Options {
    pub request: Request,
    /// `wrt(…)`: these parameters alone.
    pub wrt: Option<Vec<Ident>>,
    /// `skip(…)`: not these.
    pub skip: Vec<Ident>,
    pub shapes: Vec<Shape>,
    /// `name = stem`.
    pub stem: Option<Ident>,
    /// `crate = path`.
    pub krate: Option<TokenStream>,
    /// Where `grad` is asked for by name.
    pub grad_span: Option<Span>,
    /// Where `trace` is asked for.
    pub trace_span: Option<Span>,
}

/// `x: [rows, columns]` in `shape(…)`.
pub struct Shape {
    pub param: Ident,
    pub extents: Vec<Extent>,
}

/// What is said of an extent: nothing (`_`), a name, its value.
pub enum Known {
    Nothing,
    Name(String),
    Literal(usize),
}

pub struct Extent {
    pub known: Known,
    pub span: Span,
}

impl Options {
    /// The path of the crate in generated code.
    pub fn krate(&self) -> TokenStream {
        self.krate.clone().unwrap_or_else(|| quote!(::grad))
    }
}

const KEYS: [&str; 10] =
    ["wrt", "skip", "shape", "name", "crate", "exact", "fast_math", "grad", "vjp", "trace"];

/// Reads the arguments. Several mistakes are all reported.
pub fn parse_attribute(attr: TokenStream) -> Result<Options, Errors> {
    let entries = Punctuated::<Entry, Token![,]>::parse_terminated.parse2(attr)?;
    let mut options = Options::default();
    let mut seen: Vec<String> = Vec::new();
    let mut errors: Option<syn::Error> = None;
    for entry in entries {
        let key = entry.key.unraw().to_string();
        let result = if seen.contains(&key) {
            Err(syn::Error::new(entry.key.span(), format!("`{key}` is given twice")))
        } else {
            options.set(&key, entry)
        };
        seen.push(key);
        if let Err(error) = result {
            match &mut errors {
                Some(first) => first.combine(error),
                None => errors = Some(error),
            }
        }
    }
    match errors {
        Some(errors) => Err(errors.into()),
        None => Ok(options),
    }
}

/// `key`, `key = value` or `key(…)`.
struct Entry {
    key: Ident,
    value: Value,
}

enum Value {
    None,
    Path(syn::Path),
    List(TokenStream),
    Other,
}

impl Parse for Entry {
    fn parse(input: ParseStream) -> syn::Result<Entry> {
        let key = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            match input.parse()? {
                syn::Expr::Path(path) if path.qself.is_none() => Value::Path(path.path),
                _ => Value::Other,
            }
        } else if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::None
        };
        Ok(Entry { key, value })
    }
}

impl Options {
    fn set(&mut self, key: &str, Entry { key: ident, value }: Entry) -> syn::Result<()> {
        let request = &mut self.request;
        let flag = match key {
            "exact" => Some(&mut request.exact),
            "fast_math" => Some(&mut request.fast_math),
            "grad" => Some(&mut request.grad),
            "vjp" => Some(&mut request.vjp),
            "trace" => Some(&mut request.trace),
            _ => None,
        };
        let fail = |message: String| Err(syn::Error::new(ident.span(), message));
        match key {
            "grad" => self.grad_span = Some(ident.span()),
            "trace" => self.trace_span = Some(ident.span()),
            _ => {}
        }
        match (flag, key, value) {
            (Some(flag), _, Value::None) => *flag = true,
            (Some(_), ..) => return fail(format!("`{key}` takes no value: write `#[grad({key})]`")),
            (_, "wrt", Value::List(list)) if !list.is_empty() => self.wrt = Some(names(list)?),
            (_, "skip", Value::List(list)) => self.skip = names(list)?,
            (_, "wrt" | "skip", _) => {
                return fail(format!("`{key}` takes parameters: write `{key}(x, y)`"));
            }
            (_, "shape", Value::List(list)) => {
                let shapes = Punctuated::<Shape, Token![,]>::parse_terminated.parse2(list)?;
                self.shapes = shapes.into_iter().collect();
            }
            (_, "shape", _) => return fail("write `shape(x: [rows, columns])`".to_string()),
            (_, "name", Value::Path(path)) => match path.get_ident() {
                Some(stem) => self.stem = Some(stem.clone()),
                None => return fail("`name` takes an identifier: write `name = stem`".to_string()),
            },
            (_, "crate", Value::Path(path)) => self.krate = Some(quote!(#path)),
            (_, "name", _) => return fail("write `name = stem`".to_string()),
            (_, "crate", _) => return fail("write `crate = path`".to_string()),
            (_, "checkpoint", _) => {
                return fail("`checkpoint` is for loops: put `#[grad(checkpoint)]` on the `for`".to_string());
            }
            (_, "jvp" | "hvp" | "jacobian" | "hessian", _) => {
                return fail(format!("`{key}` cannot be written yet: `grad` and `vjp` can"));
            }
            _ => return fail(super::messages::unknown("argument of `#[grad]`", key, KEYS)),
        }
        if self.request.exact && self.request.fast_math {
            return fail("`exact` and `fast_math` exclude each other".to_string());
        }
        Ok(())
    }
}

fn names(list: TokenStream) -> syn::Result<Vec<Ident>> {
    Ok(Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list)?.into_iter().collect())
}

impl Parse for Shape {
    fn parse(input: ParseStream) -> syn::Result<Shape> {
        let param = input.parse()?;
        input.parse::<Token![:]>()?;
        let content;
        syn::bracketed!(content in input);
        let extents = Punctuated::<Extent, Token![,]>::parse_terminated(&content)?;
        Ok(Shape { param, extents: extents.into_iter().collect() })
    }
}

impl Parse for Extent {
    fn parse(input: ParseStream) -> syn::Result<Extent> {
        if input.peek(syn::LitInt) {
            let literal: syn::LitInt = input.parse()?;
            return Ok(Extent { known: Known::Literal(literal.base10_parse()?), span: literal.span() });
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error("an extent is a name, an integer, or `_` if nothing is known of it"));
        }
        let ident = Ident::parse_any(input)?;
        let known = if ident == "_" { Known::Nothing } else { Known::Name(ident.to_string()) };
        Ok(Extent { known, span: ident.span() })
    }
}
