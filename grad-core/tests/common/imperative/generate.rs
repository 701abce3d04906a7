//! A program from a tape of numbers, each of which decides something. A shorter tape with smaller numbers is a simpler
//! program, so that proptest shrinks failures by itself.

use super::*;

/// How deeply loops and branches nest.
const DEEP: usize = 4;

const SHAPES: [Shape; 4] = [Shape::Three, Shape::Dynamic, Shape::Four, Shape::Matrix];

struct Maker<'t> {
    kind: Kind,
    tape: &'t [u16],
    next: usize,
    labels: usize,
    /// Variables in scope.
    numbers: Vec<Name>,
    /// Those of the numbers that may be assigned to.
    mutable: Vec<Name>,
    indices: Vec<Name>,
    mutable_indices: Vec<Name>,
    arrays: Vec<(Name, Shape)>,
    /// Indices that are known to be below an extent.
    known: Vec<(Name, Extent)>,
    /// The loops around this place, and whether `continue` may be used.
    loops: Vec<(usize, bool)>,
    returned: Option<Shape>,
    /// How many decisions the expressions of a statement may still take.
    fuel: usize,
}

/// How large the expressions of a statement are at most.
const FUEL: usize = 40;

pub fn program(kind: Kind, tape: &[u16], values: &[f64]) -> Program {
    let mut maker = Maker {
        kind,
        tape,
        next: PARAMS.len(),
        labels: 0,
        numbers: vec![A, B],
        mutable: Vec::new(),
        indices: vec![N],
        mutable_indices: Vec::new(),
        arrays: vec![(X, Shape::Three), (V, Shape::Dynamic), (M, Shape::Matrix)],
        known: Vec::new(),
        loops: Vec::new(),
        returned: None,
        fuel: FUEL,
    };
    let (length, n) = (1 + maker.pick(4), maker.pick(5));
    maker.returned = [None, Some(Shape::Three), Some(Shape::Dynamic), Some(Shape::Matrix)][maker.pick(4)];
    let mut body = Vec::new();
    maker.open(&mut body);
    let count = 2 + maker.pick(5);
    for _ in 0..count {
        maker.stmt(&mut body, DEEP);
    }
    let result = maker.outcome();
    let mut values = values.iter().copied();
    let mut take = |count: usize| Slot::Array(values.by_ref().take(count).collect());
    let arrays = [take(3), take(length), take(6)];
    let mut number = || Slot::Number(values.next().unwrap_or(0.5));
    let [x, v, m] = arrays;
    let arguments = vec![number(), number(), x, v, m, Slot::Index(n)];
    Program { body, result, returned: maker.returned, variables: maker.next, arguments }
}

