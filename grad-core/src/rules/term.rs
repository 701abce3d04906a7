//! Terms of rules, resolved: patterns on the left of `=>`, templates on the right and in derivatives.

use super::sums::Over;
use crate::ir::{Cmp, Fold, IntOp, Logic, Scalar, Soft};

/// A variable for a node: its place in a match.
pub type Slot = usize;

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Node(Slot),
    Float(f64),
    Int(i128),
    Scalar(Scalar, Vec<Term>),
    Int2(IntOp, Box<[Term; 2]>),
    /// An integer as a float.
    ToFloat(Box<Term>),
    Compare(Cmp, Box<[Term; 2]>),
    Logic(Logic, Box<[Term; 2]>),
    If(Box<[Term; 3]>),
    /// From the neutral element, over the index variable in this slot.
    Reduce(Fold, Slot, Box<Term>),
    Soft(Soft, Slot, Box<Term>),
    /// One element of an array that is an expression: `at(e)` matches the read of a `Build` of `e`, whatever its
    /// variables and indices, and as a template reads `e` at the same place.
    At(Slot, Box<Term>),
    /// What is made of a sum, in templates.
    Over(Over, Vec<Term>),
    /// ½ if this operand is active, else 0.
    Tie(Slot),
}

/// What the outermost operation of a term is: rules are looked up by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Head {
    Scalar(Scalar),
    Reduce(Fold),
    Soft(Soft),
    If,
}

impl Term {
    pub fn children(&self) -> &[Term] {
        match self {
            Term::Node(_) | Term::Float(_) | Term::Int(_) | Term::Tie(_) => &[],
            Term::Scalar(_, args) | Term::Over(_, args) => args,
            Term::Int2(_, args) | Term::Compare(_, args) | Term::Logic(_, args) => &**args,
            Term::If(args) => &**args,
            Term::ToFloat(arg) | Term::Reduce(_, _, arg) | Term::Soft(_, _, arg) | Term::At(_, arg) => {
                std::slice::from_ref(arg)
            }
        }
    }

    pub fn head(&self) -> Option<Head> {
        match self {
            Term::Scalar(scalar, _) => Some(Head::Scalar(*scalar)),
            Term::Reduce(fold, ..) => Some(Head::Reduce(*fold)),
            Term::Soft(soft, ..) => Some(Head::Soft(*soft)),
            Term::If(_) => Some(Head::If),
            _ => None,
        }
    }

    pub fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Term)) {
        f(self);
        self.children().iter().for_each(|child| child.visit(f));
    }
}

/// The value from which a reduction starts.
pub fn neutral(fold: Fold) -> f64 {
    match fold {
        Fold::Sum => 0.0,
        Fold::Max => f64::NEG_INFINITY,
        Fold::Min => f64::INFINITY,
    }
}
