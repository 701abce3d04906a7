//! The layout of matrix products: one that is only read with its indices the other way round is made the other
//! way round, `(A·B)ᵀ = Bᵀ·Aᵀ`, so that it is read as it lies.

use crate::ir::ids::IdMap;
use crate::ir::op::{Op, Var};
use crate::ir::{Graph, NodeId};

/// Turns the products that are only read transposed.
pub fn orient(graph: &mut Graph, mut roots: Vec<NodeId>) -> Vec<NodeId> {
    // One after the other: the operands of one may be elements of another.
    while let Some(turned) = first_turned(graph, &roots) {
        roots = graph.replace(&roots, turned);
    }
    roots
}

/// What takes the place of the elements of the first product that is to be turned.
fn first_turned(graph: &mut Graph, roots: &[NodeId]) -> Option<IdMap<NodeId>> {
    let reachable = graph.reachable(roots);
    let is_product = |id: &NodeId| matches!(graph.op(*id), Op::Matmul { .. }) && !roots.contains(id);
    let mut products = reachable.iter().copied().filter(is_product);
    let (product, reads) = products.find_map(|p| Some((p, transposed_reads(graph, &reachable, p)?)))?;
    let Op::Matmul { transpose_a, transpose_b } = *graph.op(product) else { return None };
    let args = graph.args(product);
    let op = Op::Matmul { transpose_a: !transpose_b, transpose_b: !transpose_a };
    let turned = graph.add(op, &[args[1], args[0]]);
    let replaced = reads.into_iter().map(|read| {
        let index = graph.args(read);
        (read, graph.read(turned, &[index[2], index[1]]))
    });
    Some(replaced.collect())
}

/// All uses of a product, if each is an element that is stored with its indices exchanged.
fn transposed_reads(graph: &Graph, reachable: &[NodeId], product: NodeId) -> Option<Vec<NodeId>> {
    let uses = reachable.iter().copied().filter(|&id| graph.args(id).contains(&product));
    let reads: Vec<NodeId> = uses.collect();
    let is_transposed = |read: &NodeId| {
        let index = graph.args(*read);
        let vars = [1, 2].map(|k| index.get(k).and_then(|&i| graph.as_index(i)));
        let ([Some(row), Some(column)], Op::Read) = (vars, graph.op(*read)) else { return false };
        index[0] == product && orders(graph, reachable, [row, column]) == [[column, row]]
    };
    (!reads.is_empty() && reads.iter().all(is_transposed)).then_some(reads)
}

/// The orders in which arrays have two variables.
fn orders(graph: &Graph, reachable: &[NodeId], [row, column]: [Var; 2]) -> Vec<[Var; 2]> {
    let mut found = Vec::new();
    for &id in reachable {
        let Op::Build(vars) = graph.op(id) else { continue };
        let place = |var: Var| vars.iter().position(|&v| v == var);
        let (Some(first), Some(second)) = (place(row), place(column)) else { continue };
        let order = if first < second { [row, column] } else { [column, row] };
        if !found.contains(&order) {
            found.push(order);
        }
    }
    found
}
