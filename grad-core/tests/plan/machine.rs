//! Executes a [`Program`] as the Rust that is written for it would run: with its scopes, bounds and overflows.

use std::collections::HashMap;

use grad_core::ir::{Const, Elem, Float, Int, IntOp, Logic};
use grad_core::plan::program::{Access, Block, Buffer, Expr, Place, Program, Slice, Stmt, Storage};

#[derive(Clone, Debug, PartialEq)]
pub enum Val {
    Float(f64),
    Int(i128, Int),
    Bool(bool),
    List(Vec<Val>),
    Tuple(Vec<Val>),
    /// A part of a flat buffer.
    Row {
        source: String,
        offset: usize,
        length: usize,
    },
}

pub struct Machine {
    scopes: Vec<HashMap<String, Val>>,
    /// How many statements may still be executed.
    fuel: usize,
}

impl Machine {
    pub fn new(given: impl IntoIterator<Item = (String, Val)>) -> Machine {
        Machine { scopes: vec![given.into_iter().collect()], fuel: 1_000_000 }
    }

    /// The results, as lists of numbers.
    pub fn run(mut self, program: &Program) -> Vec<Vec<f64>> {
        self.stmts(&program.stmts);
        let result = |machine: &mut Machine, place: &Place| match place {
            Place::Scalar(value) => machine.expr(value),
            Place::Buffer(Buffer { name, .. }) => machine.get(name).clone(),
        };
        let mut results = Vec::new();
        for place in &program.results {
            let value = result(&mut self, place);
            let mut numbers = Vec::new();
            flatten(&value, &mut numbers);
            results.push(numbers);
        }
        results
    }

    fn get(&self, name: &str) -> &Val {
        let found = self.scopes.iter().rev().find_map(|scope| scope.get(name));
        found.unwrap_or_else(|| panic!("`{name}` is not in scope"))
    }

    fn get_mut(&mut self, name: &str) -> &mut Val {
        let found = self.scopes.iter_mut().rev().find_map(|scope| scope.get_mut(name));
        found.unwrap_or_else(|| panic!("`{name}` is not in scope"))
    }

    fn set(&mut self, name: &str, value: Val) {
        self.scopes.last_mut().expect("a scope is open").insert(name.to_string(), value);
    }

