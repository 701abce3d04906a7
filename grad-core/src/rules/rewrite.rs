//! Rewriting a graph by the rules of a phase: operands first, at each node to a bounded fixpoint.

use std::rc::Rc;

use super::build::{Scope, build};
use super::guard::Known;
use super::matcher::Bindings;
use super::table::{Mark, Mode, Phase, Rewrite, table};
use super::term::Head;
use crate::ir::ids::{IdMap, Map};
use crate::ir::{Graph, NodeId, Op, Origin, Var};

/// How many rules may fire on top of each other. The rules make terms smaller, so this is never reached; it
/// keeps a mistake in them from hanging a compiler.
const FUEL: u32 = 32;

/// The roots again, rewritten.
pub fn rewrite(graph: &mut Graph, roots: &[NodeId], phase: Phase, mode: Mode) -> Vec<NodeId> {
    rewrite_telling(graph, roots, phase, mode).0
}

/// A rule that says why it is there, and the origin of the node that it has replaced.
pub type Fired = (&'static str, Origin);

/// As [`rewrite`]; also tells which rules have fired, of those that say why they are there.
pub fn rewrite_telling(
    graph: &mut Graph,
    roots: &[NodeId],
    phase: Phase,
    mode: Mode,
) -> (Vec<NodeId>, Vec<Fired>) {
    let mut rewriter = Rewriter::new(phase, mode);
    // Nothing to rewrite is the usual case for some phases, and making a graph anew takes as long as differentiating it.
    let has_rule = |op: &Op| head(op).is_some_and(|head| rewriter.rules.contains_key(&head));
    if !graph.reachable(roots).into_iter().any(|id| has_rule(graph.op(id))) {
        return (roots.to_vec(), Vec::new());
    }
    let roots = graph.rebuild(roots, &mut |graph, id| rewriter.normalise(graph, id, FUEL));
    (roots, rewriter.fired)
}

struct Rewriter {
    mode: Mode,
    rules: Map<Head, Rc<[&'static Rewrite]>>,
    done: IdMap<NodeId>,
    fired: Vec<Fired>,
}

impl Rewriter {
    fn new(phase: Phase, mode: Mode) -> Rewriter {
        let mut rules: Map<Head, Vec<&'static Rewrite>> = Map::default();
        for rule in table().rewrites_of(phase, mode) {
            rules.entry(rule.head().expect("checked on loading")).or_default().push(rule);
        }
        let rules = rules.into_iter().map(|(head, rules)| (head, rules.into())).collect();
        Rewriter { mode, rules, done: IdMap::new(), fired: Vec::new() }
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
        let rules = self.rules.get(&head)?.clone();
        for rule in &*rules {
            if let Some(new) = self.apply(graph, rule, id, fuel)
                && new != id
            {
                if !rule.why.is_empty() {
                    self.fired.push((&rule.name, graph.node(id).origin));
                }
                return Some(new);
            }
        }
        None
    }

    fn apply(&mut self, graph: &mut Graph, rule: &Rewrite, id: NodeId, fuel: u32) -> Option<NodeId> {
        let mode = self.mode;
        let found = rule.find(graph, id, &|found| is_allowed(graph, rule, mode, found))?;
        let nodes: Vec<NodeId> = (0..rule.nodes.len()).map(|slot| found.node(slot)).collect();
        let vars: Vec<Var> = (0..rule.vars.len()).map(|slot| found.var(slot)).collect();
        let scope = Scope { nodes: &nodes, vars: &vars, sites: &found.sites, like: id, active: &[] };
        let new = build(graph, &rule.rhs, &scope, &mut |graph, made| self.normalise(graph, made, fuel - 1));
        // `x - logsumexp[i](x)` where x does not depend on i: the log-softmax would, and nothing binds i.
        let closed = graph.free(new).iter().all(|&var| graph.depends_on(id, var));
        closed.then_some(new)
    }
}

/// Whether the guards hold, as far as the mode asks for it.
fn is_allowed(graph: &Graph, rule: &Rewrite, mode: Mode, found: &Bindings) -> bool {
    let is_relaxed = rule.mark == Mark::Relaxed;
    if is_relaxed && rule.guards.is_empty() && mode != Mode::FastMath {
        return false;
    }
    rule.guards.iter().all(|guard| match guard.holds(graph, found) {
        Known::Yes => true,
        Known::No => false,
        Known::Unknown => is_relaxed && mode == Mode::FastMath,
    })
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
