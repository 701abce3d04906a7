//! One mistake is one error: the function is there, and what follows from the mistake is not reported.

use grad::grad;

#[grad]
fn loss(x: &[f64]) -> f64 {
    let scaled = x.iter().map(|x| x.gama()).sum::<f64>();
    let twice = scaled * 2.0;
    twice.sqrt() + scaled
}

trait Gama {
    fn gama(self) -> f64;
}

impl Gama for f64 {
    fn gama(self) -> f64 {
        self
    }
}

fn main() {
    println!("{}", loss(&[1.0, 2.0]));
}
