//! What a traced derivative reports of: the values that `let` and plain assignments name.
//!
//! To each such value a zero is added that is an input of its own: a shift. The cotangent of the value is the gradient
//! with respect to its shift, in loops as anywhere else, whatever becomes of the value on the way; a shift is `-0.0`,
//! which leaves every float as it is, and goes once the function has been differentiated. A function is read with
//! shifts for its traced derivative only: the others never see them.

use proc_macro2::Span;

use super::place::Place;
use super::reader::Reader;
use super::spans::Read;
use super::value::{Array, Val};
use crate::ir::function::Param;
use crate::ir::ids::{IdSet, Map};
use crate::ir::{IntOp, Logic, NodeId, Op, Origin, Var};

/// What is kept of the values that have been named so far.
#[derive(Default)]
pub struct Tracer {
    pub sites: Vec<Site>,
    /// What a derivative may be asked for with respect to.
    inputs: IdSet,
    /// The conditions under which the present place is reached.
    conditions: Vec<NodeId>,
    /// Whether the pattern that is being bound is that of a `let`.
    at_let: bool,
    /// For the variable of a loop, the one over which its iterations are where they need no order.
    unordered: Map<Var, Var>,
}

/// A value that has been named.
pub struct Site {
    pub name: String,
    pub value: NodeId,
    /// The number of its shift.
    pub number: u32,
    /// The binders around it, outermost first.
    pub binders: Vec<Var>,
    /// Their extents and those of the value, where they can be asked for.
    pub extents: Vec<NodeId>,
    /// The same for all iterations.
    pub bounds: Vec<NodeId>,
    pub condition: Option<NodeId>,
    pub origin: Origin,
}

impl Reader {
    /// The active ones of these are where derivatives start.
    pub fn trace_from(&mut self, params: &[Param]) {
        if let Some(tracer) = &mut self.tracer {
            tracer.inputs = params.iter().filter(|param| param.active).map(|param| param.node).collect();
        }
    }

    /// Binds a pattern of `let`.
    pub fn at_let<T>(&mut self, bind: impl FnOnce(&mut Reader) -> T) -> T {
        self.set_at_let(true);
        let result = bind(self);
        self.set_at_let(false);
        result
    }

    fn set_at_let(&mut self, at_let: bool) {
        if let Some(tracer) = &mut self.tracer {
            tracer.at_let = at_let;
        }
    }

    /// Changes the conditions under which a named value is computed.
    pub fn trace_conditions(&mut self, change: impl FnOnce(&mut Vec<NodeId>)) {
        if let Some(tracer) = &mut self.tracer {
            change(&mut tracer.conditions);
        }
    }

    pub fn traced_conditions(&self) -> usize {
        self.tracer.as_ref().map_or(0, |tracer| tracer.conditions.len())
    }

    /// Reads what the program computes only where a condition holds.
    pub fn traced_where<T>(&mut self, condition: NodeId, body: impl FnOnce(&mut Reader) -> T) -> T {
        self.trace_conditions(|conditions| conditions.push(condition));
        let result = body(self);
        self.trace_conditions(|conditions| {
            conditions.pop();
        });
        result
    }

    /// How many values have been named so far.
    pub fn traced_values(&self) -> usize {
        self.tracer.as_ref().map_or(0, |tracer| tracer.sites.len())
    }

    /// A variable for the iterations of a loop where they need no order: when tracing the same for everything, so that
    /// loops inside are copied once.
    pub fn unordered(&mut self, var: Var) -> Var {
        let extent = self.graph.extent(var);
        match &mut self.tracer {
            Some(tracer) => *tracer.unordered.entry(var).or_insert_with(|| self.graph.fresh_var(extent)),
            None => self.graph.fresh_var(extent),
        }
    }

    /// The value that a `let` gives a name.
    pub fn traced_let(&mut self, value: Val, name: &str, span: Span) -> Val {
        match &self.tracer {
            Some(tracer) if tracer.at_let && !self.in_closure_pattern => self.traced(value, name, span),
            _ => value,
        }
    }

    /// The value that is assigned to a variable.
    pub fn traced_assignment(&mut self, place: &Place, value: Val, span: Span) -> Val {
        match self.scopes.name_of(place.root).filter(|_| place.steps.is_empty() && self.tracer.is_some()) {
            Some(name) => self.traced(value, &name, span),
            None => value,
        }
    }

    fn traced(&mut self, value: Val, name: &str, span: Span) -> Val {
        if name.trim_start_matches("r#").starts_with('_') {
            return value;
        }
        let parts = |reader: &mut Reader, parts: Vec<Val>| -> Vec<Val> {
            let parts = parts.into_iter().enumerate();
            parts.map(|(k, part)| reader.traced(part, &format!("{name}.{k}"), span)).collect()
        };
        let shifted = match value {
            Val::Tuple(own) => return Val::Tuple(parts(self, own)),
            Val::Columns(own) => return Val::Columns(parts(self, own)),
            Val::Scalar(node) if self.may_be_active(node) => Val::Scalar(self.shifted(node, name, span)),
            Val::Array(array) if self.may_be_active(array.node) => {
                let node = self.array_node(&array);
                Val::Array(Array::new(self.shifted(node, name, span), array.family))
            }
            Val::Pending(pending) => {
                let message = format!(
                    "the length of `{name}` is not known here, so it cannot be traced: annotate it, as in \
                     `let {name}: [f64; N] = …`"
                );
                let _: Read<()> = self.refuse(span, message);
                return Val::Pending(pending);
            }
            other => return other,
        };
        self.name(&shifted, name);
        shifted
    }

