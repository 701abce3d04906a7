//! The command line of the smaller examples, and what becomes of their outcome.

use std::{path::PathBuf, process::ExitCode};

use lexopt::prelude::*;

use crate::{Outcome, Picture};

/// What all examples can be told.
pub struct Options {
    /// A short run, to see that everything works.
    pub quick: bool,
    /// Of everything that is random.
    pub seed: u64,
    out: PathBuf,
}

/// Runs an example: options, the example itself, what went wrong if something did.
pub fn main(about: &str, run: fn(&Options) -> Outcome) -> ExitCode {
    let outcome =
        Options::from_env(about).and_then(|options| options.map_or(Ok(()), |options| run(&options)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    /// `None` says that help was asked for and given.
    fn from_env(about: &str) -> Outcome<Option<Self>> {
        let out = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/pictures").into();
        let mut options = Self { quick: false, seed: 1, out };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("quick") => options.quick = true,
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("out") => options.out = arguments.value()?.into(),
                Short('h') | Long("help") => {
                    println!("{about}\n");
                    println!("Options:");
                    println!("      --quick       a short run, to see that everything works");
                    println!("      --seed <N>    seed of everything that is random [default: 1]");
                    println!("      --out <DIR>   where pictures go [default: target/pictures]");
                    println!("  -h, --help        print this");
                    return Ok(None);
                }
                _ => return Err(argument.unexpected().into()),
            }
        }
        Ok(Some(options))
    }

    /// One of two numbers: for a full run, for a short one.
    pub fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// Writes a picture, and says where it is.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save(&self, name: &str, picture: &Picture) -> Outcome {
        self.save_svg(name, &picture.to_svg()?)
    }

    /// The same, of what is drawn already.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_svg(&self, name: &str, svg: &str) -> Outcome {
        let path = self.out.join(name).with_extension("svg");
        std::fs::create_dir_all(&self.out)?;
        std::fs::write(&path, svg).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        println!("drawn: {}", path.canonicalize()?.display());
        Ok(())
    }
}
