//! Learning rates over the steps.

use grad::optim::{GradientDescent, Schedule};

#[track_caller]
fn rates(schedule: Schedule, expected: &[(u64, f64)]) {
    for &(step, expected) in expected {
        let rate = schedule.rate(step);
        assert!((rate - expected).abs() <= 1e-15, "step {step}: {rate} is not {expected}");
    }
}

#[test]
fn by_their_formulas() {
    rates(0.3.into(), &[(0, 0.3), (1_000_000, 0.3)]);
    rates(Schedule::step(0.8, 0.5, 10), &[(0, 0.8), (9, 0.8), (10, 0.4), (19, 0.4), (20, 0.2)]);
    rates(Schedule::exponential(0.8, 0.5), &[(0, 0.8), (1, 0.4), (3, 0.1)]);
    rates(
        Schedule::cosine(1.0, 0.2, 100),
        &[(0, 1.0), (25, 0.6 + 0.4 * 0.5_f64.sqrt()), (50, 0.6), (100, 0.2), (1000, 0.2)],
    );
    rates(Schedule::cosine(1.0, 0.5, 0), &[(0, 0.5)]);
    rates(Schedule::exponential(0.8, 0.5).warm_up(4), &[(0, 0.2), (1, 0.4), (3, 0.8), (4, 0.8), (5, 0.4)]);
}

#[test]
fn an_optimiser_follows_its_schedule() {
    let (mut p, mut descent) = (0.0, GradientDescent::new(Schedule::step(1.0, 0.5, 2)));
    for expected in [-1.0, -2.0, -2.5, -3.0, -3.25] {
        descent.step(&mut p, 0.0, &1.0);
        assert_eq!(p, expected);
    }
    assert_eq!((descent.steps(), descent.rate()), (5, 0.25));
    descent.set_rate(2.0);
    descent.step(&mut p, 0.0, &1.0);
    assert_eq!(p, -5.25);
}

#[test]
#[should_panic(expected = "the learning rate must be a number from 0 on, not -1")]
fn a_rate_is_not_negative() {
    let _ = Schedule::constant(-1.0);
}

#[test]
#[should_panic(expected = "the learning rate must be a number from 0 on, not NaN")]
fn a_rate_is_a_number() {
    let _: GradientDescent = GradientDescent::new(f64::NAN);
}
