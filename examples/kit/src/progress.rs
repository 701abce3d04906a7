//! Something to look at while training runs.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

/// So many lines are written where there is no terminal.
const LINES: usize = 6;

/// A bar on a terminal, a few lines elsewhere.
pub struct Progress {
    bar: ProgressBar,
    unit: &'static str,
    total: usize,
    done: usize,
    start: Instant,
}

impl Progress {
    /// Of so many passes, steps, epochs.
    pub fn new(unit: &'static str, total: usize) -> Self {
        let template = format!("{{bar:40.cyan/blue}} {unit} {{pos}}/{{len}}  {{msg}}");
        let style = ProgressStyle::with_template(&template)
            .expect("the template is well-formed")
            .progress_chars("━╸─");
        let bar = ProgressBar::new(total as u64).with_style(style);
        Self { bar, unit, total, done: 0, start: Instant::now() }
    }

    /// One more is done, and this is to be said of it.
    pub fn show(&mut self, message: impl FnOnce() -> String) {
        self.done += 1;
        let (done, total) = (self.done, self.total);
        if !self.bar.is_hidden() {
            self.bar.set_message(message());
            self.bar.inc(1);
        } else if done == 1 || done == total || done.is_multiple_of(total.div_ceil(LINES)) {
            let width = total.to_string().len();
            println!("{} {done:width$}/{total}  {}", self.unit, message());
        }
    }

    /// Leaves the bar where it is. Seconds since the beginning.
    pub fn finish(self) -> f64 {
        self.bar.abandon();
        self.start.elapsed().as_secs_f64()
    }
}
