//! The functions of `grad::nn`, by name.

use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::value::Val;
use crate::ir::{NodeId, Op, Scalar};

/// A function of `grad::nn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nn {
    /// Element by element.
    Scalar(Scalar),
    StopGradient,
}

/// The function of this name.
pub fn find(name: &str) -> Option<Nn> {
    Some(match name {
        "relu" => Nn::Scalar(Scalar::Relu),
        "stop_gradient" => Nn::StopGradient,
        _ => return None,
    })
}

impl Reader {
    pub fn nn_call(&mut self, arguments: &mut Arguments) -> Read<Val> {
        let _ = (Op::StopGradient, NodeId(0));
        self.refuse(arguments.span, "not yet")
    }
}
