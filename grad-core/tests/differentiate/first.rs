//! First derivatives: of a scalar in every direction, of an array as a linear map and its transpose.

use std::cell::Cell;

use grad_core::differentiate::{forward, reverse};
use grad_core::eval::{Value, evaluate};
use grad_core::ir::verify::verify;
use grad_core::rules::{Mode, Phase, rewrite};

use crate::common::sample::{Kind, Sample};
use crate::support::*;

const CASES: u32 = 700;

/// How many samples were compared with differences.
#[derive(Default)]
struct Tally {
    compared: Cell<u32>,
}

/// Values, tangents and gradients of scalar and array result in both modes, after the stages that follow.
fn check(mut sample: Sample, tally: &Tally, stabilise: bool) {
    let g = &mut sample.graph;
    g.tighten_loops();
    let mut outputs = vec![sample.root, sample.array];
    verify(g, &outputs).expect("a sample");
    if stabilise {
        outputs = rewrite(g, &outputs, Phase::Stabilise, Mode::Default);
        verify(g, &outputs).expect("stabilise");
    }
    let directions = seeds_like(g, &sample.params, 0);
    let cotangents = seeds_like(g, &outputs, directions.len());
    let seeded: Vec<_> = outputs.iter().copied().zip(cotangents).collect();
    let gradients = reverse(g, &seeded, &sample.params);
    let moving: Vec<_> = sample.params.iter().copied().zip(directions).collect();
    let tangents = forward(g, &outputs, &moving);
    let roots = finish(g, &[&outputs[..], &gradients, &tangents].concat());

    let mut numbers = Numbers(roots.len() as u64);
    let direction: Vec<Value> = sample.inputs.params.iter().map(|p| numbers.like(p)).collect();
    let before = evaluate(g, &outputs, &sample.inputs).expect("a value");
    let cotangent: Vec<Value> = before.iter().map(|value| numbers.like(value)).collect();
    let inputs = sample.inputs.clone().with_seeds([&direction[..], &cotangent].concat());
    let values = evaluate(g, &roots, &inputs).expect("derivatives");
    let (after, derivatives) = values.split_at(outputs.len());
    let (gradients, tangents) = derivatives.split_at(gradients.len());
    if !is_finite(&values) {
        return;
    }
    for (before, after) in before.iter().zip(after) {
        for (x, y) in floats(before).iter().zip(floats(after)) {
            assert_close("value", *y, *x, 0.0, 1e-10);
        }
    }
    let ((pulled, scale), (pushed, other)) = (dot(gradients, &direction), dot(tangents, &cotangent));
    assert_close("⟨g, Jv⟩ = ⟨Jᵀg, v⟩", pulled, pushed, scale.max(other), 1e-8);
    let Some(expected) = differences(g, &outputs, &sample.inputs, &direction) else { return };
    tally.compared.set(tally.compared.get() + 1);
    let found = tangents.iter().flat_map(|t| floats(t).iter());
    for (found, expected) in found.zip(expected) {
        assert_close("tangent", *found, expected, 0.0, 1e-4);
    }
}

fn run(kind: Kind, stabilise: bool) {
    let tally = Tally::default();
    let cases = each(CASES, kind, |sample| check(sample, &tally, stabilise));
    assert!(tally.compared.get() > cases / 2, "only {} cases compared", tally.compared.get());
}

#[test]
fn programs() {
    run(Kind::Program, false);
}

#[test]
fn stabilised_programs() {
    run(Kind::Program, true);
}

#[test]
fn histories() {
    run(Kind::Derivative, false);
}
