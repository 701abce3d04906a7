//! Stochastic gradient descent, with something to look at while it runs.

use grad::optim::{Batches, Sgd};
use kit::Progress;

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
) -> kit::Outcome<Vec<Epoch>> {
    let mut progress = Progress::new("epoch", options.epochs);
    let mut batches = Batches::new(train.len(), options.batch, options.seed);
    let mut sgd = Sgd::new(options.rate);
    let mut history = Vec::with_capacity(options.epochs);
    for _ in 0..options.epochs {
        let mut sum = 0.0;
        for rows in batches.pass() {
            let (x, y) = train.batch(rows);
            let (loss, gradient) = network.gradient(&x, &y);
            sgd.try_step(network, loss, &gradient)?;
            sum += f64::from(loss) * rows.len() as f64;
        }
        let epoch = Epoch {
            train_loss: sum / train.len() as f64,
            held_out_loss: network.loss(&held_out.pixels, &held_out.targets).into(),
            accuracy: Confusion::new(&held_out.labels, &network.predict(&held_out.pixels)).accuracy(),
        };
        progress.show(|| {
            format!(
                "loss {:.4}  held out: loss {:.4}, accuracy {:.2} %",
                epoch.train_loss,
                epoch.held_out_loss,
                100.0 * epoch.accuracy,
            )
        });
        history.push(epoch);
    }
    progress.finish();
    Ok(history)
}
