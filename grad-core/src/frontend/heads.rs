//! The heads of loops: `for`, `while`, `loop` and `for_each`.

use std::rc::Rc;

use proc_macro2::Span;
use syn::Expr;

use super::assigned::{assigned, changes_something, leaves_early};
use super::expr::token;
use super::flow::{Exit, Target};
use super::iterator::Iter;
use super::looping::Body;
use super::reader::Reader;
use super::scope::BindingId;
use super::spans::Read;
use super::types::Ty;
use super::value::Val;
use crate::ir::op::Snapshots;
use crate::ir::{Logic, NodeId};

const ASSERTING_HEAD: &str = "the condition of `while` asserts something, which is asked once more than the loop runs: \
     write `loop { let more = …; if !more { break; } … }`";

const CHANGING_HEAD: &str = "the condition of `while` changes a variable, which it does once more than the loop runs: \
     write `loop { if !(…) { break; } … }`";

impl Reader {
    pub fn for_loop(&mut self, each: &syn::ExprForLoop) -> Read<Val> {
        let span = each.for_token.span;
        let checkpoint = self.checkpoint(&each.attrs)?;
        let value = self.value(&each.expr)?;
        let iter = self.iterate(value, token(&each.expr))?;
        // An exit would have to leave the loops over all axes; snapshots are of one loop.
        let iter =
            if leaves_early(&each.body) || checkpoint.is_some() { self.flat(&iter, span)? } else { iter };
        let target = self.open_target(Exit::Loop, each.label.as_ref());
        let names = assigned(&each.body);
        let result = self.each_item(&target, &iter, &[], (&names, checkpoint), span, &mut |reader, item| {
            reader.scopes.open();
            let bound = reader.bind(&each.pat, item);
            let read = bound.and_then(|()| reader.block(&each.body, &Ty::Unit));
            reader.scopes.close();
            read.map(|_| ())
        });
        self.close_target();
        result.map(|()| Val::Unit)
    }

    /// A loop over what an iterator yields, that nothing leaves.
    pub fn loop_over(
        &mut self,
        iter: &Rc<Iter>,
        index: &[NodeId],
        span: Span,
        body: &mut dyn FnMut(&mut Reader, Val) -> Read<()>,
    ) -> Read<()> {
        let target = self.open_target(Exit::Loop, None);
        let result = self.each_item(&target, iter, index, (&[], None), span, body);
        self.close_target();
        result
    }

    /// A loop for each axis of an iterator that is not at an index yet.
    fn each_item(
        &mut self,
        target: &Target,
        iter: &Rc<Iter>,
        index: &[NodeId],
        (names, checkpoint): (&[String], Option<Snapshots>),
        span: Span,
        body: &mut dyn FnMut(&mut Reader, Val) -> Read<()>,
    ) -> Read<()> {
        let bound = Some(iter.extents[index.len()]).filter(|&extent| !self.is_endless(extent));
        let mut read = |reader: &mut Reader, at: NodeId| {
            let index = [index, &[at]].concat();
            if index.len() < iter.extents.len() {
                return reader.loop_over(iter, &index, span, body);
            }
            let item = reader.item_at(iter, &index, span)?;
            match item.guard {
                Some(guard) => reader.only_if(guard, span, |reader| body(reader, item.value)),
                None => body(reader, item.value),
            }
        };
        self.looped(target, names, Body { bound, span, read: &mut read, head: None, checkpoint })
    }

    pub fn while_loop(&mut self, each: &syn::ExprWhile) -> Read<Val> {
        let span = each.while_token.span;
        // A condition that changes something does so once more than the loop runs.
        if !matches!(*each.cond, Expr::Let(_)) && changes_something(&each.cond) {
            let syn::ExprWhile { label, cond, body, .. } = each;
            let statements = &body.stmts;
            let endless = syn::parse_quote!(#label loop { if !(#cond) { break; } #(#statements)* });
            return self.endless_loop(&endless);
        }
        let target = self.open_target(Exit::Loop, each.label.as_ref());
        let mut read = |reader: &mut Reader, _: NodeId| reader.block(&each.body, &Ty::Unit).map(|_| ());
        let names = assigned(&each.body);
        let body = Body { bound: None, span, read: &mut read, head: Some(&each.cond), checkpoint: None };
        let result = self.looped(&target, &names, body);
        self.close_target();
        result.map(|()| Val::Unit)
    }

    pub fn endless_loop(&mut self, each: &syn::ExprLoop) -> Read<Val> {
        let span = each.loop_token.span;
        let target = self.open_target(Exit::Loop, each.label.as_ref());
        let mut read = |reader: &mut Reader, _: NodeId| reader.block(&each.body, &Ty::Unit).map(|_| ());
        let names = assigned(&each.body);
        let result = self.looped(
            &target,
            &names,
            Body { bound: None, span, read: &mut read, head: None, checkpoint: None },
        );
        self.close_target();
        result?;
        Ok(match self.scopes.held(target.value) {
            Val::Undefined => Val::Unit,
            value => value.clone(),
        })
    }

    /// When a loop stops before an iteration.
    pub fn until(&mut self, head: Option<&Expr>) -> Read<NodeId> {
        let left = self.left();
        self.stay();
        let Some(head) = head else { return Ok(left) };
        let before = self.asserted;
        let mark = self.scopes.mark();
        let holds = self.condition(head)?;
        let is_number = |id: BindingId| matches!(self.scopes.held(id), Val::Scalar(_) | Val::Tuple(_));
        if self.scopes.changed_since(mark).any(is_number) {
            return self.refuse(token(head), CHANGING_HEAD);
        }
        if self.asserted != before {
            return self.refuse(token(head), ASSERTING_HEAD);
        }
        let done = self.graph.not(holds);
        Ok(self.graph.logic(Logic::Or, left, done))
    }
}
