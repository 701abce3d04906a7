//! Imperative programs: the time of value and gradient over that of the plain function.
//!
//! ```text
//! cargo bench --bench imperative                      # those by which speed is judged, with rivals
//! cargo bench --bench imperative -- mixture           # one
//! cargo bench --bench imperative -- --tables          # the tables of docs/programs.md
//! ```

mod by_hand;
mod case;
#[path = "../../tests/programs/functions/mod.rs"]
mod functions;
mod large;
mod others;
mod small;
mod tables;

use std::{error::Error, process::ExitCode};

use case::Case;
use grad_benches::{Effort, compare, markdown};
use lexopt::prelude::*;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut effort = Effort { rounds: 31, ..Effort::default() };
    let mut filter = String::new();
    let mut as_tables = false;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("rounds") => effort.rounds = arguments.value()?.parse::<usize>()?.max(1),
            Long("tables") => as_tables = true,
            Long("bench") => {}
            Value(value) => filter = value.string()?,
            _ => return Err(argument.unexpected().into()),
        }
    }
    if as_tables {
        tables::print(effort)?;
        return Ok(());
    }
    println!("Ratios to the plain function, within a round; median of {} rounds.\n", effort.rounds);
    let more = [large::mixture(64, 25, 100), large::bundle(1), large::small_least_squares(16)];
    let cases = growing().into_iter().flatten().chain(more).chain(small::all());
    for case in cases.filter(|case| case.heading().contains(&filter)) {
        println!("## {}\n", case.heading());
        println!("{}", markdown(&compare(&mut case.contestants()?, 1, effort)));
    }
    Ok(())
}

/// The programs by which speed is judged, each at three sizes.
fn growing() -> [[Case; 3]; 7] {
    [
        [10_000, 20_000, 40_000].map(large::log_sum_exp),
        [256, 512, 1024].map(|n| large::least_squares(n, 128)),
        [250, 500, 1000].map(|n| large::mixture(10, 25, n)),
        [75, 150, 300].map(large::determinant),
        [256, 512, 1024].map(|length| large::lstm(2, 14, length)),
        [250, 500, 1000].map(large::bundle),
        [10, 20, 40].map(|steps| large::runge_kutta(100, steps)),
    ]
}
