//! Benign or malignant: logistic regression on thirty measurements of cell nuclei.
//!
//! ```text
//! cargo run --release --example cancer
//! ```

use std::process::ExitCode;

use grad::{
    grad,
    nn::{binary_cross_entropy, sigmoid},
    optim::{Params, Sgd},
};
use kit::{Options, Outcome, Panel, Picture, Progress, Standard, claim};

const FEATURES: usize = 30;

/// The mean binary cross-entropy between what the model takes for likely and what is.
#[grad(wrt(w, b))]
fn loss(x: &[[f64; FEATURES]], y: &[f64], w: &[f64; FEATURES], b: f64) -> f64 {
    let p: Vec<f64> = x
        .iter()
        .map(|x| {
            let z = x.iter().zip(w).map(|(x, w)| x * w).sum::<f64>() + b;
            sigmoid(z)
        })
        .collect();
    binary_cross_entropy(&p, y)
}

#[derive(Params)]
struct Model {
    w: [f64; FEATURES],
    b: f64,
}

impl Model {
    /// How likely it is that a tumour is benign.
    fn predict(&self, x: &[f64; FEATURES]) -> f64 {
        sigmoid(x.iter().zip(&self.w).map(|(x, w)| x * w).sum::<f64>() + self.b)
    }
}

/// Measurements, and 1 for benign, 0 for malignant.
struct Patients {
    x: Vec<[f64; FEATURES]>,
    y: Vec<f64>,
}

impl Patients {
    fn new(rows: &[[f64; FEATURES + 1]]) -> Self {
        Self {
            x: rows.iter().map(|row| std::array::from_fn(|j| row[j])).collect(),
            y: rows.iter().map(|row| row[FEATURES]).collect(),
        }
    }
}

fn main() -> ExitCode {
    kit::main("Benign or malignant: logistic regression.", run)
}

fn run(options: &Options) -> Outcome {
    let rows = kit::shuffled(kit::read::<{ FEATURES + 1 }>("breast_cancer.csv")?, options.seed);
    let (train, held_out) = rows.split_at(rows.len() * 4 / 5);
    let (mut train, mut held_out) = (Patients::new(train), Patients::new(held_out));
    let standard = Standard::of(&train.x);
    (train.x, held_out.x) = (standard.apply(&train.x), standard.apply(&held_out.x));

    let mut model = Model { w: [0.0; FEATURES], b: 0.0 };
    let mut sgd = Sgd::new(0.1).momentum(0.9).weight_decay(1e-3);
    let steps = options.pick(500, 150);
    let mut progress = Progress::new("step", steps);
    let mut losses = Vec::with_capacity(steps);
    for _ in 0..steps {
        let (value, gradient) = loss_grad(&train.x, &train.y, &model.w, model.b);
        sgd.try_step(&mut model, value, &gradient)?;
        losses.push((value, loss(&held_out.x, &held_out.y, &model.w, model.b)));
        progress.show(|| format!("loss {value:.4}"));
    }
    progress.finish();

    let predicted: Vec<f64> = held_out.x.iter().map(|x| model.predict(x)).collect();
    let count = |is_meant: fn(f64, f64) -> bool| {
        predicted.iter().zip(&held_out.y).filter(|(p, y)| is_meant(**p, **y)).count()
    };
    let (benign, malignant) = (count(|p, y| p > 0.5 && y == 1.0), count(|p, y| p <= 0.5 && y == 0.0));
    let (missed, alarms) = (count(|p, y| p > 0.5 && y == 0.0), count(|p, y| p <= 0.5 && y == 1.0));
    let accuracy = (benign + malignant) as f64 / predicted.len() as f64;
    let roc = roc(&predicted, &held_out.y);
    let area = area(&roc);
    println!("\n{} patients for training, {} held out", train.y.len(), held_out.y.len());
    println!("                  taken for malignant   taken for benign");
    println!("malignant         {malignant:19}   {missed:16}");
    println!("benign            {alarms:19}   {benign:16}");
    println!("right: {:.1} %, area under the ROC curve: {area:.4}", 100.0 * accuracy);

    let curve = |value: fn(&(f64, f64)) -> f64| {
        (1..).map(f64::from).zip(losses.iter().map(value)).collect::<Vec<_>>()
    };
    let picture = Picture::new("Benign or malignant?")
        .panel(
            Panel::new("Binary cross-entropy", "step")
                .logarithmic()
                .curve("training", curve(|(train, _)| *train))
                .curve("held out", curve(|(_, held_out)| *held_out))
                .label_ends(3),
        )
        .panel(
            Panel::new(
                format!("ROC of the held-out patients: area {area:.3}"),
                "share of benign taken for malignant",
            )
            .range(0.0, 1.0)
            .curve("share of malignant found", roc)
            .curve_like(5, "by chance", [(0.0, 0.0), (1.0, 1.0)]),
        );
    options.save("cancer", &picture)?;
    claim(accuracy >= 0.96, "96 % of the held-out patients are told right")?;
    claim(area >= 0.99, "the area under the ROC curve is 0.99")
}

/// For every threshold the share of benign tumours that are taken for malignant, and the share of malignant ones
/// that are found.
fn roc(predicted: &[f64], y: &[f64]) -> Vec<(f64, f64)> {
    let mut order: Vec<(f64, f64)> = predicted.iter().copied().zip(y.iter().copied()).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    let benign = y.iter().sum::<f64>();
    let malignant = y.len() as f64 - benign;
    let (mut alarms, mut found) = (0.0, 0.0);
    let mut points = vec![(0.0, 0.0)];
    for (_, y) in order {
        alarms += y / benign;
        found += (1.0 - y) / malignant;
        points.push((alarms, found));
    }
    points
}

fn area(curve: &[(f64, f64)]) -> f64 {
    curve.windows(2).map(|pair| (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0).sum()
}
