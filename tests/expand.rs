//! What `#[grad]` writes, kept in files: `tests/expand/X.rs` beside `X.expanded.rs`, and the same for the
//! examples (those at the top of `examples/` have theirs in `examples/expanded/`, where cargo does not take them
//! for examples) and for some functions of `tests/programs` (in `tests/expand/programs/`).
//!
//! After a change that alters an expansion, renew the files and read what has become of them:
//!
//! ```text
//! BLESS=1 cargo test --test expand
//! ```
//!
//! All files are compiled here, as they stand, without a warning of rustc or, when it is run, of clippy, but for the
//! few that they allow themselves: what `#[grad]` writes can be pasted into a program.
#![deny(warnings)]
#![allow(dead_code)]

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;
use quote::ToTokens;

/// Compiles `tests/expand/X.rs`, where `#[grad]` does its work, and beside it the text that it is said to write.
macro_rules! compile {
    ($($name:ident)*) => {
        $(mod $name {
            include!(concat!("expand/", stringify!($name), ".rs"));

            mod expanded {
                #[allow(unused_imports)]
                use super::*;

                include!(concat!("expand/", stringify!($name), ".expanded.rs"));
            }
        })*

        const CASES: &[&str] = &[$(stringify!($name)),*];
    };
}

compile! {
    asserted filter_sum heat horner layer least_squares log_sum_exp piecewise projection rosenbrock softmax_regression
    spring_chain traced two_layers
}

#[path = "programs/functions/determinant.rs"]
#[allow(clippy::all)]
mod determinant_program;
#[path = "programs/functions/log_sum_exp.rs"]
#[allow(clippy::all)]
mod log_sum_exp_program;
#[path = "programs/functions/mixture.rs"]
#[allow(clippy::all)]
mod mixture_program;
#[path = "programs/functions/ode.rs"]
#[allow(clippy::all)]
mod ode_program;

/// Compiles what is said to be written for some functions of these.
macro_rules! programs {
    ($($file:literal $module:ident $function:ident)*) => {
        // Elements trade places by a variable between them.
        #[allow(clippy::manual_swap)]
        mod of_programs {
            $(mod $function {
                #[allow(unused_imports)]
                use crate::$module::*;

                include!(concat!("expand/programs/", stringify!($function), ".expanded.rs"));
            })*
        }

        const PROGRAMS: &[(&str, &str)] = &[$(($file, stringify!($function))),*];
    };
}

programs! {
    "determinant" determinant_program determinant
    "log_sum_exp" log_sum_exp_program log_sum_exp
    "mixture" mixture_program mixture
    "ode" ode_program runge_kutta
}

mod layer_example {
    include!("../examples/expanded/layer.expanded.rs");
}

mod least_squares_example {
    const PARAMETERS: usize = 4;

    include!("../examples/expanded/least_squares.expanded.rs");
}

mod logistic_example {
    include!("../examples/expanded/logistic.expanded.rs");
}

mod mixture_example {
    #[allow(unused_imports)]
    use std::f64::consts::TAU;

    include!("../examples/expanded/mixture.expanded.rs");
}

mod gradient_descent_example {
    const FEATURES: usize = 10;

    include!("../examples/expanded/gradient_descent.expanded.rs");
}

mod cancer_example {
    const FEATURES: usize = 30;

    include!("../examples/expanded/cancer.expanded.rs");
}

mod xor_example {
    const HIDDEN: usize = 3;

    include!("../examples/expanded/xor.expanded.rs");
}

mod textbook_example {
    const INPUTS: usize = 3;
    const HIDDEN: usize = 2;
    const OUTPUTS: usize = 2;

    include!("../examples/expanded/textbook.expanded.rs");
}

mod parallel_example {
    const DIMENSIONS: usize = 8;
    const PARTS: usize = 12;

    include!("../examples/expanded/parallel.expanded.rs");
}

// Arrays that a loop carries are copied element by element, and what is kept for the way back asks whether any of
// the branches was taken, even if one of them always is.
#[allow(clippy::manual_memcpy, clippy::nonminimal_bool, clippy::overly_complex_bool_expr)]
mod deep_example {
    const PIXELS: usize = 64;
    const CLASSES: usize = 10;
    const WIDTH: usize = 16;
    const LAYERS: usize = 19;
    const DEPTH: usize = LAYERS - 1;

    include!("../examples/deep/network.expanded.rs");
}

mod digits_example {
    #[allow(unused_imports)]
    use ndarray::{Array1, Array2};

