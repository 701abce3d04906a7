//! `ndarray` arrays of parameters.

use std::slice;

use ndarray::{Array, ArrayBase, DataMut, Dimension};

use super::{Mismatch, Params, Path};
use crate::nn::Float;

/// Elements are visited in the order of their indices, whatever the layout.
impl<S: DataMut<Elem: Float>, D: Dimension> Params for ArrayBase<S, D> {
    type Elem = S::Elem;
    type Gradient = Array<S::Elem, D>;

    fn runs(&self, f: &mut impl FnMut(&[S::Elem])) {
        match self.as_slice() {
            Some(run) => f(run),
            None => self.iter().for_each(|x| f(slice::from_ref(x))),
        }
    }
    fn runs_mut(&mut self, f: &mut impl FnMut(&mut [S::Elem])) {
        match self.as_slice_mut() {
            Some(run) => f(run),
            None => self.iter_mut().for_each(|x| f(slice::from_mut(x))),
        }
    }
    fn runs_with(&mut self, gradient: &Self::Gradient, f: &mut impl FnMut(&mut [S::Elem], &[S::Elem])) {
        if let Some(gradient) = gradient.as_slice()
            && let Some(params) = self.as_slice_mut()
        {
            return f(params, gradient);
        }
        let pairs = self.iter_mut().zip(gradient);
        pairs.for_each(|(p, g)| f(slice::from_mut(p), slice::from_ref(g)));
    }
    fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch> {
        Mismatch::check(self.shape(), gradient.shape(), path)
    }
    fn place(&self, index: usize, path: &Path<'_>) -> String {
        let mut rest = index;
        let mut indices = vec![0; self.ndim()];
        for (index, extent) in indices.iter_mut().zip(self.shape()).rev() {
            *index = rest % extent;
            rest /= extent;
        }
        match indices[..] {
            [] => path.to_string(),
            [index] => format!("{path}[{index}]"),
            _ => format!("{path}[{indices:?}]"),
        }
    }
}
