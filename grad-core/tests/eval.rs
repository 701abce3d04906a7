//! The reference interpreter on graphs whose values are known.

use grad_core::eval::{EvalError, Evaluator, Inputs, Value, evaluate_one};
use grad_core::ir::{Cmp, Elem, Float, Fold, Graph, Int, IntOp, Logic, NodeId, Op, Scalar, Soft};

const F64: Elem = Elem::Float(Float::F64);

fn param(g: &mut Graph, k: u32, extents: &[usize]) -> NodeId {
    let shape: Vec<NodeId> = extents.iter().map(|&n| g.usize(n)).collect();
    g.add(Op::Param(k, F64), &shape)
}

fn float(x: f64) -> Value {
    Value::Float(x)
}

#[test]
fn a_layer() {
    let mut g = Graph::new();
    let (w, x) = (param(&mut g, 0, &[2, 3]), param(&mut g, 1, &[3]));
    let (rows, columns) = (g.usize(2), g.usize(3));
    let (i, j) = (g.fresh_var(rows), g.fresh_var(columns));
    let (at_i, at_j) = (g.index(i), g.index(j));
    let (wij, xj) = (g.read(w, &[at_i, at_j]), g.read(x, &[at_j]));
    let product = g.mul(wij, xj);
    let zero = g.float(0.0, Float::F64);
    let sum = g.reduce(Fold::Sum, j, zero, product);
    let y = g.build(&[i], sum);
    let weights = Value::floats(&[2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let inputs = Inputs::new(vec![weights, Value::floats(&[3], vec![1.0, 0.5, -1.0])]);
    assert_eq!(evaluate_one(&g, y, &inputs), Ok(Value::floats(&[2], vec![-1.0, 0.5])));
    let mut at_row = Evaluator::new(&g, &inputs);
    at_row.bind(i, 1);
    assert_eq!(at_row.value(sum), Ok(float(0.5)));
    assert_eq!(evaluate_one(&g, sum, &inputs), Err(EvalError::Unbound(i)));
}

/// `for t in 0..4 { s = s * x + t }`
#[test]
fn a_loop_and_its_history() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[]);
    let (four, one) = (g.usize(4), g.float(1.0, Float::F64));
    let (lp, t) = g.open_loop(four, [].into(), vec![one]);
    let (s, at) = (g.carried(lp, 0), g.index(t));
    let at = g.cast(F64, at);
    let scaled = g.mul(s, x);
    let next = g.plus(scaled, at);
    g.close_loop(lp, vec![next]);
    let last = g.final_value(lp, 0);
    let history = g.build(&[t], s);
    let inputs = Inputs::new(vec![float(2.0)]);
    assert_eq!(evaluate_one(&g, last, &inputs), Ok(float(27.0)));
    assert_eq!(evaluate_one(&g, history, &inputs), Ok(Value::floats(&[4], vec![1.0, 2.0, 5.0, 12.0])));
    let zero = g.float(0.0, Float::F64);
    let total = g.reduce(Fold::Sum, t, zero, next);
    assert_eq!(evaluate_one(&g, total, &inputs), Ok(float(46.0)));
}

#[test]
fn scatter_adds_in_order() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[4]);
    let (four, two) = (g.usize(4), g.usize(2));
    let i = g.fresh_var(four);
    let at = g.index(i);
    let bucket = g.int_op(IntOp::Rem, &[at, two]);
    let value = g.read(x, &[at]);
    let op = Op::Scatter { elem: F64, rank: 1, writes: Box::new([Box::new([i])]) };
    let sums = g.add(op, &[two, bucket, value]);
    let inputs = Inputs::new(vec![Value::floats(&[4], vec![1.0, 2.0, 3.0, 4.0])]);
    assert_eq!(evaluate_one(&g, sums, &inputs), Ok(Value::floats(&[2], vec![4.0, 6.0])));
}

