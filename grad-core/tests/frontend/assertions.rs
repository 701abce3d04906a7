//! What a function asserts, as the graph says it: checked by the verifier, computed by the interpreter.

use grad_core::eval::{EvalError, Inputs, Value, evaluate_one};
use grad_core::ir::text::text;
use grad_core::ir::verify::verify;
use grad_core::ir::{Graph, Op};

use crate::harness::reading;

/// What is said at some arguments, if anything.
fn said(source: &str, params: Vec<Value>) -> Option<String> {
    let reading = reading("", source);
    let (graph, asserted) = (&reading.function.graph, reading.function.asserted);
    verify(graph, &[asserted]).unwrap();
    match evaluate_one(graph, asserted, &Inputs::new(params)) {
        Ok(value) => {
            assert_eq!(value, Value::Bool(true));
            None
        }
        Err(EvalError::Failed(text)) => Some(text),
        Err(other) => panic!("{other}\n{}", text(graph, &[asserted])),
    }
}

fn floats(x: &[f64]) -> Value {
    Value::floats(&[x.len()], x.to_vec())
}

#[test]
fn in_order() {
    let source =
        "fn f(x: f64) -> f64 { assert!(x > 0.0, \"a\"); assert_ne!(x, 2.0); if x > 9.0 { panic!() } x }";
    assert_eq!(said(source, vec![Value::Float(1.0)]), None);
    assert_eq!(said(source, vec![Value::Float(-1.0)]).unwrap(), "a");
    let differ = "assertion `left != right` failed\n  left: {:?}\n right: {:?}";
    assert_eq!(said(source, vec![Value::Float(2.0)]).unwrap(), differ);
    assert_eq!(said(source, vec![Value::Float(10.0)]).unwrap(), "explicit panic");
}

#[test]
fn in_loops() {
    let source = "fn f(x: &[f64]) -> f64 {
        let mut p = 1.0;
        for i in 0..x.len() {
            assert!(x[i] > 0.0, \"positive\");
            for j in 0..i { assert!(x[j] < x[i], \"ascending\"); }
            p *= x[i];
            assert!(p < 50.0, \"small\");
        }
        p
    }";
    assert_eq!(said(source, vec![floats(&[1.0, 2.0, 3.0])]), None);
    assert_eq!(said(source, vec![floats(&[1.0, 3.0, 2.0, -1.0])]).unwrap(), "ascending");
    assert_eq!(said(source, vec![floats(&[1.0, -2.0])]).unwrap(), "positive");
    assert_eq!(said(source, vec![floats(&[1.0, 60.0, 2.0])]).unwrap(), "small");
}

/// What does not depend on what a loop carries needs no loop that carries it.
#[test]
fn for_each_value_of_a_variable() {
    let count = |source: &str| {
        let reading = reading("", source);
        let (graph, asserted) = (&reading.function.graph, reading.function.asserted);
        let is_loop = |graph: &Graph, id| matches!(graph.op(id), Op::Final(..) | Op::Carried(..));
        let carries = graph.reachable(&[asserted]).into_iter().any(|id| is_loop(graph, id));
        (text(graph, &[asserted]).matches("unless").count(), carries)
    };
    assert_eq!(
        count(
            "fn f(x: &[f64]) -> f64 { let mut s = 0.0; for &v in x { assert!(v > 0.0); s += v; assert!(v < 9.0); } s }"
        ),
        (2, false)
    );
    assert_eq!(
        count("fn f(x: &[f64]) -> f64 { x.iter().map(|&v| { assert!(v > 0.0); v }).sum() }"),
        (1, false)
    );
    assert_eq!(
        count(
            "fn f(x: &[f64]) -> f64 { for i in 0..x.len() { for j in 0..i { assert!(x[i] != x[j]); } } x[0] }"
        ),
        (1, false)
    );
    assert_eq!(
        count("fn f(x: &[f64]) -> f64 { let mut s = 1.0; for &v in x { s *= v; assert!(s > 0.0); } s }"),
        (1, true)
    );
    assert_eq!(count("fn f(x: f64) -> f64 { assert!(1 + 1 == 2); assert!(true); x }"), (0, false));
}
