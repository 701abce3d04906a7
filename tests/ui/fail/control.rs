use grad::grad;

#[grad]
fn for_loop(x: &[f64]) -> f64 {
    for x in x {
        drop(x);
    }
    x[0]
}

#[grad]
fn while_loop(x: f64) -> f64 {
    while x > 1.0 {}
    x
}

#[grad]
fn endless(x: f64) -> f64 {
    loop {
        break x;
    }
}

#[grad]
fn mutation(x: f64) -> f64 {
    let mut sum = x;
    sum += x;
    sum
}

#[grad]
fn assignment(x: f64) -> f64 {
    let mut y = x;
    y = y * x;
    y
}

#[grad]
fn deferred(x: f64) -> f64 {
    let y: f64;
    x
}

#[grad]
fn early(x: f64) -> f64 {
    if x > 0.0 {
        return x;
    }
    -x
}

#[grad]
fn labelled(x: f64) -> f64 {
    'block: {
        break 'block x;
    }
}

#[grad]
fn optional(x: &[f64]) -> f64 {
    if let Some(first) = x.first() { *first } else { 0.0 }
}

#[grad]
fn let_else(x: &[f64]) -> f64 {
    let [first] = x else { return 0.0 };
    *first
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
fn growing(x: f64) -> f64 {
    let mut values = Vec::new();
    values.push(x);
    values[0]
}

#[grad]
fn references(x: f64) -> f64 {
    let y = &mut x.abs();
    *y
}

#[grad]
fn branches_differ_in_length(x: f64) -> f64 {
    let y = if x > 0.0 { vec![x; 2] } else { vec![x; 3] };
    y.iter().sum()
}

#[grad]
fn configured(x: f64) -> f64 {
    #[cfg(test)]
    let x = 2.0 * x;
    x
}

fn main() {}
