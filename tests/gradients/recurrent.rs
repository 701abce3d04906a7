//! Programs that carry a state through time: recurrent cells, integrators, filters.

use grad::grad;

#[grad(skip(inputs))]
fn elman(w: f64, u: f64, b: f64, inputs: &[f64]) -> f64 {
    let h = inputs.iter().fold(0.0, |h: f64, x| (w * h + u * x + b).tanh());
    h * h
}

#[grad(skip(inputs))]
fn rnn<const H: usize, const I: usize>(
    w: &[[f64; H]; H],
    u: &[[f64; I]; H],
    b: &[f64; H],
    inputs: &[[f64; I]],
) -> [f64; H] {
    inputs.iter().fold([0.0; H], |h, x| {
        std::array::from_fn(|i| {
            let recurrent = w[i].iter().zip(&h).map(|(w, h)| w * h).sum::<f64>();
            let driven = u[i].iter().zip(x).map(|(u, x)| u * x).sum::<f64>();
            (recurrent + driven + b[i]).tanh()
        })
    })
}

#[test]
fn recurrent_networks() {
    gradient!({} elman, elman_grad, (w, u, b, &[0.5, -1.0, 0.3, 0.8]) at w = 0.4, u = -0.7, b = 0.1; (w, u, b, &[]) at w = 0.4, u = -0.7, b = 0.1);
    pullback!({} rnn, rnn_vjp, (&w, &u, &b, &[[0.5], [-1.0], [0.3]]) at w = [[0.4, -0.2], [0.3, 0.1]], u = [[0.5], [-0.6]], b = [0.1, 0.2]);
}

/// The four gates of an LSTM cell with its state and its memory.
#[grad(skip(inputs))]
fn lstm<const H: usize>(w: &[[[f64; H]; H]; 4], u: &[[f64; H]; 4], b: &[[f64; H]; 4], inputs: &[f64]) -> f64 {
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let (h, c) = inputs.iter().fold(([0.0; H], [0.0; H]), |(h, c), x| {
        let gate = |g: usize, i: usize| {
            w[g][i].iter().zip(&h).map(|(w, h)| w * h).sum::<f64>() + u[g][i] * x + b[g][i]
        };
        let c: [f64; H] =
            std::array::from_fn(|i| sigmoid(gate(0, i)) * c[i] + sigmoid(gate(1, i)) * gate(2, i).tanh());
        let h: [f64; H] = std::array::from_fn(|i| sigmoid(gate(3, i)) * c[i].tanh());
        (h, c)
    });
    h.iter().map(|v| v * v).sum::<f64>() + c.iter().sum::<f64>()
}

#[test]
fn long_short_term_memory() {
    let w = std::array::from_fn(|g| {
        std::array::from_fn(|i| {
            std::array::from_fn(|j| 0.1 * (g as f64 - 1.3) + 0.2 * i as f64 - 0.15 * j as f64)
        })
    });
    gradient!({} lstm, lstm_grad, (&w, &u, &b, &[0.5, -1.0, 0.3]) near
        w = w, u = [[0.1, 0.2], [0.3, -0.4], [0.5, 0.6], [-0.7, 0.8]], b = [[0.0, 0.1], [0.2, 0.3], [0.1, 0.0], [0.05, 0.15]]);
}

#[grad]
fn lotka_volterra(rates: &[f64; 4], start: [f64; 2], step: f64, steps: usize) -> [f64; 2] {
    let (prey, predators) = (0..steps).fold((start[0], start[1]), |(x, y), _| {
        (x + step * (rates[0] * x - rates[1] * x * y), y + step * (rates[2] * x * y - rates[3] * y))
    });
    [prey, predators]
}

