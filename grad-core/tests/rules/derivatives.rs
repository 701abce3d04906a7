//! Derivatives: against differences, in both modes, and at kinks.

use grad_core::eval::Value;
use grad_core::ir::{Graph, NodeId, Scalar, Soft};
use grad_core::rules;

use crate::support::*;

/// Values of the operands inside the domain of a row.
fn point(scalar: Scalar, random: &mut Random) -> Vec<f64> {
    let domain = scalar.row().domain.iter().enumerate();
    let value = |(k, &(lo, hi)): (usize, &(f64, f64))| match random.between(lo, hi) {
        x if is_integer(scalar, k) => x.round(),
        x => x,
    };
    domain.map(value).collect()
}

fn inputs(scalar: Scalar, point: &[f64]) -> grad_core::eval::Inputs {
    let value = |(k, &x): (usize, &f64)| {
        if is_integer(scalar, k) { Value::Int(x as i128) } else { Value::Float(x) }
    };
    grad_core::eval::Inputs::new(point.iter().enumerate().map(value).collect())
}

/// The partials of a function at a point, where some operands are active.
fn partials_at(scalar: Scalar, point: &[f64], active: &[bool]) -> Vec<Option<f64>> {
    let mut graph = Graph::new();
    let args = operands(&mut graph, scalar);
    let y = graph.scalar(scalar, &args);
    let partials = rules::partials_for(&mut graph, scalar, &args, y, active);
    partials.iter().map(|p| p.map(|node| value(&graph, node, &inputs(scalar, point)))).collect()
}

fn partial(name: &str, point: &[f64], k: usize) -> f64 {
    let scalar = Scalar::by_name(name).unwrap();
    partials_at(scalar, point, &vec![true; point.len()])[k].unwrap()
}

#[test]
fn every_partial_agrees_with_differences() {
    let mut random = Random::new(1);
    for row in Scalar::TABLE {
        for _ in 0..50 {
            let at = point(row.scalar, &mut random);
            let partials = partials_at(row.scalar, &at, &vec![true; row.arity]);
            for (k, partial) in partials.iter().enumerate().filter(|(k, _)| !is_integer(row.scalar, *k)) {
                let expected = difference(&|step| {
                    let mut moved = at.clone();
                    moved[k] += step;
                    (row.eval)(&moved)
                });
                let found = partial.unwrap_or(0.0);
                let near = is_near(found, expected, 1e-7) || (found - expected).abs() < 1e-10;
                assert!(near, "{} at {at:?}, argument {k}: {found} but differences say {expected}", row.name);
            }
        }
    }
}

#[test]
fn powers_of_negative_numbers() {
    assert_eq!(partial("powf", &[-2.0, 3.0], 0), 12.0);
    assert_eq!(partial("powf", &[-2.0, 2.0], 0), -4.0);
    assert_eq!(partial("powi", &[-2.0, 3.0], 0), 12.0);
    assert_eq!(partial("powi", &[-2.0, -1.0], 0), -0.25);
    assert_eq!(partial("powi", &[0.0, 0.0], 0), 0.0);
    assert_eq!(partial("powi", &[0.0, 1.0], 0), 1.0);
    assert_eq!(partial("powf", &[0.0, 0.0], 0), 0.0);
    assert_eq!(partial("powf", &[0.0, 1.0], 0), 1.0);
    assert_eq!(partial("powf", &[0.0, 2.5], 1), 0.0);
}

