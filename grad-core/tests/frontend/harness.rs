//! Runs a function as Rust and through the graph.

use grad_core::eval::{Inputs, Value, evaluate};
use grad_core::frontend::{Reading, read};
use grad_core::ir::verify::verify;
use proc_macro2::TokenStream;

/// Defines the function `f`, reads its tokens, and compares the graph's values with `f`'s at each argument
/// list: to the last bit, or within a tolerance where `ndarray` sums in an order of its own.
#[macro_export]
macro_rules! surface {
    ({ $($function:tt)* } $(($($argument:expr),* $(,)?))+) => {
        $crate::surface!(0.0, { $($function)* } $(($($argument),*))+)
    };
    ($tolerance:expr, { $($function:tt)* } $(($($argument:expr),* $(,)?))+) => {{
        $($function)*
        let reading = $crate::harness::reading("", stringify!($($function)*));
        $({
            let inputs = vec![$($crate::harness::Leaves::one(&$argument)),*];
            let expected = $crate::harness::Leaves::leaves(&f($($argument),*));
            $crate::harness::compare(&reading, inputs, expected, $tolerance);
        })+
    }};
}

pub fn reading(attribute: &str, source: &str) -> Reading {
    let attribute: TokenStream = attribute.parse().unwrap();
    match read(attribute, source.parse().unwrap()) {
        Ok(reading) => reading,
        Err(errors) => panic!("refused: {:#?}\n{source}", errors.messages()),
    }
}

/// The messages that refuse a function.
pub fn messages(attribute: &str, source: &str) -> Vec<String> {
    match read(attribute.parse().unwrap(), source.parse().unwrap()) {
        Ok(_) => panic!("not refused:\n{source}"),
        Err(errors) => errors.messages(),
    }
}

pub fn compare(reading: &Reading, params: Vec<Value>, expected: Vec<Value>, tolerance: f64) {
    let function = &reading.function;
    let graph = &function.graph;
    let roots: Vec<_> = function.output.leaves().iter().map(|(node, _)| *node).collect();
    verify(graph, &roots).unwrap();
    let mut inputs = Inputs::new(params);
    for (text, value) in [
        ("std::f64::consts::PI", std::f64::consts::PI),
        ("std::f64::consts::E", std::f64::consts::E),
        ("G", 9.81),
        ("super::G", 9.81),
        ("(G * 2)", 19.62),
        ("TABLE[0]", 0.5),
        ("TABLE[1]", 1.5),
        ("TABLE[2]", -2.0),
    ] {
        inputs = inputs.with_symbol(text, Value::Float(value));
    }
    inputs = inputs.with_symbol("COUNT", Value::Int(3)).with_symbol("(COUNT as f64)", Value::Float(3.0));
    let found = match evaluate(graph, &roots, &inputs) {
        Ok(found) => found,
        Err(error) => panic!("{error:?}\n{}", grad_core::ir::text::text(graph, &roots)),
    };
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!(
            same(found, expected, tolerance),
            "{found:?}\nexpected {expected:?}\n{}",
            grad_core::ir::text::text(graph, &roots)
        );
    }
}

fn same(a: &Value, b: &Value, tolerance: f64) -> bool {
    match (a.as_floats(), b.as_floats()) {
        (Some(x), Some(y)) => {
            let equal = |x: f64, y: f64| {
                x.to_bits() == y.to_bits()
                    || x.is_nan() && y.is_nan()
                    || (x - y).abs() < tolerance * (1.0 + y.abs())
            };
            a.shape() == b.shape() && x.len() == y.len() && x.iter().zip(y).all(|(x, y)| equal(*x, *y))
        }
        _ => a == b,
    }
}

/// A Rust value as values of the interpreter, the parts of a tuple one by one.
pub trait Leaves {
    fn leaves(&self) -> Vec<Value>;

    fn one(&self) -> Value {
        self.leaves().remove(0)
    }
}

impl Leaves for f64 {
    fn leaves(&self) -> Vec<Value> {
        vec![Value::Float(*self)]
    }
}

impl Leaves for bool {
    fn leaves(&self) -> Vec<Value> {
        vec![Value::Bool(*self)]
    }
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Leaves for $int {
            fn leaves(&self) -> Vec<Value> {
                vec![Value::Int(*self as i128)]
            }
        }
    )*};
}

integers!(usize i32 i64 u32 u8);

impl<T: Leaves + ?Sized> Leaves for &T {
    fn leaves(&self) -> Vec<Value> {
        (**self).leaves()
    }
}

impl<T: Leaves> Leaves for [T] {
    fn leaves(&self) -> Vec<Value> {
        let items: Vec<Value> = self.iter().map(Leaves::one).collect();
        let mut shape = vec![items.len()];
        shape.extend(items.first().map_or(&[][..], |item| item.shape()));
        if let Some(Value::Int(_)) = items.first() {
            return vec![Value::ints(&shape, items.iter().map(|item| item.as_int().unwrap()).collect())];
        }
        vec![Value::floats(
            &shape,
            items.iter().flat_map(|item| item.as_floats().unwrap().to_vec()).collect(),
        )]
    }
}

impl<T: Leaves, const N: usize> Leaves for [T; N] {
    fn leaves(&self) -> Vec<Value> {
        self.as_slice().leaves()
    }
}

impl<T: Leaves> Leaves for Vec<T> {
    fn leaves(&self) -> Vec<Value> {
        self.as_slice().leaves()
    }
}

macro_rules! tuples {
    ($(($($part:ident)*))*) => {$(
        impl<$($part: Leaves),*> Leaves for ($($part,)*) {
            #[allow(non_snake_case)]
            fn leaves(&self) -> Vec<Value> {
                let ($($part,)*) = self;
                [$($part.leaves()),*].concat()
            }
        }
    )*};
}

tuples!((A B) (A B C) (A B C D));

impl<S: ndarray::Data<Elem = f64>, D: ndarray::Dimension> Leaves for ndarray::ArrayBase<S, D> {
    fn leaves(&self) -> Vec<Value> {
        vec![Value::floats(self.shape(), self.iter().copied().collect())]
    }
}
