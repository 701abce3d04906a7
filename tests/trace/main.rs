//! `#[grad(trace)]`: values and cotangents of all that a function names.
// What is named, and how it is computed, is what is tested.
#![allow(clippy::let_and_return, clippy::assign_op_pattern, clippy::needless_range_loop)]

#[path = "../check/mod.rs"]
mod check;
mod flow;
mod loops;
mod probe;
mod same;
mod values;
