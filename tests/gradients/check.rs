//! Values and gradients against the plain function: finite differences with Richardson extrapolation.

/// Numbers in containers: as a list and back.
pub trait Flat: Clone {
    fn flatten(&self, out: &mut Vec<f64>);
    /// The same shape with other numbers.
    fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> Self;

    fn flat(&self) -> Vec<f64> {
        let mut out = Vec::new();
        self.flatten(&mut out);
        out
    }
}

impl Flat for f64 {
    fn flatten(&self, out: &mut Vec<f64>) {
        out.push(*self);
    }
    fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> f64 {
        numbers.next().expect("a number for each place")
    }
}

impl Flat for () {
    fn flatten(&self, _: &mut Vec<f64>) {}
    fn refill(&self, _: &mut dyn Iterator<Item = f64>) {}
}

impl<T: Flat, D: ndarray::Dimension> Flat for ndarray::Array<T, D> {
    fn flatten(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.flatten(out));
    }
    fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> Self {
        self.map(|part| part.refill(numbers))
    }
}

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn flatten(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.flatten(out));
    }
    fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> [T; N] {
        std::array::from_fn(|i| self[i].refill(numbers))
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn flatten(&self, out: &mut Vec<f64>) {
        self.iter().for_each(|part| part.flatten(out));
    }
    fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> Vec<T> {
        self.iter().map(|part| part.refill(numbers)).collect()
    }
}

/// The parameters with respect to which a function is differentiated: a tuple, and the gradients it gives.
pub trait Point: Flat {
    type Gradients: Flat;
}

/// How the cotangent of a result is handed over.
pub trait Cotangent: Flat {
    type Given<'a>
    where
        Self: 'a;
    fn given(&self) -> Self::Given<'_>;
}

impl Cotangent for f64 {
    type Given<'a> = f64;
    fn given(&self) -> f64 {
        *self
    }
}

impl<T: Flat, const N: usize> Cotangent for [T; N] {
    type Given<'a>
        = &'a [T; N]
    where
        T: 'a;
    fn given(&self) -> &[T; N] {
        self
    }
}

impl<T: Flat> Cotangent for Vec<T> {
    type Given<'a>
        = &'a [T]
    where
        T: 'a;
    fn given(&self) -> &[T] {
        self
    }
}

macro_rules! tuples {
    ($($name:ident)+) => {
        impl<$($name: Flat),+> Flat for ($($name,)+) {
            #[expect(non_snake_case)]
            fn flatten(&self, out: &mut Vec<f64>) {
                let ($($name,)+) = self;
                $($name.flatten(out);)+
            }
            #[expect(non_snake_case)]
            fn refill(&self, numbers: &mut dyn Iterator<Item = f64>) -> Self {
                let ($($name,)+) = self;
                ($($name.refill(numbers),)+)
            }
        }
        impl<$($name: Cotangent),+> Cotangent for ($($name,)+) {
            type Given<'a> = ($($name::Given<'a>,)+) where Self: 'a;
            #[expect(non_snake_case)]
            fn given(&self) -> Self::Given<'_> {
                let ($($name,)+) = self;
                ($($name.given(),)+)
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);

macro_rules! points {
    ($first:ident) => {
        impl<$first: Flat> Point for ($first,) { type Gradients = $first; }
    };
    ($($name:ident)+) => {
        impl<$($name: Flat),+> Point for ($($name,)+) { type Gradients = ($($name,)+); }
    };
}

points!(A);
points!(A B);
points!(A B C);
points!(A B C D);
points!(A B C D E);
points!(A B C D E F);

/// The derivative of `f` at `x` by Ridders' method, and an estimate of its error.
fn derivative(f: &dyn Fn(f64) -> f64, x: f64) -> (f64, f64) {
    const STEPS: usize = 8;
    let mut h = 0.02 * x.abs().clamp(0.05, 10.0);
    let mut table = [[0.0; STEPS]; STEPS];
    let (mut best, mut error) = (f64::NAN, f64::INFINITY);
    for i in 0..STEPS {
        let (above, below) = (x + h, x - h);
        table[i][0] = (f(above) - f(below)) / (above - below);
        let mut factor = 1.0;
        for j in 1..=i {
            factor *= 4.0;
            table[i][j] = (factor * table[i][j - 1] - table[i - 1][j - 1]) / (factor - 1.0);
            let step = (table[i][j] - table[i][j - 1]).abs().max((table[i][j] - table[i - 1][j - 1]).abs());
            if step < error {
                (best, error) = (table[i][j], step);
            }
        }
        h *= 0.5;
    }
    (best, error)
}

