//! Blocks and statements, `if`, `match`, and the control flow that is refused.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Block, Expr, Pat, Stmt};

use super::expr::token;
use super::flow::{Changes, Exit};
use super::messages;
use super::pattern::is_mutable;
use super::reader::Reader;
use super::spans::{Read, Refused};
use super::types::Ty;
use super::value::Val;
use crate::ir::{Logic, NodeId};

const ASYNC: &str = "`async` code cannot be differentiated: await the values before the call";

impl Reader {
    pub fn control(&mut self, expr: &Expr, want: &Ty) -> Read<Val> {
        match expr {
            Expr::Block(block) if block.label.is_none() => self.block(&block.block, want),
            Expr::Const(block) => self.block(&block.block, want),
            Expr::If(branch) => self.branch(branch, want),
            Expr::Match(branch) => self.match_expr(branch, want),
            Expr::Block(block) => self.labelled_block(block, want),
            Expr::Return(early) => {
                let value = self.exit_value(early.expr.as_deref())?;
                self.leave(Exit::Function, None, false, value, early.return_token.span)
            }
            Expr::Break(early) => {
                let value = self.exit_value(early.expr.as_deref())?;
                self.leave(Exit::Loop, early.label.as_ref(), false, value, early.break_token.span)
            }
            Expr::Continue(early) => {
                self.leave(Exit::Loop, early.label.as_ref(), true, Val::Unit, early.continue_token.span)
            }
            Expr::ForLoop(each) => self.for_loop(each),
            Expr::While(each) => self.while_loop(each),
            Expr::Loop(each) => self.endless_loop(each),
            Expr::Assign(assign) => self.assign(assign),
            Expr::Unsafe(block) => self.refuse(block.unsafe_token.span, "`unsafe` code cannot be differentiated: compute it safely, or pass what it gives as a parameter"),
            Expr::RawAddr(borrow) => self.refuse(borrow.raw.span, messages::POINTER),
            Expr::Await(wait) => self.refuse(wait.await_token.span, ASYNC),
            Expr::Async(block) => self.refuse(block.async_token.span, ASYNC),
            Expr::Try(attempt) => self.refuse(
                attempt.question_token.span,
                "`?` cannot be differentiated: take the value out of the `Option` or `Result` before the call",
            ),
            Expr::Struct(value) => {
                let span = value.path.segments.last().map_or_else(Span::call_site, |last| last.ident.span());
                self.refuse(span, "structs cannot be read yet: use a tuple or an array")
            }
            Expr::Let(condition) => self.refuse(
                condition.let_token.span,
                "`let` cannot be a part of this condition: write `match`, or `if let` alone",
            ),
            other => self.refuse(token(other), "this expression cannot be read: what can are numbers, arrays and tuples, operators, calls, `let`, `if` and `match`"),
        }
    }

    /// A block in a scope of its own.
    pub fn block(&mut self, block: &Block, want: &Ty) -> Read<Val> {
        self.scopes.open();
        self.blocks += 1;
        let globs = self.globs.len();
        let result = self.statements(&block.stmts, want);
        self.globs.truncate(globs);
        self.blocks -= 1;
        self.scopes.close();
        result
    }

    /// Statements in order. One that is refused leaves its names poisoned, and the next is read all the same.
    pub fn statements(&mut self, statements: &[Stmt], want: &Ty) -> Read<Val> {
        let refused = self.items(statements).is_err();
        let value = self.statements_after(statements, want);
        if refused { Err(Refused) } else { value }
    }

    pub fn statements_after(&mut self, statements: &[Stmt], want: &Ty) -> Read<Val> {
        let mut refused = false;
        let mut value = Val::Unit;
        for (k, statement) in statements.iter().enumerate() {
            let last = k + 1 == statements.len();
            match self.statement(statement, last, want) {
                Ok(result) => value = result,
                Err(Refused) => refused = true,
            }
            let left = self.left();
            match self.graph.as_bool(left) {
                Some(false) => {}
                Some(true) => {
                    value = Val::Never;
                    break;
                }
                None if last => {}
                None => {
                    let rest = self.rest(left, &statements[k + 1..], want, statement.span());
                    return if refused { Err(Refused) } else { rest };
                }
            }
        }
        if refused { Err(Refused) } else { Ok(value) }
    }

    fn exit_value(&mut self, value: Option<&Expr>) -> Read<Val> {
        match value {
            Some(expr) => {
                let value = self.value(expr)?;
                self.loaded(value, token(expr))
            }
            None => Ok(Val::Unit),
        }
    }

    /// `'a: { … break 'a value; … }`
    fn labelled_block(&mut self, block: &syn::ExprBlock, want: &Ty) -> Read<Val> {
        let target = self.open_target(Exit::Block, block.label.as_ref());
        let value = self.block(&block.block, want);
        let value = value.and_then(|value| self.outcome(&target, value, block.block.brace_token.span.open()));
        self.close_target();
        value
    }

