use grad::grad;

#[grad(wrtt(x))]
fn misspelt(x: f64) -> f64 {
    x
}

#[grad(everything)]
fn unknown(x: f64) -> f64 {
    x
}

#[grad(vjp, exact, vjp)]
fn repeated(x: f64) -> f64 {
    x
}

#[grad(vjp(x))]
fn flag_with_arguments(x: f64) -> f64 {
    x
}

#[grad(vjp = 3)]
fn flag_with_value(x: f64) -> f64 {
    x
}

#[grad(hessian)]
fn not_yet(x: f64) -> f64 {
    x
}

#[grad(wrt)]
fn wrt_alone(x: f64) -> f64 {
    x
}

#[grad(skip = x)]
fn skip_with_value(x: f64) -> f64 {
    x
}

#[grad(shape)]
fn shape_alone(x: &[f64]) -> f64 {
    x[0]
}

#[grad(name)]
fn name_alone(x: f64) -> f64 {
    x
}

#[grad(name = a::b)]
fn name_is_a_path(x: f64) -> f64 {
    x
}

#[grad(crate)]
fn crate_alone(x: f64) -> f64 {
    x
}

#[grad(exact, fast_math)]
fn contradiction(x: f64) -> f64 {
    x
}

#[grad(vpj, exat)]
fn two_mistakes(x: f64) -> f64 {
    x
}

#[grad(grad)]
fn gradient_of_several(x: f64) -> [f64; 2] {
    [x, x * x]
}

#[grad]
struct NotAFunction;

// The functions themselves are there, whatever is wrong with their attributes.
fn main() {
    misspelt(1.0) + unknown(1.0) + repeated(1.0) + flag_with_arguments(1.0) + flag_with_value(1.0);
    not_yet(1.0) + wrt_alone(1.0) + skip_with_value(1.0) + shape_alone(&[1.0]) + name_alone(1.0);
    name_is_a_path(1.0) + crate_alone(1.0) + contradiction(1.0) + two_mistakes(1.0);
    gradient_of_several(1.0);
    let _ = NotAFunction;
}
