//! Summaries and traces against the same numbers computed one by one.

use grad::health::{Summary, Trace};
use ndarray::array;

#[track_caller]
fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-300), "{a} is not {b}");
}

#[test]
fn a_summary_is_what_is_computed_one_by_one() {
    let values: Vec<f64> = (0..97).map(|i| if i % 5 == 0 { 0.0 } else { f64::from(i - 40).sin() }).collect();
    let summary = Summary::of(&values);
    close(summary.norm(), values.iter().map(|x| x * x).sum::<f64>().sqrt());
    close(summary.rms(), (values.iter().map(|x| x * x).sum::<f64>() / 97.0).sqrt());
    close(summary.mean(), values.iter().sum::<f64>() / 97.0);
    close(summary.max_abs(), values.iter().fold(0.0, |max, x| x.abs().max(max)));
    close(summary.zeros(), 20.0 / 97.0);
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert_eq!(summary.range(), Some((least, greatest)));
    assert_eq!((summary.len(), summary.non_finite(), summary.is_empty()), (97, 0, false));
}

#[test]
fn every_container_gives_the_same_summary() {
    let expected = Summary::of(&[1.0, -2.0, 0.0, 4.0]);
    assert_eq!(Summary::of(&[[1.0, -2.0], [0.0, 4.0]]), expected);
    assert_eq!(Summary::of(&vec![vec![1.0_f32, -2.0], vec![0.0, 4.0]]), expected);
    assert_eq!(Summary::of(&array![[1.0, -2.0], [0.0, 4.0]]), expected);
    let mut one_by_one = Summary::new();
    [1.0, -2.0, 0.0, 4.0].into_iter().for_each(|x: f64| one_by_one.add(x));
    assert_eq!(one_by_one, expected);
    assert_eq!(Summary::of(3.0).norm(), 3.0);
}

#[test]
fn norms_neither_overflow_nor_vanish() {
    close(Summary::of(&[3e200, 4e200]).norm(), 5e200);
    close(Summary::of(&[3e-200, 4e-200]).norm(), 5e-200);
    assert_eq!(Summary::of(&[0.0; 3]).norm(), 0.0);
    assert_eq!(Summary::new().norm(), 0.0);
    assert_eq!(Summary::new().mean(), 0.0);
}

#[test]
fn what_is_not_finite_is_counted_and_hides_nothing() {
    let summary = Summary::of(&[3.0, f64::NAN, 4.0, f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!((summary.len(), summary.non_finite()), (5, 3));
    assert_eq!((summary.norm(), summary.mean(), summary.range()), (5.0, 3.5, Some((3.0, 4.0))));
    assert_eq!(Summary::of(&[f64::NAN]).range(), None);
}

#[test]
fn cotangents_find_their_values_on_the_way_back() {
    let mut trace = Trace::new();
    for i in 0..3 {
        trace.value("z", Some(i), f64::from(i as u8) + 1.0);
    }
    trace.value("y", None, &[1.0, 2.0]);
    trace.value("y", None, &[3.0, 4.0]);
    trace.cotangent("y", None, &[0.0, 20.0]);
    trace.cotangent("y", None, &[0.0, 10.0]);
    for i in (0..3).rev() {
        trace.cotangent("z", Some(i), 10.0 * f64::from(i as u8));
    }
    let labels: Vec<_> = trace.entries().iter().map(|entry| entry.label()).collect();
    assert_eq!(labels, ["z[0]", "z[1]", "z[2]", "y", "y"]);
    assert_eq!(trace.get_at("z", 2).expect("recorded").cotangent.norm(), 20.0);
    assert_eq!(trace.entries()[4].cotangent.norm(), 20.0, "the latest first");
    assert_eq!(trace.get("y").expect("recorded").cotangent.norm(), 10.0);
}

#[test]
#[should_panic(expected = "there is no value `x` that has no cotangent yet")]
fn a_cotangent_needs_a_value() {
    Trace::new().cotangent("x", None, 1.0);
}

#[test]
fn a_trace_survives_being_written() {
    let mut trace = Trace::new();
    trace.record_at("z", 4, &[1.0, 2.0], &[0.5, f64::NAN]);
    let text = serde_json::to_string(&trace).expect("it can be written");
    assert_eq!(serde_json::from_str::<Trace>(&text).expect("it can be read"), trace);
}
