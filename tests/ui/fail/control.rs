use grad::grad;

#[grad]
fn unknown_call(x: &[f64]) -> f64 {
    for x in x {
        drop(x);
    }
    x[0]
}

#[grad]
fn changing_type(x: f64) -> f64 {
    let mut y = vec![x; 2];
    for _ in 0..3 {
        y = vec![x; 3];
    }
    y[0]
}

#[grad]
fn optional_parameter(x: Option<f64>, y: f64) -> f64 {
    x.unwrap_or(1.0) * y
}

#[grad]
fn dangerous(x: &[f64]) -> f64 {
    unsafe { *x.get_unchecked(0) }
}

#[grad]
fn configured(x: f64) -> f64 {
    #[cfg(test)]
    let x = 2.0 * x;
    x
}

#[grad]
fn changing_condition(x: &[f64]) -> f64 {
    let (mut i, mut s) = (0, 0.0);
    let mut step = |v: f64| {
        i += 1;
        s += v * x[i];
        s
    };
    while step(0.5) < 1.0 {}
    s
}

fn main() {}
