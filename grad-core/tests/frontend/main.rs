//! The front end: what every surface form means, held against the same Rust code, and what is refused.

mod harness;
mod iterators;
mod scalars;
