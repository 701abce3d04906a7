//! Rows taken once: of statements side by side that take the same row, the first takes it for all.

use super::program::{Expr, Slice, Stmt};
use super::visit::{bound_names, mentions, visit_accesses, visit_stmts};

/// A row that can still be used.
struct Row {
    /// Where it is taken.
    at: usize,
    name: String,
    mutable: bool,
    source: String,
    offset: Expr,
    length: Expr,
    /// Something else has read its buffer since: it cannot be borrowed mutably from there.
    is_shared: bool,
}

/// What a statement does with a buffer other than through a row that is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    None,
    Read,
    Write,
}

/// Lets each statement use the row that an earlier one has taken.
pub fn share_rows(stmts: Vec<Stmt>) -> Vec<Stmt> {
    let mut out: Vec<Stmt> = Vec::with_capacity(stmts.len());
    let mut live: Vec<Row> = Vec::new();
    let mut renamed: Vec<(String, String)> = Vec::new();
    for mut stmt in stmts {
        rename(&mut stmt, &renamed);
        if let Stmt::Row { name, mutable, source, offset, length } = &stmt {
            let same = live.iter_mut().find(|row| {
                let is_same = (&row.source, &row.offset, &row.length) == (source, offset, length);
                is_same && (row.mutable || !mutable || !row.is_shared)
            });
            if let Some(row) = same {
                if let Stmt::Row { mutable: taken, .. } = &mut out[row.at] {
                    *taken |= *mutable;
                }
                row.mutable |= *mutable;
                renamed.push((name.clone(), row.name.clone()));
                continue;
            }
        }
        live.retain_mut(|row| {
            let used = use_of(&mut stmt, &row.source);
            row.is_shared |= used != Use::None;
            used == Use::None || used == Use::Read && !row.mutable
        });
        let bound = bound_names(std::slice::from_ref(&stmt));
        live.retain(|row| !bound.iter().any(|name| mentions(&row.offset, name) || *name == row.source));
        if let Stmt::Row { name, mutable, source, offset, length } = &stmt {
            live.push(Row {
                at: out.len(),
                name: name.clone(),
                mutable: *mutable,
                source: source.clone(),
                offset: offset.clone(),
                length: length.clone(),
                is_shared: false,
            });
        }
        out.push(stmt);
    }
    out
}

/// Lets a statement use rows under the names under which they have been taken.
fn rename(stmt: &mut Stmt, renamed: &[(String, String)]) {
    let rename = |base: &mut String| {
        if let Some((_, name)) = renamed.iter().find(|(old, _)| old == base) {
            *base = name.clone();
        }
    };
    visit_accesses(std::slice::from_mut(stmt), &mut |access, _| rename(&mut access.base));
    visit_stmts(std::slice::from_mut(stmt), &mut |stmt| {
        if let Stmt::Row { source, .. } | Stmt::Split { source, .. } = stmt {
            rename(source);
        }
    });
}

fn use_of(stmt: &mut Stmt, buffer: &str) -> Use {
    let mut found = Use::None;
    visit_accesses(std::slice::from_mut(stmt), &mut |access, stored| {
        if access.base == buffer {
            found = found.max(if stored { Use::Write } else { Use::Read });
        }
    });
    found.max(use_as_a_whole(stmt, buffer))
}

fn use_as_a_whole(stmt: &Stmt, buffer: &str) -> Use {
    let most = |stmts: &[Stmt]| stmts.iter().map(|s| use_as_a_whole(s, buffer)).max().unwrap_or(Use::None);
    match stmt {
        Stmt::Row { source, mutable, .. } if source == buffer => {
            if *mutable {
                Use::Write
            } else {
                Use::Read
            }
        }
        Stmt::Split { source, .. } if source == buffer => Use::Write,
        Stmt::Refill { name, .. } if name == buffer => Use::Write,
        Stmt::Swap { a, b } if a == buffer || b == buffer => Use::Write,
        Stmt::Matmul { c, .. } if c == buffer => Use::Write,
        Stmt::Matmul { operands, .. } => {
            let reads = operands.iter().any(|operand| match &operand.slice {
                Slice::Borrowed(name) | Slice::Flat(name) | Slice::Nested(name) => name == buffer,
            });
            if reads { Use::Read } else { Use::None }
        }
        Stmt::Push { place, .. } if place.base == buffer => Use::Write,
        Stmt::For { body, .. } => most(body),
        Stmt::While { head, body, .. } => most(head).max(most(body)),
        Stmt::If { then, otherwise, .. } => most(then).max(most(otherwise)),
        _ => Use::None,
    }
}
