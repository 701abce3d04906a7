//! Value and gradient over many samples, on all cores.
//!
//! ```
//! use grad::{grad, parallel};
//!
//! #[grad(wrt(slope))]
//! fn loss(points: &[[f64; 2]], slope: f64) -> f64 {
//!     points.iter().map(|[x, y]| (slope * x - y).powi(2)).sum::<f64>() / points.len() as f64
//! }
//!
//! let points: Vec<[f64; 2]> = (0..1000).map(|i| [i as f64, 2.0 * i as f64]).collect();
//! let (value, d_slope) = parallel::mean(points.len(), 64, |rows| loss_grad(&points[rows], 2.0));
//! assert_eq!((value, d_slope), (0.0, 0.0));
//! ```
//!
//! The samples are cut into chunks of a size that you choose, and the results of the chunks are summed in an order
//! that follows from their number alone. So the bits of the result do not depend on how many threads there are, nor
//! on which of them was faster; they do depend on the size of the chunks. A chunk should be worth some ten
//! microseconds of work: handing one to another thread costs about one.
//!
//! The threads are those of `rayon`: its global pool, or the one in which this is called.

use std::ops::Range;

use crate::{nn::Float, optim::Params};

/// The mean over samples of a value and of its gradient; `of` gives the means over some of the samples.
///
/// # Panics
/// If there are no samples, if the size of the chunks is 0, or if gradients of two chunks differ in their extents.
pub fn mean<T, G>(samples: usize, chunk: usize, of: impl Fn(Range<usize>) -> (T, G) + Sync) -> (T, G)
where
    T: Float,
    G: Params<Elem = T, Gradient = G> + Send,
{
    assert!(samples > 0, "there is no mean over no samples");
    sum(samples, chunk, |rows| {
        let share = T::from_count(rows.len()) / T::from_count(samples);
        let (value, mut gradient) = of(rows);
        gradient.scale(share);
        (value * share, gradient)
    })
}

/// The sum over samples of a value and of its gradient; `of` gives the sums over some of the samples.
///
/// # Panics
/// As [`mean`].
pub fn sum<T, G>(samples: usize, chunk: usize, of: impl Fn(Range<usize>) -> (T, G) + Sync) -> (T, G)
where
    T: Float,
    G: Params<Elem = T, Gradient = G> + Send,
{
    assert!(samples > 0, "there is no sum over no samples");
    assert!(chunk > 0, "a chunk has at least one sample");
    let of_chunk = |index: usize| of(index * chunk..samples.min((index + 1) * chunk));
    tree(0..samples.div_ceil(chunk), &of_chunk)
}

/// The sum over chunks, halves first: a tree whose shape is that of the range.
fn tree<T, G>(chunks: Range<usize>, of: &(impl Fn(usize) -> (T, G) + Sync)) -> (T, G)
where
    T: Float,
    G: Params<Elem = T, Gradient = G> + Send,
{
    if chunks.len() == 1 {
        return of(chunks.start);
    }
    let middle = chunks.start + chunks.len() / 2;
    let (left, right) = rayon::join(|| tree(chunks.start..middle, of), || tree(middle..chunks.end, of));
    let (mut value, mut gradient) = left;
    value += right.0;
    gradient.zip(&right.1, |sum, d| *sum += d);
    (value, gradient)
}
