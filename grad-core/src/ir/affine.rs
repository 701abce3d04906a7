//! Index expressions as polynomials in indices and extents, and the two questions that are asked of them: whether two
//! elements of an array are never the same, and whether an index is within its axis.

use super::ids::IdSet;
use super::op::{Cmp, IntOp, Logic, Op, Var};
use super::{Elem, Graph, NodeId};

/// An index variable, of this iteration or of any other, or something else that is never negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Atom {
    Index(Var, bool),
    Other(NodeId),
}

/// A sum of products of atoms: coefficients by their sorted factors.
#[derive(Clone, Debug, Default, PartialEq)]
struct Polynomial(Vec<(Vec<Atom>, i128)>);

/// More terms than this are given up.
const MOST: usize = 40;

impl Polynomial {
    fn constant(value: i128) -> Polynomial {
        Polynomial(if value == 0 { Vec::new() } else { vec![(Vec::new(), value)] })
    }

    fn atom(atom: Atom) -> Polynomial {
        Polynomial(vec![(vec![atom], 1)])
    }

    fn add(&self, other: &Polynomial, factor: i128) -> Polynomial {
        let mut sum = self.clone();
        for (atoms, coefficient) in &other.0 {
            match sum.0.iter_mut().find(|(own, _)| own == atoms) {
                Some((_, own)) => *own += factor * coefficient,
                None => sum.0.push((atoms.clone(), factor * coefficient)),
            }
        }
        sum.0.retain(|(_, coefficient)| *coefficient != 0);
        sum
    }

    fn times(&self, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::default();
        for (a, x) in &self.0 {
            for (b, y) in &other.0 {
                let mut atoms = [&a[..], &b[..]].concat();
                atoms.sort();
                product = product.add(&Polynomial(vec![(atoms, x * y)]), 1);
            }
        }
        product
    }

    /// `(A, B)` of `A · atom + B`, where neither has the atom; `None` where it has powers of it.
    fn split(&self, atom: Atom) -> Option<(Polynomial, Polynomial)> {
        let (mut factor, mut rest) = (Polynomial::default(), Polynomial::default());
        for (atoms, coefficient) in &self.0 {
            match atoms.iter().filter(|a| **a == atom).count() {
                0 => rest.0.push((atoms.clone(), *coefficient)),
                1 => {
                    let others = atoms.iter().copied().filter(|a| *a != atom).collect();
                    factor.0.push((others, *coefficient));
                }
                _ => return None,
            }
        }
        Some((factor, rest))
    }

    /// Whether every coefficient has the sign; atoms are never negative.
    fn has_sign(&self, sign: i128) -> bool {
        self.0.iter().all(|(_, coefficient)| coefficient * sign > 0)
    }

    fn atoms(&self) -> Vec<Atom> {
        let mut atoms: Vec<Atom> = self.0.iter().flat_map(|(atoms, _)| atoms.clone()).collect();
        atoms.sort();
        atoms.dedup();
        atoms
    }
}

/// Where two expressions stand: one in this iteration of loops, the other in another.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The variables that are other ones in the other expression.
    pub others: &'a [Var],
    /// That of a loop of which the other iteration is a later one.
    pub later: Option<Var>,
}

/// A scope, with the extents of the loops that run.
#[derive(Clone, Copy)]
struct Running<'a> {
    others: &'a [Var],
    later: Option<Var>,
    extents: &'a [NodeId],
    /// What is known not to be zero.
    unequal: &'a [Polynomial],
}

impl Graph {
    /// Whether an element that is read and one that is written in another iteration are never the same. Unknown is no.
    pub fn never_meet(&self, read: &[NodeId], written: &[NodeId], scope: Scope) -> bool {
        let free = read.iter().chain(written).flat_map(|&i| self.free(i).to_vec());
        let extents: Vec<NodeId> = free.map(|v| self.extent(v)).collect();
        let Scope { others, later } = scope;
        let running = Running { others, later, extents: &extents, unequal: &[] };
        let mut unequal = self.unequal(read, false, running);
        unequal.extend(self.unequal(written, true, running));
        let running = Running { unequal: &unequal, ..running };
        read.iter().zip(written).any(|(&a, &b)| self.is_elsewhere(a, b, running))
    }

    /// Whether an index is less than an extent, wherever the loops of its variables run. Unknown is no.
    pub fn is_within(&self, index: NodeId, extent: NodeId) -> bool {
        let extents: Vec<NodeId> = self.free(index).iter().map(|&v| self.extent(v)).collect();
        let running = Running { others: &[], later: None, extents: &extents, unequal: &[] };
        let parts = self.polynomial(index, false, running).zip(self.polynomial(extent, false, running));
        parts.is_some_and(|(at, length)| {
            let rest = length.add(&at, -1).add(&Polynomial::constant(1), -1);
            self.is_never_negative(&at, running) && self.is_never_negative(&rest, running)
        })
    }

