//! Guards, the ranges on which they rest, and the modes.

use grad_core::ir::{Elem, Graph, Int, NodeId, Op, Scalar};
use grad_core::rules::{self, Known, Mode, Phase, range};

use crate::support::*;

fn call(graph: &mut Graph, scalar: Scalar, args: &[NodeId]) -> NodeId {
    graph.scalar(scalar, args)
}

#[test]
fn nothing_is_known_of_a_parameter() {
    let mut graph = Graph::new();
    let x = param(&mut graph, 0);
    let range = range(&graph, x);
    assert_eq!([range.is_finite(), range.is_nonzero(), range.is_nonneg()], [Known::Unknown; 3]);
}

#[test]
fn what_operations_tell() {
    let mut graph = Graph::new();
    let x = param(&mut graph, 0);
    let e = call(&mut graph, Scalar::Exp, &[x]);
    assert_eq!(range(&graph, e).is_nonneg(), Known::Yes);
    // exp underflows.
    assert_eq!(range(&graph, e).is_nonzero(), Known::Unknown);
    let minus = graph.neg(e);
    let one = graph.float_like(1.0, x);
    let less = graph.sub(minus, one);
    assert_eq!(range(&graph, minus).is_nonneg(), Known::Unknown);
    assert_eq!(range(&graph, less).is_nonneg(), Known::Unknown);
    let square = graph.mul(x, x);
    assert_eq!(range(&graph, square).is_nonneg(), Known::Yes);
    let sum = graph.plus(square, one);
    assert_eq!(range(&graph, sum).is_nonneg(), Known::Yes);
    // x may be NaN.
    assert_eq!(range(&graph, sum).is_nonzero(), Known::Unknown);
}

#[test]
fn max_and_min_shut_nan_out() {
    let mut graph = Graph::new();
    let x = param(&mut graph, 0);
    let (low, high) = (graph.float_like(0.5, x), graph.float_like(2.0, x));
    let above = call(&mut graph, Scalar::Max, &[x, low]);
    assert_eq!(range(&graph, above).is_nonzero(), Known::Yes);
    assert_eq!(range(&graph, above).is_finite(), Known::Unknown);
    let between = call(&mut graph, Scalar::Min, &[above, high]);
    assert_eq!(range(&graph, between).is_finite(), Known::Yes);
    // clamp passes NaN on.
    let clamped = call(&mut graph, Scalar::Clamp, &[x, low, high]);
    assert_eq!(range(&graph, clamped).is_finite(), Known::Unknown);
}

#[test]
fn the_ranges_hold() {
    let points = [0.0, -0.0, 1.5, -2.0, 1e-320, 1e300, -1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    for row in Scalar::TABLE.iter().filter(|row| row.arity <= 2 && row.scalar != Scalar::Powi) {
        let mut graph = Graph::new();
        let args = operands(&mut graph, row.scalar);
        let node = graph.scalar(row.scalar, &args);
        let range = range(&graph, node);
        for a in points {
            for b in points {
                let y = (row.eval)(&[a, b][..row.arity]);
                let fine = if y.is_nan() { range.nan } else { range.lo <= y && y <= range.hi };
                assert!(fine, "{}({a}, {b}) = {y} is not in {range:?}", row.name);
            }
        }
    }
}

#[test]
fn relaxed_rules_need_a_proof_or_fast_math() {
    let mut graph = Graph::new();
    let x = param(&mut graph, 0);
    let n = graph.add(Op::Param(1, Elem::Int(Int::Usize)), &[]);
    let n = graph.cast(F64, n);
    let zero = graph.float_like(0.0, x);
    let [unknown, proven] = [x, n].map(|operand| graph.sub(operand, operand));
    let mut rewrite = |node, mode| rules::rewrite(&mut graph, &[node], Phase::Algebra, mode)[0];
    assert_eq!(rewrite(unknown, Mode::Default), unknown);
    assert_eq!(rewrite(unknown, Mode::FastMath), zero);
    assert_eq!(rewrite(proven, Mode::Default), zero);
    assert_eq!(rewrite(proven, Mode::Exact), proven);
}

#[test]
fn fast_math_does_not_overrule_a_refuted_guard() {
    let mut graph = Graph::new();
    let infinity = graph.float(f64::INFINITY, grad_core::ir::Float::F64);
    let difference = graph.sub(infinity, infinity);
    assert_eq!(rules::rewrite(&mut graph, &[difference], Phase::Algebra, Mode::FastMath), [difference]);
}
