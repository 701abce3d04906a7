//! Arrays, slices, `Vec`s and iterators.

use crate::surface;

const X: [f64; 5] = [0.5, -1.25, 2.0, 0.1, 3.5];
const Y: [f64; 4] = [1.5, 0.25, -2.0, 0.75];
const W: [[f64; 3]; 2] = [[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]];

#[test]
fn the_layer() {
    surface!({
        fn f<const M: usize, const N: usize>(w: &[[f64; N]; M], x: &[f64; N], b: &[f64; M]) -> [f64; M] {
            std::array::from_fn(|i| {
                let z = w[i].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[i];
                1.0 / (1.0 + (-z).exp())
            })
        }
    }(&W, &[1.0, 2.0, -0.5], &[0.1, 0.2]));
}

#[test]
fn sums_and_folds() {
    surface!({
        fn f(x: &[f64], y: &[f64]) -> f64 {
            x.iter().zip(y).map(|(a, b)| a * b).sum()
        }
    }(&X, &Y)(&X, &[0.0; 0]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().map(|v| v.exp()).sum::<f64>().ln()
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().fold(0.0, |acc, v| acc * 0.5 + v)
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().fold(0.0, |acc, v| acc + v * v)
        }
    }(&X[..]));
    surface!({
        fn f(x: &Vec<f64>) -> f64 {
            x.iter().copied().fold(f64::NEG_INFINITY, f64::max)
        }
    }(&X.to_vec()));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().fold(x[0], |m, &v| if v > m { v } else { m })
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().cloned().fold(f64::INFINITY, |m, v| m.min(v))
        }
    }(&X[..]));
    surface!({
        fn f(x: [f64; 5]) -> f64 {
            x.iter().product::<f64>() + x.into_iter().product::<f64>()
        }
    }(X));
    surface!({
        fn f(x: &[f64]) -> f64 {
            let (s, q) = x.iter().fold((0.0, 0.0), |(s, q), &v| (s + v, q + v * v));
            let (a, b, _) = x.iter().fold((0.0, 1.0, 0usize), |(a, b, n), &v| (a + b * v, b * 0.5, n + 1));
            s * q + a * b
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64], state: [f64; 3]) -> f64 {
            let last = x.iter().fold(state, |s, v| std::array::from_fn(|k| s[k] * 0.5 + v * s[(k + 1) % 3]));
            let c = x.iter().fold([1.0, 0.0], |[a, b], &v| [b, a + v]);
            last.iter().sum::<f64>() + c[0] * c[1]
        }
    }(&X[..], [1.0, 2.0, 3.0]));
}

#[test]
fn adapters() {
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().enumerate().map(|(i, v)| v * i as f64).sum()
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().rev().take(3).enumerate().map(|(i, v)| v * (i + 1) as f64).sum()
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().skip(1).step_by(2).map(|v| v * v).sum()
        }
    }(&X[..])(&[0.0; 0]));
    surface!({
        fn f(x: &[f64], y: &[f64]) -> f64 {
            x.iter().rev().zip(y.iter().skip(1).rev()).map(|(a, b)| a * b).sum()
        }
    }(&X, &Y));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).sum::<f64>()
                + x.iter().filter(|&&v| v > 0.3).fold(1.0, |a, v| a * v)
                + x.iter().filter(|v| v.abs() < 3.0).fold(0.0, |a: f64, &v| a.max(v))
                + x.iter().filter(|&&v| v > 0.0).count() as f64
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum()
        }
    }(&X[..])(&[1.0]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x.chunks_exact(2).map(|c| c[0] * c[1]).sum()
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            x[1..4].iter().sum::<f64>() * x[..2].iter().product::<f64>() + x[3..].len() as f64
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            (0..x.len()).map(|i| x[i] * i as f64).sum()
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            (1..x.len() - 1).map(|i| x[i - 1] * x[i + 1]).sum()
        }
    }(&X[..]));
    surface!({
        fn f(x: f64) -> f64 {
            (1..=5).map(|k| x.powi(k) / k as f64).sum()
        }
    }(0.5));
    surface!({
        fn f(x: f64) -> f64 {
            (0..5).map(|k| x * (k - 2) as f64).sum::<f64>()
        }
    }(0.5));
    surface!({
        fn f(x: f64, n: i32) -> f64 {
            (-2..n).rev().step_by(2).map(|k| x * k as f64).sum()
        }
    }(0.5, 4)(0.5, -7));
    surface!({
        fn f(x: &[f64], y: &[f64]) -> f64 {
            x.iter().chain(y).map(|v| v * v).sum()
        }
    }(&X, &Y));
    surface!({
        fn f(x: &[f64], y: &[f64], z: &[f64]) -> f64 {
            x.iter().zip(y).zip(z).enumerate().map(|(i, ((a, b), &c))| a * b * c + i as f64).sum::<f64>()
                + std::iter::zip(x, y).map(|(a, b)| a - b).sum::<f64>()
        }
    }(&X, &Y, &[1.0, 2.0]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            let positive = x.iter().all(|v| *v > 0.0) || x.iter().any(|&v| v > 3.0);
            x.iter().for_each(|_| ());
            if positive { x[0] } else { x.iter().len() as f64 * x[1] }
        }
    }(&X[..]));
}

