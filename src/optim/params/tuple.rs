//! Tuples of parameters.

use super::{Mismatch, Params, Path};

macro_rules! tuple {
    ($first:ident $first_index:tt $($name:ident $index:tt)*) => {
        impl<$first: Params, $($name: Params<Elem = $first::Elem>),*> Params for ($first, $($name,)*) {
            type Elem = $first::Elem;
            type Gradient = ($first::Gradient, $($name::Gradient,)*);

            fn runs(&self, f: &mut impl FnMut(&[Self::Elem])) {
                self.$first_index.runs(f);
                $(self.$index.runs(f);)*
            }
            fn runs_mut(&mut self, f: &mut impl FnMut(&mut [Self::Elem])) {
                self.$first_index.runs_mut(f);
                $(self.$index.runs_mut(f);)*
            }
            fn runs_with(
                &mut self,
                gradient: &Self::Gradient,
                f: &mut impl FnMut(&mut [Self::Elem], &[Self::Elem]),
            ) {
                self.$first_index.runs_with(&gradient.$first_index, f);
                $(self.$index.runs_with(&gradient.$index, f);)*
            }
            fn matches(&self, gradient: &Self::Gradient, path: &Path<'_>) -> Result<(), Mismatch> {
                self.$first_index.matches(&gradient.$first_index, &path.part($first_index))?;
                $(self.$index.matches(&gradient.$index, &path.part($index))?;)*
                Ok(())
            }
            fn place(&self, index: usize, path: &Path<'_>) -> String {
                let rest = index;
                let Some(rest) = rest.checked_sub(self.$first_index.count()) else {
                    return self.$first_index.place(rest, &path.part($first_index));
                };
                $(let Some(rest) = rest.checked_sub(self.$index.count()) else {
                    return self.$index.place(rest, &path.part($index));
                };)*
                let _past_the_end = rest;
                path.to_string()
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0 B 1);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);
tuple!(A 0 B 1 C 2 D 3 E 4);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
