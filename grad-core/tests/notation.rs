//! Graphs as text, drawings and formulas.

mod common;

use common::{F64, vector};
use grad_core::ir::export::dot;
use grad_core::ir::formula::{formula, formulas};
use grad_core::ir::text::text;
use grad_core::ir::{Cmp, Elem, Float, Fold, Graph, IntOp, NodeId, Op, Scalar, Soft, Var};

/// `w[i, j]·x[j]` with all that is around it.
struct Layer {
    g: Graph,
    w: NodeId,
    x: NodeId,
    i: Var,
    j: Var,
    product: NodeId,
    sum: NodeId,
}

fn layer() -> Layer {
    let mut g = Graph::new();
    let (m, n) = (g.symbol_node("M", Elem::USIZE), g.symbol_node("N", Elem::USIZE));
    let w = g.add(Op::Param(0, F64), &[m, n]);
    let x = g.add(Op::Param(1, F64), &[n]);
    g.set_name(w, "w");
    g.set_name(x, "x");
    let (i, j) = (g.fresh_var(m), g.fresh_var(n));
    let (at_i, at_j) = (g.index(i), g.index(j));
    let (wij, xj) = (g.read(w, &[at_i, at_j]), g.read(x, &[at_j]));
    let product = g.mul(wij, xj);
    let zero = g.float(0.0, Float::F64);
    let sum = g.reduce(Fold::Sum, j, zero, product);
    Layer { g, w, x, i, j, product, sum }
}

#[test]
fn a_layer_as_text() {
    let Layer { mut g, i, sum, .. } = layer();
    g.set_name(sum, "z");
    let y = g.build(&[i], sum);
    let expected = "\
i0 < %0
i1 < %1
%0: usize = symbol M
%1: usize = symbol N
%2: [f64; %0, %1] = param 0  // w
%3: [f64; %1] = param 1  // x
%4: usize[i0] = index i0
%5: usize[i1] = index i1
%6: f64[i0, i1] = read %2 %4 %5
%7: f64[i1] = read %3 %5
%8: f64[i0, i1] = mul %6 %7
%9: f64 = 0.0
%10: f64[i0] = sum i1 from %9: %8  // z
%11: [f64; %0] = build i0: %10
-> %11
";
    assert_eq!(text(&g, &[y]), expected);
}

#[test]
fn a_loop_as_text() {
    let mut g = Graph::new();
    let (four, one) = (g.usize(4), g.float(1.0, Float::F64));
    let (lp, t) = g.open_loop(four, [].into(), vec![one]);
    let carried = g.carried(lp, 0);
    let next = g.scalar(Scalar::Sin, &[carried]);
    g.close_loop(lp, vec![next]);
    let (last, history) = (g.final_value(lp, 0), g.build(&[t], carried));
    let expected = "\
i0 < %0
loop0 over i0: %1 -> %3
%0: usize = 4
%1: f64 = 1.0
%2: f64[i0] = carried 0 of loop0
%3: f64[i0] = sin %2
%4: f64 = final 0 of loop0
%5: [f64; %0] = build i0: %2
-> %4, %5
";
    assert_eq!(text(&g, &[last, history]), expected);
}

#[test]
fn a_drawing_nests_what_is_in_a_binder() {
    let Layer { mut g, i, sum, .. } = layer();
    let y = g.build(&[i], sum);
    let drawing = dot(&g, &[y]);
    let expected = r#"  subgraph cluster_i0 {
    label="i0 < %0";
    n4 [label="%4 usize[i0]\nindex i0"];
    n10 [label="%10 f64[i0]\nsum i1 from %9: %8"];
    subgraph cluster_i0_i1 {
      label="i0 < %0, i1 < %1";
      n6 [label="%6 f64[i0, i1]\nread %2 %4 %5"];
      n8 [label="%8 f64[i0, i1]\nmul %6 %7"];
    }
  }
  subgraph cluster_i1 {
"#;
    assert!(drawing.contains(expected), "{drawing}");
    assert!(drawing.contains("  n8 -> n10;\n"), "{drawing}");
    assert_eq!(drawing.matches('{').count(), drawing.matches('}').count());
}

