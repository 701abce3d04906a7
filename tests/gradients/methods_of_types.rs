//! `#[grad]` in `impl` blocks: `self` is inactive, and its fields are read where they are.

use grad::grad;

struct Spring {
    stiffness: f64,
    rest: [f64; 2],
    limits: (f64, f64),
    count: usize,
}

impl Spring {
    const DAMPING: f64 = 0.1;

    #[grad]
    fn energy(&self, x: &[f64], scale: f64) -> f64 {
        let mut sum = 0.0;
        for i in 0..self.count {
            let d = x[i] - self.rest[0];
            if d > self.limits.1 {
                return self.stiffness * scale;
            }
            sum += 0.5 * self.stiffness * d * d;
        }
        sum * scale + Self::DAMPING * x[0]
    }

    #[grad]
    pub(crate) fn of(x: f64) -> f64 {
        x * x
    }

    /// Forces, written to `out`.
    #[grad]
    fn forces(&self, x: &[f64], out: &mut [f64]) {
        for i in 0..x.len() {
            out[i] = -self.stiffness * (x[i] - self.rest[1]);
        }
    }
}

#[test]
fn methods() {
    let spring = Spring { stiffness: 2.0, rest: [0.5, 1.0], limits: (0.0, 10.0), count: 2 };
    let (value, (d_x, d_scale)) = spring.energy_grad(&[1.0, 2.0], 3.0);
    assert_eq!(value, spring.energy(&[1.0, 2.0], 3.0));
    assert_eq!((d_x, d_scale), (vec![3.0 + 0.1, 9.0], 2.5));
    assert_eq!(spring.energy_grad(&[20.0, 2.0], 3.0).1, (vec![0.0, 0.0], 2.0));
    assert_eq!(Spring::of_grad(3.0), (9.0, 6.0));
    let (mut out, mut d_out) = ([0.0; 2], [1.0, 10.0]);
    assert_eq!(spring.forces_vjp(&[1.0, 2.0], &mut out, &mut d_out), [-2.0, -20.0]);
    assert_eq!(out, [0.0, -2.0]);
}
