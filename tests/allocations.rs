//! How often derivatives ask for memory: never where all extents are known when compiling; for the results, and
//! once for each intermediate that has to live, where they are not.

mod count;
#[path = "programs/functions/least_squares.rs"]
#[allow(clippy::all)]
mod least_squares;
#[path = "programs/functions/log_sum_exp.rs"]
#[allow(clippy::all)]
mod log_sum_exp;
#[path = "programs/functions/mixture.rs"]
#[allow(clippy::all)]
mod mixture;

use std::hint::black_box;

use grad::{
    grad,
    nn::{cross_entropy, log_softmax, logsumexp, relu, softmax},
};
use ndarray::{Array1, Array2};

use count::{Memory, allocations, memory};

// ---- fixed extents -------------------------------------------------------------------------------------

#[grad]
fn scalar(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt() * (x / y).atan() + (1.0 + x.exp()).ln()
}

#[grad]
fn layer<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
    std::array::from_fn(|i| {
        let z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
        1.0 / (1.0 + (-z).exp())
    })
}

#[grad(skip(x, y))]
fn network<const I: usize, const H: usize, const O: usize>(
    x: &[f32; I],
    y: &[f32; O],
    w1: &[[f32; I]; H],
    b1: &[f32; H],
    w2: &[[f32; H]; O],
    b2: &[f32; O],
) -> f32 {
    let a1: [f32; H] =
        std::array::from_fn(|j| relu(w1[j].iter().zip(x).map(|(w, x)| w * x).sum::<f32>() + b1[j]));
    let z2: [f32; O] =
        std::array::from_fn(|k| w2[k].iter().zip(&a1).map(|(w, a)| w * a).sum::<f32>() + b2[k]);
    cross_entropy(&softmax(&z2), y)
}

/// What is carried is remembered for the way back: in an array, as the number of steps is known.
#[grad]
fn recurrence(x: &[f64; 16], start: f64) -> f64 {
    x.iter().fold(start, |state, x| (state * x).tanh())
}

#[grad]
fn fixed_log_sum_exp(x: &[f64; 8]) -> f64 {
    x.iter().map(|x| x.exp()).sum::<f64>().ln()
}

#[test]
fn fixed_extents_allocate_nothing() {
    assert_eq!(allocations(|| scalar_grad(black_box(1.0), 2.0)), 0);
    let (w, x, b) = ([[0.5; 4]; 3], [1.0; 4], [0.1; 3]);
    assert_eq!(allocations(|| layer_vjp(black_box(&w), &x, &b, &[1.0; 3])), 0);
    let (x, y) = ([1.0; 4], [0.0, 1.0, 0.0]);
    let (w1, b1, w2, b2) = ([[0.5; 4]; 16], [0.1; 16], [[0.5; 16]; 3], [0.1; 3]);
    assert_eq!(allocations(|| network_grad(black_box(&x), &y, &w1, &b1, &w2, &b2)), 0);
    assert_eq!(allocations(|| recurrence_grad(black_box(&[0.5; 16]), 1.0)), 0);
    assert_eq!(allocations(|| fixed_log_sum_exp_grad(black_box(&[0.5; 8]))), 0);
}

// ---- run-time extents ----------------------------------------------------------------------------------

#[grad]
fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum()
}

#[grad]
fn scaled(x: &[f64], factor: f64) -> Vec<f64> {
    x.iter().map(|x| (x * factor).sin()).collect()
}

#[grad]
fn log_sum_exp(x: &[f64]) -> f64 {
    x.iter().map(|x| x.exp()).sum::<f64>().ln()
}

#[grad]
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |p, c| p * x + c)
}

#[grad(skip(x, y))]
fn regression(x: &[[f64; 3]], y: &[f64], weights: &[f64; 3], bias: f64) -> f64 {
    let errors = x.iter().zip(y).map(|(x, y)| {
        let predicted = x.iter().zip(weights).map(|(x, w)| x * w).sum::<f64>() + bias;
        (predicted - y).powi(2)
    });
    errors.sum::<f64>() / y.len() as f64
}

#[grad(skip(x))]
fn mixture<const K: usize>(x: &[f64], logits: &[f64; K], means: &[f64; K]) -> f64 {
    let log_weights = log_softmax(logits);
    let terms = x.iter().map(|x| {
        let terms: [f64; K] = std::array::from_fn(|k| log_weights[k] - (x - means[k]).powi(2));
        logsumexp(&terms)
    });
    terms.sum()
}

#[test]
fn slices_allocate_their_gradients() {
    let (x, y) = (vec![0.5; 100], vec![0.25; 100]);
    assert_eq!(allocations(|| squared_distance_grad(black_box(&x), &y)), 2, "d_x, d_y");
    assert_eq!(allocations(|| scaled_vjp(black_box(&x), 2.0, &y)), 2, "y, d_x");
    assert!(allocations(|| log_sum_exp_grad(black_box(&x))) <= 2, "d_x, the exponentials");
    assert_eq!(allocations(|| polynomial_grad(black_box(&x), 2.0)), 2, "d_coefficients, the partial sums");
    let rows = vec![[0.5; 3]; 100];
    assert_eq!(allocations(|| regression_grad(black_box(&rows), &y, &[1.0; 3], 0.5)), 0);
    let count = allocations(|| mixture_grad(black_box(&x), &[0.0; 3], &[0.0, 1.0, 2.0]));
    assert!(count <= 2, "the exponentials, the responsibilities: {count}");
}

