//! Types that the user wrote: of parameters, results, annotations and turbofishes. References are erased.

use syn::spanned::Spanned;

use super::messages;
use super::reader::Reader;
use super::spans::Read;
use crate::ir::function::{Layer, Layout};
use crate::ir::{Elem, NodeId};

#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    /// `_`, or no annotation.
    Infer,
    Unit,
    Scalar(Elem),
    Array(ArrayTy),
    Tuple(Vec<Ty>),
    /// A sequence of tuples, and how many, if the type says it.
    Many(Option<NodeId>, Box<Ty>),
    Option(Box<Ty>),
    /// A type that values may have inside a function, but not parameters and results: `Vec<(f64, f64)>`.
    Opaque,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ArrayTy {
    pub layout: Layout,
    /// `None` for `Vec<_>`.
    pub elem: Option<Elem>,
    /// The extents that the type itself says.
    pub extents: Vec<Option<NodeId>>,
}

impl Ty {
    /// The type of an array of this shape.
    pub fn nested(shape: &[NodeId], elem: Option<Elem>) -> Ty {
        Ty::Array(ArrayTy {
            layout: Layout::Nested(vec![Layer::Array; shape.len()]),
            elem,
            extents: shape.iter().copied().map(Some).collect(),
        })
    }

    /// A `Vec` of numbers.
    pub fn nested_vec(elem: Elem) -> Ty {
        let layout = Layout::Nested(vec![Layer::Vec]);
        Ty::Array(ArrayTy { layout, elem: Some(elem), extents: vec![None] })
    }

    pub fn usize() -> Ty {
        Ty::Scalar(Elem::USIZE)
    }

    pub fn elem(&self) -> Option<Elem> {
        match self {
            Ty::Scalar(elem) => Some(*elem),
            Ty::Array(array) => array.elem,
            _ => None,
        }
    }

    /// What one element of a sequence of this type is.
    pub fn item(&self) -> Ty {
        if let Ty::Many(_, item) = self {
            return (**item).clone();
        }
        let Ty::Array(array) = self else { return Ty::Infer };
        match (&array.layout, array.elem) {
            (Layout::Nested(layers), _) if layers.len() > 1 => Ty::Array(ArrayTy {
                layout: Layout::Nested(layers[1..].to_vec()),
                elem: array.elem,
                extents: array.extents[1..].to_vec(),
            }),
            (Layout::Nested(_) | Layout::NdArray { rank: 1 }, Some(elem)) => Ty::Scalar(elem),
            _ => Ty::Infer,
        }
    }

    /// The type of a part of a tuple.
    pub fn part(&self, k: usize) -> Ty {
        match self {
            Ty::Tuple(parts) => parts.get(k).cloned().unwrap_or(Ty::Infer),
            _ => Ty::Infer,
        }
    }

    /// The extent of the first axis, if the type says it.
    pub fn first_extent(&self) -> Option<NodeId> {
        match self {
            Ty::Array(array) => array.extents.first().copied().flatten(),
            Ty::Many(extent, _) => *extent,
            _ => None,
        }
    }
}

const NDARRAYS: [&str; 4] = ["Array", "ArrayView", "ArrayRef", "CowArray"];

/// The rank in a name such as `ArrayView2`, `None` where the dimension is a type argument.
fn ndarray_rank(name: &str) -> Option<Option<usize>> {
    NDARRAYS.iter().find_map(|family| match name.strip_prefix(family)? {
        "" => Some(None),
        digit => digit.parse().ok().filter(|rank| (1..=6).contains(rank)).map(Some),
    })
}

impl Reader {
    /// Reads a type; one that is not known is refused at its token.
    pub fn ty(&mut self, ty: &syn::Type) -> Read<Ty> {
        match ty {
            syn::Type::Infer(_) => Ok(Ty::Infer),
            syn::Type::Paren(inner) => self.ty(&inner.elem),
            syn::Type::Group(inner) => self.ty(&inner.elem),
            syn::Type::Reference(reference) => self.ty(&reference.elem),
            syn::Type::Tuple(tuple) if tuple.elems.is_empty() => Ok(Ty::Unit),
            syn::Type::Tuple(tuple) => {
                let parts: Vec<Ty> = tuple.elems.iter().map(|e| self.ty(e)).collect::<Read<_>>()?;
                Ok(Ty::Tuple(parts))
            }
            syn::Type::Array(array) => {
                let extent = self.extent_expr(&array.len)?;
                self.nested_ty(Layer::Array, Some(extent), &array.elem)
            }
            syn::Type::Slice(slice) => self.nested_ty(Layer::Slice, None, &slice.elem),
            syn::Type::Path(path) if path.qself.is_none() => self.path_ty(&path.path),
            syn::Type::ImplTrait(_) => self.refuse(
                ty.span(),
                "`impl Trait` says nothing about the shape of the value: write the concrete type",
            ),
            syn::Type::Ptr(pointer) => self.refuse(pointer.star_token.span, messages::POINTER),
            _ => self.refuse(ty.span(), UNKNOWN_TYPE),
        }
    }

