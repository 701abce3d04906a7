//! The command line.

use std::{error::Error, path::PathBuf};

use lexopt::prelude::*;

const USAGE: &str = "\
Train a network to read handwritten digits.

Usage: cargo run --release --example digits -- [OPTIONS]

Options:
      --epochs <N>    passes over the training digits [default: 60]
      --rate <R>      learning rate [default: 0.1]
      --batch <N>     digits in a mini-batch [default: 32]
      --seed <N>      seed of the split, the weights and the order of the digits [default: 1]
      --out <FILE>    where to draw the curve [default: target/digits.svg]
      --quick         5 epochs, to see that everything works
  -h, --help          print this
";

const FULL_EPOCHS: usize = 60;
const QUICK_EPOCHS: usize = 5;

/// How to train, and where to draw.
pub struct Options {
    pub epochs: usize,
    pub rate: f64,
    pub batch: usize,
    pub seed: u64,
    pub out: PathBuf,
    quick: bool,
}

impl Options {
    /// Reads the command line. `None` says that help was asked for and given.
    pub fn from_env() -> Result<Option<Self>, Box<dyn Error>> {
        let mut epochs = None;
        let mut options = Self {
            epochs: FULL_EPOCHS,
            rate: 0.1,
            batch: 32,
            seed: 1,
            out: concat!(env!("CARGO_MANIFEST_DIR"), "/target/digits.svg").into(),
            quick: false,
        };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("epochs") => epochs = Some(arguments.value()?.parse()?),
                Long("rate") => options.rate = arguments.value()?.parse()?,
                Long("batch") => options.batch = arguments.value()?.parse()?,
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("out") => options.out = arguments.value()?.into(),
                Long("quick") => options.quick = true,
                Short('h') | Long("help") => {
                    print!("{USAGE}");
                    return Ok(None);
                }
                _ => return Err(argument.unexpected().into()),
            }
        }
        options.epochs = epochs.unwrap_or(if options.quick { QUICK_EPOCHS } else { FULL_EPOCHS });
        options.check().map(|()| Some(options))
    }

    fn check(&self) -> Result<(), Box<dyn Error>> {
        if self.epochs == 0 {
            return Err("--epochs must be at least 1".into());
        }
        if self.batch == 0 {
            return Err("--batch must be at least 1".into());
        }
        if !(self.rate.is_finite() && self.rate > 0.0) {
            return Err("--rate must be a positive number".into());
        }
        Ok(())
    }

    /// The share of held-out digits that a run of this length has to read.
    pub fn required_accuracy(&self) -> Option<f64> {
        match self.epochs {
            FULL_EPOCHS.. => Some(0.97),
            QUICK_EPOCHS.. if self.quick => Some(0.85),
            _ => None,
        }
    }
}
