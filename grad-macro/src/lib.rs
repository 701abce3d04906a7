//! The macros of grad-rs: one call each into `grad-core`. The documentation is that of the `grad` crate.

use proc_macro::TokenStream;

/// Writes the derivatives of a function beside it. See the documentation of the `grad` crate.
#[proc_macro_attribute]
pub fn grad(attr: TokenStream, item: TokenStream) -> TokenStream {
    grad_core::grad(attr.into(), item.into()).into()
}

/// Makes a struct a set of parameters. See `grad::optim::Params`.
#[proc_macro_derive(Params, attributes(params))]
pub fn params(item: TokenStream) -> TokenStream {
    grad_core::params(item.into()).into()
}
