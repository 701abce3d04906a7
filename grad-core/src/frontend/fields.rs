//! Structs that derive `Params`: their fields, and what is said of them in `#[params(…)]`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Index, Member};

use super::messages;
use super::spans::Errors;
use crate::ir::function::{FieldName, Part, PartSet, TypeParam};

/// `Params` is implemented for tuples of so many.
const MOST: usize = 12;

/// Reads the item under `#[derive(Params)]`.
pub fn read_struct(item: TokenStream) -> Result<PartSet, Errors> {
    let input: DeriveInput = syn::parse2(item)?;
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(data) => return Err(only_structs(data.enum_token.span())),
        Data::Union(data) => return Err(only_structs(data.union_token.span())),
    };
    let mut errors = None;
    let krate = krate(&input, &mut errors);
    let mut parts = Vec::new();
    for (field, member) in fields.iter().zip(fields.members()) {
        if is_skipped(field, &mut errors) {
            continue;
        }
        if parts.len() == MOST {
            let message = format!("more than {MOST} parameters: gather some in structs of their own");
            push(&mut errors, syn::Error::new(field.span(), message));
            break;
        }
        parts.push(part(field, member));
    }
    if parts.is_empty() && errors.is_none() {
        let message = format!("`{}` has no parameters", input.ident);
        push(&mut errors, syn::Error::new(input.ident.span(), message));
    }
    if let Some(errors) = errors {
        return Err(errors.into());
    }
    let (generics, arguments, _) = input.generics.split_for_impl();
    let bounds = input.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let (leader, type_params) = type_params(&input, &parts);
    Ok(PartSet {
        krate,
        name: input.ident.to_token_stream(),
        generics: generics.to_token_stream(),
        arguments: arguments.to_token_stream(),
        bounds: bounds.map(|bound| bound.to_token_stream()).collect(),
        leader,
        type_params,
        parts,
    })
}

/// Which part leads, and the type parameters that occur in parts.
fn type_params(input: &DeriveInput, parts: &[Part]) -> (usize, Vec<TypeParam>) {
    let names = || input.generics.type_params().map(|param| &param.ident);
    let leader = parts.iter().position(|part| !names().any(|name| mentions(&part.ty, name))).unwrap_or(0);
    let used = names().filter(|name| parts.iter().any(|part| mentions(&part.ty, name)));
    let params = used
        .map(|name| TypeParam { name: name.to_token_stream(), in_leader: mentions(&parts[leader].ty, name) });
    (leader, params.collect())
}

/// Whether a name occurs among tokens.
fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(&group.stream(), name),
        _ => false,
    })
}

fn only_structs(span: Span) -> Errors {
    syn::Error::new(span, "`Params` is for structs: what has no fixed parts has no fixed gradient").into()
}

fn part(field: &Field, member: Member) -> Part {
    let span = field.ty.span();
    let (name, member) = match member {
        Member::Named(name) => (FieldName::Name(name.unraw().to_string()), name.to_token_stream()),
        // Nobody wrote the number: errors belong to the type.
        Member::Unnamed(Index { index, .. }) => {
            (FieldName::Number(index as usize), Index { index, span }.to_token_stream())
        }
    };
    Part { name, member, ty: field.ty.to_token_stream(), span }
}

/// `#[params(crate = path)]` of the struct.
fn krate(input: &DeriveInput, errors: &mut Option<syn::Error>) -> TokenStream {
    let mut krate = None;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("params")) {
        let result = attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(unknown(&meta.path, "crate"));
            }
            let path: syn::Path = meta.value()?.parse()?;
            match krate.replace(quote!(#path)) {
                Some(_) => Err(meta.error("`crate` is given twice")),
                None => Ok(()),
            }
        });
        result.unwrap_or_else(|error| push(errors, error));
    }
    krate.unwrap_or_else(|| quote!(::grad))
}

/// Whether a field is under `#[params(skip)]`.
fn is_skipped(field: &Field, errors: &mut Option<syn::Error>) -> bool {
    let mut skipped = false;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("params")) {
        let result = attribute.parse_nested_meta(|meta| {
            skipped = true;
            if meta.path.is_ident("skip") { Ok(()) } else { Err(unknown(&meta.path, "skip")) }
        });
        result.unwrap_or_else(|error| push(errors, error));
    }
    skipped
}

fn unknown(path: &syn::Path, known: &str) -> syn::Error {
    let name = path.to_token_stream().to_string();
    syn::Error::new(path.span(), messages::unknown("argument of `#[params]`", &name, [known]))
}

fn push(errors: &mut Option<syn::Error>, error: syn::Error) {
    match errors {
        Some(first) => first.combine(error),
        None => *errors = Some(error),
    }
}
