//! Rows: where an inner loop runs along a part of a buffer, that part is taken as a slice just before the loop, so that
//! its bounds are checked once and not for each element.

use super::lanes::in_lanes;
use super::names::Names;
use super::offset::{Around, is_at_most, remainder, vanishes_with, zero};
use super::program::{Access, Expr, Stmt, Storage};
use super::shared_rows::share_rows;
use super::visit::{bound_names, each_stmt, mentions, visit_accesses, visit_blocks, visit_certain};
use crate::ir::IntOp;
use crate::ir::ids::Set;

/// Takes rows out of the innermost loops of a program.
pub fn take_rows(stmts: Vec<Stmt>, names: &mut Names) -> Vec<Stmt> {
    Rows { names, around: Around::default() }.take(stmts)
}

struct Rows<'a> {
    names: &'a mut Names,
    around: Around,
}

/// A row that a loop runs over: of which buffer, from where on.
#[derive(Clone, PartialEq)]
struct Row {
    base: String,
    offset: Expr,
    /// It is known that there is such a row, whoever asks for it.
    exists: bool,
    /// One of no elements may begin behind the end of the buffer.
    clamped: bool,
}

/// What a loop's body does with a row.
#[derive(Clone)]
struct Taken {
    row: Row,
    name: String,
    mutable: bool,
}

