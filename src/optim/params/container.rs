//! Floats, and arrays, slices and `Vec`s of parameters.

use std::slice;

use super::{Mismatch, Params, Path};

macro_rules! scalar {
    ($float:ty) => {
        impl Params for $float {
            type Elem = $float;
            type Gradient = $float;

            fn runs(&self, f: &mut impl FnMut(&[$float])) {
                f(slice::from_ref(self));
            }
            fn runs_mut(&mut self, f: &mut impl FnMut(&mut [$float])) {
                f(slice::from_mut(self));
            }
            fn runs_with(&mut self, gradient: &$float, f: &mut impl FnMut(&mut [$float], &[$float])) {
                f(slice::from_mut(self), slice::from_ref(gradient));
            }
            fn matches(&self, _: &$float, _: &Path<'_>) -> Result<(), Mismatch> {
                Ok(())
            }
            fn place(&self, _: usize, path: &Path<'_>) -> String {
                path.to_string()
            }
            fn as_run(several: &[$float]) -> Option<&[$float]> {
                Some(several)
            }
            fn as_run_mut(several: &mut [$float]) -> Option<&mut [$float]> {
                Some(several)
            }
        }
    };
}

scalar!(f32);
scalar!(f64);

impl<T: Params> Params for [T] {
    type Elem = T::Elem;
    type Gradient = Vec<T::Gradient>;

    fn runs(&self, f: &mut impl FnMut(&[T::Elem])) {
        match T::as_run(self) {
            Some(run) => f(run),
            None => self.iter().for_each(|part| part.runs(f)),
        }
    }
    fn runs_mut(&mut self, f: &mut impl FnMut(&mut [T::Elem])) {
        match T::as_run_mut(self) {
            Some(run) => f(run),
            None => self.iter_mut().for_each(|part| part.runs_mut(f)),
        }
    }
    fn runs_with(&mut self, gradient: &Self::Gradient, f: &mut impl FnMut(&mut [T::Elem], &[T::Elem])) {
        runs_with(self, gradient, f);
    }
    fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch> {
        matches(self, gradient, path)
    }
    fn place(&self, index: usize, path: &Path<'_>) -> String {
        let mut rest = index;
        for (i, part) in self.iter().enumerate() {
            match rest.checked_sub(part.count()) {
                Some(further) => rest = further,
                None => return part.place(rest, &path.index(i)),
            }
        }
        path.to_string()
    }
}

fn runs_with<T: Params>(
    params: &mut [T],
    gradient: &[T::Gradient],
    f: &mut impl FnMut(&mut [T::Elem], &[T::Elem]),
) {
    if let Some(gradient) = T::Gradient::as_run(gradient)
        && let Some(params) = T::as_run_mut(params)
    {
        return f(params, gradient);
    }
    params.iter_mut().zip(gradient).for_each(|(params, gradient)| params.runs_with(gradient, f));
}

fn matches<T: Params>(params: &[T], gradient: &[T::Gradient], path: &Path<'_>) -> Result<(), Mismatch> {
    Mismatch::check(&[params.len()], &[gradient.len()], path)?;
    // What is one run has its extents in its type.
    if T::as_run(params).is_some() && T::Gradient::as_run(gradient).is_some() {
        return Ok(());
    }
    let mut parts = params.iter().zip(gradient).enumerate();
    parts.try_for_each(|(i, (params, gradient))| params.matches(gradient, &path.index(i)))
}

impl<T: Params, const N: usize> Params for [T; N] {
    type Elem = T::Elem;
    type Gradient = [T::Gradient; N];

    fn runs(&self, f: &mut impl FnMut(&[T::Elem])) {
        self.as_slice().runs(f);
    }
    fn runs_mut(&mut self, f: &mut impl FnMut(&mut [T::Elem])) {
        self.as_mut_slice().runs_mut(f);
    }
    fn runs_with(&mut self, gradient: &Self::Gradient, f: &mut impl FnMut(&mut [T::Elem], &[T::Elem])) {
        runs_with(self, gradient, f);
    }
    fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch> {
        matches(self, gradient, path)
    }
    fn place(&self, index: usize, path: &Path<'_>) -> String {
        self.as_slice().place(index, path)
    }
    fn as_run(several: &[Self]) -> Option<&[T::Elem]> {
        T::as_run(several.as_flattened())
    }
    fn as_run_mut(several: &mut [Self]) -> Option<&mut [T::Elem]> {
        T::as_run_mut(several.as_flattened_mut())
    }
}

/// What holds parameters hands everything on to them.
macro_rules! forward {
    ([$($generics:tt)*] $holder:ty => $held:ty) => {
        impl<$($generics)*> Params for $holder {
            type Elem = <$held as Params>::Elem;
            type Gradient = <$held as Params>::Gradient;

            fn runs(&self, f: &mut impl FnMut(&[Self::Elem])) {
                <$held>::runs(self, f);
            }
            fn runs_mut(&mut self, f: &mut impl FnMut(&mut [Self::Elem])) {
                <$held>::runs_mut(self, f);
            }
            fn runs_with(
                &mut self,
                gradient: &Self::Gradient,
                f: &mut impl FnMut(&mut [Self::Elem], &[Self::Elem]),
            ) {
                <$held>::runs_with(self, gradient, f);
            }
            fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch> {
                <$held>::matches(self, gradient, path)
            }
            fn place(&self, index: usize, path: &Path<'_>) -> String {
                <$held>::place(self, index, path)
            }
        }
    };
}

forward!([T: Params] Vec<T> => [T]);
forward!([T: Params + ?Sized] Box<T> => T);
forward!([T: Params + ?Sized] &mut T => T);
