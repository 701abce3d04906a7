//! Assertions and panics: what is asserted is threaded through the function like a variable that everything may
//! assign to. An assertion in a branch has the conditions of the branch; a loop carries on what has been asserted.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::Expr;
use syn::punctuated::Punctuated;

use super::expr::token;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::template::{Template, spelled};
use super::value::Val;
use crate::diagnostic::Diagnostic;
use crate::ir::message::{Asserts, DEBUG, Message};
use crate::ir::{Cmp, Elem, Float, Int, Logic, NodeId, Var};

/// Macros that end the program, with what they say by themselves.
const PANICS: [(&str, &str, &str); 4] = [
    ("panic", "explicit panic", ""),
    ("unreachable", "internal error: entered unreachable code", "internal error: entered unreachable code: "),
    ("todo", "not yet implemented", "not yet implemented: "),
    ("unimplemented", "not implemented", "not implemented: "),
];

const NUMBERS: &str = "a message can show numbers: show the elements that matter, or a length";

impl Reader {
    /// `assert!`, `panic!` and their like, if this is one.
    pub fn assertion(&mut self, mac: &syn::Macro, name: &str, span: Span) -> Option<Read<Val>> {
        if let Some((_, alone, first)) = PANICS.iter().find(|(panic, ..)| *panic == name) {
            return Some(self.panic(mac, alone, first, span));
        }
        let (debug, name) = name.strip_prefix("debug_").map_or((false, name), |name| (true, name));
        let asserts = match name {
            "assert" => Asserts::Condition,
            "assert_eq" => Asserts::Equal,
            "assert_ne" => Asserts::Differ,
            _ => return None,
        };
        if !debug {
            return Some(self.assert(mac, asserts, span));
        }
        let debug = self.graph.symbol_node(DEBUG, Elem::Bool);
        Some(self.under_condition(debug, |reader| reader.assert(mac, asserts, span)))
    }

    fn panic(&mut self, mac: &syn::Macro, alone: &str, first: &str, span: Span) -> Read<Val> {
        let arguments = self.macro_arguments(mac, span)?;
        let template = match &arguments[..] {
            [] => Template::plain(alone),
            some => self.template(some)?.after(first),
        };
        let fails = self.graph.bool(true);
        self.fail_where(fails, Asserts::Condition, Vec::new(), template)?;
        Ok(Val::Never)
    }

    fn assert(&mut self, mac: &syn::Macro, asserts: Asserts, span: Span) -> Read<Val> {
        let arguments = self.macro_arguments(mac, span)?;
        let count = if asserts == Asserts::Condition { 1 } else { 2 };
        if arguments.len() < count {
            return self.refuse(span, "something to assert is missing here");
        }
        let (subject, message) = arguments.split_at(count);
        let template = self.template(message)?;
        let (fails, shown, template) = match subject {
            [left, right] => {
                let (left, right) = (self.compared(left)?, self.compared(right)?);
                let (left, right) = self.operands(left, right, span)?;
                let (left, right) = self.agree(left, right);
                let equal = self.graph.compare(Cmp::Eq, left, right);
                let fails = if asserts == Asserts::Equal { self.graph.not(equal) } else { equal };
                (fails, vec![left, right], template)
            }
            _ => {
                let value = self.value(&subject[0])?;
                let holds = self.bool_node(value, token(&subject[0]))?;
                let fails = self.graph.not(holds);
                let text = format!("assertion failed: {}", spelled(first_argument(mac)));
                let template = if message.is_empty() { Template::plain(&text) } else { template };
                (fails, Vec::new(), template)
            }
        };
        self.fail_where(fails, asserts, shown, template)?;
        Ok(Val::Unit)
    }

    /// One side of `assert_eq!`: a number.
    fn compared(&mut self, side: &Expr) -> Read<Val> {
        let value = self.value(side)?;
        match self.loaded(value, token(side))? {
            value @ (Val::Scalar(_) | Val::Constant(_)) => Ok(value),
            Val::Poison => Err(Refused),
            other => {
                let message = format!(
                    "only numbers can be compared here, but this is {}: compare lengths, or the elements in a loop",
                    other.kind()
                );
                self.refuse(token(side), message)
            }
        }
    }

    fn macro_arguments(&mut self, mac: &syn::Macro, span: Span) -> Read<Vec<Expr>> {
        match mac.parse_body_with(Punctuated::<Expr, syn::Token![,]>::parse_terminated) {
            Ok(arguments) => Ok(arguments.into_iter().collect()),
            Err(_) => self.refuse(span, "the arguments of this macro cannot be read"),
        }
    }

    fn template(&mut self, arguments: &[Expr]) -> Read<Template> {
        Template::read(arguments).or_else(|(span, message)| self.refuse(span, message))
    }

    /// From here on nothing is reached where a condition holds.
    pub fn fail_where(
        &mut self,
        fails: NodeId,
        asserts: Asserts,
        mut shown: Vec<NodeId>,
        template: Template,
    ) -> Read<()> {
        for expr in &template.shown {
            let value = self.value(expr)?;
            let value = self.loaded(value, token(expr))?;
            if !matches!(value, Val::Scalar(_) | Val::Constant(_) | Val::Poison) {
                return self.refuse(token(expr), NUMBERS);
            }
            shown.push(self.scalar(value, token(expr))?);
        }
        for node in &mut shown {
            *node = match self.graph.elem(*node) {
                Elem::Float(Float::Open) => self.graph.close(*node, Elem::Float(Float::F64)),
                Elem::Int(Int::Open) => self.graph.close(*node, Elem::Int(Int::I32)),
                _ => *node,
            };
        }
        let here = self.branch_condition();
        let fails = here.map_or(fails, |here| self.graph.logic(Logic::And, here, fails));
        let message = self.graph.intern_message(Message { asserts, text: template.text });
        self.asserted = self.graph.unless(self.asserted, fails, message, &shown);
        Ok(())
    }

    /// Reads what is evaluated for each of many items, in no loop that could carry on what it assigns.
    pub fn without_assignment<T>(&mut self, body: impl FnOnce(&mut Reader) -> Read<T>) -> Read<T> {
        let mark = self.scopes.mark();
        let result = body(self)?;
        let changes = self.scopes.take_back(mark);
        let name = changes.first().map(|(id, _)| self.scopes.name_of(*id));
        match name {
            None => Ok(result),
            Some(name) => {
                let what = name.map_or("a variable".to_string(), |name| format!("`{name}`"));
                let message = format!(
                    "what is evaluated for each item here changes {what}: write a `for` loop instead"
                );
                self.diagnostics.push(Diagnostic::new(self.graph.origin, message));
                Err(Refused)
            }
        }
    }

    /// Runs with some variables in scope that nothing carries a value over: what is asserted for each of their values
    /// is asserted for all of them.
    pub fn under_vars<T>(&mut self, vars: &[Var], body: impl FnOnce(&mut Reader) -> Read<T>) -> Read<T> {
        let before = self.asserted;
        self.binders.extend(vars);
        let result = self.without_assignment(body);
        for &var in vars.iter().rev() {
            self.binders.pop();
            if self.asserted != before {
                let outer = self.outer_binders();
                self.asserted = self.graph.assert_in_order(var, before, self.asserted, &outer);
            }
        }
        result
    }
}

/// The tokens before the first comma.
fn first_argument(mac: &syn::Macro) -> TokenStream {
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
    mac.tokens.clone().into_iter().take_while(|tree| !is_comma(tree)).collect()
}
