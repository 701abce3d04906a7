//! The result, and whether what is asked for can be given.

use syn::spanned::Spanned;
use syn::{ItemFn, ReturnType, Stmt};

use super::attribute::Options;
use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Val};
use crate::diagnostic::Diagnostic;
use crate::ir::function::{Layout, Output, Param, Request, Watched};
use crate::ir::ids::IdSet;
use crate::ir::{Elem, Float, Int, NodeId, Op};

/// The derivatives to write: those asked for, and the one that suits the result unless it or the other is.
pub fn request(options: &Options, output: &Output) -> Request {
    let mut request = options.request.clone();
    if !request.grad && !request.vjp {
        let is_scalar = matches!(output, Output::Leaf { layout: Layout::Scalar, .. });
        request.grad = is_scalar;
        request.vjp = !is_scalar;
    }
    request
}

impl Reader {
    /// A gradient is that of one number.
    pub fn check_request(&mut self, options: &Options, output: &Output) -> Read<()> {
        if matches!(output, Output::Leaf { layout: Layout::Scalar, .. }) {
            return Ok(());
        }
        if let Some(span) = options.grad_span {
            return self.refuse(
                span,
                "`grad` is for a result that is one number: write `vjp`, which takes the cotangent of the result",
            );
        }
        match options.trace_span {
            Some(span) => self.refuse(
                span,
                "`trace` is for a result that is one number: put it on the function that computes the loss from this result",
            ),
            None => Ok(()),
        }
    }

    /// The value of the body as the declared result.
    pub fn output(&mut self, value: Val, ty: &Ty, item: &ItemFn) -> Read<Output> {
        let span = match (item.block.stmts.last(), &item.sig.output) {
            (Some(Stmt::Expr(expr, _)), _) => token(expr),
            (_, ReturnType::Type(_, ty)) => ty.span(),
            _ => item.sig.ident.span(),
        };
        self.output_part(value, ty, span)
    }

    fn output_part(&mut self, value: Val, ty: &Ty, span: proc_macro2::Span) -> Read<Output> {
        let value = self.coerce(value, ty, span)?;
        match (value, ty) {
            (Val::Unit | Val::Never, Ty::Unit) => Ok(Output::Tuple(Vec::new())),
            (Val::Tuple(parts), Ty::Tuple(types)) if parts.len() == types.len() => {
                let parts = parts.into_iter().zip(types).map(|(part, ty)| self.output_part(part, ty, span));
                Ok(Output::Tuple(parts.collect::<Read<_>>()?))
            }
            (value @ (Val::Scalar(_) | Val::Constant(_)), Ty::Scalar(elem)) => {
                let node = self.scalar_like(value, *elem, span)?;
                Ok(Output::Leaf { node, layout: Layout::Scalar })
            }
            (Val::Array(array), Ty::Array(ty)) if self.rank(&array) == ty.extents.len() => {
                self.output_array(&array, ty, span)
            }
            (Val::Poison, _) => Err(Refused),
            (Val::Pending(pending), _) => self.refuse(
                pending.span,
                "the length of this array is not known: write `std::array::from_fn::<_, N, _>(…)`",
            ),
            (Val::Never, _) => {
                self.refuse(span, "this function panics wherever it ends: there is nothing to differentiate")
            }
            (value, _) => {
                let message = format!("the result has to be as declared, but this is {}", value.kind());
                self.refuse(span, message)
            }
        }
    }

    fn output_array(
        &mut self,
        array: &Array,
        ty: &super::types::ArrayTy,
        span: proc_macro2::Span,
    ) -> Read<Output> {
        if array.family != super::signature::family(&ty.layout) {
            return self.refuse(span, "the result is an array of another kind than declared");
        }
        let node = self.array_node(array);
        let node = ty.elem.map_or(node, |elem| self.graph.close(node, elem));
        Ok(Output::Leaf { node, layout: ty.layout.clone() })
    }

