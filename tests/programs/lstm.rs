//! Oracles for `functions/lstm.rs`.

use super::functions::lstm::*;
use crate::noise;

#[test]
fn against_differences() {
    for (layers, b, length) in [(2, 3, 5), (1, 2, 3), (3, 1, 2)] {
        let state = noise(layers * 2 * b, 3);
        let sequence: Vec<f64> = noise(length * b, 4).iter().map(|x| f64::from(*x > 0.0)).collect();
        gradient!({} lstm, lstm_grad, (&main, &extra, &state, &sequence, layers, b, length)
            near main = noise(layers * 8 * b, 1), extra = noise(3 * b, 2));
    }
}
