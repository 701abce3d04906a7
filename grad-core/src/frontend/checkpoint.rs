//! `#[grad(checkpoint)]` on a `for` loop: what it asks for, and the function without it. The compiler knows no
//! attributes of that kind on loops, so they are taken out of the function before that is handed back.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Ident, Token};

use super::expr::token;
use super::messages;
use super::reader::Reader;
use super::spans::Read;
use crate::ir::op::{Op, Snapshots};

const SPELLING: &str = "write `#[grad(checkpoint)]`, or `#[grad(checkpoint = 8)]` for eight snapshots";

/// What an attribute says, not yet in terms of the program: the number of snapshots, if one is given.
struct Request {
    count: Option<Expr>,
}

impl Reader {
    /// How a loop with these attributes is checkpointed, if it is.
    pub(super) fn checkpoint(&mut self, attributes: &[Attribute]) -> Read<Option<Snapshots>> {
        let mut own = attributes.iter().filter(|attribute| is_grad(attribute.path()));
        let Some(attribute) = own.next() else { return Ok(None) };
        if let Some(second) = own.next() {
            return self.refuse(span_of(second), "this loop has its `#[grad(checkpoint)]` twice");
        }
        let request = match &attribute.meta {
            syn::Meta::List(list) => parse.parse2(list.tokens.clone()),
            other => Err(syn::Error::new(token_of(other.path()), format!("on a loop, {SPELLING}"))),
        };
        let request = match request {
            Ok(request) => request,
            Err(error) => return self.refuse(error.span(), error.to_string()),
        };
        let Some(count) = request.count else { return Ok(Some(Snapshots::Logarithmic)) };
        let value = self.value(&count)?;
        let node = self.usize_node(value, token(&count))?;
        match (self.graph.as_int(node), self.graph.op(node)) {
            (Some(1..), _) => {
                let count = self.graph.as_int(node).and_then(|count| usize::try_from(count).ok());
                Ok(Some(Snapshots::Given(count.unwrap_or(usize::MAX))))
            }
            (None, Op::Symbol(symbol, _)) => Ok(Some(Snapshots::Symbol(*symbol))),
            (Some(_), _) => self.refuse(
                token(&count),
                "the number of snapshots is at least 1: from that of the start every step can be taken again",
            ),
            _ => self.refuse(token(&count), "the number of snapshots is a literal or a constant"),
        }
    }
}

/// `checkpoint` or `checkpoint = count`.
fn parse(input: ParseStream) -> syn::Result<Request> {
    let key = input.call(Ident::parse_any).map_err(|error| syn::Error::new(error.span(), SPELLING))?;
    if key != "checkpoint" {
        let what = messages::unknown("argument of `#[grad]` on a loop", &key.to_string(), ["checkpoint"]);
        return Err(syn::Error::new(key.span(), what));
    }
    let mut count = None;
    if input.parse::<Option<Token![=]>>()?.is_some() {
        count = Some(input.parse()?);
    }
    if input.is_empty() { Ok(Request { count }) } else { Err(input.error(SPELLING)) }
}

fn is_grad(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "grad")
}

fn token_of(path: &syn::Path) -> Span {
    path.segments.last().map_or_else(Span::call_site, |last| last.ident.span())
}

fn span_of(attribute: &Attribute) -> Span {
    token_of(attribute.path())
}

/// The function as the compiler is to see it.
pub fn without_checkpoints(item: TokenStream) -> TokenStream {
    without(item, &mut |_, _| {})
}

/// What is said where `#[grad(…)]` stands inside the function on something else than a `for` loop.
pub fn misplaced(item: TokenStream) -> Option<syn::Error> {
    let mut all: Option<syn::Error> = None;
    without(item, &mut |span, on| {
        let message = match on {
            "for" => return,
            "while" | "loop" => format!(
                "a checkpointed loop knows beforehand how many steps it takes at most: write `for _ in 0..most {{ if … {{ break; }} … }}` instead of `{on}`"
            ),
            _ => "inside a function, `#[grad(checkpoint)]` is for `for` loops".to_string(),
        };
        let error = syn::Error::new(span, message);
        match &mut all {
            Some(first) => first.combine(error),
            None => all = Some(error),
        }
    });
    all
}

/// The tokens without `#[grad(…)]` on anything but items; `found` is told of each and of the word that it is on.
fn without(tokens: TokenStream, found: &mut dyn FnMut(Span, &str)) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut at = 0;
    while at < trees.len() {
        let on = attribute_at(&trees[at..]).map(|span| (span, word_after(&trees[at + 2..])));
        if let Some((span, on)) = on.filter(|(_, on)| !ITEMS.contains(&on.as_str())) {
            found(span, &on);
            at += 2;
            continue;
        }
        kept.push(match &trees[at] {
            TokenTree::Group(group) => without_group(group, found),
            other => other.clone(),
        });
        at += 1;
    }
    kept.into_iter().collect()
}

/// A group in which there is nothing to take out stays as it is, with the spans of both its delimiters.
fn without_group(group: &Group, found: &mut dyn FnMut(Span, &str)) -> TokenTree {
    let mut changes = false;
    let stream = without(group.stream(), &mut |span, on| {
        changes = true;
        found(span, on);
    });
    let mut new = group.clone();
    if changes {
        new = Group::new(group.delimiter(), stream);
        new.set_span(group.span());
    }
    TokenTree::Group(new)
}

const ITEMS: [&str; 11] =
    ["fn", "pub", "const", "async", "extern", "impl", "mod", "struct", "enum", "trait", "static"];

/// Where `grad` is, if `#[grad…]` stands here.
fn attribute_at(trees: &[TokenTree]) -> Option<Span> {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = trees else { return None };
    if hash.as_char() != '#' || group.delimiter() != Delimiter::Bracket {
        return None;
    }
    let words = group.stream().into_iter().take_while(|tree| !matches!(tree, TokenTree::Group(_)));
    match words.last() {
        Some(TokenTree::Ident(last)) if last == "grad" => Some(last.span()),
        _ => None,
    }
}

/// The first word after further attributes and a label.
fn word_after(trees: &[TokenTree]) -> String {
    let mut rest = trees;
    loop {
        match rest {
            [TokenTree::Punct(hash), TokenTree::Group(_), after @ ..] if hash.as_char() == '#' => {
                rest = after
            }
            [TokenTree::Punct(quote), TokenTree::Ident(_), TokenTree::Punct(colon), after @ ..]
                if quote.as_char() == '\'' && colon.as_char() == ':' =>
            {
                rest = after;
            }
            [first, ..] => return first.to_string(),
            [] => return String::new(),
        }
    }
}
