//! Where a row begins: what an index leaves when the variable of the loop is taken out of it, whether that can be computed
//! before the loop, and which of two places comes first.

use super::program::{Access, Expr};
use super::visit::mentions;
use crate::ir::{Const, Int, IntOp};

pub fn zero() -> Expr {
    Expr::Const(Const::Int(0, Int::Usize))
}

pub fn one() -> Expr {
    Expr::Const(Const::Int(1, Int::Usize))
}

/// The loops around a statement, with their extents.
#[derive(Default)]
pub struct Around(Vec<(String, Expr)>);

impl Around {
    pub fn open(&mut self, var: &str, extent: &Expr) {
        self.0.push((var.to_string(), extent.clone()));
    }

    pub fn close(&mut self) {
        self.0.pop();
    }

    /// Whether an extent is not known to the compiler: of the others it sees the bounds by itself.
    pub fn is_run_time(&self, extent: &Expr) -> bool {
        match extent {
            Expr::Name(_) | Expr::Element(_) => true,
            Expr::Int(_, parts) => parts.iter().any(|part| self.is_run_time(part)),
            Expr::Cast(_, inner) => self.is_run_time(inner),
            _ => false,
        }
    }

    /// Whether an integer can be computed where nothing asks for it, as before a loop that does not run.
    pub fn cannot_fail(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Name(_) | Expr::Symbol(_) | Expr::Const(_) => true,
            Expr::Cast(_, inner) => self.cannot_fail(inner),
            Expr::Int(IntOp::Sub, parts) => self.is_mirrored(parts),
            Expr::Int(IntOp::Div | IntOp::Rem, parts) => {
                let is_fixed = matches!(parts[1], Expr::Const(Const::Int(by, _)) if by > 0);
                is_fixed && self.cannot_fail(&parts[0])
            }
            Expr::Int(IntOp::Add | IntOp::Mul | IntOp::Min | IntOp::Max | IntOp::SaturatingSub, parts) => {
                parts.iter().all(|part| self.cannot_fail(part))
            }
            Expr::Element(access) => self.exists(access),
            _ => false,
        }
    }

    /// `n - 1 - i` in a loop over `i` below `n`.
    fn is_mirrored(&self, parts: &[Expr]) -> bool {
        match parts {
            [Expr::Int(IntOp::Sub, last), Expr::Name(var)] => {
                last[1] == one() && self.0.iter().any(|(own, extent)| own == var && *extent == last[0])
            }
            _ => false,
        }
    }

    /// Whether an element is certainly there: its indices run over the extents of its buffer.
    fn exists(&self, access: &Access) -> bool {
        access.dims.len() == access.index.len()
            && access.index.iter().zip(&access.dims).all(|(index, dim)| self.runs_over(index, dim))
    }

    /// Whether an index is that of a loop of this extent.
    pub fn runs_over(&self, index: &Expr, dim: &Expr) -> bool {
        self.0.iter().any(|(var, extent)| *index == Expr::name(var) && extent == dim)
    }

    /// `n - (i + 1)` for `n.saturating_sub(i + 1)` in a loop over `i` below `n`.
    pub fn simplified(&self, extent: &Expr) -> Expr {
        match extent {
            Expr::Int(IntOp::SaturatingSub, parts) => match &parts[1] {
                Expr::Int(IntOp::Add, next) if next[1] == one() && self.runs_over(&next[0], &parts[0]) => {
                    Expr::Int(IntOp::Sub, parts.clone())
                }
                own if self.runs_over(own, &parts[0]) => Expr::Int(IntOp::Sub, parts.clone()),
                _ => extent.clone(),
            },
            _ => extent.clone(),
        }
    }
}