    fn scoped<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(HashMap::new());
        let result = body(self);
        self.scopes.pop();
        result
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.fuel = self.fuel.checked_sub(1).expect("a program that ends");
        match stmt {
            Stmt::Let { name, value } | Stmt::LetMut { name, value, .. } => {
                let value = self.expr(value);
                self.set(name, value);
            }
            Stmt::LetTuple { names, value } => {
                let Val::Tuple(parts) = self.expr(value) else { panic!("no tuple: {value:?}") };
                assert_eq!(names.len(), parts.len());
                names.iter().zip(parts).for_each(|(name, part)| self.set(name, part));
            }
            Stmt::Buffer { name, elem, fill, dims, storage, .. } => {
                let value = self.filled(*fill, *elem, dims, *storage);
                self.set(name, value);
            }
            Stmt::Copy { to, from, declare } => {
                let (Slice::Borrowed(from) | Slice::Flat(from) | Slice::Nested(from)) = from;
                let items = self.slice(from).to_vec();
                if *declare {
                    return self.set(to, Val::List(items));
                }
                let slice = self.slice(to);
                assert_eq!(slice.len(), items.len(), "`{to}` and `{from}` are of one length");
                slice.clone_from_slice(&items);
            }
            Stmt::Refill { name, fill, elem, .. } => {
                let fill = constant(*fill, *elem);
                refill(self.get_mut(name), &fill);
            }
            Stmt::Swap { a, b } => {
                let (first, second) = (self.get(a).clone(), self.get(b).clone());
                *self.get_mut(a) = second;
                *self.get_mut(b) = first;
            }
            Stmt::Store { place, value, add } => {
                let value = self.expr(value);
                let old = self.element(place).clone();
                *self.element(place) = if *add { plus(old, value) } else { value };
            }
            Stmt::Assign { name, value } => {
                let value = self.expr(value);
                *self.get_mut(name) = value;
            }
            Stmt::AddAssign { name, value } => {
                let value = self.expr(value);
                let old = self.get(name).clone();
                *self.get_mut(name) = plus(old, value);
            }
            Stmt::For { var, extent, reversed, body } => {
                let extent = self.size(extent);
                for k in 0..extent {
                    let k = if *reversed { extent - 1 - k } else { k };
                    self.scoped(|this| {
                        this.set(var, Val::Int(k as i128, Int::Usize));
                        this.stmts(body);
                    });
                }
            }
            Stmt::While { bound, head, until, body } => self.while_loop(bound.as_ref(), head, until, body),
            Stmt::Push { place, elem, fill, dims } => {
                let value = self.filled(*fill, *elem, dims, Storage::Nested);
                match self.element(place) {
                    Val::List(items) => items.push(value),
                    other => panic!("pushed onto {other:?}"),
                }
            }
            Stmt::Panic { message, .. } => panic!("{}", message.text),
            Stmt::If { condition, then, otherwise } => {
                let taken = if self.holds(condition) { then } else { otherwise };
                self.scoped(|this| this.stmts(taken));
            }
            Stmt::Row { name, source, offset, length, .. } => {
                let (offset, length) = (self.size(offset), self.size(length));
                let row = self.row(source, offset, length);
                self.set(name, row);
            }
            Stmt::Split { low, high, source, at } => {
                let (at, length) = (self.size(at), self.length(source));
                assert!(at <= length, "`{source}` is split behind its end");
                let [first, second] = [self.row(source, 0, at), self.row(source, at, length - at)];
                self.set(low, first);
                self.set(high, second);
            }
            Stmt::Matmul { .. } => panic!("no matrix products in these programs"),
        }
    }

    /// The elements of a list, or of a row of one.
    fn slice(&mut self, name: &str) -> &mut [Val] {
        let (source, part) = match self.get(name) {
            Val::Row { source, offset, length } => (source.clone(), *offset..offset + length),
            Val::List(items) => (name.to_string(), 0..items.len()),
            other => panic!("a slice of {other:?}"),
        };
        match self.get_mut(&source) {
            Val::List(items) => &mut items[part],
            other => panic!("a slice of {other:?}"),
        }
    }

    fn row(&self, source: &str, offset: usize, length: usize) -> Val {
        match self.get(source).clone() {
            Val::List(items) => {
                assert!(offset + length <= items.len(), "a row of `{source}` is out of bounds");
                Val::Row { source: source.to_string(), offset, length }
            }
            Val::Row { source: whole, offset: before, length: most } => {
                assert!(offset + length <= most, "a row of `{source}` is out of bounds");
                Val::Row { source: whole, offset: before + offset, length }
            }
            other => panic!("a row of {other:?}"),
        }
    }

    fn length(&self, name: &str) -> usize {
        match self.get(name) {
            Val::List(items) => items.len(),
            Val::Row { length, .. } => *length,
            other => panic!("the length of {other:?}"),
        }
    }

    fn while_loop(&mut self, bound: Option<&(String, Expr)>, head: &[Stmt], until: &Expr, body: &[Stmt]) {
        loop {
            self.fuel = self.fuel.checked_sub(1).expect("a program that ends");
            if let Some((counter, bound)) = bound
                && self.size(&Expr::Name(counter.clone())) >= self.size(bound)
            {
                return;
            }
            let stops = self.scoped(|this| {
                this.stmts(head);
                if this.holds(until) {
                    return true;
                }
                this.stmts(body);
                false
            });
            if stops {
                return;
            }
        }
    }

    fn filled(&mut self, fill: f64, elem: Elem, dims: &[Expr], storage: Storage) -> Val {
        let dims: Vec<usize> = dims.iter().map(|d| self.size(d)).collect();
        let fill = constant(fill, elem);
        match storage {
            Storage::Flat => Val::List(vec![fill; dims.iter().product()]),
            Storage::Nested => dims.iter().rev().fold(fill, |inner, &extent| Val::List(vec![inner; extent])),
        }
    }

    /// An element of a buffer, to read or to write.
    fn element(&mut self, access: &Access) -> &mut Val {
        let index: Vec<usize> = access.index.iter().map(|i| self.size(i)).collect();
        let base = &access.base;
        let is_row = matches!(self.get(base), Val::Row { .. });
        if access.storage == Storage::Nested && !is_row {
            return index.iter().fold(self.get_mut(base), |place, &at| match place {
                Val::List(items) => {
                    let length = items.len();
                    items.get_mut(at).unwrap_or_else(|| panic!("`{base}`: {at} of {length} elements"))
                }
                other => panic!("`{base}`: an element of {other:?}"),
            });
        }
        let dims: Vec<usize> = access.dims.iter().map(|d| self.size(d)).collect();
        let mut at = 0;
        for (axis, (&i, &extent)) in index.iter().zip(&dims).enumerate() {
            assert!(
                axis == 0 || !access.checked || i < extent,
                "`{base}`: {i} of a row of {extent} elements"
            );
            at = at * extent + i;
        }
        if index.len() == 1 {
            at = index[0];
        }
        let (name, at) = match self.get(base) {
            Val::Row { source, offset, length } => {
                assert!(at < *length, "`{base}`: {at} of {length} elements");
                (source.clone(), offset + at)
            }
            _ => (base.clone(), at),
        };
        match self.get_mut(&name) {
            Val::List(items) => {
                let length = items.len();
                items.get_mut(at).unwrap_or_else(|| panic!("`{base}`: {at} of {length} elements"))
            }
            other => panic!("`{base}`: an element of {other:?}"),
        }
    }

    fn size(&mut self, expr: &Expr) -> usize {
        match self.expr(expr) {
            Val::Int(value, _) => usize::try_from(value).expect("no underflow"),
            other => panic!("{other:?} is no size"),
        }
    }

    fn holds(&mut self, expr: &Expr) -> bool {
        match self.expr(expr) {
            Val::Bool(value) => value,
            other => panic!("{other:?} is no condition"),
        }
    }

    fn block(&mut self, block: &Block) -> Val {
        self.scoped(|this| {
            this.stmts(&block.stmts);
            this.expr(block.value.as_ref().expect("the block has a value"))
        })
    }

    fn expr(&mut self, expr: &Expr) -> Val {
        match expr {
            Expr::Name(name) => self.get(name).clone(),
            Expr::Const(Const::Float(bits, _)) => Val::Float(f64::from_bits(*bits)),
            Expr::Const(Const::Int(value, int)) => Val::Int(*value, *int),
            Expr::Const(Const::Bool(value)) => Val::Bool(*value),
            Expr::Symbol(text) => panic!("Missing(`{text}`)"),
            Expr::Scalar(scalar, args) => {
                let args: Vec<f64> = args.iter().map(|arg| number(&self.expr(arg))).collect();
                Val::Float((scalar.row().eval)(&args))
            }
            Expr::Compare(cmp, a, b) => {
                let (a, b) = (self.expr(a), self.expr(b));
                let ordering = match (&a, &b) {
                    (Val::Float(a), Val::Float(b)) => a.partial_cmp(b),
                    (Val::Int(a, _), Val::Int(b, _)) => Some(a.cmp(b)),
                    (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
                    _ => panic!("{a:?} is compared with {b:?}"),
                };
                let unordered = *cmp == grad_core::ir::Cmp::Ne;
                Val::Bool(ordering.map_or(unordered, |ordering| cmp.holds(ordering)))
            }
            Expr::Logic(Logic::Not, args) => Val::Bool(!self.holds(&args[0])),
            Expr::Logic(Logic::And, args) => Val::Bool(self.holds(&args[0]) && self.holds(&args[1])),
            Expr::Logic(Logic::Or, args) => Val::Bool(self.holds(&args[0]) || self.holds(&args[1])),
            Expr::Int(op, args) => {
                let args: Vec<Val> = args.iter().map(|arg| self.expr(arg)).collect();
                integer(*op, &args)
            }
            Expr::Cast(elem, value) => cast(*elem, self.expr(value)),
            Expr::Element(access) => self.element(access).clone(),
            Expr::Len(name) => Val::Int(self.length(name) as i128, Int::Usize),
            Expr::If(condition, then, otherwise) => {
                let taken = if self.holds(condition) { then } else { otherwise };
                self.block(taken)
            }
            Expr::Block(block) => self.block(block),
            Expr::Tuple(parts) => Val::Tuple(parts.iter().map(|part| self.expr(part)).collect()),
            Expr::Array(parts) => Val::List(parts.iter().map(|part| self.expr(part)).collect()),
        }
    }
}

