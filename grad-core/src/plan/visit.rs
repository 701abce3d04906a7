//! Walks over a program's statements and expressions.

use super::program::{Access, Block, Expr, Stmt};
use crate::ir::ids::Set;

/// Calls `f` for every element that some statements read or store, with whether they store it.
pub fn visit_accesses(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut Access, bool)) {
    for stmt in stmts {
        match stmt {
            Stmt::Let { value, .. }
            | Stmt::LetTuple { value, .. }
            | Stmt::LetMut { value, .. }
            | Stmt::Assign { value, .. }
            | Stmt::AddAssign { value, .. } => visit_expr(value, f),
            Stmt::Store { place, value, .. } => {
                visit_expr(value, f);
                place.index.iter_mut().for_each(|i| visit_expr(i, f));
                f(place, true);
            }
            Stmt::For { extent, body, .. } => {
                visit_expr(extent, f);
                visit_accesses(body, f);
            }
            Stmt::While { bound, head, until, body } => {
                bound.iter_mut().for_each(|(_, bound)| visit_expr(bound, f));
                visit_accesses(head, f);
                visit_expr(until, f);
                visit_accesses(body, f);
            }
            Stmt::Push { place, dims, .. } => {
                place.index.iter_mut().for_each(|i| visit_expr(i, f));
                dims.iter_mut().for_each(|d| visit_expr(d, f));
            }
            Stmt::If { condition, then, otherwise } => {
                visit_expr(condition, f);
                visit_accesses(then, f);
                visit_accesses(otherwise, f);
            }
            Stmt::Row { offset, length, .. } => {
                visit_expr(offset, f);
                visit_expr(length, f);
            }
            Stmt::Panic { shown, .. } => shown.iter_mut().for_each(|s| visit_expr(s, f)),
            Stmt::Split { at, .. } => visit_expr(at, f),
            Stmt::Buffer { dims, .. } => dims.iter_mut().for_each(|d| visit_expr(d, f)),
            Stmt::Copy { .. } | Stmt::Refill { .. } | Stmt::Swap { .. } | Stmt::Matmul { .. } => {}
        }
    }
}

fn visit_block(block: &mut Block, f: &mut dyn FnMut(&mut Access, bool)) {
    visit_accesses(&mut block.stmts, f);
    if let Some(value) = &mut block.value {
        visit_expr(value, f);
    }
}

fn visit_expr(expr: &mut Expr, f: &mut dyn FnMut(&mut Access, bool)) {
    match expr {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) | Expr::Len(_) => {}
        Expr::Scalar(_, parts)
        | Expr::Logic(_, parts)
        | Expr::Int(_, parts)
        | Expr::Array(parts)
        | Expr::Tuple(parts) => {
            parts.iter_mut().for_each(|p| visit_expr(p, f));
        }
        Expr::Compare(_, a, b) => {
            visit_expr(a, f);
            visit_expr(b, f);
        }
        Expr::Cast(_, a) => visit_expr(a, f),
        Expr::Element(access) => {
            access.index.iter_mut().for_each(|i| visit_expr(i, f));
            f(access, false);
        }
        Expr::If(c, a, b) => {
            visit_expr(c, f);
            visit_block(a, f);
            visit_block(b, f);
        }
        Expr::Block(block) => visit_block(block, f),
    }
}

/// Calls `f` for every element that some statements use in any case: not in a branch, nor in a loop.
pub fn visit_certain(stmts: &[Stmt], f: &mut dyn FnMut(&Access)) {
    for stmt in stmts {
        match stmt {
            Stmt::Let { value, .. }
            | Stmt::LetTuple { value, .. }
            | Stmt::LetMut { value, .. }
            | Stmt::Assign { value, .. }
            | Stmt::AddAssign { value, .. } => visit_certain_of(value, f),
            Stmt::Store { place, value, .. } => {
                visit_certain_of(value, f);
                place.index.iter().for_each(|i| visit_certain_of(i, f));
                f(place);
            }
            Stmt::If { condition, .. } => visit_certain_of(condition, f),
            _ => {}
        }
    }
}

