//! The parts of the README that are made from the code: the table of functions, from `Scalar::TABLE` and what
//! `#[grad]` documents of each, and the expansion of the first example.
//!
//! ```text
//! BLESS=1 cargo test --test readme
//! ```

use std::{fs, path::Path};

use grad_core::ir::{Scalar, scalar::Spelling};
use proc_macro2::TokenStream;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Numbers that are known by a name.
const CONSTANTS: [(&str, &str); 5] = [
    ("0.6931471805599453", "ln 2"),
    ("1.4426950408889634", "log₂ e"),
    ("0.4342944819032518", "log₁₀ e"),
    ("0.017453292519943295", "π / 180"),
    ("57.29577951308232", "180 / π"),
];

/// A row for each method of numbers: the derivative with respect to each operand.
fn functions() -> String {
    let mut table = String::from("| function | derivative |\n|---|---|\n");
    for row in Scalar::TABLE {
        let Spelling::Method(name) = row.spelling else { continue };
        let operands = ["x", "a", "b"];
        let last = if name == "powi" { "i32" } else { "f64" };
        let parameters = match row.arity {
            1 => "x: f64".to_string(),
            2 => format!("x: f64, a: {last}"),
            _ => "x: f64, a: f64, b: f64".to_string(),
        };
        let call = format!("x.{name}({})", operands[1..row.arity].join(", "));
        let derivatives: Vec<String> = operands[..row.arity]
            .iter()
            .filter_map(|operand| derivative(operand, &parameters, &call))
            .collect();
        let mut derivatives = derivatives.join("; ").replace('|', "\\|");
        for (digits, constant) in CONSTANTS {
            derivatives = derivatives.replace(digits, constant);
        }
        table += &format!("| `{call}` | {derivatives} |\n");
    }
    table
}

/// The formula that documents the derivative with respect to one operand.
fn derivative(operand: &str, parameters: &str, call: &str) -> Option<String> {
    let attribute: TokenStream = format!("wrt({operand})").parse().expect("the attribute is Rust");
    let function = format!("fn f({parameters}) -> f64 {{ {call} }}").parse().expect("the function is Rust");
    let items =
        syn::parse2::<syn::File>(grad_core::derive(attribute, function).ok()?).expect("items are written");
    let syn::Item::Fn(function) = items.items.first()? else { return None };
    function.attrs.iter().find_map(|attribute| {
        let syn::Meta::NameValue(doc) = &attribute.meta else { return None };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &doc.value else { return None };
        let text = text.value();
        let formula = text.trim().strip_prefix(&format!("d_{operand} = "))?.to_string();
        Some(if call.contains(", ") || call.contains("(a") {
            format!("∂{operand}: {formula}")
        } else {
            formula
        })
    })
}

fn expansion() -> String {
    format!(
        "```rust,ignore\n{}```\n",
        read("tests/expand/layer.expanded.rs").split_once("\n\n").expect("a header").1
    )
}

#[test]
fn generated_parts_are_current() {
    let kept = read("README.md");
    let mut current = kept.clone();
    for (marker, text) in [
        ("<!-- functions -->\n", functions()),
        ("<!-- expansion: tests/expand/layer.expanded.rs -->\n", expansion()),
    ] {
        let start = current.find(marker).expect("the README has the marker") + marker.len();
        let length = current[start..].find("<!-- end -->").expect("the part has an end");
        current.replace_range(start..start + length, &text);
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"), current)
            .expect("it can be written");
    } else {
        assert!(
            kept == current,
            "the README is not what the code says: `BLESS=1 cargo test --test readme` renews it"
        );
    }
}

/// Every function of `grad::nn` that is known by name is in the README, and in the documentation of the module.
#[test]
fn library_functions_are_listed() {
    let (readme, module) = (read("README.md"), read("src/nn/mod.rs"));
    for name in grad_core::frontend::library_functions() {
        assert!(readme.contains(&format!("`{name}`")), "README.md does not list `{name}`");
        assert!(
            name == "stop_gradient" || module.contains(&format!("[`{name}`]")),
            "src/nn/mod.rs does not list `{name}`"
        );
    }
}
