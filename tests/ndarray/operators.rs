//! Operators in every combination of owned arrays, references, views and numbers, and their broadcasting.

use grad::grad;
use ndarray::{Array1, Array2, Array3, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, ArrayView3, Axis, arr1};

use crate::check::check;
use crate::{cube, matrix, other, vector};

#[grad]
fn owned(a: Array2<f64>, b: Array2<f64>) -> Array2<f64> {
    a * b
}

#[grad]
fn owned_and_reference(a: Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    let c = b - &a;
    a / (c * 0.1 + 3.0)
}

#[grad]
fn reference_and_owned(a: &Array2<f64>, b: Array2<f64>) -> Array2<f64> {
    a + b
}

#[grad]
fn references(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    &(a * b) - &(a + b)
}

#[grad]
fn views(a: ArrayView2<f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
    &a * &b + &a - &b / 4.0
}

#[grad]
fn view_references(a: &ArrayView2<f64>, b: &ArrayView1<f64>) -> Array2<f64> {
    a * b - b
}

#[grad]
fn array_refs(a: &ArrayRef2<f64>, b: &ArrayRef1<f64>) -> Array2<f64> {
    a * b + a
}

#[test]
fn arrays() {
    let (a, b, x) = (matrix(2, 3), other(2, 3), vector(3));
    check!(owned, owned_vjp, [a, b], (a.clone(), b.clone()), |d| &d);
    check!(owned_and_reference, owned_and_reference_vjp, [a, b], (a.clone(), &b), |d| &d);
    check!(reference_and_owned, reference_and_owned_vjp, [a, b], (&a, b.clone()), |d| &d);
    check!(references, references_vjp, [a, b], (&a, &b), |d| &d);
    check!(views, views_vjp, [a, b], (a.view(), b.view()), |d| &d);
    check!(view_references, view_references_vjp, [a, x], (&a.view(), &x.view()), |d| &d);
    check!(array_refs, array_refs_vjp, [a, x], (&a, &x), |d| &d);
}

#[grad]
fn scalar_right(a: &Array2<f64>, s: f64) -> Array2<f64> {
    (a + s) * s - (a - s) / (s * s + 1.0)
}

#[grad]
fn scalar_left(a: &Array1<f64>, s: f64) -> Array1<f64> {
    s * a + (s - a) * 2.0 - s / (3.0 + a) + 1.0 / (2.0 - a)
}

#[grad]
fn scalar_and_owned(a: Array1<f64>, s: f64) -> Array1<f64> {
    2.0 * a * s
}

#[grad]
fn remainder(a: &Array1<f64>) -> Array1<f64> {
    a * 10.0 % 3.0
}

#[grad]
fn negated(a: &Array2<f64>) -> Array2<f64> {
    -a + -(a * a)
}

#[grad]
fn negated_owned(a: Array1<f64>) -> Array1<f64> {
    -a
}

#[grad]
fn sum_of_scalar_terms(a: &Array2<f64>, s: &f64) -> f64 {
    (a * *s).sum() * s
}

#[test]
fn numbers() {
    let (a, x, s) = (matrix(2, 3), vector(4), 0.7);
    check!(scalar_right, scalar_right_vjp, [a, s], (&a, s), |d| &d);
    check!(scalar_left, scalar_left_vjp, [x, s], (&x, s), |d| &d);
    check!(scalar_and_owned, scalar_and_owned_vjp, [x, s], (x.clone(), s), |d| &d);
    check!(remainder, remainder_vjp, [x], (&x), |d| &d);
    check!(negated, negated_vjp, [a], (&a), |d| &d);
    check!(negated_owned, negated_owned_vjp, [x], (x.clone()), |d| &d);
    check!(sum_of_scalar_terms, sum_of_scalar_terms_grad, [a, s], (&a, &s));
}

#[grad]
fn row_vector(a: &Array2<f64>, x: &Array1<f64>) -> Array2<f64> {
    a * x + x
}

#[grad]
fn outer(x: &Array1<f64>, y: &Array1<f64>) -> Array2<f64> {
    &x.view().insert_axis(Axis(1)) * &y.view().insert_axis(Axis(0))
}

#[grad]
fn column_vector(a: &Array2<f64>, y: &Array1<f64>) -> Array2<f64> {
    a / &y.view().insert_axis(Axis(1)) - y.to_owned().insert_axis(Axis(1))
}

#[grad]
fn one_row(a: &Array2<f64>, y: f64) -> Array2<f64> {
    a * &Array2::from_elem((1, 3), y) + Array2::<f64>::ones((2, 1))
}

#[grad]
fn three_axes(a: &Array3<f64>, b: &Array2<f64>, x: ArrayView1<f64>) -> Array3<f64> {
    a * b + &x
}

#[grad]
fn cubes(a: ArrayView3<f64>, b: Array3<f64>) -> Array3<f64> {
    &a * &b - b * 2.0
}

#[test]
fn broadcasting() {
    let (a, x, y) = (matrix(2, 3), vector(3), arr1(&[1.5, -0.5]));
    check!(row_vector, row_vector_vjp, [a, x], (&a, &x), |d| &d);
    check!(outer, outer_vjp, [x, y], (&x, &y), |d| &d);
    check!(column_vector, column_vector_vjp, [a, y], (&a, &y), |d| &d);
    let s = 0.3;
    check!(one_row, one_row_vjp, [a, s], (&a, s), |d| &d);
    let (c, e) = (cube(4, 2, 3), cube(4, 2, 3) + 1.0);
    check!(three_axes, three_axes_vjp, [c, a, x], (&c, &a, x.view()), |d| &d);
    check!(cubes, cubes_vjp, [c, e], (c.view(), e.clone()), |d| &d);
}

#[grad]
fn pair(a: &Array2<f64>, x: &Array1<f64>) -> (Array2<f64>, Array1<f64>) {
    let b = a * x;
    let s = b.sum_axis(Axis(0));
    (b, s)
}

#[grad]
fn triple(a: &Array3<f64>, s: f64) -> (f64, Array3<f64>, Array2<f64>) {
    (a.sum() * s, a * s, a.sum_axis(Axis(1)))
}

#[test]
fn tuples() {
    let (a, x) = (matrix(2, 3), vector(3));
    check!(pair, pair_vjp, [a, x], (&a, &x), |(d, e)| (&d, &e));
    let (c, s) = (cube(2, 2, 2), 1.5);
    check!(triple, triple_vjp, [c, s], (&c, s), |(d, e, f)| (d, &e, &f));
}
