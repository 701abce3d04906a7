//! In branches: an entry only where the value is computed.

use grad::grad;

use crate::probe::assert_traced;

#[grad(trace)]
fn branches(x: f64, y: f64) -> f64 {
    if x > 0.0 {
        let l = x.ln();
        let z = l * y;
        z
    } else {
        let q = x * x;
        q + y
    }
}

#[test]
fn only_the_branch_that_is_taken() {
    let (value, gradients, trace) = branches_grad_traced(2.0, 3.0);
    assert_eq!((value, gradients), branches_grad(2.0, 3.0));
    assert_traced(&trace, |probe| {
        let l = probe.at("l", 2.0_f64.ln());
        probe.at("z", l * 3.0)
    });
    let (value, gradients, trace) = branches_grad_traced(-2.0, 3.0);
    assert_eq!((value, gradients), branches_grad(-2.0, 3.0));
    assert_traced(&trace, |probe| probe.at("q", 4.0) + 3.0);
}

#[grad(trace)]
fn early(x: &[f64], start: usize) -> f64 {
    let s: f64 = x.iter().sum();
    if s < 0.0 {
        return s * s;
    }
    let r = s.sqrt() * x[start];
    let mut t = 0.0;
    for v in x {
        if *v < 0.0 {
            continue;
        }
        let w = v.sqrt() * r;
        t += w;
        if t > 10.0 {
            break;
        }
    }
    t
}

#[test]
fn after_early_exits() {
    let x = [4.0, -1.0, 2.25, 9.0, 1.0];
    let (value, gradient, trace) = early_grad_traced(&x, 2);
    assert_eq!((value, gradient), early_grad(&x, 2));
    assert_traced(&trace, |probe| {
        let s = probe.at("s", x.iter().sum());
        let r = probe.at("r", s.sqrt() * x[2]);
        let mut t = 0.0;
        for (i, v) in x.iter().enumerate().filter(|(_, v)| **v >= 0.0) {
            t += probe.at(format!("w[{i}]"), v.sqrt() * r);
            if t > 10.0 {
                break;
            }
        }
        t
    });
    // Where the function returns early, nothing after it is looked at: there is no element 7.
    let (value, _, trace) = early_grad_traced(&[1.0, -2.0], 7);
    assert_eq!((value, trace.entries().len()), (1.0, 1));
}

#[grad(trace)]
fn sides(x: &[f64], y: &[f64]) -> f64 {
    let joined: f64 = x
        .iter()
        .chain(y)
        .map(|v| {
            let t = v * v;
            t.sin()
        })
        .sum();
    let logs: f64 = x
        .iter()
        .filter(|v| **v > 0.0)
        .map(|v| {
            let l = v.ln();
            l * l
        })
        .sum();
    joined + logs
}

#[test]
fn what_filters_keep() {
    let (x, y) = ([0.5, -1.0, 2.0], [0.3, 0.9]);
    let (value, gradients, trace) = sides_grad_traced(&x, &y);
    assert_eq!((value, gradients), sides_grad(&x, &y));
    assert_traced(&trace, |probe| {
        let all = [x[0], x[1], x[2], y[0], y[1]];
        let t = probe.all("t", all.map(|v| v * v));
        let joined = probe.at("joined", t.iter().map(|t| t.sin()).sum());
        let l = probe.all("l", [x[0].ln(), x[2].ln()]);
        joined + probe.at("logs", l.iter().map(|l| l * l).sum())
    });
}

#[grad(trace, wrt(x))]
fn loop_in_branch(x: &[f64], k: usize) -> f64 {
    let s = x[0] * x[1];
    if k >= 2 {
        let mut t = x[k];
        for i in 0..k - 2 {
            let u = t * x[i];
            t = u.sin();
        }
        let tail: Vec<f64> = x[..k - 1].iter().map(|v| v * s).collect();
        t + tail[0] * tail[0]
    } else {
        s
    }
}

#[test]
fn loops_in_branches() {
    let x = [0.6, 1.4, -0.8, 0.5, 1.1, 0.7];
    let (value, gradient, trace) = loop_in_branch_grad_traced(&x, 5);
    assert_eq!((value, gradient), loop_in_branch_grad(&x, 5));
    assert_traced(&trace, |probe| {
        let s = probe.at("s", x[0] * x[1]);
        let mut t = probe.at("t", x[5]);
        for i in 0..3 {
            let u = probe.at(format!("u[{i}]"), t * x[i]);
            t = probe.at(format!("t[{i}]"), u.sin());
        }
        let tail = probe.all("tail", [0, 1, 2, 3].map(|i| x[i] * s));
        t + tail[0] * tail[0]
    });
    // Neither does the loop run where the branch is not taken, nor is it asked how often.
    let (value, gradient, trace) = loop_in_branch_grad_traced(&x[..2], 1);
    assert_eq!((value, gradient), loop_in_branch_grad(&x[..2], 1));
    assert_eq!(trace.entries().len(), 1);
}
