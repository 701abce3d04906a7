//! An independent account of what a function names: the function is written once more by hand, and passes each named
//! value through a [`Probe`], which notes it and can move one of its elements. Cotangents are differences.

use grad::health::{Summary, Trace};

use super::check;

/// What passes through a function, value by value, each under its label.
#[derive(Default)]
pub struct Probe {
    seen: Vec<(String, Vec<f64>)>,
    moved: Option<(usize, usize, f64)>,
}

impl Probe {
    /// One number under a label. All numbers under one label are the elements of one value.
    pub fn at(&mut self, label: impl Into<String>, value: f64) -> f64 {
        let label = label.into();
        let k = self.seen.iter().position(|(seen, _)| *seen == label).unwrap_or_else(|| {
            self.seen.push((label, Vec::new()));
            self.seen.len() - 1
        });
        let elements = &mut self.seen[k].1;
        elements.push(value);
        match self.moved {
            Some((label, element, by)) if (label, element) == (k, elements.len() - 1) => value + by,
            _ => value,
        }
    }

    /// All elements of a value.
    pub fn all<const N: usize>(&mut self, label: impl Into<String>, values: [f64; N]) -> [f64; N] {
        let label = label.into();
        values.map(|value| self.at(label.clone(), value))
    }
}

/// Compares a trace with what a function is seen to compute: labels and their order, values, cotangents.
#[track_caller]
pub fn assert_traced(trace: &Trace, run: impl Fn(&mut Probe) -> f64) {
    let mut probe = Probe::default();
    run(&mut probe);
    let labels: Vec<String> = trace.entries().iter().map(|entry| entry.label()).collect();
    let expected: Vec<String> = probe.seen.iter().map(|(label, _)| label.clone()).collect();
    assert_eq!(labels, expected);
    for (k, (label, values)) in probe.seen.iter().enumerate() {
        let entry = &trace.entries()[k];
        assert_same(label, &entry.value, values, 1e-13);
        let cotangent: Vec<f64> = (0..values.len())
            .map(|element| {
                let at = |by: f64| run(&mut Probe { moved: Some((k, element, by)), ..Probe::default() });
                check::slope(at, 1e-2)
            })
            .collect();
        assert_same(&format!("d_{label}"), &entry.cotangent, &cotangent, 1e-8);
    }
}

#[track_caller]
pub fn assert_same(what: &str, summary: &Summary, elements: &[f64], tolerance: f64) {
    assert_eq!(summary.len(), elements.len(), "the number of elements of {what}");
    let count = elements.len() as f64;
    let least = elements.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = elements.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = summary.range().expect("there are elements");
    let found = [summary.norm(), summary.mean(), summary.max_abs(), range.0, range.1];
    let expected = [
        elements.iter().map(|x| x * x).sum::<f64>().sqrt(),
        elements.iter().sum::<f64>() / count,
        elements.iter().fold(0.0, |max, x| x.abs().max(max)),
        least,
        greatest,
    ];
    check::assert_close(what, &found, &expected, tolerance);
    let zeros = elements.iter().filter(|x| x.abs() < 1e-12).count() as f64;
    assert_eq!(summary.zeros(), zeros / count, "the share of zeros of {what}");
}
