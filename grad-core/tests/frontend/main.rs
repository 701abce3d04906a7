//! The front end: what every surface form means, held against the same Rust code, and what is refused.

mod arrays;
mod harness;
mod iterators;
mod networks;
mod refusals;
mod scalars;
