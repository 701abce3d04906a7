//! Text to syntax tree: the only module of the rules that knows pest, but for the parser that is generated.

use pest::Parser;
use pest::error::InputLocation;
use pest::iterators::{Pair, Pairs};

use super::error::{Fault, Place};
use super::grammar::{Rule, RuleParser};

/// A piece of text with its place.
#[derive(Clone, Debug)]
pub struct Name<'a> {
    pub text: &'a str,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Ast<'a> {
    pub place: Place,
    pub kind: AstKind<'a>,
}

#[derive(Clone, Debug)]
pub enum AstKind<'a> {
    Number(&'a str),
    /// A variable, a parameter, a `let` or a constant.
    Name(&'a str),
    Neg(Box<Ast<'a>>),
    /// `+ - * /`, comparisons, `&&`, `||`.
    Binary(&'a str, Box<[Ast<'a>; 2]>),
    /// `[condition, then, else]`
    If(Box<[Ast<'a>; 3]>),
    Call {
        function: Name<'a>,
        var: Option<Name<'a>>,
        args: Vec<Ast<'a>>,
    },
}

#[derive(Debug)]
pub struct ScalarItem<'a> {
    pub name: Name<'a>,
    pub params: Vec<Name<'a>>,
    pub result: Name<'a>,
    pub lets: Vec<(Name<'a>, Ast<'a>)>,
    pub partials: Vec<(Name<'a>, Option<Ast<'a>>)>,
    pub source: &'a str,
}

#[derive(Debug)]
pub struct SoftItem<'a> {
    pub name: Name<'a>,
    pub var: Name<'a>,
    pub param: Name<'a>,
    pub result: Name<'a>,
    pub lets: Vec<(Name<'a>, Ast<'a>)>,
    pub body: Ast<'a>,
    pub source: &'a str,
}

#[derive(Debug)]
pub struct RuleItem<'a> {
    pub name: Name<'a>,
    pub phases: Vec<Name<'a>>,
    pub mark: Name<'a>,
    pub lhs: Ast<'a>,
    pub lets: Vec<(Name<'a>, Ast<'a>)>,
    pub rhs: Ast<'a>,
    pub guards: Vec<(Name<'a>, Vec<Name<'a>>)>,
    pub why: &'a str,
    pub source: &'a str,
}

#[derive(Debug)]
pub enum Item<'a> {
    Scalar(ScalarItem<'a>),
    Soft(SoftItem<'a>),
    Rule(RuleItem<'a>),
}

/// The items of one file.
pub fn parse(file: usize, text: &str) -> Result<Vec<Item<'_>>, Fault> {
    let mut pairs = RuleParser::parse(Rule::file, text).map_err(|error| {
        let (start, end) = match error.location {
            InputLocation::Pos(at) => (at, at + 1),
            InputLocation::Span(span) => span,
        };
        let error = error.renamed_rules(readable);
        Fault::new(Place { file, start, end }, error.variant.message().to_string())
    })?;
    let reader = Reader { file };
    let items = pairs.next().map(Pair::into_inner).into_iter().flatten();
    let items = items.filter(|pair| !matches!(pair.as_rule(), Rule::EOI | Rule::comment));
    Ok(items.map(|pair| reader.item(pair)).collect())
}

/// What a message calls a piece of the grammar.
fn readable(grammar: &Rule) -> String {
    let text = match grammar {
        Rule::EOI => "the end of the file",
        Rule::name => "a name",
        Rule::phase => "a phase",
        Rule::mark => "`exact`, `stabilise` or `relaxed`",
        Rule::binding => "`let`",
        Rule::add_op => "`+` or `-`",
        Rule::mul_op => "`*` or `/`",
        Rule::cmp_op => "a comparison",
        Rule::logic_op => "`&&` or `||`",
        Rule::var => "an index variable",
        Rule::args => "arguments",
        Rule::sum | Rule::product | Rule::unary => "a term",
        other => return format!("`{other:?}`"),
    };
    text.to_string()
}

/// Turns pest's pairs into the tree. The grammar guarantees the shapes on which it relies.
struct Reader {
    file: usize,
}

/// The next pair, which the grammar requires.
fn next<'a>(pairs: &mut Pairs<'a, Rule>) -> Pair<'a, Rule> {
    pairs.next().expect("the grammar requires it")
}

impl Reader {
    fn place(&self, pair: &Pair<'_, Rule>) -> Place {
        let span = pair.as_span();
        let end = span.start() + span.as_str().trim_end().len();
        Place { file: self.file, start: span.start(), end }
    }

