//! The same with `candle-core`: variables, a loss, `backward`.

use candle_core::{D, Device, Result, Tensor, Var, backprop::GradStore};
use ndarray::{Array1, Array2};

use crate::case::{Case, Flat};

pub struct CandleNetwork {
    x: Tensor,
    y: Tensor,
    w1: Var,
    b1: Var,
    w2: Var,
    b2: Var,
}

impl CandleNetwork {
    pub fn new(case: &Case) -> Result<Self> {
        let matrix = |m: &Array2<f32>| {
            Tensor::from_iter(m.iter().copied(), &Device::Cpu)?.reshape((m.nrows(), m.ncols()))
        };
        let vector = |v: &Array1<f32>| Tensor::from_iter(v.iter().copied(), &Device::Cpu);
        Ok(Self {
            x: matrix(&case.x)?,
            y: matrix(&case.y)?,
            w1: Var::from_tensor(&matrix(&case.w1)?)?,
            b1: Var::from_tensor(&vector(&case.b1)?)?,
            w2: Var::from_tensor(&matrix(&case.w2)?)?,
            b2: Var::from_tensor(&vector(&case.b2)?)?,
        })
    }

    #[inline(never)]
    pub fn loss_grad(&self) -> Result<(f32, GradStore)> {
        let a1 = self.x.matmul(&self.w1.t()?)?.broadcast_add(&self.b1)?.relu()?;
        let z2 = a1.matmul(&self.w2.t()?)?.broadcast_add(&self.b2)?;
        // `log_softmax` as in candle-nn.
        let shifted = z2.broadcast_sub(&z2.max_keepdim(D::Minus1)?)?;
        let log_p = shifted.broadcast_sub(&shifted.exp()?.sum_keepdim(D::Minus1)?.log()?)?;
        let loss = ((&self.y * log_p)?.sum_all()? / -(self.x.dim(0)? as f64))?;
        Ok((loss.to_scalar()?, loss.backward()?))
    }

    pub fn flat(&self) -> Result<Flat> {
        let (loss, store) = self.loss_grad()?;
        let gradient = |variable: &Var| {
            store.get(variable).expect("the loss depends on all variables").flatten_all()?.to_vec1()
        };
        let gradients = [gradient(&self.w1)?, gradient(&self.b1)?, gradient(&self.w2)?, gradient(&self.b2)?];
        Ok(Flat { loss, gradients })
    }
}
