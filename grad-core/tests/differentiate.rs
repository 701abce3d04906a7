//! Reverse mode, forward mode and differences of the interpreter's values agree, on random graphs.

#[path = "differentiate/checkpoints.rs"]
mod checkpoints;
mod common;
#[path = "differentiate/first.rs"]
mod first;
#[path = "differentiate/programs.rs"]
mod programs;
#[path = "differentiate/second.rs"]
mod second;
#[path = "differentiate/support.rs"]
mod support;
#[path = "differentiate/traces.rs"]
mod traces;
