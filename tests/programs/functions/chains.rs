//! Rotations one after the other.

use grad::grad;

/// A kinematic chain: products of Rodrigues rotations, ends compared with targets.
#[grad(skip(target, bones))]
pub fn fingertip(angles: &[[f64; 3]], bones: &[f64], target: [f64; 3]) -> f64 {
    fn mul(a: &[[f64; 3]; 3], b: &[[f64; 3]; 3]) -> [[f64; 3]; 3] {
        let mut c = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                for k in 0..3 {
                    c[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        c
    }
    fn rot(w: [f64; 3]) -> [[f64; 3]; 3] {
        let t2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2];
        let (s, c) = if t2 < 1e-12 {
            (1.0, 0.5)
        } else {
            let t = t2.sqrt();
            (t.sin() / t, (1.0 - t.cos()) / t2)
        };
        let k = [[0.0, -w[2], w[1]], [w[2], 0.0, -w[0]], [-w[1], w[0], 0.0]];
        let k2 = mul(&k, &k);
        let mut m = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                m[i][j] = s * k[i][j] + c * k2[i][j];
            }
            m[i][i] += 1.0;
        }
        m
    }
    let mut frame = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let mut p = [0.0; 3];
    for (w, &len) in angles.iter().zip(bones) {
        frame = mul(&frame, &rot(*w));
        for i in 0..3 {
            p[i] += frame[i][0] * len;
        }
    }
    let mut e = 0.0;
    for i in 0..3 {
        e += (p[i] - target[i]).powi(2);
    }
    e
}

/// Robot arm by Denavit-Hartenberg, 4x4 products in place.
#[grad]
pub fn arm(theta: &[f64], a: &[f64], alpha: &[f64], d: &[f64]) -> [f64; 3] {
    let mut t = [[0.0; 4]; 4];
    for i in 0..4 {
        t[i][i] = 1.0;
    }
    for j in 0..theta.len() {
        let (st, ct) = theta[j].sin_cos();
        let (sa, ca) = alpha[j].sin_cos();
        let m = [
            [ct, -st * ca, st * sa, a[j] * ct],
            [st, ct * ca, -ct * sa, a[j] * st],
            [0.0, sa, ca, d[j]],
            [0.0, 0.0, 0.0, 1.0],
        ];
        let mut next = [[0.0; 4]; 4];
        for r in 0..4 {
            for c in 0..4 {
                for k in 0..4 {
                    next[r][c] += t[r][k] * m[k][c];
                }
            }
        }
        t = next;
    }
    [t[0][3], t[1][3], t[2][3]]
}
