//! The programs, as a user would write them from their formulas.

use grad::grad;

/// `ln Σ exp xᵢ`.
#[grad]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        if v > m {
            m = v;
        }
    }
    let mut s = 0.0;
    for &v in x {
        s += (v - m).exp();
    }
    m + s.ln()
}

/// Least squares of a polynomial: n points, m coefficients.
#[grad(wrt(w))]
pub fn least_squares(w: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut power = 1.0;
        let mut value = 0.0;
        for &coefficient in w {
            value += coefficient * power;
            power *= x[i];
        }
        let residual = value - y[i];
        loss += residual * residual;
    }
    loss
}

/// Log-likelihood of a mixture of Gaussians with a Wishart prior (ADBench, section 4.1): `icf` holds for each component
/// the logarithms of the diagonal of a lower triangular matrix, then its other elements, column by column.
#[grad(wrt(alphas, means, icf))]
pub fn mixture(alphas: &[f64], means: &[f64], icf: &[f64], x: &[f64], d: usize, gamma: f64, m: usize) -> f64 {
    let k = alphas.len();
    let n = x.len() / d;
    let per = d * (d + 1) / 2;
    let mut diagonals = vec![0.0; k * d];
    let mut sums = vec![0.0; k];
    for c in 0..k {
        let mut sum = 0.0;
        for i in 0..d {
            sum += icf[c * per + i];
            diagonals[c * d + i] = icf[c * per + i].exp();
        }
        sums[c] = sum;
    }
    let mut total = 0.0;
    let mut main = vec![0.0; k];
    let mut centred = vec![0.0; d];
    let mut product = vec![0.0; d];
    for p in 0..n {
        for c in 0..k {
            for i in 0..d {
                centred[i] = x[p * d + i] - means[c * d + i];
            }
            for i in 0..d {
                product[i] = diagonals[c * d + i] * centred[i];
            }
            let mut at = c * per + d;
            for j in 0..d {
                for i in j + 1..d {
                    product[i] += icf[at] * centred[j];
                    at += 1;
                }
            }
            let mut norm = 0.0;
            for i in 0..d {
                norm += product[i] * product[i];
            }
            main[c] = alphas[c] + sums[c] - 0.5 * norm;
        }
        let mut most = main[0];
        for c in 1..k {
            if main[c] > most {
                most = main[c];
            }
        }
        let mut sum = 0.0;
        for c in 0..k {
            sum += (main[c] - most).exp();
        }
        total += most + sum.ln();
    }
    let mut most = alphas[0];
    for c in 1..k {
        if alphas[c] > most {
            most = alphas[c];
        }
    }
    let mut sum = 0.0;
    for c in 0..k {
        sum += (alphas[c] - most).exp();
    }
    let mut prior = 0.0;
    for c in 0..k {
        let mut frobenius = 0.0;
        for i in 0..d {
            frobenius += diagonals[c * d + i] * diagonals[c * d + i];
        }
        for i in d..per {
            frobenius += icf[c * per + i] * icf[c * per + i];
        }
        prior += 0.5 * gamma * gamma * frobenius - m as f64 * sums[c];
    }
    total - n as f64 * (most + sum.ln()) + prior
}

/// The determinant by elimination in place, with pivots.
#[grad]
pub fn determinant(a: &[f64], n: usize) -> f64 {
    let mut m = a.to_vec();
    let mut det = 1.0;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if m[i * n + k].abs() > m[pivot * n + k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            for j in 0..n {
                m.swap(k * n + j, pivot * n + j);
            }
            det = -det;
        }
        det *= m[k * n + k];
        for i in k + 1..n {
            let factor = m[i * n + k] / m[k * n + k];
            for j in k + 1..n {
                m[i * n + j] -= factor * m[k * n + j];
            }
        }
    }
    det
}

/// A chain of coupled pendulums, n states, by the classical method of Runge and Kutta.
#[grad]
pub fn runge_kutta(y: &mut [f64], stiffness: f64, h: f64, steps: usize) {
    let n = y.len();
    let mut k1 = vec![0.0; n];
    let mut k2 = vec![0.0; n];
    let mut k3 = vec![0.0; n];
    let mut k4 = vec![0.0; n];
    let mut stage = vec![0.0; n];
    for _ in 0..steps {
        slope(y, &mut k1, stiffness);
        for i in 0..n {
            stage[i] = y[i] + 0.5 * h * k1[i];
        }
        slope(&stage, &mut k2, stiffness);
        for i in 0..n {
            stage[i] = y[i] + 0.5 * h * k2[i];
        }
        slope(&stage, &mut k3, stiffness);
        for i in 0..n {
            stage[i] = y[i] + h * k3[i];
        }
        slope(&stage, &mut k4, stiffness);
        for i in 0..n {
            y[i] += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }

    fn slope(y: &[f64], out: &mut [f64], stiffness: f64) {
        let n = y.len() / 2;
        for i in 0..n {
            out[i] = y[n + i];
            let left = if i > 0 { y[i - 1] } else { 0.0 };
            let right = if i + 1 < n { y[i + 1] } else { 0.0 };
            out[n + i] = stiffness * (left - 2.0 * y[i] + right) - y[i].sin();
        }
    }
}

/// The loss of a language model (ADBench, section 4.4): layers of long short-term memory on top of each other.
///
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

/// The reprojection error of bundle adjustment (ADBench, section 4.2): a camera of eleven parameters, a point, a weight,
/// an observation.
#[grad(skip(feature))]
pub fn reproject(cam: &[f64; 11], x: &[f64; 3], w: f64, feature: &[f64; 2]) -> [f64; 2] {
    let mut moved = [0.0; 3];
    for i in 0..3 {
        moved[i] = x[i] - cam[3 + i];
    }
    let mut rotated = [0.0; 3];
    let theta2 = cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2];
    if theta2 != 0.0 {
        let theta = theta2.sqrt();
        let (sin, cos) = (theta.sin(), theta.cos());
        let mut axis = [0.0; 3];
        for i in 0..3 {
            axis[i] = cam[i] / theta;
        }
        let cross = [
            axis[1] * moved[2] - axis[2] * moved[1],
            axis[2] * moved[0] - axis[0] * moved[2],
            axis[0] * moved[1] - axis[1] * moved[0],
        ];
        let mut dot = 0.0;
        for i in 0..3 {
            dot += axis[i] * moved[i];
        }
        for i in 0..3 {
            rotated[i] = moved[i] * cos + cross[i] * sin + axis[i] * dot * (1.0 - cos);
        }
    } else {
        rotated[0] = moved[0] + cam[1] * moved[2] - cam[2] * moved[1];
        rotated[1] = moved[1] + cam[2] * moved[0] - cam[0] * moved[2];
        rotated[2] = moved[2] + cam[0] * moved[1] - cam[1] * moved[0];
    }
    let mut p = [rotated[0] / rotated[2], rotated[1] / rotated[2]];
    let r2 = p[0] * p[0] + p[1] * p[1];
    let distortion = 1.0 + cam[9] * r2 + cam[10] * r2 * r2;
    for i in 0..2 {
        p[i] = p[i] * distortion * cam[6] + cam[7 + i];
    }
    [w * (p[0] - feature[0]), w * (p[1] - feature[1])]
}
