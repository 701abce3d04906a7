use grad::grad;

#[grad]
fn while_loop(x: f64, n: usize) -> f64 {
    let mut x = x;
    let mut k = 0;
    #[grad(checkpoint)]
    while k < n {
        x = x.sin();
        k += 1;
    }
    x
}

#[grad]
fn endless(x: f64) -> f64 {
    let mut x = x;
    #[grad(checkpoint = 3)]
    'outer: loop {
        x *= 0.5;
        if x < 1.0 {
            break 'outer;
        }
    }
    x
}

#[grad]
fn statement(x: f64) -> f64 {
    #[grad(checkpoint)]
    let y = x.sin();
    y
}

#[grad]
fn none(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoint = 0)]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn from_a_parameter(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoint = n)]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn not_an_integer(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoint = 2.5)]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn other_key(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoints)]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn bare(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn in_parentheses(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoint(8))]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad]
fn twice(x: f64, n: usize) -> f64 {
    let mut x = x;
    #[grad(checkpoint)]
    #[grad(checkpoint = 2)]
    for _ in 0..n {
        x = x.sin();
    }
    x
}

#[grad(checkpoint)]
fn on_the_function(x: f64) -> f64 {
    x
}

fn main() {}
