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
fn float_range(x: f64) -> f64 {
    [x..2.0].iter().map(|range| range.start).sum()
}

#[grad]
fn without_end(x: &[f64]) -> f64 {
    (0..).map(|i: usize| x[i]).sum()
}

#[grad]
fn each_from_the_one_before(x: f64) -> f64 {
    let mut sum = 0.0;
    for y in std::iter::successors(Some(x), |y| Some(y * y)) {
        if y > 9.0 {
            break;
        }
        sum += y;
    }
    sum
}

#[grad]
fn tried(x: &[f64]) -> f64 {
    x.iter().try_fold(0.0, |sum, x| if *x > 0.0 { Some(sum + x) } else { None }).unwrap_or(0.0)
}

#[grad]
fn peeked(x: &[f64]) -> f64 {
    let mut items = x.iter().peekable();
    *items.next().unwrap() * **items.peek().unwrap()
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

#[grad]
fn drained(x: &[f64]) -> f64 {
    let mut v = x.to_vec();
    v.drain(1..).map(|a| a * a).sum::<f64>() + v[0]
}

#[grad]
fn chunks_from_the_end(x: &[f64]) -> f64 {
    x.rchunks(2).map(|chunk| chunk[0]).sum()
}

#[grad]
fn runs(x: &[f64]) -> f64 {
    x.chunk_by(|a, b| a < b).map(|run| run[0]).sum()
}

#[grad]
fn fold_from_the_end(x: &[f64]) -> f64 {
    x.iter().rfold(0.0, |s, a| s * 0.5 + a)
}

#[grad]
fn next_item(x: &[f64]) -> f64 {
    let mut items = x.iter().peekable();
    let first = *items.next().unwrap();
    items.peek().map_or(first, |second| first * **second)
}

fn main() {}
