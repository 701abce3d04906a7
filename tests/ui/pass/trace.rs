//! Traces: in methods and modules, under other names, with the strictest lints.
#![deny(
    warnings,
    unused,
    nonstandard_style,
    future_incompatible,
    missing_docs,
    unreachable_pub,
    unused_qualifications
)]
#![deny(unused_results, single_use_lifetimes, trivial_casts, trivial_numeric_casts, let_underscore_drop)]
#![forbid(unsafe_code)]

mod vendored {
    pub(crate) use ::grad::*;
}

use ndarray::{Array1, Array2};
use vendored::{grad, health::Trace};

/// Names that the generated code might use itself.
#[grad(trace, crate = crate::vendored)]
fn names(iteration: f64, xs: &[f64]) -> f64 {
    let trace = iteration * 2.0;
    let mut sum = trace;
    for x in xs {
        let iteration = sum * x;
        let r#type = iteration.sin();
        sum = r#type;
    }
    sum
}

/// With a matrix kernel.
#[grad(trace, crate = crate::vendored, skip(x))]
fn dense(w: &Array2<f32>, x: &Array2<f32>, b: &Array1<f32>) -> f32 {
    let z = x.dot(w) + b;
    let a = z.mapv(|z| z.tanh());
    a.sum()
}

/// State that changes.
#[grad(trace, crate = crate::vendored, name = moved)]
fn step(rate: f64, state: &mut [f64]) -> f64 {
    let s = state[0] * rate;
    state[0] = s;
    s * state[1]
}

struct Scale(f64);

impl Scale {
    #[grad(trace, crate = crate::vendored)]
    #[cfg(not(any()))]
    fn apply(&self, x: f64) -> f64 {
        let scaled = self.0 * x;
        scaled.exp()
    }
}

fn labels(trace: &Trace) -> Vec<String> {
    trace.entries().iter().map(|entry| entry.label()).collect()
}

fn main() {
    let (value, gradients, trace) = names_grad_traced(0.5, &[1.0, 2.0]);
    assert_eq!((value, gradients), names_grad(0.5, &[1.0, 2.0]));
    let in_loop = ["iteration[0]", "type[0]", "sum[0]", "iteration[1]", "type[1]", "sum[1]"];
    assert_eq!(labels(&trace), [&["trace", "sum"][..], &in_loop].concat());

    let (w, x, b) = (Array2::ones((3, 2)), Array2::ones((4, 3)), Array1::zeros(2));
    let (value, gradients, trace) = dense_grad_traced(&w, &x, &b);
    assert_eq!((value, gradients.clone()), dense_grad(&w, &x, &b));
    assert_eq!(labels(&trace), ["z", "a"]);
    assert_eq!(trace.get("z").map(|z| (z.value.len(), z.value.mean())), Some((8, 3.0)));
    assert_eq!(trace.get("a").map(|a| (a.cotangent.len(), a.cotangent.mean())), Some((8, 1.0)));

    let (mut state, mut other) = ([2.0, 3.0], [2.0, 3.0]);
    let (value, gradients, trace) = moved_grad_traced(0.5, &mut state);
    assert_eq!((value, gradients), moved_grad(0.5, &mut other));
    assert_eq!((state, labels(&trace)), (other, vec!["s".to_string()]));

    let scale = Scale(2.0);
    let (value, gradient, trace) = scale.apply_grad_traced(0.5);
    assert_eq!((value, gradient), scale.apply_grad(0.5));
    assert_eq!(trace.get("scaled").map(|s| s.cotangent.norm()), Some(1.0_f64.exp()));
}
