use grad::grad;

fn helper(x: f64) -> f64 {
    x * x
}

#[grad]
fn own_function(x: f64) -> f64 {
    helper(x) + 1.0
}

#[grad]
fn own_function_as_value(x: &[f64]) -> f64 {
    x.iter().copied().map(helper).sum()
}

#[grad]
fn misspelt(x: f64) -> f64 {
    sigmiod(x)
}

fn sigmiod(x: f64) -> f64 {
    x
}

#[grad]
fn recursive(x: f64, n: u32) -> f64 {
    if n == 0 { 1.0 } else { x * recursive(x, n - 1) }
}

#[grad]
fn unknown_module(x: f64) -> f64 {
    x * std::hint::black_box(x)
}

#[grad]
fn unknown_method(x: f64) -> f64 {
    x.digamma()
}

#[grad]
fn method_of_another_language(x: f64) -> f64 {
    x.exp_m_one()
}

trait Methods {
    fn digamma(self) -> f64;
    fn exp_m_one(self) -> f64;
}

impl Methods for f64 {
    fn digamma(self) -> f64 {
        self
    }
    fn exp_m_one(self) -> f64 {
        self
    }
}

#[grad]
fn prints(x: f64) -> f64 {
    println!("{x}");
    x
}

#[grad]
fn message_of_an_array(x: &[f64]) -> f64 {
    assert!(x[0] > 0.0, "{:?}", x);
    x[0].ln()
}

#[grad]
fn computed_width(x: f64, n: usize) -> f64 {
    assert!(x > 0.0, "{x:n$}");
    x.ln()
}

#[grad]
fn message_that_is_no_literal(x: f64) -> f64 {
    assert!(x > 0.0, concat!("x", "y"));
    x.ln()
}

#[grad]
fn compares_arrays(x: &[f64], y: &[f64]) -> f64 {
    assert_eq!(x, y);
    x[0] * y[0]
}

#[grad]
fn asserts_in_the_head(x: f64) -> f64 {
    let mut y = x;
    while { assert!(y < 9.0); y < 3.0 } {
        y *= 2.0;
    }
    y
}

#[grad]
fn always_panics(x: f64) -> f64 {
    todo!("the model")
}

#[grad]
fn unknown_macro(x: f64) -> f64 {
    x * format!("a").len() as f64
}

#[grad]
fn generic_inside(x: f64) -> f64 {
    fn scaled<const N: usize>(x: f64) -> f64 {
        x * N as f64
    }
    scaled::<3>(x)
}

struct Point {
    x: f64,
}

#[grad]
fn structure(x: f64) -> f64 {
    let point = Point { x };
    point.x
}

#[grad]
fn into(x: f32) -> f64 {
    let y = x.into();
    let z: f64 = y;
    z
}

mod units {
    pub const GRAVITY: f64 = 9.81;
}

#[grad]
fn inner_glob(x: f64) -> f64 {
    let force = |m: f64| {
        use units::*;
        m * GRAVITY
    };
    force(x)
}

fn main() {}
