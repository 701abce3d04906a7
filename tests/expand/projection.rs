// A camera: small fixed arrays, written out element by element.

use grad::grad;

#[grad]
fn project(rotation: [f64; 3], translation: [f64; 3], focal: f64, point: [f64; 3]) -> [f64; 2] {
    let theta = (rotation[0] * rotation[0] + rotation[1] * rotation[1] + rotation[2] * rotation[2]).sqrt();
    let (sin, cos) = theta.sin_cos();
    let [a, b, c] = rotation.map(|r| r / theta);
    let [x, y, z] = point;
    let cross = [b * z - c * y, c * x - a * z, a * y - b * x];
    let along = (a * x + b * y + c * z) * (1.0 - cos);
    let p: [f64; 3] = [
        x * cos + cross[0] * sin + a * along,
        y * cos + cross[1] * sin + b * along,
        z * cos + cross[2] * sin + c * along,
    ];
    let q: [f64; 3] = std::array::from_fn(|i| p[i] + translation[i]);
    [-focal * q[0] / q[2], -focal * q[1] / q[2]]
}
