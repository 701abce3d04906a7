//! Copies of whole arrays: what is returned is not copied out of the buffer that it was made in, and what has to be
//! copied is copied in one go.

use super::program::{Expr, Place, Slice, Stmt, Storage};
use super::schedule::{Planner, Root};
use super::visit::{mentions, visit_accesses, visit_blocks};
use crate::ir::Elem;
use crate::ir::ids::Map;

/// What a statement does with a buffer.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Made,
    Read,
    Written,
}

/// Lets each result that is only copied out of another buffer be that buffer. A gradient keeps its name, another result
/// takes the name of what it was copied from.
pub fn return_in_place(mut stmts: Vec<Stmt>, results: &mut [Place], roots: &[Root]) -> Vec<Stmt> {
    for k in 0..results.len() {
        let Some(result) = buffer_name(&results[k]) else { continue };
        let Some((at, from)) = source(&mut stmts, &result) else { continue };
        // A buffer can be given away once.
        if results.iter().any(|place| buffer_name(place).as_ref() == Some(&from)) {
            continue;
        }
        remove_copy(&mut stmts, at, &result);
        let (old, new) = if roots[k].is_gradient { (from, result) } else { (result, from) };
        rename(&mut stmts, results, &old, &new);
    }
    stmts
}

impl Planner<'_> {
    /// A gradient that lies in a buffer made for something else has its own name all the same, unless the user has given
    /// that another.
    pub(super) fn name_gradients(&self, stmts: &mut [Stmt], results: &mut [Place], roots: &[Root]) {
        for (k, root) in roots.iter().enumerate().filter(|(_, root)| root.is_gradient) {
            let Some(name) = buffer_name(&results[k]) else { continue };
            let is_free = !root.name.is_empty() && Uses::of(stmts).count(&root.name) == [0; 3];
            if name != root.name && is_free && !self.is_named_by_user(&name) {
                rename(stmts, results, &name, &root.name);
            }
        }
    }
}

fn rename(stmts: &mut [Stmt], results: &mut [Place], old: &str, new: &str) {
    let mut rename = |name: &mut String, _| {
        if name == old {
            *name = new.to_string();
        }
    };
    visit_buffers(stmts, &mut rename);
    results.iter_mut().for_each(|place| visit_result(place, &mut rename));
}

fn visit_result(place: &mut Place, f: &mut dyn FnMut(&mut String, Use)) {
    match place {
        Place::Buffer(buffer) => f(&mut buffer.name, Use::Read),
        Place::Scalar(value) => {
            let own = std::mem::replace(value, Expr::Tuple(Vec::new()));
            let mut holder = [Stmt::Let { name: String::new(), value: own }];
            visit_buffers(&mut holder, f);
            let [Stmt::Let { value: own, .. }] = holder else { return };
            *value = own;
        }
    }
}

fn buffer_name(place: &Place) -> Option<String> {
    match place {
        Place::Buffer(buffer) => Some(buffer.name.clone()),
        Place::Scalar(_) => None,
    }
}

/// The buffer of the same shape from which one is copied, once and as a whole, and the place of the copy. Before it
/// nothing touches the copy, and after it neither of the two changes.
fn source(stmts: &mut [Stmt], result: &str) -> Option<(usize, String)> {
    let mut all =
        stmts.iter().enumerate().flat_map(|(at, stmt)| copies(stmt).into_iter().map(move |copy| (at, copy)));
    let (at, copy) = all.find(|(_, copy)| copy.to == result)?;
    let shape = Shape::of(stmts, result)?;
    if shape.dims != copy.dims || Shape::of(stmts, copy.from)? != shape {
        return None;
    }
    let from = copy.from.to_string();
    let (before, rest) = stmts.split_at_mut(at);
    let (copying, after) = rest.split_at_mut(1);
    let [before, copying, after] = [before, copying, after].map(Uses::of);
    let is_fresh = before.count(result) == [1, 0, 0] && copying.count(result) == [0, 0, 1];
    let is_there = before.count(&from)[Use::Made as usize] == 1 && copying.count(&from)[1..] == [1, 0];
    let stays = |name: &str| after.count(name)[Use::Written as usize] == 0;
    (is_fresh && is_there && stays(result) && stays(&from)).then_some((at, from))
}

