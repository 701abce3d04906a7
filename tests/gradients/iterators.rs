//! Iterator adapters and consumers, alone, nested and combined.

use grad::grad;

const X: [f64; 5] = [0.5, -1.25, 2.0, 0.1, 3.5];
const Y: [f64; 4] = [1.5, 0.25, -2.0, 0.75];
const W: [[f64; 3]; 2] = [[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]];

fn x() -> Vec<f64> {
    X.to_vec()
}

fn y() -> Vec<f64> {
    Y.to_vec()
}

fn none() -> Vec<f64> {
    Vec::new()
}

#[test]
fn sums() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().sum() } } (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().sum::<f64>().exp() } } (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|v| v * v).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|&v| v.sin()).map(|v| v * v).sum::<f64>() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: Vec<f64>) -> f64 { x.into_iter().map(|v| v.sin()).sum() } } (x) at x = x());
    gradient!({ #[grad] fn f(x: [f64; 5]) -> f64 { x.into_iter().map(f64::sin).sum() } } (x) at x = X);
    gradient!({ #[grad] fn f(x: &Vec<f64>) -> f64 { x.iter().copied().map(f64::exp).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let s: f64 = x.iter().cloned().sum(); s * s } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { (0..n).map(|i| x[i] * i as f64).sum() } }
        (&x, 3) at x = x(); (&x, 0) at x = x());
    gradient!({ #[grad] fn f(x: f64, n: usize) -> f64 { (0..n).map(|_| x).sum() } } (x, 3) at x = 0.5; (x, 0) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64) -> f64 { (1..=4).map(|k| x.powi(k)).sum() } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, n: i32) -> f64 { (-2..n).map(|k| (x * f64::from(k)).cos()).sum() } }
        (x, 3) at x = 0.5; (x, -7) at x = 0.5);
}

#[test]
fn zips() {
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().zip(y).map(|(a, b)| a * b).sum() } }
        (&x, &y) at x = x(), y = y(); (&x, &y) at x = y(), y = x(); (&x, &y) at x = x(), y = none());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y.iter()).map(|(&a, &b)| (a - b).powi(2)).sum::<f64>() / x.len() as f64
    } } (&x, &y) at x = x(), y = y());
    gradient!({ #[grad] fn f(x: &[f64; 5], y: &[f64; 4]) -> f64 { x.iter().zip(y).map(|(a, b)| a * b).sum() } }
        (&x, &y) at x = X, y = Y);
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        x.iter().zip(y).zip(x.iter().rev()).map(|((a, b), c)| a * b * c).sum()
    } } (&x, &y) at x = x(), y = y());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        x.iter().rev().zip(y.iter().skip(1).rev()).map(|(a, b)| a * b).sum()
    } } (&x, &y) at x = x(), y = y());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        std::iter::zip(x, y).map(|(a, b)| a.exp() * b).sum()
    } } (&x, &y) at x = x(), y = y());
}

#[test]
fn zip_results() {
    pullback!({ #[grad] fn f(x: &[f64], y: &[f64]) -> Vec<f64> { x.iter().zip(y).map(|(a, b)| a * b).collect() } }
        (&x, &y) at x = x(), y = y(); (&x, &y) at x = y(), y = x(); (&x, &y) at x = none(), y = y());
}

#[test]
fn positions() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().enumerate().map(|(i, v)| v * i as f64).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        x.iter().rev().take(3).enumerate().map(|(i, v)| v.powi(2) * (i + 1) as f64).sum()
    } } (&x) at x = x(); (&x) at x = vec![2.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().enumerate().rev().map(|(i, v)| v.powi(i as i32)).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().skip(2).map(|v| v.exp()).sum() } }
        (&x) at x = x(); (&x) at x = vec![1.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().take(2).map(|v| v.exp()).sum() } }
        (&x) at x = x(); (&x) at x = vec![1.0]; (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { x.iter().skip(n).take(n + 1).map(|v| v.exp()).sum() } }
        (&x, 2) at x = x(); (&x, 9) at x = x(); (&x, 0) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().step_by(2).map(|v| v.exp()).sum() } }
        (&x) at x = x(); (&x) at x = y(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().skip(1).step_by(3).rev().map(|v| v.exp()).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().rev().skip(1).enumerate().map(|(i, v)| v.sin() * i as f64).sum() } }
        (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len()).rev().step_by(2).map(|i| x[i] * x[i / 2]).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64; 5]) -> f64 { x.iter().skip(1).zip(x).map(|(a, b)| (a - b).powi(2)).sum() } } (&x) at x = X);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (1..x.len()).map(|i| x[i] * x[i - 1]).sum() } }
        (&x) at x = x(); (&x) at x = none());
}

