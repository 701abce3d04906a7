//! The stages in order: the only place that sees more than its neighbours.

use proc_macro2::TokenStream;

use crate::assemble::Writer;
use crate::diagnostic::Checked;
use crate::differentiate::reverse;
use crate::document::Document;
use crate::ir::function::Function;
use crate::ir::{Elem, Graph, NodeId, Op};
use crate::passes::branches::order_branches;
use crate::passes::checkpoint::checkpoint;
use crate::passes::displaced::displaced_binders;
use crate::passes::elements::elements_in_branches;
use crate::passes::empty_sums::{Added, empty_sums};
use crate::passes::guards::{guard_reads, guard_writes};
use crate::passes::infer::{Check, infer};
use crate::passes::matmul::matrix_products;
use crate::passes::orient::orient;
use crate::passes::prune::{narrow, prune, settle};
use crate::passes::sharing::share_in_branches;
use crate::report::Traced;
use crate::rules::{Mode, Phase, rewrite};
use crate::traced;

/// A function that is ready to be differentiated.
pub struct Prepared {
    pub function: Function,
    pub checks: Vec<Check>,
}

/// Extents are known and equal ones are one; forms that lose digits are replaced.
///
/// AFTER THIS POINT the value is what the user's function computes, to the last bit unless a stabilising rule
/// fired, and no rule may change its meaning.
pub fn prepare(mut function: Function) -> Checked<Prepared> {
    let checks = infer(&mut function)?;
    let mode = mode(&function);
    rewrite_function(&mut function, Phase::Stabilise, mode);
    Ok(Prepared { function, checks })
}

fn mode(function: &Function) -> Mode {
    match (function.request.exact, function.request.fast_math) {
        (true, _) => Mode::Exact,
        (_, true) => Mode::FastMath,
        _ => Mode::Default,
    }
}

fn rewrite_function(function: &mut Function, phase: Phase, mode: Mode) {
    let roots = function.roots();
    let new = rewrite(&mut function.graph, &roots, phase, mode);
    function.set_roots(new);
}

/// Which of the two reverse-mode functions is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reverse {
    /// `f_grad`: of a scalar result, with the cotangent 1.
    Grad,
    /// `f_vjp`: the caller gives the cotangent of the result.
    Vjp,
}

/// Value and gradients as nodes, and the seeds that the caller supplies.
pub struct Differentiated {
    pub values: Vec<NodeId>,
    pub gradients: Vec<NodeId>,
    pub seeds: Vec<NodeId>,
    /// What the parameters behind `&mut` that change hold in the end, in their order.
    pub last: Vec<NodeId>,
    /// What has been asserted in the end.
    pub asserted: NodeId,
    /// The cotangents of what the active ones hold in the end.
    pub state_seeds: Vec<NodeId>,
}

