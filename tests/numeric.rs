//! The functions of `grad::nn` within `#[grad]` functions, the digits of values and gradients at extremes, kinks,
//! and networks, against finite differences.
#![deny(warnings)]
// Surface forms are written as users write them, not as they should be.
#![allow(clippy::all)]

mod check;
#[path = "numeric/entropy.rs"]
mod entropy;
#[path = "numeric/kinks.rs"]
mod kinks;
#[path = "numeric/layers.rs"]
mod layers;
#[path = "numeric/library.rs"]
mod library;
#[path = "numeric/modes.rs"]
mod modes;
#[path = "numeric/networks.rs"]
mod networks;
#[path = "numeric/stable.rs"]
mod stable;
#[path = "numeric/terms.rs"]
mod terms;
