//! `impl Params for …`: every method goes through the parts.

use proc_macro2::{Group, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::ir::function::{FieldName, Part, PartSet, TypeParam};

/// The implementation of `grad::optim::Params` for a struct.
pub fn params(set: &PartSet) -> TokenStream {
    let PartSet { krate, name, generics, arguments, bounds, parts, .. } = set;
    let params = quote!(#krate::optim::Params);
    let optim = quote!(#krate::optim);
    let leader = &parts[set.leader].ty;
    let elem = quote!(<#leader as #params>::Elem);
    // Bounds on types without parameters would be in the way of what the compiler knows of them.
    let own_bounds = set.type_params.iter().map(|TypeParam { name, in_leader }| {
        if *in_leader { quote!(#name: #params) } else { quote!(#name: #params<Elem = #elem>) }
    });
    let gradient = gradient(&params, parts);
    let each = |call: fn(&TokenStream, &TokenStream, &TokenStream) -> TokenStream| -> TokenStream {
        let calls = parts.iter().enumerate().map(|(i, part)| {
            let path = path(part);
            let (member, gradient) = (&part.member, of_gradient(parts, i));
            let call = call(member, &gradient, &path);
            respan(&quote!(#params::#call), part.span)
        });
        quote!(#(#calls)*)
    };
    let runs = each(|member, _, _| quote!(runs(&self.#member, f);));
    let runs_mut = each(|member, _, _| quote!(runs_mut(&mut self.#member, f);));
    let runs_with = each(|member, gradient, _| quote!(runs_with(&mut self.#member, #gradient, f);));
    let matches = each(|member, gradient, path| quote!(matches(&self.#member, #gradient, &#path)?;));
    let places = places(&params, parts);
    quote! {
        #[automatically_derived]
        impl #generics #params for #name #arguments
        where
            #(#bounds,)*
            #(#own_bounds,)*
        {
            type Elem = #elem;
            type Gradient = #gradient;

            fn runs(&self, f: &mut impl ::core::ops::FnMut(&[Self::Elem])) {
                #runs
            }
            fn runs_mut(&mut self, f: &mut impl ::core::ops::FnMut(&mut [Self::Elem])) {
                #runs_mut
            }
            fn runs_with(
                &mut self,
                gradient: &Self::Gradient,
                f: &mut impl ::core::ops::FnMut(&mut [Self::Elem], &[Self::Elem]),
            ) {
                #runs_with
            }
            fn matches(
                &self,
                gradient: &Self::Gradient,
                path: &#optim::Path<'_>,
            ) -> ::core::result::Result<(), #optim::Mismatch> {
                #matches
                ::core::result::Result::Ok(())
            }
            fn place(&self, index: usize, path: &#optim::Path<'_>) -> ::std::string::String {
                #places
            }
        }
    }
}

/// As `#[grad]` returns it: a tuple, or the one.
fn gradient(params: &TokenStream, parts: &[Part]) -> TokenStream {
    let mut gradients = parts.iter().map(|Part { ty, span, .. }| {
        let params = respan(params, *span);
        quote_spanned!(*span=> <#ty as #params>::Gradient)
    });
    match parts {
        [_] => gradients.next().expect("there is one"),
        _ => quote!((#(#gradients),*)),
    }
}

/// What belongs to a part in `gradient`.
fn of_gradient(parts: &[Part], i: usize) -> TokenStream {
    match parts {
        [_] => quote!(gradient),
        _ => {
            let i = Literal::usize_unsuffixed(i);
            quote!(&gradient.#i)
        }
    }
}

/// The same tokens at another place: what is wrong with a field is reported there.
fn respan(tokens: &TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.clone().into_iter();
    let moved = tokens.map(|token| {
        let mut token = match token {
            TokenTree::Group(group) => Group::new(group.delimiter(), respan(&group.stream(), span)).into(),
            token => token,
        };
        token.set_span(span);
        token
    });
    moved.collect()
}

fn path(part: &Part) -> TokenStream {
    match &part.name {
        FieldName::Name(name) => quote!(path.field(#name)),
        FieldName::Number(number) => quote!(path.part(#number)),
    }
}

/// The part that the element is in says where.
fn places(params: &TokenStream, parts: &[Part]) -> TokenStream {
    let (last, others) = parts.split_last().expect("there is a part");
    let others = others.iter().map(|part| {
        let (member, path) = (&part.member, path(part));
        quote! {
            let count = #params::count(&self.#member);
            if index < count {
                return #params::place(&self.#member, index, &#path);
            }
            let index = index - count;
        }
    });
    let (member, path) = (&last.member, path(last));
    quote! {
        #(#others)*
        #params::place(&self.#member, index, &#path)
    }
}
