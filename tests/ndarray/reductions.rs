//! Sums and means over all elements or along an axis.

use grad::grad;
use ndarray::{Array1, Array2, Array3, ArrayView2, Axis};

use crate::check::check;
use crate::{cube, matrix, vector};

#[grad]
fn total(a: &Array2<f64>) -> f64 {
    a.sum() * a.sum()
}

#[grad]
fn mean(a: ArrayView2<f64>) -> f64 {
    let m = a.mean().unwrap();
    (&a - m).mapv(|v| v * v).mean().expect("elements")
}

#[grad]
fn cube_mean(a: &Array3<f64>) -> f64 {
    (a * a).mean().unwrap() + a.sum()
}

#[grad]
fn along_rows(a: &Array2<f64>) -> Array1<f64> {
    let s = a.sum_axis(Axis(1));
    &s * &s
}

#[grad]
fn along_columns(a: &Array2<f64>) -> Array1<f64> {
    (a * a).sum_axis(Axis(0)) * a.mean_axis(Axis(0)).unwrap()
}

#[grad]
fn of_cube(a: &Array3<f64>) -> (Array2<f64>, Array2<f64>, Array2<f64>) {
    (a.sum_axis(Axis(0)), a.mean_axis(Axis(1)).unwrap(), (a * a).sum_axis(Axis(2)))
}

#[grad]
fn centred(a: &Array2<f64>) -> Array2<f64> {
    let mean = a.mean_axis(Axis(0)).unwrap();
    a - &mean
}

#[grad]
fn deviation(x: &Array1<f64>) -> f64 {
    let n = x.len() as f64;
    let mean = x.sum() / n;
    (x.mapv(|v| (v - mean).powi(2)).sum() / (n - 1.0)).sqrt()
}

#[test]
fn sums_and_means() {
    let (a, c, x) = (matrix(3, 4), cube(2, 3, 4), vector(5));
    check!(total, total_grad, [a], (&a));
    check!(mean, mean_grad, [a], (a.view()));
    check!(cube_mean, cube_mean_grad, [c], (&c));
    check!(along_rows, along_rows_vjp, [a], (&a), |d| &d);
    check!(along_columns, along_columns_vjp, [a], (&a), |d| &d);
    check!(of_cube, of_cube_vjp, [c], (&c), |(d, e, f)| (&d, &e, &f));
    check!(centred, centred_vjp, [a], (&a), |d| &d);
    check!(deviation, deviation_grad, [x], (&x));
}

#[grad]
fn folds(a: &Array2<f64>) -> f64 {
    let top = a.fold(f64::NEG_INFINITY, |m, &v| m.max(v));
    a.iter().map(|v| (v - top).exp()).sum::<f64>()
}

#[grad]
fn product(x: &Array1<f64>) -> f64 {
    x.product() + x.iter().map(|v| v + 2.0).product::<f64>()
}

#[grad]
fn zipped(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    a.iter().zip(b.iter()).map(|(p, q)| p * q * q).sum()
}

#[grad]
fn indexed(a: &Array2<f64>) -> f64 {
    a.indexed_iter().map(|((i, j), v)| v * v * (1 + i + 2 * j) as f64).sum()
}

#[test]
fn iterators() {
    let (a, b, x) = (matrix(2, 3), crate::other(2, 3), vector(4));
    check!(folds, folds_grad, [a], (&a));
    check!(product, product_grad, [x], (&x));
    check!(zipped, zipped_grad, [a, b], (&a, &b));
    check!(indexed, indexed_grad, [a], (&a));
}

#[grad]
fn rows(a: &Array2<f64>) -> f64 {
    a.rows().into_iter().map(|row| row.sum() * row.dot(&row)).sum()
}

#[grad]
fn outer(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
    a.outer_iter().map(|row| row.dot(x).tanh()).collect()
}

#[grad]
fn columns(a: &Array2<f64>) -> Array1<f64> {
    a.columns().into_iter().map(|column| column.mapv(f64::exp).sum().ln()).collect()
}

#[grad]
fn axes(a: &Array3<f64>) -> f64 {
    a.axis_iter(Axis(1)).map(|part| part.sum().powi(3)).sum::<f64>()
        + a.outer_iter().map(|part| part.dot(&part.t()).sum()).sum::<f64>()
}

#[test]
fn parts() {
    let (a, x, c) = (matrix(3, 4), vector(4), cube(2, 3, 4));
    check!(rows, rows_grad, [a], (&a));
    check!(outer, outer_vjp, [a, x], (&a, &x), |d| &d);
    check!(columns, columns_vjp, [a], (&a), |d| &d);
    check!(axes, axes_grad, [c], (&c));
}

#[test]
fn of_nothing() {
    let (none, no_rows, no_columns) = (vector(0), matrix(0, 3), matrix(3, 0));
    let (y, d) = total_grad(&no_rows);
    assert_eq!((y, d.dim()), (0.0, (0, 3)));
    let (y, d) = along_rows_vjp(&no_columns, &vector(3));
    assert_eq!((y, d.dim()), (Array1::zeros(3), (3, 0)));
    let (y, d) = along_rows_vjp(&no_rows, &none);
    assert_eq!((y, d.dim()), (none.clone(), (0, 3)));
    let (y, d) = centred_vjp(&no_columns, &no_columns);
    assert_eq!((y.dim(), d.dim()), ((3, 0), (3, 0)));
    let (y, d) = product_grad(&none);
    assert_eq!((y, d), (2.0, none));
}
