//! The other programs, each at a size at which a user might have it.

use crate::case::{Case, Input, random, rows};
use crate::functions::{
    alignments, bodies, bundle, chains, clusters, determinant, fourier, heat, kalman, learning,
    least_squares, linear, network, newton, ode, particle, sequences, sorting,
};
use crate::large::CAMERA;

pub fn all() -> Vec<Case> {
    [models(), physics(), searches(), running(), algebra(), learning(), alignments()]
        .into_iter()
        .flatten()
        .collect()
}

/// A program that is given by an input and two functions of it.
fn case<D: 'static, T: 'static, U: 'static>(
    (program, size): (&'static str, &str),
    data: impl FnOnce() -> D + 'static,
    plain: fn(&D) -> T,
    gradient: fn(&D) -> U,
) -> Case {
    Case::new(program, size, 1, move || Input::new(data()).pair(plain, gradient).contest())
}

fn models() -> Vec<Case> {
    vec![
        case(
            ("bundle adjustment, squares", "1000 observations"),
            || {
                let points = random(300, -0.5, 0.5).chunks(3).map(|p| [p[0], p[1], p[2] + 1.0]).collect();
                let seen: Vec<[usize; 2]> = (0..1000).map(|k| [k % 10, k * 7 % 100]).collect();
                (vec![CAMERA; 10], points, seen, vec![[0.1, -0.2]; 1000])
            },
            |(cameras, points, seen, features): &(_, Vec<_>, _, _)| {
                bundle::total(cameras, points, seen, features)
            },
            |(cameras, points, seen, features)| bundle::total_grad(cameras, points, seen, features),
        ),
        case(
            ("k-means cost", "1000 points of 8, 16 centres"),
            || (rows(1000, 8), rows(16, 8)),
            |(points, centres)| clusters::k_means(points, centres),
            |(points, centres)| clusters::k_means_grad(points, centres),
        ),
        case(
            ("k-means cost, by assignment", "1000 points of 8, 16 centres"),
            || (random(8000, -1.0, 1.0), random(128, -1.0, 1.0)),
            |(points, centres)| clusters::assigned(points, centres, 8),
            |(points, centres)| clusters::assigned_grad(points, centres, 8),
        ),
        case(
            ("Kalman filter, 2 states", "1000 observations"),
            || random(1000, -1.0, 1.0),
            |seen| kalman::likelihood(seen, 0.1, 0.2, 0.5, [0.1, 0.2]),
            |seen| kalman::likelihood_grad(seen, 0.1, 0.2, 0.5, [0.1, 0.2]),
        ),
        case(
            ("Kalman filter, n states", "n = 4, 20 observations"),
            || {
                let eye: Vec<f64> = (0..16).map(|k| f64::from(u8::from(k % 5 == 0))).collect();
                (random(20, -1.0, 1.0), random(16, -0.2, 0.2), eye)
            },
            |(seen, f, q)| kalman::general(seen, f, q, 0.5, 4),
            |(seen, f, q)| kalman::general_grad(seen, f, q, 0.5, 4),
        ),
        case(
            ("two-layer network", "64-128-10"),
            || (rows(128, 64), random(128, -1.0, 1.0), rows(10, 128), random(10, -1.0, 1.0)),
            |(w1, b1, w2, b2)| network::loss(w1, b1, w2, b2, &w1[0], 3),
            |(w1, b1, w2, b2)| network::loss_grad(w1, b1, w2, b2, &w1[0], 3),
        ),
        case(
            ("two-layer network, a batch", "32×64-128-10"),
            || {
                let labels: Vec<usize> = (0..32).map(|k| k % 10).collect();
                let (w1, w2) = (random(128 * 64, -0.2, 0.2), random(1280, -0.2, 0.2));
                (w1, w2, random(32 * 64, -1.0, 1.0), labels)
            },
            |(w1, w2, x, labels)| network::batch(w1, w2, x, labels, 64, 128, 10),
            |(w1, w2, x, labels)| network::batch_grad(w1, w2, x, labels, 64, 128, 10),
        ),
    ]
}

