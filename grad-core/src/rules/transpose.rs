//! A linear map transposed: how a pullback of the softmax family becomes a pushforward.

use super::term::{Slot, Term};
use crate::ir::{Fold, Scalar};

/// What a pullback is linear in.
pub struct Linear {
    /// The slot of the cotangent.
    pub g: Slot,
    /// The slot of the family's variable.
    pub var: Slot,
    /// Whether the cotangent varies with the variable.
    pub g_varies: bool,
}

impl Linear {
    /// The transpose of `term`, which is linear in the cotangent, applied to `t`. In the result, the slot of the
    /// cotangent stands for the tangent. `None` if `term` is not visibly linear.
    pub fn transpose(&self, term: &Term, t: Term) -> Option<Term> {
        match term {
            Term::Node(slot) if *slot == self.g => Some(if self.g_varies { t } else { self.sum(t) }),
            Term::Scalar(scalar @ (Scalar::Add | Scalar::Sub), args) => {
                let left = self.transpose(&args[0], t.clone())?;
                let right = self.transpose(&args[1], t)?;
                Some(Term::Scalar(*scalar, vec![left, right]))
            }
            Term::Scalar(Scalar::Neg, args) => {
                Some(Term::Scalar(Scalar::Neg, vec![self.transpose(&args[0], t)?]))
            }
            Term::Scalar(Scalar::Mul, args) => match (self.mentions(&args[0]), self.mentions(&args[1])) {
                (true, false) => self.transpose(&args[0], mul(args[1].clone(), t)),
                (false, true) => self.transpose(&args[1], mul(args[0].clone(), t)),
                _ => None,
            },
            // The sum is one number for all values of the variable, so what it meets is summed first.
            Term::Reduce(Fold::Sum, _, body) => self.transpose(body, self.sum(t)),
            _ => None,
        }
    }

    fn sum(&self, t: Term) -> Term {
        Term::Reduce(Fold::Sum, self.var, Box::new(t))
    }

    fn mentions(&self, term: &Term) -> bool {
        let mut found = false;
        term.visit(&mut |t| found |= *t == Term::Node(self.g));
        found
    }
}

fn mul(a: Term, b: Term) -> Term {
    Term::Scalar(Scalar::Mul, vec![a, b])
}
