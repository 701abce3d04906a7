use grad::optim::{GradientDescent, Params};

#[derive(Params)]
enum Enumeration {
    A(f64),
}

#[derive(Params)]
struct NoFields;

#[derive(Params)]
struct NoParameters {
    #[params(skip)]
    size: usize,
}

#[derive(Params)]
struct Misspelt {
    #[params(skipp)]
    size: usize,
    w: f64,
}

#[derive(Params)]
#[params(krate = ::grad)]
struct UnknownArgument {
    w: f64,
}

#[derive(Params)]
struct NotParameters {
    w: [f64; 3],
    size: usize,
}

#[derive(Params)]
struct Mixed(f64, [f32; 2]);

#[derive(Params)]
struct TooMany {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    f: f64,
    g: f64,
    h: f64,
    i: f64,
    j: f64,
    k: f64,
    l: f64,
    m: f64,
}

#[derive(Params)]
struct Healthy {
    w: [f64; 3],
    b: f64,
}

fn main() {
    let mut params = Healthy { w: [0.0; 3], b: 0.0 };
    // The wrong shape, the wrong order.
    GradientDescent::new(0.1).step(&mut params, 0.0, &([0.0; 4], 0.0));
    GradientDescent::new(0.1).step(&mut params, 0.0, &(0.0, [0.0; 3]));
    GradientDescent::new(0.1).step(&mut "text", 0.0, &0.0);
}
