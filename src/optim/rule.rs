//! The formulas by which optimisers change parameters.
//!
//! In all of them `p` is a parameter, `g` the gradient with respect to it, `r` the learning rate of the step. What
//! an optimiser remembers for each parameter starts at 0.

use super::Step;
use crate::nn::Float;

/// How parameters change in a step.
///
/// ```
/// use grad::{nn::Float, optim::{Optimizer, Step, rule::Rule}};
///
/// /// Steps of one length, in the direction of the sign: Bernstein et al., *signSGD*, 2018.
/// #[derive(Clone)]
/// struct Sign;
///
/// impl Rule for Sign {
///     const MEMORY: usize = 0;
///
///     fn update<T: Float>(&self, step: Step, p: &mut [T], g: &[T], _: [&mut [T]; 2]) {
///         let r = T::from_f64(step.rate);
///         for (p, &g) in p.iter_mut().zip(g) {
///             if g != T::ZERO {
///                 *p = if g > T::ZERO { *p - r } else { *p + r };
///             }
///         }
///     }
/// }
///
/// let mut x = [1.0, -1.0];
/// Optimizer::with(Sign, 0.25).step(&mut x, 2.0, &[2.0, -2.0]);
/// assert_eq!(x, [0.75, -0.75]);
/// ```
pub trait Rule {
    /// How many numbers are remembered for each parameter, at most 2.
    const MEMORY: usize;

    /// Changes some parameters. All slices are of one length, but for the memories that are not in use, which
    /// are empty.
    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], memory: [&mut [T]; 2]);
}

/// `p ← p − r g`.
///
/// A. Cauchy, *Méthode générale pour la résolution des systèmes d'équations simultanées*, 1847.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GradientDescent;

impl Rule for GradientDescent {
    const MEMORY: usize = 0;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], _: [&mut [T]; 2]) {
        let rate = T::from_f64(step.rate);
        for (p, &g) in params.iter_mut().zip(gradient) {
            *p = *p - rate * g;
        }
    }
}

/// `g ← g + λ p`, `m ← μ m + g`, `p ← p − r m`, or with Nesterov's momentum `p ← p − r (g + μ m)`.
///
/// H. Robbins, S. Monro, *A Stochastic Approximation Method*, 1951; momentum: B. Polyak, *Some methods of speeding
/// up the convergence of iteration methods*, 1964; Nesterov's: I. Sutskever et al., *On the importance of
/// initialization and momentum in deep learning*, 2013, with the rate outside of the momentum, as PyTorch's
/// `SGD` has it (without dampening); weight decay: A. Krogh, J. Hertz, *A Simple Weight Decay Can Improve
/// Generalization*, 1991.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Sgd {
    /// μ: how much of the last step goes into the next.
    pub momentum: f64,
    /// Whether the gradient is taken to be that where the momentum leads.
    pub nesterov: bool,
    /// λ: the pull towards 0.
    pub weight_decay: f64,
}

impl Rule for Sgd {
    const MEMORY: usize = 1;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], [m, _]: [&mut [T]; 2]) {
        let [rate, momentum, decay] = [step.rate, self.momentum, self.weight_decay].map(T::from_f64);
        let elements = params.iter_mut().zip(gradient).zip(m);
        if self.nesterov {
            for ((p, &g), m) in elements {
                let g = g + decay * *p;
                *m = momentum * *m + g;
                *p = *p - rate * (g + momentum * *m);
            }
        } else {
            for ((p, &g), m) in elements {
                *m = momentum * *m + g + decay * *p;
                *p = *p - rate * *m;
            }
        }
    }
}

/// `v ← α v + (1 − α) g²`, `p ← p − r g / (√v + ε)`.
///
/// T. Tieleman, G. Hinton, *Neural Networks for Machine Learning*, lecture 6e, 2012; ε where PyTorch's `RMSprop`
/// has it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct RmsProp {
    /// α: how much of the mean of squares stays.
    pub smoothing: f64,
    /// ε: what the root is kept away from 0 by.
    pub epsilon: f64,
}

impl Default for RmsProp {
    /// α = 0.99, ε = 1e-8.
    fn default() -> Self {
        RmsProp { smoothing: 0.99, epsilon: 1e-8 }
    }
}

