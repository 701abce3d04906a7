//! Assertions: what they say where they fail, and the constructors that keep them in order.

use super::ids::IdSet;
use super::op::{Clause, LoopId, MessageId, Op, Var, asserted};
use super::{Graph, NodeId};

/// The condition of `debug_assert!`, as it stands in what is written.
pub const DEBUG: &str = "::core::cfg!(debug_assertions)";

/// What an assertion compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asserts {
    /// `assert!`, of a condition; also `panic!`, which fails wherever it is reached.
    Condition,
    /// `assert_eq!`, of the first two of the numbers that are shown.
    Equal,
    /// `assert_ne!`.
    Differ,
}

/// What is said where an assertion fails: a format string with a place for each number that is shown. Of a comparison
/// it is what the user adds, possibly nothing, and the first two numbers are those that are compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    pub asserts: Asserts,
    pub text: String,
}

impl Message {
    /// How the standard library begins the message of a failed comparison.
    fn comparison(&self) -> Option<&'static str> {
        match self.asserts {
            Asserts::Condition => None,
            Asserts::Equal => Some("assertion `left == right` failed"),
            Asserts::Differ => Some("assertion `left != right` failed"),
        }
    }

    /// The whole format string, and the places among the numbers shown of those that it takes, in its order.
    pub fn spelled_out(&self, shown: usize) -> (String, Vec<usize>) {
        let Some(first) = self.comparison() else { return (self.text.clone(), (0..shown).collect()) };
        let own = if self.text.is_empty() { String::new() } else { format!(": {}", self.text) };
        (format!("{first}{own}\n  left: {{:?}}\n right: {{:?}}"), (2..shown).chain([0, 1]).collect())
    }
}

impl Graph {
    /// `before`, and then one condition under which a message is given instead of going on.
    pub fn unless(&mut self, before: NodeId, fails: NodeId, message: MessageId, shown: &[NodeId]) -> NodeId {
        let clause = Clause { message, shown: shown.len() as u32 };
        let args: Vec<NodeId> = [before, fails].into_iter().chain(shown.iter().copied()).collect();
        self.assert(&[], &[clause], &args)
    }

    /// What is asserted for each value of some variables. What cannot fail is left out.
    pub fn assert(&mut self, vars: &[Var], clauses: &[Clause], args: &[NodeId]) -> NodeId {
        let (mut kept, mut operands) = (Vec::new(), vec![args[0]]);
        for (clause, part) in clauses.iter().zip(asserted(clauses, args)) {
            if self.as_bool(part.fails) != Some(false) {
                kept.push(*clause);
                operands.push(part.fails);
                operands.extend(part.shown);
            }
        }
        if kept.is_empty() {
            return args[0];
        }
        self.add(Op::Assert { vars: vars.into(), clauses: kept.into() }, &operands)
    }

    /// Whether a value says what has been asserted, and nothing else.
    pub fn is_assertion(&self, id: NodeId) -> bool {
        let (mut seen, mut at) = (IdSet::new(), id);
        while seen.insert(at) {
            at = match *self.op(at) {
                Op::Assert { .. } => return true,
                Op::Carried(lp, k) | Op::Final(lp, k) => match self.loop_info(lp).next.get(k as usize) {
                    Some(&next) => next,
                    None => return false,
                },
                _ => return false,
            };
        }
        false
    }

    /// The assertions between `before` and `after` as one that comes after `start`, if they are all of single
    /// conditions, or there is only one.
    pub fn assertion_since(&mut self, before: NodeId, after: NodeId, start: NodeId) -> Option<NodeId> {
        let mut chain = Vec::new();
        let mut at = after;
        while at != before {
            chain.push(at);
            at = match self.op(at) {
                Op::Assert { .. } => self.args(at)[0],
                _ => return None,
            };
        }
        let (mut over, mut all, mut args) = (Vec::new(), Vec::new(), vec![start]);
        for &id in chain.iter().rev() {
            let Op::Assert { vars, clauses } = self.op(id).clone() else { return None };
            if chain.len() > 1 && !vars.is_empty() {
                return None;
            }
            over.extend(vars);
            all.extend(clauses);
            args.extend(&self.args(id)[1..]);
        }
        Some(self.assert(&over, &all, &args))
    }

    /// One assertion for each value of a variable, on which what comes before it does not depend.
    pub fn assert_for_each(&mut self, var: Var, one: NodeId) -> NodeId {
        let Op::Assert { vars, clauses } = self.op(one).clone() else { return one };
        let args = self.args(one);
        self.assert(&[&[var], &vars[..]].concat(), &clauses, &args)
    }

    /// The assertions between `before` and `after` for each value of a variable, where need be by a loop that carries
    /// them on. `outer` are the variables around it.
    pub fn assert_in_order(&mut self, var: Var, before: NodeId, after: NodeId, outer: &[Var]) -> NodeId {
        if let Some(one) = self.assertion_since(before, after, before) {
            return self.assert_for_each(var, one);
        }
        let extent = self.extent(var);
        let outer: Vec<Var> = outer.iter().copied().filter(|&v| v != var).collect();
        let (lp, own): (LoopId, Var) = self.open_loop(extent, outer.into(), vec![before]);
        let (carried, at) = (self.carried(lp, 0), self.index(own));
        let next = self.replace(&[after], [(before, carried)].into_iter().collect())[0];
        let next = self.subst(next, &[(var, at)]);
        self.close_loop(lp, vec![next]);
        self.final_value(lp, 0)
    }
}
