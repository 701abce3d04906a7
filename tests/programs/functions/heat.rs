//! The heat equation on a line, by explicit steps from one buffer into another. Not every step is kept for the way back.

use grad::grad;

#[grad]
pub fn heat(initial: &[f64], conductivity: &[f64], steps: usize) -> Vec<f64> {
    let n = initial.len();
    let mut u = initial.to_vec();
    let mut next = vec![0.0; n];
    #[grad(checkpoint)]
    for _ in 0..steps {
        next[0] = u[0];
        next[n - 1] = u[n - 1];
        for i in 1..n - 1 {
            next[i] = u[i] + conductivity[i] * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u
}

#[grad(skip(target))]
pub fn misfit(initial: &[f64], target: &[f64], c: f64, steps: usize) -> f64 {
    let n = initial.len();
    let mut u = initial.to_vec();
    let mut next = initial.to_vec();
    #[grad(checkpoint = 3)]
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] + c * (1.0 + u[i] * u[i]) * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    let mut sum = 0.0;
    for i in 0..n {
        sum += (u[i] - target[i]) * (u[i] - target[i]);
    }
    sum
}
