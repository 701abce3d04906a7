//! That large and odd lengths give what single numbers give: blocks and runs have no seams.

use grad::optim::{Adam, Optimizer, Sgd, rule::Rule};

#[track_caller]
fn seamless<R: Rule + Clone>(optimizer: Optimizer<R, f64>) {
    let gradient: Vec<f64> = (0..1001).map(|i| f64::from(i).sin()).collect();
    let (mut together, mut own) = (vec![1.0; 1001], optimizer.clone());
    for _ in 0..3 {
        own.step(&mut together, 0.0, &gradient);
    }
    for (i, &g) in gradient.iter().enumerate() {
        let (mut alone, mut own) = (1.0, optimizer.clone());
        for _ in 0..3 {
            own.step(&mut alone, 0.0, &g);
        }
        assert_eq!(together[i], alone, "element {i}");
    }
}

#[test]
fn runs_have_no_seams() {
    seamless(Adam::new(0.1));
    seamless(Adam::new(0.1).clip_value(0.5));
    seamless(Sgd::new(0.1).momentum(0.9).clip_value(0.5));
}
