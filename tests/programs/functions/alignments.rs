//! Sums over all alignments of two sequences.

use grad::grad;

/// HMM forward in log space.
#[grad]
pub fn hidden_markov(
    log_init: &[f64],
    log_trans: &[f64],
    log_emit: &[f64],
    obs: &[usize],
    symbols: usize,
) -> f64 {
    let k = log_init.len();
    let mut alpha = vec![0.0; k];
    for s in 0..k {
        alpha[s] = log_init[s] + log_emit[s * symbols + obs[0]];
    }
    let mut next = vec![0.0; k];
    for t in 1..obs.len() {
        for s in 0..k {
            let mut best = f64::NEG_INFINITY;
            for p in 0..k {
                best = best.max(alpha[p] + log_trans[p * k + s]);
            }
            let mut sum = 0.0;
            for p in 0..k {
                sum += (alpha[p] + log_trans[p * k + s] - best).exp();
            }
            next[s] = best + sum.ln() + log_emit[s * symbols + obs[t]];
        }
        std::mem::swap(&mut alpha, &mut next);
    }
    let mut best = f64::NEG_INFINITY;
    for &a in &alpha {
        best = best.max(a);
    }
    let mut sum = 0.0;
    for &a in &alpha {
        sum += (a - best).exp();
    }
    best + sum.ln()
}

/// CTC loss, log space; blank is class 0.
#[grad(skip(labels))]
pub fn ctc(logits: &[f64], labels: &[usize], classes: usize) -> f64 {
    fn log_add(a: f64, b: f64) -> f64 {
        if a == f64::NEG_INFINITY {
            b
        } else if b == f64::NEG_INFINITY {
            a
        } else {
            let m = a.max(b);
            m + ((a - m).exp() + (b - m).exp()).ln()
        }
    }
    let steps = logits.len() / classes;
    let len = 2 * labels.len() + 1;
    let mut alpha = vec![f64::NEG_INFINITY; len];
    let mut prev = vec![f64::NEG_INFINITY; len];
    for t in 0..steps {
        let row = &logits[t * classes..(t + 1) * classes];
        let mut norm = 0.0;
        for &z in row {
            norm += z.exp();
        }
        let norm = norm.ln();
        for s in 0..len {
            let class = if s % 2 == 0 { 0 } else { labels[s / 2] };
            let lp = row[class] - norm;
            if t == 0 {
                alpha[s] = if s < 2 { lp } else { f64::NEG_INFINITY };
            } else {
                let mut a = prev[s];
                if s >= 1 {
                    a = log_add(a, prev[s - 1]);
                }
                if s >= 2 && s % 2 == 1 && labels[s / 2] != labels[s / 2 - 1] {
                    a = log_add(a, prev[s - 2]);
                }
                alpha[s] = a + lp;
            }
        }
        prev.copy_from_slice(&alpha);
    }
    -log_add(prev[len - 1], prev[len - 2])
}

/// Soft-DTW with the full table.
#[grad]
pub fn soft_dtw(x: &[f64], y: &[f64], gamma: f64) -> f64 {
    let (n, m) = (x.len(), y.len());
    let w = m + 1;
    let mut r = vec![1e10; (n + 1) * w];
    r[0] = 0.0;
    for i in 1..=n {
        for j in 1..=m {
            let d = (x[i - 1] - y[j - 1]).powi(2);
            let a = -r[(i - 1) * w + j - 1] / gamma;
            let b = -r[(i - 1) * w + j] / gamma;
            let c = -r[i * w + j - 1] / gamma;
            let top = a.max(b).max(c);
            let sum = (a - top).exp() + (b - top).exp() + (c - top).exp();
            r[i * w + j] = d - gamma * (top + sum.ln());
        }
    }
    r[n * w + m]
}
