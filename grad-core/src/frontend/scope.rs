//! Names: which value an identifier stands for at a place in the program.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

use super::value::Val;
use crate::ir::ids::{Map, Set};

/// A binding, made once by a pattern. Assignment changes what it holds, shadowing makes another.
pub type BindingId = usize;

/// The names that a closure's body mentions, with what they stand for where it was written: `None` hides a
/// name that was not bound there.
pub type Captures = Vec<(String, Option<BindingId>)>;

#[derive(Default)]
pub struct Scopes {
    bindings: Vec<Val>,
    /// What the bindings are called, in the order of `bindings`.
    names: Vec<Option<String>>,
    visible: Map<String, Vec<Option<BindingId>>>,
    /// For each open scope the names that it has added.
    open: Vec<Vec<String>>,
    /// What bindings held before each assignment.
    journal: Vec<(BindingId, Val)>,
}

/// A point in the evaluation to come back to.
#[derive(Clone, Copy)]
pub struct Mark {
    assignments: usize,
    bindings: usize,
}

impl Scopes {
    pub fn open(&mut self) {
        self.open.push(Vec::new());
    }

    pub fn close(&mut self) {
        for name in self.open.pop().unwrap_or_default() {
            if let Some(stack) = self.visible.get_mut(&name) {
                stack.pop();
            }
        }
    }

    pub fn bind(&mut self, name: &str, value: Val) -> BindingId {
        let id = self.bindings.len();
        self.bindings.push(value);
        self.names.push(Some(name.to_string()));
        self.show(name, Some(id));
        id
    }

    /// A binding without a name.
    pub fn bind_hidden(&mut self, value: Val) -> BindingId {
        self.bindings.push(value);
        self.names.push(None);
        self.bindings.len() - 1
    }

    /// Changes what a binding holds.
    pub fn set(&mut self, id: BindingId, value: Val) {
        let before = std::mem::replace(&mut self.bindings[id], value);
        self.journal.push((id, before));
    }

    /// How many bindings have been made.
    pub fn count(&self) -> usize {
        self.bindings.len()
    }

    pub fn name_of(&self, id: BindingId) -> Option<String> {
        self.names[id].clone()
    }

    /// What a binding holds.
    pub fn held(&self, id: BindingId) -> &Val {
        &self.bindings[id]
    }

    pub fn mark(&self) -> Mark {
        Mark { assignments: self.journal.len(), bindings: self.bindings.len() }
    }

    /// What a binding of that time held at a mark.
    pub fn held_at(&self, mark: Mark, id: BindingId) -> &Val {
        let later = &self.journal[mark.assignments..];
        later.iter().find(|(of, _)| *of == id).map_or(&self.bindings[id], |(_, before)| before)
    }

    /// The bindings of the time of a mark that have been assigned to since.
    pub fn changed_since(&self, mark: Mark) -> impl Iterator<Item = BindingId> + '_ {
        let ids = self.journal[mark.assignments..].iter().map(|(id, _)| *id);
        ids.filter(move |id| *id < mark.bindings)
    }

    /// Whether a binding has been made since a mark.
    pub fn is_later(&self, mark: Mark, id: BindingId) -> bool {
        id >= mark.bindings
    }

    /// Takes all assignments since a mark back. Gives the bindings of that time that have been assigned to, each
    /// once and in order, with what they held at last.
    pub fn take_back(&mut self, mark: Mark) -> Vec<(BindingId, Val)> {
        let mut changed: Vec<(BindingId, Val)> = Vec::new();
        for at in mark.assignments..self.journal.len() {
            let id = self.journal[at].0;
            if id < mark.bindings && changed.iter().all(|(other, _)| *other != id) {
                changed.push((id, self.bindings[id].clone()));
            }
        }
        while self.journal.len() > mark.assignments {
            if let Some((id, before)) = self.journal.pop() {
                self.bindings[id] = before;
            }
        }
        changed
    }

    fn show(&mut self, name: &str, id: Option<BindingId>) {
        self.visible.entry(name.to_string()).or_default().push(id);
        if let Some(scope) = self.open.last_mut() {
            scope.push(name.to_string());
        }
    }

    pub fn resolve(&self, name: &str) -> Option<BindingId> {
        self.visible.get(name).and_then(|stack| *stack.last()?)
    }

    pub fn get(&self, name: &str) -> Option<&Val> {
        self.resolve(name).map(|id| &self.bindings[id])
    }

    /// Opens the scope of a closure's body.
    pub fn enter(&mut self, captures: &Captures) {
        self.open();
        for (name, id) in captures {
            self.show(name, *id);
        }
    }

    /// What a closure captures.
    pub fn capture(&self, closure: &syn::ExprClosure) -> Captures {
        let mut mentioned = Mentioned::default();
        mentioned.visit_expr(&closure.body);
        mentioned.names.into_iter().map(|name| (name.clone(), self.resolve(&name))).collect()
    }
}

/// Collects the identifiers that may be variables, each once, in order.
#[derive(Default)]
struct Mentioned {
    names: Vec<String>,
    seen: Set<String>,
}

impl Mentioned {
    fn name(&mut self, name: String) {
        if self.seen.insert(name.clone()) {
            self.names.push(name);
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.name(ident.to_string()),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Mentioned {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        // Of a longer path, what a `use` may have brought.
        if let Some(first) = path.segments.first() {
            self.name(first.ident.to_string());
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }
}
