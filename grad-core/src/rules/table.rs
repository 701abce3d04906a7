//! The table of all derivatives and rewrites.

use std::sync::OnceLock;

use super::error::{Error, Fault, Place};
use super::guard::Guard;
use super::term::{Head, Term};
use super::{check, resolve, syntax};
use crate::ir::{Scalar, Soft};

/// The stage of the pipeline in which a rewrite runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Before differentiation: forms that lose digits or overflow are replaced.
    Stabilise,
    /// After it: algebra.
    Algebra,
    /// At the end: functions of `grad::nn` are expanded.
    Lower,
}

/// What a rewrite promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// The same value for every float.
    Exact,
    /// The more accurate of two forms.
    Stabilise,
    /// The same value for every real number.
    Relaxed,
}

/// Which rewrites the user allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Only those that do not move a value by even a rounding.
    Exact,
    /// Also those that make it more accurate, and relaxed ones whose guards are proven.
    #[default]
    Default,
    /// Also relaxed ones whose guards are not refuted.
    FastMath,
}

/// The partial derivatives of a scalar function.
#[derive(Debug)]
pub struct Derivative {
    pub scalar: Scalar,
    pub params: Vec<String>,
    /// The entry in the rule file.
    pub source: String,
    pub(super) partials: Vec<Option<Term>>,
    pub(super) place: Place,
}

/// Pullback and pushforward of a function of the softmax family.
#[derive(Debug)]
pub struct SoftDerivative {
    pub soft: Soft,
    /// The entry in the rule file.
    pub source: String,
    pub(super) pullback: Term,
    pub(super) pushforward: Term,
    pub(super) place: Place,
}

#[derive(Debug)]
pub struct Rewrite {
    pub name: String,
    pub phases: Vec<Phase>,
    pub mark: Mark,
    /// Why the rule is there, if it says so.
    pub why: String,
    /// The entry in the rule file.
    pub source: String,
    pub(super) lhs: Term,
    pub(super) rhs: Term,
    pub(super) guards: Vec<Guard>,
    /// The names of the node variables, by slot.
    pub(super) nodes: Vec<String>,
    /// The names of the index variables, by slot.
    pub(super) vars: Vec<String>,
    pub(super) place: Place,
}

/// All derivatives and rewrites.
#[derive(Debug, Default)]
pub struct Table {
    pub derivatives: Vec<Derivative>,
    pub softs: Vec<SoftDerivative>,
    /// In file order, which is the order in which they are tried.
    pub rewrites: Vec<Rewrite>,
    by_scalar: Vec<usize>,
}

const FILES: [(&str, &str); 5] = [
    ("scalars.rules", include_str!("scalars.rules")),
    ("soft.rules", include_str!("soft.rules")),
    ("stabilise.rules", include_str!("stabilise.rules")),
    ("algebra.rules", include_str!("algebra.rules")),
    ("lower.rules", include_str!("lower.rules")),
];

/// The table of this crate.
///
/// # Panics
/// If a rule file is wrong, which a test rules out.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| Table::load(&FILES).unwrap_or_else(|error| panic!("{error}")))
}

impl Table {
    /// A table from the texts of rule files, `(name, text)`.
    pub fn load(files: &[(&str, &str)]) -> Result<Table, Error> {
        Table::try_load(files).map_err(|fault| fault.render(files))
    }

    /// The table of this crate with one more file.
    pub fn with(name: &str, text: &str) -> Result<Table, Error> {
        Table::load(&[&FILES[..], &[(name, text)]].concat())
    }

    fn try_load(files: &[(&str, &str)]) -> Result<Table, Fault> {
        let mut table = Table::default();
        for (file, (_, text)) in files.iter().enumerate() {
            for item in syntax::parse(file, text)? {
                resolve::item(&item, &mut table)?;
            }
        }
        check::check(&table)?;
        table.by_scalar = vec![0; Scalar::TABLE.len()];
        for (at, derivative) in table.derivatives.iter().enumerate() {
            table.by_scalar[derivative.scalar as usize] = at;
        }
        Ok(table)
    }

    pub fn derivative(&self, scalar: Scalar) -> &Derivative {
        &self.derivatives[self.by_scalar[scalar as usize]]
    }

    /// # Panics
    /// Never: a table without an entry for each is not loaded.
    pub fn soft(&self, soft: Soft) -> &SoftDerivative {
        self.softs.iter().find(|entry| entry.soft == soft).expect("the table is complete")
    }

    /// The rewrites of a phase that a mode allows.
    pub fn rewrites_of(&self, phase: Phase, mode: Mode) -> impl Iterator<Item = &Rewrite> {
        self.rewrites.iter().filter(move |rule| {
            rule.phases.contains(&phase)
                && (phase == Phase::Lower || mode != Mode::Exact || rule.mark == Mark::Exact)
        })
    }
}

impl Phase {
    pub(super) fn by_name(name: &str) -> Option<Phase> {
        match name {
            "@stabilise" => Some(Phase::Stabilise),
            "@algebra" => Some(Phase::Algebra),
            "@lower" => Some(Phase::Lower),
            _ => None,
        }
    }
}

impl Mark {
    pub(super) fn by_name(name: &str) -> Option<Mark> {
        match name {
            "exact" => Some(Mark::Exact),
            "stabilise" => Some(Mark::Stabilise),
            "relaxed" => Some(Mark::Relaxed),
            _ => None,
        }
    }
}

impl Rewrite {
    /// The operation at which the rule is tried.
    pub(super) fn head(&self) -> Option<Head> {
        self.lhs.head()
    }
}
