//! Random imperative programs: a small language with an interpreter of its own, written as Rust source.
//!
//! A program is decoded from a tape of numbers (`generate.rs`), written as a function for the front end (`write.rs`),
//! and run directly (`run.rs`): what the graph computes is compared with that.

mod generate;
mod run;
mod shrink;
mod write;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;

/// How many simpler programs than one that fails are tried.
const ATTEMPTS: usize = 6000;

/// A program with arguments for its parameters.
pub struct Program {
    pub body: Vec<Stmt>,
    pub result: Outcome,
    /// The shape of the array that is returned beside the number, if one is.
    pub returned: Option<Shape>,
    /// How many variables there are; the parameters are the first.
    pub variables: usize,
    pub arguments: Vec<Slot>,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    Unset,
    Number(f64),
    Index(usize),
    Array(Vec<f64>),
}

/// The parameters: `a: f64, b: f64, x: &[f64; 3], v: &[f64], m: &[[f64; 3]; 2], n: usize`.
pub const PARAMS: [&str; 6] = ["a", "b", "x", "v", "m", "n"];
pub const A: Name = Name(0);
pub const B: Name = Name(1);
pub const X: Name = Name(2);
pub const V: Name = Name(3);
pub const M: Name = Name(4);
pub const N: Name = Name(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name(pub usize);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `[f64; 3]`
    Three,
    /// `[f64; 4]`
    Four,
    /// `Vec<f64>` of `v.len()` elements.
    Dynamic,
    /// `[[f64; 3]; 2]`
    Matrix,
}

/// An extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    Fixed(usize),
    Length,
}

impl Shape {
    pub fn extents(self) -> &'static [Extent] {
        match self {
            Shape::Three => &[Extent::Fixed(3)],
            Shape::Four => &[Extent::Fixed(4)],
            Shape::Dynamic => &[Extent::Length],
            Shape::Matrix => &[Extent::Fixed(2), Extent::Fixed(3)],
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Num {
    Const(f64),
    Var(Name),
    Element(Element),
    /// `0.25 * i as f64`
    OfIndex(Index),
    Function(&'static str, Box<Num>),
    Operation(&'static str, Box<Num>, Box<Num>),
    /// `a / (1.5 + b.sin())`
    Quotient(Box<Num>, Box<Num>),
    If(Box<Cond>, Box<Num>, Box<Num>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub array: Name,
    pub shape: Shape,
    pub index: Vec<Index>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Index {
    Const(usize),
    Var(Name),
    Sum(Box<Index>, Box<Index>),
    Twice(Box<Index>),
    /// `i % extent`
    Within(Box<Index>, Extent),
    /// `extent - 1 - i % extent`
    Mirrored(Box<Index>, Extent),
    If(Box<Cond>, Box<Index>, Box<Index>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    Less(Num, Num),
    Before(Index, Bound),
    Same(Index, Index),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Not(Box<Cond>),
}

/// What an index is compared with, or where a range ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    Extent(Extent),
    Index(Index),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    CopyOf(Name, Shape),
    Filled(Num, Shape),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    LetNumber(Name, Num),
    LetIndex(Name, Index),
    LetArray(Name, Made),
    Assign(Name, &'static str, Num),
    AssignIndex(Name, Index),
    /// A whole array, of the same shape.
    AssignArray(Name, Made),
    Store(Element, &'static str, Num),
    /// A row of a matrix is a copy of a vector.
    StoreRow(Name, Index, Name),
    Swap(Name, Index, Index),
    SwapArrays(Name, Name),
    If(Cond, Vec<Stmt>, Vec<Stmt>),
    For {
        label: usize,
        var: Name,
        from: Index,
        to: Bound,
        reversed: bool,
        body: Vec<Stmt>,
    },
    /// `for e in y.iter_mut() { *e = …; }`
    ForEach {
        array: Name,
        var: Name,
        value: Num,
    },
    /// Counts from zero: `while count < limit && going { body; count += 1 }`.
    While {
        label: usize,
        count: Name,
        limit: usize,
        going: Option<Cond>,
        first: bool,
        body: Vec<Stmt>,
    },
    /// The same as `loop { if … { break; } … }`.
    Loop {
        label: usize,
        count: Name,
        limit: usize,
        until: Option<Cond>,
        body: Vec<Stmt>,
    },
    Break(usize),
    Continue(usize),
    Return(Outcome),
}

/// What a program returns: a number and perhaps an array.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub number: Num,
    pub array: Option<(Name, Shape)>,
}

/// What may occur in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Every element that is mentioned exists.
    Total,
    /// Also elements that exist only where a condition holds.
    Guarded,
}

pub fn programs(kind: Kind) -> impl Strategy<Value = Program> {
    let tape = prop::collection::vec(any::<u16>(), 0..500);
    let values = prop::collection::vec(-1.5..1.5f64, 15);
    (tape, values).prop_map(move |(tape, values)| generate::program(kind, &tape, &values))
}

impl Program {
    /// Whether a check of the program fails, with which message. What is no program does not count.
    fn fails(&self, check: &dyn Fn(&Program)) -> Option<String> {
        catch_unwind(|| self.run(&self.arguments)).ok()?;
        let error = catch_unwind(AssertUnwindSafe(|| check(self))).err()?;
        let text = error.downcast_ref::<String>().cloned();
        let text = text.or_else(|| error.downcast_ref::<&str>().map(|text| text.to_string()));
        // A variable that is not there any more is taken for a constant of the user's.
        text.filter(|text| !text.starts_with("refused") && !text.contains("Missing("))
    }

    /// Checks the program; if that fails, panics with the simplest program found for which it does, too.
    pub fn check(self, check: &dyn Fn(&Program)) {
        let Err(error) = catch_unwind(AssertUnwindSafe(|| check(&self))) else { return };
        let Some(mut message) = self.fails(check) else { std::panic::resume_unwind(error) };
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let (mut program, mut left) = (self, ATTEMPTS);
        'simpler: loop {
            for simpler in program.simpler() {
                if left == 0 {
                    break 'simpler;
                }
                left -= 1;
                if let Some(new) = simpler.fails(check) {
                    (program, message) = (simpler, new);
                    continue 'simpler;
                }
            }
            break;
        }
        std::panic::set_hook(hook);
        panic!("{message}\n{program:?}");
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "{}\n{:?}", self.source(), self.arguments)
    }
}

/// The program with an attribute on those of its `for` loops that `which` has a bit for.
pub fn checkpointed(source: &str, attribute: &str, which: u32) -> String {
    let mut count = 0;
    let lines = source.lines().map(|line| {
        if !line.contains(": for ") {
            return line.to_string();
        }
        count += 1;
        if which >> (count % 32) & 1 == 1 { format!("{attribute} {line}") } else { line.to_string() }
    });
    lines.collect::<Vec<_>>().join("\n")
}
