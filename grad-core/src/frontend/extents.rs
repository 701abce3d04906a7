//! Extents that have to be equal: what is known of each, and where two that cannot be equal come from.

use proc_macro2::Span;

use super::reader::Reader;
use super::spans::{Read, Refused};
use crate::diagnostic::Diagnostic;
use crate::ir::function::SameExtent;
use crate::ir::ids::Map;
use crate::ir::{NodeId, Origin};

/// Classes of extents that the program takes to be equal.
#[derive(Default)]
pub struct Extents {
    pub same: Vec<SameExtent>,
    parent: Map<NodeId, NodeId>,
    known: Map<NodeId, Known>,
}

/// What is known of a class: a name from `shape(…)`, a literal, and where it was said.
#[derive(Clone, Default)]
struct Known {
    name: Option<(String, Origin)>,
    literal: Option<(i128, Origin)>,
}

impl Extents {
    fn find(&self, mut id: NodeId) -> NodeId {
        while let Some(&parent) = self.parent.get(&id) {
            id = parent;
        }
        id
    }

    /// Gives an extent the name that `shape(…)` gives it.
    pub fn name(&mut self, extent: NodeId, name: &str, origin: Origin) {
        let root = self.find(extent);
        self.known.entry(root).or_default().name = Some((name.to_string(), origin));
    }

    fn known(&self, id: NodeId, literal: Option<i128>, origin: Origin) -> Known {
        let mut known = self.known.get(&self.find(id)).cloned().unwrap_or_default();
        if let Some(value) = literal {
            known.literal.get_or_insert((value, origin));
        }
        known
    }
}

impl Known {
    /// What is said of it, and where: for messages.
    fn describe(&self) -> Option<(String, Origin)> {
        match (&self.name, &self.literal) {
            (Some((name, origin)), _) => Some((format!("`{name}`"), *origin)),
            (None, Some((value, origin))) => Some((value.to_string(), *origin)),
            _ => None,
        }
    }

    fn conflicts(&self, other: &Known) -> bool {
        let names = matches!((&self.name, &other.name), (Some((a, _)), Some((b, _))) if a != b);
        let literals = matches!((&self.literal, &other.literal), (Some((a, _)), Some((b, _))) if a != b);
        names || literals
    }
}

impl Reader {
    /// Two extents that have to be equal because of `reason` ("`dot` needs"). The one to go on with.
    pub fn same_extent(
        &mut self,
        left: NodeId,
        right: NodeId,
        reason: &'static str,
        span: Span,
    ) -> Read<NodeId> {
        if left == right {
            return Ok(left);
        }
        if !self.graph.free(left).is_empty() || !self.graph.free(right).is_empty() {
            return self.refuse(
                span,
                format!("{reason} equal extents, but these change from one iteration to the next: make them the same value"),
            );
        }
        let origin = self.spans.origin(span);
        let (a, b) = (self.extents.find(left), self.extents.find(right));
        let known_a = self.extents.known(left, self.graph.as_int(left), self.graph.node(left).origin);
        let known_b = self.extents.known(right, self.graph.as_int(right), self.graph.node(right).origin);
        if known_a.conflicts(&known_b) {
            return self.extents_differ(&known_a, &known_b, reason, origin);
        }
        if a != b {
            let merged =
                Known { name: known_a.name.or(known_b.name), literal: known_a.literal.or(known_b.literal) };
            self.extents.parent.insert(b, a);
            self.extents.known.insert(a, merged);
            self.extents.same.push(SameExtent { left, right, origin, reason });
        }
        let better = self.graph.as_int(right).is_some() && self.graph.as_int(left).is_none();
        Ok(if better { right } else { left })
    }

    fn extents_differ<T>(&mut self, a: &Known, b: &Known, reason: &str, origin: Origin) -> Read<T> {
        let (Some((left, from_left)), Some((right, from_right))) = (a.describe(), b.describe()) else {
            return Err(Refused);
        };
        let message = format!("{reason} equal extents, but these are {left} and {right}");
        let mut diagnostic = Diagnostic::new(origin, message);
        for (place, said) in [(from_left, left), (from_right, right)] {
            if place != Origin::default() && place != origin {
                diagnostic = diagnostic.with_note(place, format!("this says that the extent is {said}"));
            }
        }
        self.diagnostics.push(diagnostic);
        Err(Refused)
    }
}
