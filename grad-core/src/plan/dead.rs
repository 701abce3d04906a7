//! Stores that nobody reads: a value may have been kept for a loop that in the end did without.

use super::inline::{count, count_stmt};
use super::program::{Expr, Place, Slice, Stmt};
use super::visit::{each_stmt, stored, visit_accesses, visit_blocks, visit_stmts};
use crate::ir::ids::{Map, Set};

/// Removes names and buffers that are never read, with what is stored in them and what was computed for that alone.
pub fn remove_dead(mut stmts: Vec<Stmt>, results: &[Place]) -> Vec<Stmt> {
    loop {
        let mut live = Live::default();
        live.read(&mut stmts, results);
        if !live.retain(&mut stmts) {
            return stmts;
        }
    }
}

/// The names whose values are used. That something is added to one is no use of it.
#[derive(Default)]
struct Live {
    names: Set<String>,
    swapped: Vec<(String, String)>,
}

impl Live {
    fn read(&mut self, stmts: &mut [Stmt], results: &[Place]) {
        let mut counts = Map::default();
        for place in results {
            match place {
                Place::Scalar(value) => {
                    count(value, &mut counts);
                    let mut result = [Stmt::Let { name: String::new(), value: value.clone() }];
                    self.mentioned(&mut result);
                }
                Place::Buffer(buffer) => {
                    self.names.insert(buffer.name.clone());
                    buffer.dims.iter().for_each(|dim| count(dim, &mut counts));
                }
            }
        }
        self.read_elements(stmts);
        stmts.iter().for_each(|stmt| count_stmt(stmt, &mut counts));
        let mut stores: Map<String, usize> = Map::default();
        visit_stmts(stmts, &mut |stmt| match stmt {
            Stmt::Assign { name, .. } | Stmt::AddAssign { name, .. } => {
                *stores.entry(name.clone()).or_default() += 1;
            }
            Stmt::Swap { a, b } => self.swapped.push((a.clone(), b.clone())),
            Stmt::Matmul { operands, .. } => {
                for operand in operands.iter() {
                    let (Slice::Borrowed(name) | Slice::Flat(name) | Slice::Nested(name)) = &operand.slice;
                    self.names.insert(name.clone());
                }
            }
            Stmt::Row { source, .. } | Stmt::Split { source, .. } => {
                self.names.insert(source.clone());
            }
            // What counts the iterations says when to stop.
            Stmt::While { bound: Some((counter, _)), .. } => {
                self.names.insert(counter.clone());
            }
            _ => {}
        });
        let is_read = |(name, count): &(String, usize)| stores.get(name).is_none_or(|stores| stores < count);
        self.names.extend(counts.into_iter().filter(is_read).map(|(name, _)| name));
        self.follow_swaps();
    }

    fn read_elements(&mut self, stmts: &mut [Stmt]) {
        visit_accesses(stmts, &mut |access, stored| {
            if !stored {
                self.names.insert(access.base.clone());
            }
        });
    }

    /// Nothing is removed from what is returned: all buffers that it mentions have to be there.
    fn mentioned(&mut self, result: &mut [Stmt]) {
        visit_accesses(result, &mut |access, _| {
            self.names.insert(access.base.clone());
        });
        visit_stmts(result, &mut |stmt| match stmt {
            Stmt::Swap { a, b } => self.names.extend([a.clone(), b.clone()]),
            Stmt::Refill { name, .. } => {
                self.names.insert(name.clone());
            }
            _ => {}
        });
    }

    /// What lies in one of two buffers that change places may be read in the other.
    fn follow_swaps(&mut self) {
        let mut count = 0;
        while count < self.names.len() {
            count = self.names.len();
            for (a, b) in &self.swapped {
                if self.names.contains(a) || self.names.contains(b) {
                    self.names.extend([a.clone(), b.clone()]);
                }
            }
        }
    }

    /// Keeps what is used; whether anything is not.
    fn retain(&self, stmts: &mut Vec<Stmt>) -> bool {
        let before = stmts.len();
        let mut has_changed = false;
        for stmt in stmts.iter_mut().filter(|stmt| self.is_dead(stmt) && self.does_more(stmt)) {
            has_changed |= only_branch(stmt);
        }
        stmts.retain(|stmt| !self.is_dead(stmt) || self.does_more(stmt));
        has_changed |= stmts.len() < before;
        for stmt in stmts.iter_mut() {
            visit_blocks(stmt, &mut |body| has_changed |= self.retain(body));
        }
        has_changed
    }

    /// Whether something else is changed on the way to a value, in its branches.
    fn does_more(&self, stmt: &Stmt) -> bool {
        let (mut changed, mut own) = (Set::default(), Set::default());
        let mut panics = false;
        each_stmt(std::slice::from_ref(stmt), &mut |inner| match inner {
            Stmt::Let { name, .. } | Stmt::LetMut { name, .. } | Stmt::Buffer { name, .. } => {
                own.insert(name.clone());
            }
            Stmt::LetTuple { names, .. } => own.extend(names.iter().cloned()),
            Stmt::Assign { name, .. } | Stmt::AddAssign { name, .. } if !std::ptr::eq(inner, stmt) => {
                changed.insert(name.clone());
            }
            Stmt::Panic { .. } => panics = true,
            _ => {}
        });
        if let Stmt::Let { .. } | Stmt::LetTuple { .. } | Stmt::LetMut { .. } = stmt {
            stored(stmt, &mut changed);
        }
        panics || changed.iter().any(|name| self.names.contains(name) && !own.contains(name))
    }

    fn is_dead(&self, stmt: &Stmt) -> bool {
        match stmt {
            Stmt::Let { name, .. }
            | Stmt::LetMut { name, .. }
            | Stmt::Buffer { name, .. }
            | Stmt::Refill { name, .. }
            | Stmt::Assign { name, .. }
            | Stmt::AddAssign { name, .. }
            | Stmt::Swap { a: name, .. }
            | Stmt::Matmul { c: name, .. } => !self.names.contains(name),
            Stmt::LetTuple { names, .. } => names.iter().all(|name| !self.names.contains(name)),
            Stmt::Store { place, .. } | Stmt::Push { place, .. } => !self.names.contains(&place.base),
            Stmt::For { body, .. } => body.is_empty(),
            Stmt::If { then, otherwise, .. } => then.is_empty() && otherwise.is_empty(),
            Stmt::While { .. }
            | Stmt::Row { .. }
            | Stmt::Split { .. }
            | Stmt::Panic { .. }
            | Stmt::Copy { .. } => false,
        }
    }
}

/// Of `let a = if c { …; x } else { …; y };` what is done beside, if `a` is not needed.
fn only_branch(stmt: &mut Stmt) -> bool {
    let (Stmt::Let { value, .. } | Stmt::LetTuple { value, .. }) = stmt else { return false };
    let Expr::If(condition, then, otherwise) = value else { return false };
    let condition = std::mem::replace(&mut **condition, Expr::Tuple(Vec::new()));
    let (then, otherwise) = (std::mem::take(&mut then.stmts), std::mem::take(&mut otherwise.stmts));
    *stmt = Stmt::If { condition, then, otherwise };
    true
}
