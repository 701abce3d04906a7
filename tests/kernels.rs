//! The matrix product against plain loops.

use grad::kernels::{Kernel, gemm, matmul};
use std::alloc::{GlobalAlloc, Layout as Memory, System};

/// Fresh memory is full of NaN, so that an element nobody has written is seen.
struct Poisoned;

#[global_allocator]
static ALLOCATOR: Poisoned = Poisoned;

// SAFETY: the system's allocator, with bytes written into what it has given.
unsafe impl GlobalAlloc for Poisoned {
    unsafe fn alloc(&self, memory: Memory) -> *mut u8 {
        // SAFETY: as for this function.
        let start = unsafe { System.alloc(memory) };
        if !start.is_null() {
            // SAFETY: it has this many bytes.
            unsafe { start.write_bytes(0xff, memory.size()) };
        }
        start
    }
    unsafe fn dealloc(&self, start: *mut u8, memory: Memory) {
        // SAFETY: as for this function.
        unsafe { System.dealloc(start, memory) }
    }
}

/// A matrix to fill, and how it lies.
struct Matrix<T> {
    data: Vec<T>,
    strides: (usize, usize),
}

/// Strides for some extents.
type Layout = fn(usize, usize) -> (usize, usize);

/// How a matrix may lie: in rows, in columns, or with gaps in both.
const LAYOUTS: [Layout; 5] = [
    |_, cols| (cols, 1),
    |rows, _| (1, rows),
    |_, cols| (cols + 3, 1),
    |rows, _| (1, rows + 1),
    |_, cols| (2 * cols + 1, 2),
];

fn matrix<T: From<i8>>(rows: usize, cols: usize, layout: Layout, seed: usize) -> Matrix<T> {
    matrix_with(rows, cols, layout(rows, cols), seed)
}

/// Small integers, so that products are exact in any order.
fn matrix_with<T: From<i8>>(rows: usize, cols: usize, strides: (usize, usize), seed: usize) -> Matrix<T> {
    let len = if rows * cols == 0 { 0 } else { (rows - 1) * strides.0 + (cols - 1) * strides.1 + 1 };
    let data = (0..len).map(|i| T::from(((i * 37 + seed * 11) % 15) as i8 - 7)).collect();
    Matrix { data, strides }
}

fn check<T: Kernel + From<i8>>(m: usize, k: usize, n: usize, layouts: &[Layout]) {
    for (a_layout, b_layout) in layouts.iter().flat_map(|a| layouts.iter().map(move |b| (*a, *b))) {
        compare::<T>(m, k, n, &matrix(m, k, a_layout, 1), &matrix(k, n, b_layout, 2));
    }
}

/// `gemm` and `matmul` against plain loops.
fn compare<T: Kernel + From<i8>>(m: usize, k: usize, n: usize, a: &Matrix<T>, b: &Matrix<T>) {
    for accumulate in [false, true] {
        let start = if accumulate { T::from(3) } else { T::from(0) };
        let mut expected = vec![start; m * n];
        for (i, l, j) in (0..m).flat_map(|i| (0..k).flat_map(move |l| (0..n).map(move |j| (i, l, j)))) {
            let x = a.data[i * a.strides.0 + l * a.strides.1];
            let y = b.data[l * b.strides.0 + j * b.strides.1];
            expected[i * n + j] += x * y;
        }
        let mut c = vec![T::from(if accumulate { 3 } else { 99 }); m * n];
        gemm(m, k, n, &a.data, a.strides, &b.data, b.strides, &mut c, accumulate);
        let case = format!("{m}×{k}×{n}, strides {:?} and {:?}", a.strides, b.strides);
        assert!(c == expected, "{case}, accumulate {accumulate}");
        if !accumulate {
            assert!(matmul(m, k, n, &a.data, a.strides, &b.data, b.strides) == expected, "{case}");
        }
    }
}

#[test]
fn all_small_extents() {
    let extents = if cfg!(miri) { &[0, 1, 3, 7, 9][..] } else { &[0, 1, 2, 5, 7, 9] };
    for (m, k, n) in extents
        .iter()
        .flat_map(|m| extents.iter().flat_map(move |k| extents.iter().map(move |n| (*m, *k, *n))))
    {
        check::<f32>(m, k, n, &LAYOUTS);
        check::<f64>(m, k, n, &LAYOUTS);
    }
}

/// The numbers of a linear congruential generator, below a bound.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 1_u64;
    move |bound| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as usize % bound
    }
}