#[test]
fn windows_and_chunks() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum() } }
        (&x) at x = x(); (&x) at x = vec![1.0]; (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.windows(3).map(|w| w.iter().product::<f64>()).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.windows(3).enumerate().map(|(i, w)| i as f64 * w[0] * w[2]).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.chunks_exact(2).map(|c| c[0] * c[1]).sum() } }
        (&x) at x = x(); (&x) at x = vec![1.0]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.chunks_exact(2).map(|c| c.iter().sum::<f64>().exp()).sum() } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x.windows(2).map(|w| w[1] * w[0]).collect() } }
        (&x) at x = x(); (&x) at x = vec![1.0]);
    pullback!({ #[grad] fn f(x: &[f64], k: usize) -> Vec<f64> { x.chunks_exact(k).map(|c| c.iter().map(|v| v * v).sum()).collect() } }
        (&x, 2) at x = x(); (&x, 3) at x = x());
    pullback!({ #[grad] fn f(x: &[f64; 5], k: &[f64; 2]) -> Vec<f64> {
        x.windows(2).map(|w| w.iter().zip(k).map(|(a, b)| a * b).sum()).collect()
    } } (&x, &k) at x = X, k = [0.5, -2.0]);
}

#[test]
fn filters() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|v| **v > 0.0).map(|v| v.ln()).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|&&v| v > 0.3).fold(1.0, |a, v| a * v) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|v| v.abs() < 3.0).map(|v| v * v).filter(|v| *v > 0.1).sum() } }
        (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|v| v.abs() < 3.0).fold(0.0, |a: f64, &v| a.max(v)) } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        x.iter().sum::<f64>() / x.iter().filter(|&&v| v > 0.0).count() as f64
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().enumerate().filter(|(i, _)| i % 2 == 0).map(|(_, v)| v * v).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len()).filter(|&i| i != 2).map(|i| x[i].exp()).sum() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().filter(|&&v| v > 0.0).product() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().copied().filter(|v| *v > 0.0).map(f64::sqrt).sum() } } (&x) at x = x());
}

#[test]
fn nested() {
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2], x: &[f64; 3]) -> f64 {
        w.iter().map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum::<f64>().tanh()).sum()
    } } (&w, &x) at w = W, x = [0.3, 0.4, -0.8]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        x.iter().map(|a| x.iter().map(|b| (a - b).powi(2)).sum::<f64>().sqrt()).sum()
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { (0..x.len()).map(|i| (0..i).map(|j| x[i] * x[j]).sum::<f64>()).sum() } }
        (&x) at x = x(); (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        (0..x.len()).map(|i| (i + 1..x.len()).map(|j| (x[i] - x[j]).abs().sqrt()).sum::<f64>()).sum()
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        (0..x.len()).map(|i| (0..=i).map(|j| x[j]).sum::<f64>().powi(2)).sum()
    } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 {
        x.iter().map(|a| y.iter().map(|b| (a * b).sin()).sum::<f64>() * a).sum()
    } } (&x, &y) at x = x(), y = y(); (&x, &y) at x = x(), y = none());
    gradient!({ #[grad] fn f(t: &[[[f64; 2]; 3]; 2]) -> f64 {
        t.iter().map(|m| m.iter().map(|r| r.iter().map(|v| v * v).sum::<f64>().sqrt()).sum::<f64>().exp()).sum()
    } } (&t) at t = [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], [[-0.7, 0.8], [0.9, 0.15], [0.25, -0.35]]]);
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        (0..x.len()).map(|i| (0..i).map(|j| (0..j).map(|k| x[i] * x[j] * x[k]).sum::<f64>()).sum::<f64>()).sum()
    } } (&x) at x = x());
}

