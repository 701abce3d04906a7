//! Elements, rows, columns, transposes, extents as numbers, copies and constructors.

use grad::grad;
use ndarray::{Array, Array1, Array2, Array3, ArrayView1, ArrayView2, Axis, arr1, array, s};

use crate::check::check;
use crate::{cube, matrix, vector};

#[grad]
fn elements(a: &Array2<f64>, x: &Array1<f64>, c: &Array3<f64>) -> f64 {
    a[[0, 1]] * a[(1, 2)] + x[2] * x[0] * x[[1]] + c[[1, 0, 2]].sin() * a[[0, 1]]
}

#[grad]
fn chosen(a: &Array2<f64>, i: usize, j: usize) -> f64 {
    a[[i, j]] * a[[i, 0]] + a[[i, a.ncols() - 1]]
}

#[grad]
fn rows_and_columns(a: &Array2<f64>) -> f64 {
    a.row(1).dot(&a.row(0)) + a.column(0).sum() * a.column(2).mapv(f64::exp).sum() + a.row(0)[1]
}

#[grad]
fn parts(c: &Array3<f64>) -> Array2<f64> {
    c.index_axis(Axis(0), 1).to_owned() * c.index_axis(Axis(0), 0) + c.index_axis(Axis(2), 0).sum()
}

#[grad]
fn extents(a: &Array2<f64>, c: &Array3<f64>) -> f64 {
    let (m, n) = a.dim();
    let (l, _, k) = c.dim();
    let count =
        a.nrows() + 10 * a.ncols() + 100 * a.len() + 3 * m * n + a.shape()[1] + l * k + a.len_of(Axis(0));
    a.sum() * count as f64 + c[[0, 0, 0]] * c.len() as f64
}

#[grad]
fn copies(x: &Array1<f64>) -> Array1<f64> {
    let y = x.to_owned();
    let z = y.clone();
    y.view().mapv(|v| v * v) + z.into_owned() * x.view()
}

#[grad]
fn transposed(a: &Array2<f64>) -> Array2<f64> {
    let b = a.t();
    let c = &b * &b;
    c.reversed_axes()
}

#[grad]
fn transposed_result(a: ArrayView2<f64>) -> Array2<f64> {
    a.t().mapv(f64::cos)
}

#[grad]
fn diagonal(a: &Array2<f64>) -> f64 {
    a.diag().sum() + a.diag().mapv(|v| v * v).sum()
}

#[test]
fn indices() {
    let (a, x, c) = (matrix(2, 3), vector(3), cube(2, 2, 3));
    check!(elements, elements_grad, [a, x, c], (&a, &x, &c));
    check!(chosen, chosen_grad, [a], (&a, 1, 1));
    check!(chosen, chosen_grad, [a], (&a, 1, 0));
    check!(rows_and_columns, rows_and_columns_grad, [a], (&a));
    check!(parts, parts_vjp, [c], (&c), |d| &d);
    check!(extents, extents_grad, [a, c], (&a, &c));
    check!(copies, copies_vjp, [x], (&x), |d| &d);
    check!(transposed, transposed_vjp, [a], (&a), |d| &d);
    check!(transposed_result, transposed_result_vjp, [a], (a.view()), |d| &d);
    check!(diagonal, diagonal_grad, [a], (&a));
}

#[grad]
fn built(x: &Array1<f64>, y: f64) -> Array2<f64> {
    let n = x.len();
    let a = Array::from_shape_fn((n, 2), |(i, j)| x[i] * (j + 1) as f64 + y);
    let b: Array2<f64> = Array2::ones((n, 2));
    a * b * 2.0 + Array2::<f64>::zeros((n, 2)) + Array2::from_elem((n, 1), y)
}

#[grad]
fn literal(x: f64, y: f64) -> Array2<f64> {
    array![[x, x * y], [1.0, y]] * arr1(&[y, 2.0])
}

#[grad]
fn from_vector(x: &Array1<f64>) -> Array1<f64> {
    Array1::from_vec(x.iter().map(|v| v * v).collect()) + Array1::from_iter(x.iter().map(|v| v.sin()))
}

#[grad]
fn identity(x: &Array1<f64>) -> Array2<f64> {
    Array2::<f64>::eye(3) * x + Array2::from_diag(x)
}

#[grad]
fn to_slice(x: &[f64], y: &[f64; 3]) -> Array1<f64> {
    Array1::from_vec(x.to_vec()) * ArrayView1::from(y)
}

#[grad]
fn to_nested(x: &Array1<f64>, a: &Array2<f64>) -> Vec<f64> {
    a.rows().into_iter().map(|row| row.dot(x)).collect()
}

#[grad]
fn to_array(x: ArrayView1<f64>) -> [f64; 2] {
    [x.sum(), x[0] * x[1]]
}

#[test]
fn constructors() {
    let (x, s) = (vector(3), 0.4);
    check!(built, built_vjp, [x, s], (&x, s), |d| &d);
    let t = 1.4;
    check!(literal, literal_vjp, [s, t], (s, t), |d| &d);
    check!(from_vector, from_vector_vjp, [x], (&x), |d| &d);
    check!(identity, identity_vjp, [x], (&x), |d| &d);
    let (u, v) = (vec![1.0, 2.0, 0.5], [0.1, 0.2, -0.3]);
    check!(to_slice, to_slice_vjp, [u, v], (&u, &v), |d| &d);
    let a = matrix(2, 3);
    check!(to_nested, to_nested_vjp, [x, a], (&x, &a), |d| &d);
    check!(to_array, to_array_vjp, [x], (x.view()), |d| &d);
}

#[test]
fn arguments_in_any_order_of_memory() {
    let (a, x) = (matrix(6, 4), vector(9));
    let turned = a.slice(s![..;3, ..;-2]);
    let turned = turned.t();
    let plain = turned.as_standard_layout().into_owned();
    let d = matrix(2, 2);
    assert_eq!(transposed_result_vjp(turned, &d), transposed_result_vjp(plain.view(), &d));
    let fortran = a.t().as_standard_layout().into_owned().reversed_axes();
    assert!(!fortran.is_standard_layout());
    assert_eq!(rows_and_columns_grad(&fortran), rows_and_columns_grad(&a));
    let part = x.slice(s![1..;-3]);
    assert_eq!(to_array_vjp(part, &[1.0, 2.0]), to_array_vjp(part.to_owned().view(), &[1.0, 2.0]));
}