/// How often each buffer is made, read and written.
struct Uses(Map<String, [usize; 3]>);

impl Uses {
    fn of(stmts: &mut [Stmt]) -> Uses {
        let mut counts: Map<String, [usize; 3]> = Map::default();
        visit_buffers(stmts, &mut |name, how| counts.entry(name.clone()).or_default()[how as usize] += 1);
        Uses(counts)
    }

    fn count(&self, name: &str) -> [usize; 3] {
        self.0.get(name).copied().unwrap_or_default()
    }
}

/// `to[i, …] = from[i, …]` in loops over all of it.
struct Copy<'a> {
    to: &'a str,
    from: &'a str,
    dims: Vec<Expr>,
}

/// The copies that some loops, one in the other, make.
fn copies(stmt: &Stmt) -> Vec<Copy<'_>> {
    let (mut vars, mut dims) = (Vec::new(), Vec::new());
    let mut body = std::slice::from_ref(stmt);
    while let [Stmt::For { var, extent, body: inner, .. }] = body {
        vars.push(Expr::name(var));
        dims.push(extent.clone());
        body = inner;
    }
    let found = body.iter().filter_map(|stmt| match stmt {
        Stmt::Store { place, value: Expr::Element(from), add: false }
            if !vars.is_empty() && place.index == vars && from.index == vars && from.base != place.base =>
        {
            Some((place, from))
        }
        _ => None,
    });
    found.map(|(to, from)| Copy { to: &to.base, from: &from.base, dims: dims.clone() }).collect()
}

/// How a buffer lies in memory.
#[derive(PartialEq)]
struct Shape {
    elem: Elem,
    dims: Vec<Expr>,
    storage: Storage,
    heap: Vec<bool>,
}

impl Shape {
    /// That of a buffer made by one of some statements. A flat `Vec` of one axis is a nested one.
    fn of(stmts: &[Stmt], wanted: &str) -> Option<Shape> {
        stmts.iter().find_map(|stmt| match stmt {
            Stmt::Buffer { name, elem, dims, storage, heap, .. } if name == wanted => {
                let (storage, heap) = match storage {
                    Storage::Flat if dims.len() == 1 => (Storage::Nested, vec![true]),
                    Storage::Flat => (Storage::Flat, Vec::new()),
                    Storage::Nested => (Storage::Nested, heap.clone()),
                };
                Some(Shape { elem: *elem, dims: dims.clone(), storage, heap })
            }
            _ => None,
        })
    }
}

/// Removes a buffer and the statement, one of those at a place, that copies to it.
fn remove_copy(stmts: &mut Vec<Stmt>, at: usize, to: &str) {
    fn retain(stmt: &mut Stmt, to: &str) -> bool {
        match stmt {
            Stmt::For { body, .. } => {
                body.retain_mut(|stmt| retain(stmt, to));
                !body.is_empty()
            }
            Stmt::Store { place, .. } => place.base != to,
            _ => true,
        }
    }
    if !retain(&mut stmts[at], to) {
        stmts.remove(at);
    }
    stmts.retain(|stmt| !matches!(stmt, Stmt::Buffer { name, .. } if name == to));
}

/// Calls `f` for each mention of a buffer.
fn visit_buffers(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut String, Use)) {
    visit_accesses(stmts, &mut |access, stored| {
        f(&mut access.base, if stored { Use::Written } else { Use::Read })
    });
    visit_whole(stmts, f);
}

