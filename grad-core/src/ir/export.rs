//! A graph as a drawing: the input of Graphviz' `dot`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::{mentioned, operation, type_text};
use super::{Graph, NodeId, Var};

/// A drawing of what the roots reach: a cluster for each set of index variables, nested as they are, and
/// dashed arrows for what loops carry on.
pub fn dot(graph: &Graph, roots: &[NodeId]) -> String {
    let order = graph.reachable(roots);
    let mut out =
        String::from("digraph graph_ {\n  rankdir=BT;\n  node [shape=box, fontname=\"monospace\"];\n");
    let mut clusters: BTreeMap<Vec<Var>, Vec<NodeId>> = BTreeMap::new();
    for &id in &order {
        clusters.entry(graph.free(id).to_vec()).or_default().push(id);
    }
    // Sorted, a set of variables comes right before those that it is the beginning of.
    let mut open: Vec<Vec<Var>> = Vec::new();
    for (vars, nodes) in &clusters {
        while open.last().is_some_and(|outer| !vars.starts_with(outer)) {
            open.pop();
            let _ = writeln!(out, "  {}}}", "  ".repeat(open.len()));
        }
        if !vars.is_empty() {
            let pad = "  ".repeat(open.len());
            let _ = writeln!(out, "  {pad}subgraph cluster_{} {{", names(vars, "_"));
            let _ = writeln!(out, "  {pad}  label=\"{}\";", escape(&label(graph, vars)));
            open.push(vars.clone());
        }
        for &id in nodes {
            node(graph, id, roots.contains(&id), open.len(), &mut out);
        }
    }
    for depth in (0..open.len()).rev() {
        let _ = writeln!(out, "  {}}}", "  ".repeat(depth));
    }
    edges(graph, &order, &mut out);
    out.push_str("}\n");
    out
}

fn names(vars: &[Var], between: &str) -> String {
    vars.iter().map(|v| format!("i{}", v.0)).collect::<Vec<_>>().join(between)
}

/// The variables of a cluster, the last with its extent and the loop whose it is.
fn label(graph: &Graph, vars: &[Var]) -> String {
    let each = vars.iter().map(|&var| {
        let owner = graph.owner(var).map_or(String::new(), |lp| format!(" of loop{}", lp.0));
        format!("i{} < %{}{owner}", var.0, graph.extent(var).0)
    });
    each.collect::<Vec<_>>().join(", ")
}

fn node(graph: &Graph, id: NodeId, is_root: bool, depth: usize, out: &mut String) {
    let name = graph.name(id).map_or(String::new(), |name| format!("{name}: "));
    let label = format!("%{} {name}{}\n{}", id.0, type_text(graph, id), operation(graph, id));
    let style = if is_root { ", penwidth=2" } else { "" };
    let pad = "  ".repeat(depth + 1);
    let _ = writeln!(out, "{pad}n{} [label=\"{}\"{style}];", id.0, escape(&label));
}

fn edges(graph: &Graph, order: &[NodeId], out: &mut String) {
    for &id in order {
        for arg in graph.node(id).args.iter() {
            let _ = writeln!(out, "  n{} -> n{};", arg.0, id.0);
        }
        if let super::Op::Carried(lp, k) | super::Op::Final(lp, k) = graph.op(id) {
            let info = graph.loop_info(*lp);
            let ends = [info.init.get(*k as usize), info.next.get(*k as usize)];
            // Of a loop that is drawn from the inside only, the next value may not be there.
            for end in ends.into_iter().flatten().filter(|end| order.binary_search(end).is_ok()) {
                let _ = writeln!(out, "  n{} -> n{} [style=dashed];", end.0, id.0);
            }
        }
    }
    for lp in mentioned(graph, order).1 {
        let _ = writeln!(out, "  // loop{} over i{}", lp.0, graph.loop_info(lp).var.0);
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
