// What `#[grad]` writes for traced.rs.

/// Value and gradient of [`recurrent`].
///
/// Returns (`recurrent(…)`, (`d_w`, `d_u`)): the value, and the partial derivatives of the result.
///
/// Saves `2·len(xs)` values of the forward sweep.
///
/// ```text
/// x[i] = xs[i]
/// z[i] = w·h[i] + u·x[i]
/// h[i] = tanh(z[i])
/// d_z[i] = d_h[i]·(1 − h[len(xs) − 1 − i]·h[len(xs) − 1 − i])
/// d_h[i] = d_z[i]·w
/// y = (h − t)·(h − t)
/// d_w = Σᵢ d_z[i]·h[len(xs) − 1 − i]
/// d_u = Σᵢ d_z[i]·x[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn recurrent_grad(w: f64, u: f64, xs: &[f64], t: f64) -> (f64, (f64, f64)) {
    let xs_len = xs.len();
    let mut h = 0.0_f64;
    let mut h_2 = ::std::vec![0.0_f64; xs_len];
    let mut h_3 = ::std::vec![0.0_f64; xs_len];
    for i in 0..xs_len {
        let h_4 = (w * h + u * xs[i]).tanh();
        h_2[i] = h_4;
        h_3[i] = h;
        h = h_4;
    }
    let t_2 = h - t;
    let mut d_h = 2.0 * t_2;
    let mut d_w = 0.0_f64;
    let mut d_u = 0.0_f64;
    for i in (0..xs_len).rev() {
        let d_z = d_h * (1.0 - h_2[i] * h_2[i]);
        d_w += d_z * h_3[i];
        d_u += d_z * xs[i];
        d_h = d_z * w;
    }
    (t_2 * t_2, (d_w, d_u))
}
/// Value and gradient of [`recurrent`], and how large what it names is.
///
/// Returns (`recurrent(…)`, (`d_w`, `d_u`), [`Trace`](grad::health::Trace)): the value, the partial derivatives of the result, and
/// a summary of each of these values and of its cotangent: `z[…]`, `h[…]`.
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn recurrent_grad_traced(
    w: f64,
    u: f64,
    xs: &[f64],
    t: f64,
) -> (f64, (f64, f64), ::grad::health::Trace) {
    let xs_len = xs.len();
    let mut h_2 = 0.0_f64;
    let mut h = ::std::vec![0.0_f64; xs_len];
    let mut h_3 = ::std::vec![0.0_f64; xs_len];
    let mut z = ::std::vec![0.0_f64; xs_len];
    for i in 0..xs_len {
        let z_2 = w * h_2 + u * xs[i];
        let h_4 = z_2.tanh();
        h[i] = h_4;
        h_3[i] = h_2;
        z[i] = z_2;
        h_2 = h_4;
    }
    let t_2 = h_2 - t;
    let mut d_h_2 = 2.0 * t_2;
    let mut d_w = 0.0_f64;
    let mut d_u = 0.0_f64;
    let mut d_z = ::std::vec![0.0_f64; xs_len];
    let mut d_h = ::std::vec![0.0_f64; xs_len];
    for i in (0..xs_len).rev() {
        let d_z_2 = d_h_2 * (1.0 - h[i] * h[i]);
        d_w += d_z_2 * h_3[i];
        d_u += d_z_2 * xs[i];
        d_z[i] = d_z_2;
        d_h[i] = d_h_2;
        d_h_2 = d_z_2 * w;
    }
    let mut trace = ::grad::health::Trace::new();
    for iteration in 0..z.len() {
        trace.record_at("z", iteration, z[iteration], d_z[iteration]);
        trace.record_at("h", iteration, h[iteration], d_h[iteration]);
    }
    (t_2 * t_2, (d_w, d_u), trace)
}
/// Value and gradient of [`classes`].
///
/// Returns (`classes(…)`, (`d_w` [M × N], `d_b` [M])): the value, and the partial derivatives of the result.
///
/// Saves `M` values of the forward sweep.
///
/// ```text
/// z[i] = (Σⱼ w[i, j]·x[j]) + b[i]
/// p[i] = softmaxᵢ(z[i])
/// d_z[i] = p[i] + d_z[i]
/// y = −(z[label] − logsumexpᵢ(z[i]))
/// d_w[i, j] = d_z[i]·x[j]
/// d_b[i] = d_z[i]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn classes_grad<const M: usize, const N: usize>(
    w: &[[f64; N]; M],
    b: &[f64; M],
    x: &[f64; N],
    label: usize,
) -> (f64, ([[f64; N]; M], [f64; M])) {
    let mut d_z = [0.0_f64; M];
    d_z[label] = -1.0;
    let mut sum = [-0.0_f64; M];
    let mut max = f64::NEG_INFINITY;
    let mut z = [0.0_f64; M];
    for i in 0..M {
        let mut sum_2 = -0.0_f64;
        for j in 0..N {
            sum_2 += w[i][j] * x[j];
        }
        sum[i] = sum_2;
        let z_2 = sum_2 + b[i];
        max = max.max(z_2);
        z[i] = z_2;
    }
    let t = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e = [0.0_f64; M];
    let mut sum_3 = 0.0_f64;
    for i in 0..M {
        let z_3 = sum[i] + b[i];
        let e_2 = (z_3 - t).exp();
        e[i] = e_2;
        sum_3 += e_2;
    }
    let mut d_w = [[0.0_f64; N]; M];
    let mut d_b = [0.0_f64; M];
    let t_2 = sum_3.ln();
    for i in 0..M {
        let p = e[i] / sum_3;
        let d_z_2 = p + d_z[i];
        d_b[i] = d_z_2;
        for j in 0..N {
            d_w[i][j] = d_z_2 * x[j];
        }
    }
    (-(z[label] - (t + t_2)), (d_w, d_b))
}
/// Value and gradient of [`classes`], and how large what it names is.
///
/// Returns (`classes(…)`, (`d_w` [M × N], `d_b` [M]), [`Trace`](grad::health::Trace)): the value, the partial derivatives of the result, and
/// a summary of each of these values and of its cotangent: `z`, `p`.
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn classes_grad_traced<const M: usize, const N: usize>(
    w: &[[f64; N]; M],
    b: &[f64; M],
    x: &[f64; N],
    label: usize,
) -> (f64, ([[f64; N]; M], [f64; M]), ::grad::health::Trace) {
    let mut array = [0.0_f64; M];
    array[label] = -1.0;
    let mut sum = [-0.0_f64; M];
    let mut max = f64::NEG_INFINITY;
    let mut z = [0.0_f64; M];
    for i in 0..M {
        let mut sum_2 = -0.0_f64;
        for j in 0..N {
            sum_2 += w[i][j] * x[j];
        }
        sum[i] = sum_2;
        let z_2 = sum_2 + b[i];
        max = max.max(z_2);
        z[i] = z_2;
    }
    let t = if max.abs() == f64::INFINITY { 0.0 } else { max };
    let mut e = [0.0_f64; M];
    let mut sum_3 = 0.0_f64;
    for i in 0..M {
        let z_3 = sum[i] + b[i];
        let e_2 = (z_3 - t).exp();
        e[i] = e_2;
        sum_3 += e_2;
    }
    let mut d_w = [[0.0_f64; N]; M];
    let mut d_b = [0.0_f64; M];
    let mut p = [0.0_f64; M];
    let t_2 = sum_3.ln();
    for i in 0..M {
        let p_2 = e[i] / sum_3;
        let d_z = p_2 + array[i];
        d_b[i] = d_z;
        p[i] = p_2;
        for j in 0..N {
            d_w[i][j] = d_z * x[j];
        }
    }
    let mut d_p = [0.0_f64; M];
    d_p[label] = -1.0 / p[label];
    let mut trace = ::grad::health::Trace::new();
    trace.record("z", &z, &d_b);
    trace.record("p", &p, &d_p);
    (-(z[label] - (t + t_2)), (d_w, d_b), trace)
}
