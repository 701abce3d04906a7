//! Programs that people differentiate: optimisation, statistics, finance, geometry.

use grad::grad;

#[grad]
fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2).map(|w| 100.0 * (w[1] - w[0] * w[0]).powi(2) + (1.0 - w[0]).powi(2)).sum()
}

#[test]
fn rosenbrock_valley() {
    gradient!({} rosenbrock, rosenbrock_grad, (&x) at x = vec![0.5, -1.0, 2.0, 0.3]; (&x) at x = vec![1.0, 1.0, 1.0]);
}

#[grad(skip(features, labels))]
fn logistic(weights: &[f64], bias: f64, features: &[Vec<f64>], labels: &[f64]) -> f64 {
    let loss = features.iter().zip(labels).map(|(row, y)| {
        let z = row.iter().zip(weights).map(|(a, b)| a * b).sum::<f64>() + bias;
        let p = 1.0 / (1.0 + (-z).exp());
        -(y * p.ln() + (1.0 - y) * (1.0 - p).ln())
    });
    loss.sum::<f64>() / labels.len() as f64
}

#[test]
fn logistic_regression() {
    let features = vec![vec![0.5, 1.0], vec![-0.3, 0.2], vec![0.8, -0.7]];
    let labels = [1.0, 0.0, 1.0];
    gradient!({} logistic, logistic_grad, (&w, b, &features, &labels) near w = vec![0.4, -0.6], b = 0.1);
}

/// Log-likelihood of a mixture of isotropic Gaussians.
#[grad(skip(points))]
fn mixture<const K: usize, const D: usize>(
    weights: &[f64; K],
    means: &[[f64; D]; K],
    scales: &[f64; K],
    points: &[[f64; D]],
) -> f64 {
    let total = weights.iter().map(|w| w.exp()).sum::<f64>().ln();
    points
        .iter()
        .map(|x| {
            let terms: [f64; K] = std::array::from_fn(|k| {
                let squares = x.iter().zip(&means[k]).map(|(a, m)| (a - m).powi(2)).sum::<f64>();
                weights[k] - 0.5 * squares * (-2.0 * scales[k]).exp() - D as f64 * scales[k]
            });
            let max = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            max + terms.iter().map(|t| (t - max).exp()).sum::<f64>().ln() - total
        })
        .sum()
}

#[test]
fn gaussian_mixture() {
    let points = [[0.5, 1.0], [-0.3, 0.2], [0.8, -0.7], [2.0, 1.0]];
    gradient!({} mixture, mixture_grad, (&w, &m, &s, &points) near
        w = [0.1, 0.5, -0.3], m = [[0.4, -0.6], [1.0, 1.2], [-0.5, 0.3]], s = [0.1, -0.2, 0.3]);
}

#[grad(skip(x, labels))]
fn softmax_regression(w: &[[f64; 3]; 4], b: &[f64; 4], x: &[[f64; 3]], labels: &[usize]) -> f64 {
    x.iter()
        .zip(labels)
        .map(|(x, &label)| {
            let z: [f64; 4] =
                std::array::from_fn(|c| w[c].iter().zip(x).map(|(w, x)| w * x).sum::<f64>() + b[c]);
            let total = z.iter().map(|z| z.exp()).sum::<f64>();
            -(z[label].exp() / total).ln()
        })
        .sum::<f64>()
        / x.len() as f64
}

#[test]
fn softmax_classifier() {
    let x = [[0.5, 1.0, -0.2], [-0.3, 0.2, 0.7]];
    gradient!({} softmax_regression, softmax_regression_grad, (&w, &b, &x, &[2, 0]) near
        w = [[0.1, 0.2, 0.3], [-0.1, 0.4, 0.2], [0.5, -0.5, 0.1], [0.0, 0.3, -0.3]], b = [0.1, 0.0, -0.1, 0.2]);
}

#[grad(skip(x, y))]
fn polynomial_fit(coefficients: &[f64], x: &[f64], y: &[f64]) -> f64 {
    x.iter()
        .zip(y)
        .map(|(x, y)| {
            let (value, _) =
                coefficients.iter().fold((0.0, 1.0), |(sum, power), c| (sum + c * power, power * x));
            (value - y).powi(2)
        })
        .sum()
}

#[test]
fn polynomial_least_squares() {
    gradient!({} polynomial_fit, polynomial_fit_grad, (&c, &[0.1, 0.5, -0.7, 1.2], &[1.0, 0.3, 0.2, -0.4]) at c = vec![0.2, -0.3, 0.7]; (&c, &[0.1], &[1.0]) at c = Vec::<f64>::new());
}

