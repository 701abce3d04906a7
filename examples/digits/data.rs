//! The digits: 8×8 images with 17 shades of grey, one on each line of `examples/data/digits.csv`.

use std::{
    error::Error,
    path::{Path, PathBuf},
};

use ndarray::{Array2, Axis};

pub const PIXELS: usize = 64;
pub const CLASSES: usize = 10;

/// One image and the digit it shows.
pub struct Sample {
    pixels: [f32; PIXELS],
    label: usize,
}

/// The file that comes with this repository.
pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/digits.csv")
}

/// Reads all samples, in the order of the file.
pub fn read_digits(path: &Path) -> Result<Vec<Sample>, Box<dyn Error>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut samples = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let sample = record.map_err(Box::from).and_then(|record| parse(&record));
        samples.push(sample.map_err(|error| format!("{}, line {}: {error}", path.display(), row + 1))?);
    }
    if samples.is_empty() {
        return Err(format!("{} holds no digits", path.display()).into());
    }
    Ok(samples)
}

fn parse(record: &csv::StringRecord) -> Result<Sample, Box<dyn Error>> {
    if record.len() != PIXELS + 1 {
        return Err(format!("expected {} fields, found {}", PIXELS + 1, record.len()).into());
    }
    let mut pixels = [0.0; PIXELS];
    for (pixel, field) in pixels.iter_mut().zip(record) {
        *pixel = field.parse()?;
    }
    let label = record[PIXELS].parse()?;
    if label >= CLASSES {
        return Err(format!("{label} is not a digit").into());
    }
    Ok(Sample { pixels, label })
}

/// The mean and standard deviation of all pixels of some samples.
pub struct Scale {
    mean: f32,
    deviation: f32,
}

impl Scale {
    pub fn of(samples: &[Sample]) -> Self {
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
    pub fn new(samples: &[Sample], scale: &Scale) -> Self {
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
