//! Cross-entropies as they are spelled out, at logits of ±800 and at moderate ones.

use grad::{grad, nn};

use crate::check::{assert_close, check};

/// A loss of logits and targets that is the cross-entropy of a softmax.
macro_rules! naive {
    ($($name:ident: $z:ty, $y:ty, |$a:ident, $b:ident| $body:expr;)*) => {$(
        mod $name {
            use super::*;

            #[grad]
            pub fn loss($a: $z, $b: $y) -> f64 {
                $body
            }

            #[test]
            fn far_and_near() {
                let (y, (d, _)) = loss_grad(&[800.0, -800.0, 0.0], &[0.0, 1.0, 0.0]);
                assert_close("loss", &[y], &[1600.0], 1e-15);
                assert_close("gradient", &d, &[1.0, -1.0, 0.0], 1e-15);
                let (y, (d, _)) = loss_grad(&[800.0, -800.0, 0.0], &[1.0, 0.0, 0.0]);
                assert_close("loss", &[y], &[0.0], 0.0);
                assert_close("gradient", &d, &[0.0, 0.0, 0.0], 0.0);
                let (z, t) = ([0.3, -0.2, 0.9], [0.2, 0.3, 0.5]);
                check!(loss, loss_grad, [z, t], (&z, &t));
            }
        }
    )*};
}

naive! {
    library: &[f64; 3], &[f64; 3], |z, y| nn::cross_entropy_with_logits(z, y);
    of_softmax: &[f64; 3], &[f64; 3], |z, y| nn::cross_entropy(&nn::softmax(z), y);
    logarithms: &[f64; 3], &[f64; 3], |z, y| {
        let p = nn::softmax(z);
        -p.iter().zip(y).map(|(p, y)| y * p.ln()).sum::<f64>()
    };
    negated_terms: &[f64], &[f64], |z, y| {
        nn::softmax(z).iter().zip(y).map(|(p, y)| -y * p.ln()).sum()
    };
    quotients: &[f64], &[f64], |z, y| {
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        -z.iter().zip(y).map(|(z, y)| y * (z.exp() / sum).ln()).sum::<f64>()
    };
    in_steps: &[f64], &[f64], |z, y| {
        let e: Vec<f64> = z.iter().map(|z| z.exp()).collect();
        let sum: f64 = e.iter().sum();
        let p: Vec<f64> = e.iter().map(|e| e / sum).collect();
        let logs: Vec<f64> = p.iter().map(|p| p.ln()).collect();
        -logs.iter().zip(y).map(|(l, y)| l * y).sum::<f64>()
    };
    summed_array: &[f64; 3], &[f64; 3], |z, y| {
        let e = z.map(f64::exp);
        let sum = e.iter().sum::<f64>();
        -(0..3).map(|i| y[i] * (e[i] / sum).ln()).sum::<f64>()
    };
    shifted: &[f64], &[f64], |z, y| {
        let m = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = z.iter().map(|z| (z - m).exp()).sum();
        -z.iter().zip(y).map(|(z, y)| y * ((z - m).exp() / sum).ln()).sum::<f64>()
    };
    log_probabilities: &[f64], &[f64], |z, y| {
        let log_sum = z.iter().map(|z| z.exp()).sum::<f64>().ln();
        -z.iter().zip(y).map(|(z, y)| y * (z - log_sum)).sum::<f64>()
    };
    shifted_log_probabilities: &[f64], &[f64], |z, y| {
        let m = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let log_sum = z.iter().map(|z| (z - m).exp()).sum::<f64>().ln();
        -z.iter().zip(y).map(|(z, y)| y * (z - m - log_sum)).sum::<f64>()
    };
    reciprocal: &[f64], &[f64], |z, y| {
        let scale = 1.0 / z.iter().map(|z| z.exp()).sum::<f64>();
        -z.iter().zip(y).map(|(z, y)| y * (z.exp() * scale).ln()).sum::<f64>()
    };
}

#[grad]
fn of_two(a: f64, b: f64) -> f64 {
    let (e, f) = (a.exp(), b.exp());
    -(e / (e + f)).ln() * 0.25 - 0.75 * (f / (e + f)).ln()
}

#[test]
fn two_classes() {
    let (y, (a, b)) = of_two_grad(800.0, -800.0);
    assert_close("two", &[y, a, b], &[1200.0, 0.75, -0.75], 1e-15);
    let (a, b) = (0.3, -0.9);
    check!(of_two, of_two_grad, [a, b], (a, b));
}

#[grad]
fn labelled(z: &[f64], label: usize) -> f64 {
    -nn::softmax(z)[label].ln()
}

#[grad]
fn labelled_spelled(z: &[f64; 3], label: usize) -> f64 {
    let sum: f64 = z.iter().map(|z| z.exp()).sum();
    -(z[label].exp() / sum).ln()
}

#[grad]
fn labelled_log(z: &[f64; 3], label: usize) -> f64 {
    -nn::log_softmax(z)[label]
}

