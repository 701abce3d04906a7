//! Smart constructors. Each folds only what is true for every value, to the last bit.

use super::NodeId;
use super::graph::Graph;
use super::op::{Cmp, Const, IntOp, Logic, Op, Var};
use super::scalar::Scalar;
use super::ty::{Elem, Float, Int};

impl Graph {
    pub fn float(&mut self, value: f64, float: Float) -> NodeId {
        self.add(Op::Const(Const::Float(value.to_bits(), float)), &[])
    }

    /// The zero of a type: `false` of truth values.
    pub fn zero(&mut self, elem: Elem) -> NodeId {
        match elem {
            Elem::Float(float) => self.float(0.0, float),
            Elem::Int(int) => self.int(0, int),
            Elem::Bool => self.bool(false),
        }
    }

    /// A float constant of the element type of `like`.
    pub fn float_like(&mut self, value: f64, like: NodeId) -> NodeId {
        match self.elem(like) {
            Elem::Float(float) => self.float(value, float),
            _ => self.float(value, Float::Open),
        }
    }

    pub fn int(&mut self, value: i128, int: Int) -> NodeId {
        self.add(Op::Const(Const::Int(value, int)), &[])
    }

    pub fn usize(&mut self, value: usize) -> NodeId {
        self.int(value as i128, Int::Usize)
    }

    pub fn bool(&mut self, value: bool) -> NodeId {
        self.add(Op::Const(Const::Bool(value)), &[])
    }

    pub fn symbol_node(&mut self, text: &str, elem: Elem) -> NodeId {
        let id = self.intern_symbol(text);
        self.add(Op::Symbol(id, elem), &[])
    }

    pub fn index(&mut self, var: Var) -> NodeId {
        self.add(Op::Index(var), &[])
    }

    pub fn as_float(&self, id: NodeId) -> Option<f64> {
        match self.op(id) {
            Op::Const(Const::Float(bits, _)) => Some(f64::from_bits(*bits)),
            _ => None,
        }
    }

    pub fn as_int(&self, id: NodeId) -> Option<i128> {
        match self.op(id) {
            Op::Const(Const::Int(value, _)) => Some(*value),
            _ => None,
        }
    }

