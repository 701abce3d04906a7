//! Parameters and results of every shape; results that are parameters, constants or zero.

use grad::grad;

const X: [f64; 4] = [0.5, -1.25, 2.0, 0.1];
const W: [[f64; 3]; 2] = [[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]];

fn x() -> Vec<f64> {
    X.to_vec()
}

fn rows() -> Vec<Vec<f64>> {
    W.iter().map(|row| row.to_vec()).collect()
}

#[test]
fn nested_parameters() {
    gradient!({ #[grad] fn f(w: &[Vec<f64>]) -> f64 { w.iter().map(|r| r.iter().map(|v| v * v).sum::<f64>().sqrt()).sum() } }
        (&w) at w = rows(); (&w) at w = Vec::<Vec<f64>>::new());
    gradient!({ #[grad] fn f(w: &Vec<Vec<f64>>, x: &[f64]) -> f64 { w.iter().map(|r| r.iter().zip(x).map(|(a, b)| a * b).sum::<f64>().tanh()).sum() } }
        (&w, &x) at w = rows(), x = x(); (&w, &x) at w = rows(), x = vec![1.0]);
    gradient!({ #[grad] fn f(w: Vec<Vec<f64>>) -> f64 { w[0][1] * w[1][2] } } (w) at w = rows());
    gradient!({ #[grad] fn f(w: &[[f64; 3]]) -> f64 { w.iter().map(|[a, b, c]| a * b - c).product() } }
        (&w) at w = W.to_vec(); (&w) at w = Vec::<[f64; 3]>::new());
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> f64 { (0..2).map(|i| (0..3).map(|j| w[i][j] * w[1 - i][2 - j]).sum::<f64>()).sum() } } (&w) at w = W);
    gradient!({ #[grad] fn f(w: &[&[f64]]) -> f64 { w.iter().map(|r| r.iter().product::<f64>()).sum() } }
        (&w.iter().map(|r| &r[..]).collect::<Vec<_>>()) at w = rows());
    gradient!({ #[grad] fn f(t: &[Vec<[f64; 2]>]) -> f64 { t.iter().map(|m| m.iter().map(|[a, b]| a * b).sum::<f64>().exp()).sum() } }
        (&t) at t = vec![vec![[0.5, 1.0], [0.2, -0.4]], vec![[0.1, 0.3], [0.7, 0.9]]]);
    gradient!({ #[grad] fn f(w: [[f64; 3]; 2], x: [f64; 3]) -> f64 { let y = w.map(|r| r.iter().zip(x).map(|(a, b)| a * b).sum::<f64>()); y[0] * y[1] } }
        (w, x) at w = W, x = [0.3, 0.4, 0.5]);
    gradient!({ #[grad] fn f<'a>(x: &'a [f64], y: &'a [f64]) -> f64 { x[0] * y[0] } } (&x, &y) at x = x(), y = x());
    gradient!({ #[grad] fn f(r#type: f64, r#match: &[f64]) -> f64 { r#type * r#match[0] } } (a, &b) at a = 0.5, b = x());
}

#[test]
fn many_results() {
    pullback!({ #[grad] fn f(x: f64, y: f64) -> (f64, f64) { (x * y, x + y) } } (x, y) at x = 0.5, y = 2.0);
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> ([f64; 4], f64) { (x.map(|v| v * v), x.iter().sum()) } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64], a: f64) -> (Vec<f64>, f64, [f64; 2]) { (x.iter().map(|v| v * a).collect(), a * a, [x[0], a]) } } (&x, a) at x = x(), a = 2.0);
    pullback!({ #[grad] fn f(x: f64) -> (f64, (f64, [f64; 2])) { (x.sin(), (x.cos(), [x, x * x])) } } (x) at x = 0.5);
    pullback!({ #[grad] fn f(x: &[f64]) -> (Vec<f64>, Vec<f64>) { (x.iter().map(|v| v.sin()).collect(), x.iter().map(|v| v.cos()).collect()) } } (&x) at x = x());
    pullback!({ #[grad] fn f(x: &[f64]) -> (f64, f64) { x.iter().fold((0.0, 1.0), |(s, p), v| (s + v, p * v)) } } (&x) at x = x());
    #[grad]
    fn counted(x: &[f64], n: usize) -> (f64, usize) {
        (x[n] * x[n], n + 1)
    }
    assert_eq!(counted_vjp(&[1.0, 3.0], 1, 2.0), ((9.0, 2), vec![0.0, 12.0]));
    #[grad]
    fn flagged(x: f64) -> ([f64; 2], bool) {
        ([x, x * x], x > 1.0)
    }
    assert_eq!(flagged_vjp(3.0, &[1.0, 1.0]), (([3.0, 9.0], true), 7.0));
}

#[test]
fn parameters_as_results() {
    gradient!({ #[grad] fn f(x: f64) -> f64 { x } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: &f64) -> f64 { *x } } (&x) at x = 0.5);
    pullback!({ #[grad] fn f(x: [f64; 4]) -> [f64; 4] { x } } (x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> [f64; 4] { *x } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x.to_vec() } } (&x) at x = x(); (&x) at x = Vec::<f64>::new());
    pullback!({ #[grad] fn f(x: Vec<f64>) -> Vec<f64> { x } } (x) at x = x());
    pullback!({ #[grad] fn f(w: &[Vec<f64>]) -> Vec<Vec<f64>> { w.to_vec() } } (&w) at w = rows());
    pullback!({ #[grad] fn f(x: f64, y: &[f64; 4]) -> (f64, [f64; 4], f64) { (x, *y, x) } } (x, &y) at x = 0.5, y = X);
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> ([f64; 4], [f64; 4]) { (*x, *x) } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: &[f64]) -> (Vec<f64>, Vec<f64>) { let y: Vec<f64> = x.iter().map(|v| v * v).collect(); (y.clone(), y) } } (&x) at x = x());
}

#[test]
fn unused_parts() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x[1] } } (&x) at x = x());
    gradient!({ #[grad] fn f(w: &[[f64; 3]; 2]) -> f64 { w[1].iter().sum() } } (&w) at w = W);
    gradient!({ #[grad] fn f(w: &[Vec<f64>]) -> f64 { w[1][0] * w[1][0] } } (&w) at w = rows());
    pullback!({ #[grad] fn f(x: &[f64; 4]) -> [f64; 3] { [x[0], 1.0, 0.0] } } (&x) at x = X);
    pullback!({ #[grad] fn f(x: f64) -> [[f64; 2]; 2] { [[x, 0.0], [1.0, x * x]] } } (x) at x = 0.5);
    pullback!({ #[grad] fn f(x: f64) -> (f64, f64) { (x, 3.0) } } (x) at x = 0.5);
    pullback!({ #[grad] fn f(x: f64) -> ([f64; 2], [f64; 2]) { ([x; 2], [3.0; 2]) } } (x) at x = 0.5);
    pullback!({ #[grad] fn f(x: f64, n: usize) -> Vec<f64> { vec![x; n] } } (x, 3) at x = 0.5; (x, 0) at x = 0.5);
    pullback!({ #[grad] fn f(x: f64) -> Vec<f64> { vec![x, x * x, 1.0] } } (x) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, _unused: f64, _n: usize) -> f64 { x * x } } (x, 3.0, 2) at x = 0.5);
    gradient!({ #[grad] fn f(x: f64, _scale: &[f64]) -> f64 { x * _scale[0] } } (x, &[3.0]) at x = 0.5);
}

#[test]
fn lengths() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { x.iter().sum::<f64>() / x.len() as f64 } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { if x.is_empty() { 1.0 } else { x[x.len() - 1] } } } (&x) at x = x(); (&x) at x = Vec::<f64>::new());
    gradient!({ #[grad] fn f(w: &[Vec<f64>]) -> f64 { w[0][0] * (w.len() * w[0].len()) as f64 } } (&w) at w = rows());
    gradient!({ #[grad] fn f(x: [f64; 0]) -> f64 { x.iter().sum() } } (x) at x = [0.0; 0]);
    pullback!({ #[grad] fn f<const N: usize>(x: [f64; N]) -> [f64; N] { x.map(|v| v * v) } } (x) at x = [0.0; 0]; (x) at x = X);
    gradient!({ #[grad] fn f<const N: usize, const M: usize>(w: &[[f64; N]; M]) -> f64 { w.iter().map(|r| r.iter().sum::<f64>().powi(N as i32)).sum() } }
        (&w) at w = W; (&w) at w = [[0.0; 3]; 0]; (&w) at w = [[0.0; 0]; 2]);
    pullback!({ #[grad] fn f(x: &[f64]) -> Vec<f64> { x[1..3].iter().map(|v| v * v).collect() } } (&x) at x = x());
    gradient!({ #[grad] fn f(x: &[f64], n: usize) -> f64 { x[..n].iter().sum::<f64>() * x[n..].iter().product::<f64>() } } (&x, 2) at x = x(); (&x, 0) at x = x(); (&x, 4) at x = x());
}
