//! The plan: what is computed where, in which order and under which name. All decisions have been taken.

use crate::ir::message::Message;
use crate::ir::{Cmp, Const, Elem, IntOp, Logic, NodeId, Scalar, Var};

/// A whole function body.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The run-time extents in use: parameter, axis and the name each is bound to on entry.
    pub extents: Vec<(u32, u32, String)>,
    pub stmts: Vec<Stmt>,
    /// What the roots have become, in their order.
    pub results: Vec<Place>,
    /// What is kept of the forward computation for the sweep backwards.
    pub saved: Vec<Saved>,
}

/// A buffer with values of the forward computation.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The extents that are known when it is made.
    pub extents: Vec<NodeId>,
    /// Whether it has so much room for each iteration of loops without a bound.
    pub grows: bool,
    /// Whether it serves one iteration of a loop after the other.
    pub in_loop: bool,
}

/// Where a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A scalar expression.
    Scalar(Expr),
    /// A buffer: its elements are at the indices `prefix` followed by those of the value.
    Buffer(Buffer),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Buffer {
    pub name: String,
    /// The variables at which the value is stored, when it is one of many.
    pub prefix: Vec<Var>,
    pub dims: Vec<Expr>,
    pub storage: Storage,
    /// An array literal, which lies on the stack.
    pub literal: bool,
}

/// A sequence of statements and the value at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    pub value: Option<Box<Expr>>,
}

impl Block {
    /// A block that is only a value.
    pub fn of(value: Expr) -> Block {
        Block { stmts: Vec::new(), value: Some(Box::new(value)) }
    }

    /// Some statements and a value. What is bound last only to be that value needs no name.
    pub fn ending_in(mut stmts: Vec<Stmt>, value: Expr) -> Block {
        let own = match (stmts.last(), &value) {
            (Some(Stmt::Let { name, value: bound }), Expr::Name(used)) if name == used => Some(bound.clone()),
            (Some(Stmt::LetTuple { names, value: bound }), Expr::Tuple(parts)) => {
                let place = |part: &Expr| names.iter().position(|name| *part == Expr::name(name));
                let places: Vec<Option<usize>> = parts.iter().map(place).collect();
                let rest_is_constant = parts
                    .iter()
                    .zip(&places)
                    .all(|(part, at)| at.is_some() || matches!(part, Expr::Const(_)));
                let is_whole = places.iter().flatten().count() == names.len();
                (rest_is_constant && is_whole).then(|| bound.clone().rearranged(&places, parts))
            }
            _ => None,
        };
        if own.is_some() {
            stmts.pop();
        }
        Block { stmts, value: Some(Box::new(own.unwrap_or(value))) }
    }

    fn rearranged(self, places: &[Option<usize>], parts: &[Expr]) -> Block {
        Block { value: self.value.map(|value| Box::new(value.rearranged(places, parts))), ..self }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `let name = value;`
    Let {
        name: String,
        value: Expr,
    },
    /// `let (name, …) = value;`
    LetTuple {
        names: Vec<String>,
        value: Expr,
    },
    /// `let mut name = value;`, with the type where nothing else fixes it.
    LetMut {
        name: String,
        elem: Elem,
        value: Expr,
    },
    /// A buffer filled with one value: nested arrays (`Vec`s where `heap` says so), or a flat `Vec`.
    Buffer {
        name: String,
        elem: Elem,
        fill: f64,
        dims: Vec<Expr>,
        storage: Storage,
        heap: Vec<bool>,
    },
    /// `to.copy_from_slice(&from);`, or `let mut to = from.to_vec();`
    Copy {
        to: String,
        from: Slice,
        declare: bool,
    },
    /// `name.fill(value);` on a buffer that is used again.
    Refill {
        name: String,
        fill: f64,
        elem: Elem,
        storage: Storage,
        rank: usize,
    },
    /// `swap(&mut a, &mut b);` of two buffers.
    Swap {
        a: String,
        b: String,
    },
    /// `place = value;` or `place += value;`
    Store {
        place: Access,
        value: Expr,
        add: bool,
    },
    /// `name = value;`
    Assign {
        name: String,
        value: Expr,
    },
    /// `name += value;`
    AddAssign {
        name: String,
        value: Expr,
    },
    For {
        var: String,
        extent: Expr,
        reversed: bool,
        body: Vec<Stmt>,
    },
    /// A loop that asks before each iteration: after the statements of `head`, whether to stop. At most `bound`
    /// iterations, counted by a variable.
    While {
        bound: Option<(String, Expr)>,
        head: Vec<Stmt>,
        until: Expr,
        body: Vec<Stmt>,
    },
    /// `place.push(…);`: room for one more iteration, of these extents, filled with one value.
    Push {
        place: Access,
        elem: Elem,
        fill: f64,
        dims: Vec<Expr>,
    },
    If {
        condition: Expr,
        then: Vec<Stmt>,
        otherwise: Vec<Stmt>,
    },
    /// `panic!(…);`: its message, and the numbers that this shows.
    Panic {
        message: Message,
        shown: Vec<Expr>,
    },
    /// `let name = &source[prefix…];`, or `&mut`: the part of a flat buffer over which an inner loop runs.
    Row {
        name: String,
        mutable: bool,
        source: String,
        offset: Expr,
        length: Expr,
    },
    /// `let (low, high) = source.split_at_mut(at);`: two rows of one buffer of which at least one is written.
    Split {
        low: String,
        high: String,
        source: String,
        at: Expr,
    },
    /// `c = a · b`, row-major, by the matrix kernel; `declare`: into a new `Vec`, which may
    /// have to be mutable. The extents are those of the
    /// rows, of the sum and of the columns.
    Matmul {
        c: String,
        nested: bool,
        declare: Option<Mutable>,
        operands: Box<[Matrix; 2]>,
        extents: Box<[Expr; 3]>,
    },
}

/// Whether a variable is assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutable(pub bool);

/// An operand of a matrix product: a flat slice with its strides.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub slice: Slice,
    pub row_stride: Expr,
    pub column_stride: Expr,
}

