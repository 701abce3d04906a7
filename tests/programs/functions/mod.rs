//! Programs as people write them from a formula: loops over slices, `let mut`, arrays changed in place. The benchmarks
//! measure these very ones.
// They are written as their authors would.
#![allow(clippy::all)]

pub mod alignments;
pub mod bodies;
pub mod bundle;
pub mod chains;
pub mod clusters;
pub mod determinant;
pub mod fourier;
pub mod heat;
pub mod kalman;
pub mod learning;
pub mod least_squares;
pub mod linear;
pub mod log_sum_exp;
pub mod lstm;
pub mod mixture;
pub mod network;
pub mod newton;
pub mod ode;
pub mod particle;
pub mod sequences;
pub mod sorting;
pub mod stencils;
