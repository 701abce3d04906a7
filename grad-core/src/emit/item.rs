//! The generated function: signature, checks on entry, body, result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::container;
use super::expression::{ident, tokens as expression};
use super::record::{self, Record};
use super::statement;
use crate::ir::Elem;
use crate::ir::function::{Layout, Param, Signature};
use crate::plan::program::{Access, Expr, Place, Program, Stmt};

/// A cotangent that the caller supplies.
#[derive(Clone, Debug)]
pub struct Seed {
    pub name: String,
    pub elem: Elem,
    pub layout: Layout,
    pub extents: Vec<Expr>,
    /// Which of them are known before any work.
    pub on_entry: Vec<bool>,
}

/// The cotangent of a parameter behind `&mut`: of what it holds in the end when it comes in, of what it held at
/// first when it goes out.
#[derive(Clone, Debug)]
pub struct State {
    pub param: usize,
    pub name: String,
    /// The name under which it is read.
    pub read: String,
    pub elem: Elem,
    pub extents: Vec<Expr>,
}

/// Values shaped as the user wrote them.
#[derive(Clone, Debug)]
pub enum Tree<T> {
    Leaf(T),
    Tuple(Vec<Tree<T>>),
}

/// Something that is returned.
#[derive(Clone, Debug)]
pub struct Returned {
    pub elem: Elem,
    pub layout: Layout,
    pub extents: Vec<Expr>,
    pub place: Place,
}

/// Two extents that are compared: on entry, or when they are known.
#[derive(Clone, Debug)]
pub struct EntryCheck {
    pub left: Expr,
    pub right: Expr,
    pub left_text: String,
    pub right_text: String,
    pub on_entry: bool,
}

/// Everything that a generated function consists of.
pub struct Derivative<'a> {
    pub signature: &'a Signature,
    pub name: String,
    pub docs: Vec<String>,
    pub params: &'a [Param],
    /// The extents of each parameter.
    pub extents: Vec<Vec<Expr>>,
    pub seeds: Option<Tree<Seed>>,
    pub states: Vec<State>,
    /// The name under which each parameter is read.
    pub opened: Vec<String>,
    /// What is written behind a `&mut` at the end.
    pub writes: Vec<(String, Returned)>,
    pub checks: Vec<EntryCheck>,
    pub program: Program,
    pub value: Tree<Returned>,
    pub gradients: Tree<Returned>,
    /// What is reported beside them, if something is.
    pub reports: Option<Vec<Record>>,
}

impl<T> Tree<T> {
    pub fn map<U>(&self, f: &mut impl FnMut(&T) -> U) -> Tree<U> {
        match self {
            Tree::Leaf(leaf) => Tree::Leaf(f(leaf)),
            Tree::Tuple(parts) => Tree::Tuple(parts.iter().map(|p| p.map(f)).collect()),
        }
    }

    pub fn leaves(&self) -> Vec<&T> {
        match self {
            Tree::Leaf(leaf) => vec![leaf],
            Tree::Tuple(parts) => parts.iter().flat_map(Tree::leaves).collect(),
        }
    }
}

