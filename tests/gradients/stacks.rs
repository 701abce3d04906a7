//! Stacks: `Vec`s whose last elements are looked at and taken away in a loop inside of the one that pushes.

use grad::grad;

const X: [f64; 7] = [0.5, 0.25, 2.0, 0.1, 0.7, 1.3, 0.9];

#[test]
fn monotonic() {
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut s = 0.0;
        let mut v = Vec::new();
        for &a in x {
            while let Some(b) = v.last() {
                if *b > a { break; }
                s += *b * a;
                v.pop();
            }
            v.push(a);
        }
        s
    } } (&x) at x = X.to_vec(); (&x) at x = Vec::new());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut s = 0.0;
        let mut v = vec![];
        for i in 0..x.len() {
            while v.len() > 0 && x[v[v.len() - 1]] <= x[i] {
                let j = v.pop().unwrap();
                s += x[j] * x[i];
            }
            v.push(i);
        }
        s
    } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let mut s = 0.0;
        let mut v = Vec::new();
        for (i, &a) in x.iter().enumerate() {
            while let Some(&(j, b)) = v.last() {
                if b > a { break; }
                s += b * a * (i - j) as f64;
                v.pop();
            }
            v.push((i, a));
        }
        s
    } } (&x) at x = X.to_vec());
    gradient!({ #[grad] fn f(x: &[f64]) -> f64 {
        let n = x.len();
        let mut next = vec![n; n];
        let mut v = Vec::new();
        for i in 0..n {
            while let Some(&j) = v.last() {
                let j: usize = j;
                if x[j] > x[i] { break; }
                next[j] = i;
                v.pop();
            }
            v.push(i);
        }
        (0..n).filter(|&i| next[i] < n).map(|i| (x[next[i]] - x[i]).powi(2)).sum()
    } } (&x) at x = X.to_vec());
}
