//! Whole expressions as users write them, stabilised and lowered.

use grad_core::ir::{Cmp, Fold, Graph, Int, NodeId, Op, Scalar, Soft, Var};
use grad_core::rules::{self, Mode, Phase};

use crate::support::*;

const LEN: usize = 3;

/// A vector of logits `z`, a vector of targets `t`, and what is made of them.
struct Forms {
    graph: Graph,
    var: Var,
    z: NodeId,
    t: NodeId,
}

impl Forms {
    fn new() -> Forms {
        let mut graph = Graph::new();
        let (var, z) = vector(&mut graph, 0, LEN);
        let t = vector(&mut graph, 1, LEN).1;
        Forms { graph, var, z, t }
    }

    fn call(&mut self, scalar: Scalar, args: &[NodeId]) -> NodeId {
        self.graph.scalar(scalar, args)
    }

    fn exp(&mut self, x: NodeId) -> NodeId {
        self.call(Scalar::Exp, &[x])
    }

    fn ln(&mut self, x: NodeId) -> NodeId {
        self.call(Scalar::Ln, &[x])
    }

    fn number(&mut self, value: f64) -> NodeId {
        self.graph.float_like(value, self.z)
    }

    /// A sum as an iterator's, from -0.0.
    fn sum(&mut self, body: NodeId) -> NodeId {
        let zero = self.number(-0.0);
        self.graph.reduce(Fold::Sum, self.var, zero, body)
    }

    fn max(&mut self, body: NodeId) -> NodeId {
        let lowest = self.number(f64::NEG_INFINITY);
        self.graph.reduce(Fold::Max, self.var, lowest, body)
    }

    fn soft(&mut self, soft: Soft) -> NodeId {
        self.graph.soft(soft, self.var, self.z)
    }

    fn stable(&mut self, node: NodeId) -> NodeId {
        rules::rewrite(&mut self.graph, &[node], Phase::Stabilise, Mode::Default)[0]
    }

    /// `1 / (1 + exp(-x))`
    fn logistic(&mut self, x: NodeId) -> NodeId {
        let (one, minus) = (self.number(1.0), self.graph.neg(x));
        let e = self.exp(minus);
        let sum = self.graph.plus(one, e);
        self.graph.div(one, sum)
    }
}

/// The ways to write a softmax; `shift` subtracts the maximum first.
fn softmaxes(forms: &mut Forms, shift: bool) -> Vec<NodeId> {
    let z = forms.z;
    let x = if shift {
        let max = forms.max(z);
        forms.graph.sub(z, max)
    } else {
        z
    };
    let e = forms.exp(x);
    let sum = forms.sum(e);
    let one = forms.number(1.0);
    let (reciprocal, recip) = (forms.graph.div(one, sum), forms.call(Scalar::Recip, &[sum]));
    let log_sum = forms.ln(sum);
    let log = forms.graph.sub(x, log_sum);
    vec![forms.graph.div(e, sum), forms.graph.mul(e, reciprocal), forms.graph.mul(recip, e), forms.exp(log)]
}

#[test]
fn softmax_in_all_its_forms() {
    for shift in [false, true] {
        let mut forms = Forms::new();
        let softmax = forms.soft(Soft::Softmax);
        let log_softmax = forms.soft(Soft::LogSoftmax);
        for form in softmaxes(&mut forms, shift) {
            assert_eq!(forms.stable(form), softmax);
            let log = forms.ln(form);
            assert_eq!(forms.stable(log), log_softmax);
        }
    }
}

#[test]
fn log_sum_exp_in_all_its_forms() {
    let mut forms = Forms::new();
    let expected = forms.soft(Soft::LogSumExp);
    let log_softmax = forms.soft(Soft::LogSoftmax);
    let z = forms.z;
    let (e, max) = (forms.exp(z), forms.max(z));
    let sum = forms.sum(e);
    let plain = forms.ln(sum);
    let shifted = forms.graph.sub(z, max);
    let e = forms.exp(shifted);
    let sum = forms.sum(e);
    let log = forms.ln(sum);
    let both = [forms.graph.plus(log, max), forms.graph.plus(max, log)];
    for form in [plain, both[0], both[1]] {
        assert_eq!(forms.stable(form), expected);
        let rest = forms.graph.sub(z, form);
        assert_eq!(forms.stable(rest), log_softmax);
    }
    let late = forms.graph.sub(z, log);
    let late = forms.graph.sub(late, max);
    assert_eq!(forms.stable(late), log_softmax);
    let early = forms.graph.sub(shifted, log);
    assert_eq!(forms.stable(early), log_softmax);
}