fn physics() -> Vec<Case> {
    vec![
        case(
            ("ring of oscillators", "n = 100, 40 steps"),
            || (random(100, -1.0, 1.0), random(101, -1.0, 1.0)),
            |(x, _)| ode::rk4(x, 0.7, 0.01, 40),
            |(x, d_y)| ode::rk4_vjp(x, 0.7, 0.01, 40, &d_y[1..]),
        ),
        case(
            ("decay", "100 steps"),
            || (1.5, -0.8),
            |&(x, a)| ode::decay(x, a, 100),
            |&(x, a)| ode::decay_grad(x, a, 100),
        ),
        case(
            ("heat equation", "n = 256, 100 steps"),
            || (random(256, -1.0, 1.0), random(257, 0.0, 0.4)),
            |(u, c)| heat::heat(u, &c[1..], 100),
            |(u, c)| heat::heat_vjp(u, &c[1..], 100, u),
        ),
        case(
            ("heat equation, misfit", "n = 256, 100 steps"),
            || (random(256, -1.0, 1.0), random(257, -1.0, 1.0)),
            |(u, target)| heat::misfit(u, &target[1..], 0.1, 100),
            |(u, target)| heat::misfit_grad(u, &target[1..], 0.1, 100),
        ),
        case(
            ("particle until it crosses a line", "250 steps"),
            || ([-1.0, 0.3], [0.8, 0.2]),
            |&(position, velocity)| particle::crossing(position, velocity, 0.3, 1.003),
            |&(position, velocity)| particle::crossing_grad(position, velocity, 0.3, 1.003),
        ),
        case(
            ("fast Fourier transform", "n = 4096"),
            || (random(4096, -1.0, 1.0), random(4097, -1.0, 1.0)),
            |(re, im)| fourier::spectrum(re, &im[1..]),
            |(re, im)| fourier::spectrum_vjp(re, &im[1..], re),
        ),
    ]
}

fn searches() -> Vec<Case> {
    vec![
        case(
            ("Newton's iteration", "one root"),
            || (1.5, 2.0),
            |&(a, b)| newton::root(a, b),
            |&(a, b)| newton::root_grad(a, b),
        ),
        case(
            ("Newton's iteration, `loop`", "one root"),
            || (1.5, 2.0),
            |&(a, b)| newton::with_loop(a, b),
            |&(a, b)| newton::with_loop_grad(a, b),
        ),
        case(
            ("insertion sort, weighted sum", "n = 300"),
            || (random(300, -1.0, 1.0), random(301, -1.0, 1.0)),
            |(x, w)| sorting::weighted_by_rank(x, &w[1..]),
            |(x, w)| sorting::weighted_by_rank_grad(x, &w[1..]),
        ),
        case(
            ("alignment of two sequences", "200 × 200"),
            || (random(200, -1.0, 1.0), random(201, -1.0, 1.0)),
            |(x, y)| sequences::alignment(x, &y[1..], 0.3),
            |(x, y)| sequences::alignment_grad(x, &y[1..], 0.3),
        ),
        case(
            ("determinant, zero without a pivot", "n = 50"),
            || random(2500, -1.0, 1.0),
            |a| determinant::determinant_or_zero(a, 50),
            |a| determinant::determinant_or_zero_grad(a, 50),
        ),
    ]
}