/// As [`visit_buffers`], of those that are used as a whole.
fn visit_whole(stmts: &mut [Stmt], f: &mut dyn FnMut(&mut String, Use)) {
    for stmt in stmts {
        match stmt {
            Stmt::Buffer { name, .. } => f(name, Use::Made),
            Stmt::Refill { name, .. } => f(name, Use::Written),
            Stmt::Push { place, .. } => f(&mut place.base, Use::Written),
            Stmt::Swap { a, b } => [a, b].into_iter().for_each(|name| f(name, Use::Written)),
            Stmt::Split { source, .. } => f(source, Use::Written),
            Stmt::Row { source, mutable, .. } => f(source, if *mutable { Use::Written } else { Use::Read }),
            Stmt::Copy { to, from, declare } => {
                f(to, if *declare { Use::Made } else { Use::Written });
                f(from.name_mut(), Use::Read);
            }
            Stmt::Matmul { c, declare, operands, .. } => {
                f(c, if declare.is_some() { Use::Made } else { Use::Written });
                operands.iter_mut().for_each(|operand| f(operand.slice.name_mut(), Use::Read));
            }
            _ => {}
        }
        visit_blocks(stmt, &mut |body| visit_whole(body, f));
    }
}

/// Copies whole slices and `Vec`s at once. `slices` are those that are given, with their lengths.
pub fn copy_at_once(stmts: &mut Vec<Stmt>, slices: &Map<String, Expr>) {
    let mut lengths: Lengths =
        slices.iter().map(|(name, length)| (name.clone(), (length.clone(), false))).collect();
    let mut changing = Vec::new();
    lengths_of(stmts, &mut lengths, &mut changing);
    // What was made with a length that has changed since has another.
    lengths.retain(|_, (length, _)| !changing.iter().any(|name| mentions(length, name)));
    at_once(stmts, &lengths);
}

/// The lengths of what has one axis, and whether it is a `Vec`.
type Lengths = Map<String, (Expr, bool)>;

/// The lengths of rows, and of the `Vec`s that keep theirs; and the variables that change.
fn lengths_of(stmts: &mut [Stmt], into: &mut Lengths, changing: &mut Vec<String>) {
    for stmt in stmts {
        match stmt {
            Stmt::Buffer { name, dims, storage, heap, .. }
                if dims.len() == 1 && (*storage == Storage::Flat || heap[0]) =>
            {
                into.insert(name.clone(), (dims[0].clone(), true));
            }
            Stmt::Row { name, length, .. } => {
                into.insert(name.clone(), (length.clone(), false));
            }
            Stmt::Push { place, .. } => {
                into.remove(&place.base);
            }
            Stmt::LetMut { name, .. } => changing.push(name.clone()),
            _ => {}
        }
        visit_blocks(stmt, &mut |body| lengths_of(body, into, changing));
    }
}

fn at_once(stmts: &mut Vec<Stmt>, lengths: &Lengths) {
    for stmt in stmts.iter_mut() {
        let copy = match (&*stmt, &copies(stmt)[..]) {
            (Stmt::For { body, .. }, [Copy { to, from, dims }]) if body.len() == 1 && dims.len() == 1 => {
                let known = |name: &str| lengths.get(name).filter(|(length, _)| *length == dims[0]);
                let is_vec = known(from).is_some_and(|(_, is_vec)| *is_vec);
                let is_whole = known(to).is_some() && known(from).is_some();
                let from =
                    if is_vec { Slice::Flat(from.to_string()) } else { Slice::Borrowed(from.to_string()) };
                is_whole.then(|| Stmt::Copy { to: to.to_string(), from, declare: false })
            }
            _ => None,
        };
        match copy {
            Some(copy) => *stmt = copy,
            None => visit_blocks(stmt, &mut |body| at_once(body, lengths)),
        }
    }
    // What is made only to be copied to is made by copying.
    let mut whole: Vec<Stmt> = Vec::with_capacity(stmts.len());
    for mut stmt in std::mem::take(stmts) {
        if let Stmt::Copy { to, declare, .. } = &mut stmt
            && matches!(whole.last(), Some(Stmt::Buffer { name, .. }) if name == to)
        {
            *declare = true;
            whole.pop();
        }
        whole.push(stmt);
    }
    *stmts = whole;
}