impl Rule for RmsProp {
    const MEMORY: usize = 1;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], [v, _]: [&mut [T]; 2]) {
        let [rate, epsilon] = [step.rate, self.epsilon].map(T::from_f64);
        let [old, new] = [self.smoothing, 1.0 - self.smoothing].map(T::from_f64);
        for ((p, &g), v) in params.iter_mut().zip(gradient).zip(v) {
            *v = old * *v + new * g * g;
            *p = *p - rate * g / (v.sqrt() + epsilon);
        }
    }
}

/// `v ← v + g²`, `p ← p − r g / (√v + ε)`.
///
/// J. Duchi, E. Hazan, Y. Singer, *Adaptive Subgradient Methods for Online Learning and Stochastic Optimization*,
/// 2011, with diagonal matrices.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdaGrad {
    /// ε: what the root is kept away from 0 by.
    pub epsilon: f64,
}

impl Default for AdaGrad {
    /// ε = 1e-10.
    fn default() -> Self {
        AdaGrad { epsilon: 1e-10 }
    }
}

impl Rule for AdaGrad {
    const MEMORY: usize = 1;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], [v, _]: [&mut [T]; 2]) {
        let [rate, epsilon] = [step.rate, self.epsilon].map(T::from_f64);
        for ((p, &g), v) in params.iter_mut().zip(gradient).zip(v) {
            *v += g * g;
            *p = *p - rate * g / (v.sqrt() + epsilon);
        }
    }
}

/// `m ← β₁ m + (1 − β₁) g`, `v ← β₂ v + (1 − β₂) g²`, `p ← p − r m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)` and
/// `v̂ = v / (1 − β₂ᵗ)` at step t, counted from 1.
///
/// D. Kingma, J. Ba, *Adam: A Method for Stochastic Optimization*, 2015, algorithm 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Adam {
    /// β₁: how much of the mean of gradients stays.
    pub beta1: f64,
    /// β₂: how much of the mean of squares stays.
    pub beta2: f64,
    /// ε: what the root is kept away from 0 by.
    pub epsilon: f64,
}

impl Default for Adam {
    /// β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
    fn default() -> Self {
        Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }
}

impl Adam {
    /// The step, after the parameters have been multiplied by `keep`.
    fn update<T: Float>(
        &self,
        step: Step,
        keep: f64,
        params: &mut [T],
        gradient: &[T],
        memory: [&mut [T]; 2],
    ) {
        let t = (step.number + 1) as f64;
        let rate = step.rate / (1.0 - self.beta1.powf(t));
        let correction = 1.0 / (1.0 - self.beta2.powf(t)).sqrt();
        let [rate, correction, epsilon, keep] = [rate, correction, self.epsilon, keep].map(T::from_f64);
        let [old1, new1] = [self.beta1, 1.0 - self.beta1].map(T::from_f64);
        let [old2, new2] = [self.beta2, 1.0 - self.beta2].map(T::from_f64);
        let [m, v] = memory;
        for (((p, &g), m), v) in params.iter_mut().zip(gradient).zip(m).zip(v) {
            *m = old1 * *m + new1 * g;
            *v = old2 * *v + new2 * g * g;
            *p = keep * *p - rate * *m / (v.sqrt() * correction + epsilon);
        }
    }
}

impl Rule for Adam {
    const MEMORY: usize = 2;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], memory: [&mut [T]; 2]) {
        self.update(step, 1.0, params, gradient, memory);
    }
}

/// Adam, after `p ← (1 − r λ) p`.
///
/// I. Loshchilov, F. Hutter, *Decoupled Weight Decay Regularization*, 2019, algorithm 2, with the rate as the
/// multiplier of the schedule.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AdamW {
    /// What is done but for the decay.
    pub adam: Adam,
    /// λ: the pull towards 0.
    pub weight_decay: f64,
}

impl Default for AdamW {
    /// λ = 0.01.
    fn default() -> Self {
        AdamW { adam: Adam::default(), weight_decay: 0.01 }
    }
}

impl Rule for AdamW {
    const MEMORY: usize = 2;

    fn update<T: Float>(&self, step: Step, params: &mut [T], gradient: &[T], memory: [&mut [T]; 2]) {
        self.adam.update(step, 1.0 - step.rate * self.weight_decay, params, gradient, memory);
    }
}