fn running() -> Vec<Case> {
    vec![
        case(
            ("Horner's rule", "n = 1000"),
            || random(1000, -1.0, 1.0),
            |c| least_squares::horner(c, 0.99),
            |c| least_squares::horner_grad(c, 0.99),
        ),
        case(
            ("prefix sums", "n = 10000"),
            || random(10_000, -1.0, 1.0),
            |x| sequences::prefix_sums(x),
            |x| sequences::prefix_sums_vjp(x, x),
        ),
        case(
            ("greatest drop from a running maximum", "n = 10000"),
            || random(10_000, -0.1, 0.1),
            |x| sequences::drawdown(x),
            |x| sequences::drawdown_grad(x),
        ),
        case(
            ("histogram", "n = 10000, 64 bins"),
            || (random(10_000, -1.0, 1.0), random(10_001, -1.0, 1.0), vec![0.5; 64]),
            |(x, w, _)| clusters::histogram(x, &w[1..], 64),
            |(x, w, seed)| clusters::histogram_vjp(x, &w[1..], 64, seed),
        ),
    ]
}

/// A symmetric matrix with positive eigenvalues.
fn positive(n: usize) -> Vec<f64> {
    let r = random(n * n, -1.0, 1.0);
    let product = |i: usize, j: usize| (0..n).map(|k| r[i * n + k] * r[j * n + k]).sum::<f64>() / n as f64;
    (0..n * n).map(|at| product(at / n, at % n) + f64::from(u8::from(at % (n + 1) == 0))).collect()
}

fn algebra() -> Vec<Case> {
    vec![
        case(
            ("Gaussian process", "n = 80"),
            || (random(160, -1.0, 1.0), random(80, -1.0, 1.0)),
            |(x, y)| linear::gaussian_process(x, y, 2, 0.7, 1.3, 0.2),
            |(x, y)| linear::gaussian_process_grad(x, y, 2, 0.7, 1.3, 0.2),
        ),
        case(
            ("least squares by Householder", "64 × 32"),
            || (random(64 * 32, -1.0, 1.0), random(64, -1.0, 1.0)),
            |(a, b)| linear::householder(a, b, 64, 32),
            |(a, b)| linear::householder_grad(a, b, 64, 32),
        ),
        case(
            ("Gauss-Jordan", "n = 40"),
            || (random(1600, -1.0, 1.0), random(40, -1.0, 1.0)),
            |(a, b)| linear::gauss_jordan(a, b),
            |(a, b)| linear::gauss_jordan_grad(a, b),
        ),
        case(
            ("conjugate gradients", "n = 64"),
            || (positive(64), random(64, -1.0, 1.0)),
            |(a, b)| linear::conjugate_gradients(a, b, 1e-9, 640),
            |(a, b)| linear::conjugate_gradients_grad(a, b, 1e-9, 640),
        ),
        case(
            ("tridiagonal system", "n = 1000"),
            || (random(1000, -1.0, 1.0), random(1000, 3.0, 4.0), random(1000, -1.0, 1.0)),
            |(a, b, c)| linear::thomas(a, b, c, b),
            |(a, b, c)| linear::thomas_vjp(a, b, c, b, c),
        ),
        case(
            ("eigenvalues by Jacobi's rotations", "n = 16, 4 sweeps"),
            || (positive(16), random(16, -1.0, 1.0)),
            |(a, w)| linear::jacobi(a, w, 4),
            |(a, w)| linear::jacobi_grad(a, w, 4),
        ),
        case(
            ("bodies, all pairs", "32 bodies, 10 steps"),
            || (random(96, -1.0, 1.0), random(96, -0.5, 0.5), random(32, 0.5, 1.5)),
            |(x, v, mass)| bodies::leapfrog(x, v, mass, 0.01, 10),
            |(x, v, mass)| bodies::leapfrog_grad(x, v, mass, 0.01, 10),
        ),
        case(
            ("kinematic chain", "20 joints"),
            || {
                let angles: Vec<[f64; 3]> =
                    random(60, -1.0, 1.0).chunks(3).map(|w| [w[0], w[1], w[2]]).collect();
                (angles, vec![0.4; 20])
            },
            |(angles, bones)| chains::fingertip(angles, bones, [0.3, 0.2, 0.5]),
            |(angles, bones)| chains::fingertip_grad(angles, bones, [0.3, 0.2, 0.5]),
        ),
        case(
            ("robot arm", "6 joints"),
            || random(24, -1.0, 1.0),
            |p| chains::arm(&p[..6], &p[6..12], &p[12..18], &p[18..]),
            |p| chains::arm_vjp(&p[..6], &p[6..12], &p[12..18], &p[18..], &[1.0, 0.5, -0.5]),
        ),
    ]
}

