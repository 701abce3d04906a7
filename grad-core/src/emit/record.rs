//! What a traced derivative writes down at its end: one line for each named value, in the loops that have computed it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::expression::{ident, tokens as expression};
use crate::plan::program::Place;

/// A named value and its cotangent.
#[derive(Clone, Debug)]
pub struct Record {
    pub name: String,
    /// The loops whose iterations are the first axes. Equal numbers are the same loop.
    pub loops: Vec<u32>,
    /// Whether it is one number in each iteration.
    pub is_number: bool,
    pub value: Place,
    pub cotangent: Place,
    /// One where the value has been computed, zero elsewhere.
    pub taken: Option<Place>,
}

/// The statements, and the name of what they write to.
pub fn tokens(krate: &TokenStream, records: &[Record]) -> (TokenStream, Ident) {
    let trace = Ident::new("trace", Span::mixed_site());
    let records = level(krate, &trace, records, &mut Vec::new());
    (quote!(let mut #trace = #krate::health::Trace::new(); #records), trace)
}

/// The records of one level; those that share the next loop are written in one.
fn level(krate: &TokenStream, trace: &Ident, records: &[Record], open: &mut Vec<Ident>) -> TokenStream {
    let depth = open.len();
    let statements = records.chunk_by(|a, b| {
        let (a, b) = (a.loops.get(depth), b.loops.get(depth));
        a.is_some() && a == b
    });
    let statements = statements.map(|group| {
        let first = &group[0];
        if first.loops.len() == depth {
            return record(krate, trace, first, open);
        }
        let rows = place(krate, &first.value, open);
        let name = if depth == 0 { "iteration".to_string() } else { format!("iteration_{}", depth + 1) };
        let index = Ident::new(&name, Span::mixed_site());
        open.push(index.clone());
        let body = level(krate, trace, group, open);
        open.pop();
        quote!(for #index in 0..#rows.len() { #body })
    });
    quote!(#(#statements)*)
}

fn record(krate: &TokenStream, trace: &Ident, record: &Record, open: &[Ident]) -> TokenStream {
    let Record { name, .. } = record;
    let given = |part: &Place| {
        let part = place(krate, part, open);
        if record.is_number { part } else { quote!(&#part) }
    };
    let [value, cotangent] = [&record.value, &record.cotangent].map(given);
    match (&record.taken, open) {
        (Some(taken), _) => {
            let taken = given(taken);
            quote!(#trace.record_where(#name, &[#(#open),*], #taken, #value, #cotangent);)
        }
        (None, []) => quote!(#trace.record(#name, #value, #cotangent);),
        (None, [iteration]) => quote!(#trace.record_at(#name, #iteration, #value, #cotangent);),
        (None, _) => quote!(#trace.record_in(#name, &[#(#open),*], #value, #cotangent);),
    }
}

fn place(krate: &TokenStream, place: &Place, open: &[Ident]) -> TokenStream {
    match place {
        Place::Scalar(value) => expression(krate, value),
        Place::Buffer(buffer) => {
            let name = ident(&buffer.name);
            quote!(#name #([#open])*)
        }
    }
}