#[grad]
fn pendulum(start: [f64; 2], length: f64, friction: f64, n: usize) -> f64 {
    let slope = |s: [f64; 2]| [s[1], -9.81 / length * s[0].sin() - friction * s[1]];
    let h = 0.05;
    let end = (0..n).fold(start, |s, _| {
        let k1 = slope(s);
        let k2 = slope([s[0] + 0.5 * h * k1[0], s[1] + 0.5 * h * k1[1]]);
        let k3 = slope([s[0] + 0.5 * h * k2[0], s[1] + 0.5 * h * k2[1]]);
        let k4 = slope([s[0] + h * k3[0], s[1] + h * k3[1]]);
        std::array::from_fn(|i| s[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]))
    });
    end[0] * end[0] + end[1]
}

#[test]
fn integrators() {
    pullback!({} lotka_volterra, lotka_volterra_vjp, (&r, s, h, 10) at r = [1.1, 0.4, 0.1, 0.4], s = [10.0, 5.0], h = 0.02);
    gradient!({} pendulum, pendulum_grad, (s, l, f, 8) at s = [0.5, 0.1], l = 1.2, f = 0.3; (s, l, f, 0) at s = [0.5, 0.1], l = 1.2, f = 0.3);
}

#[grad]
fn heat(u: &[f64], conductivity: f64, steps: usize) -> Vec<f64> {
    (0..steps).fold(u.to_vec(), |u, _| {
        (0..u.len())
            .map(|i| {
                if i == 0 || i + 1 == u.len() {
                    u[i]
                } else {
                    u[i] + conductivity * (u[i - 1] - 2.0 * u[i] + u[i + 1])
                }
            })
            .collect()
    })
}

#[grad(skip(observed))]
fn kalman(observed: &[f64], process: f64, noise: f64, start: f64) -> f64 {
    let (_, _, cost) = observed.iter().fold((start, 1.0, 0.0), |(mean, variance, cost), z| {
        let predicted = variance + process;
        let total = predicted + noise;
        let gain = predicted / total;
        (mean + gain * (z - mean), (1.0 - gain) * predicted, cost + total.ln() + (z - mean).powi(2) / total)
    });
    cost
}

#[grad]
fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[grad]
fn continued_fraction(a: &[f64]) -> f64 {
    a.iter().rev().skip(1).fold(a[a.len() - 1], |rest, a| a + 1.0 / rest)
}

#[test]
fn sequences() {
    pullback!({} heat, heat_vjp, (&u, k, 4) at u = vec![0.0, 1.0, 0.5, -0.2, 0.3], k = 0.2; (&u, k, 0) at u = vec![0.0, 1.0], k = 0.2);
    gradient!({} kalman, kalman_grad, (&[0.1, 0.4, 0.2, 0.9], p, n, s) at p = 0.1, n = 0.5, s = 0.2);
    gradient!({} horner, horner_grad, (&c, x) at c = vec![1.0, -2.0, 0.5, 0.25], x = 0.7);
    gradient!({} continued_fraction, continued_fraction_grad, (&a) at a = vec![1.0, 2.0, 3.0, 4.0]);
}

/// A hidden Markov model by the forward algorithm, in logarithms.
#[grad(skip(symbols))]
fn hidden_markov<const S: usize>(
    transition: &[[f64; S]; S],
    emission: &[[f64; 2]; S],
    symbols: &[usize],
) -> f64 {
    let add = |terms: [f64; S]| {
        let max = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        max + terms.iter().map(|t| (t - max).exp()).sum::<f64>().ln()
    };
    let end = symbols.iter().fold([0.0; S], |alpha, &symbol| {
        std::array::from_fn(|to| {
            add(std::array::from_fn(|from| alpha[from] + transition[from][to])) + emission[to][symbol]
        })
    });
    add(end)
}

#[test]
fn forward_algorithm() {
    gradient!({} hidden_markov, hidden_markov_grad, (&t, &e, &[0, 1, 1, 0]) near
        t = [[-0.3, -1.4], [-0.9, -0.5]], e = [[-0.2, -1.7], [-1.1, -0.4]]);
}
