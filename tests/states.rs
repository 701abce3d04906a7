//! Parameters behind `&mut`: state that goes in and comes out. What the function leaves there is what its derivative
//! leaves there, and cotangents come in with what it holds in the end and go out with what it held at first.
#![deny(warnings)]

use grad::grad;
use ndarray::{Array1, Array2, arr1, arr2};

/// The gradient of `f` by Richardson's extrapolation of central differences.
fn differences(at: &[f64], f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let slope = |k: usize, h: f64| {
        let moved = |by: f64| {
            let mut x = at.to_vec();
            x[k] += by;
            f(&x)
        };
        (moved(h) - moved(-h)) / (2.0 * h)
    };
    (0..at.len()).map(|k| (4.0 * slope(k, 5e-4) - slope(k, 1e-3)) / 3.0).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[track_caller]
fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= 1e-8 * (1.0 + a.abs()), "{a} and {b}");
    }
}

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];
const C: [f64; 4] = [1.0, -2.0, 0.5, 3.0];

#[grad]
fn sines(x: &[f64], out: &mut [f64]) {
    for i in 0..x.len() {
        out[i] = x[i].sin() * x[0];
    }
}

#[test]
fn pure_output() {
    let (mut out, mut d_out) = ([9.0; 4], C);
    let d_x: Vec<f64> = sines_vjp(&X, &mut out, &mut d_out);
    let mut expected = [9.0; 4];
    sines(&X, &mut expected);
    assert_eq!(out, expected);
    assert_eq!(d_out, [0.0; 4], "what was overwritten before it was read has no cotangent");
    close(
        &d_x,
        &differences(&X, |x| {
            let mut out = [9.0; 4];
            sines(x, &mut out);
            dot(&out, &C)
        }),
    );
}

#[grad]
fn step(state: &mut [f64], k: f64, dt: f64) {
    let n = state.len();
    for i in 1..n {
        state[i] += dt * k * state[i - 1].sin();
    }
}

#[test]
fn state_in_and_out() {
    let (mut state, mut d_state) = (X, C);
    let (d_k, d_dt) = step_vjp(&mut state, 1.5, 0.1, &mut d_state);
    let after = |state: &[f64], k: f64, dt: f64| {
        let mut state = state.to_vec();
        step(&mut state, k, dt);
        state
    };
    assert_eq!(state.to_vec(), after(&X, 1.5, 0.1));
    close(&d_state, &differences(&X, |x| dot(&after(x, 1.5, 0.1), &C)));
    close(&[d_k, d_dt], &differences(&[1.5, 0.1], |p| dot(&after(&X, p[0], p[1]), &C)));
}

#[grad(grad, vjp)]
fn accumulate(x: f64, sum: &mut f64) -> f64 {
    *sum += x * x;
    *sum * x
}

#[test]
fn numbers() {
    let mut sum = 2.0;
    let (value, (d_x, d_sum)) = accumulate_grad(3.0, &mut sum);
    assert_eq!((value, sum), (33.0, 11.0));
    assert_eq!((d_x, d_sum), (11.0 + 18.0, 3.0));
    let (mut sum, mut d_sum) = (2.0, 5.0);
    let (value, d_x) = accumulate_vjp(3.0, &mut sum, &mut d_sum, 1.0);
    assert_eq!((value, sum), (33.0, 11.0));
    assert_eq!((d_x, d_sum), (11.0 + 18.0 + 5.0 * 6.0, 3.0 + 5.0));
}

#[grad]
fn fixed(x: f64, out: &mut [f64; 3]) {
    out[0] = x;
    out[1] = x * x;
    out[2] += out[0] * out[1];
}

#[test]
fn fixed_arrays() {
    let (mut out, mut d_out) = ([0.0, 0.0, 1.0], [1.0, 10.0, 100.0]);
    let d_x: f64 = fixed_vjp(2.0, &mut out, &mut d_out);
    assert_eq!(out, [2.0, 4.0, 9.0]);
    assert_eq!(d_out, [0.0, 0.0, 100.0]);
    assert_eq!(d_x, 1.0 + 40.0 + 1200.0);
}

#[grad]
fn scale(a: &mut Array2<f64>, v: &mut Array1<f64>, x: f64) -> f64 {
    a[[0, 1]] *= x;
    *v *= x;
    v[0] += a[[0, 1]];
    a.sum() * v[1]
}

#[test]
fn ndarrays() {
    let (a, v) = (arr2(&[[1.0, 2.0], [3.0, 4.0]]), arr1(&[0.5, 1.5]));
    let (mut a1, mut v1) = (a.clone(), v.clone());
    let (value, (d_a, d_v, d_x)) = scale_grad(&mut a1, &mut v1, 3.0);
    let (mut a2, mut v2) = (a.clone(), v.clone());
    assert_eq!(value, scale(&mut a2, &mut v2, 3.0));
    assert_eq!((a1, v1), (a2, v2));
    let run = |p: &[f64]| {
        let mut a = arr2(&[[p[0], p[1]], [p[2], p[3]]]);
        scale(&mut a, &mut arr1(&p[4..6]), p[6])
    };
    let at: Vec<f64> = a.iter().chain(&v).copied().chain([3.0]).collect();
    let found: Vec<f64> = d_a.iter().chain(&d_v).copied().chain([d_x]).collect();
    close(&found, &differences(&at, run));
}

#[grad]
fn rows(x: &[f64], out: &mut [Vec<f64>], _scratch: &mut Vec<f64>) {
    for i in 0..out.len() {
        _scratch[i] = x[i] * x[i];
        for j in 0..out[i].len() {
            out[i][j] += _scratch[i] * j as f64;
        }
    }
}

#[test]
fn nested_and_inactive() {
    let (mut out, mut d_out) = (vec![vec![1.0; 3]; 2], vec![vec![1.0, 2.0, 3.0]; 2]);
    let mut scratch = vec![0.0; 2];
    let d_x: Vec<f64> = rows_vjp(&[2.0, 3.0], &mut out, &mut scratch, &mut d_out);
    assert_eq!(out, [[1.0, 5.0, 9.0], [1.0, 10.0, 19.0]]);
    assert_eq!(scratch, [4.0, 9.0]);
    assert_eq!(d_out, [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]);
    assert_eq!(d_x, [32.0, 48.0]);
}

#[test]
#[should_panic = "`sines`: axis 0 of the cotangent `d_out` is 3 but that of `out` is 4"]
fn extents_are_checked() {
    sines_vjp(&X, &mut [0.0; 4], &mut [0.0; 3]);
}
