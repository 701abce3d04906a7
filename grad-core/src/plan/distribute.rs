//! Loop distribution: where a loop adds to several displaced elements of an array, as the way back through a stencil does,
//! each iteration waits for the stores of those before it. A loop for each of the displacements, which computes again what
//! is little, runs along rows of the array, many elements at a time.
//!
//! Each element gets its terms in the order in which the one loop adds them: what is further ahead comes first, because
//! an earlier iteration adds it.

use super::inline::{count, inline_once};
use super::names::Names;
use super::offset::{is_at_most, one, remainder, zero};
use super::program::{Access, Expr, Stmt};
use super::visit::{bound_names, mentions, visit_accesses, visit_blocks};
use crate::ir::Const;
use crate::ir::IntOp;
use crate::ir::ids::{Map, Set};
use crate::ir::scalar::Cost;

/// What may be computed again for each displacement, in additions and loads.
const LIGHT: u32 = 20;

/// And for all of them together: beyond that, one loop that waits is faster.
const ALL: u32 = 80;

/// Functions that cost more have no instruction of their own.
const INSTRUCTION: Cost = Cost(6);

/// The compiler unrolls loops of fewer iterations by itself.
const SHORT: i128 = 16;

/// Takes the loops of a program apart where that makes them faster.
pub fn distribute(stmts: Vec<Stmt>, names: &Names) -> Vec<Stmt> {
    let mut out = Vec::with_capacity(stmts.len());
    for stmt in stmts {
        match stmt {
            Stmt::For { var, extent, reversed, body } => {
                let body = distribute(body, names);
                let own = Loop { var: &var, extent: &extent, reversed, body: &body };
                let bodies = own.parts().unwrap_or_else(|| vec![body.clone()]);
                let is_whole = bodies.len() == 1;
                for body in bodies {
                    let body =
                        if is_whole { body } else { inline_once(body, &[], &|n| names.is_invented(n)) };
                    out.push(Stmt::For { var: var.clone(), extent: extent.clone(), reversed, body });
                }
            }
            mut other => {
                visit_blocks(&mut other, &mut |body| *body = distribute(std::mem::take(body), names));
                out.push(other);
            }
        }
    }
    out
}

struct Loop<'a> {
    var: &'a str,
    extent: &'a Expr,
    reversed: bool,
    body: &'a [Stmt],
}

/// The statements that add to one element of each iteration.
struct Piece<'a> {
    place: &'a Access,
    offset: Expr,
    at: Vec<usize>,
}

