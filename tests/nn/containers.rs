//! Each function on each kind of container.

use grad::nn::*;

const X: [[f64; 3]; 2] = [[-1.5, 0.0, 0.25], [3.0, -0.125, -40.0]];

/// Applies a function to `X` in every container and compares with `expected`, to the last bit.
macro_rules! everywhere {
    ($f:path $(, $arg:expr)*; $expected:expr) => {{
        let expected: [[f64; 3]; 2] = $expected;
        let vectors = expected.map(|row| row.to_vec());
        let nested: Vec<Vec<f64>> = X.iter().map(|x| x.to_vec()).collect();
        assert_eq!($f(&X $(, $arg)*), expected, "array of arrays");
        assert_eq!($f(&X[0] $(, $arg)*), expected[0], "array");
        assert_eq!($f(&X[0][..] $(, $arg)*), vectors[0], "slice");
        assert_eq!($f(&vectors_of_x()[1] $(, $arg)*), vectors[1], "Vec");
        assert_eq!($f(X.as_slice() $(, $arg)*), expected, "slice of arrays");
        assert_eq!($f(&X.to_vec() $(, $arg)*), expected, "Vec of arrays");
        assert_eq!($f(&vectors_of_x() $(, $arg)*), vectors, "array of Vecs");
        assert_eq!($f(&nested $(, $arg)*), vectors, "Vec of Vecs");
        assert_eq!($f(nested.as_slice() $(, $arg)*), vectors, "slice of Vecs");
        assert_eq!($f(&[&X[0][..], &X[1][..]] $(, $arg)*), vectors, "array of slices");
        assert_eq!($f(&[[X; 2]; 1] $(, $arg)*), [[expected; 2]; 1], "four axes");
        #[cfg(feature = "ndarray")]
        {
            use ndarray::{arr1, arr2};
            let columns = arr2(&X).reversed_axes().as_standard_layout().into_owned();
            assert_eq!($f(&arr1(&X[0]) $(, $arg)*), arr1(&expected[0]), "Array1");
            assert_eq!($f(&arr2(&X) $(, $arg)*), arr2(&expected), "Array2");
            assert_eq!($f(&arr2(&X).view() $(, $arg)*), arr2(&expected), "ArrayView2");
            assert_eq!($f(&*arr2(&X) $(, $arg)*), arr2(&expected), "ArrayRef2");
            assert_eq!($f(&arr2(&X).into_dyn() $(, $arg)*), arr2(&expected).into_dyn(), "ArrayD");
            assert_eq!($f(&columns.t() $(, $arg)*), arr2(&expected), "transposed view");
            assert_eq!($f(&columns.column(0) $(, $arg)*), arr1(&expected[0]), "strided view");
        }
    }};
}

fn vectors_of_x() -> [Vec<f64>; 2] {
    X.map(|row| row.to_vec())
}

/// A function of each element, on containers and on scalars.
macro_rules! elementwise {
    ($f:path $(, $arg:expr)*; $formula:expr) => {{
        let formula: fn(f64) -> f64 = $formula;
        everywhere!($f $(, $arg)*; X.map(|row| row.map(formula)));
        for x in X.as_flattened() {
            assert_eq!($f(*x $(, $arg)*), formula(*x));
            assert_eq!($f(x $(, $arg)*), formula(*x));
        }
    }};
}

#[test]
fn rectifiers() {
    elementwise!(relu; |x| if x < 0.0 { 0.0 } else { x });
    elementwise!(leaky_relu, 0.1; |x| if x < 0.0 { 0.1 * x } else { x });
    elementwise!(elu, 0.7; |x| if x < 0.0 { 0.7 * x.exp_m1() } else { x });
}

#[test]
fn smooth_activations() {
    elementwise!(sigmoid; |x| 1.0 / (1.0 + (-x).exp()));
    elementwise!(tanh; f64::tanh);
    elementwise!(softplus; |x| x.max(0.0) + (-x.abs()).exp().ln_1p());
    elementwise!(erf; libm::erf);
    elementwise!(gelu; |x| 0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2)));
    elementwise!(silu; |x| x * (1.0 / (1.0 + (-x).exp())));
    elementwise!(grad::stop_gradient; |x| x);
}

/// `max`, `Σ exp(x − max)`.
fn parts(row: &[f64]) -> (f64, f64) {
    let max = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for x in row {
        sum += (x - max).exp();
    }
    (max, sum)
}

#[test]
fn along_the_last_axis() {
    everywhere!(softmax; X.map(|row| { let (max, sum) = parts(&row); row.map(|x| (x - max).exp() / sum) }));
    everywhere!(log_softmax; X.map(|row| { let (max, sum) = parts(&row); row.map(|x| (x - max) - sum.ln()) }));
}

#[test]
fn logsumexp_loses_the_last_axis() {
    let expected = X.map(|row| {
        let (max, sum) = parts(&row);
        max + sum.ln()
    });
    assert_eq!(logsumexp(&X[0]), expected[0]);
    assert_eq!(logsumexp(&X[0][..]), expected[0]);
    assert_eq!(logsumexp(&X[0].to_vec()), expected[0]);
    assert_eq!(logsumexp(&X), expected);
    assert_eq!(logsumexp(X.as_slice()), expected.to_vec());
    assert_eq!(logsumexp(&vectors_of_x()), expected);
    assert_eq!(logsumexp(&vectors_of_x().to_vec()), expected.to_vec());
    assert_eq!(logsumexp(&[[X; 2]; 1]), [[expected; 2]; 1]);
}

#[cfg(feature = "ndarray")]
#[test]
fn logsumexp_of_ndarrays() {
    use ndarray::{Array3, arr1, arr2};
    let expected = logsumexp(&X);
    let columns = arr2(&X).reversed_axes().as_standard_layout().into_owned();
    let scalar: f64 = logsumexp(&arr1(&X[0]));
    assert_eq!(scalar, expected[0]);
    assert_eq!(logsumexp(&columns.column(1)), expected[1]);
    assert_eq!(logsumexp(&arr2(&X)), arr1(&expected));
    assert_eq!(logsumexp(&columns.t()), arr1(&expected));
    assert_eq!(logsumexp(&*arr2(&X)), arr1(&expected));
    assert_eq!(logsumexp(&arr2(&X).into_dyn()), arr1(&expected).into_dyn());
    assert_eq!(logsumexp(&Array3::<f32>::zeros((2, 3, 1))), ndarray::Array2::<f32>::zeros((2, 3)));
}

#[test]
fn single_precision() {
    let x = [-1.5_f32, 0.0, 2.0];
    assert_eq!(gelu(&x), x.map(|x| 0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))));
    assert_eq!(elu(&x, 1.0), x.map(|x| if x < 0.0 { x.exp_m1() } else { x }));
    assert_eq!(relu(-1.0_f32), 0.0);
    let e = x.map(|x| (x - 2.0).exp());
    let sum = 0.0 + e[0] + e[1] + e[2];
    assert_eq!(softmax(&x), e.map(|e| e / sum));
}

#[test]
fn in_generic_functions() {
    fn layer<const M: usize, const N: usize>(z: &[[f64; N]; M]) -> [[f64; N]; M] {
        softmax(&relu(z))
    }
    assert_eq!(layer(&[[-1.0, 0.0]; 3]), [[0.5; 2]; 3]);
}
