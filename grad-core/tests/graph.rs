//! Hash-consing, free variables, substitution and rebuilding.

mod common;

use common::param;
use common::sample::{Kind, Sample, samples};
use grad_core::eval::{Evaluator, Inputs, Value, evaluate, evaluate_one};
use grad_core::ir::ids::IdMap;
use grad_core::ir::text::text;
use grad_core::ir::verify::verify;
use grad_core::ir::{Cmp, Float, Fold, Graph, IntOp, NodeId, Op, Scalar, Soft, Var};
use proptest::prelude::*;

fn read_at(g: &mut Graph, array: NodeId, vars: &[Var]) -> NodeId {
    let index: Vec<NodeId> = vars.iter().map(|&v| g.index(v)).collect();
    g.read(array, &index)
}

fn sum(g: &mut Graph, var: Var, body: NodeId) -> NodeId {
    let zero = g.float(0.0, Float::F64);
    g.reduce(Fold::Sum, var, zero, body)
}

/// The values of a field over one variable.
fn values(g: &Graph, node: NodeId, var: Var, extent: usize, inputs: &Inputs) -> Vec<f64> {
    let mut evaluator = Evaluator::new(g, inputs);
    let mut at = |k| {
        evaluator.bind(var, k);
        evaluator.value(node).unwrap().as_float().unwrap()
    };
    (0..extent).map(&mut at).collect()
}

#[test]
fn equal_nodes_are_one() {
    let mut g = Graph::new();
    let (x, y) = (param(&mut g, 0, &[]), param(&mut g, 1, &[]));
    assert_eq!(g.mul(x, y), g.mul(x, y));
    assert_ne!(g.mul(x, y), g.mul(y, x));
    let (zero, minus) = (g.float(0.0, Float::F64), g.float(-0.0, Float::F64));
    assert_ne!(zero, minus);
    assert_eq!(g.plus(x, minus), x);
    assert_ne!(g.plus(x, zero), x);
}

#[test]
fn free_variables_are_those_not_bound() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[2, 3]);
    let (two, three) = (g.usize(2), g.usize(3));
    let (i, j) = (g.fresh_var(two), g.fresh_var(three));
    let xij = read_at(&mut g, x, &[i, j]);
    let row = sum(&mut g, j, xij);
    let soft = g.soft(Soft::Softmax, j, xij);
    let lse = g.soft(Soft::LogSumExp, j, xij);
    let whole = g.build(&[i, j], soft);
    let found = [xij, row, soft, lse, whole].map(|id| g.free(id).to_vec());
    assert_eq!(found, [vec![i, j], vec![i], vec![i, j], vec![i], vec![]]);
}

/// `Σ_{k < i + 1} x[k]`: the extent of a variable mentions another.
#[test]
fn substitution_reaches_extents() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[4]);
    let (four, one) = (g.usize(4), g.usize(1));
    let i = g.fresh_var(four);
    let at = g.index(i);
    let extent = g.int_op(IntOp::Add, &[at, one]);
    let k = g.fresh_var(extent);
    let xk = read_at(&mut g, x, &[k]);
    let prefix = sum(&mut g, k, xk);
    assert_eq!(*g.free(prefix), [i]);
    assert_eq!(*g.free(xk), [i, k]);
    let three = g.usize(3);
    let all = g.subst(prefix, &[(i, three)]);
    assert!(g.free(all).is_empty());
    let inputs = Inputs::new(vec![Value::floats(&[4], vec![1.0, 2.0, 3.0, 4.0])]);
    assert_eq!(evaluate_one(&g, all, &inputs), Ok(Value::Float(10.0)));
    let y = g.build(&[i], prefix);
    assert_eq!(evaluate_one(&g, y, &inputs), Ok(Value::floats(&[4], vec![1.0, 3.0, 6.0, 10.0])));
    verify(&g, &[all, y]).unwrap();
}

#[test]
fn substitution_does_not_capture() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[3, 3]);
    let three = g.usize(3);
    let (i, j) = (g.fresh_var(three), g.fresh_var(three));
    let xij = read_at(&mut g, x, &[i, j]);
    let row = sum(&mut g, j, xij);
    let at_j = g.index(j);
    let renamed = g.subst(row, &[(i, at_j)]);
    assert_eq!(*g.free(renamed), [j]);
    let inputs = Inputs::new(vec![Value::floats(&[3, 3], (0..9).map(f64::from).collect())]);
    assert_eq!(values(&g, renamed, j, 3, &inputs), [3.0, 12.0, 21.0]);
}

