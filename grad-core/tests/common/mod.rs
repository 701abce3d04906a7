//! What the tests of graphs share.
#![allow(dead_code)]

pub mod imperative;
pub mod sample;

use grad_core::ir::{Elem, Float, Graph, NodeId, Op};

pub const F64: Elem = Elem::Float(Float::F64);

/// A parameter `name: [f64; extent]`.
pub fn vector(g: &mut Graph, k: u32, name: &str, extent: &str) -> NodeId {
    let extent = g.symbol_node(extent, Elem::USIZE);
    let node = g.add(Op::Param(k, F64), &[extent]);
    g.set_name(node, name);
    node
}

/// A parameter `[f64; …]` of literal extents; without any, an `f64`.
pub fn param(g: &mut Graph, k: u32, extents: &[usize]) -> NodeId {
    let shape: Vec<NodeId> = extents.iter().map(|&n| g.usize(n)).collect();
    g.add(Op::Param(k, F64), &shape)
}
