//! The log-posterior of a Gaussian mixture with a Wishart prior (ADBench, section 4.1).

use grad::grad;

/// `icf` holds for each component the logarithms of the diagonal of a lower triangular matrix, the root of the precision,
/// then its other elements, column by column.
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

/// The same, with the numbers of dimensions, components and points given, and other loops for the maxima.
#[grad(skip(x, gamma))]
pub fn log_posterior(
    alphas: &[f64],
    means: &[f64],
    icf: &[f64],
    x: &[f64],
    d: usize,
    k: usize,
    n: usize,
    gamma: f64,
    m: usize,
) -> f64 {
    let packed = d * (d + 1) / 2;
    let mut q_diag = vec![0.0; d * k];
    let mut sum_q = vec![0.0; k];
    for ik in 0..k {
        for id in 0..d {
            let q = icf[ik * packed + id];
            sum_q[ik] += q;
            q_diag[ik * d + id] = q.exp();
        }
    }

    let mut centered = vec![0.0; d];
    let mut qx = vec![0.0; d];
    let mut terms = vec![0.0; k];
    let mut slse = 0.0;
    for ix in 0..n {
        for ik in 0..k {
            for id in 0..d {
                centered[id] = x[ix * d + id] - means[ik * d + id];
            }
            // The product with the triangle, stored column by column.
            for id in 0..d {
                qx[id] = q_diag[ik * d + id] * centered[id];
            }
            let mut at = ik * packed + d;
            for i in 0..d {
                for j in i + 1..d {
                    qx[j] += icf[at] * centered[i];
                    at += 1;
                }
            }
            let mut norm = 0.0;
            for id in 0..d {
                norm += qx[id] * qx[id];
            }
            terms[ik] = alphas[ik] + sum_q[ik] - 0.5 * norm;
        }
        let mut largest = terms[0];
        for ik in 1..k {
            if terms[ik] > largest {
                largest = terms[ik];
            }
        }
        let mut total = 0.0;
        for ik in 0..k {
            total += (terms[ik] - largest).exp();
        }
        slse += largest + total.ln();
    }

    let mut largest = alphas[0];
    for &a in alphas {
        if a > largest {
            largest = a;
        }
    }
    let mut total = 0.0;
    for &a in alphas {
        total += (a - largest).exp();
    }
    let lse_alphas = largest + total.ln();

    let mut prior = 0.0;
    for ik in 0..k {
        let mut frobenius = 0.0;
        for id in 0..d {
            frobenius += q_diag[ik * d + id] * q_diag[ik * d + id];
        }
        for i in d..packed {
            let l = icf[ik * packed + i];
            frobenius += l * l;
        }
        prior += 0.5 * gamma * gamma * frobenius - m as f64 * sum_q[ik];
    }
    slse - n as f64 * lse_alphas + prior
}
