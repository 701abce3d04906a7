//! A particle in a potential, followed until it crosses a line.

use grad::grad;

/// The time at which it crosses `x = wall`, or 10 if it does not.
#[grad]
pub fn crossing(position: [f64; 2], velocity: [f64; 2], strength: f64, wall: f64) -> f64 {
    let [mut x, mut y] = position;
    let [mut vx, mut vy] = velocity;
    let h = 0.01;
    let mut t = 0.0;
    while t < 10.0 {
        let r2 = x * x + y * y + 0.1;
        let a = -strength / (r2 * r2.sqrt());
        vx += h * a * x;
        vy += h * a * y;
        let before = x;
        x += h * vx;
        y += h * vy;
        if x > wall {
            // Between the last two positions, along a line.
            return t + h * (wall - before) / (x - before);
        }
        t += h;
    }
    10.0
}
