//! Gradients as an expert writes them.

/// Value and gradient: the exponentials are kept in the buffer of the gradient.
pub fn log_sum_exp_grad(x: &[f64]) -> (f64, Vec<f64>) {
    let most = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut gradient: Vec<f64> = x.iter().map(|v| (v - most).exp()).collect();
    let sum: f64 = gradient.iter().sum();
    let scale = 1.0 / sum;
    gradient.iter_mut().for_each(|g| *g *= scale);
    (most + sum.ln(), gradient)
}

/// Value and gradient: the powers of one point are kept.
pub fn least_squares_grad(w: &[f64], x: &[f64], y: &[f64]) -> (f64, Vec<f64>) {
    let mut gradient = vec![0.0; w.len()];
    let mut powers = vec![0.0; w.len()];
    let mut loss = 0.0;
    for (&x, &y) in x.iter().zip(y) {
        let mut power = 1.0;
        let mut value = 0.0;
        for (kept, w) in powers.iter_mut().zip(w) {
            *kept = power;
            value += w * power;
            power *= x;
        }
        let residual = value - y;
        loss += residual * residual;
        for (g, power) in gradient.iter_mut().zip(&powers) {
            *g += 2.0 * residual * power;
        }
    }
    (loss, gradient)
}

/// Value and gradients with respect to `alphas`, `means` and `icf`: k × d scratch, forwards and backwards in one loop
/// over the points.
#[allow(clippy::too_many_arguments)]
pub fn mixture_grad(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    d: usize,
    gamma: f64,
    m: usize,
) -> (f64, (Vec<f64>, Vec<f64>, Vec<f64>)) {
    let (k, n, per) = (alphas.len(), x.len() / d, d * (d + 1) / 2);
    let diagonals: Vec<f64> = (0..k * d).map(|at| icf[at / d * per + at % d].exp()).collect();
    let sums: Vec<f64> = (0..k).map(|c| icf[c * per..][..d].iter().sum()).collect();
    let (mut d_alphas, mut d_means, mut d_icf) = (vec![0.0; k], vec![0.0; k * d], vec![0.0; k * per]);
    let (mut centred, mut product, mut main) = (vec![0.0; k * d], vec![0.0; k * d], vec![0.0; k]);
    let mut total = 0.0;
    for x in x.chunks_exact(d) {
        for c in 0..k {
            let (centred, product) = (&mut centred[c * d..][..d], &mut product[c * d..][..d]);
            let (mean, diagonal) = (&means[c * d..][..d], &diagonals[c * d..][..d]);
            for i in 0..d {
                centred[i] = x[i] - mean[i];
                product[i] = diagonal[i] * centred[i];
            }
            let mut column = &icf[c * per + d..(c + 1) * per];
            for j in 0..d {
                let (own, rest) = column.split_at(d - j - 1);
                for (p, l) in product[j + 1..].iter_mut().zip(own) {
                    *p += l * centred[j];
                }
                column = rest;
            }
            let norm: f64 = product.iter().map(|p| p * p).sum();
            main[c] = alphas[c] + sums[c] - 0.5 * norm;
        }
        let most = main.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        main.iter_mut().for_each(|v| *v = (*v - most).exp());
        let sum: f64 = main.iter().sum();
        total += most + sum.ln();
        for c in 0..k {
            let weight = main[c] / sum;
            d_alphas[c] += weight;
            let (centred, product) = (&centred[c * d..][..d], &product[c * d..][..d]);
            let (diagonal, d_mean) = (&diagonals[c * d..][..d], &mut d_means[c * d..][..d]);
            let (d_diagonal, mut d_column) = d_icf[c * per..][..per].split_at_mut(d);
            let mut column = &icf[c * per + d..(c + 1) * per];
            for i in 0..d {
                let g = -weight * product[i];
                d_diagonal[i] += g * centred[i] * diagonal[i] + weight;
                d_mean[i] -= g * diagonal[i];
            }
            for j in 0..d {
                let (own, rest) = column.split_at(d - j - 1);
                let (d_own, d_rest) = d_column.split_at_mut(d - j - 1);
                let mut d_centred = 0.0;
                for ((p, l), d_l) in product[j + 1..].iter().zip(own).zip(d_own) {
                    let g = -weight * p;
                    d_centred += g * l;
                    *d_l += g * centred[j];
                }
                d_mean[j] -= d_centred;
                (column, d_column) = (rest, d_rest);
            }
        }
    }
    let most = alphas.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights: Vec<f64> = alphas.iter().map(|a| (a - most).exp()).collect();
    let sum: f64 = weights.iter().sum();
    let mut prior = 0.0;
    for c in 0..k {
        d_alphas[c] -= n as f64 * weights[c] / sum;
        let (d_diagonal, d_others) = d_icf[c * per..][..per].split_at_mut(d);
        let (diagonal, others) = (&diagonals[c * d..][..d], &icf[c * per + d..(c + 1) * per]);
        let mut frobenius = 0.0;
        for (g, v) in d_diagonal.iter_mut().zip(diagonal) {
            frobenius += v * v;
            *g += gamma * gamma * v * v - m as f64;
        }
        for (g, v) in d_others.iter_mut().zip(others) {
            frobenius += v * v;
            *g += gamma * gamma * v;
        }
        prior += 0.5 * gamma * gamma * frobenius - m as f64 * sums[c];
    }
    (total - n as f64 * (most + sum.ln()) + prior, (d_alphas, d_means, d_icf))
}
