//! Random imperative programs, from their source to the plan of their gradient.

use std::cell::Cell;

use grad_core::eval::{Inputs, Value, evaluate};
use grad_core::frontend::read;
use grad_core::ir::function::Layout;
use grad_core::ir::ids::{IdMap, Map};
use grad_core::ir::{Int, NodeId};
use grad_core::pipeline::{Reverse, differentiate, lower, prepare};
use grad_core::plan::program::{Buffer, Expr, Place, Storage};
use grad_core::plan::{Names, Program as Plan, Root, plan};

use crate::common::imperative::{Kind, PARAMS, Program, Shape, Slot};
use crate::found::FOUND;
use crate::machine::{Machine, Val};
use crate::support::*;

const CASES: u32 = 250;

/// The plan of the pullback of a function. `flat`: arrays are those of `ndarray`.
fn planned(source: &str, flat: bool) -> Plan {
    let reading = match read("exact".parse().expect("an attribute"), source.parse().expect("tokens")) {
        Ok(reading) => reading,
        Err(errors) => panic!("refused: {:#?}", errors.messages()),
    };
    let mut prepared = prepare(reading.function).unwrap_or_else(|_| panic!("extents differ"));
    let derivative = differentiate(&mut prepared, Reverse::Vjp);
    let nodes = [&derivative.values[..], &derivative.gradients[..]].concat();
    let function = &mut prepared.function;
    let nodes = lower(&mut function.graph, &nodes, grad_core::rules::Mode::Exact);
    let layout = |rank: usize, own: &Layout| match own {
        Layout::Nested(_) if flat => Layout::NdArray { rank },
        own => own.clone(),
    };
    let mut names = Names::new(function.params.iter().map(|param| param.name.clone()));
    let values = function.output.leaves().into_iter().map(|(_, layout)| layout.clone());
    let active = function.params.iter().filter(|param| param.active).map(|param| param.layout.clone());
    let roots: Vec<Root> = nodes
        .iter()
        .zip(values.chain(active))
        .enumerate()
        .map(|(k, (&node, own))| Root {
            node,
            name: names.fresh(&format!("root{k}")),
            layout: layout(function.graph.rank(node), &own),
            is_gradient: k >= derivative.values.len(),
            on_entry: false,
        })
        .collect();
    let mut given: IdMap<Place> = IdMap::new();
    let mut place = |node: NodeId, name: String, rank: usize| {
        let storage = if flat { Storage::Flat } else { Storage::Nested };
        let buffer =
            Buffer { name: name.clone(), prefix: Vec::new(), dims: Vec::new(), storage, literal: false };
        given.insert(node, if rank == 0 { Place::Scalar(Expr::Name(name)) } else { Place::Buffer(buffer) });
    };
    for param in &function.params {
        place(param.node, param.name.clone(), function.graph.rank(param.node));
    }
    for (k, &seed) in derivative.seeds.iter().enumerate() {
        place(seed, names.fresh(&format!("seed{k}")), function.graph.rank(seed));
    }
    let mut extents = Map::default();
    extents.insert((3, 0), names.fresh("v_len"));
    plan(&mut function.graph, &roots, given, extents, names)
}

fn list(elements: &[f64], matrix: bool) -> Val {
    let numbers = |part: &[f64]| Val::List(part.iter().map(|&x| Val::Float(x)).collect());
    if matrix { Val::List(elements.chunks(3).map(numbers).collect()) } else { numbers(elements) }
}

fn value_of(slot: &Slot, matrix: bool) -> Val {
    match slot {
        Slot::Number(value) => Val::Float(*value),
        Slot::Index(value) => Val::Int(*value as i128, Int::Usize),
        Slot::Array(elements) => list(elements, matrix),
        Slot::Unset => panic!("an argument for each parameter"),
    }
}

/// The floats of the arguments, one after the other.
fn floats_of(arguments: &[Slot]) -> Vec<f64> {
    let floats = |slot: &Slot| match slot {
        Slot::Number(value) => vec![*value],
        Slot::Array(elements) => elements.clone(),
        _ => Vec::new(),
    };
    arguments.iter().flat_map(floats).collect()
}

