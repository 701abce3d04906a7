//! Networks that are made to have each illness, and one that has none.

use grad::health::{Activation, Cause, History, Illness, Report, Trace};

use crate::network::{Network, rows};

const WIDTH: usize = 40;

/// Ten steps.
fn history(mut network: Network, rate: f64) -> History {
    let x = rows(64, WIDTH);
    let mut history = History::new();
    for step in 0..10 {
        history.push(step, network.step(&x, rate));
    }
    history
}

fn report(depth: usize, activation: Activation, scale: f64) -> Report {
    history(Network::new(depth, WIDTH, activation, scale), 1e-3).report()
}

#[track_caller]
fn illness(report: &Report, is_meant: impl Fn(&Illness) -> bool) -> Vec<Cause> {
    match report.verdicts().iter().find(|verdict| is_meant(&verdict.illness)) {
        Some(verdict) => verdict.causes.clone(),
        None => panic!("{report}"),
    }
}

#[track_caller]
fn healthy(report: &Report) {
    assert!(report.is_healthy(), "{report}");
    assert!(report.to_string().ends_with("healthy"));
}

/// Weights of He's size are √2 times those of Xavier's.
#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let he = 2.0_f64.sqrt();
    for depth in [2, 3, 20] {
        healthy(&report(depth, Activation::Relu, he));
        healthy(&report(depth, Activation::Tanh, 1.0));
    }
    healthy(&report(3, Activation::Sigmoid, 1.0));
    healthy(&history(Network::new(4, WIDTH, Activation::Relu, he), 1.0).report());
}

#[test]
fn deep_sigmoids_vanish_by_their_slope() {
    let report = report(20, Activation::Sigmoid, 1.0);
    let causes = illness(&report, |illness| matches!(illness, Illness::Vanishing { .. }));
    assert_eq!(causes, [Cause::SigmoidSlope]);
    let Illness::Vanishing { total, each } = report.verdicts()[0].illness else { panic!("{report}") };
    assert!((0.15..0.3).contains(&each) && (total / each.powi(19) - 1.0).abs() < 1e-9, "{report}");
    assert_eq!(report.verdicts().len(), 1, "{report}");
}

#[test]
fn small_weights_vanish() {
    let vanishing = |illness: &Illness| matches!(illness, Illness::Vanishing { .. });
    for (activation, scale, expected) in [(Activation::Tanh, 0.3, 0.3), (Activation::Relu, 0.5, 0.5)] {
        let report = report(12, activation, scale);
        match illness(&report, vanishing)[..] {
            [Cause::SmallWeights(gain)] => assert!((gain / expected - 1.0_f64).abs() < 0.2, "{report}"),
            _ => panic!("{report}"),
        }
    }
    let report = report(12, Activation::Sigmoid, 0.1);
    let causes = illness(&report, vanishing);
    assert!(matches!(causes[..], [Cause::SigmoidSlope, Cause::SmallWeights(_)]), "{report}");
}

#[test]
fn large_weights_explode() {
    let report = report(20, Activation::Relu, 3.0);
    let causes = illness(&report, |illness| matches!(illness, Illness::Exploding { .. }));
    match causes[..] {
        [Cause::LargeWeights(gain)] => assert!((2.5..3.5).contains(&gain), "{report}"),
        _ => panic!("{report}"),
    }
    assert!(report.to_string().contains("because the weights of a layer make signals larger"), "{report}");
}

#[test]
fn large_weights_saturate() {
    for (activation, scale) in [(Activation::Tanh, 20.0), (Activation::Sigmoid, 40.0)] {
        let report = report(4, activation, scale);
        let causes = illness(&report, |illness| matches!(illness, Illness::Saturated { .. }));
        assert_eq!(causes, [Cause::Saturation]);
    }
}

