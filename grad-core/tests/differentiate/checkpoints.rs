//! Checkpointed loops: the same derivatives as without, to the last bit, and no more steps than binomial checkpointing
//! takes.

use std::cell::Cell;

use grad_core::differentiate::reverse;
use grad_core::eval::{EvalError, Inputs, Value, evaluate};
use grad_core::ir::op::{Fold, Var};
use grad_core::ir::verify::verify;
use grad_core::ir::{Elem, Graph, IntOp, NodeId, Op};
use grad_core::passes::prune::{prune, settle};

use crate::common::imperative::{Kind, Program, checkpointed};
use crate::programs::{Case, case, flat, inputs, is_moderate, same};
use crate::support::*;

const CASES: u32 = 200;

/// The graph of a function's values and gradients.
fn pullback(source: &str) -> (Graph, Vec<NodeId>) {
    let Case { mut graph, params, outputs } = case(source);
    let g = &mut graph;
    let cotangents = seeds_like(g, &outputs, 0);
    let seeded: Vec<_> = outputs.iter().copied().zip(cotangents).collect();
    let gradients = reverse(g, &seeded, &params);
    let roots = [&outputs[..], &gradients].concat();
    verify(g, &roots).expect("reverse");
    let roots = settle(g, &roots);
    prune(g, &roots);
    let roots = finish(g, &roots);
    (graph, roots)
}

/// Values and gradients of a function for some pseudo-random cotangents.
fn derivatives(source: &str, given: &Inputs, outputs: usize) -> Result<Vec<Value>, EvalError> {
    let (graph, roots) = pullback(source);
    let values = evaluate(&graph, &roots[..outputs], given)?;
    let mut numbers = Numbers(7);
    let seeds: Vec<Value> = values.iter().map(|value| numbers.like(value)).collect();
    evaluate(&graph, &roots, &given.clone().with_seeds(seeds))
}

fn check(program: &Program, compared: &Cell<u32>) {
    let source = program.source();
    if !source.contains(": for ") || !is_moderate(&program.run(&program.arguments)) {
        return;
    }
    let given = inputs(&program.arguments);
    let outputs = 1 + usize::from(program.returned.is_some());
    // Some derivatives still read elements where a condition does not hold.
    let Ok(expected) = derivatives(&source, &given, outputs) else { return };
    let expected = flat(&expected);
    compared.set(compared.get() + 1);
    for (attribute, which) in [
        ("#[grad(checkpoint)]", u32::MAX),
        ("#[grad(checkpoint = 1)]", 0xaaaa_aaaa),
        ("#[grad(checkpoint = 2)]", 0x5555_5555),
        ("#[grad(checkpoint = 2)]", u32::MAX),
    ] {
        let source = checkpointed(&source, attribute, which);
        let found = flat(&derivatives(&source, &given, outputs).expect("derivatives"));
        assert!(same(&found, &expected), "{found:?} instead of {expected:?}\n{source}");
    }
}

fn run(kind: Kind) {
    let compared = Cell::new(0);
    let cases = each_program(CASES, kind, |program| check(program, &compared));
    assert!(compared.get() > cases / 4, "only {} cases compared", compared.get());
}

#[test]
fn random() {
    run(Kind::Total);
}

#[test]
fn random_with_guards() {
    run(Kind::Guarded);
}

// ---- how many steps are taken ---------------------------------------------------------------------------

/// `(s + r)! / (s! r!)`, how many steps can be undone with `s` snapshots and `r` repetitions; for `r = -1` none.
fn reach(s: u64, r: i64) -> u64 {
    (1..=r).fold(u64::from(r >= 0), |product, k| product * (s + k as u64) / k as u64)
}

/// The least number of steps forward that it takes to undo `n` with `s` snapshots, that of the start among them
/// (Griewank and Walther, 2000): `r n − β(s + 1, r − 1)` for the least `r` with `n ≤ β(s, r)`.
fn fewest(n: u64, s: u64) -> u64 {
    let r = (0..).find(|&r| reach(s, r) >= n).expect("enough repetitions");
    r as u64 * n - reach(s + 1, r - 1)
}

/// How many steps a loop backwards takes again, as a sum over its iterations.
fn steps_again(graph: &mut Graph, roots: &[NodeId]) -> NodeId {
    let order = graph.reachable(roots);
    let extents = order.iter().filter_map(|&id| match graph.op(id) {
        Op::Final(lp, _) => {
            let extent = graph.extent(graph.loop_info(*lp).var);
            let is_distance = *graph.op(extent) == Op::Int(IntOp::Sub);
            let reverse = |&v: &Var| graph.owner(v).filter(|&lp| graph.loop_info(lp).mirrors);
            graph.free(extent).iter().find_map(reverse).filter(|_| is_distance).map(|lp| (extent, lp))
        }
        _ => None,
    });
    let (extent, reverse) = extents.last().expect("a loop from a snapshot to the step that is undone");
    let var = graph.loop_info(reverse).var;
    let zero = graph.int(0, grad_core::ir::Int::Usize);
    assert_eq!(graph.elem(extent), Elem::USIZE);
    graph.add(Op::Reduce(Fold::Sum, var), &[zero, extent])
}

#[test]
fn no_more_steps_than_binomial_checkpointing() {
    for s in 1..=6 {
        let source = format!(
            "fn f(a: f64, n: usize) -> f64 {{ let mut x = a; #[grad(checkpoint = {s})] for _ in 0..n {{ x = x.sin(); }} x }}"
        );
        let (mut graph, roots) = pullback(&source);
        let count = steps_again(&mut graph, &roots);
        for n in 1..80u64 {
            let given = Inputs::new(vec![Value::Float(0.7), Value::Int(n.into())]);
            let given = given.with_seeds(vec![Value::Float(1.0)]);
            let again = evaluate(&graph, &[count], &given).expect("a number")[0].as_int();
            // The way from the start to the last step is that of the function itself.
            assert_eq!(again, Some(i128::from(fewest(n, s) - (n - 1))), "{n} steps, {s} snapshots");
        }
    }
}

#[test]
fn as_many_snapshots_as_digits() {
    let source = "fn f(a: f64, n: usize) -> f64 { let mut x = a; #[grad(checkpoint)] for _ in 0..n { x = x.sin(); } x }";
    let (mut graph, roots) = pullback(source);
    let count = steps_again(&mut graph, &roots);
    for n in [1u64, 2, 3, 7, 8, 9, 63, 64, 200, 700] {
        let given = Inputs::new(vec![Value::Float(0.7), Value::Int(n.into())]);
        let given = given.with_seeds(vec![Value::Float(1.0)]);
        let again = evaluate(&graph, &[count], &given).expect("a number")[0].as_int();
        let snapshots = u64::from(n.ilog2()) + 1;
        assert_eq!(again, Some(i128::from(fewest(n, snapshots) - (n - 1))), "{n} steps");
    }
}
