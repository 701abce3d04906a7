//! Gradients against finite differences, for functions of any containers.
#![allow(dead_code, unused_macros, unused_imports)]

/// Numbers, containers of them, and tuples of these, as one list of `f64`.
pub trait Flat: Clone {
    /// The elements in index order.
    fn flat(&self) -> Vec<f64>;
    /// The same extents with other elements.
    fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self;
}

macro_rules! scalar {
    ($($float:ty)*) => {$(
        impl Flat for $float {
            fn flat(&self) -> Vec<f64> {
                vec![f64::from(*self)]
            }
            fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self {
                from.next().expect("one for each element") as $float
            }
        }
    )*};
}

scalar!(f32 f64);

impl<T: Flat, const N: usize> Flat for [T; N] {
    fn flat(&self) -> Vec<f64> {
        self.iter().flat_map(Flat::flat).collect()
    }
    fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self {
        std::array::from_fn(|i| self[i].like(from))
    }
}

impl<T: Flat> Flat for Vec<T> {
    fn flat(&self) -> Vec<f64> {
        self.iter().flat_map(Flat::flat).collect()
    }
    fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self {
        self.iter().map(|part| part.like(from)).collect()
    }
}

#[cfg(feature = "ndarray")]
impl<T: Flat, D: ndarray::Dimension> Flat for ndarray::Array<T, D> {
    fn flat(&self) -> Vec<f64> {
        self.iter().flat_map(Flat::flat).collect()
    }
    fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self {
        self.map(|part| part.like(from))
    }
}

macro_rules! tuple {
    ($($name:ident $at:tt)*) => {
        impl<$($name: Flat),*> Flat for ($($name,)*) {
            fn flat(&self) -> Vec<f64> {
                let mut all = Vec::new();
                $(all.extend(self.$at.flat());)*
                all
            }
            fn like(&self, from: &mut dyn Iterator<Item = f64>) -> Self {
                ($(self.$at.like(from),)*)
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0 B 1);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);
tuple!(A 0 B 1 C 2 D 3 E 4);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5);

/// The derivative at 0 by central differences, extrapolated to step 0.
pub fn slope(f: impl Fn(f64) -> f64, step: f64) -> f64 {
    let mut row: Vec<f64> = Vec::new();
    let (mut best, mut least) = (f64::NAN, f64::INFINITY);
    for k in 0..7 {
        let h = step * 0.5_f64.powi(k);
        let mut next = vec![(f(h) - f(-h)) / (2.0 * h)];
        for (j, before) in row.iter().enumerate() {
            let power = 4.0_f64.powi(j as i32 + 1);
            let better = (power * next[j] - before) / (power - 1.0);
            let error = (better - next[j]).abs().max((better - before).abs());
            if error <= least {
                (best, least) = (better, error);
            }
            next.push(better);
        }
        row = next;
    }
    best
}

/// How far two numbers are apart, relative to the larger of them and 1.
pub fn distance(a: f64, b: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) { 0.0 } else { (a - b).abs() / a.abs().max(b.abs()).max(1.0) }
}

#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: {found:?} and {expected:?}");
    for (k, (a, b)) in found.iter().zip(expected).enumerate() {
        let distance = distance(*a, *b);
        assert!(distance <= tolerance, "{what}: element {k} is {a} instead of {b} (off by {distance:e})");
    }
}

/// A pseudo-random number in ±1 for each index.
pub fn noise(k: usize) -> f64 {
    ((k as f64 + 1.0) * 12.9898).sin() * 43758.5453 % 1.0
}

/// Compares the gradient of `Σ weights·f` with finite differences.
#[track_caller]
pub fn compare(
    name: &str,
    at: &[f64],
    value: impl Fn(&[f64]) -> Vec<f64>,
    found: (Vec<f64>, Vec<f64>),
    weights: &[f64],
) {
    assert_close(&format!("the value of {name}"), &found.0, &value(at), 1e-12);
    let expected: Vec<f64> = (0..at.len())
        .map(|k| {
            let along = |h: f64| {
                let mut x = at.to_vec();
                x[k] += h;
                value(&x).iter().zip(weights).map(|(y, w)| y * w).sum()
            };
            slope(along, 0.02 * (1.0 + at[k].abs()))
        })
        .collect();
    assert_close(&format!("the gradient of {name}"), &found.1, &expected, 2e-8);
}

/// `check!(f, f_grad, [a, b], (&a, &b, 3))`: the gradient with respect to the variables in brackets against
/// finite differences. A pullback is given a cotangent: `check!(f, f_vjp, [a], (&a), |d| &d)`.
macro_rules! check {
    ($f:ident, $g:ident, [$($p:ident),+], ($($arg:expr),* $(,)?) $(, |$d:pat_param| $seed:expr)?) => {{
        use crate::check::Flat;
        let at: Vec<f64> = [$($p.flat()),+].concat();
        let value = |x: &[f64]| {
            let mut x = x.iter().copied();
            $(let $p = $p.like(&mut x);)+
            $f($($arg),*).flat()
        };
        let (found, weights) = check!(@ $f $g [$($p)+] ($($arg),*) $($d, $seed)?);
        crate::check::compare(stringify!($f), &at, value, found, &weights);
    }};
    (@ $f:ident $g:ident [$($p:ident)+] ($($arg:expr),*)) => {{
        $(let $p = $p.clone();)+
        let (y, gradient) = $g($($arg),*);
        ((y.flat(), gradient.flat()), vec![1.0])
    }};
    (@ $f:ident $g:ident [$($p:ident)+] ($($arg:expr),*) $d:pat_param, $seed:expr) => {{
        let cotangent = {
            $(let $p = $p.clone();)+
            $f($($arg),*).like(&mut (0..).map(crate::check::noise))
        };
        let weights = cotangent.flat();
        $(let $p = $p.clone();)+
        let $d = cotangent;
        let (y, gradient) = $g($($arg),*, $seed);
        ((y.flat(), gradient.flat()), weights)
    }};
}

pub(crate) use check;
