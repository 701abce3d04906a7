//! The programs by which speed is judged, with the rivals of some.

use std::hint::black_box;

use crate::case::{Case, Input, agree, random};
use crate::functions::{bundle, determinant, least_squares, log_sum_exp, lstm, mixture, ode};
use crate::{by_hand, others};

pub fn log_sum_exp(n: usize) -> Case {
    Case::new("log-sum-exp", format!("n = {n}"), n, move || {
        let x = random(n, -5.0, 5.0);
        let ours = log_sum_exp::log_sum_exp_grad(&x).1;
        agree(&ours, &by_hand::log_sum_exp_grad(&x).1)?;
        agree(&ours, &others::log_sum_exp_tape(&x))?;
        Input::new(x)
            .pair(|x| log_sum_exp::log_sum_exp(x), |x| log_sum_exp::log_sum_exp_grad(x))
            .with("by hand", |x| by_hand::log_sum_exp_grad(x))
            .with("tape (echidna)", |x| others::log_sum_exp_tape(x))
            .contest()
    })
}

pub fn least_squares(n: usize, m: usize) -> Case {
    Case::new("least squares", format!("n = {n}, m = {m}"), n * m, move || {
        let (w, x) = (random(m, -1.0, 1.0), random(n, -1.0, 1.0));
        let y = random(n + 1, -1.0, 1.0)[1..].to_vec();
        agree(&least_squares::least_squares_grad(&w, &x, &y).1, &by_hand::least_squares_grad(&w, &x, &y).1)?;
        Input::new((w, x, y))
            .pair(
                |(w, x, y)| least_squares::least_squares(w, x, y),
                |(w, x, y)| least_squares::least_squares_grad(w, x, y),
            )
            .with("by hand", |(w, x, y)| by_hand::least_squares_grad(w, x, y))
            .contest()
    })
}

/// A few points and coefficients, as dual numbers can have them.
pub fn small_least_squares(n: usize) -> Case {
    const M: usize = 6;
    Case::new("least squares", format!("n = {n}, m = {M}"), n * M, move || {
        let w: [f64; M] = std::array::from_fn(|j| 0.5 - 0.3 * j as f64);
        let (x, y) = (random(n, -1.0, 1.0), random(n + 1, -1.0, 1.0)[1..].to_vec());
        let ours = least_squares::least_squares_grad(&w, &x, &y).1;
        agree(&ours, &others::least_squares_dual(&w, &x, &y).1)?;
        agree(&ours, &others::least_squares_tape(&w, &x, &y))?;
        Input::new((w, x, y))
            .pair(
                |(w, x, y)| least_squares::least_squares(w, x, y),
                |(w, x, y)| least_squares::least_squares_grad(w, x, y),
            )
            .with("by hand", |(w, x, y)| by_hand::least_squares_grad(w, x, y))
            .with("dual numbers (num-dual)", |(w, x, y)| others::least_squares_dual(w, x, y))
            .with("tape (echidna)", |(w, x, y)| others::least_squares_tape(w, x, y))
            .contest()
    })
}

pub fn mixture(d: usize, k: usize, n: usize) -> Case {
    Case::new("Gaussian mixture", format!("d = {d}, k = {k}, n = {n}"), n, move || {
        let (alphas, means) = (random(k, -1.0, 1.0), random(k * d, -1.0, 1.0));
        let (icf, x) = (random(k * d * (d + 1) / 2, -0.5, 0.5), random(n * d, -1.0, 1.0));
        let (_, ours) = mixture::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2);
        let (_, theirs) = by_hand::mixture_grad(&alphas, &means, &icf, &x, d, 1.5, 2);
        agree(&ours.0, &theirs.0)?;
        agree(&ours.1, &theirs.1)?;
        agree(&ours.2, &theirs.2)?;
        Input::new((alphas, means, icf, x))
            .pair(
                move |(alphas, means, icf, x)| mixture::mixture(alphas, means, icf, x, d, 1.5, 2),
                move |(alphas, means, icf, x)| mixture::mixture_grad(alphas, means, icf, x, d, 1.5, 2),
            )
            .with("by hand", move |(alphas, means, icf, x)| {
                by_hand::mixture_grad(alphas, means, icf, x, d, 1.5, 2)
            })
            .contest()
    })
}

pub fn determinant(n: usize) -> Case {
    Case::new("determinant by LU", format!("n = {n}"), n * n * n, move || {
        Input::new(random(n * n, -1.0, 1.0))
            .pair(move |a| determinant::determinant(a, n), move |a| determinant::determinant_grad(a, n))
            .contest()
    })
}

pub fn runge_kutta(n: usize, steps: usize) -> Case {
    Case::new("Runge-Kutta", format!("n = {n}, {steps} steps"), steps, move || {
        Input::new((random(n, -1.0, 1.0), random(n + 1, -1.0, 1.0)[1..].to_vec()))
            .pair(
                move |(y, _)| {
                    let mut y = y.clone();
                    ode::runge_kutta(&mut y, 1.5, 0.01, steps);
                    y
                },
                move |(y, d_y)| {
                    let (mut y, mut d_y) = (y.clone(), d_y.clone());
                    (ode::runge_kutta_vjp(&mut y, 1.5, 0.01, steps, &mut d_y), d_y)
                },
            )
            .contest()
    })
}

pub fn lstm(layers: usize, b: usize, length: usize) -> Case {
    Case::new("LSTM", format!("{layers} layers of {b}, {length} characters"), length, move || {
        let (main, extra) = (random(layers * 8 * b, -1.0, 1.0), random(3 * b, -1.0, 1.0));
        let state = random(layers * 2 * b, -1.0, 1.0);
        let sequence: Vec<f64> = random(length * b, -1.0, 1.0).iter().map(|x| f64::from(*x > 0.0)).collect();
        Input::new((main, extra, state, sequence))
            .pair(
                move |(main, extra, state, sequence)| {
                    lstm::lstm(main, extra, state, sequence, layers, b, length)
                },
                move |(main, extra, state, sequence)| {
                    lstm::lstm_grad(main, extra, state, sequence, layers, b, length)
                },
            )
            .contest()
    })
}

pub const CAMERA: [f64; 11] = [0.1, -0.2, 0.3, 0.5, 0.1, -4.0, 1.5, 0.02, -0.03, 0.1, -0.05];

/// The full Jacobian of each observation, 2 × 15, is two pullbacks.
pub fn bundle(observations: usize) -> Case {
    let size = match observations {
        1 => "one observation, its Jacobian".to_string(),
        many => format!("{many} observations, their Jacobians"),
    };
    Case::new("bundle adjustment", size, observations, move || {
        let points = random(3 * observations, -0.5, 0.5);
        let points: Vec<[f64; 3]> = points.chunks(3).map(|p| [p[0], p[1], p[2] + 1.0]).collect();
        Input::new((CAMERA, points, [0.3, -0.2]))
            .pair(
                |(camera, points, feature)| {
                    for point in points {
                        black_box(bundle::reproject(camera, point, 0.8, feature));
                    }
                },
                |(camera, points, feature)| {
                    for point in points {
                        for seed in [[1.0, 0.0], [0.0, 1.0]] {
                            black_box(&bundle::reproject_vjp(camera, point, 0.8, feature, &seed));
                        }
                    }
                },
            )
            .contest()
    })
}
