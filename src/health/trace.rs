//! What passed through a function, value by value.

use std::borrow::Cow;

use super::Summary;
use crate::nn::Tensor;

/// The named values of one evaluation and their cotangents, in order of evaluation.
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
    /// The iteration that computed it, if it is computed in a loop, from 0.
    pub iteration: Option<usize>,
    /// What it was.
    pub value: Summary,
    /// The derivative of the result with respect to it. Empty until there is one.
    pub cotangent: Summary,
}

impl Entry {
    /// The name, with the iteration as an index: `z[3]`.
    pub fn label(&self) -> String {
        match self.iteration {
            Some(iteration) => format!("{}[{iteration}]", self.name),
            None => self.name.to_string(),
        }
    }
}

impl Trace {
    /// Of nothing yet.
    pub const fn new() -> Self {
        Trace { entries: Vec::new() }
    }

    /// Adds a value and its cotangent: floats, or references to containers.
    pub fn record(&mut self, name: impl Into<Cow<'static, str>>, value: impl Tensor, cotangent: impl Tensor) {
        self.push(name.into(), None, Summary::of(value), Summary::of(cotangent));
    }

    /// The same for what an iteration of a loop has computed.
    pub fn record_at(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iteration: usize,
        value: impl Tensor,
        cotangent: impl Tensor,
    ) {
        self.push(name.into(), Some(iteration), Summary::of(value), Summary::of(cotangent));
    }

    /// Adds a value whose cotangent is not known yet, as on the way forward.
    pub fn value(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        iteration: Option<usize>,
        value: impl Into<Summary>,
    ) {
        self.push(name.into(), iteration, value.into(), Summary::new());
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

    fn push(
        &mut self,
        name: Cow<'static, str>,
        iteration: Option<usize>,
        value: Summary,
        cotangent: Summary,
    ) {
        self.entries.push(Entry { name, iteration, value, cotangent });
    }
}

impl<T: Tensor> From<T> for Summary {
    fn from(value: T) -> Self {
        Summary::of(value)
    }
}