    fn nested_ty(&mut self, layer: Layer, extent: Option<NodeId>, elem: &syn::Type) -> Read<Ty> {
        let one =
            |elem| Ty::Array(ArrayTy { layout: Layout::Nested(vec![layer]), elem, extents: vec![extent] });
        match self.ty(elem)? {
            Ty::Scalar(elem) => Ok(one(Some(elem))),
            Ty::Infer => Ok(one(None)),
            Ty::Array(ArrayTy { layout: Layout::Nested(inner), elem, extents: rest }) => {
                let mut layers = vec![layer];
                layers.extend(inner);
                let mut extents = vec![extent];
                extents.extend(rest);
                Ok(Ty::Array(ArrayTy { layout: Layout::Nested(layers), elem, extents }))
            }
            item @ (Ty::Tuple(_) | Ty::Many(..)) => Ok(Ty::Many(extent, Box::new(item))),
            _ => Ok(Ty::Opaque),
        }
    }

    fn path_ty(&mut self, path: &syn::Path) -> Read<Ty> {
        let Some(last) = path.segments.last() else { return Ok(Ty::Opaque) };
        let name = last.ident.to_string();
        let arguments = type_arguments(last);
        if let Some(elem) = Elem::parse(&name) {
            return Ok(Ty::Scalar(elem));
        }
        if name == "Vec" {
            return match arguments.first() {
                Some(elem) => self.nested_ty(Layer::Vec, None, elem),
                None => Ok(Ty::Array(ArrayTy {
                    layout: Layout::Nested(vec![Layer::Vec]),
                    elem: None,
                    extents: vec![None],
                })),
            };
        }
        if let Some(rank) = ndarray_rank(&name) {
            return self.ndarray_ty(path, rank, &arguments);
        }
        if name == "Option" {
            return match arguments.first() {
                Some(inner) => Ok(Ty::Option(Box::new(self.ty(inner)?))),
                None => Ok(Ty::Opaque),
            };
        }
        if name == "Self" {
            return self.refuse(last.ident.span(), "`Self` is not known here: write the type itself");
        }
        self.refuse(last.ident.span(), UNKNOWN_TYPE)
    }

    fn ndarray_ty(&mut self, path: &syn::Path, rank: Option<usize>, arguments: &[&syn::Type]) -> Read<Ty> {
        let elem = match arguments.first() {
            Some(elem) => self.ty(elem)?.elem(),
            None => None,
        };
        let Some(rank) = rank.or_else(|| arguments.get(1).and_then(|d| dimension(d))) else {
            return self.refuse(
                path.span(),
                "the number of axes has to be known: write `Array1`, `Array2`, `Array3` or a view of one",
            );
        };
        Ok(Ty::Array(ArrayTy { layout: Layout::NdArray { rank }, elem, extents: vec![None; rank] }))
    }
}

const UNKNOWN_TYPE: &str = "`#[grad]` does not know this type: it reads `f32`, `f64`, integers, `bool`, arrays, \
     slices and `Vec`s of them, the arrays of the `ndarray` crate, and tuples";

/// The type arguments in `Name<A, B>`.
fn type_arguments(segment: &syn::PathSegment) -> Vec<&syn::Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    arguments
        .args
        .iter()
        .filter_map(|argument| match argument {
            syn::GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .collect()
}

/// `Ix2` is 2.
fn dimension(ty: &syn::Type) -> Option<usize> {
    let syn::Type::Path(path) = ty else { return None };
    path.path
        .segments
        .last()?
        .ident
        .to_string()
        .strip_prefix("Ix")?
        .parse()
        .ok()
        .filter(|rank| (1..=6).contains(rank))
}
