//! Oracles for `functions/fourier.rs`.

use super::functions::fourier::*;
use crate::{assert_near, noise};

#[test]
fn total_power_is_kept() {
    let (re, im) = (noise(16, 1), noise(16, 2));
    let (power, (d_re, d_im)) = spectrum_vjp(&re, &im, &[1.0; 16]);
    let squares: f64 = re.iter().chain(&im).map(|x| x * x).sum();
    assert_near(&[power.iter().sum()], &[16.0 * squares]);
    let expected: Vec<f64> = re.iter().chain(&im).map(|x| 32.0 * x).collect();
    assert_near(&[d_re, d_im].concat(), &expected);
}

#[test]
fn against_differences() {
    pullback!({} spectrum, spectrum_vjp, (&re, &im) at re = noise(8, 3), im = noise(8, 4); (&re, &im) at re = vec![0.5], im = vec![0.25]);
}