#[test]
fn constant_powers_fold() {
    let mut graph = Graph::new();
    let x = param(&mut graph, 0);
    for (exponent, expected) in [(0, None), (1, None), (2, Some(Scalar::Mul)), (3, Some(Scalar::Mul))] {
        let n = graph.int(exponent, grad_core::ir::Int::I32);
        let y = graph.scalar(Scalar::Powi, &[x, n]);
        let partial = rules::partials(&mut graph, Scalar::Powi, &[x, n], y);
        assert_eq!(partial[1], None);
        match (graph.op(partial[0].unwrap()), expected) {
            (grad_core::ir::Op::Scalar(found), Some(expected)) => assert_eq!(*found, expected),
            (op, _) => assert!(graph.as_float(partial[0].unwrap()).is_some(), "{op:?}"),
        }
    }
    let two = graph.float_like(2.0, x);
    let y = graph.scalar(Scalar::Powf, &[x, two]);
    let partial = rules::partials_for(&mut graph, Scalar::Powf, &[x, two], y, &[true, false])[0].unwrap();
    let twice = graph.mul(two, x);
    assert_eq!(partial, twice);
}

#[test]
fn kinks_take_the_subgradient_of_least_norm() {
    assert_eq!(partial("relu", &[0.0], 0), 0.0);
    assert_eq!(partial("abs", &[0.0], 0), 0.0);
    assert_eq!(partial("abs", &[-0.0], 0), 0.0);
    assert_eq!(partial("sqrt", &[0.0], 0), f64::INFINITY);
    assert_eq!(partial("norm_sqrt", &[0.0], 0), 0.0);
    assert_eq!(partial("leaky_relu", &[0.0, 0.1], 0), 0.1);
    assert_eq!(partial("elu", &[0.0, 0.5], 0), 0.5);
    assert_eq!((partial("hypot", &[0.0, 0.0], 0), partial("hypot", &[0.0, 0.0], 1)), (0.0, 0.0));
    assert_eq!(partial("copysign", &[0.0, -1.0], 0), 0.0);
    assert_eq!(partial("copysign", &[-2.0, 1.0], 0), -1.0);
    assert_eq!(partial("xlogy", &[0.0, 0.0], 0), 0.0);
    assert_eq!(partial("xlogy", &[0.0, 0.0], 1), 0.0);
    assert_eq!(partial("mul_zero", &[0.0, f64::NEG_INFINITY], 0), 0.0);
}

#[test]
fn ties_are_shared_by_the_active_operands() {
    let both = [Some(0.5), Some(0.5)];
    for scalar in [Scalar::Max, Scalar::Min] {
        assert_eq!(partials_at(scalar, &[1.0, 1.0], &[true, true]), both);
        assert_eq!(partials_at(scalar, &[1.0, 1.0], &[true, false]), [Some(0.0), None]);
        assert_eq!(partials_at(scalar, &[1.0, 1.0], &[false, true]), [None, Some(0.0)]);
    }
    let clamp = |x: f64, active: &[bool]| partials_at(Scalar::Clamp, &[x, -1.0, 1.0], active)[0];
    assert_eq!(clamp(1.0, &[true, false, false]), Some(0.0));
    assert_eq!(clamp(-1.0, &[true, false, false]), Some(0.0));
    assert_eq!(clamp(-1.0, &[true, true, false]), Some(0.5));
    assert_eq!(clamp(0.5, &[true, false, false]), Some(1.0));
}

#[test]
fn an_inactive_operand_costs_no_branch_at_the_tie() {
    let mut graph = Graph::new();
    let (x, zero) = (param(&mut graph, 0), graph.float(0.0, grad_core::ir::Float::F64));
    let y = graph.scalar(Scalar::Max, &[x, zero]);
    let partial = rules::partials_for(&mut graph, Scalar::Max, &[x, zero], y, &[true, false])[0].unwrap();
    let (one, condition) = (graph.float_like(1.0, x), graph.compare(grad_core::ir::Cmp::Gt, x, zero));
    assert_eq!(partial, graph.select(condition, one, zero));
}

#[test]
fn steps_and_exponents_have_no_derivative() {
    for name in ["floor", "ceil", "round", "trunc", "signum"] {
        assert_eq!(partials_at(Scalar::by_name(name).unwrap(), &[0.3], &[true]), [None]);
    }
}