/// The formula of a node in which the graph's names stand.
fn named(g: &Graph, node: NodeId) -> String {
    formula(g, node, &|id| g.name(id).map(str::to_string))
}

#[test]
fn the_formulas_of_a_layer() {
    let Layer { mut g, w, x, i, j, product, sum } = layer();
    let b = vector(&mut g, 2, "b", "M");
    let at_i = g.index(i);
    let bias = g.read(b, &[at_i]);
    let z = g.plus(sum, bias);
    g.set_name(z, "z");
    let s = g.scalar(Scalar::Sigmoid, &[z]);
    let y = g.build(&[i], s);
    let dy = vector(&mut g, 3, "d_y", "M");
    let dyi = g.read(dy, &[at_i]);
    let at_j = g.index(j);
    let (xj, wij) = (g.read(x, &[at_j]), g.read(w, &[at_i, at_j]));
    let one = g.float(1.0, Float::F64);
    let rest = g.sub(one, s);
    let slope = g.mul(dyi, s);
    let dz = g.mul(slope, rest);
    let db = g.build(&[i], dz);
    let element = g.mul(dz, xj);
    let dw = g.build(&[i, j], element);
    let element = g.mul(dz, wij);
    let sum_i = g.sum_over(i, element);
    let dx = g.build(&[j], sum_i);
    let targets = [("y", y), ("d_b", db), ("d_w", dw), ("d_x", dx)].map(|(n, id)| (n.to_string(), id));
    let expected = [
        "y[i] = σ(z[i])",
        "d_b[i] = d_y[i]·y[i]·(1 − y[i])",
        "d_w[i, j] = d_b[i]·x[j]",
        "d_x[i] = Σⱼ d_b[j]·w[j, i]",
    ];
    assert_eq!(formulas(&g, &targets), expected);
    assert_eq!(named(&g, z), "(Σⱼ w[i, j]·x[j]) + b[i]");
    assert_eq!(named(&g, product), "w[i, j]·x[j]");
}

#[test]
fn precedence() {
    let mut g = Graph::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| {
        let node = g.symbol_node(name, F64);
        g.set_name(node, name);
        node
    });
    let (sum, product) = (g.plus(a, b), g.mul(a, b));
    let (minus, quotient) = (g.neg(a), g.div(a, b));
    let two = g.float(2.0, Float::F64);
    let half = g.float(-0.5, Float::F64);
    let three = g.int(3, grad_core::ir::Int::I32);
    let condition = g.compare(Cmp::Le, a, b);
    let cases = [
        (g.mul(sum, c), "(a + b)·c"),
        (g.mul(c, sum), "c·(a + b)"),
        (g.sub(c, sum), "c − (a + b)"),
        (g.sub(sum, c), "a + b − c"),
        (g.div(c, product), "c / (a·b)"),
        (g.div(product, c), "a·b / c"),
        (g.div(quotient, c), "(a / b) / c"),
        (g.mul(quotient, c), "(a / b)·c"),
        (g.mul(minus, c), "−a·c"),
        (g.mul(c, minus), "c·(−a)"),
        (g.plus(c, minus), "c + (−a)"),
        (g.neg(sum), "−(a + b)"),
        (g.neg(product), "−a·b"),
        (g.mul(a, half), "a·(−0.5)"),
        (g.scalar(Scalar::Powi, &[sum, three]), "(a + b)³"),
        (g.scalar(Scalar::Powf, &[a, half]), "a^(−0.5)"),
        (g.scalar(Scalar::Powf, &[a, two]), "a²"),
        (g.scalar(Scalar::Exp, &[sum]), "exp(a + b)"),
        (g.scalar(Scalar::Recip, &[product]), "1 / (a·b)"),
        (g.scalar(Scalar::MulAdd, &[sum, a, minus]), "(a + b)·a + (−a)"),
        (g.scalar(Scalar::Abs, &[minus]), "|−a|"),
        (g.scalar(Scalar::Xlogy, &[sum, sum]), "(a + b)·ln(a + b)"),
        (g.select(condition, sum, c), "{a + b if a ≤ b; c otherwise}"),
    ];
    for (node, expected) in cases {
        assert_eq!(named(&g, node), expected);
    }
}

