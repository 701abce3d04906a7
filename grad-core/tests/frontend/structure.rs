//! What the front end says of a function besides its values.

use grad_core::frontend::Reading;
use grad_core::ir::function::{Layer, Layout};
use grad_core::ir::{Elem, Float, NodeId, Op};

use crate::harness::reading;

fn actives(reading: &Reading) -> Vec<&str> {
    reading.function.params.iter().filter(|param| param.active).map(|param| param.name.as_str()).collect()
}

fn root(reading: &Reading) -> NodeId {
    reading.function.output.leaves()[0].0
}

fn operations(reading: &Reading) -> Vec<Op> {
    let graph = &reading.function.graph;
    graph.reachable(&reading.function.roots()).into_iter().map(|node| graph.op(node).clone()).collect()
}

#[test]
fn activity() {
    let source =
        "fn f(x: f64, _y: f64, v: &[f64], n: usize, b: bool) -> f64 { x * v[n] + if b { _y } else { x } }";
    assert_eq!(actives(&reading("", source)), ["x", "v"]);
    assert_eq!(actives(&reading("wrt(v)", source)), ["v"]);
    assert_eq!(actives(&reading("wrt(_y, x)", source)), ["x", "_y"]);
    assert_eq!(actives(&reading("skip(x)", source)), ["v"]);
}

#[test]
fn requests() {
    let scalar = "fn f(x: f64) -> f64 { x }";
    let request = |attribute: &str, source: &str| {
        let request = reading(attribute, source).function.request;
        [request.grad, request.vjp, request.exact]
    };
    assert_eq!(request("", scalar), [true, false, false]);
    assert_eq!(request("", "fn f(x: f64) -> [f64; 1] { [x] }"), [false, true, false]);
    assert_eq!(request("vjp, exact", scalar), [false, true, true]);
    assert_eq!(request("grad, vjp", scalar), [true, true, false]);
}

#[test]
fn signatures() {
    let source = "#[cfg(unix)] #[inline] pub(crate) fn f<'a, const N: usize>(mut x: &'a [f64; N], [p, q]: [f64; 2], _: u8) \
                  -> Vec<f64> where [(); N]: Sized { vec![x[0] * p * q; 2] }";
    let function = reading("name = g, crate = crate::grad", source).function;
    let signature = &function.signature;
    assert_eq!((signature.name.as_str(), signature.stem.as_str()), ("f", "g"));
    assert_eq!(signature.attributes.to_string(), "# [cfg (unix)]");
    assert_eq!(signature.visibility.to_string(), "pub (crate)");
    assert_eq!(signature.generics.to_string(), "< 'a , const N : usize >");
    assert_eq!(signature.where_clause.to_string(), "where [() ; N] : Sized");
    assert_eq!(signature.krate.to_string(), "crate :: grad");
    let inputs: Vec<String> = signature.inputs.iter().map(|input| input.to_string()).collect();
    assert_eq!(inputs, ["x : & 'a [f64 ; N]", "input : [f64 ; 2]", "_unused : u8"]);
    assert!(signature.taken.contains(&"q".to_string()));
}

#[test]
fn layouts() {
    let source = "fn f(a: &[Vec<f64>], b: &[[f64; 3]; 2], c: ArrayView2<'_, f32>, d: Array<f64, ndarray::Ix3>, e: &ArrayRef1<f64>) \
                  -> f64 { a[0][1] * b[1][2] * c[[0, 1]] as f64 * d[[0, 0, 0]] * e[0] }";
    let reading = reading("", source);
    let layouts: Vec<&Layout> = reading.function.params.iter().map(|param| &param.layout).collect();
    assert_eq!(
        layouts,
        [
            &Layout::Nested(vec![Layer::Slice, Layer::Vec]),
            &Layout::Nested(vec![Layer::Array, Layer::Array]),
            &Layout::NdArray { rank: 2 },
            &Layout::NdArray { rank: 3 },
            &Layout::NdArray { rank: 1 },
        ]
    );
}

