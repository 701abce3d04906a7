//! The kernels for each scalar, with the instructions the processor turns out to have.

use super::lanes::Four;
use super::view::{Target, View};
use super::{Kernel, row, tile};

/// What `product` chooses from. Each writes all of C.
pub(super) trait Backend: Kernel {
    /// c = a·B for a row vector a.
    fn row(a: View<Self>, b: View<Self>, c: Target<Self>);
    /// The product in register tiles, for small matrices.
    fn tiles(a: View<Self>, b: View<Self>, c: Target<Self>);
    /// The product by `matrixmultiply`, for large ones.
    fn blocks(a: View<Self>, b: View<Self>, c: Target<Self>);
}

macro_rules! backend {
    ($float:ident, $library:path, $register:ident) => {
        impl Backend for $float {
            fn row(a: View<Self>, b: View<Self>, c: Target<Self>) {
                #[cfg(target_arch = "x86_64")]
                if has_avx2() {
                    #[target_feature(enable = "avx2,fma")]
                    fn run(a: View<$float>, b: View<$float>, c: Target<$float>) {
                        // SAFETY: the attribute above.
                        unsafe { row::product::<std::arch::x86_64::$register>(a, b, c) }
                    }
                    // SAFETY: just asked.
                    return unsafe { run(a, b, c) };
                }
                // SAFETY: `Four` needs no instructions in particular.
                unsafe { row::product::<Four<$float>>(a, b, c) }
            }

            fn tiles(a: View<Self>, b: View<Self>, c: Target<Self>) {
                #[cfg(target_arch = "x86_64")]
                if has_avx2() {
                    #[target_feature(enable = "avx2,fma")]
                    fn run(a: View<$float>, b: View<$float>, c: Target<$float>) {
                        // Of 16 registers: 12 sums, 2 for a row of B, 1 for an element of A.
                        // SAFETY: the attribute above.
                        unsafe { tile::product::<std::arch::x86_64::$register, 6, 8>(a, b, c) }
                    }
                    // SAFETY: just asked.
                    return unsafe { run(a, b, c) };
                }
                // SAFETY: `Four` needs no instructions in particular.
                unsafe { tile::product::<Four<$float>, 4, 4>(a, b, c) }
            }

            fn blocks(a: View<Self>, b: View<Self>, mut c: Target<Self>) {
                let signed = |(row, col): (usize, usize)| (row as isize, col as isize);
                let (a_strides, b_strides, c_strides) =
                    (signed(a.strides), signed(b.strides), signed(c.strides));
                let beta = if c.accumulate { 1.0 } else { 0.0 };
                assert!(b.rows == a.cols && (c.rows, c.cols) == (a.rows, b.cols));
                // SAFETY: the elements of the views lie in their slices, those of C too, and a slice
                // has at most isize::MAX bytes. C is not read if beta is 0.
                unsafe {
                    $library(
                        a.rows,
                        a.cols,
                        b.cols,
                        1.0,
                        a.pointer(0, 0),
                        a_strides.0,
                        a_strides.1,
                        b.pointer(0, 0),
                        b_strides.0,
                        b_strides.1,
                        beta,
                        c.pointer(0, 0),
                        c_strides.0,
                        c_strides.1,
                    )
                }
            }
        }
    };
}

backend!(f32, matrixmultiply::sgemm, __m256);
backend!(f64, matrixmultiply::dgemm, __m256d);

#[cfg(target_arch = "x86_64")]
fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")
}
