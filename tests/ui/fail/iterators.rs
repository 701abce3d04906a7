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

fn main() {}
