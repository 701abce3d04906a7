//! A register of floats. Explicit, because whether a compiler finds the registers of a tile by
//! itself changes from one shape to the next, and with it the speed by a factor of ten.

use crate::nn::Float;

/// Some floats side by side in one register.
///
/// # Safety
/// `Self` is exactly [`Lanes::COUNT`] consecutive `Self::Item`s. The functions may be called where
/// the processor has the instructions the implementation stands for.
pub(super) unsafe trait Lanes: Copy {
    /// One of them.
    type Item: Float;
    /// How many there are.
    const COUNT: usize = size_of::<Self>() / size_of::<Self::Item>();
    /// How many floats [`Lanes::turn`] takes from each column: 16 bytes.
    const PIECE: usize = 16 / size_of::<Self::Item>();

    /// The same float everywhere.
    unsafe fn splat(x: Self::Item) -> Self;
    /// Reads `COUNT` floats; `from` need not be aligned.
    unsafe fn load(from: *const Self::Item) -> Self;
    /// Writes `COUNT` floats; `to` need not be aligned.
    unsafe fn store(self, to: *mut Self::Item);
    /// `self * x + y`, rounded once or twice.
    unsafe fn times_plus(self, x: Self, y: Self) -> Self;
    /// `self + x`.
    unsafe fn plus(self, x: Self) -> Self;

    /// Reads the first `count` floats, of at most `COUNT`; the others are zero.
    #[inline(always)]
    unsafe fn load_some(from: *const Self::Item, count: usize) -> Self {
        // SAFETY: `from` has `count` floats, and a register all of `COUNT`.
        unsafe {
            let mut lanes = Self::splat(Self::Item::ZERO);
            let to = (&raw mut lanes).cast::<Self::Item>();
            for q in 0..count {
                *to.add(q) = *from.add(q);
            }
            lanes
        }
    }

    /// The sum of the floats of each.
    #[inline(always)]
    unsafe fn totals(sums: [Self; 4]) -> [Self::Item; 4] {
        sums.map(|sum| {
            // SAFETY: a register is COUNT floats in a row.
            let lanes =
                unsafe { std::slice::from_raw_parts((&raw const sum).cast::<Self::Item>(), Self::COUNT) };
            let (low, high) = lanes.split_at(Self::COUNT / 2);
            low.iter().zip(high).fold(Self::Item::ZERO, |sum, (a, b)| sum + (*a + *b))
        })
    }

    /// Transposes: reads `PIECE` floats from each of the `COUNT` places `column` names, and writes
    /// `PIECE` rows of `COUNT` floats, `stride` apart.
    #[inline(always)]
    unsafe fn turn(column: impl Fn(usize) -> *const Self::Item, to: *mut Self::Item, stride: usize) {
        for q in 0..Self::COUNT {
            let from = column(q);
            for p in 0..Self::PIECE {
                // SAFETY: the caller has these floats to read and to write.
                unsafe { *to.add(p * stride + q) = *from.add(p) };
            }
        }
    }
}

/// Four floats for processors about which nothing is known.
#[derive(Clone, Copy)]
pub(super) struct Four<T>([T; 4]);

// SAFETY: four floats; plain arithmetic.
unsafe impl<T: Float> Lanes for Four<T> {
    type Item = T;
    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        Four([x; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: four floats to read.
        Four(unsafe { from.cast::<[T; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: four floats to write.
        unsafe { to.cast::<[T; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn times_plus(self, x: Self, y: Self) -> Self {
        Four(std::array::from_fn(|q| self.0[q] * x.0[q] + y.0[q]))
    }
    #[inline(always)]
    unsafe fn plus(self, x: Self) -> Self {
        Four(std::array::from_fn(|q| self.0[q] + x.0[q]))
    }
}
