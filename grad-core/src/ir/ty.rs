//! Element types and shapes.

use super::NodeId;

/// A float type; `Open` is that of an unsuffixed literal which has not met a typed neighbour yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Float {
    F32,
    F64,
    Open,
}

/// An integer type; `Open` as in [`Float::Open`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Int {
    Usize,
    Isize,
    I8,
    I16,
    I32,
    I64,
    I128,
    U8,
    U16,
    U32,
    U64,
    U128,
    Open,
}

/// What one element of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Elem {
    Float(Float),
    Int(Int),
    Bool,
}

/// Element type and extents. Extents are `usize` nodes of the same graph; a scalar has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    pub elem: Elem,
    pub shape: Vec<NodeId>,
}

impl Float {
    /// The Rust spelling. An open float is `f64`, as in Rust.
    pub fn rust(self) -> &'static str {
        match self {
            Float::F32 => "f32",
            Float::F64 | Float::Open => "f64",
        }
    }
}

impl Int {
    pub const ALL: [(Int, &'static str); 12] = [
        (Int::Usize, "usize"),
        (Int::Isize, "isize"),
        (Int::I8, "i8"),
        (Int::I16, "i16"),
        (Int::I32, "i32"),
        (Int::I64, "i64"),
        (Int::I128, "i128"),
        (Int::U8, "u8"),
        (Int::U16, "u16"),
        (Int::U32, "u32"),
        (Int::U64, "u64"),
        (Int::U128, "u128"),
    ];

    /// The Rust spelling. An open integer is `i32`, as in Rust.
    pub fn rust(self) -> &'static str {
        Int::ALL.iter().find(|(int, _)| *int == self).map_or("i32", |(_, name)| name)
    }

    /// The type of the distance between two of these.
    pub fn unsigned(self) -> Int {
        match self {
            Int::Isize => Int::Usize,
            Int::I8 => Int::U8,
            Int::I16 => Int::U16,
            Int::I32 => Int::U32,
            Int::I64 => Int::U64,
            Int::I128 => Int::U128,
            other => other,
        }
    }

    pub fn is_unsigned(self) -> bool {
        matches!(self, Int::Usize | Int::U8 | Int::U16 | Int::U32 | Int::U64 | Int::U128)
    }
}

impl Elem {
    pub const USIZE: Elem = Elem::Int(Int::Usize);

    /// The element type that a Rust primitive name stands for.
    pub fn parse(name: &str) -> Option<Elem> {
        match name {
            "f32" => Some(Elem::Float(Float::F32)),
            "f64" => Some(Elem::Float(Float::F64)),
            "bool" => Some(Elem::Bool),
            _ => Int::ALL.iter().find(|(_, n)| *n == name).map(|(int, _)| Elem::Int(*int)),
        }
    }

    pub fn rust(self) -> &'static str {
        match self {
            Elem::Float(float) => float.rust(),
            Elem::Int(int) => int.rust(),
            Elem::Bool => "bool",
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Elem::Float(_))
    }

    pub fn is_open(self) -> bool {
        matches!(self, Elem::Float(Float::Open) | Elem::Int(Int::Open))
    }
}

impl Type {
    pub fn scalar(elem: Elem) -> Type {
        Type { elem, shape: Vec::new() }
    }

    pub fn array(elem: Elem, shape: Vec<NodeId>) -> Type {
        Type { elem, shape }
    }

    pub fn rank(&self) -> usize {
        self.shape.len()
    }

    pub fn is_scalar(&self) -> bool {
        self.shape.is_empty()
    }
}
