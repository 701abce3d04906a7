//! The value of a program, statement by statement.

use super::*;

/// Where to go on after a statement.
enum Flow {
    Next,
    Break(usize),
    Continue(usize),
    Return(Vec<f64>),
}

struct Machine {
    slots: Vec<Slot>,
}

impl Program {
    /// What the program returns for other arguments of the same shapes: the number, then the elements of the array.
    pub fn run(&self, arguments: &[Slot]) -> Vec<f64> {
        let mut slots = arguments.to_vec();
        slots.resize(self.variables, Slot::Unset);
        let mut machine = Machine { slots };
        match machine.block(&self.body) {
            Flow::Return(values) => values,
            _ => machine.outcome(&self.result),
        }
    }
}

impl Machine {
    fn block(&mut self, body: &[Stmt]) -> Flow {
        for stmt in body {
            match self.stmt(stmt) {
                Flow::Next => {}
                other => return other,
            }
        }
        Flow::Next
    }

    fn outcome(&self, outcome: &Outcome) -> Vec<f64> {
        let mut values = vec![self.num(&outcome.number)];
        values.extend(outcome.array.iter().flat_map(|(name, _)| self.array(*name)));
        values
    }

    fn array(&self, name: Name) -> &Vec<f64> {
        match &self.slots[name.0] {
            Slot::Array(elements) => elements,
            other => panic!("{other:?} is no array"),
        }
    }

    fn array_mut(&mut self, name: Name) -> &mut Vec<f64> {
        match &mut self.slots[name.0] {
            Slot::Array(elements) => elements,
            other => panic!("{other:?} is no array"),
        }
    }

    fn extent(&self, extent: Extent) -> usize {
        match extent {
            Extent::Fixed(extent) => extent,
            Extent::Length => self.array(V).len(),
        }
    }

    fn bound(&self, bound: &Bound) -> usize {
        match bound {
            Bound::Extent(extent) => self.extent(*extent),
            Bound::Index(index) => self.index(index),
        }
    }

    fn num(&self, num: &Num) -> f64 {
        match num {
            Num::Const(value) => *value,
            Num::Var(name) => match self.slots[name.0] {
                Slot::Number(value) => value,
                ref other => panic!("{other:?} is no number"),
            },
            Num::Element(element) => self.array(element.array)[self.position(element)],
            Num::OfIndex(index) => 0.25 * self.index(index) as f64,
            Num::Function(name, x) => {
                let x = self.num(x);
                match *name {
                    "sin" => x.sin(),
                    "cos" => x.cos(),
                    "tanh" => x.tanh(),
                    "abs" => x.abs(),
                    _ => -x,
                }
            }
            Num::Operation(name, a, b) => binary(name, self.num(a), self.num(b)),
            Num::Quotient(a, b) => self.num(a) / (1.5 + self.num(b).sin()),
            Num::If(c, a, b) => self.num(if self.holds(c) { a } else { b }),
        }
    }

    fn position(&self, element: &Element) -> usize {
        let extents = element.shape.extents();
        element.index.iter().zip(extents).fold(0, |at, (index, extent)| {
            let (index, extent) = (self.index(index), self.extent(*extent));
            assert!(index < extent, "the generator keeps indices in range");
            at * extent + index
        })
    }

    fn index(&self, index: &Index) -> usize {
        match index {
            Index::Const(value) => *value,
            Index::Var(name) => match self.slots[name.0] {
                Slot::Index(value) => value,
                ref other => panic!("{other:?} is no index"),
            },
            Index::Sum(a, b) => self.index(a) + self.index(b),
            Index::Twice(a) => 2 * self.index(a),
            Index::Within(a, extent) => self.index(a) % self.extent(*extent),
            Index::Mirrored(a, extent) => {
                let extent = self.extent(*extent);
                extent - 1 - self.index(a) % extent
            }
            Index::If(c, a, b) => self.index(if self.holds(c) { a } else { b }),
        }
    }

    fn holds(&self, cond: &Cond) -> bool {
        match cond {
            Cond::Less(a, b) => self.num(a) < self.num(b),
            Cond::Before(a, b) => self.index(a) < self.bound(b),
            Cond::Same(a, b) => self.index(a) == self.index(b),
            Cond::And(a, b) => self.holds(a) && self.holds(b),
            Cond::Or(a, b) => self.holds(a) || self.holds(b),
            Cond::Not(a) => !self.holds(a),
        }
    }

