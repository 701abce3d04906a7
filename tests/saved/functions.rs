//! Functions of which derivatives save this and that.

use grad::grad;

/// Nothing but arithmetic.
#[grad]
pub fn polar(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt() * (x / y).atan()
}

/// The exponentials lie where the gradient will.
#[grad]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let mut m = f64::NEG_INFINITY;
    for &v in x {
        m = m.max(v);
    }
    let mut s = 0.0;
    for &v in x {
        s += (v - m).exp();
    }
    m + s.ln()
}

/// Forward and backward in one loop over the points.
#[grad(wrt(w))]
pub fn least_squares(w: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let mut loss = 0.0;
    for i in 0..x.len() {
        let mut power = 1.0;
        let mut value = 0.0;
        for &coefficient in w {
            value += coefficient * power;
            power *= x[i];
        }
        loss += (value - y[i]) * (value - y[i]);
    }
    loss
}

/// A linear recurrence remembers nothing.
#[grad(skip(x))]
pub fn smooth(x: &[f64], start: f64) -> f64 {
    let mut y = start;
    for &v in x {
        y = 0.5 * y + v;
    }
    y
}

#[grad]
pub fn horner(c: &[f64], x: f64) -> f64 {
    let mut y = 0.0;
    for &c in c {
        y = y * x + c;
    }
    y
}

/// On the stack.
#[grad]
pub fn recurrence<const N: usize>(x: &[f64; N], start: f64) -> f64 {
    x.iter().fold(start, |state, x| (state * x).tanh())
}

#[grad]
pub fn logistic_map(x: f64, r: f64) -> f64 {
    let mut x = x;
    for _ in 0..40 {
        x = r * x * (1.0 - x);
    }
    x
}

/// A state of several numbers, over time.
#[grad]
pub fn pendulums(angle: &mut [f64], speed: &mut [f64], h: f64, steps: usize) {
    for _ in 0..steps {
        for i in 0..angle.len() {
            speed[i] -= h * angle[i].sin();
        }
        for i in 0..angle.len() {
            angle[i] += h * speed[i];
        }
    }
}

/// Loops in loops of run-time length.
#[grad]
pub fn nested(x: &[f64], outer: usize, inner: usize) -> f64 {
    let mut total = 0.0;
    for &x in x {
        let mut s = x;
        for _ in 0..outer {
            for _ in 0..inner {
                s = (s * x).sin();
            }
        }
        total += s;
    }
    total
}

/// One for each pair; there is room for all of them.
#[grad]
pub fn triangle(x: &[f64], w: f64) -> f64 {
    let mut s = w;
    for i in 0..x.len() {
        for j in 0..i {
            s = (s * x[j]).cos() + x[i];
        }
    }
    s
}

/// Until it is near enough.
#[grad]
pub fn square_root(a: f64) -> f64 {
    let mut x = a;
    while (x * x - a).abs() > 1e-12 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

/// Chosen indices are saved like other values.
#[grad]
pub fn bubble(x: &[f64], steps: usize) -> f64 {
    let mut a = x.to_vec();
    let n = a.len();
    for _ in 0..steps {
        let mut largest = 0;
        for i in 1..n {
            if a[i] > a[largest] {
                largest = i;
            }
        }
        a[largest] *= 0.5;
    }
    let mut s = 0.0;
    for i in 0..n {
        s += a[i] * a[i];
    }
    s
}