/// The variable of a softmax is free and bound at once.
#[test]
fn softmax_at_any_index() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[3, 3]);
    let three = g.usize(3);
    let (i, j, k) = (g.fresh_var(three), g.fresh_var(three), g.fresh_var(three));
    let xij = read_at(&mut g, x, &[i, j]);
    let soft = g.soft(Soft::Softmax, j, xij);
    let matrix = g.build(&[i, j], soft);
    let inputs = Inputs::new(vec![Value::floats(&[3, 3], (0..9).map(|n| f64::from(n * n) / 20.0).collect())]);
    let all = evaluate_one(&g, matrix, &inputs).unwrap();
    let all = all.as_floats().unwrap();
    let diagonal = read_at(&mut g, matrix, &[i, i]);
    assert_eq!(values(&g, diagonal, i, 3, &inputs), [all[0], all[4], all[8]]);
    let at = [g.index(j), g.index(i)];
    let transposed = g.subst(soft, &[(i, at[0]), (j, at[1])]);
    let transposed = g.build(&[i, j], transposed);
    let found = evaluate_one(&g, transposed, &inputs).unwrap();
    let expected = [0, 3, 6, 1, 4, 7, 2, 5, 8].map(|at| all[at]);
    assert_eq!(found, Value::floats(&[3, 3], expected.to_vec()));
    let renamed = read_at(&mut g, matrix, &[i, k]);
    assert_eq!(*g.op(renamed), Op::Soft(Soft::Softmax, k));
    let one = g.usize(1);
    let last = g.subst(soft, &[(i, one), (j, one)]);
    assert_eq!(evaluate_one(&g, last, &inputs), Ok(Value::Float(all[4])));
}

/// For each `i`, a loop that starts at `x[i]`: its result and its history.
fn loops_over_rows() -> (Graph, Var, Var, NodeId, NodeId, NodeId) {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[3]);
    let (three, four) = (g.usize(3), g.usize(4));
    let i = g.fresh_var(three);
    let start = read_at(&mut g, x, &[i]);
    let (lp, t) = g.open_loop(four, [i].into(), vec![start]);
    let carried = g.carried(lp, 0);
    let next = g.plus(carried, start);
    g.close_loop(lp, vec![next]);
    let result = g.final_value(lp, 0);
    let history = g.build(&[t], carried);
    (g, i, t, carried, result, history)
}

#[test]
fn loops_are_copied_by_substitution() {
    let (mut g, i, t, _, result, history) = loops_over_rows();
    let inputs = Inputs::new(vec![Value::floats(&[3], vec![1.0, 2.0, 3.0])]);
    assert_eq!(values(&g, result, i, 3, &inputs), [5.0, 10.0, 15.0]);
    let two = g.usize(2);
    let [result, history] = [result, history].map(|node| g.subst(node, &[(i, two)]));
    assert_eq!(g.loops.len(), 2, "result and history are of one copy");
    assert_eq!(evaluate_one(&g, result, &inputs), Ok(Value::Float(15.0)));
    assert_eq!(evaluate_one(&g, history, &inputs), Ok(Value::floats(&[4], vec![3.0, 6.0, 9.0, 12.0])));
    verify(&g, &[result, history]).unwrap();
    let elsewhere = read_at(&mut g, history, &[t]);
    assert_eq!(values(&g, elsewhere, t, 4, &inputs), [3.0, 6.0, 9.0, 12.0]);
}

#[test]
fn another_iteration_is_no_substitution() {
    let (mut g, i, _, _, _, history) = loops_over_rows();
    let inputs = Inputs::new(vec![Value::floats(&[3], vec![1.0, 2.0, 3.0])]);
    let three = g.usize(3);
    let k = g.fresh_var(three);
    let element = read_at(&mut g, history, &[k]);
    let all = g.build(&[i, k], element);
    let expected = vec![1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 3.0, 6.0, 9.0];
    assert_eq!(evaluate_one(&g, all, &inputs), Ok(Value::floats(&[3, 3], expected)));
}

#[test]
fn a_history_keeps_its_loop() {
    let (mut g, i, _, _, _, history) = loops_over_rows();
    let two = g.usize(2);
    let element = g.read(history, &[two]);
    let root = g.build(&[i], element);
    let same = g.rebuild(&[root], &mut |_, id| id);
    assert_eq!(same, [root]);
    let swapped = g.rebuild(&[root], &mut swap_sums);
    assert_ne!(swapped, [root]);
    let inputs = Inputs::new(vec![Value::floats(&[3], vec![1.0, 2.0, 3.0])]);
    assert_eq!(evaluate_one(&g, swapped[0], &inputs), Ok(Value::floats(&[3], vec![3.0, 6.0, 9.0])));
    verify(&g, &swapped).unwrap();
}

fn swap_sums(g: &mut Graph, id: NodeId) -> NodeId {
    match g.op(id) {
        Op::Scalar(scalar @ (Scalar::Add | Scalar::Mul)) => {
            let (scalar, args) = (*scalar, g.args(id));
            g.scalar(scalar, &[args[1].min(args[0]), args[1].max(args[0])])
        }
        _ => id,
    }
}

