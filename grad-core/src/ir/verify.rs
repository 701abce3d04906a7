//! The invariants of a graph, checked. A failure is a bug of the stage that made the node.

use super::op::{asserted, scatter_writes};
use super::text::line;
use super::{Elem, Graph, Int, LoopId, NodeId, Op, Soft};

/// Checks everything that the roots reach. The roots are closed, and no type is open any more.
pub fn verify(graph: &Graph, roots: &[NodeId]) -> Result<(), String> {
    for &root in roots {
        let free = &graph.node(root).free;
        ensure(free.is_empty(), graph, root, || format!("a root has the free variables {free:?}"))?;
    }
    for id in graph.reachable(roots) {
        verify_node(graph, id)?;
    }
    Ok(())
}

fn ensure(holds: bool, graph: &Graph, id: NodeId, message: impl Fn() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{}: {}", line(graph, id), message())) }
}

/// Checks one node against its operands.
pub fn verify_node(graph: &Graph, id: NodeId) -> Result<(), String> {
    let node = graph.node(id);
    ensure(!node.ty.elem.is_open(), graph, id, || "its type is open".into())?;
    for &extent in &node.ty.shape {
        ensure(is_extent(graph, extent), graph, id, || format!("%{} is no extent", extent.0))?;
    }
    for &arg in node.args.iter() {
        ensure(arg < id, graph, id, || format!("its operand %{} is younger", arg.0))?;
    }
    verify_arity(graph, id)?;
    verify_operands(graph, id)?;
    for lp in graph.histories(id) {
        verify_loop(graph, id, lp)?;
    }
    match node.op {
        Op::Final(lp, _) => verify_loop(graph, id, lp),
        _ => Ok(()),
    }
}

fn is_extent(graph: &Graph, id: NodeId) -> bool {
    graph.rank(id) == 0 && graph.elem(id) == Elem::USIZE
}

fn verify_arity(graph: &Graph, id: NodeId) -> Result<(), String> {
    let node = graph.node(id);
    let found = node.args.len();
    let expected = match &node.op {
        Op::Const(_)
        | Op::Symbol(..)
        | Op::Extent { .. }
        | Op::Index(_)
        | Op::Carried(..)
        | Op::Trips(_)
        | Op::Final(..) => 0,
        Op::Param(..) | Op::Seed(..) => node.ty.rank(),
        Op::Scalar(scalar) => scalar.row().arity,
        Op::Logic(super::Logic::Not) => 1,
        Op::Int(op) => op.arity(),
        Op::Compare(_) | Op::Logic(_) | Op::Reduce(..) | Op::Matmul { .. } => 2,
        Op::If | Op::Select => 3,
        Op::Cast(_) | Op::Build(_) | Op::ArgReduce(..) | Op::Soft(..) | Op::StopGradient => 1,
        Op::Read => 1 + node.args.first().map_or(0, |&array| graph.rank(array)),
        // A value with axes is the part at leading indices.
        Op::Update { .. } => {
            let rank = |id: Option<&NodeId>| id.map_or(0, |&id| graph.rank(id));
            3 + rank(node.args.first()) - rank(node.args.last())
        }
        Op::Stack => found,
        Op::Assert { clauses, .. } => 1 + clauses.iter().map(|c| 1 + c.shown as usize).sum::<usize>(),
        Op::Scatter { rank, writes, .. } => rank + writes.len() * (rank + 1),
    };
    ensure(found == expected, graph, id, || format!("it takes {expected} operands"))
}

