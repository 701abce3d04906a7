//! Each kernel with every kind of register, whichever the processor would have been given.

use super::lanes::{Four, Lanes};
use super::view::{Target, View};
use super::{dots, row, tile};
use crate::nn::Float;
use std::mem::MaybeUninit;

/// What is to be tested: C = A·B.
type Product<T> = unsafe fn(View<T>, View<T>, Target<T>);

/// Strides for some extents.
type Layout = fn(usize, usize) -> (usize, usize);

/// Extents around registers and tiles, and some panels.
const EXTENTS: [(usize, usize, usize); 12] = [
    (1, 1, 1),
    (2, 3, 5),
    (4, 4, 4),
    (7, 9, 17),
    (13, 16, 16),
    (25, 35, 33),
    (3, 70, 8),
    (11, 6, 64),
    (12, 258, 31),
    (5, 515, 9),
    (26, 2, 100),
    (70, 5, 70),
];

/// In rows, in columns, with gaps.
const LAYOUTS: [Layout; 3] = [|_, cols| (cols, 1), |rows, _| (1, rows + 1), |_, cols| (2 * cols + 3, 2)];

/// Compares with plain loops, for whole numbers, which are exact in any order.
fn check<T: Float>(product: Product<T>, (m, k, n): (usize, usize, usize), strides: [(usize, usize); 2]) {
    let data = |seed: usize| -> Vec<T> {
        (0..4 * (m + 3) * (k + 3) + 4 * (k + 3) * (n + 3))
            .map(|i| T::from_count((i * seed) % 13) - T::from_count(6))
            .collect()
    };
    let (a, b) = (data(7), data(11));
    let (a, b) = (View::new("A", &a, (m, k), strides[0]), View::new("B", &b, (k, n), strides[1]));
    for accumulate in [false, true] {
        let mut c = vec![MaybeUninit::new(T::ONE); m * n];
        // SAFETY: C is initialised, and `run` has asked for the instructions.
        unsafe { product(a, b, Target::new(&mut c, (m, n), accumulate)) };
        for (i, j) in (0..m).flat_map(|i| (0..n).map(move |j| (i, j))) {
            let start = if accumulate { T::ONE } else { T::ZERO };
            // SAFETY: these are elements of the matrices, and those of C have been so from the start.
            let (sum, found) = unsafe {
                ((0..k).fold(start, |sum, l| sum + a.at(i, l) * b.at(l, j)), c[i * n + j].assume_init())
            };
            assert!(sum == found, "{m}×{k}×{n} {strides:?}, ({i}, {j}): {found:?}, not {sum:?}");
        }
    }
}

unsafe fn small<V: Lanes, const MR: usize>(a: View<V::Item>, b: View<V::Item>, c: Target<V::Item>) {
    // SAFETY: as for this function.
    unsafe { tile::product::<V, MR>(a, b, c, false) }
}

unsafe fn large<V: Lanes, const MR: usize>(a: View<V::Item>, b: View<V::Item>, c: Target<V::Item>) {
    // SAFETY: as for this function.
    unsafe { tile::product::<V, MR>(a, b, c, true) }
}

/// All kernels with registers that the processor has.
fn run<V: Lanes, const MR: usize>() {
    for (m, k, n) in EXTENTS {
        for (x, y) in LAYOUTS.iter().flat_map(|x| LAYOUTS.iter().map(move |y| (x, y))) {
            let strides = [x(m, k), y(k, n)];
            check(small::<V, MR>, (m, k, n), strides);
            check(large::<V, MR>, (m, k, n), strides);
            check(row::product::<V>, (1, k, n), strides);
        }
        check(dots::product::<V, 4>, (m, k, n), [(k, 1), (1, k)]);
        check(dots::product::<V, 2>, (m, k, n), [(k + 1, 1), (1, k + 2)]);
    }
}

#[test]
fn portable() {
    run::<Four<f32>, 4>();
    run::<Four<f64>, 4>();
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx2() {
    use std::arch::x86_64::{__m256, __m256d};
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        run::<__m256, 6>();
        run::<__m256d, 6>();
    }
}

#[test]
#[cfg(target_arch = "x86_64")]
fn avx512() {
    use std::arch::x86_64::{__m512, __m512d};
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("fma") {
        run::<__m512, 12>();
        run::<__m512d, 12>();
    }
}
