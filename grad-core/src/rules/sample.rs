//! Both sides of a rewrite on parameters, so that tests can walk the table.

use super::build::{Scope, Site, build};
use super::check::{AT, occurrences};
use super::guard::Guard;
use super::sums;
use super::table::Rewrite;
use super::term::Term;
use crate::ir::{Cmp, Elem, Float, Graph, NodeId, Op, Scalar, Var};

/// Both sides of a rewrite. The variable in slot `k` reads the parameter with number `k`.
pub struct Sample {
    pub lhs: NodeId,
    pub rhs: NodeId,
    /// For each parameter, its length if it is a vector.
    pub params: Vec<Option<usize>>,
}

/// The length of the vectors.
const LEN: usize = 4;

impl Rewrite {
    /// Both sides: scalars, or vectors where the index variable stays free.
    pub fn sample(&self, graph: &mut Graph) -> Sample {
        let extent = graph.usize(LEN);
        let vars: Vec<Var> = self.vars.iter().map(|_| graph.var_over(extent, &[])).collect();
        // Without an index variable of its own, an `at` brings one.
        let var = vars.first().copied().unwrap_or_else(|| graph.var_over(extent, &[]));
        let at = graph.usize(2);
        let sites = [Site { vars: [var].into(), index: [at].into() }];
        let mut found = Vec::new();
        occurrences(&self.lhs, &Vec::new(), &mut found);
        let mut params = Vec::new();
        let mut nodes = Vec::new();
        for slot in 0..self.nodes.len() {
            let invariant =
                self.guards.iter().any(|guard| matches!(guard, Guard::Invariant(x, _) if *x == slot));
            let bound = |(other, binders): &(usize, Vec<usize>)| {
                *other == slot && binders.iter().any(|&binder| binder == AT || binder < vars.len())
            };
            if let Some(sum) = self.spelled(graph, slot, extent) {
                params.push(Some(LEN));
                nodes.push(sum);
                continue;
            }
            let is_vector =
                !invariant && found.iter().any(bound) || self.guards.contains(&Guard::Squares(slot));
            params.push(is_vector.then_some(LEN));
            nodes.push(self.operand(graph, slot, is_vector.then_some(var)));
        }
        let scope = Scope { nodes: &nodes, vars: &vars, sites: &sites, like: nodes[0], active: &[] };
        let [lhs, rhs] = [&self.lhs, &self.rhs].map(|term| build(graph, term, &scope, &mut |_, id| id));
        let free = graph.free(lhs);
        let [lhs, rhs] = [lhs, rhs].map(|side| graph.build(&free, side));
        Sample { lhs, rhs, params }
    }

    /// A sum that is spelled out, of the elements of a vector.
    fn spelled(&self, graph: &mut Graph, slot: usize, extent: NodeId) -> Option<NodeId> {
        let term: &dyn Fn(&mut Graph, NodeId) -> NodeId =
            match self.guards.iter().find(|guard| match guard {
                Guard::SpelledSquares(x) | Guard::Exponentials(x) | Guard::ShiftedBy(x, _) => *x == slot,
                _ => false,
            })? {
                Guard::SpelledSquares(_) => &|graph, x| graph.mul(x, x),
                Guard::ShiftedBy(_, m) => &|graph, x| {
                    let m = self.operand(graph, *m, None);
                    let exponent = graph.sub(x, m);
                    graph.scalar(Scalar::Exp, &[exponent])
                },
                _ => &|graph, x| graph.scalar(Scalar::Exp, &[x]),
            };
        let array = graph.add(Op::Param(slot as u32, Elem::Float(Float::F64)), &[extent]);
        let terms: Vec<NodeId> = (0..LEN)
            .map(|k| {
                let index = graph.usize(k);
                let element = graph.read(array, &[index]);
                term(graph, element)
            })
            .collect();
        Some(terms[1..].iter().fold(terms[0], |sum, &term| graph.plus(sum, term)))
    }

    /// A variable's value, such that the guards that can be proven are.
    fn operand(&self, graph: &mut Graph, slot: usize, var: Option<Var>) -> NodeId {
        let float = Elem::Float(Float::F64);
        let scalar = match var {
            None => graph.add(Op::Param(slot as u32, float), &[]),
            Some(var) => {
                let array = graph.add(Op::Param(slot as u32, float), &[graph.extent(var)]);
                let index = graph.index(var);
                graph.read(array, &[index])
            }
        };
        if self.guards.contains(&Guard::Squares(slot)) {
            let square = graph.mul(scalar, scalar);
            return graph.sum_over(var.expect("squares are summed"), square);
        }
        if self.guards.contains(&Guard::Nonneg(slot)) {
            return graph.scalar(Scalar::Abs, &[scalar]);
        }
        if self.guards.contains(&Guard::Weighted(slot)) {
            return graph.scalar(Scalar::Exp, &[scalar]);
        }
        if self.guards.iter().any(|guard| matches!(guard, Guard::ShiftedBy(_, m) if *m == slot)) {
            return sums::as_shift(graph, scalar);
        }
        let mut is_condition = false;
        self.lhs
            .visit(&mut |term| is_condition |= matches!(term, Term::If(args) if args[0] == Term::Node(slot)));
        if is_condition {
            let zero = graph.float_like(0.0, scalar);
            return graph.compare(Cmp::Lt, scalar, zero);
        }
        scalar
    }
}
