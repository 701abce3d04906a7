//! Sets of parameters of every kind: order, zip, norm, extents.

use grad::optim::Params;
use ndarray::{Array1, Array2, Array3, ShapeBuilder, array};

/// Adds the gradient to the parameters.
fn add<P: Params<Elem = f64>>(params: &mut P, gradient: &P::Gradient) {
    params.zip(gradient, |p, g| *p += g);
}

#[test]
fn every_container_is_visited_in_order() {
    assert_eq!(2.5.to_flat(), [2.5]);
    assert_eq!([[[1.0, 2.0], [3.0, 4.0]]].to_flat(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(vec![vec![1.0_f32], vec![], vec![2.0, 3.0]].to_flat(), [1.0, 2.0, 3.0]);
    assert_eq!(vec![[1.0, 2.0], [3.0, 4.0]].to_flat(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(Params::to_flat(&array![[1.0, 2.0], [3.0, 4.0]]), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!((1.0, [2.0], (vec![3.0], (4.0,))).to_flat(), [1.0, 2.0, 3.0, 4.0]);
    assert_eq!(Box::new([1.0, 2.0]).to_flat(), [1.0, 2.0]);
    assert_eq!([1.0, 2.0][..].to_flat(), [1.0, 2.0]);
    let numbers: [f64; 12] = std::array::from_fn(|i| i as f64);
    let [a, b, c, d, e, f, g, h, i, j, k, l] = numbers;
    assert_eq!((a, b, c, d, e, f, g, h, i, j, k, l).to_flat(), numbers);
}

#[test]
fn a_step_reaches_every_element() {
    let mut nested = (1.0, vec![[2.0, 3.0]], (array![[4.0], [5.0]], Box::new([6.0])));
    add(&mut nested, &(10.0, vec![[20.0, 30.0]], (array![[40.0], [50.0]], [60.0])));
    assert_eq!(nested.to_flat(), [11.0, 22.0, 33.0, 44.0, 55.0, 66.0]);
}

#[test]
fn what_is_borrowed_is_changed_in_place() {
    let (mut w, mut b) = ([[1.0, 2.0]], vec![3.0]);
    let mut x = array![4.0, 5.0];
    add(&mut (&mut w, &mut b[..], x.view_mut()), &([[0.1, 0.2]], vec![0.3], array![0.4, 0.5]));
    assert_eq!((w, b, x), ([[1.1, 2.2]], vec![3.3], array![4.4, 5.5]));
}

/// Elements belong together by their indices, not by where they lie in memory.
#[test]
fn layouts_of_arrays_may_differ() {
    let by_column = Array2::from_shape_vec((2, 3).f(), vec![1.0, 4.0, 2.0, 5.0, 3.0, 6.0]).expect("it fits");
    let by_row = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    assert_eq!(Params::to_flat(&by_column), Params::to_flat(&by_row));
    let mut sum = by_column.clone();
    add(&mut sum, &by_row);
    assert_eq!(sum, &by_row * 2.0);
    let mut sum = by_row.clone();
    add(&mut sum, &by_column);
    assert_eq!(sum, &by_row * 2.0);
    let mut set = by_column;
    set.set_flat(&[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]);
    assert_eq!(set, array![[6.0, 5.0, 4.0], [3.0, 2.0, 1.0]]);
}

#[test]
fn norm_scale_count_and_finiteness() {
    let mut set = ([[3.0, 0.0], [0.0, 0.0]], (4.0, Array1::<f64>::zeros(2)));
    assert_eq!((set.count(), set.norm()), (7, 5.0));
    set.scale(2.0);
    assert_eq!(set.norm(), 10.0);
    assert!(set.is_finite());
    set.1.0 = f64::NAN;
    assert!(!set.is_finite());
    assert!(set.norm().is_nan());
    let mut long = vec![1.0_f32; 1000];
    assert!(long.is_finite());
    long[999] = f32::INFINITY;
    assert!(!long.is_finite());
    assert_eq!(long.norm(), f64::INFINITY);
}

#[test]
fn norms_neither_overflow_nor_vanish() {
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-15, "{a} is not {b}");
    close([3e200, -4e200].norm(), 5e200);
    close(([3e-200], 4e-200).norm(), 5e-200);
    close([3.0 * 2_f32.powi(100), 4.0 * 2_f32.powi(100)].norm(), 5.0 * 2_f64.powi(100));
    assert_eq!([0.0; 3].norm(), 0.0);
    assert_eq!(Vec::<f64>::new().norm(), 0.0);
}

#[test]
fn flat_there_and_back() {
    let mut set = (Array3::<f64>::zeros((2, 1, 2)), [0.0; 3]);
    let flat = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    set.set_flat(&flat);
    assert_eq!(set.to_flat(), flat);
    assert_eq!(set.0[[1, 0, 0]], 3.0);
}

#[test]
#[should_panic(expected = "3 parameters cannot be set to 2 numbers")]
fn flat_of_another_length() {
    [0.0; 3].set_flat(&[1.0, 2.0]);
}

#[test]
#[should_panic(expected = "the parameter `[1]` has 2 elements but its gradient 3")]
fn rows_of_another_length() {
    add(&mut vec![vec![0.0], vec![0.0; 2]], &vec![vec![1.0], vec![1.0; 3]]);
}

#[test]
#[should_panic(expected = "the parameter `.1.0` has the extents [2, 3] but its gradient [3, 2]")]
fn arrays_of_other_extents() {
    add(&mut (0.0, (Array2::zeros((2, 3)),)), &(0.0, (Array2::zeros((3, 2)),)));
}

#[test]
#[should_panic(expected = "the parameter has 2 elements but its gradient 1")]
fn a_vector_of_another_length() {
    add(&mut vec![0.0; 2], &vec![0.0]);
}

/// What has fixed extents inside is compared by its number.
#[test]
#[should_panic(expected = "the parameter has 2 elements but its gradient 3")]
fn fixed_rows_of_another_number() {
    add(&mut vec![[0.0; 3]; 2], &vec![[0.0; 3]; 3]);
}
