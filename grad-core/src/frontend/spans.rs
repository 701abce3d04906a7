//! Origins and spans: the middle knows only [`Origin`], this table knows what each stands for.

use proc_macro2::{Span, TokenStream};

use crate::diagnostic::Diagnostic;
use crate::ir::Origin;

/// The spans that origins stand for. Entry 0 is the name of the function.
#[derive(Clone)]
pub struct Spans {
    table: Vec<Span>,
}

/// What is wrong with the user's function, at the tokens concerned.
#[derive(Clone, Debug)]
pub struct Errors(syn::Error);

/// Proof that a diagnostic has been recorded.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

pub type Read<T> = Result<T, Refused>;

impl Spans {
    pub fn new(function: Span) -> Spans {
        Spans { table: vec![function] }
    }

    /// The origin for a span.
    pub fn origin(&mut self, span: Span) -> Origin {
        self.table.push(span);
        Origin(self.table.len() as u32 - 1)
    }

    pub fn span(&self, origin: Origin) -> Span {
        self.table.get(origin.0 as usize).copied().unwrap_or(self.table[0])
    }

    /// The diagnostics of any stage, at the user's tokens. `None` where there are none.
    pub fn errors(&self, diagnostics: &[Diagnostic]) -> Option<Errors> {
        let mut all: Option<syn::Error> = None;
        let mut push = |error: syn::Error| match &mut all {
            Some(first) => first.combine(error),
            None => all = Some(error),
        };
        for diagnostic in diagnostics {
            push(syn::Error::new(self.span(diagnostic.origin), &diagnostic.message));
            for (origin, note) in &diagnostic.notes {
                push(syn::Error::new(self.span(*origin), note));
            }
        }
        all.map(Errors)
    }
}

impl Errors {
    /// The `compile_error!` invocations, each at its token.
    pub fn to_compile_error(&self) -> TokenStream {
        self.0.to_compile_error()
    }

    pub fn messages(&self) -> Vec<String> {
        self.0.clone().into_iter().map(|error| error.to_string()).collect()
    }

    /// Where each message points.
    pub fn spans(&self) -> Vec<Span> {
        self.0.clone().into_iter().map(|error| error.span()).collect()
    }

    pub fn combine(&mut self, other: Errors) {
        self.0.combine(other.0);
    }
}

impl From<syn::Error> for Errors {
    fn from(error: syn::Error) -> Errors {
        Errors(error)
    }
}