fn moved(arguments: &[Slot], direction: &[f64], h: f64) -> Vec<Slot> {
    let mut by = direction.iter().map(|d| d * h);
    let mut next = |x: f64| x + by.next().expect("a direction for each float");
    let other = |slot: &Slot| match slot {
        Slot::Number(value) => Slot::Number(next(*value)),
        Slot::Array(elements) => Slot::Array(elements.iter().map(|&x| next(x)).collect()),
        other => other.clone(),
    };
    arguments.iter().map(other).collect()
}

/// Values and gradients that the plan for a source of a program computes, for the cotangents of its values.
pub fn executed(program: &Program, source: &str, seeds: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let flat = program.variables % 2 == 1;
    let plan = planned(source, flat);
    let mut given: Vec<(String, Val)> = PARAMS
        .iter()
        .zip(&program.arguments)
        .enumerate()
        .map(|(k, (name, slot))| (name.to_string(), value_of(slot, k == 4 && !flat)))
        .collect();
    given.push(("seed0".into(), Val::Float(seeds[0])));
    let matrix = program.returned == Some(Shape::Matrix) && !flat;
    given.push(("seed1".into(), list(&seeds[1..], matrix)));
    let Slot::Array(v) = &program.arguments[3] else { panic!("v is an array") };
    let extents = plan.extents.iter().map(|(.., name)| (name.clone(), Val::Int(v.len() as i128, Int::Usize)));
    given.extend(extents);
    let results = Machine::new(given).run(&plan);
    let (values, gradients) = results.split_at(1 + usize::from(program.returned.is_some()));
    (values.concat(), gradients.concat())
}

fn check(program: &Program, compared: &Cell<u32>) {
    let expected = program.run(&program.arguments);
    if expected.iter().any(|x| x.is_nan() || x.abs() > 1e4) {
        return;
    }
    let mut numbers = Numbers(expected.len() as u64);
    let seeds: Vec<f64> = expected.iter().map(|_| numbers.next()).collect();
    let (values, gradients) = executed(program, &program.source(), &seeds);
    assert_eq!(values, expected, "values");
    assert!(gradients.iter().all(|x| !x.is_nan()), "{gradients:?}");
    let direction: Vec<f64> = floats_of(&program.arguments).iter().map(|_| numbers.next()).collect();
    assert_eq!(gradients.len(), direction.len());
    let found: f64 = gradients.iter().zip(&direction).map(|(g, d)| g * d).sum();
    if found.abs() > 1e4 {
        return;
    }
    let slope = slopes(|h| {
        let values = program.run(&moved(&program.arguments, &direction, h));
        vec![values.iter().zip(&seeds).map(|(y, s)| y * s).sum()]
    });
    let Some(slope) = slope else { return };
    compared.set(compared.get() + 1);
    assert_close("gradient", found, slope[0], 0.0, 1e-4);
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

/// Arguments for functions whose parameters are some of those of random programs.
pub fn arguments() -> Vec<Vec<Slot>> {
    let x = Slot::Array(vec![0.3, -0.7, 1.1]);
    let m = Slot::Array(vec![0.2, -0.4, 0.9, 1.3, -0.1, 0.6]);
    let each = [(vec![0.4, 0.8, -0.6, 0.1], 2), (vec![0.9, 0.5], 1), (vec![0.7], 0)];
    let all = each.map(|(v, n)| {
        let v = Slot::Array(v);
        vec![Slot::Number(0.7), Slot::Number(-0.4), x.clone(), v, m.clone(), Slot::Index(n)]
    });
    all.into()
}

/// Compares the plan with the interpreter, for such a function.
fn agree(source: &str) {
    for all in arguments() {
        compare(source, &all);
    }
}

/// A call of such a function: the names of its parameters, cotangents, and what values and gradients are according to
/// the interpreter.
pub struct Call {
    names: Vec<String>,
    seeds: Vec<Value>,
    pub expected: Vec<Vec<f64>>,
}

pub fn interpreted(source: &str, all: &[Slot]) -> Call {
    let reading = read("exact".parse().expect("an attribute"), source.parse().expect("tokens"));
    let mut prepared =
        prepare(reading.expect("nothing is refused").function).unwrap_or_else(|_| panic!("extents"));
    let derivative = differentiate(&mut prepared, Reverse::Vjp);
    let names: Vec<String> = prepared.function.params.iter().map(|param| param.name.clone()).collect();
    let given = |name: &String| match argument(name, all) {
        Slot::Number(value) => Value::Float(*value),
        Slot::Index(value) => Value::Int(*value as i128),
        Slot::Array(elements) if name == "m" => Value::floats(&[2, 3], elements.clone()),
        Slot::Array(elements) => Value::floats(&[elements.len()], elements.clone()),
        Slot::Unset => panic!("an argument for each parameter"),
    };
    let graph = &prepared.function.graph;
    let given = Inputs::new(names.iter().map(given).collect());
    let values = evaluate(graph, &derivative.values, &given).expect("a value");
    let mut numbers = Numbers(3);
    let seeds: Vec<Value> = values.iter().map(|value| numbers.like(value)).collect();
    let roots = [&derivative.values[..], &derivative.gradients].concat();
    let expected = evaluate(graph, &roots, &given.with_seeds(seeds.clone())).expect("gradients");
    Call { names, seeds, expected: expected.iter().map(|value| floats(value).to_vec()).collect() }
}

fn argument<'a>(name: &str, all: &'a [Slot]) -> &'a Slot {
    &all[PARAMS.iter().position(|param| *param == name).expect("a parameter")]
}

