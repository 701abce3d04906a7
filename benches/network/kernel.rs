//! Matrix products by several crates, behind one interface.

use ndarray::{Array2, ArrayView2};

/// Something that multiplies matrices on one thread.
pub trait Kernel {
    /// `c = a·b`, whatever was in `c`.
    ///
    /// # Safety
    ///
    /// The pointers and strides have to describe matrices of `m`×`k`, `k`×`n` and `m`×`n` elements, the last one
    /// valid for writes and apart from the others.
    unsafe fn product(
        m: usize,
        k: usize,
        n: usize,
        a: Strided,
        b: Strided,
        c: *mut f32,
        c_strides: [isize; 2],
    );
}

/// Where a matrix lies: its first element and the steps to the next row and column.
pub struct Strided(*const f32, [isize; 2]);

impl Strided {
    fn of(matrix: &ArrayView2<f32>) -> Self {
        let &[row, column] = matrix.strides() else { unreachable!("a matrix has two axes") };
        Self(matrix.as_ptr(), [row, column])
    }
}

/// `a·b` in memory that is written once.
pub fn product<K: Kernel>(a: ArrayView2<f32>, b: ArrayView2<f32>) -> Array2<f32> {
    let ((m, k), (rows, n)) = (a.dim(), b.dim());
    assert_eq!(k, rows, "the extents of a matrix product have to match");
    let mut c = Array2::<f32>::uninit((m, n));
    let &[row, column] = c.strides() else { unreachable!("a matrix has two axes") };
    let start = c.as_mut_ptr().cast::<f32>();
    // SAFETY: the extents are those of the arrays, and the kernel writes every element of `c`.
    unsafe {
        K::product(m, k, n, Strided::of(&a), Strided::of(&b), start, [row, column]);
        c.assume_init()
    }
}

pub struct MatrixMultiply;

impl Kernel for MatrixMultiply {
    unsafe fn product(
        m: usize,
        k: usize,
        n: usize,
        a: Strided,
        b: Strided,
        c: *mut f32,
        [row, column]: [isize; 2],
    ) {
        let (Strided(a, [a_row, a_column]), Strided(b, [b_row, b_column])) = (a, b);
        // SAFETY: as promised by the caller; `c` is not read where its factor is 0.
        unsafe {
            matrixmultiply::sgemm(m, k, n, 1.0, a, a_row, a_column, b, b_row, b_column, 0.0, c, row, column)
        }
    }
}

pub struct Gemm;

impl Kernel for Gemm {
    unsafe fn product(
        m: usize,
        k: usize,
        n: usize,
        a: Strided,
        b: Strided,
        c: *mut f32,
        [row, column]: [isize; 2],
    ) {
        let (Strided(a, [a_row, a_column]), Strided(b, [b_row, b_column])) = (a, b);
        let sequential = gemm::Parallelism::None;
        // SAFETY: as promised by the caller.
        unsafe {
            gemm::gemm(
                m, n, k, c, column, row, false, a, a_column, a_row, b, b_column, b_row, 0.0, 1.0, false,
                false, false, sequential,
            );
        }
    }
}

pub struct Faer;

impl Kernel for Faer {
    unsafe fn product(
        m: usize,
        k: usize,
        n: usize,
        a: Strided,
        b: Strided,
        c: *mut f32,
        [row, column]: [isize; 2],
    ) {
        use faer::{Accum, MatMut, MatRef, Par, linalg::matmul::matmul};
        let (Strided(a, [a_row, a_column]), Strided(b, [b_row, b_column])) = (a, b);
        // SAFETY: as promised by the caller.
        unsafe {
            let a = MatRef::from_raw_parts(a, m, k, a_row, a_column);
            let b = MatRef::from_raw_parts(b, k, n, b_row, b_column);
            let c = MatMut::from_raw_parts_mut(c, m, n, row, column);
            matmul(c, Accum::Replace, a, b, 1.0_f32, Par::Seq);
        }
        release_upper_halves();
    }
}

/// faer's kernels leave the upper halves of the vector registers in use, and every SSE instruction after them
/// then waits for halves that nobody needs: without this, the loops between two products take three times as long.
fn release_upper_halves() {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx")]
        fn zero_upper() {
            std::arch::x86_64::_mm256_zeroupper();
        }
        if is_x86_feature_detected!("avx") {
            // SAFETY: just checked.
            unsafe { zero_upper() }
        }
    }
}
