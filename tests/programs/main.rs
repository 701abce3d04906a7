//! Programs as people write them from a formula, in `functions/`: loops over slices, `let mut`, arrays changed in place.
//! Each is compared with finite differences of itself, and with a closed form where there is one.
#![deny(warnings)]

#[macro_use]
#[path = "../gradients/check.rs"]
#[allow(unused_macros)]
mod check;

mod alignments;
mod bodies;
mod bundle;
mod chains;
mod clusters;
mod determinant;
mod fourier;
mod functions;
mod heat;
mod kalman;
mod learning;
mod least_squares;
mod linear;
mod log_sum_exp;
mod lstm;
mod mixture;
mod network;
mod newton;
mod ode;
mod particle;
mod sequences;
mod sorting;
mod stencils;

/// Numbers without a pattern in ±1, for data.
pub fn noise(n: usize, seed: u32) -> Vec<f64> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 8) / f64::from(1 << 23) - 1.0
    };
    (0..n).map(|_| next()).collect()
}

/// Numbers that agree up to rounding.
#[track_caller]
pub fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    for (k, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= 1e-12 * scale, "number {k}: {a:e} instead of {b:e}");
    }
}
