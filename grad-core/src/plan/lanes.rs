//! Sums in lanes: where a loop adds up cotangents and does little else, each addition waits for the one before it. Four
//! sums side by side do not wait for each other; in a gradient, the order of a sum is free.

use super::names::Names;
use super::offset::zero;
use super::program::{Access, Expr, Stmt, Storage};
use super::visit::{mentions, visit_accesses, visit_certain};
use crate::ir::scalar::Cost;
use crate::ir::{Const, Elem, Int, IntOp, Scalar};

/// How many sums stand side by side: what fits into two registers of any processor that has them.
const LANES: i128 = 4;

/// The loop that a statement is, in lanes, if that makes it faster.
pub fn in_lanes(var: &str, extent: &Expr, body: &[Stmt], names: &mut Names) -> Option<Vec<Stmt>> {
    let sums = sums(body, names)?;
    let arrays = arrays(var, body)?;
    let index = names.fresh("block");
    let mut out = Vec::new();
    let mut lanes = Vec::new();
    for (sum, elem) in sums {
        let name = names.fresh(&format!("{sum}_lanes"));
        out.push(Stmt::Buffer {
            name: name.clone(),
            elem,
            fill: 0.0,
            dims: vec![int(LANES)],
            storage: Storage::Nested,
            heap: vec![false],
        });
        lanes.push((sum, name));
    }
    let of_extent = |op| Expr::Int(op, vec![extent.clone(), int(LANES)]);
    let start = Expr::Int(IntOp::Mul, vec![int(LANES), Expr::name(&index)]);
    let mut block = part(&arrays, (&start, &int(LANES)), body, var, names);
    add_in_lanes(&mut block.1, &lanes, var);
    let inner = Stmt::For { var: var.to_string(), extent: int(LANES), reversed: false, body: block.1 };
    block.0.push(inner);
    out.push(Stmt::For { var: index, extent: of_extent(IntOp::Div), reversed: false, body: block.0 });
    let whole = names.fresh("whole");
    let value = Expr::Int(IntOp::Mul, vec![of_extent(IntOp::Div), int(LANES)]);
    out.push(Stmt::Let { name: whole.clone(), value });
    let whole = Expr::Name(whole);
    let rest = part(&arrays, (&whole, &of_extent(IntOp::Rem)), body, var, names);
    out.extend(rest.0);
    out.push(Stmt::For {
        var: var.to_string(),
        extent: of_extent(IntOp::Rem),
        reversed: false,
        body: rest.1,
    });
    out.extend(lanes.into_iter().map(|(sum, lanes)| Stmt::AddAssign { name: sum, value: total(&lanes) }));
    Some(out)
}

fn int(value: i128) -> Expr {
    Expr::Const(Const::Int(value, Int::Usize))
}

/// What a body adds up, if additions are what it waits for.
fn sums(body: &[Stmt], names: &Names) -> Option<Vec<(String, Elem)>> {
    let mut sums: Vec<(String, Elem)> = Vec::new();
    for stmt in body {
        let value = match stmt {
            Stmt::Let { value, .. } | Stmt::Store { value, .. } => value,
            Stmt::AddAssign { name, value } if sums.iter().all(|(sum, _)| sum != name) => {
                sums.push((name.clone(), names.cotangent(name)?));
                value
            }
            _ => return None,
        };
        if !is_light(value) {
            return None;
        }
    }
    let is_read = |stmt: &Stmt, sum: &str| match stmt {
        Stmt::Let { value, .. } | Stmt::Store { value, .. } | Stmt::AddAssign { value, .. } => {
            mentions(value, sum)
        }
        _ => true,
    };
    let is_free = |sum: &str| !body.iter().any(|stmt| is_read(stmt, sum));
    (!sums.is_empty() && sums.iter().all(|(sum, _)| is_free(sum))).then_some(sums)
}

/// Whether a value is computed by additions and multiplications alone.
fn is_light(value: &Expr) -> bool {
    match value {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) | Expr::Element(_) => true,
        Expr::Scalar(scalar, parts) => scalar.row().cost < Cost(Cost::SAVE) && parts.iter().all(is_light),
        _ => false,
    }
}

/// The arrays of which a body uses the element of the loop's variable, which it does not use otherwise, with whether it
/// writes them.
fn arrays(var: &str, body: &[Stmt]) -> Option<Vec<(String, bool)>> {
    let is_along = |access: &Access| access.index == [Expr::name(var)] && !access.checked;
    let mut certain: Vec<String> = Vec::new();
    visit_certain(body, &mut |access| {
        if is_along(access) {
            certain.push(access.base.clone());
        }
    });
    let mut arrays: Vec<(String, bool)> = Vec::new();
    let mut rest = body.to_vec();
    visit_accesses(&mut rest, &mut |access, stored| {
        if is_along(access) && certain.contains(&access.base) {
            match arrays.iter_mut().find(|(base, _)| *base == access.base) {
                Some((_, mutable)) => *mutable |= stored,
                None => arrays.push((access.base.clone(), stored)),
            }
            access.index = vec![zero()];
        }
    });
    let mentions_var = |stmt: &Stmt| match stmt {
        Stmt::Let { value, .. } | Stmt::AddAssign { value, .. } => mentions(value, var),
        Stmt::Store { place, value, .. } => {
            mentions(value, var) || place.index.iter().any(|i| mentions(i, var))
        }
        _ => true,
    };
    (!rest.iter().any(mentions_var)).then_some(arrays)
}

/// A part of a loop: the parts of its arrays, and its body on those.
fn part(
    arrays: &[(String, bool)],
    (start, length): (&Expr, &Expr),
    body: &[Stmt],
    var: &str,
    names: &mut Names,
) -> (Vec<Stmt>, Vec<Stmt>) {
    let mut body = body.to_vec();
    let mut header = Vec::new();
    for (base, mutable) in arrays {
        let name = names.fresh(&format!("{base}_part"));
        visit_accesses(&mut body, &mut |access, _| {
            if access.base == *base && access.index == [Expr::name(var)] {
                access.base = name.clone();
                access.storage = Storage::Nested;
            }
        });
        let (offset, length) = (start.clone(), length.clone());
        header.push(Stmt::Row { name, mutable: *mutable, source: base.clone(), offset, length });
    }
    (header, body)
}

/// Lets a body add to the sum of its lane.
fn add_in_lanes(body: &mut [Stmt], lanes: &[(String, String)], var: &str) {
    for stmt in body {
        let Stmt::AddAssign { name, value } = stmt else { continue };
        if let Some((_, lane)) = lanes.iter().find(|(sum, _)| sum == name) {
            let place = Access::nested(lane, vec![Expr::name(var)]);
            *stmt = Stmt::Store { place, value: value.clone(), add: true };
        }
    }
}

/// The sum of all lanes, pairwise.
fn total(lanes: &str) -> Expr {
    let lane = |at: i128| Expr::Element(Access::nested(lanes, vec![int(at)]));
    let sum = |a: Expr, b: Expr| Expr::Scalar(Scalar::Add, vec![a, b]);
    sum(sum(lane(0), lane(1)), sum(lane(2), lane(3)))
}
