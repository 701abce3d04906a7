//! What cotangents exist only under a condition: the reverse loop that they seed runs only where it holds.
//!
//! A loop that is reached only where a branch was taken must not run in reverse where it was not: what it reads
//! need not exist. Its cotangents are linear in the seeds, so where all seeds are zero, everything is.

use super::array::Part;
use crate::ir::op::scatter_writes;
use crate::ir::{Fold, Graph, Logic, NodeId, Op, Scalar, Var};

/// So many nodes are looked at to say when a cotangent is not zero.
const MOST: usize = 200;

/// Conditions, outermost first, without which some cotangents are all zero.
#[derive(Default)]
pub struct Gate {
    conditions: Vec<NodeId>,
}

/// When a cotangent is not zero.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exists {
    Never,
    Always,
    When(NodeId),
}

impl Gate {
    /// Takes the conditions that all cotangents share, and that are the same for all values of other variables
    /// than `outer`, off them.
    pub fn take_off(graph: &mut Graph, cotangents: &mut [NodeId], outer: &[Var]) -> Gate {
        let is_outer = |graph: &Graph, c: NodeId| graph.free(c).iter().all(|v| outer.contains(v));
        let mut gate = Gate::default();
        while let Some(condition) = shared(graph, cotangents).filter(|&c| is_outer(graph, c)) {
            gate.conditions.push(condition);
            for cotangent in cotangents.iter_mut() {
                *cotangent = strip(graph, *cotangent, condition);
            }
        }
        // Conditions of their own stay with them, and one of those has to hold.
        if let Exists::When(any) = exist(graph, cotangents)
            && is_outer(graph, any)
        {
            gate.conditions.push(any);
        }
        gate
    }

    /// The value, where the conditions hold.
    pub fn value(&self, graph: &mut Graph, value: NodeId) -> NodeId {
        let zero = graph.float_like(0.0, value);
        self.conditions.iter().rev().fold(value, |inner, &condition| graph.select(condition, inner, zero))
    }

    /// Whether the conditions are the same for all values of some variables.
    pub fn is_steady(&self, graph: &Graph, vars: &[Var]) -> bool {
        self.conditions.iter().all(|&c| vars.iter().all(|&v| !graph.depends_on(c, v)))
    }

    /// As [`Gate::value`], of what goes into an array.
    pub fn part(&self, graph: &mut Graph, part: Part) -> Part {
        if self.conditions.is_empty() {
            return part;
        }
        let (vars, index, value) = part.into_write(graph);
        Part::Write { vars, index, value: self.value(graph, value) }
    }
}

/// The condition without which a cotangent is zero everywhere, if there is one.
pub fn needs(graph: &mut Graph, cotangent: NodeId) -> Option<NodeId> {
    match exist(graph, &[cotangent]) {
        Exists::When(condition) => Some(condition),
        Exists::Never | Exists::Always => None,
    }
}

/// The outermost condition of all cotangents that are not zero, if it is the same.
fn shared(graph: &mut Graph, cotangents: &[NodeId]) -> Option<NodeId> {
    let mut found = None;
    for &cotangent in cotangents {
        if exist(graph, &[cotangent]) == Exists::Never {
            continue;
        }
        let condition = outermost(graph, cotangent)?;
        if found.is_some_and(|other| other != condition) {
            return None;
        }
        found = Some(condition);
    }
    found
}

fn is_zero(graph: &Graph, id: NodeId) -> bool {
    graph.as_float(id) == Some(0.0)
}

/// The condition of `if c { g } else { 0 }`, or of an array of such elements.
pub fn outermost(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let args = graph.args(id);
    match graph.op(id).clone() {
        Op::If if is_zero(graph, args[2]) => Some(args[0]),
        Op::If if is_zero(graph, args[1]) => Some(graph.not(args[0])),
        Op::Build(vars) => {
            let condition = outermost(graph, args[0])?;
            vars.iter().all(|&v| !graph.depends_on(condition, v)).then_some(condition)
        }
        Op::Stack => {
            let nonzero: Vec<NodeId> = args.iter().copied().filter(|&part| !is_zero(graph, part)).collect();
            let first = outermost(graph, *nonzero.first()?)?;
            nonzero.iter().all(|&part| outermost(graph, part) == Some(first)).then_some(first)
        }
        _ => None,
    }
}

