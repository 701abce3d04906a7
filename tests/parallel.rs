//! `grad::parallel`: right, and the same bits whatever the number of threads.

use grad::{
    grad,
    nn::{cross_entropy, relu, softmax},
    parallel,
};
use ndarray::{Array1, Array2, s};
use rayon::ThreadPoolBuilder;

#[grad(skip(x, y))]
fn loss(
    x: &ndarray::ArrayView2<f32>,
    y: &ndarray::ArrayView2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> f32 {
    let a1 = relu(&(x.dot(&w1.t()) + b1));
    cross_entropy(&softmax(&(a1.dot(&w2.t()) + b2)), y)
}

#[grad(wrt(w))]
fn squares(x: &[[f64; 3]], w: &[f64; 3]) -> f64 {
    x.iter().map(|x| x.iter().zip(w).map(|(x, w)| (x * w).sin()).sum::<f64>().powi(2)).sum()
}

/// Numbers that look random.
fn noise(i: usize) -> f32 {
    ((i * 7919 + 13) % 1009) as f32 / 1009.0 - 0.5
}

fn matrix(rows: usize, columns: usize, salt: usize) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(i, j)| noise(salt + i * columns + j))
}

#[test]
fn the_bits_do_not_depend_on_the_threads() {
    let (x, y) = (matrix(333, 20, 1), Array2::from_elem((333, 4), 0.25));
    let (w1, b1, w2, b2) = (matrix(8, 20, 2), Array1::zeros(8), matrix(4, 8, 3), Array1::zeros(4));
    let on = |threads: usize| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        pool.install(|| {
            parallel::mean(333, 10, |rows| {
                let (x, y) = (x.slice(s![rows.clone(), ..]), y.slice(s![rows, ..]));
                loss_grad(&x, &y, &w1, &b1, &w2, &b2)
            })
        })
    };
    let one = on(1);
    for threads in [2, 3, 4, 8] {
        for _ in 0..5 {
            assert_eq!(on(threads), one, "{threads} threads");
        }
    }
    let (value, gradient) = loss_grad(&x.view(), &y.view(), &w1, &b1, &w2, &b2);
    assert!((value - one.0).abs() < 1e-6);
    let difference = (&gradient.0 - &one.1.0).mapv(f32::abs).sum();
    assert!(difference < 1e-5 * gradient.0.mapv(f32::abs).sum() + 1e-6, "{difference}");
}

#[test]
fn sums_and_means_are_those_of_one_call() {
    let x: Vec<[f64; 3]> = (0..101).map(|i| std::array::from_fn(|j| f64::from(noise(3 * i + j)))).collect();
    let w = [0.3, -0.7, 1.1];
    let (value, gradient) = squares_grad(&x, &w);
    for chunk in [1, 7, 50, 101, 1000] {
        let (sum, d_sum) = parallel::sum(x.len(), chunk, |rows| squares_grad(&x[rows], &w));
        assert!((sum / value - 1.0).abs() < 1e-14, "chunks of {chunk}: {sum} is not {value}");
        let (mean, d_mean) = parallel::mean(x.len(), chunk, |rows| {
            let count = rows.len() as f64;
            let (value, gradient) = squares_grad(&x[rows], &w);
            (value / count, gradient.map(|d| d / count))
        });
        assert!((mean * 101.0 / value - 1.0).abs() < 1e-14, "chunks of {chunk}");
        for ((d, d_sum), d_mean) in gradient.iter().zip(d_sum).zip(d_mean) {
            assert!((d - d_sum).abs() < 1e-13 && (d - d_mean * 101.0).abs() < 1e-13, "chunks of {chunk}");
        }
    }
}

#[test]
#[should_panic(expected = "there is no mean over no samples")]
fn no_samples() {
    let _: (f64, f64) = parallel::mean(0, 10, |_| (0.0, 0.0));
}

#[test]
#[should_panic(expected = "a chunk has at least one sample")]
fn no_chunks() {
    let _: (f64, f64) = parallel::sum(5, 0, |_| (0.0, 0.0));
}
