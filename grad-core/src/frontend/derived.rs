//! Methods of the standard library that are read as what they do: each is written here as a closure in Rust, which is
//! inlined where it is called.

use std::rc::Rc;

use proc_macro2::{Group, Span, TokenStream, TokenTree};

use super::reader::Reader;
use super::spans::{Read, Refused};
use super::value::{Closure, Val};

/// Where the first item is for which something holds, and whether there is one.
pub const POSITION: &str = "|items, holds| {
    let (mut at, mut found) = (0usize, false);
    for item in items {
        if holds(item) {
            found = true;
            break;
        }
        at += 1;
    }
    (at, found)
}";

/// How many items there are before the first for which something does not hold.
pub const WHILE: &str = "|items, holds| {
    let mut count = 0usize;
    for item in items {
        if !holds(item) {
            break;
        }
        count += 1;
    }
    count
}";

/// As [`WHILE`], of what gives `Some`.
pub const WHILE_SOME: &str = "|items, value| {
    let mut count = 0usize;
    for item in items {
        if value(item).is_none() {
            break;
        }
        count += 1;
    }
    count
}";

pub const SCAN: &str = "|items, first, step| {
    let mut state = first;
    let mut made = Vec::new();
    for item in items {
        match step(&mut state, item) {
            Some(value) => made.push(value),
            None => break,
        }
    }
    made
}";

/// Values, each made of the one before.
pub const SUCCESSORS: &str = "|first, next, count| {
    let mut state = first;
    let mut made = Vec::new();
    for _ in 0..count {
        match state {
            Some(value) => {
                state = next(&value);
                made.push(value);
            }
            None => break,
        }
    }
    made
}";

pub const FLAT_MAP: &str = "|items, part| {
    let mut made = Vec::new();
    for item in items {
        for value in part(item) {
            made.push(value);
        }
    }
    made
}";

pub const FILL_WITH: &str = "|places, value| {
    for place in places {
        *place = value();
    }
}";

pub const DEDUP: &str = "|v| {
    let mut kept = Vec::new();
    for i in 0..v.len() {
        if i == 0 || v[i] != v[i - 1] {
            kept.push(v[i]);
        }
    }
    kept
}";

pub const PARTITION_POINT: &str = "|v, holds| {
    let (mut low, mut high) = (0usize, v.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(&v[middle]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}";

/// A stable merge sort of indices, and the elements in their order. `compare` is given by what follows.
const SORT: &str = "|v, key| {
    let n = v.len();
    let mut order: Vec<usize> = (0..n).collect();
    let mut merged: Vec<usize> = (0..n).collect();
    let mut width = 1usize;
    while width < n {
        for block in 0..n.div_ceil(2 * width) {
            let start = 2 * width * block;
            let middle = (start + width).min(n);
            let end = (middle + width).min(n);
            let (mut left, mut right) = (start, middle);
            for at in start..end {
                if right < end && (left >= middle || COMPARED.is_gt()) {
                    merged[at] = order[right];
                    right += 1;
                } else {
                    merged[at] = order[left];
                    left += 1;
                }
            }
        }
        for at in 0..n {
            order[at] = merged[at];
        }
        width *= 2;
    }
    order.into_iter().map(|at| v[at]).collect::<Vec<_>>()
}";

/// How the methods that sort compare two elements.
pub fn sort(name: &str) -> Option<String> {
    let compared = match name {
        "sort" | "sort_unstable" => "v[order[left]].cmp(&v[order[right]])",
        "sort_by" | "sort_unstable_by" => "key(&v[order[left]], &v[order[right]])",
        "sort_by_key" | "sort_unstable_by_key" | "sort_by_cached_key" => {
            "key(&v[order[left]]).cmp(&key(&v[order[right]]))"
        }
        _ => return None,
    };
    Some(SORT.replace("COMPARED", compared))
}

impl Reader {
    /// Calls a closure that is written here. What is wrong in it is said of the call.
    pub fn derived(&mut self, source: &str, values: Vec<Val>, span: Span) -> Read<Val> {
        let parsed = source.parse::<TokenStream>().ok();
        let parsed = parsed.and_then(|tokens| syn::parse2::<syn::ExprClosure>(at(tokens, span)).ok());
        let Some(source) = parsed else { return Err(Refused) };
        let captures = self.scopes.capture(&source);
        let closure = Val::Closure(Rc::new(Closure { source, captures, lengths: Vec::new() }));
        self.call_value(&closure, values, span)
    }
}

/// Tokens that all stand at one place.
fn at(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => {
                let mut moved = Group::new(group.delimiter(), at(group.stream(), span));
                moved.set_span(span);
                TokenTree::Group(moved)
            }
            mut other => {
                other.set_span(span);
                other
            }
        })
        .collect()
}
