//! The fast Fourier transform in place, of real and imaginary parts.

use grad::grad;

/// The power in each frequency.
#[grad]
pub fn spectrum(real: &[f64], imaginary: &[f64]) -> Vec<f64> {
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
