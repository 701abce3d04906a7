//! Problems with a known minimum: every optimiser finds it.

use grad::{
    grad,
    optim::{AdaGrad, Adam, AdamW, GradientDescent, Optimizer, RmsProp, Schedule, Sgd, rule::Rule},
};

/// Its minimum is 1 at (1, 2, −1).
#[grad]
fn bowl(p: &[f64; 3]) -> f64 {
    let [x, y, z] = [p[0] - 1.0, p[1] - 2.0, p[2] + 1.0];
    1.0 + x * x + 3.0 * y * y + 0.5 * z * z + x * y
}

/// Convex and not quadratic; the slope is 0 where the sigmoid is ¾: at ln 3.
#[grad]
fn logistic(p: f64) -> f64 {
    (1.0 + p.exp()).ln() - 0.75 * p
}

#[track_caller]
fn finds<R: Rule + Clone>(optimizer: Optimizer<R, f64>, steps: usize) {
    let (mut p, mut own) = ([0.0; 3], optimizer.clone());
    let mut last = 0.0;
    for _ in 0..steps {
        let (value, gradient) = bowl_grad(&p);
        own.step(&mut p, value, &gradient);
        last = value;
    }
    for (p, expected) in p.iter().zip([1.0, 2.0, -1.0]) {
        assert!((p - expected).abs() < 1e-4, "{p} is not {expected}");
    }
    assert!((last - 1.0).abs() < 1e-6, "{last}");

    let (mut p, mut own) = (0.0, optimizer);
    for _ in 0..steps {
        let (value, gradient) = logistic_grad(p);
        own.step(&mut p, value, &gradient);
    }
    assert!((p - 3.0_f64.ln()).abs() < 1e-4, "{p} is not ln 3");
}

#[test]
fn every_optimiser_finds_the_minimum() {
    finds(GradientDescent::new(0.1), 1000);
    finds(GradientDescent::new(0.1).clip_norm(0.5), 1000);
    finds(GradientDescent::new(0.1).clip_value(0.5), 1000);
    finds(Sgd::new(0.05).momentum(0.9), 1000);
    finds(Sgd::new(0.05).momentum(0.9).nesterov(true), 1000);
    finds(RmsProp::new(Schedule::exponential(0.05, 0.99)), 1500);
    finds(AdaGrad::new(0.5), 2000);
    finds(Adam::new(0.05), 2000);
    finds(Adam::new(Schedule::cosine(0.1, 0.0, 2000).warm_up(10)), 2000);
    finds(AdamW::new(0.05).weight_decay(0.0), 2000);
}

/// With decay, the minimum of the loss and half the decay times the squares: 2 (p − 1) + p / 2 = 0.
#[test]
fn weight_decay_moves_the_minimum() {
    let (mut p, mut sgd) = (0.0, Sgd::new(0.1).weight_decay(0.5));
    for _ in 0..200 {
        let gradient = 2.0 * (p - 1.0);
        sgd.step(&mut p, 0.0, &gradient);
    }
    assert!((p - 0.8_f64).abs() < 1e-12, "{p}");
}

/// 2 / L is the largest rate with which gradient descent converges; L is the largest curvature.
#[test]
fn gradient_descent_converges_up_to_two_over_the_curvature() {
    let after = |rate: f64| {
        let (mut p, mut descent) = (1.0_f64, GradientDescent::new(rate));
        for _ in 0..200 {
            let gradient = 4.0 * p;
            descent.step(&mut p, 0.0, &gradient);
        }
        p.abs()
    };
    assert!(after(0.499) < 1.0);
    assert_eq!(after(0.25), 0.0);
    assert!(after(0.501) > 1.0);
}
