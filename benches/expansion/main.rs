//! How long it takes to expand a large function.
//!
//! ```text
//! cargo bench --bench expansion                   # optimised, as where build dependencies are
//! cargo bench --bench expansion --profile dev     # what `cargo build` makes of a macro
//! ```

mod source;

use std::time::Duration;

use grad_benches::{Contestant, Effort, compare, duration};
use proc_macro2::TokenStream;

fn main() {
    // One call is long where it matters, so few rounds are enough.
    let effort = Effort { rounds: 5, samples: 3, sample: Duration::from_millis(5) };
    println!("| operations | source | lexing | an operation |\n|---:|---:|---:|---:|");
    for operations in [250, 1000, 4000] {
        let source = source::straight_line(operations);
        // What `#[grad]` does with the tokens is to be timed here, beside lexing.
        let lexing =
            Contestant::new("lexing", || source.parse::<TokenStream>().expect("what is generated is Rust"));
        let seconds = compare(&mut [lexing], 1, effort)[0].seconds;
        println!(
            "| {operations} | {:.0} kB | {} | {} |",
            source.len() as f64 / 1e3,
            duration(seconds),
            duration(seconds / operations as f64),
        );
    }
}
