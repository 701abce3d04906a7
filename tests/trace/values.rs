//! Outside of loops: numbers and containers of all kinds.

use grad::grad;
use grad::nn::{cross_entropy, log_softmax, relu, sigmoid, softmax};
use ndarray::{Array1, Array2, ArrayView2};

use crate::check::noise;
use crate::probe::assert_traced;

#[grad(trace)]
fn two_layers(w1: &[[f64; 3]; 4], b1: &[f64; 4], w2: &[f64; 4], x: &[f64; 3], _t: f64) -> f64 {
    let z1: [f64; 4] = std::array::from_fn(|i| w1[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b1[i]);
    let a1 = z1.map(|z| z.max(0.0));
    let y: f64 = w2.iter().zip(&a1).map(|(w, a)| w * a).sum();
    let loss = (y - _t) * (y - _t);
    loss
}

#[test]
fn layers_on_fixed_arrays() {
    let w1: [[f64; 3]; 4] = std::array::from_fn(|i| std::array::from_fn(|j| noise(3 * i + j)));
    let b1 = [0.1, -0.2, 0.3, -2.5];
    let w2: [f64; 4] = std::array::from_fn(|i| noise(i + 20));
    let x = [0.5, -0.25, 1.5];
    let (value, gradients, trace) = two_layers_grad_traced(&w1, &b1, &w2, &x, 0.7);
    assert_eq!((value, gradients), two_layers_grad(&w1, &b1, &w2, &x, 0.7));
    assert_traced(&trace, |probe| {
        let z1: [f64; 4] = std::array::from_fn(|i| (0..3).map(|j| w1[i][j] * x[j]).sum::<f64>() + b1[i]);
        let z1 = probe.all("z1", z1);
        let a1 = probe.all("a1", z1.map(|z| z.max(0.0)));
        let y = probe.at("y", (0..4).map(|i| w2[i] * a1[i]).sum());
        probe.at("loss", (y - 0.7) * (y - 0.7))
    });
    let a1 = trace.get("a1").expect("it is named");
    assert!(a1.value.zeros() > 0.0 && a1.value.zeros() < 1.0, "some of the units are off");
}

#[grad(trace, wrt(w))]
fn scalars(w: f32, x: f32) -> f32 {
    let scaled = 2.0 * x;
    let z = w * scaled;
    let (s, c) = (z.sin(), z.cos());
    let pair = (s * c, s + c);
    let count = 3;
    let part = [s, c, pair.0];
    part[0] * part[2] + pair.1 * count as f32
}

#[test]
fn numbers_tuples_and_literals_of_f32() {
    let (value, gradient, trace) = scalars_grad_traced(0.4, 0.8);
    assert_eq!((value, gradient), scalars_grad(0.4, 0.8));
    // What is inactive, or of integers, is not there.
    let names: Vec<_> = trace.entries().iter().map(|entry| entry.label()).collect();
    assert_eq!(names, ["z", "s", "c", "pair.0", "pair.1", "part"]);
    let (s, c) = ((0.4 * 1.6_f64).sin(), (0.4 * 1.6_f64).cos());
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-5, "{a} is not {b}");
    let of = |name: &str| trace.get(name).expect("it is named");
    close(of("z").value.mean(), 0.64);
    close(of("part").value.norm(), (s * s + c * c + s * c * s * c).sqrt());
    // part[0]·part[2] + 3·pair.1, where part[1] is not used.
    close(of("part").cotangent.norm(), (s * c).hypot(s));
    close(of("part").cotangent.zeros(), 1.0 / 3.0);
    close(of("pair.0").cotangent.mean(), s);
    close(of("pair.1").cotangent.mean(), 3.0);
    close(of("s").cotangent.mean(), s * c + s * c + 3.0);
    close(of("c").cotangent.mean(), s * s + 3.0);
    close(of("z").cotangent.mean(), f64::from(gradient) / 1.6);
}

#[grad(trace)]
fn again(x: &[f64]) -> f64 {
    let x: Vec<f64> = x.iter().map(|x| x * x).collect();
    let x: Vec<f64> = x.iter().map(|x| x.sin()).collect();
    let mut s = x[0];
    s = s * x[1];
    let _hidden = s + 1.0;
    s = _hidden.exp();
    s
}

