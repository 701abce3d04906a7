//! What all optimisers have: a rule, a rate for each step, clipping, a memory, and the care for what is not finite.

use super::{Params, Path, Schedule, StepError, rule::Rule, schedule::not_negative};
use crate::nn::Float;

/// Changes parameters by their gradients, as its [`Rule`] says.
///
/// The aliases ([`Sgd`](super::Sgd), [`Adam`](super::Adam), …) are how one is made.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Optimizer<R, T> {
    pub(super) rule: R,
    rate: Schedule,
    clip: Clip,
    steps: u64,
    /// One number for each parameter, as many times as the rule has it.
    memory: [Vec<T>; 2],
}

/// What is done to a gradient that is too large.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
enum Clip {
    Not,
    Value(f64),
    Norm(f64),
}

/// Which step it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// How many were made before.
    pub number: u64,
    /// Its learning rate.
    pub rate: f64,
}

/// So many elements of a gradient are clipped at a time, on the stack.
const BLOCK: usize = 256;

impl<R: Rule, T: Float> Optimizer<R, T> {
    /// With a rule of your own.
    #[track_caller]
    pub fn with(rule: R, rate: impl Into<Schedule>) -> Self {
        const { assert!(R::MEMORY <= 2, "a rule remembers at most two numbers for each parameter") };
        Optimizer { rule, rate: rate.into(), clip: Clip::Not, steps: 0, memory: [Vec::new(), Vec::new()] }
    }

    /// Moves every element of the gradient that is larger than `limit` to it, or smaller than `−limit` to that.
    #[must_use]
    #[track_caller]
    pub fn clip_value(self, limit: f64) -> Self {
        Optimizer { clip: Clip::Value(not_negative("limit", limit)), ..self }
    }

    /// Scales a gradient whose norm, over all parameters together, is larger than `limit`, to that norm.
    ///
    /// R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks*, 2013,
    /// algorithm 1.
    #[must_use]
    #[track_caller]
    pub fn clip_norm(self, limit: f64) -> Self {
        Optimizer { clip: Clip::Norm(not_negative("limit", limit)), ..self }
    }

    /// The number of steps made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The learning rate of the next step.
    pub fn rate(&self) -> f64 {
        self.rate.rate(self.steps)
    }

    /// Sets the learning rate or its schedule, which goes on with the steps already made.
    pub fn set_rate(&mut self, rate: impl Into<Schedule>) {
        self.rate = rate.into();
    }

    /// Changes the parameters by the gradient. The loss is only looked at: it has to be finite.
    ///
    /// # Panics
    /// Where [`try_step`](Optimizer::try_step) returns an error or panics.
    #[track_caller]
    pub fn step<P: Params<Elem = T> + ?Sized>(&mut self, params: &mut P, loss: T, gradient: &P::Gradient) {
        if let Err(error) = self.try_step(params, loss, gradient) {
            panic!("{error}");
        }
    }

    /// Changes the parameters by the gradient. The loss is only looked at: it has to be finite.
    ///
    /// # Errors
    /// If the loss or an element of the gradient is NaN or infinite. Nothing is changed then, neither the
    /// parameters nor the optimiser.
    ///
    /// # Panics
    /// If the gradient has other extents than the parameters, or the parameters are more or fewer than at the
    /// step before.
    #[track_caller]
    pub fn try_step<P: Params<Elem = T> + ?Sized>(
        &mut self,
        params: &mut P,
        loss: T,
        gradient: &P::Gradient,
    ) -> Result<(), StepError> {
        if let Err(mismatch) = params.matches(gradient, &Path::ROOT) {
            panic!("{mismatch}");
        }
        self.check(params, loss, gradient)?;
        self.remember(params.count());
        let step = Step { number: self.steps, rate: self.rate() };
        match self.clip {
            Clip::Not => self.update(step, params, gradient),
            Clip::Value(limit) => {
                let limit = T::from_f64(limit);
                self.update_with(step, params, gradient, |g| {
                    if g > limit {
                        limit
                    } else if g < -limit {
                        -limit
                    } else {
                        g
                    }
                });
            }
            Clip::Norm(limit) => match gradient.norm() {
                norm if norm > limit => {
                    let factor = T::from_f64(limit / norm);
                    self.update_with(step, params, gradient, |g| g * factor);
                }
                _ => self.update(step, params, gradient),
            },
        }
        self.steps += 1;
        Ok(())
    }

    fn check<P: Params<Elem = T> + ?Sized>(
        &self,
        params: &P,
        loss: T,
        gradient: &P::Gradient,
    ) -> Result<(), StepError> {
        if !loss.is_finite() {
            return Err(StepError::Loss { step: self.steps, loss: loss.to_f64() });
        }
        if gradient.is_finite() {
            return Ok(());
        }
        let (mut number, mut first, mut count) = (0, None, 0_usize);
        gradient.runs(&mut |run| {
            for &g in run {
                if !g.is_finite() {
                    count += 1;
                    first = first.or(Some((number, g.to_f64())));
                }
                number += 1;
            }
        });
        let (index, value) = first.expect("one of them is not finite");
        let parameter = params.place(index, &Path::ROOT);
        Err(StepError::Gradient { step: self.steps, parameter, value, others: count - 1 })
    }

    /// Makes the memory at the first step, and sees at the others that it fits.
    #[track_caller]
    fn remember(&mut self, count: usize) {
        for memory in &mut self.memory[..R::MEMORY] {
            if self.steps == 0 {
                memory.clear();
                memory.resize(count, T::ZERO);
            }
            let before = memory.len();
            assert!(
                before == count,
                "the steps before were for {before} parameters, this one is for {count}"
            );
        }
    }

    fn update<P: Params<Elem = T> + ?Sized>(&mut self, step: Step, params: &mut P, gradient: &P::Gradient) {
        let mut memory = Memory::of(&mut self.memory);
        let rule = &self.rule;
        params.runs_with(gradient, &mut |p, g| {
            let memory = memory.take(p.len());
            rule.update(step, p, g, memory);
        });
    }

    /// The same, with another gradient, which is made block by block.
    fn update_with<P: Params<Elem = T> + ?Sized>(
        &mut self,
        step: Step,
        params: &mut P,
        gradient: &P::Gradient,
        clipped: impl Fn(T) -> T,
    ) {
        let mut memory = Memory::of(&mut self.memory);
        let rule = &self.rule;
        let mut block = [T::ZERO; BLOCK];
        params.runs_with(gradient, &mut |p, g| {
            for (p, g) in p.chunks_mut(BLOCK).zip(g.chunks(BLOCK)) {
                let block = &mut block[..g.len()];
                for (to, &g) in block.iter_mut().zip(g) {
                    *to = clipped(g);
                }
                rule.update(step, p, block, memory.take(p.len()));
            }
        });
    }
}

/// What is left of the memory while a step goes through the parameters.
struct Memory<'a, T>([&'a mut [T]; 2]);

impl<'a, T> Memory<'a, T> {
    fn of(memory: &'a mut [Vec<T>; 2]) -> Self {
        let [first, second] = memory;
        Memory([first, second])
    }

    /// The next few; none of what is not in use.
    fn take(&mut self, count: usize) -> [&'a mut [T]; 2] {
        self.0.each_mut().map(|rest| {
            let count = count.min(rest.len());
            rest.split_off_mut(..count).expect("there are as many")
        })
    }
}