#[test]
fn branches_are_lazy() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[2]);
    let (two, zero) = (g.usize(2), g.usize(0));
    let k = g.add(Op::Param(1, Elem::USIZE), &[]);
    let inside = g.compare(Cmp::Lt, k, two);
    let (read, otherwise) = (g.read(x, &[k]), g.float(-1.0, Float::F64));
    let guarded = g.select(inside, read, otherwise);
    let inverse = g.int_op(IntOp::Div, &[two, k]);
    let positive = g.compare(Cmp::Gt, inverse, zero);
    let (nonzero, is_zero) = (g.compare(Cmp::Ne, k, zero), g.compare(Cmp::Eq, k, zero));
    let and = g.logic(Logic::And, nonzero, positive);
    let or = g.logic(Logic::Or, is_zero, positive);
    let at = |g: &Graph, node: NodeId, k: i128| {
        evaluate_one(g, node, &Inputs::new(vec![Value::floats(&[2], vec![3.0, 4.0]), Value::Int(k)]))
    };
    assert_eq!(at(&g, guarded, 1), Ok(float(4.0)));
    assert_eq!(at(&g, guarded, 2), Ok(float(-1.0)));
    assert_eq!(at(&g, read, 2), Err(EvalError::OutOfBounds { node: read, index: 2, extent: 2 }));
    assert_eq!(at(&g, and, 0), Ok(Value::Bool(false)));
    assert_eq!(at(&g, or, 0), Ok(Value::Bool(true)));
    assert_eq!(at(&g, or, 1), Ok(Value::Bool(true)));
    assert_eq!(at(&g, inverse, 0), Err(EvalError::DivisionByZero(inverse)));
    let one = g.usize(1);
    let before = g.int_op(IntOp::Sub, &[k, one]);
    assert_eq!(at(&g, before, 0), Err(EvalError::Overflow(before)));
    assert_eq!(
        evaluate_one(&g, read, &Inputs::new(vec![Value::floats(&[3], vec![0.0; 3]), Value::Int(0)])),
        Err(EvalError::Shape { node: x, expected: vec![2], found: vec![3] })
    );
    assert_eq!(evaluate_one(&g, read, &Inputs::default()), Err(EvalError::Missing("parameter 0".into())));
}

#[test]
fn integers_have_the_width_of_their_type() {
    let mut g = Graph::new();
    let k = g.add(Op::Param(0, Elem::Int(Int::U8)), &[]);
    let at = |g: &Graph, node: NodeId, k: i128| evaluate_one(g, node, &Inputs::new(vec![Value::Int(k)]));
    let two = g.int(2, Int::U8);
    let double = g.int_op(IntOp::Mul, &[k, two]);
    assert_eq!(at(&g, double, 127), Ok(Value::Int(254)));
    assert_eq!(at(&g, double, 128), Err(EvalError::Overflow(double)));
    let shifted = g.int_op(IntOp::Shl, &[k, two]);
    assert_eq!(at(&g, shifted, 255), Ok(Value::Int(252)));
    let saturated = g.int_op(IntOp::SaturatingSub, &[two, k]);
    assert_eq!(at(&g, saturated, 9), Ok(Value::Int(0)));
    let signed = g.cast(Elem::Int(Int::I8), k);
    assert_eq!(at(&g, signed, 200), Ok(Value::Int(-56)));
    let minus = g.int_op(IntOp::Neg, &[signed]);
    assert_eq!(at(&g, minus, 128), Err(EvalError::Overflow(minus)));
}

#[test]
fn softmax_is_stable() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[2]);
    let two = g.usize(2);
    let i = g.fresh_var(two);
    let at = g.index(i);
    let xi = g.read(x, &[at]);
    let [softmax, log_softmax] = [Soft::Softmax, Soft::LogSoftmax].map(|soft| {
        let element = g.soft(soft, i, xi);
        g.build(&[i], element)
    });
    let sum = g.soft(Soft::LogSumExp, i, xi);
    let at = |g: &Graph, node, x: [f64; 2]| {
        evaluate_one(g, node, &Inputs::new(vec![Value::floats(&[2], x.to_vec())])).unwrap()
    };
    assert_eq!(at(&g, softmax, [1000.0, 1000.0]), Value::floats(&[2], vec![0.5, 0.5]));
    assert_eq!(at(&g, log_softmax, [0.0, -2000.0]), Value::floats(&[2], vec![0.0, -2000.0]));
    assert_eq!(at(&g, sum, [700.0, 700.0]), float(700.0 + 2f64.ln()));
    assert_eq!(at(&g, sum, [f64::NEG_INFINITY; 2]), float(f64::NEG_INFINITY));
}

