//! What a table has to satisfy as a whole, checked when it is loaded.

use super::error::Fault;
use super::guard::Guard;
use super::table::{Phase, Rewrite, Table};
use super::term::{Slot, Term};
use crate::ir::scalar::Spelling;
use crate::ir::{Scalar, Soft};

const SOFTS: [(Soft, &str); 3] =
    [(Soft::Softmax, "softmax"), (Soft::LogSoftmax, "log_softmax"), (Soft::LogSumExp, "logsumexp")];

pub fn check(table: &Table) -> Result<(), Fault> {
    derivatives(table)?;
    softs(table)?;
    for (at, rule) in table.rewrites.iter().enumerate() {
        let earlier = &table.rewrites[..at];
        named_once(rule, earlier)?;
        has_head(rule)?;
        binds_all(rule)?;
        if rule.phases.contains(&Phase::Lower) {
            expands(rule)?
        } else {
            decreases(rule)?
        }
        keeps_scopes(rule)?;
        can_fire(rule, earlier)?;
    }
    lowered(table)
}

/// One derivative for each scalar function.
fn derivatives(table: &Table) -> Result<(), Fault> {
    let mut seen = vec![false; Scalar::TABLE.len()];
    for entry in &table.derivatives {
        let seen = &mut seen[entry.scalar as usize];
        if std::mem::replace(seen, true) {
            let name = entry.scalar.row().name;
            return Err(Fault::new(entry.place, format!("a second derivative for `{name}`")));
        }
    }
    let missing = Scalar::TABLE.iter().zip(seen).find(|(_, seen)| !seen);
    match missing {
        Some((row, _)) => Err(at_start(format!("no derivative for `{}`", row.name))),
        None => Ok(()),
    }
}

/// One pullback for each function of the softmax family.
fn softs(table: &Table) -> Result<(), Fault> {
    for (soft, name) in SOFTS {
        let mut entries = table.softs.iter().filter(|entry| entry.soft == soft);
        if entries.next().is_none() {
            return Err(at_start(format!("no derivative for `{name}[…]`")));
        }
        if let Some(second) = entries.next() {
            return Err(Fault::new(second.place, format!("a second derivative for `{name}[…]`")));
        }
    }
    Ok(())
}

/// A rule of phase `@lower` for each function that is never emitted under its own name.
fn lowered(table: &Table) -> Result<(), Fault> {
    let expanded = |wanted: &dyn Fn(&Term) -> bool| {
        table.rewrites.iter().any(|rule| rule.phases.contains(&Phase::Lower) && wanted(&rule.lhs))
    };
    for row in Scalar::TABLE.iter().filter(|row| row.spelling == Spelling::Lowered) {
        if !expanded(&|lhs| matches!(lhs, Term::Scalar(scalar, _) if *scalar == row.scalar)) {
            return Err(at_start(format!("no rule of phase @lower for `{}`", row.name)));
        }
    }
    for (soft, name) in SOFTS {
        if !expanded(&|lhs| matches!(lhs, Term::Soft(found, ..) if *found == soft)) {
            return Err(at_start(format!("no rule of phase @lower for `{name}[…]`")));
        }
    }
    Ok(())
}

/// For what is missing: the start of the first file.
fn at_start(message: String) -> Fault {
    Fault::new(super::error::Place { file: 0, start: 0, end: 1 }, message)
}

fn named_once(rule: &Rewrite, earlier: &[Rewrite]) -> Result<(), Fault> {
    let same = |other: &Rewrite| other.name == rule.name && other.phases == rule.phases;
    match earlier.iter().any(same) {
        true => Err(Fault::new(rule.place, format!("a second rule `{}` in this phase", rule.name))),
        false => Ok(()),
    }
}

fn has_head(rule: &Rewrite) -> Result<(), Fault> {
    match rule.head() {
        Some(_) => Ok(()),
        None => Err(Fault::new(rule.place, "the pattern has no operation: it would match everything")),
    }
}

/// A variable in a guard or on the right stands on the left: `resolve` has seen to it. A variable on the left that is
/// nowhere else is fine, but `_` would be clearer, so it is an error unless its name starts with `?_`.
fn binds_all(rule: &Rewrite) -> Result<(), Fault> {
    for (slot, name) in rule.nodes.iter().enumerate() {
        let mut uses = 0;
        let mut count = |term: &Term| uses += usize::from(*term == Term::Node(slot));
        rule.lhs.visit(&mut count);
        rule.rhs.visit(&mut count);
        if uses < 2 && !name.starts_with("?_") && !rule.guards.iter().any(|guard| guard.mentions(slot)) {
            return Err(Fault::new(rule.place, format!("`{name}` is used once; write `?_{}`", &name[1..])));
        }
    }
    Ok(())
}

/// The right side of a rule of phase `@lower` is final.
fn expands(rule: &Rewrite) -> Result<(), Fault> {
    let mut again = None;
    rule.rhs.visit(&mut |term| match term {
        Term::Scalar(scalar, _) if scalar.row().spelling == Spelling::Lowered => {
            again = Some(scalar.row().name)
        }
        Term::Soft(soft, ..) => again = SOFTS.iter().find(|(s, _)| s == soft).map(|(_, name)| *name),
        _ => {}
    });
    match again {
        Some(name) => {
            Err(Fault::new(rule.place, format!("`{name}` on the right would have to be lowered again")))
        }
        None => Ok(()),
    }
}