    fn made(&self, made: &Made) -> Vec<f64> {
        match made {
            Made::CopyOf(name, _) => self.array(*name).clone(),
            Made::Filled(value, shape) => {
                let count = shape.extents().iter().map(|extent| self.extent(*extent)).product();
                vec![self.num(value); count]
            }
        }
    }

    fn set(&mut self, name: Name, slot: Slot) {
        self.slots[name.0] = slot;
    }

    fn stmt(&mut self, stmt: &Stmt) -> Flow {
        match stmt {
            Stmt::LetNumber(name, value) => self.set(*name, Slot::Number(self.num(value))),
            Stmt::LetIndex(name, value) | Stmt::AssignIndex(name, value) => {
                self.set(*name, Slot::Index(self.index(value)));
            }
            Stmt::LetArray(name, made) | Stmt::AssignArray(name, made) => {
                self.set(*name, Slot::Array(self.made(made)));
            }
            Stmt::Assign(name, operator, value) => {
                let old = self.num(&Num::Var(*name));
                self.set(*name, Slot::Number(updated(operator, old, self.num(value))));
            }
            Stmt::Store(element, operator, value) => {
                let (at, value) = (self.position(element), self.num(value));
                let place = &mut self.array_mut(element.array)[at];
                *place = updated(operator, *place, value);
            }
            Stmt::StoreRow(matrix, row, from) => {
                let (row, from) = (self.index(row), self.array(*from).clone());
                self.array_mut(*matrix)[3 * row..3 * row + 3].copy_from_slice(&from);
            }
            Stmt::Swap(array, i, j) => {
                let (i, j) = (self.index(i), self.index(j));
                self.array_mut(*array).swap(i, j);
            }
            Stmt::SwapArrays(a, b) => self.slots.swap(a.0, b.0),
            Stmt::If(c, then, otherwise) => {
                let taken = if self.holds(c) { then } else { otherwise };
                return self.block(taken);
            }
            Stmt::For { label, var, from, to, reversed, body } => {
                let range = self.index(from)..self.bound(to);
                let values: Vec<usize> = if *reversed { range.rev().collect() } else { range.collect() };
                for value in values {
                    self.set(*var, Slot::Index(value));
                    match self.block(body) {
                        Flow::Break(of) if of == *label => break,
                        Flow::Next => {}
                        Flow::Continue(of) if of == *label => {}
                        other => return other,
                    }
                }
            }
            Stmt::ForEach { array, var, value } => {
                for at in 0..self.array(*array).len() {
                    self.set(*var, Slot::Number(self.array(*array)[at]));
                    let value = self.num(value);
                    self.array_mut(*array)[at] = value;
                }
            }
            Stmt::While { label, count, limit, going, first, body } => {
                return self.counted(*label, *count, *limit, going, true, *first, body);
            }
            Stmt::Loop { label, count, limit, until, body } => {
                return self.counted(*label, *count, *limit, until, false, true, body);
            }
            Stmt::Break(label) => return Flow::Break(*label),
            Stmt::Continue(label) => return Flow::Continue(*label),
            Stmt::Return(outcome) => return Flow::Return(self.outcome(outcome)),
        }
        Flow::Next
    }

    #[allow(clippy::too_many_arguments)]
    fn counted(
        &mut self,
        label: usize,
        count: Name,
        limit: usize,
        condition: &Option<Cond>,
        going: bool,
        first: bool,
        body: &[Stmt],
    ) -> Flow {
        self.set(count, Slot::Index(0));
        for k in 0..limit {
            if condition.as_ref().is_some_and(|c| self.holds(c) != going) {
                break;
            }
            self.set(count, Slot::Index(if first { k + 1 } else { k }));
            match self.block(body) {
                Flow::Break(of) if of == label => break,
                Flow::Next => {}
                Flow::Continue(of) if of == label => {}
                other => return other,
            }
            self.set(count, Slot::Index(k + 1));
        }
        Flow::Next
    }
}

fn binary(name: &str, a: f64, b: f64) -> f64 {
    match name {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "max" => a.max(b),
        _ => a.min(b),
    }
}

fn updated(operator: &str, old: f64, value: f64) -> f64 {
    match operator {
        "+=" => old + value,
        "-=" => old - value,
        "*=" => old * value,
        _ => value,
    }
}
