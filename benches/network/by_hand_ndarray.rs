//! The backward pass as one writes it with matrix kernels: nothing computed or stored twice, in place where
//! possible, one pass over memory for what is elementwise.

use ndarray::{Array1, Array2};

use crate::{
    case::Gradients,
    kernel::{Kernel, product},
};

#[inline(never)]
pub fn loss_grad<K: Kernel>(
    x: &Array2<f32>,
    y: &Array2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> (f32, Gradients) {
    let mean = 1.0 / x.nrows() as f32;

    let mut a1 = product::<K>(x.view(), w1.t());
    for row in rows_mut(&mut a1) {
        for (a, &b) in row.iter_mut().zip(slice(b1)) {
            let z = *a + b;
            *a = if z > 0.0 { z } else { 0.0 };
        }
    }

    // The logits, then the probabilities, then the cotangent of the logits.
    let mut d_z2 = product::<K>(a1.view(), w2.t());
    let mut d_b2 = Array1::zeros(b2.len());
    let mut loss = 0.0;
    for (row, y) in rows_mut(&mut d_z2).zip(rows(y)) {
        let mut largest = f32::NEG_INFINITY;
        for (z, &b) in row.iter_mut().zip(slice(b2)) {
            *z += b;
            largest = largest.max(*z);
        }
        let (mut sum, mut total, mut expected) = (0.0, 0.0, 0.0);
        for (z, &y) in row.iter_mut().zip(y) {
            let shifted = *z - largest;
            expected += y * shifted;
            total += y;
            *z = shifted.exp();
            sum += *z;
        }
        loss += total * sum.ln() - expected;
        let scale = mean * total / sum;
        for ((z, &y), d_b) in row.iter_mut().zip(y).zip(slice_mut(&mut d_b2)) {
            *z = *z * scale - mean * y;
            *d_b += *z;
        }
    }
    let d_w2 = product::<K>(d_z2.t(), a1.view());

    let mut d_z1 = product::<K>(d_z2.view(), w2.view());
    let mut d_b1 = Array1::zeros(b1.len());
    for (row, a1) in rows_mut(&mut d_z1).zip(rows(&a1)) {
        for ((d, &a), d_b) in row.iter_mut().zip(a1).zip(slice_mut(&mut d_b1)) {
            *d = if a > 0.0 { *d } else { 0.0 };
            *d_b += *d;
        }
    }
    let d_w1 = product::<K>(d_z1.t(), x.view());

    (mean * loss, (d_w1, d_b1, d_w2, d_b2))
}

const CONTIGUOUS: &str = "arrays made here or by the caller are in standard order";

fn slice(array: &Array1<f32>) -> &[f32] {
    array.as_slice().expect(CONTIGUOUS)
}

fn slice_mut(array: &mut Array1<f32>) -> &mut [f32] {
    array.as_slice_mut().expect(CONTIGUOUS)
}

fn rows(matrix: &Array2<f32>) -> impl Iterator<Item = &[f32]> {
    matrix.as_slice().expect(CONTIGUOUS).chunks_exact(matrix.ncols())
}

fn rows_mut(matrix: &mut Array2<f32>) -> impl Iterator<Item = &mut [f32]> {
    let columns = matrix.ncols();
    matrix.as_slice_mut().expect(CONTIGUOUS).chunks_exact_mut(columns)
}
