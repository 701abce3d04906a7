//! Backpropagation as a textbook does it, factor by factor, next to what `#[grad]` computes.
//!
//! ```text
//! cargo run --example textbook
//! ```
//!
//! One hidden layer and a linear output: `z = W x + b`, `h = f(z)`, `y = V h + c`, and the mean squared error `L` of
//! `y`. The chain rule gives `∂L/∂W = ∂L/∂y · ∂y/∂h · ∂h/∂z · ∂z/∂W`, here with `f` the identity, a sigmoid, and
//! a ReLU.

use std::process::ExitCode;

use grad::{
    grad,
    nn::{mse, relu, sigmoid},
};
use kit::{Options, Outcome, Panel, Picture, claim};

const INPUTS: usize = 3;
const HIDDEN: usize = 2;
const OUTPUTS: usize = 2;

type Hidden = [[f64; INPUTS]; HIDDEN];
type Out = [[f64; HIDDEN]; OUTPUTS];

/// With the identity for `f`.
#[grad(skip(x, t))]
fn linear(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> f64 {
    let h: [f64; HIDDEN] =
        std::array::from_fn(|i| w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i]);
    let y: [f64; OUTPUTS] =
        std::array::from_fn(|k| v[k].iter().zip(&h).map(|(v, h)| v * h).sum::<f64>() + c[k]);
    mse(&y, t)
}

/// With a sigmoid.
#[grad(skip(x, t))]
fn logistic(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> f64 {
    let z: [f64; HIDDEN] =
        std::array::from_fn(|i| w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i]);
    let h = sigmoid(&z);
    let y: [f64; OUTPUTS] =
        std::array::from_fn(|k| v[k].iter().zip(&h).map(|(v, h)| v * h).sum::<f64>() + c[k]);
    mse(&y, t)
}

/// With a ReLU.
#[grad(skip(x, t))]
fn rectified(
    x: &[f64; INPUTS],
    t: &[f64; OUTPUTS],
    w: &[[f64; INPUTS]; HIDDEN],
    b: &[f64; HIDDEN],
    v: &[[f64; HIDDEN]; OUTPUTS],
    c: &[f64; OUTPUTS],
) -> f64 {
    let z: [f64; HIDDEN] =
        std::array::from_fn(|i| w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i]);
    let h = relu(&z);
    let y: [f64; OUTPUTS] =
        std::array::from_fn(|k| v[k].iter().zip(&h).map(|(v, h)| v * h).sum::<f64>() + c[k]);
    mse(&y, t)
}

/// A sample and the parameters.
struct Setting {
    x: [f64; INPUTS],
    t: [f64; OUTPUTS],
    w: Hidden,
    b: [f64; HIDDEN],
    v: Out,
    c: [f64; OUTPUTS],
}

const SETTING: Setting = Setting {
    x: [1.0, -2.0, 0.5],
    t: [0.5, -1.0],
    w: [[0.4, -0.3, 0.2], [-0.6, 0.1, 0.8]],
    b: [0.1, -0.1],
    v: [[0.7, -0.5], [0.3, 0.9]],
    c: [0.05, -0.2],
};

type Gradients = (Hidden, [f64; HIDDEN], Out, [f64; OUTPUTS]);

/// An activation as the textbook has it, and the loss with its gradient as `#[grad]` has them.
struct Case {
    name: &'static str,
    f: fn(f64) -> f64,
    slope: fn(f64) -> f64,
    gradient: fn(&Setting) -> (f64, Gradients),
}

const CASES: [Case; 3] = [
    Case {
        name: "identity",
        f: |z| z,
        slope: |_| 1.0,
        gradient: |s| linear_grad(&s.x, &s.t, &s.w, &s.b, &s.v, &s.c),
    },
    Case {
        name: "sigmoid",
        f: sigmoid,
        slope: |z| sigmoid(z) * (1.0 - sigmoid(z)),
        gradient: |s| logistic_grad(&s.x, &s.t, &s.w, &s.b, &s.v, &s.c),
    },
    Case {
        name: "ReLU",
        f: relu,
        slope: |z| f64::from(u8::from(z > 0.0)),
        gradient: |s| rectified_grad(&s.x, &s.t, &s.w, &s.b, &s.v, &s.c),
    },
];

