// What `#[grad]` writes for heat.rs.

/// Value and pullback of [`heat`].
///
/// Returns (`heat(…)`, (`d_initial` [initial.len()], `d_conductivity` [conductivity.len()])): the value, and the cotangents of the parameters, given that of the result as the last argument.
///
/// Saves ⌊log₂ steps⌋ + 2 versions of `u` [initial.len()], `next` [initial.len()]; those in between are computed again.
///
/// ```text
/// n = n
/// i[j] = 1 + j
/// y = u
/// d_initial[j] = s0[j] + s1[j]
/// d_conductivity[i[k]] += d_next[j, k, i[k]]·(u[steps − 1 − j, max(n − 1 − 1, 0) − 1 − k] − 2·u[steps − 1 − j, i[k]] + u[steps − 1 − j, i[k] + 1])·u[steps − 1 − j, i[k]] for j, k
/// ```
#[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
#[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
#[track_caller]
fn heat_vjp(
    initial: &[f64],
    conductivity: &[f64],
    steps: usize,
    d_y: &[f64],
) -> (::std::vec::Vec<f64>, (::std::vec::Vec<f64>, ::std::vec::Vec<f64>)) {
    let initial_len = initial.len();
    let conductivity_len = conductivity.len();
    ::core::assert!(
        d_y.len() == initial_len,
        "`heat`: axis 0 of the cotangent `d_y` is {} but that of the result is {}", d_y
        .len(), initial.len()
    );
    let mut d_u_2 = ::std::vec![0.0_f64; initial_len];
    let mut buffer = ::std::vec![0.0_f64; initial_len];
    let mut buffer_2 = ::std::vec![0.0_f64; initial_len];
    let mut rest = steps;
    let mut trips = 0usize;
    while rest > 0 {
        rest /= 2;
        trips += 1;
    }
    let mut snapshot_steps = ::std::vec![0usize; trips + 1];
    for i in 0..trips + 1 {
        snapshot_steps[i] = steps.saturating_sub(1);
    }
    snapshot_steps[0] = 0;
    let mut last = 0usize;
    let mut left = (trips.saturating_sub(1) + 1) as u64;
    let mut trips_2 = 0usize;
    while trips_2 < trips.saturating_sub(1) && last < steps.saturating_sub(1) {
        let mut reach = left + 1;
        let mut before = 1u64;
        let mut trips_3 = 0usize;
        while reach < (steps.saturating_sub(1) + 1 - last) as u64 {
            let next = reach;
            reach = reach * (left + (trips_3 as u64 + 2)) / (trips_3 as u64 + 2);
            before = next;
            trips_3 += 1;
        }
        let t = before
            .min(
                (steps.saturating_sub(1) + 1 - last) as u64
                    - before * left / (left + trips_3 as u64),
            );
        snapshot_steps[1 + trips_2] = last + t as usize;
        last += t as usize;
        left -= 1;
        trips_2 += 1;
    }
    let mut u = initial.to_vec();
    let mut next_2 = initial.to_vec();
    let mut u_snapshots = ::std::vec![0.0_f64; (trips + 1) * initial_len];
    let mut next_snapshots = ::std::vec![0.0_f64; (trips + 1) * initial_len];
    let mut snapshots_taken = 0usize;
    for i in 0..steps {
        let t_2 = snapshot_steps[snapshots_taken];
        if i == t_2 {
            let u_snapshots_row = &mut u_snapshots[snapshots_taken
                * initial_len..][..initial_len];
            u_snapshots_row.copy_from_slice(&u);
        }
        if i == t_2 {
            let next_snapshots_row = &mut next_snapshots[snapshots_taken
                * initial_len..][..initial_len];
            next_snapshots_row.copy_from_slice(&next_2);
        }
        let u_row = &u[u.len().min(1)..][..(initial_len - 1).saturating_sub(1)];
        let conductivity_row = &conductivity[conductivity
            .len()
            .min(1)..][..(initial_len - 1).saturating_sub(1)];
        let u_row_2 = &u[..(initial_len - 1).saturating_sub(1)];
        let u_row_3 = &u[u.len().min(2)..][..(initial_len - 1).saturating_sub(1)];
        let next_2_at = next_2.len().min(1);
        let next_2_row = &mut next_2[next_2_at..][..(initial_len - 1).saturating_sub(1)];
        for j in 0..(initial_len - 1).saturating_sub(1) {
            let t_4 = u_row[j];
            next_2_row[j] = t_4
                + conductivity_row[j] * t_4 * (u_row_2[j] - 2.0 * t_4 + u_row_3[j]);
        }
        snapshots_taken = if i == t_2 { snapshots_taken + 1 } else { snapshots_taken };
        ::core::mem::swap(&mut u, &mut next_2);
    }
    let mut d_u = d_y.to_vec();
    let mut d_next = ::std::vec![0.0_f64; initial_len];
    let mut snapshots_left = snapshots_taken;
    let mut d_conductivity = ::std::vec![0.0_f64; conductivity_len];
    for i in (0..steps).rev() {
        let t_6 = snapshot_steps[snapshots_left - 1];
        let mut last_2 = t_6;
        let mut left_2 = (trips.saturating_sub(snapshots_left) + 1) as u64;
        let mut trips_4 = 0usize;
        while trips_4 < trips.saturating_sub(snapshots_left) && last_2 < i {
            let mut reach_2 = left_2 + 1;
            let mut before_2 = 1u64;
            let mut trips_5 = 0usize;
            while reach_2 < (i + 1 - last_2) as u64 {
                let next_3 = reach_2;
                reach_2 = reach_2 * (left_2 + (trips_5 as u64 + 2))
                    / (trips_5 as u64 + 2);
                before_2 = next_3;
                trips_5 += 1;
            }
            let t_7 = before_2
                .min(
                    (i + 1 - last_2) as u64
                        - before_2 * left_2 / (left_2 + trips_5 as u64),
                ) as usize;
            snapshot_steps[snapshots_left + trips_4] = last_2 + t_7;
            last_2 += t_7;
            left_2 -= 1;
            trips_4 += 1;
        }
        d_u_2.fill(0.0);
        for j in 0..initial_len {
            d_u_2[j] += d_next[j];
        }
        let u_snapshots_row_2 = &u_snapshots[(snapshots_left - 1)
            * initial_len..][..initial_len];
        buffer.copy_from_slice(u_snapshots_row_2);
        let next_snapshots_row_2 = &next_snapshots[(snapshots_left - 1)
            * initial_len..][..initial_len];
        buffer_2.copy_from_slice(next_snapshots_row_2);
        let mut snapshots_taken_2 = snapshots_left;
        for j in 0..i - t_6 {
            let t_11 = snapshot_steps[snapshots_taken_2];
            if t_6 + j == t_11 {
                let u_snapshots_row_3 = &mut u_snapshots[snapshots_taken_2
                    * initial_len..][..initial_len];
                u_snapshots_row_3.copy_from_slice(&buffer);
            }
            if t_6 + j == t_11 {
                let next_snapshots_row_3 = &mut next_snapshots[snapshots_taken_2
                    * initial_len..][..initial_len];
                next_snapshots_row_3.copy_from_slice(&buffer_2);
            }
            let t_12 = if t_6 + j == t_11 {
                snapshots_taken_2 + 1
            } else {
                snapshots_taken_2
            };
            let buffer_row = &buffer[buffer
                .len()
                .min(1)..][..(initial_len - 1).saturating_sub(1)];
            let conductivity_row_2 = &conductivity[conductivity
                .len()
                .min(1)..][..(initial_len - 1).saturating_sub(1)];
            let buffer_row_2 = &buffer[..(initial_len - 1).saturating_sub(1)];
            let buffer_row_3 = &buffer[buffer
                .len()
                .min(2)..][..(initial_len - 1).saturating_sub(1)];
            let buffer_2_at = buffer_2.len().min(1);
            let buffer_2_row = &mut buffer_2[buffer_2_at..][..(initial_len - 1)
                .saturating_sub(1)];
            for k in 0..(initial_len - 1).saturating_sub(1) {
                let t_14 = buffer_row[k];
                buffer_2_row[k] = t_14
                    + conductivity_row_2[k] * t_14
                        * (buffer_row_2[k] - 2.0 * t_14 + buffer_row_3[k]);
            }
            snapshots_taken_2 = t_12;
            ::core::mem::swap(&mut buffer, &mut buffer_2);
        }
        let d_u_at = d_u.len().min(1);
        let d_u_row = &mut d_u[d_u_at..][..(initial_len - 1).saturating_sub(1)];
        let conductivity_row_3 = &conductivity[conductivity
            .len()
            .min(1)..][..(initial_len - 1).saturating_sub(1)];
        let buffer_row_4 = &buffer[buffer
            .len()
            .min(1)..][..(initial_len - 1).saturating_sub(1)];
        let d_u_2_row = &mut d_u_2[..(initial_len - 1).saturating_sub(1)];
        for j in 0..(initial_len - 1).saturating_sub(1) {
            d_u_2_row[j] += d_u_row[j] * (conductivity_row_3[j] * buffer_row_4[j]);
        }
        let buffer_row_6 = &buffer[..(initial_len - 1).saturating_sub(1)];
        let buffer_row_7 = &buffer[buffer
            .len()
            .min(2)..][..(initial_len - 1).saturating_sub(1)];
        let d_u_2_at = d_u_2.len().min(1);
        let d_u_2_row_2 = &mut d_u_2[d_u_2_at..][..(initial_len - 1).saturating_sub(1)];
        let d_conductivity_at = d_conductivity.len().min(1);
        let d_conductivity_row = &mut d_conductivity[d_conductivity_at..][..(initial_len
            - 1)
            .saturating_sub(1)];
        for j in 0..(initial_len - 1).saturating_sub(1) {
            let t_16 = buffer_row_4[j];
            let t_17 = d_u_row[j];
            let t_21 = t_17 * (buffer_row_6[j] - 2.0 * t_16 + buffer_row_7[j]);
            d_u_2_row_2[j]
                += t_17 - t_17 * (conductivity_row_3[j] * t_16) * 2.0
                    + t_21 * conductivity_row_3[j];
            d_conductivity_row[j] += t_21 * t_16;
        }
        let d_u_2_at_2 = d_u_2.len().min(2);
        let d_u_2_row_3 = &mut d_u_2[d_u_2_at_2..][..(initial_len - 1)
            .saturating_sub(1)];
        for j in 0..(initial_len - 1).saturating_sub(1) {
            d_u_2_row_3[j] += d_u_row[j] * (conductivity_row_3[j] * buffer_row_4[j]);
        }
        for j in 0..(initial_len - 1).saturating_sub(1) {
            d_u_row[j] = 0.0;
        }
        snapshots_left = if t_6 == i {
            snapshots_taken_2 - 1
        } else {
            snapshots_taken_2
        };
        ::core::mem::swap(&mut d_u, &mut d_next);
        ::core::mem::swap(&mut d_u_2, &mut d_u);
    }
    let mut d_initial = ::std::vec![0.0_f64; initial_len];
    for i in 0..initial_len {
        d_initial[i] = d_u[i] + d_next[i];
    }
    (u, (d_initial, d_conductivity))
}
