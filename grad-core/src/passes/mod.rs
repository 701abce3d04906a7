//! The stages between the front end and the plan: one file each.

pub mod branches;
pub mod checkpoint;
pub mod elements;
pub mod guards;
pub mod infer;
pub mod matmul;
pub mod orient;
pub mod prune;
pub mod sharing;
pub mod succession;
