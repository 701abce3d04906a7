//! Mini-batches and initial weights: distribution, and that the seed decides everything.

use grad::optim::{Batches, Init, init::seeded};
use ndarray::Array2;

#[test]
fn every_row_once_in_a_pass() {
    let mut batches = Batches::new(103, 10, 3);
    assert_eq!(batches.per_pass(), 11);
    let mut passes = Vec::new();
    for _ in 0..3 {
        let pass: Vec<Vec<usize>> = batches.pass().map(<[usize]>::to_vec).collect();
        assert_eq!(pass.len(), 11);
        assert!(pass[..10].iter().all(|rows| rows.len() == 10) && pass[10].len() == 3);
        let mut rows = pass.concat();
        passes.push(rows.clone());
        rows.sort_unstable();
        assert_eq!(rows, (0..103).collect::<Vec<_>>());
    }
    assert!(passes[0] != passes[1] && passes[1] != passes[2], "each pass has an order of its own");
}

#[test]
fn the_seed_decides() {
    let rows = |seed| Batches::new(50, 1, seed).pass().flatten().copied().collect::<Vec<_>>();
    assert_eq!(rows(1), rows(1));
    assert_ne!(rows(1), rows(2));
    let weights = |seed| {
        let mut w = Array2::<f32>::zeros((8, 8));
        Init::he(8).fill(&mut w, &mut seeded(seed));
        w
    };
    assert_eq!(weights(1), weights(1));
    assert_ne!(weights(1), weights(2));
}

/// Kept from one version to the next: whoever publishes a result with a seed can have it again.
#[test]
fn the_bits_stay_the_same() {
    let rows: Vec<_> = Batches::new(8, 8, 1).pass().flatten().copied().collect();
    let mut rng = seeded(1);
    let numbers: [f64; 2] = [Init::uniform(1.0).sample(&mut rng), Init::normal(1.0).sample(&mut rng)];
    assert_eq!(
        (&rows[..], numbers),
        (&[4, 2, 5, 1, 6, 0, 3, 7][..], [0.623_224_317_763_769_5, 0.715_560_712_730_593_1])
    );
}

#[test]
fn no_rows_no_batches() {
    assert_eq!(Batches::new(0, 5, 1).pass().len(), 0);
}

#[test]
#[should_panic(expected = "a batch has at least one row")]
fn a_batch_is_not_empty() {
    let _ = Batches::new(5, 0, 1);
}

/// Mean 0 and the variance of the formula; a uniform one within its bound.
#[track_caller]
fn distributed(init: Init, variance: f64, bound: Option<f64>) {
    let mut w = vec![[0.0_f64; 100]; 1000];
    init.fill(&mut w, &mut seeded(7));
    let numbers = w.as_flattened();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let found = numbers.iter().map(|x| x * x).sum::<f64>() / count;
    // Five standard errors: of the mean √(v / n), of the variance at most √(2 / n) of it.
    assert!(mean.abs() < 5.0 * (variance / count).sqrt(), "mean {mean}");
    assert!((found / variance - 1.0).abs() < 5.0 * (2.0 / count).sqrt(), "variance {found}, not {variance}");
    let max = numbers.iter().fold(0.0_f64, |max, x| max.max(x.abs()));
    match bound {
        Some(bound) => assert!(max <= bound && max > 0.999 * bound, "{max}"),
        None => assert!(max > 3.5 * variance.sqrt(), "a normal distribution has tails: {max}"),
    }
}

#[test]
fn variances_are_those_of_the_formulas() {
    distributed(Init::uniform(0.3), 0.03, Some(0.3));
    distributed(Init::normal(0.3), 0.09, None);
    distributed(Init::xavier(30, 20), 2.0 / 50.0, Some((6.0_f64 / 50.0).sqrt()));
    distributed(Init::xavier_normal(30, 20), 2.0 / 50.0, None);
    distributed(Init::he(30), 2.0 / 30.0, None);
    distributed(Init::he_uniform(30), 2.0 / 30.0, Some((6.0_f64 / 30.0).sqrt()));
    distributed(Init::lecun(30), 1.0 / 30.0, None);
    distributed(Init::lecun_uniform(30), 1.0 / 30.0, Some((3.0_f64 / 30.0).sqrt()));
    assert_eq!(Init::zeros().sample::<f64>(&mut seeded(1)), 0.0);
}