    pub fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.op(id) {
            Op::Const(Const::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    pub fn as_index(&self, id: NodeId) -> Option<Var> {
        match self.op(id) {
            Op::Index(var) => Some(*var),
            _ => None,
        }
    }

    /// A literal that has met a typed neighbour takes its type; so do sums and products of such literals.
    pub fn close(&mut self, id: NodeId, elem: Elem) -> NodeId {
        if !self.elem(id).is_open() || elem.is_open() {
            return id;
        }
        match (self.op(id).clone(), elem) {
            (Op::Const(Const::Float(bits, _)), Elem::Float(float)) => self.float(f64::from_bits(bits), float),
            (Op::Const(Const::Int(value, _)), Elem::Int(int)) => self.int(value, int),
            (Op::Symbol(symbol, _), _) => self.add(Op::Symbol(symbol, elem), &[]),
            (Op::Cast(_), _) => self.cast(elem, self.args(id)[0]),
            // What a loop carries has one type: that of its first neighbour, for whoever reads the loop again.
            (Op::Carried(..), _) => {
                self.met.entry(id).or_insert(elem);
                id
            }
            (Op::Final(..), _) if self.rank(id) == 0 => self.add(Op::Cast(elem), &[id]),
            (Op::Final(..), _) => {
                let shape = self.ty(id).shape.clone();
                let vars: Vec<Var> = shape.into_iter().map(|extent| self.fresh_var(extent)).collect();
                let index: Vec<NodeId> = vars.iter().map(|&var| self.index(var)).collect();
                let element = self.read(id, &index);
                let element = self.add(Op::Cast(elem), &[element]);
                self.build(&vars, element)
            }
            (op, _) => {
                let args: Vec<NodeId> =
                    self.args(id).iter().map(|&a| self.close_if_same_kind(a, elem)).collect();
                self.add(op, &args)
            }
        }
    }

    fn close_if_same_kind(&mut self, id: NodeId, elem: Elem) -> NodeId {
        if self.elem(id).is_float() == elem.is_float() { self.close(id, elem) } else { id }
    }

    pub(super) fn close_all(&mut self, args: &[NodeId]) -> Vec<NodeId> {
        let typed = args.iter().map(|&a| self.elem(a)).find(|e| !e.is_open());
        match typed {
            Some(elem) => args.iter().map(|&a| self.close_if_same_kind(a, elem)).collect(),
            None => args.to_vec(),
        }
    }

    /// A scalar function of its operands; open literals take the type of the others.
    pub fn scalar(&mut self, scalar: Scalar, args: &[NodeId]) -> NodeId {
        let args = if scalar == Scalar::Powi { args.to_vec() } else { self.close_all(args) };
        if let Some(id) = self.fold_scalar(scalar, &args) {
            return id;
        }
        self.add(Op::Scalar(scalar), &args)
    }

    fn fold_scalar(&mut self, scalar: Scalar, args: &[NodeId]) -> Option<NodeId> {
        let constant = |g: &Graph, k: usize| args.get(k).and_then(|&a| g.as_float(a));
        match scalar {
            Scalar::Mul if constant(self, 1) == Some(1.0) => Some(args[0]),
            Scalar::Mul if constant(self, 0) == Some(1.0) => Some(args[1]),
            Scalar::Mul => self.scaled_twice(args),
            Scalar::Div if constant(self, 1) == Some(1.0) => Some(args[0]),
            Scalar::Neg => match (self.op(args[0]).clone(), constant(self, 0)) {
                (_, Some(value)) => Some(self.float_like(-value, args[0])),
                (Op::Scalar(Scalar::Neg), _) => Some(self.args(args[0])[0]),
                _ => None,
            },
            // x + (-0.0) is x for every x, -0.0 included.
            Scalar::Add if constant(self, 1).is_some_and(is_negative_zero) => Some(args[0]),
            Scalar::Add if constant(self, 0).is_some_and(is_negative_zero) => Some(args[1]),
            Scalar::Add if args[0] == args[1] => self.doubled(args[0]),
            // The zeroth power of NaN is 1 too.
            Scalar::Powi if self.as_int(args[1]) == Some(1) => Some(args[0]),
            Scalar::Powi if self.as_int(args[1]) == Some(0) => Some(self.float_like(1.0, args[0])),
            Scalar::Powf if constant(self, 1) == Some(1.0) => Some(args[0]),
            Scalar::Powf if constant(self, 1) == Some(0.0) => Some(self.float_like(1.0, args[0])),
            // x - 0.0 is x for every x.
            Scalar::Sub if constant(self, 1).is_some_and(|c| c.to_bits() == 0) => Some(args[0]),
            _ => None,
        }
    }

    pub fn neg(&mut self, a: NodeId) -> NodeId {
        self.scalar(Scalar::Neg, &[a])
    }

    pub fn mul(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.scalar(Scalar::Mul, &[a, b])
    }

    pub fn plus(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.scalar(Scalar::Add, &[a, b])
    }

    pub fn sub(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.scalar(Scalar::Sub, &[a, b])
    }

    pub fn div(&mut self, a: NodeId, b: NodeId) -> NodeId {
        self.scalar(Scalar::Div, &[a, b])
    }

    pub fn compare(&mut self, cmp: Cmp, a: NodeId, b: NodeId) -> NodeId {
        let args = self.close_all(&[a, b]);
        if let (Some(x), Some(y)) = (self.as_int(args[0]), self.as_int(args[1])) {
            return self.bool(cmp.holds(x.cmp(&y)));
        }
        match self.offset_of(args[0]).zip(self.as_int(args[1])) {
            Some((least, bound)) if cmp == Cmp::Lt && least >= bound => self.bool(false),
            Some((least, bound)) if cmp == Cmp::Ge && least >= bound => self.bool(true),
            _ => self.add(Op::Compare(cmp), &args),
        }
    }

    /// `k` of `i + k`, where that is unsigned: it is never less.
    fn offset_of(&self, id: NodeId) -> Option<i128> {
        let is_unsigned = matches!(self.elem(id), Elem::Int(int) if int.is_unsigned());
        let args = self.args(id);
        match self.op(id) {
            Op::Int(IntOp::Add) if is_unsigned => self.as_int(args[0]).or(self.as_int(args[1])),
            _ => None,
        }
    }

    pub fn not(&mut self, a: NodeId) -> NodeId {
        match (self.op(a).clone(), self.as_bool(a)) {
            (_, Some(value)) => self.bool(!value),
            (Op::Logic(Logic::Not), _) => self.args(a)[0],
            _ => self.add(Op::Logic(Logic::Not), &[a]),
        }
    }

    /// `a && b` or `a || b`.
    pub fn logic(&mut self, logic: Logic, a: NodeId, b: NodeId) -> NodeId {
        let absorbing = logic == Logic::Or;
        match (self.as_bool(a), self.as_bool(b)) {
            (Some(value), _) if value == absorbing => a,
            (Some(_), _) => b,
            (_, Some(value)) if value != absorbing => a,
            _ if a == b => a,
            _ if self.not(a) == b => self.bool(absorbing),
            _ => self.add(Op::Logic(logic), &[a, b]),
        }
    }

    /// Integer arithmetic; constants and neutral elements fold.
    pub fn int_op(&mut self, op: IntOp, args: &[NodeId]) -> NodeId {
        let args = if op.takes_u32() { args.to_vec() } else { self.close_all(args) };
        let Elem::Int(int) = self.elem(args[0]) else { return self.add(Op::Int(op), &args) };
        let value = |g: &Graph, k: usize| args.get(k).and_then(|&a| g.as_int(a));
        let folded = match (op, value(self, 0), value(self, 1)) {
            (_, Some(a), Some(b)) => op.fold(int, a, b).map(|v| self.int(v, int)),
            (IntOp::Neg, Some(a), None) if !int.is_unsigned() && a.unsigned_abs() < 128 => {
                Some(self.int(-a, int))
            }
            (IntOp::Add, Some(0), _) | (IntOp::Mul, Some(1), _) => Some(args[1]),
            (IntOp::Add | IntOp::Sub | IntOp::SaturatingSub, _, Some(0))
            | (IntOp::Mul | IntOp::Div, _, Some(1)) => Some(args[0]),
            // `a - (a - b)`, where the difference has been computed.
            (IntOp::Sub, ..)
                if *self.op(args[1]) == Op::Int(IntOp::Sub) && self.args(args[1])[0] == args[0] =>
            {
                Some(self.args(args[1])[1])
            }
            (IntOp::Max, _, Some(0)) if int.is_unsigned() => Some(args[0]),
            (IntOp::Max, Some(0), _) if int.is_unsigned() => Some(args[1]),
            (IntOp::Min | IntOp::Max, ..) if args[0] == args[1] => Some(args[0]),
            (IntOp::Sub, _, Some(k)) => self.less(args[0], k),
            (IntOp::Sub, ..) => self.fold_difference(&args),
            (IntOp::SaturatingSub, _, Some(b)) => self.fold_saturating(&args, b, int),
            (IntOp::SaturatingSub, ..) if *self.op(args[0]) == Op::Int(IntOp::Mul) => {
                self.fold_difference(&args)
            }
            _ => None,
        };
        folded.unwrap_or_else(|| self.add(Op::Int(op), &args))
    }

    /// A sum with `k` less, where one of its terms is a number of at least that.
    fn less(&mut self, sum: NodeId, k: i128) -> Option<NodeId> {
        if let Op::Const(Const::Int(value, int)) = *self.op(sum) {
            return (value >= k && k >= 0).then(|| self.int(value - k, int));
        }
        if *self.op(sum) != Op::Int(IntOp::Add) {
            return None;
        }
        let (a, b) = (self.args(sum)[0], self.args(sum)[1]);
        if let Some(a) = self.less(a, k) {
            return Some(self.int_op(IntOp::Add, &[a, b]));
        }
        self.less(b, k).map(|b| self.int_op(IntOp::Add, &[a, b]))
    }

    /// `(a + b) - b`, `(a + b) - a`, and `a * n - b * n` where `a - b` is one of those: the length of a row.
    fn fold_difference(&mut self, args: &[NodeId]) -> Option<NodeId> {
        let (a, b) = (self.args(args[0]), self.args(args[1]));
        match (self.op(args[0]), self.op(args[1])) {
            (Op::Int(IntOp::Add), _) => {
                (a[1] == args[1]).then_some(a[0]).or((a[0] == args[1]).then_some(a[1]))
            }
            (Op::Int(IntOp::Mul), Op::Int(IntOp::Mul)) => {
                let factors = [(0, 0), (0, 1), (1, 0), (1, 1)];
                let (i, j) = factors.into_iter().find(|&(i, j)| a[i] == b[j])?;
                let rest = self.fold_difference(&[a[1 - i], b[1 - j]])?;
                Some(self.int_op(IntOp::Mul, &[rest, a[i]]))
            }
            _ => None,
        }
    }

    /// `(a + k).saturating_sub(b)` where `b >= k`.
    fn fold_saturating(&mut self, args: &[NodeId], b: i128, int: Int) -> Option<NodeId> {
        if *self.op(args[0]) != Op::Int(IntOp::Add) {
            return None;
        }
        let sum = self.args(args[0]);
        let k = self.as_int(sum[1]).filter(|&k| k <= b)?;
        let rest = self.int(b - k, int);
        Some(self.int_op(IntOp::SaturatingSub, &[sum[0], rest]))
    }

    pub fn cast(&mut self, elem: Elem, a: NodeId) -> NodeId {
        if self.elem(a) == elem {
            return a;
        }
        match (self.op(a), elem) {
            (Op::Const(Const::Int(value, from)), Elem::Int(to))
                if *from == Int::Open || *value >= 0 && *value < 128 =>
            {
                let value = *value;
                self.int(value, to)
            }
            (Op::Const(Const::Int(value, _)), Elem::Float(float)) if value.abs() < 1 << 24 => {
                let value = *value as f64;
                self.float(value, float)
            }
            _ => self.add(Op::Cast(elem), &[a]),
        }
    }

    /// `if c { a } else { b }` on scalars.
    pub fn select(&mut self, c: NodeId, a: NodeId, b: NodeId) -> NodeId {
        let arms = self.close_all(&[a, b]);
        if let Some(folded) = self.fold_choice(c, &arms) {
            return folded;
        }
        let (c, a, b) = match self.op(c) {
            Op::Logic(Logic::Not) => (self.args(c)[0], arms[1], arms[0]),
            _ => (c, arms[0], arms[1]),
        };
        let (a, b) = (self.assuming(c, true, a), self.assuming(c, false, b));
        if self.elem(a) == Elem::Bool {
            let (yes, no) = (self.bool(true), self.bool(false));
            let (a, b) = (if a == c { yes } else { a }, if b == c { no } else { b });
            return self.choose_bool(c, a, b);
        }
        if a == b {
            return a;
        }
        self.add(Op::If, &[c, a, b])
    }

    /// What a branch is where its condition is known to hold (or not to).
    fn assuming(&self, c: NodeId, holds: bool, arm: NodeId) -> NodeId {
        let mut arm = arm;
        while *self.op(arm) == Op::If && self.args(arm)[0] == c {
            arm = self.args(arm)[if holds { 1 } else { 2 }];
        }
        arm
    }

    /// A choice between truth values, as logic.
    fn choose_bool(&mut self, c: NodeId, a: NodeId, b: NodeId) -> NodeId {
        match (self.as_bool(a), self.as_bool(b)) {
            _ if a == b => a,
            (Some(true), _) => self.logic(Logic::Or, c, b),
            (_, Some(false)) => self.logic(Logic::And, c, a),
            (Some(false), _) => {
                let other = self.not(c);
                self.logic(Logic::And, other, b)
            }
            (_, Some(true)) => {
                let other = self.not(c);
                self.logic(Logic::Or, other, a)
            }
            _ => self.add(Op::If, &[c, a, b]),
        }
    }

    fn fold_choice(&self, c: NodeId, arms: &[NodeId]) -> Option<NodeId> {
        match self.as_bool(c) {
            Some(true) => Some(arms[0]),
            Some(false) => Some(arms[1]),
            None => (arms[0] == arms[1]).then_some(arms[0]),
        }
    }

    /// As [`Graph::select`], with both arms computed whatever the condition is.
    pub fn select_strict(&mut self, c: NodeId, a: NodeId, b: NodeId) -> NodeId {
        let arms = self.close_all(&[a, b]);
        self.fold_choice(c, &arms).unwrap_or_else(|| self.add(Op::Select, &[c, arms[0], arms[1]]))
    }
}

fn is_negative_zero(value: f64) -> bool {
    value == 0.0 && value.is_sign_negative()
}

impl Cmp {
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Cmp::Eq => ordering.is_eq(),
            Cmp::Ne => ordering.is_ne(),
            Cmp::Lt => ordering.is_lt(),
            Cmp::Le => ordering.is_le(),
            Cmp::Gt => ordering.is_gt(),
            Cmp::Ge => ordering.is_ge(),
        }
    }

