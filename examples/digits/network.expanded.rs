// What `#[grad]` writes for network.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_w1` [axis 0 of w1 × axis 1 of x], `d_b1` [axis 0 of w1], `d_w2` [axis 1 of y × axis 0 of w1], `d_b2` [axis 1 of y])): the value, and the partial derivatives of the result.
///
/// Saves `len(y; 1)` values of the forward sweep, of one iteration at a time.
///
/// ```text
/// z1[i, j] = (Σₖ x[j, k]·w1[i, k]) + b1[i]
/// a1[i, j] = relu(z1[i, j])
/// z2[i, j] = (Σₖ a1[i, k]·w2[j, k]) + b2[j]
/// p[i, j] = softmaxⱼ(z2[i, j])
/// d_z2[i, j] = (−1 / len(x))·y[i, j] − p[i, j]·Σₖ (−1 / len(x))·y[i, k]
/// d_a1[i, j] = Σₖ d_z2[j, k]·w2[k, i]
/// d_z1[i, j] = {d_a1[i, j] if a1[i, j] > 0; 0 otherwise}
/// y = −(Σᵢ Σⱼ y[i, j]·log_softmaxⱼ(z2[i, j])) / len(x)
/// d_w1[i, j] = Σₖ d_z1[i, k]·x[k, j]
/// d_b1[i] = Σⱼ d_z1[i, j]
/// d_w2[i, j] = Σₖ d_z2[i, k]·a1[j, k]
/// d_b2[i] = Σⱼ d_z2[i, j]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    x: &Array2<f32>,
    y: &Array2<f32>,
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
) -> (
    f32,
    (
        ::grad::__private::ndarray::Array2<f32>,
        ::grad::__private::ndarray::Array1<f32>,
        ::grad::__private::ndarray::Array2<f32>,
        ::grad::__private::ndarray::Array1<f32>,
    ),
) {
    let x_rows = x.nrows();
    let x_cols = x.ncols();
    let y_rows = y.nrows();
    let y_cols = y.ncols();
    let w1_rows = w1.nrows();
    let w1_cols = w1.ncols();
    let b1_len = b1.len();
    let w2_rows = w2.nrows();
    let w2_cols = w2.ncols();
    let b2_len = b2.len();
    ::core::assert!(
        x_cols == w1_cols, "`loss`: axis 1 of `x` is {} but axis 1 of `w1` is {}", x
        .ncols(), w1.ncols()
    );
    ::core::assert!(
        w1_rows == b1_len, "`loss`: axis 0 of `w1` is {} but the length of `b1` is {}",
        w1.nrows(), b1.len()
    );
    ::core::assert!(
        w1_rows == w2_cols, "`loss`: axis 0 of `w1` is {} but axis 1 of `w2` is {}", w1
        .nrows(), w2.ncols()
    );
    ::core::assert!(
        w2_rows == b2_len, "`loss`: axis 0 of `w2` is {} but the length of `b2` is {}",
        w2.nrows(), b2.len()
    );
    ::core::assert!(
        x_rows == y_rows, "`loss`: axis 0 of `x` is {} but axis 0 of `y` is {}", x
        .nrows(), y.nrows()
    );
    ::core::assert!(
        w2_rows == y_cols, "`loss`: axis 0 of `w2` is {} but axis 1 of `y` is {}", w2
        .nrows(), y.ncols()
    );
    let x = &x.as_standard_layout();
    let x = x.as_slice().expect("the standard layout is contiguous");
    let y = &y.as_standard_layout();
    let y = y.as_slice().expect("the standard layout is contiguous");
    let w1 = &w1.as_standard_layout();
    let w1 = w1.as_slice().expect("the standard layout is contiguous");
    let b1 = &b1.as_standard_layout();
    let b1 = &b1.as_slice().expect("the standard layout is contiguous")[..w1_rows];
    let w2 = &w2.as_standard_layout();
    let w2 = w2.as_slice().expect("the standard layout is contiguous");
    let b2 = &b2.as_standard_layout();
    let b2 = &b2.as_slice().expect("the standard layout is contiguous")[..y_cols];
    let mut z2 = ::std::vec![0.0_f32; y_cols];
    let mut e = ::std::vec![0.0_f32; y_cols];
    let t = x_rows as f32;
    let t_2 = -1.0 / t;
    let mut product = ::grad::kernels::matmul(
        x_rows,
        x_cols,
        w1_rows,
        x,
        (x_cols, 1),
        w1,
        (1, x_cols),
    );
    for i in 0..x_rows {
        let product_row = &mut product[i * w1_rows..][..w1_rows];
        for j in 0..w1_rows {
            let z1 = product_row[j] + b1[j];
            let a1 = if z1 < 0.0 { 0.0 } else { z1 };
            product_row[j] = a1;
        }
    }
    let product_2 = ::grad::kernels::matmul(
        x_rows,
        w1_rows,
        y_cols,
        &product,
        (w1_rows, 1),
        w2,
        (1, w1_rows),
    );
    let mut sum = 0.0_f32;
    let mut d_z2 = ::std::vec![0.0_f32; x_rows * y_cols];
    let mut d_b2 = ::std::vec![0.0_f32; y_cols];
    for i in 0..x_rows {
        let mut sum_2 = 0.0_f32;
        let mut max = f32::NEG_INFINITY;
        let y_row = &y[i * y_cols..][..y_cols];
        let product_2_row = &product_2[i * y_cols..][..y_cols];
        for j in 0..y_cols {
            sum_2 += t_2 * y_row[j];
            let z2_2 = product_2_row[j] + b2[j];
            z2[j] = z2_2;
            max = max.max(z2_2);
        }
        let t_3 = if max.abs() == f32::INFINITY { 0.0 } else { max };
        let mut sum_3 = 0.0_f32;
        for j in 0..y_cols {
            let e_2 = (z2[j] - t_3).exp();
            e[j] = e_2;
            sum_3 += e_2;
        }
        let mut sum_4 = -0.0_f32;
        let t_4 = sum_3.ln();
        let d_z2_row = &mut d_z2[i * y_cols..][..y_cols];
        for j in 0..y_cols {
            let p = e[j] / sum_3;
            sum_4 += if y_row[j] == 0.0 { 0.0 } else { y_row[j] * (z2[j] - t_3 - t_4) };
            let d_z2_2 = t_2 * y_row[j] - p * sum_2;
            d_z2_row[j] = d_z2_2;
            d_b2[j] += d_z2_2;
        }
        sum += sum_4;
    }
    let mut product_3 = ::grad::kernels::matmul(
        x_rows,
        y_cols,
        w1_rows,
        &d_z2,
        (y_cols, 1),
        w2,
        (w1_rows, 1),
    );
    let d_w2 = ::grad::kernels::matmul(
        y_cols,
        x_rows,
        w1_rows,
        &d_z2,
        (1, y_cols),
        &product,
        (w1_rows, 1),
    );
    let mut d_b1 = ::std::vec![0.0_f32; w1_rows];
    let t_5 = sum / t;
    for i in 0..x_rows {
        let product_3_row = &mut product_3[i * w1_rows..][..w1_rows];
        let product_row_2 = &product[i * w1_rows..][..w1_rows];
        for j in 0..w1_rows {
            let open = product_3_row[j];
            let d_z1 = if product_row_2[j] > 0.0 { open } else { 0.0 };
            d_b1[j] += d_z1;
            product_3_row[j] = d_z1;
        }
    }
    let d_w1 = ::grad::kernels::matmul(
        w1_rows,
        x_rows,
        x_cols,
        &product_3,
        (1, w1_rows),
        x,
        (x_cols, 1),
    );
    (
        -t_5,
        (
            ::grad::__private::ndarray::Array2::from_shape_vec((w1_rows, x_cols), d_w1)
                .expect("the buffer has one element for each index"),
            ::grad::__private::ndarray::Array1::from_vec(d_b1),
            ::grad::__private::ndarray::Array2::from_shape_vec((y_cols, w1_rows), d_w2)
                .expect("the buffer has one element for each index"),
            ::grad::__private::ndarray::Array1::from_vec(d_b2),
        ),
    )
}
