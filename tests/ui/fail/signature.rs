use grad::grad;

#[grad]
async fn asynchronous(x: f64) -> f64 {
    x
}

#[grad]
unsafe fn dangerous(x: f64) -> f64 {
    x
}

#[grad]
extern "C" fn foreign(x: f64) -> f64 {
    x
}

#[grad]
fn generic<T: std::ops::Mul<Output = T> + Copy>(x: T) -> T {
    x * x
}

#[grad]
fn opaque_parameter(x: impl Into<f64>) -> f64 {
    x.into()
}

#[grad]
fn opaque_result(x: f64) -> impl Iterator<Item = f64> {
    [x].into_iter()
}

#[grad]
fn in_place(x: &mut [f64]) -> f64 {
    x[0]
}

#[grad]
fn pair((x, y): (f64, f64)) -> f64 {
    x * y
}

#[grad]
fn text(x: f64, name: &str) -> f64 {
    x * name.len() as f64
}

#[grad]
fn function(f: fn(f64) -> f64, x: f64) -> f64 {
    f(x)
}

#[grad]
fn no_result(x: f64) {
    let _ = x;
}

#[grad]
fn reference(x: &f64) -> &f64 {
    x
}

#[grad]
fn integer(x: f64) -> i64 {
    x as i64
}

#[grad]
fn pairs(x: f64) -> Vec<(f64, f64)> {
    vec![(x, x)]
}

#[grad]
fn many_axes(x: &ndarray::ArrayD<f64>) -> f64 {
    x.sum()
}

struct Model {
    scale: f64,
}

impl Model {
    #[grad]
    fn method(&self, x: f64) -> f64 {
        self.scale * x
    }

    #[grad]
    fn constructor(scale: f64) -> Self {
        Self { scale }
    }
}

fn main() {}
