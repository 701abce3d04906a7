//! The text of a panic: format strings with the expressions that they show, and conditions as the compiler spells
//! them.

use proc_macro2::{Delimiter, Spacing, Span, TokenStream, TokenTree};
use syn::{Expr, Lit};

use super::expr::token;

/// A format string in which each place takes the next of some expressions.
#[derive(Default)]
pub struct Template {
    pub text: String,
    pub shown: Vec<Expr>,
}

/// What is wrong with a format string, and where.
pub type Problem = (Span, String);

impl Template {
    /// Text as it stands.
    pub fn plain(text: &str) -> Template {
        Template { text: escaped(text), shown: Vec::new() }
    }

    /// Other text in front.
    pub fn after(self, text: &str) -> Template {
        Template { text: format!("{}{}", escaped(text), self.text), ..self }
    }

    /// The arguments of `format!`: a string literal and what it shows.
    pub fn read(arguments: &[Expr]) -> Result<Template, Problem> {
        let Some((format, rest)) = arguments.split_first() else { return Ok(Template::default()) };
        let Expr::Lit(syn::ExprLit { lit: Lit::Str(format), .. }) = format else {
            return Err((token(format), "the message of a panic has to be a string literal".to_string()));
        };
        let mut places = Places { rest, next: 0, span: format.span() };
        let mut template = Template::default();
        let text = format.value();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    template.text.extend([c, c]);
                }
                '{' => {
                    let place: String = chars.by_ref().take_while(|&c| c != '}').collect();
                    places.read(&place, &mut template)?;
                }
                c => template.text.push(c),
            }
        }
        Ok(template)
    }
}

/// The arguments behind a format string.
struct Places<'a> {
    rest: &'a [Expr],
    next: usize,
    span: Span,
}

impl Places<'_> {
    /// What stands between braces: which argument, and how it is shown.
    fn read(&mut self, place: &str, template: &mut Template) -> Result<(), Problem> {
        let (name, how) = place.split_once(':').map_or((place, ""), |(name, how)| (name, how));
        if how.contains(['$', '*']) {
            let message = "a width that is computed cannot be read here: write it as a number";
            return Err((self.span, message.to_string()));
        }
        let shown = self.argument(name.trim())?;
        match &shown {
            Expr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) if how.is_empty() => {
                template.text.push_str(&escaped(&text.value()));
            }
            _ => {
                let how = if how.is_empty() { String::new() } else { format!(":{how}") };
                template.text.push_str(&format!("{{{how}}}"));
                template.shown.push(shown);
            }
        }
        Ok(())
    }

    fn argument(&mut self, name: &str) -> Result<Expr, Problem> {
        let at = match name {
            "" => {
                self.next += 1;
                Some(self.next - 1)
            }
            name => name.parse::<usize>().ok(),
        };
        let found = match at {
            Some(at) => self.rest.get(at).map(|argument| match argument {
                Expr::Assign(named) => (*named.right).clone(),
                argument => argument.clone(),
            }),
            None => self.named(name).or_else(|| variable(name, self.span)),
        };
        found
            .ok_or_else(|| (self.span, format!("the message shows `{{{name}}}`, but no such value is given")))
    }

    /// `name = value`.
    fn named(&self, name: &str) -> Option<Expr> {
        self.rest.iter().find_map(|argument| match argument {
            Expr::Assign(named) => match &*named.left {
                Expr::Path(path) if path.path.is_ident(name) => Some((*named.right).clone()),
                _ => None,
            },
            _ => None,
        })
    }
}

/// A variable that a format string names.
fn variable(name: &str, span: Span) -> Option<Expr> {
    let mut ident: syn::Ident = syn::parse_str(name).ok()?;
    ident.set_span(span);
    Some(Expr::Path(syn::ExprPath { attrs: Vec::new(), qself: None, path: ident.into() }))
}

fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// Tokens with the spaces that the compiler puts between them.
pub fn spelled(tokens: TokenStream) -> String {
    let mut spelling = Spelling::default();
    spelling.tokens(tokens);
    spelling.text
}

