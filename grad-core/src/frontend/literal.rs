//! Literals: numbers, `[a, b]`, `[x; N]`.

use proc_macro2::Span;
use syn::{Expr, Lit};

use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::{Array, Val};
use crate::ir::{Elem, Float, Int, NodeId};

impl Reader {
    pub fn literal(&mut self, lit: &Lit, want: &Ty) -> Read<Val> {
        match lit {
            Lit::Float(float) => {
                let ty = match float.suffix() {
                    "" => want.elem().filter(|elem| elem.is_float()).unwrap_or(Elem::Float(self.literal)),
                    suffix => Elem::parse(suffix).unwrap_or(Elem::Float(Float::Open)),
                };
                self.float_literal(float.base10_digits(), ty, float.span())
            }
            Lit::Int(int) => match Elem::parse(int.suffix()) {
                Some(elem @ Elem::Float(_)) => self.float_literal(int.base10_digits(), elem, int.span()),
                suffix => {
                    let Ok(value) = int.base10_parse::<i128>() else {
                        return self.refuse(int.span(), "this integer is too large");
                    };
                    let ty = match suffix.or(want.elem()) {
                        Some(Elem::Int(ty)) => ty,
                        _ => Int::Open,
                    };
                    Ok(Val::Scalar(self.graph.int(value, ty)))
                }
            },
            Lit::Bool(bool) => Ok(Val::Scalar(self.graph.bool(bool.value))),
            other => self.refuse(
                other.span(),
                "only numbers and `bool` can be read here: pass what is made of this as a parameter",
            ),
        }
    }

    fn float_literal(&mut self, digits: &str, elem: Elem, span: Span) -> Read<Val> {
        let Elem::Float(float) = elem else { return self.refuse(span, "a float literal is expected here") };
        let value = match float {
            Float::F32 => digits.parse::<f32>().map(f64::from),
            _ => digits.parse::<f64>(),
        };
        match value {
            Ok(value) => Ok(Val::Scalar(self.graph.float(value, float))),
            Err(_) => self.refuse(span, "this number cannot be read"),
        }
    }

    pub fn array_literal(&mut self, elements: &[&Expr], want: &Ty, span: Span) -> Read<Val> {
        let item = want.item();
        let values: Vec<Read<Val>> = elements.iter().map(|element| self.expr(element, &item)).collect();
        let values: Vec<Val> = values.into_iter().collect::<Read<_>>()?;
        self.stack(values, span)
    }

    /// The sequence of these items.
    pub fn stack(&mut self, items: Vec<Val>, span: Span) -> Read<Val> {
        if items.iter().any(Val::refers) {
            return self.refuse(span, super::consume::KEPT_PLACES);
        }
        match items.first() {
            None => self.refuse(span, "an empty array has nothing to differentiate"),
            Some(Val::Tuple(parts)) => {
                let columns = (0..parts.len()).map(|k| {
                    let column = items.iter().map(|item| match item {
                        Val::Tuple(parts) => parts.get(k).cloned().unwrap_or(Val::Poison),
                        _ => Val::Poison,
                    });
                    self.stack(column.collect(), span)
                });
                Ok(Val::Columns(columns.collect::<Read<_>>()?))
            }
            Some(Val::Array(_)) => {
                let mut nodes = Vec::new();
                for item in items {
                    match item {
                        Val::Array(array) => nodes.push(self.array_node(&array)),
                        _ => return Err(Refused),
                    }
                }
                for k in 1..nodes.len() {
                    self.same_shape(nodes[0], nodes[k], "the rows of an array need", span)?;
                }
                Ok(Array::nested(self.graph.stack(&nodes)))
            }
            Some(_) => {
                let like = items.iter().find_map(|item| match item {
                    Val::Scalar(node) => Some(self.graph.elem(*node)),
                    _ => None,
                });
                let like = like.unwrap_or(Elem::Float(self.literal));
                let nodes: Vec<_> =
                    items.into_iter().map(|item| self.scalar_like(item, like, span)).collect::<Read<_>>()?;
                Ok(Array::nested(self.graph.stack(&nodes)))
            }
        }
    }

    pub fn repeat(&mut self, element: &Expr, extent: NodeId, want: &Ty) -> Read<Val> {
        let item = self.expr(element, &want.item())?;
        let var = self.graph.fresh_var(extent);
        self.build(var, item, token(element))
    }
}
