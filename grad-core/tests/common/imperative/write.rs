//! A program as the text of a Rust function.

use std::fmt::Write as _;

use super::*;

impl Program {
    /// `fn f(…) -> … { … }`
    pub fn source(&self) -> String {
        let returned = self.returned.map_or(String::new(), |shape| format!(", {}", type_of(shape)));
        let result = if returned.is_empty() { "f64".to_string() } else { format!("(f64{returned})") };
        let mut text = format!(
            "fn f(a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize) -> {result} {{\n"
        );
        block(&mut text, 1, &self.body);
        let _ = writeln!(text, "    {}\n}}", outcome(&self.result));
        text
    }
}

fn type_of(shape: Shape) -> &'static str {
    match shape {
        Shape::Three => "[f64; 3]",
        Shape::Four => "[f64; 4]",
        Shape::Dynamic => "Vec<f64>",
        Shape::Matrix => "[[f64; 3]; 2]",
    }
}

fn name(name: Name) -> String {
    PARAMS.get(name.0).map_or_else(|| format!("t{}", name.0), |param| param.to_string())
}

fn outcome(result: &Outcome) -> String {
    match result.array {
        Some((array, shape)) => {
            format!("({}, {})", num(&result.number), made(&Made::CopyOf(array, shape)))
        }
        None => num(&result.number),
    }
}

fn extent(extent: Extent) -> String {
    match extent {
        Extent::Fixed(extent) => extent.to_string(),
        Extent::Length => "v.len()".to_string(),
    }
}

fn bound(bound: &Bound) -> String {
    match bound {
        Bound::Extent(of) => extent(*of),
        Bound::Index(at) => index(at),
    }
}

fn num(value: &Num) -> String {
    match value {
        Num::Const(value) if *value < 0.0 => format!("({value:?})"),
        Num::Const(value) => format!("{value:?}"),
        Num::Var(of) => name(*of),
        Num::Element(of) => element(of),
        Num::OfIndex(at) => format!("(0.25 * {} as f64)", index(at)),
        Num::Function("neg", x) => format!("(-{})", num(x)),
        Num::Function(function, x) => match **x {
            Num::Const(value) => format!("({value:?}_f64).{function}()"),
            _ => format!("{}.{function}()", num(x)),
        },
        Num::Operation(operation @ ("max" | "min"), a, b) => {
            let receiver = match **a {
                Num::Const(value) => format!("({value:?}_f64)"),
                _ => num(a),
            };
            format!("{receiver}.{operation}({})", num(b))
        }
        Num::Operation(operator, a, b) => format!("({} {operator} {})", num(a), num(b)),
        Num::Quotient(a, b) => {
            let divisor = num(&Num::Function("sin", b.clone()));
            format!("({} / (1.5 + {divisor}))", num(a))
        }
        Num::If(c, a, b) => format!("(if {} {{ {} }} else {{ {} }})", cond(c), num(a), num(b)),
    }
}

fn element(element: &Element) -> String {
    let index: String = element.index.iter().map(|at| format!("[{}]", index(at))).collect();
    format!("{}{index}", name(element.array))
}

fn index(at: &Index) -> String {
    match at {
        Index::Const(value) => value.to_string(),
        Index::Var(of) => name(*of),
        Index::Sum(a, b) => format!("({} + {})", index(a), index(b)),
        Index::Twice(a) => format!("(2 * {})", index(a)),
        Index::Within(a, of) => format!("({} % {})", index(a), extent(*of)),
        Index::Mirrored(a, of) => format!("({} - 1 - {} % {})", extent(*of), index(a), extent(*of)),
        Index::If(c, a, b) => format!("(if {} {{ {} }} else {{ {} }})", cond(c), index(a), index(b)),
    }
}

fn cond(of: &Cond) -> String {
    match of {
        Cond::Less(a, b) => format!("({} < {})", num(a), num(b)),
        Cond::Before(a, b) => format!("({} < {})", index(a), bound(b)),
        Cond::Same(a, b) => format!("({} == {})", index(a), index(b)),
        Cond::And(a, b) => format!("({} && {})", cond(a), cond(b)),
        Cond::Or(a, b) => format!("({} || {})", cond(a), cond(b)),
        Cond::Not(a) => format!("!{}", cond(a)),
    }
}