/// What the plan for a source computes in such a call.
pub fn by_plan(source: &str, call: &Call, all: &[Slot], flat: bool) -> Vec<Vec<f64>> {
    let plan = planned(source, flat);
    let of_parameter = |name: &String| (name.clone(), value_of(argument(name, all), name == "m" && !flat));
    let mut given: Vec<(String, Val)> = call.names.iter().map(of_parameter).collect();
    given.extend(call.seeds.iter().enumerate().map(|(k, seed)| {
        let value = match seed {
            Value::Float(value) => Val::Float(*value),
            array => list(floats(array), floats(array).len() == 6 && !flat),
        };
        (format!("seed{k}"), value)
    }));
    let length = floats_of(&all[3..4]).len();
    let extents = plan.extents.iter().map(|(.., name)| name.clone());
    given.extend(extents.map(|name| (name, Val::Int(length as i128, Int::Usize))));
    Machine::new(given).run(&plan)
}

fn compare(source: &str, all: &[Slot]) {
    let call = interpreted(source, all);
    for flat in [false, true] {
        let found = by_plan(source, &call, all, flat);
        assert_eq!(found.len(), call.expected.len());
        for (found, expected) in found.iter().zip(&call.expected) {
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert_close(source, *found, *expected, 0.0, 1e-12);
            }
        }
    }
}

#[test]
fn loops_in_branches() {
    for source in LOOPS_IN_BRANCHES {
        agree(source);
    }
}

#[test]
fn what_branches_read_of_arrays_that_change() {
    for source in CHANGING {
        agree(source);
    }
}

#[test]
fn programs_that_random_ones_were_reduced_to() {
    for (source, [a, b], x, v, m, n) in FOUND {
        let arrays = [x.to_vec(), v.to_vec(), m.to_vec()].map(Slot::Array);
        let all = [Slot::Number(*a), Slot::Number(*b)].into_iter().chain(arrays).chain([Slot::Index(*n)]);
        compare(source, &all.collect::<Vec<_>>());
    }
}

