//! Integers, casts and comparisons as Rust does them with overflow checks on.

use super::value::{EvalError, Value};
use crate::ir::{Cmp, Elem, Float, Fold, Int, IntOp, NodeId};

/// Width in bits and whether there is a sign. `usize` has 64 bits, an open integer is an `i32`.
fn width(int: Int) -> (u32, bool) {
    match int {
        Int::Usize | Int::U64 => (64, false),
        Int::Isize | Int::I64 => (64, true),
        Int::I8 => (8, true),
        Int::I16 => (16, true),
        Int::I32 | Int::Open => (32, true),
        Int::I128 => (128, true),
        Int::U8 => (8, false),
        Int::U16 => (16, false),
        Int::U32 => (32, false),
        Int::U128 => (128, false),
    }
}

/// The least and the greatest value. Those of `u128` end with `i128`.
pub fn range(int: Int) -> (i128, i128) {
    match width(int) {
        (128, true) => (i128::MIN, i128::MAX),
        (128, false) => (0, i128::MAX),
        (bits, true) => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
        (bits, false) => (0, (1 << bits) - 1),
    }
}

/// The value that the low bits stand for.
fn wrap(value: i128, int: Int) -> i128 {
    match width(int) {
        (128, _) => value,
        (bits, true) => value << (128 - bits) >> (128 - bits),
        (bits, false) => value & ((1 << bits) - 1),
    }
}

pub fn int_op(node: NodeId, op: IntOp, elem: Elem, args: &[&Value]) -> Result<Value, EvalError> {
    match (elem, args) {
        (Elem::Bool, [Value::Bool(a), Value::Bool(b)]) => match op {
            IntOp::BitAnd => Ok(Value::Bool(a & b)),
            IntOp::BitOr => Ok(Value::Bool(a | b)),
            IntOp::BitXor => Ok(Value::Bool(a ^ b)),
            _ => Err(EvalError::Type(node)),
        },
        (Elem::Int(int), [Value::Int(a)]) => unary(node, op, int, *a).map(Value::Int),
        (Elem::Int(int), [Value::Int(a), Value::Int(b)]) => binary(node, op, int, *a, *b).map(Value::Int),
        _ => Err(EvalError::Type(node)),
    }
}

fn unary(node: NodeId, op: IntOp, int: Int, a: i128) -> Result<i128, EvalError> {
    let (bits, _) = width(int);
    // The bits of the value in its own width.
    let own = a as u128 & (u128::MAX >> (128 - bits));
    let value = match op {
        IntOp::Neg => a.checked_neg(),
        IntOp::CountOnes => Some(i128::from(own.count_ones())),
        IntOp::LeadingZeros => Some(i128::from(own.leading_zeros() - (128 - bits))),
        IntOp::TrailingZeros => Some(i128::from(own.trailing_zeros().min(bits))),
        IntOp::Ilog2 => a.checked_ilog2().map(i128::from),
        IntOp::Isqrt => a.checked_isqrt(),
        IntOp::NextPowerOfTwo => own.checked_next_power_of_two().and_then(|n| i128::try_from(n).ok()),
        _ => return Err(EvalError::Type(node)),
    };
    if op.is_u32() { value.ok_or(EvalError::Overflow(node)) } else { checked(node, int, value) }
}

