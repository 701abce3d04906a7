//! Loops whose length another loop decides on, and values that one loop makes for the iterations of another.

use grad::grad;

/// Numbers without a pattern in ±1.
fn noise(n: usize, seed: u32) -> Vec<f64> {
    (0..n).map(|k| ((k as f64 + 0.37 * f64::from(seed) + 1.0) * 12.9898).sin() * 43758.5453 % 1.0).collect()
}

/// What is added to both of a pair goes through one nest backwards; the loops over pairs are as long as the outer
/// variable says.
#[test]
fn pairs() {
    gradient!({
        #[grad]
        fn f(x: &[f64], dt: f64, steps: usize) -> f64 {
            let n = x.len();
            let mut at = x.to_vec();
            let mut force = vec![0.0; 2 * n];
            for _ in 0..steps {
                force.fill(0.0);
                for i in 0..n {
                    for j in i + 1..n {
                        let d = at[j] - at[i];
                        let w = (-d * d).exp();
                        force[2 * i] += d * w;
                        force[2 * j] -= d * w;
                        force[2 * j + 1] += at[i];
                    }
                }
                for k in 0..n {
                    at[k] += dt * (force[2 * k] + 0.1 * force[2 * k + 1]);
                }
            }
            at[0] * at[n - 1]
        }
    } (&x, dt, 3) at x = noise(4, 1), dt = 0.1; (&x, dt, 2) at x = noise(1, 2), dt = 0.1);
}

/// A softmax over rows of which each is longer than the one before, of values that a loop carries.
#[test]
fn rows_that_get_longer() {
    gradient!({
        #[grad]
        fn f(x: &[f64], n: usize) -> f64 {
            let mut total = 1.0;
            for t in 0..n {
                let mut v = vec![0.0; t + 1];
                let mut a = x[t];
                for i in 0..t + 1 {
                    a = a.sin() * x[i];
                    v[i] = a;
                }
                let mut norm = 0.0;
                for i in 0..t + 1 {
                    norm += v[i].exp();
                }
                total *= 1.5 + v[t / 2] - norm.ln();
            }
            total
        }
    } (&x, 4) near x = noise(4, 3));
    gradient!({
        #[grad]
        fn f(x: &[f64], class: usize, width: usize) -> f64 {
            let mut product = 1.0;
            for t in 0..x.len() / width {
                let row = &x[t * width..(t + 1) * width];
                let mut norm = 0.0;
                for &z in row {
                    norm += z.exp();
                }
                product *= row[class] - norm.ln();
            }
            product
        }
    } (&x, 1, 3) near x = noise(9, 4); (&x, 1, 3) near x = noise(2, 4));
}

/// A sum over what one loop carries, in the iterations of the next.
#[test]
fn sums_for_a_later_loop() {
    gradient!({
        #[grad]
        fn f(w: &[f64], out: &[f64], x: &[f64], steps: usize) -> f64 {
            let n = x.len();
            let mut h = x.to_vec();
            let mut r = vec![0.0; n];
            let mut loss = 0.0;
            for _ in 0..steps {
                for i in 0..n {
                    r[i] = h[i].sin();
                }
                let mut seen = 0.0;
                for i in 0..n {
                    let mut c = 0.0;
                    for j in 0..n {
                        c += w[i * n + j] * r[j];
                    }
                    h[i] = h[i] + c;
                    seen += out[i] * h[i];
                }
                loss += seen * seen;
            }
            loss
        }
    } (&w, &out, &x, 3) at w = noise(9, 5), out = noise(3, 6), x = noise(3, 7));
}

/// An element that is read just after it has been added to.
#[test]
fn elements_just_changed() {
    gradient!({
        #[grad]
        fn f(x: &[f64], d: usize, n: usize) -> f64 {
            let mut sums = vec![0.0; n];
            let (mut s, mut least) = (0.0, f64::INFINITY);
            for i in 0..n {
                for c in 0..d {
                    sums[i] += x[i * d + c].sin();
                }
                s += sums[i] * sums[i];
                least = least.min(sums[i]);
            }
            s * least + sums[n - 1]
        }
    } (&x, 3, 4) at x = noise(12, 8));
}

/// Cotangents of a square matrix, one as a whole and one of a column.
#[test]
fn a_square_matrix_and_its_column() {
    gradient!({
        #[grad]
        fn f(x: &[f64]) -> f64 {
            let mut frame = [[1.0, 0.2, 0.0], [0.0, 1.0, -0.4], [0.3, 0.0, 1.0]];
            let mut p = [0.0; 3];
            for &a in x {
                let turn = [[a, -a, 0.5], [a * a, 0.1, 0.0], [0.0, a, 1.0]];
                let mut next = [[0.0; 3]; 3];
                for i in 0..3 {
                    for j in 0..3 {
                        for k in 0..3 {
                            next[i][j] += frame[i][k] * turn[k][j];
                        }
                    }
                }
                frame = next;
                for i in 0..3 {
                    p[i] += frame[i][0];
                }
            }
            p[0] * p[1] - p[2]
        }
    } (&x) at x = noise(4, 9));
}

/// What is read where nothing is written any more: a triangular factor, a table, and elements that are written again.
#[test]
fn elements_that_stay() {
    gradient!({
        #[grad]
        fn f(a: &[f64], n: usize) -> f64 {
            let mut l = a.to_vec();
            for j in 0..n {
                let mut s = l[j * n + j];
                for m in 0..j {
                    s -= l[j * n + m] * l[j * n + m];
                }
                let diagonal = s.sqrt();
                l[j * n + j] = diagonal;
                for i in j + 1..n {
                    let mut s = l[i * n + j];
                    for m in 0..j {
                        s -= l[i * n + m] * l[j * n + m];
                    }
                    l[i * n + j] = s / diagonal;
                }
            }
            // The factor changes after it has been read.
            let mut y = 0.0;
            for i in 0..n {
                l[i * n] *= 2.0;
                y += l[i * n + i] * l[i * n];
            }
            y
        }
    } (&a, 3) at a = vec![4.0, 0.0, 0.0, 0.5, 3.0, 0.0, -0.3, 0.7, 2.0]);
    gradient!({
        #[grad]
        fn f(x: &[f64]) -> f64 {
            let n = x.len();
            let w = n + 1;
            let mut table = vec![0.5_f64; w * w];
            for i in 1..=n {
                for j in 1..=n {
                    let (a, b) = (table[(i - 1) * w + j], table[i * w + j - 1]);
                    table[i * w + j] = (a * b).sin() + x[i - 1] * x[j - 1] * table[(i - 1) * w + j - 1];
                }
            }
            table[n * w + n]
        }
    } (&x) at x = noise(4, 10));
    gradient!({
        #[grad]
        fn f(x: &[f64], sweeps: usize) -> f64 {
            let n = x.len();
            let mut v = x.to_vec();
            for _ in 0..sweeps {
                for i in 1..n {
                    v[i] = v[i] * v[i - 1].cos();
                }
                for i in (0..n - 1).rev() {
                    v[i] += v[i + 1] * v[i + 1];
                }
            }
            v[0]
        }
    } (&x, 3) at x = noise(5, 11));
    gradient!({
        #[grad]
        fn f(x: &[f64], m: usize) -> f64 {
            let mut v = x.to_vec();
            // Each element is read before and after it is written, at places that overlap.
            for i in 0..x.len() - 2 {
                v[i + 1] = v[i] * v[i + 2];
                v[i % m] = v[i + 1].sin() + v[i];
            }
            v.iter().map(|v| v * v).sum()
        }
    } (&x, 3) at x = noise(7, 12); (&x, 2) at x = noise(7, 13));
}
