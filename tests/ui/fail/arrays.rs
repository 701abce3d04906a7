use grad::grad;

const TABLE: [f64; 1000] = [0.5; 1000];

#[grad]
fn constant_array(x: f64, n: usize) -> f64 {
    TABLE[n] * x
}

#[grad]
fn sum_of_slice(x: &[f64]) -> f64 {
    x.sum()
}

trait Sum {
    fn sum(&self) -> f64;
}

impl Sum for [f64] {
    fn sum(&self) -> f64 {
        self.iter().sum()
    }
}

#[grad]
fn struct_pattern(x: f64) -> f64 {
    let Point { a } = Point { a: 1.0 };
    a * x
}

struct Point {
    a: f64,
}

#[grad]
fn text(x: f64) -> f64 {
    x * "a".len() as f64
}

#[grad]
fn empty(x: f64) -> f64 {
    let nothing: [f64; 0] = [];
    x * nothing.len() as f64
}

fn main() {}
