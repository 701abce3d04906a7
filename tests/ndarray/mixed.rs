//! Arrays among iterators, closures, branches and fixed arrays.

use grad::{grad, nn};
use ndarray::{Array1, Array2, Array3, ArrayView1, ArrayView2, Axis};

use crate::check::check;
use crate::{cube, matrix, other, vector};

#[grad]
fn rows_zipped(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    a.rows().into_iter().zip(b.rows()).map(|(x, y)| x.dot(&y).tanh()).sum()
}

#[grad]
fn rows_numbered(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    a.outer_iter().enumerate().map(|(i, row)| row.iter().zip(x).map(|(p, q)| p * q).sum::<f64>() * x[i]).sum()
}

#[grad]
fn element_of_product(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let c = a.dot(b);
    c[[0, 1]] * c[[1, 0]] + c.row(0).sum() + c.t().row(1)[0]
}

#[grad]
fn branches(a: &Array2<f64>, flip: bool) -> Array2<f64> {
    let b = if flip { a * 2.0 } else { a.mapv(f64::sin) };
    &b * a
}

#[grad]
fn guarded(x: &Array1<f64>) -> f64 {
    let s = x.sum();
    if s > 0.0 { x.dot(x) / s } else { x.mapv(|v| (v - s).powi(2)).sum().sqrt() }
}

#[grad]
fn helper_closures(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let layer = |h: &Array1<f64>| a.dot(h).mapv(f64::tanh);
    layer(&layer(x)).sum()
}

#[grad]
fn norms(a: &Array2<f64>) -> Array1<f64> {
    a.map_axis(Axis(0), |column| column.mapv(|v| v * v).sum().sqrt())
}

#[grad]
fn normalised(a: &Array2<f64>) -> Array2<f64> {
    let norm = a.map_axis(Axis(1), |row| row.dot(&row).sqrt());
    a / &norm.insert_axis(Axis(1))
}

#[grad]
fn distances(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    Array2::from_shape_fn((a.nrows(), b.nrows()), |(i, j)| {
        let d = &a.row(i) - &b.row(j);
        d.dot(&d)
    })
}

#[grad]
fn kernel(a: &Array2<f64>, gamma: f64) -> Array2<f64> {
    let squares = (a * a).sum_axis(Axis(1));
    let cross = a.dot(&a.t());
    let d = &squares.view().insert_axis(Axis(1)) + &squares.view().insert_axis(Axis(0)) - 2.0 * cross;
    (-gamma * d).exp()
}

#[test]
fn surroundings() {
    let (a, b, x) = (matrix(3, 3), other(3, 3), vector(3));
    check!(rows_zipped, rows_zipped_grad, [a, b], (&a, &b));
    check!(rows_numbered, rows_numbered_grad, [a, x], (&a, &x));
    check!(element_of_product, element_of_product_grad, [a, b], (&a, &b));
    for flip in [true, false] {
        check!(branches, branches_vjp, [a], (&a, flip), |d| &d);
    }
    check!(guarded, guarded_grad, [x], (&x));
    let y = -&x;
    check!(guarded, guarded_grad, [y], (&y));
    check!(helper_closures, helper_closures_grad, [a, x], (&a, &x));
    check!(norms, norms_vjp, [a], (&a), |d| &d);
    check!(normalised, normalised_vjp, [a], (&a), |d| &d);
    check!(distances, distances_vjp, [a, b], (&a, &b), |d| &d);
    let s = 0.3;
    check!(kernel, kernel_vjp, [a, s], (&a, s), |d| &d);
}

#[grad]
fn fixed_and_dynamic(w: &[[f64; 3]; 2], x: ArrayView1<f64>, s: &[f64]) -> [f64; 2] {
    std::array::from_fn(|i| w[i].iter().zip(&x).map(|(w, x)| w * x).sum::<f64>() * s[i])
}

