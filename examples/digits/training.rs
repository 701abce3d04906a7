//! Stochastic gradient descent, with something to look at while it runs.

use indicatif::{ProgressBar, ProgressStyle};
use rand::{Rng, seq::SliceRandom};

use crate::{confusion::Confusion, data::Dataset, network::Network, options::Options};

/// How the network did after one pass over the training digits.
pub struct Epoch {
    /// Mean over the mini-batches, each before its step.
    pub train_loss: f64,
    pub held_out_loss: f64,
    /// Share of the held-out digits that were read correctly.
    pub accuracy: f64,
}

/// Trains in place, one entry of the result for each epoch.
pub fn train(
    network: &mut Network,
    train: &Dataset,
    held_out: &Dataset,
    options: &Options,
    rng: &mut impl Rng,
) -> Vec<Epoch> {
    let progress = Progress::new(options.epochs);
    let mut order: Vec<_> = (0..train.len()).collect();
    let mut history = Vec::with_capacity(options.epochs);
    for _ in 0..options.epochs {
        order.shuffle(rng);
        let mut sum = 0.0;
        for rows in order.chunks(options.batch) {
            let (x, y) = train.batch(rows);
            sum += f64::from(network.step(&x, &y, options.rate)) * rows.len() as f64;
        }
        history.push(Epoch {
            train_loss: sum / train.len() as f64,
            held_out_loss: network.loss(&held_out.pixels, &held_out.targets).into(),
            accuracy: Confusion::new(&held_out.labels, &network.predict(&held_out.pixels)).accuracy(),
        });
        progress.show(&history);
    }
    progress.finish();
    history
}

/// A bar on a terminal, a line every few epochs elsewhere.
struct Progress {
    bar: ProgressBar,
    epochs: usize,
}

impl Progress {
    fn new(epochs: usize) -> Self {
        let style = ProgressStyle::with_template("{bar:40.cyan/blue} epoch {pos}/{len}  {msg}")
            .expect("the template is well-formed")
            .progress_chars("━╸─");
        Self { bar: ProgressBar::new(epochs as u64).with_style(style), epochs }
    }

    fn show(&self, history: &[Epoch]) {
        let Some(latest) = history.last() else { return };
        let message = format!(
            "loss {:.4}  held out: loss {:.4}, accuracy {:.2} %",
            latest.train_loss,
            latest.held_out_loss,
            100.0 * latest.accuracy,
        );
        let epoch = history.len();
        if self.bar.is_hidden() && (epoch == 1 || epoch == self.epochs || epoch.is_multiple_of(10)) {
            println!("epoch {epoch:3}/{}  {message}", self.epochs);
        }
        self.bar.set_message(message);
        self.bar.inc(1);
    }

    fn finish(&self) {
        self.bar.abandon();
    }
}