#[test]
fn a_shift_that_varies_is_no_shift() {
    let mut forms = Forms::new();
    let (z, t) = (forms.z, forms.t);
    let shifted = forms.graph.sub(z, t);
    let e = forms.exp(shifted);
    let sum = forms.sum(e);
    let form = forms.graph.div(e, sum);
    let expected = forms.graph.soft(Soft::Softmax, forms.var, shifted);
    assert_eq!(forms.stable(form), expected);
}

#[test]
fn naive_cross_entropy_at_large_logits() {
    let mut forms = Forms::new();
    let p = softmaxes(&mut forms, false)[0];
    let log = forms.ln(p);
    let product = forms.graph.mul(forms.t, log);
    let sum = forms.sum(product);
    let loss = forms.graph.neg(sum);
    let stable = forms.stable(loss);
    let at = vectors(&[&[800.0, -800.0, 0.0], &[0.0, 1.0, 0.0]]);
    assert!(!value(&forms.graph, loss, &at).is_finite());
    assert_eq!(value(&forms.graph, stable, &at), 1600.0);
    // xlogy counts a class with t = 0 as 0, also where the logit is -inf.
    let product = forms.call(Scalar::Xlogy, &[forms.t, p]);
    let sum = forms.sum(product);
    let stable = forms.stable(sum);
    let at = vectors(&[&[800.0, f64::NEG_INFINITY, 0.0], &[0.0, 0.0, 1.0]]);
    assert_eq!(value(&forms.graph, stable, &at), -800.0);
}

#[test]
fn cross_entropy_of_a_label() {
    let mut forms = Forms::new();
    let p = softmaxes(&mut forms, false)[0];
    let array = forms.graph.build(&[forms.var], p);
    let label = forms.graph.add(Op::Param(1, grad_core::ir::Elem::USIZE), &[]);
    let read = forms.graph.read(array, &[label]);
    let log = forms.ln(read);
    let stable = forms.stable(log);
    let whole = forms.graph.build(&[forms.var], forms.z);
    let (logit, total) = (forms.graph.read(whole, &[label]), forms.soft(Soft::LogSumExp));
    assert_eq!(stable, forms.graph.sub(logit, total));
}

#[test]
fn one_exponential_of_a_label_over_all() {
    // exp(z[k]) / Σ exp(z): the numerator is no read of an array of exponentials.
    let mut forms = Forms::new();
    let whole = forms.graph.build(&[forms.var], forms.z);
    let label = forms.graph.add(Op::Param(1, grad_core::ir::Elem::USIZE), &[]);
    let logit = forms.graph.read(whole, &[label]);
    let (z, e) = (forms.z, forms.exp(logit));
    let all = forms.exp(z);
    let sum = forms.sum(all);
    let p = forms.graph.div(e, sum);
    let log = forms.ln(p);
    let total = forms.soft(Soft::LogSumExp);
    let expected = forms.graph.sub(logit, total);
    assert_eq!(forms.stable(log), expected);
}

/// `t·ln p + (1 - t)·ln(1 - p)` in the ways to write it, each with the sign of the loss.
fn binary_cross_entropies(forms: &mut Forms, p: NodeId, q: NodeId) -> Vec<(NodeId, bool)> {
    let t = forms.t;
    let one = forms.number(1.0);
    let rest = forms.graph.sub(one, t);
    let (ln_p, ln_q) = (forms.ln(p), forms.ln(q));
    let (a, b) = (forms.graph.mul(t, ln_p), forms.graph.mul(rest, ln_q));
    let (minus_t, minus_rest) = (forms.graph.neg(t), forms.graph.neg(rest));
    let (minus_a, minus_b) = (forms.graph.mul(minus_t, ln_p), forms.graph.mul(minus_rest, ln_q));
    let (x, y) = (forms.call(Scalar::Xlogy, &[t, p]), forms.call(Scalar::Xlogy, &[rest, q]));
    vec![
        (forms.graph.plus(a, b), true),
        (forms.graph.plus(b, a), true),
        (forms.graph.sub(minus_a, b), false),
        (forms.graph.sub(minus_b, a), false),
        (forms.graph.plus(minus_a, minus_b), false),
        (forms.graph.plus(x, y), true),
        (forms.graph.plus(y, x), true),
    ]
}

#[test]
fn binary_cross_entropy_in_all_its_forms() {
    let mut forms = Forms::new();
    let (z, t) = (forms.z, forms.t);
    let p = forms.logistic(z);
    let one = forms.number(1.0);
    let q = forms.graph.sub(one, p);
    let loss = forms.call(Scalar::SigmoidCrossEntropy, &[z, t]);
    let minus = forms.graph.neg(loss);
    for (k, (form, negated)) in binary_cross_entropies(&mut forms, p, q).into_iter().enumerate() {
        assert_eq!(forms.stable(form), if negated { minus } else { loss }, "form {k}");
    }
}

