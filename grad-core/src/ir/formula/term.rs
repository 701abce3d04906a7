//! Each operation as mathematics writes it.

use super::notation::{Level, Text, number, subscript, superscript};
use super::{Writer, scatter_writes};
use crate::ir::text::{fold_name, soft_name};
use crate::ir::{Cmp, Const, Fold, IntOp, Logic, NodeId, Op, Scalar};

impl Writer<'_> {
    /// A node as it is computed.
    pub(super) fn written_out(&mut self, node: NodeId) -> Text {
        let graph = self.graph;
        let args = graph.args(node);
        match graph.op(node) {
            Op::Const(Const::Float(bits, _)) => number(f64::from_bits(*bits)),
            Op::Const(Const::Int(value, _)) => number(*value as f64),
            Op::Const(Const::Bool(value)) => Text::atom(value.to_string()),
            Op::Symbol(symbol, _) => Text::atom(graph.symbol(*symbol).to_string()),
            Op::Param(k, _) => Text::atom(format!("x{k}")),
            Op::Seed(k, _) => Text::atom(format!("d_y{k}")),
            Op::Extent { param, axis } => Text::atom(self.extent(*param, *axis)),
            Op::Index(var) => {
                let known = self.scope.iter().rev().find(|(v, _)| v == var);
                known.map_or_else(|| Text::atom(format!("i{}", var.0)), |(_, text)| text.clone())
            }
            Op::Carried(_, k) | Op::Final(_, k) => Text::atom(self.indexed(&format!("s{k}"), node, &[])),
            Op::Trips(_) => Text::atom("trips".to_string()),
            Op::Update { .. } => Text::atom(self.indexed("a", node, &[])),
            Op::Assert { .. } => Text::atom("⊤".to_string()),
            Op::Scalar(scalar) => self.scalar(*scalar, &args),
            Op::Compare(cmp) => {
                self.infix(&format!(" {} ", compare(*cmp)), Level::Compare, Level::Sum, &args)
            }
            Op::Logic(Logic::And) => self.infix(" ∧ ", Level::And, Level::And, &args),
            Op::Logic(Logic::Or) => self.infix(" ∨ ", Level::Or, Level::Or, &args),
            Op::Logic(Logic::Not) => {
                let text = self.term(args[0]).right(Level::Atom);
                Text::atom(format!("¬{text}"))
            }
            Op::Int(op) => self.int(*op, &args),
            Op::Cast(_) | Op::StopGradient => self.term(args[0]),
            Op::If | Op::Select => {
                let [c, a, b] = [args[0], args[1], args[2]].map(|arg| self.term(arg).text);
                Text::atom(format!("{{{a} if {c}; {b} otherwise}}"))
            }
            Op::Read => self.read(args[0], &args[1..]),
            Op::Build(vars) => {
                let (letters, body) = self.under(vars, |this| this.term(args[0]));
                Text::atom(format!("({} ↦ {})", letters.join(", "), body.text))
            }
            Op::Stack => Text::atom(format!("[{}]", self.list(&args))),
            Op::Scatter { .. } => self.scattered(node, &[]),
            Op::Reduce(fold, var) => {
                let mark = if *fold == Fold::Sum { "Σ" } else { fold_name(*fold) };
                let all = self.over(mark, *var, args[1]);
                self.reduced(*fold, args[0], all)
            }
            Op::ArgReduce(fold, var) => self.over(&format!("arg{}", fold_name(*fold)), *var, args[0]),
            Op::Soft(soft, var) => self.soft(soft_name(*soft), *var, node, args[0]),
            Op::Matmul { transpose_a, transpose_b } => {
                let mut side = |k: usize, transposed: bool| {
                    let text = self.term(args[k]).left(Level::Atom);
                    if transposed { format!("{text}ᵀ") } else { text }
                };
                let text = format!("{}·{}", side(0, *transpose_a), side(1, *transpose_b));
                Text { text, level: Level::Product, minus: false, open: false }
            }
        }
    }

    fn extent(&mut self, param: u32, axis: u32) -> String {
        let ids = (0..self.graph.len() as u32).map(NodeId);
        let name = ids
            .filter(|&id| matches!(self.graph.op(id), Op::Param(k, _) if *k == param))
            .find_map(|id| (self.names)(id));
        let name = name.unwrap_or_else(|| format!("x{param}"));
        if axis == 0 { format!("len({name})") } else { format!("len({name}; {axis})") }
    }

    fn infix(&mut self, operator: &str, level: Level, needed: Level, args: &[NodeId]) -> Text {
        let (a, b) = (self.term(args[0]), self.term(args[1]));
        Text::infix(operator, level, (&a, needed), (&b, needed))
    }

    fn scalar(&mut self, scalar: Scalar, args: &[NodeId]) -> Text {
        let texts: Vec<Text> = args.iter().map(|&arg| self.term(arg)).collect();
        let between = |operator: &str, level: Level, needed: Level| {
            Text::infix(operator, level, (&texts[0], level), (&texts[1], needed))
        };
        match scalar {
            Scalar::Add => between(" + ", Level::Sum, Level::Sum),
            Scalar::Sub => between(" − ", Level::Sum, Level::Quotient),
            Scalar::Mul => between("·", Level::Product, Level::Product),
            Scalar::Div | Scalar::Rem | Scalar::RemEuclid => {
                let operator = if scalar == Scalar::Div { " / " } else { " mod " };
                let (a, b) = ((&texts[0], Level::Product), (&texts[1], Level::Power));
                Text::infix(operator, Level::Quotient, a, b)
            }
            Scalar::Neg => {
                let text = format!("−{}", texts[0].right(Level::Quotient));
                Text {
                    text,
                    level: texts[0].level.clamp(Level::Quotient, Level::Product),
                    minus: true,
                    open: texts[0].open,
                }
            }
            Scalar::Powi | Scalar::Powf => {
                let base = texts[0].left(Level::Atom);
                let whole = |x: f64| (x.fract() == 0.0 && x.abs() < 1e6).then_some(x as i128);
                let constant = self.graph.as_int(args[1]);
                let power = constant.or_else(|| self.graph.as_float(args[1]).and_then(whole));
                let power = power.map_or_else(|| format!("^{}", texts[1].right(Level::Atom)), superscript);
                Text { text: format!("{base}{power}"), level: Level::Power, minus: false, open: false }
            }
            _ => self.by_table(scalar, &texts),
        }
    }

    /// A function as its row of the table spells it.
    fn by_table(&self, scalar: Scalar, texts: &[Text]) -> Text {
        let (level, needed) = match scalar {
            Scalar::MulAdd => (Level::Sum, Level::Product),
            Scalar::Recip | Scalar::Exp2 => (Level::Quotient, Level::Power),
            Scalar::ToRadians | Scalar::ToDegrees => (Level::Quotient, Level::Product),
            Scalar::Xlogy | Scalar::MulZero => (Level::Product, Level::Product),
            Scalar::SigmoidCrossEntropy => (Level::Sum, Level::Product),
            // Everything else brings its own brackets.
            _ => (Level::Atom, Level::Or),
        };
        let mut text = scalar.row().formula.to_string();
        for (k, argument) in texts.iter().enumerate() {
            // Inside brackets nothing is needed, elsewhere a term must stand on both its sides.
            text = text.replace(&format!("({{{k}}})"), &format!("({})", argument.text));
            let argument = match level {
                Level::Atom => argument.text.clone(),
                _ if argument.minus || argument.open => format!("({})", argument.text),
                _ => argument.left(needed),
            };
            text = text.replace(&format!("{{{k}}}"), &argument);
        }
        Text { text, level, minus: false, open: false }
    }

    fn int(&mut self, op: IntOp, args: &[NodeId]) -> Text {
        match op {
            IntOp::Add => self.scalar(Scalar::Add, args),
            IntOp::Sub => self.scalar(Scalar::Sub, args),
            IntOp::Mul => self.scalar(Scalar::Mul, args),
            IntOp::Rem => self.scalar(Scalar::Rem, args),
            IntOp::Neg => self.scalar(Scalar::Neg, args),
            IntOp::Min => self.scalar(Scalar::Min, args),
            IntOp::Max => self.scalar(Scalar::Max, args),
            IntOp::Div => {
                let quotient = self.scalar(Scalar::Div, args);
                Text::atom(format!("⌊{}⌋", quotient.text))
            }
            IntOp::SaturatingSub => {
                let difference = self.scalar(Scalar::Sub, args);
                Text::atom(format!("max({}, 0)", difference.text))
            }
            op => match op.rust() {
                Ok(operator) => {
                    let text = self.infix(&format!(" {operator} "), Level::Or, Level::Atom, args);
                    Text::atom(format!("({})", text.text))
                }
                Err(method) => {
                    let args: Vec<String> = args.iter().map(|&arg| self.term(arg).text).collect();
                    Text::atom(format!("{method}({})", args.join(", ")))
                }
            },
        }
    }

    fn reduced(&mut self, fold: Fold, init: NodeId, all: Text) -> Text {
        let neutral = match fold {
            Fold::Sum => 0.0,
            Fold::Max => f64::NEG_INFINITY,
            Fold::Min => f64::INFINITY,
        };
        let starts_neutral = self.graph.as_float(init) == Some(neutral)
            || fold == Fold::Sum && self.graph.as_int(init) == Some(0);
        if starts_neutral {
            return all;
        }
        let init = self.term(init);
        match fold {
            Fold::Sum => Text::infix(" + ", Level::Sum, (&init, Level::Sum), (&all, Level::Sum)),
            _ => Text::atom(format!("{}({}, {})", fold_name(fold), init.text, all.text)),
        }
    }

    /// `softmaxⱼ(x[i, j])`. Where its variable stays free, it is in scope already.
    fn soft(&mut self, name: &str, var: crate::ir::Var, node: NodeId, body: NodeId) -> Text {
        let known = self.scope.iter().rev().find(|(v, _)| *v == var).map(|(_, text)| text.text.clone());
        let is_free = self.graph.depends_on(node, var);
        if let Some(letter) = known.filter(|letter| is_free && letter.chars().count() == 1) {
            let body = self.term(body).text;
            return Text::atom(format!("{name}{}({body})", subscript(&letter)));
        }
        let at = self.scope.iter().rev().find(|(v, _)| *v == var).map(|(_, text)| text.text.clone());
        let (letters, body) = self.under(&[var], |this| this.term(body).text);
        let whole = format!("{name}{}({body})", subscript(&letters[0]));
        Text::atom(match at.filter(|_| is_free) {
            Some(at) => format!("{whole}[{at}]"),
            None => whole,
        })
    }

    fn read(&mut self, array: NodeId, index: &[NodeId]) -> Text {
        let graph = self.graph;
        if let Some(name) = (self.names)(array) {
            let index = self.texts(index);
            return Text::atom(self.indexed(&name, array, &index));
        }
        match graph.op(array) {
            // The element, its variables written as the indices.
            Op::Build(vars) => {
                let index: Vec<Text> = index.iter().map(|&i| self.term(i)).collect();
                let before = self.scope.len();
                self.scope.extend(vars.iter().copied().zip(index));
                let text = self.term(graph.args(array)[0]);
                self.scope.truncate(before);
                text
            }
            Op::Carried(_, k) | Op::Final(_, k) => {
                let index = self.texts(index);
                Text::atom(self.indexed(&format!("s{k}"), array, &index))
            }
            Op::Scatter { .. } => self.scattered(array, index),
            _ => {
                let array = self.term(array).left(Level::Atom);
                Text::atom(format!("{array}[{}]", self.list(index)))
            }
        }
    }

    /// An element of a scatter: `Σᵢ [e = k]·v`, in Iverson's brackets.
    fn scattered(&mut self, node: NodeId, at: &[NodeId]) -> Text {
        let graph = self.graph;
        let Op::Scatter { rank, writes, .. } = graph.op(node) else { return self.term(node) };
        let at = self.texts(at);
        let args = graph.args(node);
        let mut parts = Vec::new();
        for write in scatter_writes(*rank, writes, &args) {
            let (letters, (index, value)) = self.under(write.vars, |this| {
                let index = this.texts(write.index);
                (index, this.term(write.value).right(Level::Product))
            });
            let sums: String = letters.iter().map(|letter| format!("Σ{} ", subscript(letter))).collect();
            let equal: Vec<String> = index.iter().zip(&at).map(|(e, k)| format!("{e} = {k}")).collect();
            let filter = if equal.is_empty() { String::new() } else { format!("[{}]·", equal.join(", ")) };
            parts.push(format!("{sums}{filter}{value}"));
        }
        let level = if parts.len() == 1 { Level::Product } else { Level::Sum };
        Text { text: parts.join(" + "), level, minus: false, open: true }
    }
}

fn compare(cmp: Cmp) -> &'static str {
    match cmp {
        Cmp::Eq => "=",
        Cmp::Ne => "≠",
        Cmp::Lt => "<",
        Cmp::Le => "≤",
        Cmp::Gt => ">",
        Cmp::Ge => "≥",
    }
}
