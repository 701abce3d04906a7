//! Names of the user's that generated code would like to have itself.
#![deny(warnings)]

use grad::grad;

/// In a module of their own: elsewhere, no `let` could have the name of such a constant.
mod lower_case {
    use grad::grad;

    const BUFFER: f64 = 2.0;
    #[allow(non_upper_case_globals)]
    const sum: f64 = 3.0;
    #[allow(non_upper_case_globals)]
    const t: f64 = 0.5;
    #[allow(non_upper_case_globals)]
    const d_x: f64 = 0.25;

    #[grad]
    pub fn constants(x: &[f64]) -> f64 {
        x.iter().map(|x| (x * sum).exp() * t + d_x * x.sin()).sum::<f64>() * BUFFER
    }
}

#[grad]
#[allow(clippy::too_many_arguments)]
pub fn parameters(t_2: f64, e: f64, i: f64, y: f64, x_len: f64, d_y: f64, x: &[f64], buffer: &[f64]) -> f64 {
    let scale = (t_2 * e + i).exp() * y + x_len * d_y;
    x.iter().zip(buffer).map(|(a, b)| (a * b * scale).tanh()).sum()
}

#[grad]
pub fn pullback(y: &[f64], d_y: &[f64]) -> Vec<f64> {
    y.iter().zip(d_y).map(|(y, d_y)| y * d_y).collect()
}

#[grad]
pub fn keywords(r#type: f64, r#fn: &[f64]) -> f64 {
    r#type * r#fn.iter().map(|r#loop| r#loop * r#loop).sum::<f64>()
}

#[grad]
pub fn r#match(x: f64) -> f64 {
    x * x
}

#[grad(name = slope)]
pub fn steep(x: f64) -> f64 {
    x.powi(3)
}

#[grad]
pub fn patterns([a, b]: [f64; 2], x: f64, _: u8) -> f64 {
    a * b * x
}

#[grad]
#[allow(non_snake_case)]
pub fn Capital(W: &[[f64; 2]; 2], X: [f64; 2]) -> [f64; 2] {
    W.map(|row| row[0] * X[0] + row[1] * X[1])
}

fn main() {
    assert_eq!(keywords_grad(2.0, &[3.0]), (18.0, (9.0, vec![12.0])));
    assert_eq!(match_grad(3.0), (9.0, 6.0));
    assert_eq!(slope_grad(2.0), (8.0, 12.0));
    assert_eq!(patterns_grad([2.0, 3.0], 4.0, 0), (24.0, ([12.0, 8.0], 6.0)));
    assert_eq!(pullback_vjp(&[2.0], &[3.0], &[1.0]), (vec![6.0], (vec![3.0], vec![2.0])));
    let (value, gradient) = lower_case::constants_grad(&[0.5]);
    assert_eq!(value, lower_case::constants(&[0.5]));
    let expected = 2.0 * (3.0 * 0.5_f64.mul_add(3.0, 0.0).exp() * 0.5 + 0.25 * 0.5_f64.cos());
    assert!((gradient[0] - expected).abs() < 1e-12);
    let (value, _) = parameters_grad(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, &[0.7], &[0.8]);
    assert_eq!(value, parameters(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, &[0.7], &[0.8]));
    let (_, (d_w, _)) = Capital_vjp(&[[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], &[1.0, 0.0]);
    assert_eq!(d_w, [[5.0, 6.0], [0.0, 0.0]]);
}