fn main() -> ExitCode {
    kit::main("Backpropagation factor by factor, next to what #[grad] computes.", run)
}

fn run(options: &Options) -> Outcome {
    for case in &CASES {
        println!("f = {}", case.name);
        let (loss, gradients) = (case.gradient)(&SETTING);
        let by_hand = backpropagate(&SETTING, case);
        println!("  #[grad]:  L = {loss:.6}   ∂L/∂W = {:8.5?}\n", gradients.0);
        let difference = difference(&gradients, &by_hand);
        claim(difference < 1e-15, &format!("the two gradients agree (they differ by {difference:e})"))?;
    }
    let picture =
        CASES.iter().fold(Picture::new("The gradient is the slope of the tangent"), |picture, case| {
            picture.panel(tangent(case))
        });
    options.save("textbook", &picture)
}

/// The chain rule, one factor after the other.
fn backpropagate(Setting { x, t, w, b, v, c }: &Setting, case: &Case) -> Gradients {
    // Forward.
    let z: [f64; HIDDEN] = std::array::from_fn(|i| (0..INPUTS).map(|j| w[i][j] * x[j]).sum::<f64>() + b[i]);
    let h = z.map(case.f);
    let y: [f64; OUTPUTS] = std::array::from_fn(|k| (0..HIDDEN).map(|i| v[k][i] * h[i]).sum::<f64>() + c[k]);
    // Backward.
    let dl_dy: [f64; OUTPUTS] = std::array::from_fn(|k| 2.0 * (y[k] - t[k]) / OUTPUTS as f64);
    let dy_dh = v;
    let dh_dz = z.map(case.slope);
    let dz_dw = x;
    println!("  ∂L/∂y = {dl_dy:8.5?}   2 (y − t) / {OUTPUTS}");
    println!("  ∂y/∂h = {dy_dh:8.5?}   V");
    println!("  ∂h/∂z = {dh_dz:8.5?}   f′(z)");
    println!("  ∂z/∂W = {dz_dw:8.5?}   x");
    let dl_dz: [f64; HIDDEN] =
        std::array::from_fn(|i| (0..OUTPUTS).map(|k| dl_dy[k] * dy_dh[k][i]).sum::<f64>() * dh_dz[i]);
    let dl_dw: Hidden = dl_dz.map(|d| dz_dw.map(|x| d * x));
    println!("  product:               ∂L/∂W = {dl_dw:8.5?}");
    (dl_dw, dl_dz, dl_dy.map(|d| h.map(|h| d * h)), dl_dy)
}

fn difference(a: &Gradients, b: &Gradients) -> f64 {
    use grad::optim::Params;
    let mut largest = 0.0_f64;
    a.clone().zip(b, |a, b| largest = largest.max((*a - b).abs()));
    largest
}

/// The loss over one of the weights, and the line that `#[grad]` says it touches.
fn tangent(case: &Case) -> Panel {
    let (at, reach) = (SETTING.w[0][0], 1.5);
    let loss = |w00: f64| {
        let mut setting = SETTING;
        setting.w[0][0] = w00;
        (case.gradient)(&setting)
    };
    let (value, (d_w, ..)) = loss(at);
    let weights = (-60..=60).map(|i| at + reach * f64::from(i) / 60.0);
    let line = [-0.6, 0.6].map(|step| (at + step * reach, value + step * reach * d_w[0][0]));
    Panel::new(format!("f = {}: ∂L/∂W₀₀ = {:.4}", case.name, d_w[0][0]), "W₀₀")
        .decimals(2)
        .curve("loss", weights.map(|w| (w, loss(w).0)))
        .curve("tangent", line)
}
