//! The likelihood of observations under a Kalman filter: position and velocity, of which the position is seen.

use grad::grad;

#[grad(skip(observed))]
pub fn likelihood(observed: &[f64], dt: f64, q: f64, r: f64, start: [f64; 2]) -> f64 {
    let f = [[1.0, dt], [0.0, 1.0]];
    let mut x = start;
    let mut p = [[1.0, 0.0], [0.0, 1.0]];
    let mut log_likelihood = 0.0;
    for &z in observed {
        // Predict.
        let mut xp = [0.0; 2];
        for i in 0..2 {
            for j in 0..2 {
                xp[i] += f[i][j] * x[j];
            }
        }
        let mut fp = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    fp[i][j] += f[i][k] * p[k][j];
                }
            }
        }
        let mut pp = [[0.0; 2]; 2];
        for i in 0..2 {
            for j in 0..2 {
                for k in 0..2 {
                    pp[i][j] += fp[i][k] * f[j][k];
                }
            }
            pp[i][i] += q;
        }
        // Update.
        let s = pp[0][0] + r;
        let gain = [pp[0][0] / s, pp[1][0] / s];
        let innovation = z - xp[0];
        for i in 0..2 {
            x[i] = xp[i] + gain[i] * innovation;
            for j in 0..2 {
                p[i][j] = pp[i][j] - gain[i] * pp[0][j];
            }
        }
        log_likelihood -= 0.5 * (s.ln() + innovation * innovation / s);
    }
    log_likelihood
}

/// The same for any number of states, with matrices in flat slices, and one that is seen.
#[grad(skip(observed))]
pub fn general(observed: &[f64], f: &[f64], q: &[f64], r: f64, n: usize) -> f64 {
    let mut x = vec![0.0; n];
    let mut p = vec![0.0; n * n];
    for i in 0..n {
        p[i * n + i] = 1.0;
    }
    let mut total = 0.0;
    for &z in observed {
        let mut xp = vec![0.0; n];
        let mut fp = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                xp[i] += f[i * n + j] * x[j];
                for k in 0..n {
                    fp[i * n + j] += f[i * n + k] * p[k * n + j];
                }
            }
        }
        let mut pp = q.to_vec();
        for i in 0..n {
            for j in 0..n {
                for k in 0..n {
                    pp[i * n + j] += fp[i * n + k] * f[j * n + k];
                }
            }
        }
        let s = pp[0] + r;
        let e = z - xp[0];
        for i in 0..n {
            let gain = pp[i * n] / s;
            x[i] = xp[i] + gain * e;
            for j in 0..n {
                p[i * n + j] = pp[i * n + j] - gain * pp[j];
            }
        }
        total += s.ln() + e * e / s;
    }
    -0.5 * total
}
