//! The `ndarray` crate: operators, methods and constructors.

use proc_macro2::Span;

use super::expr::Arithmetic;
use super::method::Arguments;
use super::reader::Reader;
use super::spans::Read;
use super::value::{Array, Val};
use crate::ir::NodeId;

pub fn is_constructor(owner: &str) -> bool {
    matches!(owner, "Array" | "Array1" | "Array2" | "Array3")
}

impl Reader {
    pub fn broadcast(&mut self, _: Arithmetic, _: Val, _: Val, span: Span) -> Read<Val> {
        self.refuse(span, "not yet")
    }

    pub fn map_elements(
        &mut self,
        array: &Array,
        function: impl FnOnce(&mut Reader, NodeId) -> NodeId,
    ) -> Read<Val> {
        let shape = self.shape(array);
        let node = self.tabulate(&shape, |reader, index| {
            let element = reader.element(array, index);
            function(reader, element)
        });
        Ok(Val::Array(Array::new(node, array.family)))
    }

    pub fn ndarray_method(&mut self, _: &Array, arguments: &mut Arguments) -> Read<Val> {
        self.refuse(arguments.span, "not yet")
    }

    pub fn ndarray_call(&mut self, _: &str, arguments: &mut Arguments) -> Read<Val> {
        self.refuse(arguments.span, "not yet")
    }
}