impl Maker<'_> {
    /// The next decision: one of `count`.
    fn pick(&mut self, count: usize) -> usize {
        let Some((&first, rest)) = self.tape.split_first() else { return 0 };
        self.tape = rest;
        usize::from(first) % count
    }

    /// As [`Maker::pick`], the first where the expression has become large.
    fn choose(&mut self, count: usize) -> usize {
        self.fuel = self.fuel.saturating_sub(1);
        if self.fuel == 0 { 0 } else { self.pick(count) }
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.pick(of.len())]
    }

    /// As [`Maker::one_of`], the last ones first.
    fn late<T: Copy>(&mut self, of: &[T]) -> T {
        of[of.len() - 1 - self.pick(of.len())]
    }

    fn name(&mut self) -> Name {
        self.next += 1;
        Name(self.next - 1)
    }

    /// A number and an array to work on.
    fn open(&mut self, body: &mut Vec<Stmt>) {
        self.let_number(body);
        self.let_array(body);
        if self.pick(2) == 1 {
            self.let_array(body);
        }
        if self.pick(2) == 1 {
            self.let_index(body);
        }
    }

    fn let_number(&mut self, body: &mut Vec<Stmt>) {
        let value = self.num(2);
        let name = self.name();
        body.push(Stmt::LetNumber(name, value));
        self.numbers.push(name);
        self.mutable.push(name);
    }

    fn let_index(&mut self, body: &mut Vec<Stmt>) {
        let value = self.index(2);
        let name = self.name();
        body.push(Stmt::LetIndex(name, Index::Within(Box::new(value), Extent::Fixed(5))));
        self.indices.push(name);
        self.mutable_indices.push(name);
    }

    fn let_array(&mut self, body: &mut Vec<Stmt>) {
        let shape = self.one_of(&SHAPES);
        let made = self.made(shape);
        let name = self.name();
        body.push(Stmt::LetArray(name, made));
        self.arrays.push((name, shape));
    }

    fn made(&mut self, shape: Shape) -> Made {
        let like: Vec<(Name, Shape)> = self.arrays.iter().copied().filter(|(_, s)| *s == shape).collect();
        if like.is_empty() || self.pick(3) == 2 {
            let value = if self.pick(2) == 0 { Num::Const(0.0) } else { self.num(1) };
            return Made::Filled(value, shape);
        }
        Made::CopyOf(self.one_of(&like).0, shape)
    }

    /// The arrays that may be changed.
    fn own_arrays(&self) -> Vec<(Name, Shape)> {
        self.arrays.iter().copied().filter(|(name, _)| name.0 >= PARAMS.len()).collect()
    }

    fn outcome(&mut self) -> Outcome {
        let number = Num::Operation("+", Box::new(self.num(2)), Box::new(every_parameter()));
        let array = self.returned.map(|shape| {
            let like: Vec<(Name, Shape)> = self.arrays.iter().copied().filter(|(_, s)| *s == shape).collect();
            self.late(&like)
        });
        Outcome { number, array }
    }

    fn block(&mut self, depth: usize, inside: impl FnOnce(&mut Self)) -> Vec<Stmt> {
        let (numbers, mutable) = (self.numbers.len(), self.mutable.len());
        let (indices, mutable_indices) = (self.indices.len(), self.mutable_indices.len());
        let (arrays, known) = (self.arrays.len(), self.known.len());
        inside(self);
        let mut body = Vec::new();
        for _ in 0..=self.pick(3) {
            self.stmt(&mut body, depth);
        }
        self.numbers.truncate(numbers);
        self.mutable.truncate(mutable);
        self.indices.truncate(indices);
        self.mutable_indices.truncate(mutable_indices);
        self.arrays.truncate(arrays);
        self.known.truncate(known);
        body
    }

    fn stmt(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        self.fuel = FUEL;
        let choice = if depth == 0 { self.pick(9) } else { self.pick(21) };
        match choice {
            0..=2 => self.assign(body),
            3..=6 => self.store(body),
            7 => self.whole(body),
            8 => self.exit(body),
            9 => self.let_number(body),
            10 => self.let_array(body),
            11 | 12 => self.branch(body, depth - 1),
            13..=16 => self.for_loop(body, depth - 1),
            17 | 18 => self.while_loop(body, depth - 1),
            19 => self.endless_loop(body, depth - 1),
            _ if self.kind == Kind::Total => self.branch(body, depth - 1),
            _ => self.guarded(body, depth - 1),
        }
    }

    fn assign(&mut self, body: &mut Vec<Stmt>) {
        if !self.mutable_indices.is_empty() && self.pick(4) == 3 {
            let value = self.index(2);
            let name = self.one_of(&self.mutable_indices.clone());
            body.push(Stmt::AssignIndex(name, Index::Within(Box::new(value), Extent::Fixed(5))));
            return;
        }
        let operator = self.one_of(&["+=", "=", "-=", "*="]);
        let value = self.tame(2);
        let name = self.one_of(&self.mutable.clone());
        body.push(Stmt::Assign(name, operator, value));
    }

    /// A value that does not grow from iteration to iteration.
    fn tame(&mut self, depth: usize) -> Num {
        let value = self.num(depth);
        match self.pick(3) {
            0 => value,
            1 => Num::Function("sin", Box::new(value)),
            _ => Num::Function("tanh", Box::new(value)),
        }
    }

    fn store(&mut self, body: &mut Vec<Stmt>) {
        let own = self.own_arrays();
        let (array, shape) = self.one_of(&own);
        let index = self.place(shape);
        let operator = self.one_of(&["=", "+=", "+=", "-=", "*="]);
        let value = self.tame(2);
        body.push(Stmt::Store(Element { array, shape, index }, operator, value));
    }

    fn place(&mut self, shape: Shape) -> Vec<Index> {
        shape.extents().iter().map(|extent| self.within(*extent)).collect()
    }

    /// What changes an array as a whole.
    fn whole(&mut self, body: &mut Vec<Stmt>) {
        let own = self.own_arrays();
        let (array, shape) = self.one_of(&own);
        let same: Vec<(Name, Shape)> =
            own.iter().copied().filter(|(n, s)| *s == shape && *n != array).collect();
        match self.pick(5) {
            0 if !same.is_empty() => body.push(Stmt::SwapArrays(array, self.one_of(&same).0)),
            1 if shape == Shape::Matrix => {
                let row = self.within(Extent::Fixed(2));
                let from: Vec<Name> =
                    self.arrays.iter().filter(|(_, s)| *s == Shape::Three).map(|(n, _)| *n).collect();
                body.push(Stmt::StoreRow(array, row, self.one_of(&from)));
            }
            2 if shape != Shape::Matrix => {
                let extent = shape.extents()[0];
                let (i, j) = (self.within(extent), self.within(extent));
                body.push(Stmt::Swap(array, i, j));
            }
            3 if shape != Shape::Matrix => {
                let var = self.name();
                self.numbers.push(var);
                // The array itself is borrowed while its elements change.
                let at = self.arrays.iter().position(|(name, _)| *name == array).unwrap_or(0);
                let borrowed = self.arrays.remove(at);
                let value = self.tame(2);
                self.arrays.insert(at, borrowed);
                self.numbers.pop();
                body.push(Stmt::ForEach { array, var, value });
            }
            _ => {
                let made = self.made(shape);
                body.push(Stmt::AssignArray(array, made));
            }
        }
    }

    fn exit(&mut self, body: &mut Vec<Stmt>) {
        let stmt = match (self.pick(5), self.loops.last().copied()) {
            (4, _) => Stmt::Return(self.outcome()),
            (3, Some(_)) => {
                let (label, _) = self.one_of(&self.loops.clone());
                Stmt::Break(label)
            }
            (2, Some((label, true))) => Stmt::Continue(label),
            (1, Some((label, _))) => Stmt::Break(label),
            _ => return self.assign(body),
        };
        body.push(Stmt::If(self.cond(1), vec![stmt], Vec::new()));
    }

    fn branch(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        let cond = self.cond(1);
        let then = self.block(depth, |_| {});
        let otherwise = if self.pick(2) == 1 { self.block(depth, |_| {}) } else { Vec::new() };
        body.push(Stmt::If(cond, then, otherwise));
    }

    /// What reads and writes elements that exist only under a condition.
    fn guarded(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        let fixed: Vec<Name> =
            self.indices.iter().copied().filter(|name| !self.mutable_indices.contains(name)).collect();
        let (index, extent) = (self.one_of(&fixed), self.extent());
        let bound = Bound::Extent(extent);
        let then = self.block(depth, |this| this.known.push((index, extent)));
        body.push(Stmt::If(Cond::Before(Index::Var(index), bound), then, Vec::new()));
    }

    fn extent(&mut self) -> Extent {
        self.one_of(&[Extent::Fixed(3), Extent::Length, Extent::Fixed(2), Extent::Fixed(4)])
    }

    fn label(&mut self) -> usize {
        self.labels += 1;
        self.labels
    }

    fn for_loop(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        let extent = self.extent();
        let from = match self.pick(4) {
            1 => Index::Const(1),
            2 => self.index(0),
            _ => Index::Const(0),
        };
        let to = match self.pick(5) {
            4 => Bound::Index(self.index(0)),
            _ => Bound::Extent(extent),
        };
        let reversed = self.pick(4) == 3;
        let (label, var) = (self.label(), self.name());
        self.loops.push((label, true));
        let is_known = to == Bound::Extent(extent);
        let inside = self.block(depth, |this| {
            this.indices.push(var);
            if is_known {
                this.known.push((var, extent));
            }
        });
        self.loops.pop();
        body.push(Stmt::For { label, var, from, to, reversed, body: inside });
    }

    fn while_loop(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        let limit = 1 + self.pick(4);
        let going = if self.pick(3) > 0 { Some(self.cond(1)) } else { None };
        let first = self.pick(2) == 1;
        let (label, count) = (self.label(), self.name());
        self.loops.push((label, first));
        let inside = self.block(depth, |this| {
            this.indices.push(count);
            if !first {
                this.known.push((count, Extent::Fixed(limit)));
            }
        });
        self.loops.pop();
        body.push(Stmt::While { label, count, limit, going, first, body: inside });
        self.indices.push(count);
    }

    fn endless_loop(&mut self, body: &mut Vec<Stmt>, depth: usize) {
        let limit = 1 + self.pick(4);
        let until = if self.pick(3) > 0 { Some(self.cond(1)) } else { None };
        let (label, count) = (self.label(), self.name());
        self.loops.push((label, true));
        let inside = self.block(depth, |this| this.indices.push(count));
        self.loops.pop();
        body.push(Stmt::Loop { label, count, limit, until, body: inside });
        self.indices.push(count);
    }

    fn num(&mut self, depth: usize) -> Num {
        match self.choose(if depth == 0 { 7 } else { 14 }) {
            0 => Num::Var(self.late(&self.numbers.clone())),
            1 => Num::Const([0.5, -1.25, 2.0, 0.0][self.pick(4)]),
            2 => Num::OfIndex(self.index(1)),
            3..=6 => self.element(),
            7..=10 => {
                let operation = self.one_of(&["+", "*", "-", "max", "min", "*"]);
                Num::Operation(operation, Box::new(self.num(depth - 1)), Box::new(self.num(depth - 1)))
            }
            11 => {
                let function = self.one_of(&["sin", "tanh", "cos", "neg", "abs"]);
                Num::Function(function, Box::new(self.num(depth - 1)))
            }
            12 => Num::Quotient(Box::new(self.num(depth - 1)), Box::new(self.num(depth - 1))),
            _ => {
                let cond = self.cond(0);
                Num::If(Box::new(cond), Box::new(self.num(depth - 1)), Box::new(self.num(depth - 1)))
            }
        }
    }

    fn element(&mut self) -> Num {
        let (array, shape) = self.late(&self.arrays.clone());
        let index = self.place(shape);
        Num::Element(Element { array, shape, index })
    }

    /// An index below an extent.
    fn within(&mut self, extent: Extent) -> Index {
        let fits = |known: &Extent| match (known, extent) {
            (Extent::Fixed(known), Extent::Fixed(extent)) => *known <= extent,
            (known, extent) => *known == extent,
        };
        let known: Vec<Name> = self.known.iter().filter(|(_, e)| fits(e)).map(|(n, _)| *n).collect();
        match self.pick(6) {
            0..=2 if !known.is_empty() => Index::Var(self.late(&known)),
            3 => Index::Mirrored(Box::new(self.index(1)), extent),
            4 => match extent {
                Extent::Fixed(count) => Index::Const(self.pick(count)),
                Extent::Length => Index::Const(0),
            },
            _ => Index::Within(Box::new(self.index(1)), extent),
        }
    }

    fn index(&mut self, depth: usize) -> Index {
        match self.choose(if depth == 0 { 3 } else { 6 }) {
            0 | 1 => Index::Var(self.late(&self.indices.clone())),
            2 => Index::Const(self.pick(4)),
            3 => Index::Sum(Box::new(self.index(depth - 1)), Box::new(self.index(depth - 1))),
            4 => Index::Twice(Box::new(self.index(depth - 1))),
            _ => {
                let cond = self.cond(0);
                Index::If(Box::new(cond), Box::new(self.index(depth - 1)), Box::new(self.index(depth - 1)))
            }
        }
    }

    fn cond(&mut self, depth: usize) -> Cond {
        match self.choose(if depth == 0 { 4 } else { 7 }) {
            0 | 1 => Cond::Less(self.num(1), self.num(1)),
            2 => Cond::Before(self.index(1), Bound::Index(self.index(1))),
            3 => Cond::Same(self.index(1), self.index(1)),
            4 => Cond::And(Box::new(self.cond(depth - 1)), Box::new(self.cond(depth - 1))),
            5 => Cond::Or(Box::new(self.cond(depth - 1)), Box::new(self.cond(depth - 1))),
            _ => Cond::Not(Box::new(self.cond(depth - 1))),
        }
    }
}

/// Something to which every parameter contributes: one that does not reach the result is refused.
fn every_parameter() -> Num {
    let element = |array, shape, index: &[usize]| {
        let index = index.iter().map(|&at| Index::Const(at)).collect();
        Box::new(Num::Element(Element { array, shape, index }))
    };
    let product = |a, b| Box::new(Num::Operation("*", a, b));
    let (a, b) = (Box::new(Num::Var(A)), Box::new(Num::Var(B)));
    let (x, v) = (element(X, Shape::Three, &[1]), element(V, Shape::Dynamic, &[0]));
    let m = element(M, Shape::Matrix, &[1, 2]);
    Num::Operation("+", product(a, b), product(product(x, v), m))
}