#[test]
fn a_name_that_is_bound_again_is_numbered() {
    let x = [0.3, 1.2, -0.7];
    let (value, gradient, trace) = again_grad_traced(&x);
    assert_eq!((value, gradient), again_grad(&x));
    assert_traced(&trace, |probe| {
        let a = probe.all("x", x.map(|x| x * x));
        let b = probe.all("x#2", a.map(f64::sin));
        let s = probe.at("s", b[0]);
        let s = probe.at("s#2", s * b[1]);
        probe.at("s#3", (s + 1.0).exp())
    });
}

#[grad(trace, wrt(w, b))]
fn classes(w: &[[f64; 3]], b: &[f64], x: &[f64; 3], label: usize) -> f64 {
    let z: Vec<f64> = w.iter().zip(b).map(|(w, b)| w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b).collect();
    let p = softmax(&z);
    let q = p[label];
    -q.ln()
}

#[test]
fn what_a_stable_form_replaces_is_reported_as_it_is() {
    let w = [[0.3, -0.8, 0.1], [1.2, 0.4, -0.6], [0.2, 0.9, 0.5], [-1.0, 0.1, 0.7]];
    let (b, x) = ([0.1, 0.2, -0.3, 0.4], [1.0, -0.5, 0.25]);
    let (value, gradients, trace) = classes_grad_traced(&w, &b, &x, 2);
    assert_eq!((value, gradients), classes_grad(&w, &b, &x, 2));
    assert_traced(&trace, |probe| {
        let z: [f64; 4] = std::array::from_fn(|i| (0..3).map(|j| w[i][j] * x[j]).sum::<f64>() + b[i]);
        let z = probe.all("z", z);
        let p = probe.all("p", z.map(|zi| zi.exp() / z.iter().map(|z| z.exp()).sum::<f64>()));
        -probe.at("q", p[2]).ln()
    });

    // Where the softmax underflows, its logarithm does not, and neither do the gradients or the cotangent of z.
    let far = [0.0, 0.0, -2000.0, 3.0];
    let (value, (d_w, d_b), trace) = classes_grad_traced(&w, &far, &x, 2);
    assert_eq!((value, (d_w, d_b.clone())), classes_grad(&w, &far, &x, 2));
    assert!((1900.0..2100.0).contains(&value));
    let of = |name: &str| trace.get(name).expect("it is named");
    assert!((of("z").cotangent.norm() - d_b.iter().map(|d| d * d).sum::<f64>().sqrt()).abs() < 1e-15);
    assert_eq!((of("p").value.zeros(), of("q").value.norm()), (0.25, 0.0));
    assert_eq!((of("q").cotangent.non_finite(), of("p").cotangent.non_finite()), (1, 1));
}

#[grad(trace)]
fn log_sum(x: &[f64]) -> f64 {
    let m = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let s: f64 = x.iter().map(|x| (x - m).exp()).sum();
    m + s.ln()
}

#[test]
fn what_cancels_has_no_cotangent() {
    let x = [0.3, 700.0, 699.0];
    let (value, gradient, trace) = log_sum_grad_traced(&x);
    assert_eq!((value, gradient), log_sum_grad(&x));
    let of = |name: &str| trace.get(name).expect("it is named");
    assert_eq!((of("m").value.norm(), of("m").cotangent.zeros()), (700.0, 1.0));
    let s = 1.0 + (-1.0_f64).exp();
    assert!((of("s").value.norm() - s).abs() < 1e-15 && (of("s").cotangent.norm() - 1.0 / s).abs() < 1e-15);
}

#[grad(trace)]
fn library(w: &[[f64; 2]; 3], v: &[[f64; 3]; 3], x: &[f64; 2], _t: &[f64; 3]) -> f64 {
    let h: [f64; 3] = std::array::from_fn(|i| sigmoid(w[i][0] * x[0] + w[i][1] * x[1]));
    let r = relu(&h);
    let z: [f64; 3] = std::array::from_fn(|i| v[i].iter().zip(&r).map(|(v, r)| v * r).sum());
    let l = log_softmax(&z);
    let p = softmax(&z);
    let loss = cross_entropy(&p, _t);
    loss - 0.1 * l[0]
}

