//! Invented names that are used once, soon after, give way to what they stand for.

use super::program::{Block, Expr, Place, Stmt};
use super::visit::{bound_names, mentions, stored};
use crate::ir::ids::{Map, Set};

/// Operators and calls nest at most this deep after inlining.
const DEPTH: usize = 5;

/// At most so many names wait for their use.
const FAR: usize = 6;

/// Inlines invented names (those that `is_invented` knows) where nothing comes between them and their only use.
/// What is returned, `results`, uses names too.
pub fn inline_once(stmts: Vec<Stmt>, results: &[Place], is_invented: &dyn Fn(&str) -> bool) -> Vec<Stmt> {
    let mut uses: Map<String, usize> = Map::default();
    for place in results {
        if let Place::Scalar(value) = place {
            count(value, &mut uses);
        }
    }
    stmts.iter().for_each(|s| count_stmt(s, &mut uses));
    inline(stmts, &uses, is_invented)
}

fn inline(stmts: Vec<Stmt>, uses: &Map<String, usize>, is_invented: &dyn Fn(&str) -> bool) -> Vec<Stmt> {
    let mut out: Vec<Stmt> = Vec::with_capacity(stmts.len());
    let mut waiting: Vec<(String, Expr)> = Vec::new();
    for mut stmt in stmts {
        // What stands in front of the statement is used by it, or has to be written before it.
        let mut early = Vec::new();
        for (name, value) in std::mem::take(&mut waiting) {
            let mentioned = mentions_stmt(&stmt, &name);
            if mentioned && is_direct_use(&stmt, &name) && try_replace(&mut stmt, &name, &value) {
                continue;
            }
            if mentioned || changes(&stmt, &value) {
                early.push(Stmt::Let { name, value });
            } else {
                waiting.push((name, value));
            }
        }
        out.extend(early);
        match stmt {
            Stmt::Let { name, value }
                if is_invented(&name) && uses.get(&name) == Some(&1) && value.depth() < DEPTH =>
            {
                waiting.push((name, value));
                // Far from its use a name is easier to read than what it stands for.
                if waiting.len() > FAR {
                    let (name, value) = waiting.remove(0);
                    out.push(Stmt::Let { name, value });
                }
            }
            Stmt::For { var, extent, reversed, body } => {
                let body = inline(body, uses, is_invented);
                flush(&mut waiting, &mut out);
                out.push(Stmt::For { var, extent, reversed, body });
            }
            Stmt::While { bound, head, until, body } => {
                flush(&mut waiting, &mut out);
                let head = inline(head, uses, is_invented);
                let body = inline(body, uses, is_invented);
                out.push(Stmt::While { bound, head, until, body });
            }
            Stmt::If { condition, then, otherwise } => {
                flush(&mut waiting, &mut out);
                let then = inline(then, uses, is_invented);
                let otherwise = inline(otherwise, uses, is_invented);
                out.push(Stmt::If { condition, then, otherwise });
            }
            other => out.push(other),
        }
    }
    flush(&mut waiting, &mut out);
    out
}

fn flush(waiting: &mut Vec<(String, Expr)>, out: &mut Vec<Stmt>) {
    out.extend(waiting.drain(..).map(|(name, value)| Stmt::Let { name, value }));
}

/// The expression in which a statement may take a name's value: it is evaluated once, where the statement is.
fn direct_value(stmt: &mut Stmt) -> Option<&mut Expr> {
    match stmt {
        Stmt::Let { value, .. }
        | Stmt::LetMut { value, .. }
        | Stmt::Assign { value, .. }
        | Stmt::AddAssign { value, .. }
        | Stmt::Store { value, .. } => Some(value),
        _ => None,
    }
}

fn is_direct_use(stmt: &Stmt, name: &str) -> bool {
    let mut stmt = stmt.clone();
    direct_value(&mut stmt).is_some_and(|value| occurs_plainly(value, name))
}

/// Whether a name occurs outside of indices and blocks.
fn occurs_plainly(expr: &Expr, name: &str) -> bool {
    let any = |parts: &[Expr]| parts.iter().any(|p| occurs_plainly(p, name));
    match expr {
        Expr::Name(own) => own == name,
        Expr::Scalar(_, parts) | Expr::Array(parts) => any(parts),
        Expr::Compare(_, a, b) => occurs_plainly(a, name) || occurs_plainly(b, name),
        Expr::If(c, ..) => occurs_plainly(c, name),
        _ => false,
    }
}

