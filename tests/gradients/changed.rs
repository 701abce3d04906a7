//! Pullbacks of functions that change some of their arguments, against finite differences.

use crate::check::{Flat, compare_gradients, differences, some_numbers};

/// Numbers without a pattern in the place of those in a value.
pub fn cotangent_of<P: Flat>(value: &P) -> P {
    value.refill(&mut some_numbers())
}

/// Checks the pullback of a function that changes some of its arguments: `found` are the cotangents of all it is
/// given, `cotangent` those of what it leaves and returns.
#[track_caller]
pub fn changes<P: Flat, V: Flat>(point: &P, cotangent: &V, f: impl Fn(&P) -> V, found: &[f64]) {
    let weighted = |p: &P| f(p).flat().iter().zip(cotangent.flat()).map(|(y, d)| y * d).sum::<f64>();
    compare_gradients(&differences(point, weighted), found);
}

/// `changes!({ #[grad] fn f(…) … } (&x, &mut y) [x = value] [y d = value] unit)` checks the pullback of a function that
/// changes `y`, with `d` for its cotangent; `value` instead of `unit` where it also returns a number.
macro_rules! changes {
    ({ $($item:tt)+ } ($($arg:expr),*) [$($name:ident = $value:expr),*] [$($out:ident $d:ident = $held:expr),+] unit) => {{
        $($item)+
        let point = (($($value,)*), ($($held,)+));
        let plain = changes!(@ [$($name)*] [$($out)+] &point, { f($($arg),*); ((), ($($out,)+)) });
        let left = plain(&point);
        let cotangent = crate::changed::cotangent_of(&left);
        let (($($name,)*), ($(mut $out,)+)) = point.clone();
        let ((), ($(mut $d,)+)) = cotangent.clone();
        let gradients = f_vjp($($arg,)* $(&mut $d),+);
        assert_eq!(((), ($($out,)+)).flat(), left.flat(), "what the function leaves");
        crate::changed::changes(&point, &cotangent, plain, &(gradients, ($($d,)+)).flat());
    }};
    ({ $($item:tt)+ } ($($arg:expr),*) [$($name:ident = $value:expr),*] [$($out:ident $d:ident = $held:expr),+] value) => {{
        $($item)+
        let point = (($($value,)*), ($($held,)+));
        let plain = changes!(@ [$($name)*] [$($out)+] &point, { let value = f($($arg),*); (value, ($($out,)+)) });
        let left = plain(&point);
        let cotangent = crate::changed::cotangent_of(&left);
        let (($($name,)*), ($(mut $out,)+)) = point.clone();
        let (seed, ($(mut $d,)+)) = cotangent.clone();
        let (value, gradients) = f_vjp($($arg,)* $(&mut $d,)+ crate::check::Cotangent::given(&seed));
        assert_eq!((value, ($($out,)+)).flat(), left.flat(), "what the function leaves");
        crate::changed::changes(&point, &cotangent, plain, &(gradients, ($($d,)+)).flat());
    }};
    (@ [$($name:ident)*] [$($out:ident)+] $point:expr, $body:block) => {{
        fn of<P, V>(_: &P, f: impl Fn(&P) -> V) -> impl Fn(&P) -> V {
            f
        }
        of($point, |point| {
            let (($($name,)*), ($(mut $out,)+)) = point.clone();
            $body
        })
    }};
}