    include!("../examples/digits/network.expanded.rs");
}

/// A file with functions under `#[grad]`, and where their derivatives are kept.
struct Case {
    source: PathBuf,
    expanded: PathBuf,
    /// The only function of the file that counts.
    function: Option<&'static str>,
}

impl Case {
    fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut cases = Vec::new();
        let directories = ["tests/expand", "examples/digits", "examples/deep"];
        for source in directories.iter().flat_map(|directory| rust_files(&root.join(directory))) {
            let expanded = source.with_extension("expanded.rs");
            cases.push(Case { source, expanded, function: None });
        }
        for source in rust_files(&root.join("examples")) {
            let name = source.with_extension("expanded.rs");
            let expanded = root.join("examples/expanded").join(name.file_name().expect("it is a file"));
            cases.push(Case { source, expanded, function: None });
        }
        for (file, function) in PROGRAMS {
            let source = root.join(format!("tests/programs/functions/{file}.rs"));
            let expanded = root.join(format!("tests/expand/programs/{function}.expanded.rs"));
            cases.push(Case { source, expanded, function: Some(function) });
        }
        cases.retain(|case| !functions(&case.source).is_empty());
        cases
    }

    /// The text of the derivatives of the functions in the file.
    fn expand(&self) -> String {
        let mut items = TokenStream::new();
        for (name, attribute, function) in functions(&self.source) {
            if self.function.is_some_and(|only| name != only) {
                continue;
            }
            match grad_core::derive(attribute, function) {
                Ok(derivatives) => items.extend(derivatives),
                Err(errors) => panic!("{}: {:?}", self.source.display(), errors.messages()),
            }
        }
        let file = syn::parse2(items).expect("what is written is Rust");
        let source = self.source.file_name().expect("it is a file").to_string_lossy();
        format!("// What `#[grad]` writes for {source}.\n\n{}", prettyplease::unparse(&file))
    }
}

/// The files right in a directory, but for expansions.
fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let paths = entries.map(|entry| entry.expect("the directory can be read").path());
    let mut files: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| !path.to_string_lossy().ends_with(".expanded.rs"))
        .collect();
    files.sort();
    files
}

/// The functions of a file that are under `#[grad]`: name, its arguments, and the function without it.
fn functions(source: &Path) -> Vec<(String, TokenStream, TokenStream)> {
    let text = fs::read_to_string(source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let mut found = Vec::new();
    for item in file.items {
        let syn::Item::Fn(mut function) = item else { continue };
        let Some(place) = function.attrs.iter().position(|attribute| attribute.path().is_ident("grad"))
        else {
            continue;
        };
        let arguments = match function.attrs.remove(place).meta {
            syn::Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        found.push((function.sig.ident.to_string(), arguments, function.to_token_stream()));
    }
    found
}

#[test]
fn expansions_are_as_written_down() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for case in Case::all() {
        let expansion = case.expand();
        let kept = fs::read_to_string(&case.expanded).unwrap_or_default();
        if expansion == kept {
            continue;
        }
        if bless {
            fs::write(&case.expanded, expansion).expect("the expansion can be written");
        } else {
            wrong.push(format!("{}: {}", case.expanded.display(), first_difference(&kept, &expansion)));
        }
    }
    assert!(
        wrong.is_empty(),
        "not what `#[grad]` writes now (`BLESS=1 cargo test --test expand` renews them):\n{}",
        wrong.join("\n")
    );
}

fn first_difference(kept: &str, written: &str) -> String {
    let mut lines =
        (1..).zip(kept.lines().map(Some).chain([None]).zip(written.lines().map(Some).chain([None])));
    match lines.find(|(_, (kept, written))| kept != written) {
        Some((number, (kept, written))) => format!(
            "line {number}\n  kept    {}\n  written {}",
            kept.unwrap_or("(the end)"),
            written.unwrap_or("(the end)")
        ),
        None => "the end differs".to_string(),
    }
}

/// What is written must not depend on the order in which a hash map happens to be walked.
#[test]
fn the_same_function_gives_the_same_tokens() {
    for case in Case::all() {
        let first = case.expand();
        for _ in 0..4 {
            assert_eq!(case.expand(), first, "{}", case.source.display());
        }
    }
}

#[test]
fn every_case_is_compiled() {
    let files = rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand"));
    let names: Vec<_> =
        files.iter().map(|file| file.file_stem().expect("it is a file").to_string_lossy()).collect();
    assert_eq!(names, CASES, "the list of `compile!` names every file");
}
