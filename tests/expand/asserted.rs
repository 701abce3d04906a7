// Assertions stay, in order, and are asked once; what an index has been checked for is read after the check.

use grad::grad;

#[grad]
fn log_likelihood(x: &[f64], index: &[usize], scale: f64) -> f64 {
    assert!(scale > 0.0, "the scale has to be positive, not {scale}");
    let mut sum = 0.0;
    for &i in index {
        assert!(i < x.len(), "there is no value {i}");
        if x[i] < 0.0 {
            panic!("value {i} is negative: {:.3}", x[i]);
        }
        sum += (x[i] / scale).ln_1p();
    }
    debug_assert!(sum.is_finite());
    sum - index.len() as f64 * scale.ln()
}