#[test]
fn labels() {
    let (y, d) = labelled_grad(&[800.0, -800.0], 1);
    assert_close("labelled", &[y, d[0], d[1]], &[1600.0, 1.0, -1.0], 1e-15);
    let (y, d) = labelled_spelled_grad(&[800.0, -800.0, 0.0], 1);
    assert_close("spelled", &[y, d[0], d[1], d[2]], &[1600.0, 1.0, -1.0, 0.0], 1e-15);
    let z = [0.1, 0.2, -0.5];
    check!(labelled, labelled_grad, [z], (&z, 2));
    check!(labelled_spelled, labelled_spelled_grad, [z], (&z, 0));
    check!(labelled_log, labelled_log_grad, [z], (&z, 0));
}

#[grad]
fn batch(z: &[[f64; 3]; 2], y: &[[f64; 3]; 2]) -> f64 {
    let losses = z.iter().zip(y).map(|(z, y)| {
        let sum: f64 = z.iter().map(|z| z.exp()).sum();
        -z.iter().zip(y).map(|(z, y)| y * (z.exp() / sum).ln()).sum::<f64>()
    });
    losses.sum::<f64>() / 2.0
}

#[grad(wrt(z))]
fn batch_of_vectors(z: &[Vec<f64>], y: &[Vec<f64>]) -> f64 {
    let p = nn::softmax(z);
    -p.iter().zip(y).map(|(p, y)| p.iter().zip(y).map(|(p, y)| y * p.ln()).sum::<f64>()).sum::<f64>()
        / z.len() as f64
}