#[test]
fn folds_are_recognised() {
    for body in [
        "v.iter().fold(0.0, |s, x| s + x * x)",
        "v.iter().fold(1.0, |s, x| x.exp() + s)",
        "v.iter().copied().fold(f64::NEG_INFINITY, f64::max)",
        "v.iter().fold(0.0, |m, &x| if x > m { x } else { m })",
        "v.iter().fold(0.0, |m, &x| if m >= x { x } else { m })",
        "v.iter().filter(|x| **x > 0.0).fold(0.0, |s, x| s + x)",
        "v.iter().fold(0.0, |s, &x| if x > 0.0 { s + x } else { s })",
        "v.iter().fold((0.0, 0.0), |(s, q), x| (s + x, q + x * x)).1",
    ] {
        let reading = reading("", &format!("fn f(v: &[f64]) -> f64 {{ {body} }}"));
        let operations = operations(&reading);
        assert!(operations.iter().any(|op| matches!(op, Op::Reduce(..))), "{body}");
        assert!(!operations.iter().any(|op| matches!(op, Op::Carried(..))), "{body}");
    }
    let carried = reading("", "fn f(v: &[f64]) -> f64 { v.iter().fold(0.0, |s, x| s + s * x) }");
    assert!(operations(&carried).iter().any(|op| matches!(op, Op::Carried(..))));
}

/// A loop that does not depend on a variable around it can move out of that.
#[test]
fn loops_are_as_free_as_they_are() {
    let source = "fn f(v: &[f64]) -> Vec<f64> {
        v.iter().map(|x| x * v.iter().fold(1.0, |p, y| p * y + 1.0)).collect()
    }";
    let reading = reading("", source);
    let graph = &reading.function.graph;
    for node in graph.reachable(&[root(&reading)]) {
        if matches!(graph.op(node), Op::Final(..)) {
            assert!(graph.free(node).is_empty());
        }
    }
}

#[test]
fn names() {
    let source = "fn f(w: &[f64; 3], x: f64) -> [f64; 3] {
        let n = 2.0;
        let z = std::array::from_fn::<_, 3, _>(|i| w[i] * x);
        let total = z.iter().sum::<f64>();
        z.map(|v| { let share = v / total; share * n })
    }";
    let reading = reading("", source);
    let graph = &reading.function.graph;
    let mut names: Vec<&str> =
        graph.reachable(&[root(&reading)]).into_iter().filter_map(|node| graph.name(node)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names, ["i", "share", "total", "z"]);
}

#[test]
fn equal_extents() {
    let source = "fn f(w: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> { w.dot(x) }";
    let plain = reading("", source);
    let [same] = &plain.function.same_extents[..] else { panic!("one comparison") };
    assert_eq!(same.reason, "`dot` needs");
    let extent = |node| plain.function.graph.op(node).clone();
    assert_eq!(
        [extent(same.left), extent(same.right)],
        [Op::Extent { param: 0, axis: 1 }, Op::Extent { param: 1, axis: 0 }]
    );
    let named = reading("shape(w: [_, input], x: [input])", source);
    assert_eq!(named.function.same_extents.len(), 1);
    assert_eq!(named.function.same_extents[0].reason, "`shape(…)` says");
    let truncated =
        reading("", "fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().zip(y).map(|(a, b)| a * b).sum() }");
    assert!(truncated.function.same_extents.is_empty());
    let taken = reading("", "fn f(x: &[f64]) -> [f64; 3] { x.try_into().unwrap() }");
    assert_eq!(taken.function.same_extents[0].reason, "the type of this array needs");
}

/// Literals take the type of what they meet, also where both float types are about.
#[test]
fn literal_types() {
    for source in [
        "fn f(x: f32) -> f32 { let h = 0.5; (h * 2.0) * x + 1.0 }",
        "fn f(x: f32, y: f64) -> f32 { let h = 0.5; (h * 2.0) * x + (y * 3.0 + 1.0) as f32 }",
        "fn f(x: &[f32], y: f64) -> f32 { x.iter().fold(0.0, |a, v| a * v + 1.0) * y as f32 }",
        "fn f(x: &[f32], y: f64) -> f32 { (0..3).map(|i| x[i] * i as f32 * 2.0).sum::<f32>() * y as f32 }",
        "fn f(x: f32, y: f64) -> f32 { if 1.0 > 2.0 { x } else { (0..3).map(|_| 1.0).sum::<f32>() * y as f32 } }",
    ] {
        let reading = reading("", source);
        let graph = &reading.function.graph;
        assert_eq!(graph.elem(root(&reading)), Elem::Float(Float::F32));
        for node in graph.reachable(&[root(&reading)]) {
            assert!(!graph.elem(node).is_open(), "{source}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_graph() {
    let source = "fn f(x: &[f64], y: &[f64]) -> f64 {
        let a: Vec<f64> = x.iter().zip(y).map(|(p, q)| p * q.sin()).collect();
        a.iter().fold((1.0, 0.0), |(p, q), v| (p * v, q + p)).1
    }";
    let text = || {
        let reading = reading("", source);
        grad_core::ir::text::text(&reading.function.graph, &[root(&reading)])
    };
    assert_eq!(text(), text());
}
