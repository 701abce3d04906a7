//! Rewrites: both sides of each at ordinary and at extreme points, and each fires.

use grad_core::eval::{Inputs, Value, evaluate_one};
use grad_core::ir::{Graph, NodeId};
use grad_core::rules::{self, Mark, Mode, Phase, Rewrite, Sample};

use crate::support::*;

const EXTREMES: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    1e-20,
    -1e-20,
    30.0,
    -40.0,
    800.0,
    -800.0,
    1e200,
    -1e200,
    f64::INFINITY,
    f64::NEG_INFINITY,
];

fn inputs(sample: &Sample, next: &mut dyn FnMut() -> f64) -> Inputs {
    let value = |len: &Option<usize>| match len {
        None => Value::Float(next()),
        Some(len) => Value::floats(&[*len], (0..*len).map(|_| next()).collect()),
    };
    Inputs::new(sample.params.iter().map(value).collect())
}

fn values(graph: &Graph, node: NodeId, inputs: &Inputs) -> Vec<f64> {
    match evaluate_one(graph, node, inputs).unwrap_or_else(|error| panic!("{error:?}")) {
        Value::Float(value) => vec![value],
        other => other.as_floats().expect("floats").to_vec(),
    }
}

/// Calls `check` with the values of both sides of every rewrite at points that `draw` chooses.
fn walk(count: usize, draw: &dyn Fn(&mut Random) -> f64, check: &dyn Fn(&Rewrite, &Inputs, f64, f64)) {
    for rule in &rules::table().rewrites {
        let mut graph = Graph::new();
        let sample = rule.sample(&mut graph);
        let mut random = Random::new(7);
        for _ in 0..count {
            let inputs = inputs(&sample, &mut || draw(&mut random));
            let left = values(&graph, sample.lhs, &inputs);
            let right = values(&graph, sample.rhs, &inputs);
            assert_eq!(left.len(), right.len(), "{}", rule.name);
            left.iter().zip(&right).for_each(|(l, r)| check(rule, &inputs, *l, *r));
        }
    }
}

/// Away from 0, where the form to be replaced has lost digits.
fn ordinary(random: &mut Random) -> f64 {
    let sign = if random.unit() < 0.5 { -1.0 } else { 1.0 };
    sign * random.between(0.3, 2.0)
}

fn extreme(random: &mut Random) -> f64 {
    EXTREMES[(random.unit() * EXTREMES.len() as f64) as usize]
}

#[test]
fn both_sides_agree_at_ordinary_points() {
    walk(200, &ordinary, &|rule, inputs, left, right| {
        // Outside its domain, the left side says nothing: ln(exp(x) - 1) of a negative x.
        let near = left.is_nan() || is_near(left, right, 1e-12) || (left - right).abs() < 1e-14;
        assert!(near, "{}: {left} became {right} at {:?}", rule.name, inputs.params);
    });
}

#[test]
fn exact_rules_keep_every_bit() {
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    let check = |rule: &Rewrite, inputs: &Inputs, left: f64, right: f64| {
        let fine = rule.mark != Mark::Exact || same(left, right);
        assert!(fine, "{}: {left} became {right} at {:?}", rule.name, inputs.params);
    };
    walk(200, &ordinary, &check);
    walk(500, &extreme, &check);
    walk(200, &|random| if random.unit() < 0.2 { f64::NAN } else { ordinary(random) }, &check);
}

#[test]
fn stabilised_forms_are_numbers_where_the_naive_ones_are() {
    let finite = |random: &mut Random| match extreme(random) {
        x if x.is_finite() => x,
        _ => ordinary(random),
    };
    walk(500, &finite, &|rule, inputs, left, right| {
        let worse = right.is_nan() && left.is_finite();
        assert!(
            rule.mark != Mark::Stabilise || !worse,
            "{}: {left} became NaN at {:?}",
            rule.name,
            inputs.params
        );
    });
}

#[test]
fn every_rule_fires() {
    for rule in &rules::table().rewrites {
        for &phase in &rule.phases {
            let mut graph = Graph::new();
            let sample = rule.sample(&mut graph);
            let roots = rules::rewrite(&mut graph, &[sample.lhs, sample.rhs], phase, Mode::FastMath);
            assert_ne!(roots[0], sample.lhs, "{} {phase:?} does not fire", rule.name);
            assert_eq!(roots[0], roots[1], "{} {phase:?}: the sides have different normal forms", rule.name);
        }
    }
}

#[test]
fn rewriting_is_idempotent() {
    for rule in &rules::table().rewrites {
        for phase in [Phase::Stabilise, Phase::Algebra, Phase::Lower] {
            let mut graph = Graph::new();
            let sample = rule.sample(&mut graph);
            let once = rules::rewrite(&mut graph, &[sample.lhs], phase, Mode::Default);
            let twice = rules::rewrite(&mut graph, &once, phase, Mode::Default);
            assert_eq!(once, twice, "{}", rule.name);
        }
    }
}
