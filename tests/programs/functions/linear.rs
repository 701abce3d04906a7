//! Linear algebra in place, with matrices in flat slices.

use grad::grad;

/// GP log marginal likelihood with a squared exponential kernel, d inputs each.
#[grad(skip(x, y))]
pub fn gaussian_process(
    x: &[f64],
    y: &[f64],
    d: usize,
    lengthscale: f64,
    variance: f64,
    noise_var: f64,
) -> f64 {
    let n = y.len();
    let mut k = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let mut r2 = 0.0;
            for c in 0..d {
                let diff = (x[i * d + c] - x[j * d + c]) / lengthscale;
                r2 += diff * diff;
            }
            k[i * n + j] = variance * (-0.5 * r2).exp();
        }
        k[i * n + i] += noise_var;
    }
    // in-place Cholesky, lower triangle
    for j in 0..n {
        let mut s = k[j * n + j];
        for m in 0..j {
            s -= k[j * n + m] * k[j * n + m];
        }
        let diag = s.sqrt();
        k[j * n + j] = diag;
        for i in j + 1..n {
            let mut s = k[i * n + j];
            for m in 0..j {
                s -= k[i * n + m] * k[j * n + m];
            }
            k[i * n + j] = s / diag;
        }
    }
    // forward substitution, log-det
    let mut alpha = vec![0.0; n];
    let mut log_det = 0.0;
    let mut quad = 0.0;
    for i in 0..n {
        let mut s = y[i];
        for m in 0..i {
            s -= k[i * n + m] * alpha[m];
        }
        alpha[i] = s / k[i * n + i];
        quad += alpha[i] * alpha[i];
        log_det += k[i * n + i].ln();
    }
    -0.5 * quad - log_det - 0.5 * (n as f64) * (2.0 * std::f64::consts::PI).ln()
}

/// Least squares by Householder QR: residual norm of min |A x - b|.
#[grad]
pub fn householder(a: &[f64], b: &[f64], m: usize, n: usize) -> f64 {
    let mut r = a.to_vec();
    let mut q = b.to_vec();
    let mut v = vec![0.0; m];
    for k in 0..n {
        let mut norm2 = 0.0;
        for i in k..m {
            norm2 += r[i * n + k] * r[i * n + k];
        }
        let norm = norm2.sqrt();
        let alpha = if r[k * n + k] > 0.0 { -norm } else { norm };
        for i in k..m {
            v[i] = r[i * n + k];
        }
        v[k] -= alpha;
        let mut vtv = 0.0;
        for i in k..m {
            vtv += v[i] * v[i];
        }
        for j in k..n {
            let mut dot = 0.0;
            for i in k..m {
                dot += v[i] * r[i * n + j];
            }
            let f = 2.0 * dot / vtv;
            for i in k..m {
                r[i * n + j] -= f * v[i];
            }
        }
        let mut dot = 0.0;
        for i in k..m {
            dot += v[i] * q[i];
        }
        let f = 2.0 * dot / vtv;
        for i in k..m {
            q[i] -= f * v[i];
        }
    }
    // back substitution
    let mut x = vec![0.0; n];
    for i in (0..n).rev() {
        let mut s = q[i];
        for j in i + 1..n {
            s -= r[i * n + j] * x[j];
        }
        x[i] = s / r[i * n + i];
    }
    let mut res = 0.0;
    for i in n..m {
        res += q[i] * q[i];
    }
    for j in 0..n {
        res += 0.01 * x[j] * x[j];
    }
    res
}

/// Gauss-Jordan with partial pivoting, sum of squares of the solution.
#[grad]
pub fn gauss_jordan(a: &[f64], b: &[f64]) -> f64 {
    let n = b.len();
    let mut m = a.to_vec();
    let mut x = b.to_vec();
    for c in 0..n {
        let mut p = c;
        for i in c + 1..n {
            if m[i * n + c].abs() > m[p * n + c].abs() {
                p = i;
            }
        }
        if p != c {
            for j in 0..n {
                m.swap(p * n + j, c * n + j);
            }
            x.swap(p, c);
        }
        let inv = 1.0 / m[c * n + c];
        for j in 0..n {
            m[c * n + j] *= inv;
        }
        x[c] *= inv;
        for i in 0..n {
            if i != c {
                let f = m[i * n + c];
                for j in 0..n {
                    m[i * n + j] -= f * m[c * n + j];
                }
                x[i] -= f * x[c];
            }
        }
    }
    x.iter().map(|v| v * v).sum()
}