/// Whether an offset is zero where a length is: `k * n` where `n` is.
pub fn vanishes_with(offset: &Expr, length: &Expr) -> bool {
    if offset == length || *offset == zero() {
        return true;
    }
    match offset {
        Expr::Int(IntOp::Mul, parts) => parts.iter().any(|part| vanishes_with(part, length)),
        Expr::Int(IntOp::Add, parts) => parts.iter().all(|part| vanishes_with(part, length)),
        Expr::Int(IntOp::Div | IntOp::SaturatingSub, parts) => vanishes_with(&parts[0], length),
        _ => false,
    }
}

/// What is added to a variable in an index: `b` of `b + var`.
pub fn remainder(index: &Expr, var: &str) -> Option<Expr> {
    match index {
        Expr::Name(own) if own == var => Some(zero()),
        Expr::Int(IntOp::Add, parts) => {
            let [a, b] = &parts[..] else { return None };
            let is_zero = |e: &Expr| *e == zero();
            let rest = match (mentions(a, var), mentions(b, var)) {
                (true, false) => [remainder(a, var)?, b.clone()],
                (false, true) => [a.clone(), remainder(b, var)?],
                _ => return None,
            };
            match rest {
                [a, b] if is_zero(&a) => Some(b),
                [a, b] if is_zero(&b) => Some(a),
                [Expr::Const(Const::Int(a, int)), Expr::Const(Const::Int(b, _))] => {
                    Some(Expr::Const(Const::Int(a + b, int)))
                }
                rest => Some(Expr::Int(IntOp::Add, rest.to_vec())),
            }
        }
        _ => None,
    }
}

/// A sum of products of what is never negative: coefficients by their sorted factors.
type Polynomial = Vec<(Vec<String>, i128)>;

/// Whether one unsigned integer is at most another, whatever their parts are.
pub fn is_at_most(a: &Expr, b: &Expr) -> bool {
    let Some(difference) = subtract(polynomial(b, false), polynomial(a, true)) else { return false };
    difference.iter().all(|(_, coefficient)| *coefficient >= 0)
}

fn subtract(a: Option<Polynomial>, b: Option<Polynomial>) -> Option<Polynomial> {
    Some(plus(a?, b?, -1))
}

fn plus(mut a: Polynomial, b: Polynomial, factor: i128) -> Polynomial {
    for (atoms, coefficient) in b {
        match a.iter_mut().find(|(own, _)| *own == atoms) {
            Some((_, own)) => *own += factor * coefficient,
            None => a.push((atoms, factor * coefficient)),
        }
    }
    a
}

/// An expression multiplied out, or what it is at most.
fn polynomial(expr: &Expr, at_most: bool) -> Option<Polynomial> {
    let atom = || Some(vec![(vec![format!("{expr:?}")], 1)]);
    match expr {
        Expr::Const(Const::Int(value, _)) => Some(vec![(Vec::new(), *value)]),
        Expr::Int(IntOp::Add, parts) => {
            let (a, b) = (polynomial(&parts[0], at_most)?, polynomial(&parts[1], at_most)?);
            Some(plus(a, b, 1))
        }
        Expr::Int(IntOp::Mul, parts) => {
            let (a, b) = (polynomial(&parts[0], at_most)?, polynomial(&parts[1], at_most)?);
            let mut product = Polynomial::new();
            for (left, x) in &a {
                for (right, y) in &b {
                    let mut atoms = [&left[..], &right[..]].concat();
                    atoms.sort();
                    product = plus(product, vec![(atoms, x * y)], 1);
                }
            }
            Some(product)
        }
        Expr::Int(IntOp::Sub, parts) => {
            subtract(polynomial(&parts[0], at_most), polynomial(&parts[1], false))
        }
        Expr::Int(IntOp::SaturatingSub, parts) if at_most => polynomial(&parts[0], at_most),
        Expr::Int(IntOp::Min, parts) if at_most => polynomial(&parts[0], at_most),
        Expr::Name(_) | Expr::Symbol(_) | Expr::Int(..) | Expr::Cast(..) | Expr::Element(_) => atom(),
        _ => None,
    }
}
