//! Loops over arrays, and arrays that are changed element by element.

use grad::grad;
use ndarray::{Array1, Array2};

use crate::check::check;
use crate::{matrix, vector};

#[grad]
fn upper(a: &Array2<f64>) -> f64 {
    let (n, m) = a.dim();
    let mut s = 0.0;
    for i in 0..n {
        for j in 0..m {
            if i > j {
                continue;
            }
            s += a[[i, j]] * a[(i, j)];
        }
    }
    s
}

#[grad]
fn downwards(a: &Array2<f64>) -> f64 {
    let mut b = a.clone();
    for i in 1..b.nrows() {
        for j in 0..b.ncols() {
            b[[i, j]] += b[[i - 1, j]] * a[[i, j]];
        }
    }
    b.sum()
}

#[grad]
fn filled(a: &Array2<f64>) -> f64 {
    let mut b = Array2::<f64>::zeros((2, 3));
    for i in 0..2 {
        for j in 0..3 {
            b[[i, j]] = a[[i, j]].sin() * (i + j) as f64;
        }
    }
    let mut s = 0.0;
    for row in b.rows() {
        for v in row {
            s += v * v;
        }
    }
    s
}

#[grad]
fn repeated(x: &Array1<f64>) -> f64 {
    let mut y = x.clone();
    let mut s = 0.0;
    for k in 0..3 {
        for i in 0..y.len() {
            y[i] = y[i] * x[i] + k as f64;
        }
        s += y.sum();
    }
    s
}

#[grad]
fn collected(x: &Array1<f64>) -> f64 {
    let mut v = Vec::new();
    for a in x.iter() {
        assert!(a.is_finite(), "{a}");
        v.push(a * a);
    }
    let mut s = 1.0;
    for a in &v {
        s *= a + 1.0;
    }
    s
}

#[grad]
fn rows(a: &Array2<f64>) -> f64 {
    let mut b = a.clone();
    for mut row in b.rows_mut() {
        for v in row.iter_mut() {
            *v *= 2.0;
        }
    }
    b.row_mut(0).fill(1.5);
    for v in b.iter_mut() {
        *v += 1.0;
    }
    (&b * a).sum()
}

#[grad]
fn all_axes(a: &Array2<f64>) -> f64 {
    let mut s = 0.0;
    for (i, row) in a.rows().into_iter().enumerate() {
        s += row.sum() * row[0] * i as f64;
    }
    for ((i, j), v) in a.indexed_iter() {
        s = 0.5 * s + v * v * (i * j) as f64;
    }
    for v in a {
        s += v.cos();
    }
    s
}

#[test]
fn loops() {
    let (a, x) = (matrix(2, 3), vector(4));
    check!(upper, upper_grad, [a], (&a));
    check!(downwards, downwards_grad, [a], (&a));
    check!(filled, filled_grad, [a], (&a));
    check!(repeated, repeated_grad, [x], (&x));
    check!(collected, collected_grad, [x], (&x));
    check!(rows, rows_grad, [a], (&a));
    check!(all_axes, all_axes_grad, [a], (&a));
}