fn try_replace(stmt: &mut Stmt, name: &str, value: &Expr) -> bool {
    let Some(place) = direct_value(stmt) else { return false };
    let mut new = place.clone();
    replace(&mut new, name, value);
    if new.depth() > DEPTH
        || matches!(value, Expr::If(..) | Expr::Block(_)) && !matches!(place, Expr::Name(_))
    {
        return false;
    }
    *place = new;
    true
}

fn replace(expr: &mut Expr, name: &str, value: &Expr) {
    match expr {
        Expr::Name(own) if own == name => *expr = value.clone(),
        Expr::Scalar(_, parts) | Expr::Array(parts) => parts.iter_mut().for_each(|p| replace(p, name, value)),
        Expr::Compare(_, a, b) => {
            replace(a, name, value);
            replace(b, name, value);
        }
        Expr::If(c, ..) => replace(c, name, value),
        _ => {}
    }
}

/// Whether a statement changes something on which a value depends.
fn changes(stmt: &Stmt, value: &Expr) -> bool {
    let mut touched: Set<String> = bound_names(std::slice::from_ref(stmt));
    stored(stmt, &mut touched);
    touched.iter().any(|name| mentions(value, name))
}

fn mentions_stmt(stmt: &Stmt, name: &str) -> bool {
    let mut uses = Map::default();
    count_stmt(stmt, &mut uses);
    uses.contains_key(name)
}

pub fn count_stmt(stmt: &Stmt, uses: &mut Map<String, usize>) {
    match stmt {
        Stmt::Let { value, .. } | Stmt::LetTuple { value, .. } | Stmt::LetMut { value, .. } => {
            count(value, uses)
        }
        Stmt::Assign { name, value } | Stmt::AddAssign { name, value } => {
            *uses.entry(name.clone()).or_default() += 1;
            count(value, uses);
        }
        Stmt::Store { place, value, .. } => {
            place.index.iter().chain(&place.dims).for_each(|e| count(e, uses));
            count(value, uses);
        }
        Stmt::For { extent, body, .. } => {
            count(extent, uses);
            body.iter().for_each(|s| count_stmt(s, uses));
        }
        Stmt::While { bound, head, until, body } => {
            bound.iter().for_each(|(_, bound)| count(bound, uses));
            count(until, uses);
            head.iter().chain(body).for_each(|s| count_stmt(s, uses));
        }
        Stmt::Push { place, dims, .. } => place.index.iter().chain(dims).for_each(|e| count(e, uses)),
        Stmt::If { condition, then, otherwise } => {
            count(condition, uses);
            then.iter().chain(otherwise).for_each(|s| count_stmt(s, uses));
        }
        Stmt::Panic { shown, .. } => shown.iter().for_each(|e| count(e, uses)),
        Stmt::Row { offset, length, .. } => {
            count(offset, uses);
            count(length, uses);
        }
        Stmt::Split { at, .. } => count(at, uses),
        Stmt::Buffer { dims, .. } => dims.iter().for_each(|d| count(d, uses)),
        Stmt::Copy { .. } | Stmt::Refill { .. } | Stmt::Swap { .. } => {}
        Stmt::Matmul { operands, extents, .. } => {
            let strides = operands.iter().flat_map(|m| [&m.row_stride, &m.column_stride]);
            extents.iter().chain(strides).for_each(|e| count(e, uses));
        }
    }
}

fn count_block(block: &Block, uses: &mut Map<String, usize>) {
    block.stmts.iter().for_each(|s| count_stmt(s, uses));
    block.value.iter().for_each(|v| count(v, uses));
}

pub fn count(expr: &Expr, uses: &mut Map<String, usize>) {
    match expr {
        Expr::Name(name) => *uses.entry(name.clone()).or_default() += 1,
        Expr::Const(_) | Expr::Symbol(_) | Expr::Len(_) => {}
        Expr::Scalar(_, parts)
        | Expr::Logic(_, parts)
        | Expr::Int(_, parts)
        | Expr::Array(parts)
        | Expr::Tuple(parts) => {
            parts.iter().for_each(|p| count(p, uses));
        }
        Expr::Compare(_, a, b) => {
            count(a, uses);
            count(b, uses);
        }
        Expr::Cast(_, a) => count(a, uses),
        Expr::Element(access) => access.index.iter().chain(&access.dims).for_each(|i| count(i, uses)),
        Expr::If(c, a, b) => {
            count(c, uses);
            count_block(a, uses);
            count_block(b, uses);
        }
        Expr::Block(block) => count_block(block, uses),
    }
}