fn learning() -> Vec<Case> {
    vec![
        case(
            ("gated recurrent unit", "16 units, 20 steps"),
            || (random(3 * 16 * 19, -1.0, 1.0), random(16, -1.0, 1.0), random(80, -1.0, 1.0)),
            |(w, out, data)| {
                let (w, (x, y)) = (w.chunks(304).collect::<Vec<_>>(), data.split_at(60));
                learning::gru(w[0], w[1], w[2], out, x, y, 3)
            },
            |(w, out, data)| {
                let (w, (x, y)) = (w.chunks(304).collect::<Vec<_>>(), data.split_at(60));
                learning::gru_grad(w[0], w[1], w[2], out, x, y, 3)
            },
        ),
        case(
            ("causal attention", "64 × 8"),
            || (random(512, -1.0, 1.0), random(513, -1.0, 1.0), random(514, -1.0, 1.0)),
            |(q, k, v)| learning::attention(q, &k[1..], &v[2..], 8),
            |(q, k, v)| learning::attention_vjp(q, &k[1..], &v[2..], 8, q),
        ),
        case(
            ("batch normalisation", "500 × 8"),
            || (random(4000, -1.0, 1.0), random(8, -1.0, 1.0)),
            |(x, g)| learning::batch_norm(x, g, g),
            |(x, g)| learning::batch_norm_vjp(x, g, g, x),
        ),
        case(
            ("soft nearest neighbours", "500 points of 4"),
            || (random(2000, -1.0, 1.0), (0..500).map(|k| k * 7 % 3).collect::<Vec<usize>>()),
            |(points, labels)| learning::neighbours(&[0.1, 0.2, -0.3, 0.4], points, labels, 3, 1.3),
            |(points, labels)| {
                let seed = [1.0, -0.5, 0.3];
                learning::neighbours_vjp(&[0.1, 0.2, -0.3, 0.4], points, labels, 3, 1.3, &seed)
            },
        ),
        case(
            ("Sinkhorn's iterations", "32 × 32, 30 of them"),
            || (random(1024, 0.0, 2.0), vec![1.0 / 32.0; 32]),
            |(cost, a)| learning::sinkhorn(cost, a, a, 0.5, 30),
            |(cost, a)| learning::sinkhorn_grad(cost, a, a, 0.5, 30),
        ),
    ]
}

fn alignments() -> Vec<Case> {
    vec![
        case(
            ("hidden Markov model", "5 states, 100 steps"),
            || (random(60, -1.0, 1.0), (0..100).map(|k| k * 5 % 6).collect::<Vec<usize>>()),
            |(p, seen)| alignments::hidden_markov(&p[..5], &p[5..30], &p[30..], seen, 6),
            |(p, seen)| alignments::hidden_markov_grad(&p[..5], &p[5..30], &p[30..], seen, 6),
        ),
        case(
            ("connectionist temporal classification", "40 frames, 20 labels"),
            || (random(240, -1.0, 1.0), (0..20).map(|k| 1 + k * 3 % 5).collect::<Vec<usize>>()),
            |(logits, labels)| alignments::ctc(logits, labels, 6),
            |(logits, labels)| alignments::ctc_grad(logits, labels, 6),
        ),
        case(
            ("soft time warping", "100 × 100"),
            || (random(100, -1.0, 1.0), random(101, -1.0, 1.0)),
            |(x, y)| alignments::soft_dtw(x, &y[1..], 0.5),
            |(x, y)| alignments::soft_dtw_grad(x, &y[1..], 0.5),
        ),
    ]
}
