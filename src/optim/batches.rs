//! Mini-batches: rows in random order, a few at a time.

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus, seq::SliceRandom};

/// The numbers of rows, shuffled anew for each pass over the data and cut into batches.
///
/// The same seed gives the same batches.
///
/// ```
/// use grad::optim::Batches;
///
/// let mut batches = Batches::new(10, 4, 1);
/// let sizes: Vec<_> = batches.pass().map(|rows| rows.len()).collect();
/// assert_eq!(sizes, [4, 4, 2]);
///
/// let mut rows: Vec<_> = batches.pass().flatten().copied().collect();
/// rows.sort();
/// assert_eq!(rows, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
/// ```
///
/// Batches of 1 are the stochastic gradient descent of the textbook, a batch of all rows is gradient descent.
#[derive(Clone, Debug)]
pub struct Batches {
    rows: Vec<usize>,
    size: usize,
    rng: Xoshiro256PlusPlus,
}

impl Batches {
    /// Of so many rows, of this size; the last of a pass may be smaller.
    ///
    /// # Panics
    /// If the size is 0.
    #[track_caller]
    pub fn new(rows: usize, size: usize, seed: u64) -> Self {
        assert!(size > 0, "a batch has at least one row");
        Batches { rows: (0..rows).collect(), size, rng: Xoshiro256PlusPlus::seed_from_u64(seed) }
    }

    /// The batches of one pass over the data: every row once, in an order of its own.
    pub fn pass(&mut self) -> impl ExactSizeIterator<Item = &[usize]> {
        self.rows.shuffle(&mut self.rng);
        self.rows.chunks(self.size)
    }

    /// How many batches a pass has.
    pub fn per_pass(&self) -> usize {
        self.rows.len().div_ceil(self.size)
    }
}