    /// Refuses what has no gradient, or one that is always zero, and constants whose type is not known.
    pub fn check_activity(
        &mut self,
        params: &mut [Param],
        output: &Output,
        options: &Options,
        item: &ItemFn,
    ) -> Read<()> {
        self.check_symbols(output, params)?;
        let reached = self.reached(output, params);
        let mut refused = false;
        for param in params.iter().filter(|p| p.active && !p.mutable && !reached.contains(&p.node)) {
            let name = &param.name;
            let advice = match &options.wrt {
                Some(_) => "take it out of `wrt(…)`".to_string(),
                None => format!("write `_{name}`, or `#[grad(skip({name}))]`"),
            };
            let message =
                format!("`{name}` cannot reach the result: its gradient would always be zero; {advice}");
            self.diagnostics.push(Diagnostic::new(param.origin, message));
            refused = true;
        }
        if !refused && !params.iter().any(|param| param.active) {
            return self.refuse(
                item.sig.ident.span(),
                "no parameter of this function can have a gradient: integers, `bool`s, names that start with `_` \
                 and what is skipped have none",
            );
        }
        if refused { Err(Refused) } else { Ok(()) }
    }

    /// The nodes from which floats flow into the result.
    fn reached(&self, output: &Output, params: &[Param]) -> IdSet {
        let mut stack: Vec<NodeId> = output.leaves().iter().map(|(node, _)| *node).collect();
        stack.extend(params.iter().filter(|param| param.active).filter_map(|param| param.last));
        stack.retain(|&node| self.graph.elem(node).is_float());
        let mut seen: IdSet = stack.iter().copied().collect();
        while let Some(node) = stack.pop() {
            if *self.graph.op(node) == Op::StopGradient {
                continue;
            }
            let below = self.graph.dependencies(node);
            stack.extend(below.into_iter().filter(|&n| self.graph.elem(n).is_float() && seen.insert(n)));
        }
        seen
    }

    /// Gives literals that have met no typed neighbour the types that Rust gives them.
    pub fn close_literals(
        &mut self,
        output: Output,
        params: &mut [Param],
        watched: &mut [Watched],
    ) -> Output {
        through(output, params, watched, |roots| {
            if !self.graph.reachable(roots).iter().any(|&node| self.graph.elem(node).is_open()) {
                return roots.to_vec();
            }
            self.graph.rebuild(roots, &mut |graph, node| match graph.elem(node) {
                Elem::Float(Float::Open) => graph.close(node, Elem::Float(Float::F64)),
                Elem::Int(Int::Open) => graph.close(node, Elem::Int(Int::I32)),
                _ => node,
            })
        })
    }

    /// A loop that has turned out to count runs as often as that says, also where that has been asked before.
    pub fn settle_trips(&mut self, output: Output, params: &mut [Param], watched: &mut [Watched]) -> Output {
        through(output, params, watched, |roots| {
            let nodes = self.graph.reachable(roots).into_iter();
            let counted = nodes.filter_map(|id| match self.graph.op(id) {
                Op::Trips(lp) => {
                    let info = self.graph.loop_info(*lp);
                    info.stop.is_none().then(|| (id, self.graph.extent(info.var)))
                }
                _ => None,
            });
            let counted = counted.collect();
            self.graph.replace(roots, counted)
        })
    }

    fn check_symbols(&mut self, output: &Output, params: &[Param]) -> Read<()> {
        let mut roots: Vec<NodeId> = output.leaves().iter().map(|(node, _)| *node).collect();
        roots.extend(params.iter().filter_map(|param| param.last));
        let mut refused = false;
        for node in self.graph.reachable(&roots) {
            if let Op::Symbol(symbol, elem) = self.graph.op(node)
                && elem.is_open()
            {
                let text = self.graph.symbol(*symbol).to_string();
                let origin = self.graph.node(node).origin;
                let message = format!(
                    "the type of `{text}` is not known here: annotate it, as in `let g: f64 = {text};`"
                );
                self.diagnostics.push(Diagnostic::new(origin, message));
                refused = true;
            }
        }
        if refused { Err(Refused) } else { Ok(()) }
    }
}

/// What a function gives and what is watched in it, after something has been done to all of that.
fn through(
    output: Output,
    params: &mut [Param],
    watched: &mut [Watched],
    pass: impl FnOnce(&[NodeId]) -> Vec<NodeId>,
) -> Output {
    let mut roots: Vec<NodeId> = output.leaves().iter().map(|(node, _)| *node).collect();
    roots.extend(params.iter().filter_map(|param| param.last));
    roots.extend(watched.iter().flat_map(Watched::nodes));
    let mut roots = pass(&roots).into_iter();
    let output = output.with_nodes(&mut roots);
    for last in params.iter_mut().filter_map(|param| param.last.as_mut()) {
        *last = roots.next().unwrap_or(*last);
    }
    for node in watched.iter_mut().flat_map(Watched::nodes_mut) {
        *node = roots.next().unwrap_or(*node);
    }
    output
}
