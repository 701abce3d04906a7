//! Puts a derivative together: what it is given, what it computes and returns, what it checks on entry.

use proc_macro2::TokenStream;

use crate::emit::{self, Derivative, EntryCheck, Record, Returned, Seed, State, Tree};
use crate::ir::function::{Function, Layout, Output, Param};
use crate::ir::ids::{IdMap, Map};
use crate::ir::{Graph, NodeId, Op};
use crate::passes::infer::Check;
use crate::pipeline::{Differentiated, Reverse};
use crate::plan::program::{Buffer, Expr, Place};
use crate::plan::{Names, Root, plan};
use crate::report::{self, Report};

/// Writes one derivative.
pub struct Writer<'a> {
    pub function: &'a mut Function,
    pub checks: &'a [Check],
    pub kind: Reverse,
    /// What it reports beside value and gradients, if it does.
    pub reports: Option<&'a [Report]>,
}

/// The cotangent of what a parameter behind `&mut` holds in the end.
struct StateSeed {
    param: usize,
    node: NodeId,
    name: String,
    /// The name under which it is read.
    read: String,
}

/// What has been decided about a derivative.
pub struct Parts {
    pub program: crate::plan::Program,
    seeds: Option<Tree<(NodeId, String, Layout)>>,
    states: Vec<StateSeed>,
    opened: Vec<String>,
    extents: IdMap<Expr>,
    roots: Vec<Root>,
    /// How many of the roots are values.
    values: usize,
    reports: Option<Vec<Record>>,
}

