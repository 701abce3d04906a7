//! Matching a pattern against a node.

use super::build::Site;
use super::table::Rewrite;
use super::term::{Slot, Term, neutral};
use crate::ir::{Fold, Graph, NodeId, Op, Var};

/// What the variables of a pattern have met.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    pub nodes: Vec<Option<NodeId>>,
    pub vars: Vec<Option<Var>>,
    pub sites: Vec<Site>,
}

/// A part of a pattern that has yet to match a node.
type Goal<'a> = (&'a Term, NodeId);

/// What a way to match has to satisfy besides: the guards.
pub type Accept<'a> = dyn Fn(&Bindings) -> bool + 'a;

impl Rewrite {
    /// The first way in which the pattern matches the node and which `accept` accepts.
    pub fn find(&self, graph: &Graph, node: NodeId, accept: &Accept<'_>) -> Option<Bindings> {
        if !may_match(graph, &self.lhs, node) {
            return None;
        }
        let nodes = vec![None; self.nodes.len()];
        let empty = Bindings { nodes, vars: vec![None; self.vars.len()], sites: Vec::new() };
        solve(graph, vec![(&self.lhs, node)], empty, accept)
    }
}

/// Whether the operations of the operands allow a match: rules out nearly all rules before anything is allocated.
fn may_match(graph: &Graph, pattern: &Term, id: NodeId) -> bool {
    let (patterns, args) = (pattern.children(), &graph.node(id).args);
    let Term::Scalar(scalar, _) = pattern else { return true };
    let fits = |(pattern, &arg): (&Term, &NodeId)| match (pattern, graph.op(arg)) {
        (Term::Scalar(wanted, _), Op::Scalar(scalar)) => wanted == scalar,
        (Term::Float(value), _) => graph.as_float(arg) == Some(*value),
        (Term::Int(value), _) => graph.as_int(arg) == Some(*value),
        (Term::Reduce(wanted, ..), Op::Reduce(fold, _)) => wanted == fold,
        (Term::Soft(wanted, ..), Op::Soft(soft, _)) => wanted == soft,
        (Term::At(..), op) => *op == Op::Read,
        (pattern, _) => matches!(pattern, Term::Node(_)),
    };
    patterns.iter().zip(&**args).all(fits)
        || scalar.is_commutative() && patterns.iter().zip(args.iter().rev()).all(fits)
}

fn solve(
    graph: &Graph,
    mut goals: Vec<Goal<'_>>,
    mut found: Bindings,
    accept: &Accept<'_>,
) -> Option<Bindings> {
    while let Some((pattern, id)) = goals.pop() {
        let node = graph.node(id);
        match (pattern, &node.op) {
            (Term::Node(slot), _) => bind(&mut found.nodes, *slot, id)?,
            (Term::Float(value), _) => (graph.as_float(id)? == *value).then_some(())?,
            (Term::Int(value), _) => (graph.as_int(id)? == *value).then_some(())?,
            (Term::Scalar(wanted, args), Op::Scalar(scalar)) if wanted == scalar => {
                if scalar.is_commutative() {
                    let mut swapped = goals.clone();
                    swapped.extend([(&args[0], node.args[1]), (&args[1], node.args[0])]);
                    goals.extend([(&args[0], node.args[0]), (&args[1], node.args[1])]);
                    return solve(graph, goals, found.clone(), accept)
                        .or_else(|| solve(graph, swapped, found, accept));
                }
                goals.extend(args.iter().zip(node.args.iter().copied()));
            }
            (Term::Reduce(wanted, slot, body), Op::Reduce(fold, var))
                if wanted == fold && starts_neutral(graph, *fold, node.args[0]) =>
            {
                if !graph.depends_on(node.args[1], *var) {
                    return None;
                }
                bind(&mut found.vars, *slot, *var)?;
                goals.push((body, node.args[1]));
            }
            (Term::Soft(wanted, slot, body), Op::Soft(soft, var)) if wanted == soft => {
                bind(&mut found.vars, *slot, *var)?;
                goals.push((body, node.args[0]));
            }
            (Term::At(_, body), Op::Read) => {
                let array = node.args[0];
                let Op::Build(vars) = graph.op(array) else { return None };
                found.sites.push(Site { vars: vars.clone(), index: node.args[1..].into() });
                goals.push((body, graph.node(array).args[0]));
            }
            (Term::Compare(wanted, args), Op::Compare(cmp)) if wanted == cmp => {
                goals.extend(args.iter().zip(node.args.iter().copied()));
            }
            (Term::If(args), Op::If) => goals.extend(args.iter().zip(node.args.iter().copied())),
            _ => return None,
        }
    }
    accept(&found).then_some(found)
}

/// Binds a slot, or compares with what it is bound to.
fn bind<T: Copy + PartialEq>(slots: &mut [Option<T>], slot: Slot, value: T) -> Option<()> {
    match slots[slot] {
        Some(bound) => (bound == value).then_some(()),
        None => {
            slots[slot] = Some(value);
            Some(())
        }
    }
}

/// Sums of iterators start from -0.0, others from 0.0.
fn starts_neutral(graph: &Graph, fold: Fold, initial: NodeId) -> bool {
    graph.as_float(initial) == Some(neutral(fold))
}

impl Bindings {
    /// The node in a slot.
    ///
    /// # Panics
    /// Before the match is complete.
    pub fn node(&self, slot: Slot) -> NodeId {
        self.nodes[slot].expect("a match binds every slot")
    }

    /// The index variable in a slot.
    ///
    /// # Panics
    /// Before the match is complete.
    pub fn var(&self, slot: Slot) -> Var {
        self.vars[slot].expect("a match binds every slot")
    }
}