/// The reprojection error of a point seen by a camera: axis–angle rotation, translation, focal length and
/// radial distortion.
#[grad(skip(observed))]
fn reprojection(
    rotation: &[f64; 3],
    translation: &[f64; 3],
    lens: &[f64; 3],
    point: &[f64; 3],
    observed: &[f64; 2],
) -> [f64; 2] {
    let angle = rotation.iter().map(|r| r * r).sum::<f64>().sqrt();
    let (sin, cos) = angle.sin_cos();
    let axis = rotation.map(|r| r / angle);
    let cross = [
        axis[1] * point[2] - axis[2] * point[1],
        axis[2] * point[0] - axis[0] * point[2],
        axis[0] * point[1] - axis[1] * point[0],
    ];
    let dot = axis.iter().zip(point).map(|(a, p)| a * p).sum::<f64>();
    let seen: [f64; 3] = std::array::from_fn(|i| {
        point[i] * cos + cross[i] * sin + axis[i] * dot * (1.0 - cos) + translation[i]
    });
    let [x, y] = [-seen[0] / seen[2], -seen[1] / seen[2]];
    let r2 = x * x + y * y;
    let distortion = lens[0] * (1.0 + r2 * (lens[1] + r2 * lens[2]));
    [distortion * x - observed[0], distortion * y - observed[1]]
}

#[test]
fn bundle_adjustment() {
    pullback!({} reprojection, reprojection_vjp, (&r, &t, &l, &p, &[0.1, 0.2]) near
        r = [0.1, -0.2, 0.3], t = [0.5, 0.1, -4.0], l = [1.5, 0.01, -0.002], p = [0.7, -0.4, 1.1]);
}

#[grad]
fn black_scholes(spot: f64, strike: f64, rate: f64, volatility: f64, years: f64) -> f64 {
    let normal = |x: f64| 1.0 / (1.0 + (-1.5976 * x - 0.07056 * x.powi(3)).exp());
    let spread = volatility * years.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * volatility * volatility) * years) / spread;
    spot * normal(d1) - strike * (-rate * years).exp() * normal(d1 - spread)
}

#[test]
fn option_price() {
    gradient!({} black_scholes, black_scholes_grad, (s, k, r, v, t) near s = 100.0, k = 95.0, r = 0.03, v = 0.2, t = 0.5);
}

#[grad]
fn spring_energy(positions: &[[f64; 2]], stiffness: f64, rest: f64) -> f64 {
    let springs = positions.windows(2).map(|pair| {
        let d = [pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]];
        let length = d[0].hypot(d[1]);
        0.5 * stiffness * (length - rest).powi(2)
    });
    springs.sum::<f64>() + positions.iter().map(|[_, y]| 9.81 * y).sum::<f64>()
}

#[test]
fn chain_of_springs() {
    gradient!({} spring_energy, spring_energy_grad, (&p, k, r) at p = vec![[0.0, 0.0], [1.0, 0.2], [1.9, -0.3], [3.1, 0.5]], k = 2.0, r = 0.9;
        (&p, k, r) at p = vec![[0.0, 0.0]], k = 2.0, r = 0.9);
}

#[grad(skip(y))]
fn kernel_sum(x: &[[f64; 2]], y: &[f64], width: f64) -> f64 {
    (0..x.len())
        .map(|i| {
            let weight = |j: usize| (-(0..2).map(|d| (x[i][d] - x[j][d]).powi(2)).sum::<f64>() / width).exp();
            let others = || (0..x.len()).filter(|&j| j != i);
            let total = others().map(weight).sum::<f64>();
            let mean = others().map(|j| weight(j) * y[j]).sum::<f64>() / total;
            (mean - y[i]).powi(2)
        })
        .sum()
}

#[test]
fn kernel_regression() {
    gradient!({} kernel_sum, kernel_sum_grad, (&x, &[1.0, 2.0, 0.5], w) at x = vec![[0.1, 0.2], [0.5, -0.3], [1.0, 0.7]], w = 0.8);
}

#[grad]
fn bezier<const N: usize>(points: &[[f64; 2]; N], t: f64) -> [f64; 2] {
    let last = (1..N).fold(*points, |p, k| {
        std::array::from_fn(|i| {
            if i + k < N {
                [p[i][0] * (1.0 - t) + p[i + 1][0] * t, p[i][1] * (1.0 - t) + p[i + 1][1] * t]
            } else {
                p[i]
            }
        })
    });
    last[0]
}

#[test]
fn bezier_curve() {
    pullback!({} bezier, bezier_vjp, (&p, t) at p = [[0.0, 0.0], [1.0, 2.0], [3.0, 1.0], [4.0, -1.0]], t = 0.3);
}

#[grad]
fn rotate(q: [f64; 4], v: [f64; 3]) -> [f64; 3] {
    let norm = q.iter().map(|c| c * c).sum::<f64>();
    let [w, x, y, z] = q;
    let t = [y * v[2] - z * v[1], z * v[0] - x * v[2], x * v[1] - y * v[0]].map(|c| 2.0 * c / norm);
    [
        v[0] + w * t[0] + y * t[2] - z * t[1],
        v[1] + w * t[1] + z * t[0] - x * t[2],
        v[2] + w * t[2] + x * t[1] - y * t[0],
    ]
}

#[test]
fn quaternion_rotation() {
    pullback!({} rotate, rotate_vjp, (q, v) at q = [0.9, 0.1, -0.3, 0.2], v = [1.0, 2.0, -0.5]);
}
