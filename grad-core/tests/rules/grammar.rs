//! The parser of the rule files is what the grammar says. It is kept in the repository, so that those who build the
//! macro need not build pest's generator and all that it depends on.

use std::fs;

use proc_macro2::TokenStream;
use quote::quote;

const HEADER: &str = "\
//! The parser of the rule files.
//! @generated from `rules.pest`: change that, and run `BLESS=1 cargo test -p grad-core --test rules grammar`.

#![allow(bindings_with_variant_name, dead_code, clippy::all)]

pub struct RuleParser;

";

#[test]
fn the_parser_is_generated_from_the_grammar() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let grammar = fs::read_to_string(format!("{directory}/rules.pest")).expect("the grammar is there");
    let input: TokenStream = quote!(#[grammar_inline = #grammar] struct RuleParser;);
    let parser = syn::parse2(pest_generator::derive_parser(input, false)).expect("what is generated is Rust");
    let parser = format!("{HEADER}{}", prettyplease::unparse(&parser));
    let path = format!("{directory}/grammar.rs");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &parser).expect("the parser can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == parser, "{path} is not what rules.pest says: renew it with BLESS=1");
}
