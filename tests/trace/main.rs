//! `#[grad(trace)]`: values and cotangents of all that a function names.

#[path = "../check/mod.rs"]
mod check;
mod flow;
mod loops;
mod probe;
mod same;
mod values;
