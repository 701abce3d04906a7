//! Sets of parameters: what a gradient step goes through, whatever it is made of.

#[cfg(feature = "ndarray")]
mod array;
mod container;
mod path;
mod tuple;

pub use path::{Mismatch, Path};

use crate::nn::Float;

/// A set of parameters that a gradient can change: a float, an array, slice, `Vec` or `ndarray` array of
/// parameters, a tuple of up to twelve, or a struct that derives it; owned, boxed or behind `&mut`.
///
/// ```
/// use grad::optim::Params;
///
/// let mut layer = ([[1.0, 2.0], [3.0, 4.0]], [0.0; 2]);
/// assert_eq!(layer.count(), 6);
/// layer.scale(2.0);
/// assert_eq!(layer.to_flat(), [2.0, 4.0, 6.0, 8.0, 0.0, 0.0]);
/// ```
///
/// The [`Gradient`](Params::Gradient) has the type that `#[grad]` gives it: an owned container of the same
/// shape, and for a struct the tuple of its fields' gradients, or the one itself if there is one field.
///
/// ```
/// use grad::{grad, optim::Params};
///
/// #[derive(Params)]
/// struct Line {
///     slope: f64,
///     offset: f64,
/// }
///
/// #[grad(wrt(slope, offset))]
/// fn squared_error(x: f64, y: f64, slope: f64, offset: f64) -> f64 {
///     (slope * x + offset - y).powi(2)
/// }
///
/// let mut line = Line { slope: 1.0, offset: 0.0 };
/// let (_, gradient) = squared_error_grad(2.0, 3.0, line.slope, line.offset);
/// line.zip(&gradient, |p, g| *p -= 0.1 * g);
/// assert_eq!((line.slope, line.offset), (1.4, 0.2));
/// ```
///
/// Fields that are no parameters are marked `#[params(skip)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a set of parameters",
    note = "floats, arrays, slices, `Vec`s and `ndarray` arrays of them are, tuples of up to twelve, and structs \
            with `#[derive(Params)]`; mark a field that is no parameter `#[params(skip)]`"
)]
pub trait Params {
    /// The scalar, `f32` or `f64`.
    type Elem: Float;
    /// What `#[grad]` returns for these parameters.
    type Gradient: Params<Elem = Self::Elem>;

    /// Visits all elements in order, a run of neighbours at a time.
    fn runs(&self, f: &mut impl FnMut(&[Self::Elem]));

    /// The same, to change them.
    fn runs_mut(&mut self, f: &mut impl FnMut(&mut [Self::Elem]));

    /// Visits all elements beside those of a gradient that [`matches`](Params::matches), in runs of equal length.
    fn runs_with(&mut self, gradient: &Self::Gradient, f: &mut impl FnMut(&mut [Self::Elem], &[Self::Elem]));

    /// Whether the gradient has the same extents.
    ///
    /// # Errors
    /// If it has not: where, and both extents.
    fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch>;

    /// How the element with this number is written, as an expression that starts with `path`.
    fn place(&self, index: usize, path: &Path<'_>) -> String;

    /// Several of these as one run, if that is how they lie in memory.
    fn as_run(_several: &[Self]) -> Option<&[Self::Elem]>
    where
        Self: Sized,
    {
        None
    }

    /// The same, to change them.
    fn as_run_mut(_several: &mut [Self]) -> Option<&mut [Self::Elem]>
    where
        Self: Sized,
    {
        None
    }

    /// The number of elements, those of all parts together.
    fn count(&self) -> usize {
        let mut count = 0;
        self.runs(&mut |run| count += run.len());
        count
    }

    /// Goes through all elements and those of the gradient.
    ///
    /// # Panics
    /// If the gradient has other extents, before anything is done.
    #[track_caller]
    fn zip(&mut self, gradient: &Self::Gradient, mut f: impl FnMut(&mut Self::Elem, Self::Elem)) {
        if let Err(mismatch) = self.matches(gradient, &Path::ROOT) {
            panic!("{mismatch}");
        }
        self.runs_with(gradient, &mut |params, gradient| {
            params.iter_mut().zip(gradient).for_each(|(p, g)| f(p, *g));
        });
    }

    /// Multiplies every element.
    fn scale(&mut self, factor: Self::Elem) {
        self.runs_mut(&mut |run| run.iter_mut().for_each(|x| *x = *x * factor));
    }

    /// Whether no element is NaN or infinite.
    fn is_finite(&self) -> bool {
        let mut finite = true;
        self.runs(&mut |run| finite = finite && all_finite(run));
        finite
    }

    /// The Euclidean norm of all elements together. Computed in double precision, without overflow.
    fn norm(&self) -> f64 {
        let mut squares = 0.0;
        self.runs(&mut |run| squares += run.iter().map(|x| x.to_f64().powi(2)).sum::<f64>());
        if (1e-280..1e280).contains(&squares) {
            return squares.sqrt();
        }
        // Too small or too large to be squared as they are.
        let mut max = 0.0_f64;
        self.runs(&mut |run| max = run.iter().fold(max, |max, x| max.max(x.to_f64().abs())));
        if max == 0.0 || !max.is_finite() || squares.is_nan() {
            return if squares.is_nan() { f64::NAN } else { max };
        }
        let mut squares = 0.0;
        self.runs(&mut |run| squares += run.iter().map(|x| (x.to_f64() / max).powi(2)).sum::<f64>());
        max * squares.sqrt()
    }

    /// All elements in order.
    fn to_flat(&self) -> Vec<Self::Elem> {
        let mut flat = Vec::with_capacity(self.count());
        self.runs(&mut |run| flat.extend_from_slice(run));
        flat
    }

    /// Sets all elements, in the order of [`to_flat`](Params::to_flat).
    ///
    /// # Panics
    /// If there are more or fewer.
    #[track_caller]
    fn set_flat(&mut self, flat: &[Self::Elem]) {
        let count = self.count();
        assert!(flat.len() == count, "{count} parameters cannot be set to {} numbers", flat.len());
        let mut rest = flat;
        self.runs_mut(&mut |run| {
            let (own, others) = rest.split_at(run.len());
            run.copy_from_slice(own);
            rest = others;
        });
    }
}

/// Block by block, so that a block becomes vector instructions.
fn all_finite<T: Float>(run: &[T]) -> bool {
    run.chunks(64).all(|block| block.iter().fold(true, |finite, x| finite & x.is_finite()))
}
