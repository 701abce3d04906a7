//! In loops: an entry for each iteration.

use grad::grad;

use crate::check::noise;
use crate::probe::{Probe, assert_traced};

#[grad(trace, wrt(w))]
fn deep<const N: usize>(w: &[[[f64; N]; N]], x: &[f64; N], _t: &[f64; N]) -> f64 {
    let mut a = *x;
    for w in w {
        let z: [f64; N] = std::array::from_fn(|i| w[i].iter().zip(&a).map(|(w, a)| w * a).sum());
        a = z.map(|z| z.tanh());
    }
    let e: f64 = a.iter().zip(_t).map(|(a, t)| (a - t) * (a - t)).sum();
    e
}

#[test]
fn layers_in_a_loop() {
    let w: Vec<[[f64; 3]; 3]> =
        (0..5).map(|l| std::array::from_fn(|i| std::array::from_fn(|j| noise(9 * l + 3 * i + j)))).collect();
    let (x, t) = ([0.4, -0.9, 1.3], [0.1, 0.2, 0.3]);
    let (value, gradient, trace) = deep_grad_traced(&w, &x, &t);
    assert_eq!((value, gradient), deep_grad(&w, &x, &t));
    assert_traced(&trace, |probe| {
        let mut a = x;
        for (l, w) in w.iter().enumerate() {
            let z = std::array::from_fn(|i| (0..3).map(|j| w[i][j] * a[j]).sum());
            let z = probe.all(format!("z[{l}]"), z);
            a = probe.all(format!("a[{l}]"), z.map(f64::tanh));
        }
        probe.at("e", (0..3).map(|i| (a[i] - t[i]) * (a[i] - t[i])).sum())
    });
    let entry = trace.get_at("a", 3).expect("there are five");
    assert_eq!((entry.label().as_str(), entry.iteration, &entry.outer[..]), ("a[3]", Some(3), &[][..]));
    assert!(deep_grad_traced(&[], &x, &t).2.get("z").is_none(), "without iterations there are no entries");
}

#[grad(trace)]
fn line(w: f64, b: f64, xs: &[f64], _ts: &[f64]) -> f64 {
    let mut loss = 0.0;
    for (x, t) in xs.iter().zip(_ts) {
        let z = w * x + b;
        let e = z - t;
        loss += e * e;
    }
    loss / xs.len() as f64
}

#[test]
fn samples_that_need_no_order() {
    let (xs, ts) = ([0.5, -1.0, 2.0, 0.25], [1.0, 0.0, 3.0, -0.5]);
    let (value, gradients, trace) = line_grad_traced(0.8, -0.1, &xs, &ts);
    assert_eq!((value, gradients), line_grad(0.8, -0.1, &xs, &ts));
    assert_traced(&trace, |probe| {
        let mut loss = 0.0;
        for i in 0..4 {
            let z = probe.at(format!("z[{i}]"), 0.8 * xs[i] - 0.1);
            let e = probe.at(format!("e[{i}]"), z - ts[i]);
            loss += e * e;
        }
        loss / 4.0
    });
}

#[grad(trace, wrt(w))]
fn batch(w: &[[f64; 2]; 2], xs: &[[f64; 2]], layers: usize) -> f64 {
    let mut total = 0.0;
    for x in xs {
        let mut a = *x;
        for _ in 0..layers {
            let z = [w[0][0] * a[0] + w[0][1] * a[1], w[1][0] * a[0] + w[1][1] * a[1]];
            a = [z[0].tanh(), z[1].sin()];
        }
        let e = a[0] - a[1];
        total += e * e;
    }
    total
}

#[test]
fn loops_in_loops() {
    let w = [[0.3, -0.8], [1.1, 0.6]];
    let xs = [[0.5, 1.0], [-0.3, 0.2], [2.0, -1.0]];
    let (value, gradient, trace) = batch_grad_traced(&w, &xs, 4);
    assert_eq!((value, gradient), batch_grad(&w, &xs, 4));
    let run = |probe: &mut Probe| {
        let mut total = 0.0;
        for (i, x) in xs.iter().enumerate() {
            let mut a = *x;
            for l in 0..4 {
                let z = [w[0][0] * a[0] + w[0][1] * a[1], w[1][0] * a[0] + w[1][1] * a[1]];
                let z = probe.all(format!("z[{i}][{l}]"), z);
                a = probe.all(format!("a[{i}][{l}]"), [z[0].tanh(), z[1].sin()]);
            }
            let e = probe.at(format!("e[{i}]"), a[0] - a[1]);
            total += e * e;
        }
        total
    };
    assert_traced(&trace, run);
    let (iteration, outer) = (trace.entries()[7].iteration, &trace.entries()[7].outer);
    assert_eq!((trace.entries()[7].label().as_str(), iteration, &outer[..]), ("a[0][3]", Some(3), &[0][..]));
}

#[grad(trace)]
fn repeated(x: f64, limit: usize) -> f64 {
    let mut v = x;
    let mut steps = 0;
    while v < 3.0 && steps < limit {
        let t = 0.5 * v * v + 0.5;
        v = t.sin() + 1.2 * v;
        steps += 1;
    }
    v
}

