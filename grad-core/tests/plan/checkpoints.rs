//! Random programs with checkpointed loops, from their source to what their plan computes: the same bits as without.

use std::cell::Cell;

use crate::common::imperative::{Kind, Program};
use crate::programs::executed;
use crate::support::*;

const CASES: u32 = 250;

/// Attributes, and the loops that have them.
pub const VARIANTS: [(&str, u32); 4] = [
    ("#[grad(checkpoint)]", u32::MAX),
    ("#[grad(checkpoint = 1)]", 0xaaaa_aaaa),
    ("#[grad(checkpoint = 2)]", 0x5555_5555),
    ("#[grad(checkpoint = 2)]", u32::MAX),
];

/// The program with an attribute on those of its `for` loops that `which` has a bit for.
pub fn checkpointed(source: &str, attribute: &str, which: u32) -> String {
    let mut count = 0;
    let lines = source.lines().map(|line| {
        if !line.contains(": for ") {
            return line.to_string();
        }
        count += 1;
        if which >> (count % 32) & 1 == 1 { format!("{attribute} {line}") } else { line.to_string() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| x.to_bits()).collect()
}

fn check(program: &Program, compared: &Cell<u32>) {
    let source = program.source();
    let expected = program.run(&program.arguments);
    if !source.contains(": for ") || expected.iter().any(|x| x.is_nan() || x.abs() > 1e4) {
        return;
    }
    let mut numbers = Numbers(expected.len() as u64);
    let seeds: Vec<f64> = expected.iter().map(|_| numbers.next()).collect();
    let plain = executed(program, &source, &seeds);
    compared.set(compared.get() + 1);
    for (attribute, which) in VARIANTS {
        let source = checkpointed(&source, attribute, which);
        let found = executed(program, &source, &seeds);
        assert_eq!(bits(&found.0), bits(&plain.0), "values\n{source}");
        assert_eq!(bits(&found.1), bits(&plain.1), "{:?} instead of {:?}\n{source}", found.1, plain.1);
    }
}

#[test]
fn random() {
    let compared = Cell::new(0);
    let cases = each_program(CASES, Kind::Total, |program| check(program, &compared));
    assert!(compared.get() > cases / 2, "only {} cases compared", compared.get());
}
