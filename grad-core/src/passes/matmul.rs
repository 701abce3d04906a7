//! Matrix products. A sum of products over run-time or large extents becomes a call of the matrix kernel on
//! arrays in memory; other contractions stay loops.

use crate::ir::graph::without;
use crate::ir::op::{Fold, Op, Var};
use crate::ir::{Graph, NodeId, Scalar};

/// A literal extent from which on the kernel is worth its call.
const LARGE: i128 = 32;

/// Replaces the contractions below the roots for which the kernel is the better choice.
pub fn matrix_products(graph: &mut Graph, roots: &[NodeId]) -> Vec<NodeId> {
    let is_sum = |id: NodeId| matches!(graph.op(id), Op::Reduce(Fold::Sum, _));
    if !graph.reachable(roots).into_iter().any(is_sum) {
        return roots.to_vec();
    }
    graph.rebuild(roots, &mut |graph, id| {
        reach_with_array(graph, id);
        product(graph, id).unwrap_or(id)
    })
}

/// A product is made where the array was whose elements are those of the product.
fn reach_with_array(graph: &mut Graph, array: NodeId) {
    if let Op::Build(_) = graph.op(array) {
        let element = graph.args(array)[0];
        let product = *graph.op(element) == Op::Read;
        let product = product.then(|| graph.args(element)[0]);
        if let Some(product) = product.filter(|&of| matches!(graph.op(of), Op::Matmul { .. })) {
            graph.reach_with(array, product);
        }
    }
}

/// The two operands of a contraction over `inner`, as scalars in two variables each.
struct Contraction {
    rows: Var,
    columns: Var,
    inner: Var,
    a: NodeId,
    b: NodeId,
}

fn product(graph: &mut Graph, id: NodeId) -> Option<NodeId> {
    let contraction = contraction(graph, id)?;
    let Contraction { rows, columns, inner, a, b } = contraction;
    let (a, transpose_a) = operand(graph, a, rows, inner)?;
    let (b, transpose_b) = operand(graph, b, inner, columns)?;
    let product = graph.add(Op::Matmul { transpose_a, transpose_b }, &[a, b]);
    let index = [graph.index(rows), graph.index(columns)];
    Some(graph.read(product, &index))
}

/// Takes `Σ_inner a(rows, inner)·b(inner, columns)` apart.
fn contraction(graph: &mut Graph, id: NodeId) -> Option<Contraction> {
    let Op::Reduce(Fold::Sum, inner) = *graph.op(id) else { return None };
    let args = graph.args(id);
    let free = graph.free(id);
    let zero = graph.as_float(args[0]) == Some(0.0);
    let &[first, second] = &free[..] else { return None };
    let ordered = [first, second, inner].iter().any(|&v| graph.owner(v).is_some());
    let square = [first, second, inner].iter().all(|&v| is_large(graph, v));
    if !zero || ordered || !square || !is_closed(graph, &[first, second, inner]) {
        return None;
    }
    let mut factors = Vec::new();
    factors_of(graph, args[1], &mut factors);
    let (rows, columns) = if leading(graph, &factors, second) { (second, first) } else { (first, second) };
    let mut a = None;
    let mut b = None;
    for factor in factors {
        let (in_rows, in_columns) = (graph.depends_on(factor, rows), graph.depends_on(factor, columns));
        match (in_rows, in_columns) {
            (true, true) => return None,
            (false, true) => multiply(graph, &mut b, factor),
            _ => multiply(graph, &mut a, factor),
        }
    }
    let both = Contraction { rows, columns, inner, a: a?, b: b? };
    (graph.depends_on(both.a, inner) && graph.depends_on(both.b, inner)).then_some(both)
}

/// Whether the first factor is the one in this variable: it gives the rows.
fn leading(graph: &Graph, factors: &[NodeId], var: Var) -> bool {
    factors.first().is_some_and(|&f| graph.depends_on(f, var))
}

fn multiply(graph: &mut Graph, product: &mut Option<NodeId>, factor: NodeId) {
    *product = Some(match *product {
        Some(before) => graph.mul(before, factor),
        None => factor,
    });
}

fn factors_of(graph: &Graph, id: NodeId, into: &mut Vec<NodeId>) {
    if *graph.op(id) == Op::Scalar(Scalar::Mul) {
        graph.args(id).iter().for_each(|&a| factors_of(graph, a, into));
    } else {
        into.push(id);
    }
}

/// Run-time extents may be large; const generics and small literals are left to loops that the compiler unrolls.
fn is_large(graph: &Graph, var: Var) -> bool {
    let extent = graph.extent(var);
    match graph.op(extent) {
        Op::Const(_) => graph.as_int(extent).is_some_and(|n| n >= LARGE),
        Op::Symbol(..) => false,
        _ => true,
    }
}

fn is_closed(graph: &Graph, vars: &[Var]) -> bool {
    vars.iter().all(|&v| graph.free(graph.extent(v)).is_empty())
}

/// The matrix whose element at `(row, column)` is `element`, or its transpose where that is in memory already.
fn operand(graph: &mut Graph, element: NodeId, row: Var, column: Var) -> Option<(NodeId, bool)> {
    if !without(&graph.free(element), &[row, column]).is_empty() {
        return None;
    }
    let index = graph.args(element);
    if *graph.op(element) == Op::Read && index.len() == 3 && is_flat(graph, index[0]) {
        let whole = |first: Var, second: Var| {
            let shape = &graph.ty(index[0]).shape;
            graph.as_index(index[1]) == Some(first)
                && graph.as_index(index[2]) == Some(second)
                && shape[0] == graph.extent(first)
                && shape[1] == graph.extent(second)
        };
        if whole(row, column) {
            return Some((index[0], false));
        }
        if whole(column, row) {
            return Some((index[0], true));
        }
    }
    // Either order would do: that of the arrays from which the element comes needs no strides.
    if natural_order(graph, element, [row, column]) == [column, row] {
        return Some((graph.build(&[column, row], element), true));
    }
    Some((graph.build(&[row, column], element), false))
}

/// The order in which the first matrix that an expression reads has these variables.
pub fn natural_order(graph: &Graph, element: NodeId, vars: [Var; 2]) -> [Var; 2] {
    let mut stack = vec![element];
    while let Some(id) = stack.pop() {
        let node = graph.node(id);
        if node.op == Op::Read && node.args.len() == 3 {
            let index = [graph.as_index(node.args[1]), graph.as_index(node.args[2])];
            if index == [Some(vars[1]), Some(vars[0])] {
                return [vars[1], vars[0]];
            }
            if index == [Some(vars[0]), Some(vars[1])] {
                return vars;
            }
        }
        if node.op.bound().is_empty() && !matches!(node.op, Op::Final(..)) {
            stack.extend(node.args.iter().rev());
        }
    }
    vars
}

fn is_flat(graph: &Graph, array: NodeId) -> bool {
    matches!(graph.op(array), Op::Param(..) | Op::Seed(..) | Op::Matmul { .. } | Op::Build(_))
}
