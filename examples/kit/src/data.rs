//! Tables of numbers: reading, splitting, standardising.

use std::path::Path;

use rand::{SeedableRng, rngs::Xoshiro256PlusPlus, seq::SliceRandom};

use crate::Outcome;

/// Reads a file of `examples/data` with so many numbers on each line.
///
/// # Errors
/// If it cannot be read, or a line is not like that: which, and why.
pub fn read<const COLUMNS: usize>(name: &str) -> Outcome<Vec<[f64; COLUMNS]>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data").join(name);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut rows = Vec::new();
    for (line, record) in (1..).zip(reader.records()) {
        let row = record.map_err(Box::from).and_then(|record| parse(&record));
        rows.push(row.map_err(|error| format!("{}, line {line}: {error}", path.display()))?);
    }
    if rows.is_empty() {
        return Err(format!("{} is empty", path.display()).into());
    }
    Ok(rows)
}

fn parse<const COLUMNS: usize>(record: &csv::StringRecord) -> Outcome<[f64; COLUMNS]> {
    if record.len() != COLUMNS {
        return Err(format!("expected {COLUMNS} fields, found {}", record.len()).into());
    }
    let mut row = [0.0; COLUMNS];
    for (number, field) in row.iter_mut().zip(record) {
        *number = field.parse().map_err(|_| format!("`{field}` is not a number"))?;
    }
    Ok(row)
}

/// The rows in an order that the seed decides.
pub fn shuffled<T>(mut rows: Vec<T>, seed: u64) -> Vec<T> {
    rows.shuffle(&mut Xoshiro256PlusPlus::seed_from_u64(seed));
    rows
}

/// Mean and standard deviation of each column.
pub struct Standard<const COLUMNS: usize> {
    mean: [f64; COLUMNS],
    deviation: [f64; COLUMNS],
}

impl<const COLUMNS: usize> Standard<COLUMNS> {
    /// Of these rows: those for training, so that nothing is known of the others.
    pub fn of(rows: &[[f64; COLUMNS]]) -> Self {
        let mean_of =
            |f: &dyn Fn(&[f64; COLUMNS]) -> f64| rows.iter().map(f).sum::<f64>() / rows.len() as f64;
        let mean: [f64; COLUMNS] = std::array::from_fn(|j| mean_of(&|row| row[j]));
        let variance = |j: usize| mean_of(&|row| (row[j] - mean[j]).powi(2));
        Self { mean, deviation: std::array::from_fn(|j| variance(j).sqrt()) }
    }

    /// Rows with mean 0 and standard deviation 1. A column that does not vary becomes 0.
    pub fn apply(&self, rows: &[[f64; COLUMNS]]) -> Vec<[f64; COLUMNS]> {
        let standard = |x: f64, j: usize| match self.deviation[j] {
            0.0 => 0.0,
            deviation => (x - self.mean[j]) / deviation,
        };
        rows.iter().map(|row| std::array::from_fn(|j| standard(row[j], j))).collect()
    }
}
