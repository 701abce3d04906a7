//! `ndarray` arrays and views as [`Tensor`]s.

use super::{Float, Rows, Tensor};
use ndarray::{
    Array, ArrayBase, ArrayRef, Axis, Data, Dimension, Ix1, Ix2, Ix3, Ix4, Ix5, Ix6, IxDyn, RemoveAxis,
};

impl<A: Float, D: Dimension> Tensor for &ArrayRef<A, D> {
    type Elem = A;
    type Owned = Array<A, D>;

    fn map(self, f: &mut impl FnMut(A) -> A) -> Array<A, D> {
        self.mapv(f)
    }
    fn each(self, f: &mut impl FnMut(A)) {
        self.iter().for_each(|x| f(*x));
    }
    fn extents(self, to: &mut Vec<usize>) {
        to.extend_from_slice(self.shape());
    }
}

impl<A: Float, D: LastAxis> Rows for &ArrayRef<A, D> {
    type Reduced = D::Reduced<A>;

    fn map_rows(self, f: &mut impl FnMut(&mut [A])) -> Array<A, D> {
        let mut all = self.as_standard_layout().into_owned();
        for mut row in all.lanes_mut(last_axis(self)) {
            f(row.as_slice_mut().expect("the last axis of the standard layout is contiguous"));
        }
        all
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[A]) -> A) -> D::Reduced<A> {
        D::unwrap(self.map_axis(last_axis(self), |row| match row.as_slice() {
            Some(row) => f(row),
            None => f(&row.to_vec()),
        }))
    }
}

impl<S: Data<Elem: Float>, D: Dimension> Tensor for &ArrayBase<S, D> {
    type Elem = S::Elem;
    type Owned = Array<S::Elem, D>;

    fn map(self, f: &mut impl FnMut(S::Elem) -> S::Elem) -> Self::Owned {
        Tensor::map(&**self, f)
    }
    fn each(self, f: &mut impl FnMut(S::Elem)) {
        Tensor::each(&**self, f);
    }
    fn extents(self, to: &mut Vec<usize>) {
        Tensor::extents(&**self, to);
    }
}

impl<S: Data<Elem: Float>, D: LastAxis> Rows for &ArrayBase<S, D> {
    type Reduced = D::Reduced<S::Elem>;

    fn map_rows(self, f: &mut impl FnMut(&mut [S::Elem])) -> Self::Owned {
        Rows::map_rows(&**self, f)
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[S::Elem]) -> S::Elem) -> Self::Reduced {
        Rows::reduce_rows(&**self, f)
    }
}

#[track_caller]
fn last_axis<A, D: Dimension>(array: &ArrayRef<A, D>) -> Axis {
    Axis(array.ndim().checked_sub(1).expect("an array without axes has no last axis"))
}

/// What is left of an array when each row has become one value.
pub trait LastAxis: RemoveAxis {
    /// A scalar for a vector, otherwise an array of one axis less.
    type Reduced<A>;

    /// From an array of one axis less.
    fn unwrap<A>(array: Array<A, Self::Smaller>) -> Self::Reduced<A>;
}

impl LastAxis for Ix1 {
    type Reduced<A> = A;

    fn unwrap<A>(array: Array<A, Self::Smaller>) -> A {
        array.into_scalar()
    }
}

/// From two axes on, the array itself.
macro_rules! last_axis {
    ($($dim:ty)*) => {$(
        impl LastAxis for $dim {
            type Reduced<A> = Array<A, Self::Smaller>;

            fn unwrap<A>(array: Array<A, Self::Smaller>) -> Self::Reduced<A> {
                array
            }
        }
    )*};
}

last_axis!(Ix2 Ix3 Ix4 Ix5 Ix6 IxDyn);
