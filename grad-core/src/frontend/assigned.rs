//! Which names a piece of the program may assign to, from its tokens alone: a first guess of what a loop carries.

use syn::visit::Visit;
use syn::{BinOp, Block, Expr};

/// The names of variables that a block may assign to, each once.
pub fn assigned(block: &Block) -> Vec<String> {
    let mut found = Assigned::default();
    found.visit_block(block);
    found.names
}

/// Whether an expression may assign to a variable.
pub fn changes_something(expr: &Expr) -> bool {
    let mut found = Assigned::default();
    found.visit_expr(expr);
    !found.names.is_empty()
}

#[derive(Default)]
struct Assigned {
    names: Vec<String>,
}

/// Methods that change what they are called on.
pub const CHANGING: [&str; 48] = [
    "push",
    "fill",
    "swap",
    "copy_from_slice",
    "clone_from_slice",
    "extend",
    "extend_from_slice",
    "resize",
    "truncate",
    "clear",
    "reverse",
    "iter_mut",
    "chunks_exact_mut",
    "chunks_mut",
    "split_at_mut",
    "as_mut_slice",
    "assign",
    "scaled_add",
    "mapv_inplace",
    "row_mut",
    "column_mut",
    "last_mut",
    "first_mut",
    "rotate_left",
    "rotate_right",
    "insert",
    "pop",
    "rows_mut",
    "outer_iter_mut",
    "append",
    "remove",
    "swap_remove",
    "retain",
    "dedup",
    "sort",
    "sort_by",
    "sort_by_key",
    "sort_by_cached_key",
    "sort_unstable",
    "sort_unstable_by",
    "sort_unstable_by_key",
    "fill_with",
    "copy_within",
    "get_mut",
    "split_first_mut",
    "split_last_mut",
    "take",
    "replace",
];

impl Assigned {
    fn name(&mut self, name: String) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    /// The variable at the root of a place.
    fn root(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => {
                if let Some(ident) = path.path.get_ident() {
                    self.name(ident.to_string());
                }
            }
            Expr::Field(field) => self.root(&field.base),
            Expr::Index(index) => self.root(&index.expr),
            Expr::Unary(unary) => self.root(&unary.expr),
            Expr::Paren(inner) => self.root(&inner.expr),
            Expr::Group(inner) => self.root(&inner.expr),
            Expr::Reference(inner) => self.root(&inner.expr),
            Expr::MethodCall(call) => self.root(&call.receiver),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|part| self.root(part)),
            Expr::Array(array) => array.elems.iter().for_each(|part| self.root(part)),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Assigned {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.root(&assign.left);
        syn::visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_compound(&binary.op) {
            self.root(&binary.left);
        }
        syn::visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_reference(&mut self, reference: &'ast syn::ExprReference) {
        if reference.mutability.is_some() {
            self.root(&reference.expr);
        }
        syn::visit::visit_expr_reference(self, reference);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if CHANGING.iter().any(|name| call.method == name) {
            self.root(&call.receiver);
        }
        syn::visit::visit_expr_method_call(self, call);
    }
}

/// `+=` and its like.
pub fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether a block has a `break` or `continue`, of whatever loop.
pub fn leaves_early(block: &Block) -> bool {
    let mut found = Exits(false);
    found.visit_block(block);
    found.0
}

struct Exits(bool);

impl<'ast> Visit<'ast> for Exits {
    fn visit_expr_break(&mut self, _: &'ast syn::ExprBreak) {
        self.0 = true;
    }

    fn visit_expr_continue(&mut self, _: &'ast syn::ExprContinue) {
        self.0 = true;
    }
}
