//! Prints what `#[grad]` writes for the function on standard input (its attribute included or not).
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
    for item in file.items {
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