#[test]
fn collecting() {
    surface!({
        fn f(x: &[f64], a: f64) -> Vec<f64> {
            x.iter().map(|v| v * a).collect()
        }
    }(&X, 2.0));
    surface!({
        fn f(x: &[f64]) -> Vec<f64> {
            let y: Vec<f64> = x.iter().rev().map(|v| v.exp()).collect();
            y.iter().zip(x).map(|(a, b)| a * b).collect::<Vec<_>>()
        }
    }(&X[..]));
    surface!({
        fn f(x: [f64; 4]) -> [f64; 4] {
            x.map(|v| v * v)
        }
    }(Y));
    surface!({
        fn f(x: &[Vec<f64>]) -> Vec<f64> {
            x.iter().map(|row| row.iter().sum::<f64>() / row.len() as f64).collect()
        }
    }(&[vec![1.0, 2.0], vec![3.0, 5.0]]));
    surface!({
        fn f(x: &[[f64; 3]]) -> Vec<Vec<f64>> {
            x.iter().map(|r| r.iter().map(|v| v + 1.0).collect()).collect()
        }
    }(&W[..]));
    surface!({
        fn f(x: &[f64]) -> f64 {
            let pairs: Vec<(f64, f64)> = x.iter().map(|&v| (v, v * v)).collect();
            let n = pairs.len();
            pairs.iter().map(|(a, b)| a * b).sum::<f64>() + pairs[n - 1].0 + pairs[0].1
        }
    }(&X[..]));
    surface!({
        fn f(x: &[f64; 5]) -> f64 {
            let [a, b, .., c] = *x;
            let z = [a, b * c, 1.0];
            let v = vec![a; 3];
            let w = vec![1.0, b];
            let m = [[a, b], [c, 1.0]];
            let zeros = [0.0; 4];
            z[1] + v.iter().zip(&z).map(|(p, q)| p * q).sum::<f64>()
                + w[1] * m[1][0]
                + zeros[2]
                + *x.first().unwrap() * x.last().unwrap()
                + m.iter().flatten().map(|v| v * v).sum::<f64>()
        }
    }(&X));
    surface!({
        fn f<const N: usize>(x: [f64; N], y: &[f64]) -> [[f64; 2]; N] {
            let h: [f64; N] = std::array::from_fn(|i| x[i] * y[0]);
            let g = std::array::from_fn::<_, 2, _>(|k| y[k] + h[0]);
            let p = core::array::from_fn(|i| h[i] + g[0]);
            let p: [f64; N] = p;
            std::array::from_fn(|i| [p[i] * g[0], h[i]])
        }
    }([1.0, 2.0, 3.0], &Y[..]));
    surface!({
        fn f(a: [[f64; 3]; 2], idx: &[usize]) -> f64 {
            let t: Vec<Vec<f64>> = (0..3).map(|j| (0..2).map(|i| a[i][j]).collect()).collect();
            idx.iter().map(|&k| t[k][0] * t[k][1]).sum()
        }
    }(W, &[2usize, 0, 2]));
}

const TABLE: [f64; 3] = [0.5, 1.5, -2.0];

#[test]
fn tables_and_parts() {
    surface!({
        fn f(x: f64) -> f64 {
            let c: [f64; 3] = TABLE;
            const POWERS: [i32; 3] = [0, 1, 2];
            c.iter().rev().fold(0.0, |acc, c| acc * x + c)
                + c.iter().zip(POWERS).map(|(c, k)| c * x.powi(k)).sum::<f64>()
        }
    }(0.5));
    surface!({
        fn f(x: &[f64]) -> f64 {
            let (a, b) = x.split_at(2);
            let (first, rest) = x.split_first().unwrap();
            let (last, others) = x.split_last().expect("not empty");
            let three: [f64; 3] = x[..3].try_into().unwrap();
            a.iter().sum::<f64>() * b[0]
                + first * rest[1]
                + last * others[2]
                + three[1]
                + if (0.0..=2.0).contains(&x[0]) && (1..3).contains(&x.len()) { x[0] } else { x[1] }
        }
    }(&X[..]));
    surface!({
        fn f(x: f64, k: i32) -> f64 {
            let y: f64 = k.into();
            std::iter::repeat_n(x, 3).sum::<f64>() * y
        }
    }(0.5, 2));
}
