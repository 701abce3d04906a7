//! Rewriting a graph by the rules of a phase: operands first, at each node to a bounded fixpoint.

use std::collections::HashMap;

use super::build::{Scope, build};
use super::guard::Known;
use super::matcher;
use super::table::{Mark, Mode, Phase, Rewrite, table};
use super::term::Head;
use crate::ir::{Graph, NodeId, Op};

/// How many rules may fire on top of each other. The rules make terms smaller, so this is never reached; it
/// keeps a mistake in them from hanging a compiler.
const FUEL: u32 = 32;

/// The roots again, rewritten.
pub fn rewrite(graph: &mut Graph, roots: &[NodeId], phase: Phase, mode: Mode) -> Vec<NodeId> {
    let mut rewriter = Rewriter::new(phase, mode);
    graph.rebuild(roots, &mut |graph, id| rewriter.normalise(graph, id, FUEL))
}

struct Rewriter {
    mode: Mode,
    rules: HashMap<Head, Vec<&'static Rewrite>>,
    done: HashMap<NodeId, NodeId>,
}

impl Rewriter {
    fn new(phase: Phase, mode: Mode) -> Rewriter {
        let mut rules: HashMap<Head, Vec<&'static Rewrite>> = HashMap::new();
        for rule in table().rewrites_of(phase, mode) {
            rules.entry(rule.head().expect("checked on loading")).or_default().push(rule);
        }
        Rewriter { mode, rules, done: HashMap::new() }
    }

    /// The normal form of a node whose operands are in normal form.
    fn normalise(&mut self, graph: &mut Graph, id: NodeId, fuel: u32) -> NodeId {
        if let Some(&done) = self.done.get(&id) {
            return done;
        }
        let mut new = id;
        if fuel > 0
            && let Some(next) = self.step(graph, id, fuel)
        {
            new = self.normalise(graph, next, fuel - 1);
        }
        self.done.insert(id, new);
        new
    }

    /// What the first rule that applies makes of a node. The nodes that it makes are in normal form already.
    fn step(&mut self, graph: &mut Graph, id: NodeId, fuel: u32) -> Option<NodeId> {
        let head = head(graph.op(id))?;
        for at in 0..self.rules.get(&head).map_or(0, Vec::len) {
            let rule = self.rules[&head][at];
            if let Some(new) = self.apply(graph, rule, id, fuel)
                && new != id
            {
                return Some(new);
            }
        }
        None
    }

    fn apply(&mut self, graph: &mut Graph, rule: &Rewrite, id: NodeId, fuel: u32) -> Option<NodeId> {
        let found = matcher::find(graph, &rule.lhs, id, rule.nodes.len(), rule.vars.len())?;
        let (nodes, vars, sites) = found.into_parts();
        for guard in &rule.guards {
            let known = guard.holds(graph, &nodes, &vars);
            let may_guess = self.mode == Mode::FastMath && rule.mark == Mark::Relaxed;
            if known == Known::No || known == Known::Unknown && !may_guess {
                return None;
            }
        }
        if rule.mark == Mark::Relaxed && rule.guards.is_empty() && self.mode != Mode::FastMath {
            return None;
        }
        let scope = Scope::of(&nodes, &vars, &sites, id);
        Some(build(graph, &rule.rhs, &scope, &mut |graph, made| self.normalise(graph, made, fuel - 1)))
    }
}

fn head(op: &Op) -> Option<Head> {
    match op {
        Op::Scalar(scalar) => Some(Head::Scalar(*scalar)),
        Op::Reduce(fold, _) => Some(Head::Reduce(*fold)),
        Op::Soft(soft, _) => Some(Head::Soft(*soft)),
        Op::If => Some(Head::If),
        _ => None,
    }
}
