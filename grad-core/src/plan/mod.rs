//! From a graph to a [`Program`]: what is computed where, in which loop, under which name.
//!
//! `jobs` finds the values that need a statement; `group` decides which of them share a loop; `schedule`
//! writes the statements, loop by loop; `expression` writes what stands inside a statement; `distribute`
//! takes loops over stencils apart; `rows` takes the rows over which inner loops run out of flat buffers.

mod around;
mod assertion;
mod bounds;
mod buffers;
mod carry;
mod copies;
mod dead;
mod discovery;
mod distribute;
mod execute;
mod expression;
mod finish;
mod gated;
mod group;
mod growth;
mod inline;
mod jobs;
mod lanes;
mod memory;
mod names;
mod needs;
mod offset;
mod postpone;
pub mod program;
mod reload;
mod reuse;
mod rows;
mod saved;
mod schedule;
mod shared_rows;
mod stopping;
mod versions;
mod visit;
mod waits;

pub use jobs::Goal;
pub use names::{Names, is_static};
pub use program::{Block, Expr, Program, Saved, Stmt};
pub use schedule::{Root, plan};
