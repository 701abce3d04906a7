//! The rustdoc of generated functions: what is returned in which shape, what is saved on the way, and the formula of
//! every gradient.

mod saved;

use crate::ir::formula::formulas;
use crate::ir::function::{Function, Layout, Output, Param};
use crate::ir::ids::Set;
use crate::ir::op::Snapshots;
use crate::ir::{Graph, NodeId, Op};
use crate::passes::checkpoint::kept;
use crate::pipeline::{Differentiated, Reverse};
use crate::plan::Saved;
use crate::report::Report;

/// At most so many intermediate values are defined; where there are more, only the gradients are.
const MOST: usize = 24;

/// The documentation of a derivative, but for what only its plan knows.
pub struct Document {
    returns: Vec<String>,
    /// What checkpointed loops keep.
    snapshots: Vec<String>,
    formulas: Vec<String>,
}

impl Document {
    pub fn new(function: &mut Function, differentiated: &Differentiated, kind: Reverse) -> Document {
        let snapshots = snapshots(function, differentiated);
        let formulas = definitions(function, differentiated);
        Document { returns: heading(function, kind), snapshots, formulas }
    }

    /// The lines, with what the plan of the derivative saves.
    pub fn lines(self, graph: &mut Graph, params: &[Param], saved: &[Saved]) -> Vec<String> {
        let mut lines = self.returns;
        if self.snapshots.is_empty() || !saved.is_empty() {
            lines.extend([String::new(), format!(" {}", saved::sentence(graph, params, saved))]);
        }
        lines.extend(self.snapshots);
        lines.push(String::new());
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

/// The lines of the documentation of a derivative that reports of what the function names.
pub fn describe_traced(function: &Function, reports: &[Report]) -> Vec<String> {
    let name = &function.signature.name;
    let link = if function.signature.is_method { "Self::" } else { "" };
    let krate = function.signature.krate.to_string().replace(' ', "");
    let krate = krate.trim_start_matches("::");
    let returned = gradients(function, Reverse::Grad).0;
    let mut lines = vec![
        format!(" Value and gradient of [`{link}{name}`], and how large what it names is."),
        String::new(),
    ];
    lines.push(format!(
        " Returns (`{name}(…)`, {returned}, [`Trace`]({krate}::health::Trace)): the value, the partial derivatives of \
         the result, and"
    ));
    let mut names: Vec<String> = Vec::new();
    for report in reports {
        let shown = format!("`{}{}`", report.name, "[…]".repeat(report.loops.len()));
        if !names.contains(&shown) {
            names.push(shown);
        }
    }
    lines.push(match names.is_empty() {
        true => {
            " nothing else, because no named value lies between the parameters and the result.".to_string()
        }
        false => format!(" a summary of each of these values and of its cotangent: {}.", names.join(", ")),
    });
    lines
}

/// The gradients that are returned, and whether there are any.
fn gradients(function: &Function, kind: Reverse) -> (String, bool) {
    let graph = &function.graph;
    let active: Vec<String> = function
        .params
        .iter()
        .filter(|p| p.active && !(p.mutable && kind == Reverse::Vjp))
        .map(|p| format!("`d_{}`{}", p.name, shape(graph, p.node, &p.layout, &function.params)))
        .collect();
    let text = match &active[..] {
        [one] => one.clone(),
        several => format!("({})", several.join(", ")),
    };
    (text, !active.is_empty())
}

fn returns(function: &Function, kind: Reverse) -> Vec<String> {
    let (gradients, some) = gradients(function, kind);
    let call = format!("`{}(…)`", function.signature.name);
    let has_value = !matches!(&function.output, Output::Tuple(parts) if parts.is_empty());
    let of = match kind {
        Reverse::Grad => "the partial derivatives of the result",
        Reverse::Vjp => "the cotangents of the parameters, given that of the result as the last argument",
    };
    let mut lines = Vec::new();
    match (has_value, some) {
        (true, false) => lines.push(format!(" Returns {call}.")),
        (true, true) => lines.push(format!(" Returns ({call}, {gradients}): the value, and {of}.")),
        (false, false) => {}
        (false, true) => lines.push(format!(" Returns {gradients}: the cotangents of the parameters.")),
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

/// What checkpointed loops keep for the way back.
fn snapshots(function: &mut Function, differentiated: &Differentiated) -> Vec<String> {
    let roots =
        [&differentiated.values[..], &differentiated.gradients[..], &differentiated.last[..]].concat();
    let mut lines = Vec::new();
    for kept in kept(&mut function.graph, &roots) {
        let graph = &function.graph;
        let steps = extent(graph, kept.steps, &function.params);
        let steps = steps.as_deref().unwrap_or("steps");
        let count = match kept.wanted {
            Snapshots::Logarithmic => format!("⌊log₂ {steps}⌋ + 2"),
            Snapshots::Given(count) => format!("{}", count.saturating_add(1)),
            Snapshots::Symbol(id) => format!("{} + 1", graph.symbol(id)),
        };
        let mut values: Vec<String> = Vec::new();
        for &value in &kept.values {
            let shape =
                if graph.rank(value) == 0 { String::new() } else { extents(graph, value, &function.params) };
            values.push(format!("`{}`{shape}", graph.name(value).unwrap_or("…")));
        }
        lines.push(String::new());
        lines.push(format!(
            " Saves {count} versions of {}; those in between are computed again.",
            values.join(", ")
        ));
    }
    lines
}

/// ` of m × n`, nothing for a scalar.
fn shape(graph: &Graph, node: NodeId, layout: &Layout, params: &[Param]) -> String {
    if *layout == Layout::Scalar { String::new() } else { extents(graph, node, params) }
}

fn extents(graph: &Graph, node: NodeId, params: &[Param]) -> String {
    let extents: Vec<String> = graph
        .ty(node)
        .shape
        .iter()
        .map(|&own| extent(graph, own, params).unwrap_or_else(|| "…".to_string()))
        .collect();
    format!(" [{}]", extents.join(" × "))
}

fn extent(graph: &Graph, extent: NodeId, params: &[Param]) -> Option<String> {
    match graph.op(extent) {
        Op::Const(_) => graph.as_int(extent).map(|n| n.to_string()),
        Op::Symbol(id, _) => Some(graph.symbol(*id).to_string()),
        Op::Extent { param, axis } => Some(match graph.rank(params[*param as usize].node) {
            1 => format!("{}.len()", params[*param as usize].name),
            _ => format!("axis {axis} of {}", params[*param as usize].name),
        }),
        Op::Param(param, _) => Some(params[*param as usize].name.clone()),
        _ => None,
    }
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