    fn statement(&mut self, statement: &Stmt, last: bool, want: &Ty) -> Read<Val> {
        match statement {
            Stmt::Local(local) => self.local(local).map(|()| Val::Unit),
            // Read before the statements around them.
            Stmt::Item(_) => Ok(Val::Unit),
            Stmt::Expr(Expr::Return(result), _) if last && self.at_function_level() => match &result.expr {
                Some(expr) => self.expr(expr, want),
                None => Ok(Val::Unit),
            },
            Stmt::Expr(expr, None) if last => self.expr(expr, want),
            Stmt::Expr(expr, _) => {
                let value = self.value(expr)?;
                match value {
                    Val::Unit | Val::Never => Ok(value),
                    _ => Ok(Val::Unit),
                }
            }
            Stmt::Macro(mac) => {
                let value = self.macro_call(&mac.mac, if last { want } else { &Ty::Infer })?;
                Ok(if mac.semi_token.is_none() || matches!(value, Val::Never) { value } else { Val::Unit })
            }
        }
    }

    /// Whether the statement is one of the function's own, not of a closure or a branch.
    pub fn at_function_level(&self) -> bool {
        self.depth == self.function_depth
    }

    fn local(&mut self, local: &syn::Local) -> Read<()> {
        if let Some(syn::LocalInit { expr, diverge: Some((token, otherwise)), .. }) = &local.init {
            self.check_attributes(&local.attrs)?;
            let read = self.let_else(&local.pat, expr, otherwise, token.span);
            return read.inspect_err(|_| self.bind_poison(&local.pat));
        }
        let result = self.local_value(local);
        match result {
            Ok(value) => {
                self.mark_reached(&value, false);
                self.at_let(|reader| reader.bind(&local.pat, value))
            }
            Err(Refused) => {
                self.bind_poison(&local.pat);
                Err(Refused)
            }
        }
    }

    /// `let pattern = value else { … };`
    fn let_else(&mut self, pattern: &Pat, value: &Expr, otherwise: &Expr, span: Span) -> Read<()> {
        let value = self.value(value).and_then(|found| self.matched(found, token(value)))?;
        // The names are not there where the pattern does not match.
        self.scopes.open();
        let test = self.test(pattern, &value);
        self.scopes.close();
        if let Some(test) = test? {
            let missed = self.graph.not(test);
            self.only_if(missed, span, |reader| reader.value(otherwise).map(|_| ()))?;
        }
        self.test(pattern, &value).map(|_| ())
    }

    /// Whether a part of the function is there is not known here.
    pub fn check_attributes(&mut self, attributes: &[syn::Attribute]) -> Read<()> {
        match attributes.iter().find(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
            Some(attr) => self.refuse(
                attr.path().span(),
                "`#[cfg]` inside a function cannot be read: put it on the function, and write the function twice",
            ),
            None => Ok(()),
        }
    }

    fn local_value(&mut self, local: &syn::Local) -> Read<Val> {
        self.check_attributes(&local.attrs)?;
        let Some(init) = &local.init else { return Ok(Val::Undefined) };
        let ty = match &local.pat {
            Pat::Type(typed) => self.ty(&typed.ty)?,
            _ => Ty::Infer,
        };
        let value = self.expr(&init.expr, &ty)?;
        if matches!(&local.pat, Pat::Type(typed) if is_mutable(&typed.ty)) {
            return Ok(value);
        }
        self.coerce(value, &ty, token(&init.expr))
    }

    // ---- branches --------------------------------------------------------------------------------------

    fn branch(&mut self, branch: &syn::ExprIf, want: &Ty) -> Read<Val> {
        let span = branch.if_token.span;
        self.scopes.open();
        let condition = self.condition(&branch.cond);
        if let Ok(condition) = condition
            && let Some(taken) = self.graph.as_bool(condition)
        {
            return self.known_branch(branch, taken, want);
        }
        let mark = self.scopes.mark();
        let then = condition.map(|condition| {
            let then = self.under_condition(condition, |reader| reader.block(&branch.then_branch, want));
            (condition, then)
        });
        self.scopes.close();
        let (condition, then) = then?;
        let changes = self.scopes.take_back(mark);
        let Some((_, other)) = &branch.else_branch else {
            self.merge(condition, changes, Vec::new(), span)?;
            return match then? {
                Val::Unit | Val::Never => Ok(Val::Unit),
                _ => self.refuse(span, "an `if` without `else` has no value"),
            };
        };
        let otherwise = self.graph.not(condition);
        let other = self.under_condition(otherwise, |reader| reader.expr(other, want));
        let other_changes = self.scopes.take_back(mark);
        self.merge(condition, changes, other_changes, span)?;
        self.select(condition, then?, other?, span)
    }

    /// A branch of which it is known when it is read whether it is taken: the other is not read, so that recursion ends.
    fn known_branch(&mut self, branch: &syn::ExprIf, taken: bool, want: &Ty) -> Read<Val> {
        let then = taken.then(|| self.block(&branch.then_branch, want));
        self.scopes.close();
        match (then, &branch.else_branch) {
            (Some(value), Some(_)) => value,
            (Some(value), None) => value.map(|value| match value {
                Val::Never => Val::Never,
                _ => Val::Unit,
            }),
            (None, Some((_, other))) => self.expr(other, want),
            (None, None) => Ok(Val::Unit),
        }
    }

