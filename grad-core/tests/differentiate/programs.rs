//! Random imperative programs, as source: the value of the graph is that of the program, to the last bit, and the
//! derivatives in both modes agree with each other and with differences.

use std::cell::Cell;

use grad_core::differentiate::{forward, reverse};
use grad_core::eval::{Inputs, Value, evaluate};
use grad_core::frontend::read;
use grad_core::ir::function::Function;
use grad_core::ir::verify::verify;
use grad_core::ir::{Graph, NodeId};
use grad_core::passes::prune::{prune, settle};
use grad_core::pipeline::prepare;

use crate::common::imperative::{Kind, PARAMS, Program, Shape, Slot};
use crate::support::*;

const CASES: u32 = 1000;

/// A function of the front end's.
pub fn function(source: &str) -> Function {
    match read("exact".parse().expect("an attribute"), source.parse().expect("tokens")) {
        Ok(reading) => reading.function,
        Err(errors) => panic!("refused: {:#?}\n{source}", errors.messages()),
    }
}

fn value_of(slot: &Slot, shape: Option<Shape>) -> Value {
    match (slot, shape) {
        (Slot::Number(value), _) => Value::Float(*value),
        (Slot::Index(value), _) => Value::Int(*value as i128),
        (Slot::Array(elements), Some(Shape::Matrix)) => Value::floats(&[2, 3], elements.clone()),
        (Slot::Array(elements), _) => Value::floats(&[elements.len()], elements.clone()),
        (Slot::Unset, _) => panic!("an argument for each parameter"),
    }
}

pub fn inputs(arguments: &[Slot]) -> Inputs {
    let matrix = |k: usize| (k == 4).then_some(Shape::Matrix);
    Inputs::new(arguments.iter().enumerate().map(|(k, slot)| value_of(slot, matrix(k))).collect())
}

/// The arguments with other floats.
fn with_floats(arguments: &[Slot], values: &[Value]) -> Vec<Slot> {
    let mut values = values.iter().map(floats);
    let mut next = || values.next().expect("a value for each active parameter").to_vec();
    let other = |slot: &Slot| match slot {
        Slot::Number(_) => Slot::Number(next()[0]),
        Slot::Array(_) => Slot::Array(next()),
        other => other.clone(),
    };
    arguments.iter().map(other).collect()
}

pub fn flat(values: &[Value]) -> Vec<f64> {
    values.iter().flat_map(|value| floats(value).to_vec()).collect()
}

/// Whether what a program computes is of moderate size.
pub fn is_moderate(values: &[f64]) -> bool {
    values.iter().all(|x| x.abs() < 1e4)
}

pub fn same(found: &[f64], expected: &[f64]) -> bool {
    let is_same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    found.len() == expected.len() && found.iter().zip(expected).all(is_same)
}

pub struct Case {
    pub graph: Graph,
    pub params: Vec<NodeId>,
    pub outputs: Vec<NodeId>,
}

pub fn case(source: &str) -> Case {
    let mut prepared = prepare(function(source)).unwrap_or_else(|_| panic!("extents differ"));
    let function = &mut prepared.function;
    let outputs: Vec<NodeId> = function.output.leaves().iter().map(|(node, _)| *node).collect();
    let active = function.params.iter().filter(|param| param.active);
    let params = active.map(|param| param.node).collect();
    Case { params, outputs, graph: std::mem::take(&mut function.graph) }
}