    /// The differences that cannot be zero, or the loops over the variables of some expressions would not run.
    fn unequal(&self, index: &[NodeId], is_other: bool, running: Running) -> Vec<Polynomial> {
        let vars = index.iter().flat_map(|&i| self.free(i).to_vec());
        let compared = vars.filter_map(|var| {
            let (condition, _) = self.where_it_runs(self.extent(var))?;
            let args = self.args(condition);
            let sides = match self.op(condition) {
                Op::Compare(Cmp::Ne) => args,
                Op::Logic(Logic::Not) if *self.op(args[0]) == Op::Compare(Cmp::Eq) => self.args(args[0]),
                _ => return None,
            };
            let a = self.polynomial(sides[0], is_other, running)?;
            Some(a.add(&self.polynomial(sides[1], is_other, running)?, -1))
        });
        compared.collect()
    }

    /// Of the extent of a loop that runs only under a condition: that, and how often it runs then.
    fn where_it_runs(&self, extent: NodeId) -> Option<(NodeId, NodeId)> {
        let args = self.args(extent);
        (*self.op(extent) == Op::If && self.as_int(args[2]) == Some(0)).then(|| (args[0], args[1]))
    }

    fn is_elsewhere(&self, read: NodeId, written: NodeId, running: Running) -> bool {
        let (here, there) = (self.polynomial(read, false, running), self.polynomial(written, true, running));
        if here.zip(there).is_some_and(|(a, b)| self.is_apart(&a, &b, running)) {
            return true;
        }
        let mut strides = IdSet::new();
        [read, written].into_iter().for_each(|index| self.strides(index, &mut strides));
        let is_fixed = |stride: &NodeId| running.others.iter().all(|&v| !self.depends_on(*stride, v));
        // In `A · s + B` with `0 ≤ B < s`, A and B say which element it is.
        strides.sorted().into_iter().filter(is_fixed).any(|stride| {
            let Some(length) = self.polynomial(stride, false, running) else { return false };
            let parts = self
                .by_stride(read, stride, false, running)
                .zip(self.by_stride(written, stride, true, running));
            let Some(((row, at), (other_row, other_at))) = parts else { return false };
            let is_within = |p: &Polynomial| {
                let rest = length.add(p, -1).add(&Polynomial::constant(1), -1);
                self.is_never_negative(p, running) && self.is_never_negative(&rest, running)
            };
            is_within(&at)
                && is_within(&other_at)
                && (self.is_apart(&row, &other_row, running) || self.is_apart(&at, &other_at, running))
        })
    }

    /// `(A, B)` of an index that is written as `A · s + B`.
    fn by_stride(
        &self,
        index: NodeId,
        stride: NodeId,
        is_other: bool,
        running: Running,
    ) -> Option<(Polynomial, Polynomial)> {
        let args = self.args(index);
        match self.op(index) {
            Op::Int(op @ (IntOp::Add | IntOp::Sub)) => {
                let sign = if *op == IntOp::Add { 1 } else { -1 };
                let (a, b) = self.by_stride(args[0], stride, is_other, running)?;
                let (c, d) = self.by_stride(args[1], stride, is_other, running)?;
                Some((a.add(&c, sign), b.add(&d, sign)))
            }
            Op::Int(IntOp::Mul) if args.contains(&stride) => {
                let row = if args[0] == stride { args[1] } else { args[0] };
                Some((self.polynomial(row, is_other, running)?, Polynomial::default()))
            }
            _ => Some((Polynomial::default(), self.polynomial(index, is_other, running)?)),
        }
    }

    /// By what an index multiplies others.
    fn strides(&self, index: NodeId, found: &mut IdSet) {
        let Op::Int(op) = self.op(index) else { return };
        let args = self.args(index);
        if *op == IntOp::Mul {
            found.extend(args.iter().copied().filter(|&a| self.as_index(a).is_none()));
        }
        args.iter().for_each(|&a| self.strides(a, found));
    }

    fn is_apart(&self, a: &Polynomial, b: &Polynomial, running: Running) -> bool {
        let differences = [a.add(b, -1), b.add(a, -1)];
        differences.iter().any(|difference| {
            let is_known = |other: &Polynomial| difference.add(other, -1).0.is_empty();
            running.unequal.iter().any(is_known) || self.is_positive(difference, running)
        })
    }

