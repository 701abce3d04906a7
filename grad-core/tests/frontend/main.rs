//! The front end: what every surface form means, held against the same Rust code, and what is refused.

// The functions in these tests are surface forms, not how one would write them.
#![allow(
    clippy::manual_clamp,
    clippy::needless_return,
    clippy::neg_cmp_op_on_partial_ord,
    clippy::ptr_arg,
    clippy::redundant_closure_call,
    clippy::useless_vec
)]

mod arrays;
mod assertions;
mod harness;
mod iterators;
mod networks;
mod refusals;
mod scalars;
mod structure;