#[test]
fn batches() {
    const Z: [[f64; 3]; 2] = [[800.0, -800.0, 0.0], [0.0, 0.0, -800.0]];
    const Y: [[f64; 3]; 2] = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let expected = [[0.5, -0.5, 0.0], [0.25, 0.25, -0.5]];
    let (y, (d, _)) = batch_grad(&Z, &Y);
    assert_close("batch", &[y], &[(2400.0 + 2.0_f64.ln()) / 2.0], 1e-15);
    assert_close("batch", d.as_flattened(), expected.as_flattened(), 1e-15);
    let nested = |x: [[f64; 3]; 2]| x.map(|row| row.to_vec());
    let (y, d) = batch_of_vectors_grad(&nested(Z), &nested(Y));
    assert_close("batch", &[y], &[(2400.0 + 2.0_f64.ln()) / 2.0], 1e-15);
    assert_close("batch", &d.concat(), expected.as_flattened(), 1e-15);
    let (z, y) = ([[0.3, -0.2, 0.9], [0.0, 1.0, 2.0]], [[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]);
    check!(batch, batch_grad, [z, y], (&z, &y));
    let (z, y) = (nested(z).to_vec(), nested(y));
    check!(batch_of_vectors, batch_of_vectors_grad, [z], (&z, &y));
}

/// A loss of a logit and a target that is the binary cross-entropy of a sigmoid.
macro_rules! binary {
    ($($name:ident: |$x:ident, $t:ident| $body:expr;)*) => {$(
        mod $name {
            use super::*;

            #[grad]
            fn loss($x: f64, $t: f64) -> f64 {
                $body
            }

            #[test]
            fn far_and_near() {
                for (x, t, y, d) in [
                    (800.0, 0.0, 800.0, 1.0),
                    (-800.0, 1.0, 800.0, -1.0),
                    (800.0, 1.0, 0.0, 0.0),
                    (-800.0, 0.0, 0.0, 0.0),
                    (800.0, 0.25, 600.0, 0.75),
                ] {
                    let found = loss_grad(x, t);
                    assert_close("loss and gradient", &[found.0, found.1.0], &[y, d], 1e-15);
                }
                for x in [-2.0, 0.0, 1.5] {
                    let t = 0.3;
                    check!(loss, loss_grad, [x, t], (x, t));
                }
            }
        }
    )*};
}

binary! {
    binary_library: |x, t| nn::binary_cross_entropy_with_logits(x, t);
    binary_of_sigmoid: |x, t| nn::binary_cross_entropy(nn::sigmoid(x), t);
    binary_logarithms: |x, t| {
        let p = nn::sigmoid(x);
        -(t * p.ln() + (1.0 - t) * (1.0 - p).ln())
    };
    binary_spelled: |x, t| {
        let p = 1.0 / (1.0 + (-x).exp());
        -(t * p.ln() + (1.0 - t) * (1.0 - p).ln())
    };
    binary_negated: |x, t| {
        let p = 1.0 / (1.0 + (-x).exp());
        -t * p.ln() - (1.0 - t) * (1.0 - p).ln()
    };
    binary_swapped: |x, t| {
        let p = x.exp() / (1.0 + x.exp());
        -((1.0 - t) * (1.0 - p).ln() + t * p.ln())
    };
    binary_by_softplus: |x, t| (1.0 + x.exp()).ln() - x * t;
}

/// With the gradient `σ(x) − t`, and `p·Σt − t` for the softmax: near the minimum no digit is lost.
#[test]
fn small_gradients_keep_their_digits() {
    let (_, (d, _)) = library::loss_grad(&[40.0, 0.0, 0.0], &[1.0, 0.0, 0.0]);
    let p = (-40.0_f64).exp();
    assert!((d[1] / p - 1.0).abs() < 1e-14, "{d:?}");
    // Targets that do not sum to one: the gradient is p·Σt − t.
    let (z, t) = ([0.2, -0.4, 0.9], [2.0, 0.5, 1.0]);
    let (_, (d, _)) = library::loss_grad(&z, &t);
    let expected: Vec<f64> = nn::softmax(&z).iter().zip(t).map(|(p, t)| p * 3.5 - t).collect();
    assert_close("gradient", &d, &expected, 1e-15);
}

#[cfg(feature = "ndarray")]
mod arrays {
    use ndarray::{Array1, Array2, Axis, arr1, arr2};

    use super::*;

    #[grad]
    fn logarithms(z: &Array1<f64>, y: &Array1<f64>) -> f64 {
        -(y * nn::softmax(z).mapv(f64::ln)).sum()
    }

    #[grad]
    fn by_method(z: &Array1<f64>, y: &Array1<f64>) -> f64 {
        let e = z.exp();
        let p = &e / e.sum();
        -(y * p.ln()).sum()
    }

    #[grad]
    fn by_map(z: &Array1<f64>, y: &Array1<f64>) -> f64 {
        let e = z.mapv(f64::exp);
        let sum = e.sum();
        let p = e.mapv(|e| e / sum);
        -y.dot(&p.mapv(|p| p.ln()))
    }

    #[test]
    fn vectors() {
        let (z, y) = (arr1(&[800.0, -800.0, 0.0]), arr1(&[0.0, 1.0, 0.0]));
        for (loss, (d, _)) in [logarithms_grad(&z, &y), by_method_grad(&z, &y), by_map_grad(&z, &y)] {
            assert_close("loss", &[loss], &[1600.0], 1e-15);
            assert_close("gradient", &d.to_vec(), &[1.0, -1.0, 0.0], 1e-15);
        }
        let (z, y) = (arr1(&[0.3, -0.2, 0.9]), arr1(&[0.2, 0.3, 0.5]));
        check!(logarithms, logarithms_grad, [z, y], (&z, &y));
        check!(by_method, by_method_grad, [z, y], (&z, &y));
        check!(by_map, by_map_grad, [z, y], (&z, &y));
    }

    #[grad(wrt(z))]
    fn batch(z: &Array2<f64>, y: &Array2<f64>) -> f64 {
        -(y * nn::softmax(z).mapv(f64::ln)).sum() / z.nrows() as f64
    }

    #[grad(wrt(z))]
    fn batch_spelled(z: &Array2<f64>, y: &Array2<f64>) -> f64 {
        let e = z.exp();
        let p = &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1));
        -(y * p.ln()).sum_axis(Axis(1)).mean().unwrap()
    }

    #[grad(wrt(z))]
    fn batch_shifted(z: &Array2<f64>, y: &Array2<f64>) -> f64 {
        let top = z.map_axis(Axis(1), |row| row.fold(f64::NEG_INFINITY, |m, &v| m.max(v)));
        let e = (z - &top.insert_axis(Axis(1))).mapv(f64::exp);
        let p = &e / &e.sum_axis(Axis(1)).insert_axis(Axis(1));
        -(y * p.ln()).sum() / z.nrows() as f64
    }

    #[grad(wrt(z))]
    fn batch_with_logits(z: &Array2<f64>, y: &Array2<f64>) -> f64 {
        nn::cross_entropy_with_logits(z, y)
    }

    #[grad(wrt(z))]
    fn batch_of_softmax(z: &Array2<f64>, y: &Array2<f64>) -> f64 {
        nn::cross_entropy(&nn::softmax(z), y)
    }

    #[test]
    fn batches() {
        let z = arr2(&[[800.0, -800.0, 0.0], [0.0, 0.0, -800.0]]);
        let y = arr2(&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        let expected = [0.5, -0.5, 0.0, 0.25, 0.25, -0.5];
        let all = [
            batch_grad(&z, &y),
            batch_spelled_grad(&z, &y),
            batch_shifted_grad(&z, &y),
            batch_with_logits_grad(&z, &y),
            batch_of_softmax_grad(&z, &y),
        ];
        for (loss, d) in all {
            assert_close("loss", &[loss], &[(2400.0 + 2.0_f64.ln()) / 2.0], 1e-15);
            assert_close("gradient", &d.into_raw_vec_and_offset().0, &expected, 1e-15);
        }
        let z = arr2(&[[0.3, -0.2, 0.9], [0.0, 1.0, 2.0]]);
        let y = arr2(&[[0.2, 0.3, 0.5], [0.7, 0.2, 0.1]]);
        check!(batch, batch_grad, [z], (&z, &y));
        check!(batch_spelled, batch_spelled_grad, [z], (&z, &y));
        check!(batch_shifted, batch_shifted_grad, [z], (&z, &y));
        check!(batch_with_logits, batch_with_logits_grad, [z], (&z, &y));
        check!(batch_of_softmax, batch_of_softmax_grad, [z], (&z, &y));
    }
}