    /// An expression of unsigned integers, in this iteration or in the other.
    fn polynomial(&self, id: NodeId, is_other: bool, running: Running) -> Option<Polynomial> {
        if let Some(value) = self.as_int(id) {
            return Some(Polynomial::constant(value));
        }
        let other: &[Var] = if is_other { running.others } else { &[] };
        let args = self.args(id);
        let found = match self.op(id) {
            Op::Index(var) => Polynomial::atom(Atom::Index(*var, other.contains(var))),
            Op::Cast(Elem::USIZE) if self.elem(args[0]) == Elem::USIZE => {
                return self.polynomial(args[0], is_other, running);
            }
            Op::Int(op @ (IntOp::Add | IntOp::Sub | IntOp::Mul)) => {
                let (a, b) = (
                    self.polynomial(args[0], is_other, running)?,
                    self.polynomial(args[1], is_other, running)?,
                );
                match op {
                    IntOp::Add => a.add(&b, 1),
                    IntOp::Sub => a.add(&b, -1),
                    _ => a.times(&b),
                }
            }
            // Where a loop runs, a difference that is its extent is not cut off at zero.
            Op::Int(IntOp::SaturatingSub) if running.extents.contains(&id) => {
                let (a, b) = (
                    self.polynomial(args[0], is_other, running)?,
                    self.polynomial(args[1], is_other, running)?,
                );
                a.add(&b, -1)
            }
            Op::If if running.extents.contains(&id) && self.where_it_runs(id).is_some() => {
                return self.polynomial(args[1], is_other, running);
            }
            // The same in all iterations.
            _ if self.elem(id) == Elem::USIZE && other.iter().all(|&v| !self.depends_on(id, v)) => {
                Polynomial::atom(Atom::Other(id))
            }
            _ => return None,
        };
        (found.0.len() <= MOST).then_some(found)
    }

    fn is_never_negative(&self, value: &Polynomial, running: Running) -> bool {
        self.least(value, running).is_some_and(|least| least.0.is_empty() || least.has_sign(1))
    }

    fn is_positive(&self, value: &Polynomial, running: Running) -> bool {
        let at_least_one =
            |p: &Polynomial| self.is_never_negative(&p.add(&Polynomial::constant(1), -1), running);
        if at_least_one(value) {
            return true;
        }
        // `A · s + B` with `A ≥ 1` is at least `s + B`.
        value.atoms().into_iter().filter(|atom| matches!(atom, Atom::Other(_))).any(|stride| {
            let Some((factor, rest)) = value.split(stride) else { return false };
            at_least_one(&factor) && at_least_one(&rest.add(&Polynomial::atom(stride), 1))
        })
    }

    /// A lower bound without index variables of loops: each takes its least or greatest value.
    fn least(&self, value: &Polynomial, running: Running) -> Option<Polynomial> {
        let mut value = value.clone();
        // The extents of inner loops mention the variables of outer ones, which are older.
        for _ in 0..MOST {
            let indices = value.atoms().into_iter().filter_map(|atom| match atom {
                Atom::Index(var, other) => Some((var, other)),
                Atom::Other(_) => None,
            });
            let indices: Vec<(Var, bool)> = indices.collect();
            let is_inner = |&&(var, other): &&(Var, bool)| {
                // What comes earlier is bounded by what comes later.
                let is_later = other && running.later == Some(var);
                let bounds = |&(w, o): &(Var, bool)| match w == var {
                    true => is_later && !o,
                    false => (o == other || is_later) && self.depends_on(self.extent(w), var),
                };
                !indices.iter().any(bounds)
            };
            let Some(&(var, other)) = indices.iter().find(is_inner) else { break };
            let (factor, rest) = value.split(Atom::Index(var, other))?;
            value = match (factor.has_sign(1), factor.has_sign(-1)) {
                (true, _) => rest,
                (_, true) => rest.add(&factor.times(&self.greatest(var, other, running)?), 1),
                _ => return None,
            };
        }
        value.atoms().iter().all(|atom| matches!(atom, Atom::Other(_))).then_some(value)
    }

    /// The last value of a variable, where its loop runs at all: then a difference that is cut off at zero is not.
    fn greatest(&self, var: Var, other: bool, running: Running) -> Option<Polynomial> {
        let one = Polynomial::constant(1);
        if !other && running.later == Some(var) {
            return Some(Polynomial::atom(Atom::Index(var, true)).add(&one, -1));
        }
        let extent = self.extent(var);
        let extent = self.where_it_runs(extent).map_or(extent, |(_, count)| count);
        let count = match self.op(extent) {
            Op::Int(IntOp::SaturatingSub) => {
                let args = self.args(extent);
                let (a, b) =
                    (self.polynomial(args[0], other, running)?, self.polynomial(args[1], other, running)?);
                a.add(&b, -1)
            }
            _ => self.polynomial(extent, other, running)?,
        };
        Some(count.add(&one, -1))
    }
}
