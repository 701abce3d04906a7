//! What reaches out of the function.

use grad::grad;

#[grad]
fn raw_pointer(x: &[f64]) -> f64 {
    let first = x.as_ptr();
    let _ = first;
    x[0]
}

#[grad]
fn raw_borrow(x: f64) -> f64 {
    let p = &raw const x;
    let _ = p;
    x
}

#[grad]
fn cast_to_pointer(x: f64) -> f64 {
    let p = &x as *const f64;
    let _ = p;
    x
}

#[grad]
fn pointer_parameter(x: f64, _p: *const f64) -> f64 {
    x
}

static mut COUNT: f64 = 0.0;

#[grad]
fn counts(x: f64) -> f64 {
    unsafe {
        COUNT += 1.0;
    }
    x
}

#[grad]
fn prints(x: f64) -> f64 {
    print!("{x}");
    eprintln!("{x}");
    dbg!(x)
}

#[grad]
fn writes(x: f64) -> f64 {
    use std::io::Write;
    writeln!(std::io::stdout(), "{x}").unwrap();
    x
}

#[grad]
fn reads(x: f64) -> f64 {
    let text = std::fs::read_to_string("scale").unwrap();
    x * text.len() as f64
}

#[grad]
fn measures_time(x: f64) -> f64 {
    let start = std::time::Instant::now();
    x * start.elapsed().as_secs_f64()
}

#[grad]
fn draws(x: f64) -> f64 {
    x * random()
}

fn random() -> f64 {
    4.0
}

#[grad]
fn fallible(x: f64) -> f64 {
    let y: f64 = "1.0".parse().unwrap();
    x * y
}

#[grad]
fn shares(x: f64) -> f64 {
    let cell = std::cell::Cell::new(x);
    cell.get()
}

#[grad]
fn boxes(x: f64) -> f64 {
    let y = Box::new(x);
    *y
}

#[grad]
fn mutual(x: f64, n: u32) -> f64 {
    fn even(x: f64, n: u32) -> f64 {
        if n == 0 { x } else { odd(x * x, n - 1) }
    }
    fn odd(x: f64, n: u32) -> f64 {
        if n == 0 { 1.0 } else { even(x + 1.0, n - 1) }
    }
    even(x, n)
}

fn main() {
    // The functions themselves are there.
    let _ = (raw_pointer(&[1.0]), raw_borrow(1.0), cast_to_pointer(1.0), counts(1.0), prints(1.0), writes(1.0));
    let _ = (reads(1.0), measures_time(1.0), draws(1.0), fallible(1.0), shares(1.0), boxes(1.0), mutual(1.0, 1));
    let _ = pointer_parameter(1.0, std::ptr::null());
}
