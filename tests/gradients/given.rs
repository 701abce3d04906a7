//! What is given as tuples, sequences of tuples, `Option`s, or in the fields of `self`.

use grad::grad;
use ndarray::{Array1, Array2, arr1, arr2};

use crate::check::{self, Flat};

const X: [f64; 6] = [0.5, -1.25, 2.0, 0.1, 0.7, -0.3];
const Y: [f64; 7] = [1.4, 0.3, -0.6, 2.2, -0.2, 0.9, 1.7];

#[test]
fn edges() {
    gradient!({ #[grad] fn f(x: &[f64], edges: &[(usize, usize)]) -> f64 { let mut s = 0.0; for &(i, j) in edges { s += (x[i] - x[j]).powi(2); } s } } (&x, &[(0, 1), (2, 5)]) at x = X.to_vec());
    gradient!({ #[grad(wrt(x))] fn f(x: &[f64], edges: &[(usize, usize, f64)]) -> f64 { edges.iter().map(|&(i, j, w)| w * x[i] * x[j]).sum() } } (&x, &[(0, 1, 0.5), (2, 5, 1.5)]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], _edges: &Vec<(usize, usize, f64)>) -> f64 { let mut s = 0.0; for k in 0.._edges.len() { let (i, j, w) = _edges[k]; s += w * x[i] * x[j]; } s } } (&x, &vec![(0, 1, 0.5), (2, 5, 1.5)]) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64], k: Option<usize>) -> f64 { let k = k.unwrap_or(x.len() - 1); x[k] * x[0] } } (&x, None) at x = X.to_vec(); (&x, Some(2)) at x = X.to_vec());
}

#[test]
fn data() {
    gradient!({ #[grad(skip(pts))] fn f(p: &[f64; 2], pts: &[(f64, f64)]) -> f64 { pts.iter().map(|(x, y)| (p[0] * x + p[1] - y).powi(2)).sum() } } (&p, &[(0.0, 1.0), (1.0, 2.5)]) at p = [0.5, 0.3]);
    gradient!({ #[grad(skip(pts))] fn f(p: &[f64; 2], pts: &[(f64, f64)]) -> f64 { let n = pts.len(); let mut s = 0.0; for i in 0..n { s += (p[0] * pts[i].0 + p[1] - pts[i].1).powi(2); } for w in pts.windows(2) { s += p[1] * (w[1].0 - w[0].0); } s / n as f64 } } (&p, &[(0.0, 1.0), (1.0, 2.5)]) at p = [0.5, 0.3]);
    gradient!({ #[grad(skip(data))] fn f(p: &[f64], data: &[([f64; 2], f64)]) -> f64 { let mut s = 0.0; for (x, y) in data { let z = p[0] * x[0] + p[1] * x[1] + p[2]; s += (z - y).powi(2); } s } } (&p, &[([0.0, 1.0], 2.5), ([1.0, 2.0], 0.5)]) at p = X.to_vec());
    gradient!({ #[grad(skip(data))] fn f(p: &[f64], data: &[(Vec<f64>, usize)]) -> f64 { let mut s = 0.0; for (x, k) in data { let z: f64 = x.iter().zip(p).map(|(a, b)| a * b).sum(); s += z.exp() * p[*k]; } s } } (&p, &[(vec![0.0, 1.0], 2), (vec![1.0, 2.0], 0)]) at p = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 { let pts: Vec<(f64, f64)> = x.iter().map(|&a| (a.cos(), a.sin())).collect(); let mut s = 0.0; for w in pts.windows(2) { s += w[0].0 * w[1].1 - w[1].0 * w[0].1; } let (a, b) = pts.last().unwrap(); s + a * b + pts[1..3].iter().map(|(p, q)| p * q).sum::<f64>() } } (&x) at x = X.to_vec(); (&x) at x = Y.to_vec());
}

#[test]
fn numbers() {
    gradient!({ #[grad(skip(range))] fn f(x: f64, range: (f64, f64)) -> f64 { let (lo, hi) = range; (x - lo) * (hi - x) + range.0 } } (x, (0.0, 2.0)) at x = 0.7);
    gradient!({ #[grad] fn f(x: f64, _range: &(f64, f64), shape: (usize, usize)) -> f64 { (x - _range.0) * (_range.1 - x) + (shape.0 * shape.1) as f64 * x } } (x, &(0.0, 2.0), (2, 3)) at x = 0.7);
    gradient!({ #[grad(skip(b))] fn f(a: f64, b: Option<f64>) -> f64 { match b { Some(v) => a * v, None => a } } } (a, Some(2.0)) at a = 0.5; (a, None) at a = 0.5);
}

#[test]
fn fields() {
    {
        struct M {
            k: f64,
            w: Vec<f64>,
            n: usize,
            m: [[f64; 2]; 2],
        }
        impl M {
            fn scale(&self) -> f64 {
                self.k * 2.0
            }
            #[grad]
            fn f(&self, x: &[f64]) -> f64 {
                let w: &[f64] = &self.w;
                let mut s = 0.0;
                for i in 0..self.n {
                    s += w[i] * x[i] * x[i];
                }
                for (a, b) in w.iter().zip(x) {
                    s += a * b;
                }
                s * self.scale() + self.m[1][0] * self.w.len() as f64
            }
        }
        let m = M { k: 2.0, w: vec![1.0, 2.0, 3.0], n: 3, m: [[1.0, 2.0], [3.0, 4.0]] };
        let r = check::differences(&X.to_vec(), |c| m.f(c));
        let (v, d) = m.f_grad(&X);
        assert_eq!(v, m.f(&X));
        for (a, b) in r.iter().zip(d) {
            assert!((a.0 - b).abs() < 1e-7)
        }
    }
    {
        struct M {
            pts: Vec<(f64, f64)>,
            w: Array2<f64>,
            m: Vec<Vec<f64>>,
        }
        impl M {
            #[grad]
            fn f(&self, a: f64, b: f64) -> f64 {
                let mut s = 0.0;
                let pts: &Vec<(f64, f64)> = &self.pts;
                for &(x, y) in pts {
                    s += (a * x + b - y).powi(2);
                }
                let w: &Array2<f64> = &self.w;
                let m: &Vec<Vec<f64>> = &self.m;
                s / self.pts.len() as f64 + a * w[[0, 1]] + b * m[1][0] * w.sum()
            }
        }
        let m =
            M { pts: vec![(0.0, 1.0), (1.0, 2.5)], w: arr2(&[[1.0, 2.0]]), m: vec![vec![1.0], vec![2.0]] };
        let r = check::differences(&(0.5, 0.3), |c| m.f(c.0, c.1));
        let (v, d) = m.f_grad(0.5, 0.3);
        assert_eq!(v, m.f(0.5, 0.3));
        for (a, b) in r.iter().zip(d.flat()) {
            assert!((a.0 - b).abs() < 1e-7)
        }
    }
    {
        struct M {
            mode: Mode,
        }
        enum Mode {
            A,
            B,
        }
        impl M {
            #[grad]
            fn f(&self, x: f64) -> f64 {
                match self.mode {
                    Mode::A => x * x,
                    Mode::B => x,
                }
            }
        }
        let m = M { mode: Mode::A };
        let _ = Mode::B;
        assert_eq!(m.f_grad(3.0), (9.0, 6.0));
    }
    {
        struct L {
            w: Array2<f64>,
            act: bool,
        }
        impl L {
            #[grad]
            fn f(&self, x: &Array1<f64>) -> f64 {
                let w: &Array2<f64> = &self.w;
                let z = w.dot(x);
                let a = if self.act { z.mapv(f64::tanh) } else { z };
                a.dot(&a)
            }
        }
        let l = L { w: arr2(&[[0.5, 1.0], [-0.3, 0.7]]), act: true };
        let at = arr1(&[0.4, -0.6]);
        let r = check::differences(&at, |c| l.f(c));
        let (_, d) = l.f_grad(&at);
        for (a, b) in r.iter().zip(d) {
            assert!((a.0 - b).abs() < 1e-8)
        }
    }
    {
        struct M<const N: usize> {
            w: [f64; N],
        }
        impl<const N: usize> M<N> {
            #[grad]
            fn f(&self, x: &[f64; N]) -> f64 {
                let mut s = 0.0;
                let w: &[f64] = &self.w;
                for (a, b) in w.iter().zip(x) {
                    s += a * b * b;
                }
                s
            }
        }
        let m = M { w: [1.0, 2.0] };
        assert_eq!(m.f_grad(&[3.0, 4.0]), (41.0, [6.0, 16.0]));
    }
    {
        struct M {
            c: Vec<f64>,
        }
        impl M {
            #[grad]
            fn f(&self, x: &[f64], out: &mut [f64]) -> f64 {
                let mut s = 0.0;
                let c: &[f64] = &self.c;
                for ((o, v), c) in out.iter_mut().zip(x).zip(c) {
                    *o = v * c;
                    s += *o * v;
                }
                s
            }
        }
        let m = M { c: vec![1.0, 2.0] };
        let mut out = [0.0; 2];
        assert_eq!(m.f_grad(&[3.0, 4.0], &mut out), (41.0, (vec![6.0, 16.0], vec![0.0, 0.0])));
    }
}

#[test]
fn constants() {
    {
        const TABLE: [f64; 1000] = [0.5; 1000];
        #[grad]
        fn f(x: &[f64], n: usize) -> f64 {
            let t: &[f64] = &TABLE;
            let mut s = 0.0;
            for i in 0..n {
                s += t[i] * x[i % x.len()] * x[0];
            }
            s
        }
        let r = check::differences(&X.to_vec(), |c| f(c, 20));
        let (_, d) = f_grad(&X, 20);
        for (a, b) in r.iter().zip(d) {
            assert!((a.0 - b).abs() < 1e-7)
        }
    }
}
