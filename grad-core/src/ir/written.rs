//! Which elements of an array a loop writes, and when: those that it never writes are as before the loop, and those that
//! it does not write any more are as after it.

use super::affine::Scope;
use super::op::{LoopId, Op, Var};
use super::{Graph, NodeId};

/// The places that a loop writes, over its variables.
struct Writes {
    vars: Vec<Var>,
    index: Vec<Vec<NodeId>>,
}

impl Writes {
    /// Whether an element is none of those that are written in other iterations of the loops (of one of them, in later
    /// ones).
    fn spare(&self, graph: &Graph, element: &[NodeId], later: Option<Var>) -> bool {
        let scope = Scope { others: &self.vars, later };
        self.index.iter().all(|index| graph.never_meet(element, index, scope))
    }
}

impl Graph {
    /// For an element of an array that a loop carries: the element of the array that the loop starts with, if no
    /// iteration writes it.
    pub fn undisturbed(&mut self, read: NodeId, lp: LoopId) -> Option<NodeId> {
        let args = self.args(read);
        let Op::Carried(of, k) = *self.op(args[0]) else { return None };
        if of != lp {
            return None;
        }
        let info = self.loop_info(lp).clone();
        let mut writes = Writes { vars: vec![info.var], index: Vec::new() };
        if !self.collect_writes(*info.next.get(k as usize)?, args[0], &mut writes)
            || !writes.spare(self, &args[1..], None)
        {
            return None;
        }
        let init = info.init[k as usize];
        let args: Vec<NodeId> = [init].into_iter().chain(args[1..].iter().copied()).collect();
        Some(self.add(Op::Read, &args))
    }

    /// For an element of an array as it is somewhere in an iteration of a loop: the element of the array that the loop
    /// ends with, if neither the rest of the iteration nor a later one writes it, nor does any loop around this one.
    pub fn settled(&mut self, version: NodeId, index: &[NodeId], lp: LoopId) -> Option<NodeId> {
        if !self.starts_with(version, lp) {
            return None;
        }
        let k = (0..self.loop_info(lp).next.len()).find(|&k| self.is_settled(version, index, lp, k))?;
        let last = self.final_value(lp, k);
        let around = self.loop_info(lp).outer.clone();
        let around = around.iter().filter_map(|&var| self.owner(var));
        if let Some(innermost) = around.max_by_key(|&outer| (self.loop_info(outer).outer.len(), outer)) {
            self.settled(last, index, innermost)?;
        }
        Some(self.add(Op::Read, &[&[last], index].concat()))
    }

    fn is_settled(&self, version: NodeId, index: &[NodeId], lp: LoopId, k: usize) -> bool {
        let info = self.loop_info(lp);
        let next = info.next[k];
        if self.rank(next) == 0 || info.checkpoint.is_some() || info.stop.is_some() {
            return false;
        }
        let Some(carried) = self.known_carried(lp, k) else { return false };
        let mut rest = Writes { vars: Vec::new(), index: Vec::new() };
        let mut all = Writes { vars: vec![info.var], index: Vec::new() };
        self.collect_writes(next, version, &mut rest)
            && rest.spare(self, index, None)
            && self.collect_writes(next, carried, &mut all)
            && all.spare(self, index, Some(info.var))
    }

    /// Whether a version of an array is one of an array that a loop carries.
    fn starts_with(&self, version: NodeId, lp: LoopId) -> bool {
        let mut at = version;
        loop {
            at = match *self.op(at) {
                Op::Update { .. } => self.args(at)[0],
                Op::Final(inner, k) => self.loop_info(inner).init[k as usize],
                Op::Carried(of, _) if of == lp => return true,
                Op::Carried(of, k) => self.loop_info(of).init[k as usize],
                _ => return false,
            };
        }
    }

    /// What a loop carries in a place, if anything uses it.
    fn known_carried(&self, lp: LoopId, k: usize) -> Option<NodeId> {
        let is_own = |&id: &NodeId| *self.op(id) == Op::Carried(lp, k as u32);
        self.reachable(&[self.loop_info(lp).next[k]]).into_iter().find(is_own)
    }

    /// The places that are written between two versions of an array; whether all of them are known.
    fn collect_writes(&self, from: NodeId, to: NodeId, writes: &mut Writes) -> bool {
        let mut at = from;
        while at != to {
            let args = self.args(at);
            at = match *self.op(at) {
                Op::Update { .. } => {
                    writes.index.push(args[2..args.len() - 1].to_vec());
                    args[0]
                }
                Op::Final(inner, k) => {
                    let info = self.loop_info(inner);
                    let next = info.next[k as usize];
                    let Some(carried) = self.known_carried(inner, k as usize) else { return false };
                    writes.vars.push(info.var);
                    if !self.collect_writes(next, carried, writes) {
                        return false;
                    }
                    info.init[k as usize]
                }
                _ => return false,
            };
        }
        true
    }
}
