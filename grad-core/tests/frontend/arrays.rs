//! The `ndarray` crate.

use ndarray::{Array, Array1, Array2, Array3, ArrayView1, ArrayView2, Axis, arr1, arr2};

use crate::surface;

const TOLERANCE: f64 = 1e-14;

fn matrix() -> Array2<f64> {
    arr2(&[[0.5, -1.0, 2.0], [0.1, 0.7, -0.3]])
}

fn other() -> Array2<f64> {
    arr2(&[[1.5, 1.0, 0.25], [-0.1, 2.0, 3.0]])
}

fn vector() -> Array1<f64> {
    arr1(&[1.0, 2.0, -0.5])
}

#[test]
fn operators() {
    surface!({
        fn f(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
            a * b + a / b - a
        }
    }(&matrix(), &other()));
    surface!({
        fn f(a: &Array2<f64>, x: &Array1<f64>) -> Array2<f64> {
            a + x
        }
    }(&matrix(), &vector()));
    surface!({
        fn f(a: Array2<f64>, x: f64) -> Array2<f64> {
            2.0 * &a + a * x - 1.0
        }
    }(matrix(), 0.5));
    surface!({
        fn f(a: ArrayView2<f64>) -> Array2<f64> {
            -(1.0 / &a) % 2.0
        }
    }(matrix().view()));
    surface!({
        fn f(a: &Array2<f64>, x: ArrayView1<f64>, y: &Array1<f64>) -> Array2<f64> {
            let outer = &y.view().insert_axis(Axis(1)) * &x.insert_axis(Axis(0));
            a + &outer
        }
    }(&matrix(), vector().view(), &arr1(&[0.5, 2.0])));
}

#[test]
fn dot() {
    surface!({
        fn f(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
            a.dot(x)
        }
    }(&matrix(), &vector()));
    surface!({
        fn f(a: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
            x.dot(&a.t())
        }
    }(&matrix(), &vector()));
    surface!({
        fn f(x: &Array1<f64>, y: &Array1<f64>) -> f64 {
            x.dot(y)
        }
    }(&vector(), &vector()));
    surface!(
        TOLERANCE,
        {
            fn f(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
                a.dot(&b.t())
            }
        }(&matrix(), &other())
    );
    surface!(
        TOLERANCE,
        {
            fn f(x: &Array2<f64>, w: &Array2<f64>, b: &Array1<f64>) -> f64 {
                let z = x.dot(&w.t()) + b;
                z.mapv(|z| z.max(0.0)).sum()
            }
        }(&matrix(), &other(), &arr1(&[0.5, -0.25]))
    );
}

#[test]
fn reductions() {
    surface!(
        TOLERANCE,
        {
            fn f(a: &Array2<f64>) -> (f64, f64, Array1<f64>, Array1<f64>) {
                (a.sum(), a.mean().unwrap(), a.sum_axis(Axis(0)), a.mean_axis(Axis(1)).expect("columns"))
            }
        }(&matrix())
    );
    surface!(
        TOLERANCE,
        {
            fn f(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
                let largest = a.fold(f64::NEG_INFINITY, |m, &v| m.max(v));
                a.iter().map(|v| (v - largest).exp()).sum::<f64>()
                    + x.iter().sum::<f64>()
                    + x.product()
                    + a.iter().zip(a).map(|(p, q)| p * q).sum::<f64>()
                    + a.indexed_iter().map(|((i, j), v)| v * (i + 2 * j) as f64).sum::<f64>()
            }
        }(&matrix(), &vector())
    );
}

#[test]
fn each_element() {
    surface!({
        fn f(a: &Array2<f64>) -> Array2<f64> {
            let b = a.abs() + 0.1;
            b.ln() + a.exp() * a.sin() - b.sqrt()
                + a.powi(2)
                + b.powf(1.5)
                + a.tanh().mapv(f64::cos)
                + a.map(|v| v * 2.0)
                + b.recip()
        }
    }(&matrix()));
}

#[test]
fn views_and_shapes() {
    surface!({
        fn f(a: &Array2<f64>, x: &Array1<f64>) -> f64 {
            let (m, n) = a.dim();
            let rows = a.nrows()
                + a.ncols() * 10
                + a.len() * 100
                + a.shape()[1]
                + a.len_of(Axis(0))
                + x.dim()
                + m * n;
            a[[0, 1]] * a[(1, 2)] * x[2]
                + a.row(1).sum()
                + a.column(0).dot(&a.column(2))
                + a.index_axis(Axis(1), 1).sum()
                + rows as f64 * x[0]
        }
    }(&matrix(), &vector()));
    surface!({
        fn f(a: &Array2<f64>) -> Array1<f64> {
            let sums: Vec<f64> =
                a.rows().into_iter().map(|row| row.iter().map(|v| v * v).sum::<f64>()).collect();
            let others: Array1<f64> = a.axis_iter(Axis(0)).map(|row| row.sum()).collect();
            let more = Array1::from_vec(a.outer_iter().map(|row| row[0]).collect());
            Array1::from_vec(sums) + others * more
        }
    }(&matrix()));
    surface!({
        fn f(a: &Array3<f64>) -> (Array2<f64>, f64) {
            (a.sum_axis(Axis(1)), a[[1, 0, 2]] + a.index_axis(Axis(0), 1).row(1).sum())
        }
    }(&Array3::from_shape_fn((2, 2, 3), |(i, j, k)| i as f64 - 0.5 * j as f64 + 0.1 * k as f64)));
}

#[test]
fn constructors() {
    surface!({
        fn f(x: &Array1<f64>) -> Array2<f64> {
            let n = x.len();
            let a = Array::from_shape_fn((n, 2), |(i, j)| x[i] * (j + 1) as f64);
            let b: Array2<f64> = Array2::ones((n, 2));
            a + b * 2.0 + Array2::<f64>::zeros((n, 2)) + Array2::from_elem((n, 1), x[0])
        }
    }(&vector()));
    surface!({
        fn f(x: &[f64], y: f64) -> Array2<f64> {
            Array2::from_shape_vec((2, 2), x.to_vec()).unwrap() * Array2::<f64>::eye(2)
                + arr2(&[[y, 1.0], [2.0, y * y]])
        }
    }(&[1.0, 2.0, 3.0, 4.0], 0.5));
    surface!({
        fn f(x: &Array1<f64>) -> f64 {
            let copy = x.to_owned().view().mapv(|v| v * v).to_vec();
            copy.iter().zip(x.clone()).map(|(a, b)| a * b).sum::<f64>()
                + Array1::from_iter(x.iter().map(|v| v + 1.0)).sum()
        }
    }(&vector()));
}
