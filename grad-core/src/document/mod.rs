//! The rustdoc of generated functions: what is returned in which shape, what is saved on the way, and the formula of
//! every gradient.

mod saved;

use crate::ir::formula::formulas;
use crate::ir::function::{Function, Layout, Output, Param};
use crate::ir::ids::Set;
use crate::ir::{Graph, NodeId, Op};
use crate::pipeline::{Differentiated, Reverse};
use crate::plan::Saved;

/// At most so many intermediate values are defined; where there are more, only the gradients are.
const MOST: usize = 24;

/// The documentation of a derivative, but for what only its plan knows.
pub struct Document {
    returns: Vec<String>,
    formulas: Vec<String>,
}

impl Document {
    pub fn new(function: &mut Function, differentiated: &Differentiated, kind: Reverse) -> Document {
        let formulas = definitions(function, differentiated);
        Document { returns: heading(function, kind), formulas }
    }

    /// The lines, with what the plan of the derivative saves.
    pub fn lines(self, graph: &mut Graph, params: &[Param], saved: &[Saved]) -> Vec<String> {
        let mut lines = self.returns;
        lines.extend([String::new(), format!(" {}", saved::sentence(graph, params, saved)), String::new()]);
        lines.push(" ```text".to_string());
        lines.extend(self.formulas.into_iter().map(|line| format!(" {line}")));
        lines.push(" ```".to_string());
        lines
    }
}

/// What the derivative is of, and what it returns.
fn heading(function: &Function, kind: Reverse) -> Vec<String> {
    // A method is linked by its type.
    let link = if function.signature.is_method { "Self::" } else { "" };
    let name = format!("{link}{}", function.signature.name);
    let mut lines = vec![match kind {
        Reverse::Grad => format!(" Value and gradient of [`{name}`]."),
        Reverse::Vjp => format!(" Value and pullback of [`{name}`]."),
    }];
    lines.push(String::new());
    lines.extend(returns(function, kind));
    lines
}

fn returns(function: &Function, kind: Reverse) -> Vec<String> {
    let graph = &function.graph;
    let active: Vec<String> = function
        .params
        .iter()
        .filter(|p| p.active && !(p.mutable && kind == Reverse::Vjp))
        .map(|p| format!("`d_{}`{}", p.name, shape(graph, p.node, &p.layout, &function.params)))
        .collect();
    let gradients = match &active[..] {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    let call = format!("`{}(…)`", function.signature.name);
    let has_value = !matches!(&function.output, Output::Tuple(parts) if parts.is_empty());
    let of = match kind {
        Reverse::Grad => "the partial derivatives of the result",
        Reverse::Vjp => "the cotangents of the parameters, given that of the result as the last argument",
    };
    let mut lines = Vec::new();
    match (has_value, active.is_empty()) {
        (true, true) => lines.push(format!(" Returns {call}.")),
        (true, false) => lines.push(format!(" Returns ({call}, {gradients}): the value, and {of}.")),
        (false, true) => {}
        (false, false) => lines.push(format!(" Returns {gradients}: the cotangents of the parameters.")),
    }
    for param in function.params.iter().filter(|p| p.active && p.mutable && kind == Reverse::Vjp) {
        lines.push(String::new());
        lines.push(format!(
            " `d_{0}` comes in as the cotangent of what `{0}` holds in the end, and goes out as that of what it held at first.",
            param.name
        ));
    }
    lines
}

/// ` of m × n`, nothing for a scalar.
fn shape(graph: &Graph, node: NodeId, layout: &Layout, params: &[Param]) -> String {
    if *layout == Layout::Scalar {
        return String::new();
    }
    let extents: Vec<String> = graph
        .ty(node)
        .shape
        .iter()
        .map(|&extent| match graph.op(extent) {
            Op::Const(_) => graph.as_int(extent).map_or(String::new(), |n| n.to_string()),
            Op::Symbol(id, _) => graph.symbol(*id).to_string(),
            Op::Extent { param, axis } => match graph.rank(params[*param as usize].node) {
                1 => format!("{}.len()", params[*param as usize].name),
                _ => format!("axis {axis} of {}", params[*param as usize].name),
            },
            _ => "…".to_string(),
        })
        .collect();
    format!(" [{}]", extents.join(" × "))
}

/// The formulas, intermediate values first.
fn definitions(function: &mut Function, differentiated: &Differentiated) -> Vec<String> {
    let params: Vec<(NodeId, String)> = function.params.iter().map(|p| (p.node, p.name.clone())).collect();
    let active: Vec<String> = function.params.iter().filter(|p| p.active).map(|p| p.name.clone()).collect();
    let names = value_names(&function.output);
    let graph = &mut function.graph;
    params.iter().for_each(|(node, name)| graph.set_name(*node, name));
    for (k, &seed) in differentiated.seeds.iter().enumerate().filter(|_| !differentiated.seeds.is_empty()) {
        if matches!(graph.op(seed), Op::Seed(..)) {
            let name = if differentiated.seeds.len() == 1 { "d_y".to_string() } else { format!("d_y{k}") };
            graph.set_name(seed, &name);
        }
    }
    let mut targets = intermediates(graph, differentiated);
    let results = names.into_iter().zip(differentiated.values.iter().copied());
    let gradients =
        active.into_iter().map(|n| format!("d_{n}")).zip(differentiated.gradients.iter().copied());
    targets.extend(results);
    targets.extend(gradients);
    let mut seen: Set<String> = Set::default();
    formulas(graph, &targets).into_iter().filter(|line| seen.insert(line.clone())).collect()
}

fn value_names(output: &Output) -> Vec<String> {
    match output.leaves().len() {
        1 => vec!["y".to_string()],
        count => (0..count).map(|k| format!("y{k}")).collect(),
    }
}

/// The named values on the way, as arrays over their free variables.
fn intermediates(graph: &mut Graph, differentiated: &Differentiated) -> Vec<(String, NodeId)> {
    let roots = [&differentiated.values[..], &differentiated.gradients[..]].concat();
    let mut found: Vec<(String, NodeId)> = Vec::new();
    for id in graph.reachable(&roots) {
        let plain = matches!(
            graph.op(id),
            Op::Param(..) | Op::Seed(..) | Op::Const(_) | Op::Carried(..) | Op::Final(..) | Op::Index(_)
        );
        let Some(name) = graph.name(id).map(str::to_string).filter(|_| !plain && graph.rank(id) == 0) else {
            continue;
        };
        if found.len() > MOST {
            return Vec::new();
        }
        if found.iter().all(|(known, _)| *known != name) && !roots.contains(&id) {
            found.push((name, id));
        }
    }
    if found.len() > MOST {
        return Vec::new();
    }
    found
        .into_iter()
        .map(|(name, id)| {
            let free = graph.free(id);
            let array = if free.is_empty() { id } else { graph.add(Op::Build(free.to_vec().into()), &[id]) };
            (name, array)
        })
        .collect()
}
