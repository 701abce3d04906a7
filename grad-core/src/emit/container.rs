//! Containers at the two ends of a derivative: how a parameter is read, how a gradient is returned. One match
//! arm for each family.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::expression::{Binding, elem_type, emit, ident, tokens as expression};
use crate::ir::Elem;
use crate::ir::function::{Layer, Layout};
use crate::plan::program::{Buffer, Expr, Storage};

/// The owned type of a value.
pub fn owned_type(krate: &TokenStream, elem: Elem, layout: &Layout, extents: &[Expr]) -> TokenStream {
    let ty = elem_type(elem);
    match layout {
        Layout::Scalar => ty,
        Layout::Nested(layers) => {
            layers.iter().zip(extents).rev().fold(ty, |inner, (layer, extent)| match layer {
                Layer::Array => {
                    let extent = extent_in_type(krate, extent);
                    quote!([#inner; #extent])
                }
                Layer::Slice | Layer::Vec => quote!(::std::vec::Vec<#inner>),
            })
        }
        Layout::NdArray { rank } => {
            let name = ident(&format!("Array{rank}"));
            quote!(#krate::__private::ndarray::#name<#ty>)
        }
    }
}

fn extent_in_type(krate: &TokenStream, extent: &Expr) -> TokenStream {
    match extent {
        Expr::Symbol(text) if text.chars().all(|c| c.is_alphanumeric() || c == '_') => {
            expression(krate, extent)
        }
        Expr::Symbol(_) => {
            let extent = expression(krate, extent);
            quote!({ #extent })
        }
        _ => expression(krate, extent),
    }
}

/// The type of a cotangent: owned scalars, everything else borrowed.
pub fn cotangent_type(krate: &TokenStream, elem: Elem, layout: &Layout, extents: &[Expr]) -> TokenStream {
    match layout {
        Layout::Scalar => elem_type(elem),
        Layout::Nested(layers) if layers[0] != Layer::Array => {
            let inner = owned_type(krate, elem, &inner_layout(layers), &extents[1..]);
            quote!(&[#inner])
        }
        _ => {
            let ty = owned_type(krate, elem, layout, extents);
            quote!(&#ty)
        }
    }
}

fn inner_layout(layers: &[Layer]) -> Layout {
    if layers.len() == 1 { Layout::Scalar } else { Layout::Nested(layers[1..].to_vec()) }
}

/// The run-time extent of an axis of a parameter.
pub fn extent(name: &str, layout: &Layout, axis: usize) -> TokenStream {
    let name = ident(name);
    match layout {
        Layout::Scalar => quote!(0),
        Layout::NdArray { rank: 1 } => quote!(#name.len()),
        Layout::NdArray { rank: 2 } if axis == 0 => quote!(#name.nrows()),
        Layout::NdArray { rank: 2 } => quote!(#name.ncols()),
        Layout::NdArray { .. } => {
            let axis = proc_macro2::Literal::usize_unsuffixed(axis);
            quote!(#name.shape()[#axis])
        }
        Layout::Nested(_) => (0..axis).fold(quote!(#name.len()), |_, level| {
            let path =
                (0..level).fold(quote!(#name.first()), |inner, _| quote!(#inner.and_then(|row| row.first())));
            quote!(#path.map_or(0, |row| row.len()))
        }),
    }
}

/// Axes below the first whose extent is only known at run time: every row must have it.
pub fn ragged_axes(layout: &Layout) -> Vec<usize> {
    match layout {
        Layout::Nested(layers) => (1..layers.len()).filter(|&axis| layers[axis] != Layer::Array).collect(),
        _ => Vec::new(),
    }
}

/// Asserts that every row of a nested container has the same extent along an axis; the message has two places.
pub fn check_rows(name: &str, axis: usize, extent: &TokenStream, message: &str) -> TokenStream {
    let name = ident(name);
    let rows = (1..axis).fold(quote!(#name.iter()), |rows, _| quote!(#rows.flatten()));
    // Of the macro, so that a parameter may have the same name.
    let [row, expected] = ["row", "expected"].map(|name| Ident::new(name, Span::mixed_site()));
    quote! {{
        let #expected = #extent;
        for #row in #rows {
            ::core::assert!(#row.len() == #expected, #message, #row.len(), #expected);
        }
    }}
}

/// The statements that make a parameter readable: numbers by value, arrays of `ndarray` by flat indices.
pub fn open(
    krate: &TokenStream,
    name: &str,
    layout: &Layout,
    references: usize,
    extents: &[Expr],
) -> TokenStream {
    let name = ident(name);
    match layout {
        Layout::Scalar if references > 0 => {
            let value = (0..references).fold(quote!(#name), |inner, _| quote!(*#inner));
            quote!(let #name = #value;)
        }
        Layout::NdArray { rank: 1 } => {
            // The length as the loops know it, so that they need not check it.
            let length = emit(krate, &extents[0]).at_least(Binding::Or);
            quote! {
                let #name = &#name.as_standard_layout();
                let #name = &#name.as_slice().expect("the standard layout is contiguous")[..#length];
            }
        }
        Layout::NdArray { .. } => quote! {
            let #name = &#name.as_standard_layout();
            let #name = #name.as_slice().expect("the standard layout is contiguous");
        },
        // Whole arrays are copied from slices.
        Layout::Nested(layers) if references == 0 && layers[..] == [Layer::Vec] => {
            quote!(let #name = &#name[..];)
        }
        _ => quote!(),
    }
}

/// The type of the cotangent of a parameter behind `&mut`.
pub fn state_type(krate: &TokenStream, elem: Elem, layout: &Layout, extents: &[Expr]) -> TokenStream {
    match layout {
        Layout::Nested(layers) if layers[0] != Layer::Array => {
            let inner = owned_type(krate, elem, &inner_layout(layers), &extents[1..]);
            quote!(&mut [#inner])
        }
        _ => {
            let ty = owned_type(krate, elem, layout, extents);
            quote!(&mut #ty)
        }
    }
}

/// The statements that make what is behind a `&mut` readable under another name, so that it can be written at the
/// end. Elements of arrays and slices are read where they are.
pub fn open_state(name: &str, read: &str, layout: &Layout) -> TokenStream {
    let (name, read) = (ident(name), ident(read));
    match layout {
        Layout::Scalar => quote!(let #read = *#name;),
        Layout::NdArray { .. } => quote! {
            let #read: ::std::vec::Vec<_> = #name.iter().copied().collect();
        },
        Layout::Nested(_) => quote!(),
    }
}

pub fn write_number(name: &str, value: TokenStream) -> TokenStream {
    let name = ident(name);
    quote!(*#name = #value;)
}

/// The statement that writes a finished buffer behind a `&mut`.
pub fn write_back(krate: &TokenStream, name: &str, layout: &Layout, buffer: &Buffer) -> TokenStream {
    let (name, from) = (ident(name), ident(&buffer.name));
    match layout {
        Layout::Nested(layers) if layers.iter().all(|layer| *layer == Layer::Array) => {
            quote!(*#name = #from;)
        }
        Layout::Nested(layers) if layers[1..].iter().all(|layer| *layer == Layer::Array) => {
            quote!(#name.copy_from_slice(&#from);)
        }
        Layout::Nested(_) => quote!(#name.clone_from_slice(&#from);),
        _ => {
            let whole = close(krate, buffer, layout);
            quote!(#name.assign(&#whole);)
        }
    }
}

/// How the elements of a parameter are indexed once it has been opened.
pub fn storage(layout: &Layout) -> Storage {
    match layout {
        Layout::NdArray { .. } => Storage::Flat,
        _ => Storage::Nested,
    }
}

/// A finished buffer as the type that the caller gets.
pub fn close(krate: &TokenStream, buffer: &Buffer, layout: &Layout) -> TokenStream {
    let name = ident(&buffer.name);
    match layout {
        Layout::Scalar => quote!(#name),
        Layout::Nested(_) if buffer.literal && is_heap(layout) => quote!(#name.to_vec()),
        Layout::Nested(_) => quote!(#name),
        Layout::NdArray { rank: 1 } if buffer.literal => {
            quote!(#krate::__private::ndarray::Array1::from_vec(#name.to_vec()))
        }
        Layout::NdArray { rank: 1 } => quote!(#krate::__private::ndarray::Array1::from_vec(#name)),
        Layout::NdArray { rank } => {
            let array = ident(&format!("Array{rank}"));
            let dims = buffer.dims.iter().map(|d| emit(krate, d).at_least(Binding::Block));
            quote! {
                #krate::__private::ndarray::#array::from_shape_vec((#(#dims),*), #name)
                    .expect("the buffer has one element for each index")
            }
        }
    }
}

fn is_heap(layout: &Layout) -> bool {
    matches!(layout, Layout::Nested(layers) if layers[0] != Layer::Array)
}
