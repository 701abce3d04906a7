//! From Rust to the graph: the only part that knows `syn` and spans.
//!
//! The body is evaluated symbolically, straight from its syntax tree, by the [`reader::Reader`]. What cannot
//! be differentiated is refused at its token, and reading goes on so that one pass reports all mistakes.

mod adapter;
mod apart;
mod assertion;
mod assign;
mod assigned;
mod attribute;
mod call;
mod carried;
mod checkpoint;
mod choice;
mod constant;
mod construct;
mod consume;
mod control;
mod count;
mod cursor;
mod derived;
mod expr;
mod extents;
mod fields;
mod flow;
mod fold;
mod given;
mod grow;
mod heads;
mod index;
mod items;
mod iterator;
mod lengths;
mod literal;
mod looping;
mod macros;
mod messages;
mod method;
mod ndarray;
mod nn;
mod number;
mod operator;
mod option;
mod order;
mod output;
mod pattern;
mod place;
mod raise;
mod reader;
mod record;
mod scope;
mod search;
mod sequence;
mod signature;
mod spans;
mod template;
mod trace;
mod types;
mod value;
mod version;
mod watched;
mod window;

use proc_macro2::TokenStream;
use syn::ItemFn;

use crate::ir::function::{Function, Signature};
pub use attribute::{Options, parse_attribute};
pub use checkpoint::without_checkpoints;
pub use fields::read_struct;
use flow::Exit;
pub use nn::names as library_functions;
use reader::Reader;
use spans::Read;
pub use spans::{Errors, Spans};
use trace::Tracer;

/// A function that has been read, with the spans that its origins stand for.
pub struct Reading {
    pub function: Function,
    pub spans: Spans,
}

/// Reads `#[grad(attr)] item`.
pub fn read(attr: TokenStream, item: TokenStream) -> Result<Reading, Errors> {
    read_as(attr, item, None)
}

/// As [`read`], for a derivative that reports of what the user has named.
pub fn read_traced(attr: TokenStream, item: TokenStream) -> Result<Reading, Errors> {
    read_as(attr, item, Some(Tracer::default()))
}

fn read_as(attr: TokenStream, item: TokenStream, tracer: Option<Tracer>) -> Result<Reading, Errors> {
    let options = parse_attribute(attr);
    let identifiers = signature::identifiers(item.clone());
    let misplaced = checkpoint::misplaced(item.clone());
    let item = function(item)?;
    let options = options?;
    if let Some(error) = misplaced {
        return Err(error.into());
    }
    let literal = signature::literal_type(&identifiers);
    let mut reader = Reader::new(&item.sig.ident, literal);
    reader.tracer = tracer;
    match read_function(&mut reader, &item, &options, identifiers) {
        Ok(function) if reader.diagnostics.is_empty() => {
            let graph = std::mem::take(&mut reader.graph);
            Ok(Reading { function: Function { graph, ..function }, spans: reader.spans })
        }
        _ => Err(reader.spans.errors(&reader.diagnostics).unwrap_or_else(|| {
            syn::Error::new(item.sig.ident.span(), "this function cannot be differentiated").into()
        })),
    }
}

fn function(item: TokenStream) -> Result<ItemFn, Errors> {
    syn::parse2(item.clone()).map_err(|error| match syn::parse2::<syn::Item>(item.clone()) {
        Ok(other) => syn::Error::new_spanned(other, "`#[grad]` is for functions").into(),
        Err(_) => error.into(),
    })
}

fn read_function(
    reader: &mut Reader,
    item: &ItemFn,
    options: &Options,
    mut taken: Vec<String>,
) -> Read<Function> {
    reader.check_signature(item)?;
    reader.scopes.open();
    reader.read_generics(&item.sig.generics)?;
    let params = reader.read_params(item, options, &mut taken);
    let result = reader.read_return(item);
    let (mut params, inputs) = params?;
    let ty = result?;
    reader.trace_from(&params);
    let target = reader.open_target(Exit::Function, None);
    reader.taken.clone_from(&taken);
    let value = reader.block(&item.block, &ty)?;
    params.append(&mut reader.hidden);
    taken.clone_from(&reader.taken);
    let value = reader.outcome(&target, value, item.sig.ident.span())?;
    reader.close_target();
    let output = reader.output(value, &ty, item)?;
    reader.read_states(&mut params)?;
    reader.check_request(options, &output)?;
    reader.check_activity(&mut params, &output, options, item)?;
    let mut watched = reader.watched(&output)?;
    let output = match watched.is_empty() {
        true => output,
        false => reader.settle_trips(output, &mut params, &mut watched),
    };
    let output = reader.close_literals(output, &mut params, &mut watched);
    Ok(Function {
        graph: Default::default(),
        signature: Signature {
            items: if reader.repeats_items { items::repeated(&item.block) } else { TokenStream::new() },
            ..Reader::signature(item, options, inputs, taken)
        },
        params,
        request: output::request(options, &output),
        output,
        asserted: reader.asserted,
        same_extents: std::mem::take(&mut reader.extents.same),
        watched,
    })
}
