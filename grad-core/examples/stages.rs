//! How long each stage takes for a long straight-line function.
//!
//! ```text
//! cargo run -p grad-core --example stages -- 1000             # what `cargo build` makes of a macro
//! cargo run --release -p grad-core --example stages -- 1000
//! ```

use std::time::Instant;

use grad_core::pipeline::{self, Reverse};
use proc_macro2::TokenStream;

#[path = "../../benches/expansion/source.rs"]
mod source;

fn main() {
    let start = Instant::now();
    grad_core::rules::table();
    println!("table of rules  {:>8.2} ms", milliseconds(start));
    let wanted = std::env::args().skip(1).map(|arg| arg.parse().expect("a number of operations"));
    let wanted: Vec<usize> = wanted.collect();
    for operations in if wanted.is_empty() { vec![250, 1000, 4000] } else { wanted } {
        stages(operations);
    }
}

fn stages(operations: usize) {
    let tokens: TokenStream = source::straight_line(operations).parse().expect("what is generated is Rust");
    let all = Instant::now();
    let start = Instant::now();
    let reading = grad_core::frontend::read(TokenStream::new(), tokens).expect("nothing is refused");
    let read = milliseconds(start);
    let start = Instant::now();
    let mut prepared = pipeline::prepare(reading.function).unwrap_or_else(|_| panic!("nothing is refused"));
    let prepare = milliseconds(start);
    let start = Instant::now();
    let written = pipeline::write_reverse(&mut prepared, Reverse::Grad);
    let write = milliseconds(start);
    let total = milliseconds(all);
    drop(written);
    println!(
        "{operations:>5} operations: read {read:.1} + prepare {prepare:.1} + the rest {write:.1} = {total:.1} ms"
    );
}

fn milliseconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