/// Tangents, which agree with the gradients, and in which direction. `None` where some are not of moderate size.
fn tangents(case: Case, given: &Inputs, expected: &[f64]) -> Option<(Vec<f64>, Vec<Value>)> {
    let Case { mut graph, params, outputs } = case;
    let g = &mut graph;
    verify(g, &outputs).expect("the function");
    let value = evaluate(g, &outputs, given).expect("a value");
    assert!(same(&flat(&value), expected), "{:?} instead of {expected:?}", flat(&value));

    let directions = seeds_like(g, &params, 0);
    let cotangents = seeds_like(g, &outputs, directions.len());
    let seeded: Vec<_> = outputs.iter().copied().zip(cotangents).collect();
    let gradients = reverse(g, &seeded, &params);
    verify(g, &gradients).expect("reverse");
    let moving: Vec<_> = params.iter().copied().zip(directions).collect();
    let tangents = forward(g, &outputs, &moving);
    let roots = [&outputs[..], &gradients, &tangents].concat();
    verify(g, &roots).expect("forward");
    let roots = settle(g, &roots);
    prune(g, &roots);
    let roots = finish(g, &roots);

    let mut numbers = Numbers(roots.len() as u64);
    let direction: Vec<Value> = active_values(given).iter().map(|p| numbers.like(p)).collect();
    let cotangent: Vec<Value> = value.iter().map(|value| numbers.like(value)).collect();
    let given = given.clone().with_seeds([&direction[..], &cotangent].concat());
    let values = evaluate(g, &roots, &given).expect("derivatives");
    let (after, derivatives) = values.split_at(outputs.len());
    let (gradients, tangents) = derivatives.split_at(gradients.len());
    assert!(same(&flat(after), expected), "{:?} instead of {expected:?}", flat(after));
    assert!(flat(derivatives).iter().all(|x| !x.is_nan()), "{derivatives:?}");
    if !is_moderate(&flat(derivatives)) {
        return None;
    }
    let ((pulled, scale), (pushed, other)) = (dot(gradients, &direction), dot(tangents, &cotangent));
    assert_close("⟨g, Jv⟩ = ⟨Jᵀg, v⟩", pulled, pushed, scale.max(other), 1e-8);
    Some((flat(tangents), direction))
}

fn active_values(given: &Inputs) -> Vec<Value> {
    given.params.iter().filter(|value| value.as_floats().is_some()).cloned().collect()
}

fn check(program: &Program, compared: &Cell<u32>) {
    let expected = program.run(&program.arguments);
    if !is_moderate(&expected) {
        return;
    }
    let given = inputs(&program.arguments);
    let Some((tangents, direction)) = tangents(case(&program.source()), &given, &expected) else { return };
    let expected = slopes(|h| {
        let moved = moved(&Inputs::new(active_values(&given)), &direction, h).params;
        program.run(&with_floats(&program.arguments, &moved))
    });
    let Some(expected) = expected else { return };
    compared.set(compared.get() + 1);
    for (found, expected) in tangents.iter().zip(expected) {
        assert_close("tangent", *found, expected, 0.0, 1e-4);
    }
}

/// Compares both modes with differences, for a function whose parameters are some of those of random programs.
fn agree(source: &str) {
    let names: Vec<String> = function(source).params.iter().map(|param| param.name.clone()).collect();
    let x = Slot::Array(vec![0.3, -0.7, 1.1]);
    let m = Slot::Array(vec![0.2, -0.4, 0.9, 1.3, -0.1, 0.6]);
    for (v, n) in [(vec![0.4, 0.8, -0.6, 0.1], 3), (vec![-0.9, 0.5], 1), (vec![0.7], 0)] {
        let (a, b) = (Slot::Number(0.7), Slot::Number(-0.4));
        let all = inputs(&[a, b, x.clone(), Slot::Array(v), m.clone(), Slot::Index(n)]).params;
        let place = |name: &String| PARAMS.iter().position(|param| param == name).expect("a parameter");
        let given = Inputs::new(names.iter().map(|name| all[place(name)].clone()).collect());
        let Case { graph, outputs, .. } = case(source);
        let value = |given: &Inputs| flat(&evaluate(&graph, &outputs, given).expect("a value"));
        let found = tangents(case(source), &given, &value(&given));
        let (tangents, direction) = found.expect("numbers of moderate size");
        let expected = slopes(|h| {
            let mut moved = given.clone();
            let places = moved.params.iter_mut().filter_map(Value::as_floats_mut);
            for (place, by) in places.zip(&direction) {
                place.iter_mut().zip(floats(by)).for_each(|(x, by)| *x += h * by);
            }
            value(&moved)
        });
        let expected = expected.expect("a function that is smooth here");
        for (found, expected) in tangents.iter().zip(expected) {
            assert_close("tangent", *found, expected, 0.0, 1e-6);
        }
    }
}