#[test]
fn functions_of_the_library() {
    let w: [[f64; 2]; 3] = std::array::from_fn(|i| std::array::from_fn(|j| noise(2 * i + j)));
    let v: [[f64; 3]; 3] = std::array::from_fn(|i| std::array::from_fn(|j| noise(3 * i + j + 40)));
    let (x, t) = ([0.7, -1.1], [0.2, 0.5, 0.3]);
    let (value, gradients, trace) = library_grad_traced(&w, &v, &x, &t);
    assert_eq!((value, gradients), library_grad(&w, &v, &x, &t));
    assert_traced(&trace, |probe| {
        let h = std::array::from_fn(|i| 1.0 / (1.0 + (-(w[i][0] * x[0] + w[i][1] * x[1])).exp()));
        let h: [f64; 3] = probe.all("h", h);
        let r = probe.all("r", h.map(|h| h.max(0.0)));
        let z: [f64; 3] = probe.all("z", std::array::from_fn(|i| (0..3).map(|j| v[i][j] * r[j]).sum()));
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        let l = probe.all("l", z.map(|z| z - sum.ln()));
        let p = probe.all("p", z.map(|z| z.exp() / sum));
        let loss = probe.at("loss", (0..3).map(|i| -t[i] * p[i].ln()).sum());
        loss - 0.1 * l[0]
    });
}

#[grad(trace, wrt(w1, b1, w2))]
fn matrices(
    w1: &Array2<f64>,
    b1: &Array1<f64>,
    w2: &Array2<f64>,
    x: &Array2<f64>,
    t: ArrayView2<f64>,
) -> f64 {
    let z1 = x.dot(w1) + b1;
    let a1 = z1.mapv(|z| z.tanh());
    let y = a1.dot(w2);
    let e = &y - &t;
    let squares: Vec<Vec<f64>> =
        e.rows().into_iter().map(|row| row.iter().map(|e| e * e).collect()).collect();
    squares.iter().map(|row| row.iter().sum::<f64>()).sum()
}

#[test]
fn matrices_of_ndarray() {
    let filled =
        |rows, columns, from| Array2::from_shape_fn((rows, columns), |(i, j)| noise(from + 7 * i + j));
    let (w1, w2, x, t) = (filled(3, 4, 0), filled(4, 2, 30), filled(5, 3, 60), filled(5, 2, 90));
    let b1 = Array1::from_vec(vec![0.1, -0.3, 0.2, 0.5]);
    let (value, gradients, trace) = matrices_grad_traced(&w1, &b1, &w2, &x, t.view());
    assert_eq!((value, gradients), matrices_grad(&w1, &b1, &w2, &x, t.view()));
    assert_traced(&trace, |probe| {
        let named =
            |probe: &mut crate::probe::Probe, name: &str, m: Array2<f64>| m.mapv(|x| probe.at(name, x));
        let z1 = named(probe, "z1", x.dot(&w1) + &b1);
        let a1 = named(probe, "a1", z1.mapv(f64::tanh));
        let y = named(probe, "y", a1.dot(&w2));
        let e = named(probe, "e", &y - &t);
        named(probe, "squares", &e * &e).sum()
    });
}

#[grad(trace)]
fn helpers(x: f64, y: f64) -> f64 {
    fn squash(u: f64) -> f64 {
        let e = u.exp();
        e / (2.0 + e)
    }
    let mix = |a: f64, b: f64| {
        let d = a - b;
        d * d * a
    };
    let u = squash(x * y);
    mix(u, y) + squash(x)
}

#[test]
fn what_functions_and_closures_name_has_an_entry_for_each_call() {
    let (x, y) = (0.6, -1.3);
    let (value, gradients, trace) = helpers_grad_traced(x, y);
    assert_eq!((value, gradients), helpers_grad(x, y));
    assert_traced(&trace, |probe| {
        let e = probe.at("e", (x * y).exp());
        let u = probe.at("u", e / (2.0 + e));
        let d = probe.at("d", u - y);
        let e = probe.at("e#2", x.exp());
        d * d * u + e / (2.0 + e)
    });
}

#[grad(trace)]
fn nothing_named(x: f64) -> f64 {
    x.sin() * x
}

#[grad(trace)]
#[allow(unused_variables)]
fn no_way_to_the_result(x: f64, y: f64) -> f64 {
    let ignored = x * 3.0;
    let compared = y * 2.0;
    let flat = x.floor();
    if compared > 1.0 { x * y + flat } else { x }
}

#[test]
fn what_does_not_reach_the_result_through_floats_is_left_out() {
    assert!(nothing_named_grad_traced(0.5).2.entries().is_empty());
    let (_, _, trace) = no_way_to_the_result_grad_traced(1.5, 2.0);
    let names: Vec<_> = trace.entries().iter().map(|entry| entry.label()).collect();
    assert_eq!(names, ["flat"]);
    let (_, _, trace) = no_way_to_the_result_grad_traced(1.5, 0.1);
    assert_eq!(trace.get("flat").map(|entry| entry.cotangent.zeros()), Some(1.0));
}