impl Rows<'_> {
    fn take(&mut self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let mut out = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            match stmt {
                Stmt::For { var, extent, reversed, body } => {
                    self.around.open(&var, &extent);
                    let mut body = self.take(body);
                    self.around.close();
                    let taken = self.rows_of_loop(&var, &extent, &mut body);
                    self.use_rows(&var, &extent, &taken, &mut body);
                    let extent = self.around.simplified(&extent);
                    out.extend(self.headers(taken, &extent));
                    let is_free = self.has_no_order(&var, &mut body);
                    let is_long = is_free && self.around.is_run_time(&extent);
                    match is_long.then(|| in_lanes(&var, &extent, &body, self.names)).flatten() {
                        Some(stmts) => out.extend(stmts),
                        None => out.push(Stmt::For { var, extent, reversed: reversed && !is_free, body }),
                    }
                }
                mut other => {
                    visit_blocks(&mut other, &mut |body| *body = self.take(std::mem::take(body)));
                    out.push(other);
                }
            }
        }
        self.bind_starts(share_rows(out))
    }

    /// While a buffer is borrowed to be written, it cannot be asked for its length.
    fn bind_starts(&mut self, stmts: Vec<Stmt>) -> Vec<Stmt> {
        let mut out = Vec::with_capacity(stmts.len());
        for mut stmt in stmts {
            if let Stmt::Row { mutable: true, source, offset: start, .. }
            | Stmt::Split { source, at: start, .. } = &mut stmt
                && mentions(start, source)
            {
                let name = self.names.fresh(&format!("{source}_at"));
                let value = std::mem::replace(start, Expr::Name(name.clone()));
                out.push(Stmt::Let { name, value });
            }
            out.push(stmt);
        }
        out
    }

    /// The rows that a loop's body can use.
    fn rows_of_loop(&mut self, var: &str, extent: &Expr, body: &mut [Stmt]) -> Vec<Taken> {
        let used_otherwise: Set<String> = used_as_a_whole(body);
        let mut found: Vec<Row> = Vec::new();
        let mut note = |row: Option<Row>| found.extend(row);
        let inside = bound_names(body);
        let steady = |e: &Expr| !mentions(e, var) && !inside.iter().any(|name| mentions(e, name));
        let row_of = |access: &Access| {
            row_of(access, var, extent, &self.around)
                .filter(|row| steady(&row.offset) && steady(extent) && !inside.contains(&row.base))
        };
        // What is certainly used is there if the loop runs at all.
        visit_certain(body, &mut |access| note(row_of(access)));
        visit_accesses(body, &mut |access, _| note(row_of(access).filter(|row| row.exists)));
        let mut taken: Vec<Taken> = Vec::new();
        for row in found {
            if !used_otherwise.contains(&row.base) && !taken.iter().any(|other| other.row == row) {
                taken.push(Taken { row, name: String::new(), mutable: false });
            }
        }
        let mut elsewhere: Set<String> = Set::default();
        visit_accesses(body, &mut |access, stored| {
            let row = row_of(access);
            match taken.iter_mut().find(|known| Some(&known.row) == row.as_ref()) {
                Some(known) => known.mutable |= stored,
                None => {
                    elsewhere.insert(access.base.clone());
                }
            }
        });
        let mut written: Set<String> = Set::default();
        body.iter().for_each(|stmt| super::visit::stored(stmt, &mut written));
        // Of a buffer that is written, the rows must not overlap, and nothing else of it may be used.
        let all = taken.clone();
        taken.retain(|Taken { row, .. }| {
            let of_base: Vec<&Row> =
                all.iter().map(|other| &other.row).filter(|other| other.base == row.base).collect();
            !written.contains(&row.base)
                || !elsewhere.contains(&row.base)
                    && match of_base[..] {
                        [_] => true,
                        [a, b] => apart(a, b, extent).is_some(),
                        _ => false,
                    }
        });
        for row in &mut taken {
            row.name = self.names.fresh(&format!("{}_row", row.row.base));
        }
        taken
    }

    /// Lets the body use the rows.
    fn use_rows(&self, var: &str, extent: &Expr, taken: &[Taken], body: &mut [Stmt]) {
        visit_accesses(body, &mut |access, _| {
            let Some(row) = row_of(access, var, extent, &self.around) else { return };
            if let Some(known) = taken.iter().find(|known| known.row == row) {
                *access = Access::nested(&known.name, vec![Expr::name(var)]);
            }
        });
    }

    /// The statements that take the rows.
    fn headers(&mut self, taken: Vec<Taken>, extent: &Expr) -> Vec<Stmt> {
        let mut out = Vec::new();
        let is_alone = |row: &Taken| {
            let others = taken.iter().filter(|other| other.row.base == row.row.base);
            others.clone().count() == 1 || others.into_iter().all(|other| !other.mutable)
        };
        for row in taken.iter().filter(|row| is_alone(row)) {
            out.push(statement(&row.name, row.mutable, &row.row.base, &row.row, extent));
        }
        let mut shared: Vec<&Taken> = taken.iter().filter(|row| !is_alone(row)).collect();
        while let Some(a) = shared.first().copied() {
            let Some(b) = shared.iter().copied().skip(1).find(|b| b.row.base == a.row.base) else { break };
            shared.retain(|row| row.row.base != a.row.base);
            let Some(is_in_order) = apart(&a.row, &b.row, extent) else {
                unreachable!("rows of a buffer that is written do not overlap")
            };
            let (first, second) = if is_in_order { (a, b) } else { (b, a) };
            let base = &a.row.base;
            let [low, high] = ["low", "high"].map(|part| self.names.fresh(&format!("{base}_{part}")));
            let at = start(&second.row, base);
            out.push(Stmt::Split { low: low.clone(), high: high.clone(), source: base.clone(), at });
            out.push(statement(&first.name, first.mutable, &low, &first.row, extent));
            let rest = Row { base: high.clone(), offset: zero(), exists: true, clamped: false };
            out.push(statement(&second.name, second.mutable, &high, &rest, extent));
        }
        out
    }

    /// Whether the iterations of a loop may run in any order: each writes elements of its own, reads no others of what is
    /// written, and what is added up is a cotangent.
    fn has_no_order(&self, var: &str, body: &mut [Stmt]) -> bool {
        let mut written: Vec<Access> = Vec::new();
        let mut is_simple = true;
        for stmt in body.iter() {
            match stmt {
                Stmt::Let { .. } => {}
                Stmt::Store { place, .. } => written.push(place.clone()),
                Stmt::AddAssign { name, .. } => is_simple &= self.names.cotangent(name).is_some(),
                _ => is_simple = false,
            }
        }
        let is_own = |place: &Access| {
            let (last, leading) = match place.index.split_last() {
                Some(parts) => parts,
                None => return false,
            };
            *last == Expr::name(var) && leading.iter().all(|i| !mentions(i, var))
        };
        let mut is_independent = is_simple && written.iter().all(is_own);
        let inside = bound_names(body);
        is_independent &= written.iter().all(|place| {
            place.index.iter().all(|i| *i == Expr::name(var) || !inside.iter().any(|name| mentions(i, name)))
        });
        visit_accesses(body, &mut |access, _| {
            is_independent &= written.iter().all(|place| place.base != access.base || place == access);
        });
        is_independent
    }
}