#[test]
fn random_extents_and_strides() {
    let mut below = numbers();
    for _ in 0..if cfg!(miri) { 10 } else { 150 } {
        let (m, k, n) = (below(41), below(41), below(41));
        let mut operand = |rows: usize, cols: usize, seed| {
            let gap = below(4);
            let strides = match below(3) {
                0 => (cols + gap, 1),
                1 => (1, rows + gap),
                _ => (below(50), below(50)),
            };
            matrix_with(rows, cols, strides, seed)
        };
        let (a, b) = (operand(m, k, 3), operand(k, n, 4));
        compare::<f32>(m, k, n, &a, &b);
        let doubled = |x: &Matrix<f32>| Matrix {
            data: x.data.iter().map(|x| f64::from(*x)).collect(),
            strides: x.strides,
        };
        compare::<f64>(m, k, n, &doubled(&a), &doubled(&b));
    }
}

#[test]
fn around_the_edges_of_registers_tiles_and_panels() {
    for (m, k, n) in [
        (13, 17, 33),
        (12, 8, 16),
        (31, 9, 15),
        (6, 256, 17),
        (7, 257, 16),
        (2, 515, 40),
        (11, 300, 3),
        (1, 33, 70),
        (1, 7, 131),
        (65, 31, 1),
        (5, 1, 40),
        (40, 1, 40),
        (7, 40, 1),
        (3, 64, 100),
        (100, 64, 3),
    ] {
        check::<f32>(m, k, n, &LAYOUTS);
        check::<f64>(m, k, n, &LAYOUTS);
    }
}

#[test]
fn large() {
    check::<f32>(90, 110, 120, &LAYOUTS[..1]);
    check::<f64>(120, 101, 90, &LAYOUTS[4..]);
    check::<f32>(70, 260, 65, &LAYOUTS[1..3]);
    check::<f64>(2000, 7, 80, &LAYOUTS[3..4]);
}

#[test]
fn nan_in_c_is_overwritten_not_summed() {
    for (m, k, n) in [(1, 0, 4), (1, 4, 4), (3, 4, 4), (4, 4, 1), (4, 1, 4), (3, 0, 3), (90, 120, 110)] {
        let mut c = vec![f64::NAN; m * n];
        gemm(m, k, n, &vec![1.0; m * k], (k, 1), &vec![1.0; k * n], (n, 1), &mut c, false);
        assert!(c.iter().all(|c| *c == k as f64), "{m}×{k}×{n}");
        let mut c = vec![f64::NAN; m * n];
        gemm(m, k, n, &vec![1.0; m * k], (k, 1), &vec![1.0; k * n], (1, k), &mut c, false);
        assert!(c.iter().all(|c| *c == k as f64), "{m}×{k}×{n} transposed");
    }
}

#[test]
fn rounding_stays_small() {
    let x: Vec<f64> = (0..64 * 64).map(|i| (i as f64).sin()).collect();
    let mut c = vec![0.0; 64 * 64];
    gemm(64, 64, 64, &x, (64, 1), &x, (1, 64), &mut c, false);
    for (i, j) in (0..64).flat_map(|i| (0..64).map(move |j| (i, j))) {
        let dot: f64 = (0..64).map(|l| x[i * 64 + l] * x[j * 64 + l]).sum();
        assert!((c[i * 64 + j] - dot).abs() < 1e-13);
    }
}

#[test]
#[should_panic(expected = "gemm: A is 2×3 with strides (3, 1), which is more than its 5 elements")]
fn a_must_be_large_enough() {
    gemm(2, 3, 1, &[0.0; 5], (3, 1), &[0.0; 3], (1, 1), &mut [0.0; 2], false);
}

#[test]
#[should_panic(
    expected = "gemm: B is 3×2 with strides (1, 18446744073709551615), which is more than its 6 elements"
)]
#[cfg(target_pointer_width = "64")]
fn strides_may_not_overflow() {
    gemm(1, 3, 2, &[0.0; 3], (3, 1), &[0.0; 6], (1, usize::MAX), &mut [0.0; 2], false);
}

#[test]
#[should_panic(expected = "gemm: C is 2×2, which is not its 3 elements")]
fn c_must_fit() {
    gemm(2, 1, 2, &[0.0; 2], (1, 1), &[0.0; 2], (2, 1), &mut [0.0; 3], false);
}

#[test]
#[should_panic(expected = "gemm: 2×18446744073709551615 elements are more than memory can hold")]
#[cfg(target_pointer_width = "64")]
fn extents_may_not_overflow() {
    matmul::<f64>(2, 0, usize::MAX, &[], (0, 1), &[], (0, 1));
}
