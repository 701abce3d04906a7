//! Measuring on a machine that others use too.
//!
//! A time says little where clocks and neighbours change from one second to the next; the ratio of two times
//! taken at the same moment says much. So contestants take turns, in many short rounds, and what is reported is
//! the median over the rounds of the ratio within a round. What counts is the time of this thread, not what others
//! take in between.

use std::{hint::black_box, time::Duration};

use cpu_time::ThreadTime;

/// One of several ways to compute the same.
pub struct Contestant<'a> {
    name: String,
    time: Box<dyn FnMut(u32) -> Duration + 'a>,
}

impl<'a> Contestant<'a> {
    /// `run` is called many times; what it returns is dropped within the measured time, as its user would.
    pub fn new<T>(name: impl Into<String>, mut run: impl FnMut() -> T + 'a) -> Self {
        let time = move |calls| {
            let start = ThreadTime::now();
            for _ in 0..calls {
                black_box(&run());
            }
            start.elapsed()
        };
        Self { name: name.into(), time: Box::new(time) }
    }

    /// Seconds a call, from one sample.
    fn sample(&mut self, calls: u32) -> f64 {
        (self.time)(calls).as_secs_f64() / f64::from(calls)
    }

    /// How many calls fill the time of a sample.
    fn calibrate(&mut self, sample: Duration) -> u32 {
        let mut calls = 1;
        loop {
            let took = (self.time)(calls);
            if took >= sample || calls >= 1 << 24 {
                return calls;
            }
            let missing = sample.as_secs_f64() / took.as_secs_f64().max(1e-9);
            calls = (f64::from(calls) * missing.clamp(1.1, 100.0)).ceil() as u32;
        }
    }
}

/// How long to measure.
#[derive(Clone, Copy)]
pub struct Effort {
    pub rounds: usize,
    /// Samples of each contestant within a round, of which the fastest counts.
    pub samples: usize,
    /// The time of one sample, as long as one call takes less.
    pub sample: Duration,
}

impl Default for Effort {
    fn default() -> Self {
        Self { rounds: 101, samples: 5, sample: Duration::from_micros(500) }
    }
}

/// What came out for one contestant.
pub struct Outcome {
    pub name: String,
    /// Median over the rounds, in seconds a call.
    pub seconds: f64,
    /// Over the reference, in the same round.
    pub ratio: Quartiles,
}

pub struct Quartiles {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Quartiles {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |quarter: usize| values[(values.len() - 1) * quarter / 4];
        Self { low: at(1), median: at(2), high: at(3) }
    }
}

/// Lets the contestants take turns. The fastest of the first `references` is what the others are compared with.
pub fn compare(contestants: &mut [Contestant], references: usize, effort: Effort) -> Vec<Outcome> {
    let calls: Vec<_> =
        contestants.iter_mut().map(|contestant| contestant.calibrate(effort.sample)).collect();
    let mut times = vec![Vec::with_capacity(effort.rounds); contestants.len()];
    for round in 0..effort.rounds {
        let mut best = vec![f64::INFINITY; contestants.len()];
        for turn in 0..effort.samples * contestants.len() {
            // Whoever is first in one round is last in another.
            let who = (round + turn) % contestants.len();
            best[who] = best[who].min(contestants[who].sample(calls[who]));
        }
        for (times, best) in times.iter_mut().zip(best) {
            times.push(best);
        }
    }
    let median = |times: &[f64]| Quartiles::of(times.to_vec()).median;
    let reference = times[..references]
        .iter()
        .min_by(|a, b| median(a).total_cmp(&median(b)))
        .expect("there is something to compare with");
    let ratios = |own: &[f64]| own.iter().zip(reference).map(|(own, reference)| own / reference).collect();
    let outcome = |(contestant, own): (&Contestant, &Vec<f64>)| Outcome {
        name: contestant.name.clone(),
        seconds: median(own),
        ratio: Quartiles::of(ratios(own)),
    };
    contestants.iter().zip(&times).map(outcome).collect()
}

/// The outcomes as a Markdown table.
pub fn markdown(outcomes: &[Outcome]) -> String {
    let mut table = String::from("| | time | ratio | quartiles |\n|---|---:|---:|---:|\n");
    for Outcome { name, seconds, ratio: Quartiles { low, median, high } } in outcomes {
        table += &format!("| {name} | {} | {median:.3} | {low:.3} – {high:.3} |\n", duration(*seconds));
    }
    table
}

/// Three significant digits and a unit.
pub fn duration(seconds: f64) -> String {
    let (value, unit) = match seconds {
        1.0.. => (seconds, "s"),
        1e-3.. => (seconds * 1e3, "ms"),
        1e-6.. => (seconds * 1e6, "µs"),
        _ => (seconds * 1e9, "ns"),
    };
    let decimals = match value {
        100.0.. => 0,
        10.0.. => 1,
        _ => 2,
    };
    format!("{value:.decimals$} {unit}")
}
