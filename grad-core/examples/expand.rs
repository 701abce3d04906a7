//! Prints what `#[grad]` writes for the functions on standard input: for those with the attribute, or for all if
//! none has it.
//!
//! ```text
//! echo 'fn f(x: f64) -> f64 { x.sin() }' | cargo run -p grad-core --example expand
//! ```

use std::io::Read;

use quote::ToTokens;

fn main() {
    let mut source = String::new();
    std::io::stdin().read_to_string(&mut source).expect("standard input is text");
    let file = syn::parse_file(&source).expect("the input is Rust");
    let marked = |item: &syn::Item| matches!(item, syn::Item::Fn(f) if f.attrs.iter().any(|a| a.path().is_ident("grad")));
    let any = file.items.iter().any(marked);
    for item in file.items {
        if any && !marked(&item) {
            continue;
        }
        let syn::Item::Fn(mut function) = item else { continue };
        let mut attr = Default::default();
        function.attrs.retain(|attribute| {
            let is_grad = attribute.path().is_ident("grad");
            if let (true, syn::Meta::List(list)) = (is_grad, &attribute.meta) {
                attr = list.tokens.clone();
            }
            !is_grad
        });
        match grad_core::derive(attr, function.to_token_stream()) {
            Ok(tokens) => {
                let file = syn::parse2(tokens.clone()).unwrap_or_else(|e| panic!("not Rust: {e}\n{tokens}"));
                print!("{}", prettyplease::unparse(&file));
            }
            Err(errors) => {
                for message in errors.messages() {
                    println!("error: {message}");
                }
            }
        }
    }
}