impl Writer<'_> {
    /// Plans the function that computes `lowered`: the values, then the gradients, what parameters hold in the end,
    /// what is reported, and what is asserted.
    pub fn plan(&mut self, differentiated: &Differentiated, lowered: &[NodeId]) -> Parts {
        let (&asserted, lowered) = lowered.split_last().expect("assertions are the last root");
        let mut names = Names::new(self.visible_names());
        let states = self.states(differentiated, &mut names);
        let opened = self.opened(&mut names);
        let mut roots = self.roots(lowered, differentiated.values.len(), &mut names);
        let seeds = self.seeds(differentiated, &mut names);
        let given = self.given(&seeds, &states, &opened);
        let extents = self.extents(&roots);
        let own = roots.len();
        let reported = (self.reports.unwrap_or_default(), &lowered[own..]);
        let reported = report::add_roots(&self.function.graph, reported, &mut roots, &mut names);
        let count = roots.len();
        roots.extend(
            extents.iter().map(|&node| scalar_root(node, self.function.graph.is_known_on_entry(node))),
        );
        // Assertions come first: they may be of what the rest relies upon.
        let asserted = self.function.graph.is_assertion(asserted).then_some(asserted);
        roots.splice(0..0, asserted.map(|node| scalar_root(node, false)));
        let extent_names = self.extent_names(&mut names);
        let mut program = plan(&mut self.function.graph, &roots, given, extent_names, names);
        roots.drain(..asserted.iter().count());
        program.results.drain(..asserted.iter().count());
        let extents: IdMap<Expr> = extents
            .into_iter()
            .zip(program.results.split_off(count))
            .map(|(node, place)| match place {
                Place::Scalar(expr) => (node, expr),
                Place::Buffer(_) => panic!("an extent is a scalar"),
            })
            .collect();
        let values = differentiated.values.len();
        let reports = self
            .reports
            .map(|reports| report::records(&self.function.graph, reports, &reported, &program.results));
        program.results.truncate(own);
        roots.truncate(own);
        Parts { program, seeds, states, opened, extents, roots, values, reports }
    }

    /// The cotangents of what the active parameters behind `&mut` hold in the end: they come in, and those of what
    /// these held at first go out.
    fn states(&self, differentiated: &Differentiated, names: &mut Names) -> Vec<StateSeed> {
        let params = self.function.params.iter().enumerate();
        params
            .filter(|(_, p)| p.active && p.mutable)
            .zip(&differentiated.state_seeds)
            .map(|((param, p), &node)| {
                let name = names.fresh(&format!("d_{}", p.name));
                let read = if reads_in_place(&p.layout) { name.clone() } else { names.fresh(&name) };
                StateSeed { param, node, name, read }
            })
            .collect()
    }

    /// The name under which each parameter is read.
    fn opened(&self, names: &mut Names) -> Vec<String> {
        let params = self.function.params.iter();
        params
            .map(|p| match p.mutable && !reads_in_place(&p.layout) {
                true => names.fresh(&p.name),
                false => p.name.clone(),
            })
            .collect()
    }

    /// The names that the generated body must leave alone: parameters, generics and what constants mention.
    /// Local names of the user's are not in scope there, so they are free to be used again.
    fn visible_names(&self) -> Vec<String> {
        let function = &*self.function;
        let mut names: Vec<String> = function.params.iter().map(|p| p.name.clone()).collect();
        names.extend(identifiers(&function.signature.generics.to_string()));
        names.extend(function.graph.symbols().iter().flat_map(|text| identifiers(text)));
        names
    }

    /// What is returned, under which name.
    fn roots(&self, nodes: &[NodeId], values: usize, names: &mut Names) -> Vec<Root> {
        let function = &*self.function;
        let leaves = function.output.leaves();
        let mut roots = Vec::new();
        for (k, &node) in nodes[..values].iter().enumerate() {
            let wanted = if values == 1 { "y".to_string() } else { format!("y{k}") };
            let layout = leaves[k].1.clone();
            roots.push(Root {
                node,
                name: names.fresh(&wanted),
                layout,
                is_gradient: false,
                on_entry: false,
            });
        }
        let active = function.params.iter().filter(|p| p.active);
        for (&node, param) in nodes[values..].iter().zip(active) {
            let name = names.fresh(&format!("d_{}", param.name));
            roots.push(Root { node, name, layout: param.layout.clone(), is_gradient: true, on_entry: false });
        }
        let changed = function.params.iter().filter(|p| p.last.is_some());
        let active = function.params.iter().filter(|p| p.active).count();
        for (&node, param) in nodes[values + active..].iter().zip(changed) {
            let name = names.fresh(&param.name);
            roots.push(Root {
                node,
                name,
                layout: param.layout.clone(),
                is_gradient: false,
                on_entry: false,
            });
        }
        roots
    }

    /// The cotangents that the caller supplies, shaped as the result without its inactive parts.
    fn seeds(
        &self,
        differentiated: &Differentiated,
        names: &mut Names,
    ) -> Option<Tree<(NodeId, String, Layout)>> {
        if self.kind == Reverse::Grad {
            return None;
        }
        let graph = &self.function.graph;
        let count = differentiated.values.len();
        let mut seeds = differentiated.seeds.iter();
        let mut number = 0;
        seed_tree(&self.function.output, &mut |node, layout| {
            let wanted = if count == 1 { "d_y".to_string() } else { format!("d_y{number}") };
            number += 1;
            let float = graph.elem(node).is_float();
            float.then(|| {
                (*seeds.next().expect("a seed for each float"), names.fresh(&wanted), layout.clone())
            })
        })
    }

    /// Where parameters and seeds are.
    fn given(
        &self,
        seeds: &Option<Tree<(NodeId, String, Layout)>>,
        states: &[StateSeed],
        opened: &[String],
    ) -> IdMap<Place> {
        let graph = &self.function.graph;
        let own = &self.function.params;
        let params = own.iter().zip(opened).map(|(p, name)| (p.node, name.clone(), p.layout.clone()));
        let states = states.iter().map(|s| (s.node, s.read.clone(), own[s.param].layout.clone()));
        let seeds = seeds.iter().flat_map(|tree| tree.leaves()).cloned();
        params
            .chain(states)
            .chain(seeds)
            .map(|(node, name, layout)| (node, place_of(graph, node, &name, &layout)))
            .collect()
    }

    /// The extents that signature, checks and results mention.
    fn extents(&self, roots: &[Root]) -> Vec<NodeId> {
        let graph = &self.function.graph;
        let mut extents: Vec<NodeId> =
            roots.iter().flat_map(|root| graph.ty(root.node).shape.clone()).collect();
        extents.extend(self.function.params.iter().flat_map(|p| graph.ty(p.node).shape.clone()));
        extents.extend(self.checks.iter().flat_map(|c| [c.left, c.right]));
        extents.sort();
        extents.dedup();
        extents
    }

    fn extent_names(&self, names: &mut Names) -> Map<(u32, u32), String> {
        let mut found = Map::default();
        for (k, param) in self.function.params.iter().enumerate() {
            let rank = self.function.graph.rank(param.node);
            for axis in 0..rank {
                let suffix = match (rank, axis) {
                    (1, _) => "len".to_string(),
                    (2, 0) => "rows".to_string(),
                    (2, _) => "cols".to_string(),
                    _ => format!("extent_{axis}"),
                };
                found.insert((k as u32, axis as u32), names.fresh(&format!("{}_{suffix}", param.name)));
            }
        }
        found
    }

    /// The tokens of the function, under its documentation.
    pub fn assemble(&self, parts: Parts, docs: Vec<String>) -> TokenStream {
        let Parts { program, seeds, states, opened, extents, roots, values, reports } = parts;
        let function = &*self.function;
        let graph = &function.graph;
        let shape =
            |node: NodeId| -> Vec<Expr> { graph.ty(node).shape.iter().map(|e| extents[e].clone()).collect() };
        let returned: Vec<Returned> = roots
            .iter()
            .zip(&program.results)
            .map(|(root, place)| Returned {
                elem: graph.elem(root.node),
                layout: root.layout.clone(),
                extents: shape(root.node),
                place: place.clone(),
            })
            .collect();
        let mut parts = returned[..values].iter().cloned();
        let value = value_tree(&function.output, &mut parts);
        let active: Vec<&Param> = function.params.iter().filter(|p| p.active).collect();
        let (of_gradients, of_states) = returned[values..].split_at(active.len());
        let (mut gradients, mut writes) = (Vec::new(), Vec::new());
        for (param, gradient) in active.iter().zip(of_gradients) {
            // That of a state goes back where its cotangent came from.
            match states.iter().find(|s| function.params[s.param].node == param.node) {
                Some(state) => writes.push((state.name.clone(), gradient.clone())),
                None => gradients.push(Tree::Leaf(gradient.clone())),
            }
        }
        let changed = function.params.iter().filter(|p| p.last.is_some());
        writes.extend(changed.map(|p| p.name.clone()).zip(of_states.iter().cloned()));
        let gradients = if gradients.len() == 1 { gradients.remove(0) } else { Tree::Tuple(gradients) };
        let checks = self.checks.iter().map(|check| EntryCheck {
            left: extents[&check.left].clone(),
            right: extents[&check.right].clone(),
            left_text: self.describe(check.left),
            right_text: self.describe(check.right),
            on_entry: graph.is_known_on_entry(check.left) && graph.is_known_on_entry(check.right),
        });
        let seeds = seeds.map(|tree| {
            tree.map(&mut |(node, name, layout)| Seed {
                name: name.clone(),
                elem: graph.elem(*node),
                layout: layout.clone(),
                extents: shape(*node),
                on_entry: graph.ty(*node).shape.iter().map(|&e| graph.is_known_on_entry(e)).collect(),
            })
        });
        let states = states.into_iter().map(|s| State {
            param: s.param,
            name: s.name,
            read: s.read,
            elem: graph.elem(s.node),
            extents: shape(s.node),
        });
        let suffix = match (self.kind, &reports) {
            (Reverse::Grad, None) => "grad",
            (Reverse::Grad, Some(_)) => "grad_traced",
            (Reverse::Vjp, _) => "vjp",
        };
        emit::derivative(&Derivative {
            signature: &function.signature,
            name: format!("{}_{suffix}", function.signature.stem),
            docs,
            params: &function.params,
            extents: function.params.iter().map(|p| shape(p.node)).collect(),
            seeds,
            states: states.collect(),
            opened,
            writes,
            checks: checks.collect(),
            program,
            value,
            gradients,
            reports,
        })
    }

    /// An extent in the words of a run-time message.
    fn describe(&self, extent: NodeId) -> String {
        match *self.function.graph.op(extent) {
            Op::Extent { param, axis } => {
                let param = &self.function.params[param as usize];
                if self.function.graph.rank(param.node) == 1 {
                    format!("the length of `{}`", param.name)
                } else {
                    format!("axis {axis} of `{}`", param.name)
                }
            }
            Op::Symbol(id, _) => format!("`{}`", self.function.graph.symbol(id)),
            _ => "the extent that it has to have".to_string(),
        }
    }
}

