//! `grad::nn` on every kind of container against formulas written out, at extremes too.

#[path = "nn/containers.rs"]
mod containers;
#[path = "nn/extremes.rs"]
mod extremes;
#[path = "nn/losses.rs"]
mod losses;
