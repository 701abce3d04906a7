//! Structs that derive `Params`, of all kinds.
#![deny(warnings)]

use grad::optim::Params;

#[derive(Params)]
pub struct Network<'a, T: Clone, const N: usize> {
    layers: Vec<Layer<N>>,
    shared: &'a mut [f64],
    own: T,
    #[allow(dead_code)]
    #[params(skip)]
    name: String,
}

#[derive(Clone, Params)]
pub struct Layer<const N: usize>([[f64; N]; N], Box<f64>);

// Names that the implementation uses itself.
#[derive(Params)]
struct Names {
    f: f64,
    path: f64,
    gradient: f64,
    index: f64,
    count: f64,
}

fn main() {
    let mut shared = [1.0];
    let layer = Layer([[1.0; 2]; 2], Box::new(1.0));
    let network =
        Network { layers: vec![layer], shared: &mut shared, own: (1.0, [1.0]), name: String::new() };
    assert_eq!(network.count(), 8);
    let names = Names { f: 1.0, path: 2.0, gradient: 3.0, index: 4.0, count: 5.0 };
    assert_eq!(names.to_flat(), [1.0, 2.0, 3.0, 4.0, 5.0]);
}
