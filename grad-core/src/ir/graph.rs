//! The arena. Nodes are made only by [`Graph::add`], which finds the equal node if there is one, and computes
//! the type and the free variables. Operands have smaller ids than their users, so walks are loops over ids.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::ids::{IdMap, IdSet, Map, QuickHasher};
use super::message::Message;
use super::op::{Const, Fold, LoopId, Op, Snapshots, Soft, Var, scatter_writes};
use super::scalar::{Cost, Scalar};
use super::ty::{Elem, Float, Int, Type};

/// A node of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Where in the user's program a node comes from: opaque here, the front end knows what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Origin(pub u32);

#[derive(Clone, Debug)]
pub struct Node {
    pub op: Op,
    pub args: Rc<[NodeId]>,
    pub ty: Type,
    /// The free index variables, sorted. A variable whose extent mentions others brings those along.
    pub free: Rc<[Var]>,
    /// The estimated cost of the whole term in additions, saturating; a reduction counts as [`HEAVY`].
    pub weight: u16,
    pub origin: Origin,
}

/// The weight of a term that contains a loop.
pub const HEAVY: u16 = 1000;

#[derive(Clone, Debug)]
pub struct VarInfo {
    /// The variable runs over `0..extent`.
    pub extent: NodeId,
    /// The loop that owns the variable, if its iterations are ordered by carried values.
    pub owner: Option<LoopId>,
}

/// A loop with carried values. Its body is the nodes that depend on its variable or its carried values.
#[derive(Clone, Debug)]
pub struct LoopInfo {
    pub var: Var,
    /// The variables of enclosing binders on which the body may depend.
    pub outer: Rc<[Var]>,
    pub init: Vec<NodeId>,
    pub next: Vec<NodeId>,
    /// Iteration `k` of the loop undoes iteration `extent - 1 - k` of another.
    pub mirrors: bool,
    /// It runs only where a branch around it is taken, which its extent does not say.
    pub in_branch: bool,
    /// When the loop stops early.
    pub stop: Option<Stop>,
    /// What it has carried is not kept of each iteration but computed again, from as many snapshots.
    pub checkpoint: Option<Snapshots>,
}

impl LoopInfo {
    /// The places that somebody needs: the others have been emptied.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.init.len()).filter(|&k| self.next.get(k) != Some(&self.init[k]))
    }
}

/// What a loop that may stop early is asked before each iteration. The extent of its variable is
/// [`Op::Trips`].
#[derive(Clone, Debug)]
pub struct Stop {
    /// At most so many iterations; `None` for `while`.
    pub bound: Option<NodeId>,
    /// Whether to stop, of what is carried into the iteration.
    pub until: NodeId,
}

#[derive(Default)]
pub struct Graph {
    pub(super) nodes: Vec<Node>,
    /// The last node made of those with a hash; each knows the one before it.
    index: Map<u64, NodeId>,
    alike: Vec<Option<NodeId>>,
    pub vars: Vec<VarInfo>,
    pub loops: Vec<LoopInfo>,
    /// Loops copied by substitution: of which, with which variables replaced.
    pub(super) copies: Map<(LoopId, Vec<(Var, NodeId)>), LoopId>,
    /// Which nodes are known to be computable without a panic: the answers of the plan, kept here because a
    /// node never changes.
    pub(crate) total: RefCell<IdMap<bool>>,
    /// The types that values of unknown type, which loops carry, have been used with.
    pub met: Map<NodeId, Elem>,
    pub(super) symbols: Vec<String>,
    pub(super) messages: Vec<Message>,
    pub(super) names: IdMap<String>,
    pub(super) cotangents: IdSet,
    /// Of what the user's program computes, how often the loops around it run that it does not depend on.
    pub(super) around: IdMap<Rc<[NodeId]>>,
    /// The origin that new nodes get.
    pub origin: Origin,
}

impl Graph {
    pub fn new() -> Graph {
        Graph::default()
    }

    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    pub fn op(&self, id: NodeId) -> &Op {
        &self.node(id).op
    }

    /// The operands, shared so that the graph can grow while they are read.
    pub fn args(&self, id: NodeId) -> Rc<[NodeId]> {
        self.node(id).args.clone()
    }

    pub fn ty(&self, id: NodeId) -> &Type {
        &self.node(id).ty
    }

    pub fn elem(&self, id: NodeId) -> Elem {
        self.node(id).ty.elem
    }

