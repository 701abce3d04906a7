//! The kernels for each scalar, with the instructions the processor turns out to have.

use super::lanes::Four;
use super::view::{Target, View};
use super::{Kernel, dots, row, tile};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

/// What `product` chooses from. Each writes all of C.
pub(super) trait Backend: Kernel {
    /// C = A·B for a single row A.
    fn row(a: View<Self>, b: View<Self>, c: Target<Self>);
    /// The product by dot products, for A in rows and B in columns.
    fn dots(a: View<Self>, b: View<Self>, c: Target<Self>);
    /// The product in register tiles.
    fn tiles(a: View<Self>, b: View<Self>, c: Target<Self>, large: bool);
    /// How many floats a register holds.
    fn lanes() -> usize;
}

/// A function that calls a kernel with the instructions it needs.
#[cfg(target_arch = "x86_64")]
macro_rules! with {
    ($features:literal, $float:ident, $kernel:expr $(, $large:ident)?) => {{
        #[target_feature(enable = $features)]
        fn run(a: View<$float>, b: View<$float>, c: Target<$float> $(, $large: bool)?) {
            // SAFETY: the attribute above.
            unsafe { $kernel(a, b, c $(, $large)?) }
        }
        run
    }};
}

/// The product by `matrixmultiply`.
macro_rules! library {
    ($product:path, $a:ident, $b:ident, $c:ident) => {{
        let mut c = $c;
        assert!($b.rows == $a.cols && (c.rows, c.cols) == ($a.rows, $b.cols));
        let (m, k, n) = ($a.rows, $a.cols, $b.cols);
        let [a_row, a_col, b_row, b_col, c_row] =
            [$a.strides.0, $a.strides.1, $b.strides.0, $b.strides.1, n].map(|stride| stride as isize);
        let beta = if c.accumulate { 1.0 } else { 0.0 };
        // SAFETY: the elements of the views lie in their slices, those of C too, and a slice has at most
        // isize::MAX bytes. C is not read if beta is 0.
        unsafe {
            let (a, b, c) = ($a.pointer(0, 0), $b.pointer(0, 0), c.pointer(0, 0));
            $product(m, k, n, 1.0, a, a_row, a_col, b, b_row, b_col, beta, c, c_row, 1)
        }
    }};
}

macro_rules! backend {
    ($float:ident, $library:path, $m512:ident, $m256:ident) => {
        impl Backend for $float {
            fn row(a: View<Self>, b: View<Self>, c: Target<Self>) {
                #[cfg(target_arch = "x86_64")]
                if has_avx2() {
                    // SAFETY: just asked.
                    return unsafe { with!("avx2,fma", $float, row::product::<$m256>)(a, b, c) };
                }
                // SAFETY: `Four` needs no instructions in particular.
                unsafe { row::product::<Four<$float>>(a, b, c) }
            }

            fn dots(a: View<Self>, b: View<Self>, c: Target<Self>) {
                #[cfg(target_arch = "x86_64")]
                if has_avx512() {
                    // SAFETY: just asked.
                    return unsafe { with!("avx512f,avx2,fma", $float, dots::product::<$m512, 4>)(a, b, c) };
                } else if has_avx2() {
                    // SAFETY: just asked.
                    return unsafe { with!("avx2,fma", $float, dots::product::<$m256, 2>)(a, b, c) };
                }
                // SAFETY: `Four` needs no instructions in particular.
                unsafe { dots::product::<Four<$float>, 2>(a, b, c) }
            }

            // Of 32 registers: 24 sums, 2 for a row of B, 1 for an element of A. Of 16: half as many.
            fn tiles(a: View<Self>, b: View<Self>, c: Target<Self>, large: bool) {
                #[cfg(target_arch = "x86_64")]
                if has_avx512() && b.cols * size_of::<$float>() > 32 {
                    let run = with!("avx512f,avx2,fma", $float, tile::product::<$m512, 12>, large);
                    // SAFETY: just asked.
                    return unsafe { run(a, b, c, large) };
                } else if has_avx2() {
                    let run = with!("avx2,fma", $float, tile::product::<$m256, 6>, large);
                    // SAFETY: just asked.
                    return unsafe { run(a, b, c, large) };
                }
                if large {
                    return library!($library, a, b, c);
                }
                // SAFETY: `Four` needs no instructions in particular.
                unsafe { tile::product::<Four<$float>, 4>(a, b, c, false) }
            }

            fn lanes() -> usize {
                let bytes = if has_avx512() {
                    64
                } else if has_avx2() {
                    32
                } else {
                    16
                };
                bytes / size_of::<$float>()
            }
        }
    };
}

backend!(f32, matrixmultiply::sgemm, __m512, __m256);
backend!(f64, matrixmultiply::dgemm, __m512d, __m256d);

fn has_avx2() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

fn has_avx512() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512f") && has_avx2();
    #[cfg(not(target_arch = "x86_64"))]
    false
}
