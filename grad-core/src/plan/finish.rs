//! The last steps: what is dead goes, results are returned where they lie, names that are used once give way, loops
//! over stencils are taken apart, rows and whole arrays are taken as slices.

use super::copies::{copy_at_once, return_in_place};
use super::dead::remove_dead;
use super::distribute::distribute;
use super::inline::inline_once;
use super::program::{Mutable, Place, Program, Stmt};
use super::rows::take_rows;
use super::schedule::{Planner, Root};
use super::visit::stored;
use crate::ir::ids::Set;

impl Planner<'_> {
    /// The program of these statements.
    pub(super) fn finish(mut self, stmts: Vec<Stmt>, mut results: Vec<Place>, roots: &[Root]) -> Program {
        let mut all = std::mem::take(&mut self.top);
        all.extend(stmts);
        let all = remove_dead(all, &results);
        let mut all = return_in_place(all, &mut results, roots);
        self.name_gradients(&mut all, &mut results, roots);
        let saved = self.saved(&mut all, &results);
        let slices = self.slices();
        let mut names = self.names;
        let all = inline_once(all, &results, &|name| names.is_invented(name));
        let all = distribute(all, &names);
        let mut stmts = take_rows(all, &mut names);
        copy_at_once(&mut stmts, &slices);
        settle_mutability(&mut stmts);
        Program { extents: self.extents, stmts, results, saved }
    }
}

/// Products that nothing writes again need no `mut`.
fn settle_mutability(stmts: &mut [Stmt]) {
    let mut written = Set::default();
    stmts.iter().for_each(|stmt| stored(stmt, &mut written));
    for stmt in stmts {
        if let Stmt::Matmul { c, declare: Some(mutable), .. } = stmt {
            *mutable = Mutable(written.contains(c));
        }
    }
}
