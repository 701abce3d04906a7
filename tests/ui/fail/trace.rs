use grad::grad;

#[grad(trace)]
fn of_an_array(x: &[f64; 2]) -> [f64; 2] {
    let z = x[0] * x[1];
    [z, z]
}

#[grad(vjp, trace)]
fn of_a_tuple(x: f64) -> (f64, f64) {
    (x, x)
}

#[grad(trace(z))]
fn of_some_values(x: f64) -> f64 {
    let z = x * x;
    z
}

#[grad(traced)]
fn misspelt(x: f64) -> f64 {
    x
}

#[grad(trace)]
fn triangle(x: &[f64]) -> f64 {
    let mut s = 1.0;
    for i in 0..x.len() {
        let mut v = x[i];
        while v < 10.0 {
            let u = v * s;
            v = u + 2.0;
        }
        s = v;
    }
    s
}

fn main() {}
