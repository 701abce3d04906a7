//! The pipeline.
pub mod diagnostic;
pub mod eval;
pub mod frontend;
pub mod ir;
pub mod rules;