#[test]
fn extreme_operands_do_not_overflow() {
    for scale in [1e200, 1e-200] {
        let (a, b) = (
            partial("atan2", &[3.0 * scale, 4.0 * scale], 0),
            partial("atan2", &[3.0 * scale, 4.0 * scale], 1),
        );
        assert!(is_near(a, 4.0 / 25.0 / scale, 1e-14), "{a}");
        assert!(is_near(b, -3.0 / 25.0 / scale, 1e-14), "{b}");
        assert!(is_near(partial("hypot", &[3.0 * scale, 4.0 * scale], 0), 0.6, 1e-14));
    }
    assert_eq!(partial("sigmoid_cross_entropy", &[800.0, 0.0], 0), 1.0);
    assert_eq!(partial("sigmoid_cross_entropy", &[-800.0, 1.0], 0), -1.0);
    assert!(is_near(partial("ln_1m_exp", &[-1e-10], 0), -1e10, 1e-9));
    assert!(is_near(partial("acosh", &[1.0 + 1e-10], 0), 70710.677, 1e-6));
}

/// What `f` makes of the elements of a vector and of a weight, summed with the weights: a scalar of the vector.
fn weighted(graph: &mut Graph, soft: Soft, len: usize) -> (NodeId, NodeId) {
    let (var, x) = vector(graph, 0, len);
    let y = graph.soft(soft, var, x);
    let g = if soft == Soft::LogSumExp { graph.float_like(0.7, x) } else { vector(graph, 1, len).1 };
    let pullback = rules::soft_pullback(graph, soft, var, x, y, g);
    let gradient = graph.build(&[var], pullback);
    let product = graph.mul(g, y);
    let total = if soft == Soft::LogSumExp { product } else { graph.sum_over(var, product) };
    (total, gradient)
}

#[test]
fn pullbacks_agree_with_differences() {
    for soft in [Soft::Softmax, Soft::LogSoftmax, Soft::LogSumExp] {
        let mut graph = Graph::new();
        let (total, gradient) = weighted(&mut graph, soft, 4);
        let (x, g) = ([0.3, -1.2, 2.0, 0.9], [1.0, -0.5, 0.25, 2.0]);
        let found = elements(&graph, gradient, &vectors(&[&x, &g]));
        for k in 0..4 {
            let expected = difference(&|step| {
                let mut moved = x;
                moved[k] += step;
                value(&graph, total, &vectors(&[&moved, &g]))
            });
            assert!(is_near(found[k], expected, 1e-8), "{soft:?} {k}: {} but {expected}", found[k]);
        }
    }
}

#[test]
fn pushforwards_are_the_pullbacks_transposed() {
    for soft in [Soft::Softmax, Soft::LogSoftmax, Soft::LogSumExp] {
        let mut graph = Graph::new();
        let (var, x) = vector(&mut graph, 0, 4);
        let tangent = vector(&mut graph, 1, 4).1;
        let y = graph.soft(soft, var, x);
        let forward = rules::soft_pushforward(&mut graph, soft, var, x, y, tangent);
        let (at, direction) = ([0.3, -1.2, 2.0, 0.9], [1.0, -0.5, 0.25, 2.0]);
        let (value, found) = match soft {
            Soft::LogSumExp => (y, forward),
            _ => {
                // Weights, so that one number tells.
                let index = graph.index(var);
                let weight = graph.cast(F64, index);
                let (value, found) = (graph.mul(weight, y), graph.mul(weight, forward));
                (graph.sum_over(var, value), graph.sum_over(var, found))
            }
        };
        let expected = difference(&|step| {
            let moved: Vec<f64> = at.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
            support_value(&graph, value, &moved, &direction)
        });
        let found = support_value(&graph, found, &at, &direction);
        assert!(is_near(found, expected, 1e-8), "{soft:?}: {found} but {expected}");
    }
}

fn support_value(graph: &Graph, node: NodeId, x: &[f64], direction: &[f64]) -> f64 {
    value(graph, node, &vectors(&[x, direction]))
}
