use grad::grad;

#[grad]
fn by_a_condition(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    for v in x {
        if *v > 0.0 {
            values.push(v * v);
        }
    }
    values.iter().sum()
}

#[grad]
fn after_an_exit(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    for v in x {
        if *v > 0.0 {
            continue;
        }
        values.push(v * v);
    }
    values.iter().sum()
}

#[grad]
fn without_an_end(x: f64) -> f64 {
    let mut values = vec![x];
    while values[values.len() - 1] > 1.0 {
        values.push(values[values.len() - 1] * 0.5);
    }
    values[0]
}

#[grad]
fn unevenly(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    for i in 0..x.len() {
        for j in 0..i {
            values.push(x[i] * x[j]);
        }
    }
    values.iter().sum()
}

#[grad]
fn by_tuples(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    for v in x {
        values.push((*v, v * v));
    }
    values[0].1
}

#[grad]
fn in_a_row(x: f64) -> f64 {
    let mut rows = vec![vec![x; 2]; 2];
    rows[0].push(x);
    rows[0][2]
}

#[grad]
fn in_one_branch(x: f64) -> f64 {
    let mut values = vec![x; 2];
    if x > 0.0 {
        values.push(2.0);
    }
    values.iter().sum()
}

#[grad]
fn in_the_middle(x: f64) -> f64 {
    let mut values = vec![x; 2];
    values.insert(1, 2.0 * x);
    values[1]
}

#[grad]
fn by_a_closure(x: &[f64]) -> f64 {
    let mut total = 0.0;
    let sums: Vec<f64> = x
        .iter()
        .map(|v| {
            total += v;
            total
        })
        .collect();
    sums.iter().sum()
}

fn main() {}