fn visit_certain_of(expr: &Expr, f: &mut dyn FnMut(&Access)) {
    match expr {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) | Expr::Len(_) => {}
        Expr::Scalar(_, parts) | Expr::Int(_, parts) | Expr::Array(parts) | Expr::Tuple(parts) => {
            parts.iter().for_each(|part| visit_certain_of(part, f));
        }
        Expr::Compare(_, a, b) => [a, b].into_iter().for_each(|part| visit_certain_of(part, f)),
        Expr::Cast(_, inner) => visit_certain_of(inner, f),
        Expr::Element(access) => {
            access.index.iter().for_each(|i| visit_certain_of(i, f));
            f(access);
        }
        Expr::If(condition, ..) => visit_certain_of(condition, f),
        Expr::Logic(_, parts) => parts.iter().take(1).for_each(|part| visit_certain_of(part, f)),
        Expr::Block(block) => {
            visit_certain(&block.stmts, f);
            block.value.iter().for_each(|value| visit_certain_of(value, f));
        }
    }
}

/// Calls `f` for each sequence of statements that stands directly in a statement or in its expressions.
pub fn visit_blocks(stmt: &mut Stmt, f: &mut dyn FnMut(&mut Vec<Stmt>)) {
    match stmt {
        Stmt::Let { value, .. }
        | Stmt::LetTuple { value, .. }
        | Stmt::LetMut { value, .. }
        | Stmt::Assign { value, .. }
        | Stmt::AddAssign { value, .. }
        | Stmt::Store { value, .. } => visit_blocks_of(value, f),
        Stmt::For { body, .. } => f(body),
        Stmt::While { head, until, body, .. } => {
            f(head);
            visit_blocks_of(until, f);
            f(body);
        }
        Stmt::If { condition, then, otherwise } => {
            visit_blocks_of(condition, f);
            f(then);
            f(otherwise);
        }
        Stmt::Panic { shown, .. } => shown.iter_mut().for_each(|value| visit_blocks_of(value, f)),
        Stmt::Push { .. }
        | Stmt::Row { .. }
        | Stmt::Split { .. }
        | Stmt::Buffer { .. }
        | Stmt::Copy { .. }
        | Stmt::Refill { .. }
        | Stmt::Swap { .. }
        | Stmt::Matmul { .. } => {}
    }
}

/// Calls `f` for some statements and all that stand in them.
pub fn visit_stmts(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut Stmt)) {
    for stmt in stmts {
        f(stmt);
        visit_blocks(stmt, &mut |body| visit_stmts(body, f));
    }
}

fn visit_blocks_of(expr: &mut Expr, f: &mut dyn FnMut(&mut Vec<Stmt>)) {
    let mut visit = |block: &mut Block| {
        f(&mut block.stmts);
        block.value.iter_mut().for_each(|value| visit_blocks_of(value, f));
    };
    match expr {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) | Expr::Element(_) | Expr::Len(_) => {}
        Expr::Scalar(_, parts)
        | Expr::Logic(_, parts)
        | Expr::Int(_, parts)
        | Expr::Array(parts)
        | Expr::Tuple(parts) => parts.iter_mut().for_each(|part| visit_blocks_of(part, f)),
        Expr::Compare(_, a, b) => [a, b].into_iter().for_each(|part| visit_blocks_of(part, f)),
        Expr::Cast(_, a) => visit_blocks_of(a, f),
        Expr::If(condition, then, otherwise) => {
            visit(then);
            visit(otherwise);
            visit_blocks_of(condition, f);
        }
        Expr::Block(block) => visit(block),
    }
}

/// Whether an expression mentions a name.
pub fn mentions(expr: &Expr, name: &str) -> bool {
    let any = |parts: &[Expr]| parts.iter().any(|p| mentions(p, name));
    match expr {
        Expr::Name(own) | Expr::Len(own) => own == name,
        Expr::Const(_) | Expr::Symbol(_) => false,
        Expr::Scalar(_, parts)
        | Expr::Logic(_, parts)
        | Expr::Int(_, parts)
        | Expr::Array(parts)
        | Expr::Tuple(parts) => any(parts),
        Expr::Compare(_, a, b) => mentions(a, name) || mentions(b, name),
        Expr::Cast(_, a) => mentions(a, name),
        Expr::Element(access) => access.base == name || any(&access.index) || any(&access.dims),
        // What stands in blocks is not looked into: it may mention anything.
        Expr::If(..) | Expr::Block(_) => true,
    }
}

