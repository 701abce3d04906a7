//! `dot` of vectors and matrices, transposed or not, small and large.

use grad::grad;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, s};

use crate::check::check;
use crate::{matrix, other, vector};

#[grad]
fn vectors(x: &Array1<f64>, y: &Array1<f64>) -> f64 {
    x.dot(y)
}

#[grad]
fn square(x: ArrayView1<f64>) -> f64 {
    x.dot(&x)
}

#[grad]
fn matrix_vector(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
    a.dot(x)
}

#[grad]
fn transposed_vector(a: &Array2<f64>, x: ArrayView1<f64>) -> Array1<f64> {
    a.t().dot(&x)
}

#[grad]
fn vector_matrix(x: &Array1<f64>, a: ArrayView2<f64>) -> Array1<f64> {
    x.dot(&a)
}

#[grad]
fn vector_transposed(x: &Array1<f64>, a: &Array2<f64>) -> Array1<f64> {
    x.dot(&a.t())
}

#[grad]
fn quadratic(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    x.dot(&a.dot(x))
}

#[test]
fn with_vectors() {
    let (a, x, y) = (matrix(2, 3), vector(3), vector(2));
    let z = &x * 2.0 - 0.3;
    check!(vectors, vectors_grad, [x, z], (&x, &z));
    check!(square, square_grad, [x], (x.view()));
    check!(matrix_vector, matrix_vector_vjp, [a, x], (&a, &x), |d| &d);
    check!(transposed_vector, transposed_vector_vjp, [a, y], (&a, y.view()), |d| &d);
    check!(vector_matrix, vector_matrix_vjp, [y, a], (&y, a.view()), |d| &d);
    check!(vector_transposed, vector_transposed_vjp, [x, a], (&x, &a), |d| &d);
    let b = matrix(3, 3);
    check!(quadratic, quadratic_grad, [b, x], (&b, &x));
}

#[grad]
fn plain(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(b)
}

#[grad]
fn right(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(&b.t())
}

#[grad]
fn left(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.t().dot(b)
}

#[grad]
fn both(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.t().dot(&b.t())
}

#[grad]
fn outside(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(b).t().to_owned()
}

#[grad]
fn gram(a: &Array2<f64>) -> Array2<f64> {
    a.t().dot(a)
}

#[grad]
fn chain(a: &Array2<f64>, b: &Array2<f64>, c: &Array2<f64>) -> f64 {
    a.dot(b).dot(c).mapv(f64::sin).sum()
}

#[grad]
fn affine(x: ArrayView2<f64>, w: ArrayView2<f64>, b: ArrayView1<f64>) -> Array2<f64> {
    x.dot(&w.t()) + &b
}

#[grad]
fn scaled(a: &Array2<f64>, b: &Array2<f64>, s: f64) -> Array2<f64> {
    (a * s).dot(&(b + s)) * s
}

#[test]
fn of_matrices() {
    for (m, k, n) in [(2, 3, 4), (1, 3, 2), (3, 1, 2), (2, 3, 1), (1, 1, 1)] {
        let (a, b) = (matrix(m, k), other(k, n));
        check!(plain, plain_vjp, [a, b], (&a, &b), |d| &d);
        check!(outside, outside_vjp, [a, b], (&a, &b), |d| &d);
        check!(gram, gram_vjp, [a], (&a), |d| &d);
        let s = 0.6;
        check!(scaled, scaled_vjp, [a, b, s], (&a, &b, s), |d| &d);
        let c = matrix(n, 2);
        check!(chain, chain_grad, [a, b, c], (&a, &b, &c));
        let b = other(n, k);
        check!(right, right_vjp, [a, b], (&a, &b), |d| &d);
        let x = vector(n);
        check!(affine, affine_vjp, [a, b, x], (a.view(), b.view(), x.view()), |d| &d);
        let (a, b) = (matrix(k, m), other(k, n));
        check!(left, left_vjp, [a, b], (&a, &b), |d| &d);
        let b = other(n, k);
        check!(both, both_vjp, [a, b], (&a, &b), |d| &d);
    }
}

/// With finite differences along some coordinates only.
#[test]
fn large() {
    let (a, b, d) = (matrix(70, 40), other(40, 30), matrix(70, 30) + 0.1);
    let close = |x: &Array2<f64>, y: &Array2<f64>| {
        assert_eq!(x.dim(), y.dim());
        assert!((x - y).iter().all(|e| e.abs() < 1e-12));
    };
    let (y, (d_a, d_b)) = plain_vjp(&a, &b, &d);
    close(&y, &a.dot(&b));
    close(&d_a, &d.dot(&b.t()));
    close(&d_b, &a.t().dot(&d));
    let turned = b.t().to_owned();
    let (y, (d_a, d_b)) = right_vjp(&a, &turned, &d);
    close(&y, &a.dot(&b));
    close(&d_a, &d.dot(&b.t()));
    close(&d_b, &d.t().dot(&a));
    let turned = a.t().to_owned();
    let (y, (d_a, d_b)) = left_vjp(&turned, &b, &d);
    close(&y, &a.dot(&b));
    close(&d_a, &b.dot(&d.t()));
    close(&d_b, &a.t().dot(&d));
}

#[test]
fn views_in_any_order_of_memory() {
    let (tall, wide, x) = (matrix(3, 8), other(5, 6), vector(10));
    let (a, b) = (tall.t(), wide.slice(s![..;2, ..;-2]));
    let b = b.t();
    assert!(!a.is_standard_layout() && !b.is_standard_layout());
    let d = matrix(8, 3);
    let x = x.slice(s![..;-4]);
    let found = affine_vjp(a, b.slice(s![.., ..]), x, &d.slice(s![..;-1, ..]).to_owned());
    let (a, b, x) = (a.to_owned(), b.to_owned(), x.to_owned());
    let expected = affine_vjp(
        a.as_standard_layout().view(),
        b.as_standard_layout().view(),
        x.view(),
        &d.slice(s![..;-1, ..]).to_owned(),
    );
    assert_eq!(found, expected);
    // A cotangent in any order of memory.
    let y = plain_vjp(&a, &b.t().to_owned(), &d.t().to_owned().reversed_axes());
    assert_eq!(y, plain_vjp(&a, &b.t().as_standard_layout().to_owned(), &d));
}
