//! Steps against numbers from elsewhere: computed with 50 digits by a program of its own (Python's `decimal`),
//! from the algorithms as the documentation of PyTorch 2 states them. The function is ½x² + xy + 5y², from (1, −2).

use grad::{
    grad,
    optim::{AdaGrad, Adam, AdamW, GradientDescent, Optimizer, RmsProp, Sgd, rule::Rule},
};

#[grad]
fn valley(p: &[f64; 2]) -> f64 {
    0.5 * p[0] * p[0] + p[0] * p[1] + 5.0 * p[1] * p[1]
}

/// After one, two and twenty steps.
#[track_caller]
fn check<R: Rule>(mut optimizer: Optimizer<R, f64>, expected: [[f64; 2]; 3]) {
    let mut p = [1.0, -2.0];
    for step in 1..=20 {
        let (value, gradient) = valley_grad(&p);
        optimizer.step(&mut p, value, &gradient);
        let expected = match step {
            1 => expected[0],
            2 => expected[1],
            20 => expected[2],
            _ => continue,
        };
        for (p, expected) in p.iter().zip(expected) {
            assert!((p - expected).abs() < 1e-13, "step {step}: {p} is not {expected}");
        }
    }
    assert_eq!(optimizer.steps(), 20);
}

#[test]
fn gradient_descent() {
    let expected = [[1.05, -1.05], [1.05, -0.5775], [0.484_736_644_562_598_35, -0.053_212_067_353_461_93]];
    check(GradientDescent::new(0.05), expected);
    check(Sgd::new(0.05), expected);
}

#[test]
fn momentum() {
    check(
        Sgd::new(0.05).momentum(0.9),
        [[1.05, -1.05], [1.095, 0.2775], [-0.188_114_745_622_735_59, 0.627_346_749_544_154_1]],
    );
}

#[test]
fn weight_decay() {
    check(
        Sgd::new(0.05).weight_decay(0.1),
        [[1.045, -1.04], [1.039_525, -0.567_05], [0.436_449_416_311_676_7, -0.047_911_204_816_071_6]],
    );
}

#[test]
fn nesterov_with_decay() {
    check(
        Sgd::new(0.05).momentum(0.9).nesterov(true).weight_decay(0.01),
        [
            [1.094_05, -0.193_1],
            [1.047_515_402_5, 0.656_903_695],
            [-0.150_706_163_253_849_06, 0.017_063_658_845_611_24],
        ],
    );
}

#[test]
fn rms_prop() {
    check(
        RmsProp::new(0.01),
        [
            [1.099_999_990_000_001, -1.900_000_000_526_315_8],
            [1.162_660_821_591_823, -1.831_245_323_352_148_4],
            [1.382_615_431_962_072_5, -1.298_695_931_582_468],
        ],
    );
    check(
        RmsProp::new(0.05).smoothing(0.9).epsilon(1e-3),
        [
            [1.157_615_459_163_010_6, -1.841_912_428_401_897_5],
            [1.249_863_559_740_937_3, -1.732_567_505_627_438_6],
            [0.983_109_106_432_777_4, -0.792_302_832_408_015],
        ],
    );
}

#[test]
fn ada_grad() {
    check(
        AdaGrad::new(0.5),
        [
            [1.499_999_999_95, -1.500_000_000_002_631_7],
            [1.499_999_999_976_315_8, -1.210_396_433_908_189],
            [0.116_493_353_184_485_25, -0.072_852_819_779_445_09],
        ],
    );
}

#[test]
fn adam() {
    check(
        Adam::new(0.1),
        [
            [1.099_999_999, -1.900_000_000_052_631_6],
            [1.198_812_578_331_460_3, -1.800_199_742_875_395_3],
            [1.065_786_999_679_017_5, -0.260_060_075_386_851_66],
        ],
    );
    check(
        Adam::new(0.1).betas((0.8, 0.95)).epsilon(1e-3),
        [
            [1.099_900_099_900_099_8, -1.900_005_262_880_901],
            [1.198_231_251_012_927_6, -1.800_309_931_297_996_2],
            [0.799_459_271_287_975_1, -0.330_177_017_395_613_45],
        ],
    );
}

#[test]
fn adam_w() {
    check(
        AdamW::new(0.1).weight_decay(0.05),
        [
            [1.094_999_999, -1.890_000_000_052_631_6],
            [1.188_287_524_053_652, -1.780_771_845_818_977_4],
            [0.922_080_474_971_593_8, -0.183_000_393_389_571_8],
        ],
    );
}

/// By hand: the first step of Adam has the length of the rate, whatever the gradient; that of RMSprop is
/// rate / √(1 − α), that of AdaGrad the rate.
#[test]
fn first_steps_by_hand() {
    fn step<R: Rule>(mut optimizer: Optimizer<R, f64>, gradient: f64, expected: f64) {
        let mut p = 1.0;
        optimizer.step(&mut p, 0.0, &gradient);
        assert!((p - expected).abs() < 1e-15, "{p} is not {expected}");
    }
    step(Adam::new(0.5).epsilon(0.0), 1e6, 0.5);
    step(AdaGrad::new(0.5).epsilon(0.0), -3.0, 1.5);
    step(RmsProp::new(0.5).smoothing(0.75).epsilon(0.0), 4.0, 0.0);
    step(Sgd::new(0.5).weight_decay(2.0), 1.0, -0.5);
}

/// The same formulas in single precision.
#[test]
fn single_precision_is_close_to_double() {
    let mut single = (vec![1.0_f32, -2.0], Adam::new(0.1));
    let mut double = (vec![1.0_f64, -2.0], Adam::new(0.1));
    for _ in 0..20 {
        let gradient = vec![single.0[0] + single.0[1], single.0[0] + 10.0 * single.0[1]];
        single.1.step(&mut single.0, 0.0, &gradient);
        let gradient = vec![double.0[0] + double.0[1], double.0[0] + 10.0 * double.0[1]];
        double.1.step(&mut double.0, 0.0, &gradient);
    }
    for (single, double) in single.0.iter().zip(&double.0) {
        assert!((f64::from(*single) - double).abs() < 1e-5, "{single} is not {double}");
    }
}

#[test]
fn clipping() {
    let clip = |optimizer: GradientDescent| {
        let (mut p, mut optimizer) = (([0.0; 2], vec![0.0; 600]), optimizer);
        let mut gradient = vec![0.0; 600];
        gradient[599] = 12.0;
        optimizer.step(&mut p, 0.0, &([3.0, -4.0], gradient));
        (p.0, p.1[599])
    };
    assert_eq!(clip(GradientDescent::new(1.0).clip_value(3.5)), ([-3.0, 3.5], -3.5));
    assert_eq!(clip(GradientDescent::new(1.0).clip_norm(6.5)), ([-1.5, 2.0], -6.0));
    assert_eq!(clip(GradientDescent::new(1.0).clip_norm(13.0)), ([-3.0, 4.0], -12.0), "it is not larger");
}

/// What is written and read goes on as if nothing had happened.
#[test]
fn state_survives_being_written() {
    let run = |interrupt: bool| {
        let (mut p, mut adam) = (vec![1.0, -2.0], AdamW::new(0.1).clip_norm(5.0));
        for step in 0..10 {
            if interrupt && step == 5 {
                let text = serde_json::to_string(&adam).expect("it can be written");
                adam = serde_json::from_str(&text).expect("it can be read");
            }
            let gradient = vec![p[0] + p[1], p[0] + 10.0 * p[1]];
            adam.step(&mut p, 0.0, &gradient);
        }
        (p, adam)
    };
    assert_eq!(run(true), run(false));
}
