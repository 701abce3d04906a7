//! Simpler programs than one that has failed: with a statement less, a branch or a body in its place, a smaller
//! expression. Some of them are no programs any more.

use super::*;

impl Program {
    /// Programs that are one step simpler, the simplest first.
    pub fn simpler(&self) -> Vec<Program> {
        let with = |body: Vec<Stmt>, result: Outcome| Program {
            body,
            result,
            returned: self.returned,
            variables: self.variables,
            arguments: self.arguments.clone(),
        };
        let mut found: Vec<Program> =
            bodies(&self.body).into_iter().map(|body| with(body, self.result.clone())).collect();
        found.extend(outcomes(&self.result).into_iter().map(|result| with(self.body.clone(), result)));
        found
    }
}

fn bodies(body: &[Stmt]) -> Vec<Vec<Stmt>> {
    let mut found = Vec::new();
    let mut replaced = |k: usize, by: &[Stmt]| {
        found.push([&body[..k], by, &body[k + 1..]].concat());
    };
    for k in (0..body.len()).rev() {
        replaced(k, &[]);
    }
    for (k, stmt) in body.iter().enumerate() {
        match stmt {
            Stmt::If(_, then, otherwise) => {
                replaced(k, then);
                replaced(k, otherwise);
            }
            Stmt::For { body: inner, .. }
            | Stmt::While { body: inner, .. }
            | Stmt::Loop { body: inner, .. } => {
                replaced(k, inner);
            }
            _ => {}
        }
        for simpler in stmts(stmt) {
            replaced(k, &[simpler]);
        }
    }
    found
}

fn stmts(stmt: &Stmt) -> Vec<Stmt> {
    match stmt.clone() {
        Stmt::LetNumber(name, value) => nums(&value).into_iter().map(|v| Stmt::LetNumber(name, v)).collect(),
        Stmt::LetIndex(name, value) => indices(&value).into_iter().map(|v| Stmt::LetIndex(name, v)).collect(),
        Stmt::LetArray(name, Made::Filled(value, shape)) => {
            nums(&value).into_iter().map(|v| Stmt::LetArray(name, Made::Filled(v, shape))).collect()
        }
        Stmt::Assign(name, op, value) => {
            let plain = (op != "=").then(|| Stmt::Assign(name, "=", value.clone()));
            let simpler = nums(&value).into_iter().map(|v| Stmt::Assign(name, op, v));
            plain.into_iter().chain(simpler).collect()
        }
        Stmt::AssignIndex(name, value) => {
            indices(&value).into_iter().map(|v| Stmt::AssignIndex(name, v)).collect()
        }
        Stmt::Store(element, op, value) => {
            let at = elements(&element).into_iter().map(|e| Stmt::Store(e, op, value.clone()));
            let simpler = nums(&value).into_iter().map(|v| Stmt::Store(element.clone(), op, v));
            simpler.chain(at).collect()
        }
        Stmt::StoreRow(name, row, from) => {
            indices(&row).into_iter().map(|row| Stmt::StoreRow(name, row, from)).collect()
        }
        Stmt::Swap(name, i, j) => {
            let first = indices(&i).into_iter().map(|i| Stmt::Swap(name, i, j.clone()));
            let second = indices(&j).into_iter().map(|j| Stmt::Swap(name, i.clone(), j));
            first.chain(second).collect()
        }
        Stmt::ForEach { array, var, value } => {
            nums(&value).into_iter().map(|value| Stmt::ForEach { array, var, value }).collect()
        }
        Stmt::Return(result) => outcomes(&result).into_iter().map(Stmt::Return).collect(),
        other => nested(other),
    }
}

fn nested(stmt: Stmt) -> Vec<Stmt> {
    match stmt {
        Stmt::If(c, then, otherwise) => {
            let first = bodies(&then).into_iter().map(|b| Stmt::If(c.clone(), b, otherwise.clone()));
            let second = bodies(&otherwise).into_iter().map(|b| Stmt::If(c.clone(), then.clone(), b));
            let simpler = conds(&c).into_iter().map(|c| Stmt::If(c, then.clone(), otherwise.clone()));
            first.chain(second).chain(simpler).collect()
        }
        Stmt::For { label, var, from, to, reversed, body } => {
            let make = |from: &Index, to: &Bound, reversed, body: Vec<Stmt>| Stmt::For {
                label,
                var,
                from: from.clone(),
                to: to.clone(),
                reversed,
                body,
            };
            let inner = bodies(&body).into_iter().map(|b| make(&from, &to, reversed, b));
            let starts = indices(&from).into_iter().map(|from| make(&from, &to, reversed, body.clone()));
            let ends = [1, 2].map(|end| Bound::Extent(Extent::Fixed(end)));
            let ends = ends.iter().filter(|end| **end != to && to != Bound::Extent(Extent::Fixed(1)));
            let ends = ends.map(|to| make(&from, to, reversed, body.clone()));
            let forwards = reversed.then(|| make(&from, &to, false, body.clone()));
            inner.chain(forwards).chain(starts).chain(ends).collect()
        }
        Stmt::While { label, count, limit, going, first, body } => {
            let make = |limit, going, body| Stmt::While { label, count, limit, going, first, body };
            let inner = bodies(&body).into_iter().map(|b| make(limit, going.clone(), b));
            let less = (limit > 1).then(|| make(limit - 1, going.clone(), body.clone()));
            let never = going.is_some().then(|| make(limit, None, body.clone()));
            let simpler = going.iter().flat_map(conds).map(|c| make(limit, Some(c), body.clone()));
            inner.chain(less).chain(never).chain(simpler).collect()
        }
        Stmt::Loop { label, count, limit, until, body } => {
            let make = |limit, until, body| Stmt::Loop { label, count, limit, until, body };
            let inner = bodies(&body).into_iter().map(|b| make(limit, until.clone(), b));
            let less = (limit > 1).then(|| make(limit - 1, until.clone(), body.clone()));
            let never = until.is_some().then(|| make(limit, None, body.clone()));
            let simpler = until.iter().flat_map(conds).map(|c| make(limit, Some(c), body.clone()));
            inner.chain(less).chain(never).chain(simpler).collect()
        }
        _ => Vec::new(),
    }
}

