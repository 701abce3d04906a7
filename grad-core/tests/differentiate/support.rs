//! Directions, differences and tolerances.

#![allow(dead_code)]

use std::fmt::Debug;

use grad_core::eval::{Inputs, Value, evaluate};
use grad_core::ir::verify::verify;
use grad_core::ir::{Graph, NodeId, Op};
use grad_core::passes::checkpoint::checkpoint;
use grad_core::rules::{Mode, Phase, rewrite};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use crate::common::F64;
use crate::common::imperative::{self, Program, programs};
use crate::common::sample::{Kind, Sample, samples};

/// How many: `PROPTEST_CASES` asks for more or fewer of them.
fn config(cases: u32, max_shrink_iters: u32) -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { ProptestConfig::default().cases } else { cases };
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters, ..Default::default() }
}

/// Checks random samples, and how many.
pub fn each(cases: u32, kind: Kind, check: impl Fn(Sample)) -> u32 {
    let config = config(cases, 2000);
    run(TestRunner::new(config.clone()), samples(kind), check);
    config.cases
}

/// Checks the same samples in each run.
pub fn the_same(cases: u32, kind: Kind, check: impl Fn(Sample)) {
    let same = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = ProptestConfig { cases, ..config(cases, 2000) };
    run(TestRunner::new_with_rng(config, same), samples(kind), check);
}

/// Checks random programs, and how many: the same in each run, or as many others as `PROPTEST_CASES` asks for.
pub fn each_program(cases: u32, kind: imperative::Kind, check: impl Fn(&Program)) -> u32 {
    let config = config(cases, 0);
    let runner = match std::env::var_os("PROPTEST_CASES") {
        Some(_) => TestRunner::new(config.clone()),
        None => TestRunner::new_with_rng(config.clone(), TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
    };
    run(runner, programs(kind), |program| program.check(&check));
    config.cases
}

fn run<T: Debug>(mut runner: TestRunner, of: impl Strategy<Value = T>, check: impl Fn(T)) {
    let result = runner.run(&of, |sample| {
        check(sample);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Reproducible numbers in `-1.0..1.0`.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    /// A value of the shape of another.
    pub fn like(&mut self, value: &Value) -> Value {
        let mut new = value.clone();
        new.as_floats_mut().expect("floats").iter_mut().for_each(|x| *x = self.next());
        new
    }
}

/// A seed for each node, numbered from `first`.
pub fn seeds_like(g: &mut Graph, nodes: &[NodeId], first: usize) -> Vec<NodeId> {
    let seed = |(k, &node): (usize, &NodeId)| {
        let shape = g.ty(node).shape.clone();
        g.add(Op::Seed((first + k) as u32, F64), &shape)
    };
    nodes.iter().enumerate().map(seed).collect()
}

pub fn floats(value: &Value) -> &[f64] {
    value.as_floats().expect("floats")
}

/// `Σ x·y`, and `Σ |x·y|`, the scale of its rounding errors.
pub fn dot(x: &[Value], y: &[Value]) -> (f64, f64) {
    let terms = x.iter().zip(y).flat_map(|(x, y)| floats(x).iter().zip(floats(y)).map(|(x, y)| x * y));
    terms.fold((0.0, 0.0), |(sum, scale), term| (sum + term, scale + term.abs()))
}

pub fn is_finite(values: &[Value]) -> bool {
    values.iter().all(|value| floats(value).iter().all(|x| x.is_finite()))
}

/// The inputs moved by `h` along a direction.
pub fn moved(inputs: &Inputs, direction: &[Value], h: f64) -> Inputs {
    let mut new = inputs.clone();
    for (value, by) in new.params.iter_mut().zip(direction) {
        let by = floats(by).to_vec();
        value.as_floats_mut().expect("floats").iter_mut().zip(by).for_each(|(x, by)| *x += h * by);
    }
    new
}

/// The derivatives of some values along a direction by extrapolated differences, and how sure they are. `None`
/// where the differences do not converge: near a kink or a jump.
pub fn differences(g: &Graph, roots: &[NodeId], inputs: &Inputs, direction: &[Value]) -> Option<Vec<f64>> {
    slopes(|h| {
        let values = evaluate(g, roots, &moved(inputs, direction, h)).expect("a value nearby");
        values.iter().flat_map(|value| floats(value).to_vec()).collect()
    })
}

/// As [`differences`], of a function of how far to go.
pub fn slopes(values: impl Fn(f64) -> Vec<f64>) -> Option<Vec<f64>> {
    let here = values(0.0);
    let mut estimates: Vec<Vec<f64>> = Vec::new();
    for h in [2e-3, 1e-3, 5e-4] {
        let (up, down) = (values(h), values(-h));
        for ((up, down), here) in up.iter().zip(&down).zip(&here) {
            // One-sided slopes differ by h·f″ where there is no kink.
            if ((up - here) - (here - down)).abs() > 0.05 * h * (1.0 + (up - down).abs() / h) {
                return None;
            }
        }
        estimates.push(up.iter().zip(&down).map(|(up, down)| (up - down) / (2.0 * h)).collect());
    }
    let extrapolated = |k: usize, at: usize| (4.0 * estimates[k + 1][at] - estimates[k][at]) / 3.0;
    (0..here.len())
        .map(|at| {
            let (coarse, fine) = (extrapolated(0, at), extrapolated(1, at));
            let sure = (coarse - fine).abs() <= 1e-6 * (1.0 + fine.abs());
            (sure && fine.is_finite()).then_some(fine)
        })
        .collect()
}

#[track_caller]
pub fn assert_close(what: &str, found: f64, expected: f64, scale: f64, tolerance: f64) {
    let error = (found - expected).abs();
    let scale = 1.0 + scale.abs().max(expected.abs());
    assert!(error <= tolerance * scale, "{what}: {found:e}, but expected {expected:e} (scale {scale:e})");
}

/// What the pipeline does after differentiation, each stage verified.
pub fn finish(g: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    verify(g, roots).expect("differentiate");
    let roots = rewrite(g, roots, Phase::Algebra, Mode::Default);
    verify(g, &roots).expect("algebra");
    let roots = checkpoint(g, &roots);
    verify(g, &roots).expect("checkpoint");
    let roots = rewrite(g, &roots, Phase::Lower, Mode::Default);
    verify(g, &roots).expect("lower");
    roots
}
