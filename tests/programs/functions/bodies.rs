//! Bodies that attract each other: forces between all pairs, added to both.

use grad::grad;

/// Leapfrog N-body, 3-D, O(n²) forces, in flat vectors.
#[grad(skip(mass))]
pub fn leapfrog(pos0: &[f64], vel0: &[f64], mass: &[f64], dt: f64, steps: usize) -> f64 {
    let n = mass.len();
    let mut pos = pos0.to_vec();
    let mut vel = vel0.to_vec();
    let mut acc = vec![0.0; 3 * n];
    for _ in 0..steps {
        acc.fill(0.0);
        for i in 0..n {
            for j in i + 1..n {
                let dx = pos[3 * j] - pos[3 * i];
                let dy = pos[3 * j + 1] - pos[3 * i + 1];
                let dz = pos[3 * j + 2] - pos[3 * i + 2];
                let r2 = dx * dx + dy * dy + dz * dz + 0.01;
                let inv3 = 1.0 / (r2 * r2.sqrt());
                acc[3 * i] += mass[j] * dx * inv3;
                acc[3 * i + 1] += mass[j] * dy * inv3;
                acc[3 * i + 2] += mass[j] * dz * inv3;
                acc[3 * j] -= mass[i] * dx * inv3;
                acc[3 * j + 1] -= mass[i] * dy * inv3;
                acc[3 * j + 2] -= mass[i] * dz * inv3;
            }
        }
        for k in 0..3 * n {
            vel[k] += dt * acc[k];
            pos[k] += dt * vel[k];
        }
    }
    let mut energy = 0.0;
    for i in 0..n {
        for c in 0..3 {
            energy += 0.5 * mass[i] * vel[3 * i + c] * vel[3 * i + c];
        }
    }
    energy + pos[0]
}
