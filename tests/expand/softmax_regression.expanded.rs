// What `#[grad]` writes for softmax_regression.rs.

/// Value and gradient of [`loss`].
///
/// Returns (`loss(…)`, (`d_w` [axis 1 of x × axis 1 of y], `d_b` [axis 1 of y])): the value, and the partial derivatives of the result.
///
/// Saves `len(y; 1)` values of the forward sweep, of one iteration at a time.
///
/// ```text
/// z[i, j] = (Σₖ x[i, k]·w[k, j]) + b[j]
/// d_z[i, j] = (−1 / len(x))·y[i, j] − softmaxⱼ(z[i, j])·Σₖ (−1 / len(x))·y[i, k]
/// y = (penalty·Σᵢ Σⱼ w[i, j]·w[i, j]) − (Σᵢ Σⱼ y[i, j]·log_softmaxⱼ(z[i, j])) / len(x)
/// d_w[i, j] = 2·penalty·w[i, j] + Σₖ d_z[j, k]·x[k, i]
/// d_b[i] = Σⱼ d_z[i, j]
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn loss_grad(
    x: ArrayView2<f64>,
    y: ArrayView2<f64>,
    w: &Array2<f64>,
    b: &Array1<f64>,
    penalty: f64,
) -> (
    f64,
    (::grad::__private::ndarray::Array2<f64>, ::grad::__private::ndarray::Array1<f64>),
) {
    let x_rows = x.nrows();
    let x_cols = x.ncols();
    let y_rows = y.nrows();
    let y_cols = y.ncols();
    let w_rows = w.nrows();
    let w_cols = w.ncols();
    let b_len = b.len();
    ::core::assert!(
        x_cols == w_rows, "`loss`: axis 1 of `x` is {} but axis 0 of `w` is {}", x
        .ncols(), w.nrows()
    );
    ::core::assert!(
        w_cols == b_len, "`loss`: axis 1 of `w` is {} but the length of `b` is {}", w
        .ncols(), b.len()
    );
    ::core::assert!(
        x_rows == y_rows, "`loss`: axis 0 of `x` is {} but axis 0 of `y` is {}", x
        .nrows(), y.nrows()
    );
    ::core::assert!(
        w_cols == y_cols, "`loss`: axis 1 of `w` is {} but axis 1 of `y` is {}", w
        .ncols(), y.ncols()
    );
    let x = &x.as_standard_layout();
    let x = x.as_slice().expect("the standard layout is contiguous");
    let y = &y.as_standard_layout();
    let y = y.as_slice().expect("the standard layout is contiguous");
    let w = &w.as_standard_layout();
    let w = w.as_slice().expect("the standard layout is contiguous");
    let b = &b.as_standard_layout();
    let b = &b.as_slice().expect("the standard layout is contiguous")[..y_cols];
    let mut z = ::std::vec![0.0_f64; y_cols];
    let mut e = ::std::vec![0.0_f64; y_cols];
    let t = x_rows as f64;
    let t_2 = -1.0 / t;
    let product = ::grad::kernels::matmul(
        x_rows,
        x_cols,
        y_cols,
        x,
        (x_cols, 1),
        w,
        (y_cols, 1),
    );
    let mut sum = 0.0_f64;
    let mut d_z = ::std::vec![0.0_f64; x_rows * y_cols];
    let mut d_b = ::std::vec![0.0_f64; y_cols];
    for i in 0..x_rows {
        let mut sum_2 = 0.0_f64;
        let mut max = f64::NEG_INFINITY;
        let y_row = &y[i * y_cols..][..y_cols];
        let product_row = &product[i * y_cols..][..y_cols];
        for j in 0..y_cols {
            sum_2 += t_2 * y_row[j];
            let z_2 = product_row[j] + b[j];
            z[j] = z_2;
            max = max.max(z_2);
        }
        let t_3 = if max.abs() == f64::INFINITY { 0.0 } else { max };
        let mut sum_3 = 0.0_f64;
        for j in 0..y_cols {
            let e_2 = (z[j] - t_3).exp();
            e[j] = e_2;
            sum_3 += e_2;
        }
        let mut sum_4 = -0.0_f64;
        let t_4 = sum_3.ln();
        let d_z_row = &mut d_z[i * y_cols..][..y_cols];
        for j in 0..y_cols {
            sum_4 += if y_row[j] == 0.0 { 0.0 } else { y_row[j] * (z[j] - t_3 - t_4) };
            let d_z_2 = t_2 * y_row[j] - e[j] / sum_3 * sum_2;
            d_z_row[j] = d_z_2;
            d_b[j] += d_z_2;
        }
        sum += sum_4;
    }
    let product_2 = ::grad::kernels::matmul(
        x_cols,
        x_rows,
        y_cols,
        x,
        (1, x_cols),
        &d_z,
        (y_cols, 1),
    );
    let mut sum_5 = 0.0_f64;
    let mut d_w = ::std::vec![0.0_f64; x_cols * y_cols];
    let t_6 = sum / t;
    for i in 0..x_cols {
        let mut sum_6 = -0.0_f64;
        let w_row = &w[i * y_cols..][..y_cols];
        let product_2_row = &product_2[i * y_cols..][..y_cols];
        let d_w_row = &mut d_w[i * y_cols..][..y_cols];
        for j in 0..y_cols {
            sum_6 += w_row[j] * w_row[j];
            d_w_row[j] = 2.0 * (penalty * w_row[j]) + product_2_row[j];
        }
        sum_5 += sum_6;
    }
    (
        penalty * sum_5 - t_6,
        (
            ::grad::__private::ndarray::Array2::from_shape_vec((x_cols, y_cols), d_w)
                .expect("the buffer has one element for each index"),
            ::grad::__private::ndarray::Array1::from_vec(d_b),
        ),
    )
}