/// Every other rule makes the term lighter, or moves a negation outwards, so that rewriting ends. A variable weighs
/// nothing however often it occurs: it is one node, already rewritten.
fn decreases(rule: &Rewrite) -> Result<(), Fault> {
    // A sum is shifted once: then its guard does not hold any more, and the other rule matches no other form of it.
    if rule.guards.iter().any(|guard| matches!(guard, Guard::Exponentials(_) | Guard::ShiftedBy(..))) {
        return Ok(());
    }
    let (left, right) = (weight(&rule.lhs), weight(&rule.rhs));
    let is_neg = |term: &Term| matches!(term, Term::Scalar(Scalar::Neg, _));
    if left > right || left == right && is_neg(&rule.rhs) && !is_neg(&rule.lhs) {
        return Ok(());
    }
    let message = format!("the rule grows its term without decreasing: weight {left} becomes {right}");
    Err(Fault::new(rule.place, message))
}

/// What stabilising gets rid of weighs most.
fn weight(term: &Term) -> u32 {
    let own = match term {
        Term::Node(_) => 0,
        Term::Float(_) | Term::Int(_) => 1,
        Term::Scalar(Scalar::Ln | Scalar::Cos | Scalar::Xlogy, _) => 20,
        Term::Scalar(Scalar::Sqrt, _) => 4,
        Term::Scalar(Scalar::Recip, _) | Term::Reduce(..) | Term::Soft(..) => 6,
        _ => 2,
    };
    own + term.children().iter().map(weight).sum::<u32>()
}

/// The binders above an occurrence of a variable, each once, sorted. Index variables come first, then `at`.
pub type Binders = Vec<usize>;

pub const AT: usize = usize::MAX;

/// Where the variables of a term occur. In a softmax, what is under the binder is also aligned with what is not.
pub fn occurrences(term: &Term, above: &Binders, found: &mut Vec<(Slot, Binders)>) {
    let below = |binder: usize| {
        let mut below = above.clone();
        below.push(binder);
        below.sort();
        below.dedup();
        below
    };
    match term {
        Term::Node(slot) => found.push((*slot, above.clone())),
        Term::Reduce(_, var, body) | Term::Soft(Soft::LogSumExp, var, body) => {
            occurrences(body, &below(*var), found);
        }
        Term::Soft(_, var, body) => {
            occurrences(body, above, found);
            occurrences(body, &below(*var), found);
        }
        Term::At(_, body) => occurrences(body, &below(AT), found),
        _ => term.children().iter().for_each(|child| occurrences(child, above, found)),
    }
}

/// What stands under a binder on the right stood under it on the left, and the reverse, unless a guard says that it
/// does not depend on the binder's variable.
fn keeps_scopes(rule: &Rewrite) -> Result<(), Fault> {
    let collect = |term: &Term| {
        let mut found = Vec::new();
        occurrences(term, &Vec::new(), &mut found);
        let free = |(slot, binders): (Slot, Binders)| {
            let invariant = |binder: usize| rule.guards.contains(&Guard::Invariant(slot, binder));
            (slot, binders.into_iter().filter(|&binder| !invariant(binder)).collect::<Binders>())
        };
        found.into_iter().map(free).collect::<Vec<_>>()
    };
    let (left, right) = (collect(&rule.lhs), collect(&rule.rhs));
    match right.iter().find(|occurrence| !left.contains(occurrence)) {
        Some((slot, _)) => {
            let name = &rule.nodes[*slot];
            Err(Fault::new(rule.place, format!("`{name}` changes its scope; say invariant({name}, ?i)")))
        }
        None => Ok(()),
    }
}

/// No earlier rule without guards matches all that this one matches.
fn can_fire(rule: &Rewrite, earlier: &[Rewrite]) -> Result<(), Fault> {
    let covers = |other: &&Rewrite| {
        other.guards.is_empty()
            && other.mark <= rule.mark
            && rule.phases.iter().all(|phase| other.phases.contains(phase))
            && subsumes(&other.lhs, &rule.lhs, &mut vec![None; other.nodes.len()])
    };
    match earlier.iter().find(covers) {
        Some(other) => Err(Fault::new(
            rule.place,
            format!(
                "`{}` can never fire: `{}` above matches the same and comes first",
                rule.name, other.name
            ),
        )),
        None => Ok(()),
    }
}

/// Whether a pattern matches everything that another one does.
fn subsumes<'a>(general: &Term, specific: &'a Term, bound: &mut Vec<Option<&'a Term>>) -> bool {
    match (general, specific) {
        (Term::Node(slot), _) => match bound[*slot] {
            Some(term) => term == specific,
            None => {
                bound[*slot] = Some(specific);
                true
            }
        },
        (Term::Scalar(a, left), Term::Scalar(b, right)) if a == b => {
            let before = bound.clone();
            if left.iter().zip(right).all(|(l, r)| subsumes(l, r, bound)) {
                return true;
            }
            *bound = before;
            a.is_commutative() && left.iter().zip(right.iter().rev()).all(|(l, r)| subsumes(l, r, bound))
        }
        (Term::Float(a), Term::Float(b)) => a == b,
        (Term::Int(a), Term::Int(b)) => a == b,
        (Term::Reduce(a, _, left), Term::Reduce(b, _, right)) => a == b && subsumes(left, right, bound),
        (Term::Soft(a, _, left), Term::Soft(b, _, right)) => a == b && subsumes(left, right, bound),
        (Term::At(_, left), Term::At(_, right)) => subsumes(left, right, bound),
        (Term::Compare(a, left), Term::Compare(b, right)) => {
            a == b && left.iter().zip(&**right).all(|(l, r)| subsumes(l, r, bound))
        }
        (Term::If(left), Term::If(right)) => left.iter().zip(&**right).all(|(l, r)| subsumes(l, r, bound)),
        _ => false,
    }
}
