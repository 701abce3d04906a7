//! Matrices as the kernels see them: floats, extents and strides that have been checked once.

use super::lanes::Lanes;
use crate::nn::Float;
use std::mem::MaybeUninit;

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
    pub(super) fn lines(self, start: usize, rows: usize) -> Self {
        assert!(rows > 0 && start + rows <= self.rows);
        View { data: &self.data[start * self.strides.0..], rows, ..self }
    }

    /// The columns from `start`, `cols` of them.
    #[inline(always)]
    pub(super) fn columns(self, start: usize, cols: usize) -> Self {
        assert!(cols > 0 && start + cols <= self.cols);
        View { data: &self.data[start * self.strides.1..], cols, ..self }
    }

    /// A copy in `buffer`, as it lies or in rows, whose lines are an odd number of cache lines apart:
    /// neighbours then go to different sets of a cache.
    pub(super) fn copied(self, buffer: &mut Vec<T>) -> View<'_, T> {
        let line = 64 / size_of::<T>();
        let (turned, lines) = if self.strides.0 == 1 { (true, self.transposed()) } else { (false, self) };
        let stride = (lines.cols.div_ceil(line) | 1) * line;
        buffer.clear();
        buffer.reserve(lines.rows * stride);
        for i in 0..lines.rows {
            if lines.strides.1 == 1 {
                buffer.extend_from_slice(lines.row(i));
            } else {
                // SAFETY: the elements are those of the matrix.
                buffer.extend((0..lines.cols).map(|l| unsafe { lines.at(i, l) }));
            }
            let last = buffer[buffer.len() - 1];
            buffer.resize((i + 1) * stride, last);
        }
        let copy = View { data: buffer, strides: (stride, 1), ..lines };
        if turned { copy.transposed() } else { copy }
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

/// A matrix to write, row after row. Its elements are a slice, and are initialised if `accumulate`.
pub(super) struct Target<'a, T> {
    data: &'a mut [MaybeUninit<T>],
    pub(super) rows: usize,
    pub(super) cols: usize,
    /// Whether to add to what is there.
    pub(super) accumulate: bool,
}

impl<'a, T: Float> Target<'a, T> {
    /// A matrix of these extents.
    ///
    /// # Safety
    /// The elements have to be initialised if `accumulate`.
    pub(super) unsafe fn new(
        data: &'a mut [MaybeUninit<T>],
        (rows, cols): (usize, usize),
        accumulate: bool,
    ) -> Self {
        assert!(rows.checked_mul(cols) == Some(data.len()));
        Target { data, rows, cols, accumulate }
    }

    /// The rows from `start`, `rows` of them.
    #[inline(always)]
    pub(super) fn lines(&mut self, start: usize, rows: usize) -> Target<'_, T> {
        assert!(rows > 0 && start + rows <= self.rows);
        let data = &mut self.data[start * self.cols..][..rows * self.cols];
        Target { data, rows, ..*self }
    }

    /// All elements as one row.
    pub(super) fn flat(self) -> Self {
        Target { rows: 1, cols: self.data.len(), ..self }
    }

    /// The product of no terms.
    pub(super) fn zero(self) {
        if !self.accumulate {
            self.data.fill(MaybeUninit::new(T::ZERO));
        }
    }

    /// Where element `(i, j)` lies.
    ///
    /// # Safety
    /// It must be one of the matrix.
    #[inline(always)]
    pub(super) unsafe fn pointer(&mut self, i: usize, j: usize) -> *mut T {
        debug_assert!(i < self.rows && j < self.cols);
        // SAFETY: the elements lie in the slice.
        unsafe { self.data.as_mut_ptr().add(i * self.cols + j).cast() }
    }

    /// Writes or adds element `(i, j)`.
    ///
    /// # Safety
    /// It must be one of the matrix.
    #[inline(always)]
    pub(super) unsafe fn put(&mut self, i: usize, j: usize, x: T) {
        // SAFETY: the caller has the element, and it is initialised if it is read.
        unsafe {
            let to = self.pointer(i, j);
            to.write(if self.accumulate { *to + x } else { x });
        }
    }

    /// Writes or adds the elements from `(i, j)` to the right.
    ///
    /// # Safety
    /// They must be elements of a row, and the processor must have the instructions of `V`.
    #[inline(always)]
    pub(super) unsafe fn put_lanes<V: Lanes<Item = T>>(&mut self, i: usize, j: usize, x: V) {
        debug_assert!(j + V::COUNT <= self.cols);
        // SAFETY: the caller has the elements, and they are initialised if they are read.
        unsafe {
            let to = self.pointer(i, j);
            if self.accumulate { x.plus(V::load(to)).store(to) } else { x.store(to) }
        }
    }
}
