//! `#[grad(checkpoint)]`: the same bits as without it, and memory that grows with the logarithm of the number of
//! steps, or not at all for a given number of snapshots. How many steps are taken is counted in `grad-core`.
#![allow(clippy::all)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use grad::grad;
use ndarray::{Array, Array1, Array2, Dimension};

/// The system's allocator, with the bytes that each thread holds and has held at most.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

fn grow(bytes: usize) {
    HELD.set(HELD.get() + bytes);
    MOST.set(MOST.get().max(HELD.get()));
}

// SAFETY: everything is handed to the system's allocator as it comes.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.set(HELD.get().saturating_sub(layout.size()));
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that a call holds at once.
fn most_bytes<T>(call: impl Fn() -> T) -> usize {
    drop(call());
    let before = HELD.get();
    MOST.set(before);
    let result = call();
    let most = MOST.get() - before;
    drop(result);
    most
}

/// Numbers as they are, bit for bit.
trait Bits {
    fn bits(&self) -> Vec<u64>;
}

impl Bits for f64 {
    fn bits(&self) -> Vec<u64> {
        vec![self.to_bits()]
    }
}

impl Bits for f32 {
    fn bits(&self) -> Vec<u64> {
        vec![self.to_bits().into()]
    }
}

impl<T: Bits> Bits for Vec<T> {
    fn bits(&self) -> Vec<u64> {
        self.iter().flat_map(Bits::bits).collect()
    }
}

impl<T: Bits, D: Dimension> Bits for Array<T, D> {
    fn bits(&self) -> Vec<u64> {
        self.iter().flat_map(Bits::bits).collect()
    }
}

impl<T: Bits, const N: usize> Bits for [T; N] {
    fn bits(&self) -> Vec<u64> {
        self.iter().flat_map(Bits::bits).collect()
    }
}

impl Bits for () {
    fn bits(&self) -> Vec<u64> {
        Vec::new()
    }
}

macro_rules! tuple {
    ($($name:ident $at:tt)*) => {
        impl<$($name: Bits),*> Bits for ($($name,)*) {
            fn bits(&self) -> Vec<u64> {
                [$(self.$at.bits()),*].concat()
            }
        }
    };
}

tuple!(A 0 B 1);
tuple!(A 0 B 1 C 2);
tuple!(A 0 B 1 C 2 D 3);