fn tuple(tree: &Tree<TokenStream>) -> TokenStream {
    match tree {
        Tree::Leaf(tokens) => tokens.clone(),
        Tree::Tuple(parts) => {
            let parts = parts.iter().map(tuple);
            quote!((#(#parts),*))
        }
    }
}

/// The tokens of a generated function.
pub fn derivative(derivative: &Derivative) -> TokenStream {
    let Derivative { signature, docs, program, .. } = derivative;
    let krate = &signature.krate;
    let name = ident(&derivative.name);
    let Signature { attributes, visibility, generics, where_clause, items, .. } = signature;
    let inputs = inputs(derivative);
    let value_type = tuple(&derivative.value.map(&mut |r| owned(krate, r)));
    let gradient_type = tuple(&derivative.gradients.map(&mut |r| owned(krate, r)));
    let entry = entry(derivative);
    let late = checks(derivative, false);
    let body = program.stmts.iter().map(|s| statement::tokens(krate, s));
    let value = tuple(&derivative.value.map(&mut |r| returned(krate, r)));
    let gradients = tuple(&derivative.gradients.map(&mut |r| returned(krate, r)));
    let is_none = |tree: &Tree<Returned>| matches!(tree, Tree::Tuple(parts) if parts.is_empty());
    let reported = derivative.reports.as_ref().map(|records| record::tokens(krate, records));
    let none = (is_none(&derivative.value), is_none(&derivative.gradients));
    let (ty, result) = match (none, &reported) {
        (_, Some((_, trace))) => (
            quote!(-> (#value_type, #gradient_type, #krate::health::Trace)),
            quote!((#value, #gradients, #trace)),
        ),
        ((true, true), _) => (quote!(), quote!()),
        ((true, false), _) => (quote!(-> #gradient_type), gradients),
        ((false, true), _) => (quote!(-> #value_type), value),
        ((false, false), _) => (quote!(-> (#value_type, #gradient_type)), quote!((#value, #gradients))),
    };
    let records = reported.map(|(records, _)| records);
    let (early, writes) = write_states(derivative);
    // What is returned may read what is about to be overwritten.
    let is_plain =
        |r: &&Returned| matches!(&r.place, Place::Buffer(_) | Place::Scalar(Expr::Name(_) | Expr::Const(_)));
    let all = [&derivative.value, &derivative.gradients].map(Tree::leaves).concat();
    let (kept, result) = match writes.is_empty() || result.is_empty() || all.iter().all(is_plain) {
        true => (quote!(), result),
        false => {
            let name = Ident::new("derivative", Span::mixed_site());
            (quote!(let #name = #result;), quote!(#name))
        }
    };
    let copies = derivative.program.stmts.iter().any(copies).then(|| quote!(#[allow(clippy::manual_memcpy)]));
    quote! {
        #attributes
        #(#[doc = #docs])*
        #[allow(clippy::needless_range_loop, clippy::type_complexity, clippy::pedantic)]
        #copies
        #[allow(clippy::too_many_arguments, non_snake_case, unused_variables, unused_mut)]
        #[track_caller]
        #visibility fn #name #generics (#inputs) #ty #where_clause {
            #items
            #entry
            #(#body)*
            #(#late)*
            #records
            #kept
            #(#early)*
            #(#writes)*
            #result
        }
    }
}

/// Whether a loop does nothing but copy elements.
fn copies(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::For { var, body, .. } => {
            let at = |place: &Access| place.index.last() == Some(&Expr::name(var));
            let copy = matches!(&body[..], [Stmt::Store { place, value: Expr::Element(from), add: false }] if at(place) && at(from));
            copy || body.iter().any(copies)
        }
        Stmt::While { body, .. } => body.iter().any(copies),
        Stmt::If { then, otherwise, .. } => then.iter().chain(otherwise).any(copies),
        _ => false,
    }
}

fn owned(krate: &TokenStream, returned: &Returned) -> TokenStream {
    container::owned_type(krate, returned.elem, &returned.layout, &returned.extents)
}

fn returned(krate: &TokenStream, returned: &Returned) -> TokenStream {
    match &returned.place {
        Place::Scalar(value) => expression(krate, value),
        Place::Buffer(buffer) => container::close(krate, buffer, &returned.layout),
    }
}

fn inputs(derivative: &Derivative) -> TokenStream {
    let krate = &derivative.signature.krate;
    let own = &derivative.signature.inputs;
    let seeds = derivative.seeds.as_ref().map(|seeds| {
        let names = tuple(&seeds.map(&mut |s| {
            let name = ident(&s.name);
            quote!(#name)
        }));
        let types =
            tuple(&seeds.map(&mut |s| container::cotangent_type(krate, s.elem, &s.layout, &s.extents)));
        quote!(#names: #types)
    });
    let states = derivative.states.iter().map(|state| {
        let name = ident(&state.name);
        let layout = &derivative.params[state.param].layout;
        let ty = container::state_type(krate, state.elem, layout, &state.extents);
        quote!(#name: #ty)
    });
    let all = own.iter().cloned().chain(states).chain(seeds);
    quote!(#(#all),*)
}

/// The comparisons of extents that are known before any work, or of the others.
fn checks(derivative: &Derivative, on_entry: bool) -> Vec<TokenStream> {
    let function = &derivative.signature.name;
    let krate = &derivative.signature.krate;
    let of_extents = derivative.checks.iter().filter(|check| check.on_entry == on_entry).map(|check| {
        let (left, right) = (expression(krate, &check.left), expression(krate, &check.right));
        let message = format!("`{function}`: {} is {{}} but {} is {{}}", check.left_text, check.right_text);
        let [shown_left, shown_right] = [&check.left, &check.right].map(|e| shown(derivative, e));
        quote!(::core::assert!(#left == #right, #message, #shown_left, #shown_right);)
    });
    let seeds = derivative.seeds.iter().flat_map(|s| s.leaves());
    let of_seeds = seeds.flat_map(|seed| {
        let axes = seed.extents.iter().zip(&seed.on_entry).enumerate();
        let axes = axes.filter(|(axis, (_, known))| **known == on_entry && is_runtime(&seed.layout, *axis));
        axes.map(|(axis, (extent, _))| {
            let actual = container::extent(&seed.name, &seed.layout, axis);
            let expected = expression(krate, extent);
            let shown = shown(derivative, extent);
            if axis > 0 && matches!(seed.layout, Layout::Nested(_)) {
                let message = format!(
                    "`{function}`: a row of the cotangent `{}` has {{}} elements but one of the result has {{}}",
                    seed.name
                );
                return container::check_rows(&seed.name, axis, &expected, &message);
            }
            let message = format!(
                "`{function}`: axis {axis} of the cotangent `{}` is {{}} but that of the result is {{}}",
                seed.name
            );
            quote!(::core::assert!(#actual == #expected, #message, #actual, #shown);)
        })
    });
    of_extents.chain(of_seeds).collect()
}

/// What happens before any work: extents are named and compared, arrays are opened.
fn entry(derivative: &Derivative) -> TokenStream {
    let function = &derivative.signature.name;
    let krate = &derivative.signature.krate;
    let params = derivative.params;
    let extents = derivative.program.extents.iter().map(|(param, axis, name)| {
        let param = &params[*param as usize];
        let value = container::extent(&param.name, &param.layout, *axis as usize);
        let name = ident(name);
        quote!(let #name = #value;)
    });
    let rectangular = params.iter().flat_map(|param| {
        container::ragged_axes(&param.layout).into_iter().map(move |axis| {
            let extent = container::extent(&param.name, &param.layout, axis);
            let message = format!(
                "`{function}`: the rows of `{}` must all have the same length, but one has {{}} elements and the first {{}}",
                param.name
            );
            container::check_rows(&param.name, axis, &extent, &message)
        })
    });
    let checks = checks(derivative, true);
    let opened =
        params.iter().zip(&derivative.opened).zip(&derivative.extents).map(|((p, read), extents)| {
            match p.mutable {
                true => container::open_state(&p.name, read, &p.layout),
                false => container::open(krate, &p.name, &p.layout, p.references, extents),
            }
        });
    let states = derivative
        .states
        .iter()
        .map(|state| container::open_state(&state.name, &state.read, &params[state.param].layout));
    let state_checks = derivative.states.iter().flat_map(|state| state_checks(derivative, state));
    let seeds: Vec<Seed> = derivative.seeds.iter().flat_map(|s| s.leaves()).cloned().collect();
    let opened_seeds = seeds.iter().map(|s| {
        let references = usize::from(!matches!(s.layout, Layout::Scalar));
        container::open(krate, &s.name, &s.layout, references, &s.extents)
    });
    let taken_out = params.iter().filter_map(|param| {
        let text = &param.source.as_ref()?.text;
        let (name, value) = (ident(&param.name), text.parse::<TokenStream>().unwrap_or_default());
        Some(quote!(let #name = #value;))
    });
    quote! {
        #(#taken_out)*
        #(#extents)*
        #(#rectangular)*
        #(#state_checks)*
        #(#checks)*
        #(#opened)*
        #(#states)*
        #(#opened_seeds)*
    }
}

/// The statements that write behind each `&mut` at the end, and before them those that compute numbers to write.
fn write_states(derivative: &Derivative) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let krate = &derivative.signature.krate;
    let layout = |name: &String| {
        let state = derivative.states.iter().find(|s| s.name == *name).map(|s| s.param);
        let param = state.or(derivative.params.iter().position(|p| p.name == *name));
        param.map_or(Layout::Scalar, |k| derivative.params[k].layout.clone())
    };
    let (mut early, mut writes) = (Vec::new(), Vec::new());
    for (k, (name, from)) in derivative.writes.iter().enumerate() {
        writes.push(match &from.place {
            Place::Scalar(value @ (Expr::Name(_) | Expr::Const(_))) => {
                container::write_number(name, expression(krate, value))
            }
            Place::Scalar(value) => {
                let number = Ident::new(&format!("number_{k}"), Span::mixed_site());
                let value = expression(krate, value);
                early.push(quote!(let #number = #value;));
                container::write_number(name, quote!(#number))
            }
            Place::Buffer(buffer) => container::write_back(krate, name, &layout(name), buffer),
        });
    }
    (early, writes)
}

/// The cotangent of a parameter has its extents.
fn state_checks(derivative: &Derivative, state: &State) -> Vec<TokenStream> {
    let param = &derivative.params[state.param];
    let axes = (0..state.extents.len()).filter(|&axis| is_runtime(&param.layout, axis));
    axes.map(|axis| {
        let actual = container::extent(&state.name, &param.layout, axis);
        let expected = container::extent(&param.name, &param.layout, axis);
        let function = &derivative.signature.name;
        if axis > 0 && matches!(param.layout, Layout::Nested(_)) {
            let message = format!(
                "`{function}`: a row of the cotangent `{}` has {{}} elements but one of `{}` has {{}}",
                state.name, param.name
            );
            return container::check_rows(&state.name, axis, &expected, &message);
        }
        let message = format!(
            "`{function}`: axis {axis} of the cotangent `{}` is {{}} but that of `{}` is {{}}",
            state.name, param.name
        );
        quote!(::core::assert!(#actual == #expected, #message, #actual, #expected);)
    })
    .collect()
}

/// An extent in a message. A message borrows what it shows: a variable that it borrowed would live in memory
/// from then on, and loops that it bounds would not be vectorised.
fn shown(derivative: &Derivative, extent: &Expr) -> TokenStream {
    let value = expression(&derivative.signature.krate, extent);
    let Expr::Name(name) = extent else { return value };
    match derivative.program.extents.iter().find(|(.., known)| known == name) {
        Some((param, axis, _)) => {
            let param = &derivative.params[*param as usize];
            container::extent(&param.name, &param.layout, *axis as usize)
        }
        None => quote!({ #value }),
    }
}

fn is_runtime(layout: &Layout, axis: usize) -> bool {
    match layout {
        Layout::Scalar => false,
        Layout::Nested(layers) => layers[axis] != crate::ir::function::Layer::Array,
        Layout::NdArray { .. } => true,
    }
}
