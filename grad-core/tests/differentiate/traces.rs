//! Traces of random imperative programs: the value is that without a trace, to the last bit, gradients are those without
//! up to the order of sums, and cotangents are differences in the shifts that stand for them.

use std::cell::Cell;

use grad_core::eval::{Value, evaluate};
use grad_core::frontend::read_traced;
use grad_core::ir::function::Function;
use grad_core::ir::verify::verify;
use grad_core::ir::{NodeId, Op};
use grad_core::pipeline::{Reverse, differentiate, prepare};
use grad_core::rules::Mode;
use grad_core::traced;

use super::programs::{function, inputs};
use crate::common::imperative::{Kind, Program};
use crate::support::*;

const CASES: u32 = 400;

/// The program as a function that reports; `None` where a loop has no place in a trace.
fn traced_function(source: &str) -> Option<Function> {
    match read_traced("exact, trace".parse().expect("an attribute"), source.parse().expect("tokens")) {
        Ok(reading) => Some(reading.function),
        Err(errors) => {
            let messages = errors.messages();
            assert!(messages.iter().all(|message| message.contains("cannot be traced")), "{messages:?}");
            None
        }
    }
}

fn check(program: &Program, (compared, refused): (&Cell<u32>, &Cell<u32>)) {
    let is_moderate = |x: &f64| x.abs() < 1e4;
    if program.returned.is_some() || !program.run(&program.arguments).iter().all(is_moderate) {
        return;
    }
    let source = program.source();
    let given = inputs(&program.arguments);
    let mut plain = prepare(function(&source)).unwrap_or_else(|_| panic!("extents differ"));
    let derivative = differentiate(&mut plain, Reverse::Grad);
    let roots = [&derivative.values[..], &derivative.gradients[..]].concat();
    // Some derivatives still read elements where a condition does not hold.
    let Ok(expected) = evaluate(&plain.function.graph, &roots, &given) else { return };

    let Some(mut function) = traced_function(&source) else { return refused.set(refused.get() + 1) };
    let shifted = traced_function(&source).expect("it has been read before");
    let mut traced = traced::differentiate(&mut function, Mode::Exact).unwrap_or_else(|_| panic!("extents"));
    let roots: Vec<NodeId> = traced.nodes_mut().map(|node| *node).collect();
    verify(&function.graph, &roots).expect("a graph");
    let values = evaluate(&function.graph, &roots, &given).expect("a trace");
    let (same, mut reported) = values.split_at(expected.len());
    assert_eq!(floats(&same[0])[0].to_bits(), floats(&expected[0])[0].to_bits());
    for (found, expected) in same.iter().zip(&expected) {
        for (found, expected) in floats(found).iter().zip(floats(expected)) {
            assert_close("gradient", *found, *expected, 0.0, 1e-10);
        }
    }

    let mut shifted = prepare(shifted).unwrap_or_else(|_| panic!("extents differ")).function;
    let result = shifted.output.leaves()[0].0;
    for report in &traced.reports {
        let (own, rest) = reported.split_at(2 + usize::from(report.taken.is_some()));
        reported = rest;
        let number = report.shift;
        let alone = traced::without(&mut shifted.graph, &[result], &[number].into());
        // The interpreter asks for the extents of an input before it knows how often a loop stops that it is used in.
        let nodes = shifted.graph.reachable(&alone).into_iter();
        let mut extents = nodes.filter(|&id| matches!(shifted.graph.op(id), Op::Seed(..))).flat_map(|id| {
            let extents = shifted.graph.ty(id).shape.clone();
            shifted.graph.reachable(&extents)
        });
        if extents.any(|id| matches!(shifted.graph.op(id), Op::Trips(_))) {
            continue;
        }
        let direction = Numbers(u64::from(number)).like(&own[1]);
        let (found, scale) = dot(&own[1..2], std::slice::from_ref(&direction));
        if scale.is_nan() || scale > 1e4 {
            continue;
        }
        let slope = slopes(|h| {
            let mut moved = direction.clone();
            moved.as_floats_mut().expect("floats").iter_mut().for_each(|x| *x *= h);
            let mut seeds = vec![Value::Float(0.0); number as usize];
            seeds.push(moved);
            let values = evaluate(&shifted.graph, &alone, &given.clone().with_seeds(seeds));
            floats(&values.expect("a value")[0]).to_vec()
        });
        let Some(slope) = slope else { continue };
        compared.set(compared.get() + 1);
        assert_close(&report.name, found, slope[0], 0.0, 1e-4);
    }
}

fn run(kind: Kind) {
    let (compared, refused) = (Cell::new(0), Cell::new(0));
    let cases = each_program(CASES, kind, |program| check(program, (&compared, &refused)));
    assert!(compared.get() > cases / 10, "only {} values compared", compared.get());
    assert!(refused.get() < cases / 10, "{} of {cases} programs refused", refused.get());
}

#[test]
fn random_programs() {
    run(Kind::Total);
}

#[test]
fn random_programs_with_guards() {
    run(Kind::Guarded);
}