/// The sequences of statements that stand directly in a statement or in its expressions.
fn blocks(stmt: &Stmt) -> Vec<&[Stmt]> {
    let mut found = Vec::new();
    match stmt {
        Stmt::Let { value, .. }
        | Stmt::LetTuple { value, .. }
        | Stmt::LetMut { value, .. }
        | Stmt::Assign { value, .. }
        | Stmt::AddAssign { value, .. }
        | Stmt::Store { value, .. } => blocks_of(value, &mut found),
        Stmt::For { body, .. } => found.push(body),
        Stmt::While { head, until, body, .. } => {
            found.extend([&head[..], &body[..]]);
            blocks_of(until, &mut found);
        }
        Stmt::If { condition, then, otherwise } => {
            found.extend([&then[..], &otherwise[..]]);
            blocks_of(condition, &mut found);
        }
        Stmt::Panic { shown, .. } => shown.iter().for_each(|value| blocks_of(value, &mut found)),
        _ => {}
    }
    found
}

fn blocks_of<'a>(expr: &'a Expr, found: &mut Vec<&'a [Stmt]>) {
    let block = |block: &'a Block, found: &mut Vec<&'a [Stmt]>| {
        found.push(&block.stmts);
        block.value.iter().for_each(|value| blocks_of(value, found));
    };
    match expr {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) | Expr::Element(_) | Expr::Len(_) => {}
        Expr::Scalar(_, parts)
        | Expr::Logic(_, parts)
        | Expr::Int(_, parts)
        | Expr::Array(parts)
        | Expr::Tuple(parts) => parts.iter().for_each(|part| blocks_of(part, found)),
        Expr::Compare(_, a, b) => [a, b].into_iter().for_each(|part| blocks_of(part, found)),
        Expr::Cast(_, a) => blocks_of(a, found),
        Expr::If(condition, then, otherwise) => {
            blocks_of(condition, found);
            block(then, found);
            block(otherwise, found);
        }
        Expr::Block(inner) => block(inner, found),
    }
}

/// Calls `f` for some statements and all that stand in them.
pub fn each_stmt<'a>(stmts: &'a [Stmt], f: &mut dyn FnMut(&'a Stmt)) {
    for stmt in stmts {
        f(stmt);
        blocks(stmt).into_iter().for_each(|body| each_stmt(body, f));
    }
}

/// The names that some statements bind or assign.
pub fn bound_names(stmts: &[Stmt]) -> Set<String> {
    let mut found = Set::default();
    each_stmt(stmts, &mut |stmt| match stmt {
        Stmt::Let { name, .. }
        | Stmt::LetMut { name, .. }
        | Stmt::Buffer { name, .. }
        | Stmt::Assign { name, .. }
        | Stmt::AddAssign { name, .. }
        | Stmt::Row { name, .. }
        | Stmt::For { var: name, .. }
        | Stmt::Matmul { c: name, declare: Some(_), .. }
        | Stmt::Copy { to: name, declare: true, .. } => {
            found.insert(name.clone());
        }
        Stmt::LetTuple { names, .. } => found.extend(names.iter().cloned()),
        Stmt::Split { low, high, .. } => found.extend([low.clone(), high.clone()]),
        _ => {}
    });
    found
}

/// Adds the buffers that a statement writes.
pub fn stored(stmt: &Stmt, into: &mut Set<String>) {
    each_stmt(std::slice::from_ref(stmt), &mut |stmt| match stmt {
        Stmt::Store { place, .. } | Stmt::Push { place, .. } => {
            into.insert(place.base.clone());
        }
        Stmt::Swap { a, b } => into.extend([a.clone(), b.clone()]),
        Stmt::Refill { name, .. }
        | Stmt::Row { source: name, mutable: true, .. }
        | Stmt::Split { source: name, .. }
        | Stmt::Matmul { c: name, declare: None, .. }
        | Stmt::Copy { to: name, declare: false, .. } => {
            into.insert(name.clone());
        }
        _ => {}
    });
}
