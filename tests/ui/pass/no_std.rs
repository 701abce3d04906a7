//! Scalars and fixed arrays need nothing but `core`.
#![no_std]
#![deny(warnings)]

extern crate std as tests_run_on_std;

mod firmware {
    use grad::grad;

    #[grad]
    pub fn gain<const N: usize>(weights: &[f64; N], input: &[f64; N], bias: f64) -> f64 {
        let z = weights.iter().zip(input).map(|(w, x)| w * x).sum::<f64>() + bias;
        if z > 0.0 { z * z } else { 0.5 * z }
    }

    #[grad]
    pub fn turn(axis: [f64; 2], by: &[[f64; 2]; 2]) -> [f64; 2] {
        [by[0][0] * axis[0] + by[0][1] * axis[1], by[1][0] * axis[0] + by[1][1] * axis[1]]
    }
}

fn main() {
    let (value, (d_weights, d_input, d_bias)) = firmware::gain_grad(&[1.0, 2.0], &[3.0, 4.0], 1.0);
    assert_eq!((value, d_bias), (144.0, 24.0));
    assert_eq!((d_weights, d_input), ([72.0, 96.0], [24.0, 48.0]));
    let (y, (d_axis, _)) = firmware::turn_vjp([1.0, 0.0], &[[0.0, -1.0], [1.0, 0.0]], &[1.0, 0.0]);
    assert_eq!((y, d_axis), ([0.0, 1.0], [0.0, -1.0]));
}
