//! Twenty layers, and gradients that grow in each of them: what is wrong, and what helps.
//!
//! ```text
//! cargo run --release --example exploding
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
    kit::main("Exploding gradients: how they are told, why they are, what helps.", run)
}

fn run(options: &Options) -> Outcome {
    let digits = Digits::read()?;
    let steps = options.pick(1500, 500);
    let xavier = |inputs| Init::xavier_normal(inputs, inputs);
    let cases = [
        ("large weights", Activation::Relu, Init::he as fn(usize) -> Init, 1.6, Sgd::new(0.015)),
        ("He's weights", Activation::Relu, Init::he, 1.0, Sgd::new(0.015)),
        ("large weights, tanh", Activation::Tanh, xavier, 1.6, Sgd::new(0.015)),
        ("He's weights, large rate", Activation::Relu, Init::he, 1.0, Sgd::new(0.2)),
        ("the same, clipped", Activation::Relu, Init::he, 1.0, Sgd::new(0.2).clip_norm(0.5)),
    ];
    let mut trainings = Vec::new();
    for (name, activation, init, factor, sgd) in &cases {
        println!("\n{name}");
        let network = Network::new(*activation, *init, *factor, options.seed);
        let training = train(network, &digits, sgd.clone(), steps, options.seed)?;
        println!("\n{}", training.history.report());
        if let Some(reason) = &training.stopped {
            println!("training stopped {reason}");
        }
        trainings.push(training);
    }

    let named = || cases.iter().map(|case| case.0).zip(&trainings);
    // The last two begin as the second does.
    let cotangents = named().take(3).fold(
        Panel::new("Norm of the cotangent at the first step", "layer").logarithmic(),
        |panel, (name, training)| panel.curve(name, training.cotangents()),
    );
    let losses = named()
        .fold(Panel::new("Cross-entropy", "step").range(0.0, 3.0), |panel, (name, training)| {
            panel.curve(name, training.curve())
        });
    println!();
    let picture = Picture::new("Twenty layers: what grows in each of them");
    options.save("exploding", &picture.panel(cotangents).panel(losses))?;
    options.save_svg("exploding-large-weights", &trainings[0].history.to_svg())?;

    let [large, by_weights, by_activation, overshot, by_clipping] = &trainings[..] else {
        return Err("there are five cases".into());
    };
    println!("\nloss of a guess: {:.3}", 10.0_f64.ln());
    named().for_each(|(name, training)| println!("{name:26} {:9.3e}", training.last_loss()));
    claim(explodes(large), "the report names the large weights")?;
    claim(large.last_loss() > 0.95 * 10.0_f64.ln(), "with large weights, it learns nothing")?;
    claim(overshot.last_loss() > 1.5 * by_clipping.last_loss(), "the large rate spoils it")?;
    let cures = [
        ("He's weights", by_weights),
        ("tanh", by_activation),
        ("clipping the norm of the gradient", by_clipping),
    ];
    for (name, cured) in cures {
        claim(cured.history.report().is_healthy(), &format!("{name} is healthy"))?;
        claim(cured.last_loss() < options.pick(1.5, 2.0), &format!("with {name}, it learns"))?;
    }
    Ok(())
}

/// Whether the report says that gradients explode because weights are large.
fn explodes(training: &Training) -> bool {
    training.history.report().verdicts().iter().any(|verdict| {
        matches!(verdict.illness, Illness::Exploding { .. })
            && matches!(verdict.causes[..], [Cause::LargeWeights(gain)] if gain > 2.0)
    })
}
