//! `grad::nn` on every kind of container against formulas written out, at extremes too, and the
//! matrix product against plain loops.

#[path = "nn/containers.rs"]
mod containers;
#[path = "nn/extremes.rs"]
mod extremes;
#[path = "nn/gemm.rs"]
mod gemm;
#[path = "nn/losses.rs"]
mod losses;