/// Which of two rows comes first, if it is known that they do not overlap: `true` for the first.
fn apart(a: &Row, b: &Row, extent: &Expr) -> Option<bool> {
    let before = |a: &Row, b: &Row| is_at_most(&sum(&a.offset, extent), &b.offset);
    if before(a, b) { Some(true) } else { before(b, a).then_some(false) }
}

fn sum(a: &Expr, b: &Expr) -> Expr {
    Expr::Int(IntOp::Add, vec![a.clone(), b.clone()])
}

/// The row along which an access runs with the loop's variable.
fn row_of(access: &Access, var: &str, extent: &Expr, around: &Around) -> Option<Row> {
    if access.checked {
        return None;
    }
    let (last, leading) = access.index.split_last()?;
    let is_flat = access.storage == Storage::Flat && access.dims.len() == access.index.len();
    let is_whole = *last == Expr::name(var) && access.dims.last() == Some(extent);
    if leading.is_empty() {
        // Over the whole of an array the compiler sees by itself that all its elements are there.
        let offset = remainder(last, var)?;
        let is_from_start = offset == zero() && (is_whole || access.dims.is_empty());
        let clamped = !vanishes_with(&offset, extent);
        let row = Row { base: access.base.clone(), offset, exists: false, clamped };
        let is_worth = !is_from_start && around.is_run_time(extent);
        return (is_worth && around.cannot_fail(&row.offset)).then_some(row);
    }
    if !is_flat {
        return None;
    }
    let position = position(leading, &access.dims);
    let scaled = |dim: &Expr| Expr::Int(IntOp::Mul, vec![position.clone(), dim.clone()]);
    if is_whole {
        return Some(Row { base: access.base.clone(), offset: scaled(extent), exists: true, clamped: false });
    }
    let within = remainder(last, var)?;
    let start = scaled(&access.dims[leading.len()]);
    let offset = if within == zero() { start } else { sum(&start, &within) };
    let is_row =
        within == zero() && leading.iter().zip(&access.dims).all(|(i, dim)| around.runs_over(i, dim));
    let row = Row { base: access.base.clone(), offset, exists: false, clamped: !is_row };
    (around.is_run_time(extent) && around.cannot_fail(&row.offset)).then_some(row)
}

/// The place of a row among all rows of a flat buffer.
fn position(leading: &[Expr], dims: &[Expr]) -> Expr {
    let mut position = leading[0].clone();
    for (index, dim) in leading.iter().zip(dims).skip(1) {
        let scaled = Expr::Int(IntOp::Mul, vec![position, dim.clone()]);
        position = sum(&scaled, index);
    }
    position
}

/// Buffers that a loop body uses as a whole.
fn used_as_a_whole(body: &[Stmt]) -> Set<String> {
    let mut found = Set::default();
    each_stmt(body, &mut |stmt| match stmt {
        Stmt::Row { source: name, mutable: true, .. }
        | Stmt::Split { source: name, .. }
        | Stmt::Refill { name, .. }
        | Stmt::Matmul { c: name, .. } => {
            found.insert(name.clone());
        }
        Stmt::Swap { a, b } => found.extend([a.clone(), b.clone()]),
        Stmt::Push { place, .. } => {
            found.insert(place.base.clone());
        }
        _ => {}
    });
    found
}

fn statement(name: &str, mutable: bool, source: &str, row: &Row, extent: &Expr) -> Stmt {
    Stmt::Row {
        name: name.to_string(),
        mutable,
        source: source.to_string(),
        offset: start(row, source),
        length: extent.clone(),
    }
}

fn start(row: &Row, source: &str) -> Expr {
    let end = Expr::Len(source.to_string());
    match &row.offset {
        offset if !row.clamped => offset.clone(),
        // A literal would need its type.
        offset @ Expr::Const(_) => Expr::Int(IntOp::Min, vec![end, offset.clone()]),
        offset => Expr::Int(IntOp::Min, vec![offset.clone(), end]),
    }
}