    pub fn rank(&self, id: NodeId) -> usize {
        self.node(id).ty.rank()
    }

    pub fn free(&self, id: NodeId) -> Rc<[Var]> {
        self.node(id).free.clone()
    }

    pub fn depends_on(&self, id: NodeId, var: Var) -> bool {
        self.node(id).free.binary_search(&var).is_ok()
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn extent(&self, var: Var) -> NodeId {
        self.vars[var.0 as usize].extent
    }

    pub fn owner(&self, var: Var) -> Option<LoopId> {
        self.vars[var.0 as usize].owner
    }

    pub fn loop_info(&self, id: LoopId) -> &LoopInfo {
        &self.loops[id.0 as usize]
    }

    /// A variable that no other part of the graph uses.
    pub fn fresh_var(&mut self, extent: NodeId) -> Var {
        self.vars.push(VarInfo { extent, owner: None });
        Var(self.vars.len() as u32 - 1)
    }

    /// A variable over `extent` that is none of `avoid`: the first such, so that equal loops share theirs.
    pub fn var_over(&mut self, extent: NodeId, avoid: &[Var]) -> Var {
        let found = (0..self.vars.len() as u32).map(Var).find(|var| {
            let info = &self.vars[var.0 as usize];
            info.extent == extent && info.owner.is_none() && !avoid.contains(var)
        });
        found.unwrap_or_else(|| self.fresh_var(extent))
    }

    /// Opens a loop with carried values: its id and variable. `close_loop` gives what it carries on.
    pub fn open_loop(&mut self, extent: NodeId, outer: Rc<[Var]>, init: Vec<NodeId>) -> (LoopId, Var) {
        let id = LoopId(self.loops.len() as u32);
        let var = self.fresh_var(extent);
        self.vars[var.0 as usize].owner = Some(id);
        self.loops.push(LoopInfo {
            var,
            outer,
            init,
            next: Vec::new(),
            mirrors: false,
            in_branch: false,
            stop: None,
            checkpoint: None,
        });
        (id, var)
    }

    /// As [`Graph::open_loop`], for a loop that may stop early.
    pub fn open_stopping_loop(
        &mut self,
        bound: Option<NodeId>,
        outer: Rc<[Var]>,
        init: Vec<NodeId>,
    ) -> (LoopId, Var) {
        let never = self.bool(false);
        let placeholder = self.usize(0);
        let (id, var) = self.open_loop(placeholder, outer, init);
        self.loops[id.0 as usize].stop = Some(Stop { bound, until: never });
        let trips = self.add(Op::Trips(id), &[]);
        self.vars[var.0 as usize].extent = trips;
        (id, var)
    }

    /// When a loop that may stop early does.
    pub fn stop_when(&mut self, id: LoopId, until: NodeId) {
        if let Some(stop) = &mut self.loops[id.0 as usize].stop {
            stop.until = until;
        }
    }

    /// Everything on which a loop depends: initial and next values, and how often it runs.
    pub fn loop_parts(&self, id: LoopId) -> Vec<NodeId> {
        let info = self.loop_info(id);
        let mut parts: Vec<NodeId> = info.init.iter().chain(&info.next).copied().collect();
        match &info.stop {
            Some(stop) => parts.extend(stop.bound.iter().chain([&stop.until])),
            None => parts.push(self.extent(info.var)),
        }
        parts
    }

    pub fn close_loop(&mut self, id: LoopId, next: Vec<NodeId>) {
        self.loops[id.0 as usize].next = next;
    }

    /// The node for this operation on these operands.
    pub fn add(&mut self, op: Op, args: &[NodeId]) -> NodeId {
        let hash = hash(&op, args);
        if let Some(id) = self.find(hash, &op, args) {
            return id;
        }
        let ty = self.infer_type(&op, args);
        let free = self.infer_free(&op, args);
        let weight = self.infer_weight(&op, args);
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { op, args: args.into(), ty, free, weight, origin: self.origin });
        self.alike.push(self.index.insert(hash, id));
        id
    }

    /// The node for this operation on these operands, if there is one.
    fn find(&self, hash: u64, op: &Op, args: &[NodeId]) -> Option<NodeId> {
        let mut found = self.index.get(&hash).copied();
        while let Some(id) = found {
            let node = self.node(id);
            if node.op == *op && *node.args == *args {
                return found;
            }
            found = self.alike[id.0 as usize];
        }
        None
    }