/// An output that is certain of itself is what one wants.
#[test]
fn a_saturated_output_is_in_order() {
    let mut trace = Trace::new();
    trace.record("z1", &[-1.0, 1.0], &[0.1, 0.1]);
    trace.record("a1", &[-1.0_f64.tanh(), 1.0_f64.tanh()], &[0.2, 0.2]);
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    trace.record("z2", &[-20.0, 20.0], &[0.1, 0.1]);
    trace.record("p", &[sigmoid(-20.0), sigmoid(20.0)], &[0.3, 0.3]);
    let mut history = History::new();
    history.push(0, trace);
    healthy(&history.report());
}

#[test]
fn dead_relus() {
    let mut network = Network::new(4, WIDTH, Activation::Relu, 1.4);
    network.biases[1].fill(-10.0);
    let report = history(network, 1e-3).report();
    let verdict = report
        .verdicts()
        .iter()
        .find(|verdict| matches!(verdict.illness, Illness::DeadRelu { .. }))
        .unwrap_or_else(|| panic!("{report}"));
    // What comes after is zero because of them.
    assert_eq!(verdict.layers, ["z[1]", "z[2]"], "{report}");
    assert_eq!(verdict.causes, [Cause::DeadUnits]);
    // Nothing gets past them.
    let causes = illness(&report, |illness| matches!(illness, Illness::Vanishing { .. }));
    assert_eq!(causes, [Cause::DeadUnits], "{report}");
}

#[test]
fn a_rate_that_is_too_large_diverges() {
    let network = Network::new(4, WIDTH, Activation::Relu, 1.4);
    let report = history(network, 300.0).report();
    let causes =
        illness(&report, |illness| matches!(illness, Illness::Diverging { .. } | Illness::NonFinite));
    assert_eq!(causes, [Cause::LargeRate], "{report}");
}

#[test]
fn what_is_not_finite_is_named_where_it_begins() {
    let mut network = Network::new(5, WIDTH, Activation::Tanh, 1.0);
    network.weights[2][[0, 0]] = f64::NAN;
    let report = history(network, 1e-3).report();
    let verdict = &report.verdicts()[0];
    assert_eq!(
        (verdict.illness, &verdict.layers[..], verdict.step),
        (Illness::NonFinite, &["z[2]".to_string()][..], 0)
    );
    assert!(report.to_string().contains("not finite, first in `z[2]`"), "{report}");
}

#[test]
fn thresholds_can_be_set() {
    let history = history(Network::new(20, WIDTH, Activation::Sigmoid, 1.0), 1e-3);
    let lenient = grad::health::Thresholds { vanishing: 1e-30, ..Default::default() };
    assert!(!history.report().is_healthy() && history.report_with(&lenient).is_healthy());
}

#[test]
fn an_empty_history_is_healthy() {
    assert!(History::new().report().is_healthy());
    let _ = History::new().to_svg();
}

#[test]
fn the_table_has_a_row_for_each_layer() {
    let report = report(3, Activation::Relu, 1.4).to_string();
    let lines: Vec<_> = report.lines().collect();
    assert!(lines[0].starts_with("layer  activation"), "{report}");
    assert!(lines[1].starts_with("z[0]   ReLU"), "{report}");
    assert!(lines[3].starts_with("z[2]  "), "{report}");
    assert_eq!(lines.len(), 5, "{report}");
}

/// A line for each step, over all layers.
#[test]
fn the_drawing_has_a_line_for_each_step() {
    let svg = history(Network::new(20, WIDTH, Activation::Sigmoid, 1.0), 1e-3).to_svg();
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    let lines: Vec<_> = svg
        .lines()
        .filter(|line| line.contains("<polyline") && line.contains("stroke-width=\"2\""))
        .collect();
    assert_eq!(lines.len(), 10);
    assert!(lines.iter().all(|line| line.matches(',').count() >= 20), "twenty points each");
    for label in ["z[0]", "step 0", "step 9", "1e-12"] {
        assert!(svg.contains(label), "{label}");
    }
}
