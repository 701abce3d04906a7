//! `Vec`s of tuples that grow: a `Vec` for each part. Each is a binding of its own, so that loops carry it as any other.

use proc_macro2::Span;

use super::method::Arguments;
use super::place::Place;
use super::reader::Reader;
use super::scope::BindingId;
use super::spans::{Read, Refused};
use super::value::Val;

impl Reader {
    /// The sequence of tuples that some `Vec`s of parts are.
    pub fn shown_apart(&mut self, parts: &[BindingId]) -> Val {
        let shown = |reader: &mut Reader, id: BindingId| match reader.scopes.held(id).clone() {
            Val::Apart(parts) => reader.shown_apart(&parts),
            Val::Growing(growing) => reader.grown(&growing),
            value => value,
        };
        Val::Columns(parts.iter().map(|&id| shown(self, id)).collect())
    }

    /// Elements behind those of a `Vec` of tuples.
    pub fn append_apart(&mut self, own: BindingId, held: Val, more: Vec<Val>, span: Span) -> Read<Val> {
        let parts = match held {
            Val::Apart(parts) => parts,
            _ if self.is_from_outside(own) => {
                // The loop is read again, with the parts apart before it.
                self.to_part.push((own, more.len()));
                return Err(Refused);
            }
            _ => self.taken_apart(own, more.len(), span)?,
        };
        if parts.len() != more.len() {
            return self.refuse(span, "what is pushed here is of another type than before");
        }
        for (&id, part) in parts.iter().zip(more) {
            let held = self.scopes.held(id).clone();
            self.append(id, held, part, span)?;
        }
        Ok(Val::Unit)
    }

    /// Makes a `Vec` one of each part of its elements.
    pub fn taken_apart(&mut self, own: BindingId, count: usize, span: Span) -> Read<Vec<BindingId>> {
        let values = match self.scopes.held(own).clone() {
            Val::Columns(parts) if parts.len() == count => parts,
            Val::Array(array) if self.graph.as_int(self.shape(&array)[0]) == Some(0) => {
                vec![Val::Array(array); count]
            }
            _ => return self.refuse(span, "what is pushed here is of another type than before"),
        };
        let parts: Vec<BindingId> = values.into_iter().map(|value| self.scopes.bind_hidden(value)).collect();
        self.scopes.set(own, Val::Apart(parts.clone()));
        Ok(parts)
    }

    /// What loops inside of this one have asked to be taken apart before it. Whether there is something.
    pub fn part_before_loop(&mut self, span: Span) -> Read<bool> {
        let asked = std::mem::take(&mut self.to_part);
        let is_outer = |reader: &Reader, own: BindingId| reader.is_from_outside(own);
        for &(own, count) in &asked {
            if is_outer(self, own) {
                self.to_part.push((own, count));
            } else if !matches!(self.scopes.held(own), Val::Apart(_)) {
                self.taken_apart(own, count, span)?;
            }
        }
        if self.to_part.is_empty() { Ok(!asked.is_empty()) } else { Err(Refused) }
    }

    /// A method that changes the length of a `Vec` of tuples does so for each part.
    pub fn change_apart(&mut self, parts: &[BindingId], arguments: &mut Arguments) -> Read<Val> {
        const KNOWN: [&str; 5] = ["pop", "truncate", "clear", "push", "extend"];
        let span = arguments.span;
        if !KNOWN.contains(&arguments.name.as_str()) {
            let message = format!(
                "`{}` of a `Vec` of tuples cannot be read: keep a `Vec` for each part",
                arguments.name
            );
            return self.refuse(span, message);
        }
        let given = std::mem::take(&mut arguments.values);
        let (mut taken, mut exists) = (Vec::new(), None);
        for &id in parts {
            arguments.values.clone_from(&given);
            let held = self.scopes.held(id).clone();
            let result = match held {
                Val::Apart(inner) => self.change_apart(&inner, arguments)?,
                held => self.change_length(&Place { root: id, steps: Vec::new() }, held, arguments)?,
            };
            if let Val::Optional(value, is_there) = result {
                taken.push(*value);
                exists = is_there;
            }
        }
        Ok(match taken.is_empty() {
            true => Val::Unit,
            false => Val::Optional(Box::new(Val::Tuple(taken)), exists),
        })
    }
}