    fn infer_type(&self, op: &Op, args: &[NodeId]) -> Type {
        let elem = |k: usize| self.elem(args[k]);
        match op {
            Op::Const(Const::Float(_, float)) => Type::scalar(Elem::Float(*float)),
            Op::Const(Const::Int(_, int)) => Type::scalar(Elem::Int(*int)),
            Op::Const(Const::Bool(_)) | Op::Compare(_) | Op::Logic(_) | Op::Assert { .. } => {
                Type::scalar(Elem::Bool)
            }
            Op::Symbol(_, elem) | Op::Cast(elem) => Type::scalar(*elem),
            Op::Param(_, elem) | Op::Seed(_, elem) => Type::array(*elem, args.to_vec()),
            Op::Extent { .. } | Op::Index(_) | Op::ArgReduce(..) | Op::Trips(_) => Type::scalar(Elem::USIZE),
            Op::Carried(id, k) | Op::Final(id, k) => self.ty(self.loop_info(*id).init[*k as usize]).clone(),
            Op::Scalar(_) => Type::scalar(self.closed_elem(args)),
            Op::Int(op) if op.is_u32() => Type::scalar(Elem::Int(Int::U32)),
            Op::Int(op) if op.takes_u32() => Type::scalar(elem(0)),
            Op::Int(_) => Type::scalar(self.closed_elem(args)),
            Op::If | Op::Select => Type::scalar(self.closed_elem(&args[1..])),
            Op::Read | Op::Soft(..) => Type::scalar(elem(0)),
            Op::Reduce(..) => Type::scalar(elem(1)),
            Op::StopGradient | Op::Update { .. } => self.ty(args[0]).clone(),
            Op::Build(vars) => Type::array(elem(0), vars.iter().map(|&v| self.extent(v)).collect()),
            Op::Scatter { elem, rank, .. } => Type::array(*elem, args[..*rank].to_vec()),
            Op::Stack => self.stack_type(args),
            Op::Matmul { transpose_a, transpose_b } => {
                let rows = self.ty(args[0]).shape[usize::from(*transpose_a)];
                let columns = self.ty(args[1]).shape[1 - usize::from(*transpose_b)];
                Type::array(elem(0), vec![rows, columns])
            }
        }
    }

    fn stack_type(&self, args: &[NodeId]) -> Type {
        let count = Op::Const(Const::Int(args.len() as i128, Int::Usize));
        let extent = self.find(hash(&count, &[]), &count, &[]);
        let mut shape = vec![extent.expect("Graph::stack makes the extent first")];
        shape.extend(args.first().map_or(Vec::new(), |&first| self.ty(first).shape.clone()));
        Type::array(self.closed_elem(args), shape)
    }

    /// The element type of operands that agree: the first that is not open. A function of a float and an
    /// integer (`powi`) has the type of its first operand.
    fn closed_elem(&self, args: &[NodeId]) -> Elem {
        let first = args.first().map_or(Elem::Float(Float::Open), |&a| self.elem(a));
        args.iter()
            .map(|&a| self.elem(a))
            .find(|e| !e.is_open() && e.is_float() == first.is_float())
            .unwrap_or(first)
    }