/// Conjugate gradients on A = 2D-free tridiagonal-like operator with coefficients, to a tolerance.
#[grad(skip(tol))]
pub fn conjugate_gradients(a: &[f64], b: &[f64], tol: f64, most: usize) -> f64 {
    let n = b.len();
    let mut x = vec![0.0; n];
    let mut r = b.to_vec();
    let mut p = b.to_vec();
    let mut ap = vec![0.0; n];
    let mut rs = 0.0;
    for i in 0..n {
        rs += r[i] * r[i];
    }
    let mut iterations = 0;
    while rs > tol * tol && iterations < most {
        let mut pap = 0.0;
        for i in 0..n {
            let mut s = 0.0;
            for j in 0..n {
                s += a[i * n + j] * p[j];
            }
            ap[i] = s;
            pap += p[i] * s;
        }
        let alpha = rs / pap;
        let mut next = 0.0;
        for i in 0..n {
            x[i] += alpha * p[i];
            r[i] -= alpha * ap[i];
            next += r[i] * r[i];
        }
        let beta = next / rs;
        for i in 0..n {
            p[i] = r[i] + beta * p[i];
        }
        rs = next;
        iterations += 1;
    }
    let mut out = 0.0;
    for i in 0..n {
        out += x[i] * b[i];
    }
    out
}

/// Thomas algorithm with outputs.
#[grad]
pub fn thomas(lower: &[f64], diag: &[f64], upper: &[f64], rhs: &[f64]) -> Vec<f64> {
    let n = diag.len();
    let mut c = vec![0.0; n];
    let mut d = vec![0.0; n];
    c[0] = upper[0] / diag[0];
    d[0] = rhs[0] / diag[0];
    for i in 1..n {
        let w = diag[i] - lower[i] * c[i - 1];
        if i < n - 1 {
            c[i] = upper[i] / w;
        }
        d[i] = (rhs[i] - lower[i] * d[i - 1]) / w;
    }
    let mut x = vec![0.0; n];
    x[n - 1] = d[n - 1];
    for i in (0..n - 1).rev() {
        x[i] = d[i] - c[i] * x[i + 1];
    }
    x
}

/// Eigenvalues by cyclic Jacobi sweeps; sum of w_i * lambda_i (as they stand on the diagonal).
#[grad(skip(weights))]
pub fn jacobi(a: &[f64], weights: &[f64], sweeps: usize) -> f64 {
    let n = weights.len();
    let mut m = a.to_vec();
    for _ in 0..sweeps {
        for p in 0..n - 1 {
            for q in p + 1..n {
                let apq = m[p * n + q];
                if apq.abs() < 1e-15 {
                    continue;
                }
                let theta = (m[q * n + q] - m[p * n + p]) / (2.0 * apq);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for k in 0..n {
                    let mkp = m[k * n + p];
                    let mkq = m[k * n + q];
                    m[k * n + p] = c * mkp - s * mkq;
                    m[k * n + q] = s * mkp + c * mkq;
                }
                for k in 0..n {
                    let mpk = m[p * n + k];
                    let mqk = m[q * n + k];
                    m[p * n + k] = c * mpk - s * mqk;
                    m[q * n + k] = s * mpk + c * mqk;
                }
            }
        }
    }
    let mut total = 0.0;
    for i in 0..n {
        total += weights[i] * m[i * n + i];
    }
    total
}

/// `yᵀ A⁻¹ y + ½ ln det A` of a symmetric matrix row by row, by its Cholesky factor: diagonal and rest in one loop.
#[grad]
pub fn whitened(a: &[f64], b: &[f64], n: usize) -> f64 {
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let mut s = a[i * n + j];
            for k in 0..j {
                s -= l[i * n + k] * l[j * n + k];
            }
            if i == j {
                l[i * n + i] = s.sqrt();
            } else {
                l[i * n + j] = s / l[j * n + j];
            }
        }
    }
    let mut y = vec![0.0; n];
    for i in 0..n {
        let mut s = b[i];
        for k in 0..i {
            s -= l[i * n + k] * y[k];
        }
        y[i] = s / l[i * n + i];
    }
    let mut q = 0.0;
    for i in 0..n {
        q += y[i] * y[i] + l[i * n + i].ln();
    }
    q
}
