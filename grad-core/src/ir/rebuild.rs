//! Rewriting a whole graph from the operands up: the skeleton of every pass.

use std::collections::HashMap;

use super::NodeId;
use super::graph::Graph;
use super::op::{LoopId, Op, Var};

/// What has become of the nodes, variables and loops that a rebuild has passed.
struct Rebuild {
    nodes: HashMap<NodeId, NodeId>,
    vars: HashMap<Var, Var>,
    loops: HashMap<LoopId, LoopId>,
}

impl Graph {
    /// The roots again, every node below them made anew by the smart constructors and then passed through
    /// `hook`. Names and origins are handed on.
    pub fn rebuild(
        &mut self,
        roots: &[NodeId],
        hook: &mut dyn FnMut(&mut Graph, NodeId) -> NodeId,
    ) -> Vec<NodeId> {
        let mut state = Rebuild { nodes: HashMap::new(), vars: HashMap::new(), loops: HashMap::new() };
        for id in self.reachable(roots) {
            let made = state.node(self, id);
            self.inherit(id, made);
            let new = hook(self, made);
            self.inherit(id, new);
            state.nodes.insert(id, new);
        }
        roots.iter().map(|root| state.nodes[root]).collect()
    }

    /// The node for an operation, through the smart constructor for it.
    pub fn remake(&mut self, op: &Op, args: &[NodeId]) -> NodeId {
        match op {
            Op::Scalar(scalar) => self.scalar(*scalar, args),
            Op::Compare(cmp) => self.compare(*cmp, args[0], args[1]),
            Op::Logic(super::Logic::Not) => self.not(args[0]),
            Op::Logic(logic) => self.logic(*logic, args[0], args[1]),
            Op::Int(int) => self.int_op(*int, args),
            Op::Cast(elem) => self.cast(*elem, args[0]),
            Op::If => self.select(args[0], args[1], args[2]),
            Op::Read => self.read(args[0], &args[1..]),
            Op::Build(vars) => self.build(vars, args[0]),
            Op::Stack => self.stack(args),
            Op::Reduce(fold, var) => self.reduce(*fold, *var, args[0], args[1]),
            other => self.add(other.clone(), args),
        }
    }
}

impl Rebuild {
    fn node(&mut self, graph: &mut Graph, id: NodeId) -> NodeId {
        let op = graph.op(id).clone();
        let args: Vec<NodeId> = graph.args(id).iter().map(|a| self.nodes[a]).collect();
        match op {
            Op::Index(var) => {
                let var = self.var(graph, var);
                graph.index(var)
            }
            Op::Carried(lp, k) => {
                let lp = self.open(graph, lp);
                graph.carried(lp, k as usize)
            }
            Op::Final(lp, k) => {
                let copy = self.open(graph, lp);
                let next = graph.loop_info(lp).next.iter().map(|n| self.nodes[n]).collect();
                graph.close_loop(copy, next);
                graph.final_value(copy, k as usize)
            }
            Op::Scatter { elem, rank, writes } => {
                let writes =
                    writes.iter().map(|vars| vars.iter().map(|&v| self.var(graph, v)).collect()).collect();
                graph.add(Op::Scatter { elem, rank, writes }, &args)
            }
            Op::Soft(soft, var) => {
                let var = self.var(graph, var);
                graph.add(Op::Soft(soft, var), &args)
            }
            op if !op.bound().is_empty() => {
                let vars: Vec<Var> = op.bound().iter().map(|&v| self.var(graph, v)).collect();
                graph.remake(&super::subst::with_bound(&op, &vars), &args)
            }
            op => graph.remake(&op, &args),
        }
    }

    /// The variable over the new extent, where that has changed.
    fn var(&mut self, graph: &mut Graph, var: Var) -> Var {
        if let Some(lp) = graph.owner(var) {
            let lp = self.open(graph, lp);
            return graph.loop_info(lp).var;
        }
        let extent = graph.extent(var);
        let new = self.nodes.get(&extent).copied().unwrap_or(extent);
        if new == extent {
            return var;
        }
        *self.vars.entry(var).or_insert_with(|| graph.fresh_var(new))
    }

    /// The copy of a loop.
    fn open(&mut self, graph: &mut Graph, id: LoopId) -> LoopId {
        if let Some(copy) = self.loops.get(&id) {
            return *copy;
        }
        let info = graph.loop_info(id).clone();
        let extent = graph.extent(info.var);
        let extent = self.nodes.get(&extent).copied().unwrap_or(extent);
        let init = info.init.iter().map(|n| self.nodes.get(n).copied().unwrap_or(*n)).collect();
        let outer = info.outer.iter().map(|&v| self.var(graph, v)).collect();
        let (copy, _) = graph.open_loop(extent, outer, init);
        self.loops.insert(id, copy);
        copy
    }
}