    /// Recomputes which variables are free where. While a loop is being read, all enclosing variables are taken
    /// to be of influence on it; afterwards it is known which are: the least set that explains its body.
    pub fn tighten_loops(&mut self) {
        if self.loops.is_empty() {
            return;
        }
        for info in &mut self.loops {
            info.outer = Rc::from(Vec::new());
        }
        loop {
            for at in 0..self.nodes.len() {
                let (op, args) = (self.nodes[at].op.clone(), self.nodes[at].args.clone());
                self.nodes[at].free = self.infer_free(&op, &args);
            }
            let mut changed = false;
            for at in 0..self.loops.len() {
                let info = &self.loops[at];
                let parts = self.loop_parts(LoopId(at as u32));
                let mut outer: Vec<Var> = parts.iter().flat_map(|&n| self.node(n).free.to_vec()).collect();
                outer.retain(|&v| v != info.var);
                outer.sort();
                outer.dedup();
                if outer[..] != info.outer[..] {
                    changed = true;
                    self.loops[at].outer = outer.into();
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn infer_free(&self, op: &Op, args: &[NodeId]) -> Rc<[Var]> {
        let mut free: Vec<Var> = Vec::new();
        let mut include = |vars: &[Var]| {
            for &var in vars {
                if let Err(at) = free.binary_search(&var) {
                    free.insert(at, var);
                }
            }
        };
        match op {
            Op::Index(var) => {
                include(&[*var]);
                include(&self.node(self.extent(*var)).free);
            }
            Op::Carried(id, _) => {
                let info = self.loop_info(*id);
                include(&[info.var]);
                include(&info.outer);
                if info.stop.is_none() {
                    include(&self.node(self.extent(info.var)).free);
                }
                info.init.iter().for_each(|&node| include(&self.node(node).free));
            }
            Op::Final(id, _) => {
                let info = self.loop_info(*id);
                for node in self.loop_parts(*id) {
                    include(&without(&self.node(node).free, &[info.var]));
                }
            }
            // Known before the body is: what the body may depend on is listed.
            Op::Trips(id) => {
                let info = self.loop_info(*id);
                include(&info.outer);
                info.init.iter().for_each(|&node| include(&self.node(node).free));
            }
            Op::Scatter { rank, writes, .. } => {
                args[..*rank].iter().for_each(|&a| include(&self.node(a).free));
                for write in scatter_writes(*rank, writes, args) {
                    for &node in write.index.iter().chain([&write.value]) {
                        include(&without(&self.node(node).free, write.vars));
                    }
                    write
                        .vars
                        .iter()
                        .for_each(|&v| include(&without(&self.node(self.extent(v)).free, write.vars)));
                }
            }
            // What has been asserted before is outside of the variables.
            Op::Assert { vars, .. } => {
                include(&self.node(args[0]).free);
                args[1..].iter().for_each(|&a| include(&without(&self.node(a).free, vars)));
                vars.iter().for_each(|&v| include(&without(&self.node(self.extent(v)).free, vars)));
            }
            Op::Reduce(_, var) => {
                include(&self.node(args[0]).free);
                include(&without(&self.node(args[1]).free, &[*var]));
                include(&self.node(self.extent(*var)).free);
            }
            _ => {
                let bound = op.bound();
                args.iter().for_each(|&a| include(&without(&self.node(a).free, bound)));
                bound.iter().for_each(|&v| include(&without(&self.node(self.extent(v)).free, bound)));
                if let Op::Soft(Soft::Softmax | Soft::LogSoftmax, var) = op {
                    include(&[*var]);
                    include(&self.node(self.extent(*var)).free);
                }
            }
        }
        free.into()
    }

    fn infer_weight(&self, op: &Op, args: &[NodeId]) -> u16 {
        let own = match op {
            Op::Scalar(scalar) => scalar.row().cost.0,
            Op::Reduce(..) | Op::ArgReduce(..) | Op::Soft(..) => HEAVY,
            Op::Final(..) | Op::Carried(..) | Op::Trips(_) | Op::Assert { .. } => HEAVY,
            Op::Read if !matches!(self.op(args[0]), Op::Param(..) | Op::Seed(..)) => HEAVY,
            Op::Build(_) | Op::Stack | Op::Scatter { .. } | Op::Update { .. } | Op::Matmul { .. } => HEAVY,
            Op::Read | Op::If | Op::Select | Op::Compare(_) | Op::Int(_) => 1,
            _ => 0,
        };
        args.iter().fold(own, |sum, &a| sum.saturating_add(self.node(a).weight))
    }
}

fn hash(op: &Op, args: &[NodeId]) -> u64 {
    let mut hasher = QuickHasher::default();
    op.hash(&mut hasher);
    for arg in args {
        hasher.write_u32(arg.0);
    }
    hasher.finish()
}

/// The sorted variables without some.
pub fn without(vars: &[Var], bound: &[Var]) -> Vec<Var> {
    vars.iter().copied().filter(|v| !bound.contains(v)).collect()
}

/// Whether keeping the value of this function is cheaper than computing it again.
pub fn worth_saving(scalar: Scalar) -> bool {
    scalar.row().cost.0 >= Cost::SAVE
}

impl Fold {
    /// The scalar function that takes one step.
    pub fn scalar(self) -> Scalar {
        match self {
            Fold::Sum => Scalar::Add,
            Fold::Max => Scalar::Max,
            Fold::Min => Scalar::Min,
        }
    }

    /// What every float beats, for the folds that keep one of their operands.
    pub fn limit(self) -> Option<f64> {
        match self {
            Fold::Sum => None,
            Fold::Max => Some(f64::NEG_INFINITY),
            Fold::Min => Some(f64::INFINITY),
        }
    }
}