/// Ranks and element types.
fn verify_operands(graph: &Graph, id: NodeId) -> Result<(), String> {
    let node = graph.node(id);
    let args = &node.args;
    let elem = |k: usize| graph.elem(args[k]);
    let scalar = |nodes: &[NodeId]| nodes.iter().all(|&a| graph.rank(a) == 0);
    let whole = |nodes: &[NodeId]| nodes.iter().all(|&a| is_extent(graph, a));
    let of = |nodes: &[NodeId], e: Elem| nodes.iter().all(|&a| graph.elem(a) == e);
    let (holds, rule) = match &node.op {
        Op::Param(..) | Op::Seed(..) => (whole(args), "extents are usize"),
        Op::Scalar(super::Scalar::Powi) => (
            scalar(args) && elem(0).is_float() && elem(1) == Elem::Int(Int::I32),
            "powi takes a float and an i32",
        ),
        Op::Scalar(_) => (scalar(args) && of(args, node.ty.elem) && elem(0).is_float(), "floats of one type"),
        Op::Compare(_) => (scalar(args) && elem(0) == elem(1), "scalars of one type"),
        Op::Logic(_) => (scalar(args) && of(args, Elem::Bool), "bools"),
        Op::Int(op) if op.is_mixed() || op.is_u32() => (scalar(args) && is_int(elem(0)), "integers"),
        Op::Int(_) => {
            (scalar(args) && of(args, node.ty.elem) && !node.ty.elem.is_float(), "integers of one type")
        }
        Op::Cast(_) => (scalar(args), "a scalar"),
        Op::If | Op::Select => (
            scalar(args) && elem(0) == Elem::Bool && elem(1) == elem(2),
            "a condition and scalars of one type",
        ),
        Op::Read => (whole(&args[1..]), "indices are usize"),
        Op::Update { .. } => {
            let value = args[args.len() - 1];
            let fine = elem(1) == Elem::Bool && whole(&args[2..args.len() - 1]);
            (fine && graph.elem(value) == node.ty.elem, "a condition, indices and a value")
        }
        Op::Assert { vars, clauses } => {
            let conditions: Vec<NodeId> = asserted(clauses, args).iter().map(|clause| clause.fails).collect();
            let outside = vars.iter().all(|&v| !graph.depends_on(args[0], v));
            let fine = scalar(args) && elem(0) == Elem::Bool && of(&conditions, Elem::Bool);
            (fine && outside, "what was asserted before, conditions and numbers")
        }
        Op::Build(_) | Op::Soft(..) | Op::ArgReduce(..) => (scalar(args), "the body is a scalar"),
        Op::Reduce(..) => (scalar(args) && elem(0) == elem(1), "scalars of one type"),
        Op::Stack => {
            let same = args.windows(2).all(|w| graph.ty(w[0]) == graph.ty(w[1]));
            (same, "elements of one type")
        }
        Op::Scatter { elem, rank, writes } => {
            let fine = scatter_writes(*rank, writes, args)
                .iter()
                .all(|w| whole(w.index) && scalar(&[w.value]) && graph.elem(w.value) == *elem);
            (fine && whole(&args[..*rank]), "usize indices and values of its type")
        }
        Op::Matmul { .. } => (args.iter().all(|&a| graph.rank(a) == 2) && elem(0) == elem(1), "two matrices"),
        _ => (true, ""),
    };
    ensure(holds, graph, id, || format!("its operands are not as they must be: {rule}"))?;
    verify_bound(graph, id)
}

fn is_int(elem: Elem) -> bool {
    matches!(elem, Elem::Int(_))
}

/// Extents of bound variables are made before what binds them, and each variable is bound once.
fn verify_bound(graph: &Graph, id: NodeId) -> Result<(), String> {
    let op = graph.op(id);
    let groups: Vec<&[super::Var]> = match op {
        Op::Scatter { writes, .. } => writes.iter().map(|vars| &**vars).collect(),
        Op::Soft(Soft::Softmax | Soft::LogSoftmax, var) => vec![std::slice::from_ref(var)],
        op => vec![op.bound()],
    };
    for vars in groups {
        for (k, &var) in vars.iter().enumerate() {
            let extent = graph.extent(var);
            ensure(!vars[..k].contains(&var), graph, id, || format!("i{} is bound twice", var.0))?;
            ensure(is_extent(graph, extent) && extent < id, graph, id, || {
                format!("i{} has no extent that was there before", var.0)
            })?;
        }
    }
    if let Op::Build(vars) = op {
        // Rows may differ in length, if it is known where they begin.
        let in_order = (0..vars.len()).all(|k| {
            let extent = graph.extent(vars[k]);
            vars[k..].iter().all(|&later| !graph.depends_on(extent, later))
        });
        ensure(in_order, graph, id, || "an extent depends on a variable behind it".into())?;
    }
    Ok(())
}

fn verify_loop(graph: &Graph, id: NodeId, lp: LoopId) -> Result<(), String> {
    let info = graph.loop_info(lp);
    ensure(info.init.len() == info.next.len(), graph, id, || format!("loop{} is not closed", lp.0))?;
    ensure(is_extent(graph, graph.extent(info.var)), graph, id, || format!("loop{} has no extent", lp.0))?;
    for (k, (&init, &next)) in info.init.iter().zip(&info.next).enumerate() {
        ensure(init < id && next < id, graph, id, || format!("loop{} is younger", lp.0))?;
        let (from, to) = (graph.ty(init), graph.ty(next));
        ensure(from.elem == to.elem && from.rank() == to.rank(), graph, id, || {
            format!("loop{} carries on another type in place {k}: %{} -> %{}", lp.0, init.0, next.0)
        })?;
        ensure(!graph.depends_on(init, info.var), graph, id, || {
            format!("loop{} starts with a value of its own iterations", lp.0)
        })?;
    }
    Ok(())
}
