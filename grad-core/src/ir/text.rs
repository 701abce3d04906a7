//! A graph as text, one node a line: for debugging and for tests.
//!
//! ```text
//! i0 < %0
//! %3: f64[i0] = read %1 %2  // x
//! %4: [f64; %0] = build i0: %3
//! ```
//!
//! Behind an element type stand the variables over which the node is a field, in an array type the extents.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::op::{Clause, asserted, scatter_writes};
use super::{Const, Fold, Graph, IntOp, Logic, LoopId, NodeId, Op, Soft, Var};

/// The variables, loops and nodes that the roots reach.
pub fn text(graph: &Graph, roots: &[NodeId]) -> String {
    let order = graph.reachable(roots);
    let mut out = String::new();
    let (vars, loops) = mentioned(graph, &order);
    for var in vars {
        let _ = writeln!(out, "i{} < %{}", var.0, graph.extent(var).0);
    }
    for lp in loops {
        let info = graph.loop_info(lp);
        let carried: Vec<String> =
            info.init.iter().zip(&info.next).map(|(from, to)| format!("%{} -> %{}", from.0, to.0)).collect();
        let stop = info.stop.as_ref().map_or(String::new(), |stop| {
            let bound = stop.bound.map_or("∞".to_string(), |bound| format!("%{}", bound.0));
            format!(", at most {bound}, until %{}", stop.until.0)
        });
        let _ = writeln!(out, "loop{} over i{}{stop}: {}", lp.0, info.var.0, carried.join(", "));
    }
    for id in order {
        let _ = writeln!(out, "{}", line(graph, id));
    }
    let _ = writeln!(out, "-> {}", list(roots));
    out
}

/// One node with its type, operation and name.
pub fn line(graph: &Graph, id: NodeId) -> String {
    let name = graph.name(id).map_or(String::new(), |name| format!("  // {name}"));
    format!("%{}: {} = {}{name}", id.0, type_text(graph, id), operation(graph, id))
}

/// The variables and loops of some nodes, in order.
pub fn mentioned(graph: &Graph, nodes: &[NodeId]) -> (BTreeSet<Var>, BTreeSet<LoopId>) {
    let mut vars = BTreeSet::new();
    let mut loops = BTreeSet::new();
    for &id in nodes {
        match graph.op(id) {
            Op::Index(var) | Op::Soft(_, var) => {
                vars.insert(*var);
            }
            Op::Carried(lp, _) | Op::Final(lp, _) | Op::Trips(lp) => {
                loops.insert(*lp);
                vars.insert(graph.loop_info(*lp).var);
            }
            Op::Scatter { writes, .. } => vars.extend(writes.iter().flat_map(|vars| vars.iter().copied())),
            op => vars.extend(op.bound()),
        }
    }
    (vars, loops)
}

/// `f64`, `f64[i0, i3]`, `[f64; %1, %2]`.
pub fn type_text(graph: &Graph, id: NodeId) -> String {
    let ty = graph.ty(id);
    let mut text = ty.elem.rust().to_string();
    if ty.elem.is_open() {
        text = format!("{{{text}}}");
    }
    if !ty.is_scalar() {
        text = format!("[{text}; {}]", list(&ty.shape));
    }
    let free = &graph.node(id).free;
    if !free.is_empty() {
        text = format!("{text}[{}]", vars(free));
    }
    text
}

