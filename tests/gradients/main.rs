//! What `#[grad]` writes for scalars, fixed arrays, slices, `Vec`s, closures, iterators and control
//! expressions: values against the plain function bit by bit, gradients against finite differences.
//!
//! The first line also asks that generated code compiles without a warning.
#![deny(warnings)]
// The functions are written in many ways on purpose.
#![allow(clippy::all)]

#[macro_use]
mod check;
#[macro_use]
mod changed;

mod algorithms;
mod apart;
mod attributes;
mod chains;
mod containers;
mod control;
mod folds;
mod forms;
mod gated;
mod given;
mod growing;
mod imperative;
mod items;
mod iterators;
mod leaving;
mod lengths;
mod methods;
mod methods_of_types;
mod nests;
mod options;
mod picking;
mod programs;
mod recurrent;
mod recursion;
mod references;
mod rows;
mod semantics;
mod stacks;
mod statements;
