//! Derivatives and rewrites, as data: the `.rules` files beside this module, parsed once per process.
//!
//! The laws for rule authors:
//!
//! - A scalar function has one entry `scalar`, with a partial for each argument; the softmax family has one entry
//!   `soft` with a pullback. Missing and doubled entries are errors when the table is loaded.
//! - A rewrite `rule name @phase… mark: pattern => term if guard… why "…";` is tried where its pattern's outermost
//!   operation stands, in file order, operands first. `?x` is any scalar; a repeated one is the same node. `?i` in
//!   `sum[?i](…)` is the variable that the sum binds, on which the summand has to depend. Commutative operations
//!   match in both orders. A number matches a constant of that value; `0` matches both zeros.
//! - `exact`: the same value for every float. `stabilise`: the more accurate of two forms. `relaxed`: true of real
//!   numbers only; fires where its guards are proven, or under `fast_math`.
//! - Sums that are spelled out, of any number of terms, are known to guards (`exponentials`, `weighted`, `shifted_by`,
//!   `spelled_squares`) and taken apart by functions of the right side (`shift`, `shifted`, `hypots`); see `sums`.
//! - Rewrites (but for `@lower`, which expands) have to make the term smaller; see `check`.
//! - A variable keeps its scope: what stood under a binder stays under it, unless a guard `invariant(?m, ?i)` says
//!   that it does not matter.

mod build;
mod check;
mod error;
#[rustfmt::skip]
mod grammar;
mod guard;
mod matcher;
mod resolve;
mod rewrite;
mod sample;
mod sums;
mod syntax;
mod table;
mod term;
mod transpose;

pub use error::Error;
pub use guard::{Known, Range, range};
pub use rewrite::{Fired, rewrite, rewrite_telling};
pub use sample::Sample;
pub use table::{Derivative, Mark, Mode, Phase, Rewrite, SoftDerivative, Table, table};

use crate::ir::{Graph, NodeId, Scalar, Soft, Var};
use build::Scope;

/// The partial derivatives of a scalar function at `args`, where its value is the node `y`. `None` where there is
/// no derivative by nature (the exponent of `powi`) or where it is zero everywhere (`floor`).
pub fn partials(graph: &mut Graph, scalar: Scalar, args: &[NodeId], y: NodeId) -> Vec<Option<NodeId>> {
    partials_for(graph, scalar, args, y, &vec![true; args.len()])
}

/// As [`partials`], where only some operands are active: at a tie, `x.max(c)` with an inactive `c` has the derivative
/// 0, while two active operands have ½ each. Only the partials of the active operands are made.
pub fn partials_for(
    graph: &mut Graph,
    scalar: Scalar,
    args: &[NodeId],
    y: NodeId,
    active: &[bool],
) -> Vec<Option<NodeId>> {
    let nodes: Vec<NodeId> = args.iter().copied().chain([y]).collect();
    let scope = Scope { nodes: &nodes, vars: &[], sites: &[], like: y, active };
    let derivative = table().derivative(scalar);
    let partials = derivative.partials.iter().zip(active);
    partials
        .map(|(partial, active)| match partial {
            Some(term) if *active => Some(build::build(graph, term, &scope, &mut |_, id| id)),
            _ => None,
        })
        .collect()
}

/// The cotangent of the body `x`, given the cotangent `g` of the node `y` = `soft[var](x)`.
pub fn soft_pullback(graph: &mut Graph, soft: Soft, var: Var, x: NodeId, y: NodeId, g: NodeId) -> NodeId {
    soft_map(graph, &table().soft(soft).pullback, var, [x, y, g])
}

/// The tangent of the node `y` = `soft[var](x)`, given the tangent of its body: the pullback transposed.
pub fn soft_pushforward(
    graph: &mut Graph,
    soft: Soft,
    var: Var,
    x: NodeId,
    y: NodeId,
    tangent: NodeId,
) -> NodeId {
    soft_map(graph, &table().soft(soft).pushforward, var, [x, y, tangent])
}

fn soft_map(graph: &mut Graph, term: &term::Term, var: Var, nodes: [NodeId; 3]) -> NodeId {
    let scope = Scope { nodes: &nodes, vars: &[var], sites: &[], like: nodes[1], active: &[] };
    build::build(graph, term, &scope, &mut |_, id| id)
}