/// What `grad::nn` writes out is one node with a smooth derivative, in every mode.
#[test]
fn losses_of_logits_as_the_library_computes_them() {
    let mut forms = Forms::new();
    let (z, t) = (forms.z, forms.t);
    let zero = forms.number(0.0);
    let (positive, product) = (forms.call(Scalar::Max, &[z, zero]), forms.graph.mul(z, t));
    let difference = forms.graph.sub(positive, product);
    let size = forms.call(Scalar::Abs, &[z]);
    let minus = forms.graph.neg(size);
    let e = forms.exp(minus);
    let log = forms.call(Scalar::Ln1p, &[e]);
    let (bce, softplus) = (forms.graph.plus(difference, log), forms.graph.plus(positive, log));
    let log_p = forms.soft(Soft::LogSoftmax);
    let product = forms.graph.mul(t, log_p);
    let none = forms.graph.compare(Cmp::Eq, t, zero);
    let term = forms.graph.select(none, zero, product);
    let expected = [
        forms.call(Scalar::SigmoidCrossEntropy, &[z, t]),
        forms.call(Scalar::Softplus, &[z]),
        forms.call(Scalar::MulZero, &[t, log_p]),
    ];
    for mode in [Mode::Exact, Mode::Default, Mode::FastMath] {
        let found = rules::rewrite(&mut forms.graph, &[bce, softplus, term], Phase::Stabilise, mode);
        assert_eq!(found, expected, "{mode:?}");
    }
}

