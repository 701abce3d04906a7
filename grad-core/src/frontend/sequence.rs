//! Methods of arrays, slices and `Vec`s.

use super::adapter::ADAPTERS;
use super::consume::CONSUMERS;
use super::derived::PARTITION_POINT;
use super::iterator::{Items, Iter};
use super::messages;
use super::method::Arguments;
use super::reader::Reader;
use super::search::SEARCHES;
use super::spans::Read;
use super::types::Ty;
use super::value::{Array, Val};
use crate::ir::{Cmp, Elem, IntOp, NodeId};

/// The methods of arrays, slices and `Vec`s, as messages list them.
const NESTED: [&str; 22] = [
    "len",
    "is_empty",
    "iter",
    "into_iter",
    "map",
    "windows",
    "chunks",
    "chunks_exact",
    "to_vec",
    "clone",
    "to_owned",
    "as_slice",
    "as_ref",
    "first",
    "last",
    "get",
    "split_at",
    "split_first",
    "split_last",
    "try_into",
    "concat",
    "partition_point",
];

/// The methods of arrays that a sequence of tuples has too: they act on the sequence of each part.
pub const OF_COLUMNS: [&str; 8] =
    ["first", "last", "get", "is_empty", "len", "windows", "chunks", "chunks_exact"];

impl Reader {
    pub fn columns_method(&mut self, columns: Vec<Val>, arguments: &mut Arguments) -> Read<Val> {
        let given = std::mem::take(&mut arguments.values);
        let (mut parts, mut iters, mut holds) = (Vec::new(), Vec::new(), None);
        for column in columns {
            arguments.values.clone_from(&given);
            match self.method(column, arguments)? {
                Val::Optional(part, exists) => {
                    parts.push(*part);
                    holds = exists;
                }
                Val::Iter(iter) => iters.push(iter),
                // Of all columns the same.
                other => return Ok(other),
            }
        }
        Ok(match iters.first() {
            Some(first) => Iter { extents: first.extents.clone(), items: Items::Rows(iters) }.into(),
            None => Val::Optional(Box::new(Val::Tuple(parts)), holds),
        })
    }

    pub fn nested_method(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let span = arguments.span;
        let extent = self.shape(array)[0];
        if let Some(result) = self.parts_method(array, arguments) {
            return result;
        }
        match arguments.name.as_str() {
            "len" => Ok(Val::Scalar(extent)),
            "is_empty" => {
                let zero = self.graph.usize(0);
                Ok(Val::Scalar(self.graph.compare(Cmp::Eq, extent, zero)))
            }
            "map" => {
                let function = arguments.one(self)?;
                let item = arguments.want.item();
                self.under(extent, |reader, var| {
                    let index = reader.graph.index(var);
                    let part = reader.part(array, &[index]);
                    let value = reader.call_value(&function, vec![part], span)?;
                    let value = reader.coerce(value, &item, span)?;
                    reader.build(var, value, span)
                })
            }
            "iter" | "into_iter" => {
                let iter = self.iterate(Val::Array(array.clone()), span)?;
                Ok(Val::Iter(iter))
            }
            "concat" => {
                let rows = self.iterate(Val::Array(array.clone()), span)?;
                let all = self.flatten(&rows, span)?;
                let all = self.iterate(all, span)?;
                self.collect(&all, &Ty::Infer, span)
            }
            "partition_point" => {
                let function = arguments.one(self)?;
                self.derived(PARTITION_POINT, vec![Val::Array(array.clone()), function], span)
            }
            "as_ptr" | "as_mut_ptr" => self.refuse(span, messages::POINTER),
            name if ADAPTERS.contains(&name) || CONSUMERS.contains(&name) || SEARCHES.contains(&name) => {
                self.refuse(span, format!("`{name}` is a method of iterators: write `.iter().{name}(…)`"))
            }
            name => self.refuse(span, messages::unread("method of an array", name, NESTED)),
        }
    }

    /// Methods that give parts of an array, if this is one.
    fn parts_method(&mut self, array: &Array, arguments: &mut Arguments) -> Option<Read<Val>> {
        const PARTS: [&str; 11] = [
            "windows",
            "chunks",
            "chunks_exact",
            "first",
            "last",
            "try_into",
            "into",
            "split_at",
            "split_first",
            "split_last",
            "get",
        ];
        PARTS.contains(&arguments.name.as_str()).then(|| self.part_of_array(array, arguments))
    }

    fn part_of_array(&mut self, array: &Array, arguments: &mut Arguments) -> Read<Val> {
        let extent = self.shape(array)[0];
        Ok(match arguments.name.as_str() {
            "windows" => {
                let size = self.size_argument(arguments)?;
                let one = self.graph.usize(1);
                let more = self.graph.int_op(IntOp::Add, &[extent, one]);
                let count = self.graph.int_op(IntOp::SaturatingSub, &[more, size]);
                Iter::one(count, Items::Windows(array.clone(), size)).into()
            }
            "chunks" => {
                let size = self.size_argument(arguments)?;
                let count = self.ceiling_div(extent, size);
                Iter::one(count, Items::ShortChunks(array.clone(), size)).into()
            }
            "chunks_exact" => {
                let size = self.size_argument(arguments)?;
                let count = self.graph.int_op(IntOp::Div, &[extent, size]);
                Iter::one(count, Items::Chunks(array.clone(), size)).into()
            }
            "first" => {
                let zero = self.graph.usize(0);
                let exists = self.graph.compare(Cmp::Gt, extent, zero);
                Val::Optional(Box::new(self.part(array, &[zero])), Some(exists))
            }
            "last" => {
                let one = self.graph.usize(1);
                let last = self.graph.int_op(IntOp::Sub, &[extent, one]);
                let zero = self.graph.usize(0);
                let exists = self.graph.compare(Cmp::Gt, extent, zero);
                Val::Optional(Box::new(self.part(array, &[last])), Some(exists))
            }
            "try_into" => Val::Optional(Box::new(Val::Array(array.clone())), None),
            "into" => Val::Array(array.clone()),
            "split_at" => {
                let at = self.size_argument(arguments)?;
                self.split_at(array, at)
            }
            "split_first" | "split_last" => {
                let one = self.graph.usize(1);
                let rest = self.graph.int_op(IntOp::Sub, &[extent, one]);
                let first = arguments.name == "split_first";
                let zero = self.graph.usize(0);
                let (index, start) = if first { (zero, one) } else { (rest, zero) };
                let value = self.part(array, &[index]);
                let others = self.slice(array, start, rest);
                let exists = self.graph.compare(Cmp::Gt, extent, zero);
                Val::Optional(Box::new(Val::Tuple(vec![value, others])), Some(exists))
            }
            _ => {
                let index = self.size_argument(arguments)?;
                let index = self.graph.close(index, Elem::USIZE);
                let exists = self.graph.compare(Cmp::Lt, index, extent);
                Val::Optional(Box::new(self.part(array, &[index])), Some(exists))
            }
        })
    }

    fn size_argument(&mut self, arguments: &mut Arguments) -> Read<NodeId> {
        let value = arguments.one(self)?;
        self.usize_node(value, arguments.span)
    }

    fn split_at(&mut self, array: &Array, at: NodeId) -> Val {
        let extent = self.shape(array)[0];
        let zero = self.graph.usize(0);
        let rest = self.graph.int_op(IntOp::Sub, &[extent, at]);
        Val::Tuple(vec![self.slice(array, zero, at), self.slice(array, at, rest)])
    }
}
