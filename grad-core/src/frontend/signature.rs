//! The signature: parameters, the declared result, and what the generated functions repeat of it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, ItemFn, Pat, ReturnType};

use super::attribute::{Known, Options, Shape};
use super::given::Origin;
use super::place::Place;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::{ArrayTy, Ty};
use super::value::{Array, Family, Val};
use crate::ir::function::{Layout, Param, Signature};
use crate::ir::{Elem, Float, NodeId, Op};

/// Who says that two extents are equal.
const SHAPE: &str = "`shape(…)` says";

/// Every identifier in the tokens, sorted.
pub fn identifiers(tokens: TokenStream) -> Vec<String> {
    fn collect(tokens: TokenStream, found: &mut Vec<String>) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => found.push(ident.to_string()),
                TokenTree::Group(group) => collect(group.stream(), found),
                TokenTree::Literal(literal) => {
                    // The suffix of a literal mentions a type.
                    let text = literal.to_string();
                    found.extend(["f32", "f64"].iter().filter(|s| text.ends_with(*s)).map(|s| s.to_string()));
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found.sort();
    found.dedup();
    found
}

/// The type of unsuffixed literals, where one float type only is mentioned.
pub fn literal_type(identifiers: &[String]) -> Float {
    let mentions = |name: &str| identifiers.iter().any(|ident| ident == name);
    match (mentions("f32"), mentions("f64")) {
        (true, true) => Float::Open,
        (true, false) => Float::F32,
        _ => Float::F64,
    }
}

/// `name`, or with a number behind it if that is taken.
fn invent(name: &str, taken: &mut Vec<String>) -> String {
    let numbered = |k: usize| if k == 0 { name.to_string() } else { format!("{name}_{k}") };
    let fresh = (0..).map(numbered).find(|name| !taken.contains(name)).unwrap_or_default();
    taken.push(fresh.clone());
    fresh
}

impl Reader {
    /// What cannot be part of a signature.
    pub fn check_signature(&mut self, item: &ItemFn) -> Read<()> {
        let sig = &item.sig;
        let before = self.diagnostics.len();
        let mut refuse = |span: Span, message: &str| {
            let _: Read<()> = self.refuse(span, message);
        };
        if let Some(token) = &sig.asyncness {
            refuse(token.span, "an `async` function cannot be differentiated: make it an ordinary function");
        }
        if let syn::Safety::Unsafe(token) = &sig.safety {
            refuse(token.span, "an `unsafe` function cannot be differentiated: make it safe");
        }
        if let Some(abi) = &sig.abi {
            refuse(
                abi.extern_token.span,
                "an `extern` function cannot be differentiated: wrap an ordinary function",
            );
        }
        if let Some(variadic) = &sig.variadic {
            refuse(variadic.dots.spans[0], "a function with `...` cannot be differentiated");
        }
        for param in &sig.generics.params {
            if let GenericParam::Type(param) = param {
                let message = "type parameters cannot be differentiated yet: write `f64` or `f32`";
                refuse(param.ident.span(), message);
            }
        }
        if let Some(receiver) = sig.receiver().filter(|r| changes_self(r)) {
            refuse(
                receiver.self_token.span,
                "`&mut self` cannot be differentiated: take what changes as a `&mut` parameter",
            );
        }
        if self.diagnostics.len() > before { Err(Refused) } else { Ok(()) }
    }

    /// Makes the const generics known.
    pub fn read_generics(&mut self, generics: &syn::Generics) -> Read<()> {
        for param in &generics.params {
            if let GenericParam::Const(param) = param {
                let name = param.ident.to_string();
                let Ty::Scalar(elem) = self.ty(&param.ty)? else {
                    return self.refuse(param.ident.span(), "this const parameter cannot be read");
                };
                let node = self.graph.symbol_node(&name, elem);
                self.scopes.bind(&name, Val::Scalar(node));
            }
        }
        Ok(())
    }

    /// Reads the parameters, binds their names, and gives them as they are to be repeated.
    pub fn read_params(
        &mut self,
        item: &ItemFn,
        options: &Options,
        taken: &mut Vec<String>,
    ) -> Read<(Vec<Param>, Vec<TokenStream>)> {
        let mut params = Vec::new();
        let mut inputs = Vec::new();
        let mut refused = false;
        for argument in &item.sig.inputs {
            let FnArg::Typed(argument) = argument else {
                // The fields of `self` are constants.
                self.scopes.bind("self", Val::Constant("self".into()));
                inputs.push(argument.to_token_stream());
                continue;
            };
            match self.read_param(argument, params.len() as u32, options, taken) {
                Ok((param, input)) => {
                    params.extend(param);
                    params.append(&mut self.hidden);
                    inputs.push(input);
                }
                Err(Refused) => {
                    self.bind_poison(&argument.pat);
                    refused = true;
                }
            }
        }
        if refused {
            return Err(Refused);
        }
        self.choose_active(&mut params, options)?;
        if let Some(param) = params.iter().find(|param| param.active && param.source.is_some()) {
            return self.refuse(self.spans.span(param.origin), super::given::ACTIVE);
        }
        self.hidden_from = params.len() as u32;
        self.name_extents(&params, &options.shapes)?;
        Ok((params, inputs))
    }

    fn read_param(
        &mut self,
        argument: &syn::PatType,
        number: u32,
        options: &Options,
        taken: &mut Vec<String>,
    ) -> Read<(Option<Param>, TokenStream)> {
        let span = argument.pat.span();
        self.check_attributes(&argument.attrs)?;
        let ty = self.ty(&argument.ty)?;
        let mutable = mutable_reference(&argument.ty).is_some();
        self.graph.origin = self.spans.origin(span);
        if !mutable && matches!(ty, Ty::Tuple(_) | Ty::Many(..) | Ty::Option(_)) {
            return self.read_parts(argument, &ty, number, options, taken);
        }
        let (node, layout) = self.param_node(number, &ty, argument.ty.span())?;
        let value = match &layout {
            Layout::Scalar => Val::Scalar(node),
            Layout::Nested(_) => Array::nested(node),
            Layout::NdArray { .. } => Array::ndarray(node),
        };
        let name = match &*argument.pat {
            Pat::Ident(ident) if ident.subpat.is_none() => ident.ident.to_string(),
            Pat::Wild(_) => invent("_unused", taken),
            _ => invent("input", taken),
        };
        self.bind(&argument.pat, value)?;
        if let Some(id) = self.scopes.resolve(&name).filter(|_| mutable) {
            self.states.push((number as usize, id));
            // It is a reference: what is handed on, or iterated over, is what it refers to.
            let place = Place { root: id, steps: Vec::new() };
            self.scopes.bind(&name, Val::Place(place.into()));
        }
        // The body is written from names: a parameter that comes from a `macro_rules!` has to be visible to it.
        let ident = proc_macro2::Ident::new_raw_if_needed(&name, span.resolved_at(Span::call_site()));
        let ty = &argument.ty;
        let is_float = self.graph.elem(node).is_float();
        let active = is_float && !name.starts_with('_') && !options.skip.iter().any(|skip| *skip == name);
        let references = references(ty);
        let origin = self.graph.origin;
        let param =
            Param { name, node, layout, references, active, mutable, last: None, origin, source: None };
        Ok((Some(param), quote!(#ident: #ty)))
    }

    /// A parameter of which the graph knows the parts only.
    fn read_parts(
        &mut self,
        argument: &syn::PatType,
        ty: &Ty,
        number: u32,
        options: &Options,
        taken: &mut Vec<String>,
    ) -> Read<(Option<Param>, TokenStream)> {
        let span = argument.pat.span();
        let name = match &*argument.pat {
            Pat::Ident(ident) if ident.subpat.is_none() => ident.ident.to_string(),
            _ => invent("input", taken),
        };
        self.taken = taken.clone();
        self.hidden_from = number;
        let from =
            Origin { owner: Some(&name), name: name.clone(), text: name.clone(), span: argument.ty.span() };
        let Some(value) = self.given(ty, &from)? else {
            return self.refuse(
                argument.ty.span(),
                "parameters have to be numbers, arrays, slices, `Vec`s, the arrays of the `ndarray` crate, or tuples of numbers",
            );
        };
        taken.clone_from(&self.taken);
        for param in self.hidden.iter_mut().filter(|_| options.skip.iter().any(|skip| *skip == name)) {
            param.active = false;
        }
        self.bind(&argument.pat, value)?;
        let ident = proc_macro2::Ident::new_raw_if_needed(&name, span.resolved_at(Span::call_site()));
        let ty = &argument.ty;
        Ok((None, quote!(#ident: #ty)))
    }

    fn param_node(&mut self, number: u32, ty: &Ty, span: Span) -> Read<(NodeId, Layout)> {
        match ty {
            Ty::Scalar(elem) => Ok((self.graph.add(Op::Param(number, *elem), &[]), Layout::Scalar)),
            Ty::Array(ArrayTy { layout, elem: Some(elem), extents }) => {
                let extents: Vec<NodeId> = extents
                    .iter()
                    .enumerate()
                    .map(|(axis, extent)| {
                        let axis = axis as u32;
                        extent.unwrap_or_else(|| self.graph.add(Op::Extent { param: number, axis }, &[]))
                    })
                    .collect();
                Ok((self.graph.add(Op::Param(number, *elem), &extents), layout.clone()))
            }
            Ty::Tuple(_) | Ty::Many(..) => {
                self.refuse(span, "tuples cannot be changed in place yet: pass each part as a parameter")
            }
            _ => self.refuse(
                span,
                "parameters have to be numbers, arrays, slices, `Vec`s or the arrays of the `ndarray` crate",
            ),
        }
    }

    /// What the parameters behind `&mut` hold at the end of the function.
    pub fn read_states(&mut self, params: &mut [Param]) -> Read<()> {
        for (number, id) in std::mem::take(&mut self.states) {
            let param = &mut params[number];
            let span = self.spans.span(param.origin);
            let node = match self.scopes.held(id).clone() {
                Val::Array(array) => {
                    let node = self.array_node(&array);
                    self.same_shape(param.node, node, "a parameter behind `&mut` needs", span)?;
                    node
                }
                value => self.scalar_like(value, self.graph.elem(param.node), span)?,
            };
            let node = self.graph.close(node, self.graph.elem(param.node));
            param.last = (node != param.node).then_some(node);
        }
        Ok(())
    }

    /// Which gradients are asked for, by `wrt(…)` and `skip(…)`.
    fn choose_active(&mut self, params: &mut [Param], options: &Options) -> Read<()> {
        let mut refused = false;
        for name in options.wrt.iter().flatten().chain(&options.skip) {
            if !params.iter().any(|param| *name == param.given_as()) {
                let names: Vec<&str> = params.iter().map(|param| param.given_as()).collect();
                let message = super::messages::unknown("parameter", &name.to_string(), names);
                refused |= self.refuse::<()>(name.span(), message).is_err();
            }
        }
        if let Some(wrt) = &options.wrt {
            for param in params.iter_mut() {
                let asked = wrt.iter().find(|name| **name == param.given_as());
                param.active = asked.is_some() && !options.skip.iter().any(|skip| *skip == param.given_as());
                if let Some(name) = asked.filter(|_| !self.graph.elem(param.node).is_float()) {
                    let message = format!("`{name}` holds no floats: it has no gradient");
                    refused |= self.refuse::<()>(name.span(), message).is_err();
                }
            }
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// Gives extents the names of `shape(…)`.
    fn name_extents(&mut self, params: &[Param], shapes: &[Shape]) -> Read<()> {
        let mut named: Vec<(String, NodeId)> = Vec::new();
        for shape in shapes {
            let span = shape.param.span();
            let Some(param) = params.iter().find(|param| shape.param == param.name) else {
                let names: Vec<&str> = params.iter().map(|param| param.name.as_str()).collect();
                let message = super::messages::unknown("parameter", &shape.param.to_string(), names);
                return self.refuse(span, message);
            };
            let extents = self.graph.ty(param.node).shape.clone();
            if extents.len() != shape.extents.len() {
                let message = format!(
                    "`{}` has {}, but {} are named",
                    shape.param,
                    super::messages::count(extents.len(), "axis"),
                    shape.extents.len()
                );
                return self.refuse(span, message);
            }
            for (extent, named_extent) in extents.into_iter().zip(&shape.extents) {
                let origin = self.spans.origin(named_extent.span);
                let name = match &named_extent.known {
                    Known::Nothing => continue,
                    Known::Literal(value) => {
                        if let Some(own) = self.graph.as_int(extent).filter(|own| *own != *value as i128) {
                            return self
                                .refuse(named_extent.span, format!("this extent is {own}, not {value}"));
                        }
                        self.graph.origin = origin;
                        let literal = self.graph.usize(*value);
                        self.same_extent(extent, literal, SHAPE, named_extent.span)?;
                        continue;
                    }
                    Known::Name(name) => name,
                };
                self.extents.name(extent, name, origin);
                match named.iter().find(|(other, _)| other == name) {
                    Some((_, first)) => {
                        let first = *first;
                        self.same_extent(first, extent, SHAPE, named_extent.span)?;
                    }
                    None => named.push((name.clone(), extent)),
                }
            }
        }
        Ok(())
    }

    /// The declared result.
    pub fn read_return(&mut self, item: &ItemFn) -> Read<Ty> {
        let changes = |argument: &FnArg| matches!(argument, FnArg::Typed(typed) if mutable_reference(&typed.ty).is_some());
        let ReturnType::Type(_, ty) = &item.sig.output else {
            if item.sig.inputs.iter().any(changes) {
                return Ok(Ty::Unit);
            }
            return self.refuse(item.sig.ident.span(), "this function returns nothing to differentiate: return a number, an array, or a tuple of these, or change what is behind a `&mut`");
        };
        if let syn::Type::Reference(reference) = &**ty {
            return self.refuse(
                reference.and_token.span,
                "a reference cannot be differentiated: return an owned value",
            );
        }
        let read = self.ty(ty)?;
        if is_opaque(&read) {
            return self.refuse(
                ty.span(),
                "the result has to be a number, an array, slice or `Vec` of numbers, an array of the `ndarray` crate, \
                 or a tuple of these",
            );
        }
        if !has_float(&read) {
            return self.refuse(
                ty.span(),
                "the result holds no floats, so there is nothing to differentiate: return `f64` or `f32`",
            );
        }
        Ok(read)
    }

    /// What the generated functions repeat.
    pub fn signature(
        item: &ItemFn,
        options: &Options,
        inputs: Vec<TokenStream>,
        taken: Vec<String>,
    ) -> Signature {
        let name = item.sig.ident.to_string();
        let attributes = item.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
        let output = match &item.sig.output {
            ReturnType::Type(_, ty) => ty.to_token_stream(),
            ReturnType::Default => TokenStream::new(),
        };
        Signature {
            stem: options.stem.as_ref().map_or(name.clone(), |stem| stem.to_string()),
            is_method: item.sig.receiver().is_some(),
            name,
            attributes: quote!(#(#attributes)*),
            visibility: item.vis.to_token_stream(),
            generics: item.sig.generics.to_token_stream(),
            where_clause: item.sig.generics.where_clause.to_token_stream(),
            inputs,
            output,
            krate: options.krate(),
            taken,
            items: TokenStream::new(),
        }
    }
}

/// Creates identifiers that may be keywords written raw by the user.
trait RawIdent {
    fn new_raw_if_needed(name: &str, span: Span) -> proc_macro2::Ident;
}

impl RawIdent for proc_macro2::Ident {
    fn new_raw_if_needed(name: &str, span: Span) -> proc_macro2::Ident {
        match name.strip_prefix("r#") {
            Some(raw) => proc_macro2::Ident::new_raw(raw, span),
            None => proc_macro2::Ident::new(name, span),
        }
    }
}

fn has_float(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(parts) => parts.iter().any(has_float),
        ty => ty.elem().is_some_and(Elem::is_float),
    }
}

fn is_opaque(ty: &Ty) -> bool {
    match ty {
        Ty::Tuple(parts) => parts.iter().any(is_opaque),
        Ty::Array(array) => array.elem.is_none(),
        ty => matches!(ty, Ty::Opaque | Ty::Infer | Ty::Many(..) | Ty::Option(_)),
    }
}

/// How many `&` stand before a type.
fn references(ty: &syn::Type) -> usize {
    match ty {
        syn::Type::Reference(reference) => 1 + references(&reference.elem),
        syn::Type::Paren(inner) => references(&inner.elem),
        syn::Type::Group(inner) => references(&inner.elem),
        _ => 0,
    }
}

fn changes_self(receiver: &syn::Receiver) -> bool {
    matches!(receiver.kind, syn::ReceiverKind::Reference(_, _, Some(_)))
}

/// The `mut` of `&mut T`.
fn mutable_reference(ty: &syn::Type) -> Option<Span> {
    match ty {
        syn::Type::Reference(reference) => {
            reference.mutability.map(|token| token.span).or_else(|| mutable_reference(&reference.elem))
        }
        _ => None,
    }
}

/// The family that a layout belongs to.
pub fn family(layout: &Layout) -> Family {
    match layout {
        Layout::NdArray { .. } => Family::NdArray,
        _ => Family::Nested,
    }
}
