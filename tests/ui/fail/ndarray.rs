use grad::{grad, nn::mse};
use ndarray::{Array, Array1, Array2, Axis, Dimension, s};

#[grad]
fn sliced(x: &Array2<f64>) -> f64 {
    x.slice(s![.., 0]).sum()
}

#[grad]
fn misspelt(x: &Array2<f64>) -> f64 {
    x.summ()
}

trait Summ {
    fn summ(&self) -> f64;
}

impl Summ for Array2<f64> {
    fn summ(&self) -> f64 {
        self.sum()
    }
}

#[grad]
fn no_such_axis(x: &Array2<f64>) -> Array1<f64> {
    x.sum_axis(Axis(2))
}

#[grad]
fn axis_is_computed(x: &Array2<f64>, k: usize) -> Array1<f64> {
    x.sum_axis(Axis(k))
}

#[grad]
fn any_dimension<D: Dimension>(x: &Array<f64, D>) -> f64 {
    x.sum()
}

#[grad]
fn loss_of_different_axes(x: &Array2<f64>, y: &Array1<f64>) -> f64 {
    mse(x, y)
}

#[grad]
fn column_in_place(x: &Array2<f64>) -> f64 {
    let mut y = x.clone();
    y.column_mut(0).fill(1.0);
    y.sum()
}

fn main() {}