    /// The condition of `if` and `while`. What `let` in it binds is bound in the scope that is open.
    pub fn condition(&mut self, condition: &Expr) -> Read<NodeId> {
        match condition {
            Expr::Let(choice) => self.choice(choice),
            Expr::Binary(both) if matches!(both.op, syn::BinOp::And(_)) && has_let(both) => {
                let first = self.condition(&both.left)?;
                let second = self.under_condition(first, |reader| reader.condition(&both.right))?;
                Ok(self.graph.logic(Logic::And, first, second))
            }
            condition => {
                let value = self.value(condition)?;
                self.bool_node(value, token(condition))
            }
        }
    }

    /// `let pattern = value` as a condition: binds the names of the pattern.
    fn choice(&mut self, choice: &syn::ExprLet) -> Read<NodeId> {
        let value = self.value(&choice.expr)?;
        let value = self.matched(value, token(&choice.expr))?;
        match self.test(&choice.pat, &value)? {
            Some(test) => Ok(test),
            None => Ok(self.graph.bool(true)),
        }
    }

    fn match_expr(&mut self, branch: &syn::ExprMatch, want: &Ty) -> Read<Val> {
        let span = branch.match_token.span;
        let subject = self.value(&branch.expr)?;
        let subject = self.matched(subject, token(&branch.expr))?;
        let mut arms: Vec<(Option<NodeId>, Val, Changes)> = Vec::new();
        let mut refused = false;
        let paths = self.paths.len();
        let traced = self.traced_conditions();
        for arm in &branch.arms {
            // What comes after an arm that is taken is not read.
            if matches!(arms.last(), Some((None, ..))) {
                break;
            }
            let mark = self.scopes.mark();
            self.scopes.open();
            let read = self.arm(arm, &subject, want);
            self.scopes.close();
            let changes = self.scopes.take_back(mark);
            match read {
                Ok((test, value)) => {
                    // The arms after it are for what it does not match.
                    let otherwise = test.map(|test| self.graph.not(test));
                    otherwise.into_iter().for_each(|condition| self.enter(condition));
                    self.trace_conditions(|conditions| conditions.extend(otherwise));
                    arms.push((test, value, changes));
                }
                Err(Refused) => refused = true,
            }
        }
        self.paths.truncate(paths);
        self.trace_conditions(|conditions| conditions.truncate(traced));
        if refused {
            return Err(Refused);
        }
        // What panics needs no test.
        arms.retain(|(_, value, changes)| !matches!(value, Val::Never) || !changes.is_empty());
        // The compiler has seen that the arms cover everything: the last needs no test.
        let Some((_, mut value, mut changes)) = arms.pop() else {
            return self.refuse(span, "this `match` has no value");
        };
        for (test, arm, own) in arms.into_iter().rev() {
            let Some(test) = test else {
                (value, changes) = (arm, own);
                continue;
            };
            let mark = self.scopes.mark();
            self.merge(test, own, changes, span)?;
            changes = self.scopes.take_back(mark);
            value = self.select(test, arm, value, span)?;
        }
        changes.into_iter().for_each(|(id, value)| self.scopes.set(id, value));
        Ok(value)
    }

    fn arm(&mut self, arm: &syn::Arm, subject: &Val, want: &Ty) -> Read<(Option<NodeId>, Val)> {
        self.check_attributes(&arm.attrs)?;
        let (pattern, guard) = match &arm.pat {
            Pat::Guard(guarded) => (&*guarded.pat, Some(&*guarded.guard)),
            pattern => (pattern, None),
        };
        let mut test = self.test(pattern, subject)?;
        let never = |reader: &Reader, test: Option<NodeId>| {
            test.is_some_and(|test| reader.graph.as_bool(test) == Some(false))
        };
        if never(self, test) {
            return Ok((test, Val::Never));
        }
        if let Some(guard) = guard {
            let value = self.value(guard)?;
            let node = self.bool_node(value, token(guard))?;
            test = Some(match test {
                Some(test) => self.graph.logic(Logic::And, test, node),
                None => node,
            });
        }
        if never(self, test) {
            return Ok((test, Val::Never));
        }
        let test = test.filter(|&test| self.graph.as_bool(test) != Some(true));
        let value = match test {
            Some(test) => self.under_condition(test, |reader| reader.expr(&arm.body, want)),
            None => self.expr(&arm.body, want),
        };
        Ok((test, value?))
    }
}

/// Whether a chain of `&&` has a `let`.
fn has_let(both: &syn::ExprBinary) -> bool {
    [&both.left, &both.right].into_iter().any(|side| match &**side {
        Expr::Let(_) => true,
        Expr::Binary(inner) => matches!(inner.op, syn::BinOp::And(_)) && has_let(inner),
        _ => false,
    })
}