/// How elements are seen as one slice.
#[derive(Clone, Debug, PartialEq)]
pub enum Slice {
    /// It is one.
    Borrowed(String),
    /// A `Vec`.
    Flat(String),
    /// A nested array: `name.as_flattened()`.
    Nested(String),
}

impl Slice {
    pub fn name_mut(&mut self) -> &mut String {
        match self {
            Slice::Borrowed(name) | Slice::Flat(name) | Slice::Nested(name) => name,
        }
    }
}

/// How a buffer lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// `a[i][j]`
    Nested,
    /// `a[i * n + j]`
    Flat,
}

/// An element of a buffer or parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    pub base: String,
    pub index: Vec<Expr>,
    /// The extents, for flat storage.
    pub dims: Vec<Expr>,
    pub storage: Storage,
    /// Some index after the first is not known to be within its axis: in flat storage it would silently reach
    /// into another row.
    pub checked: bool,
}

impl Access {
    /// `base[index]…`, as deep as there are indices.
    pub fn nested(base: &str, index: Vec<Expr>) -> Access {
        let (base, dims) = (base.to_string(), Vec::new());
        Access { base, index, dims, storage: Storage::Nested, checked: false }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Name(String),
    Const(Const),
    /// Text of the user's program.
    Symbol(String),
    Scalar(Scalar, Vec<Expr>),
    Compare(Cmp, Box<Expr>, Box<Expr>),
    Logic(Logic, Vec<Expr>),
    Int(IntOp, Vec<Expr>),
    Cast(Elem, Box<Expr>),
    Element(Access),
    /// `name.len()`
    Len(String),
    If(Box<Expr>, Block, Block),
    Block(Block),
    /// The values of a block that has several.
    Tuple(Vec<Expr>),
    /// An array literal, nested.
    Array(Vec<Expr>),
}

impl Expr {
    pub fn name(name: &str) -> Expr {
        Expr::Name(name.to_string())
    }

    /// The values of a block that has several, each at its place among other `parts`.
    fn rearranged(self, places: &[Option<usize>], parts: &[Expr]) -> Expr {
        match self {
            Expr::Tuple(own) => {
                let part = |(at, part): (&Option<usize>, &Expr)| at.map_or(part.clone(), |k| own[k].clone());
                Expr::Tuple(places.iter().zip(parts).map(part).collect())
            }
            Expr::If(c, then, otherwise) => {
                Expr::If(c, then.rearranged(places, parts), otherwise.rearranged(places, parts))
            }
            Expr::Block(block) => Expr::Block(block.rearranged(places, parts)),
            other => other,
        }
    }

    /// How deeply operators and calls nest.
    pub fn depth(&self) -> usize {
        let deepest = |parts: &[Expr]| 1 + parts.iter().map(Expr::depth).max().unwrap_or(0);
        match self {
            Expr::Name(_)
            | Expr::Const(_)
            | Expr::Symbol(_)
            | Expr::Element(_)
            | Expr::Len(_)
            | Expr::Block(_) => 0,
            Expr::Scalar(_, parts) | Expr::Logic(_, parts) | Expr::Int(_, parts) => deepest(parts),
            Expr::Compare(_, a, b) => 1 + a.depth().max(b.depth()),
            Expr::Cast(_, a) => a.depth(),
            Expr::If(c, ..) => 2 + c.depth(),
            Expr::Array(parts) | Expr::Tuple(parts) => deepest(parts),
        }
    }
}
