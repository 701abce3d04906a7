//! What a traced derivative reports, on its way from nodes to what is written.

use crate::emit::Record;
use crate::ir::function::{Layer, Layout};
use crate::ir::{Graph, NodeId};
use crate::passes::infer::Check;
use crate::plan::program::Place;
use crate::plan::{Names, Root, is_static};

/// Value and gradients as nodes, and what is reported beside them.
pub struct Traced {
    pub checks: Vec<Check>,
    pub value: NodeId,
    pub gradients: Vec<NodeId>,
    /// What the parameters behind `&mut` that change hold in the end.
    pub last: Vec<NodeId>,
    pub reports: Vec<Report>,
    /// What has been asserted in the end.
    pub asserted: NodeId,
}

/// What is reported of a named value.
pub struct Report {
    /// The user's name, with a number from the second value of that name on.
    pub name: String,
    /// The number of its shift.
    pub shift: u32,
    /// The loops whose iterations are told apart: the first axes of the arrays.
    pub loops: Vec<u32>,
    pub value: NodeId,
    pub cotangent: NodeId,
    /// One where the value is computed, zero elsewhere; `None` if it always is.
    pub taken: Option<NodeId>,
}

impl Traced {
    /// Value, gradients, final states; then value, cotangent and place of each report; then what is asserted.
    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut NodeId> {
        let reported = self.reports.iter_mut().flat_map(Report::nodes_mut);
        [&mut self.value]
            .into_iter()
            .chain(&mut self.gradients)
            .chain(&mut self.last)
            .chain(reported)
            .chain([&mut self.asserted])
    }
}

impl Report {
    fn nodes_mut(&mut self) -> impl Iterator<Item = &mut NodeId> {
        [&mut self.value, &mut self.cotangent].into_iter().chain(&mut self.taken)
    }
}

/// Adds the roots for what is reported, whose nodes come in the order of [`Report::nodes_mut`]. Returns for each which
/// root it is: what is computed anyway is not kept twice.
pub fn add_roots(
    graph: &Graph,
    (reports, nodes): (&[Report], &[NodeId]),
    roots: &mut Vec<Root>,
    names: &mut Names,
) -> Vec<usize> {
    let mut nodes = nodes.iter();
    let mut places = Vec::new();
    for report in reports {
        let plain: String = report.name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let wanted = [plain.clone(), format!("d_{plain}"), format!("has_{plain}")];
        let count = 2 + usize::from(report.taken.is_some());
        for (name, &node) in wanted.iter().zip(nodes.by_ref().take(count)) {
            let has_rows = |root: &Root| matches!(root.layout, Layout::Nested(_)) || report.loops.is_empty();
            let known = roots.iter().position(|root| root.node == node && has_rows(root));
            places.push(known.unwrap_or(roots.len()));
            if known.is_some() {
                continue;
            }
            roots.push(Root {
                node,
                name: names.fresh(name),
                layout: layout(graph, node, report.loops.len()),
                is_gradient: false,
                on_entry: false,
            });
        }
    }
    places
}

/// How an array is kept until it is reported: by iterations, and the rest on the stack where its extents are known.
fn layout(graph: &Graph, node: NodeId, loops: usize) -> Layout {
    let shape = &graph.ty(node).shape;
    let is_known = shape[loops..].iter().all(|&extent| is_static(graph, extent));
    match (shape.len(), loops) {
        (0, _) => Layout::Scalar,
        (rank @ 2.., 0) if !is_known => Layout::NdArray { rank },
        _ => {
            let own = if is_known { Layer::Array } else { Layer::Vec };
            Layout::Nested((0..shape.len()).map(|axis| if axis < loops { Layer::Vec } else { own }).collect())
        }
    }
}

/// What is written of each report, from where the plan has put the roots that its parts are.
pub fn records(graph: &Graph, reports: &[Report], parts: &[usize], places: &[Place]) -> Vec<Record> {
    let mut parts = parts.iter();
    let mut next = || places[*parts.next().expect("a root for each part")].clone();
    let records = reports.iter().map(|report| Record {
        is_number: graph.rank(report.value) == report.loops.len(),
        name: report.name.clone(),
        loops: report.loops.clone(),
        value: next(),
        cotangent: next(),
        taken: report.taken.map(|_| next()),
    });
    records.collect()
}
