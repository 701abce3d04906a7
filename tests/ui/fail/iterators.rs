use grad::grad;

#[grad]
fn misspelt(x: &[f64]) -> f64 {
    x.iter().mapp(|x| x * x)
}

trait Mapp: Iterator + Sized {
    fn mapp(self, f: impl FnMut(Self::Item) -> f64) -> f64 {
        Iterator::map(self, f).sum()
    }
}

impl<I: Iterator> Mapp for I {}

#[grad]
fn running(x: &[f64]) -> f64 {
    x.iter().scan(0.0, |sum, x| Some(*sum + x)).sum()
}

#[grad]
fn greatest(x: &[f64]) -> f64 {
    *x.iter().max_by(|a, b| a.total_cmp(b)).unwrap()
}

#[grad]
fn flat(x: &[f64]) -> f64 {
    x.iter().flat_map(|x| [*x, 2.0 * x]).sum()
}

#[grad]
fn unzipped(x: &[f64]) -> f64 {
    let (a, b): (Vec<f64>, Vec<f64>) = x.iter().map(|x| (x, x * x)).unzip();
    a[0] + b[0]
}

#[grad]
fn reduced(x: &[f64]) -> f64 {
    x.iter().copied().reduce(f64::max).unwrap()
}

#[grad]
fn found(x: &[f64]) -> f64 {
    *x.iter().find(|x| **x > 0.0).unwrap()
}

#[grad]
fn last(x: &[f64]) -> f64 {
    *x.iter().last().unwrap()
}

#[grad]
fn float_range(x: f64) -> f64 {
    [x..2.0].iter().map(|range| range.start).sum()
}

#[grad]
fn without_end(x: &[f64]) -> f64 {
    (0..).map(|i: usize| x[i]).take(3).sum()
}

#[grad]
fn of_unknown_length(x: &[f64]) -> f64 {
    let doubled = std::array::from_fn(|i| 2.0 * x[i]);
    take_three(doubled)
}

fn take_three(x: [f64; 3]) -> f64 {
    x[0]
}

#[grad]
fn ragged(x: f64, n: usize) -> f64 {
    let rows: Vec<Vec<f64>> = (0..n).map(|i| (0..i).map(|_| x).collect()).collect();
    rows[1][0]
}

fn main() {}