fn binary(node: NodeId, op: IntOp, int: Int, a: i128, b: i128) -> Result<i128, EvalError> {
    let (least, greatest) = range(int);
    if matches!(op, IntOp::Div | IntOp::Rem) && b == 0 {
        return Err(EvalError::DivisionByZero(node));
    }
    let shift = || u32::try_from(b).ok().filter(|&b| b < width(int).0);
    let value = match op {
        IntOp::Add => a.checked_add(b),
        IntOp::Sub => a.checked_sub(b),
        IntOp::Mul => a.checked_mul(b),
        IntOp::Div => a.checked_div(b),
        // As in Rust, the remainder overflows where the quotient does.
        IntOp::Rem if a == least && b == -1 => None,
        IntOp::Rem => a.checked_rem(b),
        IntOp::Neg => return Err(EvalError::Type(node)),
        IntOp::Min => Some(a.min(b)),
        IntOp::Max => Some(a.max(b)),
        IntOp::SaturatingSub => Some(a.saturating_sub(b).clamp(least, greatest)),
        IntOp::BitAnd => Some(a & b),
        IntOp::BitOr => Some(a | b),
        IntOp::BitXor => Some(a ^ b),
        IntOp::Shl => shift().map(|b| wrap(a << b, int)),
        IntOp::Shr => shift().map(|b| a >> b),
        IntOp::WrappingAdd => Some(wrap(a.wrapping_add(b), int)),
        IntOp::WrappingSub => Some(wrap(a.wrapping_sub(b), int)),
        IntOp::WrappingMul => Some(wrap(a.wrapping_mul(b), int)),
        IntOp::SaturatingAdd => Some(a.saturating_add(b).clamp(least, greatest)),
        IntOp::Pow => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
        IntOp::RotateLeft | IntOp::RotateRight => {
            let (bits, _) = width(int);
            let by = u32::try_from(b).unwrap_or(0) % bits;
            let left = if op == IntOp::RotateLeft { by } else { (bits - by) % bits };
            let own = a as u128 & (u128::MAX >> (128 - bits));
            let turned = own << left | own.checked_shr(bits - left).unwrap_or(0);
            Some(wrap(turned as i128, int))
        }
        IntOp::CountOnes
        | IntOp::LeadingZeros
        | IntOp::TrailingZeros
        | IntOp::Ilog2
        | IntOp::Isqrt
        | IntOp::NextPowerOfTwo => return Err(EvalError::Type(node)),
    };
    checked(node, int, value)
}

/// A result, if there is one and it fits its type.
fn checked(node: NodeId, int: Int, value: Option<i128>) -> Result<i128, EvalError> {
    let (least, greatest) = range(int);
    value.filter(|v| (least..=greatest).contains(v)).ok_or(EvalError::Overflow(node))
}

/// `value as elem`.
pub fn cast(node: NodeId, elem: Elem, value: &Value) -> Result<Value, EvalError> {
    Ok(match (elem, value) {
        (Elem::Float(_), Value::Float(x)) => Value::Float(*x),
        (Elem::Float(Float::F32 | Float::F64 | Float::Open), Value::Int(x)) => Value::Float(*x as f64),
        (Elem::Int(int), Value::Int(x)) => Value::Int(wrap(*x, int)),
        (Elem::Int(int), Value::Float(x)) => {
            let (least, greatest) = range(int);
            Value::Int((*x as i128).clamp(least, greatest))
        }
        (Elem::Int(_), Value::Bool(x)) => Value::Int(i128::from(*x)),
        (Elem::Bool, Value::Bool(x)) => Value::Bool(*x),
        _ => return Err(EvalError::Type(node)),
    })
}

pub fn compare(node: NodeId, cmp: Cmp, a: &Value, b: &Value) -> Result<Value, EvalError> {
    let ordering = match (a, b) {
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        _ => return Err(EvalError::Type(node)),
    };
    // With a NaN, nothing holds but `!=`.
    Ok(Value::Bool(ordering.map_or(cmp == Cmp::Ne, |o| cmp.holds(o))))
}

/// One step of a reduction.
pub fn fold(node: NodeId, fold: Fold, elem: Elem, sum: &Value, next: &Value) -> Result<Value, EvalError> {
    match (elem, sum, next) {
        (_, Value::Float(a), Value::Float(b)) => Ok(Value::Float((fold.scalar().row().eval)(&[*a, *b]))),
        (elem, Value::Int(_), Value::Int(_)) => {
            let op = match fold {
                Fold::Sum => IntOp::Add,
                Fold::Max => IntOp::Max,
                Fold::Min => IntOp::Min,
            };
            int_op(node, op, elem, &[sum, next])
        }
        _ => Err(EvalError::Type(node)),
    }
}

/// Whether `next` takes the place of `best` as the greatest (least) so far: NaNs lose, ties stay.
pub fn beats(fold: Fold, next: &Value, best: &Value) -> bool {
    match (next, best) {
        (Value::Float(next), Value::Float(best)) => {
            let better = if fold == Fold::Min { next < best } else { next > best };
            better || best.is_nan() && !next.is_nan()
        }
        (Value::Int(next), Value::Int(best)) => {
            if fold == Fold::Min {
                next < best
            } else {
                next > best
            }
        }
        _ => false,
    }
}
