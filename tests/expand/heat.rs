use grad::grad;

/// The heat equation on a line, by explicit steps from one buffer into the other.
#[grad]
fn heat(initial: &[f64], conductivity: &[f64], steps: usize) -> Vec<f64> {
    let n = initial.len();
    let mut u = initial.to_vec();
    let mut next = initial.to_vec();
    #[grad(checkpoint)]
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] + conductivity[i] * u[i] * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u
}