    pub fn rust(self) -> &'static str {
        match self {
            Cmp::Eq => "==",
            Cmp::Ne => "!=",
            Cmp::Lt => "<",
            Cmp::Le => "<=",
            Cmp::Gt => ">",
            Cmp::Ge => ">=",
        }
    }
}

impl IntOp {
    /// The value on constants; `None` where Rust would panic or the result would need its type's width.
    fn fold(self, int: Int, a: i128, b: i128) -> Option<i128> {
        let value = match self {
            IntOp::Add => a.checked_add(b)?,
            IntOp::Sub => a.checked_sub(b)?,
            IntOp::Mul => a.checked_mul(b)?,
            IntOp::Div => a.checked_div(b)?,
            IntOp::Rem => a.checked_rem(b)?,
            IntOp::Min => a.min(b),
            IntOp::Max => a.max(b),
            IntOp::SaturatingSub if int.is_unsigned() => a.saturating_sub(b).max(0),
            _ => return None,
        };
        let wide = matches!(int, Int::Usize | Int::Isize | Int::I64 | Int::U64 | Int::I128 | Int::U128);
        let limit = if wide { 1 << 31 } else { 128 };
        let fits = value.abs() < limit && (value >= 0 || !int.is_unsigned());
        fits.then_some(value)
    }

