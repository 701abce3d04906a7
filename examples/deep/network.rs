//! A network of twenty layers that reads digits, and how its gradients fare. For the examples `vanishing` and
//! `exploding`.

use grad::{
    grad,
    health::{Activation, History, Trace},
    nn::{cross_entropy_with_logits, relu, sigmoid, softmax, tanh},
    optim::{Batches, Init, Params, Sgd, init::seeded},
};
use kit::{Outcome, Progress, Standard};

const PIXELS: usize = 64;
const CLASSES: usize = 10;
const WIDTH: usize = 16;
/// Layers with an activation.
const LAYERS: usize = 19;
/// Those after the first.
const DEPTH: usize = LAYERS - 1;
/// Samples that a trace is of.
const TRACED: usize = 32;
const BATCH: usize = 32;

/// The mean cross-entropy of some digits.
#[grad(skip(x, y))]
fn loss(
    x: &[[f64; PIXELS]],
    y: &[[f64; CLASSES]],
    activation: u8,
    first: &[[f64; PIXELS]; WIDTH],
    hidden: &[[[f64; WIDTH]; WIDTH]; DEPTH],
    last: &[[f64; WIDTH]; CLASSES],
    biases: &[[f64; WIDTH]; LAYERS],
) -> f64 {
    let activate = |z: &[f64; WIDTH]| match activation {
        0 => sigmoid(z),
        1 => tanh(z),
        _ => relu(z),
    };
    let mut total = 0.0;
    for s in 0..x.len() {
        let z: [f64; WIDTH] = std::array::from_fn(|i| {
            first[i].iter().zip(&x[s]).map(|(w, x)| w * x).sum::<f64>() + biases[0][i]
        });
        let mut a: [f64; WIDTH] = activate(&z);
        for l in 0..DEPTH {
            let z: [f64; WIDTH] = std::array::from_fn(|i| {
                hidden[l][i].iter().zip(&a).map(|(w, a)| w * a).sum::<f64>() + biases[l + 1][i]
            });
            a = activate(&z);
        }
        let z: [f64; CLASSES] =
            std::array::from_fn(|k| last[k].iter().zip(&a).map(|(w, a)| w * a).sum::<f64>());
        total += cross_entropy_with_logits(&z, &y[s]);
    }
    total / x.len() as f64
}

/// An activation as `loss` has it: a parameter that is an integer has no gradient.
fn number(activation: Activation) -> u8 {
    match activation {
        Activation::Sigmoid => 0,
        Activation::Tanh => 1,
        Activation::Relu => 2,
    }
}

fn activate(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Sigmoid => sigmoid(z),
        Activation::Tanh => tanh(z),
        Activation::Relu => relu(z),
    }
}

/// Images of digits, standardised, and what they show as distributions.
pub struct Digits {
    x: Vec<[f64; PIXELS]>,
    y: Vec<[f64; CLASSES]>,
}

impl Digits {
    pub fn read() -> Outcome<Self> {
        let rows = kit::read::<{ PIXELS + 1 }>("digits.csv")?;
        let pixels: Vec<[f64; PIXELS]> = rows.iter().map(|row| std::array::from_fn(|j| row[j])).collect();
        let target = |digit: f64| std::array::from_fn(|k| f64::from(u8::from(digit == k as f64)));
        Ok(Self {
            x: Standard::of(&pixels).apply(&pixels),
            y: rows.iter().map(|row| target(row[PIXELS])).collect(),
        })
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self { x: rows.iter().map(|i| self.x[*i]).collect(), y: rows.iter().map(|i| self.y[*i]).collect() }
    }
}

#[derive(Params)]
pub struct Network {
    first: [[f64; PIXELS]; WIDTH],
    hidden: [[[f64; WIDTH]; WIDTH]; DEPTH],
    last: [[f64; WIDTH]; CLASSES],
    biases: [[f64; WIDTH]; LAYERS],
    #[params(skip)]
    activation: Activation,
}

impl Network {
    /// Weights as Xavier or He would have them, times a factor for the hidden layers.
    pub fn new(activation: Activation, init: fn(usize) -> Init, factor: f64, seed: u64) -> Self {
        let mut network = Network {
            first: [[0.0; PIXELS]; WIDTH],
            hidden: [[[0.0; WIDTH]; WIDTH]; DEPTH],
            last: [[0.0; WIDTH]; CLASSES],
            biases: [[0.0; WIDTH]; LAYERS],
            activation,
        };
        let mut rng = seeded(seed);
        init(PIXELS).fill(&mut network.first, &mut rng);
        init(WIDTH).fill(&mut network.hidden, &mut rng);
        init(WIDTH).fill(&mut network.last, &mut rng);
        network.hidden.scale(factor);
        network
    }

