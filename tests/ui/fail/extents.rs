use grad::{grad, nn::mse};
use ndarray::{Array1, Array2};

#[grad(shape(w: [hidden, input], x: [output], b: [hidden]))]
fn dot(w: &Array2<f64>, x: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    w.dot(x) + b
}

#[grad(shape(w: [hidden, input], x: [input], b: [input]))]
fn add(w: &Array2<f64>, x: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    w.dot(x) + b
}

#[grad]
fn literals(x: [[f64; 3]; 2], y: &[[f64; 4]; 2]) -> f64 {
    mse(&x, y)
}

#[grad(shape(x: [rows, columns]))]
fn too_many_names(x: &[f64]) -> f64 {
    x[0]
}

#[grad(shape(y: [rows]))]
fn no_such_parameter(x: &[f64]) -> f64 {
    x[0]
}

#[grad(shape(x: [1], y: [2]))]
fn by_literals(x: &[f64], y: &Array1<f64>) -> f64 {
    Array1::from_vec(x.to_vec()).dot(y)
}

#[grad(shape(x: [2, 4]))]
fn fixed(x: [[f64; 3]; 2]) -> f64 {
    x[0][0]
}

#[grad(shape(x: [1.5]))]
fn float(x: &[f64]) -> f64 {
    x[0]
}

fn main() {}
