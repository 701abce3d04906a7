//! What the plan makes of random programs, executed: values are those of the program, gradients agree with differences.

#[path = "plan/checkpoints.rs"]
mod checkpoints;
mod common;
#[path = "plan/found.rs"]
mod found;
#[path = "plan/machine.rs"]
mod machine;
#[path = "plan/programs.rs"]
mod programs;
#[path = "differentiate/support.rs"]
mod support;
