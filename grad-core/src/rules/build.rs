//! Templates to nodes, through the smart constructors of the graph.

use super::term::{Term, neutral};
use crate::ir::{Cmp, Elem, Float, Fold, Graph, Int, NodeId, Op, Scalar, Var};

/// What the variables of a template stand for.
pub struct Scope<'a> {
    pub nodes: &'a [NodeId],
    pub vars: &'a [Var],
    pub sites: &'a [Site],
    /// A node of the element type that constants get.
    pub like: NodeId,
    /// Which operands are active, for ties.
    pub active: &'a [bool],
}

/// Where an array that is an expression is read: its variables and the indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    pub vars: Box<[Var]>,
    pub index: Box<[NodeId]>,
}

/// What sees every node that a template makes, but for constants, and may replace it.
pub type Hook<'a> = dyn FnMut(&mut Graph, NodeId) -> NodeId + 'a;

/// The node for a template.
pub fn build(graph: &mut Graph, term: &Term, scope: &Scope<'_>, hook: &mut Hook<'_>) -> NodeId {
    let made = match term {
        Term::Node(slot) => return scope.nodes[*slot],
        Term::Float(value) => return graph.float_like(*value, scope.like),
        Term::Tie(slot) => {
            let value = if scope.active[*slot] { 0.5 } else { 0.0 };
            return graph.float_like(value, scope.like);
        }
        // Open: the neighbour's type.
        Term::Int(value) => return graph.int(*value, Int::Open),
        Term::Scalar(scalar, args) => {
            let args: Vec<NodeId> = args.iter().map(|arg| build(graph, arg, scope, hook)).collect();
            fold(graph, *scalar, &args).unwrap_or_else(|| graph.scalar(*scalar, &args))
        }
        Term::Over(over, args) => {
            let args: Vec<NodeId> = args.iter().map(|arg| build(graph, arg, scope, hook)).collect();
            over.build(graph, &args)
        }
        Term::Int2(op, args) => {
            let args = both(graph, args, scope, hook);
            graph.int_op(*op, &args)
        }
        Term::ToFloat(arg) => {
            let arg = build(graph, arg, scope, hook);
            let elem = graph.elem(scope.like);
            graph.cast(elem, arg)
        }
        Term::Compare(cmp, args) => {
            let [a, b] = both(graph, args, scope, hook);
            match (graph.as_float(a), graph.as_float(b)) {
                (Some(x), Some(y)) => {
                    let holds = x.partial_cmp(&y).map_or(*cmp == Cmp::Ne, |ordering| cmp.holds(ordering));
                    graph.bool(holds)
                }
                _ => graph.compare(*cmp, a, b),
            }
        }
        Term::Logic(logic, args) => {
            let [a, b] = both(graph, args, scope, hook);
            graph.logic(*logic, a, b)
        }
        Term::If(args) => return choice(graph, args, scope, hook),
        Term::Reduce(fold, var, body) => {
            let body = build(graph, body, scope, hook);
            reduce(graph, *fold, scope.vars[*var], body)
        }
        Term::Soft(soft, var, body) => {
            let body = build(graph, body, scope, hook);
            graph.soft(*soft, scope.vars[*var], body)
        }
        Term::At(site, body) => {
            let body = build(graph, body, scope, hook);
            read_at(graph, &scope.sites[*site], body)
        }
    };
    hook(graph, made)
}

fn both(graph: &mut Graph, args: &[Term; 2], scope: &Scope<'_>, hook: &mut Hook<'_>) -> [NodeId; 2] {
    let a = build(graph, &args[0], scope, hook);
    [a, build(graph, &args[1], scope, hook)]
}

/// An `if`; where the condition is known, the other arm is not made.
fn choice(graph: &mut Graph, args: &[Term; 3], scope: &Scope<'_>, hook: &mut Hook<'_>) -> NodeId {
    let condition = build(graph, &args[0], scope, hook);
    match graph.as_bool(condition) {
        Some(true) => build(graph, &args[1], scope, hook),
        Some(false) => build(graph, &args[2], scope, hook),
        None => {
            let then = build(graph, &args[1], scope, hook);
            let other = build(graph, &args[2], scope, hook);
            graph.select(condition, then, other)
        }
    }
}

fn reduce(graph: &mut Graph, fold: Fold, var: Var, body: NodeId) -> NodeId {
    if fold == Fold::Sum {
        return graph.sum_over(var, body);
    }
    let initial = graph.float_like(neutral(fold), body);
    graph.reduce(fold, var, initial, body)
}

/// `body` at the site, over those variables only on which it depends.
pub fn read_at(graph: &mut Graph, site: &Site, body: NodeId) -> NodeId {
    let kept = |k: &usize| graph.depends_on(body, site.vars[*k]);
    let kept: Vec<usize> = (0..site.vars.len()).filter(kept).collect();
    let vars: Vec<Var> = kept.iter().map(|&k| site.vars[k]).collect();
    let index: Vec<NodeId> = kept.iter().map(|&k| site.index[k]).collect();
    if vars.is_empty() {
        return body;
    }
    let array = graph.add(Op::Build(vars.into()), &[body]);
    graph.read(array, &index)
}

/// Arithmetic on two constants, rounded as at run time: `2.5 - 1.0` reads better as `1.5`.
fn fold(graph: &mut Graph, scalar: Scalar, args: &[NodeId]) -> Option<NodeId> {
    let [a, b] = *args else { return None };
    let (x, y) = (graph.as_float(a)?, graph.as_float(b)?);
    let value = match graph.elem(a) {
        Elem::Float(Float::F32) => f64::from(arithmetic_f32(scalar, x as f32, y as f32)?),
        _ => arithmetic(scalar, x, y)?,
    };
    Some(graph.float_like(value, a))
}

/// `x + y`, `x - y`, `x * y`, `x / y`.
pub fn arithmetic(scalar: Scalar, x: f64, y: f64) -> Option<f64> {
    match scalar {
        Scalar::Add => Some(x + y),
        Scalar::Sub => Some(x - y),
        Scalar::Mul => Some(x * y),
        Scalar::Div => Some(x / y),
        _ => None,
    }
}

fn arithmetic_f32(scalar: Scalar, x: f32, y: f32) -> Option<f32> {
    match scalar {
        Scalar::Add => Some(x + y),
        Scalar::Sub => Some(x - y),
        Scalar::Mul => Some(x * y),
        Scalar::Div => Some(x / y),
        _ => None,
    }
}
