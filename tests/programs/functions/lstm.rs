//! The loss of a language model: layers of long short-term memory on top of each other, whose state is updated in
//! place from one character to the next.

use grad::grad;

/// `main` has for each layer eight rows of `b`: weights and biases of the forget, input, output and change gates.
/// `extra` has the weights of the input, and the weights and biases of the prediction. `state` has for each layer
/// hidden values and memory.
#[grad(skip(state, sequence))]
pub fn lstm(
    main: &[f64],
    extra: &[f64],
    state: &[f64],
    sequence: &[f64],
    layers: usize,
    b: usize,
    length: usize,
) -> f64 {
    let mut state = state.to_vec();
    let mut input = vec![0.0; b];
    let mut total = 0.0;
    for t in 0..length - 1 {
        for i in 0..b {
            input[i] = sequence[t * b + i] * extra[i];
        }
        for l in 0..layers {
            let w = &main[l * 8 * b..(l + 1) * 8 * b];
            let (h, c) = (l * 2 * b, l * 2 * b + b);
            for i in 0..b {
                let forget = 1.0 / (1.0 + (-(input[i] * w[i] + w[4 * b + i])).exp());
                let ingate = 1.0 / (1.0 + (-(state[h + i] * w[b + i] + w[5 * b + i])).exp());
                let outgate = 1.0 / (1.0 + (-(input[i] * w[2 * b + i] + w[6 * b + i])).exp());
                let change = (state[h + i] * w[3 * b + i] + w[7 * b + i]).tanh();
                state[c + i] = state[c + i] * forget + ingate * change;
                state[h + i] = outgate * state[c + i].tanh();
                input[i] = state[h + i];
            }
        }
        let mut sum = 0.0;
        let mut matching = 0.0;
        for i in 0..b {
            let y = input[i] * extra[b + i] + extra[2 * b + i];
            sum += y.exp();
            matching += sequence[(t + 1) * b + i] * y;
        }
        total += matching - (sum + 2.0).ln();
    }
    -total / ((length - 1) * b) as f64
}