fn strip(graph: &mut Graph, id: NodeId, condition: NodeId) -> NodeId {
    if outermost(graph, id) != Some(condition) {
        return id;
    }
    let args = graph.args(id);
    match graph.op(id).clone() {
        Op::If if is_zero(graph, args[2]) => args[1],
        Op::If => args[2],
        Op::Build(vars) => {
            let body = strip(graph, args[0], condition);
            graph.build(&vars, body)
        }
        Op::Stack => {
            let parts: Vec<NodeId> = args.iter().map(|&part| strip(graph, part, condition)).collect();
            graph.stack(&parts)
        }
        _ => id,
    }
}

/// When one of some cotangents is not zero.
fn exist(graph: &mut Graph, cotangents: &[NodeId]) -> Exists {
    let mut left = MOST;
    any_exists(graph, cotangents, &mut left)
}

fn any_exists(graph: &mut Graph, cotangents: &[NodeId], left: &mut usize) -> Exists {
    let mut known = Exists::Never;
    for &cotangent in cotangents {
        if known == Exists::Always {
            break;
        }
        let own = exists(graph, cotangent, left);
        known = either(graph, known, own);
    }
    known
}

fn either(graph: &mut Graph, a: Exists, b: Exists) -> Exists {
    match (a, b) {
        (Exists::Never, other) | (other, Exists::Never) => other,
        (Exists::When(a), Exists::When(b)) => Exists::When(graph.logic(Logic::Or, a, b)),
        _ => Exists::Always,
    }
}

fn both(graph: &mut Graph, condition: NodeId, inner: Exists) -> Exists {
    match inner {
        Exists::Never => Exists::Never,
        Exists::Always => Exists::When(condition),
        Exists::When(inner) => Exists::When(graph.logic(Logic::And, condition, inner)),
    }
}

fn exists(graph: &mut Graph, id: NodeId, left: &mut usize) -> Exists {
    if *left == 0 {
        return Exists::Always;
    }
    *left -= 1;
    if is_zero(graph, id) {
        return Exists::Never;
    }
    let args = graph.args(id);
    match graph.op(id).clone() {
        Op::If if is_zero(graph, args[2]) => {
            let inner = exists(graph, args[1], left);
            both(graph, args[0], inner)
        }
        Op::If if is_zero(graph, args[1]) => {
            let inner = exists(graph, args[2], left);
            let condition = graph.not(args[0]);
            both(graph, condition, inner)
        }
        Op::Scalar(Scalar::Add | Scalar::Sub) | Op::Stack => any_exists(graph, &args, left),
        Op::Scalar(Scalar::Neg) => exists(graph, args[0], left),
        Op::Read => exists(graph, args[0], left),
        Op::Update { .. } => {
            let before = exists(graph, args[0], left);
            if before == Exists::Always {
                return before;
            }
            let value = exists(graph, args[args.len() - 1], left);
            let value = both(graph, args[1], value);
            either(graph, before, value)
        }
        Op::Build(vars) => match exists(graph, args[0], left) {
            Exists::When(c) if vars.iter().any(|&v| graph.depends_on(c, v)) => Exists::Always,
            other => other,
        },
        Op::Scatter { rank, writes, .. } => {
            let mut known = Exists::Never;
            for write in scatter_writes(rank, &writes, &args) {
                let own = match exists(graph, write.value, left) {
                    Exists::When(c) if write.vars.iter().any(|&v| graph.depends_on(c, v)) => Exists::Always,
                    other => other,
                };
                known = either(graph, known, own);
            }
            known
        }
        Op::Reduce(Fold::Sum, var) if is_zero(graph, args[0]) => match exists(graph, args[1], left) {
            Exists::When(c) if graph.depends_on(c, var) => Exists::Always,
            other => other,
        },
        _ => Exists::Always,
    }
}
