//! The digits: 8×8 images with 17 shades of grey, one on each line of `examples/data/digits.csv`.

use ndarray::{Array2, Axis};

pub const PIXELS: usize = 64;
pub const CLASSES: usize = 10;

/// One image and the digit it shows.
struct Sample {
    pixels: [f32; PIXELS],
    label: usize,
}

/// Reads all samples, in the order of the file.
fn read_digits() -> kit::Outcome<Vec<Sample>> {
    let rows = kit::read::<{ PIXELS + 1 }>("digits.csv")?;
    rows.iter().map(sample).collect()
}

fn sample(row: &[f64; PIXELS + 1]) -> kit::Outcome<Sample> {
    let label = row[PIXELS];
    if !(0..CLASSES).any(|digit| digit as f64 == label) {
        return Err(format!("{label} is not a digit").into());
    }
    Ok(Sample { pixels: std::array::from_fn(|pixel| row[pixel] as f32), label: label as usize })
}

/// Samples for training, in an order that the seed decides, and a fifth that is held out.
pub fn split(seed: u64) -> kit::Outcome<(Dataset, Dataset)> {
    let samples = kit::shuffled(read_digits()?, seed);
    let (train, held_out) = samples.split_at(samples.len() * 4 / 5);
    let scale = Scale::of(train);
    Ok((Dataset::new(train, &scale), Dataset::new(held_out, &scale)))
}

/// The mean and standard deviation of all pixels of some samples.
struct Scale {
    mean: f32,
    deviation: f32,
}

impl Scale {
    fn of(samples: &[Sample]) -> Self {
        let pixels = || samples.iter().flat_map(|sample| sample.pixels);
        let count = (samples.len() * PIXELS) as f32;
        let mean = pixels().sum::<f32>() / count;
        let variance = pixels().map(|pixel| (pixel - mean).powi(2)).sum::<f32>() / count;
        Self { mean, deviation: variance.sqrt() }
    }

    fn apply(&self, pixel: f32) -> f32 {
        (pixel - self.mean) / self.deviation
    }
}

/// Samples as matrices with one row for each.
pub struct Dataset {
    pub pixels: Array2<f32>,
    /// The digit of each row.
    pub labels: Vec<usize>,
    /// The same as a distribution: 1 in the column of the digit, 0 elsewhere.
    pub targets: Array2<f32>,
}

impl Dataset {
    fn new(samples: &[Sample], scale: &Scale) -> Self {
        let labels: Vec<_> = samples.iter().map(|sample| sample.label).collect();
        Self {
            pixels: Array2::from_shape_fn((samples.len(), PIXELS), |(row, pixel)| {
                scale.apply(samples[row].pixels[pixel])
            }),
            targets: Array2::from_shape_fn((labels.len(), CLASSES), |(row, digit)| {
                f32::from(u8::from(labels[row] == digit))
            }),
            labels,
        }
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// The pixels and targets of some rows.
    pub fn batch(&self, rows: &[usize]) -> (Array2<f32>, Array2<f32>) {
        (self.pixels.select(Axis(0), rows), self.targets.select(Axis(0), rows))
    }
}
