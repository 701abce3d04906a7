//! How long it takes to expand a large function.
//!
//! ```text
//! cargo bench --bench expansion                   # optimised
//! cargo bench --bench expansion --profile dev     # what `cargo build` makes of a macro
//! ```

mod source;

use std::time::Duration;

use grad_benches::{Contestant, Effort, compare, duration};
use proc_macro2::TokenStream;

fn main() {
    // One call is long where it matters, so few rounds are enough.
    let effort = Effort { rounds: 5, samples: 3, sample: Duration::from_millis(5) };
    // The table of rules is read once in a process: that is not a cost of the first function alone.
    let start = std::time::Instant::now();
    expand(&tokens("fn first(x: f64) -> f64 { x }"));
    println!("The first function, with the table of rules: {}\n", duration(start.elapsed().as_secs_f64()));

    println!("| operations | expansion | an operation | written |\n|---:|---:|---:|---:|");
    for operations in [250, 1000, 4000] {
        let function = tokens(&source::straight_line(operations));
        let written = expand(&function).to_string().len();
        let contestant = Contestant::new("expansion", || expand(&function));
        let seconds = compare(&mut [contestant], 1, effort)[0].seconds;
        println!(
            "| {operations} | {} | {} | {:.0} kB |",
            duration(seconds),
            duration(seconds / operations as f64),
            written as f64 / 1e3,
        );
    }
}

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("what is generated is Rust")
}

/// What the macro does, but for the compiler's own tokens.
fn expand(function: &TokenStream) -> TokenStream {
    match grad_core::derive(TokenStream::new(), function.clone()) {
        Ok(derivatives) => derivatives,
        Err(errors) => panic!("refused: {:?}", errors.messages()),
    }
}