#[test]
fn arrays_that_change_element_by_element() {
    agree(
        "fn f(a: f64, v: &[f64]) -> Vec<f64> { let mut y = v.to_vec(); for i in 1..v.len() { y[i] = y[i - 1] * y[i] + a; } y }",
    );
    agree(
        "fn f(a: f64, b: f64, x: &[f64; 3]) -> f64 { let mut y = *x; for i in 0..2 { y[i] += y[i + 1].sin() * b; y[2] = y[i] * a; } y[0] * y[2] }",
    );
    agree(
        "fn f(a: f64, x: &[f64; 3]) -> f64 { let mut y = *x; for i in 0..3 { if y[i] > 0.2 { y[(i + 1) % 3] *= y[i] + a; } } y[0] + y[1] * y[2] }",
    );
    agree(
        "fn f(a: f64, x: &[f64; 3], m: &[[f64; 3]; 2], n: usize) -> [[f64; 3]; 2] { let mut y = *m; for i in 0..2 { y[i] = *x; y[i][n % 3] = a * y[1 - i][2]; } y }",
    );
    agree(
        "fn f(a: f64, b: f64, n: usize) -> f64 { let mut y = [0.0; 3]; y[n % 3] = 2.0; y[0] += a; y[n % 3] -= b; y[0] * y[1] + y[2] }",
    );
}

#[test]
fn loops_that_stop_early() {
    agree(
        "fn f(a: f64, v: &[f64]) -> f64 { let mut s = a; for i in 0..v.len() { if s > 1.0 { break; } s += v[i] * v[i]; } s * a }",
    );
    agree(
        "fn f(a: f64, b: f64, n: usize) -> f64 { let mut s = a; let mut k = 0; while k < n && s < 2.0 { s += s.sin() * b; k += 1; } s }",
    );
    agree("fn f(a: f64) -> f64 { let mut s = a; loop { s = s * s; if s < 0.3 { break; } } s * a }");
    agree(
        "fn f(a: f64, v: &[f64], n: usize) -> f64 { let mut s = a; for i in 0..n { let mut k = 0; while k < i { s = (s + v[k]).sin(); k += 1; } } s }",
    );
    agree(
        "fn f(a: f64, x: &[f64; 3], n: usize) -> f64 { let mut y = *x; let mut k = 0; while k < n { y[k % 3] += y[(k + 1) % 3] * a; k += 1; } y[0] * y[1] }",
    );
}

fn run(kind: Kind) {
    let compared = Cell::new(0);
    let cases = each_program(CASES, kind, |program| check(program, &compared));
    assert!(compared.get() > cases / 2, "only {} cases compared", compared.get());
}

#[test]
fn random() {
    run(Kind::Total);
}

#[test]
#[ignore = "one in some hundred still computes what does not exist under its conditions"]
fn random_with_guards() {
    run(Kind::Guarded);
}

#[test]
fn conditions_in_branches() {
    agree(
        "fn f(a: f64, v: &[f64], n: usize) -> f64 { let mut s = v[0]; if n < v.len() { if v[n] < 0.2 { s = a; } } s * a }",
    );
    agree(
        "fn f(a: f64, v: &[f64], n: usize) -> f64 { let mut s = a; if n < v.len() { s -= if v[n] < 0.2 { v[n] } else { a }; } s + v[0] }",
    );
    agree("fn f(v: &[f64], a: f64) -> Vec<f64> { let mut y = v.to_vec(); if 1 < v.len() { y[1] = a; } y }");
}

#[test]
fn loops_in_loops_that_stop() {
    agree(
        "fn f(a: f64) -> f64 { let mut s = 0.5; let mut k = 0; loop { if k >= 2 { break; } k += 1; for _ in 0..2 { let mut j = 0; while j < k { j += 1; s += a; } } } s }",
    );
    agree(
        "fn f(a: f64, n: usize) -> f64 { let mut s = a; for _ in 0..3 { let mut k = 0; while k < 2 && n == 1 { s += s; k += 1; } } s }",
    );
    agree(
        "fn f(x: &[f64; 3]) -> f64 { let mut s = 0.5; for i in 0..2 { let mut k = 0; loop { if k >= 1 { break; } k += 1; for _ in 0..2 { let mut t = [x[i]; 4]; for _ in 0..2 { s = s * t[0]; t[0] = 0.5; } } } } s }",
    );
    agree(
        "fn f(a: f64, v: &[f64]) -> f64 { let mut s = v[0]; for _ in 0..2 { 'l: for i in 0..v.len() { for j in 0..v.len() { if v[j] < v[i] - 0.3 { break 'l; } } s = a * s; } } s }",
    );
}
