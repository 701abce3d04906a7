//! What is given in a shape that the graph does not know: tuples, sequences of tuples, `Option`s, arrays in the fields of
//! `self`. Each part is a parameter of the graph that no signature mentions; the derivative takes it out on entry. Such
//! parts are inactive.

use proc_macro2::Span;

use super::reader::Reader;
use super::spans::Read;
use super::types::{ArrayTy, Ty};
use super::value::{Array, Val};
use crate::ir::function::{Layer, Layout, Param, Source};
use crate::ir::{Elem, NodeId, Op};

/// What is said where a part would need a gradient.
pub const ACTIVE: &str = "tuples and `Option`s cannot have a gradient yet: pass each part as a parameter of its own, or leave them out with \
     `#[grad(skip(…))]`";

/// Where parts are taken from, and what they are called.
pub struct Origin<'a> {
    /// The parameter of the user, if it is one.
    pub owner: Option<&'a str>,
    pub name: String,
    /// What is looked at, as an expression.
    pub text: String,
    pub span: Span,
}

impl Reader {
    /// A value of this type that is taken from what is given; `None` where that cannot be.
    pub fn given(&mut self, ty: &Ty, from: &Origin) -> Read<Option<Val>> {
        self.given_part(ty, from, &mut None, 0)
    }

    /// A part, at `depth` sequences in: `around` is how many elements the sequence has, once that is known.
    fn given_part(
        &mut self,
        ty: &Ty,
        from: &Origin,
        around: &mut Option<NodeId>,
        depth: usize,
    ) -> Read<Option<Val>> {
        match ty {
            Ty::Scalar(elem) if depth == 0 => {
                let node = self.hidden(*elem, Layout::Scalar, &[], from, from.text.clone());
                Ok(Some(Val::Scalar(node)))
            }
            Ty::Scalar(elem) => {
                let node = self.taken_out(*elem, &[], &[], from, around);
                Ok(Some(Array::nested(node)))
            }
            Ty::Array(ArrayTy { layout, elem: Some(elem), extents }) if depth == 0 => {
                let node = self.hidden(*elem, layout.clone(), extents, from, format!("&{}", from.text));
                Ok(Some(Val::Array(Array::new(node, super::signature::family(layout)))))
            }
            Ty::Array(ArrayTy { layout: Layout::Nested(layers), elem: Some(elem), extents }) => {
                let node = self.taken_out(*elem, layers, extents, from, around);
                Ok(Some(Array::nested(node)))
            }
            Ty::Tuple(types) => {
                let mut parts = Vec::new();
                for (k, ty) in types.iter().enumerate() {
                    let text = match depth {
                        0 => format!("{}.{k}", from.text),
                        _ => from.text.replace("(item)", &format!("(item).{k}")),
                    };
                    let part = Origin {
                        name: format!("{}_{k}", from.name),
                        text,
                        owner: from.owner,
                        span: from.span,
                    };
                    let Some(part) = self.given_part(ty, &part, around, depth)? else { return Ok(None) };
                    parts.push(part);
                }
                Ok(Some(if depth == 0 { Val::Tuple(parts) } else { Val::Columns(parts) }))
            }
            Ty::Many(extent, item) if depth == 0 => {
                *around = *extent;
                let text = format!("{}.iter().map(|item| (item)).collect::<::std::vec::Vec<_>>()", from.text);
                let rows = Origin { text, name: from.name.clone(), owner: from.owner, span: from.span };
                self.given_part(item, &rows, around, 1)
            }
            Ty::Option(inner) if depth == 0 && matches!(**inner, Ty::Scalar(_)) => {
                let Ty::Scalar(elem) = **inner else { return Ok(None) };
                let value = self.hidden(
                    elem,
                    Layout::Scalar,
                    &[],
                    from,
                    format!("{}.unwrap_or_default()", from.text),
                );
                let some = Origin { name: format!("{}_is_some", from.name), text: String::new(), ..*from };
                let exists =
                    self.hidden(Elem::Bool, Layout::Scalar, &[], &some, format!("{}.is_some()", from.text));
                Ok(Some(Val::Optional(Box::new(Val::Scalar(value)), Some(exists))))
            }
            _ => Ok(None),
        }
    }

    /// One part of each of the elements of a sequence.
    fn taken_out(
        &mut self,
        elem: Elem,
        layers: &[Layer],
        extents: &[Option<NodeId>],
        from: &Origin,
        around: &mut Option<NodeId>,
    ) -> NodeId {
        let whole = match layers.is_empty() {
            true => from.text.clone(),
            false => from.text.replace("(item)", "(item).clone()"),
        };
        let layout = Layout::Nested([&[Layer::Vec], layers].concat());
        let known = [&[*around], extents].concat();
        let node = self.hidden(elem, layout, &known, from, whole);
        // All parts are of the same elements.
        *around = Some(self.graph.ty(node).shape[0]);
        node
    }

    /// A parameter that no signature mentions.
    fn hidden(
        &mut self,
        elem: Elem,
        layout: Layout,
        extents: &[Option<NodeId>],
        from: &Origin,
        text: String,
    ) -> NodeId {
        let param = self.hidden_from + self.hidden.len() as u32;
        let shape: Vec<NodeId> = extents
            .iter()
            .enumerate()
            .map(|(axis, extent)| {
                extent.unwrap_or_else(|| self.graph.add(Op::Extent { param, axis: axis as u32 }, &[]))
            })
            .collect();
        let node = self.graph.add(Op::Param(param, elem), &shape);
        let mut name = from.name.clone();
        while self.taken.contains(&name) {
            name.push('_');
        }
        self.taken.push(name.clone());
        let references = usize::from(text.starts_with('&'));
        self.hidden.push(Param {
            name,
            node,
            layout,
            references,
            active: elem.is_float() && from.owner.is_some_and(|owner| !owner.starts_with('_')),
            mutable: false,
            last: None,
            origin: self.spans.origin(from.span),
            source: Some(Source { owner: from.owner.map(str::to_string), text }),
        });
        node
    }
}
