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
    visible: Map<String, Vec<Option<BindingId>>>,
    /// For each open scope the names that it has added.
    open: Vec<Vec<String>>,
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
        self.show(name, Some(id));
        id
    }

    /// Changes what a binding holds.
    pub fn set(&mut self, id: BindingId, value: Val) {
        self.bindings[id] = value;
    }

    fn show(&mut self, name: &str, id: Option<BindingId>) {
        self.visible.entry(name.to_string()).or_default().push(id);
        if let Some(scope) = self.open.last_mut() {
            scope.push(name.to_string());
        }
    }

    fn resolve(&self, name: &str) -> Option<BindingId> {
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