#[test]
fn flattened_and_chained() {
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> f64 { w.iter().flatten().map(|v| v * v).sum() } } (&w) at w = W);
    gradient!({ #[grad] fn f(w: &[[f64; 3]]) -> f64 { w.iter().flatten().product() } } (&w) at w = W.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().chain(y).map(|v| v.sin()).sum() } }
        (&x, &y) at x = x(), y = y(); (&x, &y) at x = none(), y = y());
    gradient!({ #[grad] fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().chain(y).product() } } (&x, &y) at x = x(), y = y());
    pullback!({ #[grad] fn f(x: &[f64], y: &[f64]) -> Vec<f64> { x.iter().chain(y.iter()).map(|v| v * v).collect() } }
        (&x, &y) at x = x(), y = y(); (&x, &y) at x = x(), y = none());
}

#[test]
fn collected() {
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x.iter().map(|v| v.exp()).collect() } } (&x) at x = x(); (&x) at x = none());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x.iter().rev().cloned().collect::<Vec<_>>() } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> {
        let e: Vec<f64> = x.iter().map(|v| v.exp()).collect();
        let s: f64 = e.iter().sum();
        e.iter().map(|v| v / s).collect()
    } } (&x) near x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { (0..x.len()).map(|i| (0..=i).map(|j| x[j]).sum()).collect() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let d = x.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>();
        let dd = d.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>();
        dd.iter().map(|v| v * v).sum()
    } } (&x) at x = x(); (&x) at x = vec![1.0]; (&x) at x = none());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let e: Vec<f64> = x.iter().map(|v| v.exp()).collect();
        (0..e.len()).map(|i| e[i] * e[e.len() - 1 - i]).sum()
    } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64], n: usize) -> Vec<f64> { x.iter().step_by(n).map(|v| v * v).collect() } } (&x, 2) at x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x.iter().skip(1).take(3).map(|v| v * v).collect() } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<[f64; 2]> { x.iter().map(|v| [v.sin(), v * v]).collect() } } (&x) at x = x(); (&x) at x = none());
    pullback!({ #[grad] fn f(x: &[f64], y: &[f64]) -> Vec<Vec<f64>> {
        x.iter().map(|a| y.iter().map(|b| a * b.exp()).collect()).collect()
    } } (&x, &y) at x = x(), y = y(); (&x, &y) at x = none(), y = y(); (&x, &y) at x = x(), y = none());
}

#[test]
fn arrays_by_function() {
    pullback!({ #[grad] fn f(x: f64) -> [f64; 4] { std::array::from_fn(|i| x.powi(i as i32)) } } (x) at x = 0.7);
    pullback!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> [[f64; 2]; 3] {
        std::array::from_fn(|i| std::array::from_fn(|j| w[j][i] * w[j][0]))
    } } (&w) at w = W);
    pullback!({ #[grad] fn f(x: [f64; 5]) -> [f64; 5] { x.map(|v| v * v.sin()) } } (x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64; 5]) -> [[f64; 2]; 5] { x.map(|v| [v, v * v]) } } (&x) at x = X);
    pullback!({ #[grad] fn f(w: [[f64; 3]; 2]) -> [f64; 2] { w.map(|r| r.map(|v| v * v).iter().sum::<f64>().sqrt()) } } (w) at w = W);
    gradient!({ #[grad] fn f(x: [f64; 5]) -> f64 {
        let a: [f64; 3] = std::array::from_fn(|i| x[i] * x[i + 1]);
        let b = a.map(|v| v.exp());
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    } } (x) at x = X);
    pullback!({ #[grad] fn f<const N: usize>(x: &[f64; N]) -> [[f64; N]; N] {
        std::array::from_fn(|i| std::array::from_fn(|j| if i < j { x[i] * x[j] } else { x[i] + x[j].exp() }))
    } } (&x) at x = X);
}

#[test]
fn counting_and_testing() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.iter().all(|v| *v > -10.0) { x.iter().sum() } else { 0.0 } } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.iter().any(|v| *v > 10.0) { x.iter().sum() } else { x[0] * x[0] } } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().map(|v| v * v).sum::<f64>() / x.iter().count() as f64 } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let n = (0..x.len()).map(|i| i * i).sum::<usize>(); x[0] * n as f64 } } (&x) at x = x());
}
