//! The pipeline of `#[grad]`, told as prose.
//!
//! [`frontend`] reads a function into a graph ([`ir`]); [`passes`] and [`rules`] bring the graph into the form
//! in which equal things are one thing and nothing loses digits; [`differentiate`] adds the derivative to it;
//! [`plan`] decides what is computed where; [`emit`] writes that down. [`traced`] is the same road for a derivative that
//! also reports of what the function names. [`eval`] interprets a graph: it is the
//! oracle of the tests.

mod assemble;
pub mod diagnostic;
pub mod differentiate;
mod document;
mod emit;
pub mod eval;
pub mod frontend;
pub mod ir;
pub mod passes;
pub mod pipeline;
pub mod plan;
pub mod report;
pub mod rules;
pub mod traced;

use proc_macro2::TokenStream;
use quote::quote;

use pipeline::Reverse;

/// Expands `#[grad(attr)] item`: the item as it stands, then its derivatives or what is wrong with it.
///
/// A function that is written for its derivatives need not be called: the derivatives are what may be unused.
pub fn grad(attr: TokenStream, item: TokenStream) -> TokenStream {
    let attempt = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| derive(attr, item.clone())));
    let item = frontend::without_checkpoints(item);
    match attempt {
        Ok(Ok(derivatives)) => quote!(#[allow(dead_code)] #item #derivatives),
        Ok(Err(errors)) => {
            let errors = errors.to_compile_error();
            quote!(#item #errors)
        }
        // Whatever goes wrong here, the user's function is there.
        Err(_) => quote!(#item ::core::compile_error!(
            "#[grad] failed on this function: that is a bug of grad-rs, please report it with the function"
        );),
    }
}

/// The derivatives of a function alone.
pub fn derive(attr: TokenStream, item: TokenStream) -> Result<TokenStream, frontend::Errors> {
    let frontend::Reading { function, spans } = frontend::read(attr.clone(), item.clone())?;
    let request = function.request.clone();
    let mut prepared = pipeline::prepare(function)
        .map_err(|diagnostics| spans.errors(&diagnostics).expect("a stage that refuses says why"))?;
    let mut items = TokenStream::new();
    if request.grad {
        items.extend(pipeline::write_reverse(&mut prepared, Reverse::Grad));
    }
    if request.vjp {
        items.extend(pipeline::write_reverse(&mut prepared, Reverse::Vjp));
    }
    if request.trace {
        items.extend(derive_traced(attr, item)?);
    }
    Ok(items)
}

/// The derivative that reports of what the function names. It is read once more: the other derivatives must be the same
/// with it and without it.
fn derive_traced(attr: TokenStream, item: TokenStream) -> Result<TokenStream, frontend::Errors> {
    let frontend::Reading { function, spans } = frontend::read_traced(attr, item)?;
    pipeline::write_traced(function)
        .map_err(|diagnostics| spans.errors(&diagnostics).expect("a stage that refuses says why"))
}

/// Expands `#[derive(Params)] item`: the implementation, or what is wrong.
pub fn params(item: TokenStream) -> TokenStream {
    match frontend::read_struct(item) {
        Ok(set) => emit::params(&set),
        Err(errors) => errors.to_compile_error(),
    }
}