#[grad]
fn to_vectors(a: &Array2<f64>) -> Vec<f64> {
    let v = a.row(0).to_vec();
    v.iter().zip(a.column(1).to_vec()).map(|(p, q)| p * q + 1.0).collect()
}

#[grad(skip(weights))]
fn inactive(x: &Array1<f64>, weights: &Array1<f64>, counts: &Array1<usize>, _noise: f64) -> f64 {
    let scale = counts.sum() as f64;
    (x * weights).sum() / scale + x.iter().zip(counts).map(|(x, &c)| x * x * c as f64).sum::<f64>() * _noise
}

#[grad]
fn scalars_out(a: &Array2<f64>) -> (f64, f64, usize) {
    (a.sum(), a.mean().unwrap(), a.len())
}

#[grad]
fn stopped(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let p = nn::softmax(&a.dot(x));
    (nn::stop_gradient(&p) * &p).sum()
}

#[test]
fn neighbours() {
    let (w, x, s) = ([[0.1, 0.2, 0.3], [-0.5, 0.7, 0.2]], vector(3), vec![0.5, -0.3]);
    check!(fixed_and_dynamic, fixed_and_dynamic_vjp, [w, x, s], (&w, x.view(), &s), |d| &d);
    let a = matrix(2, 2);
    check!(to_vectors, to_vectors_vjp, [a], (&a), |d| &d);
    let (v, n) = (vector(3) + 1.0, ndarray::arr1(&[1, 2, 3]));
    check!(inactive, inactive_grad, [x], (&x, &v, &n, 0.7));
    let (y, d) = scalars_out_vjp(&a, (1.0, 4.0));
    assert_eq!((y, d), (scalars_out(&a), Array2::from_elem((2, 2), 2.0)));
    let (a, x) = (matrix(3, 2), vector(2));
    let (y, (d, _)) = stopped_grad(&a, &x);
    let h = 1e-6;
    let p = nn::softmax(&a.dot(&x));
    let along = |e: f64| {
        let mut a = a.clone();
        a[[0, 1]] += e;
        (&p * &nn::softmax(&a.dot(&x))).sum()
    };
    assert!((y - along(0.0)).abs() < 1e-15);
    assert!((d[[0, 1]] - (along(h) - along(-h)) / (2.0 * h)).abs() < 1e-9);
}

#[grad]
fn three(c: &Array3<f64>, w: ArrayView2<f64>) -> f64 {
    c.outer_iter().map(|part| part.dot(&w).mapv(|v| v.max(0.0)).sum()).sum::<f64>() + c.mapv(f64::sin).sum()
}

#[grad]
fn batched_softmax(c: &Array3<f64>) -> Array3<f64> {
    nn::softmax(c)
}

#[grad]
fn batched_logsumexp(c: &Array3<f64>) -> Array2<f64> {
    nn::logsumexp(c) * c.sum_axis(Axis(2))
}

#[test]
fn three_axes() {
    let (c, w) = (cube(2, 3, 4), matrix(4, 2));
    check!(three, three_grad, [c, w], (&c, w.view()));
    check!(batched_softmax, batched_softmax_vjp, [c], (&c), |d| &d);
    check!(batched_logsumexp, batched_logsumexp_vjp, [c], (&c), |d| &d);
}

#[grad]
fn running_products(a: &Array2<f64>) -> f64 {
    a.iter().fold(1.0, |p, v| p * (1.0 + v * v))
        + a.rows().into_iter().fold(0.5, |s, row| (s * row.sum()).sin())
}

#[grad]
fn power_iteration(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
    let y = (0..4).fold(x.to_owned(), |x, _| {
        let y = a.dot(&x);
        let n = y.dot(&y).sqrt();
        y / n
    });
    y.dot(&a.dot(&y))
}

#[test]
fn folds() {
    let (a, x) = (matrix(3, 3), vector(3));
    check!(running_products, running_products_grad, [a], (&a));
    check!(power_iteration, power_iteration_grad, [a, x], (&a, &x));
}