fn flatten(value: &Val, numbers: &mut Vec<f64>) {
    match value {
        Val::List(items) => items.iter().for_each(|item| flatten(item, numbers)),
        value => numbers.push(number(value)),
    }
}

fn number(value: &Val) -> f64 {
    match value {
        Val::Float(value) => *value,
        // The exponent of `powi`.
        Val::Int(value, _) => *value as f64,
        other => panic!("{other:?} is no number"),
    }
}

fn constant(value: f64, elem: Elem) -> Val {
    match elem {
        Elem::Float(_) => Val::Float(value),
        Elem::Int(int) => Val::Int(value as i128, int),
        Elem::Bool => Val::Bool(value != 0.0),
    }
}

fn refill(place: &mut Val, fill: &Val) {
    match place {
        Val::List(items) => items.iter_mut().for_each(|item| refill(item, fill)),
        place => *place = fill.clone(),
    }
}

fn plus(a: Val, b: Val) -> Val {
    match (a, b) {
        (Val::Float(a), Val::Float(b)) => Val::Float(a + b),
        (a, b) => integer(IntOp::Add, &[a, b]),
    }
}

fn integer(op: IntOp, args: &[Val]) -> Val {
    let parts: Vec<(i128, Int)> = args
        .iter()
        .map(|arg| match arg {
            Val::Int(value, int) => (*value, *int),
            other => panic!("{other:?} is no integer"),
        })
        .collect();
    let int = parts.iter().map(|(_, int)| *int).find(|int| *int != Int::Open).unwrap_or(Int::Open);
    let (a, b) = (parts[0].0, parts.get(1).map_or(0, |part| part.0));
    let value = match op {
        IntOp::Add => a + b,
        IntOp::Sub => a - b,
        IntOp::Mul => a * b,
        IntOp::Div => a / b,
        IntOp::Rem => a % b,
        IntOp::Neg => -a,
        IntOp::Min => a.min(b),
        IntOp::Max => a.max(b),
        IntOp::SaturatingSub => (a - b).max(0),
        other => panic!("{other:?} in these programs"),
    };
    assert!(value >= 0 || !int.is_unsigned(), "{a} {op:?} {b} underflows");
    Val::Int(value, int)
}

fn cast(elem: Elem, value: Val) -> Val {
    match (elem, value) {
        (Elem::Float(Float::F32), value) => Val::Float(f64::from(number(&value) as f32)),
        (Elem::Float(_), value) => Val::Float(number(&value)),
        (Elem::Int(int), Val::Int(value, _)) => Val::Int(value, int),
        (Elem::Int(int), Val::Float(value)) => Val::Int(value as i128, int),
        (elem, value) => panic!("{value:?} as {elem:?}"),
    }
}