#[test]
fn loops_of_unknown_length() {
    let (value, gradient, trace) = repeated_grad_traced(0.4, 50);
    assert_eq!((value, gradient), repeated_grad(0.4, 50));
    assert_traced(&trace, |probe| {
        let mut v = probe.at("v", 0.4);
        for step in 0..50 {
            if v >= 3.0 {
                break;
            }
            let t = probe.at(format!("t[{step}]"), 0.5 * v * v + 0.5);
            v = probe.at(format!("v[{step}]"), t.sin() + 1.2 * v);
        }
        v
    });
}

#[grad(trace)]
fn counted(x: f64, n: usize) -> f64 {
    let mut k = 0;
    let mut s = x;
    while k < n {
        let u = s.sin();
        s = u * x;
        k += 1;
    }
    s
}

#[test]
fn loops_that_count() {
    let (value, gradient, trace) = counted_grad_traced(0.7, 3);
    assert_eq!((value, gradient), counted_grad(0.7, 3));
    assert_traced(&trace, |probe| {
        let mut s = probe.at("s", 0.7);
        for k in 0..3 {
            let u = probe.at(format!("u[{k}]"), s.sin());
            s = probe.at(format!("s[{k}]"), u * 0.7);
        }
        s
    });
}

#[grad(trace)]
fn recurrent(w: f64, u: f64, xs: &[f32]) -> f64 {
    xs.iter().fold(0.0, |h, x| {
        let z = w * h + u * f64::from(*x);
        z.tanh()
    })
}

#[test]
fn folds_are_loops() {
    let xs = [0.5, -0.25, 1.5];
    let (value, gradients, trace) = recurrent_grad_traced(0.7, -0.4, &xs);
    assert_eq!((value, gradients), recurrent_grad(0.7, -0.4, &xs));
    assert_traced(&trace, |probe| {
        let mut h = 0.0_f64;
        for (i, x) in xs.iter().enumerate() {
            h = probe.at(format!("z[{i}]"), 0.7 * h - 0.4 * f64::from(*x)).tanh();
        }
        h
    });
}

#[grad(trace)]
fn elements(w: &[f64], x: &[f64]) -> f64 {
    let total: f64 = w
        .iter()
        .zip(x)
        .map(|(w, x)| {
            let z = w * x;
            z * z.sin()
        })
        .sum();
    total
}

#[test]
fn what_a_closure_names_is_one_value_for_all_items() {
    let (w, x) = ([0.5, -1.5, 0.3], [1.0, 0.4, 2.0]);
    let (value, gradients, trace) = elements_grad_traced(&w, &x);
    assert_eq!((value, gradients), elements_grad(&w, &x));
    assert_traced(&trace, |probe| {
        let terms = std::array::from_fn(|i| w[i] * x[i]);
        let z: [f64; 3] = probe.all("z", terms);
        probe.at("total", z.iter().map(|z| z * z.sin()).sum())
    });
}

#[grad(trace, wrt(x))]
fn in_place(x: &[f64], steps: usize) -> f64 {
    let mut a = x.to_vec();
    for _ in 0..steps {
        for i in 1..a.len() {
            let step = a[i - 1] * 0.5;
            a[i] = (a[i] + step).sin();
        }
    }
    let s: f64 = a.iter().sum();
    s
}

#[test]
fn arrays_that_change_in_place() {
    let x = [0.4, 1.2, -0.6, 0.9];
    let (value, gradient, trace) = in_place_grad_traced(&x, 3);
    assert_eq!((value, gradient), in_place_grad(&x, 3));
    assert_traced(&trace, |probe| {
        let mut a = probe.all("a", x);
        for k in 0..3 {
            for i in 1..4 {
                let step = probe.at(format!("step[{k}][{}]", i - 1), a[i - 1] * 0.5);
                a[i] = (a[i] + step).sin();
            }
        }
        probe.at("s", a.iter().sum())
    });
}

#[grad(trace)]
fn triangle(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..x.len() {
        let head: Vec<f64> = x[i..].iter().map(|v| v * v).collect();
        for j in i + 1..x.len() {
            let u = x[i] * x[j] * s;
            s += u.sin() * head[j - i];
        }
    }
    s
}

#[test]
fn rows_of_different_lengths() {
    let x = [0.4, 1.2, -0.6, 0.9];
    let (value, gradient, trace) = triangle_grad_traced(&x);
    assert_eq!((value, gradient), triangle_grad(&x));
    assert_traced(&trace, |probe| {
        let mut s = 1.0;
        for i in 0..4 {
            let head: Vec<f64> = x[i..].iter().map(|v| probe.at(format!("head[{i}]"), v * v)).collect();
            for j in i + 1..4 {
                let u = probe.at(format!("u[{i}][{}]", j - i - 1), x[i] * x[j] * s);
                s += u.sin() * head[j - i];
            }
        }
        s
    });
    assert!(triangle_grad_traced(&[]).2.entries().is_empty());
}
