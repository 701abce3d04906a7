//! What people write by hand where a framework would have a layer.

use grad::grad;

/// GRU by hand, then a readout at each step.
#[grad(skip(x, y))]
pub fn gru(wz: &[f64], wr: &[f64], wh: &[f64], out: &[f64], x: &[f64], y: &[f64], inputs: usize) -> f64 {
    let hidden = out.len();
    let cols = inputs + hidden;
    let sigmoid = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut h = vec![0.0; hidden];
    let mut z = vec![0.0; hidden];
    let mut rh = vec![0.0; hidden];
    let mut loss = 0.0;
    for t in 0..y.len() {
        let xt = &x[t * inputs..(t + 1) * inputs];
        for i in 0..hidden {
            let (mut a, mut b) = (0.0, 0.0);
            for j in 0..inputs {
                a += wz[i * cols + j] * xt[j];
                b += wr[i * cols + j] * xt[j];
            }
            for j in 0..hidden {
                a += wz[i * cols + inputs + j] * h[j];
                b += wr[i * cols + inputs + j] * h[j];
            }
            z[i] = sigmoid(a);
            rh[i] = sigmoid(b) * h[i];
        }
        let mut pred = 0.0;
        for i in 0..hidden {
            let mut c = 0.0;
            for j in 0..inputs {
                c += wh[i * cols + j] * xt[j];
            }
            for j in 0..hidden {
                c += wh[i * cols + inputs + j] * rh[j];
            }
            h[i] = (1.0 - z[i]) * h[i] + z[i] * c.tanh();
            pred += out[i] * h[i];
        }
        let e = pred - y[t];
        loss += e * e;
    }
    loss / y.len() as f64
}

/// Causal attention, one head, flat slices.
#[grad]
pub fn attention(q: &[f64], k: &[f64], v: &[f64], d: usize) -> Vec<f64> {
    let n = q.len() / d;
    let scale = 1.0 / (d as f64).sqrt();
    let mut out = vec![0.0; n * d];
    let mut w = vec![0.0; n];
    for i in 0..n {
        let mut top = f64::NEG_INFINITY;
        for j in 0..=i {
            let mut s = 0.0;
            for c in 0..d {
                s += q[i * d + c] * k[j * d + c];
            }
            w[j] = s * scale;
            top = top.max(w[j]);
        }
        let mut sum = 0.0;
        for j in 0..=i {
            w[j] = (w[j] - top).exp();
            sum += w[j];
        }
        for j in 0..=i {
            let p = w[j] / sum;
            for c in 0..d {
                out[i * d + c] += p * v[j * d + c];
            }
        }
    }
    out
}

/// Batch norm over rows then affine.
#[grad]
pub fn batch_norm(x: &[f64], gamma: &[f64], beta: &[f64]) -> Vec<f64> {
    let d = gamma.len();
    let n = x.len() / d;
    let mut mean = vec![0.0; d];
    let mut var = vec![0.0; d];
    for i in 0..n {
        for j in 0..d {
            mean[j] += x[i * d + j] / n as f64;
        }
    }
    for i in 0..n {
        for j in 0..d {
            let c = x[i * d + j] - mean[j];
            var[j] += c * c / n as f64;
        }
    }
    let mut y = vec![0.0; n * d];
    for i in 0..n {
        for j in 0..d {
            y[i * d + j] = gamma[j] * (x[i * d + j] - mean[j]) / (var[j] + 1e-5).sqrt() + beta[j];
        }
    }
    y
}

/// Soft k-nearest-neighbour vote.
#[grad(skip(labels))]
pub fn neighbours(query: &[f64], points: &[f64], labels: &[usize], classes: usize, beta: f64) -> Vec<f64> {
    let d = query.len();
    let n = labels.len();
    let mut dist = vec![0.0; n];
    let mut nearest = f64::INFINITY;
    for i in 0..n {
        for c in 0..d {
            dist[i] += (query[c] - points[i * d + c]).powi(2);
        }
        nearest = nearest.min(dist[i]);
    }
    let mut votes = vec![0.0; classes];
    let mut total = 0.0;
    for i in 0..n {
        let w = (-beta * (dist[i] - nearest)).exp();
        votes[labels[i]] += w;
        total += w;
    }
    for v in votes.iter_mut() {
        *v /= total;
    }
    votes
}

/// Sinkhorn iterations with scaling vectors.
#[grad(skip(a, b))]
pub fn sinkhorn(cost: &[f64], a: &[f64], b: &[f64], eps: f64, iterations: usize) -> f64 {
    let (n, m) = (a.len(), b.len());
    let mut k = vec![0.0; n * m];
    for i in 0..n * m {
        k[i] = (-cost[i] / eps).exp();
    }
    let mut u = vec![1.0; n];
    let mut v = vec![1.0; m];
    #[grad(checkpoint)]
    for _ in 0..iterations {
        for i in 0..n {
            let mut s = 0.0;
            for j in 0..m {
                s += k[i * m + j] * v[j];
            }
            u[i] = a[i] / s;
        }
        for j in 0..m {
            let mut s = 0.0;
            for i in 0..n {
                s += k[i * m + j] * u[i];
            }
            v[j] = b[j] / s;
        }
    }
    let mut total = 0.0;
    for i in 0..n {
        for j in 0..m {
            total += u[i] * k[i * m + j] * v[j] * cost[i * m + j];
        }
    }
    total
}

/// Scores of those that may be looked at, their exponentials relative to the greatest, and the mean by these.
#[grad(skip(mask))]
pub fn masked(q: &[Vec<f64>], k: &[Vec<f64>], v: &[Vec<f64>], mask: &[bool]) -> f64 {
    let (n, d) = (q.len(), v[0].len());
    let mut score = vec![0.0; n];
    let mut loss = 0.0;
    for i in 0..n {
        let mut max = f64::NEG_INFINITY;
        for j in 0..n {
            if !mask[j] {
                score[j] = f64::NEG_INFINITY;
                continue;
            }
            let mut s = 0.0;
            for c in 0..d {
                s += q[i][c] * k[j][c];
            }
            score[j] = s / (d as f64).sqrt();
            max = max.max(score[j]);
        }
        let mut sum = 0.0;
        for j in 0..n {
            score[j] = (score[j] - max).exp();
            sum += score[j];
        }
        for c in 0..d {
            let mut y = 0.0;
            for j in 0..n {
                if mask[j] {
                    y += score[j] / sum * v[j][c];
                }
            }
            loss += y * y;
        }
    }
    loss
}
