//! Mathematics in Unicode, for documentation: `d_w[i, j] = d_z[i]·x[j]`.

use super::op::scatter_writes;
use super::sums::sum_anyway;
use super::{Graph, NodeId, Op, Var};
use crate::ir::ids::Map;

mod notation;
mod term;

use notation::{Level, Text, letters, subscript};

/// After so many terms a formula ends in `…`.
const LONGEST: usize = 200;

/// The right-hand side of a definition of `node`. Nodes that have a name are not looked into.
pub fn formula(graph: &Graph, node: NodeId, names: &dyn Fn(NodeId) -> Option<String>) -> String {
    let mut writer = Writer::new(graph, names, &graph.reachable(&[node]));
    writer.bind(&graph.free(node));
    writer.definition(node).text
}

/// The definitions of some targets, in terms of the names that the graph knows and of earlier targets.
pub fn formulas(graph: &Graph, targets: &[(String, NodeId)]) -> Vec<String> {
    let roots: Vec<NodeId> = targets.iter().map(|(_, node)| *node).collect();
    let reached = graph.reachable(&roots);
    let mut known: Map<NodeId, String> = Map::default();
    let mut found = Vec::new();
    for (name, node) in targets {
        let is_index = |id: NodeId| matches!(graph.op(id), Op::Index(_));
        let names = |id: NodeId| {
            let name = known.get(&id).cloned().or_else(|| graph.name(id).map(str::to_string));
            name.filter(|_| !is_index(id))
        };
        let mut writer = Writer::new(graph, &names, &reached);
        if let [root] = roots[..] {
            writer.bind(&graph.free(root));
        }
        found.push(writer.equation(name, *node));
        known.insert(*node, name.clone());
        if let Op::Build(_) = graph.op(*node) {
            let body = graph.args(*node)[0];
            // An element of another array is best written as that.
            if !graph.args(body).is_empty() && *graph.op(body) != Op::Read {
                known.insert(body, name.clone());
            }
        }
    }
    found
}

struct Writer<'a> {
    graph: &'a Graph,
    names: &'a dyn Fn(NodeId) -> Option<String>,
    /// Letters for index variables, none of them a name.
    letters: Vec<String>,
    /// How the variables in scope are written, outermost first.
    scope: Vec<(Var, Text)>,
    /// How many of `letters` are in use.
    used: usize,
    left: usize,
}

impl<'a> Writer<'a> {
    /// `reached` are the nodes that may be mentioned.
    fn new(graph: &'a Graph, names: &'a dyn Fn(NodeId) -> Option<String>, reached: &[NodeId]) -> Writer<'a> {
        let taken: Vec<String> = reached.iter().filter_map(|&id| names(id)).collect();
        Writer { graph, names, letters: letters(&taken), scope: Vec::new(), used: 0, left: LONGEST }
    }

    /// Gives variables the next letters.
    fn bind(&mut self, vars: &[Var]) -> Vec<String> {
        let mut found = Vec::new();
        for &var in vars {
            let letter = self.letters.get(self.used).cloned().unwrap_or_else(|| format!("i{}", self.used));
            self.used += 1;
            self.scope.push((var, Text::atom(letter.clone())));
            found.push(letter);
        }
        found
    }

    /// Does something in the scope of variables: their letters, and what came of it.
    fn under<T>(&mut self, vars: &[Var], inside: impl FnOnce(&mut Self) -> T) -> (Vec<String>, T) {
        let before = (self.scope.len(), self.used);
        let letters = self.bind(vars);
        let result = inside(self);
        self.scope.truncate(before.0);
        self.used = before.1;
        (letters, result)
    }

    /// `name[i, j] = …`
    fn equation(&mut self, name: &str, node: NodeId) -> String {
        let graph = self.graph;
        match graph.op(node) {
            Op::Build(vars) => {
                let body = graph.args(node)[0];
                // What has a name of its own is not defined twice.
                let alias = (self.names)(body).is_some_and(|own| own != name);
                let (letters, text) =
                    self.under(vars, |this| if alias { this.term(body) } else { this.definition(body) });
                format!("{name}[{}] = {}", letters.join(", "), text.text)
            }
            Op::Scatter { rank, writes, .. } => {
                let args = graph.args(node);
                let writes = scatter_writes(*rank, writes, &args);
                let each = writes.iter().map(|write| {
                    let (letters, (index, value)) = self.under(write.vars, |this| {
                        let index = this.list(write.index);
                        (index, this.term(write.value).text)
                    });
                    let place = if *rank == 0 { name.to_string() } else { format!("{name}[{index}]") };
                    let over = if letters.is_empty() {
                        String::new()
                    } else {
                        format!(" for {}", letters.join(", "))
                    };
                    format!("{place} += {value}{over}")
                });
                each.collect::<Vec<_>>().join("; ")
            }
            _ => format!("{name} = {}", self.definition(node).text),
        }
    }

    /// A node as it is computed, even if it has a name.
    fn definition(&mut self, node: NodeId) -> Text {
        if self.graph.args(node).is_empty() || matches!(self.graph.op(node), Op::Param(..) | Op::Seed(..)) {
            return self.term(node);
        }
        self.written_out(node)
    }

    /// A node by its name, or else as it is computed.
    fn term(&mut self, node: NodeId) -> Text {
        if let Some(name) = (self.names)(node) {
            return Text::atom(self.indexed(&name, node, &[]));
        }
        if self.left == 0 {
            return Text::atom("…".to_string());
        }
        self.left -= 1;
        if let Some(sum) = sum_anyway(self.graph, node) {
            return self.term(sum);
        }
        self.written_out(node)
    }

    /// A name with the variables that a node depends on, and further indices.
    fn indexed(&self, name: &str, node: NodeId, more: &[String]) -> String {
        let free = &self.graph.node(node).free;
        let mut index: Vec<String> = Vec::new();
        if !matches!(self.graph.op(node), Op::Param(..) | Op::Seed(..)) {
            let shown = self.scope.iter().enumerate().filter(|(k, (var, _))| {
                // The innermost binding of a variable is the one that counts.
                free.contains(var) && !self.scope[k + 1..].iter().any(|(later, _)| later == var)
            });
            index.extend(shown.map(|(_, (_, text))| text.text.clone()));
        }
        index.extend_from_slice(more);
        if index.is_empty() { name.to_string() } else { format!("{name}[{}]", index.join(", ")) }
    }

    fn list(&mut self, nodes: &[NodeId]) -> String {
        self.texts(nodes).join(", ")
    }

    fn texts(&mut self, nodes: &[NodeId]) -> Vec<String> {
        nodes.iter().map(|&node| self.term(node).text).collect()
    }

    /// `Σⱼ body` and its like; `mark` is what stands before the variable.
    fn over(&mut self, mark: &str, var: Var, body: NodeId) -> Text {
        let (letters, body) = self.under(&[var], |this| this.term(body));
        let body = body.right(Level::Product);
        Text {
            text: format!("{mark}{} {body}", subscript(&letters[0])),
            level: Level::Product,
            minus: false,
            open: true,
        }
    }
}