fn outcomes(result: &Outcome) -> Vec<Outcome> {
    // What every parameter contributes stays.
    let Num::Operation(_, number, rest) = &result.number else { return Vec::new() };
    let with = |number: Num| {
        let number = Num::Operation("+", Box::new(number), rest.clone());
        Outcome { number, array: result.array }
    };
    nums(number).into_iter().map(with).collect()
}

fn elements(element: &Element) -> Vec<Element> {
    let mut found = Vec::new();
    for (k, index) in element.index.iter().enumerate() {
        for simpler in indices(index) {
            let mut new = element.clone();
            new.index[k] = simpler;
            found.push(new);
        }
    }
    found
}

fn pairs<T: Clone, R>(a: &T, b: &T, of: fn(&T) -> Vec<T>, make: impl Fn(Box<T>, Box<T>) -> R) -> Vec<R> {
    let first = of(a).into_iter().map(|a| (a, b.clone()));
    let second = of(b).into_iter().map(|b| (a.clone(), b));
    first.chain(second).map(|(a, b)| make(Box::new(a), Box::new(b))).collect()
}

fn nums(value: &Num) -> Vec<Num> {
    if let Num::Const(_) = value {
        return Vec::new();
    }
    let mut found = vec![Num::Const(0.5)];
    match value {
        Num::Const(_) => {}
        Num::Var(name) if *name == A => {}
        Num::Var(_) => found.push(Num::Var(A)),
        Num::Element(element) => {
            found.push(Num::Var(A));
            found.extend(elements(element).into_iter().map(Num::Element));
        }
        Num::OfIndex(index) => found.extend(indices(index).into_iter().map(Num::OfIndex)),
        Num::Function(name, x) => {
            found.push((**x).clone());
            found.extend(nums(x).into_iter().map(|x| Num::Function(name, Box::new(x))));
        }
        Num::Operation(name, a, b) => {
            found.extend([(**a).clone(), (**b).clone()]);
            found.extend(pairs(&**a, &**b, nums, |a, b| Num::Operation(name, a, b)));
        }
        Num::Quotient(a, b) => {
            found.extend([(**a).clone(), (**b).clone()]);
            found.extend(pairs(&**a, &**b, nums, Num::Quotient));
        }
        Num::If(c, a, b) => {
            found.extend([(**a).clone(), (**b).clone()]);
            found.extend(conds(c).into_iter().map(|c| Num::If(Box::new(c), a.clone(), b.clone())));
            found.extend(pairs(&**a, &**b, nums, |a, b| Num::If(c.clone(), a, b)));
        }
    }
    found
}

fn indices(index: &Index) -> Vec<Index> {
    if let Index::Const(value) = index {
        return (0..*value).map(Index::Const).collect();
    }
    let mut found = vec![Index::Const(0), Index::Const(1)];
    match index {
        Index::Const(_) | Index::Var(_) => {}
        Index::Sum(a, b) => {
            found.extend([(**a).clone(), (**b).clone()]);
            found.extend(pairs(&**a, &**b, indices, Index::Sum));
        }
        Index::Twice(a) => {
            found.push((**a).clone());
            found.extend(indices(a).into_iter().map(|a| Index::Twice(Box::new(a))));
        }
        Index::Within(a, extent) => {
            found.push((**a).clone());
            found.extend(indices(a).into_iter().map(|a| Index::Within(Box::new(a), *extent)));
        }
        Index::Mirrored(a, extent) => {
            found.push(Index::Within(a.clone(), *extent));
            found.extend(indices(a).into_iter().map(|a| Index::Mirrored(Box::new(a), *extent)));
        }
        Index::If(c, a, b) => {
            found.extend([(**a).clone(), (**b).clone()]);
            found.extend(conds(c).into_iter().map(|c| Index::If(Box::new(c), a.clone(), b.clone())));
            found.extend(pairs(&**a, &**b, indices, |a, b| Index::If(c.clone(), a, b)));
        }
    }
    found
}

fn conds(cond: &Cond) -> Vec<Cond> {
    match cond {
        Cond::Less(a, b) => pairs(a, b, nums, |a, b| Cond::Less(*a, *b)),
        Cond::Before(a, Bound::Index(b)) => pairs(a, b, indices, |a, b| Cond::Before(*a, Bound::Index(*b))),
        Cond::Before(a, bound) => indices(a).into_iter().map(|a| Cond::Before(a, bound.clone())).collect(),
        Cond::Same(a, b) => pairs(a, b, indices, |a, b| Cond::Same(*a, *b)),
        Cond::And(a, b) | Cond::Or(a, b) => {
            let mut found = vec![(**a).clone(), (**b).clone()];
            found.extend(pairs(&**a, &**b, conds, Cond::And));
            found
        }
        Cond::Not(a) => {
            let mut found = vec![(**a).clone()];
            found.extend(conds(a).into_iter().map(|a| Cond::Not(Box::new(a))));
            found
        }
    }
}