#[test]
fn an_element_of_a_built_array_is_its_expression() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[3]);
    let three = g.usize(3);
    let (i, k) = (g.fresh_var(three), g.fresh_var(three));
    let xi = read_at(&mut g, x, &[i]);
    let sine = g.scalar(Scalar::Sin, &[xi]);
    let (sines, doubles) = (g.build(&[i], sine), g.plus(xi, xi));
    let doubles = g.build(&[i], doubles);
    let renamed = read_at(&mut g, sines, &[k]);
    assert_eq!(*g.op(renamed), Op::Scalar(Scalar::Sin));
    let one = g.usize(1);
    let (costly, cheap) = (g.read(sines, &[one]), g.read(doubles, &[one]));
    assert_eq!(*g.op(costly), Op::Read);
    assert_eq!(*g.op(cheap), Op::Scalar(Scalar::Mul));
    let copy = g.build(&[i], xi);
    assert_eq!(copy, x, "an array copied element by element is the array");
}

#[test]
fn verify_finds_what_is_wrong() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[3]);
    let three = g.usize(3);
    let i = g.fresh_var(three);
    let xi = read_at(&mut g, x, &[i]);
    let open = g.float(1.0, Float::Open);
    let wrong = g.add(Op::Compare(Cmp::Lt), &[xi, three]);
    let array = g.build(&[i], wrong);
    let messages = [xi, open, array].map(|root| verify(&g, &[root]).unwrap_err());
    assert!(messages[0].contains("free variables"), "{}", messages[0]);
    assert!(messages[1].contains("open"), "{}", messages[1]);
    assert!(messages[2].contains("scalars of one type"), "{}", messages[2]);
    let unary = g.add(Op::Scalar(Scalar::Add), &[open]);
    assert!(verify(&g, &[unary]).is_err());
}

fn same(g: &Graph, before: &[NodeId], after: &[NodeId], inputs: &Inputs) -> Result<(), TestCaseError> {
    let expected = evaluate(g, before, inputs);
    let found = evaluate(g, after, inputs);
    let equal = match (&expected, &found) {
        (Ok(a), Ok(b)) => a.iter().zip(b).all(|(a, b)| a.same(b)),
        _ => false,
    };
    prop_assert!(equal, "{expected:?}\n{found:?}\n{}", text(g, after));
    prop_assert_eq!(verify(g, after), Ok(()));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rebuilding_keeps_values(sample in samples(Kind::Derivative)) {
        let Sample { mut graph, root, array, inputs, .. } = sample;
        let roots = [root, array];
        same(&graph, &roots, &roots, &inputs)?;
        let again = graph.rebuild(&roots, &mut |_, id| id);
        same(&graph, &roots, &again, &inputs)?;
        let twice = graph.rebuild(&again, &mut |_, id| id);
        prop_assert_eq!(&twice, &again);
        let swapped = graph.rebuild(&roots, &mut swap_sums);
        same(&graph, &roots, &swapped, &inputs)?;
    }

    #[test]
    fn replacing_by_an_equal_keeps_values(sample in samples(Kind::Derivative), which in any::<usize>()) {
        let Sample { mut graph, root, array, inputs, .. } = sample;
        let order = graph.reachable(&[root, array]);
        let chosen = order[which % order.len()];
        // What takes the place of a node inside a loop must not mention the loop.
        let inside = graph.free(chosen).iter().any(|&v| graph.owner(v).is_some());
        if inside || graph.rank(chosen) > 0 {
            return Ok(());
        }
        let equal = graph.add(Op::StopGradient, &[chosen]);
        for root in [root, array] {
            let replaced = graph.replace(&[root], IdMap::from_iter([(chosen, equal)]))[0];
            same(&graph, &[root], &[replaced], &inputs)?;
        }
    }

    #[test]
    fn substituting_is_evaluating_elsewhere(sample in samples(Kind::Derivative)) {
        let Sample { mut graph, field, inputs, .. } = sample;
        let map = [(field.vars[0], field.at[0]), (field.vars[1], field.at[1])];
        let moved = graph.subst(field.body, &map);
        let extent = graph.as_int(graph.extent(field.over)).unwrap() as usize;
        for k in 0..extent {
            let mut there = Evaluator::new(&graph, &inputs);
            there.bind(field.over, k);
            let at = field.at.map(|index| there.value(index).unwrap().as_int().unwrap() as usize);
            let found = there.value(moved).unwrap();
            let mut here = Evaluator::new(&graph, &inputs);
            here.bind(field.vars[0], at[0]);
            here.bind(field.vars[1], at[1]);
            let expected = here.value(field.body).unwrap();
            prop_assert!(expected.same(&found), "{expected:?} {found:?} at {k}\n{}", text(&graph, &[moved]));
        }
        prop_assert!(graph.free(moved).iter().all(|&v| v == field.over), "{}", text(&graph, &[moved]));
    }
}
