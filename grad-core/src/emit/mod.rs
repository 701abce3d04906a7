//! From a [`Program`](crate::plan::Program) to tokens: one small function for each kind of node, no decisions.

mod assertion;
mod container;
mod expression;
mod item;
mod params;
mod record;
mod statement;

pub use container::storage;
pub use item::{Derivative, EntryCheck, Returned, Seed, State, Tree, derivative};
pub use params::params;
pub use record::Record;