/// What the last token was, as far as it decides about a space.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// Nothing, an opening delimiter, a prefix operator, a dot: what comes next follows at once.
    #[default]
    Tight,
    /// An operator, a comma or a keyword: an operand is to come.
    Open,
    /// The end of an operand.
    Operand,
}

#[derive(Default)]
struct Spelling {
    text: String,
    last: Last,
    /// Whether the parameters of a closure have been opened.
    parameters: bool,
    /// How many `::<` are open.
    generics: usize,
}

/// Operators of several characters, longer ones first.
const OPERATORS: [&str; 12] = ["..=", "::", "..", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "<<"];

const KEYWORDS: [&str; 9] = ["if", "else", "match", "in", "return", "as", "mut", "move", "let"];

impl Spelling {
    fn tokens(&mut self, tokens: TokenStream) {
        let mut operator = String::new();
        for tree in tokens {
            if let TokenTree::Punct(punct) = &tree {
                operator.push(punct.as_char());
                if punct.spacing() == Spacing::Alone {
                    self.operators(&std::mem::take(&mut operator));
                }
                continue;
            }
            self.operators(&std::mem::take(&mut operator));
            match tree {
                TokenTree::Group(group) => self.group(&group),
                other => self.word(&other.to_string()),
            }
        }
        self.operators(&operator);
    }

    fn group(&mut self, group: &proc_macro2::Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => ("", ""),
        };
        let spaced = self.last == Last::Open || self.last == Last::Operand && open == "{ ";
        self.push(open, spaced, Last::Tight);
        self.tokens(group.stream());
        self.push(close, false, Last::Operand);
    }

    fn word(&mut self, word: &str) {
        let last = if KEYWORDS.contains(&word) { Last::Open } else { Last::Operand };
        self.push(word, self.last != Last::Tight, last);
    }

    /// Operators that stand together.
    fn operators(&mut self, mut rest: &str) {
        while !rest.is_empty() {
            let known = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
            let (operator, others) = rest.split_at(known.map_or(1, |operator| operator.len()));
            self.operator(operator);
            rest = others;
        }
    }

    fn operator(&mut self, operator: &str) {
        let prefix = self.last != Last::Operand;
        let spaced = self.last != Last::Tight;
        match operator {
            "," | ";" | ":" => self.push(operator, false, Last::Open),
            "." | ".." | "..=" | "::" => self.push(operator, spaced && prefix, Last::Tight),
            "?" => self.push("?", false, Last::Operand),
            "|" if prefix && !self.parameters => {
                self.parameters = true;
                self.push("|", spaced, Last::Tight);
            }
            "|" if self.parameters => {
                self.parameters = false;
                self.push("|", false, Last::Open);
            }
            "<" if self.text.ends_with("::") => {
                self.generics += 1;
                self.push("<", false, Last::Tight);
            }
            ">" if self.generics > 0 => {
                self.generics -= 1;
                self.push(">", false, Last::Operand);
            }
            // That of a macro, whose arguments follow at once.
            "!" if !prefix => self.push("!", false, Last::Tight),
            "!" | "-" | "*" | "&" if prefix => self.push(operator, spaced, Last::Tight),
            operator => self.push(operator, spaced, Last::Open),
        }
    }

    fn push(&mut self, text: &str, spaced: bool, last: Last) {
        if spaced && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.last = last;
    }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn conditions_are_spelled_as_the_compiler_does() {
        for text in [
            "x > 0.0",
            "!(a && b[i + 1] <= -1.0)",
            "x.iter().all(|v| v.is_finite())",
            "x.iter().zip(y).fold(0.0, |s, (a, b)| s + a * b) != 1.0",
            "(0..n).rev().map(|i| *w[i] as f64).sum::<f64>() >= f64::EPSILON",
            "if n == 1 { x } else { y } < 2.0",
            "a.len() % 2 == 0 || &a[1..=k] != b",
            "vec![1.0; n].len() << 1 == -k",
        ] {
            assert_eq!(spelled(text.parse().unwrap()), text);
        }
    }
}
