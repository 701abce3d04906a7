//! Rows: where an inner loop runs along the last axis of a flat buffer, the row is taken as a slice just before
//! the loop, so that its bounds are checked once and not for each element.

use super::names::Names;
use super::program::{Access, Expr, Stmt, Storage};
use super::shared_rows::share_rows;
use super::visit::{bound_names, mentions, visit_accesses};
use crate::ir::ids::Set;
use crate::ir::{Const, Int, IntOp};

/// Takes rows out of the innermost loops of a program.
pub fn take_rows(stmts: Vec<Stmt>, names: &mut Names) -> Vec<Stmt> {
    let mut out = Vec::with_capacity(stmts.len());
    for stmt in stmts {
        match stmt {
            Stmt::For { var, extent, reversed, body } => {
                let body = take_rows(body, names);
                let mut header = Vec::new();
                let body = rows_of_loop(&var, &extent, body, &mut header, names);
                out.extend(header);
                out.push(Stmt::For { var, extent, reversed, body });
            }
            Stmt::While { bound, head, until, body } => {
                let (head, body) = (take_rows(head, names), take_rows(body, names));
                out.push(Stmt::While { bound, head, until, body });
            }
            Stmt::If { condition, then, otherwise } => out.push(Stmt::If {
                condition,
                then: take_rows(then, names),
                otherwise: take_rows(otherwise, names),
            }),
            other => out.push(other),
        }
    }
    share_rows(out)
}

/// A row that a loop runs over: of which buffer, at which leading indices.
#[derive(Clone, PartialEq)]
struct Row {
    base: String,
    leading: Vec<Expr>,
    dims: Vec<Expr>,
}

fn rows_of_loop(
    var: &str,
    extent: &Expr,
    mut body: Vec<Stmt>,
    header: &mut Vec<Stmt>,
    names: &mut Names,
) -> Vec<Stmt> {
    let inside = bound_names(&body);
    let mut rows: Vec<(Row, bool)> = Vec::new();
    let mut excluded: Set<String> = other_uses(&body);
    visit_accesses(&mut body, &mut |access, stored| match row_of(access, var, extent, &inside) {
        Some(row) => match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, mutable)) => *mutable |= stored,
            None => rows.push((row, stored)),
        },
        // An element elsewhere in a buffer that is written in the loop: the row would be borrowed twice.
        None if access.storage == Storage::Flat && stored => {
            excluded.insert(access.base.clone());
        }
        None => {}
    });
    // A buffer that is written keeps its rows only if it has just one and nothing else of it is read.
    let mut elsewhere: Set<String> = Set::default();
    visit_accesses(&mut body, &mut |access, _| {
        if row_of(access, var, extent, &inside).is_none() {
            elsewhere.insert(access.base.clone());
        }
    });
    let kept: Vec<(Row, bool)> = rows
        .iter()
        .filter(|(row, _)| {
            let of_base = || rows.iter().filter(|(other, _)| other.base == row.base);
            let written = of_base().any(|(_, mutable)| *mutable);
            !excluded.contains(&row.base)
                && (!written || of_base().count() == 1 && !elsewhere.contains(&row.base))
        })
        .cloned()
        .collect();
    let named: Vec<(Row, String)> = kept
        .into_iter()
        .map(|(row, mutable)| {
            let name = names.fresh(&format!("{}_row", row.base));
            header.push(statement(&row, &name, mutable, extent));
            (row, name)
        })
        .collect();
    visit_accesses(&mut body, &mut |access, _| {
        let Some(row) = row_of(access, var, extent, &inside) else { return };
        if let Some((_, name)) = named.iter().find(|(known, _)| *known == row) {
            *access = Access {
                base: name.clone(),
                index: vec![Expr::name(var)],
                dims: Vec::new(),
                storage: Storage::Nested,
                checked: false,
            };
        }
    });
    body
}

/// The row along which an access runs with the loop's variable, if its other indices stand still.
fn row_of(access: &Access, var: &str, extent: &Expr, inside: &Set<String>) -> Option<Row> {
    let (last, leading) = access.index.split_last()?;
    let still = |e: &Expr| !mentions(e, var) && !inside.iter().any(|name| mentions(e, name));
    let along = *last == Expr::name(var) && access.dims.last() == Some(extent);
    let is_row = access.storage == Storage::Flat
        && !access.checked
        && along
        && !leading.is_empty()
        && leading.iter().all(still)
        && still(extent)
        && !inside.contains(&access.base);
    is_row.then(|| Row { base: access.base.clone(), leading: leading.to_vec(), dims: access.dims.clone() })
}

/// Buffers that a loop body uses as a whole.
fn other_uses(body: &[Stmt]) -> Set<String> {
    let mut found = Set::default();
    for stmt in body {
        match stmt {
            Stmt::Row { source, mutable: true, .. } => {
                found.insert(source.clone());
            }
            Stmt::Refill { name, .. } => {
                found.insert(name.clone());
            }
            Stmt::Swap { a, b } => found.extend([a.clone(), b.clone()]),
            Stmt::Matmul { c, .. } => {
                found.insert(c.clone());
            }
            Stmt::For { body, .. } => found.extend(other_uses(body)),
            Stmt::While { head, body, .. } => {
                found.extend(other_uses(head));
                found.extend(other_uses(body));
            }
            Stmt::Push { place, .. } => {
                found.insert(place.base.clone());
            }
            Stmt::If { then, otherwise, .. } => {
                found.extend(other_uses(then));
                found.extend(other_uses(otherwise));
            }
            _ => {}
        }
    }
    found
}

fn statement(row: &Row, name: &str, mutable: bool, extent: &Expr) -> Stmt {
    let mut position: Option<Expr> = None;
    for (index, dim) in row.leading.iter().zip(&row.dims) {
        position = Some(match position {
            None => index.clone(),
            Some(before) => {
                let scaled = Expr::Int(IntOp::Mul, vec![before, dim.clone()]);
                Expr::Int(IntOp::Add, vec![scaled, index.clone()])
            }
        });
    }
    let position = position.unwrap_or(Expr::Const(Const::Int(0, Int::Usize)));
    let offset = Expr::Int(IntOp::Mul, vec![position, extent.clone()]);
    Stmt::Row { name: name.to_string(), mutable, source: row.base.clone(), offset, length: extent.clone() }
}
