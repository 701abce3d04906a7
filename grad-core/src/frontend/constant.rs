//! Constants of the standard library: `f64::EPSILON`, `std::f64::consts::PI`, `i32::MAX`.

use super::reader::Reader;
use super::value::Val;
use crate::ir::{Elem, Float, Int, NodeId};

impl Reader {
    /// Constants of the standard library whose type, and if it prints well whose value, is known.
    pub fn known_constant(&mut self, segments: &[&str]) -> Option<Val> {
        let (&name, owners) = segments.split_last()?;
        let elem = owners.iter().rev().find_map(|owner| Elem::parse(owner))?;
        match elem {
            Elem::Float(float) if owners.last() == Some(&"consts") => {
                let text = segments.join("::");
                Some(Val::Scalar(self.graph.symbol_node(&text, Elem::Float(float))))
            }
            Elem::Float(float) => {
                let value = float_constant(name, float)?;
                Some(Val::Scalar(self.graph.float(value, float)))
            }
            Elem::Int(int) => Some(Val::Scalar(self.int_constant(name, int)?)),
            Elem::Bool => None,
        }
    }

    fn int_constant(&mut self, name: &str, int: Int) -> Option<NodeId> {
        let (min, max) = match int {
            Int::I8 => (i8::MIN.into(), i8::MAX.into()),
            Int::I16 => (i16::MIN.into(), i16::MAX.into()),
            Int::I32 | Int::Open => (i32::MIN.into(), i32::MAX.into()),
            Int::I64 => (i64::MIN.into(), i64::MAX.into()),
            Int::U8 => (0, u8::MAX.into()),
            Int::U16 => (0, u16::MAX.into()),
            Int::U32 => (0, u32::MAX.into()),
            Int::U64 => (0, u64::MAX.into()),
            // These have the width of the target, or more than a constant holds.
            Int::Usize | Int::Isize | Int::I128 | Int::U128 => {
                return matches!(name, "MAX" | "MIN" | "BITS")
                    .then(|| self.graph.symbol_node(&format!("{}::{name}", int.rust()), Elem::Int(int)));
            }
        };
        match name {
            "MIN" => Some(self.graph.int(min, int)),
            "MAX" => Some(self.graph.int(max, int)),
            _ => None,
        }
    }
}

fn float_constant(name: &str, float: Float) -> Option<f64> {
    let of = |single: f32, double: f64| if float == Float::F32 { f64::from(single) } else { double };
    Some(match name {
        "INFINITY" => f64::INFINITY,
        "NEG_INFINITY" => f64::NEG_INFINITY,
        "NAN" => f64::NAN,
        "MAX" => of(f32::MAX, f64::MAX),
        "MIN" => of(f32::MIN, f64::MIN),
        "MIN_POSITIVE" => of(f32::MIN_POSITIVE, f64::MIN_POSITIVE),
        "EPSILON" => of(f32::EPSILON, f64::EPSILON),
        _ => return None,
    })
}
