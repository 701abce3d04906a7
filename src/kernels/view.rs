//! Matrices as the kernels see them: floats, extents and strides that have been checked once.

/// A matrix to read. Every element lies inside `data`; only [`View::new`] makes one from parts.
#[derive(Clone, Copy)]
pub(super) struct View<'a, T> {
    data: &'a [T],
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) strides: (usize, usize),
}

impl<'a, T: Copy> View<'a, T> {
    /// Checks that the last element is inside `data`.
    #[track_caller]
    #[inline]
    pub(super) fn new(
        name: &str,
        data: &'a [T],
        (rows, cols): (usize, usize),
        strides: (usize, usize),
    ) -> Self {
        let needed = match (rows.checked_sub(1), cols.checked_sub(1)) {
            (Some(i), Some(j)) => {
                let last = i
                    .checked_mul(strides.0)
                    .zip(j.checked_mul(strides.1))
                    .and_then(|(x, y)| x.checked_add(y));
                last.and_then(|last| last.checked_add(1))
            }
            _ => Some(0),
        };
        let enough = needed.is_some_and(|needed| needed <= data.len());
        assert!(
            enough,
            "gemm: {name} is {rows}×{cols} with strides {strides:?}, which is more than its {} elements",
            data.len()
        );
        View { data, rows, cols, strides }
    }

    /// The same elements, rows and columns exchanged.
    #[inline(always)]
    pub(super) fn transposed(self) -> Self {
        View { rows: self.cols, cols: self.rows, strides: (self.strides.1, self.strides.0), ..self }
    }

    /// The rows from `start`, `rows` of them.
    #[inline(always)]
    pub(super) fn rows(self, start: usize, rows: usize) -> Self {
        assert!(rows > 0 && start + rows <= self.rows);
        View { data: &self.data[start * self.strides.0..], rows, ..self }
    }

    /// The columns from `start`, `cols` of them.
    #[inline(always)]
    pub(super) fn columns(self, start: usize, cols: usize) -> Self {
        assert!(cols > 0 && start + cols <= self.cols);
        View { data: &self.data[start * self.strides.1..], cols, ..self }
    }

    /// Row `i` of a matrix whose rows are contiguous.
    #[inline(always)]
    pub(super) fn row(self, i: usize) -> &'a [T] {
        assert!(self.strides.1 == 1);
        &self.data[i * self.strides.0..][..self.cols]
    }

    /// Where element `(i, j)` lies.
    ///
    /// # Safety
    /// It must be one of the matrix.
    #[inline(always)]
    pub(super) unsafe fn pointer(self, i: usize, j: usize) -> *const T {
        debug_assert!(i < self.rows && j < self.cols);
        unsafe { self.data.as_ptr().add(i * self.strides.0 + j * self.strides.1) }
    }

    /// Element `(i, j)`.
    ///
    /// # Safety
    /// It must be one of the matrix.
    #[inline(always)]
    pub(super) unsafe fn at(self, i: usize, j: usize) -> T {
        unsafe { *self.pointer(i, j) }
    }
}
