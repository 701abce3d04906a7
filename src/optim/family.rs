//! The optimisers by name, each with its settings.

use super::{
    Optimizer, Schedule, rule,
    schedule::{not_negative, share},
};
use crate::nn::Float;

/// Gradient descent: [`rule::GradientDescent`].
pub type GradientDescent<T = f64> = Optimizer<rule::GradientDescent, T>;
/// Stochastic gradient descent, with momentum and weight decay if asked for: [`rule::Sgd`].
pub type Sgd<T = f64> = Optimizer<rule::Sgd, T>;
/// Steps divided by a running root mean square of the gradient: [`rule::RmsProp`].
pub type RmsProp<T = f64> = Optimizer<rule::RmsProp, T>;
/// Steps divided by the root of the sum of squares of all gradients: [`rule::AdaGrad`].
pub type AdaGrad<T = f64> = Optimizer<rule::AdaGrad, T>;
/// Running means of the gradient and of its square: [`rule::Adam`].
pub type Adam<T = f64> = Optimizer<rule::Adam, T>;
/// Adam with a weight decay of its own: [`rule::AdamW`].
pub type AdamW<T = f64> = Optimizer<rule::AdamW, T>;

/// The constructor of each, and what can be set.
macro_rules! family {
    ($($rule:ident {
        $($(#[$doc:meta])* $setter:ident($value:ident: $type:ty) => |$rule_value:ident| $set:expr;)*
    })*) => {$(
        impl<T: Float> Optimizer<rule::$rule, T> {
            /// With this learning rate or schedule, and the default settings of the rule.
            #[track_caller]
            pub fn new(rate: impl Into<Schedule>) -> Self {
                Optimizer::with(rule::$rule::default(), rate)
            }

            $($(#[$doc])*
            #[must_use]
            #[track_caller]
            pub fn $setter(mut self, $value: $type) -> Self {
                let $rule_value = &mut self.rule;
                $set;
                self
            })*
        }
    )*};
}

family! {
    GradientDescent {}
    Sgd {
        /// Keeps this share of the last step: 0.9, say.
        momentum(momentum: f64) => |rule| rule.momentum = share("momentum", momentum);
        /// Takes the gradient to be that where the momentum leads. Without momentum, nothing changes.
        nesterov(nesterov: bool) => |rule| rule.nesterov = nesterov;
        /// Pulls the parameters towards 0: half of their squares, times `decay`, is added to the loss.
        weight_decay(decay: f64) => |rule| rule.weight_decay = not_negative("weight decay", decay);
    }
    RmsProp {
        /// Keeps this share of the mean of squares.
        smoothing(smoothing: f64) => |rule| rule.smoothing = share("smoothing", smoothing);
        /// Keeps the root away from 0.
        epsilon(epsilon: f64) => |rule| rule.epsilon = not_negative("epsilon", epsilon);
    }
    AdaGrad {
        /// Keeps the root away from 0.
        epsilon(epsilon: f64) => |rule| rule.epsilon = not_negative("epsilon", epsilon);
    }
    Adam {
        /// Keeps these shares of the mean of gradients and of the mean of squares.
        betas(betas: (f64, f64)) => |rule| {
            (rule.beta1, rule.beta2) = (share("first beta", betas.0), share("second beta", betas.1));
        };
        /// Keeps the root away from 0.
        epsilon(epsilon: f64) => |rule| rule.epsilon = not_negative("epsilon", epsilon);
    }
    AdamW {
        /// Keeps these shares of the mean of gradients and of the mean of squares.
        betas(betas: (f64, f64)) => |rule| {
            let betas = (share("first beta", betas.0), share("second beta", betas.1));
            (rule.adam.beta1, rule.adam.beta2) = betas;
        };
        /// Keeps the root away from 0.
        epsilon(epsilon: f64) => |rule| rule.adam.epsilon = not_negative("epsilon", epsilon);
        /// Pulls the parameters towards 0, by this share of the rate at each step.
        weight_decay(decay: f64) => |rule| rule.weight_decay = not_negative("weight decay", decay);
    }
}
