//! A function of the user's as the middle sees it: a graph with parameters and results.

use proc_macro2::TokenStream;

use super::{Elem, Graph, NodeId, Origin};

/// One level of a nested container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// `[T; N]`
    Array,
    /// `[T]`
    Slice,
    /// `Vec<T>`
    Vec,
}

/// How a value lies in memory, references erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    Scalar,
    /// Arrays, slices and `Vec`s, outermost first.
    Nested(Vec<Layer>),
    /// An array of the `ndarray` crate.
    NdArray {
        rank: usize,
    },
}

/// A parameter of the function.
#[derive(Clone, Debug)]
pub struct Param {
    /// The user's name, or an invented one where the user wrote `_`.
    pub name: String,
    /// `Op::Param`, whose type is element type and extents.
    pub node: NodeId,
    pub layout: Layout,
    /// How many `&` stand before the type.
    pub references: usize,
    /// Whether the gradient is asked for.
    pub active: bool,
    /// Behind `&mut`: state that goes in and comes out.
    pub mutable: bool,
    /// What it holds in the end, if the function changes it.
    pub last: Option<NodeId>,
    pub origin: Origin,
    /// Where it is taken from on entry, if it is no parameter of the user.
    pub source: Option<Source>,
}

/// What a parameter is that no signature mentions.
#[derive(Clone, Debug)]
pub struct Source {
    /// The user's parameter of which it is a part.
    pub owner: Option<String>,
    /// The expression that it is.
    pub text: String,
}

impl Param {
    /// The parameter of the user that this is, or is a part of.
    pub fn given_as(&self) -> &str {
        match &self.source {
            Some(Source { owner: Some(owner), .. }) => owner,
            _ => &self.name,
        }
    }
}

/// The result, shaped as the user's return type.
#[derive(Clone, Debug)]
pub enum Output {
    Leaf { node: NodeId, layout: Layout },
    Tuple(Vec<Output>),
}

/// Two extents that the program takes to be equal. Those that are not known to be are checked on entry.
#[derive(Clone, Debug)]
pub struct SameExtent {
    pub left: NodeId,
    pub right: NodeId,
    pub origin: Origin,
    /// What needs them equal, as in "`dot` needs".
    pub reason: &'static str,
}

/// A value of which a traced derivative reports: one that the user has named. Its axes are the loops around it whose
/// iterations are told apart, the other binders around it, and its own.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The user's name.
    pub name: String,
    /// The loops whose iterations are told apart, outermost first. Equal numbers are the same loop.
    pub loops: Vec<u32>,
    /// What it is, and zero where it is not computed.
    pub value: NodeId,
    /// The number of the zeros (`Op::Seed`) that are added to it: its cotangent is their gradient.
    pub shift: u32,
    /// One where it is computed, zero elsewhere; `None` if it always is.
    pub taken: Option<NodeId>,
}

/// Which derivatives to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    pub grad: bool,
    pub vjp: bool,
    /// `f_grad_traced`.
    pub trace: bool,
    /// No rewrite that moves the value by even a rounding.
    pub exact: bool,
    /// Also rewrites that are only true of real numbers.
    pub fast_math: bool,
}

/// What the generated items repeat of the user's function, as tokens.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The name of the function, for documentation links.
    pub name: String,
    /// What the generated names start with.
    pub stem: String,
    /// `cfg` attributes.
    pub attributes: TokenStream,
    pub visibility: TokenStream,
    /// `<…>`, with bounds.
    pub generics: TokenStream,
    pub where_clause: TokenStream,
    /// The parameters as they stand, `name: Type`, patterns replaced by names.
    pub inputs: Vec<TokenStream>,
    /// The return type without `->`.
    pub output: TokenStream,
    /// The path of the crate, `::grad`.
    pub krate: TokenStream,
    /// Items of the function's body that the generated bodies need.
    pub items: TokenStream,
    /// Every identifier of the function: invented names must differ from them.
    pub taken: Vec<String>,
    /// A function without `self` calls itself by name, a method by `Self::`.
    pub is_method: bool,
}

