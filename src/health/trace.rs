//! What passed through a function, value by value.

use std::borrow::Cow;

use super::Summary;
use crate::nn::{Float, Tensor};

/// The named values of one evaluation and their cotangents, in order of evaluation.
///
/// `#[grad(trace)]` writes a function that returns one: see [`grad`](macro@crate::grad).
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Trace {
    entries: Vec<Entry>,
}

/// One named value.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Entry {
    /// The name it has in the function.
    pub name: Cow<'static, str>,
    /// The iteration that computed it, if it is computed in a loop, from 0: that of the innermost loop around it.
    pub iteration: Option<usize>,
    /// The iterations of the loops around that one, outermost first.
    pub outer: Vec<usize>,
    /// What it was.
    pub value: Summary,
    /// The derivative of the result with respect to it. Empty until there is one.
    pub cotangent: Summary,
}

impl Entry {
    /// The name, with the iterations as indices: `z[3]`.
    pub fn label(&self) -> String {
        let mut label = self.name.to_string();
        for iteration in self.iterations() {
            label += &format!("[{iteration}]");
        }
        label
    }

    /// The iterations of all loops around it, outermost first.
    pub fn iterations(&self) -> impl Iterator<Item = usize> {
        self.outer.iter().copied().chain(self.iteration)
    }
}

impl Trace {
    /// Of nothing yet.
    pub const fn new() -> Self {
        Trace { entries: Vec::new() }
    }

    /// Adds a value and its cotangent: floats, or references to containers.
    pub fn record(&mut self, name: impl Into<Cow<'static, str>>, value: impl Tensor, cotangent: impl Tensor) {
        self.push(name.into(), &[], Summary::of(value), Summary::of(cotangent));
    }

    /// The same for what an iteration of a loop has computed.
    pub fn record_at(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iteration: usize,
        value: impl Tensor,
        cotangent: impl Tensor,
    ) {
        self.push(name.into(), &[iteration], Summary::of(value), Summary::of(cotangent));
    }

    /// The same in loops in loops: the iteration of each, outermost first.
    pub fn record_in(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iterations: &[usize],
        value: impl Tensor,
        cotangent: impl Tensor,
    ) {
        self.push(name.into(), iterations, Summary::of(value), Summary::of(cotangent));
    }

    /// The same where only some elements have been computed, those where `taken` is not zero: the others do not count.
    /// Without any, there is no entry.
    #[doc(hidden)]
    pub fn record_where(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iterations: &[usize],
        taken: impl Tensor,
        value: impl Tensor,
        cotangent: impl Tensor,
    ) {
        let mut is_taken = Vec::new();
        taken.each(&mut |x| is_taken.push(x.to_f64() != 0.0));
        if is_taken.contains(&true) {
            self.push(
                name.into(),
                iterations,
                Summary::of_some(value, &is_taken),
                Summary::of_some(cotangent, &is_taken),
            );
        }
    }

    /// Adds a value whose cotangent is not known yet, as on the way forward.
    pub fn value(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iteration: Option<usize>,
        value: impl Into<Summary>,
    ) {
        self.push(name.into(), iteration.as_slice(), value.into(), Summary::new());
    }

    /// Adds the cotangent of a value, as on the way back: of several values of this name and iteration, that of
    /// the latest that has none.
    ///
    /// # Panics
    /// If there is no such value.
    #[track_caller]
    pub fn cotangent(&mut self, name: &str, iteration: Option<usize>, cotangent: impl Into<Summary>) {
        let entry =
            self.entries.iter_mut().rev().find(|entry| {
                entry.name == name && entry.iteration == iteration && entry.cotangent.is_empty()
            });
        match entry {
            Some(entry) => entry.cotangent = cotangent.into(),
            None => panic!("there is no value `{name}` that has no cotangent yet"),
        }
    }

    /// All values, in order of evaluation.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// What this iteration has computed under this name.
    pub fn get_at(&self, name: &str, iteration: usize) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name && entry.iteration == Some(iteration))
    }

    fn push(&mut self, name: Cow<'static, str>, iterations: &[usize], value: Summary, cotangent: Summary) {
        let (iteration, outer) = match iterations.split_last() {
            Some((&last, outer)) => (Some(last), outer.to_vec()),
            None => (None, Vec::new()),
        };
        self.entries.push(Entry { name, iteration, outer, value, cotangent });
    }
}

impl<T: Tensor> From<T> for Summary {
    fn from(value: T) -> Self {
        Summary::of(value)
    }
}
