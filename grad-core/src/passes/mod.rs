//! The stages between the front end and the plan: one file each.

pub mod branches;
pub mod checkpoint;
pub mod displaced;
pub mod elements;
pub mod empty_sums;
pub mod guards;
pub mod infer;
pub mod matmul;
pub mod orient;
pub mod prune;
pub mod sharing;