/// One function five times: without the attribute on its loop, with it, and with some numbers of snapshots.
macro_rules! variants {
    ($name:ident [$($attr:tt)*] $params:tt $result:tt { $($before:tt)* } for $steps:tt then $after:tt) => {
        mod $name {
            use super::*;

            variants!(@one plain [$($attr)*] $params $result { $($before)* } [] $steps $after);
            variants!(@one logarithmic [$($attr)*] $params $result { $($before)* }
                [#[grad(checkpoint)]] $steps $after);
            variants!(@one one [$($attr)*] $params $result { $($before)* }
                [#[grad(checkpoint = 1)]] $steps $after);
            variants!(@one two [$($attr)*] $params $result { $($before)* }
                [#[grad(checkpoint = 2)]] $steps $after);
            variants!(@one five [$($attr)*] $params $result { $($before)* }
                [#[grad(checkpoint = 5)]] $steps $after);
        }
    };
    (@one $name:ident [$($attr:tt)*] ($($params:tt)*) ($($result:tt)*) { $($before:tt)* } [$($on:tt)*]
        { $($steps:tt)* } { $($after:tt)* }) => {
        #[grad(vjp, $($attr)*)]
        pub fn $name($($params)*) -> $($result)* {
            $($before)*
            $($on)*
            for $($steps)*
            $($after)*
        }
    };
}

/// All variants of a function give the same bits.
macro_rules! same {
    ($name:ident, $values:expr, |$f:ident, $n:ident| $call:expr) => {
        for $n in $values {
            let expected = {
                let $f = $name::plain_vjp;
                $call.bits()
            };
            same!(@one $name, $f, $n, $call, expected, logarithmic_vjp one_vjp two_vjp five_vjp);
        }
    };
    (@one $name:ident, $f:ident, $n:ident, $call:expr, $expected:ident, $($variant:ident)*) => {
        $({
            let $f = $name::$variant;
            assert_eq!($call.bits(), $expected, "{}, {} {}", stringify!($name), stringify!($variant), $n);
        })*
    };
}

/// As [`same`], where a gradient is a sum: the plan may take that in another order.
macro_rules! close {
    ($name:ident, $values:expr, |$f:ident, $n:ident| $call:expr) => {
        for $n in $values {
            let expected = {
                let $f = $name::plain_vjp;
                $call.bits()
            };
            close!(@one $name, $f, $n, $call, expected, logarithmic_vjp one_vjp two_vjp five_vjp);
        }
    };
    (@one $name:ident, $f:ident, $n:ident, $call:expr, $expected:ident, $($variant:ident)*) => {
        $({
            let $f = $name::$variant;
            for (found, expected) in $call.bits().into_iter().zip(&$expected) {
                let (found, expected) = (f64::from_bits(found), f64::from_bits(*expected));
                let error = (found - expected).abs() / expected.abs().max(1.0);
                assert!(error < 1e-12, "{}, {} {}", stringify!($name), stringify!($variant), $n);
            }
        })*
    };
}

fn noise(count: usize, seed: usize) -> Vec<f64> {
    (0..count).map(|k| (((k * 7 + seed) as f64 + 1.0) * 12.9898).sin()).collect()
}

/// Numbers of steps: all small ones, and some around where a further repetition is needed.
fn lengths() -> impl Iterator<Item = usize> {
    (0..24).chain([31, 32, 33, 55, 56, 57, 100, 127, 128, 200, 333])
}

// ---- states of all kinds --------------------------------------------------------------------------------

variants! {
    scalars [] (x: f64, v: f64, k: f64, steps: usize) ((f64, f64)) {
        let mut x = x;
        let mut v = v;
    } for { t in 0..steps {
        let h = 0.01 / (1.0 + t as f64);
        let a = -k * x.sin();
        let (x1, v1) = (x + 0.5 * h * v, v + 0.5 * h * a);
        let a1 = -k * x1.sin();
        x += h * v1;
        v += h * a1;
    } } then { (x, v) }
}

variants! {
    two_buffers [] (initial: &[f64], c: &[f64], steps: usize) (Vec<f64>) {
        let n = initial.len();
        let mut u = initial.to_vec();
        let mut next = vec![0.0; n];
    } for { _ in 0..steps {
        next[0] = u[0];
        next[n - 1] = u[n - 1];
        for i in 1..n - 1 {
            next[i] = u[i] + c[i] * u[i] * (u[i - 1] - 2.0 * u[i] + u[i + 1]);
        }
        std::mem::swap(&mut u, &mut next);
    } } then { u }
}

variants! {
    in_place [] (x: &[f64], w: f64, steps: usize) (Vec<f64>) {
        let n = x.len();
        let mut x = x.to_vec();
    } for { t in 0..steps {
        for i in 1..n {
            x[i] = (x[i] + w * x[i - 1]).sin();
        }
        x[t % n] *= w;
    } } then { x }
}

variants! {
    matrix [] (a: &[[f64; 3]; 3], steps: usize) ([[f64; 3]; 3]) {
        let mut p = [[1.0, 0.0, 0.5], [0.0, 1.0, 0.0], [0.2, 0.0, 1.0]];
    } for { _ in 0..steps {
        let mut q = [[0.0; 3]; 3];
        for i in 0..3 {
            for j in 0..3 {
                for k in 0..3 {
                    q[i][j] += a[i][k] * p[k][j];
                }
            }
        }
        for i in 0..3 {
            for j in 0..3 {
                p[i][j] = q[i][j].tanh();
            }
        }
    } } then { p }
}

variants! {
    single_precision [] (x: f32, w: f32, steps: usize) (f32) {
        let mut x = x;
    } for { _ in 0..steps {
        x = (w * x).cos() + 0.5 * x;
    } } then { x }
}

variants! {
    integers [skip(order)] (x: &[f64], order: &[usize], w: f64, steps: usize) (f64) {
        let n = x.len();
        let mut seed = 17u32;
        let mut at = 0;
        let mut s = 1.0;
        let mut perm = vec![0usize; n];
        for i in 0..n {
            perm[i] = order[i];
        }
    } for { _ in 0..steps {
        seed = (seed * 75 + 74) % 65537;
        at = (at + seed as usize) % n;
        let other = perm[at];
        perm[at] = perm[0];
        perm[0] = other;
        let up = seed % 2 == 0;
        s = if up { (s * x[other]).sin() + w } else { s + w * x[at] };
    } } then { s }
}

#[test]
fn states_of_all_kinds() {
    same!(scalars, lengths(), |f, n| f(0.7, -0.2, 1.5, n, (1.0, 0.3)));
    let (u, c) = (noise(6, 1), noise(6, 2).iter().map(|c| 0.1 * c).collect::<Vec<_>>());
    same!(two_buffers, lengths(), |f, n| f(&u, &c, n, &noise(6, 3)));
    same!(in_place, lengths(), |f, n| f(&u, 0.8, n, &noise(6, 3)));
    let a = [[0.5, 0.1, -0.3], [0.2, 0.9, 0.4], [-0.7, 0.3, 0.6]];
    same!(matrix, lengths(), |f, n| f(&a, n, &[[1.0, 0.5, 0.25], [0.1, 0.2, 0.3], [-1.0, 0.0, 1.0]]));
    same!(single_precision, lengths(), |f, n| f(0.4, 1.7, n, 1.0));
    same!(integers, lengths(), |f, n| f(&u, &[3, 1, 0, 5, 4, 2], 0.3, n, 1.0));
}

// ---- what else a loop does ------------------------------------------------------------------------------

variants! {
    trajectory [] (x: f64, w: f64, steps: usize) ((Vec<f64>, f64)) {
        let mut x = x;
        let mut path = vec![0.0; steps];
        let mut cost = 0.0;
    } for { t in 0..steps {
        path[t] = x * w;
        x = (w * x).sin() + 0.1;
        cost += x * x;
    } } then { (path, cost) }
}

variants! {
    backwards_by_threes [] (x: f64, w: &[f64], steps: usize) (f64) {
        let mut x = x;
    } for { k in (0..steps).rev().step_by(3) {
        x = (w[k % 5] * x).sin() + x / (1.0 + k as f64);
    } } then { x }
}

variants! {
    over_rows [] (x: f64, rows: &[f64], _steps: usize) (f64) {
        let mut x = x;
    } for { (k, row) in rows.chunks_exact(2).enumerate() {
        x = (row[0] * x + row[1]).tanh() * (1.0 + 0.01 * k as f64);
    } } then { x }
}

variants! {
    leaves_early [] (x: f64, w: f64, steps: usize) (f64) {
        let mut x = x;
    } for { t in 0..steps {
        if x > 3.0 {
            break;
        }
        if t % 3 == 1 {
            continue;
        }
        x = x * w + 0.05 * x.sin();
    } } then { x }
}

variants! {
    returns [] (x: f64, w: f64, steps: usize) (f64) {
        let mut x = x;
    } for { t in 0..steps {
        x += (w * x).sin() * 0.3;
        if x > 2.5 {
            return x * t as f64;
        }
    } } then { x * x }
}

variants! {
    inner_loops [] (x: f64, w: &[f64], steps: usize) (f64) {
        let mut x = x;
    } for { t in 0..steps {
        let mut y = x;
        for k in 0..t % 4 {
            y = (y * w[k]).sin() + 0.5;
        }
        let mut z = y;
        while z > 1.0 {
            z *= 0.6;
        }
        x = z + 0.1 * x;
    } } then { x }
}

variants! {
    only_in_a_branch [] (x: f64, w: f64, steps: usize) (f64) {
        let mut x = x;
        let far = w * x;
    } for { t in 0..steps {
        if far > 0.2 {
            x = (w * x).sin() + 0.01 * t as f64;
        }
    } } then { x }
}

#[test]
fn whatever_else_the_loop_does() {
    same!(trajectory, lengths(), |f, n| f(0.4, 1.3, n, (&noise(n, 5), 0.7)));
    same!(backwards_by_threes, lengths(), |f, n| f(0.4, &noise(5, 4), n, 1.0));
    same!(over_rows, lengths(), |f, n| f(0.4, &noise(n, 4), n, 1.0));
    same!(leaves_early, lengths(), |f, n| f(0.4, 1.1, n, 1.0));
    same!(returns, lengths(), |f, n| f(0.01, 1.1, n, 1.0));
    same!(inner_loops, lengths(), |f, n| f(0.4, &noise(4, 4), n, 1.0));
    same!(only_in_a_branch, lengths(), |f, n| f(0.4, if n % 2 == 0 { 1.1 } else { 0.1 }, n, 1.0));
}

// ---- loops around and below -----------------------------------------------------------------------------

/// As [`variants`], where the loop stands in another.
macro_rules! inside {
    ($name:ident $params:tt $result:tt { $($before:tt)* } for $each:pat in $range:expr, { $($first:tt)* }
        for $steps:tt then { $($last:tt)* } then $after:tt) => {
        mod $name {
            use super::*;

            inside!(@one plain $params $result { $($before)* } [] [$each, $range] { $($first)* } [] $steps
                { $($last)* } $after);
            inside!(@one logarithmic $params $result { $($before)* } [] [$each, $range] { $($first)* }
                [#[grad(checkpoint)]] $steps { $($last)* } $after);
            inside!(@one one $params $result { $($before)* } [#[grad(checkpoint = 1)]] [$each, $range]
                { $($first)* } [] $steps { $($last)* } $after);
            inside!(@one two $params $result { $($before)* } [#[grad(checkpoint)]] [$each, $range]
                { $($first)* } [#[grad(checkpoint = 2)]] $steps { $($last)* } $after);
            inside!(@one five $params $result { $($before)* } [#[grad(checkpoint = 5)]] [$each, $range]
                { $($first)* } [#[grad(checkpoint)]] $steps { $($last)* } $after);
        }
    };
    (@one $name:ident ($($params:tt)*) ($($result:tt)*) { $($before:tt)* } [$($outer:tt)*] [$each:pat, $range:expr]
        { $($first:tt)* } [$($inner:tt)*] { $($steps:tt)* } { $($last:tt)* } { $($after:tt)* }) => {
        #[grad(vjp)]
        pub fn $name($($params)*) -> $($result)* {
            $($before)*
            $($outer)*
            for $each in $range {
                $($first)*
                $($inner)*
                for $($steps)*
                $($last)*
            }
            $($after)*
        }
    };
}

inside! {
    samples (starts: &[f64], w: f64, steps: usize) (f64) {
        let mut cost = 0.0;
    } for k in 0..starts.len(), {
        let mut x = starts[k];
    } for { t in 0..steps {
        x = (w * x).sin() + 0.1 * t as f64;
    } } then {
        cost += x * x;
    } then { cost }
}

inside! {
    nested (x: f64, w: f64, steps: usize) (f64) {
        let mut x = x;
    } for s in 0..steps % 12, {
        let mut y = x * 0.5;
    } for { t in 0..steps {
        y = (w * y + x).sin() + 0.1 * (s * t) as f64;
    } } then {
        x = y + 0.3 * x;
    } then { x }
}

inside! {
    nested_arrays (x: &[f64], w: f64, steps: usize) (Vec<f64>) {
        let n = x.len();
        let mut x = x.to_vec();
        let mut y = vec![0.0; n];
    } for s in 0..steps % 12, {
        y[s % n] += x[0];
    } for { t in 0..steps {
        for i in 1..n {
            y[i] = (y[i] * w + x[i - 1]).sin();
        }
        y[0] = 0.1 * y[(t + s) % n];
    } } then {
        for i in 0..n {
            x[i] += 0.2 * y[i];
        }
    } then { x }
}

#[test]
fn loops_around_and_below() {
    let x = noise(5, 3);
    same!(samples, lengths(), |f, n| f(&x, 1.2, n, 0.7));
    same!(nested, lengths(), |f, n| f(0.3, 1.2, n, 0.7));
    close!(nested_arrays, lengths(), |f, n| f(&x, 1.2, n, &noise(5, 4)));
}

// ---- state behind `&mut` --------------------------------------------------------------------------------

variants! {
    in_the_callers_buffer [] (x: &mut [f64], w: &[f64], steps: usize) (f64) {
        let n = x.len();
    } for { t in 0..steps {
        for i in 0..n - 1 {
            x[i] = (x[i] + w[i] * x[i + 1]).sin();
        }
        x[n - 1] = x[0] * (1.0 + 0.01 * t as f64);
    } } then { x[0] * x[1] }
}

#[test]
fn state_behind_a_reference() {
    let w = noise(4, 1);
    same!(in_the_callers_buffer, lengths(), |f, n| {
        let (mut x, mut d) = (noise(4, 2), noise(4, 3));
        let result = f(&mut x, &w, n, &mut d, 0.7);
        (result, x, d)
    });
}

// ---- where nothing has to be undone ---------------------------------------------------------------------

// The sum is not carried on: only integers are.
variants! {
    random_weights [] (x: &[f64], steps: usize) (f64) {
        let n = x.len();
        let mut seed = 17u32;
        let mut sum = 0.0;
    } for { _ in 0..steps {
        seed = (seed * 75 + 74) % 65537;
        sum += x[seed as usize % n] * f64::from(seed % 100);
    } } then { sum * sum }
}

// Nothing active is.
variants! {
    inactive_state [skip(w)] (x: f64, w: f64, steps: usize) (f64) {
        let mut y = w;
        let mut sum = 0.0;
    } for { _ in 0..steps {
        y = (3.0 * y).sin();
        sum += x * y;
    } } then { sum * sum }
}

// The cotangent of what is carried stays as it is.
variants! {
    constant_cotangent [skip(w)] (x: f64, a: f64, w: f64, steps: usize) ((f64, f64)) {
        let mut y = w;
        let mut s = x;
    } for { t in 0..steps {
        y = (3.0 * y + s * 0.0).sin();
        s = s + (a * y).sin() * t as f64;
    } } then { (s, y) }
}

variants! {
    plain_sum [] (x: &[f64], steps: usize) (f64) {
        let mut sum = 0.0;
    } for { i in 0..steps {
        sum += x[i % x.len()] * x[0];
    } } then { sum }
}

#[test]
fn where_nothing_is_undone() {
    let x = noise(7, 3);
    close!(random_weights, lengths(), |f, n| f(&x, n, 0.7));
    close!(inactive_state, lengths(), |f, n| f(0.3, 0.4, n, 0.7));
    close!(constant_cotangent, lengths(), |f, n| f(0.3, 1.3, 0.4, n, (0.7, 0.2)));
    close!(plain_sum, lengths(), |f, n| f(&x, n, 0.7));
}

// ---- wherever the loop stands ---------------------------------------------------------------------------

const SNAPSHOTS: usize = 3;

struct Pendulum {
    length: f64,
}

/// Functions with a loop under the attributes.
macro_rules! places {
    ($name:ident [$($on:tt)*]) => {
        mod $name {
            use super::*;

            impl Pendulum {
                #[grad(vjp, name = $name)]
                pub fn $name(&self, x: f64, h: f64, steps: usize) -> f64 {
                    let (mut x, mut v) = (x, 0.0);
                    $($on)*
                    for _ in 0..steps {
                        v -= h * x.sin() / self.length;
                        x += h * v;
                    }
                    x
                }
            }

            #[grad(vjp)]
            pub fn in_a_branch(x: &[f64], w: f64, steps: usize) -> f64 {
                let mut s = w;
                if steps < x.len() {
                    let mut y = x[steps % x.len()];
                    $($on)*
                    'steps: for k in 0..steps {
                        if k > 10 {
                            break 'steps;
                        }
                        y = (y * s).sin() + x[k];
                    }
                    s += y;
                }
                s * s
            }

            #[grad(vjp)]
            pub fn in_a_function<const N: usize>(x: [f64; N], w: f64, steps: usize) -> [f64; N] {
                fn advance(x: f64, w: f64, steps: usize) -> f64 {
                    let mut x = x;
                    $($on)*
                    for _ in 0..steps {
                        x = (w * x).cos();
                    }
                    x
                }
                let twice = |x: f64| advance(advance(x, w, steps), w, 3);
                std::array::from_fn(|i| twice(x[i]))
            }

            #[grad(vjp)]
            pub fn one_after_the_other(x: f64, w: f64, steps: usize) -> f64 {
                let (mut a, mut b) = (x, w);
                $($on)*
                for _ in 0..steps {
                    (a, b) = ((a * b).sin(), a + 0.1 * b);
                }
                let middle = a;
                $($on)*
                for _ in 0..steps {
                    (a, b) = ((a + b).cos(), a * 0.5);
                }
                middle * a + b
            }

            #[grad(vjp, exact)]
            pub fn of_arrays(w: &Array2<f64>, x: &Array1<f64>, steps: usize) -> Array1<f64> {
                let mut h = x.clone();
                $($on)*
                for _ in 0..steps {
                    h = (w.dot(&h) + x).mapv(f64::tanh);
                }
                h
            }
        }
    };
}

places!(plain []);
places!(logarithmic [#[grad(checkpoint)]]);
places!(constant [#[grad(checkpoint = SNAPSHOTS)]]);
places!(two [#[allow(clippy::explicit_counter_loop)] #[grad(checkpoint = 2)]]);

#[test]
fn wherever_the_loop_stands() {
    let pendulum = Pendulum { length: 1.5 };
    let x = noise(40, 2);
    let w = Array2::from_shape_vec((3, 3), noise(9, 1)).expect("nine numbers");
    let (h, d) = (Array1::from(noise(3, 4)), Array1::from(noise(3, 5)));
    for n in lengths() {
        let expected = pendulum.plain_vjp(0.4, 0.1, n, 1.0).bits();
        assert_eq!(pendulum.logarithmic_vjp(0.4, 0.1, n, 1.0).bits(), expected);
        assert_eq!(pendulum.constant_vjp(0.4, 0.1, n, 1.0).bits(), expected);
        assert_eq!(pendulum.two_vjp(0.4, 0.1, n, 1.0).bits(), expected);
        macro_rules! same_in {
            ($f:ident $args:tt) => {
                let expected = plain::$f$args.bits();
                assert_eq!(logarithmic::$f$args.bits(), expected, "{} {n}", stringify!($f));
                assert_eq!(constant::$f$args.bits(), expected, "{} {n}", stringify!($f));
                assert_eq!(two::$f$args.bits(), expected, "{} {n}", stringify!($f));
            };
        }
        same_in!(in_a_branch_vjp(&x, 0.7, n, 1.0));
        same_in!(in_a_function_vjp([0.3, -0.2], 1.4, n, &[1.0, 0.5]));
        same_in!(one_after_the_other_vjp(0.3, 1.4, n, 1.0));
        same_in!(of_arrays_vjp(&w, &h, n, &d));
    }
}

// ---- memory ---------------------------------------------------------------------------------------------

/// What is held grows with the logarithm of the number of steps, and not at all with a given number of snapshots.
macro_rules! memory {
    ($name:ident, |$f:ident, $n:ident| $call:expr) => {{
        let rows = |n: usize| n.ilog2() as usize + 2;
        let (few, many) = (32, 1024);
        let least = memory!(@most $name::logarithmic_vjp, few, $f, $n, $call);
        let most = memory!(@most $name::logarithmic_vjp, many, $f, $n, $call);
        let plain = memory!(@most $name::plain_vjp, many, $f, $n, $call);
        let name = stringify!($name);
        assert!(most > 0 && most * rows(few) <= least * rows(many), "{name}: {least} bytes, {most} for 1024 steps");
        assert!(plain > 2 * most, "{name}: {plain} bytes without, {most} with snapshots");
        memory!(@constant few, many, $f, $n, $call, $name one_vjp two_vjp five_vjp);
    }};
    (@most $variant:path, $steps:expr, $f:ident, $n:ident, $call:expr) => {{
        let ($f, $n) = ($variant, $steps);
        most_bytes(|| $call)
    }};
    (@constant $few:ident, $many:ident, $f:ident, $n:ident, $call:expr, $name:ident $($variant:ident)*) => {
        $(assert_eq!(
            memory!(@most $name::$variant, $few, $f, $n, $call),
            memory!(@most $name::$variant, $many, $f, $n, $call),
            "{}, {}", stringify!($name), stringify!($variant)
        );)*
    };
}

#[test]
fn memory_grows_with_the_logarithm_of_the_steps() {
    let (u, c) = (noise(50, 1), noise(50, 2).iter().map(|c| 0.1 * c).collect::<Vec<_>>());
    let d = noise(50, 3);
    memory!(scalars, |f, n| f(0.7, -0.2, 1.5, n, (1.0, 0.3)));
    memory!(two_buffers, |f, n| f(&u, &c, n, &d));
    memory!(in_place, |f, n| f(&u, 0.8, n, &d));
    let a = [[0.5, 0.1, -0.3], [0.2, 0.9, 0.4], [-0.7, 0.3, 0.6]];
    memory!(matrix, |f, n| f(&a, n, &a));
    assert_eq!(most_bytes(|| matrix::five_vjp(&a, 1024, &a)), 0, "fixed extents and a given number");
    memory!(single_precision, |f, n| f(0.4, 1.7, n, 1.0));
    memory!(integers, |f, n| f(&u, &(0..50).collect::<Vec<_>>(), 0.3, n, 1.0));
    memory!(inner_loops, |f, n| f(0.4, &u, n, 1.0));
    memory!(backwards_by_threes, |f, n| f(0.4, &u, n, 1.0));
    memory!(only_in_a_branch, |f, n| f(0.4, 1.1, n, 1.0));
    memory!(leaves_early, |f, n| f(0.4, 0.9, n, 1.0));
    memory!(in_the_callers_buffer, |f, n| f(&mut d.clone(), &u, n, &mut d.clone(), 0.7));
}
