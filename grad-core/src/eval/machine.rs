//! The interpreter proper. A node is a function of its free variables, what a loop carries included: the
//! values of a loop's iterations are remembered, so that "the value in iteration `t`" can be asked for.
//!
//! Each node has its latest value and where the variables stood then. What binds variables, and so is work to
//! compute, is remembered for all values of its free variables.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::arithmetic;
use super::value::{Data, EvalError, Inputs, Tensor, Value};
use crate::ir::message::DEBUG;
use crate::ir::op::{Asserted, asserted, scatter_writes};
use crate::ir::{Const, Elem, Fold, Graph, Logic, LoopId, NodeId, Op, Soft, Var};

mod binders;

type Result<T> = std::result::Result<T, EvalError>;

/// Where a variable stands that is not bound.
const UNBOUND: usize = usize::MAX;

/// Values of some variables.
type Place = Vec<usize>;

/// What a loop carries into each iteration, from the first.
type History = Vec<Rc<[Rc<Value>]>>;

#[derive(Clone, Default)]
struct Latest {
    place: Place,
    value: Option<Rc<Value>>,
}

pub struct Evaluator<'g> {
    graph: &'g Graph,
    inputs: &'g Inputs,
    /// Extents of parameters that are symbols.
    extents: HashMap<String, usize>,
    /// Where each variable stands.
    at: Vec<usize>,
    latest: Vec<Latest>,
    remembered: HashMap<(NodeId, Place), Result<Rc<Value>>>,
    histories: HashMap<(LoopId, Place), History>,
    /// Greatest element and sum of exponentials of a softmax.
    norms: HashMap<(NodeId, Place), (f64, f64)>,
}

