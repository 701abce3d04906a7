//! Differentiation: from a graph to the same graph with the derivative in it. Nothing about storage is decided
//! here, so that the result can be differentiated again.

pub mod activity;
mod again;
mod array;
mod condition;
mod cotangent;
pub mod forward;
mod gate;
mod keep;
mod looping;
mod recall;
pub mod reverse;
mod update;

pub use forward::forward;
pub use reverse::reverse;
pub use update::is_version;
