//! The determinant, by elimination in place with the greatest pivot of each column.

use grad::grad;

#[grad]
pub fn determinant(a: &[f64], n: usize) -> f64 {
    let mut m = a.to_vec();
    let mut det = 1.0;
    for k in 0..n {
        let mut pivot = k;
        for i in k + 1..n {
            if m[i * n + k].abs() > m[pivot * n + k].abs() {
                pivot = i;
            }
        }
        if pivot != k {
            for j in 0..n {
                m.swap(k * n + j, pivot * n + j);
            }
            det = -det;
        }
        det *= m[k * n + k];
        for i in k + 1..n {
            let factor = m[i * n + k] / m[k * n + k];
            for j in k + 1..n {
                m[i * n + j] -= factor * m[k * n + j];
            }
        }
    }
    det
}

/// The same, but that a column without a pivot ends it.
#[grad]
pub fn determinant_or_zero(a: &[f64], n: usize) -> f64 {
    let mut lu = a.to_vec();
    let mut det = 1.0;
    for k in 0..n {
        let mut p = k;
        let mut largest = lu[k * n + k].abs();
        for i in k + 1..n {
            if lu[i * n + k].abs() > largest {
                largest = lu[i * n + k].abs();
                p = i;
            }
        }
        if largest == 0.0 {
            return 0.0;
        }
        if p != k {
            for j in 0..n {
                lu.swap(k * n + j, p * n + j);
            }
            det = -det;
        }
        let pivot = lu[k * n + k];
        det *= pivot;
        for i in k + 1..n {
            let factor = lu[i * n + k] / pivot;
            for j in k + 1..n {
                lu[i * n + j] -= factor * lu[k * n + j];
            }
        }
    }
    det
}