#[test]
fn stabilised_values_at_extreme_points() {
    let one = |forms: &mut Forms| forms.number(1.0);
    type Form = (&'static str, fn(&mut Forms, NodeId, NodeId) -> NodeId, f64, f64);
    let forms: [Form; 11] = [
        (
            "ln(1 + exp x)",
            |f, one, x| {
                let e = f.exp(x);
                let s = f.graph.plus(one, e);
                f.ln(s)
            },
            800.0,
            800.0,
        ),
        (
            "ln σ(x)",
            |f, _, x| {
                let s = f.logistic(x);
                f.ln(s)
            },
            -800.0,
            -800.0,
        ),
        (
            "ln(1 - σ(x))",
            |f, one, x| {
                let s = f.logistic(x);
                let r = f.graph.sub(one, s);
                f.ln(r)
            },
            800.0,
            -800.0,
        ),
        (
            "1 - σ(x)",
            |f, one, x| {
                let s = f.logistic(x);
                f.graph.sub(one, s)
            },
            100.0,
            3.720075976020836e-44,
        ),
        (
            "exp(x) - 1",
            |f, one, x| {
                let e = f.exp(x);
                f.graph.sub(e, one)
            },
            1e-20,
            1e-20,
        ),
        (
            "ln(1 + x)",
            |f, one, x| {
                let s = f.graph.plus(x, one);
                f.ln(s)
            },
            1e-20,
            1e-20,
        ),
        (
            "ln(1 - exp x) near 0",
            |f, one, x| {
                let e = f.exp(x);
                let s = f.graph.sub(one, e);
                f.ln(s)
            },
            -1e-20,
            -46.051701859880914,
        ),
        (
            "ln(1 - exp x) far",
            |f, one, x| {
                let e = f.exp(x);
                let s = f.graph.sub(one, e);
                f.ln(s)
            },
            -50.0,
            -1.9287498479639178e-22,
        ),
        (
            "1 - cos x",
            |f, one, x| {
                let c = f.call(Scalar::Cos, &[x]);
                f.graph.sub(one, c)
            },
            1e-10,
            5e-21,
        ),
        (
            "sqrt(x·x)",
            |f, _, x| {
                let s = f.graph.mul(x, x);
                f.call(Scalar::Sqrt, &[s])
            },
            -1e200,
            1e200,
        ),
        (
            "sqrt(x² + x²)",
            |f, _, x| {
                let s = f.graph.mul(x, x);
                let s = f.graph.plus(s, s);
                f.call(Scalar::Sqrt, &[s])
            },
            1e200,
            std::f64::consts::SQRT_2 * 1e200,
        ),
    ];
    for (name, form, at, expected) in forms {
        let mut forms = Forms::new();
        let x = param(&mut forms.graph, 0);
        let one = one(&mut forms);
        let naive = form(&mut forms, one, x);
        let stable = forms.stable(naive);
        let found = value(&forms.graph, stable, &scalars(&[at]));
        assert!(is_near(found, expected, 1e-14), "{name} at {at}: {found} but {expected}");
    }
}

#[test]
fn what_must_stay_as_it_is() {
    let mut forms = Forms::new();
    let x = param(&mut forms.graph, 0);
    let two = forms.graph.int(2, Int::I32);
    let square = forms.graph.mul(x, x);
    let minus = forms.graph.neg(square);
    let powi = forms.call(Scalar::Powi, &[x, two]);
    let half = forms.number(0.5);
    let half = forms.graph.mul(half, square);
    // exp(-x·x), ln(x²), x², exp(x²/2)
    let stay = [forms.exp(minus), forms.ln(powi), forms.ln(square), powi, square, forms.exp(half)];
    for node in stay {
        assert_eq!(forms.stable(node), node);
        assert_eq!(rules::rewrite(&mut forms.graph, &[node], Phase::Algebra, Mode::FastMath), [node]);
    }
    let root = forms.call(Scalar::Sqrt, &[powi]);
    let stable = forms.stable(root);
    assert_eq!(stable, forms.call(Scalar::Abs, &[x]));
    // d/dx sqrt(x²) at -2 is -1.
    let partial = rules::partials(&mut forms.graph, Scalar::Abs, &[x], stable)[0].unwrap();
    assert_eq!(value(&forms.graph, partial, &scalars(&[-2.0])), -1.0);
}

#[test]
fn a_norm_has_gradient_zero_at_zero() {
    let mut forms = Forms::new();
    let z = forms.z;
    let square = forms.graph.mul(z, z);
    let sum = forms.sum(square);
    let norm = forms.call(Scalar::Sqrt, &[sum]);
    let expected = forms.call(Scalar::NormSqrt, &[sum]);
    assert_eq!(forms.stable(norm), expected);
    let partial = rules::partials(&mut forms.graph, Scalar::NormSqrt, &[sum], expected)[0].unwrap();
    assert_eq!(value(&forms.graph, partial, &vectors(&[&[0.0; LEN], &[0.0; LEN]])), 0.0);
    assert_eq!(rules::rewrite(&mut forms.graph, &[expected], Phase::Lower, Mode::Exact), [norm]);
}

#[test]
fn exact_mode_keeps_what_moves_a_rounding() {
    let mut forms = Forms::new();
    let softmax = softmaxes(&mut forms, false)[0];
    let log = forms.ln(softmax);
    assert_eq!(rules::rewrite(&mut forms.graph, &[log], Phase::Stabilise, Mode::Exact), [log]);
}

#[test]
fn value_and_gradient_share_their_exponentials() {
    let mut forms = Forms::new();
    let (z, t, var) = (forms.z, forms.t, forms.var);
    let log = forms.soft(Soft::LogSoftmax);
    let product = forms.graph.mul(t, log);
    let sum = forms.sum(product);
    let loss = forms.graph.neg(sum);
    let g = forms.graph.neg(t);
    let pullback = rules::soft_pullback(&mut forms.graph, Soft::LogSoftmax, var, z, log, g);
    let gradient = forms.graph.build(&[var], pullback);
    let roots = rules::rewrite(&mut forms.graph, &[loss, gradient], Phase::Lower, Mode::Default);
    let count = |wanted: Op| {
        forms.graph.reachable(&roots).iter().filter(|&&id| *forms.graph.op(id) == wanted).count()
    };
    assert_eq!(count(Op::Scalar(Scalar::Exp)), 1);
    assert_eq!(count(Op::Scalar(Scalar::Ln)), 1);
    assert_eq!(count(Op::Reduce(Fold::Max, var)), 1);
}

#[test]
fn lowering_leaves_nothing_to_lower() {
    let mut graph = Graph::new();
    for row in Scalar::TABLE {
        let args = operands(&mut graph, row.scalar);
        let node = graph.scalar(row.scalar, &args);
        let lowered = rules::rewrite(&mut graph, &[node], Phase::Lower, Mode::Exact);
        for id in graph.reachable(&lowered) {
            if let Op::Scalar(scalar) = graph.op(id) {
                assert_ne!(scalar.row().spelling, grad_core::ir::scalar::Spelling::Lowered, "{}", row.name);
            }
        }
    }
}

#[test]
fn a_log_softmax_needs_its_variable() {
    // x - logsumexp over a variable on which x does not depend: nothing binds the variable of a log-softmax.
    let mut forms = Forms::new();
    let x = param(&mut forms.graph, 0);
    let total = forms.graph.soft(Soft::LogSumExp, forms.var, x);
    let form = forms.graph.sub(x, total);
    assert_eq!(forms.stable(form), form);
}
