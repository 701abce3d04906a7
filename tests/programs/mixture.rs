//! The log-posterior of a Gaussian mixture with a Wishart prior, each precision given by the logarithms of the
//! diagonal of its Cholesky factor and the packed triangle below it.

use grad::grad;

use crate::noise;

#[grad(skip(x, gamma))]
fn log_posterior(
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
    slse - n as f64 * lse_alphas - prior
}

#[test]
fn against_differences() {
    for (d, k, n) in [(2, 3, 5), (3, 2, 4), (1, 1, 2)] {
        let x = noise(n * d, 1);
        let icf = noise(k * d * (d + 1) / 2, 4);
        gradient!({} log_posterior, log_posterior_grad, (&alphas, &means, &icf, &x, d, k, n, 0.7, 2)
            near alphas = noise(k, 2), means = noise(k * d, 3), icf = icf.clone());
    }
}
