//! What the documentation of a derivative says that it saves of the forward sweep: the sentence, and that it is true.
//! Memory is counted, and all of it is what is saved, the results, and copies of arrays that the function has itself.

mod count;

#[path = "saved/functions.rs"]
// They are written as their authors would.
#[allow(clippy::all)]
mod functions;

use std::{collections::BTreeMap, fs, path::Path};

use count::memory;
use functions::*;
use quote::ToTokens;

/// The sentences of the derivatives of `functions.rs`, by the name of the function.
fn sentences() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/saved/functions.rs");
    let file = syn::parse_file(&fs::read_to_string(path).expect("the file is there")).expect("it is Rust");
    let mut found = BTreeMap::new();
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let place = function.attrs.iter().position(|a| a.path().is_ident("grad")).expect("it has #[grad]");
        let arguments = match function.attrs.remove(place).meta {
            syn::Meta::List(list) => list.tokens,
            _ => Default::default(),
        };
        let derivative = grad_core::derive(arguments, function.to_token_stream());
        let derivative = derivative.unwrap_or_else(|errors| panic!("{:?}", errors.messages()));
        let derivative: syn::ItemFn = syn::parse2(derivative).expect("it is one function");
        let docs = derivative.attrs.iter().filter_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        });
        let saves: Vec<String> = docs.filter(|line| line.starts_with(" Saves ")).collect();
        assert_eq!(saves.len(), 1, "{}: one line says what is saved", function.sig.ident);
        found.insert(function.sig.ident.to_string(), saves[0].trim().to_string());
    }
    found
}

#[test]
fn the_sentence() {
    let expected = [
        ("polar", "Saves nothing of the forward sweep."),
        ("log_sum_exp", "Saves nothing of the forward sweep."),
        ("smooth", "Saves nothing of the forward sweep."),
        ("least_squares", "Saves `len(w)` values of the forward sweep, of one iteration at a time."),
        ("horner", "Saves `len(c)` values of the forward sweep."),
        ("recurrence", "Saves `2·N` values of the forward sweep."),
        ("logistic_map", "Saves `40` values of the forward sweep."),
        ("pendulums", "Saves `2·steps·len(angle)` values of the forward sweep."),
        ("nested", "Saves `outer·inner` values of the forward sweep, of one iteration at a time."),
        ("triangle", "Saves `len(x)·len(x)` values of the forward sweep."),
        (
            "square_root",
            "Saves `2` values of the forward sweep for each iteration of a loop without a bound.",
        ),
        ("bubble", "Saves `steps` values of the forward sweep."),
    ];
    let expected = expected.map(|(name, sentence)| (name.to_string(), sentence.to_string()));
    assert_eq!(sentences(), BTreeMap::from(expected));
}

/// The value of the formula in a sentence: products of numbers, parameters and lengths.
fn saved(sentence: &str, sizes: &[(&str, usize)]) -> usize {
    if sentence.starts_with("Saves nothing") {
        return 0;
    }
    let formula = sentence.split('`').nth(1).expect("a formula");
    let factor = |text: &str| {
        let known = sizes.iter().find(|(name, _)| *name == text).map(|(_, size)| *size);
        known.or_else(|| text.parse().ok()).unwrap_or_else(|| panic!("{text} in {formula}"))
    };
    formula.split(" + ").map(|term| term.split('·').map(factor).product::<usize>()).sum()
}

/// Compares the formula with the elements that a call has asked memory for, but for `others`: the results, and the
/// arrays that the function has itself with their cotangents.
#[track_caller]
fn check<T>(name: &str, sizes: &[(&str, usize)], others: usize, call: impl Fn() -> T) {
    let found = memory(call).bytes / size_of::<f64>();
    let expected = saved(&sentences()[name], sizes);
    assert_eq!(found - others, expected, "{name} with {sizes:?}");
}

#[test]
fn of_fixed_extents_it_is_on_the_stack() {
    assert_eq!(memory(|| logistic_map_grad(0.3, 3.2)).bytes, 0);
    assert_eq!(memory(|| recurrence_grad(&[0.5; 16], 1.0)).bytes, 0);
}

#[test]
fn what_is_allocated() {
    let noise = |n: usize| -> Vec<f64> { (0..n).map(|k| (k as f64 * 1.7).sin()).collect() };
    for (n, m) in [(12, 5), (40, 7)] {
        let (x, y, c) = (noise(n), noise(n), noise(m));
        check("polar", &[], 0, || polar_grad(0.5, 0.25));
        check("log_sum_exp", &[("len(x)", n)], n, || log_sum_exp_grad(&x));
        check("smooth", &[("len(x)", n)], 0, || smooth_grad(&x, 0.5));
        check("least_squares", &[("len(w)", m)], m, || least_squares_grad(&c, &x, &y));
        check("horner", &[("len(c)", n)], n, || horner_grad(&x, 0.5));
        check("nested", &[("outer", m), ("inner", 3)], n, || nested_grad(&x, m, 3));
        check("triangle", &[("len(x)", n)], n, || triangle_grad(&x, 0.5));
        check("bubble", &[("steps", m)], 2 * n, || bubble_grad(&x, m));
    }
}

#[test]
fn a_state_over_time() {
    // All that grows with the number of steps.
    let bytes = |n: usize, steps: usize| {
        let numbers = || vec![0.5; n];
        let call =
            || pendulums_vjp(&mut numbers(), &mut numbers(), 0.1, steps, &mut numbers(), &mut numbers());
        memory(call).bytes
    };
    let sentence = &sentences()["pendulums"];
    let saved = |n: usize, steps: usize| saved(sentence, &[("len(angle)", n), ("steps", steps)]);
    for (n, steps) in [(3, 10), (8, 25)] {
        let grown = (bytes(n, 2 * steps) - bytes(n, steps)) / size_of::<f64>();
        assert_eq!(grown, saved(n, 2 * steps) - saved(n, steps));
    }
}
