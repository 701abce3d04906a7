use grad::grad;

#[grad]
fn read_before_the_end(x: f64) -> f64 {
    let mut values = vec![x];
    while values[values.len() - 1] > 1.0 {
        values.push(values[0] * values[values.len() - 1]);
    }
    values[0]
}

#[grad]
fn by_a_loop_in_an_endless_one(x: f64) -> f64 {
    let mut values = vec![x];
    let mut y = x;
    while y > 1.0 {
        for _ in 0..2 {
            y *= 0.5;
            values.push(y);
        }
    }
    values.iter().sum()
}

#[grad]
fn by_what_is_computed(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    let mut k = 1;
    for v in x {
        for _ in 0..k {
            values.push(v * v);
        }
        k = (3 * k + 1) % 7;
    }
    values.iter().sum()
}

#[grad]
fn after_the_last_iteration(x: &[f64]) -> f64 {
    let mut row = Vec::new();
    let mut sum = 0.0;
    for i in 0..x.len() {
        row.clear();
        for j in 0..i {
            row.push(x[i] * x[j]);
        }
        sum += row.iter().sum::<f64>();
    }
    sum + row[0]
}

#[grad]
fn rows_of_many_lengths(x: &[f64]) -> f64 {
    let mut rows = Vec::new();
    for i in 0..x.len() {
        rows.push(x[..i].to_vec());
    }
    rows[0][0]
}

#[grad]
fn in_the_middle_of_tuples(x: &[f64]) -> f64 {
    let mut values = Vec::new();
    for v in x {
        values.push((*v, v * v));
    }
    values.insert(0, (1.0, 2.0));
    values[0].1
}

#[grad]
fn in_a_row(x: f64) -> f64 {
    let mut rows = vec![vec![x; 2]; 2];
    rows[0].push(x);
    rows[0][2]
}

#[grad]
fn in_the_middle_in_a_loop(x: &[f64]) -> f64 {
    let mut values = vec![0.0; 2];
    for v in x {
        values.insert(1, *v);
    }
    values[1]
}

#[grad]
fn shorter_each_time(x: &[f64]) -> f64 {
    let mut differences = x.to_vec();
    while differences.len() > 1 {
        differences = differences.windows(2).map(|w| w[1] - w[0]).collect();
    }
    differences[0]
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