    /// Whether a value may depend on an input. What a loop carries that is still being read is not known yet.
    pub fn may_be_active(&self, node: NodeId) -> bool {
        let Some(tracer) = &self.tracer else { return false };
        let mut seen = IdSet::new();
        let mut stack = vec![node];
        while let Some(id) = stack.pop() {
            if !self.graph.elem(id).is_float() || !seen.insert(id) {
                continue;
            }
            let next = match self.graph.op(id) {
                Op::Carried(lp, k) => self.graph.loop_info(*lp).next.get(*k as usize),
                _ => None,
            };
            let is_open = matches!(self.graph.op(id), Op::Carried(..)) && next.is_none();
            if is_open || tracer.inputs.contains(&id) {
                return !self.graph.elem(node).is_open();
            }
            stack.extend(next);
            stack.extend(self.graph.dependencies(id));
        }
        false
    }

    /// The value with its shift, which is remembered.
    fn shifted(&mut self, value: NodeId, name: &str, span: Span) -> NodeId {
        let binders = self.binders.clone();
        let (axes, _) = self.axes(&binders);
        let index: Vec<NodeId> = axes.iter().map(|&at| self.graph.index(binders[at])).collect();
        let elem = self.graph.elem(value);
        let conditions = self.tracer.as_ref().map_or(Vec::new(), |tracer| tracer.conditions.clone());
        let mut extents: Vec<NodeId> = binders.iter().map(|&var| self.graph.extent(var)).collect();
        extents.extend(self.graph.ty(value).shape.iter());
        let mut bounds = Vec::new();
        for (at, extent) in extents.iter_mut().enumerate() {
            let (outer, inner) = binders.split_at(at.min(binders.len()));
            // Extents are asked for where the branches inside need not have been taken.
            let is_outside = |node: &&NodeId| inner.iter().all(|&var| !self.graph.depends_on(**node, var));
            let outside: Vec<NodeId> = conditions.iter().take_while(is_outside).copied().collect();
            let outside = self.all_of(outside);
            *extent = self.extent_where(outside, *extent);
            bounds.push(self.longest(*extent, outer));
        }
        let condition = self.all_of(conditions);
        let shape = axes.iter().map(|&at| bounds[at]).chain(bounds[binders.len()..].iter().copied());
        let shape: Vec<NodeId> = shape.collect();
        let Some(tracer) = &mut self.tracer else { return value };
        let number = tracer.sites.len() as u32;
        let shift = self.graph.add(Op::Seed(number, elem), &shape);
        let origin = self.spans.origin(span);
        let name = name.replace("r#", "");
        tracer.sites.push(Site { name, value, number, binders, extents, bounds, condition, origin });
        self.plus_shift(value, shift, &index)
    }

    fn all_of(&mut self, conditions: Vec<NodeId>) -> Option<NodeId> {
        conditions.into_iter().reduce(|all, one| self.graph.logic(Logic::And, all, one))
    }

    /// An extent that can be asked for anywhere: zero where a condition does not hold, if it need not exist there.
    pub fn extent_where(&mut self, condition: Option<NodeId>, extent: NodeId) -> NodeId {
        if self.exists_anywhere(extent) { extent } else { self.gated_extent(condition, extent) }
    }

    fn exists_anywhere(&self, extent: NodeId) -> bool {
        match self.graph.op(extent) {
            Op::Const(_) | Op::Symbol(..) | Op::Param(..) | Op::Extent { .. } | Op::Trips(_) => true,
            // A choice has been made so that it can.
            Op::If => true,
            Op::Int(IntOp::Min | IntOp::Max | IntOp::SaturatingSub) => {
                self.graph.args(extent).iter().all(|&part| self.exists_anywhere(part))
            }
            _ => false,
        }
    }

    /// `value + shift[index…]`. An array literal stays one.
    fn plus_shift(&mut self, value: NodeId, shift: NodeId, index: &[NodeId]) -> NodeId {
        if *self.graph.op(value) == Op::Stack {
            let parts: Vec<NodeId> = self.graph.args(value).to_vec();
            let shifted: Vec<NodeId> = parts
                .into_iter()
                .enumerate()
                .map(|(k, part)| {
                    let k = self.graph.usize(k);
                    self.plus_shift(part, shift, &[index, &[k]].concat())
                })
                .collect();
            return self.graph.stack(&shifted);
        }
        let shape = self.graph.ty(value).shape.clone();
        self.tabulate(&shape, |reader, own| {
            let element = reader.graph.read(value, own);
            let shift = reader.graph.read(shift, &[index, own].concat());
            reader.graph.plus(element, shift)
        })
    }
}
