//! `use`, constants and functions inside the function.

use grad::grad;

mod units {
    pub const GRAVITY: f64 = 9.81;
    pub const COUNT: usize = 3;
    pub mod deep {
        pub const SCALE: f32 = 0.5;
    }
    pub const fn double(x: f64) -> f64 {
        x + x
    }
}

#[grad]
fn globbed(x: f64) -> f64 {
    use std::f64::consts::*;
    (PI * x).sin() + x / E + FRAC_1_SQRT_2
}

#[grad]
fn named(x: f64, y: f64) -> f64 {
    use std::f64::consts::PI;
    use std::f64::consts::{self, FRAC_PI_2 as HALF};
    (PI * x).sin() + consts::E * y + HALF * x * y
}

#[grad]
fn of_the_program(x: f64) -> f64 {
    use units::*;
    let weight: f64 = GRAVITY * x;
    (0..COUNT).map(|k| weight * k as f64).sum::<f64>() + f64::from(deep::SCALE) * x
}

#[grad]
fn in_a_block(x: f64) -> f64 {
    let a = {
        use std::f32::consts::PI as APPROXIMATE;
        x * f64::from(APPROXIMATE)
    };
    // Names end with their block.
    const APPROXIMATE: f64 = 3.0;
    let b = |y: f64| {
        use std::f64::consts::*;
        y * TAU
    };
    a + APPROXIMATE * x + b(x)
}

#[grad]
fn constants(x: [f64; 3]) -> f64 {
    // Known before they are written.
    let y = SCALE * x.iter().zip(WEIGHTS).map(|(x, w)| x * x * w).sum::<f64>();
    let z = y * scaled(x[0]) + GAIN * x[1];
    const WEIGHTS: [f64; N] = [1.0, HALF, 2.0];
    const SCALE: f64 = HALF * 3.0;
    const HALF: f64 = 1.0 / N as f64;
    const N: usize = 3;
    // Not read, but repeated.
    const GAIN: f64 = units::double(triple(SCALE));
    const fn triple(x: f64) -> f64 {
        3.0 * x
    }
    fn scaled(x: f64) -> f64 {
        SCALE * x
    }
    z
}

#[grad]
fn functions(x: f64) -> f64 {
    use grad::nn::{self, softplus as soft};
    use std::array::from_fn;
    let a: [f64; 3] = from_fn(|k| soft(x * k as f64));
    a.iter().copied().map(nn::sigmoid).sum()
}

#[test]
fn items_are_known_in_the_whole_block() {
    gradient!({} globbed, globbed_grad, (x) at x = 0.4);
    gradient!({} named, named_grad, (x, y) at x = 0.4, y = -0.7);
    gradient!({} of_the_program, of_the_program_grad, (x) at x = 0.4);
    gradient!({} in_a_block, in_a_block_grad, (x) at x = 0.4);
    gradient!({} constants, constants_grad, (x) at x = [0.3, -0.2, 0.9]);
    gradient!({} functions, functions_grad, (x) at x = 0.4);
}