/// The operation with its operands.
pub fn operation(graph: &Graph, id: NodeId) -> String {
    let args = &graph.node(id).args;
    let all = args.iter().map(|a| format!(" %{}", a.0)).collect::<String>();
    match graph.op(id) {
        Op::Const(constant) => const_text(*constant),
        Op::Symbol(symbol, _) => format!("symbol {}", graph.symbol(*symbol)),
        Op::Param(k, _) => format!("param {k}"),
        Op::Seed(k, _) => format!("seed {k}"),
        Op::Extent { param, axis } => format!("extent {axis} of param {param}"),
        Op::Index(var) => format!("index i{}", var.0),
        Op::Carried(lp, k) => format!("carried {k} of loop{}", lp.0),
        Op::Final(lp, k) => format!("final {k} of loop{}", lp.0),
        Op::Trips(lp) => format!("trips of loop{}", lp.0),
        Op::Update { add } => format!("update{}{all}", if *add { " add" } else { "" }),
        Op::Assert { vars: over, clauses } => assert_text(graph, over, clauses, args),
        Op::Scalar(scalar) => format!("{}{all}", scalar.row().name),
        Op::Compare(cmp) => format!("%{} {} %{}", args[0].0, cmp.rust(), args[1].0),
        Op::Logic(Logic::And) => format!("%{} && %{}", args[0].0, args[1].0),
        Op::Logic(Logic::Or) => format!("%{} || %{}", args[0].0, args[1].0),
        Op::Logic(Logic::Not) => format!("!%{}", args[0].0),
        Op::Int(op) => format!("int {}{all}", int_name(*op)),
        Op::Cast(elem) => format!("cast{all} as {}", elem.rust()),
        Op::If => format!("if{all}"),
        Op::Select => format!("select{all}"),
        Op::Read => format!("read{all}"),
        Op::Build(over) => format!("build {}:{all}", vars(over)),
        Op::Stack => format!("stack{all}"),
        Op::Scatter { rank, writes, .. } => scatter_text(*rank, writes, args),
        Op::Reduce(fold, var) => {
            format!("{} i{} from %{}: %{}", fold_name(*fold), var.0, args[0].0, args[1].0)
        }
        Op::ArgReduce(fold, var) => format!("arg{} i{}:{all}", fold_name(*fold), var.0),
        Op::Soft(soft, var) => format!("{} i{}:{all}", soft_name(*soft), var.0),
        Op::Matmul { transpose_a, transpose_b } => {
            let mark = |transposed: &bool| if *transposed { "ᵀ" } else { "" };
            format!("matmul %{}{} %{}{}", args[0].0, mark(transpose_a), args[1].0, mark(transpose_b))
        }
        Op::StopGradient => format!("stop_gradient{all}"),
    }
}

fn const_text(constant: Const) -> String {
    match constant {
        Const::Float(bits, _) => format!("{:?}", f64::from_bits(bits)),
        Const::Int(value, _) => value.to_string(),
        Const::Bool(value) => value.to_string(),
    }
}

fn scatter_text(rank: usize, writes: &[Box<[Var]>], args: &[NodeId]) -> String {
    let writes: Vec<String> = scatter_writes(rank, writes, args)
        .iter()
        .map(|write| format!("{}: [{}] += %{}", vars(write.vars), list(write.index), write.value.0))
        .collect();
    format!("scatter {}", writes.join("; "))
}

fn assert_text(graph: &Graph, over: &[Var], clauses: &[Clause], args: &[NodeId]) -> String {
    let clauses: Vec<String> = asserted(clauses, args)
        .iter()
        .map(|clause| {
            let shown = clause.shown.iter().map(|n| format!(" %{}", n.0)).collect::<String>();
            let text = &graph.message(clause.message).text;
            format!("unless %{} {text:?}{shown}", clause.fails.0)
        })
        .collect();
    let over = if over.is_empty() { String::new() } else { format!(" {}:", vars(over)) };
    format!("assert %{}{over} {}", args[0].0, clauses.join("; "))
}

fn list(nodes: &[NodeId]) -> String {
    nodes.iter().map(|n| format!("%{}", n.0)).collect::<Vec<_>>().join(", ")
}

fn vars(vars: &[Var]) -> String {
    vars.iter().map(|v| format!("i{}", v.0)).collect::<Vec<_>>().join(", ")
}

pub fn fold_name(fold: Fold) -> &'static str {
    match fold {
        Fold::Sum => "sum",
        Fold::Max => "max",
        Fold::Min => "min",
    }
}

pub fn soft_name(soft: Soft) -> &'static str {
    match soft {
        Soft::Softmax => "softmax",
        Soft::LogSoftmax => "log_softmax",
        Soft::LogSumExp => "logsumexp",
    }
}

fn int_name(op: IntOp) -> &'static str {
    match op {
        IntOp::Neg => "neg",
        op => op.rust().unwrap_or_else(|method| method),
    }
}