#[test]
fn binders() {
    let mut g = Graph::new();
    let x = vector(&mut g, 0, "x", "N");
    let n = g.symbol_node("N", Elem::USIZE);
    let (i, j) = (g.fresh_var(n), g.fresh_var(n));
    let (at_i, at_j) = (g.index(i), g.index(j));
    let (xi, xj) = (g.read(x, &[at_i]), g.read(x, &[at_j]));
    let soft = g.soft(Soft::Softmax, j, xj);
    let weighted = g.mul(soft, xi);
    let zero = g.float(0.0, Float::F64);
    let total = g.reduce(Fold::Sum, j, zero, weighted);
    let least = g.float(f64::NEG_INFINITY, Float::F64);
    let greatest = g.reduce(Fold::Max, j, least, xj);
    let (one, two) = (g.usize(1), g.usize(2));
    let next = g.int_op(IntOp::Add, &[at_i, one]);
    let shifted = g.read(x, &[next]);
    let half = g.int_op(IntOp::Div, &[at_i, two]);
    let op = Op::Scatter { elem: F64, rank: 1, writes: Box::new([Box::new([i])]) };
    let scattered = g.add(op, &[n, half, xi]);
    let element = g.read(scattered, &[at_j]);
    assert_eq!(named(&g, total), "Σⱼ softmaxⱼ(x[j])·x[i]");
    assert_eq!(named(&g, greatest), "maxᵢ x[i]");
    assert_eq!(named(&g, shifted), "x[i + 1]");
    assert_eq!(named(&g, element), "Σⱼ [⌊j / 2⌋ = i]·x[j]");
    assert_eq!(formulas(&g, &[("h".to_string(), scattered)]), ["h[⌊i / 2⌋] += x[i] for i"]);
    let arg = g.add(Op::ArgReduce(Fold::Max, j), &[xj]);
    assert_eq!(named(&g, arg), "argmaxᵢ x[i]");
}

#[test]
fn long_formulas_end() {
    let mut g = Graph::new();
    let mut node = g.symbol_node("a", F64);
    for _ in 0..10_000 {
        node = g.mul(node, node);
        node = g.scalar(Scalar::Sin, &[node]);
    }
    let text = named(&g, node);
    assert!(text.contains('…') && text.len() < 2000, "{text}");
}

/// Rows of the table that bring no brackets of their own take them where they stand in a term.
#[test]
fn what_has_no_brackets_of_its_own_gets_them() {
    let mut g = Graph::new();
    let [t, b, y] = [0, 1, 2].map(|k| g.add(Op::Param(k, F64), &[]));
    for (node, name) in [(t, "t"), (b, "b"), (y, "y")] {
        g.set_name(node, name);
    }
    let z = g.scalar(Scalar::Add, &[t, b]);
    let entropy = g.scalar(Scalar::SigmoidCrossEntropy, &[z, y]);
    let opposite = g.scalar(Scalar::Neg, &[entropy]);
    let guarded = g.scalar(Scalar::MulZero, &[y, z]);
    let write = |node| formula(&g, node, &|id| g.name(id).map(str::to_string));
    assert_eq!(write(entropy), "softplus(t + b) − (t + b)·y");
    assert_eq!(write(opposite), "−(softplus(t + b) − (t + b)·y)");
    assert_eq!(write(guarded), "y·(t + b)");
}
