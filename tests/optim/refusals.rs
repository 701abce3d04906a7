//! What is not finite does not get into the parameters, and is named.

use grad::optim::{Adam, GradientDescent, Optimizer, Params, RmsProp, Sgd, StepError, rule::Rule};
use ndarray::{Array1, Array2};

#[derive(Clone, Debug, Params, PartialEq)]
struct Layer {
    w: Array2<f64>,
    b: Array1<f64>,
}

fn layer() -> Layer {
    Layer { w: Array2::ones((3, 4)), b: Array1::ones(3) }
}

fn refuses<R: Rule + Clone + PartialEq + std::fmt::Debug>(mut optimizer: Optimizer<R, f64>) {
    let mut params = layer();
    let healthy = (Array2::ones((3, 4)), Array1::ones(3));
    optimizer.step(&mut params, 1.0, &healthy);
    let before = (params.clone(), optimizer.clone());

    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut gradient = healthy.clone();
        gradient.0[[2, 1]] = bad;
        gradient.1[0] = bad;
        let error = optimizer.try_step(&mut params, 1.0, &gradient).expect_err("it is not finite");
        assert_eq!(
            error.to_string(),
            format!(
                "after 1 steps: the gradient of `w[[2, 1]]` is {bad}, and 1 more element is not finite; \
                 nothing was updated"
            )
        );
        let error = optimizer.try_step(&mut params, bad, &healthy).expect_err("it is not finite");
        assert!(matches!(error, StepError::Loss { step: 1, .. }), "{error}");
        assert_eq!((&params, &optimizer), (&before.0, &before.1));
    }
    assert!(optimizer.try_step(&mut params, 1.0, &healthy).is_ok());
}

#[test]
fn every_optimiser_refuses() {
    refuses(GradientDescent::new(0.1));
    refuses(GradientDescent::new(0.1).clip_norm(1.0));
    refuses(Sgd::new(0.1).momentum(0.9).clip_value(1.0));
    refuses(RmsProp::new(0.1));
    refuses(Adam::new(0.1));
}

#[test]
#[should_panic(expected = "after 0 steps: the loss is NaN; nothing was updated")]
fn a_step_panics_with_the_same_text() {
    Adam::new(0.1).step(&mut layer(), f64::NAN, &(Array2::ones((3, 4)), Array1::ones(3)));
}

#[test]
#[should_panic(expected = "after 0 steps: the gradient is inf; nothing was updated")]
fn a_number_has_no_name() {
    Adam::new(0.1).step(&mut 1.0, 1.0, &f64::INFINITY);
}

/// The second parameter does not fit: the first is as it was.
#[test]
fn nothing_is_updated_where_extents_differ() {
    let mut params = (vec![1.0], vec![1.0, 2.0]);
    let step = std::panic::AssertUnwindSafe(|| {
        GradientDescent::new(1.0).step(&mut params, 0.0, &(vec![1.0], vec![1.0]));
    });
    assert!(std::panic::catch_unwind(step).is_err());
    assert_eq!(params, (vec![1.0], vec![1.0, 2.0]));
}

#[test]
#[should_panic(expected = "the steps before were for 2 parameters, this one is for 3")]
fn an_optimiser_stays_with_its_parameters() {
    let mut adam = Adam::new(0.1);
    adam.step(&mut vec![1.0; 2], 0.0, &vec![1.0; 2]);
    adam.step(&mut vec![1.0; 3], 0.0, &vec![1.0; 3]);
}
