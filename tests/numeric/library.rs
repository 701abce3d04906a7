//! The functions of `grad::nn` on every kind of container: values to the last bit, gradients against finite
//! differences.

use crate::check::{Flat, check};

const X: [[f64; 3]; 2] = [[0.5, -1.25, 2.0], [0.1, -0.3, 1.1]];
const T: [[f64; 3]; 2] = [[0.25, 0.5, 0.25], [0.7, 0.2, 0.1]];

/// Equal to the last bit; all NaN are one.
#[track_caller]
pub fn assert_same<A: Flat>(found: &A, expected: &A) {
    let bits = |x: &A| -> Vec<u64> {
        x.flat().iter().map(|x| if x.is_nan() { 0x7ff8 << 48 } else { x.to_bits() }).collect()
    };
    assert_eq!(bits(found), bits(expected), "{:?} and {:?}", found.flat(), expected.flat());
}

/// The numbers at which values are compared to the last bit.
fn extremes() -> Vec<f64> {
    let mut all =
        vec![0.0, -0.0, 1e-300, -1e-300, 1e-9, -1e-9, 800.0, -800.0, f64::INFINITY, f64::NEG_INFINITY];
    all.push(f64::NAN);
    all.extend((0..40).map(|k| crate::check::noise(k) * 5.0));
    all
}

