//! Large logits, infinities, NaN and nothing at all.

use grad::nn::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn elements() {
    assert_eq!(relu(&[-INF, -0.5, INF]), [0.0, 0.0, INF]);
    assert_eq!(leaky_relu(&[-INF, INF], 0.5), [-INF, INF]);
    assert_eq!(elu(&[-INF, -800.0, INF], 2.0), [-2.0, -2.0, INF]);
    assert_eq!(sigmoid(&[-INF, -800.0, 800.0, INF]), [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(tanh(&[-INF, 800.0]), [-1.0, 1.0]);
    assert_eq!(softplus(&[-INF, -800.0, 800.0, INF]), [0.0, 0.0, 800.0, INF]);
    assert_eq!(erf(&[-INF, 800.0]), [-1.0, 1.0]);
    assert_eq!(gelu(&[-800.0, 800.0, INF]), [0.0, 800.0, INF]);
    assert_eq!(silu(&[-800.0, 800.0, INF]), [0.0, 800.0, INF]);
}

#[test]
fn nan_propagates() {
    let all = [
        relu(NAN),
        leaky_relu(NAN, 0.1),
        elu(NAN, 1.0),
        sigmoid(NAN),
        tanh(NAN),
        softplus(NAN),
        erf(NAN),
        gelu(NAN),
        silu(NAN),
        stop_gradient(NAN),
        mse(NAN, 0.0),
        binary_cross_entropy(NAN, 0.5),
        binary_cross_entropy_with_logits(NAN, 0.5),
        logsumexp(&[0.0, NAN]),
        logsumexp(&[NAN, NAN]),
        logsumexp(&[NAN, -INF]),
        logsumexp(&[INF, NAN]),
        cross_entropy(&[NAN], &[1.0]),
        cross_entropy_with_logits(&[NAN, 0.0], &[0.0, 1.0]),
    ];
    assert!(all.iter().all(|y| y.is_nan()), "{all:?}");
    assert!(softmax(&[0.0, NAN]).iter().all(|y| y.is_nan()));
    assert!(log_softmax(&[0.0, NAN]).iter().all(|y| y.is_nan()));
}

#[test]
fn rows() {
    assert_eq!(softmax(&[800.0, -800.0]), [1.0, 0.0]);
    assert_eq!(softmax(&[800.0, 800.0, -INF]), [0.5, 0.5, 0.0]);
    assert_eq!(log_softmax(&[800.0, -800.0]), [0.0, -1600.0]);
    assert_eq!(log_softmax(&[0.0, -INF]), [0.0, -INF]);
    assert_eq!(logsumexp(&[-800.0, -800.0]), -800.0 + 2.0_f64.ln());
    assert_eq!(logsumexp(&[-INF, -INF]), -INF);
    assert_eq!(logsumexp(&[INF, 0.0]), INF);
    assert!(softmax(&[-INF, -INF]).iter().all(|y| y.is_nan()));
}

#[test]
fn nothing() {
    let none: [f64; 0] = [];
    assert_eq!(relu(&none), none);
    assert_eq!(softmax(&none), none);
    assert_eq!(log_softmax(&Vec::<f32>::new()), Vec::<f32>::new());
    assert_eq!(logsumexp(&none), -INF);
    assert_eq!(logsumexp(&[none; 2]), [-INF; 2]);
    assert_eq!(softmax(&Vec::<Vec<f64>>::new()), Vec::<Vec<f64>>::new());
    assert!(mse(&none, &none).is_nan());
    assert_eq!(cross_entropy(&none, &none), 0.0);
}

#[cfg(feature = "ndarray")]
#[test]
fn nothing_in_ndarray() {
    use ndarray::{Array1, Array2};
    assert_eq!(softmax(&Array2::<f64>::zeros((2, 0))), Array2::<f64>::zeros((2, 0)));
    assert_eq!(softmax(&Array2::<f64>::zeros((0, 2))), Array2::<f64>::zeros((0, 2)));
    assert_eq!(logsumexp(&Array2::<f64>::zeros((2, 0))), Array1::from_elem(2, -INF));
    assert_eq!(logsumexp(&Array2::<f64>::zeros((0, 2))), Array1::<f64>::zeros(0));
}
