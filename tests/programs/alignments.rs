//! Oracles for `functions/alignments.rs`.

use super::functions::alignments::*;
use crate::noise;

#[test]
fn against_differences() {
    let seen = [1, 0, 2, 2, 1];
    gradient!({} hidden_markov, hidden_markov_grad, (&start, &step, &emit, &seen, 3)
        at start = noise(2, 1), step = noise(4, 2), emit = noise(6, 3));
    gradient!({} soft_dtw, soft_dtw_grad, (&x, &y, gamma) at x = noise(4, 4), y = noise(5, 5), gamma = 0.5);
    gradient!({} ctc, ctc_grad, (&logits, &[1, 2], 3) near logits = noise(15, 6);
        (&logits, &[1, 1], 3) near logits = noise(18, 7));
}

/// All sequences of two frames that say one label: the label with itself, or with a blank on either side.
#[test]
fn two_frames() {
    let logits = noise(4, 8);
    let p: Vec<f64> = logits.chunks(2).map(|row| row[1].exp() / (row[0].exp() + row[1].exp())).collect();
    let all = 1.0 - (1.0 - p[0]) * (1.0 - p[1]);
    let (value, d) = ctc_grad(&logits, &[1], 2);
    let slope = |k: usize| (1.0 - p[1 - k]) / all * p[k] * (1.0 - p[k]);
    crate::assert_near(&[value], &[-all.ln()]);
    crate::assert_near(&d, &[slope(0), -slope(0), slope(1), -slope(1)]);
}
