//! The inputs, and results in a form that can be compared.

use std::{array::from_fn, fmt, hint::black_box};

use ndarray::{Array1, Array2};
use rand::{RngExt, SeedableRng, rngs::Xoshiro256PlusPlus};

pub type Gradients = (Array2<f32>, Array1<f32>, Array2<f32>, Array1<f32>);

/// Random inputs of given extents.
pub struct Case {
    pub x: Array2<f32>,
    /// One 1 in each row.
    pub y: Array2<f32>,
    pub w1: Array2<f32>,
    pub b1: Array1<f32>,
    pub w2: Array2<f32>,
    pub b2: Array1<f32>,
}

impl Case {
    pub fn new(batch: usize, input: usize, hidden: usize, output: usize) -> Self {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut y = Array2::zeros((batch, output));
        for mut row in y.rows_mut() {
            row[rng.random_range(0..output)] = 1.0;
        }
        let mut random = |rows, columns, bound: f32| {
            Array2::from_shape_simple_fn((rows, columns), || rng.random_range(-bound..bound))
        };
        let he = |extent: usize| (6.0 / extent as f32).sqrt();
        Self {
            x: random(batch, input, 1.0),
            y,
            w1: random(hidden, input, he(input)),
            b1: random(1, hidden, 0.1).row(0).to_owned(),
            w2: random(output, hidden, he(hidden)),
            b2: random(1, output, 0.1).row(0).to_owned(),
        }
    }

    /// Calls with inputs that the optimiser cannot see through.
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call<T>(
        &self,
        f: fn(&Array2<f32>, &Array2<f32>, &Array2<f32>, &Array1<f32>, &Array2<f32>, &Array1<f32>) -> T,
    ) -> T {
        let Self { x, y, w1, b1, w2, b2 } = black_box(self);
        f(x, y, w1, b1, w2, b2)
    }

    /// The same inputs as fixed arrays.
    pub fn arrays<const I: usize, const H: usize, const O: usize>(&self) -> Arrays<I, H, O> {
        assert_eq!((self.x.dim(), self.w1.dim(), self.w2.dim()), ((1, I), (H, I), (O, H)));
        Arrays {
            x: from_fn(|i| self.x[[0, i]]),
            y: from_fn(|k| self.y[[0, k]]),
            w1: from_fn(|j| from_fn(|i| self.w1[[j, i]])),
            b1: from_fn(|j| self.b1[j]),
            w2: from_fn(|k| from_fn(|j| self.w2[[k, j]])),
            b2: from_fn(|k| self.b2[k]),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((batch, input), (output, hidden)) = (self.x.dim(), self.w2.dim());
        write!(f, "{batch}x{input}x{hidden}x{output}")
    }
}

/// Inputs of a batch of one, all extents known when compiling.
pub struct Arrays<const I: usize, const H: usize, const O: usize> {
    pub x: [f32; I],
    pub y: [f32; O],
    pub w1: [[f32; I]; H],
    pub b1: [f32; H],
    pub w2: [[f32; H]; O],
    pub b2: [f32; O],
}

pub type ArrayGradients<const I: usize, const H: usize, const O: usize> =
    ([[f32; I]; H], [f32; H], [[f32; H]; O], [f32; O]);

impl<const I: usize, const H: usize, const O: usize> Arrays<I, H, O> {
    /// Calls with inputs that the optimiser cannot see through.
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call<T>(
        &self,
        f: fn(&[f32; I], &[f32; O], &[[f32; I]; H], &[f32; H], &[[f32; H]; O], &[f32; O]) -> T,
    ) -> T {
        let Self { x, y, w1, b1, w2, b2 } = black_box(self);
        f(x, y, w1, b1, w2, b2)
    }
}

/// A loss and its gradients, each as a list of numbers.
pub struct Flat {
    pub loss: f32,
    pub gradients: [Vec<f32>; 4],
}

impl From<(f32, Gradients)> for Flat {
    fn from((loss, (w1, b1, w2, b2)): (f32, Gradients)) -> Self {
        let flat = |m: Array2<f32>| m.iter().copied().collect();
        Self { loss, gradients: [flat(w1), b1.to_vec(), flat(w2), b2.to_vec()] }
    }
}

impl<const I: usize, const H: usize, const O: usize> From<(f32, ArrayGradients<I, H, O>)> for Flat {
    fn from((loss, (w1, b1, w2, b2)): (f32, ArrayGradients<I, H, O>)) -> Self {
        Self { loss, gradients: [w1.as_flattened().into(), b1.into(), w2.as_flattened().into(), b2.into()] }
    }
}

impl Flat {
    /// Each to 1e-4 of its largest element.
    pub fn agrees_with(&self, reference: &Self) -> Result<(), String> {
        let close = |name: &str, own: &[f32], reference: &[f32]| {
            if own.len() != reference.len() {
                return Err(format!("{name} has {} elements, not {}", own.len(), reference.len()));
            }
            let scale = reference.iter().fold(f32::MIN_POSITIVE, |scale, r| scale.max(r.abs()));
            let apart = own.iter().zip(reference).fold(0.0_f32, |apart, (o, r)| apart.max((o - r).abs()));
            match apart / scale {
                ..=1e-4 => Ok(()),
                apart => Err(format!("{name} is off by {apart:.1e} of its largest element")),
            }
        };
        close("the loss", &[self.loss], &[reference.loss])?;
        for (name, (own, reference)) in
            ["w1", "b1", "w2", "b2"].iter().zip(self.gradients.iter().zip(&reference.gradients))
        {
            close(&format!("the gradient of {name}"), own, reference)?;
        }
        Ok(())
    }
}
