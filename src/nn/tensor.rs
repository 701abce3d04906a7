//! What the functions of [`nn`](super) take: scalars by value, containers by reference.

use super::Float;

/// A float, or a reference to a container of floats.
///
/// Implemented for `f32` and `f64`, and for references to them, to arrays, slices, `Vec`s and (with
/// the feature `ndarray`) `ndarray` arrays and views; arrays, slices and `Vec`s nest to any depth.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a float nor a reference to a container of floats",
    note = "scalars go by value, containers by reference: `relu(x)`, `relu(&v)`"
)]
pub trait Tensor: Copy {
    /// The scalar, `f32` or `f64`.
    type Elem: Float;
    /// An owned container of the same extents: an array for an array, a `Vec` for a slice or a
    /// `Vec`, an `Array` for an `Array` or a view.
    type Owned;

    /// Applies `f` to every element.
    fn map(self, f: &mut impl FnMut(Self::Elem) -> Self::Elem) -> Self::Owned;

    /// Visits every element, the last axis fastest.
    fn each(self, f: &mut impl FnMut(Self::Elem));

    /// Appends the extent of each axis, the outermost first; none for a scalar.
    ///
    /// # Panics
    /// If the rows of a nested slice or `Vec` differ in length.
    #[track_caller]
    fn extents(self, to: &mut Vec<usize>);
}

/// A [`Tensor`] with at least one axis, seen as the rows along its last axis.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reference to a container of floats",
    note = "containers go by reference: `softmax(&z)`"
)]
pub trait Rows: Tensor {
    /// The container without its last axis: a scalar for a vector, a vector for a matrix.
    type Reduced;

    /// A copy in which `f` has replaced every row in place.
    fn map_rows(self, f: &mut impl FnMut(&mut [Self::Elem])) -> Self::Owned;

    /// One value for each row.
    fn reduce_rows(self, f: &mut impl FnMut(&[Self::Elem]) -> Self::Elem) -> Self::Reduced;
}

/// A scalar by value or by reference, and vectors of it.
macro_rules! scalar {
    ($float:ty) => {
        impl Tensor for $float {
            type Elem = $float;
            type Owned = $float;

            fn map(self, f: &mut impl FnMut($float) -> $float) -> $float {
                f(self)
            }
            fn each(self, f: &mut impl FnMut($float)) {
                f(self);
            }
            fn extents(self, _: &mut Vec<usize>) {}
        }

        impl Tensor for &$float {
            type Elem = $float;
            type Owned = $float;

            fn map(self, f: &mut impl FnMut($float) -> $float) -> $float {
                f(*self)
            }
            fn each(self, f: &mut impl FnMut($float)) {
                f(*self);
            }
            fn extents(self, _: &mut Vec<usize>) {}
        }

        impl<const N: usize> Rows for &[$float; N] {
            type Reduced = $float;

            fn map_rows(self, f: &mut impl FnMut(&mut [$float])) -> [$float; N] {
                let mut row = *self;
                f(&mut row);
                row
            }
            fn reduce_rows(self, f: &mut impl FnMut(&[$float]) -> $float) -> $float {
                f(self)
            }
        }

        impl Rows for &[$float] {
            type Reduced = $float;

            fn map_rows(self, f: &mut impl FnMut(&mut [$float])) -> Vec<$float> {
                let mut row = self.to_vec();
                f(&mut row);
                row
            }
            fn reduce_rows(self, f: &mut impl FnMut(&[$float]) -> $float) -> $float {
                f(self)
            }
        }
    };
}

scalar!(f32);
scalar!(f64);