    fn name<'a>(&self, pair: Pair<'a, Rule>) -> Name<'a> {
        Name { text: pair.as_str(), place: self.place(&pair) }
    }

    fn item<'a>(&self, pair: Pair<'a, Rule>) -> Item<'a> {
        let source = pair.as_str();
        match pair.as_rule() {
            Rule::scalar => Item::Scalar(self.scalar(source, pair.into_inner())),
            Rule::soft => Item::Soft(self.soft(source, pair.into_inner())),
            _ => Item::Rule(self.rule(source, pair.into_inner())),
        }
    }

    fn scalar<'a>(&self, source: &'a str, mut inner: Pairs<'a, Rule>) -> ScalarItem<'a> {
        let name = self.name(next(&mut inner));
        let (mut params, mut lets, mut partials) = (Vec::new(), Vec::new(), Vec::new());
        for pair in inner {
            match pair.as_rule() {
                Rule::name => params.push(self.name(pair)),
                Rule::binding => lets.push(self.binding(pair)),
                _ => partials.push(self.partial(pair)),
            }
        }
        let result = params.pop().expect("the grammar requires a result");
        ScalarItem { name, params, result, lets, partials, source }
    }

    fn soft<'a>(&self, source: &'a str, mut inner: Pairs<'a, Rule>) -> SoftItem<'a> {
        let [name, var, param, result] = [(); 4].map(|()| self.name(next(&mut inner)));
        let (mut lets, mut body) = (Vec::new(), None);
        for pair in inner {
            match pair.as_rule() {
                Rule::binding => lets.push(self.binding(pair)),
                _ => body = self.partial(pair).1,
            }
        }
        let body = body.unwrap_or(Ast { place: name.place, kind: AstKind::Number("0") });
        SoftItem { name, var, param, result, lets, body, source }
    }

    fn rule<'a>(&self, source: &'a str, mut inner: Pairs<'a, Rule>) -> RuleItem<'a> {
        let name = self.name(next(&mut inner));
        let (mut phases, mut terms, mut guards) = (Vec::new(), Vec::new(), Vec::new());
        let (mut lets, mut mark, mut why) = (Vec::new(), None, "");
        for pair in inner {
            match pair.as_rule() {
                Rule::phase => phases.push(self.name(pair)),
                Rule::mark => mark = Some(self.name(pair)),
                Rule::sum => terms.push(self.sum(pair)),
                Rule::block => {
                    for pair in pair.into_inner() {
                        match pair.as_rule() {
                            Rule::binding => lets.push(self.binding(pair)),
                            _ => terms.push(self.sum(pair)),
                        }
                    }
                }
                Rule::guards => guards = pair.into_inner().map(|guard| self.guard(guard)).collect(),
                _ => why = pair.into_inner().as_str().trim_matches('"'),
            }
        }
        let mut terms = terms.into_iter();
        let (lhs, rhs) = (terms.next().expect("a pattern"), terms.next().expect("a replacement"));
        RuleItem { mark: mark.expect("a mark"), name, phases, lhs, lets, rhs, guards, why, source }
    }

    fn guard<'a>(&self, pair: Pair<'a, Rule>) -> (Name<'a>, Vec<Name<'a>>) {
        let mut inner = pair.into_inner();
        let name = self.name(next(&mut inner));
        (name, inner.map(|pair| self.name(pair)).collect())
    }

    fn binding<'a>(&self, pair: Pair<'a, Rule>) -> (Name<'a>, Ast<'a>) {
        let mut inner = pair.into_inner();
        (self.name(next(&mut inner)), self.sum(next(&mut inner)))
    }

    fn partial<'a>(&self, pair: Pair<'a, Rule>) -> (Name<'a>, Option<Ast<'a>>) {
        let mut inner = pair.into_inner();
        let name = self.name(next(&mut inner));
        let term = next(&mut inner);
        (name, (term.as_rule() == Rule::sum).then(|| self.sum(term)))
    }

    /// A level of binary operators, which associate to the left.
    fn chain<'a>(&self, pair: Pair<'a, Rule>, operand: fn(&Reader, Pair<'a, Rule>) -> Ast<'a>) -> Ast<'a> {
        let mut inner = pair.into_inner();
        let mut left = operand(self, next(&mut inner));
        while let Some(operator) = inner.next() {
            let right = operand(self, next(&mut inner));
            let place = Place { end: right.place.end, ..left.place };
            let kind = AstKind::Binary(operator.as_str(), Box::new([left, right]));
            left = Ast { place, kind };
        }
        left
    }

    fn sum<'a>(&self, pair: Pair<'a, Rule>) -> Ast<'a> {
        self.chain(pair, |reader, pair| reader.chain(pair, Reader::unary))
    }

    fn condition<'a>(&self, pair: Pair<'a, Rule>) -> Ast<'a> {
        self.chain(pair, |reader, pair| reader.chain(pair, Reader::sum))
    }

    fn unary<'a>(&self, pair: Pair<'a, Rule>) -> Ast<'a> {
        let place = self.place(&pair);
        let mut inner = pair.into_inner();
        let first = next(&mut inner);
        let kind = match first.as_rule() {
            Rule::minus => AstKind::Neg(Box::new(self.unary(next(&mut inner)))),
            Rule::number => AstKind::Number(first.as_str()),
            Rule::sum => return Ast { place, ..self.sum(first) },
            Rule::choice => return self.choice(first),
            _ => self.named(first),
        };
        Ast { place, kind }
    }

    fn choice<'a>(&self, pair: Pair<'a, Rule>) -> Ast<'a> {
        let place = self.place(&pair);
        let mut inner = pair.into_inner();
        let condition = self.condition(next(&mut inner));
        let then = self.sum(next(&mut inner));
        let last = next(&mut inner);
        let other = if last.as_rule() == Rule::choice { self.choice(last) } else { self.sum(last) };
        Ast { place, kind: AstKind::If(Box::new([condition, then, other])) }
    }

    /// A name, or a call of what it names.
    fn named<'a>(&self, pair: Pair<'a, Rule>) -> AstKind<'a> {
        let mut inner = pair.into_inner();
        let function = self.name(next(&mut inner));
        let (mut var, mut args) = (None, None);
        for pair in inner {
            match pair.as_rule() {
                Rule::var => var = Some(self.name(next(&mut pair.into_inner()))),
                _ => args = Some(pair.into_inner().map(|arg| self.sum(arg)).collect()),
            }
        }
        match (&var, args) {
            (None, None) => AstKind::Name(function.text),
            (_, args) => AstKind::Call { function, var, args: args.unwrap_or_default() },
        }
    }
}
