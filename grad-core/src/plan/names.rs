//! Names for what the plan invents: fresh against the user's and against each other.

use crate::ir::ids::{Map, Set};
use crate::ir::{Const, Elem, Graph, NodeId, Op};

/// The names that are taken so far.
pub struct Names {
    taken: Set<String>,
    invented: Set<String>,
    /// The last number given to each name.
    numbers: Map<String, usize>,
    open_indices: Vec<String>,
    /// Sums that may be taken in any order.
    cotangents: Map<String, Elem>,
}

const INDICES: [&str; 8] = ["i", "j", "k", "l", "m", "n", "p", "q"];

impl Names {
    pub fn new(taken: impl IntoIterator<Item = String>) -> Names {
        Names {
            taken: taken.into_iter().collect(),
            invented: Set::default(),
            numbers: Map::default(),
            open_indices: Vec::new(),
            cotangents: Map::default(),
        }
    }

    /// `wanted` or, if that is taken, with a number behind it.
    pub fn fresh(&mut self, wanted: &str) -> String {
        // `d_r#type` is no name.
        let wanted = &wanted.replace("r#", "");
        let mut name = if is_keyword(wanted) { format!("{wanted}_") } else { wanted.to_string() };
        let number = self.numbers.entry(wanted.to_string()).or_insert(1);
        // Nor may it hide the index of a loop around it.
        while self.open_indices.contains(&name) || !self.taken.insert(name.clone()) {
            *number += 1;
            name = format!("{wanted}_{number}");
        }
        name
    }

    /// A name for the index of a loop that is being opened, the user's if it can be had; loops side by side use
    /// the same ones.
    pub fn open_index(&mut self, wanted: Option<String>) -> String {
        let free = wanted
            .into_iter()
            .chain(INDICES.iter().map(|s| s.to_string()))
            .chain((1..).map(|n| format!("i{n}")))
            .find(|name| !self.taken.contains(name) && !self.open_indices.contains(name))
            .expect("there are infinitely many names");
        self.open_indices.push(free.clone());
        free
    }

    pub fn close_index(&mut self) {
        self.open_indices.pop();
    }

    /// The name of a value: the user's, or one that says what it is.
    pub fn value(&mut self, graph: &Graph, node: NodeId) -> String {
        let name = self.fresh(&Names::wanted(graph, node));
        if graph.name(node).is_none_or(|name| name.starts_with("d_")) {
            self.invented.insert(name.clone());
        }
        name
    }

    /// The sum of this name may be taken in any order: it is not the function's own.
    pub fn mark_cotangent(&mut self, name: &str, elem: Elem) {
        self.cotangents.insert(name.to_string(), elem);
    }

    /// The type of such a sum.
    pub fn cotangent(&self, name: &str) -> Option<Elem> {
        self.cotangents.get(name).copied()
    }

    /// Whether the name says no more than what it stands for.
    pub fn is_invented(&self, name: &str) -> bool {
        self.invented.contains(name)
    }

    /// What a value would best be called.
    pub fn wanted(graph: &Graph, node: NodeId) -> String {
        match (graph.name(node), graph.op(node)) {
            (Some(name), _) => name.to_string(),
            (None, Op::Build(_)) => Names::wanted(graph, graph.args(node)[0]),
            (None, Op::Matmul { .. }) => "product".to_string(),
            (None, Op::Soft(..) | Op::Scatter { .. } | Op::Stack) => "array".to_string(),
            (None, Op::Reduce(fold, _)) => match fold {
                crate::ir::Fold::Sum => "sum",
                crate::ir::Fold::Max => "max",
                crate::ir::Fold::Min => "min",
            }
            .to_string(),
            (None, Op::ArgReduce(..)) => "at".to_string(),
            (None, Op::Scalar(scalar)) if scalar.row().name.len() > 3 => scalar.row().name.to_string(),
            (None, Op::Scalar(crate::ir::Scalar::Exp)) => "e".to_string(),
            _ => "t".to_string(),
        }
    }
}

fn is_keyword(word: &str) -> bool {
    const KEYWORDS: [&str; 41] = [
        "as", "break", "const", "continue", "crate", "dyn", "else", "enum", "extern", "false", "fn", "for",
        "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
        "Self", "static", "struct", "super", "trait", "true", "type", "unsafe", "use", "where", "while",
        "async", "await", "abstract", "box", "gen",
    ];
    KEYWORDS.contains(&word)
}

/// Whether the extent can stand in an array type: a literal or a path of the user's, not a run-time value.
pub fn is_static(graph: &Graph, extent: NodeId) -> bool {
    matches!(graph.op(extent), Op::Const(Const::Int(..)) | Op::Symbol(..))
}