impl<'a, T, const N: usize> Tensor for &'a [T; N]
where
    &'a T: Tensor,
{
    type Elem = <&'a T as Tensor>::Elem;
    type Owned = [<&'a T as Tensor>::Owned; N];

    fn map(self, f: &mut impl FnMut(Self::Elem) -> Self::Elem) -> Self::Owned {
        std::array::from_fn(|i| self[i].map(f))
    }
    fn each(self, f: &mut impl FnMut(Self::Elem)) {
        self.as_slice().each(f);
    }
    #[track_caller]
    fn extents(self, to: &mut Vec<usize>) {
        self.as_slice().extents(to);
    }
}

impl<'a, T, const N: usize> Rows for &'a [T; N]
where
    &'a T: Rows,
{
    type Reduced = [<&'a T as Rows>::Reduced; N];

    fn map_rows(self, f: &mut impl FnMut(&mut [Self::Elem])) -> Self::Owned {
        std::array::from_fn(|i| self[i].map_rows(f))
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[Self::Elem]) -> Self::Elem) -> Self::Reduced {
        std::array::from_fn(|i| self[i].reduce_rows(f))
    }
}

impl<'a, T> Tensor for &'a [T]
where
    &'a T: Tensor,
{
    type Elem = <&'a T as Tensor>::Elem;
    type Owned = Vec<<&'a T as Tensor>::Owned>;

    fn map(self, f: &mut impl FnMut(Self::Elem) -> Self::Elem) -> Self::Owned {
        self.iter().map(|part| part.map(f)).collect()
    }
    fn each(self, f: &mut impl FnMut(Self::Elem)) {
        self.iter().for_each(|part| part.each(f));
    }
    #[track_caller]
    fn extents(self, to: &mut Vec<usize>) {
        to.push(self.len());
        let Some((first, rest)) = self.split_first() else { return };
        let start = to.len();
        first.extents(to);
        let mut other = Vec::new();
        // A scalar has no extents that could differ.
        for (i, part) in rest.iter().enumerate().take_while(|_| to.len() > start) {
            other.clear();
            part.extents(&mut other);
            assert!(
                to[start..] == other,
                "rows of different extents: {:?} in row 0, {other:?} in row {}",
                &to[start..],
                i + 1
            );
        }
    }
}

impl<'a, T> Rows for &'a [T]
where
    &'a T: Rows,
{
    type Reduced = Vec<<&'a T as Rows>::Reduced>;

    fn map_rows(self, f: &mut impl FnMut(&mut [Self::Elem])) -> Self::Owned {
        self.iter().map(|part| part.map_rows(f)).collect()
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[Self::Elem]) -> Self::Elem) -> Self::Reduced {
        self.iter().map(|part| part.reduce_rows(f)).collect()
    }
}

impl<'a, T> Tensor for &'a Vec<T>
where
    &'a [T]: Tensor,
{
    type Elem = <&'a [T] as Tensor>::Elem;
    type Owned = <&'a [T] as Tensor>::Owned;

    fn map(self, f: &mut impl FnMut(Self::Elem) -> Self::Elem) -> Self::Owned {
        self.as_slice().map(f)
    }
    fn each(self, f: &mut impl FnMut(Self::Elem)) {
        self.as_slice().each(f);
    }
    #[track_caller]
    fn extents(self, to: &mut Vec<usize>) {
        self.as_slice().extents(to);
    }
}

impl<'a, T> Rows for &'a Vec<T>
where
    &'a [T]: Rows,
{
    type Reduced = <&'a [T] as Rows>::Reduced;

    fn map_rows(self, f: &mut impl FnMut(&mut [Self::Elem])) -> Self::Owned {
        self.as_slice().map_rows(f)
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[Self::Elem]) -> Self::Elem) -> Self::Reduced {
        self.as_slice().reduce_rows(f)
    }
}

impl<'b, T: ?Sized> Tensor for &&'b T
where
    &'b T: Tensor,
{
    type Elem = <&'b T as Tensor>::Elem;
    type Owned = <&'b T as Tensor>::Owned;

    fn map(self, f: &mut impl FnMut(Self::Elem) -> Self::Elem) -> Self::Owned {
        (*self).map(f)
    }
    fn each(self, f: &mut impl FnMut(Self::Elem)) {
        (*self).each(f);
    }
    #[track_caller]
    fn extents(self, to: &mut Vec<usize>) {
        (*self).extents(to);
    }
}

impl<'b, T: ?Sized> Rows for &&'b T
where
    &'b T: Rows,
{
    type Reduced = <&'b T as Rows>::Reduced;

    fn map_rows(self, f: &mut impl FnMut(&mut [Self::Elem])) -> Self::Owned {
        (*self).map_rows(f)
    }
    fn reduce_rows(self, f: &mut impl FnMut(&[Self::Elem]) -> Self::Elem) -> Self::Reduced {
        (*self).reduce_rows(f)
    }
}