impl<'g> Evaluator<'g> {
    pub fn new(graph: &'g Graph, inputs: &'g Inputs) -> Evaluator<'g> {
        Evaluator {
            graph,
            inputs,
            extents: symbolic_extents(graph, inputs),
            at: vec![UNBOUND; graph.vars.len()],
            latest: vec![Latest::default(); graph.len()],
            remembered: HashMap::new(),
            histories: HashMap::new(),
            norms: HashMap::new(),
        }
    }

    /// Lets a variable stand at a value from now on.
    pub fn bind(&mut self, var: Var, value: usize) {
        self.at[var.0 as usize] = value;
    }

    /// Computes the arrays that will be needed from the operands up, so that a long chain of them is not a
    /// deep recursion. An error is none until the value is asked for.
    pub fn prepare(&mut self, roots: &[NodeId]) {
        let mut seen: HashSet<NodeId> = roots.iter().copied().collect();
        let mut stack: Vec<NodeId> = roots.to_vec();
        while let Some(id) = stack.pop() {
            let lazy = match self.graph.op(id) {
                Op::If | Op::Logic(_) => 1,
                _ => usize::MAX,
            };
            let needed = self.graph.dependencies(id);
            stack.extend(needed.into_iter().take(lazy).filter(|&next| seen.insert(next)));
        }
        let mut order: Vec<NodeId> =
            seen.into_iter().filter(|&id| self.binds(id) && self.graph.free(id).is_empty()).collect();
        order.sort();
        for id in order {
            // Whoever needs it will meet the error again.
            let _ = self.settle(id);
        }
    }

    /// The value of a node where the variables stand.
    pub fn value(&mut self, id: NodeId) -> Result<Value> {
        self.settle(id).map(|value| (*value).clone())
    }

    /// Computes a node and what it needs, without recursion into operands.
    fn settle(&mut self, root: NodeId) -> Result<Rc<Value>> {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.is_known(id)? {
                stack.pop();
                continue;
            }
            let before = stack.len();
            self.push_needed(id, &mut stack)?;
            if stack.len() > before {
                continue;
            }
            let value = self.compute(id).map(Rc::new);
            if self.binds(id) {
                self.remembered.insert((id, self.place(&self.graph.free(id))), value.clone());
            }
            self.set_latest(id, value?);
            stack.pop();
        }
        Ok(self.known(root))
    }

    /// Pushes those operands that have to be known next.
    fn push_needed(&mut self, id: NodeId, stack: &mut Vec<NodeId>) -> Result<()> {
        let args = self.graph.args(id);
        let needed: &[NodeId] = match self.graph.op(id) {
            Op::If | Op::Logic(_) if !self.is_known(args[0])? => &args[..1],
            Op::If => {
                let arm = if self.truth(id, args[0])? { 1 } else { 2 };
                &args[arm..=arm]
            }
            Op::Logic(Logic::Not) => &[],
            Op::Logic(logic) => {
                let decided = self.truth(id, args[0])? == (*logic == Logic::Or);
                if decided { &[] } else { &args[1..] }
            }
            Op::Scatter { rank, .. } => &args[..*rank],
            Op::Assert { .. } => &args[..1],
            Op::Update { .. } if !self.is_known(args[0])? || !self.is_known(args[1])? => &args[..2],
            Op::Update { .. } if !self.truth(id, args[1])? => &[],
            Op::Reduce(..) => &args[..1],
            op if !op.bound().is_empty() => &[],
            Op::Soft(..) => &[],
            _ => &args,
        };
        for &arg in needed.iter().rev() {
            if !self.is_known(arg)? {
                stack.push(arg);
            }
        }
        Ok(())
    }

    fn binds(&self, id: NodeId) -> bool {
        let op = self.graph.op(id);
        !op.bound().is_empty()
            || matches!(
                op,
                Op::Scatter { .. } | Op::Final(..) | Op::Trips(_) | Op::Matmul { .. } | Op::Assert { .. }
            )
    }

    /// Where some variables stand.
    fn place(&self, vars: &[Var]) -> Place {
        vars.iter().map(|v| self.at[v.0 as usize]).collect()
    }

    /// Whether the latest value is that of here; if it is remembered, it becomes the latest.
    fn is_known(&mut self, id: NodeId) -> Result<bool> {
        let free = &self.graph.node(id).free;
        let latest = &self.latest[id.0 as usize];
        if latest.value.is_some() && latest.place.iter().eq(free.iter().map(|v| &self.at[v.0 as usize])) {
            return Ok(true);
        }
        if !self.binds(id) {
            return Ok(false);
        }
        match self.remembered.get(&(id, self.place(free))).cloned() {
            Some(value) => {
                self.set_latest(id, value?);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn set_latest(&mut self, id: NodeId, value: Rc<Value>) {
        let place = self.place(&self.graph.node(id).free);
        self.latest[id.0 as usize] = Latest { place, value: Some(value) };
    }

    /// The latest value of a node that is known.
    fn known(&self, id: NodeId) -> Rc<Value> {
        self.latest[id.0 as usize].value.clone().expect("operands are computed first")
    }

    fn truth(&self, user: NodeId, id: NodeId) -> Result<bool> {
        self.known(id).as_bool().ok_or(EvalError::Type(user))
    }

    fn compute(&mut self, id: NodeId) -> Result<Value> {
        let args = self.graph.args(id);
        let graph = self.graph;
        match graph.op(id) {
            Op::Const(Const::Float(bits, _)) => Ok(Value::Float(f64::from_bits(*bits))),
            Op::Const(Const::Int(value, _)) => Ok(Value::Int(*value)),
            Op::Const(Const::Bool(value)) => Ok(Value::Bool(*value)),
            Op::Symbol(symbol, _) => self.symbol(graph.symbol(*symbol)),
            Op::Param(k, _) => self.input(id, "parameter", *k, &self.inputs.params),
            Op::Seed(k, _) => self.input(id, "seed", *k, &self.inputs.seeds),
            Op::Extent { param, axis } => self.param_extent(*param, *axis),
            Op::Index(var) => match self.at[var.0 as usize] {
                UNBOUND => Err(EvalError::Unbound(*var)),
                value => Ok(Value::Int(value as i128)),
            },
            Op::Carried(lp, k) => {
                let var = graph.loop_info(*lp).var;
                match self.at[var.0 as usize] {
                    UNBOUND => Err(EvalError::Unbound(var)),
                    iteration => self.carried(*lp, iteration, *k),
                }
            }
            Op::Final(lp, k) => {
                let iterations = self.trips(*lp)?;
                self.carried(*lp, iterations, *k)
            }
            Op::Trips(lp) => Ok(Value::Int(self.trips(*lp)? as i128)),
            Op::Update { add } => self.update(id, *add, &args),
            Op::Assert { vars, clauses } => self.assert(id, vars, &asserted(clauses, &args)),
            Op::If | Op::Select => self.value(if self.truth(id, args[0])? { args[1] } else { args[2] }),
            Op::Logic(logic) => self.logic(id, *logic, &args),
            Op::Scalar(_) | Op::Compare(_) | Op::Int(_) | Op::Cast(_) => self.elementwise(id, &args),
            Op::Read => self.read(id, &args),
            Op::Stack => self.stack(id, &args),
            Op::StopGradient => Ok((*self.known(args[0])).clone()),
            Op::Build(vars) => self.build(id, vars, args[0]),
            Op::Scatter { elem, rank, writes } => self.scatter(id, *elem, *rank, writes),
            Op::Reduce(fold, var) => self.reduce(id, *fold, *var, &args),
            Op::ArgReduce(fold, var) => self.arg_reduce(*fold, *var, args[0]),
            Op::Soft(soft, var) => self.soft(id, *soft, *var, args[0]),
            Op::Matmul { transpose_a, transpose_b } => self.matmul(id, *transpose_a, *transpose_b),
        }
    }

    fn symbol(&self, text: &str) -> Result<Value> {
        if text == DEBUG {
            return Ok(Value::Bool(cfg!(debug_assertions)));
        }
        let extent = || self.extents.get(text).map(|&extent| Value::Int(extent as i128));
        let value = self.inputs.symbols.get(text).cloned().or_else(extent);
        value.ok_or_else(|| EvalError::Missing(text.to_string()))
    }

    fn input(&self, id: NodeId, what: &str, k: u32, values: &[Value]) -> Result<Value> {
        let value = values.get(k as usize).ok_or_else(|| EvalError::Missing(format!("{what} {k}")))?;
        let expected = self.extents_of(id, &self.graph.args(id))?;
        if value.shape() != expected {
            return Err(EvalError::Shape { node: id, expected, found: value.shape().to_vec() });
        }
        Ok(value.clone())
    }

    fn param_extent(&self, param: u32, axis: u32) -> Result<Value> {
        let extent =
            self.inputs.params.get(param as usize).and_then(|value| value.shape().get(axis as usize));
        extent
            .map(|&extent| Value::Int(extent as i128))
            .ok_or_else(|| EvalError::Missing(format!("axis {axis} of parameter {param}")))
    }

    /// The extents that known nodes stand for.
    fn extents_of(&self, user: NodeId, nodes: &[NodeId]) -> Result<Vec<usize>> {
        nodes.iter().map(|&node| to_extent(user, &self.known(node))).collect()
    }

    fn extent(&mut self, var: Var) -> Result<usize> {
        let node = self.graph.extent(var);
        to_extent(node, &*self.settle(node)?)
    }

    /// What a loop carries into an iteration (or out of the last one).
    fn carried(&mut self, id: LoopId, iteration: usize, k: u32) -> Result<Value> {
        let graph = self.graph;
        let info = graph.loop_info(id);
        let mut depends: Vec<Var> = info.outer.to_vec();
        depends.extend(info.init.iter().flat_map(|&n| graph.free(n).to_vec()));
        if info.stop.is_none() {
            depends.extend(graph.free(graph.extent(info.var)).iter());
        }
        let key = (id, self.place(&depends));
        if !self.histories.contains_key(&key) {
            let first: Rc<[Rc<Value>]> = info.init.iter().map(|&n| self.settle(n)).collect::<Result<_>>()?;
            self.histories.insert(key.clone(), vec![first]);
        }
        // What the loop asks before an iteration is of that iteration.
        let before = self.at[info.var.0 as usize];
        let mut result = Ok(());
        while result.is_ok() && self.histories[&key].len() <= iteration {
            self.bind(info.var, self.histories[&key].len() - 1);
            let next: Result<Rc<[Rc<Value>]>> = info.next.iter().map(|&n| self.settle(n)).collect();
            result = next.map(|next| self.histories.get_mut(&key).expect("was put in").push(next));
        }
        self.bind(info.var, before);
        result?;
        Ok((*self.histories[&key][iteration][k as usize]).clone())
    }

    fn logic(&mut self, id: NodeId, logic: Logic, args: &[NodeId]) -> Result<Value> {
        let first = self.truth(id, args[0])?;
        match logic {
            Logic::Not => Ok(Value::Bool(!first)),
            Logic::And if !first => Ok(Value::Bool(false)),
            Logic::Or if first => Ok(Value::Bool(true)),
            _ => Ok(Value::Bool(self.truth(id, args[1])?)),
        }
    }

    fn elementwise(&self, id: NodeId, args: &[NodeId]) -> Result<Value> {
        let values: Vec<Rc<Value>> = args.iter().map(|&a| self.known(a)).collect();
        match self.graph.op(id) {
            Op::Scalar(scalar) => {
                let float = |value: &Rc<Value>| match **value {
                    Value::Float(x) => Ok(x),
                    // The exponent of `powi`.
                    Value::Int(x) => Ok(x as f64),
                    _ => Err(EvalError::Type(id)),
                };
                let args: Vec<f64> = values.iter().map(float).collect::<Result<_>>()?;
                Ok(Value::Float((scalar.row().eval)(&args)))
            }
            Op::Compare(cmp) => arithmetic::compare(id, *cmp, &values[0], &values[1]),
            Op::Int(op) => {
                let values: Vec<&Value> = values.iter().map(|v| &**v).collect();
                arithmetic::int_op(id, *op, self.graph.elem(args[0]), &values)
            }
            Op::Cast(elem) => arithmetic::cast(id, *elem, &values[0]),
            _ => Err(EvalError::Type(id)),
        }
    }

    fn read(&self, id: NodeId, args: &[NodeId]) -> Result<Value> {
        let array = self.known(args[0]);
        let Value::Array(tensor) = &*array else { return Err(EvalError::Type(id)) };
        let index: Vec<Rc<Value>> = args[1..].iter().map(|&n| self.known(n)).collect();
        Ok(tensor.get(position(id, &tensor.shape, &index)?))
    }

    fn stack(&self, id: NodeId, args: &[NodeId]) -> Result<Value> {
        let mut data = Data::empty(self.graph.elem(id));
        let mut shape = vec![args.len()];
        shape.extend(args.first().map_or(Vec::new(), |&first| self.known(first).shape().to_vec()));
        for &arg in args {
            let element = self.known(arg);
            if element.shape() != &shape[1..] {
                let (expected, found) = (shape[1..].to_vec(), element.shape().to_vec());
                return Err(EvalError::Shape { node: id, expected, found });
            }
            data.append(&element).ok_or(EvalError::Type(id))?;
        }
        Ok(Value::Array(Tensor::new(&shape, data)))
    }
}

fn to_extent(user: NodeId, value: &Value) -> Result<usize> {
    value.as_int().and_then(|x| usize::try_from(x).ok()).ok_or(EvalError::Type(user))
}

/// The row-major position of an index.
fn position(id: NodeId, shape: &[usize], index: &[Rc<Value>]) -> Result<usize> {
    if index.len() != shape.len() {
        return Err(EvalError::Type(id));
    }
    index.iter().zip(shape).try_fold(0, |position, (value, &extent)| {
        let index = value.as_int().ok_or(EvalError::Type(id))?;
        let found = usize::try_from(index).ok().filter(|&i| i < extent);
        let found = found.ok_or(EvalError::OutOfBounds { node: id, index, extent })?;
        Ok(position * extent + found)
    })
}

/// The values of symbols (const generics) that are an extent of a parameter.
fn symbolic_extents(graph: &Graph, inputs: &Inputs) -> HashMap<String, usize> {
    let mut found = HashMap::new();
    for id in (0..graph.len() as u32).map(NodeId) {
        let Op::Param(k, _) = graph.op(id) else { continue };
        let Some(value) = inputs.params.get(*k as usize) else { continue };
        for (&node, &extent) in graph.args(id).iter().zip(value.shape()) {
            if let Op::Symbol(symbol, _) = graph.op(node) {
                found.entry(graph.symbol(*symbol).to_string()).or_insert(extent);
            }
        }
    }
    found
}
