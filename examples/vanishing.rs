//! Twenty layers, and gradients that never get to the first of them: what is wrong, and what helps.
//!
//! ```text
//! cargo run --release --example vanishing
//! ```

#[path = "deep/network.rs"]
mod network;

use std::process::ExitCode;

use grad::{
    health::{Activation, Cause, Illness},
    optim::{Init, Sgd},
};
use kit::{Options, Outcome, Panel, Picture, claim};

use network::{Digits, Network, Training, train};

fn main() -> ExitCode {
    kit::main("Vanishing gradients: how they are told, why they are, what helps.", run)
}

fn run(options: &Options) -> Outcome {
    let digits = Digits::read()?;
    let steps = options.pick(1500, 500);
    let xavier = |inputs| Init::xavier_normal(inputs, inputs);
    let cases = [
        ("sigmoid", Activation::Sigmoid, xavier as fn(usize) -> Init, 1.0),
        ("tanh, small weights", Activation::Tanh, xavier, 0.4),
        ("tanh, Xavier", Activation::Tanh, xavier, 1.0),
        ("ReLU, He", Activation::Relu, Init::he, 1.0),
    ];
    let mut trainings = Vec::new();
    for (name, activation, init, factor) in cases {
        println!("\n{name}");
        let network = Network::new(activation, init, factor, options.seed);
        // Clipped, so that a step too far now and then does no harm: that is what the example `exploding` is about.
        let sgd = Sgd::new(0.03).clip_norm(1.0);
        let training = train(network, &digits, sgd, steps, options.seed)?;
        println!("\n{}", training.history.report());
        trainings.push(training);
    }

    let named = || cases.iter().map(|case| case.0).zip(&trainings);
    let cotangents = named().fold(
        Panel::new("Norm of the cotangent at the first step", "layer").logarithmic(),
        |panel, (name, training)| panel.curve(name, training.cotangents()),
    );
    let losses = named().fold(Panel::new("Cross-entropy", "step"), |panel, (name, training)| {
        panel.curve(name, training.curve())
    });
    println!();
    let picture = Picture::new("Twenty layers: what does not get back does not learn");
    options.save("vanishing", &picture.panel(cotangents).panel(losses))?;
    options.save_svg("vanishing-sigmoid", &trainings[0].history.to_svg())?;

    let [sigmoid, small, xavier, he] = &trainings[..] else { return Err("there are four cases".into()) };
    let guess = 10.0_f64.ln();
    println!("\nloss of a guess: {guess:.3}");
    named().for_each(|(name, training)| println!("{name:20} {:.3}", training.last_loss()));
    claim(vanishes(sigmoid).contains(&Cause::SigmoidSlope), "the report names the slope of the sigmoid")?;
    claim(
        vanishes(small).iter().any(|cause| matches!(cause, Cause::SmallWeights(_))),
        "the report names the small weights",
    )?;
    for (name, sick) in [("sigmoids", sigmoid), ("small weights", small)] {
        claim(sick.last_loss() > 0.95 * guess, &format!("with {name}, it learns nothing"))?;
    }
    for (name, cured) in [("tanh and Xavier's weights", xavier), ("ReLU and He's weights", he)] {
        claim(cured.history.report().is_healthy(), &format!("{name} are healthy"))?;
        claim(cured.last_loss() < options.pick(1.0, 2.0), &format!("with {name}, it learns"))?;
    }
    Ok(())
}

/// The causes, if the report says that gradients vanish.
fn vanishes(training: &Training) -> Vec<Cause> {
    let report = training.history.report();
    let mut verdicts = report.verdicts().iter();
    let verdict = verdicts.find(|verdict| matches!(verdict.illness, Illness::Vanishing { .. }));
    verdict.map_or(Vec::new(), |verdict| verdict.causes.clone())
}
