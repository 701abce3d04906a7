//! Index expressions as polynomials in indices and extents, and the one question that is asked of them: whether two
//! elements of an array are never the same.

use super::op::{IntOp, Op, Var};
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

impl Graph {
    /// Whether an element that is read and one that is written in any iterations of loops over `vars` are never the
    /// same. Unknown is no.
    pub fn never_meet(&self, read: &[NodeId], written: &[NodeId], vars: &[Var]) -> bool {
        let free = read.iter().chain(written).flat_map(|&i| self.free(i).to_vec());
        let running: Vec<NodeId> = free.map(|v| self.extent(v)).collect();
        read.iter().zip(written).any(|(&a, &b)| {
            let (Some(a), Some(b)) = (self.polynomial(a, &[], &running), self.polynomial(b, vars, &running))
            else {
                return false;
            };
            let scope = (vars, &running[..]);
            self.is_positive(&a.add(&b, -1), scope) || self.is_positive(&b.add(&a, -1), scope)
        })
    }

    /// An expression of unsigned integers, the variables `other` of another iteration.
    fn polynomial(&self, id: NodeId, other: &[Var], running: &[NodeId]) -> Option<Polynomial> {
        if let Some(value) = self.as_int(id) {
            return Some(Polynomial::constant(value));
        }
        let args = self.args(id);
        let found = match self.op(id) {
            Op::Index(var) => Polynomial::atom(Atom::Index(*var, other.contains(var))),
            Op::Cast(Elem::USIZE) if self.elem(args[0]) == Elem::USIZE => {
                return self.polynomial(args[0], other, running);
            }
            Op::Int(op @ (IntOp::Add | IntOp::Sub | IntOp::Mul)) => {
                let (a, b) =
                    (self.polynomial(args[0], other, running)?, self.polynomial(args[1], other, running)?);
                match op {
                    IntOp::Add => a.add(&b, 1),
                    IntOp::Sub => a.add(&b, -1),
                    _ => a.times(&b),
                }
            }
            // Where a loop runs, a difference that is its extent is not cut off at zero.
            Op::Int(IntOp::SaturatingSub) if running.contains(&id) => {
                let (a, b) =
                    (self.polynomial(args[0], other, running)?, self.polynomial(args[1], other, running)?);
                a.add(&b, -1)
            }
            // The same in all iterations.
            _ if self.elem(id) == Elem::USIZE && other.iter().all(|&v| !self.depends_on(id, v)) => {
                Polynomial::atom(Atom::Other(id))
            }
            _ => return None,
        };
        (found.0.len() <= MOST).then_some(found)
    }

    fn is_positive(&self, value: &Polynomial, scope: (&[Var], &[NodeId])) -> bool {
        let at_least_one = |p: &Polynomial| {
            self.least(p, scope).is_some_and(|least| {
                least.add(&Polynomial::constant(1), -1).0.is_empty()
                    || least.add(&Polynomial::constant(1), -1).has_sign(1)
            })
        };
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
    fn least(&self, value: &Polynomial, scope: (&[Var], &[NodeId])) -> Option<Polynomial> {
        let mut value = value.clone();
        // The extents of inner loops mention the variables of outer ones, which are older.
        for _ in 0..MOST {
            let indices = value.atoms().into_iter().filter_map(|atom| match atom {
                Atom::Index(var, other) => Some((var, other)),
                Atom::Other(_) => None,
            });
            let indices: Vec<(Var, bool)> = indices.collect();
            let is_inner = |&&(var, other): &&(Var, bool)| {
                indices.iter().all(|&(w, o)| o != other || w == var || !self.depends_on(self.extent(w), var))
            };
            let Some(&(var, other)) = indices.iter().find(is_inner) else { break };
            let (factor, rest) = value.split(Atom::Index(var, other))?;
            value = match (factor.has_sign(1), factor.has_sign(-1)) {
                (true, _) => rest,
                (_, true) => rest.add(&factor.times(&self.greatest(var, other, scope)?), 1),
                _ => return None,
            };
        }
        value.atoms().iter().all(|atom| matches!(atom, Atom::Other(_))).then_some(value)
    }

    /// The last value of a variable, where its loop runs at all: then a difference that is cut off at zero is not.
    fn greatest(&self, var: Var, other: bool, (vars, running): (&[Var], &[NodeId])) -> Option<Polynomial> {
        let extent = self.extent(var);
        let others: &[Var] = if other { vars } else { &[] };
        let count = match self.op(extent) {
            Op::Int(IntOp::SaturatingSub) => {
                let args = self.args(extent);
                let (a, b) =
                    (self.polynomial(args[0], others, running)?, self.polynomial(args[1], others, running)?);
                a.add(&b, -1)
            }
            _ => self.polynomial(extent, others, running)?,
        };
        Some(count.add(&Polynomial::constant(1), -1))
    }
}

/// The places that a loop writes, over its variables.
struct Writes {
    vars: Vec<Var>,
    index: Vec<Vec<NodeId>>,
}

impl Graph {
    /// For an element of an array that a loop carries: the element of the array that the loop starts with, if no
    /// iteration writes it.
    pub fn undisturbed(&mut self, read: NodeId) -> Option<NodeId> {
        let args = self.args(read);
        let Op::Carried(lp, k) = *self.op(args[0]) else { return None };
        let info = self.loop_info(lp).clone();
        let mut writes = Writes { vars: vec![info.var], index: Vec::new() };
        if !self.collect_writes(*info.next.get(k as usize)?, args[0], &mut writes) {
            return None;
        }
        let apart = |index: &Vec<NodeId>| self.never_meet(&args[1..], index, &writes.vars);
        if !writes.index.iter().all(apart) {
            return None;
        }
        let init = info.init[k as usize];
        let args: Vec<NodeId> = [init].into_iter().chain(args[1..].iter().copied()).collect();
        Some(self.add(Op::Read, &args))
    }

    /// The places that are written between two versions of an array; whether all of them are known.
    fn collect_writes(&self, from: NodeId, to: NodeId, writes: &mut Writes) -> bool {
        let mut at = from;
        while at != to {
            let args = self.args(at);
            at = match *self.op(at) {
                Op::Update { .. } => {
                    writes.index.push(args[2..args.len() - 1].to_vec());
                    args[0]
                }
                Op::Final(inner, k) => {
                    let info = self.loop_info(inner).clone();
                    let next = info.next[k as usize];
                    let is_own = |&id: &NodeId| *self.op(id) == Op::Carried(inner, k);
                    let Some(carried) = self.reachable(&[next]).into_iter().find(is_own) else {
                        return false;
                    };
                    writes.vars.push(info.var);
                    if !self.collect_writes(next, carried, writes) {
                        return false;
                    }
                    info.init[k as usize]
                }
                _ => return false,
            };
        }
        true
    }
}