fn made(made: &Made) -> String {
    match made {
        Made::CopyOf(of, Shape::Dynamic) => format!("{}.to_vec()", name(*of)),
        Made::CopyOf(of, _) if PARAMS.get(of.0).is_some() => format!("*{}", name(*of)),
        Made::CopyOf(of, _) => name(*of),
        Made::Filled(value, Shape::Dynamic) => format!("vec![{}; v.len()]", num(value)),
        Made::Filled(value, shape) => {
            let extents = shape.extents().iter().rev();
            extents.fold(num(value), |inner, of| format!("[{inner}; {}]", extent(*of)))
        }
    }
}

fn block(text: &mut String, depth: usize, body: &[Stmt]) {
    for each in body {
        stmt(text, depth, each);
    }
}

fn stmt(text: &mut String, depth: usize, stmt: &Stmt) {
    let indent = "    ".repeat(depth);
    let mut line = |content: String| {
        let _ = writeln!(text, "{indent}{content}");
    };
    match stmt {
        Stmt::LetNumber(of, value) => line(format!("let mut {}: f64 = {};", name(*of), num(value))),
        Stmt::LetIndex(of, value) => line(format!("let mut {}: usize = {};", name(*of), index(value))),
        Stmt::LetArray(of, value) => line(format!("let mut {} = {};", name(*of), made(value))),
        Stmt::Assign(of, operator, value) => line(format!("{} {operator} {};", name(*of), num(value))),
        Stmt::AssignIndex(of, value) => line(format!("{} = {};", name(*of), index(value))),
        Stmt::AssignArray(of, value) => line(format!("{} = {};", name(*of), made(value))),
        Stmt::Store(of, operator, value) => line(format!("{} {operator} {};", element(of), num(value))),
        Stmt::StoreRow(of, row, from) => {
            let from = made(&Made::CopyOf(*from, Shape::Three));
            line(format!("{}[{}] = {from};", name(*of), index(row)));
        }
        Stmt::Swap(of, i, j) => line(format!("{}.swap({}, {});", name(*of), index(i), index(j))),
        Stmt::SwapArrays(a, b) => line(format!("std::mem::swap(&mut {}, &mut {});", name(*a), name(*b))),
        Stmt::ForEach { array, var, value } => {
            let (array, var) = (name(*array), name(*var));
            line(format!("for p in {array}.iter_mut() {{ let {var} = *p; *p = {}; }}", num(value)));
        }
        Stmt::Break(label) => line(format!("break 'l{label};")),
        Stmt::Continue(label) => line(format!("continue 'l{label};")),
        Stmt::Return(result) => line(format!("return {};", outcome(result))),
        Stmt::If(c, then, otherwise) => {
            line(format!("if {} {{", cond(c)));
            block(text, depth + 1, then);
            if !otherwise.is_empty() {
                let _ = writeln!(text, "{indent}}} else {{");
                block(text, depth + 1, otherwise);
            }
            let _ = writeln!(text, "{indent}}}");
        }
        Stmt::For { label, var, from, to, reversed, body } => {
            let range = format!("{}..{}", index(from), bound(to));
            let range = if *reversed { format!("({range}).rev()") } else { range };
            line(format!("'l{label}: for {} in {range} {{", name(*var)));
            block(text, depth + 1, body);
            let _ = writeln!(text, "{indent}}}");
        }
        Stmt::While { label, count, limit, going, first, body } => {
            let count = name(*count);
            line(format!("let mut {count}: usize = 0;"));
            let going = going.as_ref().map_or(String::new(), |c| format!(" && {}", cond(c)));
            line(format!("'l{label}: while {count} < {limit}{going} {{"));
            let step = format!("{indent}    {count} += 1;\n");
            if *first {
                text.push_str(&step);
            }
            block(text, depth + 1, body);
            if !*first {
                text.push_str(&step);
            }
            let _ = writeln!(text, "{indent}}}");
        }
        Stmt::Loop { label, count, limit, until, body } => {
            let count = name(*count);
            line(format!("let mut {count}: usize = 0;"));
            line(format!("'l{label}: loop {{"));
            let until = until.as_ref().map_or(String::new(), |c| format!(" || {}", cond(c)));
            line(format!("    if {count} >= {limit}{until} {{ break; }}"));
            line(format!("    {count} += 1;"));
            block(text, depth + 1, body);
            let _ = writeln!(text, "{indent}}}");
        }
    }
}