/// The graph also computes the gradients.
///
/// AFTER THIS POINT nothing about storage has been decided: the result can be differentiated again.
pub fn differentiate(prepared: &mut Prepared, reverse_kind: Reverse) -> Differentiated {
    let mode = mode(&prepared.function);
    let Function { graph, params, output, asserted, .. } = &mut prepared.function;
    let values: Vec<NodeId> = output.leaves().iter().map(|(node, _)| *node).collect();
    let mut outputs = Vec::new();
    let mut seeds = Vec::new();
    for &value in &values {
        let Elem::Float(float) = graph.elem(value) else { continue };
        let seed = match reverse_kind {
            Reverse::Grad => graph.float(1.0, float),
            Reverse::Vjp => {
                let shape = graph.ty(value).shape.clone();
                graph.add(Op::Seed(seeds.len() as u32, Elem::Float(float)), &shape)
            }
        };
        seeds.push(seed);
        outputs.push((value, seed));
    }
    let mut state_seeds = Vec::new();
    for param in params.iter().filter(|p| p.active && p.mutable && reverse_kind == Reverse::Vjp) {
        let shape = graph.ty(param.node).shape.clone();
        let number = (seeds.len() + state_seeds.len()) as u32;
        let seed = graph.add(Op::Seed(number, graph.elem(param.node)), &shape);
        state_seeds.push(seed);
        outputs.push((param.last.unwrap_or(param.node), seed));
    }
    let inputs: Vec<NodeId> = params.iter().filter(|p| p.active).map(|p| p.node).collect();
    let last: Vec<NodeId> = params.iter().filter_map(|p| p.last).collect();
    let gradients = reverse(graph, &outputs, &inputs);
    let count = values.len();
    let active = gradients.len();
    let roots: Vec<NodeId> = values.into_iter().chain(gradients).chain(last).chain([*asserted]).collect();
    let roots = settle(graph, &roots);
    prune(graph, &roots);
    let roots = narrow(graph, &roots);
    let roots = empty_sums(graph, &roots, Added::WhereItRuns);
    let mut values = rewrite(graph, &roots, Phase::Algebra, mode);
    let mut gradients = values.split_off(count);
    let mut last = gradients.split_off(active);
    let asserted = last.pop().unwrap_or(*asserted);
    Differentiated { values, gradients, seeds, last, asserted, state_seeds }
}

/// Only what has a spelling in Rust is left; contractions are loops or matrix products, and checkpointed loops carry
/// their snapshots.
#[doc(hidden)]
pub fn lower(graph: &mut Graph, roots: &[NodeId], mode: Mode) -> Vec<NodeId> {
    let roots = checkpoint(graph, roots);
    let roots = empty_sums(graph, &roots, Added::Anyway);
    let roots = displaced_binders(graph, &roots);
    let roots = rewrite(graph, &roots, Phase::Lower, mode);
    let roots = settle(graph, &roots);
    let roots = guard_reads(graph, &roots);
    let roots = guard_writes(graph, &roots);
    let roots = order_branches(graph, &roots);
    let roots = share_in_branches(graph, &roots);
    let roots = elements_in_branches(graph, &roots);
    let roots = matrix_products(graph, &roots);
    orient(graph, roots)
}

/// The tokens of `f_grad` or `f_vjp`.
pub fn write_reverse(prepared: &mut Prepared, kind: Reverse) -> TokenStream {
    let differentiated = differentiate(prepared, kind);
    let document = Document::new(&mut prepared.function, &differentiated, kind);
    let mode = mode(&prepared.function);
    let Differentiated { values, gradients, last, asserted, .. } = &differentiated;
    let nodes = [&values[..], gradients, last, &[*asserted]].concat();
    let lowered = lower(&mut prepared.function.graph, &nodes, mode);
    let Prepared { function, checks } = prepared;
    let mut writer = Writer { function, checks, kind, reports: None };
    let parts = writer.plan(&differentiated, &lowered);
    let Function { graph, params, .. } = &mut *writer.function;
    let lines = document.lines(graph, params, &parts.program.saved);
    writer.assemble(parts, lines)
}

/// The tokens of `f_grad_traced`.
pub fn write_traced(mut function: Function) -> Checked<TokenStream> {
    let mode = mode(&function);
    let mut traced = traced::differentiate(&mut function, mode)?;
    let roots: Vec<NodeId> = traced.nodes_mut().map(|node| *node).collect();
    let Traced { checks, value, gradients, last, reports, asserted } = traced;
    let docs = crate::document::describe_traced(&function, &reports);
    let lowered = lower(&mut function.graph, &roots, mode);
    let values = vec![value];
    let (seeds, state_seeds) = (Vec::new(), Vec::new());
    let differentiated = Differentiated { values, gradients, seeds, last, asserted, state_seeds };
    let kind = Reverse::Grad;
    let mut writer = Writer { function: &mut function, checks: &checks, kind, reports: Some(&reports) };
    let parts = writer.plan(&differentiated, &lowered);
    Ok(writer.assemble(parts, docs))
}
