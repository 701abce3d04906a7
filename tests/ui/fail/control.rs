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

#[grad]
fn local_struct(x: &[f64]) -> f64 {
    struct Pair(f64, f64);
    x[0]
}

#[grad]
fn local_enum(x: &[f64]) -> f64 {
    enum Kind {
        First,
    }
    x[0]
}

#[grad]
fn local_alias(x: &[f64]) -> f64 {
    type Float = f64;
    x[0]
}

#[grad]
fn part_by_reference(x: f64) -> f64 {
    let mut pair = (x, 1.0);
    let (_, ref mut second) = pair;
    *second *= x;
    pair.0 * pair.1
}

fn main() {}