pub struct Function {
    pub graph: Graph,
    pub signature: Signature,
    pub params: Vec<Param>,
    pub output: Output,
    /// What has been asserted in the end.
    pub asserted: NodeId,
    pub same_extents: Vec<SameExtent>,
    /// In order of evaluation.
    pub watched: Vec<Watched>,
    pub request: Request,
}

impl Output {
    /// The leaves, from left to right.
    pub fn leaves(&self) -> Vec<(NodeId, &Layout)> {
        match self {
            Output::Leaf { node, layout } => vec![(*node, layout)],
            Output::Tuple(parts) => parts.iter().flat_map(Output::leaves).collect(),
        }
    }

    /// The same shape with other nodes, in the order of [`Output::leaves`].
    pub fn with_nodes(&self, nodes: &mut impl Iterator<Item = NodeId>) -> Output {
        match self {
            Output::Leaf { layout, node } => {
                Output::Leaf { node: nodes.next().unwrap_or(*node), layout: layout.clone() }
            }
            Output::Tuple(parts) => Output::Tuple(parts.iter().map(|p| p.with_nodes(nodes)).collect()),
        }
    }
}

impl Function {
    /// Element type of a leaf or parameter node.
    pub fn elem(&self, node: NodeId) -> Elem {
        self.graph.elem(node)
    }

    /// Puts other nodes in the place of the roots, in their order.
    pub fn set_roots(&mut self, roots: Vec<NodeId>) {
        let mut roots = roots.into_iter();
        self.output = self.output.with_nodes(&mut roots);
        for param in &mut self.params {
            param.node = roots.next().unwrap_or(param.node);
        }
        for last in self.params.iter_mut().filter_map(|param| param.last.as_mut()) {
            *last = roots.next().unwrap_or(*last);
        }
        self.asserted = roots.next().unwrap_or(self.asserted);
        for node in self.watched.iter_mut().flat_map(Watched::nodes_mut) {
            *node = roots.next().unwrap_or(*node);
        }
    }

    /// Every node that the function needs: results and the extents that it compares.
    pub fn roots(&self) -> Vec<NodeId> {
        let mut roots: Vec<NodeId> = self.output.leaves().iter().map(|(node, _)| *node).collect();
        roots.extend(self.params.iter().map(|p| p.node));
        roots.extend(self.params.iter().filter_map(|p| p.last));
        roots.push(self.asserted);
        roots.extend(self.watched.iter().flat_map(Watched::nodes));
        roots.extend(self.same_extents.iter().flat_map(|same| [same.left, same.right]));
        roots
    }
}

impl Watched {
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        [self.value].into_iter().chain(self.taken)
    }

    pub fn nodes_mut(&mut self) -> impl Iterator<Item = &mut NodeId> {
        [&mut self.value].into_iter().chain(self.taken.as_mut())
    }
}

/// A struct that derives `Params`.
pub struct PartSet {
    pub krate: TokenStream,
    pub name: TokenStream,
    /// With the bounds, as after `impl`.
    pub generics: TokenStream,
    /// Without them, as after the name.
    pub arguments: TokenStream,
    /// What stands after `where`.
    pub bounds: Vec<TokenStream>,
    /// The part whose scalar is that of the set: one whose type has no type parameters, if there is one.
    pub leader: usize,
    /// The type parameters that parameters are made of.
    pub type_params: Vec<TypeParam>,
    /// The fields that are parameters: at least one.
    pub parts: Vec<Part>,
}

/// A type parameter of the struct.
pub struct TypeParam {
    pub name: TokenStream,
    /// Whether the leader's type names it.
    pub in_leader: bool,
}

/// A field that is a parameter.
pub struct Part {
    pub name: FieldName,
    /// As after the dot.
    pub member: TokenStream,
    pub ty: TokenStream,
    /// Where errors about it belong.
    pub span: proc_macro2::Span,
}

/// How a field is called.
pub enum FieldName {
    Name(String),
    /// In a tuple struct.
    Number(usize),
}
