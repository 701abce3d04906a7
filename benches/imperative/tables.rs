//! The tables of `docs/programs.md`.

use grad_benches::{Effort, Outcome, compare, duration};

use crate::{case::Case, growing, large, small};

/// The outcomes of the plain function and of `#[grad]`.
fn measure(case: Case, effort: Effort) -> Result<[Outcome; 2], String> {
    let mut contestants = case.contestants()?;
    contestants.truncate(2);
    let outcomes = compare(&mut contestants, 1, effort);
    outcomes.try_into().map_err(|_| "a program is measured against its derivative".to_string())
}

/// A program at one size, and what has been measured.
struct Line {
    program: &'static str,
    size: String,
    work: f64,
    plain: f64,
    gradient: f64,
    ratio: f64,
}

impl Line {
    fn of(case: Case, effort: Effort) -> Result<Line, String> {
        let (program, size, work) = (case.program, case.size.clone(), case.work);
        let [plain, gradient] = measure(case, effort)?;
        eprintln!("{program}, {size}: {:.2}", gradient.ratio.median);
        let ratio = gradient.ratio.median;
        Ok(Line { program, size, work, plain: plain.seconds, gradient: gradient.seconds, ratio })
    }
}

/// Measures everything, and prints both tables.
pub fn print(effort: Effort) -> Result<(), String> {
    let mut groups = Vec::new();
    for cases in growing() {
        let lines = cases.into_iter().map(|case| Line::of(case, effort));
        groups.push(lines.collect::<Result<Vec<_>, _>>()?);
    }
    let more = [large::mixture(64, 25, 100), large::bundle(1)].into_iter().chain(small::all());
    let more = more.map(|case| Line::of(case, effort)).collect::<Result<Vec<_>, _>>()?;

    println!("| program | size | plain | value and gradient | ratio |\n|---|---|---:|---:|---:|");
    let largest = groups.iter().filter_map(|lines| lines.last());
    for Line { program, size, plain, gradient, ratio, .. } in largest.chain(&more) {
        let (plain, gradient) = (duration(*plain), duration(*gradient));
        println!("| {program} | {size} | {plain} | {gradient} | {ratio:.2} |");
    }

    println!("\n| program | sizes | time for the same work | ratio |\n|---|---|---:|---:|");
    for lines in &groups {
        let sizes: Vec<&str> = lines.iter().map(|line| line.size.as_str()).collect();
        let first = lines[0].gradient / lines[0].work;
        let times: Vec<String> =
            lines.iter().map(|line| format!("{:.2}", line.gradient / line.work / first)).collect();
        let ratios: Vec<String> = lines.iter().map(|line| format!("{:.2}", line.ratio)).collect();
        let [sizes, times, ratios] = [sizes.join("<br>"), times.join("<br>"), ratios.join("<br>")];
        println!("| {} | {sizes} | {times} | {ratios} |", lines[0].program);
    }
    Ok(())
}
