//! Initial weights: large enough that signals do not fade from layer to layer, small enough that they do not grow.
//!
//! ```
//! use grad::optim::{Init, init::seeded};
//!
//! let mut rng = seeded(1);
//! let mut w = [[0.0; 64]; 32];
//! Init::he(64).fill(&mut w, &mut rng);
//! ```
//!
//! Here `inputs` is how many numbers go into an element of the layer (the columns of `w` in `w·x`), `outputs` how
//! many elements there are. Biases start at zero.

use rand::{Rng, SeedableRng, rngs::Xoshiro256PlusPlus};
use rand_distr::{Distribution, StandardNormal, StandardUniform};

use super::Params;
use crate::nn::Float;

/// How initial weights are distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Init {
    shape: Shape,
    /// Of a normal distribution the standard deviation, of a uniform one the bound.
    size: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Shape {
    Uniform,
    Normal,
}

/// A generator that gives the same numbers for the same seed.
pub fn seeded(seed: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(seed)
}

impl Init {
    /// All zero.
    pub const fn zeros() -> Self {
        Init { shape: Shape::Uniform, size: 0.0 }
    }

    /// Evenly between `−bound` and `bound`.
    #[track_caller]
    pub fn uniform(bound: f64) -> Self {
        Init { shape: Shape::Uniform, size: super::schedule::not_negative("bound", bound) }
    }

    /// Around 0, with this standard deviation.
    #[track_caller]
    pub fn normal(deviation: f64) -> Self {
        Init { shape: Shape::Normal, size: super::schedule::not_negative("standard deviation", deviation) }
    }

    /// For sigmoid and tanh, uniform: the variance is `2 / (inputs + outputs)`.
    ///
    /// X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010,
    /// equation 16 (named Xavier or Glorot after the author).
    #[track_caller]
    pub fn xavier(inputs: usize, outputs: usize) -> Self {
        Self::uniform((6.0 / fan(inputs + outputs)).sqrt())
    }

    /// The same, normal.
    #[track_caller]
    pub fn xavier_normal(inputs: usize, outputs: usize) -> Self {
        Self::normal((2.0 / fan(inputs + outputs)).sqrt())
    }

    /// For ReLU, normal: the variance is `2 / inputs`.
    ///
    /// K. He, X. Zhang, S. Ren, J. Sun, *Delving Deep into Rectifiers*, 2015, equation 10.
    #[track_caller]
    pub fn he(inputs: usize) -> Self {
        Self::normal((2.0 / fan(inputs)).sqrt())
    }

    /// The same, uniform.
    #[track_caller]
    pub fn he_uniform(inputs: usize) -> Self {
        Self::uniform((6.0 / fan(inputs)).sqrt())
    }

    /// For layers without an activation, normal: the variance is `1 / inputs`.
    ///
    /// Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, *Efficient BackProp*, 1998, equation 16.
    #[track_caller]
    pub fn lecun(inputs: usize) -> Self {
        Self::normal((1.0 / fan(inputs)).sqrt())
    }

    /// The same, uniform.
    #[track_caller]
    pub fn lecun_uniform(inputs: usize) -> Self {
        Self::uniform((3.0 / fan(inputs)).sqrt())
    }

    /// One number.
    pub fn sample<T: Float>(&self, rng: &mut (impl Rng + ?Sized)) -> T {
        T::from_f64(match self.shape {
            Shape::Uniform => {
                let share: f64 = StandardUniform.sample(rng);
                self.size * (2.0 * share - 1.0)
            }
            Shape::Normal => {
                let normal: f64 = StandardNormal.sample(rng);
                self.size * normal
            }
        })
    }

    /// Sets all elements, in their order.
    pub fn fill<P: Params + ?Sized>(&self, params: &mut P, rng: &mut (impl Rng + ?Sized)) {
        params.runs_mut(&mut |run| run.iter_mut().for_each(|x| *x = self.sample(rng)));
    }
}

#[track_caller]
fn fan(count: usize) -> f64 {
    assert!(count > 0, "a layer has at least one input");
    count as f64
}