    /// The Rust operator, or the method where there is none.
    pub fn rust(self) -> Result<&'static str, &'static str> {
        match self {
            IntOp::Add => Ok("+"),
            IntOp::Sub | IntOp::Neg => Ok("-"),
            IntOp::Mul => Ok("*"),
            IntOp::Div => Ok("/"),
            IntOp::Rem => Ok("%"),
            IntOp::BitAnd => Ok("&"),
            IntOp::BitOr => Ok("|"),
            IntOp::BitXor => Ok("^"),
            IntOp::Shl => Ok("<<"),
            IntOp::Shr => Ok(">>"),
            IntOp::Min => Err("min"),
            IntOp::Max => Err("max"),
            IntOp::SaturatingSub => Err("saturating_sub"),
            IntOp::SaturatingAdd => Err("saturating_add"),
            IntOp::WrappingAdd => Err("wrapping_add"),
            IntOp::WrappingSub => Err("wrapping_sub"),
            IntOp::WrappingMul => Err("wrapping_mul"),
            IntOp::Pow => Err("pow"),
            IntOp::RotateLeft => Err("rotate_left"),
            IntOp::RotateRight => Err("rotate_right"),
            IntOp::CountOnes => Err("count_ones"),
            IntOp::LeadingZeros => Err("leading_zeros"),
            IntOp::TrailingZeros => Err("trailing_zeros"),
            IntOp::Ilog2 => Err("ilog2"),
            IntOp::Isqrt => Err("isqrt"),
            IntOp::NextPowerOfTwo => Err("next_power_of_two"),
        }
    }
}