    pub fn gradient(&self, digits: &Digits) -> (f64, <Self as Params>::Gradient) {
        loss_grad(
            &digits.x,
            &digits.y,
            number(self.activation),
            &self.first,
            &self.hidden,
            &self.last,
            &self.biases,
        )
    }

    /// The values before and after each activation, and their cotangents, of the first few digits.
    ///
    /// A bias is added to what goes into its activation. So of a single sample, the gradient of the bias is the
    /// cotangent of that; and what the weights of the next layer make of one is the cotangent of what comes out.
    fn trace(&self, digits: &Digits) -> Trace {
        let mut z = vec![[[0.0; WIDTH]; TRACED]; LAYERS];
        let (mut a, mut d_z, mut d_a) = (z.clone(), z.clone(), z.clone());
        for s in 0..TRACED {
            let sample = digits.select(&[s]);
            let (_, (.., d_biases)) = self.gradient(&sample);
            z[0][s] = affine(&self.first, &sample.x[0], &self.biases[0]);
            for l in 0..LAYERS {
                a[l][s] = z[l][s].map(|z| activate(self.activation, z));
                d_z[l][s] = d_biases[l];
                if l < DEPTH {
                    z[l + 1][s] = affine(&self.hidden[l], &a[l][s], &self.biases[l + 1]);
                    d_a[l][s] = transposed(&self.hidden[l], &d_biases[l + 1]);
                }
            }
            // Of the logits, the cotangent is what the classes are taken for less what they are.
            let likely = softmax(&affine(&self.last, &a[DEPTH][s], &[0.0; CLASSES]));
            let d_logits = std::array::from_fn(|k| likely[k] - sample.y[0][k]);
            d_a[DEPTH][s] = transposed(&self.last, &d_logits);
        }
        let mut trace = Trace::new();
        for l in 0..LAYERS {
            trace.record_at("z", l, &z[l], &d_z[l]);
            trace.record_at("a", l, &a[l], &d_a[l]);
        }
        trace
    }
}

/// `w x + b`
fn affine<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i])
}

/// `wᵀ d`
fn transposed<const M: usize, const N: usize>(w: &[[f64; N]; M], d: &[f64; M]) -> [f64; N] {
    std::array::from_fn(|j| (0..M).map(|i| w[i][j] * d[i]).sum())
}

/// What came of a training.
pub struct Training {
    /// Of each mini-batch, before its step.
    pub losses: Vec<f64>,
    pub history: History,
    /// Why it ended early, if it did.
    pub stopped: Option<String>,
}

impl Training {
    /// The mean over the last 50 mini-batches.
    pub fn last_loss(&self) -> f64 {
        let last = &self.losses[self.losses.len().saturating_sub(50)..];
        last.iter().sum::<f64>() / last.len() as f64
    }

    /// The loss over the steps, 20 of them taken together.
    pub fn curve(&self) -> impl Iterator<Item = (f64, f64)> {
        let mean =
            |(i, part): (usize, &[f64])| (20.0 * i as f64, part.iter().sum::<f64>() / part.len() as f64);
        self.losses.chunks(20).enumerate().map(mean)
    }

    /// The norm of the cotangent by layer, at the first step.
    pub fn cotangents(&self) -> impl Iterator<Item = (f64, f64)> {
        let (_, trace) = &self.history.steps()[0];
        (0..LAYERS).filter_map(|l| Some((l as f64, trace.get_at("z", l)?.cotangent.norm())))
    }
}

/// Trains on mini-batches. Ten traces are taken.
pub fn train(
    mut network: Network,
    digits: &Digits,
    mut sgd: Sgd,
    steps: usize,
    seed: u64,
) -> Outcome<Training> {
    let mut training = Training { losses: Vec::new(), history: History::new(), stopped: None };
    let mut batches = Batches::new(digits.x.len(), BATCH, seed);
    let mut progress = Progress::new("step", steps);
    while training.losses.len() < steps {
        for rows in batches.pass().take(steps - training.losses.len()) {
            let step = training.losses.len();
            if step.is_multiple_of(steps.div_ceil(10)) {
                training.history.push(step as u64, network.trace(digits));
            }
            let (loss, gradient) = network.gradient(&digits.select(rows));
            if let Err(error) = sgd.try_step(&mut network, loss, &gradient) {
                progress.finish();
                training.stopped = Some(error.to_string());
                return Ok(training);
            }
            training.losses.push(loss);
            progress.show(|| format!("loss {loss:.4}"));
        }
    }
    progress.finish();
    Ok(training)
}