#[test]
fn the_first_greatest_wins() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[4]);
    let four = g.usize(4);
    let i = g.fresh_var(four);
    let at = g.index(i);
    let xi = g.read(x, &[at]);
    let greatest = g.add(Op::ArgReduce(Fold::Max, i), &[xi]);
    let least = g.add(Op::ArgReduce(Fold::Min, i), &[xi]);
    let inputs = Inputs::new(vec![Value::floats(&[4], vec![f64::NAN, 2.0, 1.0, 2.0])]);
    assert_eq!(evaluate_one(&g, greatest, &inputs), Ok(Value::Int(1)));
    assert_eq!(evaluate_one(&g, least, &inputs), Ok(Value::Int(2)));
}

#[test]
fn matrix_products_with_transposes() {
    let a = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let expected = Value::floats(&[2, 2], vec![14.0, 32.0, 32.0, 77.0]);
    for (shape, transpose_a, transpose_b) in [([2, 3], false, true), ([3, 2], true, false)] {
        let mut g = Graph::new();
        let x = param(&mut g, 0, &shape);
        let product = g.add(Op::Matmul { transpose_a, transpose_b }, &[x, x]);
        let data = if transpose_a { vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0] } else { a.to_vec() };
        let inputs = Inputs::new(vec![Value::floats(&shape, data)]);
        assert_eq!(evaluate_one(&g, product, &inputs), Ok(expected.clone()));
    }
}

#[test]
fn symbols_that_are_extents_need_no_value() {
    let mut g = Graph::new();
    let n = g.symbol_node("N", Elem::USIZE);
    let x = g.add(Op::Param(0, F64), &[n]);
    let i = g.fresh_var(n);
    let at = g.index(i);
    let xi = g.read(x, &[at]);
    let scale = g.symbol_node("SCALE", F64);
    let zero = g.float(0.0, Float::F64);
    let sum = g.reduce(Fold::Sum, i, zero, xi);
    let scaled = g.mul(sum, scale);
    let inputs = Inputs::new(vec![Value::floats(&[3], vec![1.0, 2.0, 3.0])]);
    assert_eq!(evaluate_one(&g, scaled, &inputs), Err(EvalError::Missing("SCALE".into())));
    assert_eq!(evaluate_one(&g, scaled, &inputs.with_symbol("SCALE", float(0.5))), Ok(float(3.0)));
}

#[test]
fn long_chains_do_not_overflow_the_stack() {
    let mut g = Graph::new();
    let x = param(&mut g, 0, &[2]);
    let two = g.usize(2);
    let i = g.fresh_var(two);
    let at = g.index(i);
    let one = g.usize(1);
    let other = g.int_op(IntOp::Sub, &[one, at]);
    let mut array = x;
    for _ in 0..10_000 {
        let element = g.read(array, &[other]);
        let next = g.scalar(Scalar::Sin, &[element]);
        array = g.build(&[i], next);
    }
    let (zero, mut chain) = (g.usize(0), array);
    chain = g.read(chain, &[zero]);
    for _ in 0..10_000 {
        chain = g.scalar(Scalar::Cos, &[chain]);
    }
    let inputs = Inputs::new(vec![Value::floats(&[2], vec![1.0, 2.0])]);
    let fixed = evaluate_one(&g, chain, &inputs).unwrap().as_float().unwrap();
    assert!((fixed.cos() - fixed).abs() < 1e-15);
}