const LOOPS_IN_BRANCHES: [&str; 9] = [
    "fn f(a: f64, n: usize) -> f64 { let mut t = 0.5; if 0 < n { let mut k = 0; loop { if k >= n { break; } k += 1; t = (t + a).sin(); } } t }",
    "fn f(a: f64) -> f64 { let mut t = 0.5; for _ in 0..2 { let mut k = 0; loop { if k >= 2 { break; } k += 1; for _ in 0..2 { t = (0.5 * t).sin() + a; } } } t }",
    "fn f(a: f64) -> f64 { let mut t = 0.5; let mut k = 0; loop { if k >= 2 { break; } k += 1; let mut j = 0; loop { if j >= k { break; } j += 1; t = t * a; } } t }",
    "fn f(a: f64, b: f64, v: &[f64]) -> f64 { let mut y = v.to_vec(); for _ in 0..1 { return y[0] + a * b; } y[0] += 0.5; 0.5 + a * b }",
    "fn f(a: f64, x: &[f64; 3], m: &[[f64; 3]; 2]) -> f64 { let mut y = [0.5; 4]; for _ in 0..2 { for i in 0..2 { let mut k = 0; while k < 1 { if 0.5 < x[k] { return y[i] + m[1][2]; } k += 1; } } for e in y.iter_mut() { *e = *e * 0.5; } } (0.5 + m[1][2]) * a * x[0] }",
    "fn f(a: f64, b: f64) -> f64 { let mut t = a; let mut k = 0; while k < 2 && b < 2.0 { k += 1; } for _ in k..3 { t += 0.5 * t; } t + a * b }",
    "fn f(a: f64, n: usize) -> f64 { let mut t = a; let mut k = 0; while k < n { k += 1; for _ in 0..k { t = (a - t).sin(); } } t }",
    "fn f(a: f64, m: &[[f64; 3]; 2], n: usize) -> (f64, [[f64; 3]; 2]) { let mut t = a; let mut y = *m; for _ in 0..2 { let mut k = 0; while k < n { let mut j = 0; loop { if j >= 2 { break; } j += 1; y[0][0] = 0.5 * a; t -= t * y[0][1]; } k += 1; } } (t, y) }",
    "fn f(x: &[f64; 3], n: usize) -> [[f64; 3]; 2] { [[x[n % 3]; 3]; 2] }",
];

const CHANGING: [&str; 6] = [
    "fn f(v: &[f64]) -> (f64, Vec<f64>) { let mut y = v.to_vec(); for _ in 0..2 { for j in 0..2 { if j == 0 { y[0] += y[0].tanh(); } } } (y[0], v.to_vec()) }",
    "fn f(a: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> (f64, [[f64; 3]; 2]) { let mut y = *m; for i in 0..2 { for _ in 0..v.len() { y[n % 2] = *x; y[0][0] -= if 0.5 < x[2] { a } else { m[i][0] }; } } (v[0], y) }",
    "fn f(a: f64, b: f64, x: &[f64; 3], n: usize) -> (f64, [f64; 3]) { let mut y = *x; if n == 2 { return (0.5 + a * b, y); } y[n] = 0.5; y[1 + n] *= a; (0.5 + a * b, y) }",
    "fn f(a: f64, x: &[f64; 3], m: &[[f64; 3]; 2]) -> [[f64; 3]; 2] { let mut s = *x; let mut y = *m; let mut k = 0; loop { if k >= 1 { break; } k += 1; if k == 0 { s[k] *= 0.5; } else { y[k] = s; } } y[1][0] += a; y }",
    "fn f(a: f64, v: &[f64], n: usize) -> (f64, Vec<f64>) { let mut t = 0.5; let mut y = v.to_vec(); for _ in 0..2 { if n < 2 { t *= y[0]; } else { continue; } let mut k = 0; loop { if k >= 1 { break; } k += 1; y.swap(0, 0); t = 0.5 * t; } t += 0.5; } (t + a, y) }",
    "fn f(a: f64, x: &[f64; 3], n: usize) -> f64 { let mut t = 0.5; let mut y = *x; y[0] += a; if 0 == n { if y[if n < 0 { 0 } else { 1 }] < 0.5 { t = a * x[n]; } } t + a }",
];