/// A number that is computed under no name of its own.
fn scalar_root(node: NodeId, on_entry: bool) -> Root {
    Root { node, name: String::new(), layout: Layout::Scalar, is_gradient: false, on_entry }
}

/// Whether elements are read where the caller keeps them.
fn reads_in_place(layout: &Layout) -> bool {
    matches!(layout, Layout::Nested(_))
}

fn identifiers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|w| !w.is_empty()).map(str::to_string).collect()
}

fn place_of(graph: &Graph, node: NodeId, name: &str, layout: &Layout) -> Place {
    if graph.rank(node) == 0 {
        return Place::Scalar(Expr::name(name));
    }
    // The extents of a flat parameter are looked up when an element is read.
    Place::Buffer(Buffer {
        name: name.to_string(),
        prefix: Vec::new(),
        dims: Vec::new(),
        storage: emit::storage(layout),
        literal: false,
    })
}

fn seed_tree<T>(output: &Output, leaf: &mut impl FnMut(NodeId, &Layout) -> Option<T>) -> Option<Tree<T>> {
    match output {
        Output::Leaf { node, layout } => leaf(*node, layout).map(Tree::Leaf),
        Output::Tuple(parts) => {
            let mut parts: Vec<Tree<T>> = parts.iter().filter_map(|p| seed_tree(p, leaf)).collect();
            match parts.len() {
                0 => None,
                1 => Some(parts.remove(0)),
                _ => Some(Tree::Tuple(parts)),
            }
        }
    }
}

fn value_tree(output: &Output, parts: &mut impl Iterator<Item = Returned>) -> Tree<Returned> {
    match output {
        Output::Leaf { .. } => Tree::Leaf(parts.next().expect("a result for each leaf")),
        Output::Tuple(leaves) => Tree::Tuple(leaves.iter().map(|l| value_tree(l, parts)).collect()),
    }
}