/// The partial derivatives of a function of all numbers in `point`.
pub fn differences<P: Flat>(point: &P, f: impl Fn(&P) -> f64) -> Vec<(f64, f64)> {
    let numbers = point.flat();
    let along = |k: usize| {
        let line = |x: f64| {
            let mut moved = numbers.clone();
            moved[k] = x;
            f(&point.refill(&mut moved.into_iter()))
        };
        derivative(&line, numbers[k])
    };
    (0..numbers.len()).map(along).collect()
}

/// How close the value has to be.
#[derive(Clone, Copy, PartialEq)]
pub enum Value {
    /// The same bits.
    Same,
    /// A stabilising rule, or one that only holds for reals, may have moved it.
    Near,
}

fn compare_values(expected: &[f64], value: &[f64], how: Value) {
    assert_eq!(expected.len(), value.len(), "the value has another shape");
    for (k, (a, b)) in expected.iter().zip(value).enumerate() {
        let same = match how {
            Value::Same => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
            Value::Near => (a - b).abs() <= 1e-12 * a.abs().max(1.0),
        };
        assert!(same, "value {k}: {a:e} from the function, {b:e} from its derivative");
    }
}

pub fn compare_gradients(expected: &[(f64, f64)], found: &[f64]) {
    assert_eq!(expected.len(), found.len(), "the gradient has another shape");
    let scale = expected.iter().map(|(g, _)| g.abs()).fold(1.0, f64::max);
    for (k, (&(g, error), &d)) in expected.iter().zip(found).enumerate() {
        let tolerance = 1e-8 * g.abs().max(0.01 * scale) + error.min(1e-6 * scale);
        assert!((g - d).abs() <= tolerance, "gradient {k}: {g:e} by differences (±{error:.0e}), {d:e} found");
    }
}

/// Checks an `f_grad` at a point.
#[track_caller]
pub fn gradient<P: Point>(
    point: P,
    how: Value,
    f: impl Fn(&P) -> f64,
    grad: impl Fn(&P) -> (f64, P::Gradients),
) {
    let (value, gradients) = grad(&point);
    compare_values(&[f(&point)], &[value], how);
    compare_gradients(&differences(&point, f), &gradients.flat());
}

/// Numbers without a pattern, for cotangents.
pub fn some_numbers() -> impl Iterator<Item = f64> {
    (1..).map(|k| f64::from(k * 7919 % 1009) / 504.5 - 0.9)
}

/// Checks an `f_vjp` at a point.
#[track_caller]
pub fn pullback<P: Point, V: Cotangent>(
    point: P,
    how: Value,
    f: impl Fn(&P) -> V,
    vjp: impl Fn(&P, V::Given<'_>) -> (V, P::Gradients),
) {
    let plain = f(&point);
    let cotangent = plain.refill(&mut some_numbers());
    let (value, gradients) = vjp(&point, cotangent.given());
    compare_values(&plain.flat(), &value.flat(), how);
    let weighted = |p: &P| f(p).flat().iter().zip(cotangent.flat()).map(|(y, d)| y * d).sum::<f64>();
    compare_gradients(&differences(&point, weighted), &gradients.flat());
}

/// `gradient!({ #[grad] fn f(…) … } (arguments) at name = value, …; …)` checks `f_grad` at points; `near` instead
/// of `at` where the value may have been moved. `gradient!({} g, g_grad, …)` checks functions that are there.
macro_rules! gradient {
    ({ $($item:tt)+ } $($points:tt)+) => {{
        $($item)+
        gradient!({} f, f_grad, $($points)+);
    }};
    ({} $function:path, $derivative:path,
        $( ($($arg:expr),*) $how:ident $($name:ident = $value:expr),+ );+ $(;)?) => {{
        $(
            crate::check::gradient(
                ($($value,)+),
                how!($how),
                |point| { let ($($name,)+) = point.clone(); $function($($arg),*) },
                |point| { let ($($name,)+) = point.clone(); $derivative($($arg),*) },
            );
        )+
    }};
}

/// As `gradient!`, for `f_vjp`.
macro_rules! pullback {
    ({ $($item:tt)+ } $($points:tt)+) => {{
        $($item)+
        pullback!({} f, f_vjp, $($points)+);
    }};
    ({} $function:path, $derivative:path,
        $( ($($arg:expr),*) $how:ident $($name:ident = $value:expr),+ );+ $(;)?) => {{
        $(
            crate::check::pullback(
                ($($value,)+),
                how!($how),
                |point| { let ($($name,)+) = point.clone(); $function($($arg),*) },
                |point, cotangent| { let ($($name,)+) = point.clone(); $derivative($($arg,)* cotangent) },
            );
        )+
    }};
}

macro_rules! how {
    (at) => {
        crate::check::Value::Same
    };
    (near) => {
        crate::check::Value::Near
    };
}