impl Loop<'_> {
    /// The bodies of the loops that the loop is taken apart into, if it is.
    fn parts(&self) -> Option<Vec<Vec<Stmt>>> {
        let is_short = matches!(self.extent, Expr::Const(Const::Int(n, _)) if *n < SHORT);
        if is_short || !self.adds_twice() {
            return None;
        }
        let inside = bound_names(self.body);
        if !self.body.iter().all(|stmt| self.is_simple(stmt, &inside)) {
            return None;
        }
        let displaced = self.displaced();
        if displaced.is_empty() || !self.writes_its_own(&displaced) {
            return None;
        }
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for base in displaced {
            let mut pieces = self.in_order(self.pieces(&base)?)?;
            let cost = |piece: &Piece| {
                self.with_names(&piece.at).iter().filter_map(|stmt| cost(stmt, self.var)).sum::<u32>()
            };
            // What costs most is added with everything else.
            let dearest = (0..pieces.len()).rev().max_by_key(|&k| cost(&pieces[k]))?;
            after.extend(pieces.drain(dearest + 1..).map(|piece| piece.at));
            pieces.truncate(dearest);
            before.extend(pieces.into_iter().map(|piece| piece.at));
        }
        let own: Vec<usize> = before.iter().chain(&after).flatten().copied().collect();
        let rest = (0..self.body.len()).filter(|at| !own.contains(at) && self.acts(*at));
        let (last, rest): (Vec<usize>, Vec<usize>) = rest.partition(|at| self.ends(*at, &after));
        let bodies = |pieces: &[Vec<usize>]| -> Vec<Vec<Stmt>> {
            pieces.iter().map(|piece| self.with_names(piece)).collect()
        };
        let (before, after, last) = (bodies(&before), bodies(&after), self.with_names(&last));
        let costs = before
            .iter()
            .chain(&after)
            .map(|piece| piece.iter().filter_map(|stmt| cost(stmt, self.var)).sum::<u32>());
        let costs: Vec<u32> = costs.collect();
        let is_light = costs.iter().all(|&cost| cost <= LIGHT) && costs.iter().sum::<u32>() <= ALL;
        let is_constant = |stmt: &Stmt| matches!(stmt, Stmt::Store { value: Expr::Const(_), .. });
        if !is_light || !last.iter().all(is_constant) {
            return None;
        }
        let last = if last.is_empty() { Vec::new() } else { vec![last] };
        Some([before, vec![self.with_names(&rest)], after, last].concat())
    }

    /// Whether what is written to other arrays is read, if at all, in the same iteration and before.
    fn writes_its_own(&self, displaced: &[String]) -> bool {
        let mut written: Vec<&Access> = Vec::new();
        for stmt in self.body {
            let mut reads = Vec::new();
            let mut whole = [stmt.clone()];
            visit_accesses(&mut whole, &mut |access, stored| {
                if !stored {
                    reads.push(access.clone());
                }
            });
            if reads.iter().any(|access| written.iter().any(|place| place.base == access.base)) {
                return false;
            }
            if let Stmt::Store { place, .. } = stmt
                && !displaced.contains(&place.base)
            {
                written.push(place);
            }
        }
        let is_own = |access: &Access| {
            let of_base = written.iter().filter(|place| place.base == access.base);
            of_base.into_iter().all(|place| {
                let moves = place.index.last().is_some_and(|last| mentions(last, self.var));
                moves && place.index == access.index
            })
        };
        let mut is_free = true;
        visit_accesses(&mut self.body.to_vec(), &mut |access, stored| is_free &= stored || is_own(access));
        is_free
    }

    /// Whether a statement writes what some of the loops after it read.
    fn ends(&self, at: usize, after: &[Vec<usize>]) -> bool {
        let Stmt::Store { place, .. } = &self.body[at] else { return false };
        let mut is_read = false;
        for piece in after {
            visit_accesses(&mut self.with_names(piece), &mut |access, stored| {
                is_read |= !stored && access.base == place.base;
            });
        }
        is_read
    }

    /// Whether two statements add to elements of one array: otherwise there is nothing to look for.
    fn adds_twice(&self) -> bool {
        let mut added: Set<&str> = Set::default();
        self.body.iter().any(|stmt| match stmt {
            Stmt::Store { place, add: true, .. } => !added.insert(&place.base),
            _ => false,
        })
    }

    /// Whether a statement is of the kind that is done for many elements at a time.
    fn is_simple(&self, stmt: &Stmt, inside: &Set<String>) -> bool {
        let is_free = |value: &Expr| !self.sums().any(|sum| mentions(value, sum));
        let runs_along = |place: &Access| self.offset(place, inside).is_some();
        let mut is_regular = true;
        visit_accesses(&mut [stmt.clone()], &mut |access, _| is_regular &= runs_along(access));
        is_regular
            && match stmt {
                Stmt::Let { value, .. } | Stmt::Store { value, .. } | Stmt::AddAssign { value, .. } => {
                    cost(stmt, self.var).is_some() && is_free(value)
                }
                _ => false,
            }
    }

    fn sums(&self) -> impl Iterator<Item = &str> {
        self.body.iter().filter_map(|stmt| match stmt {
            Stmt::AddAssign { name, .. } => Some(name.as_str()),
            _ => None,
        })
    }

    fn acts(&self, at: usize) -> bool {
        !matches!(self.body[at], Stmt::Let { .. })
    }

    /// How far an element is from that of the loop's variable, along the last axis.
    fn offset(&self, access: &Access, inside: &Set<String>) -> Option<Expr> {
        let steady = |e: &Expr| !mentions(e, self.var) && !inside.iter().any(|name| mentions(e, name));
        let (last, leading) = access.index.split_last()?;
        if !leading.iter().all(steady) {
            return None;
        }
        let offset = if steady(last) { zero() } else { remainder(last, self.var)? };
        steady(&offset).then_some(offset)
    }

    /// The arrays that are only added to, at places of which some meet those of other iterations.
    fn displaced(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut barred: Set<String> = Set::default();
        for stmt in self.body {
            if let Stmt::Store { place, add, .. } = stmt {
                let moves = place.index.last().is_some_and(|last| mentions(last, self.var));
                if !add || !moves || place.checked {
                    barred.insert(place.base.clone());
                } else if !found.contains(&place.base) {
                    found.push(place.base.clone());
                }
            }
        }
        visit_accesses(&mut self.body.to_vec(), &mut |access, stored| {
            if !stored {
                barred.insert(access.base.clone());
            }
        });
        found.retain(|base| {
            !barred.contains(base)
                && self.pieces(base).is_some_and(|pieces| {
                    let meet = |a: &Piece, b: &Piece| !self.are_apart(a, b);
                    let mut pairs = (0..pieces.len()).flat_map(|k| (0..k).map(move |l| (k, l)));
                    pieces.len() > 2 || pairs.any(|(k, l)| meet(&pieces[k], &pieces[l]))
                })
        });
        found
    }

    /// What is added to an array, by its places.
    fn pieces(&self, base: &str) -> Option<Vec<Piece<'_>>> {
        let inside = bound_names(self.body);
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, stmt) in self.body.iter().enumerate() {
            let Stmt::Store { place, .. } = stmt else { continue };
            if place.base != base {
                continue;
            }
            match pieces.iter_mut().find(|piece| piece.place == place) {
                Some(piece) => piece.at.push(at),
                None => pieces.push(Piece { place, offset: self.offset(place, &inside)?, at: vec![at] }),
            }
        }
        Some(pieces)
    }

    /// Whether two places are in parts of an array that do not overlap.
    fn are_apart(&self, a: &Piece, b: &Piece) -> bool {
        let before = |a: &Piece, b: &Piece| is_at_most(&sum(&a.offset, self.extent), &b.offset);
        a.place.index.len() == 1 && (before(a, b) || before(b, a))
    }

    /// The order in which the loop adds to an element, if it is known.
    fn in_order<'p>(&self, mut pieces: Vec<Piece<'p>>) -> Option<Vec<Piece<'p>>> {
        let mut sorted = Vec::new();
        while !pieces.is_empty() {
            let is_first = |piece: &Piece| {
                pieces.iter().all(|other| match self.reversed {
                    true => self.is_at_most(&piece.offset, &other.offset),
                    false => self.is_at_most(&other.offset, &piece.offset),
                })
            };
            let first = pieces.iter().position(is_first)?;
            sorted.push(pieces.remove(first));
        }
        Some(sorted)
    }

    /// Whether one offset is at most another, wherever the loop has an iteration.
    fn is_at_most(&self, a: &Expr, b: &Expr) -> bool {
        is_at_most(a, b) || is_at_most(&sum(a, self.extent), &sum(b, &one()))
    }

    /// Some statements of the body, after what they use.
    fn with_names(&self, wanted: &[usize]) -> Vec<Stmt> {
        let mut used: Map<String, usize> = Map::default();
        let mut part: Vec<Stmt> = Vec::new();
        for (at, stmt) in self.body.iter().enumerate().rev() {
            let is_used = matches!(stmt, Stmt::Let { name, .. } if used.contains_key(name));
            if !is_used && !wanted.contains(&at) {
                continue;
            }
            if let Stmt::Let { value, .. } | Stmt::Store { value, .. } | Stmt::AddAssign { value, .. } = stmt
            {
                count(value, &mut used);
            }
            part.push(stmt.clone());
        }
        part.reverse();
        part
    }
}

fn sum(a: &Expr, b: &Expr) -> Expr {
    Expr::Int(IntOp::Add, vec![a.clone(), b.clone()])
}

/// What a statement costs, if its value is computed from elements and names by instructions alone.
fn cost(stmt: &Stmt, var: &str) -> Option<u32> {
    match stmt {
        Stmt::Let { value, .. } | Stmt::Store { value, .. } | Stmt::AddAssign { value, .. } => {
            cost_of(value, var)
        }
        _ => None,
    }
}

fn cost_of(value: &Expr, var: &str) -> Option<u32> {
    match value {
        Expr::Name(_) | Expr::Const(_) | Expr::Symbol(_) => Some(0),
        // What is the same in all iterations is loaded once.
        Expr::Element(access) => Some(u32::from(access.index.iter().any(|i| mentions(i, var)))),
        Expr::Scalar(scalar, parts) => {
            let own = scalar.row().cost;
            let parts: Option<Vec<u32>> = parts.iter().map(|part| cost_of(part, var)).collect();
            let parts: u32 = parts?.iter().sum();
            (own <= INSTRUCTION).then_some(u32::from(own.0) + parts)
        }
        _ => None,
    }
}
