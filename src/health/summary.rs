//! A few numbers that stand for many.

use crate::nn::{Float, Tensor};

/// What is kept of the elements of a value: how many there are, how large, how many are zero or not finite.
///
/// The norm, mean and extremes are those of the finite elements, so that one NaN does not hide the rest; it is
/// counted in [`non_finite`](Summary::non_finite).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Summary {
    len: usize,
    zeros: usize,
    non_finite: usize,
    sum: f64,
    /// The sum of squares is `scale² · squares`: it neither overflows nor vanishes where the norm does not.
    scale: f64,
    squares: f64,
    /// `None` as long as there is no finite element.
    extremes: Option<(f64, f64)>,
}

impl Default for Summary {
    fn default() -> Self {
        Summary::new()
    }
}

impl Summary {
    /// Of no elements.
    pub const fn new() -> Self {
        Summary { len: 0, zeros: 0, non_finite: 0, sum: 0.0, scale: 0.0, squares: 1.0, extremes: None }
    }

    /// Of a float, or of all elements of a container.
    pub fn of(value: impl Tensor) -> Self {
        let mut summary = Summary::new();
        value.each(&mut |x| summary.add(x));
        summary
    }

    /// Of those elements for which it is said so.
    pub(super) fn of_some(value: impl Tensor, which: &[bool]) -> Self {
        let mut summary = Summary::new();
        let mut which = which.iter();
        value.each(&mut |x| {
            if which.next() == Some(&true) {
                summary.add(x);
            }
        });
        summary
    }

    /// Takes one more element in.
    pub fn add(&mut self, element: impl Float) {
        let x = element.to_f64();
        self.len += 1;
        if !x.is_finite() {
            self.non_finite += 1;
            return;
        }
        self.extremes = match self.extremes {
            Some((min, max)) => Some((min.min(x), max.max(x))),
            None => Some((x, x)),
        };
        if x == 0.0 {
            self.zeros += 1;
            return;
        }
        self.sum += x;
        // As LAPACK's dnrm2: S. Hammarling, 1982.
        let magnitude = x.abs();
        if magnitude > self.scale {
            self.squares = 1.0 + self.squares * (self.scale / magnitude).powi(2);
            self.scale = magnitude;
        } else {
            self.squares += (magnitude / self.scale).powi(2);
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The Euclidean norm of the finite elements.
    pub fn norm(&self) -> f64 {
        self.scale * self.squares.sqrt()
    }

    /// The root of the mean square of the finite elements: the norm without the size.
    pub fn rms(&self) -> f64 {
        self.over_finite(self.norm(), |count| count.sqrt())
    }

    /// The mean of the finite elements.
    pub fn mean(&self) -> f64 {
        self.over_finite(self.sum, |count| count)
    }

    /// The largest magnitude of a finite element; 0 if there is none.
    pub fn max_abs(&self) -> f64 {
        self.scale
    }

    /// The smallest and the largest finite element.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.extremes
    }

    /// The share of elements that are zero, from 0 to 1.
    pub fn zeros(&self) -> f64 {
        if self.len == 0 { 0.0 } else { self.zeros as f64 / self.len as f64 }
    }

    /// How many elements are NaN or infinite.
    pub fn non_finite(&self) -> usize {
        self.non_finite
    }

    fn over_finite(&self, total: f64, divisor: impl Fn(f64) -> f64) -> f64 {
        match self.len - self.non_finite {
            0 => 0.0,
            count => total / divisor(count as f64),
        }
    }
}
