//! Visibility, generics, lifetimes, `where`, `cfg`; derivatives called from elsewhere.
#![deny(warnings)]

mod layers {
    use grad::grad;

    #[grad]
    pub fn open(x: f64) -> f64 {
        x * x
    }

    #[grad]
    pub(crate) fn within(x: f64) -> f64 {
        super::scale::SCALE * x * x
    }

    pub mod inner {
        use grad::grad;

        #[grad]
        pub(in crate::layers) fn narrow(x: f64) -> f64 {
            x * super::super::scale::SCALE
        }

        #[grad::grad]
        pub fn by_path(x: f64) -> f64 {
            x.exp()
        }
    }

    pub fn narrow(x: f64) -> f64 {
        inner::narrow_grad(x).1
    }
}

mod scale {
    pub const SCALE: f64 = 3.0;
}

#[grad::grad]
pub fn lifetimes<'a, 'b: 'a, const N: usize>(x: &'a [f64; N], y: &'b [f64]) -> [f64; N]
where
    [(); N]: Sized,
{
    std::array::from_fn(|i| x[i] * y[i])
}

#[cfg(any())]
#[grad::grad]
pub fn absent(x: Absent) -> f64 {
    x.missing()
}

#[grad::grad]
#[cfg(any())]
pub fn absent_too(x: f64) -> f64 {
    x
}

/// With documentation, and attributes that the derivative must not repeat.
#[grad::grad]
#[inline]
#[must_use = "it is the point"]
#[deprecated(note = "an old function")]
pub fn decorated(x: f64) -> f64 {
    x * x
}

fn inside() -> (f64, f64) {
    #[grad::grad]
    fn local(x: f64) -> f64 {
        x * x
    }
    local_grad(3.0)
}

macro_rules! power {
    ($name:ident, $power:literal) => {
        #[grad::grad]
        pub fn $name(x: f64) -> f64 {
            x.powi($power)
        }
    };
}

power!(cube, 3);

fn main() {
    use layers::{inner::by_path_grad, open_grad, within_grad};

    assert_eq!(open_grad(3.0), (9.0, 6.0));
    assert_eq!(within_grad(1.0), (3.0, 6.0));
    assert_eq!(layers::narrow(1.0), 3.0);
    assert_eq!(by_path_grad(0.0), (1.0, 1.0));
    let (y, (d_x, d_y)) = lifetimes_vjp(&[2.0, 3.0], &[4.0, 5.0, 6.0], &[1.0, 1.0]);
    assert_eq!((y, d_x, d_y), ([8.0, 15.0], [4.0, 5.0], vec![2.0, 3.0, 0.0]));
    assert_eq!(decorated_grad(2.0), (4.0, 4.0));
    assert_eq!(inside(), (9.0, 6.0));
    assert_eq!(cube_grad(2.0), (8.0, 12.0));
}
