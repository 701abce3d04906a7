//! The option changes nothing but that it adds a function.

use quote::ToTokens;

/// The functions of the expansion tests.
fn functions() -> Vec<(String, proc_macro2::TokenStream, syn::ItemFn)> {
    let directories = ["tests/expand", "tests/programs/functions"];
    let directories = directories.map(|path| format!("{}/{path}", env!("CARGO_MANIFEST_DIR")));
    let entries =
        directories.iter().flat_map(|path| std::fs::read_dir(path).expect("the directory can be read"));
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("the directory can be read").path();
        if path.is_dir() || path.to_string_lossy().ends_with(".expanded.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("it is text");
        for item in syn::parse_file(&text).expect("it is Rust").items {
            let syn::Item::Fn(mut function) = item else { continue };
            let is_grad = |attribute: &syn::Attribute| attribute.path().is_ident("grad");
            let Some(at) = function.attrs.iter().position(is_grad) else { continue };
            let arguments = match function.attrs.remove(at).meta {
                syn::Meta::List(list) => list.tokens,
                _ => Default::default(),
            };
            found.push((path.display().to_string(), arguments, function));
        }
    }
    found
}

#[test]
fn f_grad_is_token_for_token_the_same() {
    let mut compared = 0;
    for (path, arguments, function) in functions() {
        let tokens = function.to_token_stream();
        let Ok(plain) = grad_core::derive(arguments.clone(), tokens.clone()) else { panic!("{path}") };
        let with = if arguments.is_empty() { "trace".to_string() } else { format!("{arguments}, trace") };
        let with = with.replace("trace, trace", "trace").parse().expect("arguments");
        // Of results that are more than a number there is no trace.
        let Ok(traced) = grad_core::derive(with, tokens) else { continue };
        let (plain, traced) = (plain.to_string(), traced.to_string());
        let grad = format!("fn {}_grad ", function.sig.ident);
        if !arguments.to_string().contains("trace") {
            assert!(traced.starts_with(&plain), "{path}: {}", function.sig.ident);
        }
        assert_eq!(plain.matches(&grad).count(), 1, "{path}");
        assert!(traced.contains(&format!("fn {}_grad_traced ", function.sig.ident)), "{path}");
        compared += 1;
    }
    assert!(compared > 5, "only {compared} functions have been compared");
}