/// A function of each element, on every kind of container.
macro_rules! each {
    ($($name:ident ($($shaping:literal),*);)*) => {$(
        mod $name {
            use super::*;
            use grad::{grad, nn};

            #[grad]
            fn scalar(x: f64) -> f64 {
                nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn single(x: f32) -> f32 {
                nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn array(x: &[f64; 3]) -> [f64; 3] {
                nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn nested(x: &[[f64; 3]; 2]) -> [[f64; 3]; 2] {
                grad::nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn slice(x: &[f64]) -> Vec<f64> {
                nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn rows(x: &[Vec<f64>]) -> Vec<Vec<f64>> {
                nn::$name(x $(, $shaping)*)
            }

            #[grad]
            fn mapped(x: &[f64]) -> f64 {
                x.iter().map(|&x| nn::$name(x $(, $shaping)*)).sum()
            }

            #[test]
            fn containers() {
                for x in extremes() {
                    assert_same(&scalar_grad(x).0, &scalar(x));
                    assert_same(&single_grad(x as f32).0, &single(x as f32));
                }
                let all = extremes();
                assert_same(&slice_vjp(&all, &all).0, &slice(&all));
                assert_same(&mapped_grad(&all[..7]).0, &mapped(&all[..7]));
                for x in X.as_flattened() {
                    let x = *x;
                    check!(scalar, scalar_grad, [x], (x));
                    let (wide, narrow) = (scalar_grad(x).1, f64::from(single_grad(x as f32).1));
                    assert!((wide - narrow).abs() < 1e-5, "{wide} and {narrow}");
                }
                let x = X[0];
                check!(array, array_vjp, [x], (&x), |d| &d);
                let x = X;
                check!(nested, nested_vjp, [x], (&x), |d| &d);
                let x = X.map(|row| row.to_vec()).to_vec();
                check!(rows, rows_vjp, [x], (&x), |d| &d);
                let x = x[1].clone();
                check!(slice, slice_vjp, [x], (&x), |d| &d);
                check!(mapped, mapped_grad, [x], (&x));
            }

            #[cfg(feature = "ndarray")]
            mod arrays {
                use super::*;
                use ndarray::{Array1, Array2, ArrayView1, arr1, arr2};

                #[grad]
                fn vector(x: &Array1<f64>) -> Array1<f64> {
                    nn::$name(x $(, $shaping)*)
                }

                #[grad]
                fn view(x: ArrayView1<f64>) -> Array1<f64> {
                    nn::$name(&x $(, $shaping)*)
                }

                #[grad]
                fn matrix(x: &Array2<f64>) -> Array2<f64> {
                    nn::$name(&(x * 0.5) $(, $shaping)*)
                }

                #[grad]
                fn mapped(x: &Array2<f64>) -> Array2<f64> {
                    x.mapv(|x| nn::$name(x $(, $shaping)*))
                }

                #[test]
                fn containers() {
                    let all = Array1::from_vec(extremes());
                    assert_same(&vector_vjp(&all, &all).0, &vector(&all));
                    let x = arr1(&X[0]);
                    check!(vector, vector_vjp, [x], (&x), |d| &d);
                    check!(view, view_vjp, [x], (x.view()), |d| &d);
                    let x = arr2(&X);
                    check!(matrix, matrix_vjp, [x], (&x), |d| &d);
                    check!(mapped, mapped_vjp, [x], (&x), |d| &d);
                }
            }
        }
    )*};
}

each! {
    relu();
    leaky_relu(0.1);
    elu(0.7);
    sigmoid();
    tanh();
    softplus();
    erf();
    gelu();
    silu();
}

mod shaped {
    use grad::{grad, nn};

    use super::check;

    #[grad]
    fn active(x: &[f64], slope: f64, alpha: f64) -> f64 {
        nn::leaky_relu(x, slope).iter().sum::<f64>() + nn::elu(x, alpha).iter().sum::<f64>()
    }

    #[test]
    fn shaping_numbers_are_active() {
        let (x, s, a) = (vec![0.5, -0.7, -2.0, 3.0], 0.2, 0.8);
        check!(active, active_grad, [x, s, a], (&x, s, a));
    }
}

/// A function of the last axis.
macro_rules! soft {
    ($($name:ident: $scalar:ty, $array:ty, $rows:ty, $vector:ty, $matrix:ty;)*) => {$(
        mod $name {
            use super::*;
            use grad::{grad, nn};

            #[grad]
            fn array(x: &[f64; 3]) -> $scalar {
                nn::$name(x)
            }

            #[grad]
            fn nested(x: &[[f64; 3]; 2]) -> $array {
                nn::$name(x)
            }

            #[grad]
            fn rows(x: &[Vec<f64>]) -> $rows {
                nn::$name(x)
            }

            #[test]
            fn containers() {
                let x = X[0];
                check!(array, array_vjp, [x], (&x), |d| (&d).as_cotangent());
                let x = X;
                check!(nested, nested_vjp, [x], (&x), |d| &d);
                let x = X.map(|row| row.to_vec()).to_vec();
                check!(rows, rows_vjp, [x], (&x), |d| &d);
                const INF: f64 = f64::INFINITY;
                for x in [
                    [0.0, 0.0, 0.0],
                    [800.0, -800.0, 799.0],
                    [1e-9, 0.3, -0.1],
                    [-INF, 0.0, 1.0],
                    [-INF; 3],
                    [INF, 0.0, 1.0],
                    [f64::NAN, 0.0, 1.0],
                    [f64::NAN, -INF, INF],
                    [f64::NAN, -INF, -INF],
                    [f64::NAN; 3],
                ] {
                    let d = array(&x);
                    assert_same(&array_vjp(&x, (&d).as_cotangent()).0, &d);
                    let y = [x, [0.5, 0.25, 0.125]];
                    let d = nested(&y);
                    assert_same(&nested_vjp(&y, &d).0, &d);
                }
            }

            #[cfg(feature = "ndarray")]
            mod arrays {
                use super::*;
                use ndarray::{Array1, Array2, ArrayView2, arr1, arr2};

                #[grad]
                fn vector(x: &Array1<f64>) -> $vector {
                    nn::$name(x)
                }

                #[grad]
                fn matrix(x: ArrayView2<f64>) -> $matrix {
                    nn::$name(&x)
                }

                #[test]
                fn containers() {
                    let x = arr1(&X[1]);
                    check!(vector, vector_vjp, [x], (&x), |d| (&d).as_cotangent());
                    let x = arr2(&X);
                    check!(matrix, matrix_vjp, [x], (x.view()), |d| &d);
                    let d = matrix(x.view());
                    assert_same(&matrix_vjp(x.view(), &d).0, &d);
                }
            }
        }
    )*};
}

/// Scalars by value, containers by reference.
trait AsCotangent {
    type Cotangent;
    fn as_cotangent(self) -> Self::Cotangent;
}

impl AsCotangent for &f64 {
    type Cotangent = f64;
    fn as_cotangent(self) -> f64 {
        *self
    }
}

impl<'a> AsCotangent for &'a [f64; 3] {
    type Cotangent = &'a [f64; 3];
    fn as_cotangent(self) -> &'a [f64; 3] {
        self
    }
}

#[cfg(feature = "ndarray")]
impl<'a> AsCotangent for &'a ndarray::Array1<f64> {
    type Cotangent = &'a ndarray::Array1<f64>;
    fn as_cotangent(self) -> Self::Cotangent {
        self
    }
}

soft! {
    softmax: [f64; 3], [[f64; 3]; 2], Vec<Vec<f64>>, Array1<f64>, Array2<f64>;
    log_softmax: [f64; 3], [[f64; 3]; 2], Vec<Vec<f64>>, Array1<f64>, Array2<f64>;
}

/// A loss of two operands.
macro_rules! loss {
    ($($name:ident $a:ident;)*) => {$(
        mod $name {
            use super::*;
            use grad::{grad, nn};

            #[grad]
            fn array(a: &[f64; 3], b: &[f64; 3]) -> f64 {
                nn::$name(a, b)
            }

            #[grad]
            fn nested(a: &[[f64; 3]; 2], b: &[[f64; 3]; 2]) -> f64 {
                nn::$name(a, b)
            }

            #[grad]
            fn single(a: &[[f32; 3]; 2], b: &[[f32; 3]; 2]) -> f32 {
                nn::$name(a, b)
            }

            #[grad]
            fn slice(a: &[f64], b: &[f64]) -> f64 {
                nn::$name(a, b)
            }

            #[grad(skip(b))]
            fn rows(a: &[Vec<f64>], b: &[[f64; 3]]) -> f64 {
                nn::$name(a, b)
            }

            #[test]
            fn containers() {
                let (a, b) = ($a, T);
                check!(nested, nested_grad, [a, b], (&a, &b));
                let vectors: Vec<Vec<f64>> = a.iter().map(|row| row.to_vec()).collect();
                check!(rows, rows_grad, [vectors], (&vectors, &b));
                let narrow = |x: [[f64; 3]; 2]| x.map(|row| row.map(|x| x as f32));
                let found = single_grad(&narrow(a), &narrow(b));
                assert_same(&found.0, &single(&narrow(a), &narrow(b)));
                crate::check::assert_close("single", &found.1.flat(), &nested_grad(&a, &b).1.flat(), 1e-5);
                for (a, b) in [($a, T), ($a, [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]), (T, $a)] {
                    assert_same(&nested_grad(&a, &b).0, &nested(&a, &b));
                    assert_same(&array_grad(&a[0], &b[0]).0, &array(&a[0], &b[0]));
                    assert_same(&slice_grad(&a[1], &b[1]).0, &slice(&a[1], &b[1]));
                }
                let (a, b) = (a[0], b[0]);
                check!(array, array_grad, [a, b], (&a, &b));
                let (a, b) = (a.to_vec(), b.to_vec());
                check!(slice, slice_grad, [a, b], (&a, &b));
            }

            #[cfg(feature = "ndarray")]
            mod arrays {
                use super::*;
                use ndarray::{Array1, Array2, Array3, ArrayView1, arr1, arr2};

                #[grad]
                fn vector(a: ArrayView1<f64>, b: &Array1<f64>) -> f64 {
                    nn::$name(&a, b)
                }

                #[grad]
                fn matrix(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
                    nn::$name(a, b)
                }

                #[grad]
                fn cube(a: &Array3<f64>, b: &Array3<f64>) -> f64 {
                    nn::$name(a, b)
                }

                #[test]
                fn containers() {
                    let (a, b) = (arr2(&$a), arr2(&T));
                    check!(matrix, matrix_grad, [a, b], (&a, &b));
                    assert_same(&matrix_grad(&a, &b).0, &matrix(&a, &b));
                    let three = |x: [[f64; 3]; 2]| ndarray::arr3(&[x, [x[1], x[0]], x]);
                    let (a, b) = (three($a), three(T));
                    check!(cube, cube_grad, [a, b], (&a, &b));
                    assert_same(&cube_grad(&a, &b).0, &cube(&a, &b));
                    let (a, b) = (arr1(&$a[0]), arr1(&T[0]));
                    check!(vector, vector_grad, [a, b], (a.view(), &b));
                }
            }
        }
    )*};
}

const P: [[f64; 3]; 2] = [[0.2, 0.3, 0.5], [0.6, 0.1, 0.3]];

loss! {
    mse X;
    cross_entropy P;
    cross_entropy_with_logits X;
    binary_cross_entropy P;
    binary_cross_entropy_with_logits X;
}

mod of_scalars {
    use grad::{grad, nn};

    use super::*;

    #[grad]
    fn all(p: f64, t: f64) -> f64 {
        nn::mse(p, t) + nn::binary_cross_entropy(p, t) * nn::binary_cross_entropy_with_logits(p, t)
    }

    #[grad]
    fn stopped(x: f64, y: &[f64]) -> f64 {
        grad::stop_gradient(x) * x + nn::stop_gradient(y).iter().zip(y).map(|(a, b)| a * b).sum::<f64>()
    }

    #[grad]
    fn logsumexp(x: &[f64], rows: &[[f64; 3]; 2]) -> [f64; 3] {
        let [a, b] = nn::logsumexp(rows);
        [nn::logsumexp(x), a, b]
    }

    #[test]
    fn scalars() {
        let (p, t) = (0.4, 0.7);
        check!(all, all_grad, [p, t], (p, t));
        assert_same(&all_grad(p, t).0, &all(p, t));
        assert_eq!(stopped_grad(3.0, &[2.0, 5.0]), (38.0, (3.0, vec![2.0, 5.0])));
    }

    #[test]
    fn logarithms_of_sums() {
        let (x, rows) = (vec![0.3, -0.2, 1.5], X);
        check!(logsumexp, logsumexp_vjp, [x, rows], (&x, &rows), |d| &d);
        const INF: f64 = f64::INFINITY;
        let nan = f64::NAN;
        for x in [
            vec![],
            vec![-INF; 2],
            vec![INF, 0.0],
            vec![nan, -INF],
            vec![nan, INF],
            vec![nan],
            vec![800.0, -800.0],
        ] {
            let y = logsumexp(&x, &X);
            assert_same(&logsumexp_vjp(&x, &X, &[1.0; 3]).0, &y);
            assert_eq!(y[0].is_nan(), x.iter().any(|x| x.is_nan()));
        }
    }
}
