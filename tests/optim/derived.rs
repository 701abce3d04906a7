//! `#[derive(Params)]`.

use grad::optim::{Adam, GradientDescent, Params};
use ndarray::{Array1, Array2, array};

#[derive(Params)]
struct Dense {
    w: Array2<f64>,
    b: Array1<f64>,
}

#[derive(Params)]
struct Network {
    first: Dense,
    rest: Vec<Dense>,
    #[params(skip)]
    name: &'static str,
    r#final: f64,
}

#[derive(Params)]
struct Pair<'a>(&'a mut [f32], #[params(skip)] usize, [[f32; 2]; 2]);

#[derive(Params)]
struct Only(Vec<f64>);

#[derive(Params)]
struct Generic<T, const N: usize>
where
    T: Clone,
{
    own: T,
    fixed: [[f64; N]; N],
}

mod vendored {
    pub use ::grad::*;
}

#[derive(Params)]
#[params(crate = vendored)]
pub(crate) struct Elsewhere {
    x: f64,
}

fn dense(w: f64, b: f64) -> Dense {
    Dense { w: array![[w, w + 1.0]], b: array![b] }
}

fn network() -> Network {
    Network { first: dense(1.0, 3.0), rest: vec![dense(4.0, 6.0)], name: "net", r#final: 7.0 }
}

#[test]
fn fields_in_their_order() {
    assert_eq!(network().to_flat(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    assert_eq!(network().name, "net");
}

/// The gradient of a struct is the tuple of those of its fields, as `#[grad]` returns it.
#[test]
fn gradients_are_tuples() {
    let mut network = network();
    let d_dense = || (array![[1.0, 1.0]], array![1.0]);
    GradientDescent::new(1.0).step(&mut network, 0.0, &(d_dense(), vec![d_dense()], 1.0));
    assert_eq!(network.to_flat(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
}

#[test]
fn tuple_structs_and_single_fields() {
    let mut numbers = [1.0, 2.0];
    let mut pair = Pair(&mut numbers, 5, [[3.0, 4.0], [5.0, 6.0]]);
    Adam::new(1.0).epsilon(0.0).step(&mut pair, 0.0, &(vec![1.0, -1.0], [[1.0, -1.0], [1.0, -1.0]]));
    assert_eq!((pair.2, pair.1), ([[2.0, 5.0], [4.0, 7.0]], 5));
    assert_eq!(numbers, [0.0, 3.0]);

    let mut only = Only(vec![1.0]);
    only.zip(&vec![2.0], |p, g| *p += g);
    assert_eq!(only.0, [3.0]);

    let mut generic = Generic { own: [1.0], fixed: [[2.0; 2]; 2] };
    generic.zip(&([1.0], [[1.0; 2]; 2]), |p, g| *p += g);
    assert_eq!(generic.to_flat(), [2.0, 3.0, 3.0, 3.0, 3.0]);

    let mut elsewhere = Elsewhere { x: 1.0 };
    elsewhere.zip(&1.0, |p, g| *p += g);
    assert_eq!(elsewhere.x, 2.0);
}

#[test]
fn places_are_written_as_in_rust() {
    let root = grad::optim::Path::ROOT;
    let places: Vec<_> = (0..7).map(|i| network().place(i, &root)).collect();
    let expected =
        ["first.w[[0, 0]]", "first.w[[0, 1]]", "first.b[0]", "rest[0].w[[0, 0]]", "rest[0].w[[0, 1]]"];
    assert_eq!(places[..5], expected);
    assert_eq!(places[5..], ["rest[0].b[0]", "final"]);
    let mut numbers = [1.0, 2.0];
    let pair = Pair(&mut numbers, 5, [[3.0, 4.0], [5.0, 6.0]]);
    let places: Vec<_> = (0..6).map(|i| pair.place(i, &root)).collect();
    assert_eq!(places, [".0[0]", ".0[1]", ".2[0][0]", ".2[0][1]", ".2[1][0]", ".2[1][1]"]);
}

#[test]
#[should_panic(expected = "the parameter `rest[0].w` has the extents [1, 2] but its gradient [2, 1]")]
fn other_extents_are_named() {
    let gradient = ((array![[1.0, 1.0]], array![1.0]), vec![(array![[1.0], [1.0]], array![1.0])], 1.0);
    GradientDescent::new(1.0).step(&mut network(), 0.0, &gradient);
}