#[grad(skip(x, y))]
fn digits(
    x: &Array2<f32>,
    y: &Array2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> f32 {
    let z1 = x.dot(&w1.t()) + b1;
    let a1 = relu(&z1);
    let z2 = a1.dot(&w2.t()) + b2;
    cross_entropy(&softmax(&z2), y)
}

#[grad]
fn element_by_element(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    (a * b).mapv(f64::exp) + a
}

#[test]
fn ndarray_allocates_gradients_and_living_intermediates() {
    let (x, y) = (Array2::ones((8, 6)), Array2::from_elem((8, 3), 1.0 / 3.0));
    let (w1, b1) = (Array2::from_elem((5, 6), 0.1), Array1::zeros(5));
    let (w2, b2) = (Array2::from_elem((3, 5), 0.1), Array1::zeros(3));
    // d_w1, d_b1, d_w2, d_b2; z1, a1, z2, d_z2, d_a1 (then d_z1); Σy of each row, the exponentials of a row.
    let count = allocations(|| digits_grad(black_box(&x), &y, &w1, &b1, &w2, &b2));
    assert!(count <= 11, "{count}");
    let a = Array2::from_elem((4, 4), 0.5);
    assert_eq!(allocations(|| element_by_element_vjp(black_box(&a), &a, &a)), 3, "y, d_a, d_b");
}

// ---- loops whose iterations hand nothing on ----------------------------------------------------------------

/// Numbers without a pattern.
fn noise(n: usize) -> Vec<f64> {
    (0..n).map(|k| (k as f64 * 1.7).sin()).collect()
}

fn numbers(count: usize) -> usize {
    count * size_of::<f64>()
}

#[test]
fn log_sum_exp_has_nothing_but_its_gradient() {
    for n in [100, 10_000] {
        let x = noise(n);
        let found = memory(|| log_sum_exp::log_sum_exp_grad(black_box(&x)));
        assert_eq!(found, Memory { allocations: 1, bytes: numbers(n) });
    }
}

#[test]
fn least_squares_have_the_powers_of_one_point() {
    for (n, m) in [(100, 8), (10_000, 8), (100, 32)] {
        let (w, x, y) = (noise(m), noise(n), noise(n));
        let found = memory(|| least_squares::least_squares_grad(black_box(&w), &x, &y));
        assert_eq!(found, Memory { allocations: 2, bytes: numbers(m + m) }, "d_w and the powers");
    }
}

#[test]
fn a_mixture_has_scratch_for_one_point() {
    let found = |d: usize, k: usize, n: usize| {
        let (alphas, means, x) = (noise(k), noise(k * d), noise(n * d));
        let icf = noise(k * d * (d + 1) / 2);
        let gradients = numbers(alphas.len() + means.len() + icf.len());
        let call = || mixture::mixture_grad(black_box(&alphas), &means, &icf, &x, d, 1.5, 2);
        let Memory { allocations, bytes } = memory(call);
        (allocations, bytes - gradients)
    };
    let (allocations, bytes) = found(3, 4, 10);
    assert_eq!(found(3, 4, 1000), (allocations, bytes), "whatever the number of points");
    for (d, k) in [(3, 40), (30, 4), (20, 20)] {
        let (more_allocations, more_bytes) = found(d, k, 10);
        assert_eq!(more_allocations, allocations, "d = {d}, k = {k}");
        // As many as there are numbers in the means, some times over.
        assert!(more_bytes <= 12 * numbers(d * k), "d = {d}, k = {k}: {more_bytes} bytes");
    }
}

// ---- optimisers ----------------------------------------------------------------------------------------

/// The memory is made at the first step.
#[test]
fn steps_allocate_nothing_once_there_is_memory() {
    use grad::optim::{AdaGrad, Adam, AdamW, GradientDescent, Optimizer, RmsProp, Sgd, rule::Rule};

    fn steps<R: Rule>(optimizer: Optimizer<R, f64>, at_first: usize) {
        let mut params = (Array2::<f64>::ones((30, 20)), vec![vec![1.0; 7]; 5], [[1.0; 4]; 3], 1.0);
        let gradient = params.clone();
        let mut optimizer = black_box(optimizer);
        let before = count::allocations_so_far();
        optimizer.step(&mut params, 1.0, &gradient);
        assert_eq!(count::allocations_so_far() - before, at_first);
        let before = count::allocations_so_far();
        for _ in 0..10 {
            optimizer.step(&mut params, 1.0, &gradient);
        }
        assert_eq!(count::allocations_so_far() - before, 0);
    }
    steps(GradientDescent::new(0.1), 0);
    steps(GradientDescent::new(0.1).clip_norm(0.1), 0);
    steps(Sgd::new(0.1).momentum(0.9).clip_value(0.1), 1);
    steps(RmsProp::new(0.1), 1);
    steps(AdaGrad::new(0.1), 1);
    steps(Adam::new(0.1), 2);
    steps(AdamW::new(0.1).clip_norm(0.1), 2);
}

/// The example that says so of itself: drawing weights, gradients, steps.
#[test]
fn xor_is_learnt_without_allocation() {
    #[allow(dead_code)]
    #[path = "../examples/xor.rs"]
    mod xor;

    let mut losses = [0.0; 5000];
    let before = count::allocations_so_far();
    let (steps, predicted) = xor::train(1, black_box(&mut losses));
    assert_eq!(count::allocations_so_far() - before, 0);
    assert!(steps < 5000 && predicted[1] > 0.95, "{predicted:?}");
}
