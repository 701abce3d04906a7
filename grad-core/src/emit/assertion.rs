//! Assertions: `if !holds { panic!(…) }` is `assert!(holds, …)`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::expression::{condition as condition_tokens, constant, tokens as expression};
use crate::ir::message::{Asserts, Message};
use crate::ir::{Cmp, Const, Logic};
use crate::plan::program::{Expr, Stmt};

/// Whether some statements do nothing but panic.
pub fn is_one(then: &[Stmt]) -> bool {
    matches!(then, [Stmt::Panic { .. }])
}

/// `if condition { panic!(…) }`.
pub fn tokens(krate: &TokenStream, condition: &Expr, then: &[Stmt]) -> TokenStream {
    let [Stmt::Panic { message, shown }] = then else { return TokenStream::new() };
    if let Some(assertion) = asserted(krate, condition, message, shown) {
        return assertion;
    }
    // On some path, an assertion.
    if let Expr::Logic(Logic::And, parts) = condition
        && let Some(assertion) = asserted(krate, &parts[1], message, shown)
    {
        let path = condition_tokens(krate, &parts[0]);
        return quote!(if #path { #assertion });
    }
    let (condition, panic) = (condition_tokens(krate, condition), panic(krate, message, shown));
    match condition.to_string().as_str() {
        "true" => panic,
        _ => quote!(if #condition { #panic }),
    }
}

/// What panics where a condition holds, as an assertion that it does not.
fn asserted(krate: &TokenStream, fails: &Expr, message: &Message, shown: &[Expr]) -> Option<TokenStream> {
    match (message.asserts, fails) {
        (Asserts::Condition, Expr::Logic(Logic::Not, parts)) => {
            let holds = expression(krate, &parts[0]);
            let message = arguments(krate, &message.text, shown.iter());
            Some(quote!(::core::assert!(#holds, #message);))
        }
        (Asserts::Equal, Expr::Logic(Logic::Not, parts)) => match &parts[0] {
            Expr::Compare(Cmp::Eq, a, b) if [&**a, &**b] == [&shown[0], &shown[1]] => {
                Some(compared(krate, quote!(assert_eq), message, shown))
            }
            _ => None,
        },
        (Asserts::Differ, Expr::Compare(Cmp::Eq, a, b)) if [&**a, &**b] == [&shown[0], &shown[1]] => {
            Some(compared(krate, quote!(assert_ne), message, shown))
        }
        _ => None,
    }
}

fn compared(krate: &TokenStream, name: TokenStream, message: &Message, shown: &[Expr]) -> TokenStream {
    let (left, right) = (expression(krate, &shown[0]), expression(krate, &shown[1]));
    let own = (!message.text.is_empty()).then(|| {
        let arguments = arguments(krate, &message.text, shown[2..].iter());
        quote!(, #arguments)
    });
    quote!(::core::#name!(#left, #right #own);)
}

/// `panic!(…);`
pub fn panic(krate: &TokenStream, message: &Message, shown: &[Expr]) -> TokenStream {
    let (text, places) = message.spelled_out(shown.len());
    let arguments = arguments(krate, &text, places.iter().map(|&at| &shown[at]));
    quote!(::core::panic!(#arguments);)
}

/// A format string and what it shows.
fn arguments<'a>(krate: &TokenStream, text: &str, shown: impl Iterator<Item = &'a Expr>) -> TokenStream {
    let text = Literal::string(text);
    let shown = shown.map(|value| match value {
        Expr::Const(value) if !matches!(value, Const::Bool(_)) => constant(*value, true).tokens,
        value => expression(krate, value),
    });
    quote!(#text #(, #shown)*)
}
