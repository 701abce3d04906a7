//! Extents are compared on entry.

use std::panic::{AssertUnwindSafe, catch_unwind};

use grad::grad;
use ndarray::{Array1, Array2, Array3};

use crate::{cube, matrix, vector};

/// The message of the panic in `f`.
#[track_caller]
fn message<T>(f: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(f)) else { panic!("this should have panicked") };
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(payload.downcast_ref::<&str>().map(|s| s.to_string()))
        .unwrap()
}

#[track_caller]
fn assert_says<T>(f: impl FnOnce() -> T, words: &[&str]) {
    let message = message(f);
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
}

#[grad]
fn product(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
    a.dot(b)
}

#[grad]
fn difference(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    (a - b).mapv(|v| v * v).sum()
}

#[grad]
fn affine(w: &Array2<f64>, x: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    w.dot(x) + b
}

#[grad(shape(w: [hidden, input], x: [input], c: [_, hidden, _]))]
fn named(w: &Array2<f64>, x: &Array1<f64>, c: &Array3<f64>) -> f64 {
    w.sum() * x.sum() * c.sum()
}

#[grad]
fn fixed(x: &Array1<f64>, y: &[f64; 3]) -> f64 {
    x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>() + x.dot(&Array1::from_vec(y.to_vec()))
}

#[grad]
fn with_slice(x: &Array1<f64>, y: &[f64]) -> f64 {
    x.dot(&Array1::from_vec(y.to_vec()))
}

#[test]
fn operands() {
    let (a, b) = (matrix(2, 3), matrix(4, 2));
    let seed = matrix(2, 2);
    assert_says(|| product_vjp(&a, &b, &seed), &["`product`", "`a`", "`b`", "3", "4"]);
    assert_says(|| difference_grad(&a, &b), &["`difference`", "`a`", "`b`", "axis 0", "2", "4"]);
    assert_says(|| difference_grad(&a, &matrix(2, 1)), &["`difference`", "axis 1", "3", "1"]);
    assert_says(|| affine_vjp(&a, &vector(2), &vector(2), &vector(2)), &["`affine`", "`w`", "`x`", "3", "2"]);
    assert_says(|| affine_vjp(&a, &vector(3), &vector(5), &vector(2)), &["`affine`", "`w`", "`b`", "2", "5"]);
    assert_says(|| fixed_grad(&vector(4), &[1.0; 3]), &["`fixed`", "`x`", "4", "3"]);
    assert_says(|| with_slice_grad(&vector(4), &[1.0; 3]), &["`with_slice`", "`x`", "`y`", "4", "3"]);
}

#[test]
fn named_extents() {
    let (w, x, c) = (matrix(2, 3), vector(3), cube(5, 2, 2));
    assert_eq!(named_grad(&w, &x, &c).0, named(&w, &x, &c));
    assert_says(|| named_grad(&w, &vector(2), &c), &["`named`", "`w`", "`x`", "3", "2"]);
    assert_says(|| named_grad(&w, &x, &cube(1, 3, 2)), &["`named`", "`w`", "`c`", "2", "3"]);
}

#[grad(shape(x: [1], w: [_, 2]))]
fn literal(x: &[f64], w: &[Vec<f64>]) -> f64 {
    x.iter().sum::<f64>() * w.iter().map(|row| row.iter().map(|w| w * w).sum::<f64>()).sum::<f64>()
}

#[grad]
fn generic<const N: usize>(x: &[f64], y: &[f64; N]) -> f64 {
    x.iter().copied().sum::<f64>() + Array1::from_vec(x.to_vec()).dot(&Array1::from_vec(y.to_vec()))
}

#[test]
fn literal_extents() {
    let w = vec![vec![1.0, 2.0], vec![3.0, -1.0]];
    assert_eq!(literal_grad(&[2.0], &w), (30.0, (vec![15.0], vec![vec![4.0, 8.0], vec![12.0, -4.0]])));
    assert_says(|| literal_grad(&[2.0, 1.0], &w), &["`literal`", "`x`", "2", "1"]);
    assert_says(
        || literal_grad(&[2.0], &[vec![1.0; 3], vec![1.0; 3]]),
        &["`literal`", "axis 1 of `w`", "3", "2"],
    );
    assert_says(|| generic_grad(&[2.0], &[1.0, 2.0]), &["`generic`", "`x` is 1", "`N` is 2"]);
}

/// A parameter may be called `row`.
#[grad]
fn rows(row: &[Vec<f64>]) -> Vec<Vec<f64>> {
    row.iter().map(|row| row.iter().map(|x| x * x).collect()).collect()
}

#[test]
fn ragged() {
    let (ragged, fine) = (vec![vec![1.0, 2.0], vec![3.0]], vec![vec![1.0, 2.0], vec![3.0, 4.0]]);
    let words = ["`rows`", "1 elements", "2"];
    assert_says(|| rows_vjp(&ragged, &fine), &[&words[..], &["`row`"]].concat());
    assert_says(|| rows_vjp(&fine, &ragged), &[&words[..], &["`d_y`", "cotangent"]].concat());
    assert_says(|| rows_vjp(&fine, &fine[..1]), &["`rows`", "axis 0", "`d_y`", "1", "2"]);
    assert_eq!(rows_vjp(&fine, &fine).1, [[2.0, 8.0], [18.0, 32.0]]);
}

#[test]
fn cotangents() {
    let (a, b) = (matrix(2, 3), matrix(3, 2));
    assert_says(|| product_vjp(&a, &b, &matrix(3, 2)), &["`product`", "`d_y`", "cotangent", "3", "2"]);
    assert_says(|| product_vjp(&a, &b, &matrix(2, 1)), &["`product`", "`d_y`", "cotangent", "1", "2"]);
}

/// The panic is reported where the caller stands.
#[test]
fn location() {
    let hook = std::panic::take_hook();
    let seen = std::sync::Arc::new(std::sync::Mutex::new(None));
    let sink = seen.clone();
    let thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().id() != thread {
            return;
        }
        *sink.lock().unwrap() = info.location().map(|l| (l.file().to_string(), l.line()));
    }));
    let line = line!() + 1;
    let result = catch_unwind(|| product_vjp(&matrix(2, 3), &matrix(2, 3), &matrix(2, 2)));
    std::panic::set_hook(hook);
    assert!(result.is_err());
    assert_eq!(*seen.lock().unwrap(), Some((file!().to_string(), line)));
}
