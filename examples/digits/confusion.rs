//! Which digits are taken for which.

use std::fmt;

use crate::data::CLASSES;

/// Counts by actual digit (row) and predicted digit (column).
pub struct Confusion([[usize; CLASSES]; CLASSES]);

impl Confusion {
    pub fn new(actual: &[usize], predicted: &[usize]) -> Self {
        let mut counts = [[0; CLASSES]; CLASSES];
        for (&actual, &predicted) in actual.iter().zip(predicted) {
            counts[actual][predicted] += 1;
        }
        Self(counts)
    }

    pub fn correct(&self) -> usize {
        (0..CLASSES).map(|digit| self.0[digit][digit]).sum()
    }

    pub fn total(&self) -> usize {
        self.0.iter().flatten().sum()
    }

    pub fn accuracy(&self) -> f64 {
        self.correct() as f64 / self.total() as f64
    }
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "actual ╲ read as")?;
        for digit in 0..CLASSES {
            write!(f, "{digit:4}")?;
        }
        writeln!(f, "   correct")?;
        for (digit, row) in self.0.iter().enumerate() {
            write!(f, "{digit:>16}")?;
            for &count in row {
                match count {
                    0 => write!(f, "   ·")?,
                    _ => write!(f, "{count:4}")?,
                }
            }
            match row.iter().sum::<usize>() {
                0 => writeln!(f)?,
                total => writeln!(f, "{:8.1} %", 100.0 * row[digit] as f64 / total as f64)?,
            }
        }
        Ok(())
    }
}
