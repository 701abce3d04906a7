//! Syntax trees to terms. Names become enum values and slots here; no string goes further.

use super::build::arithmetic;
use super::error::{Fault, Place};
use super::guard::Guard;
use super::sums::Over;
use super::syntax::{Ast, AstKind, Item, Name, RuleItem, ScalarItem, SoftItem};
use super::table::{Derivative, Mark, Phase, Rewrite, SoftDerivative, Table};
use super::term::Term;
use super::transpose::Linear;
use crate::ir::{Cmp, Fold, IntOp, Logic, Scalar, Soft};

/// What a term computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Float,
    Int,
    Bool,
}

/// The names that a term may mention.
#[derive(Default)]
struct Names<'a> {
    nodes: Vec<(&'a str, Kind)>,
    vars: Vec<&'a str>,
    lets: Vec<(&'a str, Term)>,
    /// How many reads of expressions (`at`) the pattern has.
    sites: usize,
    /// Whether variables may be introduced: in a pattern.
    binding: bool,
}

/// Adds an item to the table.
pub fn item(item: &Item<'_>, table: &mut Table) -> Result<(), Fault> {
    match item {
        Item::Scalar(item) => table.derivatives.push(derivative(item)?),
        Item::Soft(item) => table.softs.push(soft(item)?),
        Item::Rule(item) => table.rewrites.push(rewrite(item)?),
    }
    Ok(())
}

fn derivative(item: &ScalarItem<'_>) -> Result<Derivative, Fault> {
    let unknown = || Fault::new(item.name.place, format!("there is no scalar function `{}`", item.name.text));
    let scalar = Scalar::by_name(item.name.text).ok_or_else(unknown)?;
    check_arity(scalar, item.params.len(), &item.name)?;
    let mut names = Names::default();
    for (k, name) in item.params.iter().chain([&item.result]).enumerate() {
        names.nodes.push((name.text, operand_kind(scalar, k)));
    }
    names.bind_lets(&item.lets)?;
    let mut partials: Vec<Option<Option<Term>>> = vec![None; item.params.len()];
    for (name, partial) in &item.partials {
        let at = item.params.iter().position(|param| param.text == name.text);
        let at = at.ok_or_else(|| Fault::new(name.place, format!("there is no argument `{}`", name.text)))?;
        if partials[at].is_some() {
            return Err(Fault::new(name.place, format!("a second partial for `{}`", name.text)));
        }
        let term = partial.as_ref().map(|ast| names.term(ast, Kind::Float)).transpose()?;
        partials[at] = Some(term);
    }
    let missing = partials.iter().position(Option::is_none);
    if let Some(name) = missing.map(|at| &item.params[at]) {
        return Err(Fault::new(
            name.place,
            format!("no partial for `{}`; write `none` if it has none", name.text),
        ));
    }
    Ok(Derivative {
        scalar,
        params: item.params.iter().map(|name| name.text.to_string()).collect(),
        source: item.source.to_string(),
        partials: partials.into_iter().flatten().collect(),
        place: item.name.place,
    })
}

fn soft(item: &SoftItem<'_>) -> Result<SoftDerivative, Fault> {
    let unknown = || Fault::new(item.name.place, format!("there is no function `{}[…]`", item.name.text));
    let soft = soft_by_name(item.name.text).ok_or_else(unknown)?;
    let nodes = [item.param.text, item.result.text, "g"].map(|name| (name, Kind::Float));
    let mut names = Names { nodes: nodes.to_vec(), vars: vec![item.var.text], ..Names::default() };
    names.bind_lets(&item.lets)?;
    let pullback = names.term(&item.body, Kind::Float)?;
    let linear = Linear { g: 2, var: 0, g_varies: soft != Soft::LogSumExp };
    let pushforward = linear.transpose(&pullback, Term::Node(2));
    let pushforward =
        pushforward.ok_or_else(|| Fault::new(item.body.place, "the pullback is not linear in `g`"))?;
    let source = item.source.to_string();
    Ok(SoftDerivative { soft, source, pullback, pushforward, place: item.name.place })
}

fn rewrite(item: &RuleItem<'_>) -> Result<Rewrite, Fault> {
    let mut phases = Vec::new();
    for name in &item.phases {
        let unknown = || Fault::new(name.place, "the phases are `@stabilise`, `@algebra`, `@lower`");
        phases.push(Phase::by_name(name.text).ok_or_else(unknown)?);
    }
    let mark = Mark::by_name(item.mark.text).expect("the grammar knows the marks");
    let mut names = Names { binding: true, ..Names::default() };
    let lhs = names.term(&item.lhs, Kind::Float)?;
    names.binding = false;
    names.bind_lets(&item.lets)?;
    let rhs = names.term(&item.rhs, Kind::Float)?;
    let guards = item.guards.iter().map(|(name, args)| names.guard(name, args)).collect::<Result<_, _>>()?;
    Ok(Rewrite {
        name: item.name.text.to_string(),
        phases,
        mark,
        why: item.why.to_string(),
        source: item.source.to_string(),
        lhs,
        rhs,
        guards,
        nodes: names.nodes.iter().map(|(name, _)| name.to_string()).collect(),
        vars: names.vars.iter().map(|name| name.to_string()).collect(),
        place: item.name.place,
    })
}

impl<'a> Names<'a> {
    fn bind_lets(&mut self, lets: &[(Name<'a>, Ast<'a>)]) -> Result<(), Fault> {
        for (name, ast) in lets {
            let term = self.term(ast, Kind::Float)?;
            self.lets.push((name.text, term));
        }
        Ok(())
    }

    fn term(&mut self, ast: &Ast<'a>, kind: Kind) -> Result<Term, Fault> {
        match &ast.kind {
            AstKind::Number(text) => number(text, ast.place, kind),
            AstKind::Name(text) => self.name(text, ast.place, kind),
            AstKind::Neg(arg) => match self.term(arg, kind)? {
                Term::Float(value) => Ok(Term::Float(-value)),
                Term::Int(value) => Ok(Term::Int(-value)),
                term => Ok(Term::Scalar(Scalar::Neg, vec![term])),
            },
            AstKind::If(parts) => {
                let condition = self.term(&parts[0], Kind::Bool)?;
                let then = self.term(&parts[1], kind)?;
                Ok(Term::If(Box::new([condition, then, self.term(&parts[2], kind)?])))
            }
            AstKind::Binary(operator, args) => self.binary(operator, args, ast.place, kind),
            AstKind::Call { function, var: Some(var), args } => self.family(function, var, args),
            AstKind::Call { function, var: None, args } => self.call(function, args, kind),
        }
    }

    fn name(&mut self, text: &'a str, place: Place, kind: Kind) -> Result<Term, Fault> {
        if let Some((_, term)) = self.lets.iter().find(|(name, _)| *name == text) {
            return Ok(term.clone());
        }
        if let Some(slot) = self.nodes.iter().position(|(name, _)| *name == text) {
            if self.nodes[slot].1 != kind {
                return Err(Fault::new(place, format!("`{text}` is used as two kinds of value")));
            }
            return Ok(Term::Node(slot));
        }
        if let Some(value) = constant(text).filter(|_| kind == Kind::Float) {
            return Ok(Term::Float(value));
        }
        if !text.starts_with('?') {
            return Err(Fault::new(place, format!("unknown name `{text}`")));
        }
        if !self.binding {
            return Err(Fault::new(place, format!("`{text}` is not bound by the pattern")));
        }
        self.nodes.push((text, kind));
        Ok(Term::Node(self.nodes.len() - 1))
    }

    /// The kind of a term that is a name with a kind of its own.
    fn kind_of(&self, ast: &Ast<'_>) -> Option<Kind> {
        let AstKind::Name(text) = ast.kind else { return None };
        self.nodes.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
    }

    fn binary(
        &mut self,
        operator: &str,
        args: &[Ast<'a>; 2],
        place: Place,
        kind: Kind,
    ) -> Result<Term, Fault> {
        if let Some(logic) = logic_by_name(operator) {
            return Ok(Term::Logic(logic, self.both(args, Kind::Bool)?));
        }
        if let Some(cmp) = cmp_by_name(operator) {
            let kind = self.kind_of(&args[0]).or(self.kind_of(&args[1])).unwrap_or(Kind::Float);
            return Ok(Term::Compare(cmp, self.both(args, kind)?));
        }
        let (scalar, int) = match operator {
            "+" => (Scalar::Add, IntOp::Add),
            "-" => (Scalar::Sub, IntOp::Sub),
            "*" => (Scalar::Mul, IntOp::Mul),
            _ => (Scalar::Div, IntOp::Div),
        };
        let both = self.both(args, kind)?;
        match (kind, &*both) {
            (Kind::Bool, _) => Err(Fault::new(place, "a condition is needed here")),
            (Kind::Int, _) => Ok(Term::Int2(int, both)),
            (Kind::Float, [Term::Float(x), Term::Float(y)]) => {
                Ok(arithmetic(scalar, *x, *y).map_or(Term::Scalar(scalar, both.to_vec()), Term::Float))
            }
            (Kind::Float, _) => Ok(Term::Scalar(scalar, both.to_vec())),
        }
    }

    fn both(&mut self, args: &[Ast<'a>; 2], kind: Kind) -> Result<Box<[Term; 2]>, Fault> {
        let left = self.term(&args[0], kind)?;
        Ok(Box::new([left, self.term(&args[1], kind)?]))
    }

    /// A reduction or a function of the softmax family.
    fn family(&mut self, function: &Name<'a>, var: &Name<'a>, args: &[Ast<'a>]) -> Result<Term, Fault> {
        let [arg] = args else {
            return Err(Fault::new(function.place, format!("`{}[…]` takes 1 argument", function.text)));
        };
        let slot = self.var(var)?;
        let fold = match function.text {
            "sum" => Some(Fold::Sum),
            "max" => Some(Fold::Max),
            "min" => Some(Fold::Min),
            _ => None,
        };
        let arg = Box::new(self.term(arg, Kind::Float)?);
        match (fold, soft_by_name(function.text)) {
            (Some(fold), _) => Ok(Term::Reduce(fold, slot, arg)),
            (_, Some(soft)) => Ok(Term::Soft(soft, slot, arg)),
            _ => Err(Fault::new(function.place, format!("there is no function `{}[…]`", function.text))),
        }
    }

    fn var(&mut self, var: &Name<'a>) -> Result<usize, Fault> {
        if let Some(slot) = self.vars.iter().position(|name| *name == var.text) {
            return Ok(slot);
        }
        if !self.binding {
            let message = format!("the index variable `{}` is not bound by the pattern", var.text);
            return Err(Fault::new(var.place, message));
        }
        self.vars.push(var.text);
        Ok(self.vars.len() - 1)
    }

    fn call(&mut self, function: &Name<'a>, args: &[Ast<'a>], kind: Kind) -> Result<Term, Fault> {
        if kind != Kind::Float {
            return Err(Fault::new(
                function.place,
                "a function is a float, which is not what is needed here",
            ));
        }
        match (function.text, args) {
            ("float", [arg]) => return Ok(Term::ToFloat(Box::new(self.term(arg, Kind::Int)?))),
            ("tie", [arg]) => {
                let term = self.term(arg, Kind::Float)?;
                let Term::Node(slot) = term else {
                    return Err(Fault::new(arg.place, "`tie` takes an argument of the function"));
                };
                return Ok(Term::Tie(slot));
            }
            ("at", [arg]) => return self.at(function, arg),
            _ => {}
        }
        if let Some(over) =
            Over::by_name(function.text).filter(|over| !self.binding && over.arity() == args.len())
        {
            let args = args.iter().map(|arg| self.term(arg, Kind::Float));
            return Ok(Term::Over(over, args.collect::<Result<_, _>>()?));
        }
        let unknown =
            || Fault::new(function.place, format!("there is no scalar function `{}`", function.text));
        let scalar = Scalar::by_name(function.text).ok_or_else(unknown)?;
        check_arity(scalar, args.len(), function)?;
        let args = args.iter().enumerate().map(|(k, arg)| self.term(arg, operand_kind(scalar, k)));
        Ok(Term::Scalar(scalar, args.collect::<Result<_, _>>()?))
    }

    /// A pattern may have one `at`, which those on the right repeat.
    fn at(&mut self, function: &Name<'a>, arg: &Ast<'a>) -> Result<Term, Fault> {
        if self.binding {
            self.sites += 1;
        }
        if self.sites != 1 {
            return Err(Fault::new(
                function.place,
                "a pattern has one `at(…)` or none, and its replacement repeats it",
            ));
        }
        Ok(Term::At(0, Box::new(self.term(arg, Kind::Float)?)))
    }

    fn guard(&self, name: &Name<'_>, args: &[Name<'_>]) -> Result<Guard, Fault> {
        let node = |arg: &Name<'_>| {
            let slot = self.nodes.iter().position(|(text, _)| *text == arg.text);
            slot.ok_or_else(|| Fault::new(arg.place, format!("`{}` is not bound by the pattern", arg.text)))
        };
        match (name.text, args) {
            ("finite", [x]) => Ok(Guard::Finite(node(x)?)),
            ("nonzero", [x]) => Ok(Guard::Nonzero(node(x)?)),
            ("nonneg", [x]) => Ok(Guard::Nonneg(node(x)?)),
            ("squares", [x]) => Ok(Guard::Squares(node(x)?)),
            ("spelled_squares", [x]) => Ok(Guard::SpelledSquares(node(x)?)),
            ("exponentials", [x]) => Ok(Guard::Exponentials(node(x)?)),
            ("weighted", [x]) => Ok(Guard::Weighted(node(x)?)),
            ("shifted_by", [x, m]) => Ok(Guard::ShiftedBy(node(x)?, node(m)?)),
            ("invariant", [x, i]) => {
                let var = self.vars.iter().position(|text| *text == i.text);
                let unbound = || Fault::new(i.place, format!("`{}` is not bound by the pattern", i.text));
                Ok(Guard::Invariant(node(x)?, var.ok_or_else(unbound)?))
            }
            _ => Err(Fault::new(
                name.place,
                "the guards are finite(?x), nonzero(?x), nonneg(?x), squares(?x), spelled_squares(?x), \
                 exponentials(?x), weighted(?x), shifted_by(?x, ?m), invariant(?x, ?i)",
            )),
        }
    }
}

fn number(text: &str, place: Place, kind: Kind) -> Result<Term, Fault> {
    let wrong = || Fault::new(place, "not a number of the kind that is needed here");
    match kind {
        Kind::Float => text.parse().map(Term::Float).map_err(|_| wrong()),
        Kind::Int => text.parse().map(Term::Int).map_err(|_| wrong()),
        Kind::Bool => Err(wrong()),
    }
}

fn check_arity(scalar: Scalar, found: usize, name: &Name<'_>) -> Result<(), Fault> {
    let arity = scalar.row().arity;
    let message = || format!("`{}` takes {arity} argument{}", name.text, if arity == 1 { "" } else { "s" });
    if found == arity { Ok(()) } else { Err(Fault::new(name.place, message())) }
}

/// The exponent of `powi` is an integer, all else are floats.
fn operand_kind(scalar: Scalar, k: usize) -> Kind {
    if scalar == Scalar::Powi && k == 1 { Kind::Int } else { Kind::Float }
}

fn soft_by_name(name: &str) -> Option<Soft> {
    match name {
        "softmax" => Some(Soft::Softmax),
        "log_softmax" => Some(Soft::LogSoftmax),
        "logsumexp" => Some(Soft::LogSumExp),
        _ => None,
    }
}

fn logic_by_name(operator: &str) -> Option<Logic> {
    match operator {
        "&&" => Some(Logic::And),
        "||" => Some(Logic::Or),
        _ => None,
    }
}

fn cmp_by_name(operator: &str) -> Option<Cmp> {
    [Cmp::Eq, Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge].into_iter().find(|cmp| cmp.rust() == operator)
}

fn constant(name: &str) -> Option<f64> {
    use std::f64::consts::*;
    let value = match name {
        "pi" => PI,
        "ln_2" => LN_2,
        "log2_e" => LOG2_E,
        "log10_e" => LOG10_E,
        "frac_1_sqrt_2" => FRAC_1_SQRT_2,
        "two_by_sqrt_pi" => FRAC_2_SQRT_PI,
        "one_by_sqrt_two_pi" => 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2,
        "inf" => f64::INFINITY,
        _ => return None,
    };
    Some(value)
}
