//! The cost of k-means, and histograms.

use grad::grad;

#[grad]
pub fn k_means(points: &[Vec<f64>], centers: &[Vec<f64>]) -> f64 {
    let mut cost = 0.0;
    for p in points {
        let mut best = f64::INFINITY;
        for c in centers {
            let mut distance = 0.0;
            for i in 0..p.len() {
                let d = p[i] - c[i];
                distance += d * d;
            }
            if distance < best {
                best = distance;
            }
        }
        cost += best;
    }
    cost / points.len() as f64
}

/// Remembers which centre was nearest, and takes its distance afterwards.
#[grad]
pub fn assigned(points: &[f64], centers: &[f64], d: usize) -> f64 {
    let (n, k) = (points.len() / d, centers.len() / d);
    let mut cost = 0.0;
    for i in 0..n {
        let mut nearest = 0;
        let mut best = f64::MAX;
        for j in 0..k {
            let mut distance = 0.0;
            for l in 0..d {
                distance += (points[i * d + l] - centers[j * d + l]).powi(2);
            }
            if distance < best {
                best = distance;
                nearest = j;
            }
        }
        for l in 0..d {
            cost += (points[i * d + l] - centers[nearest * d + l]).powi(2);
        }
    }
    cost
}

/// How much weight falls into each bin.
#[grad(skip(x))]
pub fn histogram(x: &[f64], weight: &[f64], bins: usize) -> Vec<f64> {
    let mut h = vec![0.0; bins];
    for (&v, &w) in x.iter().zip(weight) {
        let bin = ((v + 1.0) * 0.5 * bins as f64) as usize;
        if bin < bins {
            h[bin] += w * w;
        }
    }
    h
}
