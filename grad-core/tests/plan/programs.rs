//! Random imperative programs, from their source to the plan of their gradient.

use std::cell::Cell;

use grad_core::frontend::read;
use grad_core::ir::function::Layout;
use grad_core::ir::ids::{IdMap, Map};
use grad_core::ir::{Int, NodeId};
use grad_core::pipeline::{Reverse, differentiate, lower, prepare};
use grad_core::plan::program::{Buffer, Expr, Place, Storage};
use grad_core::plan::{Names, Program as Plan, Root, plan};

use crate::common::imperative::{Kind, Program, Shape, Slot};
use crate::machine::{Machine, Val};
use crate::support::*;

const CASES: u32 = 1000;

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

fn check(program: &Program, compared: &Cell<u32>) {
    let expected = program.run(&program.arguments);
    if expected.iter().any(|x| x.is_nan() || x.abs() > 1e4) {
        return;
    }
    let flat = program.variables % 2 == 1;
    let plan = planned(&program.source(), flat);
    let mut numbers = Numbers(expected.len() as u64);
    let seeds: Vec<f64> = expected.iter().map(|_| numbers.next()).collect();
    let mut given: Vec<(String, Val)> = crate::common::imperative::PARAMS
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
    let values = 1 + usize::from(program.returned.is_some());
    let (values, gradients) = results.split_at(values);
    assert_eq!(values.concat(), expected, "values");
    let gradients = gradients.concat();
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
fn random_with_guards() {
    run(Kind::Guarded);
}
