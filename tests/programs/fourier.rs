//! The fast Fourier transform in place, of real and imaginary parts.

use grad::grad;

use crate::{assert_near, noise};

/// The power in each frequency.
#[grad]
fn spectrum(real: &[f64], imaginary: &[f64]) -> Vec<f64> {
    let n = real.len();
    let mut re = real.to_vec();
    let mut im = imaginary.to_vec();
    // The places trade with those of the mirrored bits.
    let mut j = 0;
    for i in 1..n {
        let mut bit = n >> 1;
        while j & bit != 0 {
            j ^= bit;
            bit >>= 1;
        }
        j |= bit;
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let mut half = 1;
    while half < n {
        let angle = -std::f64::consts::PI / half as f64;
        let mut start = 0;
        while start < n {
            for k in 0..half {
                let (s, c) = (angle * k as f64).sin_cos();
                let (a, b) = (start + k, start + k + half);
                let tr = re[b] * c - im[b] * s;
                let ti = re[b] * s + im[b] * c;
                re[b] = re[a] - tr;
                im[b] = im[a] - ti;
                re[a] += tr;
                im[a] += ti;
            }
            start += 2 * half;
        }
        half *= 2;
    }
    let mut power = vec![0.0; n];
    for i in 0..n {
        power[i] = re[i] * re[i] + im[i] * im[i];
    }
    power
}

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
